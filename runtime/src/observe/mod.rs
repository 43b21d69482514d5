//! What programs and those who run them see of calls: spans, metrics, slow statements, comments, recordings.
//!
//! Names come from the schema, and numbers from counting: no value of a row, bound or read, comes here. Where nobody
//! asked to be told, a call is run as if this module was not there. Knows nothing of drivers.

mod call;
mod comment;
#[cfg_attr(not(feature = "metrics"), path = "no_meters.rs")]
mod meters;
mod name;
mod sent;
mod session;
#[cfg_attr(not(feature = "tracing"), path = "no_spans.rs")]
mod spans;
mod task;
mod transaction;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::db::Handle;
use crate::query::Task;
use crate::testing::Recording;

pub(crate) use call::{Call, Running};
pub(crate) use meters::PoolMeter;
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) use meters::{InUse, Made};
pub(crate) use name::{Along, CallName, Via};
pub use sent::SentStatement;
pub(crate) use task::ObservedTask;
pub(crate) use transaction::Transaction;

/// What a program asked to be told of its calls.
#[derive(Clone, Default)]
pub(crate) struct Observing {
    /// Who is told of statements that took long.
    slow: Vec<Slow>,
    /// Statements say in a comment which call they are of.
    pub(crate) comments: bool,
    /// The program's own SQL is told too where a statement took long.
    pub(crate) raw_sql: bool,
    recordings: Vec<Arc<Recording>>,
}

#[derive(Clone)]
struct Slow {
    limit: Duration,
    tell: Arc<dyn Fn(&SentStatement) + Send + Sync>,
}

impl Observing {
    /// Tells of each statement that takes as long.
    pub(crate) fn tell_slow(&mut self, limit: Duration, tell: impl Fn(&SentStatement) + Send + Sync + 'static) {
        self.slow.push(Slow { limit, tell: Arc::new(tell) });
    }

    /// Itself, where there is somebody to tell.
    pub(crate) fn asked(self) -> Option<Arc<Self>> {
        let asked = !self.slow.is_empty() || self.comments || !self.recordings.is_empty();
        asked.then(|| Arc::new(self))
    }

    /// The same, with one more recording.
    pub(crate) fn recorded(&self, recording: Arc<Recording>) -> Arc<Self> {
        let mut recorded = self.clone();
        recorded.recordings.push(recording);
        Arc::new(recorded)
    }
}

impl fmt::Debug for Observing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observing")
    }
}

/// What a handle says of who looks on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch {
    pub(crate) observing: Option<Arc<Observing>>,
    /// The call that all of its tasks are of, where one is taken apart.
    pub(crate) call: Option<Arc<Call>>,
}

/// A call that is about to run, where somebody looks on.
#[inline]
pub(crate) fn call(handle: &Handle, task: &Task, via: Option<Along>) -> Option<Running> {
    looks_on(handle).then(|| Running::of_task(handle, task, via))
}

/// A call that is refused before there is anything to run, where somebody looks on.
pub(crate) fn refused(handle: &Handle, name: CallName) -> Option<Running> {
    looks_on(handle).then(|| Running::refused(handle, name))
}

#[inline]
fn looks_on(handle: &Handle) -> bool {
    handle.watch().observing.is_some() || spans::are_wanted() || meters::ARE_WANTED
}

/// What is run again after a failure that may be none the next time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// A call, by its driver.
    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql")),
        allow(dead_code, reason = "no driver runs calls again by itself")
    )]
    Call,
    /// A transaction, as its program asked.
    Transaction,
}

impl Again {
    fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Transaction => "transaction",
        }
    }
}

/// Something is about to be run again, because of an error of that code.
#[cold]
pub(crate) fn retried(what: Again, code: &'static str) {
    spans::retried(what.name(), code);
    meters::retried(what.name(), code);
}

/// Logs a slow statement.
#[cfg(feature = "tracing")]
pub(crate) use spans::slow;

/// Tells what the metrics are and in what they are measured.
pub(crate) use meters::describe;
