//! Fairness, cancellation, loss and patience.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;
use std::thread;

use super::*;
use crate::wait::block_on;

fn pool(capacity: usize, patience: Option<Duration>) -> Arc<Pool<usize>> {
    let made = AtomicUsize::new(0);
    Pool::new("numbers".to_owned(), capacity, patience, move || Ok(made.fetch_add(1, Ordering::Relaxed)))
}

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Polls once with a waker that counts.
fn poll<T>(acquire: &mut Acquire<'_, T>, wakes: &Arc<Count>) -> Poll<Result<Held<T>>> {
    let waker = Waker::from(Arc::clone(wakes));
    Pin::new(acquire).poll(&mut Context::from_waker(&waker))
}

#[test]
fn things_are_made_when_needed_and_used_again() {
    let pool = pool(2, None);
    let first = block_on(pool.acquire()).unwrap();
    let second = block_on(pool.acquire()).unwrap();
    assert_eq!((*first, *second), (0, 1));
    drop(second);
    assert_eq!(*block_on(pool.acquire()).unwrap(), 1);
}

#[test]
fn who_asks_first_is_served_first() {
    let pool = pool(1, None);
    let held = block_on(pool.acquire()).unwrap();
    let wakes = [Arc::default(), Arc::default(), Arc::default()];
    let [mut a, mut b, mut c] = [pool.acquire(), pool.acquire(), pool.acquire()];
    assert!(poll(&mut a, &wakes[0]).is_pending());
    assert!(poll(&mut b, &wakes[1]).is_pending());
    assert!(poll(&mut c, &wakes[2]).is_pending());
    drop(held);
    // Who comes now waits behind them, though nobody holds the thing at this moment.
    let late = Arc::default();
    let mut d = pool.acquire();
    assert!(poll(&mut d, &late).is_pending());
    assert!(poll(&mut c, &wakes[2]).is_pending());
    let Poll::Ready(Ok(held)) = poll(&mut a, &wakes[0]) else { panic!("the first is served") };
    drop(held);
    assert!(poll(&mut b, &wakes[1]).is_ready());
    assert!(poll(&mut c, &wakes[2]).is_ready());
    assert!(poll(&mut d, &late).is_ready());
}

#[test]
fn who_stops_waiting_passes_the_turn_on() {
    let pool = pool(1, None);
    let held = block_on(pool.acquire()).unwrap();
    let wakes = [Arc::default(), Arc::default(), Arc::default()];
    let [mut a, mut b, mut c] = [pool.acquire(), pool.acquire(), pool.acquire()];
    assert!(poll(&mut a, &wakes[0]).is_pending());
    assert!(poll(&mut b, &wakes[1]).is_pending());
    assert!(poll(&mut c, &wakes[2]).is_pending());
    // One leaves before its turn, one after it got it.
    drop(b);
    drop(held);
    assert_eq!(wakes[0].0.load(Ordering::Relaxed), 1);
    drop(a);
    assert_eq!(wakes[2].0.load(Ordering::Relaxed), 1);
    assert!(poll(&mut c, &wakes[2]).is_ready());
    drop(c);
    assert_eq!(*block_on(pool.acquire()).unwrap(), 0);
}

#[test]
fn what_is_lost_is_made_again_by_the_next_in_line() {
    let pool = pool(1, None);
    let held = block_on(pool.acquire()).unwrap();
    let wakes = [Arc::default(), Arc::default()];
    let [mut a, mut b] = [pool.acquire(), pool.acquire()];
    assert!(poll(&mut a, &wakes[0]).is_pending());
    assert!(poll(&mut b, &wakes[1]).is_pending());
    held.discard();
    drop(a);
    let Poll::Ready(Ok(held)) = poll(&mut b, &wakes[1]) else { panic!("the turn was passed on") };
    assert_eq!(*held, 1);
}

#[test]
fn a_failure_to_make_one_is_told_and_takes_no_place() {
    let tries = AtomicUsize::new(0);
    let pool: Arc<Pool<usize>> =
        Pool::new("numbers".to_owned(), 1, None, move || match tries.fetch_add(1, Ordering::Relaxed) {
            0 => Err(Error::Unavailable { message: "not today".to_owned() }),
            n => Ok(n),
        });
    assert_eq!(block_on(pool.acquire()).unwrap_err().code(), "unavailable");
    assert_eq!(*block_on(pool.acquire()).unwrap(), 1);
}

#[test]
fn patience_ends_with_an_error_that_tells_why() {
    let pool = pool(1, Some(Duration::from_millis(20)));
    let held = block_on(pool.acquire()).unwrap();
    let error = block_on(pool.acquire()).unwrap_err();
    assert_eq!(error.code(), "pool_timeout");
    let message = error.to_string();
    assert!(message.contains("one of the 1 numbers: 1 in use, 0 others waiting"), "{message}");
    drop(held);
    assert!(block_on(pool.acquire()).is_ok());
}

#[test]
fn a_future_that_moves_to_another_task_is_still_woken() {
    let pool = pool(1, Some(Duration::from_millis(30)));
    let _held = block_on(pool.acquire()).unwrap();
    let mut acquire = pool.acquire();
    assert!(poll(&mut acquire, &Arc::default()).is_pending());
    let mut acquire = pin!(acquire);
    assert_eq!(block_on(poll_fn(|context| acquire.as_mut().poll(context))).unwrap_err().code(), "pool_timeout");
}

#[test]
fn many_threads_never_hold_more_than_there_are() {
    let pool = pool(3, Some(Duration::from_secs(20)));
    let held = AtomicUsize::new(0);
    thread::scope(|scope| {
        for n in 0..8 {
            let (pool, held) = (&pool, &held);
            scope.spawn(move || {
                for round in 0..500 {
                    if (n + round) % 7 == 0 {
                        // Asked for and given up.
                        let _ = poll(&mut pool.acquire(), &Arc::default());
                        continue;
                    }
                    let thing = block_on(pool.acquire()).unwrap();
                    assert!(held.fetch_add(1, Ordering::SeqCst) < 3);
                    thread::yield_now();
                    held.fetch_sub(1, Ordering::SeqCst);
                    if round % 31 == 0 { thing.discard() } else { drop(thing) }
                }
            });
        }
    });
    let all = [pool.acquire(), pool.acquire(), pool.acquire()].map(block_on).map(Result::unwrap);
    assert!(poll(&mut pool.acquire(), &Arc::default()).is_pending());
    drop(all);
}
