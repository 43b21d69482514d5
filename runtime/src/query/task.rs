//! One call of a repository, ready to be run by a driver.

use std::sync::Arc;

use super::access::{self, Accessed};
use super::aggregate::{self, Aggregate};
use super::arms;
use super::ask;
use super::choice::{self, Choose, Unchoose};
use super::insert::{self, Insert};
use super::insert_all::{self, InsertAll};
use super::linking::{self, Linking};
use super::load;
use super::loaded::Loaded;
#[cfg(feature = "json")]
use super::loaded::LoadedRelation;
use super::lock::Lock;
use super::node::Node;
#[cfg(feature = "json")]
use super::property::{self, Modify, Property};
#[cfg(feature = "json")]
use super::references::{self, Reach};
use super::regexp;
use super::related::{self, Related};
use super::upsert::{self, Upsert};
use super::write::{self, Delete, Update};
use crate::db::{Handle, Reached};
use crate::driver::{Access, Capabilities, Session};
use crate::key::KeyValues;
use crate::meta::{ModelMeta, RelationMeta};
use crate::observe::{Call, ObservedTask};
use crate::sql::task::RawStatement;
#[cfg(feature = "json")]
use crate::value::Value;
use crate::{Error, Result};

/// What a call asks for.
#[derive(Debug)]
pub(crate) enum Task {
    /// Rows, however many.
    Load(Node),
    /// The row with the primary key that is the node's condition, or `not_found`.
    Get(Node),
    /// Exactly one row, or `not_found`, or `conflict`.
    One(Node),
    /// What a belongsTo leads to, or a relation to one of several models.
    Access {
        source: &'static ModelMeta,
        relation: &'static RelationMeta,
        key: KeyValues,
        node: Node,
    },
    /// Rows that are related to rows elsewhere.
    Related(Related),
    /// How many rows match.
    Count(Node),
    /// Whether a row matches.
    Exists(Node),
    /// What is computed of many rows.
    Aggregate(Box<Aggregate>),
    Insert(Insert),
    /// New rows that nobody wants back.
    InsertAll(InsertAll),
    Upsert(Upsert),
    Update(Update),
    Delete(Delete),
    Linking(Linking),
    /// One property of the row with a primary key, or `not_found`.
    #[cfg(feature = "json")]
    Read(Property),
    /// The same, changed by what is stored of it.
    #[cfg(feature = "json")]
    Modify(Modify),
    /// What a list of keys leads to from the row with a primary key, or `not_found`.
    #[cfg(feature = "json")]
    Reach(Reach),
    /// A new row of one of several models, which its source row then leads to.
    Choose(Choose),
    /// The row of several models that a source row leads to goes.
    Unchoose(Unchoose),
    /// A statement whose text the program gives.
    Raw(Box<RawStatement>),
    /// Any of these, of a call that somebody looks at.
    Observed(Box<ObservedTask>),
}

/// What a task answers.
#[derive(Debug)]
pub(crate) enum Answer {
    Loaded(Loaded),
    Accessed(Accessed),
    /// Rows, and for each the position of its key.
    Related(Loaded, Vec<u32>),
    Number(u64),
    Flag(bool),
    /// Groups, in types that nobody here knows.
    Computed(Box<dyn std::any::Any + Send>),
    /// Of the property at that position, or of a part of it.
    #[cfg(feature = "json")]
    Value(Value<'static>, usize),
    /// To one row.
    #[cfg(feature = "json")]
    Reached(LoadedRelation),
}

impl Answer {
    /// The rows that were read.
    pub(crate) fn loaded_mut(&mut self) -> Option<&mut Loaded> {
        match self {
            Self::Loaded(loaded) | Self::Accessed(Accessed { loaded, .. }) | Self::Related(loaded, _) => Some(loaded),
            #[cfg(feature = "json")]
            Self::Reached(reached) => Some(&mut reached.loaded),
            _ => None,
        }
    }
}

impl Task {
    /// The same, as one of that call.
    pub(crate) fn of_call(self, call: &Arc<Call>) -> Self {
        Self::Observed(Box::new(ObservedTask { task: self, call: Arc::clone(call) }))
    }

