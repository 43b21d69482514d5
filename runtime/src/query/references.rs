//! Lists of keys in a row: what they lead to, and whether keys lead somewhere.

use super::expr::Expr;
use super::listed::Listed;
use super::load::rows_listed;
use super::loaded::LoadedRelation;
use super::node::{Include, Node};
use super::property::{self, Property};
use super::sql::Sql;
use crate::driver::Session;
use crate::driver::Wanted::Enough;
use crate::key::KeyValues;
use crate::meta::{ModelMeta, RelationMeta};
use crate::value::{Raw, Value};
use crate::{Error, Result};

/// A list of keys, in the row of the source with that primary key.
#[derive(Debug)]
pub(crate) struct KeyList {
    pub(crate) source: &'static ModelMeta,
    pub(crate) relation: &'static RelationMeta,
    pub(crate) key: KeyValues,
}

/// What a list of keys in one row leads to.
#[derive(Debug)]
pub(crate) struct Reach {
    pub(crate) list: KeyList,
    pub(crate) node: Node,
}

/// Follows the list: one statement for the keys, and one for their rows.
pub(crate) async fn reach(session: &mut dyn Session, reach: &Reach) -> Result<LoadedRelation> {
    let Reach { list: KeyList { source, relation, key }, node } = reach;
    let &[from] = relation.from else { unreachable!("keys in a list have one part") };
    let list = property::read(session, &Property { model: source, key: key.clone(), property: from }).await?;
    let include = Include { index: 0, relation, asked: Some(relation), node: node.clone(), counted: false };
    let listed = Listed::of_lists(source, &include, std::iter::once(list))?;
    let loaded = rows_listed(session, &listed, &include).await?;
    Ok(listed.tie(loaded))
}

/// Keys that a list is to hold.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) source: &'static ModelMeta,
    pub(crate) relation: &'static RelationMeta,
    /// Each once.
    pub(crate) keys: Vec<Value<'static>>,
}

impl Given {
    pub(crate) fn refusal(&self) -> Error {
        Error::ForeignKey { model: self.source.name, relation: self.relation.name.to_owned() }
    }
}

/// Refuses keys that lead to no row.
///
/// # Errors
/// `foreign_key`.
pub(crate) async fn check(session: &mut dyn Session, given: Given) -> Result<()> {
    let refusal = given.refusal();
    let Given { relation, keys, .. } = given;
    let &[to] = relation.to else { unreachable!("keys in a list have one part") };
    let target = relation.target;
    let wanted = keys.len();
    let condition = Expr::list(target.properties, to, keys.into_iter(), false).and(target.live());
    let mut sql = Sql::new(session.capabilities(), 1);
    sql.push("SELECT COUNT(DISTINCT ");
    sql.column(target, 0, to);
    sql.push(") FROM ");
    sql.table(target, 0);
    sql.filter(target, 0, &condition);
    let statement = sql.finish();
    let mut found = 0;
    session
        .query(&statement.text, &statement.binds, &mut |cells| {
            if let Raw::Int(number) = cells.raw(0) {
                found = number;
            }
            Ok(Enough)
        })
        .await?;
    if usize::try_from(found) == Ok(wanted) { Ok(()) } else { Err(refusal) }
}
