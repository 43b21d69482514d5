//! One file to emit: its part of the plan, and the templates that lay it out.

use minijinja::value::Serde;
use minijinja::{Value, context};

use crate::plan::{EmbeddedPlan, Entity, EnumPlan, Plan, Root, ViewFile};

/// The root module's file.
const ROOT: &str = "mod.rs";

/// A file's part of the plan.
#[derive(Clone, Copy)]
pub(super) enum Part<'p> {
    Entity(&'p Entity),
    Enum(&'p EnumPlan),
    Embedded(&'p EmbeddedPlan),
    View(&'p ViewFile),
    Root(&'p Root),
}

/// The templates of a file.
#[derive(Clone, Copy)]
pub(super) struct Templates {
    /// Code, formatted afterwards.
    pub(super) code: &'static str,
    /// Statics, laid out by the template itself: half of the text, and its shape depends on nothing.
    pub(super) data: Option<&'static str>,
}

/// Every file of a plan.
pub(super) fn parts(plan: &Plan) -> Vec<Part<'_>> {
    let entities = plan.entities.iter().map(Part::Entity);
    let enums = plan.enums.iter().map(Part::Enum);
    let embedded = plan.embedded.iter().map(Part::Embedded);
    let views = plan.views.iter().map(Part::View);
    entities.chain(enums).chain(embedded).chain(views).chain([Part::Root(&plan.root)]).collect()
}

impl Part<'_> {
    pub(super) fn file(&self) -> &str {
        match self {
            Self::Entity(entity) => &entity.file,
            Self::Enum(enumeration) => &enumeration.file,
            Self::Embedded(embedded) => &embedded.file,
            Self::View(view) => &view.file,
            Self::Root(_) => ROOT,
        }
    }

    pub(super) fn templates(&self) -> Templates {
        let (code, data) = match self {
            Self::Entity(_) => ("model.rs.j2", Some("model_data.rs.j2")),
            Self::Enum(_) => ("enum.rs.j2", Some("enum_data.rs.j2")),
            Self::Embedded(_) => ("embedded.rs.j2", Some("embedded_data.rs.j2")),
            Self::View(_) => ("view.rs.j2", None),
            Self::Root(_) => ("mod.rs.j2", None),
        };
        Templates { code, data }
    }

    /// Everything that the templates see, as bytes.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        match self {
            Self::Entity(entity) => serde_json::to_vec(entity),
            Self::Enum(enumeration) => serde_json::to_vec(enumeration),
            Self::Embedded(embedded) => serde_json::to_vec(embedded),
            Self::View(view) => serde_json::to_vec(view),
            Self::Root(root) => serde_json::to_vec(root),
        }
    }

    pub(super) fn context(&self) -> Value {
        match self {
            Self::Entity(entity) => context! { entity => Serde(entity) },
            Self::Enum(enumeration) => Value::from(Serde(enumeration)),
            Self::Embedded(embedded) => Value::from(Serde(embedded)),
            Self::View(view) => Value::from(Serde(view)),
            Self::Root(root) => Value::from(Serde(root)),
        }
    }
}
