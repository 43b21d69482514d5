//! What nobody is told: hidden values, rows of others, values and passwords in errors.

use macro_rules_attribute::apply;
use relata::Filter;
use relata_conformance::database::{Database, Place};
use relata_conformance::shop::{Account, Customer, Db, NewAccount, NewCustomer, Order, customer};
use relata_conformance::{on_every_database, on_no_database};
use serde_json::{Value, json};

use crate::support::{code, shop};

/// S10 (Strapi, CVE-2023-22894): a guess at a secret is answered like any other, through every path.
#[apply(on_every_database)]
async fn a_right_guess_is_answered_as_a_wrong_one(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    db.accounts().create(NewAccount { secret: Some("hunter2".into()), ..NewAccount::new(ann.id) }).await.unwrap();
    let of_orders = async |filter: &Value| {
        let read: Filter<Order> = serde_json::from_value(filter.clone()).unwrap();
        db.orders().find_with(read).await.unwrap_err().to_string()
    };
    let of_customers = async |filter: &Value| {
        let read: Filter<Customer> = serde_json::from_value(filter.clone()).unwrap();
        db.customers().find_with(read).await.unwrap_err().to_string()
    };
    let of_accounts = async |filter: &Value| {
        let read: Filter<Account> = serde_json::from_value(filter.clone()).unwrap();
        db.accounts().find_with(read).await.unwrap_err().to_string()
    };
    for (right, wrong) in [
        (json!("hunter2"), json!("hunter3")),
        (json!({ "like": "h%" }), json!({ "like": "x%" })),
        (json!({ "like": "%" }), json!({ "like": "unlikely" })),
        (json!({ "gt": "h" }), json!({ "gt": "z" })),
        (json!({ "inq": ["hunter2"] }), json!({ "inq": ["x"] })),
        (json!({ "exists": true }), json!({ "exists": false })),
        (json!({ "neq": null }), json!({ "eq": null })),
        (json!({ "between": ["a", "z"] }), json!({ "between": ["x", "z"] })),
    ] {
        let direct = |guess: &Value| json!({ "where": { "secret": guess } });
        let negated = |guess: &Value| json!({ "where": { "not": { "or": [{ "balance": 0 }, { "secret": guess }] } } });
        let one = |guess: &Value| json!({ "where": { "account": { "secret": guess } } });
        let scope = |guess: &Value| json!({ "include": [{ "relation": "account", "scope": { "where": { "secret": guess } } }] });
        let far = |guess: &Value| json!({ "where": { "customer": { "referrals": { "every": { "account": { "secret": guess } } } } } });
        assert_eq!(of_accounts(&direct(&right)).await, of_accounts(&direct(&wrong)).await);
        assert_eq!(of_accounts(&negated(&right)).await, of_accounts(&negated(&wrong)).await);
        assert_eq!(of_customers(&one(&right)).await, of_customers(&one(&wrong)).await);
        assert_eq!(of_customers(&scope(&right)).await, of_customers(&scope(&wrong)).await);
        assert_eq!(of_orders(&far(&right)).await, of_orders(&far(&wrong)).await);
        // … and as a guess at what does not exist, so that not even its name is told.
        let unknown = of_accounts(&json!({ "where": { "nobody": right } })).await;
        assert_eq!(of_accounts(&direct(&right)).await.replace("secret", "nobody"), unknown);
    }
    for order in ["secret", "secret DESC", "balance, secret"] {
        let told = of_accounts(&json!({ "order": order })).await;
        assert_eq!(
            told.replace("secret", "nobody"),
            of_accounts(&json!({ "order": order.replace("secret", "nobody") })).await
        );
    }
}

/// S16: the constraint of a relation holds, whatever a filter from outside says.
#[apply(on_every_database)]
async fn a_filter_reaches_no_rows_of_others(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    let bobs = db.customers().orders(&bob).find().await.unwrap()[0].id;
    for condition in [
        json!({}),
        json!({ "customerId": bob.id }),
        json!({ "or": [{ "customerId": bob.id }, {}] }),
        json!({ "or": [{ "customer": { "name": "Bob" } }, { "not": { "id": -1 } }] }),
        json!({ "not": { "customerId": ann.id } }),
        json!({ "id": bobs }),
        json!({ "customer": { "orders": { "some": { "id": bobs } } } }),
        json!({ "customer": { "name": "Bob" } }),
    ] {
        let filter = json!({ "where": condition, "include": [{ "relation": "customer" }] });
        let read: Filter<Order> = serde_json::from_value(filter.clone()).unwrap();
        let found = db.customers().orders(&ann).find_with(read).await.unwrap();
        assert!(found.iter().all(|order| order.customer_id == ann.id), "{filter}");
    }
    let hers = db.customers().orders(&ann);
    assert_eq!(hers.find_by_id(bobs).await.unwrap(), None);
    assert_eq!(hers.delete(relata_conformance::shop::order::id().eq(bobs)).await.unwrap(), 0);
}

