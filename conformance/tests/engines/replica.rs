//! A PostgreSQL primary and a replica that follows it.

use super::super::*;

const PAUSE: &str = "SELECT pg_wal_replay_pause()";
const RESUME: &str = "SELECT pg_wal_replay_resume()";

struct Cluster {
    db: Db,
    primary: tokio_postgres::Client,
    replica: tokio_postgres::Client,
}

/// A shop on both, which the program knows of; and connections of others to both.
async fn shop(name: &str, stale: bool) -> Cluster {
    let url = fresh(&given("RELATA_PRIMARY"), name).await;
    let replica_url = format!("{}/{name}", given("RELATA_REPLICA"));
    // A test that failed may have left it paused.
    aside(&format!("{}/postgres", given("RELATA_REPLICA"))).await.batch_execute(RESUME).await.unwrap();
    until("the database on the replica", async || tokio_postgres::connect(&replica_url, NoTls).await.is_ok()).await;
    let db = Db::builder().url(&url).read_replica(&replica_url).stale_reads(stale).connect().await.unwrap();
    db.create_tables().await.unwrap();
    Cluster { db, primary: aside(&url).await, replica: aside(&replica_url).await }
}

impl Cluster {
    /// Stops the replica from applying anything. What it is told takes a moment.
    async fn pause(&self) {
        self.replica.batch_execute(PAUSE).await.unwrap();
        until("the pause", async || {
            let row = self.replica.query_one("SELECT pg_get_wal_replay_pause_state()", &[]).await.unwrap();
            row.get::<_, String>(0) == "paused"
        })
        .await;
    }

    async fn resume(&self) {
        self.replica.batch_execute(RESUME).await.unwrap();
    }

    async fn count(&self) -> u64 {
        self.db.customers().find().count().await.unwrap()
    }

    /// Of those that the program has stored itself.
    async fn own(&self) -> u64 {
        self.db.customers().count(customer::email().like("%@x")).await.unwrap()
    }

    /// Whether reads go to the replica, which is left paused then: it does not apply what another program stores.
    async fn pauses_what_is_read(&self) -> bool {
        self.pause().await;
        let before = self.count().await;
        let insert = "INSERT INTO customers (name, email) VALUES ('other', gen_random_uuid()::text)";
        self.primary.batch_execute(insert).await.unwrap();
        if self.count().await == before {
            return true;
        }
        self.resume().await;
        false
    }

