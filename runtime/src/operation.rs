//! Calls as values: nothing runs until they are awaited (or, with feature `blocking`, waited for).

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::Result;
use crate::db::Handle;
use crate::driver::BoxFuture;
use crate::query::{Answer, Task};

/// A call that gives a `T` when it is awaited.
#[must_use = "nothing runs until it is awaited"]
pub struct Operation<'a, T> {
    handle: &'a Handle,
    task: Task,
    finish: fn(Answer) -> Result<T>,
}

impl<'a, T> Operation<'a, T> {
    pub(crate) fn new(handle: &'a Handle, task: Task, finish: fn(Answer) -> Result<T>) -> Self {
        Self { handle, task, finish }
    }

    pub(crate) fn run(self) -> Run<'a, T> {
        let Self { handle, task, finish } = self;
        Run { state: State::New(handle, task), finish }
    }
}

impl<T> fmt::Debug for Operation<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Operation")
    }
}

/// A call that is running.
pub struct Run<'a, T> {
    state: State<'a>,
    finish: fn(Answer) -> Result<T>,
}

#[allow(clippy::large_enum_variant, reason = "a task that runs in place is never boxed")]
enum State<'a> {
    New(&'a Handle, Task),
    Running(&'a Handle, BoxFuture<'a, Result<Answer>>),
    Ended,
}

impl<T> Future for Run<'_, T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let finish = self.finish;
        if let State::New(handle, task) = &mut self.state {
            let answer = task.prepare().map_or_else(|error| Some(Err(error)), |()| handle.driver().run_now(task));
            if let Some(answer) = answer {
                self.state = State::Ended;
                return Poll::Ready(answer.and_then(finish));
            }
            if let State::New(handle, task) = std::mem::replace(&mut self.state, State::Ended) {
                self.state = State::Running(handle, handle.driver().run(Box::new(task)));
            }
        }
        match &mut self.state {
            State::Running(handle, future) => {
                let answer = future.as_mut().poll(context);
                answer.map(|answer| answer.map_err(|error| handle.explain(error)).and_then(finish))
            }
            State::New(..) | State::Ended => unreachable!("a call is polled to its end once"),
        }
    }
}

impl<T> fmt::Debug for Run<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Run")
    }
}

/// Makes a builder awaitable: `$type` has a method `operation` that gives its [`Operation`].
macro_rules! awaitable {
    (impl[$($generics:tt)*] $type:ty => $output:ty $(where $($bounds:tt)*)?) => {
        impl<$($generics)*> std::future::IntoFuture for $type $(where $($bounds)*)? {
            type Output = $crate::Result<$output>;
            type IntoFuture = $crate::operation::Run<'a, $output>;

            fn into_future(self) -> Self::IntoFuture {
                self.operation().run()
            }
        }

        #[cfg(feature = "blocking")]
        impl<$($generics)*> $type $(where $($bounds)*)? {
            /// Runs it on the calling thread.
            ///
            /// # Errors
            /// Those of awaiting it.
            pub fn wait(self) -> $crate::Result<$output> {
                $crate::wait::block_on(self.operation().run())
            }
        }
    };
}

pub(crate) use awaitable;

impl<'a, T> IntoFuture for Operation<'a, T> {
    type Output = Result<T>;
    type IntoFuture = Run<'a, T>;

    fn into_future(self) -> Self::IntoFuture {
        self.run()
    }
}

#[cfg(feature = "blocking")]
impl<T> Operation<'_, T> {
    /// Runs it on the calling thread.
    ///
    /// # Errors
    /// Those of awaiting it.
    pub fn wait(self) -> Result<T> {
        crate::wait::block_on(self.run())
    }
}
