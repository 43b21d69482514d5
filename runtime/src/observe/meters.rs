//! Calls, statements, transactions and pools as metrics, by the facade `metrics`.
//!
//! Names and labels are OpenTelemetry's for databases, where it has some; `docs/guide/observability.md` lists them all.

use std::sync::Arc;
#[cfg(any(feature = "postgres", feature = "mysql"))]
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
#[cfg(any(feature = "postgres", feature = "mysql"))]
use std::time::Instant;

use metrics::{Counter, Gauge, Histogram, Label, Unit, counter, gauge, histogram};

use super::Call;
use super::call::SoFar;

/// Whoever has the feature wants them.
pub(super) const ARE_WANTED: bool = true;

const CALLS: &str = "db.client.operation.duration";
const ROWS: &str = "db.client.response.returned_rows";
const STATEMENTS: &str = "relata.statements";
const STATEMENT: &str = "relata.statement.duration";
const ERRORS: &str = "relata.errors";
const TRANSACTIONS: &str = "relata.transaction.duration";
const RETRIES: &str = "relata.retries";
const CONNECTIONS: &str = "db.client.connection.count";
const MOST: &str = "db.client.connection.max";
const WAITING: &str = "db.client.connection.pending_requests";
const WAITED: &str = "db.client.connection.wait_time";
const TIMEOUTS: &str = "db.client.connection.timeouts";

/// How long each statement of a call took.
#[derive(Default)]
pub(super) struct Durations(Vec<Duration>);

impl Durations {
    pub(super) fn add(&mut self, elapsed: Duration) {
        self.0.push(elapsed);
    }
}

/// Tells a recorder that is installed what the metrics are and in what they are measured.
pub(crate) fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};

    describe_histogram!(CALLS, Unit::Seconds, "How long calls of repositories take.");
    describe_histogram!(ROWS, Unit::Count, "How many rows the statements of a call return.");
    describe_counter!(STATEMENTS, Unit::Count, "Statements that calls have run.");
    describe_histogram!(STATEMENT, Unit::Seconds, "How long statements take.");
    describe_counter!(ERRORS, Unit::Count, "Calls that ended with an error, by its code.");
    describe_histogram!(TRANSACTIONS, Unit::Seconds, "How long transactions are open, by how they end.");
    describe_counter!(RETRIES, Unit::Count, "Calls and transactions that were run again.");
    describe_gauge!(CONNECTIONS, Unit::Count, "Open connections of a pool, in use or idle.");
    describe_gauge!(MOST, Unit::Count, "The most connections that a pool may have.");
    describe_gauge!(WAITING, Unit::Count, "Calls that wait for a connection.");
    describe_histogram!(WAITED, Unit::Seconds, "How long calls wait for a connection.");
    describe_counter!(TIMEOUTS, Unit::Count, "Calls that waited for a connection in vain.");
}

/// A call has ended.
pub(super) fn call(call: &Call, so_far: &SoFar, elapsed: Duration, code: Option<&'static str>) {
    let mut labels = vec![Label::from_static_parts("db.operation.name", call.name.operation)];
    labels.extend(call.system.map(|system| Label::from_static_parts("db.system.name", system)));
    labels.extend(call.name.table().map(|table| Label::from_static_parts("db.collection.name", table)));
    if so_far.statements > 0 {
        counter!(STATEMENTS, labels.clone()).increment(so_far.statements);
        let statement = histogram!(STATEMENT, labels.clone());
        so_far.durations.0.iter().for_each(|elapsed| statement.record(*elapsed));
        histogram!(ROWS, labels.clone()).record(as_float(so_far.returned));
    }
    if let Some(code) = code {
        labels.push(Label::from_static_parts("error.type", code));
        counter!(ERRORS, labels.clone()).increment(1);
    }
    histogram!(CALLS, labels).record(elapsed);
}

/// A transaction has ended.
pub(super) fn transaction(system: &'static str, outcome: &'static str, elapsed: Duration) {
    histogram!(TRANSACTIONS, "db.system.name" => system, "relata.outcome" => outcome).record(elapsed);
}

pub(super) fn retried(what: &'static str, code: &'static str) {
    counter!(RETRIES, "relata.retried" => what, "error.type" => code).increment(1);
}

