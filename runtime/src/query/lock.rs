//! Rows that are locked as they are read, until the transaction ends.

use super::sql::Sql;

/// How rows are locked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    /// Against what; nothing where only the wait was said.
    pub(crate) strength: Option<Strength>,
    pub(crate) wait: Wait,
}

/// What others may not do with the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strength {
    /// Change, delete or lock them.
    Update,
    /// The same, but for locks that only ask that the keys stay.
    NoKeyUpdate,
    /// Change or delete them.
    Share,
}

/// What becomes of rows that another transaction has locked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Wait {
    /// They are waited for.
    #[default]
    Always,
    /// They are left out.
    Skip,
    /// The read fails.
    Never,
}

impl Sql<'_> {
    /// ` FOR UPDATE` and how it waits, where the database locks rows.
    pub(super) fn lock(&mut self, lock: Option<Lock>) {
        let Some(Lock { strength: Some(strength), wait }) = lock else { return };
        let clause = match strength {
            Strength::Update => self.capabilities.for_update,
            Strength::NoKeyUpdate => self.capabilities.for_no_key_update,
            Strength::Share => self.capabilities.for_share,
        };
        if clause.is_empty() {
            return;
        }
        self.push(clause);
        self.push(match wait {
            Wait::Always => "",
            Wait::Skip => " SKIP LOCKED",
            Wait::Never => " NOWAIT",
        });
    }
}
