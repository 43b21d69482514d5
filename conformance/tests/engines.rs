//! Servers that work together: replicas, poolers, clusters. Each test takes what a script in `.ci/engines` starts, and names
//! in the environment; without that none of them runs.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::env;
use std::process::Command;
use std::time::Duration;

use relata::{DynamicSql, Error};
use relata_conformance::shop::{Db, NewCustomer, customer};
use tokio_postgres::NoTls;

mod engines {
    mod galera;
    mod pgbouncer;
    mod replica;
}

/// What a script has put into the environment.
fn given(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run this by its script in .ci/engines"))
}

/// Has a script's helper do something to its servers.
fn control(ctl: &str, arguments: &[&str]) {
    let status = Command::new(given(ctl)).args(arguments).status().unwrap();
    assert!(status.success(), "{ctl} {arguments:?}: {status}");
}

/// Another program on PostgreSQL.
async fn aside(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// An empty database of that name at a PostgreSQL server.
async fn fresh(server: &str, name: &str) -> String {
    let admin = aside(&format!("{server}/postgres")).await;
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
    admin.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    format!("{server}/{name}")
}

/// Asks until something holds.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..1500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what} has not come to pass");
}

fn named(n: u64) -> NewCustomer {
    NewCustomer::new(format!("customer {n}"), format!("{n}@x"))
}