    /// What the task needs of its connection.
    pub(crate) fn access(&self, capabilities: &Capabilities) -> Access {
        match self {
            Self::Load(node) | Self::Get(node) | Self::One(node) => reading(node.statements()),
            Self::Access { node, .. } => reading(following(node)),
            Self::Related(Related { include, .. }) => reading(include.node.statements()),
            Self::Count(_) | Self::Exists(_) | Self::Aggregate(_) => Access::Read,
            Self::Insert(insert) => insert.access(),
            Self::InsertAll(_) => Access::Atomic,
            Self::Upsert(upsert) => upsert.access(capabilities),
            Self::Update(update) => update.access(capabilities),
            Self::Delete(delete) => delete.access(capabilities),
            Self::Linking(_) => Access::Atomic,
            #[cfg(feature = "json")]
            Self::Read(_) => Access::Read,
            #[cfg(feature = "json")]
            Self::Modify(_) => Access::Atomic,
            #[cfg(feature = "json")]
            Self::Reach(_) => Access::Snapshot,
            Self::Choose(_) | Self::Unchoose(_) => Access::Atomic,
            Self::Raw(raw) => raw.access,
            Self::Observed(observed) => observed.task.access(capabilities),
        }
    }

    /// Where it runs.
    ///
    /// # Errors
    /// `cross_datasource`: in a transaction on another datasource.
    #[inline]
    pub(crate) fn reach<'h>(&self, handle: &'h Handle) -> Result<Reached<'h>> {
        match (self, self.model()) {
            (Self::Observed(observed), _) => observed.task.reach(handle),
            (_, Some(model)) => handle.reach(model),
            (Self::Raw(raw), _) => handle.reach_datasource(raw.datasource),
            (_, None) => unreachable!("a statement alone has no model"),
        }
    }

    /// Whose rows are read or written: they say on which database it runs.
    fn model(&self) -> Option<&'static ModelMeta> {
        Some(match self {
            Self::Raw(_) => return None,
            Self::Observed(observed) => return observed.task.model(),
            Self::Load(node) | Self::Get(node) | Self::One(node) | Self::Count(node) | Self::Exists(node) => node.model,
            Self::Aggregate(aggregate) => aggregate.node.model,
            Self::Access { source, .. } => source,
            Self::Related(related) => related.include.node.model,
            Self::Insert(insert) => insert.model,
            Self::InsertAll(insert) => insert.model(),
            Self::Upsert(upsert) => upsert.model(),
            Self::Update(update) => update.model,
            Self::Delete(delete) => delete.model,
            Self::Linking(linking) => linking.through.source,
            #[cfg(feature = "json")]
            Self::Read(at) => at.model,
            #[cfg(feature = "json")]
            Self::Modify(modify) => modify.at.model,
            #[cfg(feature = "json")]
            Self::Reach(reach) => reach.list.source,
            Self::Choose(Choose { chooser, .. }) | Self::Unchoose(Unchoose { chooser, .. }) => chooser.source,
        })
    }

    /// The rows that are read, with what is included in them.
    pub(crate) fn node(&self) -> Option<&Node> {
        match self {
            Self::Load(node) | Self::Get(node) | Self::One(node) | Self::Access { node, .. } => Some(node),
            Self::Related(related) => Some(&related.include.node),
            #[cfg(feature = "json")]
            Self::Reach(reach) => Some(&reach.node),
            Self::Observed(observed) => observed.task.node(),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn node_mut(&mut self) -> Option<&mut Node> {
        match self {
            Self::Load(node) | Self::Get(node) | Self::One(node) | Self::Access { node, .. } => Some(node),
            Self::Related(related) => Some(&mut related.include.node),
            #[cfg(feature = "json")]
            Self::Reach(reach) => Some(&mut reach.node),
            Self::Observed(observed) => observed.task.node_mut(),
            _ => None,
        }
    }

    /// Whether it is a statement of the program's own, of which nobody knows what it does besides reading.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "for reads that go elsewhere than writes"))]
    pub(crate) fn is_unknown(&self) -> bool {
        match self {
            Self::Raw(_) => true,
            Self::Observed(observed) => observed.task.is_unknown(),
            _ => false,
        }
    }

    /// Whether rows are made, changed or deleted.
    pub(crate) fn writes(&self) -> bool {
        match self {
            Self::Insert(_) | Self::InsertAll(_) | Self::Upsert(_) | Self::Update(_) => true,
            Self::Delete(_) | Self::Linking(_) => true,
            Self::Choose(_) | Self::Unchoose(_) => true,
            Self::Raw(raw) => raw.writes,
            #[cfg(feature = "json")]
            Self::Modify(_) => true,
            Self::Observed(observed) => observed.task.writes(),
            _ => false,
        }
    }

    /// How the rows that it is about are to be locked, and whether it reads them.
    pub(crate) fn lock(&self) -> Option<(Lock, bool)> {
        match self {
            Self::Count(node) | Self::Exists(node) => node.lock.map(|lock| (lock, false)),
            Self::Aggregate(aggregate) => aggregate.node.lock.map(|lock| (lock, false)),
            Self::Observed(observed) => observed.task.lock(),
            task => task.node().and_then(|node| node.lock).map(|lock| (lock, true)),
        }
    }

    /// Whether one row is looked for, by its key and in one statement: a matter of no time.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "for connections that reads share"))]
    pub(crate) fn finds_by_key(&self) -> bool {
        match self {
            Self::Load(node) | Self::Get(node) | Self::One(node) => {
                node.is_by_id() && node.statements() == 1 && !node.counts()
            }
            Self::Access { node, .. } => following(node) == 1 && !node.counts(),
            Self::Observed(observed) => observed.task.finds_by_key(),
            _ => false,
        }
    }

    /// The same task, to be run again where a database gave it up in favour of another one; `None` where it is not
    /// known to come to the same.
    #[cfg_attr(
        not(any(feature = "mysql", feature = "postgres")),
        allow(dead_code, reason = "for databases where upserts can be given up")
    )]
    pub(crate) fn again(&self) -> Option<Self> {
        match self {
            Self::Upsert(upsert) => Some(Self::Upsert(upsert.clone())),
            Self::Observed(observed) => observed.again().map(|observed| Self::Observed(Box::new(observed))),
            _ => None,
        }
    }

    /// Refuses what the schema does not allow, before any statement, and completes new rows.
    ///
    /// # Errors
    /// `validation`, or `foreign_key` for a row made through an unset key; `unavailable` for a lock of no rows.
    pub(crate) fn prepare(&mut self) -> Result<()> {
        if let Some(mistake) = self.lock().and_then(|(lock, reads_rows)| lock.mistake(reads_rows)) {
            return Err(mistake);
        }
        match self {
            Self::Insert(insert) | Self::Choose(Choose { insert, .. }) => insert.prepare(),
            Self::Upsert(upsert) => upsert.prepare(),
            Self::Update(update) => update.prepare(),
            Self::Linking(linking) => linking.prepare(),
            Self::Aggregate(aggregate) => aggregate.prepare(),
            Self::Observed(observed) => observed.task.prepare(),
            _ => Ok(()),
        }
    }

    /// Runs the task. What is seldom or large is boxed: futures are moved around by value.
    pub(crate) async fn execute(&mut self, session: &mut dyn Session) -> Result<Answer> {
        match self {
            Self::Load(node) => {
                let loaded = load::load(session, node).await;
                regexp::placed(loaded, node).map(Answer::Loaded)
            }
            Self::Get(node) => {
                let loaded = load::load(session, node).await?;
                if loaded.len() == 0 {
                    return Err(Error::NotFound { model: node.model.name, id: node.id().map(KeyValues::describe) });
                }
                Ok(Answer::Loaded(loaded))
            }
            Self::One(node) => {
                // Two rows are enough to know that there is more than one.
                node.cut_to(2);
                let loaded = load::load(session, node).await?;
                only(node.model, loaded.len())?;
                Ok(Answer::Loaded(loaded))
            }
            Self::Access { source, relation, key, node } if !node.arms.is_empty() => {
                Box::pin(arms::access(session, source, relation, key, node)).await.map(Answer::Accessed)
            }
            Self::Access { source, relation, key, node } => {
                access::access(session, source, relation, key, node).await.map(Answer::Accessed)
            }
            Self::Related(related) => {
                let found = Box::pin(related::related(session, related)).await;
                regexp::placed(found, &related.include.node).map(|(loaded, of_row)| Answer::Related(loaded, of_row))
            }
            Self::Count(node) => {
                Box::pin(ask::count(session, node)).await.map(|number| Answer::Number(number.cast_unsigned()))
            }
            Self::Exists(node) if node.is_cut() => {
                Box::pin(ask::count(session, node)).await.map(|number| Answer::Flag(number > 0))
            }
            Self::Exists(node) => Box::pin(ask::exists(session, node.model, &node.condition)).await.map(Answer::Flag),
            Self::Aggregate(groups) => Box::pin(aggregate::aggregate(session, groups)).await.map(Answer::Computed),
            Self::Insert(insert) => Box::pin(insert::insert(session, insert)).await.map(Answer::Loaded),
            Self::InsertAll(insert) => Box::pin(insert_all::insert(session, insert)).await.map(Answer::Number),
            Self::Upsert(upsert) => Box::pin(upsert::upsert(session, upsert)).await.map(Answer::Loaded),
            Self::Update(update) => Box::pin(write::update(session, update)).await,
            Self::Choose(choose) => Box::pin(choice::choose(session, choose)).await.map(Answer::Loaded),
            Self::Unchoose(unchoose) => Box::pin(choice::unchoose(session, unchoose)).await.map(Answer::Number),
            Self::Delete(delete) => Box::pin(write::delete(session, delete)).await.map(Answer::Number),
            Self::Linking(linking) => Box::pin(linking::change(session, linking)).await,
            Self::Raw(raw) => Box::pin(raw.run(session)).await,
            Self::Observed(observed) => observed.execute(session).await,
            #[cfg(feature = "json")]
            Self::Read(at) => {
                let value = Box::pin(property::read(session, at)).await?;
                Ok(Answer::Value(value, at.property))
            }
            #[cfg(feature = "json")]
            Self::Modify(modify) => {
                let value = Box::pin(property::modify(session, modify)).await?;
                Ok(Answer::Value(value, modify.at.property))
            }
            #[cfg(feature = "json")]
            Self::Reach(reach) => Box::pin(references::reach(session, reach)).await.map(Answer::Reached),
        }
    }
}

/// How many statements follow a relation: the source row rides on the first, unless it says which model is meant.
fn following(node: &Node) -> usize {
    node.statements() + usize::from(!node.arms.is_empty())
}

fn reading(statements: usize) -> Access {
    if statements > 1 { Access::Snapshot } else { Access::Read }
}

/// Refuses any number of rows but one.
///
/// # Errors
/// `not_found` or `conflict`.
pub(crate) fn only(model: &ModelMeta, rows: usize) -> Result<()> {
    let model = model.name;
    match rows {
        0 => Err(Error::NotFound { model, id: None }),
        1 => Ok(()),
        _ => Err(Error::Conflict { model, key: "more than one row matches".to_owned() }),
    }
}
