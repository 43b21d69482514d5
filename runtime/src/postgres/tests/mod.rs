//! The driver on a real server: each test in a database of its own, which is gone when the test is.
//!
//! `RELATA_POSTGRES_URL` names the server; where there is none, tests say that they are skipped.

#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::future::Future;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::NoTls;

use super::database::{Database, Work};
use crate::db::Settings;
use crate::driver::{Access, Session, Wanted};
use crate::value::Raw;
use crate::{Error, Result};

mod cancelling;
mod faults;
mod hosts;
mod losing;
mod replicas;
mod running;
mod sharing;
mod storing;
mod tls;
mod waiting;

/// Statements of which each gives at most some integers: the integers.
struct Sql(Vec<&'static str>);

impl Work for Sql {
    type Answer = Vec<i64>;

    fn is_brief(&self) -> bool {
        self.0.iter().all(|sql| sql.starts_with("SELECT 1"))
    }

    async fn run(self, session: &mut dyn Session) -> Result<Vec<i64>> {
        let mut numbers = Vec::new();
        for sql in self.0 {
            let mut each = |cells: crate::row::Cells<'_>| {
                if let Raw::Int(number) = cells.raw(0) {
                    numbers.push(number);
                }
                Ok(Wanted::More)
            };
            session.query(sql, &[], &mut each).await?;
        }
        Ok(numbers)
    }
}

/// The server's URL up to the database, if there is a server.
fn server() -> Option<String> {
    let url = std::env::var("RELATA_POSTGRES_URL");
    let url = url.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
    match one_thread().block_on(tokio_postgres::connect(&url, NoTls)) {
        Ok(_) => Some(url),
        Err(error) if std::env::var("CI").is_ok_and(|ci| ci == "true") => panic!("no PostgreSQL: {error}"),
        Err(error) => {
            eprintln!("SKIPPED: no PostgreSQL server is at RELATA_POSTGRES_URL: {error}");
            None
        }
    }
}

fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn many_threads() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A database of one test's own.
pub(super) struct Own {
    server: String,
    name: String,
}

impl Own {
    fn new() -> Option<Self> {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let server = server()?;
        let name = format!("relata_driver_{}_{}", process::id(), LAST.fetch_add(1, Ordering::Relaxed));
        let own = Self { server, name };
        own.ask_server(&format!("CREATE DATABASE {}", own.name));
        Some(own)
    }

    fn ask_server(&self, sql: &str) {
        one_thread().block_on(async {
            let (client, connection) = tokio_postgres::connect(&self.server, NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(sql).await.unwrap();
        });
    }

    fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }

    pub(super) async fn open(&self) -> Database {
        self.open_with(settings()).await
    }

    async fn open_with(&self, settings: Settings) -> Database {
        Database::open(&self.url(), &settings).await.unwrap()
    }

    /// A connection that the driver knows nothing of.
    pub(super) async fn aside(&self) -> tokio_postgres::Client {
        let (client, connection) = tokio_postgres::connect(&self.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let gone = Self { server, name };
        // Not within a runtime, which may be the test's.
        std::thread::spawn(move || {
            gone.ask_server(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", gone.name));
            std::mem::forget(gone);
        })
        .join()
        .unwrap();
    }
}

/// Runs a test in a database of its own, with a table `t` of one column.
pub(super) fn on_database<F: Future<Output = ()>>(test: impl FnOnce(std::sync::Arc<Own>) -> F) {
    let Some(own) = Own::new() else { return };
    let own = std::sync::Arc::new(own);
    let runtime = many_threads();
    runtime.block_on(async {
        own.aside().await.batch_execute("CREATE TABLE t (x bigint PRIMARY KEY)").await.unwrap();
        test(std::sync::Arc::clone(&own)).await;
    });
    runtime.shutdown_timeout(Duration::from_secs(5));
}

fn settings() -> Settings {
    Settings { max_connections: Some(4), pool_timeout: Duration::from_secs(5), ..Settings::default() }
}

async fn run(database: &Database, access: Access, sql: &[&'static str]) -> Result<Vec<i64>> {
    database.run_work(access, None, Sql(sql.to_vec())).await
}

async fn count(database: &Database) -> i64 {
    run(database, Access::Read, &["SELECT count(*) FROM t"]).await.unwrap()[0]
}

pub(super) fn message(error: &Error, code: &str) -> String {
    assert_eq!(error.code(), code, "{error}");
    error.to_string()
}

/// Waits until something holds.
pub(super) async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    for _ in 0..500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what} did not come to pass");
}
