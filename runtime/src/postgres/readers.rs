//! Few connections that reads of many tasks share: requests are sent one after the other without waiting, and
//! answered in their order.
//!
//! That nearly doubles what 16 tasks read, since client and server wake once for several requests. An answer waits
//! for those before it, so that only reads that find one row by its key are let in, and none where the oldest
//! request is not answered in no time: then a read gets a connection of its own.

use std::ops::Deref;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::connect::Maker;
use super::connection::Connection;
use crate::Result;
use crate::network::pool::{Held, Limits, Pool};

/// How many connections are shared at most. More answer fewer requests at once.
const SHARED: usize = 2;

/// How long a shared connection may answer nothing before it is passed over.
const STALLED: Duration = Duration::from_millis(5);

/// The shared connections of a pool.
#[derive(Debug)]
pub(super) struct Readers {
    slots: Vec<Slot>,
    since: Instant,
}

#[derive(Debug, Default)]
struct Slot {
    shared: Mutex<Option<Arc<Shared>>>,
}

#[derive(Debug)]
struct Shared {
    connection: Held<Maker>,
    /// Requests that are not answered yet.
    waiting: AtomicUsize,
    /// When it last answered, or was asked while it had nothing to do; microseconds.
    moved: AtomicU64,
}

/// Leave to read once on a shared connection.
pub(super) struct Reader<'r> {
    shared: Arc<Shared>,
    readers: &'r Readers,
}

impl Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.shared.connection
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        self.shared.moved.store(self.readers.now(), Ordering::Relaxed);
        self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Shared {
    fn serves(&self) -> bool {
        !self.connection.is_lost() && self.connection.home().serves_here()
    }
}

impl Readers {
    /// None are shared where the pool is small: transactions need some of their own.
    pub(super) fn new(share: bool, limits: &Limits) -> Self {
        let shared = if share { limits.connections.saturating_sub(2).min(SHARED) } else { 0 };
        Self { slots: (0..shared).map(|_| Slot::default()).collect(), since: Instant::now() }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// A place on the connection that has least to do; `None` where a connection of one's own is better.
    ///
    /// # Errors
    /// What making a connection reports.
    pub(super) async fn acquire(&self, pool: &Pool<Maker>) -> Result<Option<Reader<'_>>> {
        let mut best: Option<(usize, Arc<Shared>)> = None;
        let mut vacant = None;
        for slot in &self.slots {
            let mut shared = slot.shared.lock().unwrap_or_else(PoisonError::into_inner);
            match &*shared {
                Some(there) if there.serves() => {
                    let waiting = there.waiting.load(Ordering::Relaxed);
                    let still = Duration::from_micros(self.now().saturating_sub(there.moved.load(Ordering::Relaxed)));
                    if (waiting == 0 || still < STALLED) && best.as_ref().is_none_or(|(least, _)| waiting < *least) {
                        best = Some((waiting, Arc::clone(there)));
                    }
                }
                _ => {
                    *shared = None;
                    vacant = Some(slot);
                }
            }
        }
        match (best, vacant) {
            (Some((waiting, shared)), vacant) if waiting == 0 || vacant.is_none() || !pool.has_room() => {
                Ok(Some(self.enter(shared)))
            }
            (_, Some(slot)) => self.open(slot, pool).await,
            (Some((_, shared)), None) => Ok(Some(self.enter(shared))),
            (None, None) => Ok(None),
        }
    }

    fn enter(&self, shared: Arc<Shared>) -> Reader<'_> {
        if shared.waiting.fetch_add(1, Ordering::Relaxed) == 0 {
            shared.moved.store(self.now(), Ordering::Relaxed);
        }
        Reader { shared, readers: self }
    }

    /// Shares one more connection.
    async fn open<'r>(&'r self, slot: &Slot, pool: &Pool<Maker>) -> Result<Option<Reader<'r>>> {
        let connection = pool.acquire().await?;
        let shared = Arc::new(Shared { connection, waiting: AtomicUsize::new(0), moved: AtomicU64::new(0) });
        let mut place = slot.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if place.is_none() {
            *place = Some(Arc::clone(&shared));
        }
        // Where another task was faster, this connection goes back after the read.
        drop(place);
        Ok(Some(self.enter(shared)))
    }
}
