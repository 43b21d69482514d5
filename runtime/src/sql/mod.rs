//! SQL that the program writes itself, with bound values and typed rows: for what repositories do not say.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::condition::Column;
use crate::db::{Db, Handle, Schema, known, position};
use crate::driver::{Access, Dialect};
use crate::key::Operand;
use crate::observe::CallName;
use crate::operation::{Operation, awaitable};
use crate::query::aggregate::Receiver;
use crate::query::task::{Answer, Task};
use crate::row::{Cells, RawCells};
use crate::transaction::Tx;
use crate::value::Value;
use crate::{Error, Model, Result};

pub(crate) mod bind;
mod refused;
mod row;
mod scan;
pub(crate) mod task;

pub use bind::BindValue;
pub use row::{SqlColumns, SqlRow, view_columns};
use task::{BoundValue, RawStatement, Wants};

/// The most values that a statement binds, as far as every database goes.
const MOST_VALUES: usize = 32_766;

/// The text of a statement: a literal, or a [`DynamicSql`].
#[diagnostic::on_unimplemented(
    message = "SQL is a text that is written in the program, and `{Self}` may be made at run time",
    label = "not a `&'static str`",
    note = "values are bound: `db.sql(\"… WHERE id = ?\").bind(id)`",
    note = "text that must be made at run time is asserted to be safe: `relata::DynamicSql::assert_safe(text)`"
)]
pub trait SqlText: sealed::Sealed {
    #[doc(hidden)]
    fn into_text(self) -> Cow<'static, str>;
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for &'static str {}
    impl Sealed for super::DynamicSql {}
}

impl SqlText for &'static str {
    fn into_text(self) -> Cow<'static, str> {
        Cow::Borrowed(self)
    }
}

impl SqlText for DynamicSql {
    fn into_text(self) -> Cow<'static, str> {
        Cow::Owned(self.0)
    }
}

/// The text of a statement that is made at run time, and that somebody says is safe.
///
/// ```
/// # use relata::DynamicSql;
/// fn by(column: &str) -> DynamicSql {
///     // Of what comes from outside, nothing becomes part of the text: it chooses from what is written here.
///     let column = if column == "name" { "name" } else { "id" };
///     DynamicSql::assert_safe(format!("SELECT id, name FROM customers ORDER BY {column}"))
/// }
/// ```
#[derive(Debug, Clone)]
pub struct DynamicSql(String);

impl DynamicSql {
    /// Takes a text whose author vouches that no part of it comes from outside the program. Whatever part does, is run
    /// by the database as it stands.
    pub fn assert_safe(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl<R: Schema> Db<R> {
    /// A statement in the database's own SQL; see [`Sql`].
    ///
    /// For schemas of one datasource; with several it is `cross_datasource`, and [`sql_on`](Self::sql_on) names one.
    pub fn sql(&self, text: impl SqlText) -> Sql<'_> {
        Schema::sql(&**self, text)
    }

    /// The same on the datasource of that name, for schemas of several.
    pub fn sql_on(&self, datasource: &str, text: impl SqlText) -> Sql<'_> {
        Schema::sql_on(&**self, datasource, text)
    }
}

impl<R: Schema> Tx<R> {
    /// A statement in the database's own SQL, in this transaction; see [`Sql`]. One that is refused leaves the
    /// transaction as it was.
    pub fn sql(&self, text: impl SqlText) -> Sql<'_> {
        Schema::sql(&**self, text)
    }

    /// The same, on the datasource of that name: `cross_datasource` unless the transaction is on it.
    pub fn sql_on(&self, datasource: &str, text: impl SqlText) -> Sql<'_> {
        Schema::sql_on(&**self, datasource, text)
    }
}

/// One statement in the database's own SQL, with values for its placeholders: `db.sql("…").bind(7)`.
///
/// A placeholder is `?`, on every database; in quotes and comments it is none. Values are bound in their order, as many
/// as there are placeholders. PostgreSQL's operators that have a question mark in them are written with two: `??`, `??|`.
///
/// Ends with [`rows`](Self::rows), which says what a row is read into, or with [`execute`](Self::execute).
///
/// `invalid_sql`, before anything is sent: where values are missing or too many; where there are several statements;
/// and where it would leave the connection, which others use after it, in another state, as `COMMIT` and `SET` do.
#[must_use = "nothing runs until it ends in `rows` or `execute`, and is awaited"]
pub struct Sql<'a> {
    handle: &'a Handle,
    datasource: Result<usize>,
    text: Cow<'static, str>,
    values: Vec<Given>,
}

/// What one placeholder is given.
enum Given {
    One(BoundValue),
    /// Takes as many placeholders.
    List(Vec<Value<'static>>),
}

impl fmt::Debug for Sql<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sql").field("text", &self.text).field("values", &self.values.len()).finish_non_exhaustive()
    }
}

