//! Values of every type: at their extremes, there and back, in order, and refused where no database could
//! keep them alike.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use macro_rules_attribute::apply;
use relata::Condition;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::types::{Address, Db, NewSample, Sample, SamplePatch, sample};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use crate::support::failures;

async fn db(at: &Database) -> Db {
    at.open().await.unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Stores one row for each value, in an order that is not theirs, and expects them back as they were, sorted by
/// the database as they are given, and found again by equality.
async fn keeps<T: Clone + PartialEq + std::fmt::Debug>(
    at: &Database,
    ascending: &[T],
    new: impl Fn(T) -> NewSample,
    of: impl Fn(&Sample) -> Option<T>,
    order: relata::OrderBy<Sample>,
    equal: impl Fn(T) -> Condition<Sample>,
) {
    let db: Db = at.open_empty().await.unwrap();
    let (even, odd): (Vec<_>, Vec<_>) = ascending.iter().cloned().enumerate().partition(|(n, _)| n % 2 == 0);
    let mixed: Vec<T> = odd.into_iter().chain(even.into_iter().rev()).map(|(_, value)| value).collect();
    let made = db.samples().create_many(mixed.iter().cloned().map(&new)).await.unwrap();
    for (row, value) in made.iter().zip(&mixed) {
        assert_eq!(of(row).as_ref(), Some(value), "as created");
        assert_eq!(of(&db.samples().get(row.id).await.unwrap()).as_ref(), Some(value), "as stored");
        let found = db.samples().find().filter(equal(value.clone())).await.unwrap();
        assert_eq!(found, std::slice::from_ref(row), "by equality with {value:?}");
    }
    db.samples().create(NewSample::new()).await.unwrap();
    let sorted = db.samples().find().order_by(order).await.unwrap();
    let sorted: Vec<_> = sorted.iter().map(&of).collect();
    let expected: Vec<_> = std::iter::once(None).chain(ascending.iter().cloned().map(Some)).collect();
    assert_eq!(sorted, expected);
}

macro_rules! keeps {
    ($at:expr, $field:ident, $values:expr) => {
        keeps(
            $at,
            &$values,
            |value| NewSample { $field: Some(value), ..NewSample::new() },
            |row| row.$field.clone(),
            sample::$field().asc(),
            |value| sample::$field().eq(value),
        )
        .await
    };
}

#[apply(on_every_database)]
async fn integers(at: &Database) {
    keeps!(at, integer, [i64::MIN, i64::MIN + 1, -(1 << 53) - 1, -1, 0, 1, (1 << 53) + 1, i64::MAX - 1, i64::MAX]);
    keeps!(at, int32, [i32::MIN, -1, 0, 1, i32::MAX]);
    keeps!(at, boolean, [false, true]);
}

#[apply(on_every_database)]
async fn numbers(at: &Database) {
    let smallest = f64::from_bits(1);
    keeps!(
        at,
        number,
        [
            f64::MIN,
            -1e18,
            -1.5,
            -f64::MIN_POSITIVE,
            -smallest,
            0.0,
            smallest,
            0.1,
            0.1 + 0.2,
            1.0,
            9e15,
            1e300,
            f64::MAX
        ]
    );
    let db = db(at).await;
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let new = NewSample { number: Some(number), ..NewSample::new() };
        assert_eq!(failures(db.samples().create(new).await), ["number is not a finite number"]);
    }
    let db: Db = at.open_empty().await.unwrap();
    let zero = db.samples().create(NewSample { number: Some(-0.0), ..NewSample::new() }).await.unwrap();
    assert_eq!(db.samples().find().filter(sample::number().eq(0.0)).await.unwrap(), [zero]);
}

#[apply(on_every_database)]
async fn decimals_kept_as_integers(at: &Database) {
    let values = ["-99999999.99", "-1.01", "-1.00", "-0.01", "0.00", "0.01", "0.10", "2.00", "10.00", "99999999.99"];
    keeps!(at, money, values.map(decimal));
    let values = ["-999999999999.999999", "-0.000001", "0", "0.000001", "999999999999.999999"];
    keeps!(at, exact, values.map(decimal));
}

#[apply(on_every_database)]
async fn decimals_kept_as_text(at: &Database) {
    keeps!(
        at,
        wide,
        [
            "-999999999999999999.9999999999",
            "-999999999999999999.9999999998",
            "-10.0000000000",
            "-9.0000000000",
            "-0.0000000001",
            "0",
            "0.0000000001",
            "9.0000000000",
            "10.0000000000",
            "99.0000000000",
            "999999999999999999.9999999999"
        ]
        .map(decimal)
    );
}

