//! PostgreSQL: a server, spoken to by tokio-postgres.
//!
//! Every connection runs one task's statements at a time, except for few that short reads share. Knows nothing of
//! models beyond their descriptions: statements come from above.

use std::sync::Arc;

use crate::Result;
use crate::db::{Replicas, Settings};
use crate::driver::Driver;
use crate::network::replicas::{Node, Replicated};

mod aggregates;
mod arithmetic;
mod capabilities;
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
mod replica;
mod statements;
mod transaction;

pub(crate) use decode::raw;
#[cfg(test)]
pub(crate) use lease::CAPABILITIES;

/// Opens the database that the URL names, and the replicas that are read from.
///
/// # Errors
/// [`Error::Connect`](crate::Error::Connect) when a URL is not understood, the server cannot be connected to, or a
/// replica is none of it.
pub(crate) async fn connect(url: &str, settings: &Settings, replicas: &Replicas) -> Result<Arc<dyn Driver>> {
    let primary = database::Database::open(url, settings).await?;
    if replicas.urls.is_empty() {
        return Ok(Arc::new(primary));
    }
    let mut nodes: Vec<Arc<dyn Node>> = Vec::with_capacity(replicas.urls.len());
    for url in &replicas.urls {
        nodes.push(Arc::new(primary.open_replica(url, settings).await?));
    }
    Ok(Arc::new(Replicated::new(Arc::new(primary), nodes, replicas.stale)))
}

#[cfg(test)]
mod tests;
