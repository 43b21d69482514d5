//! New rows in any number, of which only the number is wanted.

use crate::find::number;
use crate::model::{Input, Model};
use crate::operation::Operation;
use crate::query::Task;
use crate::query::insert_all::InsertAll;
use crate::repository::Repository;

impl<'a, M: Model> Repository<'a, M> {
    /// Stores new rows, all or none, and says how many: [`create_many`](Self::create_many) for more rows than are to
    /// be held in memory. They are taken from the iterator as they are stored, a few thousand at a time.
    ///
    /// A row that is not valid is refused when its turn comes, and those before it are undone. The iterator runs within
    /// the transaction: it does not call the same database.
    pub fn create_all<I>(&self, new: I) -> Operation<'a, u64>
    where
        I: IntoIterator<Item = M::New, IntoIter: Send + 'static>,
    {
        let rows = Box::new(new.into_iter().map(Input::into_values));
        Operation::new(self.handle(), Task::InsertAll(InsertAll::new(M::META, rows)), number)
    }
}
