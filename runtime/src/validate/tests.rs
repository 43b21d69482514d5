//! Records against the rules of a model.

#[cfg(feature = "json")]
use std::borrow::Cow;

use super::record;
use crate::Error;
use crate::default::Moment;
use crate::meta::{DefaultMeta, EnumMeta, Generated, Kind, ModelMeta, ModelSql, PropertyMeta};
use crate::row::Rows;
use crate::value::Value;

const ROLE: EnumMeta = EnumMeta { name: "Role", values: &["admin", "guest"] };

const fn property(name: &'static str, kind: Kind) -> PropertyMeta {
    PropertyMeta { name, column: name, kind, ..PropertyMeta::EMPTY }
}

fn rows(_: usize) -> Box<dyn Rows> {
    unreachable!("validation reads no rows")
}

fn model(properties: Vec<PropertyMeta>) -> &'static ModelMeta {
    Box::leak(Box::new(ModelMeta {
        name: "Thing",
        table: "things",
        qualified: None,
        datasource: 0,
        properties: properties.leak(),
        key: &[0],
        key_name: "things_pkey",
        version: None,
        soft_delete: None,
        relations: &[],
        uniques: &[],
        foreign_keys: &[],
        dependents: &[],
        sql: ModelSql::NONE,
        rows,
    }))
}

/// Each failure as `property rule`.
fn failures(properties: Vec<PropertyMeta>, values: Vec<Value<'static>>) -> Vec<String> {
    checked(properties, values).err().unwrap_or_default()
}

fn checked(properties: Vec<PropertyMeta>, mut values: Vec<Value<'static>>) -> Result<Vec<Value<'static>>, Vec<String>> {
    match record(model(properties), &mut values, Some(&mut Moment::default())) {
        Ok(()) => Ok(values),
        Err(Error::Validation { model: "Thing", failures }) => Err(failures.iter().map(ToString::to_string).collect()),
        Err(other) => panic!("{other}"),
    }
}

fn text(text: &str) -> Value<'static> {
    Value::Text(text.to_owned().into())
}

#[test]
#[cfg(feature = "json")]
fn json_lies_31_levels_deep_and_no_deeper() {
    let nested = |levels: u32, wrap: fn(serde_json::Value) -> serde_json::Value| {
        (0..levels).fold(serde_json::json!(1), |inner, _| wrap(inner))
    };
    for wrap in [|inner| serde_json::json!([1, inner]), |inner| serde_json::json!({"a": 1, "b": inner})] {
        let said =
            |levels| failures(vec![property("p", Kind::Json)], vec![Value::Json(Cow::Owned(nested(levels, wrap)))]);
        assert_eq!(said(31), [""; 0]);
        for levels in [32, 33, 200] {
            assert_eq!(said(levels), ["p is nested deeper than 31 levels"]);
        }
    }
}

#[test]
fn there_is_one_zero() {
    let values = checked(vec![property("p", Kind::Number)], vec![Value::Real(-0.0)]).unwrap();
    assert!(matches!(values[..], [Value::Real(zero)] if zero.is_sign_positive()));
}

#[test]
fn a_new_record_is_completed() {
    let id = PropertyMeta { required: true, generated: Generated::Database, ..property("id", Kind::Integer) };
    let state =
        PropertyMeta { required: true, default: DefaultMeta::Json("\"new\""), ..property("state", Kind::String) };
    let version = PropertyMeta { required: true, generated: Generated::Version, ..property("version", Kind::Integer) };
    let note = property("note", Kind::Text);
    let values = checked(vec![id, state, version, note], vec![Value::Unset; 4]).unwrap();
    assert_eq!(values, [Value::Unset, text("new"), Value::Int(1), Value::Null]);
}

#[test]
fn every_failure_is_told_at_once() {
    let required = PropertyMeta { required: true, ..property("a", Kind::Integer) };
    let not_null = PropertyMeta { required: true, default: DefaultMeta::Json("1"), ..property("b", Kind::Integer) };
    let narrow = PropertyMeta { maximum: Some("10"), ..property("c", Kind::Int32) };
    let failures = failures(vec![required, not_null, narrow], vec![Value::Unset, Value::Null, Value::Int(1 << 40)]);
    assert_eq!(
        failures,
        ["a is required", "b must not be null", "c is out of the range of 32 bits", "c is greater than 10"]
    );
}