impl<'a> Sql<'a> {
    pub(crate) fn new<R: Schema>(handle: &'a Handle, datasource: Option<&str>, text: impl SqlText) -> Self {
        let datasource = match datasource {
            Some(name) => position::<R>(name).map_err(|message| Error::Connect { message }),
            None => handle.only_datasource().ok_or_else(|| Error::CrossDatasource {
                message: format!(
                    "a statement is run by one datasource, and the schema has several: write `sql_on(name, …)`; {}",
                    known::<R>()
                ),
            }),
        };
        Self { handle, datasource, text: text.into_text(), values: Vec::new() }
    }

    /// The value of the next placeholder.
    ///
    /// It is bound as the type that it is: an `i64`, a text. What a property stores in a form of its own, as SQLite does
    /// a decimal, is bound by [`bind_as`](Self::bind_as).
    pub fn bind<T>(mut self, value: impl BindValue<T>) -> Self {
        self.values.push(Given::One(BoundValue { value: value.into_bound(), property: None }));
        self
    }

    /// The value of the next placeholder, as that column stores it: `.bind_as(order::price(), price)`.
    pub fn bind_as<M: Model, T, K>(mut self, column: Column<M, T, K>, value: impl Operand<T>) -> Self {
        let property = Some(&M::META.properties[column.property]);
        self.values.push(Given::One(BoundValue { value: value.into_operand(), property }));
        self
    }

    /// Any number of values, at least one, for the next placeholder, which becomes as many: `id IN (?)`.
    pub fn bind_list<T, V: BindValue<T>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.values.push(Given::List(values.into_iter().map(BindValue::into_bound).collect()));
        self
    }

    /// Runs it for its rows, each read into a `T`: an entity, by the names of its columns, of which none may be missing
    /// and others are left alone; a tuple, by position; or one value.
    pub fn rows<T: SqlRow>(self) -> SqlRows<'a, T> {
        SqlRows { sql: self, of: PhantomData }
    }

    /// Runs it, and says how many rows it changed.
    pub fn execute(self) -> Operation<'a, u64> {
        self.operation(Wants::Count, |answer| match answer {
            Answer::Number(number) => Ok(number),
            _ => unreachable!("a statement says how many rows it changed"),
        })
    }

    fn operation<T>(self, wants: Wants, finish: fn(Answer) -> Result<T>) -> Operation<'a, T> {
        let handle = self.handle;
        match self.statement(wants) {
            Ok(statement) => Operation::new(handle, Task::Raw(Box::new(statement)), finish),
            Err(error) => Operation::refused(handle, CallName::new("sql", None), error),
        }
    }

    /// The statement, if it may be sent.
    fn statement(self, wants: Wants) -> Result<RawStatement> {
        let Self { handle, datasource, text, values } = self;
        let datasource = datasource?;
        let capabilities = handle.reach_datasource(datasource)?.driver.capabilities();
        let (dialect, inside) = (capabilities.dialect, handle.is_transaction());
        let invalid = |message| Error::InvalidSql { message };
        if text.contains('\0') {
            return Err(invalid("the text has a character NUL in it".to_owned()));
        }
        let scanned = scan::scan(&text, dialect);
        if let Some(refusal) = refused::refusal(&scanned, dialect, inside) {
            return Err(invalid(refusal));
        }
        if let Some(mark) = scanned.other_mark {
            let message = format!("`{mark}` is no placeholder here: write `?` for each value, in their order");
            return Err(invalid(message));
        }
        let (marks, given) = (scanned.placeholders.len(), values.len());
        if marks != given {
            return Err(invalid(format!(
                "the text has {marks} {}, and {given} {} bound",
                if marks == 1 { "placeholder" } else { "placeholders" },
                if given == 1 { "value is" } else { "values are" },
            )));
        }
        let reads = refused::reads(&scanned);
        let access = match (&wants, reads) {
            (_, true) if !inside => Access::Read,
            // Within a transaction, a refusal is undone by itself.
            (_, true) | (Wants::Count, false) => Access::Write,
            // A row that cannot be read undoes what was done.
            (Wants::Rows(..), false) => Access::Atomic,
        };
        let text = written(&text, &scanned, &values, dialect);
        let values = flat(values).map_err(invalid)?;
        #[cfg(feature = "decimal")]
        if dialect == Dialect::Sqlite
            && let Some(at) = values.iter().position(BoundValue::is_plain_decimal)
        {
            return Err(invalid(format!(
                "value {} is a decimal, which SQLite stores as its column says: write `.bind_as(order::price(), value)`",
                at + 1
            )));
        }
        let schema = handle.schema();
        Ok(RawStatement { schema, datasource, text, values, access, writes: !reads, wants })
    }
}

