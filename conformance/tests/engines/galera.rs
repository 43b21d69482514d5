//! A Galera cluster of MariaDB.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use mysql_async::prelude::Queryable as _;

use super::super::*;

async fn shop(name: &str, parameters: &str) -> Db {
    let server = given("RELATA_GALERA");
    // A driver of another make, which knows one host.
    let (head, hosts) = server.split_once('@').unwrap();
    let first = hosts.split(',').next().unwrap();
    let admin = format!("{head}@{first}");
    let mut admin = mysql_async::Conn::from_url(admin).await.unwrap();
    admin.query_drop(format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
    admin.query_drop(format!("CREATE DATABASE {name}")).await.unwrap();
    admin.disconnect().await.unwrap();
    let url = format!("{server}/{name}?connect_timeout=6{parameters}");
    let db = Db::builder().url(url).max_connections(6).connect().await.unwrap();
    db.create_tables().await.unwrap();
    db
}

/// Two transactions on two nodes change one row: the later one is told when it commits, and may run again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/galera starts"]
async fn a_conflict_of_two_nodes_can_be_run_again() {
    let db = shop("engine_conflict", "&wsrep_sync_wait=1").await;
    let made = db.customers().create(named(1)).await.unwrap();
    let server = given("RELATA_GALERA");
    let (head, hosts) = server.split_once('@').unwrap();
    let (first, second) = (hosts.split(',').next().unwrap(), hosts.split(',').nth(1).unwrap());
    let mut nodes = Vec::new();
    for host in [first, second] {
        nodes.push(Db::connect(&format!("{head}@{host}/engine_conflict?wsrep_sync_wait=1")).await.unwrap());
    }
    let mut codes = Vec::new();
    for round in 0..10 {
        let [here, there] = [&nodes[0], &nodes[1]].map(|node| async {
            node.transaction(async |tx| {
                let row = tx.customers().get(made.id).await?;
                tokio::time::sleep(Duration::from_millis(30)).await;
                let patch = relata_conformance::shop::CustomerPatch {
                    name: Some(format!("{} {round}", row.name)),
                    ..Default::default()
                };
                tx.customers().patch_by_id(row.id, patch).await?;
                Ok::<_, Error>(())
            })
            .await
        });
        let (here, there) = tokio::join!(here, there);
        codes.extend([here, there].into_iter().filter_map(|ended| ended.err().map(|error| error.code())));
    }
    assert!(!codes.is_empty(), "no conflict in ten rounds");
    assert!(codes.iter().all(|code| *code == "serialization"), "{codes:?}");
}

/// A write on one node is read on another one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/galera starts"]
async fn reads_that_wait_see_what_other_nodes_committed() {
    let db = shop("engine_causal", "&wsrep_sync_wait=1&load_balance_hosts=random").await;
    for n in 0..100 {
        let made = db.customers().create(named(n)).await.unwrap();
        let reads = (0..3).map(|_| {
            let db = db.clone();
            tokio::spawn(async move { db.customers().get(made.id).await })
        });
        for read in reads.collect::<Vec<_>>() {
            read.await.unwrap().unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/galera starts"]
async fn ids_of_many_rows_are_those_that_are_stored() {
    let db = shop("engine_ids", "&load_balance_hosts=random&wsrep_sync_wait=1").await;
    for round in 0..20 {
        let made = db.customers().create_many((0..17).map(|n| named(round * 100 + n))).await.unwrap();
        for row in &made {
            assert_eq!(db.customers().get(row.id).await.unwrap(), *row);
        }
    }
}

/// The last one: the cluster is smaller afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/galera starts"]
async fn z_a_node_that_is_killed_loses_nothing_and_others_serve() {
    let db = shop("engine_killed", "&wsrep_sync_wait=1&load_balance_hosts=random").await;
    let (stop, next) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let (stored, failed) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let (db, stop, next) = (db.clone(), Arc::clone(&stop), Arc::clone(&next));
            let (stored, failed) = (Arc::clone(&stored), Arc::clone(&failed));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let made = if n.is_multiple_of(2) {
                        db.customers().create(named(n)).await
                    } else {
                        db.transaction(async |tx| tx.customers().create(named(n)).await).await
                    };
                    match made {
                        Ok(made) => stored.lock().unwrap().push(made),
                        Err(error) => {
                            failed.lock().unwrap().push(error);
                            tokio::time::sleep(Duration::from_millis(20)).await;
                        }
                    }
                }
            })
        })
        .collect();
    let count = || stored.lock().unwrap().len();
    until("writes", async || count() > 200).await;
    control("RELATA_GALERA_CTL", &["kill", "0"]);
    let then = count();
    until("writes on the other nodes", async || count() > then + 300).await;
    stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await.unwrap();
    }
    for error in &*failed.lock().unwrap() {
        let known = ["serialization", "unavailable", "commit_unknown", "connect", "pool_timeout"];
        assert!(known.contains(&error.code()), "{}: {error}", error.code());
    }
    let stored = std::mem::take(&mut *stored.lock().unwrap());
    for made in stored {
        assert_eq!(db.customers().get(made.id).await.unwrap(), made, "it was acknowledged");
    }
}
