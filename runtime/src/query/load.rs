//! Reads: one statement a level, to-one relations riding on it by JOIN, to-many relations by one statement
//! each over the keys of all parents.

use super::expr::Expr;
use super::keys::{KeyIndex, number};
use super::loaded::{Links, Loaded, LoadedRelation, NONE};
use super::node::{Include, Node};
use super::sql::{Sql, Statement};
use crate::Result;
use crate::driver::Wanted::{self, Enough, More};
use crate::driver::{Capabilities, Cut, Key, Lists, Query, Session};
use crate::meta::{ModelMeta, RelationKind, RelationMeta};
use crate::row::{Cells, Row, Rows, decode_error};
use crate::value::Raw;

/// The rows of one model in one statement, and the to-one relations that ride on it.
pub(super) struct Level<'n> {
    pub(super) joins: Vec<Join<'n>>,
}

/// One table of a statement.
pub(super) struct Join<'n> {
    pub(super) node: &'n Node,
    /// The relation that leads here, and the join that it leads from; none for the level's own rows.
    include: Option<(&'n Include, usize)>,
    alias: usize,
    /// The statement's column at which this table's begin.
    first: usize,
    rows: Box<dyn Rows>,
    /// Whether the current row has one of this table.
    present: bool,
    /// For each row above, the row here.
    of_parent: Vec<u32>,
    sets: Vec<Set<'n>>,
    relations: Vec<(usize, LoadedRelation)>,
}

/// A relation that gets a statement of its own, once the keys of all parents are known.
struct Set<'n> {
    include: &'n Include,
    columns: Vec<usize>,
    index: KeyIndex,
}

impl<'n> Level<'n> {
    /// Of `node`, whose table has that alias and whose columns begin at `first`.
    pub(super) fn new(node: &'n Node, alias: usize, first: usize) -> Self {
        let mut level = Self { joins: Vec::new() };
        let mut next = (alias, first);
        level.add(node, None, &mut next);
        level
    }

