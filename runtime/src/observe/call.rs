//! A call that somebody looks at: what it is called, what was counted of it so far, and what is told at its end.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Along, CallName, Observing, SentStatement, comment, meters, spans};
use crate::Error;
use crate::db::Handle;
use crate::query::Task;

/// What is known of a call, wherever it runs.
pub(crate) struct Call {
    pub(super) name: CallName,
    /// The database's name among those that are known to everybody; none where the call cannot run.
    #[cfg_attr(not(any(feature = "tracing", feature = "metrics")), allow(dead_code, reason = "for spans and metrics"))]
    pub(super) system: Option<&'static str>,
    comment: Option<String>,
    observing: Option<Arc<Observing>>,
    so_far: Mutex<SoFar>,
}

/// What was counted of a call.
#[derive(Default)]
pub(super) struct SoFar {
    pub(super) statements: u64,
    /// Rows that statements returned, and rows that they changed.
    pub(super) returned: u64,
    pub(super) changed: u64,
    pub(super) durations: meters::Durations,
    slow: Vec<SentStatement>,
}

/// Rows of one statement.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rows {
    Returned(u64),
    Changed(u64),
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({})", self.name)
    }
}

impl Call {
    fn new(handle: &Handle, name: CallName, system: Option<&'static str>) -> Arc<Self> {
        let observing = handle.watch().observing.clone();
        let commented = observing.as_ref().is_some_and(|observing| observing.comments);
        let comment = if commented { comment::of(&name) } else { None };
        Arc::new(Self { name, system, comment, observing, so_far: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, SoFar> {
        // No code of others runs under the lock, so that nothing in it is ever half changed.
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is sent for that text.
    pub(super) fn text<'t>(&self, sql: &'t str) -> Cow<'t, str> {
        match &self.comment {
            None => Cow::Borrowed(sql),
            Some(comment) => Cow::Owned([sql, comment].concat()),
        }
    }

    /// Whether texts are of any use once they are sent.
    pub(super) fn keeps_texts(&self) -> bool {
        self.observing.as_ref().is_some_and(|observing| !observing.slow.is_empty() || !observing.recordings.is_empty())
    }

    /// A statement has come to its end.
    pub(super) fn ran(&self, sql: &str, elapsed: Duration, rows: Rows, failed: bool) {
        let slow = self.observing.as_ref().filter(|observing| observing.slow.iter().any(|slow| elapsed >= slow.limit));
        let slow = slow.map(|observing| {
            let is_shown = observing.raw_sql || !self.name.is_raw();
            self.sent(if is_shown { sql } else { "" }, elapsed, rows, failed)
        });
        {
            let mut so_far = self.lock();
            so_far.statements += 1;
            match rows {
                Rows::Returned(rows) => so_far.returned += rows,
                Rows::Changed(rows) => so_far.changed += rows,
            }
            so_far.durations.add(elapsed);
            so_far.slow.extend(slow);
        }
        for recording in self.observing.iter().flat_map(|observing| &observing.recordings) {
            recording.add(self.sent(sql, elapsed, rows, failed));
        }
    }

    fn sent(&self, sql: &str, elapsed: Duration, rows: Rows, failed: bool) -> SentStatement {
        let (Rows::Returned(rows) | Rows::Changed(rows)) = rows;
        SentStatement {
            operation: self.name.operation,
            model: self.name.model_name(),
            relation: self.name.via.map(|via| via.to_string()),
            sql: sql.to_owned(),
            rows,
            elapsed,
            failed,
        }
    }
}

/// A call from its first poll on, in the hands of who waits for it. Dropped before its end, it was cancelled.
///
/// Boxed, since calls that nobody looks at have room for it too.
pub(crate) struct Running(Box<Begun>);

struct Begun {
    call: Arc<Call>,
    since: Instant,
    span: spans::Span,
    ended: bool,
}

/// What a call that nobody waited for to its end is told to have ended with.
pub(super) const CANCELLED: &str = "cancelled";

impl Running {
    #[cold]
    pub(super) fn of_task(handle: &Handle, task: &Task, via: Option<Along>) -> Self {
        let system = task.reach(handle).ok().map(|reached| reached.driver.capabilities().system);
        Self::new(Call::new(handle, CallName::of(task, via), system), Some(task))
    }

    #[cold]
    pub(super) fn refused(handle: &Handle, name: CallName) -> Self {
        let reached = name.model.and_then(|model| handle.reach(model).ok());
        let system = reached.map(|reached| reached.driver.capabilities().system);
        Self::new(Call::new(handle, name, system), None)
    }

    fn new(call: Arc<Call>, task: Option<&Task>) -> Self {
        let span = spans::of_call(&call, task);
        Self(Box::new(Begun { call, since: Instant::now(), span, ended: false }))
    }

    pub(crate) fn call(&self) -> &Arc<Call> {
        &self.0.call
    }

    /// Does what belongs to the call.
    pub(crate) fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        self.0.span.within(work)
    }

    /// The call has come to its end.
    pub(crate) fn end(mut self, error: Option<&Error>) {
        self.0.ended = true;
        self.0.tell(error.map(Error::code));
    }
}

impl Begun {
    fn tell(&self, code: Option<&'static str>) {
        let elapsed = self.since.elapsed();
        let so_far = std::mem::take(&mut *self.call.lock());
        if let Some(observing) = &self.call.observing {
            self.span.within(|| {
                for statement in &so_far.slow {
                    let told = observing.slow.iter().filter(|slow| statement.elapsed >= slow.limit);
                    told.for_each(|slow| (slow.tell)(statement));
                }
            });
        }
        self.span.end_call(&so_far, elapsed, code);
        meters::call(&self.call, &so_far, elapsed, code);
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        // What a program does with slow statements may panic too.
        if !self.ended && !std::thread::panicking() {
            self.tell(Some(CANCELLED));
        }
    }
}
