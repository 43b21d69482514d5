//! Third pass: properties, inherited ones first, with their types and defaults.

use super::literals::{self, Digits};
use super::resolve::{Builder, PropertySite};
use super::{Literal, ModelId, Origin, Property, Scalar, Type, foreign, words};
use crate::ast::{ModelDecl, Name, PropertyDecl, did_you_mean, list};
use crate::diagnostic::{Diagnostic, Edit, Fix, codes, suggest};
use crate::patch::Value;
use crate::source::Span;
use crate::syntax::Kind;

/// Characters that a `string` holds where the schema is silent.
const DEFAULT_LENGTH: u64 = 255;

/// Every word for a type; of several for one, the first is the language's own.
pub(super) const SCALARS: &[(&str, Scalar)] = &[
    ("string", Scalar::String),
    ("text", Scalar::Text),
    ("integer", Scalar::Integer),
    ("int32", Scalar::Int32),
    ("number", Scalar::Number),
    ("decimal", Scalar::Decimal),
    ("boolean", Scalar::Boolean),
    ("date", Scalar::Date),
    ("time", Scalar::Time),
    ("datetime", Scalar::DateTime),
    ("uuid", Scalar::Uuid),
    ("json", Scalar::Json),
    ("any", Scalar::Json),
    ("bytes", Scalar::Bytes),
    ("buffer", Scalar::Bytes),
];

/// Takes over the base's properties and adds the declared ones.
pub(super) fn resolve(builder: &mut Builder<'_>, id: ModelId) {
    inherit(builder, id);
    let schema = builder.schema;
    for (at, property) in schema.models[id.0 as usize].properties.iter().enumerate() {
        if let Some(first) = builder.find(id, &property.name.value) {
            let inherited = builder.graph.model(id).property(first);
            // A key given twice is reported where the file is read.
            if let Origin::Inherited(base) = inherited.origin {
                let finding =
                    base_conflict(&property.name, "property", inherited.span, &schema.models[base.0 as usize]);
                let remove = builder.patches.remove_entry(property.name.span);
                builder.findings.push(finding.fix_if(builder.patches.likely("remove it", [remove])));
                builder.incomplete(id);
            }
            continue;
        }
        let ty = type_of(builder, id, property);
        let site = PropertySite { declaration: Some((id, at)), sound: ty.is_some() && !property.broken };
        if !site.sound {
            builder.incomplete(id);
        }
        let resolved = property_of(builder, property, ty);
        builder.add_property(id, resolved, site);
    }
}

fn inherit(builder: &mut Builder<'_>, id: ModelId) {
    let Some(base) = builder.graph.model(id).base else {
        return;
    };
    let inherited: Vec<_> = builder
        .graph
        .model(base)
        .properties
        .iter()
        .zip(&builder.sites.of(base).properties)
        .map(|(property, site)| {
            let declared_by = match property.origin {
                Origin::Inherited(first) => first,
                _ => base,
            };
            (Property { origin: Origin::Inherited(declared_by), ..property.clone() }, *site)
        })
        .collect();
    for (property, site) in inherited {
        builder.add_property(id, property, site);
    }
}

/// A name that a base has already.
pub(super) fn base_conflict(name: &Name, what: &str, first: Span, base: &ModelDecl) -> Diagnostic {
    Diagnostic::new(
        &codes::BASE_CONFLICT,
        format!("the {what} `{}` is inherited from `{}` and declared again", name.value, base.name.value),
    )
    .primary(name.span, "declared again here")
    .label(first, format!("`{}` has it already", base.name.value))
    .note("an heir takes over what its base declares; it cannot change it")
}

fn property_of(builder: &mut Builder<'_>, decl: &PropertyDecl, ty: Option<Type>) -> Property {
    let id = decl.id.as_ref().is_some_and(|written| written.value);
    let on = |flag: &Option<crate::source::Spanned<bool>>| flag.as_ref().is_some_and(|written| written.value);
    let precision = digits(decl.precision.as_ref().map(|written| written.value), 18);
    let scale = digits(decl.scale.as_ref().map(|written| written.value), 6.min(precision));
    let sound_type = ty;
    let ty = ty.unwrap_or(Type { scalar: Scalar::Json, list: false });
    let max_length = match (&decl.max_length, ty.scalar) {
        (Some(written), _) => Some(written.value),
        (None, Scalar::String) => Some(DEFAULT_LENGTH),
        (None, _) => None,
    };
    let default = sound_type.and_then(|ty| default_of(builder, decl, ty, Digits { precision, scale }));
    Property {
        name: decl.name.value.clone(),
        span: decl.name.span,
        origin: Origin::Declared,
        ty,
        id,
        generated: on(&decl.generated),
        required: id || on(&decl.required),
        default,
        unique: on(&decl.unique),
        index: on(&decl.index),
        column: decl.column.as_ref().map_or_else(|| super::words::snake(&decl.name.value), |name| name.value.clone()),
        hidden: on(&decl.hidden),
        version: on(&decl.version),
        min_length: decl.min_length.as_ref().map(|written| written.value),
        max_length,
        pattern: text(decl.pattern.as_ref()),
        minimum: text(decl.minimum.as_ref()),
        maximum: text(decl.maximum.as_ref()),
        precision,
        scale,
        description: text(decl.description.as_ref()),
    }
}

