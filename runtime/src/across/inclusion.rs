//! What the program says of inclusions: those that it answers itself, and those that it does not allow.
//!
//! Every relation can be included unless something is said of it here.

use std::fmt;

use super::refused;
use crate::Result;
use crate::driver::BoxFuture;
use crate::filter::FilterLimits;
use crate::key::{FromKey, KeyValues};
use crate::meta::{ModelMeta, RelationMeta};
use crate::model::{Model, Resolvable};
use crate::query::apart::Keys;
use crate::query::node::Include;
use crate::row::{Rows, decode_error};
use crate::value::Mismatch;

/// What is said of inclusions, by relation.
#[derive(Default)]
pub(crate) struct Inclusion {
    changed: Vec<(&'static RelationMeta, Change)>,
    /// How much filters from outside may ask for, where that is said.
    pub(crate) limits: Option<FilterLimits>,
    /// They may have regular expressions.
    pub(crate) regexp: bool,
}

/// What is said of the inclusions of one relation.
pub(crate) enum Change {
    /// There are none.
    Disabled,
    /// The program answers them.
    Replaced(Box<Resolve>),
}

/// Answers an inclusion: all keys in, rows out.
pub(crate) type Resolve = dyn Fn(Keys) -> BoxFuture<'static, Result<Resolved>> + Send + Sync;

/// Rows, and for each the number of its key.
pub(crate) struct Resolved {
    pub(crate) rows: Box<dyn Rows>,
    pub(crate) of_row: Vec<u32>,
}

impl fmt::Debug for Inclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.changed.iter().map(|(relation, _)| relation.name)).finish()
    }
}

impl Inclusion {
    /// Whether nothing is said.
    pub(crate) fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.limits.is_none() && !self.regexp
    }

    /// How much filters from outside may ask for, where that is said.
    pub(crate) fn limits(&self) -> Option<&FilterLimits> {
        self.limits.as_ref()
    }

    fn of(&self, relation: &'static RelationMeta) -> Option<&Change> {
        self.changed.iter().find(|(other, _)| std::ptr::eq(*other, relation)).map(|(_, change)| change)
    }

    /// Whether anything is said of that relation.
    pub(crate) fn is_changed(&self, relation: &'static RelationMeta) -> bool {
        self.of(relation).is_some()
    }

    /// Says it of that relation; `false` where something was said of it before.
    pub(crate) fn change(&mut self, relation: &'static RelationMeta, change: Change) -> bool {
        let is_first = !self.is_changed(relation);
        self.changed.push((relation, change));
        is_first
    }

    /// What answers that relation, if it is the program.
    pub(super) fn resolver(&self, relation: &'static RelationMeta) -> Option<&Resolve> {
        match self.of(relation) {
            Some(Change::Replaced(resolve)) => Some(&**resolve),
            _ => None,
        }
    }

    /// Whether the program answers the inclusion.
    ///
    /// # Errors
    /// `inclusion_not_allowed`: it is disabled, or asks of a resolver what that is not told.
    pub(crate) fn allow(&self, source: &'static ModelMeta, include: &Include) -> Result<bool> {
        let Some(relation) = include.asked else { return Ok(false) };
        match self.of(relation) {
            None => Ok(false),
            Some(Change::Disabled) => Err(refused(source, relation, "the program disabled it with `disable_include`")),
            Some(Change::Replaced(_)) if include.node.is_plain() && !include.counted => Ok(true),
            Some(Change::Replaced(_)) => {
                let reason = "a resolver answers it, which knows no filter, order, limit, offset or count";
                Err(refused(source, relation, reason))
            }
        }
    }
}

/// A resolver whose types are known, as one whose are not.
pub(crate) fn erased<R, F, Fut>(resolve: F) -> Box<Resolve>
where
    R: Resolvable,
    F: Fn(Vec<R::By>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Vec<(R::By, R::Target)>>> + Send + 'static,
{
    Box::new(move |keys| match typed::<R>(&keys) {
        Err(error) => Box::pin(std::future::ready(Err(error))),
        Ok(values) => {
            let answer = resolve(values);
            Box::pin(async move {
                let answer = answer.await?;
                let (mut rows, mut of_row) = (Vec::with_capacity(answer.len()), Vec::with_capacity(answer.len()));
                for (key, row) in answer {
                    // What nobody asked for has no place.
                    if let Some(number) = keys.find(&key.into_values()) {
                        rows.push(row);
                        of_row.push(number);
                    }
                }
                Ok(Resolved { rows: Box::new(rows), of_row })
            })
        }
    })
}

/// The keys in the relation's own type.
fn typed<R: Resolvable>(keys: &Keys) -> Result<Vec<R::By>> {
    let target = R::Target::META;
    let properties: Vec<_> = R::meta().to.iter().map(|&property| &target.properties[property]).collect();
    let of = |key: &KeyValues| R::By::from_values(key.as_slice(), &properties);
    let values = keys.values().iter().map(of).collect::<Result<_, Mismatch>>();
    values.map_err(|mismatch| {
        let part = mismatch.column();
        decode_error(target, &mismatch.at(R::meta().to[part]))
    })
}
