//! The statements of a connection, by their text: prepared under names, or sent whole each time with the types of their
//! values, which are asked for once.
//!
//! A name belongs to one session of the server. Where a pooler lends another session to each transaction, a statement
//! that goes without a name finds itself everywhere.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::TryStreamExt;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, RowStream, Statement};

use super::encode::Parameter;

/// How many are kept.
const CAPACITY: usize = 256;

/// What is known of statements; those used last are kept.
#[derive(Clone, Default)]
pub(super) struct Statements {
    kept: Arc<Mutex<Kept>>,
    unnamed: bool,
}

#[derive(Default)]
struct Kept {
    by_text: HashMap<Box<str>, (Known, u64)>,
    uses: u64,
}

/// A statement that can be run.
#[derive(Clone)]
enum Known {
    Named(Statement),
    /// The types of its values.
    Unnamed(Arc<[Type]>),
}

impl Statements {
    /// For all connections to one server: what is known of a statement without a name holds on each.
    pub(super) fn unnamed() -> Self {
        Self { unnamed: true, ..Self::default() }
    }

    pub(super) fn are_unnamed(&self) -> bool {
        self.unnamed
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // No code of others runs under the lock, so that nothing in it is ever half changed.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The statement of that text, if it is known.
    fn get(&self, text: &str) -> Option<Known> {
        let mut kept = self.lock();
        let Kept { by_text, uses } = &mut *kept;
        let (statement, last) = by_text.get_mut(text)?;
        *uses += 1;
        *last = *uses;
        Some(statement.clone())
    }

    /// The statement of that text, prepared now if it was not.
    async fn prepare(&self, client: &Client, text: &str) -> Result<Known, Error> {
        if let Some(statement) = self.get(text) {
            return Ok(statement);
        }
        let statement = client.prepare(text).await?;
        // One that goes without a name is closed here and now: the next transaction may have another session.
        let known = if self.unnamed { Known::Unnamed(statement.params().into()) } else { Known::Named(statement) };
        let mut kept = self.lock();
        if kept.by_text.len() >= CAPACITY {
            let oldest = kept.by_text.iter().min_by_key(|(_, (_, last))| *last).map(|(text, _)| text.clone());
            oldest.and_then(|oldest| kept.by_text.remove(&oldest));
        }
        kept.uses += 1;
        let last = kept.uses;
        kept.by_text.insert(text.into(), (known.clone(), last));
        Ok(known)
    }

    /// Runs a statement that answers rows; `runs` is told when it is no more than prepared.
    pub(super) async fn query(
        &self,
        client: &Client,
        text: &str,
        parameters: Vec<Parameter<'_>>,
        runs: impl FnOnce(),
    ) -> Result<RowStream, Error> {
        let known = self.prepare(client, text).await?;
        runs();
        match known {
            Known::Named(statement) => client.query_raw(&statement, parameters).await,
            Known::Unnamed(types) => {
                client.query_typed_raw(text, parameters.into_iter().zip(types.iter().cloned())).await
            }
        }
    }

    /// Runs a statement that answers no rows, and says how many it changed; `runs` as above.
    pub(super) async fn execute(
        &self,
        client: &Client,
        text: &str,
        parameters: Vec<Parameter<'_>>,
        runs: impl FnOnce(),
    ) -> Result<u64, Error> {
        let mut rows = pin!(self.query(client, text, parameters, runs).await?);
        while rows.try_next().await?.is_some() {}
        Ok(rows.rows_affected().unwrap_or(0))
    }

    /// Forgets a statement whose plan the server can no longer use.
    pub(super) fn forget(&self, text: &str) {
        self.lock().by_text.remove(text);
    }

    /// Forgets all of them, where it is not known which.
    pub(super) fn forget_all(&self) {
        self.lock().by_text.clear();
    }
}
