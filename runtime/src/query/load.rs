//! Reads: one statement a level, to-one relations riding on it by JOIN, to-many relations by one statement each over the
//! keys of all parents.

use std::borrow::Cow;

use super::arms::{self, Arms};
use super::level::{Level, Set, push};
use super::listed::Listed;
use super::loaded::{Links, Loaded, LoadedRelation};
use super::node::{Include, Node};
use super::select::{of_keys, of_level, of_rows};
use crate::Result;
use crate::driver::Wanted::{self, Enough, More};
use crate::driver::{Capabilities, Cut, Key, Query, Session};
use crate::row::Cells;

impl Level<'_> {
    /// Loads what has statements of its own, and ties everything together, from the leaves to the root.
    pub(super) async fn finish(mut self, session: &mut dyn Session) -> Result<Loaded> {
        // Futures are moved around by value: the large ones are boxed, where there is something to wait for.
        if self.joins.iter().any(|join| !join.sets.is_empty() || !join.arms.is_empty()) {
            Box::pin(self.load_sets(session)).await?;
        }
        if self.joins.iter().any(|join| !join.listed.is_empty()) {
            Box::pin(self.load_listed(session)).await?;
        }
        Ok(self.tie())
    }

    /// Relations of one level need nothing of each other: their statements are handed over together.
    async fn load_sets(&mut self, session: &mut dyn Session) -> Result<()> {
        let mut sets = Vec::new();
        for (at, join) in self.joins.iter_mut().enumerate() {
            let arms = std::mem::take(&mut join.arms).into_iter().flat_map(Arms::into_sets);
            sets.extend(std::mem::take(&mut join.sets).into_iter().chain(arms).map(|set| (at, set)));
        }
        let children = children(session, &sets).await?;
        for ((at, Set { include, whole, index, .. }), (level, of_row)) in sets.into_iter().zip(children) {
            let loaded = Box::pin(level.finish(session)).await?;
            let join = &mut self.joins[at];
            let groups = index.keys().len();
            let links = Links { groups, of_parent: index.of_parent, of_row: Some(of_row), lists: None };
            let (source, relation) = (join.node.model, include.relation);
            let loaded = LoadedRelation { source, relation, loaded, links };
            match whole {
                None => join.relations.push((include.index, loaded)),
                Some(whole) => arms::add(&mut join.relations, whole, loaded),
            }
        }
        Ok(())
    }

    /// Relations whose keys lie in the decoded rows.
    async fn load_listed(&mut self, session: &mut dyn Session) -> Result<()> {
        for join in &mut self.joins {
            for include in std::mem::take(&mut join.listed) {
                let listed = Listed::of(join.node.model, &*join.rows, include)?;
                let loaded = rows_listed(session, &listed, include).await?;
                join.relations.push((include.index, listed.tie(loaded)));
            }
        }
        Ok(())
    }
}

/// The rows of all keys that were collected.
pub(super) async fn rows_listed(session: &mut dyn Session, listed: &Listed<'_>, include: &Include) -> Result<Loaded> {
    match listed.node() {
        Some(node) => Box::pin(load(session, &node)).await,
        None => Ok(Loaded::new(include.node.rows(0))),
    }
}

/// The rows of `node` with everything included.
pub(crate) async fn load(session: &mut dyn Session, node: &Node) -> Result<Loaded> {
    if node.is_alone() {
        return plain(session, node).await;
    }
    // The large futures are boxed: they are moved around by value.
    Box::pin(async move {
        let mut level = Level::new(node, 0, 0);
        let statement = of_level(session.capabilities(), &level);
        session.query(&statement.text, &statement.binds, &mut |cells| level.receive(cells).map(|()| More)).await?;
        level.finish(session).await
    })
    .await
}

/// The rows of `node` alone.
async fn plain(session: &mut dyn Session, node: &Node) -> Result<Loaded> {
    let capabilities = session.capabilities();
    let statement = of_rows(capabilities, node);
    // One row is enough where there can be no other: the database need not look for it.
    let wanted = if node.is_by_id() { Enough } else { More };
    let mut rows = node.rows(usize::from(wanted == Enough));
    session
        .query(&statement.text, &statement.binds, &mut |cells| push(&mut *rows, node, cells, 0, None).map(|_| wanted))
        .await?;
    Ok(Loaded::new(rows).given_with(node.fields.as_ref()))
}

/// The rows of relations for all keys at once, and for each row the key that it belongs to.
pub(super) async fn children<'n>(
    session: &mut dyn Session,
    sets: &[(usize, Set<'n>)],
) -> Result<Vec<(Level<'n>, Vec<u32>)>> {
    let capabilities = session.capabilities();
    let mut children: Vec<_> = sets.iter().map(|(_, set)| (level_of(set.include), Vec::new())).collect();
    let mut whole = Vec::new();
    for ((_, set), child) in sets.iter().zip(&mut children) {
        let keys = set.index.keys();
        let most = at_once(capabilities, set.include, keys, &child.0);
        if keys.len() <= most {
            whole.extend((!keys.is_empty()).then_some((set, child)));
            continue;
        }
        for keys in keys.chunks(most) {
            let statement = of_keys(capabilities, set.include, keys, &child.0);
            session.query(&statement.text, &statement.binds, &mut receiver(set, child)).await?;
        }
    }
    let mut asked: Vec<_> = whole
        .into_iter()
        .map(|(set, child)| (of_keys(capabilities, set.include, set.index.keys(), &child.0), receiver(set, child)))
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

/// The level of a relation that has a statement of its own. Where rows do not hold the key that they belong to, it is
/// before them.
pub(super) fn level_of(include: &Include) -> Level<'_> {
    let before = if has_keys_before(include) { include.relation.from.len() } else { 0 };
    Level::new(&include.node, 0, before)
}

fn has_keys_before(include: &Include) -> bool {
    include.relation.through().is_some() || !include.node.has(include.relation.to)
}

/// What puts a row where it belongs.
fn receiver<'c, 'n>(
    Set { include, index, .. }: &'c Set<'n>,
    (level, of_row): &'c mut (Level<'n>, Vec<u32>),
) -> impl FnMut(Cells<'_>) -> Result<Wanted> + Send + 'c {
    let columns = if has_keys_before(include) {
        (0..include.relation.from.len()).collect()
    } else {
        match include.node.view {
            None => Cow::Borrowed(include.relation.to),
            Some(_) => include.relation.to.iter().map(|&property| include.node.column(property)).collect(),
        }
    };
    move |cells| {
        if let Some(group) = index.find(&cells, &columns) {
            of_row.push(group);
            level.receive(cells)?;
        }
        Ok(More)
    }
}

/// How many keys one statement is about: all of them, but where each has a branch of its own. Then their marks are
/// counted too: each branch has all of the condition's.
fn at_once<'n>(capabilities: &'static Capabilities, include: &'n Include, keys: &'n [Key], level: &Level<'n>) -> usize {
    match capabilities.cut {
        Cut::Branches(most) if include.node.is_cut() && !keys.is_empty() => {
            let marks = of_keys(capabilities, include, &keys[..1], level).binds.len();
            // Rounded down to a power of two, as the number of branches is rounded up to one.
            let fit = (MARKS / marks).max(1);
            most.min(1 << fit.ilog2())
        }
        _ => keys.len(),
    }
}

/// The most marks that every database takes in one statement.
const MARKS: usize = 32_766;
