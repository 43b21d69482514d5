//! One connection in the hands of one task: statements, values in, rows out.

use std::fmt::Write;
use std::rc::Rc;

use rusqlite::types::{ToSql, ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::vtab::array::Array;
use rusqlite::{CachedStatement, Statement};

use super::limit::Running;
use super::open::Connection;
use crate::deadline::{self, Deadline};
use crate::driver::{
    self, Bind, Capabilities, Cut, Dialect, Each, Fault, Inserted, Key, Lists, Placeholder, Reply, Session, Telling,
    Wanted,
};
use crate::meta::{Generated, ModelMeta};
use crate::row::Cells;
use crate::sql::bind::property_of;
use crate::value::Value;
use crate::value::stored::{Stored, encode};
use crate::{Error, Result};

pub(crate) static CAPABILITIES: Capabilities = Capabilities {
    system: "sqlite",
    dialect: Dialect::Sqlite,
    quote: '"',
    placeholder: Placeholder::Numbered('?'),
    schemas: false,
    lists: Lists::Function { list: "rarray", json: "json_each" },
    documents: &super::documents::JsonFunctions,
    aggregates: &super::aggregates::Functions,
    cut: Cut::RowIds(&["rowid", "_rowid_", "oid"]),
    least: "min(",
    greatest: "max(",
    no_limit: "-1",
    sorts_by: None,
    nulls_first: true,
    ilike: None,
    escape: " ESCAPE '\\'",
    regexp: ["relata_regexp(", ", ", ")"],
    deletes_by_alias: true,
    reads_what_it_changes: true,
    checks_keys_at_end: true,
    for_update: "",
    for_no_key_update: "",
    for_share: "",
    compares_rows: true,
    returning: true,
    arithmetic: &super::arithmetic::Stored,
    // The answer to several rows comes in any order.
    upserts: 1,
    counter: None,
};

/// How several statements are made one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    begin: &'static str,
    commit: &'static str,
    undo: &'static [&'static str],
}

impl Scope {
    /// One state of the database.
    pub(super) const READ: Self = Self { begin: "BEGIN", commit: "COMMIT", undo: &["ROLLBACK"] };
    /// All or nothing. The lock is taken at once: taken later, it could be refused when work is done already.
    pub(super) const WRITE: Self = Self { begin: "BEGIN IMMEDIATE", commit: "COMMIT", undo: &["ROLLBACK"] };
    /// All or nothing inside a transaction.
    pub(super) const NESTED: Self =
        Self { begin: "SAVEPOINT relata", commit: "RELEASE relata", undo: &["ROLLBACK TO relata", "RELEASE relata"] };
}

/// A connection that is lent for one task. What it began and did not commit is undone when it is dropped.
pub(super) struct Lease<'c> {
    connection: &'c mut Connection,
    open: Option<Scope>,
}

impl<'c> Lease<'c> {
    /// For single statements.
    pub(super) fn new(connection: &'c mut Connection) -> Self {
        Self { connection, open: None }
    }

    /// For several statements.
    pub(super) fn begin(connection: &'c mut Connection, scope: Scope) -> Result<Self> {
        connection.control(scope.begin)?;
        Ok(Self { connection, open: Some(scope) })
    }

    /// Makes what was done since `begin` permanent.
    pub(super) fn commit(mut self) -> Result<()> {
        if let Some(scope) = self.open {
            self.connection.control(scope.commit)?;
            self.open = None;
        }
        Ok(())
    }

    pub(super) fn sqlite(&self) -> &rusqlite::Connection {
        &self.connection.sqlite
    }

    #[cold]
    pub(super) fn fault(&self, error: &rusqlite::Error) -> Fault {
        self.connection.fault(error)
    }

