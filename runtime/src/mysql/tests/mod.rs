//! The driver on a server, `RELATA_MYSQL_URL`; each test in a database of its own, which it drops.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts};

use super::database::{Database, Work};
use super::open::{Opener, Place};
use super::url;
use crate::db::Settings;
use crate::driver::{Access, Session, Wanted};
use crate::wait::block_on;
use crate::{Error, Result};

mod creating;
mod faults;
mod hosts;
mod inserting;
mod opening;
mod running;
mod stopping;
mod storing;

/// Statements of which each gives at most some integers: the integers.
struct Sql(Vec<String>);

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
            session.query(&sql, &[], &mut each).await?;
        }
        Ok(numbers)
    }
}

fn sql(statements: &[&str]) -> Sql {
    Sql(statements.iter().map(|&sql| sql.to_owned()).collect())
}

/// Where the tests' server is.
fn server() -> String {
    std::env::var("RELATA_MYSQL_URL").unwrap_or_else(|_| "mysql://root@127.0.0.1:3306".to_owned())
}

/// A database that is dropped with this.
struct Scratch {
    name: String,
}

impl Scratch {
    /// A new, empty one; none where no server answers, which is told, and an error where `CI` is set.
    fn new() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("relata_unit_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        match admin(&[&format!("CREATE DATABASE `{name}`")]) {
            Ok(()) => Some(Self { name }),
            Err(error) => {
                assert!(std::env::var("CI").is_err(), "no server for the tests: {error}");
                #[allow(clippy::print_stderr, reason = "a test that did not run says so")]
                {
                    eprintln!("SKIPPED: no server for the tests of MariaDB and MySQL: {error}");
                }
                None
            }
        }
    }

    fn url(&self) -> String {
        format!("{}/{}", server().trim_end_matches('/'), self.name)
    }

    fn open(&self) -> Database {
        open(&self.url(), &settings(), |_| {}).unwrap()
    }

    /// With a table `t` of one column.
    fn with_table(&self) -> Database {
        let database = self.open();
        run(&database, Access::Write, &["CREATE TABLE t (x BIGINT PRIMARY KEY) ENGINE=InnoDB"]).unwrap();
        database
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Transactions that tests left are rolled back by now, or hold the tables no longer than that takes.
        let _ = admin(&[&format!("DROP DATABASE IF EXISTS `{}`", self.name)]);
    }
}

/// Statements beside the driver.
fn admin(statements: &[&str]) -> mysql_async::Result<()> {
    with_admin(async |conn| {
        for sql in statements {
            conn.query_drop(*sql).await?;
        }
        Ok(())
    })
}

fn with_admin<T>(call: impl AsyncFnOnce(&mut Conn) -> mysql_async::Result<T>) -> mysql_async::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut conn = Conn::new(Opts::from_url(&server())?).await?;
        let done = call(&mut conn).await?;
        conn.disconnect().await?;
        Ok(done)
    })
}

fn settings() -> Settings {
    Settings {
        max_connections: Some(2),
        pool_timeout: Duration::from_secs(5),
        connect_timeout: Duration::from_secs(5),
        ..Settings::default()
    }
}

fn open(url: &str, settings: &Settings, change: impl Fn(&mut Place)) -> Result<Database> {
    let targets = url::parse(url)?;
    let placed = |target| {
        let mut place = Place::new(target, settings);
        change(&mut place);
        place
    };
    let opener = Opener::new(&targets, targets.each.iter().map(placed).collect());
    block_on(Database::open(opener, settings))
}

fn run(database: &Database, access: Access, statements: &[&str]) -> Result<Vec<i64>> {
    block_on(database.run_work(access, None, sql(statements)))
}

fn count(database: &Database) -> i64 {
    run(database, Access::Read, &["SELECT COUNT(*) FROM t"]).unwrap()[0]
}

fn message(error: &Error, code: &str) -> String {
    assert_eq!(error.code(), code, "{error}");
    error.to_string()
}

/// Asks until the answer is as expected: what happens behind a caller's back takes a moment.
fn soon(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
