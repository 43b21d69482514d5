//! Calls and transactions that are to be done by a point in time: what is said of those that are not, and what is left
//! of them.

use std::future::pending;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use macro_rules_attribute::apply;
use relata::{Error, Result};
use relata_conformance::database::{Database, Place};
use relata_conformance::shop::{Db, NewCustomer, OrderPatch, customer, order};
use relata_conformance::{on_every_database, on_servers, on_shared_databases, places};

use crate::support::{code, shop};

const SHORT: Duration = Duration::from_millis(200);

/// What the error of a call that came too late says it was waiting for.
fn waited_for<T: std::fmt::Debug>(late: Result<T>) -> String {
    let error = late.unwrap_err();
    assert_eq!(error.code(), "timeout", "{error}");
    let error = error.to_string();
    let waited = error.strip_prefix("the deadline of 200ms passed while waiting for ");
    waited.unwrap_or_else(|| panic!("{error}")).to_owned()
}

#[apply(on_shared_databases)]
async fn a_write_that_waits_for_a_lock_is_stopped_and_not_done(at: &Database) {
    let (db, _) = shop(at).await;
    let mut other = at.intruder().await.unwrap();
    other.lock("customers").await.unwrap();
    for _ in 0..3 {
        let waited = waited_for(db.within(SHORT).customers().create(NewCustomer::new("Dan", "dan@x")).await);
        let what = if at.place() == Place::Sqlite { "another connection has locked" } else { "a statement in" };
        assert!(waited.contains(what), "{waited}");
    }
    let in_a_transaction = db.transaction(async |tx| {
        tx.orders().patch_by_id(1, OrderPatch { quantity: Some(50), ..Default::default() }).await?;
        tx.within(SHORT).customers().create(NewCustomer::new("Dan", "dan@x")).await
    });
    let late = in_a_transaction.deadline(Duration::from_secs(20)).await;
    assert!(["timeout", "serialization"].contains(&code(late)));
    other.run("COMMIT").await.unwrap();
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 3, "none of them is stored later");
    assert_eq!(db.orders().count(order::quantity().eq(50)).await.unwrap(), 0);
    db.within(Duration::from_secs(20)).customers().create(NewCustomer::new("Dan", "dan@x")).await.unwrap();
}

#[apply(on_every_database)]
async fn a_connection_that_others_have_is_named(at: &Database) {
    let db: Db = at.open_with(|builder| builder.max_connections(1)).await.unwrap();
    db.transaction(async |tx| {
        tx.customers().create(NewCustomer::new("Ann", "ann@x")).await?;
        let waited = waited_for(db.within(SHORT).customers().create(NewCustomer::new("Bob", "bob@x")).await);
        assert!(waited.contains("connection"), "{waited}");
        let waited = waited_for(db.transaction(async |_| Ok::<_, Error>(())).deadline(SHORT).await);
        assert!(waited.contains("connection"), "{waited}");
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 1);
}

/// A statement that takes a minute.
fn long(place: Place) -> &'static str {
    match place {
        Place::Postgres | Place::PostgresLinguistic => "SELECT CAST(1 AS bigint) FROM pg_sleep(60)",
        Place::Mysql => "SELECT CAST(SLEEP(60) AS SIGNED)",
        _ => {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000000) SELECT count(*) FROM n"
        }
    }
}

#[apply(on_every_database)]
async fn a_statement_that_takes_long_is_stopped_where_it_runs(at: &Database) {
    let (db, _) = shop(at).await;
    let began = Instant::now();
    let waited = waited_for(db.within(SHORT).sql(long(at.place())).rows::<(i64,)>().await);
    assert!(waited.contains("a statement"), "{waited}");
    let in_time = db.transaction(async |tx| tx.sql(long(at.place())).rows::<(i64,)>().await);
    let waited = waited_for(in_time.deadline(SHORT).await);
    assert!(waited.contains("a statement"), "{waited}");
    let until = db.until(Instant::now() + Duration::from_millis(100));
    assert_eq!(code(until.sql(long(at.place())).rows::<(i64,)>().await), "timeout");
    assert!(began.elapsed() < Duration::from_secs(30), "nobody waited for the end");
    assert_eq!(code(until.customers().find().await), "timeout", "what is over stays over");
    assert_eq!(code(until.transaction(async |_| Ok::<_, Error>(())).await), "timeout");
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 3);
}