#[apply(on_every_database)]
async fn decimals_are_numbers_and_not_texts(at: &Database) {
    let db = db(at).await;
    let row = db.samples().create(NewSample { money: Some(decimal("1.5")), ..NewSample::new() }).await.unwrap();
    for same in ["1.5", "1.50", "1.500", "1.5000000000"] {
        assert_eq!(db.samples().count(sample::money().eq(decimal(same))).await.unwrap(), 1, "{same}");
    }
    assert_eq!(row.money.unwrap().to_string(), "1.50", "at the scale of the property");
    assert_eq!(db.samples().count(sample::money().is_in([decimal("1.500"), decimal("7")])).await.unwrap(), 1);
    for wrong in ["0.001", "100000000", "1e20"] {
        let new = NewSample { money: Decimal::from_scientific(wrong).ok().or(wrong.parse().ok()), ..NewSample::new() };
        let said = failures(db.samples().create(new).await);
        assert_eq!(said, ["money has more than 10 digits, or more than 2 after the point"], "{wrong}");
    }
}

#[apply(on_every_database)]
async fn a_decimal_may_be_compared_with_one_that_the_property_could_not_hold(at: &Database) {
    let db = db(at).await;
    for money in ["1.00", "2.00"] {
        db.samples().create(NewSample { money: Some(decimal(money)), ..NewSample::new() }).await.unwrap();
    }
    let count = async |condition| db.samples().count(condition).await.unwrap();
    assert_eq!(count(sample::money().gt(decimal("1.005"))).await, 1);
    assert_eq!(count(sample::money().ge(decimal("1.005"))).await, 1);
    assert_eq!(count(sample::money().lt(decimal("1.005"))).await, 1);
    assert_eq!(count(sample::money().eq(decimal("1.005"))).await, 0);
    assert_eq!(count(sample::money().ne(decimal("1.005"))).await, 2);
    assert_eq!(count(sample::money().lt(Decimal::MAX)).await, 2);
    assert_eq!(count(sample::money().gt(Decimal::MIN)).await, 2);
    assert_eq!(count(sample::money().gt(decimal("-0.001"))).await, 2);
    assert_eq!(count(sample::money().is_in([decimal("1.005"), decimal("2")])).await, 1);
    assert_eq!(count(sample::money().not_in([decimal("1.005"), decimal("2")])).await, 1);
}

#[apply(on_every_database)]
async fn dates_times_and_instants(at: &Database) {
    keeps!(at, date, ["0001-01-01", "0999-12-31", "1000-01-01", "1969-12-31", "2024-02-29", "9999-12-31"].map(date));
    keeps!(at, time, ["00:00:00", "00:00:00.000001", "09:59:59.999999", "10:00:00", "23:59:59.999999"].map(time));
    keeps!(
        at,
        datetime,
        [
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999999Z",
            "1970-01-01T00:00:00Z",
            "2024-01-01T00:00:00Z",
            "2024-01-01T00:00:00.000001Z",
            "2024-01-01T00:00:00.1Z",
            "9999-12-31T23:59:59.999999Z"
        ]
        .map(instant)
    );
}

#[apply(on_every_database)]
async fn times_are_cut_to_microseconds_before_they_are_stored(at: &Database) {
    let db = db(at).await;
    let fine = instant("2024-01-01T00:00:00.123456789Z");
    let new = NewSample { datetime: Some(fine), time: Some(fine.time()), ..NewSample::new() };
    let row = db.samples().create(new).await.unwrap();
    assert_eq!(row.datetime, Some(instant("2024-01-01T00:00:00.123456Z")));
    assert_eq!(row.time, Some(time("00:00:00.123456")));
    assert_eq!(db.samples().get(row.id).await.unwrap(), row);
}

#[apply(on_every_database)]
async fn years_out_of_range_are_refused(at: &Database) {
    let db = db(at).await;
    for year in [0, -1, 10_000, 200_000] {
        let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let new = NewSample {
            date: Some(day),
            datetime: Some(Utc.from_utc_datetime(&day.and_time(NaiveTime::MIN))),
            ..NewSample::new()
        };
        let rule = "is not in the years 0001–9999";
        assert_eq!(failures(db.samples().create(new).await), [format!("date {rule}"), format!("datetime {rule}")]);
    }
}

