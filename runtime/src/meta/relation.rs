//! What emitted code says about relations.

use super::{Dialects, ModelMeta};

/// What a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationKind {
    /// The source holds the key.
    BelongsTo,
    /// The target holds the key; any number of rows.
    HasMany,
    /// The target holds the key; at most one row.
    HasOne,
    /// The source holds a list of keys.
    ReferencesMany,
}

/// How source and target are tied.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// By their keys alone.
    Plain,
    /// By their keys, in rows of one side that name the model on the other.
    Named(Named),
    /// By the rows of a link model.
    Through(&'static ThroughMeta),
    /// To several models, by a relation for each.
    Polymorphic(&'static [RelationMeta]),
}

/// A property that holds a model's name: a polymorphic relation's discriminator.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// Whose property it is.
    pub side: Side,
    /// Its position there.
    pub property: usize,
    /// The name that it holds where the relation does.
    pub value: &'static str,
}

/// One side of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The model that declares it.
    Source,
    /// The model that it leads to.
    Target,
}

/// A link model between source and target, as the plain relations that lead along it.
#[derive(Debug)]
pub struct ThroughMeta {
    /// From the source to the link: hasMany.
    pub links: RelationMeta,
    /// From the link to the target: belongsTo.
    pub target: RelationMeta,
    /// From the target to the link: hasMany.
    pub back: RelationMeta,
}

/// One relation.
#[derive(Debug)]
pub struct RelationMeta {
    /// As in the schema.
    pub name: &'static str,
    /// What it is.
    pub kind: RelationKind,
    /// How source and target are tied.
    pub form: Form,
    /// Where it leads; a polymorphic relation, to the first of several.
    pub target: &'static ModelMeta,
    /// Key properties of the source.
    pub from: &'static [usize],
    /// Key properties of the target, aligned with `from`; through a link model, with that one's keys to the target.
    pub to: &'static [usize],
    /// Every key property of the side that holds the key is NOT NULL.
    pub required: bool,
    /// A database foreign key holds it.
    pub strong: bool,
    /// Filters from outside may include it and ask of its rows.
    pub includable: bool,
    /// `SELECT … FROM target WHERE` its key is bound: what is related to one key value (hasMany, hasOne),
    /// or `SELECT` the source's key and the target joined by the source's primary key (belongsTo). Empty where more
    /// than the keys tie source and target.
    pub sql: Dialects<&'static str>,
}

impl RelationMeta {
    /// Whether it gives any number of rows.
    pub(crate) fn is_many(&self) -> bool {
        matches!(self.kind, RelationKind::HasMany | RelationKind::ReferencesMany)
    }

    /// Whether it leads to several models.
    pub(crate) fn is_polymorphic(&self) -> bool {
        matches!(self.form, Form::Polymorphic(_))
    }

    /// The link model that it leads along, if there is one.
    pub(crate) fn through(&self) -> Option<&'static ThroughMeta> {
        match self.form {
            Form::Through(through) => Some(through),
            Form::Plain | Form::Named(_) | Form::Polymorphic(_) => None,
        }
    }
}
