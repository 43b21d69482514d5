//! What a call is called: its operation, its model, and the relations that it goes along.

use std::fmt;
#[cfg(feature = "tracing")]
use std::fmt::Write as _;

use crate::meta::{ModelMeta, RelationMeta};
use crate::model::{Model as _, Relation};
use crate::query::Task;
use crate::query::choice::{Choose, Unchoose};
use crate::query::insert::Insert;
use crate::query::linking::{Act, Linking};
#[cfg(feature = "tracing")]
use crate::query::node::Node;

/// The relation that a call starts along, with its source. Shown, it is `Customer.orders`.
#[derive(Clone, Copy)]
pub(crate) struct Via {
    pub(crate) source: &'static ModelMeta,
    pub(crate) relation: &'static RelationMeta,
}

impl Via {
    /// Along that relation.
    pub(crate) fn of<R: Relation>() -> Self {
        Self { source: R::Source::META, relation: R::meta() }
    }
}

/// What gives the relation that a call starts along: a word where calls are moved around that nobody looks at.
pub(crate) type Along = fn() -> Via;

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.source.name, self.relation.name)
    }
}

impl fmt::Debug for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a call is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallName {
    pub(super) operation: &'static str,
    /// Whose rows it is about; of the program's own SQL, none.
    pub(super) model: Option<&'static ModelMeta>,
    pub(super) via: Option<Via>,
}

impl CallName {
    pub(crate) fn new(operation: &'static str, model: Option<&'static ModelMeta>) -> Self {
        Self { operation, model, via: None }
    }

    /// Of what a task does, by a relation that the task may not know of.
    pub(super) fn of(task: &Task, via: Option<Along>) -> Self {
        let (operation, model, own) = match task {
            Task::Observed(observed) => return Self::of(&observed.task, via),
            Task::Load(node) => ("find", Some(node.model), node.via.map(|via| via())),
            Task::Get(node) => ("get", Some(node.model), node.via.map(|via| via())),
            Task::One(node) => ("one", Some(node.model), node.via.map(|via| via())),
            Task::Access { source, relation, .. } => ("find", Some(relation.target), Some(Via { source, relation })),
            Task::Related(related) => ("find", Some(related.include.node.model), None),
            Task::Count(node) => ("count", Some(node.model), node.via.map(|via| via())),
            Task::Exists(node) => ("exists", Some(node.model), node.via.map(|via| via())),
            Task::Aggregate(aggregate) => {
                ("aggregate", Some(aggregate.node.model), aggregate.node.via.map(|via| via()))
            }
            Task::Insert(Insert { model, through, .. }) => {
                let own = through.as_ref().map(|through| Via { source: through.source, relation: through.relation });
                ("create", Some(*model), own)
            }
            Task::InsertAll(insert) => ("create_all", Some(insert.model()), None),
            Task::Upsert(upsert) => ("upsert", Some(upsert.model()), None),
            Task::Update(update) => ("update", Some(update.model), None),
            Task::Delete(delete) => ("delete", Some(delete.model), None),
            Task::Linking(Linking { through, act, .. }) => {
                let operation = match act {
                    Act::Link { .. } => "link",
                    Act::Set(_) => "set",
                    Act::Delete(_) | Act::DeleteAll => "delete",
                };
                let own = Via { source: through.source, relation: through.relation };
                (operation, Some(through.relation.target), Some(own))
            }
            #[cfg(feature = "json")]
            Task::Read(at) => ("read", Some(at.model), None),
            #[cfg(feature = "json")]
            Task::Modify(modify) => ("modify", Some(modify.at.model), None),
            #[cfg(feature = "json")]
            Task::Reach(reach) => {
                let own = Via { source: reach.list.source, relation: reach.list.relation };
                ("find", Some(reach.list.relation.target), Some(own))
            }
            Task::Choose(Choose { chooser, arm, .. }) => {
                ("create", Some(arm.target), Some(Via { source: chooser.source, relation: chooser.relation }))
            }
            Task::Unchoose(Unchoose { chooser, arm }) => {
                let target = arm.map_or(chooser.relation.target, |arm| arm.target);
                ("delete", Some(target), Some(Via { source: chooser.source, relation: chooser.relation }))
            }
            Task::Raw(_) => ("sql", None, None),
        };
        Self { operation, model, via: via.map(|via| via()).or(own) }
    }

    pub(super) fn model_name(&self) -> Option<&'static str> {
        self.model.map(|model| model.name)
    }

    #[cfg(any(feature = "tracing", feature = "metrics"))]
    pub(super) fn table(&self) -> Option<&'static str> {
        self.model.map(|model| model.table)
    }

    /// Whether the text of its statement is the program's own.
    pub(super) fn is_raw(&self) -> bool {
        self.model.is_none()
    }
}

/// `find Order`.
impl fmt::Display for CallName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation)?;
        self.model.map_or(Ok(()), |model| write!(f, " {}", model.name))
    }
}

/// The relations that are included, each with those that lead to it: `orders.items, account`.
#[cfg(feature = "tracing")]
pub(super) fn included(task: &Task) -> String {
    let mut paths = String::new();
    if let Some(node) = task.node() {
        push_paths(node, &mut Vec::new(), &mut paths);
    }
    paths
}

#[cfg(feature = "tracing")]
fn push_paths(node: &Node, above: &mut Vec<&'static str>, paths: &mut String) {
    for include in &node.includes {
        // What a link leads to is the target of the relation before, and has no name of its own.
        let name = include.asked.map(|relation| relation.name);
        above.extend(name);
        let before = paths.len();
        push_paths(&include.node, above, paths);
        if name.is_some() {
            if paths.len() == before {
                let comma = if paths.is_empty() { "" } else { ", " };
                // Writing to a string cannot fail.
                let _ = write!(paths, "{comma}{}", above.join("."));
            }
            above.pop();
        }
    }
    // Neither has one of several models.
    for arm in &node.arms {
        push_paths(&arm.node, above, paths);
    }
}