fn digits(written: Option<u64>, silent: u8) -> u8 {
    written.map_or(silent, |written| u8::try_from(written).unwrap_or(u8::MAX))
}

fn text(name: Option<&Name>) -> Option<String> {
    name.map(|name| name.value.clone())
}

fn default_of(builder: &mut Builder<'_>, decl: &PropertyDecl, ty: Type, digits: Digits) -> Option<super::Default> {
    let Some(node) = &decl.default else {
        return ty.list.then(|| super::Default::Literal(Literal::Json("[]".into())));
    };
    match literals::default(node, ty, digits, &builder.enums) {
        Ok(default) => Some(default),
        Err(unfit) => {
            let name = &decl.name.value;
            let place = if node.span.start == node.span.end { decl.name.span } else { node.span };
            let finding =
                Diagnostic::new(&codes::INVALID_DEFAULT, format!("the default of `{name}` does not fit its type"))
                    .primary(place, format!("expected {}", unfit.expected));
            let nearest = || match (&node.kind, unfit.one_of) {
                (Kind::String(word), Some(id)) => {
                    builder.findings.suggest(word, builder.enums.values(id)).map(ToOwned::to_owned)
                }
                _ => None,
            };
            let meant = unfit.meant.or_else(nearest);
            builder.findings.push(match meant {
                // A boolean stands without the quotes of the word it replaces.
                Some(meant) => {
                    let place = if ty.scalar == Scalar::Boolean { node.whole() } else { node.span };
                    finding.fix(format!("write `{meant}`"), [Edit::replace(place, meant)])
                }
                None => finding,
            });
            None
        }
    }
}

fn type_of(builder: &mut Builder<'_>, owner: ModelId, decl: &PropertyDecl) -> Option<Type> {
    let written = decl.ty.as_ref()?;
    if let Some(scalar) = scalar(builder, &written.value) {
        return Some(Type { scalar, list: decl.list });
    }
    if let Some(model) = builder.names.models.get(&written.value).copied() {
        let declared = &builder.schema.models[model.0 as usize];
        if declared.is_abstract {
            return Some(Type { scalar: Scalar::Embedded(model), list: decl.list });
        }
        let finding = value_type_has_table(written, &declared.name, Some(decl));
        builder.findings.push(finding.fix_if(relate(builder, owner, decl, &declared.name)));
        return None;
    }
    let finding = match written.value.to_lowercase().as_str() {
        "object" => ambiguous(builder, written)
            .note("write the name of an abstract model for a value with known parts, or `json`"),
        "array" => {
            ambiguous(builder, written).note("write the type of its elements with `[]`, such as `string[]`, or `json`")
        }
        "enum" => Diagnostic::new(&codes::AMBIGUOUS_TYPE, "`enum` does not say which values there are")
            .primary(written.span, "too vague for a type")
            .note("declare the values under the key `enums` beside `models`, and write the enum's name as the `type`"),
        _ => unknown_type(builder, owner, decl, written),
    };
    builder.findings.push(finding);
    None
}

/// The fix that makes a relation of a property whose type is a model with a table.
fn relate(builder: &Builder<'_>, owner: ModelId, decl: &PropertyDecl, target: &Name) -> Option<Fix> {
    let patches = builder.patches;
    let kind = if decl.list { "hasMany" } else { "belongsTo" };
    let default = if decl.list { super::words::plural(&target.value) } else { target.value.clone() };
    let mut entries = vec![(kind, Value::word(&target.value))];
    if super::words::camel(&default) != decl.name.value {
        if !decl.list {
            entries.push(("keyFrom", Value::word(format!("{}Id", decl.name.value))));
        }
        entries.push(("name", Value::word(&decl.name.value)));
    }
    let relations = patches.below(builder.schema.models[owner.0 as usize].name.span)?;
    patches.likely(
        format!("relate to `{}` instead", target.value),
        [patches.remove_entry(decl.name.span), relations.append_item("relations", &Value::map(entries), "properties")],
    )
}

