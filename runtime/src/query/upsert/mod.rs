//! Rows that are stored where there is none with their key, and change the one that has it otherwise.
//!
//! One statement where a database has it: `INSERT … ON CONFLICT … DO UPDATE`. Where it has not, or where others follow
//! what changes, the row is looked for, locked and changed, or inserted, in one transaction. Either way a conflict on
//! another key is refused, and changes nothing.

use std::collections::HashMap;

use super::apart::logical;
use super::dependents;
use super::expr::Expr;
use super::fault;
use super::loaded::Loaded;
use crate::default::Moment;
use crate::driver::{Access, Capabilities, Constraint, Fault, Session};
use crate::key::KeyValues;
use crate::meta::{Generated, ModelMeta, SchemaMeta};
use crate::row::Rows;
use crate::value::Value;
use crate::{Error, Failure, Result, validate};

mod apart;
mod statement;

/// Rows to be stored.
#[derive(Debug, Clone)]
pub(crate) struct Upsert {
    schema: &'static SchemaMeta,
    model: &'static ModelMeta,
    /// The key that they are found by: the primary key, or a position among the unique ones.
    by: Option<usize>,
    rows: Vec<Given>,
    /// They are a list, of which a message names the row.
    listed: bool,
}

/// A row as it is given.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    /// As a new row has them, one for each property.
    values: Vec<Value<'static>>,
    /// The properties that the caller gave: those that a row that is there takes over.
    takes: Box<[bool]>,
    /// The version that the caller read.
    version: Option<Value<'static>>,
}

impl Given {
    /// A new row; what it leaves out stays as it is where the row is there.
    pub(crate) fn new(values: Vec<Value<'static>>) -> Self {
        let takes = values.iter().map(|value| *value != Value::Unset).collect();
        Self { values, takes, version: None }
    }

    /// A whole row, as it is read: what the library keeps is not taken over, and the version is compared.
    pub(crate) fn whole(model: &'static ModelMeta, value: impl Fn(usize) -> Value<'static>) -> Self {
        let is_kept = |property| model.is_kept(property) || model.version == Some(property);
        let values = (0..model.properties.len())
            .map(|property| if is_kept(property) { Value::Unset } else { value(property) })
            .collect();
        Self { version: model.version.map(value), ..Self::new(values) }
    }

    fn key(&self, properties: &[usize]) -> Vec<Value<'static>> {
        properties.iter().map(|&property| self.values[property].clone()).collect()
    }
}

impl Upsert {
    pub(crate) fn new(
        schema: &'static SchemaMeta,
        model: &'static ModelMeta,
        by: Option<usize>,
        rows: Vec<Given>,
        listed: bool,
    ) -> Self {
        Self { schema, model, by, rows, listed }
    }

