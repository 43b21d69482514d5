//! How many rows a relation gives, as a value of its source's row: a scalar subquery, in what is selected, in
//! conditions and in orders.

use super::node::Node;
use super::sql::Sql;
use crate::meta::{Form, Kind, ModelMeta, PropertyMeta, RelationKind, RelationMeta};
use crate::row::{Row, Rows};
use crate::value::{Mismatch, Value};

/// What a count is compared with, and decoded as.
pub(crate) static NUMBER: PropertyMeta =
    PropertyMeta { name: "count", kind: Kind::Integer, required: true, ..PropertyMeta::EMPTY };

impl<'a> Sql<'a> {
    /// The number of rows after limit and offset, by arithmetic: a table that is cut could not know the source's row
    /// on every database. Their order does not matter.
    pub(crate) fn count(
        &mut self,
        model: &'static ModelMeta,
        alias: usize,
        relation: &'static RelationMeta,
        node: &'a Node,
    ) {
        let Node { limit, offset, .. } = node;
        if limit.is_some() {
            self.push(self.capabilities.least);
        }
        if offset.is_some() {
            self.push(self.capabilities.greatest);
        }
        self.push("(SELECT COUNT(*) FROM ");
        if relation.kind == RelationKind::ReferencesMany {
            let inner = self.listed(model, alias, relation);
            self.filter(relation.target, inner, &node.condition);
        } else {
            let inner = self.alias();
            self.rows_of(model, alias, relation, node, inner);
        }
        self.push(")");
        if let Some(offset) = offset {
            self.write(format_args!(" - {}, 0)", signed(*offset)));
        }
        if let Some(limit) = limit {
            self.write(format_args!(", {})", signed(*limit)));
        }
    }

    /// The related rows that match, from their table on, by that alias; through a link model, each once.
    pub(super) fn rows_of(
        &mut self,
        model: &'static ModelMeta,
        alias: usize,
        relation: &'static RelationMeta,
        Node { condition, link, .. }: &'a Node,
        inner: usize,
    ) {
        self.table(relation.target, inner);
        self.push(" WHERE ");
        match relation.form {
            Form::Through(through) => {
                self.key_of(relation.target, inner, relation.to);
                self.push(" IN (SELECT ");
                let links = self.alias();
                self.properties(through.links.target, links, through.target.from);
                self.push(" FROM ");
                self.table(through.links.target, links);
                self.push(" WHERE ");
                self.join(model, alias, &through.links, links);
                if let Some(link) = link {
                    self.and(through.links.target, links, &link.condition);
                }
                self.push(")");
            }
            _ => self.join(model, alias, relation, inner),
        }
        self.and(relation.target, inner, condition);
    }
}

/// Databases count in signed integers.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The counts of one relation, a row of one column for each row above.
impl Rows for Vec<u64> {
    fn push(&mut self, row: &mut Row<'_>) -> Result<(), Mismatch> {
        self.push(row.get::<i64>(0)?.cast_unsigned());
        Ok(())
    }

    fn value(&self, row: usize, _: usize) -> Value<'_> {
        Value::Int(signed(self[row]))
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any + Send> {
        self
    }
}
