//! Which of several models a row's hasOne leads to: chosen where the row there is made, unset where it goes.
//!
//! The row that holds the discriminator is changed first, so that of two such calls one waits for the other.

use super::ask;
use super::expr::Expr;
use super::insert::{self, Insert, leads_nowhere};
use super::loaded::Loaded;
use super::task::Answer;
use super::write::{self, Delete, Update, Which};
use crate::driver::Session;
use crate::key::KeyValues;
use crate::meta::{Form, ModelMeta, Named, RelationMeta, SchemaMeta};
use crate::value::Value;
use crate::{Error, Result};

/// The source row, and the relation that leads to one of several models from it.
#[derive(Debug, Clone)]
pub(crate) struct Chooser {
    pub(crate) schema: &'static SchemaMeta,
    pub(crate) source: &'static ModelMeta,
    pub(crate) relation: &'static RelationMeta,
    pub(crate) key: KeyValues,
}

/// A new row of one of the models, which the source row then leads to.
#[derive(Debug)]
pub(crate) struct Choose {
    pub(crate) chooser: Chooser,
    pub(crate) arm: &'static RelationMeta,
    pub(crate) insert: Insert,
}

/// The row that goes: of one of the models, where that is the one led to, or of each.
#[derive(Debug)]
pub(crate) struct Unchoose {
    pub(crate) chooser: Chooser,
    pub(crate) arm: Option<&'static RelationMeta>,
}

impl Chooser {
    fn arms(&self) -> &'static [RelationMeta] {
        if let Form::Polymorphic(arms) = self.relation.form { arms } else { &[] }
    }

    fn source_row(&self) -> Expr {
        Expr::Key { properties: self.relation.from, values: self.key.clone(), select: None }
    }

    /// The rows of one of the models that have the key, whether or not they are led to.
    fn keyed(&self, arm: &RelationMeta) -> Expr {
        Expr::Key { properties: arm.to, values: self.key.clone(), select: None }.and(arm.target.live())
    }

    /// The row of one of the models that is led to.
    pub(crate) fn led(&self, arm: &'static RelationMeta) -> Expr {
        let led = Expr::Led { source: self.source, relation: arm, values: self.key.clone() };
        Expr::Key { properties: arm.to, values: self.key.clone(), select: None }.and(led)
    }

    /// Names a model, or none, in the source rows that match.
    async fn name(&self, session: &mut dyn Session, condition: Expr, name: Option<&'static str>) -> Result<u64> {
        let Self { schema, source, relation, .. } = self;
        let mut values = vec![Value::Unset; source.properties.len()];
        if let Some(property) = relation.discriminator() {
            values[property] = name.map_or(Value::Null, |name| Value::Text(name.into()));
        }
        let mut update =
            Update { schema, model: source, which: Which::All(condition), values, computed: Vec::new(), through: None };
        update.prepare()?;
        match Box::pin(write::update(session, &update)).await? {
            Answer::Number(changed) => Ok(changed),
            _ => Ok(0),
        }
    }
}

/// Makes the row, unless the source has one of any model.
///
/// # Errors
/// `foreign_key` where there is no source, `conflict` where it has a row already.
pub(super) async fn choose(session: &mut dyn Session, choose: &mut Choose) -> Result<Loaded> {
    let Choose { chooser, arm, insert } = choose;
    if chooser.name(session, chooser.source_row(), arm.named()).await? == 0 {
        return Err(leads_nowhere(chooser.source, arm));
    }
    for other in chooser.arms() {
        if ask::exists(session, other.target, &chooser.keyed(other)).await? {
            return Err(Error::Conflict { model: chooser.source.name, key: chooser.relation.name.to_owned() });
        }
    }
    // That the source is there is known by now.
    insert.through = None;
    insert::insert(session, insert).await
}

/// Deletes the row, and says how many there were.
pub(super) async fn unchoose(session: &mut dyn Session, unchoose: &Unchoose) -> Result<u64> {
    let Unchoose { chooser, arm } = unchoose;
    let Chooser { schema, source, relation, .. } = chooser;
    let mut deleted = 0;
    let mut unset = chooser.source_row();
    match arm {
        Some(arm) => {
            let delete = Delete { schema, model: arm.target, which: Which::All(chooser.led(arm)) };
            deleted += Box::pin(write::delete(session, &delete)).await?;
            if let Form::Named(Named { property, value, .. }) = arm.form {
                unset = unset.and(Expr::Named { property, value });
            }
        }
        None => {
            for arm in chooser.arms() {
                let delete = Delete { schema, model: arm.target, which: Which::All(chooser.keyed(arm)) };
                deleted += Box::pin(write::delete(session, &delete)).await?;
            }
        }
    }
    let property = relation.discriminator().filter(|&property| !source.properties[property].required);
    if let Some(property) = property.filter(|_| deleted > 0) {
        chooser.name(session, unset.and(Expr::Null { property, negated: true }), None).await?;
    }
    Ok(deleted)
}
