//! A task that somebody looks at: run as it would be, on a session that counts.

use std::sync::Arc;

use super::Call;
use super::session::Observed;
use crate::Result;
use crate::driver::{BoxFuture, Session};
use crate::query::{Answer, Task};

/// A task, and the call that it is of, or is a part of.
#[derive(Debug)]
pub(crate) struct ObservedTask {
    pub(crate) task: Task,
    pub(crate) call: Arc<Call>,
}

impl ObservedTask {
    /// Boxed, with a type that says so: it runs what it is a part of.
    pub(crate) fn execute<'s>(&'s mut self, session: &'s mut dyn Session) -> BoxFuture<'s, Result<Answer>> {
        Box::pin(async move {
            let mut session = Observed { session, call: &self.call };
            self.task.execute(&mut session).await
        })
    }

    /// See [`Task::again`].
    pub(crate) fn again(&self) -> Option<Self> {
        Some(Self { task: self.task.again()?, call: Arc::clone(&self.call) })
    }
}
