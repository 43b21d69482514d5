//! The driver on real files and in memory, in every way of running.

use std::path::Path;
use std::time::Duration;

use super::SqliteExecution;
use super::database::{Database, Work};
use super::url;
use crate::db::Settings;
use crate::driver::{Access, Session, TransactionOptions, Wanted};
use crate::wait::block_on;
use crate::{Error, Result};

mod counting;
mod faults;
mod limits;
mod nesting;
mod opening;
mod running;
mod storing;

/// Statements of which each gives at most some integers: the integers.
struct Sql(Vec<&'static str>);

impl Work for Sql {
    type Answer = Vec<i64>;

    async fn run(self, session: &mut dyn Session) -> Result<Vec<i64>> {
        let mut numbers = Vec::new();
        for sql in self.0 {
            let mut each = |cells: crate::row::Cells<'_>| {
                if let crate::value::Raw::Int(number) = cells.raw(0) {
                    numbers.push(number);
                }
                Ok(Wanted::More)
            };
            session.query(sql, &[], &mut each).await?;
        }
        Ok(numbers)
    }
}

/// Statements, and then a panic.
struct Panics(&'static str);

impl Work for Panics {
    type Answer = ();

    async fn run(self, session: &mut dyn Session) -> Result<()> {
        session.execute(self.0, &[]).await?;
        panic!("in the middle");
    }
}

const EVERY_WAY: &[SqliteExecution] = &[
    SqliteExecution::Auto,
    SqliteExecution::InPlace,
    #[cfg(feature = "tokio")]
    SqliteExecution::BlockInPlace,
    SqliteExecution::Threads,
];

const WRITING: TransactionOptions = TransactionOptions { isolation: None, read_only: false };
const READING: TransactionOptions = TransactionOptions { isolation: None, read_only: true };

fn settings(execution: SqliteExecution) -> Settings {
    Settings {
        max_connections: Some(3),
        pool_timeout: Duration::from_millis(50),
        busy_timeout: Duration::from_millis(20),
        sqlite_execution: execution,
        ..Settings::default()
    }
}

fn open(url: &str, execution: SqliteExecution) -> Result<Database> {
    block_on(Database::open(url::parse(url)?, &settings(execution)))
}

/// A database in a file with a table `t` of one column.
fn file(folder: &Path, execution: SqliteExecution) -> Database {
    let database = open(&format!("sqlite:{}/test.db", folder.display()), execution).unwrap();
    run(&database, Access::Write, &["CREATE TABLE IF NOT EXISTS t (x INTEGER PRIMARY KEY) STRICT"]).unwrap();
    database
}

fn run(database: &Database, access: Access, sql: &[&'static str]) -> Result<Vec<i64>> {
    block_on(database.run_work(access, None, Sql(sql.to_vec())))
}

fn count(database: &Database) -> i64 {
    run(database, Access::Read, &["SELECT count(*) FROM t"]).unwrap()[0]
}

fn message(error: &Error, code: &str) -> String {
    assert_eq!(error.code(), code, "{error}");
    error.to_string()
}
