//! The data of views: named shapes of models, every name resolved, read-only once built.

use super::{Literal, ModelId, PropertyId, RelationId};
use crate::source::Span;

/// Index of a view in [`Graph::views`](super::Graph::views).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ViewId(pub u32);

/// A shape of a model's rows: some of its properties, and what is read of its relations.
#[derive(Debug, Clone)]
pub struct View {
    /// As declared; of one said in place, the name of the view around it and of the relation.
    pub name: String,
    /// The name where it is declared.
    pub span: Span,
    /// For rustdoc.
    pub description: Option<String>,
    /// Whose rows it shows.
    pub model: ModelId,
    /// The plural as given or derived; `None` of one said in place, which is found with the view around it only.
    pub plural: Option<String>,
    /// In the order of the view.
    pub fields: Vec<PropertyId>,
    /// Counts first, then what is included, each in declaration order.
    pub parts: Vec<Part>,
}

/// What a view shows of a relation.
#[derive(Debug, Clone)]
pub struct Part {
    /// The field.
    pub name: String,
    /// The name where it is declared.
    pub span: Span,
    /// For rustdoc.
    pub description: Option<String>,
    /// A relation of the view's model.
    pub relation: RelationId,
    /// What is shown of its rows.
    pub shown: Shown,
    /// Which rows.
    pub scope: Scope,
}

/// What is shown of related rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// How many there are.
    Count,
    /// All of each row.
    Rows,
    /// A view of each row.
    View(ViewId),
}

/// Which related rows, in which order, for each row above.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// What they must match; all, where there is none.
    pub condition: Option<Condition>,
    /// By which properties, and whether descending.
    pub order: Vec<(PropertyId, bool)>,
    /// At most so many.
    pub limit: Option<u64>,
    /// Without the first ones.
    pub offset: Option<u64>,
}

/// What rows must match.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// A property beside literals of its type.
    Compare {
        /// Of the rows.
        property: PropertyId,
        /// How.
        operator: Operator,
        /// One; of `between` two, of `inq` and `nin` any number, of `exists` none.
        values: Vec<Literal>,
    },
    /// All of them.
    And(Vec<Condition>),
    /// At least one of them.
    Or(Vec<Condition>),
    /// Not this one.
    Not(Box<Condition>),
}

/// The operators of the filter language that compare a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `eq`
    Eq,
    /// `neq`
    Neq,
    /// `gt`
    Gt,
    /// `gte`
    Gte,
    /// `lt`
    Lt,
    /// `lte`
    Lte,
    /// `between`
    Between,
    /// `inq`
    Inq,
    /// `nin`
    Nin,
    /// `like`
    Like,
    /// `nlike`
    Nlike,
    /// `ilike`
    Ilike,
    /// `nilike`
    Nilike,
    /// `exists: true`
    Exists,
    /// `exists: false`
    Missing,
}

impl Operator {
    /// Each with its word; `exists` asks for one of two.
    pub(crate) const WORDS: [(&'static str, Self); 14] = [
        ("eq", Self::Eq),
        ("neq", Self::Neq),
        ("gt", Self::Gt),
        ("gte", Self::Gte),
        ("lt", Self::Lt),
        ("lte", Self::Lte),
        ("between", Self::Between),
        ("inq", Self::Inq),
        ("nin", Self::Nin),
        ("like", Self::Like),
        ("nlike", Self::Nlike),
        ("ilike", Self::Ilike),
        ("nilike", Self::Nilike),
        ("exists", Self::Exists),
    ];

    /// Whether it compares text with a pattern.
    pub(crate) fn is_pattern(self) -> bool {
        matches!(self, Self::Like | Self::Nlike | Self::Ilike | Self::Nilike)
    }
}
