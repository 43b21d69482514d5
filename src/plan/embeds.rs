//! Accessors of embedded values: what embedsOne and embedsMany add to a repository. The values themselves are
//! properties.

use serde::Serialize;

use super::naming::value_name;
use super::text::described_above;
use super::types::{Place, is_required};
use crate::graph::{Model, Origin, Property, Relation};

/// One accessor.
#[derive(Debug, Clone, Serialize)]
pub struct EmbedPlan {
    /// Method, and the column's function: `addresses`.
    pub name: String,
    /// Description, and what it gives.
    pub docs: Vec<String>,
    /// `EmbedsOne` or `EmbedsMany`.
    pub kind: &'static str,
    /// The arguments of that type after the model.
    pub arguments: String,
}

/// The accessors of one model, in the order of its relations.
pub(crate) fn embeds(file: Place<'_>, model: &Model) -> Vec<EmbedPlan> {
    let embeds = model.relations().filter(|(_, relation)| relation.kind.embeds());
    let added = |id| model.properties.iter().find(|property| property.origin == Origin::Relation(id));
    embeds.filter_map(|(id, relation)| Some(embed(file, relation, added(id)?))).collect()
}

fn embed(file: Place<'_>, relation: &Relation, property: &Property) -> EmbedPlan {
    let name = value_name(&property.name);
    let value = file.embedded(relation.target());
    let (kind, arguments) = match (property.ty.list, is_required(property)) {
        (true, _) => ("EmbedsMany", value),
        (false, true) => ("EmbedsOne", format!("{value}, ::relata::One")),
        (false, false) => ("EmbedsOne", format!("{value}, ::relata::Maybe")),
    };
    let what = if property.ty.list { "them and to change one by one" } else { "and to change it by itself" };
    let what = format!("The `{name}` within a row, by the row or its id: to read {what}.");
    let docs = described_above(relation.description.as_deref(), what);
    EmbedPlan { name, docs, kind, arguments }
}