#[test]
fn of_a_patch_only_what_is_given_is_checked() {
    let required = PropertyMeta { required: true, default: DefaultMeta::Json("1"), ..property("a", Kind::Integer) };
    let model = model(vec![required, PropertyMeta { required: true, ..property("b", Kind::Text) }]);
    let mut values = [Value::Unset, text("b")];
    record(model, &mut values, None).unwrap();
    assert_eq!(values[0], Value::Unset);
    let mut values = [Value::Null, Value::Unset];
    assert_eq!(record(model, &mut values, None).unwrap_err().code(), "validation");
}

#[test]
fn lengths_count_characters_and_bytes_count_bytes() {
    let name = PropertyMeta { min_length: Some(2), max_length: Some(4), ..property("name", Kind::String) };
    for (value, broken) in [
        ("ab", None),
        ("abcd", None),
        ("éèàù", None),
        ("😀😀😀😀", None),
        ("a", Some("name is shorter than 2 characters")),
        ("😀", Some("name is shorter than 2 characters")),
        ("abcde", Some("name is longer than 4 characters")),
        ("éèàùx", Some("name is longer than 4 characters")),
    ] {
        assert_eq!(failures(vec![name], vec![text(value)]), Vec::from_iter(broken), "{value}");
    }
    let data = PropertyMeta { max_length: Some(2), ..property("data", Kind::Bytes) };
    assert_eq!(failures(vec![data], vec![Value::Bytes(vec![0; 3].into())]), ["data is longer than 2 bytes"]);
    assert_eq!(failures(vec![data], vec![Value::Bytes(vec![0; 2].into())]), [""; 0]);
}

#[test]
fn what_no_database_keeps_is_refused() {
    assert_eq!(failures(vec![property("t", Kind::Text)], vec![text("a\0b")]), ["t contains a NUL character"]);
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let failures = failures(vec![property("n", Kind::Number)], vec![Value::Real(number)]);
        assert_eq!(failures, ["n is not a finite number"]);
    }
    assert_eq!(failures(vec![property("r", Kind::Enum(&ROLE))], vec![text("root")]), ["r is none of admin, guest"]);
}

#[test]
fn limits_are_exact_beyond_what_floats_hold() {
    let limited = PropertyMeta {
        minimum: Some("-9007199254740993"),
        maximum: Some("9007199254740993"),
        ..property("n", Kind::Integer)
    };
    for (value, count) in [(9_007_199_254_740_993, 0), (9_007_199_254_740_994, 1), (-9_007_199_254_740_994, 1)] {
        assert_eq!(failures(vec![limited], vec![Value::Int(value)]).len(), count, "{value}");
    }
}

#[cfg(feature = "pattern")]
#[test]
fn patterns_are_unanchored_and_the_value_is_not_repeated() {
    let code = PropertyMeta { pattern: Some("[0-9]{2}"), ..property("code", Kind::String) };
    assert_eq!(failures(vec![code], vec![text("a42b")]), [""; 0]);
    assert_eq!(failures(vec![code], vec![text("secret")]), ["code does not match `[0-9]{2}`"]);
}

#[cfg(not(feature = "pattern"))]
#[test]
fn a_pattern_without_its_feature_is_refused() {
    let code = PropertyMeta { pattern: Some("x"), ..property("code", Kind::String) };
    assert!(failures(vec![code], vec![text("x")])[0].contains("the feature `pattern`"));
}

