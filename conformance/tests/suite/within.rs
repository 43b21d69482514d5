//! Conditions on what lies within a row: every type compares as it does in a column.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use macro_rules_attribute::apply;
use relata::{Column, Condition};
use relata_conformance::database::Database;
use relata_conformance::embeds::{Db, Grade, NewPerson, Person, Place, Point, Sample, person, place, point, sample};
use relata_conformance::on_every_database;
use rust_decimal::Decimal;
use uuid::Uuid;

async fn db(at: &Database) -> Db {
    at.open().await.unwrap()
}

fn at_home(city: &str) -> Place {
    Place { street: "Main".into(), city: city.into(), zip: None, point: None, tags: Vec::new() }
}

fn empty() -> Sample {
    Sample {
        string: None,
        text: None,
        integer: None,
        small: None,
        number: None,
        price: None,
        wide: None,
        yes: None,
        day: None,
        clock: None,
        instant: None,
        key: None,
        json: None,
        bytes: None,
        grade: None,
        numbers: Vec::new(),
        prices: Vec::new(),
    }
}

async fn add(db: &Db, name: &str, change: impl FnOnce(&mut NewPerson)) -> Person {
    let mut new = NewPerson::new(name, at_home(name));
    change(&mut new);
    db.people().create(new).await.unwrap()
}

async fn names(db: &Db, condition: Condition<Person>) -> Vec<String> {
    let found = db.people().find().filter(condition).order_by(person::id()).await.unwrap();
    found.into_iter().map(|person| person.name).collect()
}

#[apply(on_every_database)]
async fn a_value_matches_by_its_properties(at: &Database) {
    let db = db(at).await;
    add(&db, "Asgard", |_| ()).await;
    add(&db, "asgard ", |new| new.work = Some(at_home("Oslo"))).await;
    let here = |condition| person::home().matches(condition);
    assert_eq!(names(&db, here(place::city().eq("Asgard"))).await, ["Asgard"]);
    assert_eq!(names(&db, here(place::city().ne("Asgard"))).await, ["asgard "]);
    assert_eq!(names(&db, here(place::city().eq("asgard"))).await, [""; 0], "trailing blanks count");
    assert_eq!(names(&db, here(place::city().gt("Z"))).await, ["asgard "], "by code point");
    assert_eq!(names(&db, here(place::city().ilike("ASGARD%"))).await, ["Asgard", "asgard "]);
    assert_eq!(names(&db, here(place::city().like("A%"))).await, ["Asgard"]);
    assert_eq!(names(&db, here(place::city().is_in(["Asgard", "x"]))).await, ["Asgard"]);
    assert_eq!(names(&db, here(place::city().not_in(["Asgard", "x"]))).await, ["asgard "]);
    assert_eq!(names(&db, here(place::all())).await, ["Asgard", "asgard "]);
    assert_eq!(names(&db, here(place::city().eq("Asgard")).not()).await, ["asgard "]);
}

#[apply(on_every_database)]
async fn an_absent_value_matches_nothing_and_is_null(at: &Database) {
    let db = db(at).await;
    add(&db, "without", |_| ()).await;
    add(&db, "with", |new| new.work = Some(Place { zip: Some("1".into()), ..at_home("Oslo") })).await;
    add(&db, "null within", |new| new.work = Some(at_home("Oslo"))).await;
    assert_eq!(names(&db, person::work().is_null()).await, ["without"]);
    assert_eq!(names(&db, person::work().matches(place::all())).await, ["with", "null within"]);
    assert_eq!(names(&db, person::work().matches(place::zip().is_null())).await, ["null within"]);
    assert_eq!(names(&db, person::work().matches(place::zip().is_not_null())).await, ["with"]);
    // Neither true nor false within, and so no match; the whole is true or false.
    let odd = person::work().matches(place::zip().ne("1"));
    assert_eq!(names(&db, odd.clone()).await, [""; 0]);
    assert_eq!(names(&db, !odd).await, ["without", "with", "null within"]);
    let inner = person::work().matches(!place::zip().eq("2"));
    assert_eq!(names(&db, inner).await, ["with"]);
}

