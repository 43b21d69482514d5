//! A transaction from its begin to its end, and again where it lost against others.
//!
//! Knows nothing of the closure but that it can be cloned, where it is to run again.

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::time::{Duration, Instant};

use super::{Place, Tx};
use crate::db::Schema;
use crate::deadline::{self, Deadline};
use crate::driver::TransactionOptions;
use crate::observe::{self, Again};
use crate::{Error, Result, timer};

/// The longest of the first waits between two attempts; each next one is twice as long at most.
const FIRST: Duration = Duration::from_millis(10);

/// The longest wait of all.
const LONGEST: Duration = Duration::from_secs(1);

/// How often what lost is run again, and how its body is had again.
pub(super) struct Retry<F> {
    pub(super) times: u32,
    pub(super) again: fn(&F) -> F,
}

/// What is to be run, and how often it was.
pub(super) struct Attempts<'a, R, F> {
    place: Place<'a>,
    options: TransactionOptions,
    limit: Option<Duration>,
    /// Set where the first attempt begins.
    deadline: Option<Deadline>,
    retry: Option<Retry<F>>,
    /// There, until it is given out for the last time.
    body: Option<F>,
    lost: u32,
    of: PhantomData<fn() -> R>,
}

impl<'a, R: Schema, F> Attempts<'a, R, F> {
    pub(super) fn new(
        place: Place<'a>,
        options: TransactionOptions,
        limit: Option<Duration>,
        retry: Option<Retry<F>>,
        body: F,
    ) -> Self {
        Self { place, options, limit, deadline: None, retry, body: Some(body), lost: 0, of: PhantomData }
    }

    /// Opens the next transaction, and gives what is to be done in it.
    ///
    /// # Errors
    /// What begin reports, when it is not to be tried again.
    pub(super) async fn begin(&mut self) -> Result<(Tx<R>, F)> {
        if self.lost == 0 {
            self.deadline = Deadline::first(self.place.handle().deadline(), self.limit.map(Deadline::after));
        }
        loop {
            match self.place.begin(self.options, self.deadline).await {
                Ok(tx) => return Ok((tx, self.next())),
                Err(error) if error.is_retryable() && self.pause().await? => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The body, or a clone of it where it may be needed again.
    fn next(&mut self) -> F {
        let again = self.retry.as_ref().filter(|retry| self.lost < retry.times);
        match (again, &self.body) {
            (Some(retry), Some(body)) => (retry.again)(body),
            _ => self.body.take().expect("what is given out for the last time is not asked for again"),
        }
    }

    /// Runs the body until the deadline. A call in it has the same one, and ends by itself a moment after.
    ///
    /// # Errors
    /// `timeout`, where the body is not done then.
    pub(super) async fn in_time<T>(&mut self, tx: &Tx<R>, mut body: Pin<&mut impl Future<Output = T>>) -> Result<T> {
        let Some(deadline) = self.deadline else { return Ok(body.await) };
        if let Some(done) = deadline::before(deadline.instant(), body.as_mut()).await? {
            return Ok(done);
        }
        // Twice: to stop what ran, and then what keeps its transaction usable.
        if tx.level.is_running()
            && let Some(done) = deadline::before(Instant::now() + 2 * deadline::GRACE, body).await?
        {
            return Ok(done);
        }
        Err(deadline.passed("the closure of the transaction"))
    }

    /// Commits or rolls back, and says whether that is the end of it.
    pub(super) async fn end<T, E: From<Error>>(
        &mut self,
        tx: Tx<R>,
        result: Result<Result<T, E>>,
    ) -> ControlFlow<Result<T, E>> {
        let (error, lost) = match result {
            Ok(Ok(value)) => match tx.observed.committed(tx.level.commit(self.deadline).await) {
                Ok(()) => return ControlFlow::Break(Ok(value)),
                Err(error) => {
                    let lost = error.is_retryable();
                    (error.into(), lost)
                }
            },
            Ok(Err(error)) => {
                let lost = tx.level.was_lost();
                // The closure's error is what went wrong; a connection that cannot even roll back is closed.
                let _ = tx.level.rollback().await;
                tx.observed.rolled_back();
                (error, lost)
            }
            // Too late for an answer: it is rolled back behind the caller's back.
            Err(late) => {
                tx.observed.timed_out(&late);
                (late.into(), false)
            }
        };
        // Whoever is next may have the connection, while this one waits.
        drop(tx);
        if !lost {
            return ControlFlow::Break(Err(error));
        }
        match self.pause().await {
            Ok(true) => ControlFlow::Continue(()),
            Ok(false) => ControlFlow::Break(Err(error)),
            Err(error) => ControlFlow::Break(Err(error.into())),
        }
    }

    /// Waits before the next attempt, if there is to be one.
    async fn pause(&mut self) -> Result<bool> {
        let times = self.retry.as_ref().map_or(0, |retry| retry.times);
        if self.lost >= times {
            return Ok(false);
        }
        let pause = backoff(self.lost);
        self.lost += 1;
        if self.deadline.is_some_and(|deadline| deadline.left() <= pause) {
            return Ok(false);
        }
        observe::retried(Again::Transaction, "serialization");
        timer::until(Instant::now() + pause).await?;
        Ok(true)
    }
}

/// A random time, up to twice as long with each attempt that was lost before.
fn backoff(lost: u32) -> Duration {
    let longest = FIRST.saturating_mul(2_u32.saturating_pow(lost)).min(LONGEST);
    // A new state of std's hashing is seeded at random: enough to keep two that met apart.
    let random = RandomState::new().hash_one(lost);
    let nanos = u64::try_from(longest.as_nanos()).unwrap_or(u64::MAX);
    Duration::from_nanos(random % (nanos + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_differ() {
        for (lost, longest) in [(0, 10), (1, 20), (5, 320), (7, 1000), (40, 1000)] {
            let waits: Vec<_> = (0..200).map(|_| backoff(lost)).collect();
            assert!(waits.iter().all(|wait| *wait <= Duration::from_millis(longest)), "{waits:?}");
            let (least, most) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
            assert!(*most > *least + Duration::from_millis(longest) / 2, "they are spread: {least:?} to {most:?}");
        }
    }
}
