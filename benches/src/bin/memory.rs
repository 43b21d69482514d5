//! The memory that many rows take, new ones and ones that are streamed: the peak above what the program has before,
//! each in a process of its own.
//!
//! ```sh
//! cargo run --release -p relata-bench --bin memory                                      # SQLite
//! cargo run --release -p relata-bench --bin memory -- postgres://…/db mysql://…/db      # databases that are there
//! ```
//!
//! A table of the shop is made in each database, if it is not there, and emptied in the end. Linux only: the peak is
//! what the kernel says of it.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

#[path = "../generated.rs"]
mod generated;

use std::error::Error;
use std::fs;
use std::ops::Range;
use std::process::Command;

use futures_util::TryStreamExt;
use generated::shop::{Db, NewCustomer, customer};

type Failure = Box<dyn Error + Send + Sync>;

/// How many rows are stored.
const ROWS: i64 = 100_000;

/// How many are streamed.
const STREAMED: i64 = 1_000_000;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, url, call] = &arguments[..]
        && word == "measure"
    {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        return runtime.block_on(measure(url, call));
    }
    let folder = tempfile::tempdir()?;
    let own = vec![format!("sqlite:{}", folder.path().join("shop.db").display())];
    let urls = if arguments.is_empty() { own } else { arguments };
    println!("| database | call | rows | peak MB | of it the answer MB |");
    println!("| --- | --- | ---: | ---: | ---: |");
    for url in &urls {
        for call in ["create_many", "create_all", "stream"] {
            let output = Command::new(std::env::current_exe()?).args(["measure", url, call]).output()?;
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
            }
            print!("{}", String::from_utf8_lossy(&output.stdout));
        }
    }
    Ok(())
}

/// Stores the rows by one call, in a process that has done nothing else.
async fn measure(url: &str, call: &str) -> Result<(), Failure> {
    let db = Db::connect(url).await?;
    db.create_tables().await?;
    db.customers().delete_where(customer::all()).await?;
    // What is there once, such as prepared statements, is no matter of how many rows there are.
    db.customers().create_many(rows(0..64)).await?;
    db.customers().delete_where(customer::all()).await?;
    let count = if call == "stream" { STREAMED } else { ROWS };
    if call == "stream" {
        for batch in 0..STREAMED / ROWS {
            db.customers().create_all(rows(batch * ROWS..(batch + 1) * ROWS)).await?;
        }
        // Of what is left of that, the kernel counts nothing below.
        drop(db.customers().find().limit(2_048).stream().try_collect::<Vec<_>>().await?);
    }

    // Sets the peak back to what is there now.
    fs::write("/proc/self/clear_refs", "5")?;
    let before = resident("VmRSS:")?;
    let answer = if call == "stream" {
        let streamed = db.customers().find().stream().try_fold(0, async |seen, _| Ok(seen + 1)).await?;
        if streamed != STREAMED {
            return Err(format!("{streamed} rows were streamed, and not {STREAMED}").into());
        }
        0
    } else if call == "create_many" {
        let stored = db.customers().create_many(rows(0..ROWS)).await?;
        let text = |row: &generated::shop::Customer| {
            row.name.capacity() + row.email.capacity() + row.city.as_ref().map_or(0, String::capacity)
        };
        stored.capacity() * size_of::<generated::shop::Customer>() + stored.iter().map(text).sum::<usize>()
    } else {
        db.customers().create_all(rows(0..ROWS)).await?;
        0
    };
    let peak = resident("VmHWM:")? - before;
    db.customers().delete_where(customer::all()).await?;
    let scheme = url.split(':').next().unwrap_or_default();
    let megabytes = |bytes: f64| bytes / 1e6;
    #[allow(clippy::cast_precision_loss, reason = "a megabyte more or less")]
    let (peak, answer) = (megabytes(peak as f64 * 1024.0), megabytes(answer as f64));
    println!("| {scheme} | {call} | {count} | {peak:.1} | {answer:.1} |");
    Ok(())
}

/// Rows that are made as they are asked for.
fn rows(numbers: Range<i64>) -> impl Iterator<Item = NewCustomer> + Send + 'static {
    numbers.map(|n| NewCustomer {
        city: Some("Asgard".to_owned()),
        ..NewCustomer::new(format!("customer number {n}"), format!("customer-{n}@example.org"), n)
    })
}

/// What the kernel says of this process, in KiB.
fn resident(what: &str) -> Result<u64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with(what)).ok_or("the kernel says nothing of memory")?;
    Ok(line.split_whitespace().nth(1).ok_or("the kernel says nothing of memory")?.parse()?)
}