#[allow(clippy::cast_precision_loss, reason = "what is measured is no longer counted one by one")]
fn as_float(count: u64) -> f64 {
    count as f64
}

/// The numbers of one pool, which are looked up when it is made.
#[derive(Clone)]
pub(crate) struct PoolMeter(Option<Arc<Meters>>);

struct Meters {
    /// Of a pool that does not count by itself.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    numbers: Mutex<Numbers>,
    used: Gauge,
    idle: Gauge,
    waiting: Gauge,
    waited: Histogram,
    timeouts: Counter,
}

/// How many connections are open, and how many of these are in use; how many calls wait for one.
#[cfg(any(feature = "postgres", feature = "mysql"))]
#[derive(Default)]
struct Numbers {
    open: usize,
    used: usize,
    waiting: usize,
}

impl PoolMeter {
    /// Of the pool of that name, which has so many connections at most.
    pub(crate) fn new(name: impl Into<String>, most: usize) -> Self {
        const POOL: &str = "db.client.connection.pool.name";
        const STATE: &str = "db.client.connection.state";
        let name = name.into();
        gauge!(MOST, POOL => name.clone()).set(as_float(most as u64));
        Self(Some(Arc::new(Meters {
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            numbers: Mutex::default(),
            used: gauge!(CONNECTIONS, POOL => name.clone(), STATE => "used"),
            idle: gauge!(CONNECTIONS, POOL => name.clone(), STATE => "idle"),
            waiting: gauge!(WAITING, POOL => name.clone()),
            waited: histogram!(WAITED, POOL => name.clone()),
            timeouts: counter!(TIMEOUTS, POOL => name),
        })))
    }

    /// Of what is no pool of connections.
    pub(crate) const fn none() -> Self {
        Self(None)
    }

    pub(crate) fn show(&self, used: usize, idle: usize, waiting: usize) {
        if let Some(meters) = &self.0 {
            meters.used.set(as_float(used as u64));
            meters.idle.set(as_float(idle as u64));
            meters.waiting.set(as_float(waiting as u64));
        }
    }

    pub(crate) fn waited(&self, waited: Duration) {
        if let Some(meters) = &self.0 {
            meters.waited.record(waited);
        }
    }

    pub(crate) fn timed_out(&self) {
        if let Some(meters) = &self.0 {
            meters.timeouts.increment(1);
        }
    }

    /// Somebody asks for a connection.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn asks(&self) -> Asked {
        self.count(|numbers| numbers.waiting += 1);
        Asked { meter: self.clone(), since: Instant::now() }
    }

    /// A connection is made.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn made(&self) -> Made {
        self.count(|numbers| numbers.open += 1);
        Made(self.clone())
    }

    /// Counts what has changed, and tells it before anything else does.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    fn count(&self, change: impl FnOnce(&mut Numbers)) {
        if let Some(meters) = &self.0 {
            let mut numbers = meters.numbers.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut numbers);
            let Numbers { open, used, waiting } = *numbers;
            // A connection that was just made is not in use yet, and one that is given up may be gone before.
            self.show(used, open.saturating_sub(used), waiting);
        }
    }
}

/// Who asks for a connection; dropped, it waits no more.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) struct Asked {
    meter: PoolMeter,
    since: Instant,
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
impl Asked {
    /// It has got one.
    pub(crate) fn served(self) -> InUse {
        self.meter.waited(self.since.elapsed());
        self.meter.count(|numbers| numbers.used += 1);
        InUse(self.meter.clone())
    }
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
impl Drop for Asked {
    fn drop(&mut self) {
        self.meter.count(|numbers| numbers.waiting -= 1);
    }
}

/// A connection is in use until this is dropped.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) struct InUse(PoolMeter);

#[cfg(any(feature = "postgres", feature = "mysql"))]
impl Drop for InUse {
    fn drop(&mut self) {
        self.0.count(|numbers| numbers.used -= 1);
    }
}

/// A connection is open until this is dropped.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) struct Made(PoolMeter);

#[cfg(any(feature = "postgres", feature = "mysql"))]
impl Drop for Made {
    fn drop(&mut self) {
        self.0.count(|numbers| numbers.open -= 1);
    }
}