#[apply(on_every_database)]
async fn lists_match_by_any_none_and_all(at: &Database) {
    let db = db(at).await;
    add(&db, "none", |_| ()).await;
    add(&db, "a", |new| new.places = Some(vec![at_home("a")])).await;
    add(&db, "ab", |new| new.places = Some(vec![at_home("a"), at_home("b")])).await;
    let zip = Place { zip: Some("1".into()), ..at_home("z") };
    add(&db, "z", |new| new.places = Some(vec![zip, at_home("z")])).await;
    let a = || place::city().eq("a");
    assert_eq!(names(&db, person::places().any(a())).await, ["a", "ab"]);
    assert_eq!(names(&db, person::places().none(a())).await, ["none", "z"]);
    assert_eq!(names(&db, person::places().all(a())).await, ["none", "a"]);
    assert_eq!(names(&db, person::places().any(place::all())).await, ["a", "ab", "z"]);
    assert_eq!(names(&db, person::places().none(place::all())).await, ["none"]);
    // All are said of elements for which the condition is true, not of those for which it is unknown.
    assert_eq!(names(&db, person::places().all(place::zip().eq("1"))).await, ["none"]);
    let both = person::places().any(a()).and(person::places().any(place::city().eq("b")));
    assert_eq!(names(&db, both).await, ["ab"]);
    assert_eq!(names(&db, person::places().any(a().and(place::city().eq("b")))).await, [""; 0]);
}

#[apply(on_every_database)]
async fn values_within_values_match(at: &Database) {
    let db = db(at).await;
    let at_point =
        |x, y| Place { point: Some(Point { x, y }), tags: vec!["t".into(), "it's \"q\"".into()], ..at_home("p") };
    add(&db, "far", |new| new.places = Some(vec![at_point(i64::MAX, None), at_point(2, Some(3))])).await;
    add(&db, "near", |new| new.home = at_point(1, Some(1))).await;
    let far = place::point().matches(point::x().eq(i64::MAX).and(point::y().is_null()));
    assert_eq!(names(&db, person::places().any(far)).await, ["far"]);
    assert_eq!(names(&db, person::home().matches(place::point().is_null())).await, ["far"]);
    assert_eq!(names(&db, person::home().matches(place::point().matches(point::x().le(1)))).await, ["near"]);
    assert_eq!(names(&db, person::home().matches(place::tags().has("it's \"q\""))).await, ["near"]);
    assert_eq!(names(&db, person::places().any(place::tags().has("t"))).await, ["far"]);
    assert_eq!(names(&db, person::places().any(place::tags().has("T"))).await, [""; 0]);
}

