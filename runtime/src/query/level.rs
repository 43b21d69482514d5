//! The rows of one statement: of a model, and of the to-one relations that ride on it by JOIN. What they are read by is
//! in [`select`](super::select).

use super::arms::Arms;
use super::count::NUMBER;
use super::expr::Expr;
use super::keys::{KeyIndex, number};
use super::loaded::{Links, Loaded, LoadedRelation, NONE};
use super::node::{Include, Node};
use super::seek::told;
use super::sql::Sql;
use crate::Result;
use crate::meta::RelationMeta;
use crate::row::{Cells, Row, Rows, decode_error};
use crate::value::{Raw, Value};

/// The rows of one model in one statement, and the to-one relations that ride on it.
pub(super) struct Level<'n> {
    pub(super) joins: Vec<Join<'n>>,
    /// The column at which the terms begin that the level's own rows are told with, and for each row their values.
    told: (usize, Vec<Vec<Value<'static>>>),
}

/// One table of a statement.
pub(super) struct Join<'n> {
    pub(super) node: &'n Node,
    /// The relation that leads here, and the join that it leads from; none for the level's own rows.
    include: Option<(&'n Include, usize)>,
    alias: usize,
    /// The statement's column at which this table's begin.
    first: usize,
    /// The column that is NULL where there is no row.
    marker: Option<usize>,
    pub(super) rows: Box<dyn Rows>,
    /// Whether the current row has one of this table.
    present: bool,
    /// For each row above, the row here.
    of_parent: Vec<u32>,
    pub(super) sets: Vec<Set<'n>>,
    pub(super) arms: Vec<Arms<'n>>,
    pub(super) listed: Vec<&'n Include>,
    counts: Vec<Counted<'n>>,
    pub(super) relations: Vec<(usize, LoadedRelation)>,
}

/// A relation whose rows are counted by this statement, in a column behind those of all tables.
struct Counted<'n> {
    include: &'n Include,
    column: usize,
    rows: Box<dyn Rows>,
}

/// A relation that gets a statement of its own, once the keys of all parents are known.
pub(super) struct Set<'n> {
    pub(super) include: &'n Include,
    /// The relation to several models of which it is one.
    pub(super) whole: Option<&'n Include>,
    pub(super) columns: Vec<usize>,
    pub(super) index: KeyIndex,
}

impl<'n> Set<'n> {
    /// Of parents like `node`, whose columns begin at `first`.
    pub(super) fn new(node: &Node, include: &'n Include, whole: Option<&'n Include>, first: usize) -> Self {
        let columns = include.relation.from.iter().map(|&property| first + node.column(property)).collect();
        Self { include, whole, columns, index: KeyIndex::default() }
    }
}

impl<'n> Level<'n> {
    /// Of `node`, whose table has that alias and whose columns begin at `first`.
    pub(super) fn new(node: &'n Node, alias: usize, first: usize) -> Self {
        let mut level = Self { joins: Vec::new(), told: (0, Vec::new()) };
        let mut next = (alias, first);
        level.add(node, None, &mut next);
        for (n, count) in level.joins.iter_mut().flat_map(|join| &mut join.counts).enumerate() {
            count.column = next.1 + n;
        }
        level.told.0 = next.1 + level.joins.iter().map(|join| join.counts.len()).sum::<usize>();
        level
    }

