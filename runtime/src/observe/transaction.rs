//! A transaction that somebody looks at, from before it begins to its end.

use std::future::Future;
use std::sync::OnceLock;
use std::time::Instant;

use super::call::CANCELLED;
use super::{meters, spans};
use crate::driver::TransactionOptions;
use crate::{Error, Result};

/// What is told of a transaction when it is dropped; nothing where nobody looks on.
pub(crate) struct Transaction(Option<Box<Watched>>);

struct Watched {
    system: &'static str,
    since: Instant,
    span: spans::Span,
    /// How it ended, and with which error.
    ended: OnceLock<(&'static str, Option<&'static str>)>,
}

impl Transaction {
    /// One that is about to begin, on a database of that name; within another, it is nested.
    #[inline]
    pub(crate) fn new(system: &'static str, options: TransactionOptions, nested: bool) -> Self {
        let wanted = spans::are_wanted() || meters::ARE_WANTED;
        Self(wanted.then(|| {
            let span = spans::of_transaction(system, options, nested);
            Box::new(Watched { system, since: Instant::now(), span, ended: OnceLock::new() })
        }))
    }

    /// What came of beginning it.
    pub(crate) fn begun<T>(&self, begun: Result<T>) -> Result<T> {
        begun.inspect_err(|error| self.end("not_begun", Some(error)))
    }

    /// What is done in it.
    pub(crate) async fn around<F: Future>(&self, body: F) -> F::Output {
        match &self.0 {
            None => body.await,
            Some(watched) => watched.span.around(body).await,
        }
    }

    /// What came of committing it.
    pub(crate) fn committed(&self, committed: Result<()>) -> Result<()> {
        match &committed {
            Ok(()) => self.end("committed", None),
            Err(error) => self.end("not_committed", Some(error)),
        }
        committed
    }

    /// It was rolled back, as its program asked.
    pub(crate) fn rolled_back(&self) {
        self.end("rolled_back", None);
    }

    /// Its deadline passed, and it is rolled back.
    pub(crate) fn timed_out(&self, error: &Error) {
        self.end("timed_out", Some(error));
    }

    fn end(&self, outcome: &'static str, error: Option<&Error>) {
        if let Some(watched) = &self.0 {
            // It ends once.
            let _ = watched.ended.set((outcome, error.map(Error::code)));
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let (outcome, code) = self.ended.get().copied().unwrap_or((CANCELLED, Some(CANCELLED)));
        let elapsed = self.since.elapsed();
        self.span.end_transaction(outcome, elapsed, code);
        meters::transaction(self.system, outcome, elapsed);
    }
}
