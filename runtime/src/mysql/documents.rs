//! What lies within JSON, as the JSON functions of MariaDB and MySQL read it.

use super::server::Flavour;
use crate::driver::Documents;
use crate::meta::{Kind, PropertyMeta};

/// Paths and casts for members, `JSON_TABLE` for elements.
#[derive(Debug)]
pub(super) struct JsonPaths(pub(super) Flavour);

impl Documents for JsonPaths {
    fn member(&self, object: &str, property: &PropertyMeta) -> String {
        let path = format!("'$.\"{}\"'", property.name);
        let Self(flavour) = self;
        match (flavour, is_document(property)) {
            (Flavour::MariaDb, true) => format!("NULLIF(JSON_EXTRACT({object}, {path}), 'null')"),
            (Flavour::MariaDb, false) => self.typed(&format!("JSON_VALUE({object}, {path})"), property),
            (Flavour::MySql, document) => {
                let member = format!("NULLIF(JSON_EXTRACT({object}, {path}), CAST('null' AS JSON))");
                if document { member } else { self.typed(&format!("JSON_UNQUOTE({member})"), property) }
            }
        }
    }

    fn elements(&self, list: &str, property: &PropertyMeta, alias: usize) -> String {
        let ty = match property.kind {
            Kind::Json | Kind::Embedded(_) => "JSON",
            _ => "LONGTEXT CHARACTER SET utf8mb4",
        };
        let list = match self.0 {
            // Before it has read a row of the outer query, MariaDB may ask with an empty text in its place.
            Flavour::MariaDb => format!("NULLIF({list}, '')"),
            Flavour::MySql => list.to_owned(),
        };
        format!("JSON_TABLE({list}, '$[*]' COLUMNS (v {ty} PATH '$')) AS t{alias}")
    }

    fn element(&self, property: &PropertyMeta, alias: usize) -> String {
        let element = format!("t{alias}.v");
        if is_document(property) { element } else { self.typed(&element, property) }
    }
}

impl JsonPaths {
    /// A value in text, as a column has it.
    fn typed(&self, text: &str, property: &PropertyMeta) -> String {
        match property.kind {
            Kind::String | Kind::Text | Kind::Enum(_) => format!("({text} COLLATE {})", self.0.collation()),
            Kind::Integer | Kind::Int32 => format!("CAST({text} AS SIGNED)"),
            Kind::Number => format!("CAST({text} AS DOUBLE)"),
            Kind::Decimal => format!("CAST({text} AS DECIMAL({},{}))", property.precision, property.scale),
            // The one server says 1, the other true.
            Kind::Boolean => format!("({text} IN ('1', 'true'))"),
            Kind::Date => format!("CAST({text} AS DATE)"),
            Kind::Time => format!("CAST({text} AS TIME(6))"),
            // Neither takes the letter that says UTC.
            Kind::DateTime => format!("CAST(REPLACE({text}, 'Z', '') AS DATETIME(6))"),
            Kind::Uuid => format!("UNHEX(REPLACE({text}, '-', ''))"),
            // Bytes are in base64, to be asked only whether they are there.
            Kind::Bytes | Kind::Json | Kind::Embedded(_) => text.to_owned(),
        }
    }
}

/// Whether the value is JSON itself.
fn is_document(property: &PropertyMeta) -> bool {
    property.list || matches!(property.kind, Kind::Json | Kind::Embedded(_))
}
