//! Wakes tasks at a point in time, by one thread that is started the first time anyone has to wait.
//!
//! Needs no async runtime and knows nothing of what is waited for.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Instant;

use crate::{Error, Result};

/// A wake-up to come; dropped, it does not come.
#[derive(Debug)]
pub(crate) struct Alarm {
    key: Key,
}

/// Alarms of one instant are told apart by a number.
type Key = (Instant, u64);

#[derive(Debug, Default)]
struct Clock {
    alarms: Mutex<Alarms>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Alarms {
    due: BTreeMap<Key, Waker>,
    set: u64,
    running: bool,
    sleep: Sleep,
}

/// Until when the thread looks at nothing.
#[derive(Debug, Default)]
enum Sleep {
    /// It looks at every alarm before it sleeps.
    #[default]
    Awake,
    Until(Instant),
    /// There was no alarm.
    UntilCalled,
}

fn clock() -> &'static Clock {
    static CLOCK: OnceLock<Clock> = OnceLock::new();
    CLOCK.get_or_init(Clock::default)
}

impl Clock {
    fn lock(&self) -> MutexGuard<'_, Alarms> {
        // Nothing that holds the lock can leave the alarms half changed.
        self.alarms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes who is due, for ever.
    fn run(&self) {
        let mut alarms = self.lock();
        loop {
            let now = Instant::now();
            let later = alarms.due.split_off(&(now, u64::MAX));
            let due = std::mem::replace(&mut alarms.due, later);
            if !due.is_empty() {
                drop(alarms);
                due.into_values().for_each(Waker::wake);
                alarms = self.lock();
                continue;
            }
            alarms = if let Some((&(next, _), _)) = alarms.due.first_key_value() {
                alarms.sleep = Sleep::Until(next);
                let wait = next.saturating_duration_since(now);
                self.changed.wait_timeout(alarms, wait).unwrap_or_else(PoisonError::into_inner).0
            } else {
                alarms.sleep = Sleep::UntilCalled;
                self.changed.wait(alarms).unwrap_or_else(PoisonError::into_inner)
            };
            alarms.sleep = Sleep::Awake;
        }
    }
}

/// Wakes `waker` at `deadline`, unless the alarm is dropped before.
///
/// # Errors
/// When the thread that it takes cannot be started.
pub(crate) fn wake_at(deadline: Instant, waker: Waker) -> io::Result<Alarm> {
    let clock = clock();
    let mut alarms = clock.lock();
    if !alarms.running {
        thread::Builder::new().name("relata-timer".to_owned()).spawn(|| clock.run())?;
        alarms.running = true;
    }
    alarms.set += 1;
    let key = (deadline, alarms.set);
    alarms.due.insert(key, waker);
    // Called only where it would sleep too long: most alarms are dropped before they ring, and the next one is
    // later, so that setting it costs no switch between threads.
    let oversleeps = match alarms.sleep {
        Sleep::Awake => false,
        Sleep::Until(then) => deadline < then,
        Sleep::UntilCalled => true,
    };
    drop(alarms);
    if oversleeps {
        clock.changed.notify_one();
    }
    Ok(Alarm { key })
}

impl Alarm {
    /// Wakes another waker instead; `false` where the alarm went off already.
    pub(crate) fn rewake(&self, waker: &Waker) -> bool {
        clock().lock().due.get_mut(&self.key).map(|place| place.clone_from(waker)).is_some()
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        let waker = clock().lock().due.remove(&self.key);
        drop(waker);
    }
}

/// Is ready at that point in time.
pub(crate) struct Until {
    at: Instant,
    alarm: Option<Alarm>,
}

/// Waits until then.
pub(crate) fn until(at: Instant) -> Until {
    Until { at, alarm: None }
}

impl Future for Until {
    type Output = Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        if Instant::now() >= self.at {
            return Poll::Ready(Ok(()));
        }
        if self.alarm.as_ref().is_none_or(|alarm| !alarm.rewake(context.waker())) {
            match wake_at(self.at, context.waker().clone()) {
                Ok(alarm) => self.alarm = Some(alarm),
                Err(error) => {
                    let message = format!("the thread that measures waiting cannot be started: {error}");
                    return Poll::Ready(Err(Error::Unavailable { message }));
                }
            }
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::{Sender, channel};
    use std::task::Wake;
    use std::time::Duration;

    use super::*;

    struct Ring(Sender<u8>, u8);

    impl Wake for Ring {
        fn wake(self: Arc<Self>) {
            self.0.send(self.1).unwrap();
        }
    }

    #[test]
    fn alarms_ring_in_order_and_dropped_ones_do_not() {
        let (sender, rings) = channel();
        let start = Instant::now();
        let alarm = |millis: u64, name| {
            wake_at(start + Duration::from_millis(millis), Arc::new(Ring(sender.clone(), name)).into()).unwrap()
        };
        let _late = alarm(60, 3);
        let dropped = alarm(30, 2);
        let _early = alarm(10, 1);
        drop(dropped);
        assert_eq!(rings.recv().unwrap(), 1);
        assert_eq!(rings.recv().unwrap(), 3);
        assert!(start.elapsed() >= Duration::from_millis(60));
    }
}
