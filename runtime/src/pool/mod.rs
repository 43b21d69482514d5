//! A fair pool of few, costly things: connections.
//!
//! Who asks first is served first; who stops waiting passes its turn on. Things are made when they are first
//! needed. Knows nothing of databases or async runtimes, and works for callers that block too.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::observe::PoolMeter;
use crate::timer::{self, Alarm};
use crate::{Error, Result};

/// Makes one more thing.
type Make<T> = Box<dyn Fn() -> Result<T> + Send + Sync>;

/// A pool of at most so many `T`.
pub(crate) struct Pool<T> {
    state: Mutex<State<T>>,
    make: Make<T>,
    capacity: usize,
    patience: Option<Duration>,
    /// What messages call the things: `reading connections to shop.db`.
    what: String,
    meter: PoolMeter,
}

struct State<T> {
    /// Boxed, since they are passed from hand to hand.
    idle: Vec<Box<T>>,
    /// How many exist or are being made.
    made: usize,
    waiting: VecDeque<Waiter<T>>,
    /// The number of the waiter that came last.
    last: u64,
}

/// One who waits; served in place, and taken out of the queue when it looks.
struct Waiter<T> {
    number: u64,
    waker: Waker,
    turn: Option<Turn<T>>,
}

/// What a waiter is served with.
enum Turn<T> {
    /// A thing that came back.
    Thing(Box<T>),
    /// Leave to make one, since one was lost.
    Make,
}

impl<T> Pool<T> {
    /// An empty pool; `patience` is how long a caller waits.
    pub(crate) fn new(
        what: String,
        capacity: usize,
        patience: Option<Duration>,
        make: impl Fn() -> Result<T> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Self::metered(what, capacity, patience, PoolMeter::none(), make)
    }

    /// The same, whose numbers are told.
    pub(crate) fn metered(
        what: String,
        capacity: usize,
        patience: Option<Duration>,
        meter: PoolMeter,
        make: impl Fn() -> Result<T> + Send + Sync + 'static,
    ) -> Arc<Self> {
        let state = State { idle: Vec::with_capacity(capacity), made: 0, waiting: VecDeque::new(), last: 0 };
        Arc::new(Self { state: Mutex::new(state), make: Box::new(make), capacity, patience, what, meter })
    }

    /// Puts in a thing made elsewhere; it counts towards the capacity.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "mysql")),
        allow(dead_code, reason = "for drivers that pool by it")
    )]
    pub(crate) fn add(&self, thing: T) {
        let mut state = self.lock();
        state.made += 1;
        state.idle.push(Box::new(thing));
        self.show(&state);
    }

    /// What they are, in the plural.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "for connections that are called in place"))]
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// One of the things, if one is idle; then nobody waits for it.
    #[inline]
    pub(crate) fn try_acquire(self: &Arc<Self>) -> Option<Held<T>> {
        let mut state = self.lock();
        let thing = state.idle.pop()?;
        self.show(&state);
        drop(state);
        self.meter.waited(Duration::ZERO);
        Some(Held { thing: Some(thing), pool: Arc::clone(self) })
    }

    /// One of the things, when there is one to be had.
    ///
    /// # Errors
    /// [`Error::PoolTimeout`] after the pool's patience; what making one reports.
    pub(crate) fn acquire(self: &Arc<Self>) -> Acquire<'_, T> {
        Acquire { pool: self, waiting: None }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No code of others runs under the lock, so that nothing in it is ever half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells how many are in use, idle and waited for.
    #[inline]
    fn show(&self, state: &State<T>) {
        self.meter.show(state.made - state.idle.len(), state.idle.len(), state.waiting.len());
    }

    fn put_back(&self, thing: Box<T>) {
        let mut state = self.lock();
        match state.serve(Turn::Thing(thing)) {
            Ok(waker) => {
                drop(state);
                waker.wake();
            }
            Err(Turn::Thing(thing)) => {
                state.idle.push(thing);
                self.show(&state);
            }
            Err(Turn::Make) => {}
        }
    }

    /// One thing is gone for good: the next in line may make another.
    fn lost(&self) {
        let mut state = self.lock();
        if let Ok(waker) = state.serve(Turn::Make) {
            drop(state);
            waker.wake();
        } else {
            state.made -= 1;
            self.show(&state);
        }
    }

    fn make(self: &Arc<Self>) -> Result<Held<T>> {
        // If making one fails or panics, the leave to make it goes to the next in line.
        let leave = Leave { pool: self, used: false };
        let thing = Box::new((self.make)()?);
        leave.used();
        Ok(Held { thing: Some(thing), pool: Arc::clone(self) })
    }

    fn timed_out(&self, waited: Duration) -> Error {
        self.meter.timed_out();
        let state = self.lock();
        let in_use = state.made - state.idle.len();
        let others = state.waiting.len();
        drop(state);
        let (what, capacity) = (&self.what, self.capacity);
        Error::PoolTimeout {
            message: format!(
                "waited {waited:.1?} for one of the {capacity} {what}: {in_use} in use, {others} others waiting"
            ),
        }
    }
}

impl<T> State<T> {
    /// Gives the turn to the first in line who has none yet; back, where nobody waits.
    fn serve(&mut self, turn: Turn<T>) -> Result<Waker, Turn<T>> {
        match self.waiting.iter_mut().find(|waiter| waiter.turn.is_none()) {
            Some(waiter) => {
                waiter.turn = Some(turn);
                Ok(std::mem::replace(&mut waiter.waker, Waker::noop().clone()))
            }
            None => Err(turn),
        }
    }

