//! Creating tables: again, from several programs at once, and where others of that name are there already.

use macro_rules_attribute::apply;
use relata::{Error, Result};
use relata_conformance::database::{Database, Sql};
use relata_conformance::types::{self, Color, NewSample, sample};
use relata_conformance::{
    actions, hostile, keys, on_every_database, on_servers, on_shared_databases, qualified, quoted, shop, weak,
};

/// What differs.
fn differences<T: std::fmt::Debug>(created: Result<T>) -> String {
    match created.unwrap_err() {
        Error::Migration { differences } => differences.join("\n"),
        other => panic!("{other:?}"),
    }
}

#[apply(on_every_database)]
async fn twice_changes_nothing(at: &Database) {
    macro_rules! twice {
        ($($schema:ident),*) => {$(
            let db: $schema::Db = at.open_empty().await.unwrap();
            db.create_tables().await.unwrap();
            drop(db);
        )*};
    }
    // No two of them have a table in common.
    twice!(actions, keys, types, quoted, qualified);
    let db: shop::Db = at.open().await.unwrap();
    db.customers().create(shop::NewCustomer::new("Ann", "a@x")).await.unwrap();
    db.create_tables().await.unwrap();
    assert_eq!(db.customers().count(shop::customer::all()).await.unwrap(), 1);
}

#[apply(on_shared_databases)]
async fn several_programs_at_once(at: &Database) {
    let open = || at.open::<hostile::Repositories>();
    let (a, b, c, d) = tokio::join!(open(), open(), open(), open());
    for db in [a, b, c, d] {
        let db = db.unwrap();
        db.options().create(hostile::NewOption::new()).await.unwrap();
    }
}

#[apply(on_shared_databases)]
async fn tables_of_another_schema_are_named_and_nothing_is_made(at: &Database) {
    let mut other = at.intruder().await.unwrap();
    other.run("CREATE TABLE products (sku INTEGER PRIMARY KEY, title VARCHAR(10))").await.unwrap();
    other
        .run("CREATE TABLE coupons (id INTEGER PRIMARY KEY, code VARCHAR(40), percent INTEGER NOT NULL)")
        .await
        .unwrap();
    let all = differences(at.open::<shop::Repositories>().await);
    for name in ["products", "title", "sku", "name", "coupons", "code"] {
        assert!(all.contains(name), "{name}: {all}");
    }
    assert!(other.texts("SELECT id FROM orders").await.is_err(), "nothing was made");
}

#[apply(on_shared_databases)]
async fn a_table_of_a_smaller_schema_is_named(at: &Database) {
    // Its `customers` lacks columns, one of them with an index.
    let _: relata_conformance::default_keys::Db = at.open().await.unwrap();
    let all = differences(at.open::<shop::Repositories>().await);
    assert!(all.contains("customers") && all.contains("referrer_id"), "{all}");
}

#[apply(on_shared_databases)]
async fn a_column_by_another_name_is_two_differences(at: &Database) {
    let db: shop::Db = at.open().await.unwrap();
    at.intruder().await.unwrap().run("ALTER TABLE orders RENAME COLUMN quantity TO amount").await.unwrap();
    let all = differences(db.create_tables().await);
    assert!(all.contains("quantity") && all.contains("amount") && all.contains("orders"), "{all}");
}

#[apply(on_shared_databases)]
async fn an_index_that_is_missing_is_made(at: &Database) {
    let db: hostile::Db = at.open().await.unwrap();
    let mut other = at.intruder().await.unwrap();
    let table = "a_name_of_sixty_three_bytes_which_is_the_longest_that_is_accept";
    let indexes = Sql {
        sqlite: &format!("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = '{table}'"),
        postgres: &format!(
            "SELECT indexname FROM pg_indexes WHERE tablename = '{table}' AND indexdef NOT LIKE 'CREATE UNIQUE%'"
        ),
        mysql: &format!(
            "SELECT index_name FROM information_schema.statistics \
             WHERE table_schema = database() AND table_name = '{table}' AND non_unique = 1"
        ),
    };
    let [index] = &other.texts(indexes).await.unwrap()[..] else { panic!("there is one index") };
    let drop = format!("DROP INDEX \"{index}\"");
    other.run(Sql { sqlite: &drop, postgres: &drop, mysql: &format!("{drop} ON {table}") }).await.unwrap();
    assert_eq!(other.texts(indexes).await.unwrap().len(), 0);
    db.create_tables().await.unwrap();
    assert_eq!(&other.texts(indexes).await.unwrap(), std::slice::from_ref(index));
}

#[apply(on_servers)]
async fn constraints_that_are_missing_are_named(at: &Database) {
    let db: shop::Db = at.open().await.unwrap();
    let mut other = at.intruder().await.unwrap();
    for (table, kind) in [("orders", "FOREIGN KEY"), ("customers", "UNIQUE")] {
        let names = format!(
            "SELECT constraint_name FROM information_schema.table_constraints \
             WHERE table_name = '{table}' AND constraint_type = '{kind}'"
        );
        let here = format!("{names} AND table_schema = database()");
        let names = other.texts(Sql { sqlite: "", postgres: &names, mysql: &here }).await.unwrap();
        let name = names.first().expect("the schema has such a constraint");
        other.run(&format!("ALTER TABLE {table} DROP CONSTRAINT \"{name}\"")).await.unwrap();
        let all = differences(db.create_tables().await);
        assert!(all.contains(table), "{kind}: {all}");
    }
}

#[apply(on_servers)]
async fn a_column_of_another_type_or_without_null_is_named(at: &Database) {
    let db: shop::Db = at.open().await.unwrap();
    let mut other = at.intruder().await.unwrap();
    let changes = [
        ("ALTER TABLE orders ALTER COLUMN quantity TYPE INTEGER", "ALTER TABLE orders MODIFY quantity INT NOT NULL"),
        ("ALTER TABLE shipments ALTER COLUMN pieces DROP NOT NULL", "ALTER TABLE shipments MODIFY pieces BIGINT"),
    ];
    for ((postgres, mysql), column) in changes.into_iter().zip(["quantity", "pieces"]) {
        let change = Sql { sqlite: "", postgres, mysql };
        other.run(change).await.unwrap();
        let all = differences(db.create_tables().await);
        assert!(all.contains(column), "{all}");
    }
}

#[apply(on_every_database)]
async fn what_a_check_refuses_is_refused(at: &Database) {
    // The values of an enum are the library's to check, and the database's against everybody else.
    let db: types::Db = at.open().await.unwrap();
    db.samples().create(NewSample { color: Some(Color::Loud), ..NewSample::new() }).await.unwrap();
    if let Ok(mut other) = at.intruder().await {
        let refused = other.run("UPDATE samples SET color = 'blue'").await;
        assert!(refused.is_err());
        other.run("UPDATE samples SET color = '3d'").await.unwrap();
        assert_eq!(db.samples().count(sample::color().eq(Color::ThreeD)).await.unwrap(), 1);
    }
}

#[apply(on_shared_databases)]
async fn tables_that_came_from_another_connection_are_seen(at: &Database) {
    let db: weak::Db = at.connect().await.unwrap();
    assert_eq!(db.authors().find().await.unwrap_err().code(), "driver");
    let other: weak::Db = at.open().await.unwrap();
    other.authors().create(weak::NewAuthor::new(1, "Ann")).await.unwrap();
    assert_eq!(db.authors().get(1).await.unwrap().name, "Ann");
}
