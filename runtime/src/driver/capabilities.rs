//! What statements may use on a database: facts about it, not its name.

use std::borrow::Cow;
use std::fmt::Debug;

use crate::meta::{Dialects, PropertyMeta};
use crate::query::aggregate::Aggregates;

/// A dialect that emitted statements are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "drivers that are not enabled speak the others")]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
    Mysql,
}

impl<T> Dialects<T> {
    /// What is said in that dialect.
    pub(crate) fn of(&self, dialect: Dialect) -> &T {
        match dialect {
            Dialect::Sqlite => &self.sqlite,
            Dialect::Postgres => &self.postgres,
            Dialect::Mysql => &self.mysql,
        }
    }
}

/// What statements may use; facts about a database, not its name.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "facts, of which any may be true without the others")]
pub(crate) struct Capabilities {
    /// The database, by the name that OpenTelemetry has for it. For people; nothing is decided by it.
    pub(crate) system: &'static str,
    /// Which of the emitted statements it understands.
    pub(crate) dialect: Dialect,
    /// What identifiers are quoted with; within one, it is written twice.
    pub(crate) quote: char,
    /// How a bound value is marked.
    pub(crate) placeholder: Placeholder,
    /// Tables live in schemas.
    pub(crate) schemas: bool,
    /// How any number of values is bound.
    pub(crate) lists: Lists,
    /// How what lies within JSON is read.
    pub(crate) documents: &'static dyn Documents,
    /// What is computed of many rows.
    pub(crate) aggregates: &'static dyn Aggregates,
    /// How order, limit and offset hold for each parent by itself.
    pub(crate) cut: Cut,
    /// The functions that give the least and the greatest of their arguments, up to the bracket.
    pub(crate) least: &'static str,
    pub(crate) greatest: &'static str,
    /// The limit that is none: an offset must not stand alone.
    pub(crate) no_limit: &'static str,
    /// Long texts are sorted by so many characters at most, and not by all of them.
    pub(crate) sorts_by: Option<u64>,
    /// NULL sorts before all values by itself.
    pub(crate) nulls_first: bool,
    /// The LIKE that ignores case, by the column's collation; without one, both sides are put in lower case.
    pub(crate) ilike: Option<&'static str>,
    /// What makes a backslash take LIKE's next character literally.
    pub(crate) escape: &'static str,
    /// What stands before a text that a regular expression is looked for in, between the two, and after them.
    pub(crate) regexp: [&'static str; 3],
    /// `DELETE FROM t AS t0`; otherwise `DELETE t0 FROM t AS t0`.
    pub(crate) deletes_by_alias: bool,
    /// A statement may read the table that it changes.
    pub(crate) reads_what_it_changes: bool,
    /// Foreign keys are checked when a statement has come to its end, and not row by row.
    pub(crate) checks_keys_at_end: bool,
    /// What ends a query whose rows nobody else may change before the transaction ends, where that is asked for.
    pub(crate) for_update: &'static str,
    /// The same, where the rows' keys stay and others may go on to refer to them, if the database tells the two apart.
    pub(crate) for_no_key_update: &'static str,
    /// The same, where others may read the rows and lock them so too.
    pub(crate) for_share: &'static str,
    /// An index finds the rows that come after others: `(a, b) > (1, 2)`.
    pub(crate) compares_rows: bool,
    /// An UPDATE answers the rows that it changed.
    pub(crate) returning: bool,
    /// How numbers are computed.
    pub(crate) arithmetic: &'static dyn Arithmetic,
    /// How many rows an `INSERT … ON CONFLICT … DO UPDATE` may have whose answer comes in their order; 0 where there
    /// is no such statement.
    pub(crate) upserts: usize,
    /// What is to be done so that a generated id never meets one that was given; nothing where the database does.
    pub(crate) counter: Option<&'static Counter>,
}

/// A counter of generated ids, which inserts with an id pass by.
#[derive(Debug)]
pub(crate) struct Counter {
    /// Of a row that an upsert answers: whether it is a new one.
    pub(crate) is_new: &'static str,
    /// Moves the counter past an id, if need be: the id as text, the table as SQL and the column are bound.
    pub(crate) advance: &'static str,
}

/// How numbers are computed within a statement. What is given and what is answered are expressions of SQL.
pub(crate) trait Arithmetic: Debug + Sync {
    /// A bound number as one of the property's type.
    fn bound(&self, mark: String, _property: &PropertyMeta) -> String {
        mark
    }

    /// What is stored, and this more or less.
    fn sum(&self, column: &str, operand: &str, minus: bool, _property: &PropertyMeta) -> String {
        format!("{column} {} {operand}", if minus { '-' } else { '+' })
    }

    /// What the column cannot store: it refuses the whole statement as [`Fault::Range`]. It is made of what is stored,
    /// so that nobody computes it before a row needs it.
    fn refusal(&self, column: &str, property: &PropertyMeta) -> String;

    /// Whether what the type cannot hold is refused as [`Fault::Range`] without more ado: 32 bits, digits, numbers
    /// that are not finite.
    fn keeps_ranges(&self) -> bool;
}

/// How a bound value is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "each driver has its own")]
pub(crate) enum Placeholder {
    /// By this character and its number, from 1.
    Numbered(char),
    /// By a question mark.
    Plain,
}

/// How any number of values is bound as one.
#[derive(Debug, Clone, Copy)]
#[allow(dead_code, reason = "each driver has its own")]
pub(crate) enum Lists {
    /// A table-valued function whose rows are the elements, in a column `value`: one for values, and one that
    /// reads composite keys from JSON, bytes in hexadecimal.
    Function { list: &'static str, json: &'static str },
    /// An array for each column; the type of its elements.
    Arrays { element: fn(&PropertyMeta) -> Cow<'static, str> },
    /// `JSON_TABLE` over a JSON text; the type of a column of it, and what turns that into the property's own.
    JsonTable { column: fn(&PropertyMeta) -> JsonColumn },
}

/// How a key is read out of JSON.
#[derive(Debug)]
pub(crate) struct JsonColumn {
    /// The type of the column in `COLUMNS (… PATH …)`.
    pub(crate) ty: Cow<'static, str>,
    /// The function that makes it what is stored, or nothing: `UNHEX`.
    pub(crate) read: &'static str,
}

/// How what lies within JSON is read, each value as a column of its type would hold it. What is given and what is
/// answered are expressions of SQL; names of properties are letters, digits and `_`, and need no care.
pub(crate) trait Documents: Debug + Sync {
    /// The member of an object that is that property; NULL where it is absent or `null`.
    fn member(&self, object: &str, property: &PropertyMeta) -> String;

    /// The elements of the list that a property holds, as a table by that alias.
    fn elements(&self, list: &str, property: &PropertyMeta, alias: usize) -> String;

    /// The element in a row of that table.
    fn element(&self, property: &PropertyMeta, alias: usize) -> String;
}

/// How order, limit and offset hold for each parent by itself.
#[derive(Debug, Clone, Copy)]
#[allow(dead_code, reason = "each driver has its own")]
pub(crate) enum Cut {
    /// Row ids picked by a correlated subquery: names by which every row can be told from the others of its
    /// table, if no column hides them.
    RowIds(&'static [&'static str]),
    /// A subquery joined `LATERAL`.
    Lateral,
    /// A branch of a `UNION ALL` for each parent: at most so many in a statement, which is run as often as it takes.
    Branches(usize),
}