    fn leave_line(&mut self, number: u64) -> Option<Waiter<T>> {
        let place = self.waiting.iter().position(|waiter| waiter.number == number)?;
        self.waiting.remove(place)
    }
}

impl<T> fmt::Debug for Pool<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("Pool")
            .field("what", &self.what)
            .field("capacity", &self.capacity)
            .field("made", &state.made)
            .field("idle", &state.idle.len())
            .field("waiting", &state.waiting.len())
            .finish_non_exhaustive()
    }
}

struct Leave<'p, T> {
    pool: &'p Pool<T>,
    used: bool,
}

impl<T> Leave<'_, T> {
    fn used(mut self) {
        self.used = true;
    }
}

impl<T> Drop for Leave<'_, T> {
    fn drop(&mut self) {
        if !self.used {
            self.pool.lost();
        }
    }
}

/// Waits for a thing; dropped, it passes its turn on.
pub(crate) struct Acquire<'p, T> {
    pool: &'p Arc<Pool<T>>,
    waiting: Option<Waiting>,
}

struct Waiting {
    number: u64,
    since: Instant,
    alarm: Option<Alarm>,
}

impl<T> Unpin for Acquire<'_, T> {}

impl<T> Future for Acquire<'_, T> {
    type Output = Result<Held<T>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        match this.waiting {
            None => this.begin(context),
            Some(_) => this.look(context),
        }
    }
}

impl<T> Acquire<'_, T> {
    /// Takes what is there, makes one, or gets in line.
    fn begin(&mut self, context: &mut Context<'_>) -> Poll<Result<Held<T>>> {
        let pool = self.pool;
        let mut state = pool.lock();
        if let Some(thing) = state.idle.pop() {
            pool.show(&state);
            drop(state);
            pool.meter.waited(Duration::ZERO);
            return Poll::Ready(Ok(Held { thing: Some(thing), pool: Arc::clone(pool) }));
        }
        if state.made < pool.capacity {
            state.made += 1;
            pool.show(&state);
            drop(state);
            pool.meter.waited(Duration::ZERO);
            return Poll::Ready(pool.make());
        }
        state.last += 1;
        let number = state.last;
        state.waiting.push_back(Waiter { number, waker: context.waker().clone(), turn: None });
        pool.show(&state);
        drop(state);
        let since = Instant::now();
        let waiting = self.waiting.insert(Waiting { number, since, alarm: None });
        if let Some(patience) = pool.patience {
            match timer::wake_at(since + patience, context.waker().clone()) {
                Ok(alarm) => waiting.alarm = Some(alarm),
                Err(error) => {
                    let message = format!("the thread that measures waiting cannot be started: {error}");
                    return Poll::Ready(Err(Error::Unavailable { message }));
                }
            }
        }
        Poll::Pending
    }

    /// Looks whether its turn has come, or its patience has run out.
    fn look(&mut self, context: &mut Context<'_>) -> Poll<Result<Held<T>>> {
        let pool = self.pool;
        let Some(waiting) = self.waiting.as_ref() else { return self.begin(context) };
        let number = waiting.number;
        let mut state = pool.lock();
        if let Some(waiter) = state.waiting.iter_mut().find(|waiter| waiter.number == number && waiter.turn.is_none()) {
            let waited = waiting.since.elapsed();
            if pool.patience.is_none_or(|patience| waited < patience) {
                waiter.waker.clone_from(context.waker());
                drop(state);
                if let Some(alarm) = &waiting.alarm
                    && !alarm.rewake(context.waker())
                {
                    context.waker().wake_by_ref();
                }
                return Poll::Pending;
            }
            state.leave_line(number);
            pool.show(&state);
            drop(state);
            self.waiting = None;
            return Poll::Ready(Err(pool.timed_out(waited)));
        }
        let turn = state.leave_line(number).and_then(|waiter| waiter.turn);
        pool.show(&state);
        drop(state);
        if turn.is_some() {
            pool.meter.waited(waiting.since.elapsed());
        }
        self.waiting = None;
        match turn {
            Some(Turn::Thing(thing)) => Poll::Ready(Ok(Held { thing: Some(thing), pool: Arc::clone(pool) })),
            Some(Turn::Make) => Poll::Ready(pool.make()),
            None => self.begin(context),
        }
    }
}

impl<T> Drop for Acquire<'_, T> {
    fn drop(&mut self) {
        let Some(waiting) = &self.waiting else { return };
        let mut state = self.pool.lock();
        let waiter = state.leave_line(waiting.number);
        self.pool.show(&state);
        drop(state);
        match waiter.and_then(|waiter| waiter.turn) {
            Some(Turn::Thing(thing)) => self.pool.put_back(thing),
            Some(Turn::Make) => self.pool.lost(),
            None => {}
        }
    }
}

/// A thing out of the pool; dropped, it goes back.
pub(crate) struct Held<T> {
    /// `None` only while it is dropped.
    thing: Option<Box<T>>,
    pool: Arc<Pool<T>>,
}

impl<T> Held<T> {
    /// Drops the thing itself, which is of no use any more; the pool makes another when needed.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "for connections that are called in place"))]
    pub(crate) fn discard(mut self) {
        drop(self.thing.take());
        self.pool.lost();
    }
}

impl<T> Deref for Held<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.thing.as_ref().expect("the thing is there until it is dropped")
    }
}

impl<T> DerefMut for Held<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.thing.as_mut().expect("the thing is there until it is dropped")
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        if let Some(thing) = self.thing.take() {
            self.pool.put_back(thing);
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Held<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Held").field(&self.thing).finish()
    }
}

#[cfg(test)]
mod tests;
