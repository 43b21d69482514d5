//! Where reads go, on servers that are made up: nothing here depends on time, but that a look comes to its end.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::atomic::{AtomicBool, AtomicI64};

use super::*;
use crate::deadline::Deadline;
use crate::driver::Access;
use crate::postgres::CAPABILITIES;
use crate::query::node::Node as Rows;
use crate::query::tests::schema::{BOARD, SCHEMA};
use crate::query::write::{Delete, Which};

/// A server that answers each read with its own number.
#[derive(Debug)]
struct Server {
    number: u64,
    /// How far its log, or what it applies, has got.
    at: AtomicI64,
    follows: bool,
    connections: AtomicU64,
    gone: AtomicBool,
    /// The next read meets a new connection.
    renewed: AtomicBool,
    looks: AtomicUsize,
}

impl Server {
    fn new(number: u64, follows: bool) -> Arc<Self> {
        Arc::new(Self {
            number,
            at: AtomicI64::new(0),
            follows,
            connections: AtomicU64::new(1),
            gone: AtomicBool::new(false),
            renewed: AtomicBool::new(false),
            looks: AtomicUsize::new(0),
        })
    }

    fn unavailable() -> Error {
        Error::Unavailable { message: "gone".to_owned() }
    }
}

impl Driver for Server {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn run_now(&self, _: &mut Task, _: Option<Deadline>) -> Option<Result<Answer>> {
        None
    }

    fn run(&self, task: Box<Task>, _: Option<Deadline>) -> BoxFuture<'_, Result<Answer>> {
        let writes = task.access(&CAPABILITIES) != Access::Read;
        Box::pin(async move {
            if writes {
                self.at.fetch_add(1, Ordering::SeqCst);
            }
            Ok(Answer::Number(self.number))
        })
    }

    fn begin(&self, _: TransactionOptions, _: Option<Deadline>) -> BoxFuture<'_, Result<Arc<dyn Transaction>>> {
        let transaction: Arc<dyn Transaction> = Arc::new(Begun(self.number));
        Box::pin(std::future::ready(Ok(transaction)))
    }

    fn create_tables(&self, _: &'static [TableMeta]) -> BoxFuture<'_, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Node for Server {
    fn position(&self) -> BoxFuture<'_, Result<i64>> {
        Box::pin(async { Ok(self.at.load(Ordering::SeqCst)) })
    }

    fn reached(&self) -> BoxFuture<'_, Result<Option<i64>>> {
        self.looks.fetch_add(1, Ordering::SeqCst);
        Box::pin(async {
            if self.gone.load(Ordering::SeqCst) {
                return Err(Self::unavailable());
            }
            Ok(self.follows.then(|| self.at.load(Ordering::SeqCst)))
        })
    }

    fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }

    fn read(&self, task: Box<Task>, connections: u64, _: Option<Deadline>) -> BoxFuture<'_, Result<Answer, Unread>> {
        Box::pin(async move {
            if self.gone.load(Ordering::SeqCst) {
                return Err(Unread::Gone(task));
            }
            if self.renewed.swap(false, Ordering::SeqCst) {
                self.connections.fetch_add(1, Ordering::SeqCst);
            }
            if self.connections() != connections {
                return Err(Unread::NotNow(task));
            }
            Ok(Answer::Number(self.number))
        })
    }
}

/// A transaction of the server with that number.
#[derive(Debug)]
struct Begun(u64);

impl Driver for Begun {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn run_now(&self, _: &mut Task, _: Option<Deadline>) -> Option<Result<Answer>> {
        None
    }

    fn run(&self, _: Box<Task>, _: Option<Deadline>) -> BoxFuture<'_, Result<Answer>> {
        Box::pin(std::future::ready(Ok(Answer::Number(self.0))))
    }

    fn begin(&self, _: TransactionOptions, _: Option<Deadline>) -> BoxFuture<'_, Result<Arc<dyn Transaction>>> {
        unreachable!("nobody begins one")
    }

    fn create_tables(&self, _: &'static [TableMeta]) -> BoxFuture<'_, Result<()>> {
        unreachable!("nobody makes tables")
    }
}

impl Transaction for Begun {
    fn commit(&self, _: Option<Deadline>) -> BoxFuture<'_, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn rollback(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

const PRIMARY: u64 = 1;

struct Cluster {
    primary: Arc<Server>,
    replicas: Vec<Arc<Server>>,
    database: Replicated,
}

impl Cluster {
    fn new(replicas: u64, stale: bool) -> Self {
        let primary = Server::new(PRIMARY, false);
        let replicas: Vec<_> = (0..replicas).map(|n| Server::new(PRIMARY + 1 + n, true)).collect();
        let nodes = replicas.iter().cloned().map(|replica| -> Arc<dyn Node> { replica }).collect();
        let database = Replicated::new(primary.clone(), nodes, stale);
        Self { primary, replicas, database }
    }

    async fn run(&self, task: Task) -> u64 {
        match self.database.run(Box::new(task), None).await.unwrap() {
            Answer::Number(number) => number,
            other => panic!("{other:?}"),
        }
    }

    async fn read(&self) -> u64 {
        self.run(Task::Count(Rows::new(&BOARD))).await
    }