/// Whether each comparison with the middle of three values finds what it must.
async fn ordered<T: relata::Comparable + relata::Operand<T> + Clone>(
    db: &Db,
    column: Column<Sample, T>,
    [low, middle, high]: [T; 3],
    set: impl Fn(&mut Sample, T),
) {
    let prefix = format!("{column:?}");
    let with = |value: Option<T>| {
        let mut sample = empty();
        if let Some(value) = value {
            set(&mut sample, value);
        }
        vec![sample]
    };
    for (name, value) in
        [("low", Some(low.clone())), ("middle", Some(middle.clone())), ("high", Some(high.clone())), ("null", None)]
    {
        add(db, &format!("{prefix} {name}"), |new| new.samples = Some(with(value))).await;
    }
    let check = async |condition, expected: &[&str]| {
        let condition = person::samples().any(condition).and(person::name().starts_with(format!("{prefix} ")));
        let expected: Vec<_> = expected.iter().map(|name| format!("{prefix} {name}")).collect();
        assert_eq!(names(db, condition).await, expected);
    };
    check(column.eq(middle.clone()), &["middle"]).await;
    check(column.ne(middle.clone()), &["low", "high"]).await;
    check(column.lt(middle.clone()), &["low"]).await;
    check(column.le(middle.clone()), &["low", "middle"]).await;
    check(column.gt(middle.clone()), &["high"]).await;
    check(column.ge(middle.clone()), &["middle", "high"]).await;
    check(column.between(low.clone(), middle.clone()), &["low", "middle"]).await;
    check(column.is_in([low.clone(), high.clone()]), &["low", "high"]).await;
    check(column.not_in([low, high]), &["middle"]).await;
    check(column.is_null(), &["null"]).await;
    check(column.is_not_null(), &["low", "middle", "high"]).await;
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[apply(on_every_database)]
async fn every_type_compares_within_as_in_a_column(at: &Database) {
    let db = db(at).await;
    let text = |texts: [&str; 3]| texts.map(str::to_owned);
    ordered(&db, sample::string(), text(["B", "a", "a "]), |to, value| to.string = Some(value)).await;
    ordered(&db, sample::text(), text(["", "Ö\n\"\\", "\u{1F600}"]), |to, value| to.text = Some(value)).await;
    ordered(&db, sample::integer(), [i64::MIN, 9, 10], |to, value| to.integer = Some(value)).await;
    ordered(&db, sample::small(), [i32::MIN, 9, 10], |to, value| to.small = Some(value)).await;
    ordered(&db, sample::number(), [-1.5, 0.1 + 0.2, 1e300], |to, value| to.number = Some(value)).await;
    let prices = ["-0.01", "9.5", "10"].map(decimal);
    ordered(&db, sample::price(), prices, |to, value| to.price = Some(value)).await;
    let wide = ["-999999999999999999999999.9999", "-0.0001", "999999999999999999999999.9999"].map(decimal);
    ordered(&db, sample::wide(), wide, |to, value| to.wide = Some(value)).await;
    let days = ["0001-01-01", "2024-02-29", "9999-12-31"].map(|day| day.parse::<NaiveDate>().unwrap());
    ordered(&db, sample::day(), days, |to, value| to.day = Some(value)).await;
    let clocks = ["00:00:00", "09:59:59.999999", "10:00:00"].map(|time| time.parse::<NaiveTime>().unwrap());
    ordered(&db, sample::clock(), clocks, |to, value| to.clock = Some(value)).await;
    let instants = ["0001-01-01T00:00:00Z", "2024-01-02T03:04:05.000007Z", "9999-12-31T23:59:59.999999Z"].map(instant);
    ordered(&db, sample::instant(), instants, |to, value| to.instant = Some(value)).await;
    let keys = [0, u128::MAX / 2, u128::MAX].map(Uuid::from_u128);
    ordered(&db, sample::key(), keys, |to, value| to.key = Some(value)).await;
    ordered(&db, sample::grade(), [Grade::High, Grade::Low, Grade::Other], |to, value| to.grade = Some(value)).await;
}

#[apply(on_every_database)]
async fn what_has_no_order_is_asked_for_as_well(at: &Database) {
    let db = db(at).await;
    let with = |change: fn(&mut Sample)| {
        let mut sample = empty();
        change(&mut sample);
        Some(vec![sample])
    };
    add(&db, "yes", |new| new.samples = with(|sample| sample.yes = Some(true))).await;
    add(&db, "no", |new| new.samples = with(|sample| sample.yes = Some(false))).await;
    add(&db, "json", |new| new.samples = with(|sample| sample.json = Some(serde_json::json!({"a": null})))).await;
    add(&db, "bytes", |new| new.samples = with(|sample| sample.bytes = Some(vec![0, 255]))).await;
    let any = |condition| person::samples().any(condition);
    assert_eq!(names(&db, any(sample::yes().eq(true))).await, ["yes"]);
    assert_eq!(names(&db, any(sample::yes().ne(true))).await, ["no"]);
    assert_eq!(names(&db, any(sample::yes().is_in([true, false]))).await, ["yes", "no"]);
    assert_eq!(names(&db, any(sample::json().is_not_null())).await, ["json"]);
    assert_eq!(names(&db, any(sample::bytes().is_not_null())).await, ["bytes"]);
}

#[apply(on_every_database)]
async fn decimals_are_equal_whatever_zeros_end_them(at: &Database) {
    let db = db(at).await;
    add(&db, "one", |new| {
        new.samples = Some(vec![Sample { price: Some(decimal("1.5")), prices: vec![decimal("2.50")], ..empty() }]);
        new.amounts = Some(vec![decimal("1.50"), decimal("-3")]);
    })
    .await;
    for same in ["1.5", "1.50", "1.500000"] {
        assert_eq!(names(&db, person::samples().any(sample::price().eq(decimal(same)))).await, ["one"]);
        assert_eq!(names(&db, person::amounts().has(decimal(same))).await, ["one"]);
    }
    assert_eq!(names(&db, person::samples().any(sample::prices().has(decimal("2.5")))).await, ["one"]);
    assert_eq!(names(&db, person::samples().any(sample::price().gt(decimal("1.4999")))).await, ["one"]);
    assert_eq!(names(&db, person::samples().any(sample::price().eq(decimal("1.4999")))).await, [""; 0]);
    assert_eq!(names(&db, person::amounts().has(decimal("1.4999"))).await, [""; 0]);
}

#[apply(on_every_database)]
async fn a_list_has_its_elements_of_every_type(at: &Database) {
    let db = db(at).await;
    let (key, moment) = (Uuid::from_u128(7), instant("2024-01-02T03:04:05.000007Z"));
    add(&db, "full", |new| {
        new.nicknames = Some(vec!["Annie".into(), "null".into(), "a\"b\\c\u{1}".into()]);
        new.lucky = Some(vec![7, i64::MAX]);
        new.keys = Some(vec![key]);
        new.instants = Some(vec![moment]);
        new.grades = Some(vec![Grade::High]);
        new.flags = Some(vec![false]);
        new.ratios = Some(vec![0.1 + 0.2, 1e300]);
    })
    .await;
    add(&db, "empty", |_| ()).await;
    let found = async |condition| names(&db, condition).await == ["full"];
    for name in ["Annie", "null", "a\"b\\c\u{1}"] {
        assert!(found(person::nicknames().has(name)).await, "{name:?}");
    }
    assert!(!found(person::nicknames().has("annie")).await);
    assert!(!found(person::nicknames().has("Annie ")).await);
    assert!(found(person::lucky().has(7)).await);
    assert!(found(person::lucky().has(i64::MAX)).await);
    assert!(!found(person::lucky().has(i64::MAX - 1)).await);
    assert!(found(person::keys().has(key)).await);
    assert!(found(person::instants().has(moment)).await);
    assert!(found(person::grades().has(Grade::High)).await);
    assert!(!found(person::grades().has(Grade::Low)).await);
    assert!(found(person::flags().has(false)).await);
    assert!(!found(person::flags().has(true)).await);
    assert!(found(person::ratios().has(0.1 + 0.2)).await);
    assert!(!found(person::ratios().has(0.3)).await);
    assert_eq!(names(&db, !person::lucky().has(7)).await, ["empty"]);
}

#[apply(on_every_database)]
async fn numbers_within_are_equal_to_the_last_digit(at: &Database) {
    let db = db(at).await;
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let random = std::iter::from_fn(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        Some(f64::from_bits(state))
    });
    // No database keeps what lies below the least normal number.
    let numbers: Vec<f64> = random.filter(|number| number.is_normal()).take(40).collect();
    add(&db, "full", |new| new.ratios = Some(numbers.clone())).await;
    for number in numbers {
        assert_eq!(names(&db, person::ratios().has(number)).await, ["full"], "{number:e}");
        let next = f64::from_bits(number.to_bits() + 1);
        assert_eq!(names(&db, person::ratios().has(next)).await, [""; 0], "{next:e}");
    }
}

#[apply(on_every_database)]
async fn rows_are_changed_and_deleted_by_what_lies_within(at: &Database) {
    let db = db(at).await;
    add(&db, "a", |new| new.places = Some(vec![at_home("x")])).await;
    add(&db, "b", |_| ()).await;
    let patch = relata_conformance::embeds::PersonPatch { name: Some("c".into()), ..Default::default() };
    assert_eq!(db.people().patch_where(person::places().any(place::city().eq("x")), patch).await.unwrap(), 1);
    assert_eq!(names(&db, person::home().matches(place::city().eq("a"))).await, ["c"]);
    assert_eq!(db.people().delete_where(person::home().matches(place::city().eq("b"))).await.unwrap(), 1);
    assert_eq!(names(&db, person::all()).await, ["c"]);
}