    fn add(&mut self, node: &'n Node, include: Option<(&'n Include, usize)>, next: &mut (usize, usize)) {
        let (alias, first) = *next;
        *next = (alias + 1, first + node.model.properties.len());
        let at = self.joins.len();
        let rows = (node.model.rows)(0);
        self.joins.push(Join {
            node,
            include,
            alias,
            first,
            rows,
            present: true,
            of_parent: Vec::new(),
            sets: Vec::new(),
            relations: Vec::new(),
        });
        for include in &node.includes {
            if include.is_joined() {
                self.add(&include.node, Some((include, at)), next);
            } else {
                let columns = include.relation.from.iter().map(|property| first + property).collect();
                self.joins[at].sets.push(Set { include, columns, index: KeyIndex::default() });
            }
        }
    }

    fn is_joined(&self) -> bool {
        self.joins.len() > 1
    }

    pub(super) fn columns(&self, sql: &mut Sql<'_>) {
        for (n, join) in self.joins.iter().enumerate() {
            sql.comma(n);
            sql.columns(join.node.model, join.alias);
        }
    }

    pub(super) fn tables<'a>(&self, sql: &mut Sql<'a>)
    where
        'n: 'a,
    {
        for join in &self.joins {
            let Some((include, above)) = join.include else {
                continue;
            };
            let above = &self.joins[above];
            sql.push(" LEFT JOIN ");
            sql.table(join.node.model, join.alias);
            sql.push(" ON ");
            sql.join(above.node.model, above.alias, include.relation, join.alias);
            sql.and(join.node.model, join.alias, &join.node.condition);
        }
    }

    /// Takes a row apart.
    pub(super) fn receive(&mut self, mut cells: Cells<'_>) -> Result<()> {
        for at in 0..self.joins.len() {
            let above = self.joins[at].include.map(|(include, above)| (include.relation, self.joins[above].present));
            let join = &mut self.joins[at];
            join.present = match above {
                None => push(&mut *join.rows, join.node, cells.reborrow(), join.first, None)?,
                Some((_, false)) => false,
                Some((relation, true)) => {
                    let next = number(join.rows.len());
                    let present = push(&mut *join.rows, join.node, cells.reborrow(), join.first, Some(relation))?;
                    join.of_parent.push(if present { next } else { NONE });
                    present
                }
            };
            if join.present {
                for set in &mut join.sets {
                    set.index.push(&cells, &set.columns);
                }
            }
        }
        Ok(())
    }

    /// Loads what has statements of its own, and ties everything together, from the leaves to the root.
    pub(super) async fn finish(mut self, session: &mut dyn Session) -> Result<Loaded> {
        // Futures are moved around by value: the large ones are boxed, where there is something to wait for.
        if self.joins.iter().any(|join| !join.sets.is_empty()) {
            Box::pin(self.load_sets(session)).await?;
        }
        Ok(self.tie())
    }

    /// Relations of one level need nothing of each other: their statements are handed over together.
    async fn load_sets(&mut self, session: &mut dyn Session) -> Result<()> {
        let mut sets = Vec::new();
        for (at, join) in self.joins.iter_mut().enumerate() {
            sets.extend(std::mem::take(&mut join.sets).into_iter().map(|set| (at, set)));
        }
        let children = children(session, &sets).await?;
        for ((at, Set { include, index, .. }), (level, of_row)) in sets.into_iter().zip(children) {
            let loaded = Box::pin(level.finish(session)).await?;
            let join = &mut self.joins[at];
            let links = Links { groups: index.keys().len(), of_parent: index.of_parent, of_row: Some(of_row) };
            let (source, relation) = (join.node.model, include.relation);
            join.relations.push((include.index, LoadedRelation { source, relation, loaded, links }));
        }
        Ok(())
    }

    fn tie(mut self) -> Loaded {
        while self.joins.len() > 1
            && let Some(join) = self.joins.pop()
        {
            let Join { include, rows, relations, of_parent, .. } = join;
            let links = Links { groups: rows.len(), of_parent, of_row: None };
            if let Some((include, above)) = include {
                let above = &mut self.joins[above];
                let (source, loaded) = (above.node.model, Loaded { rows, relations });
                let relation = LoadedRelation { source, relation: include.relation, loaded, links };
                above.relations.push((include.index, relation));
            }
        }
        let Join { rows, relations, .. } = self.joins.pop().expect("a level has rows of its own");
        Loaded { rows, relations }
    }
}

/// Decodes a row whose columns begin at `first`, if there is one: a to-one relation may lead to none.
///
/// A required relation without a filter nearly always leads somewhere: it is decoded first and asked about after
/// a failure, which is certain where there is no row, since a primary key is never null.
pub(super) fn push(
    rows: &mut dyn Rows,
    node: &Node,
    mut cells: Cells<'_>,
    first: usize,
    relation: Option<&RelationMeta>,
) -> Result<bool> {
    let model = node.model;
    let leads_nowhere = |cells: &Cells<'_>| relation.is_some_and(|relation| is_null(cells, first + relation.to[0]));
    let likely = relation.is_none_or(|relation| relation.required) && matches!(node.condition, Expr::All);
    if !likely && leads_nowhere(&cells) {
        return Ok(false);
    }
    match rows.push(&mut Row::new(cells.reborrow(), first, model.properties)) {
        Ok(()) => Ok(true),
        Err(_) if leads_nowhere(&cells) => Ok(false),
        Err(mismatch) => Err(decode_error(model, &mismatch)),
    }
}

pub(super) fn is_null(cells: &Cells<'_>, column: usize) -> bool {
    matches!(cells.raw(column), Raw::Null)
}

/// The rows of `node` with everything included.
pub(crate) async fn load(session: &mut dyn Session, node: &Node) -> Result<Loaded> {
    if node.includes.is_empty() {
        return plain(session, node).await;
    }
    // The large futures are boxed: they are moved around by value.
    Box::pin(async move {
        let mut level = Level::new(node, 0, 0);
        let statement = select(source(session.capabilities(), node.model, &level), node);
        session.query(&statement.text, &statement.binds, &mut |cells| level.receive(cells).map(|()| More)).await?;
        level.finish(session).await
    })
    .await
}

