//! Numbers as MariaDB and MySQL compute them in strict mode, which every connection is in: what a column cannot hold
//! is refused.

use crate::driver::Arithmetic;
use crate::meta::{Kind, PropertyMeta};

/// Nothing is cut to what a column can hold.
#[derive(Debug)]
pub(super) struct Strict;

impl Arithmetic for Strict {
    /// A decimal is bound as text, which by itself would be computed with as a double.
    fn bound(&self, mark: String, property: &PropertyMeta) -> String {
        match property.kind {
            Kind::Decimal => format!("CAST({mark} AS DECIMAL({}, {}))", property.precision, property.scale),
            _ => mark,
        }
    }

    /// A double that is too large, by which the type of what stands beside it does not change.
    fn refusal(&self, column: &str, property: &PropertyMeta) -> String {
        let refusal = format!("EXP(1000 + 0 * {column})");
        match property.kind {
            Kind::Decimal => format!("CAST({refusal} AS DECIMAL({}, {}))", property.precision, property.scale),
            Kind::Number => refusal,
            _ => format!("CAST({refusal} AS SIGNED)"),
        }
    }

    fn keeps_ranges(&self) -> bool {
        true
    }
}
