//! PostgreSQL: a server, spoken to by tokio-postgres.
//!
//! Every connection runs one task's statements at a time, except for few that short reads share. Knows nothing of
//! models beyond their descriptions: statements come from above.

use std::sync::Arc;

use crate::Result;
use crate::db::Settings;
use crate::driver::Driver;

mod aggregates;
mod arithmetic;
mod catalogue;
mod connect;
mod connection;
mod database;
mod decode;
mod documents;
mod encode;
mod fault;
mod lease;
mod numeric;
mod readers;
mod statements;
mod transaction;

pub(crate) use decode::raw;
#[cfg(test)]
pub(crate) use lease::CAPABILITIES;

/// Opens the database that the URL names.
///
/// # Errors
/// [`Error::Connect`](crate::Error::Connect) when the URL is not understood or the server cannot be connected to.
pub(crate) async fn connect(url: &str, settings: &Settings) -> Result<Arc<dyn Driver>> {
    Ok(Arc::new(database::Database::open(url, settings).await?))
}

#[cfg(test)]
mod tests;
