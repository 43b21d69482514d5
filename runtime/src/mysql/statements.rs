//! The statements that a connection keeps prepared, by their text.
//!
//! The client keeps some too, but looks for named parameters in a text before it looks for the statement: that
//! costs more than all else that is done for a short read.

use std::collections::HashMap;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Statement};

/// How many a connection keeps.
const CAPACITY: usize = 256;

/// Prepared statements; those used last are kept.
#[derive(Default)]
pub(super) struct Statements {
    by_text: HashMap<Box<str>, Kept>,
    uses: u64,
}

struct Kept {
    statement: Statement,
    last: u64,
}

impl Statements {
    /// The statement of that text, prepared now if it was not.
    pub(super) async fn prepare(&mut self, conn: &mut Conn, text: &str) -> Result<Statement, Error> {
        self.uses += 1;
        let last = self.uses;
        if let Some(kept) = self.by_text.get_mut(text) {
            kept.last = last;
            return Ok(kept.statement.clone());
        }
        // Seldom run and large: boxed, so that what is moved around by value with every call is small.
        let statement = Box::pin(conn.prep(text)).await?;
        if self.by_text.len() >= CAPACITY {
            let oldest = self.by_text.iter().min_by_key(|(_, kept)| kept.last).map(|(text, _)| text.clone());
            if let Some(kept) = oldest.and_then(|oldest| self.by_text.remove(&oldest)) {
                Box::pin(conn.close(kept.statement)).await?;
            }
        }
        self.by_text.insert(text.into(), Kept { statement: statement.clone(), last });
        Ok(statement)
    }
}
