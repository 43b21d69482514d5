//! Relata's ways of executing SQLite, from one task and from many, on a multi-threaded async runtime.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::path::Path;
use std::time::{Duration, Instant};

use relata::SqliteExecution::{self, Auto, BlockInPlace, InPlace, Threads};

use crate::data::SHOP;
use crate::generated::shop::Db;
use crate::relata_side::run;
use crate::tasks::TASKS;
use crate::workload::{Failure, Workload};

/// Opens the file, with connections for all who read at once.
pub(crate) async fn connect(path: &Path, execution: SqliteExecution) -> Result<Db, Failure> {
    let url = format!("sqlite://{}", path.display());
    Ok(Db::builder().url(&url).sqlite_execution(execution).max_connections(TASKS + 1).connect().await?)
}

/// Calls a second.
pub(crate) async fn table(path: &Path) -> Result<(), Failure> {
    println!("| execution | tasks | W1 ops/s | W4 ops/s |");
    println!("| --- | ---: | ---: | ---: |");
    for execution in [Auto, InPlace, BlockInPlace, Threads] {
        for tasks in [1, TASKS] {
            let db = connect(path, execution).await?;
            let [w1, w4] = [rate(&db, tasks, Workload::W1).await?, rate(&db, tasks, Workload::W4).await?];
            println!("| {execution:?} | {tasks} | {w1:.0} | {w4:.0} |");
        }
    }
    Ok(())
}

async fn rate(db: &Db, tasks: usize, workload: Workload) -> Result<f64, Failure> {
    let mut best = 0.0_f64;
    for _ in 0..3 {
        let start = Instant::now();
        let running: Vec<_> = (0..tasks as u64)
            .map(|task| {
                let db = db.clone();
                tokio::spawn(async move {
                    let (mut done, mut counter) = (0_u32, task * 7_919);
                    while start.elapsed() < Duration::from_millis(400) {
                        counter += 1;
                        run(&db, SHOP, workload, counter).await?;
                        done += 1;
                    }
                    Ok::<_, Failure>(done)
                })
            })
            .collect();
        let mut done = 0;
        for task in running {
            done += task.await??;
        }
        best = best.max(f64::from(done) / start.elapsed().as_secs_f64());
    }
    Ok(best)
}
