//! What lies within JSON, as SQLite's JSON functions read it, and what they cannot.

use crate::driver::Documents;
use crate::meta::{Kind, PropertyMeta};

/// `->>` for members, `json_each` for elements.
#[derive(Debug)]
pub(super) struct JsonFunctions;

impl Documents for JsonFunctions {
    fn member(&self, object: &str, property: &PropertyMeta) -> String {
        stored(format!("({object} ->> '$.\"{}\"')", property.name), property)
    }

    fn elements(&self, list: &str, _: &PropertyMeta, alias: usize) -> String {
        format!("json_each({list}) AS t{alias}")
    }

    fn element(&self, property: &PropertyMeta, alias: usize) -> String {
        stored(format!("t{alias}.value"), property)
    }
}

/// A value of JSON in the form in which a column keeps it.
fn stored(value: String, property: &PropertyMeta) -> String {
    match property.kind {
        _ if property.list => value,
        Kind::Uuid => format!("unhex(replace({value}, '-', ''))"),
        Kind::Decimal => format!("{DECIMAL}({value}, {}, {})", property.precision, property.scale),
        _ => value,
    }
}

/// The stored form of a decimal in digits, of that precision and scale.
const DECIMAL: &str = "relata_decimal";

/// Makes the functions known that statements on documents need besides SQLite's own.
#[cfg(feature = "decimal")]
pub(super) fn add_functions(sqlite: &rusqlite::Connection) -> rusqlite::Result<()> {
    use rusqlite::functions::FunctionFlags;
    use rusqlite::types::Value;

    use crate::value::decimal::store;

    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    sqlite.create_scalar_function(DECIMAL, 3, flags, |arguments| {
        let Some(digits) = arguments.get::<Option<String>>(0)? else { return Ok(Value::Null) };
        let property = PropertyMeta {
            kind: Kind::Decimal,
            precision: arguments.get(1)?,
            scale: arguments.get(2)?,
            ..PropertyMeta::EMPTY
        };
        // What is no decimal of the property is no value of it.
        let number = digits.parse().ok().and_then(|number| store(number, &property));
        Ok(number.map_or(Value::Null, Value::from))
    })
}
