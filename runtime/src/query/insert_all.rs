//! New rows that nobody wants back: taken from their iterator as they are stored, some thousands at a time, so that
//! memory does not grow with their number.

use std::fmt;

use super::fault;
use crate::default::Moment;
use crate::driver::Session;
use crate::meta::ModelMeta;
use crate::value::Value;
use crate::value::size::size;
use crate::{Error, Failure, Result, validate};

/// How many rows are in memory at once, and how many bytes of them.
const CHUNK: (usize, usize) = (4096, 4 << 20);

/// New rows, one value for each property.
pub(crate) type NewValues = Box<dyn Iterator<Item = Vec<Value<'static>>> + Send>;

/// New rows that come one after the other.
pub(crate) struct InsertAll {
    model: &'static ModelMeta,
    rows: NewValues,
}

impl InsertAll {
    pub(crate) fn new(model: &'static ModelMeta, rows: NewValues) -> Self {
        Self { model, rows }
    }

    pub(crate) fn model(&self) -> &'static ModelMeta {
        self.model
    }

    /// The next rows, completed and checked; they follow on so many others.
    fn next(&mut self, before: usize, moment: &mut Moment) -> Result<Vec<Vec<Value<'static>>>> {
        let (most_rows, most_bytes) = CHUNK;
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        let mut failures: Vec<Failure> = Vec::new();
        while chunk.len() < most_rows && bytes < most_bytes && failures.len() < validate::MOST {
            let Some(mut row) = self.rows.next() else { break };
            let known = failures.len();
            validate::complete(self.model, &mut row, |_| true, Some(moment), &mut failures);
            for failure in &mut failures[known..] {
                failure.at = validate::place(before + chunk.len(), true);
            }
            bytes += row.iter().map(size).sum::<usize>();
            chunk.push(row);
        }
        if failures.is_empty() { Ok(chunk) } else { Err(Error::Validation { model: self.model.name, failures }) }
    }
}

impl fmt::Debug for InsertAll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InsertAll({})", self.model.name)
    }
}

/// Stores all rows, and says how many.
pub(crate) async fn insert(session: &mut dyn Session, insert: &mut InsertAll) -> Result<u64> {
    let (mut stored, mut moment) = (0, Moment::default());
    loop {
        let mut rows = insert.next(stored, &mut moment)?;
        if rows.is_empty() {
            return Ok(stored as u64);
        }
        if let Err((n, fault)) = session.insert(insert.model, &mut rows).await? {
            return Err(Box::pin(fault::of_write(session, insert.model, &rows[n], fault)).await);
        }
        stored += rows.len();
    }
}
