//! One call of a repository, ready to be run by a driver.

use super::access::{self, Accessed};
use super::ask;
use super::expr::Expr;
use super::load;
use super::loaded::Loaded;
use super::node::Node;
use super::write::{self, Delete, Insert, Update};
use crate::driver::{Access, Capabilities, Session};
use crate::key::KeyValues;
use crate::meta::{ModelMeta, RelationMeta};
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
    /// What a belongsTo leads to.
    Access {
        source: &'static ModelMeta,
        relation: &'static RelationMeta,
        key: KeyValues,
        node: Node,
    },
    /// How many rows match.
    Count(Node),
    /// Whether a row matches.
    Exists(Node),
    Insert(Insert),
    Update(Update),
    Delete(Delete),
}

/// What a task answers.
#[derive(Debug)]
pub(crate) enum Answer {
    Loaded(Loaded),
    Accessed(Accessed),
    Number(u64),
    Flag(bool),
}

impl Task {
    /// What the task needs of its connection.
    pub(crate) fn access(&self, capabilities: &Capabilities) -> Access {
        match self {
            Self::Load(node) | Self::Get(node) | Self::One(node) | Self::Access { node, .. } => {
                reading(node.statements())
            }
            Self::Count(_) | Self::Exists(_) => Access::Read,
            Self::Insert(insert) => insert.access(),
            Self::Update(update) => update.access(capabilities),
            Self::Delete(delete) => delete.access(capabilities),
        }
    }

    /// Whether rows are made, changed or deleted.
    pub(crate) fn writes(&self) -> bool {
        matches!(self, Self::Insert(_) | Self::Update(_) | Self::Delete(_))
    }

    /// Whether one row is looked for, by its key and in one statement: a matter of no time.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "for connections that reads share"))]
    pub(crate) fn finds_by_key(&self) -> bool {
        match self {
            Self::Load(node) | Self::Get(node) | Self::One(node) => node.is_by_id() && node.statements() == 1,
            Self::Access { node, .. } => node.statements() == 1,
            _ => false,
        }
    }

    /// Refuses what the schema does not allow, before any statement, and completes new rows.
    ///
    /// # Errors
    /// `validation`, or `foreign_key` for a row made through an unset key.
    pub(crate) fn prepare(&mut self) -> Result<()> {
        match self {
            Self::Insert(insert) => insert.prepare(),
            Self::Update(update) => update.prepare(),
            _ => Ok(()),
        }
    }

    /// Runs the task. What is seldom or large is boxed: futures are moved around by value.
    pub(crate) async fn execute(&mut self, session: &mut dyn Session) -> Result<Answer> {
        match self {
            Self::Load(node) => load::load(session, node).await.map(Answer::Loaded),
            Self::Get(node) => {
                let loaded = load::load(session, node).await?;
                if loaded.len() == 0 {
                    let id =
                        if let Expr::Key { values, .. } = &node.condition { Some(values.describe()) } else { None };
                    return Err(Error::NotFound { model: node.model.name, id });
                }
                Ok(Answer::Loaded(loaded))
            }
            Self::One(node) => {
                // Two rows are enough to know that there is more than one.
                node.limit = Some(node.limit.map_or(2, |limit| limit.min(2)));
                let loaded = load::load(session, node).await?;
                let model = node.model.name;
                match loaded.len() {
                    0 => Err(Error::NotFound { model, id: None }),
                    1 => Ok(Answer::Loaded(loaded)),
                    _ => Err(Error::Conflict { model, key: "more than one row matches".to_owned() }),
                }
            }
            Self::Access { source, relation, key, node } => {
                access::access(session, source, relation, key, node).await.map(Answer::Accessed)
            }
            Self::Count(node) => {
                Box::pin(ask::count(session, node)).await.map(|number| Answer::Number(number.cast_unsigned()))
            }
            Self::Exists(node) if node.is_cut() => {
                Box::pin(ask::count(session, node)).await.map(|number| Answer::Flag(number > 0))
            }
            Self::Exists(node) => Box::pin(ask::exists(session, node.model, &node.condition)).await.map(Answer::Flag),
            Self::Insert(insert) => Box::pin(write::insert(session, insert)).await.map(Answer::Loaded),
            Self::Update(update) => Box::pin(write::update(session, update)).await,
            Self::Delete(delete) => Box::pin(write::delete(session, delete)).await.map(Answer::Number),
        }
    }
}

fn reading(statements: usize) -> Access {
    if statements > 1 { Access::Snapshot } else { Access::Read }
}
