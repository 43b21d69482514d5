//! Declarations as written: every part optional, every word with its place, nothing filled in.
//!
//! A declaration in which something could not be read is marked `broken`; later stages let it take part in name
//! resolution and ask nothing else of it, so that one mistake gives one finding. Knows nothing of other
//! declarations: whether `Customer` exists is not decided here.

mod budget;
mod change;
mod keys;
mod lower;
mod misread;
mod model;
mod owners;
mod property;
mod reader;
mod relation;
mod relation_owners;
mod view;

use crate::source::{Span, Spanned};
use crate::syntax::Node;

pub(crate) use budget::within;
pub(crate) use lower::lower;
pub(crate) use reader::{Reader, did_you_mean, list, path};

/// A word and where it stands.
pub(crate) type Name = Spanned<String>;

/// Everything the files declare.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    pub(crate) datasources: Vec<DatasourceDecl>,
    pub(crate) enums: Vec<EnumDecl>,
    pub(crate) models: Vec<ModelDecl>,
    pub(crate) views: Vec<ViewDecl>,
}

#[derive(Debug)]
pub(crate) struct DatasourceDecl {
    pub(crate) name: Name,
    pub(crate) description: Option<Name>,
}

#[derive(Debug)]
pub(crate) struct EnumDecl {
    pub(crate) name: Name,
    pub(crate) broken: bool,
    pub(crate) variants: Vec<VariantDecl>,
}

#[derive(Debug)]
pub(crate) struct VariantDecl {
    pub(crate) value: Name,
    pub(crate) name: Option<Name>,
}

#[derive(Debug)]
pub(crate) struct ModelDecl {
    pub(crate) name: Name,
    pub(crate) broken: bool,
    /// Something inside could not be read, so that what is missing may only be misspelt.
    pub(crate) incomplete: bool,
    pub(crate) description: Option<Name>,
    pub(crate) datasource: Option<Name>,
    pub(crate) plural: Option<Name>,
    pub(crate) table: Option<Name>,
    pub(crate) extends: Option<Name>,
    pub(crate) is_abstract: bool,
    /// Where it is written as `true`.
    pub(crate) timestamps: Option<Span>,
    /// Where it is written as `true`.
    pub(crate) soft_delete: Option<Span>,
    /// Which of the two are written as `false`.
    pub(crate) switched_off: Vec<Name>,
    /// The key `properties`, where it is written.
    pub(crate) properties_key: Option<Span>,
    pub(crate) properties: Vec<PropertyDecl>,
    pub(crate) relations: Vec<RelationDecl>,
    pub(crate) indexes: Vec<IndexDecl>,
}

#[derive(Debug)]
pub(crate) struct PropertyDecl {
    pub(crate) name: Name,
    pub(crate) broken: bool,
    /// Written as a map, not as a type alone.
    pub(crate) long: bool,
    /// Without a final `[]`.
    pub(crate) ty: Option<Name>,
    pub(crate) list: bool,
    pub(crate) id: Option<Spanned<bool>>,
    pub(crate) generated: Option<Spanned<bool>>,
    pub(crate) required: Option<Spanned<bool>>,
    pub(crate) default: Option<Node>,
    pub(crate) unique: Option<Spanned<bool>>,
    pub(crate) index: Option<Spanned<bool>>,
    pub(crate) column: Option<Name>,
    pub(crate) hidden: Option<Spanned<bool>>,
    pub(crate) version: Option<Spanned<bool>>,
    pub(crate) min_length: Option<Spanned<u64>>,
    pub(crate) max_length: Option<Spanned<u64>>,
    pub(crate) pattern: Option<Name>,
    pub(crate) minimum: Option<Name>,
    pub(crate) maximum: Option<Name>,
    pub(crate) precision: Option<Spanned<u64>>,
    pub(crate) scale: Option<Spanned<u64>>,
    pub(crate) description: Option<Name>,
}

#[derive(Debug)]
pub(crate) struct IndexDecl {
    pub(crate) span: Span,
    pub(crate) properties: Vec<Name>,
    pub(crate) unique: bool,
    pub(crate) name: Option<Name>,
}

/// What a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationKind {
    /// The source holds the key of one target.
    BelongsTo,
    /// Many targets hold the key of the source, or a link model joins both.
    HasMany,
    /// At most one target holds the key of the source.
    HasOne,
    /// The source holds a list of keys.
    ReferencesMany,
    /// The source holds a value of the target.
    EmbedsOne,
    /// The source holds a list of values of the target.
    EmbedsMany,
}

impl RelationKind {
    /// Every kind, in the order in which they are explained.
    pub const ALL: [Self; 6] =
        [Self::BelongsTo, Self::HasMany, Self::HasOne, Self::ReferencesMany, Self::EmbedsOne, Self::EmbedsMany];

