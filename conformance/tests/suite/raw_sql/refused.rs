//! What is not sent, and what the database refuses.

use macro_rules_attribute::apply;
use relata::{Error, Result};
use relata_conformance::database::{Database, Place};
use relata_conformance::{on_every_database, places};

use crate::support::{code, shop};

fn is_sqlite(at: &Database) -> bool {
    matches!(at.place(), Place::Sqlite | Place::SqliteMemory)
}

#[apply(on_every_database)]
async fn values_are_counted_before_anything_is_sent(at: &Database) {
    let (db, _) = shop(at).await;
    let message = |result: Result<u64>| {
        let error = result.unwrap_err();
        assert_eq!(error.code(), "invalid_sql");
        error.to_string()
    };
    let update = || db.sql("UPDATE customers SET name = ?, city = '?' WHERE id = ? -- ?");
    assert_eq!(
        message(update().bind("x").execute().await),
        "the statement is not sent: the text has 2 placeholders, and 1 value is bound"
    );
    assert_eq!(
        message(update().bind("x").bind(1).bind(2).execute().await),
        "the statement is not sent: the text has 2 placeholders, and 3 values are bound"
    );
    for (text, mark) in [("DELETE FROM orders WHERE id = $1", "`$1`"), ("DELETE FROM orders WHERE id = ?1", "`?1`")] {
        let message = message(db.sql(text).bind(1).execute().await);
        assert!(message.contains(mark) && message.contains("write `?`"), "{message}");
    }
    assert_eq!(db.sql("SELECT COUNT(*) FROM orders").rows::<i64>().one().await.unwrap(), 4);
}

#[apply(on_every_database)]
async fn what_would_change_the_connection_is_not_sent(at: &Database) {
    let (db, _) = shop(at).await;
    for text in [
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "/* ? */ start transaction",
        "SAVEPOINT a",
        "SET x = 1",
        "PRAGMA user_version = 7",
    ] {
        let error = db.sql(text).execute().await.unwrap_err();
        assert_eq!(error.code(), "invalid_sql", "{text}: {error}");
        assert!(text.contains(['X', 'x', 'P']) || error.to_string().contains("db.transaction("), "{error}");
        let inside = db
            .transaction(async |tx| {
                assert_eq!(code(tx.sql(text).execute().await), "invalid_sql", "{text}");
                tx.sql("DELETE FROM orders WHERE quantity = 1000").execute().await
            })
            .await;
        assert_eq!(inside.unwrap(), 0, "{text}");
    }
    for text in ["SELECT 1; DELETE FROM orders", "DELETE FROM orders; SELECT 1", "", " -- nothing"] {
        assert_eq!(code(db.sql(text).execute().await), "invalid_sql", "{text}");
        assert_eq!(code(db.sql(text).rows::<i64>().await), "invalid_sql", "{text}");
    }
    assert_eq!(db.sql("SELECT COUNT(*) FROM orders;").rows::<i64>().one().await.unwrap(), 4);
}

