//! `INSERT … ON CONFLICT … DO UPDATE`: the statement that stores rows or changes them, and the one that leaves alone
//! what is there.

use super::{Given, Refusal, Stored, Upsert};
use crate::driver::{Bind, Capabilities, Counter, Fault, Session, Wanted};
use crate::meta::ModelMeta;
use crate::query::sql::{Sql, Statement};
use crate::row::{Cells, Row, decode_error};
use crate::value::size::size;
use crate::value::{Raw, Value};
use crate::{Error, Result};

/// The most marks of a statement; beyond some thousands nothing is gained.
const MARKS: usize = 4096;

/// The most bytes of a statement's values, as far as that is up to how many rows it has.
const BYTES: usize = 4 << 20;

/// What becomes of a row that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Otherwise {
    Change,
    Nothing,
}

impl Upsert {
    /// How many of the first rows go into one statement: as many as change the same properties. Few numbers, so that
    /// few texts are prepared.
    pub(super) fn together(&self, capabilities: &Capabilities, rows: &[Given]) -> usize {
        // Each row has its own version to be compared.
        let alike = rows.iter().take_while(|row| row.version.is_none() && row.takes == rows[0].takes).count();
        let most = capabilities.upserts.min(MARKS / self.model.properties.len().max(1)).min(alike);
        let mut bytes = 0;
        let fits = |row: &&Given| {
            bytes += row.values.iter().map(size).sum::<usize>();
            bytes <= BYTES
        };
        let most = rows.iter().take(most).take_while(fits).count().max(1);
        1 << most.ilog2()
    }

    /// The properties whose values a new row is given.
    fn inserted<'u>(&'u self, row: &'u Given) -> impl Iterator<Item = usize> + 'u {
        (0..self.model.properties.len()).filter(|property| row.values[*property] != Value::Unset)
    }

    /// `INSERT INTO t (…) VALUES (…), (…)`.
    pub(super) fn insert<'a>(&'a self, capabilities: &'static Capabilities, rows: &'a [Given], table: &str) -> Sql<'a> {
        let model = self.model;
        let mut sql = Sql::new(capabilities, 1);
        sql.push("INSERT INTO ");
        sql.push(table);
        sql.push(" (");
        for (n, property) in self.inserted(&rows[0]).enumerate() {
            sql.comma(n);
            sql.name(model.properties[property].column);
        }
        sql.push(") VALUES ");
        for (n, row) in rows.iter().enumerate() {
            sql.push(if n == 0 { "(" } else { ", (" });
            for (n, property) in self.inserted(row).enumerate() {
                sql.comma(n);
                sql.bind(Bind::Value(&row.values[property], &model.properties[property]));
            }
            sql.push(")");
        }
        sql
    }

    /// The whole statement.
    pub(super) fn statement<'a>(
        &'a self,
        capabilities: &'static Capabilities,
        rows: &'a [Given],
        otherwise: Otherwise,
    ) -> Statement<'a> {
        let model = self.model;
        let mut table = Sql::new(capabilities, 1);
        table.table(model, 0);
        let mut sql = self.insert(capabilities, rows, &table.text);
        sql.push(" ON CONFLICT (");
        for (n, &property) in self.target().iter().enumerate() {
            sql.comma(n);
            sql.name(model.properties[property].column);
        }
        sql.push(")");
        if let Some(property) = model.soft_delete.filter(|_| self.restores().is_none()) {
            // The index is one of live rows.
            sql.push(" WHERE ");
            sql.name(model.properties[property].column);
            sql.push(" IS NULL");
        }
        match otherwise {
            Otherwise::Nothing => sql.push(" DO NOTHING"),
            Otherwise::Change => {
                sql.push(" DO UPDATE SET ");
                self.change(&mut sql, &rows[0]);
            }
        }
        sql.push(" RETURNING ");
        for (n, property) in model.properties.iter().enumerate() {
            sql.comma(n);
            sql.name(property.column);
        }
        if let Some(counter) = self.counter(capabilities) {
            sql.push(", ");
            sql.push(counter.is_new);
        }
        sql.finish()
    }

    /// `… = …` of the row that is there, and whether it is the one that was read.
    fn change<'a>(&'a self, sql: &mut Sql<'a>, row: &'a Given) {
        let model = self.model;
        let column = |property: usize| model.properties[property].column;
        let mut taken: Vec<_> = self.changes(row).collect();
        let changes = !taken.is_empty() || self.restores().is_some();
        if changes {
            taken.extend(model.updated_at());
        } else {
            // Something has to be set for the row to be answered.
            taken.push(self.target()[0]);
        }
        for (n, &property) in taken.iter().enumerate() {
            sql.comma(n);
            sql.name(column(property));
            sql.push(" = excluded.");
            sql.name(column(property));
        }
        if let Some(property) = self.restores() {
            sql.comma(taken.len());
            sql.name(column(property));
            sql.push(" = NULL");
        }
        let Some(version) = model.version else { return };
        if changes {
            sql.push(", ");
            sql.name(column(version));
            sql.push(" = ");
            sql.column(model, 0, version);
            sql.push(" + 1");
        }
        if let Some(expected) = &row.version {
            sql.push(" WHERE ");
            sql.column(model, 0, version);
            sql.push(" = ");
            sql.bind(Bind::Value(expected, &model.properties[version]));
            if let Some(property) = self.restores() {
                // Nobody could read the version of a deleted row.
                sql.push(" OR ");
                sql.column(model, 0, property);
                sql.push(" IS NOT NULL");
            }
        }
    }

    /// What moves the counter of generated ids past those that are given, where that is to be done.
    fn counter(&self, capabilities: &Capabilities) -> Option<&'static Counter> {
        capabilities.counter.filter(|_| self.counted().is_some())
    }
}

