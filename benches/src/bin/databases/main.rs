//! The shop workload on each database: Relata beside hand-written driver code, in one process, in turns.
//!
//! ```sh
//! cargo run --release -p relata-bench --bin databases                     # W1 to W10, one client
//! cargo run --release -p relata-bench --bin databases -- top              # a limit for each of 5,000 parents
//! cargo run --release -p relata-bench --bin databases -- tasks            # W9: 16 tasks, and beside a slow one
//! cargo run --release -p relata-bench --bin databases -- executions       # SQLite from one task and from many
//! cargo run --release -p relata-bench --bin databases -- filters          # filters from outside, SQLite in memory
//! cargo run --release -p relata-bench --bin databases -- views            # a view of three columns beside whole rows
//! cargo run --release -p relata-bench --bin databases -- check            # each once, not timed: rows are compared
//! cargo run --release -p relata-bench --bin databases -- count postgres W1 relata 10000   # for an instruction counter
//! ```
//!
//! Names of databases (`sqlite`, `postgres`, `mariadb`) and of workloads limit it to these. `--json` prints a line of
//! JSON for each result. PostgreSQL and MariaDB are started in folders of their own, on the processor that this
//! program keeps to, unless `BENCH_POSTGRES_URL` or `BENCH_MARIADB_URL` names a server; a database of its own is made
//! there and dropped.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the tables are what this program is for")]

mod data;
mod executions;
mod filters;
#[path = "../../generated.rs"]
mod generated;
mod hand;
mod measure;
mod relata_side;
mod report;
mod run;
mod seed;
mod servers;
mod tasks;
mod views;
mod workload;

use measure::pin;
use report::Report;
use run::{Kind, Step};
use workload::{Failure, Workload};

const USAGE: &str = "usage: databases [top | tasks | executions | filters | views | check | count DATABASE WORKLOAD raw|relata N] [--json] [DATABASE…] [WORKLOAD…]";

fn main() -> Result<(), Failure> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let json = arguments.iter().any(|argument| argument == "--json");
    arguments.retain(|argument| argument != "--json");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (mut steps, names) = match arguments[..] {
        ["top", ref rest @ ..] => (vec![Step::top()], rest),
        ["tasks", ref rest @ ..] => (vec![Step::tasks()], rest),
        ["views", ref rest @ ..] => (vec![Step::views()], rest),
        ["executions"] => (vec![Step::executions()], &["sqlite"][..]),
        ["filters"] => {
            pin();
            return filters::table();
        }
        ["check", ref rest @ ..] => (Step::check(), rest),
        ["count", ref database, workload, side @ ("raw" | "relata"), times] => {
            let step = Step::count(Workload::named(workload)?, side == "relata", times.parse()?);
            (vec![step], std::slice::from_ref(database))
        }
        ref rest => (vec![Step::table()], rest),
    };
    if arguments.first() == Some(&"check") {
        filters::check()?;
    }
    let (mut kinds, mut workloads) = (Vec::new(), Vec::new());
    for name in names {
        match Kind::ALL.into_iter().find(|kind| kind.name() == *name) {
            Some(kind) => kinds.push(kind),
            None => workloads.push(Workload::named(name).map_err(|_| USAGE)?),
        }
    }
    if !workloads.is_empty() {
        for step in &mut steps {
            step.keep(&workloads);
        }
    }
    let all = kinds.is_empty();
    if all {
        kinds.extend(Kind::ALL);
    }
    // Ways of executing are about threads that run at the same time.
    let pinned = arguments.first() != Some(&"executions") && pin();
    for kind in kinds {
        match run::run(kind, &steps, Report { json }, pinned) {
            // A server that is not there is an error only to whoever asked for it.
            Err(failure) if all && failure.is::<servers::Missing>() => eprintln!("{}: {failure}", kind.name()),
            done => done?,
        }
    }
    Ok(())
}
