//! Runs a future on the calling thread; the thread sleeps while there is nothing to do.
//!
//! Knows no async runtime: what is waited for must wake by itself.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Polls `future` to its end.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    // Most futures here are ready at once, and then no waker is made. One that is not is polled again with a
    // real waker before anything sleeps, so that no wake-up is lost.
    if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        return output;
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
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