    async fn write(&self) {
        let task = Delete { schema: &SCHEMA, model: &BOARD, which: Which::All(Rows::new(&BOARD).condition) };
        assert_eq!(self.run(Task::Delete(task)).await, PRIMARY);
    }

    /// Reads until one of these answers.
    async fn until(&self, numbers: &[u64]) {
        for _ in 0..2000 {
            if numbers.contains(&self.read().await) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("none of {numbers:?} has answered");
    }

    fn follow(&self) {
        for replica in &self.replicas {
            replica.at.store(self.primary.at.load(Ordering::SeqCst), Ordering::SeqCst);
        }
    }
}

fn on(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

#[test]
fn reads_go_to_replicas_in_turns_and_nobody_is_asked_for_nothing() {
    on(async {
        let cluster = Cluster::new(2, false);
        assert_eq!(cluster.read().await, PRIMARY, "nobody has looked at a replica yet");
        cluster.until(&[2]).await;
        cluster.until(&[3]).await;
        let looks: Vec<_> = cluster.replicas.iter().map(|replica| replica.looks.load(Ordering::SeqCst)).collect();
        let mut seen = [0; 2];
        for _ in 0..100 {
            seen[usize::try_from(cluster.read().await - 2).unwrap()] += 1;
        }
        assert_eq!(seen, [50, 50]);
        let after: Vec<_> = cluster.replicas.iter().map(|replica| replica.looks.load(Ordering::SeqCst)).collect();
        assert_eq!(looks, after);
    });
}

#[test]
fn after_a_write_reads_go_to_the_primary_until_a_replica_has_it() {
    on(async {
        let cluster = Cluster::new(1, false);
        cluster.until(&[2]).await;
        cluster.write().await;
        for _ in 0..20 {
            assert_eq!(cluster.read().await, PRIMARY);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        cluster.follow();
        cluster.until(&[2]).await;
        // A transaction that is committed is one write; one that reads is none.
        let options = TransactionOptions { read_only: true, ..TransactionOptions::default() };
        cluster.database.begin(options, None).await.unwrap().commit(None).await.unwrap();
        assert_eq!(cluster.read().await, 2);
        let transaction = cluster.database.begin(TransactionOptions::default(), None).await.unwrap();
        assert!(matches!(
            transaction.run(Box::new(Task::Count(Rows::new(&BOARD))), None).await,
            Ok(Answer::Number(PRIMARY))
        ));
        assert_eq!(cluster.read().await, 2, "what is not committed is nobody's to read");
        cluster.primary.at.fetch_add(1, Ordering::SeqCst);
        transaction.commit(None).await.unwrap();
        assert_eq!(cluster.read().await, PRIMARY);
        cluster.follow();
        cluster.until(&[2]).await;
        cluster.database.create_tables(&[]).await.unwrap();
        assert_eq!(cluster.read().await, PRIMARY);
    });
}

#[test]
fn a_write_that_nobody_waits_for_counts_too() {
    on(async {
        let cluster = Cluster::new(1, false);
        cluster.until(&[2]).await;
        let transaction = cluster.database.begin(TransactionOptions::default(), None).await.unwrap();
        let mut commit = transaction.commit(None);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(commit.as_mut().poll(&mut context).is_ready());
        drop(commit);
        assert_eq!(cluster.read().await, PRIMARY);
    });
}

#[test]
fn what_fails_on_a_replica_runs_on_the_primary_and_later_there_again() {
    on(async {
        let cluster = Cluster::new(1, false);
        cluster.until(&[2]).await;
        cluster.replicas[0].gone.store(true, Ordering::SeqCst);
        let looks = cluster.replicas[0].looks.load(Ordering::SeqCst);
        for _ in 0..10 {
            assert_eq!(cluster.read().await, PRIMARY);
        }
        assert_eq!(cluster.replicas[0].looks.load(Ordering::SeqCst), looks, "it is left alone for a while");
        cluster.replicas[0].gone.store(false, Ordering::SeqCst);
        cluster.until(&[2]).await;
    });
}

#[test]
fn a_new_connection_may_be_to_a_server_that_was_started_anew() {
    on(async {
        let cluster = Cluster::new(1, false);
        cluster.until(&[2]).await;
        cluster.replicas[0].renewed.store(true, Ordering::SeqCst);
        assert_eq!(cluster.read().await, PRIMARY);
        // It has fallen behind what it had, though nothing was written.
        cluster.replicas[0].at.store(-1, Ordering::SeqCst);
        for _ in 0..10 {
            assert_eq!(cluster.read().await, PRIMARY);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        cluster.follow();
        cluster.until(&[2]).await;
    });
}

#[test]
fn where_stale_reads_are_allowed_a_write_changes_nothing() {
    on(async {
        let cluster = Cluster::new(1, true);
        cluster.until(&[2]).await;
        cluster.write().await;
        assert_eq!(cluster.read().await, 2);
    });
}

#[test]
fn a_server_that_follows_nobody_is_not_read_from() {
    on(async {
        let (primary, other) = (Server::new(PRIMARY, false), Server::new(2, false));
        let database = Replicated::new(primary, vec![other.clone()], true);
        for _ in 0..10 {
            let answer = database.run(Box::new(Task::Count(Rows::new(&BOARD))), None).await;
            assert!(matches!(answer, Ok(Answer::Number(PRIMARY))));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(other.looks.load(Ordering::SeqCst), 1);
    });
}