    fn add(&mut self, node: &'n Node, include: Option<(&'n Include, usize)>, next: &mut (usize, usize)) {
        let (alias, mut first) = *next;
        let at = self.joins.len();
        let key = include.map(|(include, _)| include.relation.to[0]);
        // A view need not have the key that it is found by: it stands before the view's own columns then.
        let marker = key.map(|key| if node.has(&[key]) { first + node.column(key) } else { first });
        first += usize::from(key.is_some_and(|key| !node.has(&[key])));
        *next = (alias + 1, first + node.width());
        let rows = node.rows(0);
        self.joins.push(Join {
            node,
            include,
            alias,
            first,
            marker,
            rows,
            present: true,
            of_parent: Vec::new(),
            sets: Vec::new(),
            arms: Vec::new(),
            listed: Vec::new(),
            counts: Vec::new(),
            relations: Vec::new(),
        });
        for include in &node.includes {
            if include.counted {
                self.joins[at].counts.push(Counted { include, column: 0, rows: Box::new(Vec::<u64>::new()) });
            } else if node.joins(include) {
                self.add(&include.node, Some((include, at)), next);
            } else if include.is_listed() {
                self.joins[at].listed.push(include);
            } else if include.node.arms.is_empty() {
                self.joins[at].sets.push(Set::new(node, include, None, first));
            } else {
                self.joins[at].arms.push(Arms::new(node, include, first));
            }
        }
    }

    /// Whether it is the model's columns and no others.
    pub(super) fn is_plain(&self) -> bool {
        matches!(&*self.joins, [join] if join.counts.is_empty() && join.node.told.is_empty())
    }

    /// The relations that get statements of their own, in their order, each after those that lead to it.
    pub(super) fn apart(&self) -> Vec<(Vec<&'static str>, &'n Include)> {
        let mut apart = Vec::new();
        for (at, join) in self.joins.iter().enumerate() {
            let sets = join.sets.iter().chain(join.arms.iter().flat_map(Arms::sets));
            apart.extend(sets.map(|set| (self.path(at, set.include), set.include)));
        }
        let listed = self.joins.iter().enumerate().flat_map(|(at, join)| join.listed.iter().map(move |&one| (at, one)));
        apart.extend(listed.map(|(at, include)| (self.path(at, include), include)));
        apart
    }

    /// The names of the relations that lead from the level's own rows to what is included in a join.
    fn path(&self, mut above: usize, include: &Include) -> Vec<&'static str> {
        let mut path = Vec::from_iter(include.asked.map(|asked| asked.name));
        while let Some((include, next)) = self.joins[above].include {
            path.splice(0..0, include.asked.map(|asked| asked.name));
            above = next;
        }
        path
    }

    pub(super) fn columns<'a>(&self, sql: &mut Sql<'a>)
    where
        'n: 'a,
    {
        for (n, join) in self.joins.iter().enumerate() {
            sql.comma(n);
            let key = join.include.map(|(include, _)| include.relation.to[0]);
            if let Some(key) = key.filter(|&key| !join.node.has(&[key])) {
                sql.column(join.node.model, join.alias, key);
                sql.push(", ");
            }
            sql.row(join.node, join.alias);
        }
        for join in &self.joins {
            for Counted { include, .. } in &join.counts {
                sql.push(", ");
                sql.count(join.node.model, join.alias, include.relation, &include.node);
            }
        }
        let Join { node, alias, .. } = &self.joins[0];
        for term in &node.told {
            sql.push(", ");
            sql.term(node.model, *alias, term);
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
        let own = self.joins[0].node;
        if !own.told.is_empty() {
            self.told.1.push(told(own.model, &own.told, &cells, self.told.0)?);
        }
        for at in 0..self.joins.len() {
            let above = self.joins[at].include.map(|(include, above)| (include.relation, self.joins[above].present));
            let join = &mut self.joins[at];
            join.present = match above {
                None => push(&mut *join.rows, join.node, cells.reborrow(), join.first, None)?,
                Some((_, false)) => false,
                Some((relation, true)) => {
                    let next = number(join.rows.len());
                    let led = join.marker.map(|marker| (relation, marker));
                    let present = push(&mut *join.rows, join.node, cells.reborrow(), join.first, led)?;
                    join.of_parent.push(if present { next } else { NONE });
                    present
                }
            };
            if join.present {
                for set in &mut join.sets {
                    set.index.push(&cells, &set.columns);
                }
                for arms in &mut join.arms {
                    arms.push(&cells)?;
                }
                for count in &mut join.counts {
                    let mut row = Row::new(cells.reborrow(), count.column, std::slice::from_ref(&NUMBER));
                    count.rows.push(&mut row).map_err(|mismatch| decode_error(join.node.model, &mismatch))?;
                }
            }
        }
        Ok(())
    }

    /// Everything tied together, from the leaves to the root.
    pub(super) fn tie(mut self) -> Loaded {
        for join in &mut self.joins {
            let source = join.node.model;
            join.relations.extend(join.counts.drain(..).map(|Counted { include, rows, .. }| {
                let (loaded, links) = (Loaded::new(rows), Links::default());
                (include.index, LoadedRelation { source, relation: include.relation, loaded, links })
            }));
        }
        while self.joins.len() > 1
            && let Some(join) = self.joins.pop()
        {
            let Join { node, include, rows, relations, of_parent, .. } = join;
            let links = Links { groups: rows.len(), of_parent, of_row: None, lists: None };
            if let Some((include, above)) = include {
                let above = &mut self.joins[above];
                let (source, loaded) =
                    (above.node.model, Loaded::with(rows, relations).given_with(node.fields.as_ref()));
                let relation = LoadedRelation { source, relation: include.relation, loaded, links };
                above.relations.push((include.index, relation));
            }
        }
        let Join { node, rows, relations, .. } = self.joins.pop().expect("a level has rows of its own");
        Loaded { told: self.told.1, ..Loaded::with(rows, relations).given_with(node.fields.as_ref()) }
    }
}

/// Decodes a row whose columns begin at `first`, if there is one: a to-one relation may lead to none, and the column
/// beside it is NULL then.
///
/// A required relation without a filter nearly always leads somewhere: it is decoded first and asked about after
/// a failure, which is certain where there is no row, since a primary key is never null.
pub(super) fn push(
    rows: &mut dyn Rows,
    node: &Node,
    mut cells: Cells<'_>,
    first: usize,
    led: Option<(&RelationMeta, usize)>,
) -> Result<bool> {
    let model = node.model;
    let leads_nowhere = |cells: &Cells<'_>| led.is_some_and(|(_, marker)| is_null(cells, marker));
    let likely = led.is_none_or(|(relation, _)| relation.required) && matches!(node.condition, Expr::All);
    if !likely && leads_nowhere(&cells) {
        return Ok(false);
    }
    match rows.push(&mut node.row(cells.reborrow(), first)) {
        Ok(()) => Ok(true),
        Err(_) if leads_nowhere(&cells) => Ok(false),
        Err(mismatch) => Err(decode_error(model, &mismatch)),
    }
}

pub(super) fn is_null(cells: &Cells<'_>, column: usize) -> bool {
    matches!(cells.raw(column), Raw::Null)
}