/// The rows of `node` alone.
async fn plain(session: &mut dyn Session, node: &Node) -> Result<Loaded> {
    let model = node.model;
    let capabilities = session.capabilities();
    let statement = match &node.condition {
        Expr::Key { properties, values, select: Some(select) } if node.order.is_empty() && !node.is_cut() => {
            Statement::by_key(select.of(capabilities.dialect), model, properties, values.as_slice())
        }
        _ => select(Sql::selecting(capabilities, model), node),
    };
    // One row is enough where there can be no other: the database need not look for it.
    let wanted = if node.is_by_id() { Enough } else { More };
    let mut rows = (model.rows)(usize::from(wanted == Enough));
    session
        .query(&statement.text, &statement.binds, &mut |cells| push(&mut *rows, node, cells, 0, None).map(|_| wanted))
        .await?;
    Ok(Loaded::new(rows))
}

/// The statement of rows that have no parents, from its `SELECT … FROM …` on.
fn select<'n>(mut sql: Sql<'n>, node: &'n Node) -> Statement<'n> {
    sql.filter(node.model, 0, &node.condition);
    sql.order(node.model, 0, &node.order, node.is_cut());
    sql.cut(node.limit, node.offset);
    sql.finish()
}

/// `SELECT … FROM …` with what rides on it.
fn source<'n>(capabilities: &'static Capabilities, model: &ModelMeta, level: &Level<'n>) -> Sql<'n> {
    if !level.is_joined() {
        return Sql::selecting(capabilities, model);
    }
    let mut sql = Sql::new(capabilities, level.joins.len());
    sql.push("SELECT ");
    level.columns(&mut sql);
    sql.push(" FROM ");
    sql.table(model, 0);
    level.tables(&mut sql);
    sql
}

/// The rows of relations for all keys at once, and for each row the key that it belongs to.
async fn children<'n>(session: &mut dyn Session, sets: &[(usize, Set<'n>)]) -> Result<Vec<(Level<'n>, Vec<u32>)>> {
    let capabilities = session.capabilities();
    let mut children: Vec<_> = sets.iter().map(|(_, set)| (Level::new(&set.include.node, 0, 0), Vec::new())).collect();
    let mut whole = Vec::new();
    for ((_, set), child) in sets.iter().zip(&mut children) {
        let keys = set.index.keys();
        let most = at_once(capabilities, set.include, keys, &child.0);
        if keys.len() <= most {
            whole.extend((!keys.is_empty()).then_some((set, child)));
            continue;
        }
        for keys in keys.chunks(most) {
            let statement = statement(capabilities, set.include, keys, &child.0);
            session.query(&statement.text, &statement.binds, &mut receiver(set, child)).await?;
        }
    }
    let mut asked: Vec<_> = whole
        .into_iter()
        .map(|(set, child)| (statement(capabilities, set.include, set.index.keys(), &child.0), receiver(set, child)))
        .collect();
    match &mut *asked {
        [] => {}
        [(statement, each)] => session.query(&statement.text, &statement.binds, each).await?,
        many => {
            let queries =
                many.iter_mut().map(|(statement, each)| Query { sql: &statement.text, binds: &statement.binds, each });
            session.query_many(queries.collect()).await?;
        }
    }
    drop(asked);
    Ok(children)
}

/// What puts a row where it belongs.
fn receiver<'c, 'n>(
    Set { include, index, .. }: &'c Set<'n>,
    (level, of_row): &'c mut (Level<'n>, Vec<u32>),
) -> impl FnMut(Cells<'_>) -> Result<Wanted> + Send + 'c {
    move |cells| {
        if let Some(group) = index.find(&cells, include.relation.to) {
            of_row.push(group);
            level.receive(cells)?;
        }
        Ok(More)
    }
}

fn statement<'s>(
    capabilities: &'static Capabilities,
    include: &'s Include,
    keys: &'s [Key],
    level: &Level<'s>,
) -> Statement<'s> {
    let select = if include.node.is_cut() { cut_per_parent } else { select_among };
    select(capabilities, include, keys, level)
}