    pub(crate) fn model(&self) -> &'static ModelMeta {
        self.model
    }

    /// The properties that the row is found by.
    fn target(&self) -> &'static [usize] {
        self.by.map_or(self.model.key, |unique| self.model.uniques[unique].properties)
    }

    /// Whether a row that was deleted softly is one that is there: it has its primary key still, and no other.
    fn restores(&self) -> Option<usize> {
        self.model.soft_delete.filter(|_| self.by.is_none())
    }

    /// The row that is meant, whether it is there or not.
    fn found_by(&self, row: &Given) -> Expr {
        let found =
            Expr::Key { properties: self.target(), values: KeyValues::many(row.key(self.target())), select: None };
        if self.restores().is_some() { found } else { found.and(self.model.live()) }
    }

    /// The properties that a row takes over where it is there.
    fn changes<'u>(&'u self, row: &'u Given) -> impl Iterator<Item = usize> + 'u {
        let is_key = |property: &usize| self.model.key.contains(property) || self.target().contains(property);
        (0..self.model.properties.len()).filter(move |property| row.takes[*property] && !is_key(property))
    }

    /// The property whose number the database would count, where it is given.
    fn counted(&self) -> Option<usize> {
        let counted = |&&property: &&usize| self.model.properties[property].generated == Generated::Database;
        self.model.key.iter().find(counted).copied().filter(|_| self.by.is_none())
    }

    /// Whether others may have to follow a change.
    fn is_followed(&self) -> bool {
        self.rows.iter().any(|row| self.changes(row).any(|property| dependents::follow_change(self.model, property)))
    }

    fn is_one_statement(&self, capabilities: &Capabilities) -> bool {
        capabilities.upserts > 0 && !self.is_followed()
    }

    pub(crate) fn access(&self, capabilities: &Capabilities) -> Access {
        let counts = capabilities.counter.is_some() && self.counted().is_some();
        if self.is_one_statement(capabilities) && self.rows.len() == 1 && !counts {
            Access::Write
        } else {
            Access::Atomic
        }
    }

    /// Completes the rows and checks all of them.
    pub(crate) fn prepare(&mut self) -> Result<()> {
        let (model, target, listed) = (self.model, self.target(), self.listed);
        let mut failures = Vec::new();
        let mut moment = Moment::default();
        let mut known = HashMap::with_capacity(self.rows.len());
        for (n, row) in self.rows.iter_mut().enumerate() {
            let mut own = Vec::new();
            validate::complete(model, &mut row.values, |_| true, Some(&mut moment), &mut own);
            for &property in target {
                if row.values[property] == Value::Null && !model.properties[property].required {
                    own.push(Failure::new(model.properties[property].name, "must not be null: rows are found by it"));
                }
            }
            if let Some(key) = logical(&row.key(target))
                && let Some(first) = known.insert(key, n)
            {
                let rule =
                    format!("is that of {} too: which of them is meant is not known", validate::place(first, true));
                own.push(Failure::new(model.properties[target[0]].name, rule));
            }
            failures.extend(own.into_iter().map(|failure| Failure { at: validate::place(n, listed), ..failure }));
            if failures.len() >= validate::MOST {
                break;
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(Error::Validation { model: model.name, failures }) }
    }

    /// What a refusal means in the schema's words.
    #[cold]
    async fn refusal(&self, session: &mut dyn Session, row: &Given, fault: Fault) -> Error {
        let rows = self.found_by(row);
        fault::of_change(session, self.schema, self.model, &row.values, &[], &rows, fault).await
    }

    /// Whether it is the key that the row is found by.
    fn is_target(&self, constraint: &Constraint) -> bool {
        let Constraint::Name(name) = constraint else { return false };
        let is = |other: &str| other.eq_ignore_ascii_case(name);
        match self.by {
            Some(unique) => is(self.model.uniques[unique].name),
            None => is(self.model.key_name) || is("PRIMARY"),
        }
    }
}

/// How often rows are stored anew where a key other than theirs is taken: by the same row, where others store it at
/// the same moment and it is not seen yet.
const ATTEMPTS: usize = 3;

/// Why a row is not stored.
enum Refusal<'u> {
    /// A key other than the one that the row is found by is taken.
    Taken(&'u Given, Fault),
    Failed(Error),
}

impl From<Error> for Refusal<'_> {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Fault> for Refusal<'_> {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.into())
    }
}

/// Stores all rows, and gives them as stored.
pub(crate) async fn upsert(session: &mut dyn Session, upsert: &Upsert) -> Result<Loaded> {
    let mut attempts = 1;
    loop {
        let mut stored = (upsert.model.rows)(upsert.rows.len());
        match store(session, upsert, &mut stored).await {
            Ok(()) => return Ok(Loaded::new(stored)),
            Err(Refusal::Taken(..)) if attempts < ATTEMPTS && session.start_over() => attempts += 1,
            Err(Refusal::Taken(row, fault)) => return Err(upsert.refusal(session, row, fault).await),
            Err(Refusal::Failed(error)) => return Err(error),
        }
    }
}

async fn store<'u>(session: &mut dyn Session, upsert: &'u Upsert, stored: &mut Stored) -> Result<(), Refusal<'u>> {
    let capabilities = session.capabilities();
    if !upsert.is_one_statement(capabilities) {
        for row in &upsert.rows {
            apart::store(session, upsert, row, stored).await?;
        }
        return Ok(());
    }
    let mut rest = &upsert.rows[..];
    while !rest.is_empty() {
        let (rows, others) = rest.split_at(upsert.together(capabilities, rest));
        statement::store(session, upsert, rows, stored).await?;
        rest = others;
    }
    Ok(())
}

/// The list of a model's rows as they are stored.
type Stored = Box<dyn Rows>;
