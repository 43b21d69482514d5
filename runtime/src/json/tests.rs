//! Values out and in, and what is refused.

use serde::de::DeserializeSeed;
use serde_json::json;

use super::{Given, Json, from_text};
use crate::meta::{EnumMeta, Kind, PropertyMeta};
use crate::value::Value;

const ROLE: EnumMeta = EnumMeta { name: "Role", values: &["admin", "guest"] };

fn of(kind: Kind) -> PropertyMeta {
    PropertyMeta { name: "x", kind, required: true, ..PropertyMeta::EMPTY }
}

fn read(property: &PropertyMeta, json: &serde_json::Value) -> Result<Value<'static>, String> {
    Given(property).deserialize(json).map_err(|error| error.to_string())
}

fn there_and_back(kind: Kind, value: &Value<'static>, json: &serde_json::Value) {
    assert_eq!(serde_json::to_value(Json(value)).unwrap(), *json);
    assert_eq!(read(&of(kind), json).unwrap(), *value);
    // As text too, where numbers and strings are not trees yet.
    let text = json.to_string();
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    assert_eq!(Given(&of(kind)).deserialize(&mut deserializer).unwrap(), *value);
}

#[test]
fn every_type_there_and_back() {
    there_and_back(Kind::Integer, &Value::Int(i64::MIN), &json!(i64::MIN));
    there_and_back(Kind::Integer, &Value::Int(i64::MAX), &json!(i64::MAX));
    there_and_back(Kind::Int32, &Value::Int(-5), &json!(-5));
    there_and_back(Kind::Number, &Value::Real(0.1), &json!(0.1));
    there_and_back(Kind::Boolean, &Value::Bool(true), &json!(true));
    there_and_back(Kind::Text, &Value::Text("é\"\n".into()), &json!("é\"\n"));
    there_and_back(Kind::Bytes, &Value::Bytes(vec![0, 255, 16].into()), &json!("AP8Q"));
    there_and_back(Kind::Enum(&ROLE), &Value::Text("guest".into()), &json!("guest"));
}

#[cfg(all(feature = "chrono", feature = "decimal", feature = "uuid"))]
#[test]
fn types_of_other_crates_are_strings() {
    use chrono::{DateTime, NaiveDate, NaiveTime};

    let instant = DateTime::from_timestamp_micros(1_704_164_645_123_456).unwrap();
    there_and_back(Kind::DateTime, &Value::DateTime(instant), &json!("2024-01-02T03:04:05.123456Z"));
    there_and_back(Kind::Date, &Value::Date(NaiveDate::from_ymd_opt(1, 2, 3).unwrap()), &json!("0001-02-03"));
    there_and_back(Kind::Time, &Value::Time(NaiveTime::MIN), &json!("00:00:00.000000"));
    let uuid = uuid::Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);
    there_and_back(Kind::Uuid, &Value::Uuid(uuid), &json!("67e55044-10b1-426f-9247-bb680e5fe0c8"));
    let decimal: rust_decimal::Decimal = "-12.340".parse().unwrap();
    assert_eq!(serde_json::to_value(Json(&Value::Decimal(decimal))).unwrap(), json!("-12.340"));
    assert_eq!(read(&of(Kind::Decimal), &json!("-12.34")).unwrap(), Value::Decimal(decimal));
    assert_eq!(read(&of(Kind::Decimal), &json!(5)).unwrap(), Value::Decimal(5.into()));
    let offset = json!("2024-01-02T05:04:05.123456+02:00");
    assert_eq!(read(&of(Kind::DateTime), &offset).unwrap(), Value::DateTime(instant));
}