/// The text with placeholders as the database has them, as many as there are values.
fn written(text: &str, scanned: &scan::Scanned, values: &[Given], dialect: Dialect) -> String {
    let mut written = String::with_capacity(text.len() + 16);
    let (mut from, mut number) = (0, 0);
    let mut escapes = scanned.escapes.iter().peekable();
    let mut copy = |written: &mut String, from: usize, to: usize| {
        let mut from = from;
        while let Some(&escape) = escapes.next_if(|&&escape| escape < to) {
            written.push_str(&text[from..=escape]);
            from = escape + 2;
        }
        written.push_str(&text[from..to]);
    };
    for (&at, given) in scanned.placeholders.iter().zip(values) {
        copy(&mut written, from, at);
        let marks = match given {
            Given::One(_) => 1,
            Given::List(values) => values.len(),
        };
        for n in 0..marks {
            written.push_str(if n > 0 { ", " } else { "" });
            number += 1;
            match dialect {
                Dialect::Postgres => {
                    written.push('$');
                    written.push_str(&number.to_string());
                }
                Dialect::Sqlite | Dialect::Mysql => written.push('?'),
            }
        }
        from = at + 1;
    }
    copy(&mut written, from, text.len());
    written
}

/// One value for each placeholder of the database.
fn flat(given: Vec<Given>) -> Result<Vec<BoundValue>, String> {
    let mut values = Vec::with_capacity(given.len());
    for given in given {
        match given {
            Given::One(value) => values.push(value),
            Given::List(list) if list.is_empty() => {
                return Err(
                    "a list without values is bound, and SQL has no empty list: look whether there are any before"
                        .to_owned(),
                );
            }
            Given::List(list) => values.extend(list.into_iter().map(|value| BoundValue { value, property: None })),
        }
    }
    let most = MOST_VALUES;
    match values.len() {
        many if many > most => Err(format!("{many} values are bound, and a statement takes {most} at most")),
        _ => Ok(values),
    }
}

/// The rows of a statement, all of them unless [`one`](Self::one) or [`first`](Self::first) says otherwise.
#[must_use = "nothing runs until it is awaited"]
pub struct SqlRows<'a, T> {
    sql: Sql<'a>,
    of: PhantomData<fn() -> T>,
}

impl<T> fmt::Debug for SqlRows<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sql.fmt(f)
    }
}

impl<'a, T: SqlRow> SqlRows<'a, T> {
    /// The only row; `not_found` where there is none, `conflict` where there are more.
    pub fn one(self) -> Operation<'a, T> {
        self.sql.operation(wanted::<T>(Some(2)), |answer| {
            let mut rows = all::<T>(answer)?;
            match (rows.pop(), rows.is_empty()) {
                (None, _) => Err(Error::NotFound { model: T::name(), id: None }),
                (Some(row), true) => Ok(row),
                (Some(_), false) => {
                    Err(Error::Conflict { model: T::name(), key: "more than one row matches".to_owned() })
                }
            }
        })
    }

    /// The first row, if there is one. Of a statement that writes, all is done whatever is read.
    pub fn first(self) -> Operation<'a, Option<T>> {
        self.sql.operation(wanted::<T>(Some(1)), |answer| all::<T>(answer).map(|mut rows| rows.pop()))
    }

    fn operation(self) -> Operation<'a, Vec<T>> {
        self.sql.operation(wanted::<T>(None), all::<T>)
    }
}

awaitable!(impl['a, T: SqlRow] SqlRows<'a, T> => Vec<T>);

fn wanted<T: SqlRow>(most: Option<usize>) -> Wants {
    Wants::Rows(Box::new(Reader::<T> { names: Vec::new(), at: None, rows: Vec::new() }), most)
}

#[allow(clippy::unnecessary_wraps, reason = "as what ends an operation")]
fn all<T: SqlRow>(answer: Answer) -> Result<Vec<T>> {
    let Answer::Computed(rows) = answer else { unreachable!("a statement gives its rows") };
    Ok(*rows.downcast::<Vec<T>>().expect("rows are of the type that their reader was made for"))
}

/// Reads rows as they arrive.
struct Reader<T> {
    names: Vec<String>,
    /// Where values stand; known from the first row on.
    at: Option<Vec<usize>>,
    rows: Vec<T>,
}

impl<T: SqlRow> Receiver for Reader<T> {
    fn push(&mut self, cells: &Cells<'_>) -> Result<()> {
        if self.at.is_none() {
            self.names = cells.names();
        }
        let at = match &mut self.at {
            Some(at) => at,
            none => none.insert(T::columns(&self.names)?),
        };
        let cells: &dyn RawCells = cells;
        self.rows.push(T::read(&SqlColumns::new(cells, &self.names, at))?);
        Ok(())
    }

    fn take(&mut self) -> Box<dyn Any + Send> {
        Box::new(std::mem::take(&mut self.rows))
    }
}