    /// The key that declares it.
    pub fn key(self) -> &'static str {
        match self {
            Self::BelongsTo => "belongsTo",
            Self::HasMany => "hasMany",
            Self::HasOne => "hasOne",
            Self::ReferencesMany => "referencesMany",
            Self::EmbedsOne => "embedsOne",
            Self::EmbedsMany => "embedsMany",
        }
    }

    /// Whether it holds values of the target instead of keys.
    pub fn embeds(self) -> bool {
        matches!(self, Self::EmbedsOne | Self::EmbedsMany)
    }

    /// Whether the key stands on the target or on a link model.
    pub fn has(self) -> bool {
        matches!(self, Self::HasMany | Self::HasOne)
    }
}

/// What happens to the referencing rows when the referenced one is deleted or its key changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Action {
    /// Nothing; a strong relation then refuses the change.
    #[default]
    NoAction,
    /// The change is refused.
    Restrict,
    /// They follow it.
    Cascade,
    /// They let go of it.
    SetNull,
}

impl Action {
    /// Every action with the word for it.
    pub const ALL: [(&'static str, Self); 4] = [
        ("restrict", Self::Restrict),
        ("cascade", Self::Cascade),
        ("setNull", Self::SetNull),
        ("noAction", Self::NoAction),
    ];
}

#[derive(Debug)]
pub(crate) struct RelationDecl {
    pub(crate) kind: RelationKind,
    /// The kind's key.
    pub(crate) span: Span,
    pub(crate) broken: bool,
    pub(crate) targets: Vec<Name>,
    /// Whether the targets are written as a list, which makes the relation polymorphic.
    pub(crate) has_target_list: bool,
    pub(crate) name: Option<Name>,
    pub(crate) key_from: Option<Vec<Name>>,
    pub(crate) key_to: Option<Vec<Name>>,
    pub(crate) through: Option<ThroughDecl>,
    pub(crate) discriminator: Option<Name>,
    pub(crate) polymorphic: Option<Name>,
    pub(crate) required: Option<Spanned<bool>>,
    pub(crate) on_delete: Option<Spanned<Action>>,
    pub(crate) on_update: Option<Spanned<Action>>,
    pub(crate) constraint: Option<Spanned<bool>>,
    pub(crate) includable: Option<Spanned<bool>>,
    pub(crate) description: Option<Name>,
}

#[derive(Debug)]
pub(crate) struct ThroughDecl {
    /// The key `through`.
    pub(crate) span: Span,
    pub(crate) model: Name,
    pub(crate) key_from: Option<Vec<Name>>,
    pub(crate) key_to: Option<Vec<Name>>,
    pub(crate) discriminator: Option<Name>,
}

/// A named shape of a model's rows.
#[derive(Debug)]
pub(crate) struct ViewDecl {
    pub(crate) name: Name,
    pub(crate) broken: bool,
    /// The model whose rows it shows.
    pub(crate) of: Option<Name>,
    pub(crate) plural: Option<Name>,
    pub(crate) description: Option<Name>,
    pub(crate) shape: ShapeDecl,
}

/// What is shown of a row.
#[derive(Debug, Default)]
pub(crate) struct ShapeDecl {
    /// The first key of it, where one is written.
    pub(crate) written: Option<Span>,
    pub(crate) fields: Option<Vec<Name>>,
    pub(crate) counts: Vec<PartDecl>,
    pub(crate) include: Vec<PartDecl>,
}

/// What a view shows of a relation: how many rows there are, or the rows.
#[derive(Debug)]
pub(crate) struct PartDecl {
    pub(crate) name: Name,
    /// It is the field's own name, also of a count.
    pub(crate) named: bool,
    pub(crate) broken: bool,
    /// The relation, where the field is called otherwise.
    pub(crate) of: Option<Name>,
    /// The view of its rows.
    pub(crate) view: Option<Name>,
    pub(crate) description: Option<Name>,
    /// What is shown of its rows, said in place.
    pub(crate) shape: ShapeDecl,
    pub(crate) scope: ScopeDecl,
}

/// Which rows of a relation, in which order.
#[derive(Debug, Default)]
pub(crate) struct ScopeDecl {
    /// The first key of it, where one is written.
    pub(crate) written: Option<Span>,
    /// The key `where`, and its value.
    pub(crate) condition: Option<(Span, Node)>,
    pub(crate) order_key: Option<Span>,
    pub(crate) order: Vec<Name>,
    pub(crate) limit: Option<Spanned<u64>>,
    pub(crate) offset: Option<Spanned<u64>>,
}

impl RelationDecl {
    /// Several targets, or the answer to such a relation.
    pub(crate) fn is_polymorphic(&self) -> bool {
        self.has_target_list || self.polymorphic.is_some()
    }
}