    /// Measures the statement that runs from here on, where there is a limit.
    fn measured(&self) -> Result<Option<Running<'_>>> {
        let Connection { deadline, limit, place, .. } = &*self.connection;
        deadline::check(*deadline, || format!("a statement on {place}"))?;
        let end = Deadline::first(place.statement_timeout.map(Deadline::after), *deadline);
        end.map(|end| limit.start(end.instant())).transpose()
    }

    fn prepare(&self, sql: &str, binds: &[Bind<'_>]) -> Result<CachedStatement<'_>, Fault> {
        let mut statement = self.connection.sqlite.prepare_cached(sql).map_err(|error| self.fault(&error))?;
        if statement.parameter_count() != binds.len() {
            return Err(self.miscounted(statement.parameter_count(), binds.len()));
        }
        for (n, bind) in binds.iter().enumerate() {
            self.bind(&mut statement, n + 1, bind)?;
        }
        Ok(statement)
    }

    #[inline]
    fn bind(&self, statement: &mut Statement<'_>, n: usize, bind: &Bind<'_>) -> Result<(), Fault> {
        let bound = match bind {
            Bind::Value(value, property) => {
                let stored = encode(value, property).map_err(|mismatch| Fault::unfit(property, &mismatch))?;
                statement.raw_bind_parameter(n, Parameter(stored))
            }
            Bind::Free(value, _) => {
                let property = property_of(value);
                let stored = encode(value, &property).map_err(|mismatch| Fault::unfit(&property, &mismatch))?;
                statement.raw_bind_parameter(n, Parameter(stored))
            }
            Bind::Text(text) => statement.raw_bind_parameter(n, text),
            Bind::List(values, property) => {
                let owned = |value| {
                    encode(value, property).map(Owned::from).map_err(|mismatch| Fault::unfit(property, &mismatch))
                };
                let list: Array = Rc::new(values.iter().map(owned).collect::<Result<_, _>>()?);
                statement.raw_bind_parameter(n, list)
            }
            Bind::KeyValue(key) => statement.raw_bind_parameter(n, key.map_or(Owned::Null, plain)),
            Bind::KeyPart(keys, part) => {
                let part = |key: &Key| match key {
                    Key::Composite(parts) => plain(&parts[*part]),
                    key => plain(key),
                };
                statement.raw_bind_parameter(n, Rc::new(keys.iter().map(part).collect::<Vec<_>>()))
            }
            Bind::Keys(keys) => match keys {
                [Key::Composite(_), ..] => statement.raw_bind_parameter(n, json(keys)),
                keys => statement.raw_bind_parameter(n, Rc::new(keys.iter().map(plain).collect::<Vec<_>>())),
            },
        };
        bound.map_err(|error| self.fault(&error))
    }

    fn rows(&self, sql: &str, binds: &[Bind<'_>], each: Each<'_>) -> Result<(), Fault> {
        let mut statement = self.prepare(sql, binds)?;
        let _running = self.measured()?;
        let mut rows = statement.raw_query();
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    if each(Cells::Sqlite(row))? == Wanted::Enough {
                        return Ok(());
                    }
                }
                Ok(None) => return Ok(()),
                Err(error) => return Err(self.fault(&error)),
            }
        }
    }

    fn change(&self, sql: &str, binds: &[Bind<'_>]) -> Result<u64, Fault> {
        let mut statement = self.prepare(sql, binds)?;
        let _running = self.measured()?;
        let rows = statement.raw_execute().map_err(|error| self.fault(&error))?;
        Ok(rows as u64)
    }

    /// A statement of any kind. What SQLite says of one that changes no rows is what the one before changed.
    fn change_or_read(&self, sql: &str, binds: &[Bind<'_>]) -> Result<u64, Fault> {
        let sqlite = &self.connection.sqlite;
        let before = sqlite.total_changes();
        self.rows(sql, binds, &mut |_| Ok(Wanted::More))?;
        Ok(if sqlite.total_changes() == before { 0 } else { sqlite.changes() })
    }

    #[cold]
    fn miscounted(&self, marks: usize, values: usize) -> Fault {
        let place = &self.connection.place;
        let message = format!("{place} sees {marks} placeholders in the statement, and {values} values are bound");
        Error::Driver { message }.into()
    }

    /// One prepared statement, row by row: with no network in between, nothing is faster.
    fn add(&self, sql: &str, model: &'static ModelMeta, rows: &mut [Vec<Value<'static>>]) -> Inserted {
        let sqlite = &self.connection.sqlite;
        let mut statement = sqlite.prepare_cached(sql).map_err(|error| (0, self.fault(&error)))?;
        let _running = self.measured().map_err(|error| (0, error.into()))?;
        for (n, row) in rows.iter_mut().enumerate() {
            let (mut marks, mut generated) = (0, None);
            for (at, (property, value)) in model.properties.iter().zip(&*row).enumerate() {
                if property.generated == Generated::Database {
                    generated = Some(at);
                } else {
                    marks += 1;
                    self.bind(&mut statement, marks, &Bind::Value(value, property)).map_err(|fault| (n, fault))?;
                }
            }
            statement.raw_execute().map_err(|error| (n, self.fault(&error)))?;
            if let Some(at) = generated {
                row[at] = Value::Int(sqlite.last_insert_rowid());
            }
        }
        Ok(())
    }
}