#[apply(on_servers)]
async fn the_server_is_told_to_stop(at: &Database) {
    let (db, _) = shop(at).await;
    let _ = waited_for(db.within(SHORT).sql(long(at.place())).rows::<(i64,)>().await);
    let running = match at.place() {
        Place::Postgres | Place::PostgresLinguistic => {
            "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' \
             AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep(60)%'"
        }
        _ => {
            "SELECT CAST(count(*) AS CHAR) FROM information_schema.processlist WHERE db = DATABASE() \
             AND id <> CONNECTION_ID() AND info LIKE '%SLEEP(60)%'"
        }
    };
    let mut other = at.intruder().await.unwrap();
    assert_eq!(other.text(running).await.unwrap().as_deref(), Some("0"));
}

#[apply(on_every_database)]
async fn a_transaction_ends_in_time_whatever_its_closure_does(at: &Database) {
    let (db, _) = shop(at).await;
    let never = db.transaction(async |tx| {
        tx.customers().create(NewCustomer::new("Dan", "dan@x")).await?;
        pending::<()>().await;
        Ok::<_, Error>(())
    });
    assert_eq!(waited_for(never.deadline(SHORT).await), "the closure of the transaction");
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 3, "it is rolled back");
    let inner = db.transaction(async |tx| {
        let never = tx.transaction(async |tx| {
            tx.customers().create(NewCustomer::new("Dan", "dan@x")).await?;
            pending::<()>().await;
            Ok::<_, Error>(())
        });
        assert_eq!(waited_for(never.deadline(SHORT).await), "the closure of the transaction");
        tx.customers().create(NewCustomer::new("Eve", "eve@x")).await
    });
    inner.await.unwrap();
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 4, "the outer one goes on");
    let late = db.transaction(async |tx| {
        tx.customers().create(NewCustomer::new("Dan", "dan@x")).await?;
        std::thread::sleep(SHORT + SHORT);
        Ok::<_, Error>(())
    });
    let waited = waited_for(late.deadline(SHORT).await);
    assert!(!waited.is_empty());
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 4, "after its time nothing is committed");
}

#[apply(on_every_database)]
async fn calls_that_wait_for_another_one_of_their_transaction_are_in_time_too(at: &Database) {
    let (db, _) = shop(at).await;
    db.transaction(async |tx| {
        let inner = tx.transaction(async |_| {
            let waited = waited_for(tx.within(SHORT).customers().count(customer::all()).await);
            assert_eq!(waited, "a transaction inside this one to end");
            Ok::<_, Error>(())
        });
        inner.await
    })
    .await
    .unwrap();
}

#[apply(on_every_database)]
async fn what_is_done_in_time_is_as_ever(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let in_time = db.within(Duration::from_secs(60)).until(Instant::now() + Duration::from_secs(60));
    assert_eq!(in_time.customers().get(ann.id).await.unwrap(), ann);
    let with = in_time.customers().get(ann.id).include(customer::orders()).await.unwrap();
    assert_eq!(with.orders.len(), 3);
    let streamed: Vec<_> = in_time.orders().find().stream().try_collect().await.unwrap();
    assert_eq!(streamed.len(), 4);
    let made = in_time
        .transaction(async |tx| {
            let dan = tx.customers().create(NewCustomer::new("Dan", "dan@x")).await?;
            tx.transaction(async |tx| tx.customers().orders(&dan).count(order::all()).await).await
        })
        .deadline(Duration::MAX)
        .await;
    assert_eq!(made.unwrap(), 0);
    assert_eq!(db.customers().count(customer::all()).await.unwrap(), 4);
}

#[apply(on_every_database)]
async fn a_resolver_of_the_programs_is_in_time_too(at: &Database) {
    let never = |_: Vec<i64>| pending::<Result<Vec<(i64, places::Customer)>>>();
    let builder = places::Db::builder().datasource("db", "sqlite::memory:").datasource("crm", at.url());
    let db = builder.resolver(places::order::customer(), never).connect().await.unwrap();
    db.create_tables().await.unwrap();
    crate::places::filled(&db).await;
    let late = db.within(SHORT).orders().find().include(places::order::customer()).await;
    assert_eq!(waited_for(late), "the resolver of `customer`, which the program gives");
    assert!(!db.orders().find().await.unwrap().is_empty());
}
