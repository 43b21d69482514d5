//! Until when a call is to be done, and what is said where it is not.
//!
//! Knows neither databases nor what is waited for: who waits names it.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant};

use crate::{Error, Result, timer};

/// A point in time, and how long that was when it was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deadline {
    at: Instant,
    given: Duration,
}

/// How long who was told to stop at a deadline may take to say whether it did.
pub(crate) const GRACE: Duration = Duration::from_millis(500);

/// How long what cannot be added to a point in time is: nobody waits for its end.
const FAR: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

impl Deadline {
    /// In so much time from now.
    pub(crate) fn after(given: Duration) -> Self {
        let now = Instant::now();
        Self { at: now.checked_add(given).unwrap_or_else(|| now + FAR), given }
    }

    /// Then.
    pub(crate) fn at(at: Instant) -> Self {
        let given = at.saturating_duration_since(Instant::now());
        // A reader of messages has no use for more digits.
        let given = u64::try_from(given.as_millis()).map_or(given, Duration::from_millis);
        Self { at, given }
    }

    /// The earlier one of two.
    pub(crate) fn first(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) => Some(if other.at < one.at { other } else { one }),
            (one, other) => one.or(other),
        }
    }

    pub(crate) fn instant(self) -> Instant {
        self.at
    }

    /// How much time is left; none where it has passed.
    pub(crate) fn left(self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    pub(crate) fn has_passed(self) -> bool {
        self.left().is_zero()
    }

    /// What was waited for did not come in time.
    #[cold]
    pub(crate) fn passed(self, what: impl fmt::Display) -> Error {
        Error::Timeout { message: format!("the deadline of {:?} passed while waiting for {what}", self.given) }
    }
}

/// Refuses to begin what would end too late.
///
/// # Errors
/// `timeout`, where the deadline has passed.
pub(crate) fn check(deadline: Option<Deadline>, what: impl FnOnce() -> String) -> Result<()> {
    match deadline {
        Some(deadline) if deadline.has_passed() => Err(deadline.passed(what())),
        _ => Ok(()),
    }
}

/// Waits for `future` until the deadline; then it is to be dropped. It is pinned where it stands: moved into this one, it
/// would take its room twice.
///
/// # Errors
/// Those of the future; `timeout`, where the deadline passes first.
pub(crate) async fn within<T>(
    deadline: Option<Deadline>,
    what: impl FnOnce() -> String + Send,
    future: Pin<&mut impl Future<Output = Result<T>>>,
) -> Result<T> {
    let Some(deadline) = deadline else { return future.await };
    match before(deadline.at, future).await? {
        Some(answer) => answer,
        None => Err(deadline.passed(what())),
    }
}

/// What `future` gives, if it does so before that point in time.
///
/// # Errors
/// `unavailable`, where time cannot be measured.
pub(crate) async fn before<F: Future>(at: Instant, mut future: Pin<&mut F>) -> Result<Option<F::Output>> {
    let mut end = pin!(timer::until(at));
    let ended = poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Ok(Some(output))),
        Poll::Pending => end.as_mut().poll(context).map_ok(|()| None),
    });
    ended.await
}

/// How long the calls of a handle may take.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Limits {
    /// Each from its beginning.
    each: Option<Duration>,
    /// All of them.
    until: Option<Deadline>,
}

impl Limits {
    /// The same, and each call in that time; what is limited already is never given more.
    pub(crate) fn within(self, limit: Duration) -> Self {
        Self { each: Some(self.each.map_or(limit, |each| each.min(limit))), ..self }
    }

    /// The same, and all calls until then.
    pub(crate) fn until(self, deadline: Option<Deadline>) -> Self {
        Self { until: Deadline::first(self.until, deadline), ..self }
    }

    /// Of a call that begins now.
    #[inline]
    pub(crate) fn deadline(self) -> Option<Deadline> {
        Deadline::first(self.each.map(Deadline::after), self.until)
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::wait::block_on;

    #[test]
    fn what_is_ready_is_answered_even_late() {
        let past = Some(Deadline::after(Duration::ZERO));
        assert_eq!(block_on(within(past, || unreachable!(), pin!(ready(Ok(7))))).unwrap(), 7);
    }

    #[test]
    fn what_does_not_come_is_named_with_the_time_it_had() {
        let soon = Some(Deadline::after(Duration::from_millis(5)));
        let error = block_on(within(soon, || "the tide".to_owned(), pin!(pending::<Result<()>>()))).unwrap_err();
        assert_eq!(error.code(), "timeout");
        assert_eq!(error.to_string(), "the deadline of 5ms passed while waiting for the tide");
    }

    #[test]
    fn limits_are_only_tightened() {
        let limits = Limits::default().within(Duration::from_secs(1)).within(Duration::from_secs(60));
        assert!(limits.deadline().unwrap().left() <= Duration::from_secs(1));
        let first = Deadline::after(Duration::from_secs(2));
        let limits = Limits::default().until(Some(first)).until(Some(Deadline::after(Duration::from_secs(9))));
        assert_eq!(limits.deadline(), Some(first));
        assert_eq!(Limits::default().deadline(), None);
        assert!(!Deadline::after(Duration::MAX).has_passed());
    }
}
