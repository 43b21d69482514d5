//! Links of one source row: made, set, and removed with the rows that they lead to, in one transaction with what is
//! asked before.
//!
//! A link is a row of the link model, with the keys of both sides. New targets with a link of their own are
//! [`insert`](super::insert)'s. What depends on the links that are there already waits for others that change links of
//! the same rows: the row of one side is locked first, before anything is read.

use super::apart::Keys;
use super::ask;
use super::expr::Expr;
use super::insert::{self, Batch, Through};
use super::load;
use super::loaded::{Loaded, NONE};
use super::node::Node;
use super::sql::Sql;
use super::task::Answer;
use super::write::{self, Delete, Which};
use crate::default::Moment;
use crate::driver::{Session, Wanted};
use crate::key::KeyValues;
use crate::meta::{Form, ModelMeta, SchemaMeta, ThroughMeta};
use crate::value::Value;
use crate::{Error, Result, validate};

/// Whose links are changed, and how.
#[derive(Debug)]
pub(crate) struct Linking {
    pub(crate) schema: &'static SchemaMeta,
    pub(crate) through: Through,
    pub(crate) act: Act,
}

/// What becomes of links.
#[derive(Debug)]
pub(crate) enum Act {
    /// A link is made to the target with that key; where there must be one only, if there is none.
    Link { target: KeyValues, link: Vec<Value<'static>>, once: bool },
    /// Exactly the targets with these keys are linked; links that lead there already stay.
    Set(Vec<KeyValues>),
    /// The linked targets that match go, with every link to them.
    Delete(Expr),
    /// Of a relation to several models: all linked targets go, of every model, with every link to them.
    DeleteAll,
}

impl Linking {
    pub(crate) fn prepare(&mut self) -> Result<()> {
        let Self { through, act, .. } = self;
        match act {
            Act::Delete(_) | Act::DeleteAll => Ok(()),
            _ if through.key.is_unset() => Err(leads_nowhere(through.meta())),
            Act::Set(_) => Ok(()),
            Act::Link { target, link, .. } => {
                let meta = through.meta();
                meta.start(link, &through.key);
                meta.lead(link, target)?;
                validate::record(meta.link(), link, Some(&mut Moment::default()))
            }
        }
    }
}

impl Through {
    /// Of a relation through a link model.
    fn meta(&self) -> &'static ThroughMeta {
        self.relation.through().expect("only relations through a link model have links")
    }

    /// The source's row.
    fn row(&self) -> Expr {
        Expr::Key { properties: self.relation.from, values: self.key.clone(), select: None }
    }
}