impl Session for Lease<'_> {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn query<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>], each: Each<'s>) -> Reply<'s, ()> {
        Reply::ready(self.rows(sql, binds, each))
    }

    fn insert_telling<'s>(
        &'s mut self,
        model: &'static ModelMeta,
        rows: &'s mut [Vec<Value<'static>>],
        mut telling: Option<&'s mut dyn Telling>,
    ) -> Reply<'s, Inserted> {
        let sql = driver::begin(&mut telling, model.sql.insert.sqlite);
        let added = self.add(&sql, model, rows);
        if added.is_ok() {
            driver::inserted(&mut telling, rows.len());
        }
        Reply::ready(Ok(added))
    }

    fn execute<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>]) -> Reply<'s, u64> {
        Reply::ready(self.change(sql, binds))
    }

    fn run<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>]) -> Reply<'s, u64> {
        Reply::ready(self.change_or_read(sql, binds))
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(scope) = self.open.take() {
            for sql in scope.undo {
                // SQLite may have rolled back by itself; whoever takes the connection back looks at its state.
                let _ = self.connection.control(sql);
            }
        }
    }
}

/// A value on its way into a statement.
struct Parameter<'a>(Stored<'a>);

impl ToSql for Parameter<'_> {
    #[inline]
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match &self.0 {
            Stored::Null => ValueRef::Null,
            Stored::Int(value) => ValueRef::Integer(*value),
            Stored::Real(value) => ValueRef::Real(*value),
            Stored::Text(value) => ValueRef::Text(value.as_bytes()),
            Stored::Bytes(value) => ValueRef::Blob(value),
            #[cfg(any(feature = "chrono", feature = "decimal"))]
            Stored::Short(value) => ValueRef::Text(value.as_str().as_bytes()),
            #[cfg(feature = "json")]
            Stored::Long(value) => ValueRef::Text(value.as_bytes()),
        }))
    }
}

impl From<Stored<'_>> for Owned {
    fn from(stored: Stored<'_>) -> Self {
        match stored {
            Stored::Null => Self::Null,
            Stored::Int(value) => Self::Integer(value),
            Stored::Real(value) => Self::Real(value),
            Stored::Text(value) => Self::Text(value.to_owned()),
            Stored::Bytes(value) => Self::Blob(value.to_owned()),
            #[cfg(any(feature = "chrono", feature = "decimal"))]
            Stored::Short(value) => Self::Text(value.as_str().to_owned()),
            #[cfg(feature = "json")]
            Stored::Long(value) => Self::Text(value),
        }
    }
}

fn plain(key: &Key) -> Owned {
    match key {
        Key::Int(value) => Owned::Integer(*value),
        Key::Text(value) => Owned::Text(value.to_string()),
        Key::Bytes(value) => Owned::Blob(value.to_vec()),
        // The others are of databases that have types of their own for them.
        composite => Owned::Text(json(std::slice::from_ref(composite))),
    }
}

/// Keys as a JSON array, composite ones as arrays in it; bytes in hexadecimal.
fn json(keys: &[Key]) -> String {
    let mut text = String::with_capacity(keys.len() * 24);
    push_array(&mut text, keys);
    text
}

fn push_array(text: &mut String, keys: &[Key]) {
    text.push('[');
    for (n, key) in keys.iter().enumerate() {
        if n > 0 {
            text.push(',');
        }
        // Writing to a string cannot fail.
        let _ = match key {
            Key::Int(value) | Key::Clock(value) | Key::Instant(value) => write!(text, "{value}"),
            Key::Day(value) => write!(text, "{value}"),
            Key::Exact(units, scale) => write!(text, "{units}e-{scale}"),
            Key::Text(value) => push_string(text, value),
            Key::Bytes(value) => {
                text.push('"');
                let _ = value.iter().try_for_each(|byte| write!(text, "{byte:02X}"));
                text.write_char('"')
            }
            Key::Composite(parts) => {
                push_array(text, parts);
                Ok(())
            }
        };
    }
    text.push(']');
}

fn push_string(text: &mut String, value: &str) -> std::fmt::Result {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => {
                text.push('\\');
                text.push(character);
            }
            '\0'..='\x1f' => write!(text, "\\u{:04x}", u32::from(character))?,
            _ => text.push(character),
        }
    }
    text.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composite_keys_are_json_that_sqlite_reads_back() {
        let keys = [
            Key::Composite([Key::Int(i64::MIN), Key::Text("a\"\\\n\u{1}é😀".into())].into()),
            Key::Composite([Key::Int(i64::MAX), Key::Bytes([0, 0xAB, 0xFF].into())].into()),
        ];
        let sqlite = rusqlite::Connection::open_in_memory().unwrap();
        let sql = "SELECT value ->> 0, value ->> 1 FROM json_each(?1)";
        let read: Vec<(i64, String)> = sqlite
            .prepare(sql)
            .unwrap()
            .query_map([json(&keys)], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(read, [(i64::MIN, "a\"\\\n\u{1}é😀".to_owned()), (i64::MAX, "00ABFF".to_owned())]);
    }
}
