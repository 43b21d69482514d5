//! The statements of reads: rows with what rides on them, and the rows of a relation for all parents at once, whole or
//! cut for each.

use super::level::Level;
use super::node::{Include, Node};
use super::pairs::Pairs;
use super::sql::{Sql, Statement};
use super::view::keys_before;
use crate::driver::{Capabilities, Cut, Key, Lists};
use crate::meta::RelationMeta;

/// The statement of rows that have no parents and nothing included.
pub(super) fn of_rows<'n>(capabilities: &'static Capabilities, node: &'n Node) -> Statement<'n> {
    match node.emitted() {
        Some((text, properties, values)) => {
            Statement::by_key(text.of(capabilities.dialect), node.model, properties, values.as_slice())
        }
        None => select(Sql::reading(capabilities, node), node),
    }
}

/// The statement of rows that have no parents, with what rides on it.
pub(super) fn of_level<'n>(capabilities: &'static Capabilities, level: &Level<'n>) -> Statement<'n> {
    let node = level.joins[0].node;
    select(source(capabilities, node, None, level), node)
}

/// The statement of rows that have no parents, from its `SELECT … FROM …` on.
fn select<'n>(mut sql: Sql<'n>, node: &'n Node) -> Statement<'n> {
    sql.filter(node.model, 0, &node.condition);
    sql.order(node.model, 0, &node.order, node.is_cut());
    sql.cut(node.limit, node.offset);
    sql.lock(node.lock);
    sql.finish()
}

/// `SELECT … FROM …` with what rides on it; of the rows of a relation, with the key that they are found by.
fn source<'n>(
    capabilities: &'static Capabilities,
    node: &Node,
    relation: Option<&RelationMeta>,
    level: &Level<'n>,
) -> Sql<'n> {
    let has_key = relation.is_none_or(|relation| node.has(relation.to));
    if level.is_plain() && has_key {
        return Sql::reading(capabilities, node);
    }
    let mut sql = Sql::new(capabilities, level.joins.len());
    sql.push("SELECT ");
    if let Some(relation) = relation {
        keys_before(node, &mut sql, relation.to);
    }
    level.columns(&mut sql);
    sql.push(" FROM ");
    sql.table(node.model, 0);
    level.tables(&mut sql);
    sql
}

/// The statement of the rows that a relation leads to from rows with these keys.
pub(super) fn of_keys<'s>(
    capabilities: &'static Capabilities,
    include: &'s Include,
    keys: &'s [Key],
    level: &Level<'s>,
) -> Statement<'s> {
    let select = if include.node.is_cut() { cut_per_parent } else { among };
    select(capabilities, include, keys, level)
}

fn among<'n>(
    capabilities: &'static Capabilities,
    include: &'n Include,
    keys: &'n [Key],
    level: &Level<'n>,
) -> Statement<'n> {
    let Include { node, relation, .. } = include;
    let mut sql;
    if let Some(pairs) = Pairs::of(include) {
        sql = Sql::new(capabilities, level.joins.len());
        sql.push("SELECT ");
        pairs.keys(&mut sql);
        level.columns(&mut sql);
        sql.push(" FROM ");
        pairs.among(&mut sql, keys);
        level.tables(&mut sql);
        sql.filter(node.model, 0, &node.condition);
    } else if let Lists::JsonTable { .. } = capabilities.lists {
        // Each key is there once, so that a join gives what `IN` would; measured, it is never slower, and of many
        // strings twice as fast.
        sql = Sql::new(capabilities, level.joins.len());
        sql.push("SELECT ");
        keys_before(node, &mut sql, relation.to);
        level.columns(&mut sql);
        sql.push(" FROM ");
        sql.each_key(node.model, relation.to, keys);
        sql.push(" JOIN ");
        sql.table(node.model, 0);
        sql.push(" ON ");
        sql.of_key(node.model, 0, relation.to);
        sql.and_named(relation, 0);
        level.tables(&mut sql);
        sql.filter(node.model, 0, &node.condition);
    } else {
        sql = source(capabilities, node, Some(relation), level);
        sql.push(" WHERE ");
        sql.among(node.model, 0, relation.to, keys);
        sql.and_named(relation, 0);
        sql.and(node.model, 0, &node.condition);
    }
    // Of several rows where one is wanted, the first by primary key is taken, every time. A link model may lead to
    // several by keys of which each is one row's.
    let one_each = relation.through().is_none() && node.model.is_unique(relation.to, node.is_live());
    let several = !relation.is_many() && !one_each;
    sql.order(node.model, 0, &node.order, several);
    sql.finish()
}

