//! What becomes of rows that point at others when those go or their keys change, where no database sees to it: the
//! actions of weak relations, and of strong ones that lead to such.
//!
//! Which relations these are was decided when the code was generated: [`ModelMeta::dependents`]. Rows are followed by
//! their keys, thousands to a statement and never one by one; each row and each key once, so that cycles end. All of
//! it is one transaction, in which a refusal undoes everything. Knows nothing of relations that a database keeps alone.

mod deleted;
mod moved;

pub(crate) use deleted::delete;
pub(crate) use moved::{Changes, Moves};

use super::expr::{Comparison, Expr};
use super::keys::KeyIndex;
use super::sql::Sql;
use crate::driver::{Key, Session, Wanted};
use crate::meta::{Action, DependentMeta, ModelMeta};
use crate::row::Cells;
use crate::value::{Raw, Value};
use crate::{Error, Result};

/// How many keys a statement is given at most.
const BATCH: usize = 10_000;

/// Whether something is to be done when rows of the model are deleted.
pub(crate) fn follow_deletes(model: &ModelMeta) -> bool {
    model.dependents.iter().any(|dependent| dependent.on_delete != Action::NoAction)
}

/// Whether something is to be done when that property changes.
pub(crate) fn follow_change(model: &ModelMeta, property: usize) -> bool {
    let follows =
        |dependent: &DependentMeta| dependent.on_update != Action::NoAction && dependent.to.contains(&property);
    model.dependents.iter().any(follows)
}

/// The conditions that together choose the rows that match now, whatever becomes of them meanwhile: by their primary
/// keys, so many to a statement.
pub(crate) async fn batches(
    session: &mut dyn Session,
    model: &'static ModelMeta,
    condition: &Expr,
) -> Result<Vec<Expr>> {
    let mut rows = KeyIndex::default();
    select(session, model, &[model.key], condition, &mut |cells, columns| {
        rows.insert(cells, columns[0]);
    })
    .await?;
    Ok(rows.keys().chunks(BATCH).map(|keys| Expr::Among { properties: model.key, keys: keys.to_vec() }).collect())
}

/// The rows that hold one of these keys.
fn holding(dependent: &DependentMeta, keys: Vec<Key>) -> Expr {
    let held = Expr::Among { properties: dependent.from, keys };
    match &dependent.named {
        Some(named) => {
            let value = Value::Text(named.value.into());
            held.and(Expr::Compare { property: named.property, comparison: Comparison::Eq, value })
        }
        None => held,
    }
}

fn refused(dependent: &DependentMeta) -> Error {
    Error::ForeignKey { model: dependent.holder.name, relation: dependent.relation.to_owned() }
}

/// Whether there is a row that matches; `also` says more of it.
async fn found<'a>(
    session: &mut dyn Session,
    model: &'static ModelMeta,
    condition: &'a Expr,
    also: impl FnOnce(&mut Sql<'a>),
) -> Result<bool> {
    let capabilities = session.capabilities();
    let mut sql = Sql::new(capabilities, 1);
    sql.push("SELECT 1 FROM ");
    sql.table(model, 0);
    sql.filter(model, 0, condition);
    also(&mut sql);
    sql.push(" LIMIT 1");
    sql.push(capabilities.for_update);
    let statement = sql.finish();
    let mut found = false;
    session
        .query(&statement.text, &statement.binds, &mut |cells| {
            found = matches!(cells.raw(0), Raw::Int(_));
            Ok(Wanted::Enough)
        })
        .await?;
    Ok(found)
}

/// Reads some keys of the rows that match, and keeps others from changing them. Each row is handed over with the
/// columns of each key.
async fn select(
    session: &mut dyn Session,
    model: &'static ModelMeta,
    keys: &[&[usize]],
    condition: &Expr,
    each: &mut (dyn FnMut(&Cells<'_>, &[&[usize]]) + Send),
) -> Result<()> {
    let capabilities = session.capabilities();
    let properties = keys.concat();
    let mut sql = Sql::new(capabilities, 1);
    sql.push("SELECT ");
    sql.properties(model, 0, &properties);
    sql.push(" FROM ");
    sql.table(model, 0);
    sql.filter(model, 0, condition);
    sql.push(capabilities.for_update);
    let statement = sql.finish();
    let positions: Vec<usize> = (0..properties.len()).collect();
    let mut rest = &positions[..];
    let columns: Vec<&[usize]> = keys
        .iter()
        .map(|key| {
            let (columns, others) = rest.split_at(key.len());
            rest = others;
            columns
        })
        .collect();
    session
        .query(&statement.text, &statement.binds, &mut |cells| {
            each(&cells, &columns);
            Ok(Wanted::More)
        })
        .await?;
    Ok(())
}