#[test]
fn what_does_not_fit_is_named_and_not_repeated() {
    for (kind, json, error) in [
        (Kind::Integer, json!("5"), "`x` must be an integer, not a string"),
        (Kind::Integer, json!(5.0), "`x` must be an integer, not a number with a fraction or exponent"),
        (Kind::Integer, json!(u64::MAX), "`x` must be an integer, not a larger one"),
        (Kind::Integer, json!(null), "`x` must be an integer, not null"),
        (Kind::Int32, json!(1_u64 << 31), "`x` must be an integer of 32 bits, not a larger one"),
        (Kind::Boolean, json!(1), "`x` must be true or false, not a number"),
        (Kind::Boolean, json!("true"), "`x` must be true or false, not a string"),
        (Kind::Text, json!(1), "`x` must be a string, not a number"),
        (Kind::Text, json!({ "$ne": null }), "`x` must be a string, not an object"),
        (Kind::Text, json!(["a"]), "`x` must be a string, not a list"),
        (Kind::Text, json!(true), "`x` must be a string, not true or false"),
        (Kind::Enum(&ROLE), json!("root"), "`x` must be one of admin, guest, not another string"),
        (Kind::Bytes, json!("secret!"), "`x` must be base64, not another string"),
        (Kind::Decimal, json!(1.5), "`x` must be a decimal, written as a string, not a number with a fraction"),
    ] {
        assert_eq!(read(&of(kind), &json).unwrap_err(), error);
    }
}

#[test]
fn null_is_for_optional_properties() {
    let optional = PropertyMeta { required: false, ..of(Kind::Integer) };
    assert_eq!(read(&optional, &json!(null)).unwrap(), Value::Null);
}

#[test]
fn text_is_read_by_the_type() {
    assert_eq!(from_text("-7", &of(Kind::Integer)), Ok(Value::Int(-7)));
    assert_eq!(from_text("1.5", &of(Kind::Number)), Ok(Value::Real(1.5)));
    assert_eq!(from_text("7", &of(Kind::Text)), Ok(Value::Text("7".into())));
    assert_eq!(from_text("admin", &of(Kind::Enum(&ROLE))), Ok(Value::Text("admin".into())));
    assert_eq!(from_text("seven", &of(Kind::Integer)), Err("an integer"));
    assert_eq!(from_text("NaN", &of(Kind::Number)), Err("a number"));
    assert_eq!(from_text("TRUE", &of(Kind::Boolean)), Err("true or false"));
}

#[cfg(feature = "json")]
mod trees {
    use super::*;
    use crate::meta::{DefaultMeta, EmbeddedMeta};
    use crate::row::Row;
    use crate::value::embedded::{self, Embedded};
    use crate::value::{Mismatch, Raw, Type};

    #[derive(Debug, Clone, PartialEq)]
    struct Address {
        street: String,
        number: Option<i64>,
        tags: Vec<String>,
    }

    impl Embedded for Address {
        const META: &'static EmbeddedMeta = &EmbeddedMeta {
            name: "Address",
            properties: &[
                PropertyMeta { name: "street", kind: Kind::Text, required: true, ..PropertyMeta::EMPTY },
                PropertyMeta { name: "number", kind: Kind::Integer, ..PropertyMeta::EMPTY },
                PropertyMeta { name: "tags", kind: Kind::Text, list: true, required: true, ..PropertyMeta::EMPTY },
            ],
        };

