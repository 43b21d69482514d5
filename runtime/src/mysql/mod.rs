//! MariaDB and MySQL: servers that speak one protocol, and differ in what their statements may use.
//!
//! A pool of connections, each with a cache of prepared statements; a task has one to itself. Knows nothing of
//! models beyond their descriptions: statements come from above.

use std::sync::{Arc, Mutex};

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
    let target = url::parse(url)?;
    let place = open::Place {
        application_name: target.application_name.clone().or_else(|| settings.application_name.clone()),
        target,
        statement_timeout: settings.statement_timeout,
        server_stops: true,
        busy_timeout: settings.busy_timeout,
        lost: Mutex::default(),
    };
    let database = database::Database::open(place, settings).await?;
    Ok(Arc::new(database))
}

#[cfg(test)]
mod tests;
