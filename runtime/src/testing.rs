//! For tests of programs: what a database was really asked.
//!
//! ```ignore
//! let (db, recorder) = db.recorded();
//! page_of_orders(&db).await?;
//! recorder.assert_statements(2);
//! ```
//!
//! Always there, and nothing is paid for it by a database that is not recorded.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::db::{Db, Schema};
use crate::observe::{Observing, SentStatement};

impl<R: Schema> Db<R> {
    /// The same database, whose calls are recorded: a clone that shares the connections, and who has the statements of
    /// what runs through it, transactions included. What runs through `self` is not recorded.
    ///
    /// Give the clone to what is tested.
    #[must_use]
    pub fn recorded(&self) -> (Self, Recorder) {
        let recording = Arc::new(Recording::default());
        let handle = self.handle();
        let observing = match &handle.watch().observing {
            Some(observing) => observing.recorded(Arc::clone(&recording)),
            None => Observing::default().recorded(Arc::clone(&recording)),
        };
        let handle = handle.clone().watched_by(Some(observing));
        (Self::of(R::new(handle)), Recorder { recording })
    }
}

/// What is recorded so far.
#[derive(Debug, Default)]
pub(crate) struct Recording {
    statements: Mutex<Vec<SentStatement>>,
    printed: AtomicBool,
}

impl Recording {
    fn lock(&self) -> MutexGuard<'_, Vec<SentStatement>> {
        // No code of others runs under the lock, so that nothing in it is ever half changed.
        self.statements.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, statement: SentStatement) {
        if self.printed.load(Ordering::Relaxed) {
            print(&statement);
        }
        self.lock().push(statement);
    }
}

/// As tests print: shown where one fails.
#[allow(clippy::print_stdout, reason = "it is the output of a test, and asked for")]
fn print(statement: &SentStatement) {
    println!("{statement}");
}

/// The statements that a [recorded](Db::recorded) database has run, in the order in which they ended.
///
/// What counts is what reads and writes rows, each time that it is run: the statements of calls, in transactions and
/// outside, and those of the program's own SQL. `BEGIN`, `COMMIT`, savepoints and the like do not, nor does what opens
/// connections and creates tables. New rows of one call that SQLite stores row by row, by one prepared statement, count
/// as one.
///
/// Shown as text, each is on a line of its own. Values are bound, and never shown.
#[derive(Debug, Clone)]
pub struct Recorder {
    recording: Arc<Recording>,
}

impl Recorder {
    /// Prints each statement when it has ended, as tests print: `cargo test` shows it where the test fails, or with
    /// `-- --nocapture`.
    #[must_use]
    pub fn printing(self) -> Self {
        self.recording.printed.store(true, Ordering::Relaxed);
        self
    }

    /// The statements since the recorder was made, or since it forgot them.
    pub fn statements(&self) -> Vec<SentStatement> {
        self.recording.lock().clone()
    }

    /// The same, and forgets them.
    pub fn take(&self) -> Vec<SentStatement> {
        std::mem::take(&mut *self.recording.lock())
    }

    /// Asserts that so many statements were run since the recorder was made or forgot them, and forgets them: the next
    /// assertion is about what comes after.
    ///
    /// # Panics
    /// When there were more or fewer, with each of them on a line.
    #[track_caller]
    pub fn assert_statements(&self, expected: usize) {
        let statements = self.take();
        let found = statements.len();
        assert!(found == expected, "{}", wrong_number(&statements, expected));
    }
}

#[cold]
fn wrong_number(statements: &[SentStatement], expected: usize) -> String {
    let (plural, were) = if expected == 1 { ("", "was") } else { ("s", "were") };
    let lines = if statements.is_empty() { String::new() } else { format!(":\n{}", Lines(statements)) };
    format!("{expected} statement{plural} {were} expected, and {} ran{lines}", statements.len())
}

impl fmt::Display for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Lines(&self.statements()).fmt(f)
    }
}

/// Each on a line of its own, with its number.
struct Lines<'a>(&'a [SentStatement]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, statement) in self.0.iter().enumerate() {
            writeln!(f, "  {}. {statement}", n + 1)?;
        }
        Ok(())
    }
}
