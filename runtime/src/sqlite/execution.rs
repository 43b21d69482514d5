//! On which thread SQLite runs.

use super::workers::Workers;
use crate::Result;
#[cfg(feature = "tokio")]
use crate::wait::{flavor, on_worker};

/// On which thread SQLite runs, and what that costs.
///
/// SQLite answers on the thread that asks. For a short read that is by far the cheapest way, but a thread of
/// an async runtime runs nothing else meanwhile. A point read takes about 3 µs in place, and 5 to 20 µs more
/// with a thread in between; a scan of 10,000 rows, 1.4 ms either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SqliteExecution {
    /// What fits where the call is made: [`BlockInPlace`](Self::BlockInPlace) on a worker of tokio's
    /// multi-threaded runtime, [`Threads`](Self::Threads) in its current-thread runtime, and otherwise
    /// [`InPlace`](Self::InPlace).
    #[default]
    Auto,
    /// On the calling thread. Nothing is added to the call; everything else on that thread waits, also
    /// while another process holds the file's lock. For short calls, and for programs that do not await.
    InPlace,
    /// On the calling thread, after tokio was told that it will be busy, so that its other tasks move to
    /// another thread. Outside tokio's multi-threaded runtime there is none to tell, and it is
    /// [`InPlace`](Self::InPlace).
    #[cfg(feature = "tokio")]
    BlockInPlace,
    /// On threads of relata's own, at most one for each connection. The calling thread is free for other
    /// tasks; each call costs two switches between threads, 5 µs and more. A whole call is handed over, not
    /// each of its statements.
    Threads,
}

/// Runs calls where the setting says.
#[derive(Debug)]
pub(super) struct Executor {
    execution: SqliteExecution,
    workers: Workers,
}

/// Where one call runs.
enum Where {
    Here(Here),
    Elsewhere,
}

/// Leave to run a call on the calling thread.
pub(super) enum Here {
    Plain,
    #[cfg(feature = "tokio")]
    Blocking,
}

impl Here {
    pub(super) fn run<T>(self, call: impl FnOnce() -> T) -> T {
        match self {
            Self::Plain => call(),
            #[cfg(feature = "tokio")]
            Self::Blocking => tokio::task::block_in_place(call),
        }
    }
}

impl Executor {
    pub(super) fn new(execution: SqliteExecution, threads: usize) -> Self {
        Self { execution, workers: Workers::new(threads) }
    }

    /// Runs `call` to its end.
    pub(super) async fn run<T: Send + 'static>(&self, call: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        match self.place() {
            Where::Here(here) => here.run(call),
            Where::Elsewhere => self.workers.run(call).await,
        }
    }

    /// Leave to run a call here, if that is where it is to run.
    pub(super) fn here(&self) -> Option<Here> {
        match self.place() {
            Where::Here(here) => Some(here),
            Where::Elsewhere => None,
        }
    }

    fn place(&self) -> Where {
        match self.execution {
            SqliteExecution::InPlace => Where::Here(Here::Plain),
            SqliteExecution::Threads => Where::Elsewhere,
            #[cfg(feature = "tokio")]
            SqliteExecution::BlockInPlace if on_worker() => Where::Here(Here::Blocking),
            #[cfg(feature = "tokio")]
            SqliteExecution::BlockInPlace => Where::Here(Here::Plain),
            #[cfg(feature = "tokio")]
            SqliteExecution::Auto => match flavor() {
                Some(tokio::runtime::RuntimeFlavor::MultiThread) if on_worker() => Where::Here(Here::Blocking),
                // The thread that the runtime blocks on has no other tasks.
                Some(tokio::runtime::RuntimeFlavor::MultiThread) | None => Where::Here(Here::Plain),
                Some(_) => Where::Elsewhere,
            },
            #[cfg(not(feature = "tokio"))]
            SqliteExecution::Auto => Where::Here(Here::Plain),
        }
    }
}
