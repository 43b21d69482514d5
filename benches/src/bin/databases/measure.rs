//! Time and CPU of operations, in turns. Knows nothing of databases.

use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

use crate::workload::Failure;

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) rounds: u64,
    pub(crate) slice: Duration,
    /// In each slice, however long they take.
    pub(crate) at_least: usize,
}

/// What one side took, in its best round; each number by itself, because noise only ever adds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    pub(crate) ops_per_s: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    pub(crate) max: Duration,
    /// User and system time of this process, so of the client alone where the database is another process.
    pub(crate) cpu: Duration,
}

impl Taken {
    pub(crate) const NOTHING: Self =
        Self { ops_per_s: 0.0, p50: Duration::MAX, p99: Duration::MAX, max: Duration::MAX, cpu: Duration::MAX };

    /// The better of each number.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            ops_per_s: self.ops_per_s.max(other.ops_per_s),
            p50: self.p50.min(other.p50),
            p99: self.p99.min(other.p99),
            max: self.max.min(other.max),
            cpu: self.cpu.min(other.cpu),
        }
    }
}

/// A slice of time for one operation after the other.
#[derive(Debug)]
pub(crate) struct Slice {
    pace: Pace,
    counter: u64,
    times: Vec<Duration>,
    spent: Duration,
    begun: Instant,
    last: Option<Instant>,
}

impl Slice {
    /// `round` chooses the random numbers.
    pub(crate) fn new(pace: Pace, round: u64) -> Result<Self, Failure> {
        let times = Vec::with_capacity(1 << 16);
        Ok(Self { pace, counter: round * 1_000_003, times, spent: spent()?, begun: Instant::now(), last: None })
    }

    /// The number of the operation to do now, after the one before has been done; `None` when the time is over.
    pub(crate) fn next(&mut self) -> Option<u64> {
        let now = Instant::now();
        match self.last {
            Some(last) => self.times.push(now - last),
            None => self.begun = now,
        }
        self.last = Some(now);
        self.counter += 1;
        (self.times.len() < self.pace.at_least || now - self.begun < self.pace.slice).then_some(self.counter)
    }

    /// What they took.
    pub(crate) fn end(self) -> Result<Taken, Failure> {
        taken(self.times, self.last.unwrap_or(self.begun) - self.begun, self.spent)
    }
}

/// Numbers of operations that began when this process had spent so much, and took so long together.
pub(crate) fn taken(mut times: Vec<Duration>, wall: Duration, spent_before: Duration) -> Result<Taken, Failure> {
    let cpu = spent()?.saturating_sub(spent_before);
    times.sort_unstable();
    let at = |hundredth: usize| times[(times.len() - 1) * hundredth / 100];
    let count = u32::try_from(times.len())?;
    Ok(Taken {
        ops_per_s: f64::from(count) / wall.as_secs_f64(),
        p50: at(50),
        p99: at(99),
        max: at(100),
        cpu: cpu / count,
    })
}

/// User and system time of this process.
pub(crate) fn spent() -> Result<Duration, Failure> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    Ok(duration(usage.user_time())? + duration(usage.system_time())?)
}

fn duration(time: TimeVal) -> Result<Duration, Failure> {
    Ok(Duration::from_micros(u64::try_from(time.tv_sec() * 1_000_000 + time.tv_usec())?))
}

/// Keeps this process and what it starts on one processor: a wake-up from one to another takes longer, and less
/// steadily, than most of what is measured. Says whether that was possible.
pub(crate) fn pin() -> bool {
    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;

    let this = Pid::from_raw(0);
    let Ok(allowed) = sched_getaffinity(this) else { return false };
    let Some(last) = (0..CpuSet::count()).rev().find(|&cpu| allowed.is_set(cpu).unwrap_or(false)) else { return false };
    let mut one = CpuSet::new();
    one.set(last).is_ok() && sched_setaffinity(this, &one).is_ok()
}