    /// Whether reads go to the replica. Not while it is looked at, and a connection is made for that.
    async fn reads_from_replica(&self) -> bool {
        let reads = self.pauses_what_is_read().await;
        self.resume().await;
        reads
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/replica starts"]
async fn reads_go_to_the_replica_and_transactions_do_not() {
    let cluster = shop("engine_routes", false).await;
    until("a read on the replica", async || cluster.pauses_what_is_read().await).await;
    let stored = "SELECT count(*) FROM customers";
    let stored: i64 = cluster.primary.query_one(stored, &[]).await.unwrap().get(0);
    let within = cluster.db.transaction(async |tx| tx.customers().find().count().await).read_only().await.unwrap();
    assert_eq!(within, stored.cast_unsigned());
    let asked = cluster.db.sql("SELECT count(*) FROM customers").rows::<(i64,)>().one().await.unwrap();
    assert_eq!(asked.0, stored);
    cluster.resume().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/replica starts"]
async fn what_was_written_is_always_read_back() {
    let cluster = shop("engine_own_writes", false).await;
    // While others write too, and the replica is behind now and then.
    for n in 0..300 {
        match n % 3 {
            0 => drop(cluster.db.customers().create(named(n)).await.unwrap()),
            1 => drop(cluster.db.customers().create_many([named(n)]).await.unwrap()),
            _ => cluster.db.transaction(async |tx| tx.customers().create(named(n)).await.map(drop)).await.unwrap(),
        }
        assert_eq!(cluster.own().await, n + 1);
        if n % 50 == 7 {
            until("a read on the replica", async || cluster.reads_from_replica().await).await;
        }
    }
    cluster.pause().await;
    cluster.db.customers().create(named(1000)).await.unwrap();
    for _ in 0..20 {
        assert_eq!(cluster.own().await, 301);
    }
    let clone = cluster.db.clone();
    assert_eq!(clone.customers().count(customer::email().like("%@x")).await.unwrap(), 301);
    cluster.resume().await;
    until("a read on the replica", async || cluster.reads_from_replica().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/replica starts"]
async fn commits_that_do_not_wait_for_the_disk_are_read_back_too() {
    let url = fresh(&given("RELATA_PRIMARY"), "engine_async").await;
    aside(&url).await.batch_execute("ALTER DATABASE engine_async SET synchronous_commit = off").await.unwrap();
    let replica = format!("{}/engine_async", given("RELATA_REPLICA"));
    until("the database on the replica", async || tokio_postgres::connect(&replica, NoTls).await.is_ok()).await;
    let db = Db::builder().url(&url).read_replica(&replica).connect().await.unwrap();
    db.create_tables().await.unwrap();
    for n in 0..500 {
        let made = db.customers().create(named(n)).await.unwrap();
        // Now and then long enough for the replica to be looked at.
        tokio::time::sleep(Duration::from_millis(n % 12)).await;
        assert_eq!(db.customers().find_by_id(made.id).await.unwrap().as_ref(), Some(&made));
        assert_eq!(db.customers().find().filter(customer::email().eq(format!("{n}@x"))).count().await.unwrap(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/replica starts"]
async fn stale_reads_may_miss_what_was_written() {
    let cluster = shop("engine_stale", true).await;
    until("a read on the replica", async || cluster.pauses_what_is_read().await).await;
    cluster.db.customers().create(named(1)).await.unwrap();
    assert_eq!(cluster.own().await, 0);
    cluster.resume().await;
    until("the row", async || cluster.own().await == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/replica starts"]
async fn while_the_replica_is_gone_the_primary_answers_and_later_the_replica_again() {
    let cluster = shop("engine_gone", false).await;
    until("a read on the replica", async || cluster.reads_from_replica().await).await;
    let before = cluster.count().await;
    control("RELATA_REPLICA_CTL", &["stop"]);
    for n in 0..50 {
        cluster.db.customers().create(named(n)).await.unwrap();
        assert!(cluster.count().await > before);
    }
    // A program that starts meanwhile starts.
    let (url, replica) = (format!("{}/engine_gone", given("RELATA_PRIMARY")), given("RELATA_REPLICA"));
    let other = Db::builder().url(url).read_replica(format!("{replica}/engine_gone")).connect().await.unwrap();
    assert!(other.customers().find().count().await.unwrap() >= 50);
    control("RELATA_REPLICA_CTL", &["start"]);
    let again = Cluster { replica: aside(&format!("{replica}/engine_gone")).await, ..cluster };
    until("a read on the replica", async || again.reads_from_replica().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/replica starts"]
async fn one_url_finds_the_server_of_the_kind_that_is_asked_for() {
    let cluster = shop("engine_roles", false).await;
    let address = |variable| given(variable).rsplit_once('@').unwrap().1.to_owned();
    let (primary, replica) = (address("RELATA_PRIMARY"), address("RELATA_REPLICA"));
    for (hosts, role, writes) in [
        (format!("{replica},{primary}"), "primary", true),
        (format!("{replica},{primary}"), "read-write", true),
        (format!("{primary},{replica}"), "standby", false),
        (format!("{primary},{replica}"), "read-only", false),
        (format!("{primary},{replica}"), "prefer-standby", false),
        (primary.clone(), "prefer-standby", true),
        (format!("127.0.0.1:1,{primary}"), "any", true),
    ] {
        let url = format!("postgres://postgres@{hosts}/engine_roles?target_session_attrs={role}");
        let db = Db::connect(&url).await.unwrap();
        let standby = db.sql("SELECT pg_is_in_recovery()").rows::<(bool,)>().one().await.unwrap().0;
        assert_eq!(standby, !writes, "{url}");
    }
    let refused =
        Db::connect(&format!("postgres://postgres@{replica}/engine_roles?target_session_attrs=primary")).await;
    assert!(refused.unwrap_err().to_string().contains("it is a standby"));
    drop(cluster);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/replica starts"]
async fn another_cluster_is_no_replica() {
    let url = fresh(&given("RELATA_PRIMARY"), "engine_other").await;
    let other =
        env::var("RELATA_OTHER_POSTGRES").unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
    let refused = Db::builder().url(url).read_replica(other).connect().await.unwrap_err();
    assert!(matches!(&refused, Error::Connect { message } if message.contains("another cluster")), "{refused}");
}
