//! MariaDB and MySQL: servers that speak one protocol, and differ in what their statements may use.
//!
//! A pool of connections, each with a cache of prepared statements; a task has one to itself. Knows nothing of
//! models beyond their descriptions: statements come from above.

use std::sync::Arc;

use crate::Result;
use crate::db::Settings;
use crate::driver::Driver;

mod aggregates;
mod arithmetic;
mod calendar;
mod catalogue;
mod database;
mod documents;
mod fault;
mod insert;
mod lease;
mod lists;
mod open;
mod server;
mod statements;
mod tls;
mod transaction;
mod url;
mod values;

#[cfg(test)]
pub(crate) use server::{MARIADB, MYSQL};
pub(crate) use values::raw;

/// Opens the database that the URL names.
///
/// # Errors
/// [`Error::Connect`](crate::Error::Connect) when the URL is not understood or the server cannot be reached.
pub(crate) async fn connect(url: &str, settings: &Settings) -> Result<Arc<dyn Driver>> {
    let targets = url::parse(url)?;
    let places = targets.each.iter().map(|target| open::Place::new(target, settings)).collect();
    let database = database::Database::open(open::Opener::new(&targets, places), settings).await?;
    Ok(Arc::new(database))
}

#[cfg(test)]
mod tests;
