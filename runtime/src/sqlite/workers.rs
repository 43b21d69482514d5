//! Threads that run calls while their callers await: started when needed, each taking the next call.
//!
//! Knows nothing of databases. A call runs to its end even when its caller is gone.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::thread;

use crate::{Error, Result};

/// At most so many threads.
pub(super) struct Workers {
    shared: Arc<Shared>,
    most: usize,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    more: Condvar,
}

#[derive(Default)]
struct Queue {
    calls: VecDeque<Call>,
    threads: usize,
    /// Threads that have nothing to do.
    idle: usize,
    closed: bool,
}

type Call = Box<dyn FnOnce() + Send>;

impl Workers {
    pub(super) fn new(most: usize) -> Self {
        Self { shared: Arc::default(), most: most.max(1) }
    }

    /// Runs a call on one of the threads. A panic of the call is one of the caller.
    ///
    /// # Errors
    /// Those of the call; [`Error::Unavailable`] when no thread can be started.
    pub(super) async fn run<T: Send + 'static>(&self, call: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let answer = Arc::new(Mutex::new(Answer { result: None, waker: None }));
        let promise = Arc::clone(&answer);
        self.submit(Box::new(move || {
            let result = catch_unwind(AssertUnwindSafe(call));
            let waker = {
                let mut answer = lock(&promise);
                answer.result = Some(result);
                answer.waker.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        }))?;
        let result = poll_fn(|context| {
            let mut answer = lock(&answer);
            if let Some(result) = answer.result.take() {
                return Poll::Ready(result);
            }
            match &mut answer.waker {
                Some(waker) => waker.clone_from(context.waker()),
                none => *none = Some(context.waker().clone()),
            }
            Poll::Pending
        })
        .await;
        result.unwrap_or_else(|panic| resume_unwind(panic))
    }

    fn submit(&self, call: Call) -> Result<()> {
        let mut queue = lock(&self.shared.queue);
        queue.calls.push_back(call);
        if queue.calls.len() <= queue.idle || queue.threads == self.most {
            drop(queue);
            self.shared.more.notify_one();
            return Ok(());
        }
        let shared = Arc::clone(&self.shared);
        match thread::Builder::new().name("relata-sqlite".to_owned()).spawn(move || shared.work()) {
            Ok(_) => queue.threads += 1,
            Err(error) if queue.threads == 0 => {
                queue.calls.pop_back();
                return Err(Error::Unavailable { message: format!("no thread can be started for SQLite: {error}") });
            }
            // The others will come to it.
            Err(_) => {}
        }
        Ok(())
    }
}

/// What a call leaves for its caller.
struct Answer<T> {
    result: Option<thread::Result<Result<T>>>,
    waker: Option<Waker>,
}

impl Shared {
    /// Takes call after call until there are none to come.
    fn work(&self) {
        let mut queue = lock(&self.queue);
        loop {
            if let Some(call) = queue.calls.pop_front() {
                drop(queue);
                call();
                queue = lock(&self.queue);
            } else if queue.closed {
                return;
            } else {
                queue.idle += 1;
                queue = self.more.wait(queue).unwrap_or_else(PoisonError::into_inner);
                queue.idle -= 1;
            }
        }
    }
}

/// Calls run without the lock, so that nothing that it guards is ever half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Workers {
    fn drop(&mut self) {
        lock(&self.shared.queue).closed = true;
        self.shared.more.notify_all();
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let queue = lock(&self.shared.queue);
        f.debug_struct("Workers").field("threads", &queue.threads).field("idle", &queue.idle).finish_non_exhaustive()
    }
}
