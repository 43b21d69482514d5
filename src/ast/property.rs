//! One property's declaration, short or long.

use super::owners::PROPERTY;
use super::reader::Reader;
use super::{Name, PropertyDecl};
use crate::patch::Value;
use crate::source::Span;
use crate::syntax::{Entry, Kind};

pub(super) fn property(entry: Entry, reader: &mut Reader<'_>) -> PropertyDecl {
    let errors = reader.findings.errors();
    let mut property = silent(entry.key.clone());
    match entry.value.kind {
        Kind::String(_) => set_type(&mut property, reader.string(entry)),
        Kind::Map(entries) => {
            property.long = true;
            for (key, entry) in reader.keys(entries, &PROPERTY) {
                part(key, entry, &mut property, reader);
            }
        }
        Kind::Null => {}
        _ => {
            let what = property.name.value.clone();
            reader.refuse::<()>(&what, "a type or a map", &entry.value, property.name.span);
        }
    }
    if property.ty.is_none() && reader.findings.errors() == errors {
        let owner = format!("the property `{}`", property.name.value);
        let ty = if property.id.is_some() || property.generated.is_some() { "integer" } else { "string" };
        let edit = reader.patches.below(property.name.span).and_then(|place| place.prepend("type", &Value::word(ty)));
        let fix = reader.patches.likely(format!("add `type: {ty}`"), [edit]);
        reader.missing_key_with(property.name.span, "type", &owner, fix);
    }
    property.broken = reader.findings.errors() > errors;
    property
}

fn part(key: &str, entry: Entry, property: &mut PropertyDecl, reader: &mut Reader<'_>) {
    match key {
        "type" => {
            let written = reader.string(entry);
            set_type(property, written);
        }
        "list" => property.list |= reader.boolean(&entry).is_some_and(|written| written.value),
        "id" => property.id = reader.boolean(&entry),
        "generated" => property.generated = reader.boolean(&entry),
        "required" => property.required = reader.boolean(&entry),
        "default" => property.default = Some(entry.value),
        "unique" => property.unique = reader.boolean(&entry),
        "index" => property.index = reader.boolean(&entry),
        "column" => property.column = reader.string(entry),
        "hidden" => property.hidden = reader.boolean(&entry),
        "minLength" => property.min_length = reader.count(&entry),
        "maxLength" => property.max_length = reader.count(&entry),
        "pattern" => property.pattern = reader.string(entry),
        "minimum" => property.minimum = reader.number(entry),
        "maximum" => property.maximum = reader.number(entry),
        "precision" => property.precision = reader.count(&entry),
        "scale" => property.scale = reader.count(&entry),
        "version" => property.version = reader.boolean(&entry),
        _ => property.description = reader.string(entry),
    }
}

/// `T[]` is a list of `T`.
fn set_type(property: &mut PropertyDecl, written: Option<Name>) {
    let Some(mut ty) = written else { return };
    if let Some(item) = ty.value.strip_suffix("[]") {
        let item = item.trim_end().to_owned();
        let dropped = u32::try_from(ty.value.len() - item.len()).unwrap_or_default();
        ty.span = Span { end: ty.span.end.saturating_sub(dropped), ..ty.span };
        ty.value = item;
        property.list = true;
    }
    property.ty = Some(ty);
}

fn silent(name: Name) -> PropertyDecl {
    PropertyDecl {
        name,
        broken: false,
        long: false,
        ty: None,
        list: false,
        id: None,
        generated: None,
        required: None,
        default: None,
        unique: None,
        index: None,
        column: None,
        hidden: None,
        version: None,
        min_length: None,
        max_length: None,
        pattern: None,
        minimum: None,
        maximum: None,
        precision: None,
        scale: None,
        description: None,
    }
}
