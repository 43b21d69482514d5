//! Keys of every type: ids, foreign keys, constrained repositories, and inclusion by each of them.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::keys::{
    AllChild, ByAll, Db, NewByAll, NewByBoolean, NewByDate, NewByDecimal, NewByEnum, NewByInt32, NewByInteger,
    NewByMoment, NewByOdd, NewByString, NewByTime, NewByUuid, NewByWideDecimal, Odd, Region, all_child, boolean_child,
    by_all, by_boolean, by_date, by_decimal, by_enum, by_int32, by_integer, by_moment, by_odd, by_string, by_time,
    by_uuid, by_wide_decimal, date_child, decimal_child, enum_child, int32_child, integer_child, moment_child,
    odd_child, string_child, time_child, uuid_child, wide_decimal_child,
};
use relata_conformance::on_every_database;

use crate::support::code;

/// Two parents with two children and one: reached, included in both directions, cut for each parent, asked about.
macro_rules! relates {
    ($test:ident, $first:expr, $second:expr, $parents:ident, $children:ident, $parent:ident, $child:ident) => {
        #[apply(on_every_database)]
        async fn $test(at: &Database) {
            let db: Db = at.open().await.unwrap();
            let first = db.$parents().create($first).await.unwrap();
            let second = db.$parents().create($second).await.unwrap();
            for (parent, n) in [(&first, 2), (&second, 1)] {
                let new = (0..n).map(|_| $parent::NewChild::new());
                assert_eq!(db.$parents().children(parent).create_many(new).await.unwrap().len(), n);
            }
            assert_eq!(db.$parents().get(first.id.clone()).await.unwrap(), first);
            assert_eq!(db.$parents().find_by_id(second.id.clone()).await.unwrap(), Some(second.clone()));
            assert_eq!(db.$parents().children(first.id.clone()).count($child::all()).await.unwrap(), 2);
            for (scope, counts) in [($parent::children(), [2, 1]), ($parent::children().limit(1), [1, 1])] {
                let parents = db.$parents().find().order_by($parent::id()).include(scope).await.unwrap();
                assert_eq!(parents.iter().map(|row| row.children.len()).collect::<Vec<_>>(), counts);
            }
            let children = db.$children().find().order_by($child::id()).include($child::$parent()).await.unwrap();
            let parents: Vec<_> = children.iter().map(|row| row.$parent.clone().unwrap()).collect();
            assert_eq!(parents, [first.clone(), first.clone(), second.clone()]);
            assert_eq!(db.$children().$parent(3).await.unwrap(), Some(second.clone()));
            let of_second = $child::$parent().matches($parent::id().is_in([second.id.clone()]));
            assert_eq!(db.$children().count(of_second).await.unwrap(), 1);
            assert_eq!(code(db.$parents().delete_by_id(first.id.clone()).await), "foreign_key");
            assert_eq!(db.$parents().children(&first).delete($child::all()).await.unwrap(), 2);
            db.$parents().delete_by_id(first.id.clone()).await.unwrap();
            let missing = db.$parents().get(first.id.clone()).await.unwrap_err().to_string();
            assert!(missing.starts_with("there is no ") && !missing.ends_with('?'), "{missing}");
        }
    };
}

relates!(uuid, NewByUuid::new("a"), NewByUuid::new("b"), by_uuids, uuid_children, by_uuid, uuid_child);
relates!(
    string,
    NewByString::new("'; --"),
    NewByString::new("🦀 \" %"),
    by_strings,
    string_children,
    by_string,
    string_child
);
relates!(
    string_with_a_blank,
    NewByString::new("a"),
    NewByString::new("a "),
    by_strings,
    string_children,
    by_string,
    string_child
);
relates!(
    string_in_capitals,
    NewByString::new("A"),
    NewByString::new("a"),
    by_strings,
    string_children,
    by_string,
    string_child
);
relates!(
    string_of_combining_characters,
    NewByString::new("e\u{301}"),
    NewByString::new("\u{e9}"),
    by_strings,
    string_children,
    by_string,
    string_child
);
relates!(
    string_of_full_length,
    NewByString::new(format!("{}a", "🦀".repeat(254))),
    NewByString::new(format!("{}b", "🦀".repeat(254))),
    by_strings,
    string_children,
    by_string,
    string_child
);
relates!(
    integer,
    NewByInteger::new(i64::MIN),
    NewByInteger::new(i64::MAX),
    by_integers,
    integer_children,
    by_integer,
    integer_child
);
relates!(int32, NewByInt32::new(i32::MIN), NewByInt32::new(i32::MAX), by_int32s, int32_children, by_int32, int32_child);
relates!(
    time,
    NewByTime::new("00:00:00".parse().unwrap()),
    NewByTime::new("23:59:59.999999".parse().unwrap()),
    by_times,
    time_children,
    by_time,
    time_child
);
relates!(
    datetime_at_the_extremes,
    NewByMoment::new("0001-01-01T00:00:00Z".parse().unwrap()),
    NewByMoment::new("9999-12-31T23:59:59.999999Z".parse().unwrap()),
    by_moments,
    moment_children,
    by_moment,
    moment_child
);
relates!(
    enumeration_with_quotes,
    NewByOdd::new(Odd::Quote),
    NewByOdd::new(Odd::Blank),
    by_odds,
    odd_children,
    by_odd,
    odd_child
);
relates!(
    date,
    NewByDate::new("0001-01-01".parse().unwrap()),
    NewByDate::new("9999-12-31".parse().unwrap()),
    by_dates,
    date_children,
    by_date,
    date_child
);
relates!(
    datetime,
    NewByMoment::new("2024-01-01T00:00:00Z".parse().unwrap()),
    NewByMoment::new("2024-01-01T00:00:00.000001Z".parse().unwrap()),
    by_moments,
    moment_children,
    by_moment,
    moment_child
);
relates!(
    decimal,
    NewByDecimal::new("-1.5".parse().unwrap()),
    NewByDecimal::new("1.5000".parse().unwrap()),
    by_decimals,
    decimal_children,
    by_decimal,
    decimal_child
);
relates!(
    wide_decimal,
    NewByWideDecimal::new("-999999999999999999999999.9999".parse().unwrap()),
    NewByWideDecimal::new("999999999999999999999999.9999".parse().unwrap()),
    by_wide_decimals,
    wide_decimal_children,
    by_wide_decimal,
    wide_decimal_child
);
relates!(
    enumeration,
    NewByEnum::new(Region::North),
    NewByEnum::new(Region::South),
    by_enums,
    enum_children,
    by_enum,
    enum_child
);
relates!(
    boolean,
    NewByBoolean::new(false),
    NewByBoolean::new(true),
    by_booleans,
    boolean_children,
    by_boolean,
    boolean_child
);

