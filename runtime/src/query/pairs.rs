//! The rows of a link model as pairs of keys, by which the targets of many parents are found: a target is there once
//! for each parent, however many rows of the link join the two.

use super::expr::Expr;
use super::node::Include;
use super::sql::Sql;
use crate::driver::{Cut, Key, Lists};
use crate::meta::{Form, ModelMeta, ThroughMeta};

/// The pairs of a relation.
#[derive(Clone, Copy)]
pub(super) struct Pairs<'n> {
    through: &'static ThroughMeta,
    target: &'static ModelMeta,
    /// Of the link's rows.
    condition: &'n Expr,
}

/// Whose pairs are wanted.
#[derive(Clone, Copy)]
enum Parents<'n> {
    Among(&'n [Key]),
    One(Option<&'n Key>),
}

impl<'n> Pairs<'n> {
    /// Of a relation through a link model.
    pub(super) fn of(include: &'n Include) -> Option<Self> {
        static EVERY: Expr = Expr::All;

        let through = include.relation.through()?;
        let condition = include.node.link.as_ref().map_or(&EVERY, |link| &link.condition);
        Some(Self { through, target: include.node.model, condition })
    }

    /// What holds the keys of the parents.
    pub(super) fn holder(self) -> (&'static ModelMeta, &'static [usize]) {
        (self.through.link(), self.through.links.to)
    }

    /// The keys of the parents, as columns before those of the targets of [`among`](Self::among).
    pub(super) fn keys(self, sql: &mut Sql<'n>) {
        parts(sql, "l", "v", self.through.links.to.len());
    }

    /// The targets of all parents.
    pub(super) fn among(self, sql: &mut Sql<'n>, keys: &'n [Key]) {
        self.joined(sql, 0, Parents::Among(keys));
    }

    /// The keys of the parents, as columns before those of targets that are cut for each.
    pub(super) fn keys_of_cut(self, sql: &mut Sql<'n>) {
        let (model, key) = self.holder();
        match sql.capabilities.cut {
            Cut::Branches(_) => parts(sql, "t0", &free_name(self.target), key.len()),
            Cut::RowIds(_) | Cut::Lateral => sql.key_parts(model, key),
        }
    }

    /// `… FROM … WHERE` the targets of one parent, after its key.
    pub(super) fn branch(self, sql: &mut Sql<'n>, alias: usize, key: Option<&'n Key>) {
        let name = free_name(self.target);
        for part in 0..self.through.links.to.len() {
            sql.write(format_args!("l.v{part} AS {name}{part}, "));
        }
        sql.columns(self.target, alias);
        sql.push(" FROM ");
        self.joined(sql, alias, Parents::One(key));
        sql.push(" WHERE TRUE");
    }

    /// The target's key is in a pair of the parent at hand.
    pub(super) fn is_at_hand(self, sql: &mut Sql<'n>, alias: usize) {
        let back = &self.through.back;
        sql.key_of(self.target, alias, back.from);
        sql.push(" IN (SELECT ");
        let inner = sql.alias();
        sql.properties(back.target, inner, back.to);
        sql.push(" FROM ");
        sql.table(back.target, inner);
        sql.push(" WHERE ");
        sql.of_key(back.target, inner, self.through.links.to);
        sql.and(back.target, inner, self.condition);
        sql.push(")");
    }

    /// The pairs, joined with their targets.
    fn joined(self, sql: &mut Sql<'n>, alias: usize, parents: Parents<'n>) {
        self.table(sql, parents);
        sql.push(" AS l JOIN ");
        sql.table(self.target, alias);
        sql.push(" ON ");
        for (n, &to) in self.through.target.to.iter().enumerate() {
            sql.push(if n > 0 { " AND " } else { "" });
            sql.column(self.target, alias, to);
            sql.write(format_args!(" = l.w{n}"));
        }
    }

    /// The pairs as a table, each once: `v0` … is the parent's key, `w0` … the target's.
    fn table(self, sql: &mut Sql<'n>, parents: Parents<'n>) {
        let (model, key) = self.holder();
        let alias = sql.alias();
        sql.push(if self.is_once() { "(SELECT " } else { "(SELECT DISTINCT " });
        for (at, (prefix, properties)) in [("v", key), ("w", self.through.target.from)].into_iter().enumerate() {
            for (n, &property) in properties.iter().enumerate() {
                sql.comma(at + n);
                sql.column(model, alias, property);
                sql.write(format_args!(" AS {prefix}{n}"));
            }
        }
        sql.push(" FROM ");
        match parents {
            Parents::Among(keys) if matches!(sql.capabilities.lists, Lists::JsonTable { .. }) => {
                sql.each_key(model, key, keys);
                sql.push(" JOIN ");
                sql.table(model, alias);
                sql.push(" ON ");
                sql.of_key(model, alias, key);
                sql.filter(model, alias, self.condition);
            }
            Parents::Among(keys) => {
                sql.table(model, alias);
                sql.push(" WHERE ");
                sql.among(model, alias, key, keys);
                sql.and(model, alias, self.condition);
            }
            Parents::One(one) => {
                sql.table(model, alias);
                sql.push(" WHERE ");
                sql.is_key(model, alias, key, one);
                sql.and(model, alias, self.condition);
            }
        }
        sql.push(")");
    }

    /// Whether the link has one row at most for each pair.
    fn is_once(self) -> bool {
        let ThroughMeta { links, target, back } = self.through;
        let named = |property: usize| matches!(back.form, Form::Named(named) if named.property == property);
        let pair =
            |&property: &usize| links.to.contains(&property) || target.from.contains(&property) || named(property);
        let link = self.through.link();
        let mut keys = link.uniques.iter().map(|unique| unique.properties).chain([link.key]);
        keys.any(|key| key.iter().all(pair))
    }
}

fn parts(sql: &mut Sql<'_>, table: &str, prefix: &str, parts: usize) {
    for n in 0..parts {
        sql.write(format_args!("{table}.{prefix}{n}, "));
    }
}

/// What no column of the model is called, with any number after it.
fn free_name(model: &ModelMeta) -> String {
    let mut name = "v".to_owned();
    while model.properties.iter().any(|property| property.column.to_ascii_lowercase().starts_with(&name)) {
        name.push('v');
    }
    name
}