#[apply(on_every_database)]
async fn uuids_sort_by_their_bytes(at: &Database) {
    let values = [
        "00000000-0000-0000-0000-000000000000",
        "00000000-0000-0000-0000-000000000001",
        "7fffffff-0000-0000-0000-000000000000",
        "80000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ];
    keeps!(at, uuid, values.map(|text| text.parse::<Uuid>().unwrap()));
}

#[apply(on_every_database)]
async fn strings_of_any_characters(at: &Database) {
    let mut values: Vec<String> = [
        "",
        " ",
        "\t\r\n",
        "'",
        "''",
        "\"",
        "\\",
        "`",
        "%",
        "_",
        "--",
        "; DROP TABLE samples; --",
        "?1",
        "$1",
        ":a",
        "@a",
        "null",
        "NULL",
        "true",
        "0",
        "1e5",
        "\u{1}",
        "\u{7f}",
        "\u{feff}x",
        "ä",
        "a\u{308}",
        "🦀",
        "👩‍👩‍👧",
        "مرحبا",
        "\u{10ffff}",
    ]
    .map(Into::into)
    .to_vec();
    values.sort_unstable();
    keeps!(at, string, values);
    keeps!(at, text, values);
}

#[apply(on_every_database)]
async fn length_is_in_characters(at: &Database) {
    let db = db(at).await;
    let new = |text: String| NewSample { string: Some(text), ..NewSample::new() };
    let longest = db.samples().create(new("🦀".repeat(255))).await.unwrap();
    assert_eq!(db.samples().get(longest.id).await.unwrap(), longest);
    assert_eq!(failures(db.samples().create(new("🦀".repeat(256))).await), ["string is longer than 255 characters"]);
    assert_eq!(failures(db.samples().create(new("a".repeat(256))).await), ["string is longer than 255 characters"]);
}

#[apply(on_every_database)]
async fn text_and_bytes_of_megabytes(at: &Database) {
    let db = db(at).await;
    let new = NewSample {
        text: Some("'\"🦀\\%_\n".repeat(100_000)),
        bytes: Some((0..=255).cycle().take(3_000_000).collect()),
        json: Some(json!({"deep": vec!["x'\"🦀"; 100_000]})),
        ..NewSample::new()
    };
    let row = db.samples().create(new).await.unwrap();
    assert_eq!(db.samples().get(row.id).await.unwrap(), row);
}

#[apply(on_every_database)]
async fn a_nul_character_is_refused_wherever_text_is(at: &Database) {
    let db = db(at).await;
    let said = |new: NewSample| async { failures(db.samples().create(new).await).len() };
    let nul = || Some("a\0".to_owned());
    assert_eq!(said(NewSample { string: nul(), text: nul(), ..NewSample::new() }).await, 2);
    assert_eq!(said(NewSample { json: Some(json!({"a": ["\0"]})), ..NewSample::new() }).await, 1);
    assert_eq!(said(NewSample { json: Some(json!({"\0": 1})), ..NewSample::new() }).await, 1);
    assert_eq!(said(NewSample { words: Some(vec!["\0".into()]), ..NewSample::new() }).await, 1);
    let address = Address { street: "\0".into(), number: None, tags: vec![], color: None };
    assert_eq!(said(NewSample { address: Some(address), ..NewSample::new() }).await, 1);
    let patch = SamplePatch { text: Some(nul()), ..Default::default() };
    assert_eq!(failures(db.samples().patch_where(sample::all(), patch).await), ["text contains a NUL character"]);
}

#[apply(on_every_database)]
async fn a_nul_character_in_a_condition_matches_nothing(at: &Database) {
    let db = db(at).await;
    db.samples().create(NewSample { string: Some("a".into()), ..NewSample::new() }).await.unwrap();
    assert_eq!(db.samples().count(sample::string().eq("a\0")).await.unwrap(), 0);
    assert_eq!(db.samples().count(sample::string().is_in(["a\0b"])).await.unwrap(), 0);
    assert_eq!(db.samples().count(sample::string().starts_with("a\0")).await.unwrap(), 0);
    assert_eq!(db.samples().count(sample::string().contains("\0")).await.unwrap(), 0);
    assert_eq!(db.samples().count(sample::string().not_like("a\0")).await.unwrap(), 1);
    // It lies between what stands before the NUL and whatever is longer.
    for text in ["", "aa", "b"] {
        db.samples().create(NewSample { string: Some(text.into()), ..NewSample::new() }).await.unwrap();
    }
    assert_eq!(db.samples().count(sample::string().ne("a\0")).await.unwrap(), 4);
    assert_eq!(db.samples().count(sample::string().gt("a\0b")).await.unwrap(), 2);
    assert_eq!(db.samples().count(sample::string().le("a\0b")).await.unwrap(), 2);
    assert_eq!(db.samples().count(sample::string().not_in(["a\0b", "a"])).await.unwrap(), 3);
    assert_eq!(db.samples().count(sample::text().eq("\0")).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn bytes_of_every_value(at: &Database) {
    let db = db(at).await;
    for bytes in [vec![], vec![0], vec![0xff; 3], (0..=255).collect()] {
        let row = db.samples().create(NewSample { bytes: Some(bytes.clone()), ..NewSample::new() }).await.unwrap();
        assert_eq!(db.samples().get(row.id).await.unwrap().bytes, Some(bytes));
    }
    assert_eq!(db.samples().count(sample::bytes().is_null()).await.unwrap(), 0);
}
