//! Rows are read into entities by name, and into tuples and single values by position.

use macro_rules_attribute::apply;
use relata::{DynamicSql, Error, Schema as _};
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{Account, Customer, Order, Repositories};

use crate::support::{code, shop};

#[apply(on_every_database)]
async fn an_entity_is_found_by_the_names_of_its_columns(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    let text = "SELECT score, 7 AS seven, email, name, id, referrer_id, city FROM customers WHERE id < ? ORDER BY id";
    let rows = db.sql(text).bind(bob.id + 1).rows::<Customer>().await.unwrap();
    assert_eq!(rows, [ann.clone(), bob.clone()]);
    let rows: Vec<Order> =
        db.sql("SELECT * FROM orders WHERE customer_id = ? ORDER BY id").bind(&ann.id).rows().await.unwrap();
    assert_eq!(
        rows,
        db.orders().find().filter(relata_conformance::shop::order::customer_id().eq(ann.id)).await.unwrap()
    );
    assert_eq!(db.sql("SELECT * FROM accounts").rows::<Account>().await.unwrap(), []);
    let one = db.sql("SELECT * FROM customers WHERE name = ?").bind("Bob").rows::<Customer>().one().await.unwrap();
    assert_eq!(one, bob);
}

#[apply(on_every_database)]
async fn a_column_that_is_missing_or_there_twice_is_named(at: &Database) {
    let (db, _) = shop(at).await;
    let error = db.sql("SELECT id, name, email FROM customers").rows::<Customer>().await.unwrap_err();
    assert_eq!(error.code(), "decode");
    assert_eq!(
        error.to_string(),
        "the statement answers none of that name in `id`, `name`, `email` where the program reads a column `city`"
    );
    let text = "SELECT c.*, o.id FROM customers c JOIN orders o ON o.customer_id = c.id";
    let error = db.sql(text).rows::<Customer>().await.unwrap_err();
    assert!(error.to_string().starts_with("customers.id holds two columns of that name"), "{error}");
    let error = db.sql("SELECT id, 'x' AS name FROM customers").rows::<(i64, String, i64)>().await.unwrap_err();
    assert_eq!(error.to_string(), "the statement answers 2 columns in `id`, `name` where the program reads 3 columns");
    assert_eq!(error.code(), "decode");
}

#[apply(on_every_database)]
async fn tuples_and_single_values_are_read_by_position(at: &Database) {
    let (db, _) = shop(at).await;
    let text = "SELECT c.city, COUNT(*), SUM(o.quantity), AVG(o.quantity) FROM customers c \
                JOIN orders o ON o.customer_id = c.id GROUP BY c.city ORDER BY COUNT(*) DESC";
    let rows = db.sql(text).rows::<(Option<String>, i64, i64, f64)>().await.unwrap();
    assert_eq!(rows, [(Some("Asgard".to_owned()), 3, 6, 2.0), (None, 1, 10, 10.0)]);
    assert_eq!(db.sql("SELECT COUNT(*) FROM orders").rows::<i64>().one().await.unwrap(), 4);
    assert_eq!(db.sql("SELECT name FROM customers ORDER BY id").rows::<String>().await.unwrap(), ["Ann", "Bob", "Cid"]);
    assert_eq!(
        db.sql("SELECT city FROM customers WHERE name = ?").bind("Bob").rows::<Option<String>>().one().await.unwrap(),
        None
    );
    assert_eq!(
        db.sql("SELECT MAX(quantity) FROM orders WHERE id < 0").rows::<Option<i32>>().one().await.unwrap(),
        None
    );
}

#[apply(on_every_database)]
async fn one_and_first_are_what_they_are_of_finds(at: &Database) {
    let (db, _) = shop(at).await;
    let names = || db.sql("SELECT name FROM customers ORDER BY id DESC").rows::<String>();
    assert_eq!(names().first().await.unwrap().as_deref(), Some("Cid"));
    assert_eq!(code(names().one().await), "conflict");
    let none = || db.sql("SELECT name FROM customers WHERE id < ?").bind(0).rows::<String>();
    assert_eq!(none().first().await.unwrap(), None);
    let error = none().one().await.unwrap_err();
    assert_eq!((error.code(), &*error.to_string()), ("not_found", "there is no row that matches"));
    assert_eq!(none().await.unwrap(), [] as [String; 0]);
}

#[apply(on_every_database)]
async fn what_is_of_another_type_is_told_by_its_column(at: &Database) {
    let (db, _) = shop(at).await;
    for (error, expected) in [
        (
            db.sql("SELECT id, city FROM customers WHERE name = 'Bob'").rows::<(i64, String)>().await.unwrap_err(),
            "the statement answers NULL in `city` where the program reads String",
        ),
        (
            db.sql("SELECT name FROM customers").rows::<i64>().await.unwrap_err(),
            "the statement answers text in `name` where the program reads i64",
        ),
        (
            db.sql("SELECT id + 3000000000 AS big FROM customers").rows::<Option<i32>>().await.unwrap_err(),
            "the statement answers an integer of more than 32 bits in `big` where the program reads Option<i32>",
        ),
        (
            db.sql("SELECT price * 1.5 AS half FROM (SELECT 1 AS price) AS p").rows::<i64>().await.unwrap_err(),
            "in `half` where the program reads i64",
        ),
    ] {
        assert_eq!(error.code(), "decode");
        assert!(error.to_string().ends_with(expected), "{error}");
    }
}

#[apply(on_every_database)]
async fn text_that_is_made_at_run_time_says_so(at: &Database) {
    let (db, _) = shop(at).await;
    let column = ["id", "name"][1];
    let text = DynamicSql::assert_safe(format!("SELECT name FROM customers ORDER BY {column} DESC"));
    assert_eq!(db.sql(text).rows::<String>().await.unwrap(), ["Cid", "Bob", "Ann"]);
}

#[apply(on_every_database)]
async fn a_function_over_repositories_serves_database_and_transaction(at: &Database) {
    async fn orders(at: &Repositories) -> relata::Result<i64> {
        at.sql("SELECT COUNT(*) FROM orders").rows().one().await
    }

    let (db, [ann, ..]) = shop(at).await;
    assert_eq!(orders(&db).await.unwrap(), 4);
    let (inside, changed) = db
        .transaction(async |tx| {
            let changed = tx.sql("DELETE FROM orders WHERE customer_id = ?").bind(ann.id).execute().await?;
            Ok::<_, Error>((orders(tx).await?, changed))
        })
        .await
        .unwrap();
    assert_eq!((inside, changed, orders(&db).await.unwrap()), (1, 3, 1));
}
