//! How much of a row's 65,535 bytes each column takes, and which strings are kept outside of it.

use super::{MAX_LENGTH, longest};
use crate::plan::tables::{Column, ColumnKind, Table};

/// Bytes of a row, as the server counts them: every string at its longest.
const MAX_ROW: u64 = 65_535;

/// Bytes of one character at most.
const CHARACTER: u64 = 4;

/// What a value kept outside of the row leaves in it: a length and a pointer.
const OUTSIDE: u64 = 12;

/// Whether a string that would be a `VARCHAR` is kept outside of the row, for the row would be too long: the longest
/// first, of equal ones the first, and none that is part of a key.
pub(super) fn is_moved_out(table: &Table, column: usize) -> bool {
    let whole: u64 = table.columns.iter().map(bytes).sum();
    // A bit for each column that may be NULL, one for the row itself, and the column of live rows.
    let whole = whole + table.columns.len() as u64 / 8 + 2;
    let mut excess = whole.saturating_sub(MAX_ROW);
    let mut strings: Vec<_> = (0..table.columns.len())
        .filter(|at| matches!(table.columns[*at].kind, ColumnKind::String(_)) && !is_part_of_key(table, *at))
        .map(|at| (bytes(&table.columns[at]), at))
        .filter(|(bytes, _)| *bytes > OUTSIDE)
        .collect();
    strings.sort_by_key(|(bytes, at)| (std::cmp::Reverse(*bytes), *at));
    for (bytes, at) in strings {
        if excess == 0 {
            return false;
        }
        if at == column {
            return true;
        }
        excess = excess.saturating_sub(bytes - OUTSIDE);
    }
    false
}

fn is_part_of_key(table: &Table, column: usize) -> bool {
    let keys = std::iter::once(&table.primary_key).chain(&table.uniques).chain(&table.indexes);
    let mut columns = keys.map(|key| &key.columns).chain(table.foreign_keys.iter().map(|key| &key.columns));
    columns.any(|columns| columns.contains(&column))
}

fn bytes(column: &Column) -> u64 {
    match &column.kind {
        ColumnKind::String(length) if *length <= MAX_LENGTH => varying(*length),
        ColumnKind::Enum(values) => varying(longest(values)),
        ColumnKind::String(_) | ColumnKind::Text | ColumnKind::Json | ColumnKind::Bytes => OUTSIDE,
        ColumnKind::Integer | ColumnKind::Number | ColumnKind::DateTime => 8,
        ColumnKind::Int32 => 4,
        ColumnKind::Boolean => 1,
        ColumnKind::Date => 3,
        ColumnKind::Time => 6,
        ColumnKind::Uuid => 16,
        ColumnKind::Decimal(precision, scale) => digits(precision.saturating_sub(*scale)) + digits(*scale),
    }
}

/// A string, and its length in one byte or two.
fn varying(characters: u64) -> u64 {
    let bytes = characters.saturating_mul(CHARACTER);
    bytes + if bytes > 255 { 2 } else { 1 }
}

/// Nine digits in four bytes, what is left over in as few as hold it.
fn digits(count: u8) -> u64 {
    u64::from(count / 9) * 4 + u64::from(count % 9).div_ceil(2)
}
