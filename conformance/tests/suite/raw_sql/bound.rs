//! Values are bound, of every type, and come back as they were.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use macro_rules_attribute::apply;
use relata::DynamicSql;
use relata_conformance::database::{Database, Place};
use relata_conformance::types::{Color, Db, NewSample, Sample, sample};
use relata_conformance::{on_every_database, shop};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::support::code;

fn instant() -> DateTime<Utc> {
    "2024-02-29T03:04:05.000009Z".parse().unwrap()
}

fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()
}

fn time() -> NaiveTime {
    NaiveTime::from_hms_micro_opt(3, 4, 5, 9).unwrap()
}

fn money() -> Decimal {
    Decimal::new(-12_345, 2)
}

async fn stored(at: &Database) -> (Db, Sample) {
    let db: Db = at.open().await.unwrap();
    let new = NewSample {
        string: Some("it's ? $1".into()),
        integer: Some(i64::MAX),
        int32: Some(-7),
        number: Some(0.1),
        money: Some(money()),
        wide: Some(Decimal::new(15, 1)),
        boolean: Some(true),
        date: Some(date()),
        time: Some(time()),
        datetime: Some(instant()),
        uuid: Some(Uuid::from_u128(7)),
        json: Some([1, 2].into_iter().collect()),
        bytes: Some(vec![0, 255]),
        color: Some(Color::DarkGreen),
        ..NewSample::default()
    };
    let row = db.samples().create(new).await.unwrap();
    (db, row)
}

#[apply(on_every_database)]
async fn values_of_every_type_are_bound_and_read(at: &Database) {
    let (db, row) = stored(at).await;
    let quoted = |name| if at.place() == Place::Mysql { format!("`{name}`") } else { format!("\"{name}\"") };
    macro_rules! round_trip {
        ($($text:literal, $type:ty, $value:expr;)*) => {$({
            let column = quoted($text);
            let text = DynamicSql::assert_safe(format!("SELECT {column} FROM samples WHERE {column} = ?"));
            let found = db.sql(text.clone()).bind($value).rows::<($type,)>().await.expect($text);
            assert_eq!(found, [($value,)], $text);
            let found = db.sql(text).bind(None::<$type>).rows::<($type,)>().await.expect($text);
            assert_eq!(found, [], "{} is not equal to NULL", $text);
        })*};
    }
    round_trip! {
        "string", String, "it's ? $1".to_owned();
        "integer", i64, i64::MAX;
        "int32", i32, -7;
        "number", f64, 0.1;
        "boolean", bool, true;
        "date", NaiveDate, date();
        "time", NaiveTime, time();
        "datetime", DateTime<Utc>, instant();
        "uuid", Uuid, Uuid::from_u128(7);
        "bytes", Vec<u8>, vec![0_u8, 255];
        "color", Color, Color::DarkGreen;
    }
    let (text, slice) = ("it's ? $1", &[0_u8, 255][..]);
    let found = db.sql("SELECT id FROM samples WHERE string = ? AND bytes = ?").bind(text).bind(slice).rows::<i64>();
    assert_eq!(found.await.unwrap(), [row.id]);
    let json = db.sql("SELECT json FROM samples").rows::<serde_json::Value>().one().await.unwrap();
    assert_eq!(json, serde_json::json!([1, 2]));
    assert_eq!(db.sql("SELECT * FROM samples").rows::<Sample>().one().await.unwrap(), row);
}

#[apply(on_every_database)]
async fn a_decimal_is_bound_as_its_column_stores_it(at: &Database) {
    let (db, row) = stored(at).await;
    let wide = Decimal::new(15, 1);
    let text = "SELECT id FROM samples WHERE money = ? AND wide = ?";
    let found = db.sql(text).bind_as(sample::money(), money()).bind_as(sample::wide(), wide).rows::<i64>();
    assert_eq!(found.await.unwrap(), [row.id]);
    let plain = db.sql(text).bind(money()).bind(wide).rows::<i64>().await;
    let read = db.sql("SELECT money, wide FROM samples").rows::<(Decimal, Decimal)>().one().await;
    if matches!(at.place(), Place::Sqlite | Place::SqliteMemory) {
        let error = plain.unwrap_err();
        assert_eq!(error.code(), "invalid_sql");
        assert!(error.to_string().contains("value 1 is a decimal"), "{error}");
        // How many of an integer's digits stand after the point is not known.
        assert_eq!(code(read), "decode");
    } else {
        assert_eq!(plain.unwrap(), [row.id]);
        assert_eq!(read.unwrap(), (money(), wide));
    }
}