fn scalar(builder: &Builder<'_>, word: &str) -> Option<Scalar> {
    let found = SCALARS.iter().find(|(known, _)| *known == word).map(|(_, scalar)| *scalar);
    found.or_else(|| builder.names.enums.get(word).copied().map(Scalar::Enum))
}

fn ambiguous(builder: &Builder<'_>, written: &Name) -> Diagnostic {
    let json = builder.patches.replace(written.span, &Value::word("json"));
    Diagnostic::new(&codes::AMBIGUOUS_TYPE, format!("`{}` does not say what it holds", written.value))
        .primary(written.span, "too vague for a type")
        .fix_if(builder.patches.likely("write `json`", [json]))
}

/// A model with a table where only a value can stand; `property` is the one whose type it is.
pub(super) fn value_type_has_table(written: &Name, model: &Name, property: Option<&PropertyDecl>) -> Diagnostic {
    let name = &model.value;
    let relation = match property {
        Some(property) if property.list && property.name.value == words::camel(&words::plural(name)) => {
            format!("hasMany: {name}")
        }
        Some(property) if property.list => format!("{{ hasMany: {name}, name: {} }}", property.name.value),
        Some(property) if property.name.value != words::camel(name) => {
            format!("{{ belongsTo: {name}, name: {}, keyFrom: {}Id }}", property.name.value, property.name.value)
        }
        Some(_) => format!("belongsTo: {name}"),
        None => format!("belongsTo: {name}` or `- hasOne: {name}"),
    };
    let finding = Diagnostic::new(
        &codes::VALUE_TYPE_HAS_TABLE,
        format!("`{name}` has a table of its own and cannot be a value inside another model"),
    )
    .primary(written.span, "used as a value")
    .label(model.span, "not abstract");
    finding.note(match property {
        Some(_) => format!(
            "a row of another model is reached by a relation: in the list `relations` write `- {relation}` instead of this property"
        ),
        None => format!("a row of another model is reached by a relation with a key: `- {relation}`"),
    })
    .note(format!("a value without a row of its own is a model with `abstract: true`; `{name}` is not"))
}

fn unknown_type(builder: &Builder<'_>, owner: ModelId, decl: &PropertyDecl, written: &Name) -> Diagnostic {
    let models = &builder.schema.models;
    let enums = || builder.schema.enums.iter().map(|item| item.name.value.as_str());
    let values = || models.iter().filter(|model| model.is_abstract).map(|model| model.name.value.as_str());
    let known = || SCALARS.iter().map(|(word, _)| *word).chain(enums()).chain(values());
    let same = |word: &str| {
        let ours = SCALARS.iter().map(|(word, _)| *word).find(|ours| suggest::is_same_word(word, ours));
        let declared = || (builder.names.enums.contains_key(word)).then_some(word);
        ours.or_else(declared).map(ToOwned::to_owned)
    };
    let finding = Diagnostic::new(&codes::UNKNOWN_TYPE, format!("there is no type `{}`", written.value))
        .primary(written.span, "neither a type, an enum nor an abstract model");
    if let Some(meant) = foreign::read(&written.value, same) {
        let finding = finding.fix_if(meant.fix(decl, builder.patches));
        return if meant.optional {
            finding.note("a property is optional where it does not say `required: true`")
        } else {
            finding
        };
    }
    let base = written.value.split_once('<').map_or(written.value.as_str(), |(_, inner)| inner);
    let base = base.trim_matches(['?', '!', '[', ']', '>', ' ']);
    if let Some(model) = builder.names.models.get(base).map(|id| &models[id.0 as usize]) {
        let name = &model.name.value;
        return if model.is_abstract {
            finding
                .note("a property is optional where it does not say `required: true`")
                .fix(format!("write `{name}`"), [Edit::replace(written.span, name.as_str())])
        } else {
            value_type_has_table(written, &model.name, Some(decl)).fix_if(relate(builder, owner, decl, &model.name))
        };
    }
    match builder.findings.suggest(&written.value, known()) {
        Some(nearest) => finding.fix_if(did_you_mean(written, Some(nearest))),
        None => finding.note(format!(
            "the types are {}, and what is declared under `enums` and as abstract models",
            list(SCALARS.iter().map(|(word, _)| *word).filter(|word| !matches!(*word, "any" | "buffer")), "and")
        )),
    }
}