#[apply(on_every_database)]
async fn refusals_keep_their_codes_and_say_no_values(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let twice = db.sql("INSERT INTO customers (name, email) VALUES (?, ?)").bind("hunter2").bind("ann@x");
    let error = twice.execute().await.unwrap_err();
    assert_eq!(error.code(), "conflict", "{error}");
    assert!(error.to_string().contains("email is taken"), "{error}");
    let gone = db.sql("INSERT INTO orders (customer_id, description, quantity, version) VALUES (?, ?, ?, ?)");
    let error = gone.bind(999).bind("hunter2").bind(1).bind(1).execute().await.unwrap_err();
    assert_eq!(error.code(), "foreign_key", "{error}");
    if !is_sqlite(at) {
        assert_eq!(error.to_string(), "Order.customer would lead to no row");
    }
    let error = db
        .sql("UPDATE customers SET name = ? WHERE id = ?")
        .bind(None::<String>)
        .bind(ann.id)
        .execute()
        .await
        .unwrap_err();
    assert_eq!(error.code(), "driver", "{error}");
    for error in [
        db.sql("SELEC name FROM customers WHERE name = ?").bind("hunter2").execute().await.unwrap_err(),
        db.sql("SELECT nam FROM customers WHERE name = ?").bind("hunter2").rows::<String>().await.unwrap_err(),
    ] {
        assert_eq!(error.code(), "driver", "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
        let told = ["SELEC", "nam", "syntax"].into_iter().any(|word| error.to_string().contains(word));
        assert!(told, "{error}");
    }
}

#[apply(on_every_database)]
async fn a_refused_statement_leaves_the_transaction_as_it_was(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    db.transaction(async |tx| {
        tx.sql("UPDATE customers SET name = ? WHERE id = ?").bind("Ada").bind(ann.id).execute().await?;
        assert_eq!(code(tx.sql("SELECT nowhere FROM customers").rows::<i64>().await), "driver");
        assert_eq!(
            code(tx.sql("INSERT INTO customers (name, email) VALUES ('x', 'bob@x')").execute().await),
            "conflict"
        );
        assert_eq!(code(tx.sql("SELECT name FROM customers").rows::<i64>().await), "decode");
        // A row that cannot be read undoes what the statement did.
        let name = tx.sql("DELETE FROM customers WHERE name = 'Cid' RETURNING name").rows::<i64>().await;
        assert_eq!(code(name), "decode");
        assert_eq!(tx.sql("SELECT COUNT(*) FROM customers").rows::<i64>().one().await?, 3);
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(db.customers().get(ann.id).await.unwrap().name, "Ada");
    let outside = db.sql("DELETE FROM customers WHERE name = 'Cid' RETURNING name").rows::<i64>().await;
    assert_eq!(code(outside), "decode");
    assert_eq!(db.customers().find().await.unwrap().len(), 3);
}

#[apply(on_every_database)]
async fn a_read_only_transaction_takes_no_writes(at: &Database) {
    let (db, _) = shop(at).await;
    db.transaction(async |tx| {
        assert_eq!(tx.sql("SELECT COUNT(*) FROM orders").rows::<i64>().one().await?, 4);
        assert_eq!(tx.sql("WITH o AS (SELECT 1 AS one) SELECT one FROM o").rows::<i64>().one().await?, 1);
        assert_eq!(code(tx.sql("DELETE FROM orders").execute().await), "unavailable");
        assert_eq!(code(tx.sql("DELETE FROM orders RETURNING id").rows::<i64>().await), "unavailable");
        Ok::<_, Error>(())
    })
    .read_only()
    .await
    .unwrap();
    assert_eq!(db.orders().find().await.unwrap().len(), 4);
}

#[apply(on_every_database)]
async fn a_datasource_is_named_where_there_are_several(at: &Database) {
    let db = crate::places::open(at).await;
    let error = db.sql("SELECT 1").rows::<i64>().await.unwrap_err();
    assert_eq!(error.code(), "cross_datasource");
    assert!(error.to_string().contains("`sql_on(name, …)`"), "{error}");
    assert_eq!(code(db.sql_on("nowhere", "SELECT 1").rows::<i64>().await), "connect");
    db.sql_on("crm", "INSERT INTO customers (name) VALUES (?)").bind("Ann").execute().await.unwrap();
    assert_eq!(db.customers().find().await.unwrap().len(), 1);
    assert_eq!(db.sql_on("db", "SELECT COUNT(*) FROM orders").rows::<i64>().one().await.unwrap(), 0);
    db.transaction_on("crm", async |tx: &places::Tx| {
        assert_eq!(tx.sql("SELECT name FROM customers").rows::<String>().one().await?, "Ann");
        assert_eq!(tx.sql_on("crm", "SELECT name FROM customers").rows::<String>().one().await?, "Ann");
        assert_eq!(code(tx.sql_on("db", "SELECT 1").rows::<i64>().await), "cross_datasource");
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
}
