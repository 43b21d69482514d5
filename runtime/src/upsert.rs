//! Rows that are stored where there is none with their key, and otherwise change the one that has it.

use crate::model::{Input, Model};
use crate::operation::Operation;
use crate::query::Task;
use crate::query::upsert::{Given, Upsert};
use crate::repository::{Repository, all, one};

impl<'a, M: Model> Repository<'a, M> {
    /// Stores the row where there is none with its id, and replaces the one that has it; gives it as stored.
    ///
    /// A new row keeps its id, also one that the database would number, and is otherwise as by
    /// [`create`](Self::create): its version is 1. A row that is there becomes this one as by
    /// [`replace`](Self::replace): `stale` where its version is another one. One that was deleted softly is restored so.
    ///
    /// `conflict` where another row has a unique key of it.
    #[allow(clippy::needless_pass_by_value, reason = "the row given is no longer the stored one")]
    pub fn upsert(&self, row: M) -> Operation<'a, M> {
        Operation::new(self.handle(), self.task(None, [given(&row)], false), one::<M>)
    }

    /// As [`upsert`](Self::upsert), any number of rows: all or none, in the order given. An id that is given twice is
    /// `validation`.
    pub fn upsert_many(&self, rows: impl IntoIterator<Item = M>) -> Operation<'a, Vec<M>> {
        let rows = rows.into_iter().map(|row| given(&row));
        Operation::new(self.handle(), self.task(None, rows, true), all::<M>)
    }

    /// The same by the unique key at that position; emitted code calls this.
    pub fn upsert_by(&self, unique: usize, new: M::New) -> Operation<'a, M> {
        let rows = [Given::new(new.into_values())];
        Operation::new(self.handle(), self.task(Some(unique), rows, false), one::<M>)
    }

    /// The same by the unique key at that position, any number of rows; emitted code calls this.
    pub fn upsert_many_by(&self, unique: usize, new: impl IntoIterator<Item = M::New>) -> Operation<'a, Vec<M>> {
        let rows = new.into_iter().map(|new| Given::new(new.into_values()));
        Operation::new(self.handle(), self.task(Some(unique), rows, true), all::<M>)
    }

    fn task(self, by: Option<usize>, rows: impl IntoIterator<Item = Given>, listed: bool) -> Task {
        let rows = rows.into_iter().collect();
        Task::Upsert(Upsert::new(self.handle().schema(), M::META, by, rows, listed))
    }
}

fn given<M: Model>(row: &M) -> Given {
    Given::whole(M::META, |property| row.value(property).into_static())
}
