//! Metrics, where the feature `metrics` is off: there are none.

use std::time::Duration;

use super::Call;
use super::call::SoFar;

pub(super) const ARE_WANTED: bool = false;

/// How long each statement of a call took.
#[derive(Default)]
pub(super) struct Durations;

impl Durations {
    #[allow(clippy::unused_self, reason = "the face that metrics have")]
    pub(super) fn add(&mut self, _: Duration) {}
}

pub(crate) fn describe() {}

pub(super) fn call(_: &Call, _: &SoFar, _: Duration, _: Option<&'static str>) {}

pub(super) fn transaction(_: &'static str, _: &'static str, _: Duration) {}

pub(super) fn retried(_: &'static str, _: &'static str) {}

/// The numbers of one pool.
#[derive(Clone)]
pub(crate) struct PoolMeter;

#[allow(clippy::unused_self, reason = "the face that metrics have")]
impl PoolMeter {
    pub(crate) fn new(_: impl Into<String>, _: usize) -> Self {
        Self
    }

    pub(crate) const fn none() -> Self {
        Self
    }

    #[inline]
    pub(crate) fn show(&self, _: usize, _: usize, _: usize) {}

    #[inline]
    pub(crate) fn waited(&self, _: Duration) {}

    #[inline]
    pub(crate) fn timed_out(&self) {}

    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn asks(&self) -> Asked {
        Asked
    }

    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn made(&self) -> Made {
        Made
    }
}

/// Who asks for a connection.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) struct Asked;

#[cfg(any(feature = "postgres", feature = "mysql"))]
impl Asked {
    #[allow(clippy::unused_self, reason = "the face that metrics have")]
    pub(crate) fn served(self) -> InUse {
        InUse
    }
}

/// A connection is in use.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) struct InUse;

/// A connection is open.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) struct Made;