        fn value(&self, property: usize) -> Value<'_> {
            match property {
                0 => self.street.to_value(),
                1 => self.number.to_value(),
                _ => self.tags.to_value(),
            }
        }

        fn from_row(row: &mut Row<'_>) -> Result<Self, Mismatch> {
            Ok(Self { street: row.get(0)?, number: row.get(1)?, tags: row.get(2)? })
        }
    }

    impl Type for Address {
        fn to_value(&self) -> Value<'_> {
            embedded::to_value(self)
        }

        fn into_value(self) -> Value<'static> {
            embedded::to_value(&self)
        }

        fn from_value(value: Value<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
            embedded::from_value(&value, property)
        }

        fn from_raw(raw: Raw<'_>, property: &PropertyMeta) -> Result<Self, Mismatch> {
            embedded::from_raw(raw, property)
        }
    }

    fn address() -> Address {
        Address { street: "Bifröst".to_owned(), number: None, tags: vec!["bridge".to_owned()] }
    }

    #[test]
    fn embedded_values_there_and_back() {
        let property = of(Kind::Embedded(Address::META));
        let tree = json!({ "street": "Bifröst", "number": null, "tags": ["bridge"] });
        let value = address().into_value();
        assert_eq!(serde_json::to_value(Json(&value)).unwrap(), tree);
        assert_eq!(Address::from_value(value, &property).unwrap(), address());
        assert_eq!(Address::from_raw(Raw::Text(tree.to_string().as_bytes()), &property).unwrap(), address());
        let list = PropertyMeta { list: true, ..property };
        let text = json!([tree, tree]).to_string();
        assert_eq!(Vec::<Address>::from_raw(Raw::Text(text.as_bytes()), &list).unwrap(), [address(), address()]);
        assert_eq!(vec![address()].into_value(), Value::Json(std::borrow::Cow::Owned(json!([tree]))));
    }

    #[test]
    fn what_is_given_to_an_embedded_value_is_checked() {
        let property = of(Kind::Embedded(Address::META));
        let given = json!({ "street": "a" });
        let complete = json!({ "street": "a", "number": null, "tags": [] });
        assert_eq!(read(&property, &given).unwrap(), Value::Json(std::borrow::Cow::Owned(complete)));
        for (json, error) in [
            (json!({ "number": 1 }), "`street` is missing"),
            (json!({ "street": "a", "number": "1" }), "`number` must be an integer, not a string"),
            (json!({ "street": "a", "zip": 1 }), "an unknown property; what is known is `street`, `number`, `tags`"),
            (json!({ "street": "a", "tags": [1] }), "`tags` must be a string, not a number"),
            (json!("a"), "`x` must be an object, not a string"),
        ] {
            assert_eq!(read(&property, &json).unwrap_err(), error);
        }
        let twice = r#"{ "street": "a", "street": "b" }"#;
        let mut deserializer = serde_json::Deserializer::from_str(twice);
        let error = Given(&property).deserialize(&mut deserializer).unwrap_err().to_string();
        assert!(error.starts_with("`street` is given twice"), "{error}");
    }

    #[test]
    fn what_an_older_schema_stored_is_passed_over() {
        let property = of(Kind::Embedded(Address::META));
        let stored = r#"{ "street": "a", "gone": { "x": [1] }, "tags": [] }"#;
        assert_eq!(Address::from_raw(Raw::Text(stored.as_bytes()), &property).unwrap().street, "a");
        for broken in ["", "[]", "{", r#"{ "street": 5, "tags": [] }"#, r#"{ "tags": [] }"#] {
            assert!(Address::from_raw(Raw::Text(broken.as_bytes()), &property).is_err(), "{broken}");
        }
    }

    #[test]
    fn lists_are_strict_about_their_elements() {
        let list = PropertyMeta { list: true, ..of(Kind::Integer) };
        assert!(read(&list, &json!([1, 2])).is_ok());
        for json in [json!([1, "2"]), json!([null]), json!(1), json!("[1]"), json!(null), json!({})] {
            assert!(read(&list, &json).is_err(), "{json}");
        }
        for text in ["[1,]", "[1] x", "1", "[1.5]", ""] {
            assert!(Vec::<i64>::from_raw(Raw::Text(text.as_bytes()), &list).is_err(), "{text}");
        }
    }

    #[test]
    fn any_json_is_kept_as_it_is() {
        let tree = json!({ "a": [1, -1, 1.5, u64::MAX, "s", true, null, { "b": {} }] });
        assert_eq!(read(&of(Kind::Json), &tree).unwrap(), Value::Json(std::borrow::Cow::Owned(tree)));
        let null = Value::Json(std::borrow::Cow::Owned(json!(null)));
        assert_eq!(read(&of(Kind::Json), &json!(null)).unwrap(), null);
        let default = PropertyMeta { default: DefaultMeta::Json(r#"{ "a": 1 }"#), ..of(Kind::Json) };
        let value = crate::default::value(&default, &mut crate::default::Moment::default()).unwrap();
        assert_eq!(value, Value::Json(std::borrow::Cow::Owned(json!({ "a": 1 }))));
    }
}
