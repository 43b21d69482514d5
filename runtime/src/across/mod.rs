//! Calls that one database cannot answer alone: relations that lead to another datasource, and inclusions that the
//! program answers itself.
//!
//! Each is taken apart into tasks of which every one runs on one database, at most one a relation and level, and the
//! rows are tied together by their keys as values. Knows nothing of SQL.

use std::pin::pin;

use crate::db::Handle;
use crate::deadline::{self, Deadline};
use crate::driver::BoxFuture;
use crate::key::KeyValues;
use crate::meta::{Form, ModelMeta, RelationMeta};
use crate::observe::ObservedTask;
use crate::query::access::Accessed;
use crate::query::apart::{self, Keys};
use crate::query::arms;
use crate::query::expr::Expr;
use crate::query::insert::Insert;
use crate::query::listed::Listed;
use crate::query::loaded::{Links, Loaded, LoadedRelation, NONE};
use crate::query::node::{Include, Node};
#[cfg(feature = "json")]
use crate::query::property::{Modify, Property};
#[cfg(feature = "json")]
use crate::query::references::{KeyList, Reach};
use crate::query::related::Related;
use crate::query::{Answer, Task};
use crate::{Error, Result};

pub(crate) mod explain;
pub(crate) mod inclusion;

use inclusion::Resolved;

/// Whether the call takes more than the database of its own model.
#[inline]
pub(crate) fn is_across(handle: &Handle, task: &Task) -> bool {
    match task {
        Task::Observed(observed) => is_across(handle, &observed.task),
        Task::Access { source, relation, .. } if is_far(source, relation) => true,
        Task::Insert(Insert { through: Some(through), .. }) => is_far(through.source, through.relation),
        #[cfg(feature = "json")]
        Task::Reach(reach) if is_far(reach.list.source, reach.list.relation) => true,
        #[cfg(feature = "json")]
        Task::Modify(Modify { given: Some(given), .. }) => is_far(given.source, given.relation),
        task => task.node().is_some_and(|node| leads_away(handle, node)),
    }
}

/// Whether source and target are in two datasources.
pub(crate) fn is_far(source: &ModelMeta, relation: &RelationMeta) -> bool {
    match relation.form {
        Form::Polymorphic(arms) => arms.iter().any(|arm| is_far(source, arm)),
        _ => source.datasource != relation.target.datasource,
    }
}

/// Whether the rows of an inclusion come by themselves, and not with those that they are included in.
fn is_apart(handle: &Handle, source: &ModelMeta, include: &Include) -> bool {
    is_far(source, include.relation)
        || handle.inclusion().zip(include.asked).is_some_and(|(inclusion, asked)| inclusion.is_changed(asked))
}

fn leads_away(handle: &Handle, node: &Node) -> bool {
    let mut below = node.includes.iter().chain(&node.arms);
    below.any(|include| is_apart(handle, node.model, include) || leads_away(handle, &include.node))
}

/// Runs a call to its end. All that it is taken apart into has one deadline.
pub(crate) fn run(handle: &Handle, task: Task, deadline: Option<Deadline>) -> BoxFuture<'_, Result<Answer>> {
    if let Task::Observed(observed) = task {
        // Whatever it is taken apart into belongs to the same call.
        let ObservedTask { task, call } = *observed;
        let handle = handle.during(call);
        return Box::pin(async move { run(&handle, task, deadline).await });
    }
    Box::pin(async move {
        allow(handle, &task)?;
        match deadline {
            None => spread(handle, task).await,
            Some(_) => spread(&handle.until(deadline), task).await,
        }
    })
}

/// Refuses, before any statement, what the schema, the program or an open transaction does not allow.
fn allow(handle: &Handle, task: &Task) -> Result<()> {
    task.reach(handle)?;
    match task {
        Task::Access { relation, .. } => {
            handle.reach(relation.target)?;
        }
        Task::Insert(Insert { through: Some(through), .. }) => {
            handle.reach(through.source)?;
        }
        #[cfg(feature = "json")]
        Task::Reach(reach) => {
            handle.reach(reach.list.relation.target)?;
        }
        #[cfg(feature = "json")]
        Task::Modify(Modify { given: Some(given), .. }) => {
            handle.reach(given.relation.target)?;
        }
        _ => {}
    }
    task.node().map_or(Ok(()), |node| allow_includes(handle, node, false))
}

