//! Following a belongsTo from one row of its source.

use super::level::{Level, is_null, push};
use super::loaded::Loaded;
use super::node::Node;
use super::sql::{Sql, Statement};
use crate::driver::Wanted::{Enough, More};
use crate::driver::{Capabilities, Session};
use crate::key::KeyValues;
use crate::meta::{ModelMeta, RelationMeta};
use crate::row::Cells;
use crate::{Error, Result};

/// What a belongsTo leads to from one row of its source.
#[derive(Debug)]
pub(crate) struct Accessed {
    pub(crate) loaded: Loaded,
    /// The key is unset, or the row was deleted softly: there is nothing to lead to.
    pub(crate) unset: bool,
}

/// Follows a belongsTo from the source row with that primary key, in one statement (and one for each
/// relation included that does not ride on it).
pub(crate) async fn access(
    session: &mut dyn Session,
    source: &'static ModelMeta,
    relation: &'static RelationMeta,
    key: &KeyValues,
    node: &Node,
) -> Result<Accessed> {
    let keys = relation.from.len();
    let (mut found, mut unset) = (false, false);
    let unset_in = |cells: &Cells<'_>| (0..keys).any(|column| is_null(cells, column));
    // Deleted rows are read, and passed over here: a key that leads to one does not dangle.
    let deleted = node.model.soft_delete.map(|property| keys + property);
    let is_deleted = |cells: &Cells<'_>| deleted.is_some_and(|column| !is_null(cells, column));
    let loaded = if node.includes.is_empty() && node.is_whole() {
        let text = relation.sql.of(session.capabilities().dialect);
        let statement = Statement::by_key(text, source, source.key, key.as_slice());
        let mut rows = node.rows(1);
        let led = Some((relation, keys + relation.to[0]));
        session
            .query(&statement.text, &statement.binds, &mut |mut cells| {
                found = true;
                if is_deleted(&cells) {
                    unset = true;
                    return Ok(More);
                }
                unset = !push(&mut *rows, node, cells.reborrow(), keys, led)? && unset_in(&cells);
                Ok(Enough)
            })
            .await?;
        Loaded::new(rows)
    } else {
        let mut level = Level::new(node, 1, keys);
        let statement = access_statement(session.capabilities(), source, relation, key, &level);
        session
            .query(&statement.text, &statement.binds, &mut |cells| {
                found = true;
                unset = unset_in(&cells) || is_deleted(&cells);
                if unset {
                    return Ok(More);
                }
                if !is_null(&cells, keys + relation.to[0]) {
                    level.receive(cells)?;
                }
                Ok(Enough)
            })
            .await?;
        Box::pin(level.finish(session)).await?
    };
    if !found {
        return Err(Error::NotFound { model: source.name, id: Some(key.describe()) });
    }
    Ok(Accessed { loaded, unset })
}

pub(super) fn access_statement<'n>(
    capabilities: &'static Capabilities,
    source: &'static ModelMeta,
    relation: &'static RelationMeta,
    key: &'n KeyValues,
    level: &Level<'n>,
) -> Statement<'n> {
    let node = level.joins[0].node;
    let mut sql = Sql::new(capabilities, level.joins.len() + 1);
    sql.push("SELECT ");
    for &property in relation.from {
        sql.column(source, 0, property);
        sql.push(", ");
    }
    level.columns(&mut sql);
    sql.push(" FROM ");
    sql.table(source, 0);
    sql.push(" LEFT JOIN ");
    sql.table(node.model, 1);
    sql.push(" ON ");
    sql.join(source, 0, relation, 1);
    level.tables(&mut sql);
    sql.push(" WHERE ");
    sql.key(source, 0, source.key, key.as_slice());
    sql.finish()
}
