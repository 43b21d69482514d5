//! Finds whose rows stay locked until the transaction ends.

use crate::Error;
use crate::find::{Find, Quantity};
use crate::query::lock::{Lock, Strength, Wait};
use crate::shape::Shape;

impl<S: Shape, Q: Quantity> Find<'_, S, Q> {
    /// Locks the rows until the transaction ends: others that change, delete or lock them wait for it. SQL's
    /// `FOR UPDATE`.
    ///
    /// In a transaction, on its repositories; elsewhere it is `unavailable`, as in a read-only one. Only rows of the
    /// model asked for are locked; what is included in them is not, nor are rows that conditions look at. SQLite has
    /// no locks on rows and needs none: of transactions that write there is one at a time, from its begin on.
    ///
    /// ```ignore
    /// db.transaction(async |tx| {
    ///     let order = tx.orders().get(7).for_update().await?;
    ///     tx.orders().patch_by_id(7, OrderPatch { quantity: Some(order.quantity + 1), ..Default::default() }).await
    /// })
    /// .await?;
    /// ```
    #[allow(clippy::return_self_not_must_use, reason = "a find is")]
    pub fn for_update(self) -> Self {
        self.locked(Strength::Update)
    }

    /// The same, and others may go on to store rows that refer to these, since their keys stay. `FOR NO KEY UPDATE` of
    /// PostgreSQL; MariaDB and MySQL do not tell the two apart.
    #[allow(clippy::return_self_not_must_use, reason = "a find is")]
    pub fn for_no_key_update(self) -> Self {
        self.locked(Strength::NoKeyUpdate)
    }

    /// Locks the rows so that others can read and so lock them, and not change or delete them. `FOR SHARE`; on MariaDB
    /// `LOCK IN SHARE MODE`.
    #[allow(clippy::return_self_not_must_use, reason = "a find is")]
    pub fn for_share(self) -> Self {
        self.locked(Strength::Share)
    }

    /// Leaves out rows that others have locked, and does not wait for them. After one of the locks above.
    #[allow(clippy::return_self_not_must_use, reason = "a find is")]
    pub fn skip_locked(self) -> Self {
        self.waiting(Wait::Skip)
    }

    /// `serialization` where others have locked a row, and no wait. After one of the locks above.
    ///
    /// On PostgreSQL nothing more runs in a transaction after an error: what may fail so goes into a transaction inside
    /// of it.
    #[allow(clippy::return_self_not_must_use, reason = "a find is")]
    pub fn no_wait(self) -> Self {
        self.waiting(Wait::Never)
    }

    fn locked(mut self, strength: Strength) -> Self {
        self.node.lock.get_or_insert_default().strength = Some(strength);
        self
    }

    fn waiting(mut self, wait: Wait) -> Self {
        self.node.lock.get_or_insert_default().wait = wait;
        self
    }
}

impl Lock {
    /// Why rows are not locked outside of a transaction.
    #[cold]
    pub(crate) fn outside(self) -> Error {
        let lock = self.name();
        Error::Unavailable {
            message: format!(
                "`{lock}` locks rows until the transaction ends, and the call is in none: inside of \
                 `db.transaction(…)`, call it through `tx`"
            ),
        }
    }

    /// Why rows are not locked in a transaction that only reads.
    #[cold]
    pub(crate) fn read_only(self) -> Error {
        let lock = self.name();
        Error::Unavailable {
            message: format!("the transaction is read-only: for `{lock}` it is begun without `.read_only()`"),
        }
    }

    /// What is wrong with it wherever it is.
    pub(crate) fn mistake(self, reads_rows: bool) -> Option<Error> {
        let message = if self.strength.is_none() {
            "`skip_locked` and `no_wait` say how a lock waits: say which one before, `for_update().skip_locked()`"
                .to_owned()
        } else if reads_rows {
            return None;
        } else {
            format!("`{}` locks rows that are read, and these are only counted: read them", self.name())
        };
        Some(Error::Unavailable { message })
    }

    fn name(self) -> &'static str {
        match (self.strength, self.wait) {
            (Some(Strength::Update), _) => "for_update",
            (Some(Strength::NoKeyUpdate), _) => "for_no_key_update",
            (Some(Strength::Share), _) => "for_share",
            (None, Wait::Never) => "no_wait",
            (None, _) => "skip_locked",
        }
    }
}
