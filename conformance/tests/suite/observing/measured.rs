//! Calls, statements, transactions and pools as metrics.

use std::collections::BTreeMap;
use std::time::Duration;

use macro_rules_attribute::apply;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use relata::Result;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{Db, NewCustomer, Tx, customer};

use crate::support::code;

/// Metrics by name and labels, without those that name the database.
fn taken(snapshotter: &Snapshotter) -> BTreeMap<String, DebugValue> {
    let shown = |(key, _, _, value): (metrics_util::CompositeKey, _, _, DebugValue)| {
        let labels = key
            .key()
            .labels()
            .filter(|label| !["db.system.name", "db.client.connection.pool.name"].contains(&label.key()));
        let mut labels: Vec<_> = labels.map(|label| format!("{}={}", label.key(), label.value())).collect();
        labels.sort();
        (format!("{} {}", key.key().name(), labels.join(" ")).trim().to_owned(), value)
    };
    // Two pools of a database are one here: those that write and those that read.
    let mut all = BTreeMap::new();
    for (name, value) in snapshotter.snapshot().into_vec().into_iter().map(shown) {
        match (all.remove(&name), value) {
            (Some(DebugValue::Gauge(one)), DebugValue::Gauge(other)) => {
                all.insert(name, DebugValue::Gauge((*one + *other).into()))
            }
            (Some(DebugValue::Histogram(mut one)), DebugValue::Histogram(other)) => {
                one.extend(other);
                all.insert(name, DebugValue::Histogram(one))
            }
            (Some(DebugValue::Counter(one)), DebugValue::Counter(other)) => {
                all.insert(name, DebugValue::Counter(one + other))
            }
            (_, value) => all.insert(name, value),
        };
    }
    all
}

/// How many values a histogram has.
fn count(all: &BTreeMap<String, DebugValue>, name: &str) -> usize {
    match all.get(name) {
        Some(DebugValue::Histogram(values)) => values.len(),
        other => panic!("{name}: {other:?} in {all:#?}"),
    }
}

fn gauge(all: &BTreeMap<String, DebugValue>, name: &str) -> f64 {
    match all.get(name) {
        Some(DebugValue::Gauge(value)) => **value,
        other => panic!("{name}: {other:?} in {all:#?}"),
    }
}

fn counter(all: &BTreeMap<String, DebugValue>, name: &str) -> u64 {
    match all.get(name) {
        Some(DebugValue::Counter(value)) => *value,
        other => panic!("{name}: {other:?} in {all:#?}"),
    }
}

const FIND: &str = "db.collection.name=customers db.operation.name=find";

#[apply(on_every_database)]
async fn calls_and_statements_are_measured(at: &Database) {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let db: Db = at.open().await.unwrap();
    db.customers().create(NewCustomer::new("Ann", "ann@x")).await.unwrap();
    for _ in 0..3 {
        db.customers().find().include(customer::orders()).await.unwrap();
    }
    assert_eq!(code(db.customers().get(999).await), "not_found");
    let all = taken(&snapshotter);
    assert_eq!(count(&all, &format!("db.client.operation.duration {FIND}")), 3);
    assert_eq!(counter(&all, &format!("relata.statements {FIND}")), 6);
    assert_eq!(count(&all, &format!("relata.statement.duration {FIND}")), 6);
    assert_eq!(count(&all, &format!("db.client.response.returned_rows {FIND}")), 3);
    let failed = "db.collection.name=customers db.operation.name=get error.type=not_found";
    assert_eq!(counter(&all, &format!("relata.errors {failed}")), 1);
    assert_eq!(count(&all, &format!("db.client.operation.duration {failed}")), 1);
    assert!(!all.keys().any(|name| name.contains("Ann") || name.contains("ann@x") || name.contains("999")), "{all:#?}");
}

#[apply(on_every_database)]
async fn transactions_are_measured(at: &Database) {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let db: Db = at.open().await.unwrap();
    for fails in [false, true, false] {
        let done: Result<()> = db
            .transaction(async |tx: &Tx| {
                tx.customers().count(customer::all()).await?;
                if fails { tx.customers().get(999).await.map(drop) } else { Ok(()) }
            })
            .await;
        assert_eq!(done.is_err(), fails);
    }
    let all = taken(&snapshotter);
    assert_eq!(count(&all, "relata.transaction.duration relata.outcome=committed"), 2);
    assert_eq!(count(&all, "relata.transaction.duration relata.outcome=rolled_back"), 1);
}

#[apply(on_every_database)]
async fn a_pool_is_measured(at: &Database) {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let settings = |builder: relata::Builder<_>| builder.max_connections(1).pool_timeout(Duration::from_millis(50));
    let db: Db = at.open_with(settings).await.unwrap();
    let used = "db.client.connection.count db.client.connection.state=used";
    let idle = "db.client.connection.count db.client.connection.state=idle";
    let all = taken(&snapshotter);
    assert_eq!(gauge(&all, "db.client.connection.max").to_string(), "1");
    assert_eq!((gauge(&all, used), gauge(&all, idle)), (0.0, 1.0));
    let waited = count(&all, "db.client.connection.wait_time");
    let done: Result<()> = db
        .transaction(async |tx: &Tx| {
            tx.customers().count(customer::all()).await?;
            let all = taken(&snapshotter);
            assert_eq!((gauge(&all, used), gauge(&all, idle)), (1.0, 0.0));
            assert_eq!(code(db.customers().count(customer::all()).await), "pool_timeout");
            Ok(())
        })
        .await;
    done.unwrap();
    db.customers().count(customer::all()).await.unwrap();
    let all = taken(&snapshotter);
    assert_eq!((gauge(&all, used), gauge(&all, idle)), (0.0, 1.0));
    assert_eq!(gauge(&all, "db.client.connection.pending_requests").to_string(), "0");
    assert_eq!(counter(&all, "db.client.connection.timeouts"), 1);
    assert!(waited > 0 && count(&all, "db.client.connection.wait_time") > 0);
    assert_eq!(
        counter(&all, "relata.errors db.collection.name=customers db.operation.name=count error.type=pool_timeout"),
        1
    );
}