/// Of rows that a resolver answered, there is no statement that could count what they relate to.
fn allow_includes(handle: &Handle, node: &Node, answered: bool) -> Result<()> {
    for include in node.includes.iter().chain(&node.arms) {
        if answered && include.counted {
            let reason = "its rows are not counted where a resolver answers the rows above";
            return Err(refused(node.model, include.relation, reason));
        }
        let replaced = match handle.inclusion() {
            Some(inclusion) => inclusion.allow(node.model, include)?,
            None => false,
        };
        if !replaced {
            handle.reach(include.relation.target)?;
        }
        allow_includes(handle, &include.node, replaced)?;
    }
    Ok(())
}

/// Runs a call that is allowed.
fn spread(handle: &Handle, mut task: Task) -> BoxFuture<'_, Result<Answer>> {
    Box::pin(async move {
        match task {
            Task::Access { source, relation, key, node } if is_far(source, relation) => {
                follow(handle, source, relation, key, node).await
            }
            Task::Insert(insert) if insert.through.is_some() => add(handle, insert).await,
            #[cfg(feature = "json")]
            Task::Reach(far) if is_far(far.list.source, far.list.relation) => reach(handle, far).await,
            #[cfg(feature = "json")]
            Task::Modify(change) => modify(handle, change).await,
            _ => {
                let mut apart = Vec::new();
                if let Some(node) = task.node_mut() {
                    take_out(handle, node, &mut Vec::new(), &mut apart);
                }
                let mut answer = here(handle, task).await?;
                if let Some(loaded) = answer.loaded_mut() {
                    for (path, source, include) in apart {
                        if let Some(parents) = loaded.at_mut(&path) {
                            complete(handle, source, include, parents).await?;
                        }
                    }
                }
                Ok(answer)
            }
        }
    })
}

/// Runs a task that one database answers.
async fn here(handle: &Handle, task: Task) -> Result<Answer> {
    let reached = task.reach(handle)?;
    let task = match &handle.watch().call {
        Some(call) => task.of_call(call),
        None => task,
    };
    let done = reached.driver.run(Box::new(task), handle.deadline()).await;
    done.map_err(|error| reached.explain(error))
}

