//! Stops a statement that runs longer than it may.
//!
//! A timer interrupts the connection. It is not a progress handler, since those are not asked while SQLite
//! counts or sorts in a single step.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};
use std::time::Instant;

use rusqlite::InterruptHandle;

use crate::timer::{self, Alarm};
use crate::{Error, Result};

/// Stops statements of one connection.
#[derive(Clone)]
pub(super) struct Limit {
    connection: Arc<Interrupted>,
}

struct Interrupted {
    handle: InterruptHandle,
    /// When the statement that runs is to be stopped.
    deadline: Mutex<Option<Instant>>,
}

/// A statement is running; dropped, it has ended.
pub(super) struct Running<'l> {
    limit: &'l Limit,
    _alarm: Alarm,
}

impl Limit {
    pub(super) fn new(sqlite: &rusqlite::Connection) -> Self {
        let handle = sqlite.get_interrupt_handle();
        Self { connection: Arc::new(Interrupted { handle, deadline: Mutex::new(None) }) }
    }

    /// Begins to measure one statement, which is stopped at that point in time.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the thread that measures cannot be started.
    pub(super) fn start(&self, deadline: Instant) -> Result<Running<'_>> {
        *self.connection.lock() = Some(deadline);
        match timer::wake_at(deadline, Waker::from(Arc::clone(&self.connection))) {
            Ok(alarm) => Ok(Running { limit: self, _alarm: alarm }),
            Err(error) => {
                *self.connection.lock() = None;
                let message = format!("the thread that measures statements cannot be started: {error}");
                Err(Error::Unavailable { message })
            }
        }
    }
}

impl Interrupted {
    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Interrupted {
    fn wake(self: Arc<Self>) {
        // Under the lock, so that what is interrupted is the statement whose time is over and not the next one.
        let deadline = self.lock();
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            self.handle.interrupt();
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        *self.limit.connection.lock() = None;
    }
}

impl fmt::Debug for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Limit({:?})", self.connection.lock())
    }
}
