//! The pool of connections: at most so many, made when they are needed, served in the order of asking.
//!
//! Waiting for a connection and making one are measured apart, and are different errors. A connection is not
//! asked whether it lives before it is handed out: that would cost a round trip a call, and could be outdated.

use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{
    Manager, Metrics, Object, Pool as Deadpool, PoolConfig, PoolError, QueueMode, RecycleError, RecycleResult, Timeouts,
};

use super::home::Home;
use crate::deadline::{self, Deadline};
use crate::observe::{InUse, Made, PoolMeter};
use crate::{Error, Result};

/// Makes connections to one database.
pub(crate) trait Connector: Send + Sync + 'static {
    /// What it makes.
    type Connection: Send + 'static;

    /// Makes one more, within that time.
    ///
    /// # Errors
    /// [`Error::Connect`] that names the database and says why.
    fn connect(&self, limit: Duration) -> impl Future<Output = Result<Self::Connection>> + Send;

    /// Whether a connection that came back can be used again; asked without a round trip.
    fn is_usable(&self, connection: &mut Self::Connection) -> bool;

    /// The database, as messages name it; without a password.
    fn place(&self) -> String;
}

/// A pool of at most so many connections.
pub(crate) struct Pool<C: Connector> {
    connections: Deadpool<Maker<C>>,
    patience: Duration,
    meter: PoolMeter,
}

/// What the pool is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) connections: usize,
    /// How long a call waits for a connection in use.
    pub(crate) pool_timeout: Duration,
    /// How long making one may take.
    pub(crate) connect_timeout: Duration,
}

/// A connection, and where it lives.
pub(crate) struct Homed<T> {
    connection: T,
    home: Home,
    _made: Made,
}

struct Maker<C> {
    connector: C,
    connect_timeout: Duration,
    meter: PoolMeter,
}

impl<C: Connector> Maker<C> {
    async fn make(&self) -> Result<Homed<C::Connection>> {
        let home = Home::here();
        // Seldom run and large: boxed, so that what is moved around by value with every call is small.
        let connection = Box::pin(self.connector.connect(self.connect_timeout)).await?;
        Ok(Homed { connection, home, _made: self.meter.made() })
    }
}

impl<C: Connector> Manager for Maker<C> {
    type Type = Homed<C::Connection>;
    type Error = Error;

    async fn create(&self) -> Result<Self::Type> {
        self.make().await
    }

    async fn recycle(&self, homed: &mut Self::Type, _: &Metrics) -> RecycleResult<Error> {
        if homed.home.serves_here() && self.connector.is_usable(&mut homed.connection) {
            Ok(())
        } else {
            Err(RecycleError::message("of no use any more"))
        }
    }
}

impl<C: Connector> Pool<C> {
    /// An empty pool.
    pub(crate) fn new(connector: C, limits: Limits) -> Self {
        let mut config = PoolConfig::new(limits.connections.max(1));
        config.timeouts = Timeouts { wait: Some(limits.pool_timeout), create: None, recycle: None };
        // The one that was used last has the warmest caches.
        config.queue_mode = QueueMode::Lifo;
        let meter = PoolMeter::new(connector.place(), limits.connections.max(1));
        let maker = Maker { connector, connect_timeout: limits.connect_timeout, meter: meter.clone() };
        let built = Deadpool::builder(maker).config(config).runtime(Runtime::Tokio1).build();
        Self { connections: built.expect("timeouts have a runtime"), patience: limits.pool_timeout, meter }
    }

    /// A connection for one caller, when there is one to be had.
    ///
    /// # Errors
    /// [`Error::PoolTimeout`] after the pool's patience; what making one reports.
    pub(crate) async fn acquire(&self) -> Result<Held<C>> {
        let asked = self.meter.asks();
        match self.connections.get().await {
            Ok(object) => Ok(Held(object, asked.served())),
            Err(PoolError::Backend(error)) => Err(error),
            Err(PoolError::Timeout(_)) => Err(self.timed_out()),
            Err(other) => {
                Err(Error::Unavailable { message: format!("no connection to {}: {other}", self.connector().place()) })
            }
        }
    }

    /// The same, in time.
    ///
    /// # Errors
    /// `timeout`, where the deadline passes before.
    pub(crate) async fn acquire_by(&self, deadline: Option<Deadline>) -> Result<Held<C>> {
        match deadline {
            None => self.acquire().await,
            // Boxed, as above.
            Some(_) => self.in_time(deadline, Box::pin(self.acquire()).as_mut()).await,
        }
    }

    /// What is waited for is a connection of this pool.
    ///
    /// # Errors
    /// `timeout`, where the deadline passes before.
    pub(crate) async fn in_time<T>(
        &self,
        deadline: Option<Deadline>,
        connection: Pin<&mut impl Future<Output = Result<T>>>,
    ) -> Result<T> {
        let what = || format!("a connection to {}", self.connector().place());
        deadline::within(deadline, what, connection).await
    }

    pub(crate) fn connector(&self) -> &C {
        &self.connections.manager().connector
    }

    /// Whether another connection is to be had at once.
    #[cfg(feature = "postgres")]
    pub(crate) fn has_room(&self) -> bool {
        let status = self.connections.status();
        status.waiting == 0 && (status.available > 0 || status.size < status.max_size)
    }

    /// How many connections are open, and how many of them are idle.
    #[cfg(test)]
    pub(crate) fn open_and_idle(&self) -> (usize, usize) {
        let status = self.connections.status();
        (status.size, status.available)
    }

    #[cold]
    fn timed_out(&self) -> Error {
        self.meter.timed_out();
        let status = self.connections.status();
        let (in_use, others) = (status.size.saturating_sub(status.available), status.waiting);
        Error::PoolTimeout {
            message: format!(
                "waited {:.1?} for one of the {} connections to {}: {in_use} in use, {others} others waiting",
                self.patience,
                status.max_size,
                self.connector().place()
            ),
        }
    }
}

impl<C: Connector> fmt::Debug for Pool<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.connections.status();
        f.debug_struct("Pool")
            .field("place", &self.connector().place())
            .field("capacity", &status.max_size)
            .field("made", &status.size)
            .field("idle", &status.available)
            .field("waiting", &status.waiting)
            .finish_non_exhaustive()
    }
}

/// A connection out of the pool; dropped, it goes back.
pub(crate) struct Held<C: Connector>(
    Object<Maker<C>>,
    #[allow(dead_code, reason = "what it tells, it tells at its end")] InUse,
);

impl<C: Connector> Held<C> {
    /// Where it lives.
    pub(crate) fn home(&self) -> Home {
        self.0.home.clone()
    }

    /// Drops the connection itself, which is of no use any more; the pool makes another when needed.
    pub(crate) fn discard(self) {
        drop(Object::take(self.0));
    }
}

impl<C: Connector> Deref for Held<C> {
    type Target = C::Connection;

    fn deref(&self) -> &C::Connection {
        &self.0.connection
    }
}

impl<C: Connector> DerefMut for Held<C> {
    fn deref_mut(&mut self) -> &mut C::Connection {
        &mut self.0.connection
    }
}

impl<C: Connector> fmt::Debug for Held<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}