/// An inclusion that was taken out of a tree: the relations that lead to the rows that have it, and their model. Below
/// a relation to several models, the next step is one of them.
type Apart = (Vec<usize>, &'static ModelMeta, Include);

fn take_out(handle: &Handle, node: &mut Node, path: &mut Vec<usize>, apart: &mut Vec<Apart>) {
    for mut include in std::mem::take(&mut node.includes) {
        if is_apart(handle, node.model, &include) {
            apart.push((path.clone(), node.model, include));
        } else {
            path.push(include.index);
            take_out(handle, &mut include.node, path, apart);
            path.pop();
            node.includes.push(include);
        }
    }
    for arm in &mut node.arms {
        path.push(arm.index);
        take_out(handle, &mut arm.node, path, apart);
        path.pop();
    }
}

/// Loads an inclusion of rows that are there, and ties it to them.
async fn complete(handle: &Handle, source: &'static ModelMeta, include: Include, parents: &mut Loaded) -> Result<()> {
    let (index, relation) = (include.index, include.relation);
    if include.is_listed() {
        let keys = Listed::of(source, &*parents.rows, &include)?;
        let related = listed(handle, &include, keys).await?;
        parents.relations.push((index, related));
        return Ok(());
    }
    if !include.node.arms.is_empty() {
        return several(handle, source, &include, parents).await;
    }
    let (keys, of_parent) = Keys::of_rows(&*parents.rows, relation.from);
    let groups = keys.values().len();
    let replaced = handle.inclusion().and_then(|inclusion| inclusion.resolver(relation));
    let (loaded, of_row) = match replaced {
        Some(resolve) if groups > 0 => {
            let Resolved { rows, of_row } = resolved(handle, &include, resolve(keys)).await?;
            let rows = include.node.shown(rows);
            let loaded = Loaded::new(rows).given_with(include.node.fields.as_ref());
            (below(handle, loaded, include.node).await?, of_row)
        }
        _ => by_keys(handle, include, keys).await?,
    };
    let links = Links { of_parent, of_row: Some(of_row), groups, lists: None };
    parents.relations.push((index, LoadedRelation { source, relation, loaded, links }));
    Ok(())
}

/// What a resolver answers, in time.
async fn resolved(
    handle: &Handle,
    include: &Include,
    answer: impl Future<Output = Result<Resolved>>,
) -> Result<Resolved> {
    let what = || format!("the resolver of `{}`, which the program gives", include.relation.name);
    deadline::within(handle.deadline(), what, pin!(answer)).await
}

/// The rows that have these keys, and for each the number of its own. Without keys nothing is asked.
async fn by_keys(handle: &Handle, include: Include, keys: Keys) -> Result<(Loaded, Vec<u32>)> {
    if keys.values().is_empty() {
        return Ok((Loaded::new(include.node.rows(0)), Vec::new()));
    }
    let task = Task::Related(Related { include, keys: keys.into_values() });
    let Answer::Related(loaded, of_row) = spread(handle, task).await? else {
        unreachable!("rows of keys are answered with the keys that they have")
    };
    Ok((loaded, of_row))
}

/// Loads what rows that are there lead to by a relation to several models: each model that occurs by itself. Where the
/// rows do not say which is meant, any may be.
async fn several(handle: &Handle, source: &'static ModelMeta, whole: &Include, parents: &mut Loaded) -> Result<()> {
    let meant = arms::meant_by(source, whole, &*parents.rows)?;
    let may_be_any = whole.relation.discriminator().is_none();
    for (n, arm) in whole.node.arms.iter().enumerate() {
        let (mut keys, mut of_parent) = (Keys::default(), Vec::with_capacity(meant.len()));
        for (row, &chosen) in meant.iter().enumerate() {
            let is_meant = may_be_any || chosen == Some(n);
            of_parent.push(if is_meant {
                keys.add(apart::of_row(&*parents.rows, row, arm.relation.from))
            } else {
                NONE
            });
        }
        let groups = keys.values().len();
        let (loaded, of_row) = by_keys(handle, arm.clone(), keys).await?;
        let links = Links { of_parent, of_row: Some(of_row), groups, lists: None };
        let related = LoadedRelation { source, relation: arm.relation, loaded, links };
        arms::add(&mut parents.relations, whole, related);
    }
    Ok(())
}

/// Loads the rows whose keys are listed by rows that are there.
async fn listed(handle: &Handle, include: &Include, listed: Listed<'_>) -> Result<LoadedRelation> {
    match handle.inclusion().and_then(|inclusion| inclusion.resolver(include.relation)) {
        Some(resolve) if !listed.keys().is_empty() => {
            let mut keys = Keys::default();
            for key in listed.keys() {
                keys.add(KeyValues::many(vec![key.clone()]));
            }
            let Resolved { rows, of_row } = resolved(handle, include, resolve(keys)).await?;
            let key = |&number: &u32| apart::logical(std::slice::from_ref(&listed.keys()[number as usize]));
            let keys = of_row.iter().map(key).collect();
            let rows = include.node.shown(rows);
            let loaded = Loaded::new(rows).given_with(include.node.fields.as_ref());
            let loaded = below(handle, loaded, include.node.clone()).await?;
            Ok(listed.tie_by(loaded, keys))
        }
        _ => {
            let loaded = rows_of(handle, &listed, include).await?;
            Ok(listed.tie(loaded))
        }
    }
}

async fn rows_of(handle: &Handle, listed: &Listed<'_>, include: &Include) -> Result<Loaded> {
    let Some(node) = listed.node() else { return Ok(Loaded::new(include.node.rows(0))) };
    let Answer::Loaded(loaded) = spread(handle, Task::Load(node)).await? else { unreachable!("rows are loaded") };
    Ok(loaded)
}

/// Follows a list of keys into another datasource: one statement for the list, one for the rows.
#[cfg(feature = "json")]
async fn reach(handle: &Handle, reach: Reach) -> Result<Answer> {
    let Reach { list: KeyList { source, relation, key }, node } = reach;
    let list = Property { model: source, key, property: relation.from[0] };
    let Answer::Value(list, _) = here(handle, Task::Read(list)).await? else {
        unreachable!("a property is answered by its value")
    };
    let include = Include { index: 0, relation, asked: Some(relation), node, counted: false };
    let listed = Listed::of_lists(source, &include, std::iter::once(list))?;
    let loaded = rows_of(handle, &listed, &include).await?;
    Ok(Answer::Reached(listed.tie(loaded)))
}

/// Changes a list of keys of another datasource, once these are seen to lead to rows. They may be gone when it is
/// stored.
#[cfg(feature = "json")]
async fn modify(handle: &Handle, mut modify: Modify) -> Result<Answer> {
    if let Some(given) = modify.given.take_if(|given| is_far(given.source, given.relation)) {
        let to = given.relation.to[0];
        let keys = given.keys.iter().cloned();
        let condition = Expr::list(given.relation.target.properties, to, keys, false);
        let found = here(handle, Task::Load(Node::matching(given.relation.target, condition))).await?;
        let Answer::Loaded(found) = found else { unreachable!("rows are loaded") };
        if Keys::of_rows(&*found.rows, given.relation.to).0.values().len() != given.keys.len() {
            return Err(given.refusal());
        }
    }
    here(handle, Task::Modify(modify)).await
}

/// What is included in rows that no database answered.
async fn below(handle: &Handle, mut loaded: Loaded, node: Node) -> Result<Loaded> {
    for include in node.includes {
        Box::pin(complete(handle, node.model, include, &mut loaded)).await?;
    }
    Ok(loaded)
}

/// Follows a belongsTo into another datasource: one statement for the source's key, one for the target.
async fn follow(
    handle: &Handle,
    source: &'static ModelMeta,
    relation: &'static RelationMeta,
    key: KeyValues,
    node: Node,
) -> Result<Answer> {
    if !node.arms.is_empty() {
        let row = Task::Load(arms::row(source, relation, &key, &node));
        let Answer::Loaded(loaded) = spread(handle, row).await? else { unreachable!("rows are loaded") };
        return arms::accessed(source, relation, &key, &node, loaded).map(Answer::Accessed);
    }
    let condition = Expr::Key { properties: source.key, values: key, select: Some(&source.sql.select_by_key) };
    let Answer::Loaded(found) = here(handle, Task::Get(Node::matching(source, condition))).await? else {
        unreachable!("a row asked for by its id is loaded")
    };
    let values = apart::of_row(&*found.rows, 0, relation.from);
    if values.is_unset() {
        let loaded = Loaded::new(node.rows(0));
        return Ok(Answer::Accessed(Accessed { loaded, unset: true }));
    }
    let wanted = followed(node, relation, values.clone());
    let Answer::Loaded(loaded) = spread(handle, Task::Load(wanted)).await? else { unreachable!("rows are loaded") };
    let unset = loaded.len() == 0 && is_deleted(handle, relation, values).await?;
    Ok(Answer::Accessed(Accessed { loaded, unset }))
}

/// Whether a key that leads to no live row leads to a deleted one: then it does not dangle.
async fn is_deleted(handle: &Handle, relation: &'static RelationMeta, values: KeyValues) -> Result<bool> {
    if relation.target.soft_delete.is_none() {
        return Ok(false);
    }
    let mut there = Node::matching(relation.target, Expr::Key { properties: relation.to, values, select: None });
    there.with_deleted();
    Ok(matches!(here(handle, Task::Exists(there)).await?, Answer::Flag(true)))
}

/// The row that a belongsTo leads to from a row with that key.
fn followed(mut node: Node, relation: &'static RelationMeta, values: KeyValues) -> Node {
    let select = (relation.to == node.model.key).then_some(&node.model.sql.select_by_key);
    node.filter(Expr::Key { properties: relation.to, values, select });
    if !node.model.is_unique(relation.to, node.is_live()) {
        node.cut_to(1);
    }
    node
}

/// Inserts rows through a relation from another datasource, once its source is seen to be there. It may be gone when
/// the rows are.
async fn add(handle: &Handle, mut insert: Insert) -> Result<Answer> {
    if let Some(through) = insert.through.take_if(|through| is_far(through.source, through.relation)) {
        let condition = Expr::Key { properties: through.relation.from, values: through.key.clone(), select: None };
        let there = here(handle, Task::Exists(Node::matching(through.source, condition))).await?;
        if !matches!(there, Answer::Flag(true)) {
            return Err(through.refusal());
        }
    }
    here(handle, Task::Insert(insert)).await
}

impl Loaded {
    /// The rows that these relations lead to, one below the other.
    fn at_mut(&mut self, path: &[usize]) -> Option<&mut Self> {
        path.iter().try_fold(self, |loaded, index| {
            if !loaded.arms.is_empty() {
                return loaded.arms.get_mut(*index).map(|arm| &mut arm.loaded);
            }
            let found = loaded.relations.iter_mut().find(|(position, _)| position == index);
            found.map(|(_, relation)| &mut relation.loaded)
        })
    }
}

/// An inclusion that the program does not allow.
#[cold]
fn refused(source: &'static ModelMeta, relation: &'static RelationMeta, reason: impl Into<String>) -> Error {
    Error::InclusionNotAllowed { model: source.name, relation: relation.name, reason: reason.into() }
}
