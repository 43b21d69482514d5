//! Regular expressions, which SQLite has none of: in a time that grows with the text, and no faster.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error};

use crate::filter::compile;

/// Makes the function known that looks for a pattern in a text.
pub(super) fn add_functions(sqlite: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    sqlite.create_scalar_function("relata_regexp", 2, flags, |arguments| {
        let refused = |error: String| Error::UserFunctionError(error.into());
        // Compiled once for all rows of a statement.
        let pattern = arguments.get_or_create_aux(1, |pattern| {
            let text = pattern.as_str().map_err(|error| error.to_string())?;
            compile(text)
        });
        let pattern = pattern.map_err(|error| refused(error.to_string()))?;
        Ok(match arguments.get_raw(0) {
            ValueRef::Text(text) => std::str::from_utf8(text).ok().map(|text| pattern.is_match(text)),
            _ => None,
        })
    })
}
