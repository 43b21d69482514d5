//! Calls as values: nothing runs until they are awaited (or, with feature `blocking`, waited for).

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::across;
use crate::db::{Handle, Reached};
use crate::deadline::Deadline;
use crate::driver::BoxFuture;
use crate::observe::{self, Along, CallName, Running};
use crate::query::{Answer, Task};
use crate::{Error, Result};

/// A call that gives a `T` when it is awaited.
#[must_use = "nothing runs until it is awaited"]
pub struct Operation<'a, T> {
    handle: &'a Handle,
    /// What to do, or what is refused before anything is done, and why.
    task: Result<Task, (CallName, Error)>,
    /// The relation that it starts along, where the task does not know it.
    via: Option<Along>,
    finish: fn(Answer) -> Result<T>,
}

impl<'a, T> Operation<'a, T> {
    pub(crate) fn new(handle: &'a Handle, task: Task, finish: fn(Answer) -> Result<T>) -> Self {
        Self { handle, task: Ok(task), via: None, finish }
    }

    /// One that fails before anything is done.
    pub(crate) fn refused(handle: &'a Handle, name: CallName, error: Error) -> Self {
        Self { handle, task: Err((name, error)), via: None, finish: |_| unreachable!("it is refused") }
    }

    /// The same, along a relation.
    pub(crate) fn via(self, along: Along) -> Self {
        Self { via: Some(along), ..self }
    }

    pub(crate) fn run(self) -> Run<'a, T> {
        let Self { handle, task, via, finish } = self;
        let state = match task {
            Ok(task) => State::New(handle, task),
            Err((name, error)) => State::Refused(handle, name, error),
        };
        Run { state, via, observed: None, finish }
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
    via: Option<Along>,
    /// Once it has begun, where somebody looks on.
    observed: Option<Running>,
    finish: fn(Answer) -> Result<T>,
}

#[allow(clippy::large_enum_variant, reason = "a task that runs in place is never boxed")]
enum State<'a> {
    New(&'a Handle, Task),
    Refused(&'a Handle, CallName, Error),
    /// On one database, or across several.
    Running(Option<Reached<'a>>, BoxFuture<'a, Result<Answer>>),
    Ended,
}

/// How far a call has come at once.
enum Start<'a> {
    Ended(Result<Answer>),
    Waiting(Option<Reached<'a>>, Option<Deadline>),
}

/// Runs the call where it takes no waiting; otherwise says where it is to run.
fn start<'a>(handle: &'a Handle, task: &mut Task) -> Start<'a> {
    if let Err(error) = task.prepare() {
        return Start::Ended(Err(error));
    }
    if let Some((lock, _)) = task.lock().filter(|_| !handle.is_transaction()) {
        return Start::Ended(Err(lock.outside()));
    }
    let deadline = handle.deadline();
    if across::is_across(handle, task) {
        return Start::Waiting(None, deadline);
    }
    match task.reach(handle) {
        Err(error) => Start::Ended(Err(error)),
        Ok(reached) => {
            let done = reached.driver.run_now(task, deadline);
            done.map_or(Start::Waiting(Some(reached), deadline), Start::Ended)
        }
    }
}

impl<T> Future for Run<'_, T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.look_on();
        if self.observed.is_none() { self.advance(context) } else { self.advance_observed(context) }
    }
}

impl<T> Run<'_, T> {
    #[cold]
    fn advance_observed(&mut self, context: &mut Context<'_>) -> Poll<Result<T>> {
        let Some(observed) = self.observed.take() else { return self.advance(context) };
        let answer = observed.during(|| self.advance(context));
        match &answer {
            Poll::Pending => self.observed = Some(observed),
            Poll::Ready(result) => observed.end(result.as_ref().err()),
        }
        answer
    }

    /// Lets those who look on see the call from its beginning.
    fn look_on(&mut self) {
        match &mut self.state {
            State::New(handle, task) => {
                let handle = *handle;
                let Some(observed) = observe::call(handle, task, self.via) else { return };
                if let State::New(_, task) = std::mem::replace(&mut self.state, State::Ended) {
                    self.state = State::New(handle, task.of_call(observed.call()));
                }
                self.observed = Some(observed);
            }
            State::Refused(handle, name, _) => self.observed = observe::refused(handle, *name),
            State::Running(..) | State::Ended => {}
        }
    }

    fn advance(&mut self, context: &mut Context<'_>) -> Poll<Result<T>> {
        let finish = self.finish;
        if let State::New(handle, task) = &mut self.state {
            match start(handle, task) {
                Start::Ended(answer) => {
                    self.state = State::Ended;
                    return Poll::Ready(answer.and_then(finish));
                }
                Start::Waiting(reached, deadline) => {
                    if let State::New(handle, task) = std::mem::replace(&mut self.state, State::Ended) {
                        let running = match reached {
                            Some(reached) => reached.driver.run(Box::new(task), deadline),
                            None => across::run(handle, task, deadline),
                        };
                        self.state = State::Running(reached, running);
                    }
                }
            }
        }
        match &mut self.state {
            State::Running(reached, future) => {
                let explained = |error| match reached {
                    Some(reached) => reached.explain(error),
                    None => error,
                };
                future.as_mut().poll(context).map(|answer| answer.map_err(explained).and_then(finish))
            }
            State::Refused(..) => match std::mem::replace(&mut self.state, State::Ended) {
                State::Refused(_, _, error) => Poll::Ready(Err(error)),
                _ => unreachable!("its state was looked at"),
            },
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
