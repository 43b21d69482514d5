//! Which servers a program lets its reads go to besides the one that it writes to.

use super::{Builder, Schema, known, position};

/// The replicas of one datasource.
#[derive(Debug, Default)]
pub(crate) struct Replicas {
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "the other databases have none"))]
    pub(crate) urls: Vec<String>,
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "the other databases have none"))]
    pub(crate) stale: bool,
}

impl<R: Schema> Builder<R> {
    /// A server that follows the one at [`url`](Self::url) and that reads may go to; several may be given, and take
    /// turns. For PostgreSQL with streaming replication; for other databases it is `connect`.
    ///
    /// Reads outside of transactions go there: rows, counts, aggregates, streams and what is included. Writes,
    /// transactions, locks, and statements of the program's own go to the primary.
    ///
    /// What was written through this `Db` or its clones is always seen: after a write, reads go to the primary until the
    /// replica has got as far, which takes as long as the replica lags behind. What others write is seen when the replica
    /// has it. See [`stale_reads`](Self::stale_reads).
    ///
    /// Where a replica is gone or refuses, the read runs on the primary, and the replica is tried again two seconds
    /// later. One that is not to be reached by `connect` is tried later too. Each replica has connections of its own, as
    /// many as the primary at most.
    ///
    /// The URL names one server itself: no pooler, and no name that leads to several in turn.
    ///
    /// ```ignore
    /// let db = Db::builder()
    ///     .url("postgres://shop@primary/shop")
    ///     .read_replica("postgres://shop@replica-1/shop")
    ///     .read_replica("postgres://shop@replica-2/shop")
    ///     .connect()
    ///     .await?;
    /// ```
    #[must_use]
    pub fn read_replica(self, url: impl Into<String>) -> Self {
        match R::META.datasources {
            [only] => self.read_replica_of(only.name, url),
            _ => self.mistaken(|| {
                format!(
                    "a read replica was given for a schema of several datasources: {}; say whose it is by \
                     `.read_replica_of(name, url)`",
                    known::<R>()
                )
            }),
        }
    }

    /// The same for the datasource of that name, for schemas of several.
    #[must_use]
    pub fn read_replica_of(mut self, datasource: &str, url: impl Into<String>) -> Self {
        match position::<R>(datasource) {
            Err(message) => self.mistaken(|| message),
            Ok(at) => {
                self.replicas[at].urls.push(url.into());
                self
            }
        }
    }

    /// Whether reads go to replicas even where those lack what was written just before; they do not unless said. For all
    /// datasources.
    ///
    /// Reads then never go to the primary for the sake of what was written, and may miss the program's own writes. A
    /// replica of which it is not known that it follows the primary is not read from.
    #[must_use]
    pub fn stale_reads(mut self, stale: bool) -> Self {
        for replicas in &mut self.replicas {
            replicas.stale = stale;
        }
        self
    }
}
