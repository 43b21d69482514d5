//! Servers that go, fall silent, or change tables between calls.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::*;
use crate::driver::{Transaction, TransactionOptions};

/// Passes on what a program and the server say, until it passes on nothing more, without a word.
struct Between {
    port: u16,
    silent: Arc<AtomicBool>,
}

impl Between {
    fn new(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let silent = Arc::new(AtomicBool::new(false));
        let (server, stops) = (server.to_owned(), Arc::clone(&silent));
        std::thread::spawn(move || {
            while let Ok((here, _)) = listener.accept() {
                let there = TcpStream::connect(&server).unwrap();
                for (from, to) in [(&here, &there), (&there, &here)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let stops = Arc::clone(&stops);
                    std::thread::spawn(move || pass_on(&mut from, &mut to, &stops));
                }
            }
        });
        Self { port, silent }
    }
}

fn pass_on(from: &mut TcpStream, to: &mut TcpStream, silent: &AtomicBool) {
    let mut bytes = [0; 4096];
    while let Ok(read @ 1..) = io::Read::read(from, &mut bytes) {
        if !silent.load(Ordering::Relaxed) && io::Write::write_all(to, &bytes[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

const KILL: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND \
                    query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()";

#[test]
fn a_server_that_falls_silent_is_given_up_after_the_time_of_statements() {
    let Some(own) = Own::new() else { return };
    let url = own.url();
    let Some((_, after)) = url.split_once('@') else { return };
    let Some((place, name)) = after.split_once('/').filter(|(place, _)| place.starts_with("127.0.0.1")) else { return };
    let between = Between::new(place);
    let through = format!("postgres://postgres@127.0.0.1:{}/{name}?sslmode=disable", between.port);
    many_threads().block_on(async {
        let brief = Settings { statement_timeout: Some(Duration::from_millis(50)), ..settings() };
        let brief = Settings { max_connections: Some(1), ..brief };
        // Each with its connection, on which its statement is prepared.
        let [writer, reader, committer] = [(); 3].map(|()| Database::open(&through, &brief));
        let (writer, reader, committer) = (writer.await.unwrap(), reader.await.unwrap(), committer.await.unwrap());
        run(&writer, Access::Write, &["CREATE TABLE t (x bigint PRIMARY KEY)"]).await.unwrap();
        let writes = async || run(&writer, Access::Write, &["INSERT INTO t VALUES (1)"]).await;
        writes().await.unwrap();
        run(&writer, Access::Write, &["DELETE FROM t"]).await.unwrap();
        let open = committer.open_transaction(TransactionOptions::default(), None).await.unwrap();
        open.run_work(Access::Read, None, Sql(vec!["SELECT 2"])).await.unwrap();
        between.silent.store(true, Ordering::Relaxed);
        let start = Instant::now();
        let reads = run(&reader, Access::Snapshot, &["SELECT 2"]);
        let (written, read, committed) = tokio::join!(writes(), reads, open.commit(None));
        message(&written.unwrap_err(), "commit_unknown");
        message(&read.unwrap_err(), "timeout");
        message(&committed.unwrap_err(), "commit_unknown");
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
        between.silent.store(false, Ordering::Relaxed);
        drop(open);
        for database in [writer, reader, committer] {
            assert_eq!(count(&database).await, 0);
        }
    });
}

#[test]
fn whether_a_write_is_stored_is_unknown_only_where_it_may_be() {
    on_database(|own| async move {
        let database = Arc::new(own.open().await);
        let aside = own.aside().await;
        let slow = "INSERT INTO t SELECT 1 FROM pg_sleep(30)";
        for (access, code) in [(Access::Write, "commit_unknown"), (Access::Atomic, "unavailable")] {
            let other = Arc::clone(&database);
            let writing = tokio::spawn(async move { run(&other, access, &[slow]).await });
            until("the kill", async || aside.query_one(KILL, &[]).await.unwrap().get::<_, i64>(0) == 1).await;
            message(&writing.await.unwrap().unwrap_err(), code);
            assert_eq!(count(&database).await, 0);
        }
        let other = Arc::clone(&database);
        let reading =
            tokio::spawn(async move { run(&other, Access::Read, &["SELECT 2::bigint FROM pg_sleep(30)"]).await });
        until("the kill", async || aside.query_one(KILL, &[]).await.unwrap().get::<_, i64>(0) == 1).await;
        message(&reading.await.unwrap().unwrap_err(), "unavailable");
    });
}

#[test]
fn a_transaction_that_was_idle_too_long_is_known_to_be_rolled_back() {
    on_database(|own| async move {
        let set = format!("ALTER DATABASE {} SET idle_in_transaction_session_timeout = '50ms'", own.name);
        own.aside().await.batch_execute(&set).await.unwrap();
        let database = own.open().await;
        let open = database.open_transaction(TransactionOptions::default(), None).await.unwrap();
        open.run_work(Access::Write, None, Sql(vec!["INSERT INTO t VALUES (1)"])).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        message(&open.commit(None).await.unwrap_err(), "unavailable");
        drop(open);
        assert_eq!(count(&database).await, 0);
    });
}

#[test]
fn a_table_that_was_altered_fails_a_transaction_once() {
    on_database(|own| async move {
        let database = own.open_with(Settings { max_connections: Some(1), ..settings() }).await;
        let sql = ["SELECT x FROM t"];
        for access in [Access::Snapshot, Access::Read] {
            run(&database, access, &sql).await.unwrap();
        }
        own.aside().await.batch_execute("ALTER TABLE t ALTER COLUMN x TYPE integer").await.unwrap();
        let again = run(&database, Access::Snapshot, &sql).await.unwrap_err();
        assert!(message(&again, "serialization").contains("was altered"), "{again}");
        run(&database, Access::Snapshot, &sql).await.unwrap();
        own.aside().await.batch_execute("ALTER TABLE t ALTER COLUMN x TYPE bigint").await.unwrap();
        // Outside of transactions it is prepared anew.
        run(&database, Access::Read, &sql).await.unwrap();
    });
}