#[apply(on_every_database)]
async fn writes_are_counted_and_answer_rows(at: &Database) {
    let (db, [ann, ..]) = crate::support::shop(at).await;
    let text = "UPDATE customers SET city = ?, score = ?, name = ? WHERE id = ?";
    let changed = db.sql(text).bind(None::<&str>).bind(5).bind("Ada").bind(ann.id).execute().await.unwrap();
    assert_eq!(changed, 1);
    let now = db.customers().get(ann.id).await.unwrap();
    assert_eq!((now.city, now.score, &*now.name), (None, Some(5), "Ada"));
    assert_eq!(db.sql("DELETE FROM orders WHERE id = ?").bind(999).execute().await.unwrap(), 0);
    // What changes no rows says so, whatever was changed before.
    assert_eq!(db.sql("CREATE INDEX by_score ON customers (score)").execute().await.unwrap(), 0);
    let text = "INSERT INTO products (sku, name) SELECT email, name FROM customers";
    assert_eq!(db.sql(text).execute().await.unwrap(), 3);
    let text = "INSERT INTO products (sku, name) VALUES (?, ?) RETURNING name, sku";
    let stored = db.sql(text).bind("P").bind("a product").rows::<shop::Product>().one().await.unwrap();
    assert_eq!(stored, db.products().get("P").await.unwrap());
    let text = "INSERT INTO products (sku, name) VALUES ('Q', 'q'), ('R', 'r') RETURNING sku";
    assert_eq!(db.sql(text).execute().await.unwrap(), 2);
    assert_eq!(db.sql("SELECT COUNT(*) FROM products").rows::<i64>().one().await.unwrap(), 6);
}

#[apply(on_every_database)]
async fn a_list_takes_as_many_placeholders(at: &Database) {
    let db: shop::Db = at.open().await.unwrap();
    for name in ["a", "b", "c", "d"] {
        db.products().create(shop::NewProduct::new(name, name)).await.unwrap();
    }
    let text = "SELECT sku FROM products WHERE sku IN (?) AND name <> ? AND name NOT IN (?) ORDER BY sku";
    let of = |skus: Vec<&'static str>| db.sql(text).bind_list(skus).bind("b").bind_list(["c"]).rows::<String>();
    assert_eq!(of(vec!["a", "b", "c", "d", "e"]).await.unwrap(), ["a", "d"]);
    assert_eq!(of(vec!["d"]).await.unwrap(), ["d"]);
    let error = of(vec![]).await.unwrap_err();
    assert_eq!(error.code(), "invalid_sql");
    assert!(error.to_string().contains("a list without values"), "{error}");
    let many = db.sql("SELECT sku FROM products WHERE sku IN (?)").bind_list((0..40_000).map(|n| n.to_string()));
    assert_eq!(code(many.rows::<String>().await), "invalid_sql");
    let many = db.sql("SELECT sku FROM products WHERE sku IN (?)").bind_list((0..32_000).map(|n| format!("{n}")));
    assert_eq!(many.rows::<String>().await.unwrap(), [] as [String; 0]);
}

#[apply(on_every_database)]
async fn hostile_values_stay_values(at: &Database) {
    let db: shop::Db = at.open().await.unwrap();
    for (n, text) in
        ["'; DROP TABLE products; --", "?", "$1", "??", "\\", "\\'", "\"", "`", "*/", "💥", ""].iter().enumerate()
    {
        let sku = format!("{n}");
        db.sql("INSERT INTO products (sku, name) VALUES (?, ?)").bind(&sku).bind(*text).execute().await.unwrap();
        let found = db.sql("SELECT sku FROM products WHERE name = ? AND '?' = '?' -- ?").bind(*text).rows::<String>();
        assert_eq!(found.await.unwrap(), [sku], "{text:?}");
    }
}
