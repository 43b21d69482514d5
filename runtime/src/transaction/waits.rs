//! How long calls on a database wait, and whether transactions are what they wait for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::Error;

/// Of one database, for all its calls.
#[derive(Debug)]
pub(crate) struct Waits {
    pub(crate) pool_timeout: Duration,
    /// How many transactions are open.
    open: AtomicUsize,
}

/// A transaction is open; dropped, it is not.
pub(super) struct Counted(Arc<Waits>);

impl Waits {
    pub(crate) fn new(pool_timeout: Duration) -> Arc<Self> {
        Arc::new(Self { pool_timeout, open: AtomicUsize::new(0) })
    }

    pub(super) fn count(self: &Arc<Self>) -> Counted {
        self.open.fetch_add(1, Ordering::Relaxed);
        Counted(Arc::clone(self))
    }

    /// Adds the likeliest cause to a wait in vain: it was for the transaction that the call stands in.
    #[cold]
    pub(crate) fn explain(&self, error: Error) -> Error {
        let open = self.open.load(Ordering::Relaxed);
        match error {
            Error::PoolTimeout { message } if open > 0 => {
                let transactions = if open == 1 { "1 transaction is" } else { &format!("{open} transactions are") };
                Error::PoolTimeout {
                    message: format!(
                        "{message}; {transactions} open: inside of one, calls go through its `tx`, not `db`"
                    ),
                }
            }
            other => other,
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}
