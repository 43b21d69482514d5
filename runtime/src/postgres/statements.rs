//! The statements that a connection keeps prepared, by their text.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_postgres::{Client, Error, Statement};

/// How many a connection keeps.
const CAPACITY: usize = 256;

/// Prepared statements; those used last are kept.
#[derive(Default)]
pub(super) struct Statements(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    by_text: HashMap<Box<str>, (Statement, u64)>,
    uses: u64,
}

impl Statements {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        // No code of others runs under the lock, so that nothing in it is ever half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The statement of that text, if it is prepared.
    pub(super) fn get(&self, text: &str) -> Option<Statement> {
        let mut kept = self.lock();
        let Kept { by_text, uses } = &mut *kept;
        let (statement, last) = by_text.get_mut(text)?;
        *uses += 1;
        *last = *uses;
        Some(statement.clone())
    }

    /// The statement of that text, prepared now if it was not.
    pub(super) async fn prepare(&self, client: &Client, text: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.get(text) {
            return Ok(statement);
        }
        let statement = client.prepare(text).await?;
        let mut kept = self.lock();
        if kept.by_text.len() >= CAPACITY {
            let oldest = kept.by_text.iter().min_by_key(|(_, (_, last))| *last).map(|(text, _)| text.clone());
            oldest.and_then(|oldest| kept.by_text.remove(&oldest));
        }
        kept.uses += 1;
        let last = kept.uses;
        kept.by_text.insert(text.into(), (statement.clone(), last));
        Ok(statement)
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