/// S21: no error holds a bound value.
#[apply(on_every_database)]
async fn no_error_holds_a_value(at: &Database) {
    const SECRET: &str = "hunter2";

    let (db, [ann, ..]) = shop(at).await;
    let named = |name: &str, email: &str| NewCustomer::new(name, email);
    db.customers().create(named("x", SECRET)).await.unwrap();
    let long = format!("{SECRET}{}", "x".repeat(60));
    let json = |filter: Value| serde_json::from_value::<Filter<Order>>(filter).unwrap();
    let errors = [
        db.customers().create(named(SECRET, SECRET)).await.unwrap_err(),
        db.orders().create(relata_conformance::shop::NewOrder::new(999, SECRET, 1)).await.unwrap_err(),
        db.customers().orders(&ann).create(customer::NewOrder::new(&*long, 1)).await.unwrap_err(),
        db.sql("INSERT INTO customers (name, email) VALUES (?, ?)")
            .bind(SECRET)
            .bind(SECRET)
            .execute()
            .await
            .unwrap_err(),
        db.sql("INSERT INTO customers (name, email, score) VALUES (?, 'y', ?)")
            .bind(None::<&str>)
            .bind(7)
            .execute()
            .await
            .unwrap_err(),
        db.sql("SELECT ? FROM nowhere").bind(SECRET).rows::<String>().await.unwrap_err(),
        db.sql("SELECT email FROM customers WHERE email = ?").bind(SECRET).rows::<i64>().await.unwrap_err(),
        db.orders()
            .find_with(json(json!({ "where": { "quantity": SECRET, "customerId": { "gt": { "a": SECRET } } } })))
            .await
            .unwrap_err(),
        db.orders()
            .find_with(json(json!({ "where": { "id": { "inq": [SECRET] } }, "limit": SECRET })))
            .await
            .unwrap_err(),
        Filter::<Order>::from_query(&format!("filter={{\"where\":{{\"note\":\"{SECRET}\"")).unwrap_err(),
    ];
    for error in errors {
        let told = format!("{error} {error:?}");
        assert!(!told.contains(SECRET), "{told}");
    }
    let told = format!("{:?} {:?}", json(json!({ "where": { "note": SECRET } })), db.sql("SELECT ?").bind(SECRET));
    assert!(!told.contains(SECRET), "{told}");
    let refused = serde_json::from_value::<relata_conformance::shop::OrderPatch>(json!({ "quantity": SECRET }));
    assert!(!refused.unwrap_err().to_string().contains(SECRET));
}

/// S21: no error and no Debug holds a URL's password.
#[apply(on_no_database)]
fn no_error_holds_a_password() {
    for url in [
        "postgres://ann:hunter2@127.0.0.1:1/shop",
        "mysql://ann:hunter2@127.0.0.1:1/shop",
        "mariadb://ann:hunter2@127.0.0.1:1/shop?sslmode=nonsense",
        "postgres://ann:hunter2@127.0.0.1:port/shop",
        "postgres://ann:hunter2@@/?x=%zz",
        "oracle://ann:hunter2@host/db",
        "ann:hunter2@host/db",
        "postgres:ann:hunter2",
    ] {
        let error = Db::connect(url).wait().unwrap_err();
        let told = format!("{error} {error:?} {:?}", Db::builder().url(url));
        assert_eq!(error.code(), "connect");
        assert!(!told.contains("hunter2"), "{told}");
    }
}

/// S23: what a database holds that the schema does not know is an error by its column, and nothing panics.
#[apply(on_every_database)]
async fn rows_of_any_content_are_read_or_refused(at: &Database) {
    use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
    use relata::DynamicSql;
    use relata_conformance::types::{Color, Db, NewSample};
    use rust_decimal::Decimal;
    use uuid::Uuid;

    let db: Db = at.open().await.unwrap();
    db.samples().create(NewSample::default()).await.unwrap();
    let text = match at.place() {
        Place::Mysql => "SELECT CAST(? AS CHAR) AS a",
        _ => "SELECT CAST(? AS text) AS a",
    };
    for value in ["", "9999999999999999999999", "-", "{", "2024-13-45", "24:00:00", "\u{202e}"] {
        macro_rules! refused {
            ($($type:ty),*) => {$(
                assert_eq!(code(db.sql(text).bind(value).rows::<$type>().await), "decode", "{value:?}");
            )*};
        }
        refused!(i64, i32, f64, bool, NaiveDate, NaiveTime, DateTime<Utc>, Decimal, Uuid, (i64, i64), (Color,));
        assert_eq!(db.sql(text).bind(value).rows::<String>().one().await.unwrap(), value);
    }
    let ends: &[&str] = match at.place() {
        Place::Postgres | Place::PostgresLinguistic => &[
            "SELECT 'infinity'::date",
            "SELECT '-infinity'::timestamptz",
            "SELECT '294276-12-31'::date",
            "SELECT 'NaN'::numeric",
            "SELECT 'infinity'::numeric",
            "SELECT 1e100::numeric",
            "SELECT '24:00'::time",
            "SELECT ARRAY[1]",
            "SELECT '1 day'::interval",
            "SELECT ROW(1)",
        ],
        Place::Mysql => &[
            "SELECT CAST('838:59:59' AS TIME)",
            "SELECT CAST('-00:00:01' AS TIME)",
            "SELECT CAST(REPEAT('9', 40) AS DECIMAL(65))",
            "SELECT 0x00ff",
        ],
        Place::Sqlite | Place::SqliteMemory => &["SELECT 9e999", "SELECT x'ff'", "SELECT CAST(x'ff' AS TEXT)"],
    };
    for text in ends {
        let of = || db.sql(DynamicSql::assert_safe(*text));
        assert_eq!(code(of().rows::<NaiveDate>().await), "decode", "{text}");
        assert_eq!(code(of().rows::<NaiveTime>().await), "decode", "{text}");
        assert_eq!(code(of().rows::<DateTime<Utc>>().await), "decode", "{text}");
        assert_eq!(code(of().rows::<Uuid>().await), "decode", "{text}");
        assert_eq!(code(of().rows::<i32>().await), "decode", "{text}");
    }
}
