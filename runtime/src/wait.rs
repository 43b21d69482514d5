//! Runs a future on the calling thread; the thread sleeps while there is nothing to do.
//!
//! What is waited for must wake by itself: a driver that needs an async runtime brings one.

use std::cell::Cell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Polls `future` to its end.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    // Most futures here are ready at once, and then no waker is made. One that is not is polled again with a
    // real waker before anything sleeps, so that no wake-up is lost.
    if let Poll::Ready(output) = poll(future.as_mut(), &mut Context::from_waker(Waker::noop())) {
        return output;
    }
    #[cfg(feature = "tokio")]
    if on_worker() {
        // Others of the worker's tasks may be what is waited for.
        return tokio::task::block_in_place(|| park(future));
    }
    park(future)
}

fn park<F: Future>(mut future: Pin<&mut F>) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match poll(future.as_mut(), &mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

thread_local! {
    /// Whether this thread is about to sleep until what it polls is done.
    static WAITING: Cell<bool> = const { Cell::new(false) };
}

fn poll<F: Future>(future: Pin<&mut F>, context: &mut Context<'_>) -> Poll<F::Output> {
    struct Restore(bool);

    impl Drop for Restore {
        fn drop(&mut self) {
            WAITING.set(self.0);
        }
    }

    let _restore = Restore(WAITING.replace(true));
    future.poll(context)
}

/// Whether this thread waits for what only it can do: it is the one thread of a tokio runtime.
#[cfg(all(any(feature = "postgres", feature = "mysql"), any(feature = "blocking", test)))]
pub(crate) fn blocks_its_runtime() -> bool {
    WAITING.get()
        && tokio::runtime::worker_index().is_some()
        && flavor() == Some(tokio::runtime::RuntimeFlavor::CurrentThread)
}

/// The kind of tokio runtime that this thread is in, if it is in one.
#[cfg(feature = "tokio")]
pub(crate) fn flavor() -> Option<tokio::runtime::RuntimeFlavor> {
    tokio::runtime::Handle::try_current().ok().map(|runtime| runtime.runtime_flavor())
}

/// Whether this is a worker of a multi-threaded runtime, the only place where tokio can be told that it will be
/// busy.
#[cfg(feature = "tokio")]
pub(crate) fn on_worker() -> bool {
    tokio::runtime::worker_index().is_some() && flavor() == Some(tokio::runtime::RuntimeFlavor::MultiThread)
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::future::{poll_fn, ready};
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_ready_is_answered_at_once() {
        assert_eq!(block_on(ready(7)), 7);
    }

    #[test]
    fn a_wake_from_another_thread_is_not_lost() {
        let mut left = 3;
        let counted = poll_fn(|context| {
            if left == 0 {
                return Poll::Ready(());
            }
            left -= 1;
            let waker = context.waker().clone();
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(1));
                waker.wake();
            });
            Poll::Pending
        });
        block_on(counted);
    }
}
