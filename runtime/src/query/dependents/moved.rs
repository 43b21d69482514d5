//! Keys of rows change, and with them those that point at them.
//!
//! What follows from a change is found first, while the old keys are still there, and carried out when the rows
//! themselves have changed: a foreign key may demand that order. Every row of one change gets the same new values.

use super::{BATCH, found, holding, refused, select};
use crate::Result;
use crate::driver::{Key, Session};
use crate::meta::{Action, DependentMeta, ModelMeta, SchemaMeta};
use crate::query::expr::{Comparison, Expr};
use crate::query::keys::KeyIndex;
use crate::query::write;
use crate::value::Value;

/// New values of a model's properties.
pub(crate) type Changes = Vec<(usize, Value<'static>)>;

/// Rows that go while others change.
pub(super) type Going<'g> = [(&'static ModelMeta, &'g KeyIndex)];

/// What follows from changes of keys.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    steps: Vec<Step>,
    /// The keys of each dependent that are in the steps: none is followed twice.
    known: Vec<(&'static DependentMeta, KeyIndex)>,
}

/// What happens to rows that hold some keys.
#[derive(Debug)]
struct Step {
    dependent: &'static DependentMeta,
    action: Action,
    /// The rows.
    holding: Expr,
    /// What becomes of them.
    changes: Changes,
}

/// Rows that change.
struct Change {
    model: &'static ModelMeta,
    rows: Expr,
    changes: Changes,
}

impl Moves {
    /// Finds what follows when the rows that match get new values.
    pub(crate) async fn find(
        &mut self,
        session: &mut dyn Session,
        model: &'static ModelMeta,
        rows: Expr,
        changes: Changes,
    ) -> Result<()> {
        self.trace(session, Change { model, rows, changes }, &[]).await
    }

    /// Unsets the keys of a dependent; rows that go are left alone.
    pub(super) async fn unset(
        &mut self,
        session: &mut dyn Session,
        dependent: &'static DependentMeta,
        keys: &[Key],
        going: &Going<'_>,
    ) -> Result<()> {
        match self.add(dependent, Action::SetNull, keys, &Changes::new()) {
            Some(change) => self.trace(session, change, going).await,
            None => Ok(()),
        }
    }

    async fn trace(&mut self, session: &mut dyn Session, change: Change, going: &Going<'_>) -> Result<()> {
        let mut left = vec![change];
        while let Some(Change { model, rows, changes }) = left.pop() {
            for dependent in following(model, &changes) {
                let keys = self.given_up(session, model, dependent, &rows, &changes, going).await?;
                left.extend(
                    keys.chunks(BATCH).filter_map(|keys| self.add(dependent, dependent.on_update, keys, &changes)),
                );
            }
        }
        Ok(())
    }

    /// The keys that rows give up, of those that the dependent's may hold.
    async fn given_up(
        &mut self,
        session: &mut dyn Session,
        model: &'static ModelMeta,
        dependent: &'static DependentMeta,
        rows: &Expr,
        changes: &Changes,
        going: &Going<'_>,
    ) -> Result<Vec<Key>> {
        let differs = changes.iter().filter(|(property, _)| dependent.to.contains(property));
        let differs = differs.map(|(property, value)| match value {
            Value::Null => Expr::Null { property: *property, negated: true },
            value => Expr::Compare { property: *property, comparison: Comparison::Ne, value: value.clone() },
        });
        let condition = Expr::And(vec![rows.clone(), Expr::Or(differs.collect())]);
        let going = going.iter().find(|(other, _)| std::ptr::eq(*other, model)).map(|(_, rows)| rows);
        let known = self.known.iter().position(|(other, _)| std::ptr::eq(*other, dependent));
        let known = known.unwrap_or_else(|| {
            self.known.push((dependent, KeyIndex::default()));
            self.known.len() - 1
        });
        let keys = &mut self.known[known].1;
        let before = keys.keys().len();
        select(session, model, &[model.key, dependent.to], &condition, &mut |cells, columns| {
            if going.is_none_or(|going| going.find(cells, columns[0]).is_none()) {
                keys.insert(cells, columns[1]);
            }
        })
        .await?;
        Ok(keys.keys()[before..].to_vec())
    }

    /// One more step, and the change of the dependent's rows if there is one.
    fn add(
        &mut self,
        dependent: &'static DependentMeta,
        action: Action,
        keys: &[Key],
        changes: &Changes,
    ) -> Option<Change> {
        let pairs = dependent.from.iter().zip(dependent.to);
        let changes: Changes = match action {
            Action::NoAction | Action::Restrict => Changes::new(),
            Action::SetNull => unset(dependent).map(|property| (property, Value::Null)).collect(),
            Action::Cascade => pairs
                .filter_map(|(&from, to)| {
                    let (_, value) = changes.iter().find(|(property, _)| property == to)?;
                    Some((from, value.clone()))
                })
                .collect(),
        };
        let holding = holding(dependent, keys.to_vec());
        let change = Change { model: dependent.holder, rows: holding.clone(), changes: changes.clone() };
        self.steps.push(Step { dependent, action, holding, changes });
        (!change.changes.is_empty()).then_some(change)
    }

    /// Carries everything out. What the database does is only followed.
    ///
    /// # Errors
    /// `foreign_key` where a relation restricts, or would unset what is required.
    pub(crate) async fn follow(&self, session: &mut dyn Session, schema: &'static SchemaMeta) -> Result<()> {
        for step in self.steps.iter().filter(|step| !step.dependent.strong) {
            let Step { dependent, action, holding, changes } = step;
            let holder = dependent.holder;
            let lost =
                |(property, value): &(usize, Value<'_>)| *value == Value::Null && holder.properties[*property].required;
            if *action == Action::Restrict || changes.iter().any(lost) {
                if found(session, holder, holding, |_| {}).await? {
                    return Err(refused(dependent));
                }
            } else {
                write::set(session, schema, holder, changes, holding).await?;
            }
        }
        Ok(())
    }

    /// Whether rows of the model are among those that change.
    pub(crate) fn reach(&self, model: &'static ModelMeta) -> bool {
        self.steps.iter().any(|step| std::ptr::eq(step.dependent.holder, model))
    }
}

/// The properties of a key that is unset: with it goes the name of the model that it pointed at.
fn unset(dependent: &'static DependentMeta) -> impl Iterator<Item = usize> {
    let name = dependent.named.map(|named| named.property);
    let name = name.filter(|&property| !dependent.holder.properties[property].required);
    dependent.from.iter().copied().chain(name)
}

/// Those who point at a property that changes, and follow it.
fn following<'m>(model: &'static ModelMeta, changes: &'m Changes) -> impl Iterator<Item = &'static DependentMeta> + 'm {
    let changed = |property: &usize| changes.iter().any(|(other, _)| other == property);
    let follows =
        move |dependent: &&DependentMeta| dependent.on_update != Action::NoAction && dependent.to.iter().any(changed);
    model.dependents.iter().filter(follows)
}