impl ThroughMeta {
    /// A link that says nothing of its own.
    pub(crate) fn blank(&self) -> Vec<Value<'static>> {
        vec![Value::Unset; self.link().properties.len()]
    }

    /// Whether it is the source's row for which those wait who link the same pair. The relation that leads the other way
    /// has its sides exchanged, so that it is the same row from both.
    fn waits_at_source(&self) -> bool {
        self.links.to < self.target.from
    }

    /// Lets a new link start from the source with that key.
    pub(crate) fn start(&self, link: &mut [Value<'static>], key: &KeyValues) {
        for (&to, value) in self.links.to.iter().zip(key.as_slice()) {
            link[to] = value.clone();
        }
    }

    /// Lets it lead to the target with that key. The two sides may share a part of their keys.
    fn lead(&self, link: &mut [Value<'static>], key: &KeyValues) -> Result<()> {
        for (&from, value) in self.target.from.iter().zip(key.as_slice()) {
            let shared = self.links.to.contains(&from) && link[from] != *value;
            if shared || *value == Value::Null {
                return Err(self.target_missing());
            }
            link[from] = value.clone();
        }
        insert::set_name(&self.back, link);
        Ok(())
    }

    /// Whether a statement has to see to it that the target of a link is there.
    fn is_target_checked(&self) -> bool {
        !self.target.strong || self.target.target.soft_delete.is_some()
    }

    /// A link would lead to no row.
    fn target_missing(&self) -> Error {
        Error::ForeignKey { model: self.link().name, relation: self.target.name.to_owned() }
    }
}

/// A link would start from no row.
pub(super) fn leads_nowhere(through: &ThroughMeta) -> Error {
    Error::ForeignKey { model: through.link().name, relation: through.links.name.to_owned() }
}

async fn is_there(session: &mut dyn Session, model: &'static ModelMeta, condition: Expr) -> Result<bool> {
    let node = Node::matching(model, condition);
    ask::exists(session, model, &node.condition).await
}

pub(crate) async fn change(session: &mut dyn Session, linking: &mut Linking) -> Result<Answer> {
    let Linking { schema, through, act } = linking;
    match act {
        Act::Link { target, link, once } => {
            link_one(session, through, target, std::mem::take(link), *once).await.map(Answer::Loaded)
        }
        Act::Set(targets) => set(session, schema, through, std::mem::take(targets)).await.map(Answer::Loaded),
        Act::Delete(condition) => delete(session, schema, through, condition.clone()).await.map(Answer::Number),
        Act::DeleteAll => delete_all(session, schema, through).await.map(Answer::Number),
    }
}

/// Keeps others who lock one of these rows waiting until the transaction has ended, the rows in an order in which no two
/// wait for each other. Where whoever writes is alone, nothing is to be locked.
async fn lock(session: &mut dyn Session, model: &'static ModelMeta, condition: &Expr) -> Result<()> {
    let capabilities = session.capabilities();
    if capabilities.for_no_key_update.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new(capabilities, 1);
    sql.push("SELECT 1 FROM ");
    sql.table(model, 0);
    sql.filter(model, 0, condition);
    sql.push(" ORDER BY ");
    sql.properties(model, 0, model.key);
    sql.push(capabilities.for_no_key_update);
    let statement = sql.finish();
    Ok(session.query(&statement.text, &statement.binds, &mut |_| Ok(Wanted::More)).await?)
}

async fn link_one(
    session: &mut dyn Session,
    through: &Through,
    target: &KeyValues,
    link: Vec<Value<'static>>,
    once: bool,
) -> Result<Loaded> {
    let meta = through.meta();
    let (model, relation) = (meta.link(), through.relation);
    let of_target = |properties| Expr::Key { properties, values: target.clone(), select: None };
    if once && meta.waits_at_source() {
        lock(session, through.source, &through.row()).await?;
    } else if once {
        lock(session, relation.target, &of_target(relation.to)).await?;
    }
    through.check(session).await?;
    if meta.is_target_checked() && !is_there(session, relation.target, of_target(relation.to)).await? {
        return Err(meta.target_missing());
    }
    let pair = meta.from(through.key.clone()).and(of_target(meta.target.from));
    if once && is_there(session, model, pair).await? {
        return Ok(Loaded::new((model.rows)(0)));
    }
    insert::store(session, model, &mut Batch::one(link)).await
}

async fn set(
    session: &mut dyn Session,
    schema: &'static SchemaMeta,
    through: &Through,
    targets: Vec<KeyValues>,
) -> Result<Loaded> {
    let meta = through.meta();
    let mut wanted = Keys::default();
    if targets.into_iter().any(|target| wanted.add(target) == NONE) {
        return Err(meta.target_missing());
    }
    if !meta.waits_at_source() {
        let mut targets = wanted.values().to_vec();
        targets.sort_by_cached_key(KeyValues::describe);
        for rows in among(through.relation.to, &targets) {
            lock(session, through.relation.target, &rows).await?;
        }
    }
    // Of two who set the links of one source, the second finds those of the first.
    lock(session, through.source, &through.row()).await?;
    through.check(session).await?;
    let links = Node::matching(meta.link(), meta.from(through.key.clone()));
    let links = load::load(session, &links).await?;
    let (linked, _) = Keys::of_rows(&*links.rows, meta.target.from);
    let mut batch = Batch::default();
    let mut missing = Vec::new();
    for target in wanted.values().iter().filter(|target| linked.find(target).is_none()) {
        let mut link = meta.blank();
        meta.start(&mut link, &through.key);
        meta.lead(&mut link, target)?;
        validate::record(meta.link(), &mut link, Some(&mut Moment::default()))?;
        batch.push(link);
        missing.push(target.clone());
    }
    let gone: Vec<_> = linked.values().iter().filter(|target| wanted.find(target).is_none()).cloned().collect();
    for targets in among(meta.target.from, &gone) {
        let which = Which::All(meta.from(through.key.clone()).and(targets));
        write::delete(session, &Delete { schema, model: meta.link(), which }).await?;
    }
    if meta.is_target_checked() {
        are_there(session, through, &missing).await?;
    }
    insert::store(session, meta.link(), &mut batch).await
}

/// Refuses keys that no target has.
async fn are_there(session: &mut dyn Session, through: &Through, keys: &[KeyValues]) -> Result<()> {
    let relation = through.relation;
    let mut there = 0;
    for targets in among(relation.to, keys) {
        let rows = load::load(session, &Node::matching(relation.target, targets)).await?.rows;
        there += Keys::of_rows(&*rows, relation.to).0.values().len();
    }
    if there < keys.len() { Err(through.meta().target_missing()) } else { Ok(()) }
}

async fn delete(
    session: &mut dyn Session,
    schema: &'static SchemaMeta,
    through: &Through,
    condition: Expr,
) -> Result<u64> {
    let meta = through.meta();
    let (link, target) = (meta.link(), through.relation.target);
    let linked = meta.reached(meta.from(through.key.clone())).and(condition);
    let rows = load::load(session, &Node::matching(target, linked)).await?.rows;
    // A row that is deleted softly is there still, and links that cannot be marked as it is stay with it.
    if target.soft_delete.is_none() || link.soft_delete.is_some() {
        let (keys, _) = Keys::of_rows(&*rows, meta.target.to);
        for links in among(meta.target.from, keys.values()) {
            write::delete(session, &Delete { schema, model: link, which: Which::All(links.and(meta.rows())) }).await?;
        }
    }
    let (keys, _) = Keys::of_rows(&*rows, target.key);
    let mut deleted = 0;
    for rows in among(target.key, keys.values()) {
        deleted += write::delete(session, &Delete { schema, model: target, which: Which::All(rows) }).await?;
    }
    Ok(deleted)
}

async fn delete_all(session: &mut dyn Session, schema: &'static SchemaMeta, through: &Through) -> Result<u64> {
    let Through { source, relation, key } = through;
    let Form::Polymorphic(arms) = relation.form else { return delete(session, schema, through, Expr::All).await };
    let mut deleted = 0;
    for relation in arms {
        let arm = Through { source, relation, key: key.clone() };
        deleted += delete(session, schema, &arm, Expr::All).await?;
    }
    Ok(deleted)
}

/// How many keys a statement is given at most; of keys of several parts, each part is a mark of its own.
const BATCH: usize = 10_000;

/// The conditions that together choose the rows with these keys.
fn among(properties: &'static [usize], keys: &[KeyValues]) -> Vec<Expr> {
    let one = |keys: &[KeyValues]| match properties {
        [property] => {
            let values = keys.iter().flat_map(|key| key.as_slice().to_vec()).collect();
            Expr::List { property: *property, values, negated: false }
        }
        _ => Expr::Or(keys.iter().map(|key| Expr::Key { properties, values: key.clone(), select: None }).collect()),
    };
    keys.chunks(if properties.len() == 1 { BATCH } else { BATCH / 10 }).map(one).collect()
}