/// Order, limit and offset for each parent, in the way that reads the fewest rows here.
fn cut_per_parent<'n>(
    capabilities: &'static Capabilities,
    include: &'n Include,
    keys: &'n [Key],
    level: &Level<'n>,
) -> Statement<'n> {
    let Include { node, relation, .. } = include;
    let pairs = Pairs::of(include);
    let (holder, key) = pairs.map_or((node.model, relation.to), Pairs::holder);
    let mut sql = Sql::new(capabilities, level.joins.len());
    sql.push("SELECT ");
    match pairs {
        Some(pairs) => pairs.keys_of_cut(&mut sql),
        None => keys_before(node, &mut sql, relation.to),
    }
    level.columns(&mut sql);
    sql.push(" FROM ");
    let inner = sql.alias();
    match capabilities.cut {
        Cut::RowIds(names) => {
            sql.each_key(holder, key, keys);
            sql.push(" JOIN ");
            sql.table(node.model, 0);
            sql.push(" ON ");
            sql.row_id(names, node.model, 0);
            sql.push(" IN (SELECT ");
            sql.row_id(names, node.model, inner);
            at_hand(&mut sql, include, pairs, inner);
            sql.push(")");
        }
        Cut::Lateral => {
            sql.each_key(holder, key, keys);
            sql.push(" CROSS JOIN LATERAL (SELECT ");
            sql.columns(node.model, inner);
            at_hand(&mut sql, include, pairs, inner);
            sql.push(") AS t0");
        }
        Cut::Branches(_) => {
            // Few numbers of branches, so that few texts are prepared; those without a key find nothing.
            for n in 0..keys.len().next_power_of_two() {
                sql.push(if n == 0 { "((SELECT " } else { " UNION ALL (SELECT " });
                if let Some(pairs) = pairs {
                    pairs.branch(&mut sql, inner, keys.get(n));
                } else {
                    sql.columns(node.model, inner);
                    sql.push(" FROM ");
                    sql.table(node.model, inner);
                    sql.push(" WHERE ");
                    sql.is_key(node.model, inner, relation.to, keys.get(n));
                }
                cut(&mut sql, include, inner);
                sql.push(")");
            }
            sql.push(") AS t0");
        }
    }
    level.tables(&mut sql);
    sql.order(node.model, 0, &node.order, true);
    sql.finish()
}

/// ` FROM …` the rows of the parent at hand, ordered and cut.
fn at_hand<'n>(sql: &mut Sql<'n>, include: &'n Include, pairs: Option<Pairs<'n>>, alias: usize) {
    let Include { node, relation, .. } = include;
    sql.push(" FROM ");
    sql.table(node.model, alias);
    sql.push(" WHERE ");
    match pairs {
        Some(pairs) => pairs.is_at_hand(sql, alias),
        None => sql.of_key(node.model, alias, relation.to),
    }
    cut(sql, include, alias);
}

/// Of the rows of one parent, those that match, ordered and cut.
fn cut<'n>(sql: &mut Sql<'n>, include: &'n Include, alias: usize) {
    let Include { relation, node, .. } = include;
    sql.and_named(relation, alias);
    sql.and(node.model, alias, &node.condition);
    sql.order(node.model, alias, &node.order, true);
    sql.cut(node.limit, node.offset);
}