/// How many keys one statement is about: all of them, but where each has a branch of its own. Then their marks are
/// counted too: each branch has all of the condition's.
fn at_once<'n>(capabilities: &'static Capabilities, include: &'n Include, keys: &'n [Key], level: &Level<'n>) -> usize {
    match capabilities.cut {
        Cut::Branches(most) if include.node.is_cut() && !keys.is_empty() => {
            let marks = cut_per_parent(capabilities, include, &keys[..1], level).binds.len();
            // Rounded down to a power of two, as the number of branches is rounded up to one.
            let fit = (MARKS / marks).max(1);
            most.min(1 << fit.ilog2())
        }
        _ => keys.len(),
    }
}

/// The most marks that every database takes in one statement.
const MARKS: usize = 32_766;

fn select_among<'n>(
    capabilities: &'static Capabilities,
    include: &'n Include,
    keys: &'n [Key],
    level: &Level<'n>,
) -> Statement<'n> {
    let Include { node, relation, .. } = include;
    let mut sql;
    if let Lists::JsonTable { .. } = capabilities.lists {
        // Each key is there once, so that a join gives what `IN` would; measured, it is never slower, and of many
        // strings twice as fast.
        sql = Sql::new(capabilities, level.joins.len());
        sql.push("SELECT ");
        level.columns(&mut sql);
        sql.push(" FROM ");
        sql.each_key(node.model, relation.to, keys);
        sql.push(" JOIN ");
        sql.table(node.model, 0);
        sql.push(" ON ");
        sql.of_key(node.model, 0, relation.to);
        level.tables(&mut sql);
        sql.filter(node.model, 0, &node.condition);
    } else {
        sql = source(capabilities, node.model, level);
        sql.push(" WHERE ");
        sql.among(node.model, 0, relation.to, keys);
        sql.and(node.model, 0, &node.condition);
    }
    // Of several rows where one is wanted, the first by primary key is taken, every time.
    sql.order(node.model, 0, &node.order, relation.kind != RelationKind::HasMany);
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
    let mut sql = Sql::new(capabilities, level.joins.len());
    sql.push("SELECT ");
    level.columns(&mut sql);
    sql.push(" FROM ");
    let inner = sql.alias();
    match capabilities.cut {
        Cut::RowIds(names) => {
            sql.each_key(node.model, relation.to, keys);
            sql.push(" JOIN ");
            sql.table(node.model, 0);
            sql.push(" ON ");
            sql.row_id(names, node.model, 0);
            sql.push(" IN (SELECT ");
            sql.row_id(names, node.model, inner);
            of_one_key(&mut sql, include, inner);
            sql.push(")");
            level.tables(&mut sql);
        }
        Cut::Lateral => {
            sql.each_key(node.model, relation.to, keys);
            sql.push(" CROSS JOIN LATERAL (SELECT ");
            sql.columns(node.model, inner);
            of_one_key(&mut sql, include, inner);
            sql.push(") AS t0");
            level.tables(&mut sql);
        }
        Cut::Branches(_) => {
            // Few numbers of branches, so that few texts are prepared; those without a key find nothing.
            for n in 0..keys.len().next_power_of_two() {
                sql.push(if n == 0 { "(" } else { " UNION ALL " });
                sql.push("(SELECT ");
                sql.columns(node.model, inner);
                sql.push(" FROM ");
                sql.table(node.model, inner);
                sql.push(" WHERE ");
                sql.is_key(node.model, inner, relation.to, keys.get(n));
                cut(&mut sql, include, inner);
                sql.push(")");
            }
            sql.push(") AS t0");
            level.tables(&mut sql);
        }
    }
    sql.order(node.model, 0, &node.order, true);
    sql.finish()
}

/// ` FROM …` the rows of the key at hand, ordered and cut.
fn of_one_key<'n>(sql: &mut Sql<'n>, include: &'n Include, alias: usize) {
    let Include { node, relation, .. } = include;
    sql.push(" FROM ");
    sql.table(node.model, alias);
    sql.push(" WHERE ");
    sql.of_key(node.model, alias, relation.to);
    cut(sql, include, alias);
}

/// Of the rows of one key, those that match, ordered and cut.
fn cut<'n>(sql: &mut Sql<'n>, include: &'n Include, alias: usize) {
    let Include { node, .. } = include;
    sql.and(node.model, alias, &node.condition);
    sql.order(node.model, alias, &node.order, true);
    sql.cut(node.limit, node.offset);
}
