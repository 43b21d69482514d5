//! What lies within JSON, as PostgreSQL's operators of `jsonb` read it.

use crate::driver::Documents;
use crate::meta::{Kind, PropertyMeta};

/// `->>` and casts for members, `jsonb_array_elements` for elements.
#[derive(Debug)]
pub(super) struct JsonOperators;

impl Documents for JsonOperators {
    fn member(&self, object: &str, property: &PropertyMeta) -> String {
        let name = property.name;
        if is_document(property) {
            return format!("NULLIF({object} -> '{name}', 'null')");
        }
        typed(&format!("({object} ->> '{name}')"), property)
    }

    fn elements(&self, list: &str, property: &PropertyMeta, alias: usize) -> String {
        let function = match property.kind {
            Kind::Json | Kind::Embedded(_) => "jsonb_array_elements",
            _ => "jsonb_array_elements_text",
        };
        format!("{function}({list}) AS t{alias}(v)")
    }

    fn element(&self, property: &PropertyMeta, alias: usize) -> String {
        let element = format!("t{alias}.v");
        if is_document(property) { element } else { typed(&element, property) }
    }
}

/// Whether the value is JSON itself.
fn is_document(property: &PropertyMeta) -> bool {
    property.list || matches!(property.kind, Kind::Json | Kind::Embedded(_))
}

/// A value in text, as a column has it.
fn typed(text: &str, property: &PropertyMeta) -> String {
    match property.kind {
        Kind::String | Kind::Text | Kind::Enum(_) => format!("({text} COLLATE \"C\")"),
        // In base64, to be asked only whether it is there.
        Kind::Bytes => text.to_owned(),
        _ => format!("{text}::{}", super::catalogue::base_type(property)),
    }
}