impl ModelMeta {
    /// The property that says when a row was changed last.
    pub(crate) fn updated_at(&self) -> Option<usize> {
        self.properties.iter().position(|property| property.generated == crate::meta::Generated::UpdatedAt)
    }
}

/// Stores rows by one statement; where one was changed since its version was read, it is `stale`.
pub(super) async fn store<'u>(
    session: &mut dyn Session,
    upsert: &Upsert,
    rows: &'u [Given],
    stored: &mut Stored,
) -> Result<(), Refusal<'u>> {
    if run(session, upsert, rows, Otherwise::Change, stored).await? < rows.len() {
        return Err(Error::Stale { model: upsert.model.name }.into());
    }
    Ok(())
}

/// Runs the statement, and says how many rows it stored or changed.
pub(super) async fn run<'u>(
    session: &mut dyn Session,
    upsert: &Upsert,
    rows: &'u [Given],
    otherwise: Otherwise,
    stored: &mut Stored,
) -> Result<usize, Refusal<'u>> {
    let model = upsert.model;
    let capabilities = session.capabilities();
    let statement = upsert.statement(capabilities, rows, otherwise);
    let counter = upsert.counter(capabilities).zip(upsert.counted());
    let before = stored.len();
    let mut greatest = None;
    let answer = session
        .query(&statement.text, &statement.binds, &mut |mut cells| {
            let is_new = counter.is_some() && is_true(&cells, model.properties.len());
            let mut row = Row::new(cells.reborrow(), 0, model.properties);
            stored.push(&mut row).map_err(|mismatch| decode_error(model, &mismatch))?;
            if let Some((_, id)) = counter.filter(|_| is_new)
                && let Value::Int(id) = stored.value(stored.len() - 1, id)
            {
                greatest = greatest.max(Some(id));
            }
            Ok(Wanted::More)
        })
        .await;
    match answer {
        Ok(()) => {
            if let (Some((counter, property)), Some(id)) = (counter, greatest) {
                advance(session, counter, model, property, id).await?;
            }
            Ok(stored.len() - before)
        }
        Err(fault @ Fault::Unique(_)) => Err(Refusal::Taken(&rows[0], fault)),
        Err(fault) => Err(Box::pin(upsert.refusal(session, &rows[0], fault)).await.into()),
    }
}

fn is_true(cells: &Cells<'_>, column: usize) -> bool {
    matches!(cells.raw(column), Raw::Int(1))
}

/// Moves the counter of generated ids past one that was given.
async fn advance(
    session: &mut dyn Session,
    counter: &'static Counter,
    model: &'static ModelMeta,
    property: usize,
    id: i64,
) -> Result<()> {
    let mut table = Sql::new(session.capabilities(), 1);
    table.bare_table(model);
    let id = id.to_string();
    let binds = [Bind::Text(&id), Bind::Text(&table.text), Bind::Text(model.properties[property].column)];
    session.query(counter.advance, &binds, &mut |_| Ok(Wanted::More)).await?;
    Ok(())
}
