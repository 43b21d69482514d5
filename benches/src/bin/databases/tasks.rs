//! Many tasks at once: W1 from 16 of them (W9), alone and beside one that reads slowly, so that it shows who waits
//! for whom. Knows nothing of how a caller reads.

use std::time::{Duration, Instant};

use crate::data::{SHOP, pick};
use crate::measure::{Pace, Taken, spent, taken};
use crate::report::Line;
use crate::workload::Failure;

/// How many read quickly.
pub(crate) const TASKS: usize = 16;

/// One who reads.
pub(crate) trait Caller: Send + 'static {
    /// W1.
    fn quick(&mut self, id: i64) -> impl Future<Output = Result<bool, Failure>> + Send;

    /// The products, which takes 100 ms in this database.
    fn slow(&mut self) -> impl Future<Output = Result<bool, Failure>> + Send;
}

/// The quick ones and a slow one, all reading in the same way.
#[derive(Debug)]
pub(crate) struct Readers<C> {
    who: &'static str,
    callers: Vec<C>,
    alone: Taken,
    beside: Taken,
}

/// How many callers that takes.
pub(crate) const READERS: usize = TASKS + 1;

impl<C: Caller> Readers<C> {
    pub(crate) fn new(who: &'static str, callers: Vec<C>) -> Self {
        Self { who, callers, alone: Taken::NOTHING, beside: Taken::NOTHING }
    }

    /// A slice of time for the quick ones alone, and one beside the slow one.
    pub(crate) async fn turn(&mut self, pace: Pace, round: u64) -> Result<(), Failure> {
        self.alone = self.alone.or(self.together(false, pace, round).await?);
        self.beside = self.beside.or(self.together(true, pace, round).await?);
        Ok(())
    }

    /// What the quick ones took, alone and beside.
    pub(crate) fn lines(&self) -> [Line; 2] {
        [self.alone, self.beside].map(|taken| Line { who: self.who, taken })
    }

    async fn together(&mut self, with_slow: bool, pace: Pace, round: u64) -> Result<Taken, Failure> {
        let (begun, before) = (Instant::now(), spent()?);
        let until = begun + pace.slice;
        let callers = std::mem::take(&mut self.callers).into_iter().zip(0..);
        let running: Vec<_> = callers
            .map(|(mut caller, place)| {
                tokio::spawn(async move {
                    let times = if place < TASKS as u64 {
                        quickly(&mut caller, until, (round * 100 + place) * 1_000_003).await?
                    } else if with_slow {
                        slowly(&mut caller, until).await?
                    } else {
                        Vec::new()
                    };
                    Ok::<_, Failure>((times, caller))
                })
            })
            .collect();
        let mut all = Vec::new();
        for task in running {
            let (mut times, caller) = task.await??;
            all.append(&mut times);
            self.callers.push(caller);
        }
        taken(all, begun.elapsed(), before)
    }
}

/// How long each read took; at least one is done.
async fn quickly(caller: &mut impl Caller, until: Instant, mut counter: u64) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::with_capacity(1 << 14);
    let mut last = Instant::now();
    while times.is_empty() || last < until {
        counter += 1;
        found(caller.quick(pick(counter, SHOP.customers)).await?)?;
        let now = Instant::now();
        times.push(now - last);
        last = now;
    }
    Ok(times)
}

/// No times: only the quick ones count.
async fn slowly(caller: &mut impl Caller, until: Instant) -> Result<Vec<Duration>, Failure> {
    loop {
        let begun = Instant::now();
        found(caller.slow().await?)?;
        if begun.elapsed() < Duration::from_millis(90) {
            return Err("the slow read was quick".into());
        }
        if Instant::now() >= until {
            return Ok(Vec::new());
        }
    }
}

fn found(found: bool) -> Result<(), Failure> {
    if found { Ok(()) } else { Err("a row is missing".into()) }
}