fn by_all(n: i64) -> NewByAll {
    NewByAll::new(
        n,
        -1,
        format!("t'{n}"),
        "01234567-89ab-cdef-0123-456789abcdef".parse().unwrap(),
        "2024-02-29".parse().unwrap(),
        "01:02:03.000004".parse().unwrap(),
        "2024-01-01T00:00:00.000001Z".parse().unwrap(),
        "-12.50".parse().unwrap(),
    )
}

#[apply(on_every_database)]
async fn a_key_of_eight_parts_of_every_type(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let [first, second]: [ByAll; 2] =
        db.by_alls().create_many([by_all(1), by_all(2)]).await.unwrap().try_into().unwrap();
    let new = |rank| by_all::NewChild::new(rank);
    db.by_alls().children(&first).create_many([new(1), new(2), new(3)]).await.unwrap();
    db.by_alls().children(&second).create(new(4)).await.unwrap();

    let id =
        |row: &ByAll| (row.number, row.small, row.text.clone(), row.uuid, row.date, row.time, row.moment, row.amount);
    assert_eq!(db.by_alls().get(id(&first)).await.unwrap(), first);
    assert_eq!(code(db.by_alls().create(by_all(1)).await), "conflict");
    let ranks = |rows: &[AllChild]| rows.iter().map(|row| row.rank).collect::<Vec<_>>();
    let scope = || by_all::children().order_by(all_child::rank().desc());
    for (scope, expected) in [(scope(), [vec![3, 2, 1], vec![4]]), (scope().limit(2), [vec![3, 2], vec![4]])] {
        let rows = db.by_alls().find().order_by(by_all::number()).include(scope).await.unwrap();
        assert_eq!(rows.iter().map(|row| ranks(&row.children)).collect::<Vec<_>>(), expected);
    }
    let children = db.all_children().find().order_by(all_child::id()).include(all_child::by_all()).await.unwrap();
    assert_eq!(children[3].by_all.as_ref(), Some(&second));
    assert_eq!(db.by_alls().children(id(&first)).count(all_child::all()).await.unwrap(), 3);
    assert_eq!(db.by_alls().count(by_all::children().any(all_child::rank().eq(4))).await.unwrap(), 1);
    db.by_alls().delete_by_id(id(&second)).await.unwrap_err();
}

#[apply(on_every_database)]
async fn a_key_that_no_row_can_have_is_no_rows(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.by_strings().create(NewByString::new("a")).await.unwrap();
    db.by_decimals().create(NewByDecimal::new("1.0000".parse().unwrap())).await.unwrap();
    db.by_dates().create(NewByDate::new("2024-01-01".parse().unwrap())).await.unwrap();
    db.by_moments().create(NewByMoment::new("2024-01-01T00:00:00.000001Z".parse().unwrap())).await.unwrap();

    assert_eq!(code(db.by_strings().get("a\0").await), "not_found");
    assert_eq!(db.by_strings().find_by_id("a\0b").await.unwrap(), None);
    assert_eq!(db.by_strings().children("a\0").find().await.unwrap(), []);
    assert_eq!(code(db.by_strings().children("a\0").create(by_string::NewChild::new()).await), "validation");
    assert_eq!(code(db.by_strings().delete_by_id("a\0").await), "not_found");
    for fine in ["1.00001", "123456789", "1e20"] {
        let fine = rust_decimal::Decimal::from_scientific(fine).or(fine.parse()).unwrap();
        assert_eq!(db.by_decimals().find_by_id(fine).await.unwrap(), None, "{fine}");
        assert_eq!(code(db.by_decimals().delete_by_id(fine).await), "not_found");
        assert_eq!(db.by_decimals().children(fine).find().await.unwrap(), []);
    }
    let far = chrono::NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
    assert_eq!(db.by_dates().find_by_id(far).await.unwrap(), None);
    assert_eq!(code(db.by_dates().delete_by_id(far).await), "not_found");
    let cut: chrono::DateTime<chrono::Utc> = "2024-01-01T00:00:00.000001500Z".parse().unwrap();
    assert!(db.by_moments().find_by_id(cut).await.unwrap().is_some(), "as it would have been stored");
    let far = far.and_time(chrono::NaiveTime::MIN).and_utc();
    assert_eq!(db.by_moments().find_by_id(far).await.unwrap(), None);
    assert_eq!(code(db.by_moments().delete_by_id(far).await), "not_found");
}
