//! One connection: what is open on it, what was left unfinished, and how both come to an end.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};
use std::time::Duration;

use tokio_postgres::{CancelToken, Client, Error as Postgres, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connect::Place;
use super::fault;
use super::statements::Statements;
use crate::deadline::{self, Deadline};
use crate::network::url::Role;
use crate::{Error, Result};

/// How long a statement that nobody waits for any more may run on.
const GRACE: Duration = Duration::from_millis(50);

/// How long the server may take to stop one, and beyond a statement's time to say that it did.
const PATIENCE: Duration = Duration::from_secs(5);

/// An open connection.
pub(super) struct Connection {
    pub(super) client: Client,
    pub(super) place: Arc<Place>,
    pub(super) statements: Statements,
    cancel: CancelToken,
    tls: Option<MakeRustlsConnect>,
    /// Beginnings of transactions that go with the next statement, the outermost first.
    said: Mutex<Vec<Cow<'static, str>>>,
    /// Of the call that it is lent to.
    deadline: Mutex<Option<Deadline>>,
    /// A transaction is open.
    open: AtomicBool,
    /// A request was sent whose answer nobody waited for.
    busy: AtomicBool,
    /// Something in the open transaction failed, or was not waited for: the database may have given it up.
    doubtful: AtomicBool,
    /// The last request had the server run what changes rows, and not only prepare it.
    ran: AtomicBool,
    /// The last failure ended what ran in favour of another one's.
    given_up: AtomicBool,
    /// The server has said that it goes; that nothing more comes is known a moment later.
    lost: AtomicBool,
    /// It was to be a server that takes writes, and takes none any more.
    demoted: AtomicBool,
}

impl Connection {
    pub(super) fn new(
        client: Client,
        place: Arc<Place>,
        tls: Option<MakeRustlsConnect>,
        statements: Statements,
    ) -> Self {
        let cancel = client.cancel_token();
        Self {
            client,
            place,
            statements,
            cancel,
            tls,
            said: Mutex::default(),
            deadline: Mutex::default(),
            open: AtomicBool::new(false),
            busy: AtomicBool::new(false),
            doubtful: AtomicBool::new(false),
            ran: AtomicBool::new(false),
            given_up: AtomicBool::new(false),
            lost: AtomicBool::new(false),
            demoted: AtomicBool::new(false),
        }
    }

    /// What is asked from here on is for a call with that deadline.
    pub(super) fn set_deadline(&self, deadline: Option<Deadline>) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = deadline;
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The deadline, if it has passed.
    pub(super) fn overdue(&self) -> Option<Deadline> {
        self.deadline().filter(|deadline| deadline.has_passed())
    }

    /// Whether the next one finds it as if nobody had used it.
    pub(super) fn is_clean(&self) -> bool {
        !self.busy.load(Ordering::Relaxed) && !self.is_in_transaction()
    }

    /// Whether anything can still be asked.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed) || self.client.is_closed()
    }

    /// Notes what a failure says about the connection itself.
    pub(super) fn failed(&self, error: &Postgres) {
        self.given_up.store(fault::is_deadlock(error), Ordering::Relaxed);
        if matches!(self.place.role, Role::ReadWrite | Role::Primary) && fault::is_read_only(error) {
            self.demoted.store(true, Ordering::Relaxed);
        }
        if fault::is_lost(error) {
            self.set_lost();
        }
    }

    /// Whether another server is to be asked from now on.
    pub(super) fn is_demoted(&self) -> bool {
        self.demoted.load(Ordering::Relaxed)
    }

    /// Whether the last failure ended what ran in favour of another one's.
    pub(super) fn was_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }

    /// Nothing more can be asked.
    fn set_lost(&self) {
        self.lost.store(true, Ordering::Relaxed);
    }

    /// Whether a transaction is open at the server.
    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    /// Whether a transaction is open, or begins with the next statement.
    pub(super) fn is_in_transaction(&self) -> bool {
        self.open.load(Ordering::Relaxed) || !self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Cow<'static, str>>> {
        // No code of others runs under the lock, so that nothing in it is ever half changed.
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a transaction, or one inside the open one, with the next statement.
    pub(super) fn say(&self, begin: Cow<'static, str>) {
        self.lock().push(begin);
    }

    /// What goes with the next statement, which is about to be sent.
    pub(super) fn said(&self) -> Vec<Cow<'static, str>> {
        std::mem::take(&mut *self.lock())
    }

    /// Takes back the innermost beginning, if it was not sent: nothing ran in it.
    pub(super) fn unsay(&self) -> bool {
        self.lock().pop().is_some()
    }

    /// A transaction begins with what is sent now.
    pub(super) fn set_open(&self) {
        self.open.store(true, Ordering::Relaxed);
    }

    /// A transaction ends with what was sent.
    pub(super) fn set_closed(&self) {
        self.open.store(false, Ordering::Relaxed);
        self.doubtful.store(false, Ordering::Relaxed);
    }

    /// Something in the open transaction failed.
    pub(super) fn doubt(&self) {
        self.doubtful.store(true, Ordering::Relaxed);
    }

    /// A request is about to be sent.
    pub(super) fn asks(&self) {
        self.ran.store(false, Ordering::Relaxed);
        if self.busy.swap(true, Ordering::Relaxed) {
            self.doubt();
        }
    }

    /// What changes rows is about to be run.
    pub(super) fn runs(&self) {
        self.ran.store(true, Ordering::Relaxed);
    }

    /// Whether the last request was lost with the connection, so that nobody knows what became of it.
    pub(super) fn is_outcome_unknown(&self) -> bool {
        self.ran.load(Ordering::Relaxed) && self.is_lost()
    }

    /// The request was answered.
    pub(super) fn is_answered(&self) {
        self.busy.store(false, Ordering::Relaxed);
    }

    /// Sends a statement of the driver's own whose answer does not matter. What is sent next is answered after it.
    pub(super) fn send(&self, sql: &str) {
        let mut sending = pin!(self.client.batch_execute(sql));
        // The first poll sends it.
        let _ = sending.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }

    /// Waits for the answer to that many statements. The server limits their time by itself; where it, or what is
    /// between, has fallen silent, the connection is given up.
    ///
    /// # Errors
    /// When no answer came.
    pub(super) async fn answer<T>(&self, statements: u32, mut answer: Pin<&mut impl Future<Output = T>>) -> Result<T> {
        let limit = self.place.statement_timeout;
        let patience = limit.map(|limit| limit.saturating_mul(statements).saturating_add(PATIENCE));
        let silent = || {
            self.set_lost();
            Error::Timeout { message: self.place.too_long("the server has fallen silent") }
        };
        let left = match (self.deadline(), patience) {
            (None, None) => return Ok(answer.await),
            (None, Some(patience)) => return tokio::time::timeout(patience, answer).await.map_err(|_| silent()),
            (Some(deadline), None) => deadline.left(),
            (Some(deadline), Some(patience)) => deadline.left().min(patience),
        };
        if let Ok(answer) = tokio::time::timeout(left, answer.as_mut()).await {
            return Ok(answer);
        }
        let Some(deadline) = self.overdue() else { return Err(silent()) };
        // The server may stop what runs next instead: nothing is to run here after this.
        self.set_lost();
        // Seldom run and large.
        let stopped = Box::pin(async {
            self.stop().await;
            answer.await
        });
        match tokio::time::timeout(deadline::GRACE, stopped).await {
            Ok(answer) => {
                // What came of it is known.
                self.ran.store(false, Ordering::Relaxed);
                Ok(answer)
            }
            Err(_) => Err(deadline.passed(self.statement())),
        }
    }

    /// What is waited for, in words.
    pub(super) fn statement(&self) -> String {
        format!("a statement in {}, which was to be stopped", self.place)
    }

    /// Commits the open transaction. Whatever comes of it, the transaction has ended.
    pub(super) async fn commit(&self) -> Result<()> {
        if self.unsay() {
            // Nothing ran in it.
            return Ok(());
        }
        deadline::check(self.deadline(), || format!("what was to be committed in {}", self.place))?;
        if self.is_lost() {
            return Err(Error::Unavailable {
                message: format!("the connection to {} is lost, and what was done is rolled back", self.place),
            });
        }
        self.asks();
        let doubtful = self.doubtful.load(Ordering::Relaxed);
        // A transaction that has failed would be rolled back, and that called a success: a statement before fails
        // then, and nothing after it is run.
        let commit = if doubtful { "SELECT 1; COMMIT" } else { "COMMIT" };
        match self.answer(2, pin!(self.client.batch_execute(commit))).await {
            Ok(Ok(())) => {
                self.is_answered();
                self.set_closed();
                Ok(())
            }
            Ok(Err(error)) if !fault::is_lost(&error) || fault::is_rolled_back(&error) => {
                self.failed(&error);
                self.is_answered();
                if !doubtful {
                    self.set_closed();
                }
                Err(fault::error(&error, &self.place))
            }
            Ok(Err(_)) | Err(_) => {
                self.set_lost();
                Err(self.unknown())
            }
        }
    }

    /// What was to be made permanent, and nobody knows whether it was.
    #[cold]
    pub(super) fn unknown(&self) -> Error {
        let place = &self.place;
        let cause = match self.overdue() {
            Some(_) => format!("the deadline passed while {place} committed, and it does not say whether it did"),
            None => format!("the connection to {place} was lost while it committed"),
        };
        Error::CommitUnknown { message: format!("{cause}: the changes may be stored, or not") }
    }

    /// Ends whatever was left unfinished; a statement that still runs is given a moment, and then stopped.
    /// Whether the connection can be used again.
    pub(super) async fn tidy(&self) -> bool {
        self.said();
        if self.is_lost() {
            return false;
        }
        if self.is_clean() {
            return true;
        }
        let ended = async {
            if self.is_in_transaction() {
                self.client.batch_execute("ROLLBACK").await
            } else {
                self.client.check_connection().await
            }
        };
        let mut ended = pin!(ended);
        let answer = if let Ok(answer) = tokio::time::timeout(GRACE, ended.as_mut()).await {
            answer
        } else {
            // The server is told on a connection of its own, and may do so only later, when the next statement runs:
            // there is to be none.
            self.set_lost();
            self.stop().await;
            let Ok(answer) = tokio::time::timeout(PATIENCE, ended).await else { return false };
            answer
        };
        if answer.is_ok() {
            self.is_answered();
            self.set_closed();
        }
        answer.is_ok() && !self.is_lost()
    }

    /// Asks the server to stop what it does for this connection.
    async fn stop(&self) {
        // If it cannot be asked, what is waited for next does not come.
        let _ = tokio::time::timeout(PATIENCE, async {
            match &self.tls {
                Some(tls) => self.cancel.cancel_query(tls.clone()).await,
                None => self.cancel.cancel_query(NoTls).await,
            }
        })
        .await;
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection({})", self.place)
    }
}