#[cfg(feature = "decimal")]
#[test]
fn decimals_are_brought_to_scale_or_refused() {
    let price = PropertyMeta { precision: 5, scale: 2, maximum: Some("500.00"), ..property("price", Kind::Decimal) };
    let decimal = |text: &str| Value::Decimal(text.parse().unwrap());
    let values = checked(vec![price], vec![decimal("1.5000")]).unwrap();
    assert!(matches!(values[0], Value::Decimal(price) if price.to_string() == "1.50"));
    let wide = ["price has more than 5 digits, or more than 2 after the point"];
    assert_eq!(failures(vec![price], vec![decimal("0.001")]), wide);
    assert_eq!(failures(vec![price], vec![decimal("500.01")]), ["price is greater than 500.00"]);
    assert_eq!(failures(vec![price], vec![decimal("1000")]).len(), 2);
}

#[cfg(feature = "chrono")]
#[test]
fn instants_are_cut_to_microseconds_within_four_digit_years() {
    use chrono::{DateTime, NaiveDate, Timelike};

    let at = property("at", Kind::DateTime);
    let instant = DateTime::from_timestamp(-1, 999_999_999).unwrap();
    let values = checked(vec![at], vec![Value::DateTime(instant)]).unwrap();
    assert!(matches!(values[0], Value::DateTime(at) if at.nanosecond() == 999_999_000 && at.timestamp() == -1));
    let late = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
    let failures = failures(vec![property("on", Kind::Date)], vec![Value::Date(late)]);
    assert_eq!(failures, ["on is not in the years 0001–9999"]);
}

#[cfg(all(feature = "chrono", feature = "uuid"))]
#[test]
fn moments_and_uuids_are_made() {
    let at = PropertyMeta { default: DefaultMeta::Now, ..property("at", Kind::DateTime) };
    let id = PropertyMeta { generated: Generated::Uuid, ..property("id", Kind::Uuid) };
    let values = checked(vec![at, id], vec![Value::Unset, Value::Unset]).unwrap();
    assert!(matches!(&values[..], [Value::DateTime(_), Value::Uuid(id)] if id.get_version_num() == 7));
}

#[cfg(feature = "json")]
mod json {
    use serde_json::json;

    use super::*;
    use crate::meta::EmbeddedMeta;

    const ADDRESS: EmbeddedMeta = EmbeddedMeta {
        name: "Address",
        properties: &[
            PropertyMeta { required: true, max_length: Some(3), ..property("street", Kind::String) },
            PropertyMeta { minimum: Some("1"), ..property("number", Kind::Integer) },
        ],
    };

    fn tree(value: serde_json::Value) -> Value<'static> {
        Value::Json(std::borrow::Cow::Owned(value))
    }

    #[test]
    fn elements_are_checked_one_by_one() {
        let tags = PropertyMeta { list: true, required: true, max_length: Some(2), ..property("tags", Kind::String) };
        assert_eq!(
            failures(vec![tags], vec![tree(json!(["ab", "abc", "d\0"]))]),
            ["tags[1] is longer than 2 characters", "tags[2] contains a NUL character"]
        );
        assert_eq!(checked(vec![tags], vec![Value::Unset]).unwrap(), [tree(json!([]))]);
        let numbers = PropertyMeta { maximum: Some("5"), ..PropertyMeta { kind: Kind::Int32, ..tags } };
        assert_eq!(
            failures(vec![numbers], vec![tree(json!([5, 6, "x"]))]),
            ["tags[1] is greater than 5", "tags[2] is not of its type"]
        );
    }

    #[test]
    fn embedded_values_are_checked_inside() {
        let address = property("address", Kind::Embedded(&ADDRESS));
        assert_eq!(
            failures(vec![address], vec![tree(json!({ "street": "long", "number": 0 }))]),
            ["address.street is longer than 3 characters", "address.number is less than 1"]
        );
        assert_eq!(failures(vec![address], vec![tree(json!({ "number": null }))]), ["address.street is missing"]);
    }

    #[test]
    fn nul_is_found_anywhere_in_json() {
        let any = property("any", Kind::Json);
        for value in [json!("\0"), json!([{ "a": ["\0"] }]), json!({ "\0": 1 })] {
            assert_eq!(failures(vec![any], vec![tree(value)]), ["any contains a NUL character"]);
        }
        assert_eq!(failures(vec![any], vec![tree(json!({ "a": [1.5, null, true] }))]), [""; 0]);
    }
}
