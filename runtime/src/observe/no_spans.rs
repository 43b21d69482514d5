//! Spans, where the feature `tracing` is off: there are none.

use std::future::Future;
use std::time::Duration;

use super::Call;
use super::call::SoFar;
use crate::driver::TransactionOptions;
use crate::query::Task;

pub(super) const fn are_wanted() -> bool {
    false
}

/// The span of a call or a transaction.
pub(super) struct Span;

pub(super) fn of_call(_: &Call, _: Option<&Task>) -> Span {
    Span
}

pub(super) fn of_transaction(_: &'static str, _: TransactionOptions, _: bool) -> Span {
    Span
}

impl Span {
    #[allow(clippy::unused_self, reason = "the face that spans have")]
    pub(super) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        work()
    }

    #[allow(clippy::unused_self, reason = "the face that spans have")]
    pub(super) fn around<F: Future>(&self, work: F) -> F {
        work
    }

    #[allow(clippy::unused_self, reason = "the face that spans have")]
    pub(super) fn end_call(&self, _: &SoFar, _: Duration, _: Option<&'static str>) {}

    #[allow(clippy::unused_self, reason = "the face that spans have")]
    pub(super) fn end_transaction(&self, _: &'static str, _: Duration, _: Option<&'static str>) {}
}

pub(super) fn retried(_: &'static str, _: &'static str) {}
