//! SQLite: an embedded database, called on a thread of this program.
//!
//! One connection writes, the others read, as SQLite itself has it; an in-memory database has one connection
//! for everything. Knows nothing of models beyond their descriptions: statements come from above.

use std::sync::Arc;

use rusqlite::types::ValueRef;

use crate::Result;
use crate::db::Settings;
use crate::driver::Driver;
use crate::value::Raw;

mod aggregates;
mod arithmetic;
mod catalogue;
mod database;
mod documents;
mod execution;
mod fault;
mod lease;
mod limit;
mod open;
#[cfg(feature = "pattern")]
mod regexp;
mod transaction;
mod url;
mod workers;

#[cfg(test)]
pub(crate) use lease::CAPABILITIES;

pub use execution::SqliteExecution;

/// Opens the database that the URL names.
///
/// # Errors
/// [`Error::Connect`](crate::Error::Connect) when the URL is not understood or the file cannot be opened.
pub(crate) async fn connect(url: &str, settings: &Settings) -> Result<Arc<dyn Driver>> {
    let location = url::parse(url)?;
    let database = database::Database::open(location, settings).await?;
    Ok(Arc::new(database))
}

/// The stored value at `index` of the current row.
#[inline]
pub(crate) fn raw<'r>(row: &'r rusqlite::Row<'_>, index: usize) -> Raw<'r> {
    match row.get_ref(index) {
        Ok(ValueRef::Integer(value)) => Raw::Int(value),
        Ok(ValueRef::Text(value)) => Raw::Text(value),
        Ok(ValueRef::Real(value)) => Raw::Real(value),
        Ok(ValueRef::Blob(value)) => Raw::Bytes(value),
        // A column that the statement does not have reads as NULL, as in an outer join.
        Ok(ValueRef::Null) | Err(_) => Raw::Null,
    }
}

#[cfg(test)]
mod tests;
