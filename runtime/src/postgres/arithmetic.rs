//! Numbers as PostgreSQL computes them: by types that refuse what they cannot hold.

use super::catalogue::base_type;
use crate::driver::Arithmetic;
use crate::meta::{Kind, PropertyMeta};

/// Each property is of a type of its own.
#[derive(Debug)]
pub(super) struct Typed;

impl Arithmetic for Typed {
    fn bound(&self, mark: String, property: &PropertyMeta) -> String {
        format!("{mark}::{}", base_type(property))
    }

    /// One more than the type holds.
    fn refusal(&self, column: &str, property: &PropertyMeta) -> String {
        match property.kind {
            Kind::Int32 => format!("{} + (1 + 0 * {column})", i32::MAX),
            Kind::Decimal => format!("1e{} + 0 * {column}", property.precision),
            Kind::Number => format!("1e308::double precision * (10 + 0 * {column})"),
            _ => format!("{} + (1 + 0 * {column})", i64::MAX),
        }
    }

    fn keeps_ranges(&self) -> bool {
        true
    }
}
