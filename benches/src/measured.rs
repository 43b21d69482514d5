//! What a child process costs: time, CPU and peak memory, its own children included.
//!
//! The system counts the peak over all children of a process, so each command runs below a copy of this program
//! that runs nothing else.

use std::env;
use std::error::Error;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// The first argument of the copy.
const COPY: &str = "measured";

/// What a run took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
    pub(crate) peak_kib: u64,
}

impl Cost {
    /// The quickest of several runs, each preceded by `prepare`.
    pub(crate) fn best(
        runs: usize,
        command: &Command,
        mut prepare: impl FnMut() -> Result<(), Failure>,
    ) -> Result<Self, Failure> {
        let mut best: Option<Self> = None;
        for _ in 0..runs {
            prepare()?;
            let cost = Self::of(command)?;
            best = Some(best.filter(|best| best.wall <= cost.wall).unwrap_or(cost));
        }
        best.ok_or_else(|| "nothing was run".into())
    }

    /// One run, which must succeed.
    pub(crate) fn of(command: &Command) -> Result<Self, Failure> {
        let mut copy = Command::new(env::current_exe()?);
        copy.arg(COPY).arg(command.get_program()).args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            copy.current_dir(folder);
        }
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => copy.env(name, value),
                None => copy.env_remove(name),
            };
        }
        let output = copy.output()?;
        if !output.status.success() {
            return Err(format!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr)).into());
        }
        let text = String::from_utf8(output.stdout)?;
        let told = text.lines().last().unwrap_or_default();
        let numbers = told.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>()?;
        let &[wall, cpu, peak_kib] = &numbers[..] else { return Err(format!("not a cost: `{told}`").into()) };
        Ok(Self { wall: Duration::from_micros(wall), cpu: Duration::from_micros(cpu), peak_kib })
    }
}

/// Whether this process is such a copy; then the command has been run, and its cost is on standard output.
pub(crate) fn was_copy() -> Result<bool, Failure> {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().is_none_or(|first| first != COPY) {
        return Ok(false);
    }
    let program = arguments.next().ok_or("a program is missing")?;
    let begun = Instant::now();
    let output = Command::new(program).args(arguments).output()?;
    let wall = begun.elapsed();
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Err(String::from_utf8_lossy(&said).chars().take(4_000).collect::<String>().into());
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = micros(usage.user_time()) + micros(usage.system_time());
    println!("{} {cpu} {}", wall.as_micros(), usage.max_rss());
    Ok(true)
}

fn micros(time: TimeVal) -> i64 {
    time.tv_sec() * 1_000_000 + time.tv_usec()
}

/// Cargo itself, as whoever runs this program runs it.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
