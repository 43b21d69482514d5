//! Primary keys, unique constraints and indexes: what can stand in one.

use std::collections::{BTreeMap, BTreeSet};

use super::view::ModelView;
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix, codes};
use crate::graph::{MAX_KEY_PROPERTIES, Property, PropertyId, Scalar};
use crate::patch::Value;
use crate::source::Span;

/// Characters that all strings of one key hold together: what fits an index of every database.
const MAX_KEY_LENGTH: u64 = 768;

/// Bytes of a character of a key, in the database that counts so.
const CHARACTER: u64 = 4;

/// Bytes of the same index.
const MAX_KEY_BYTES: u64 = MAX_KEY_LENGTH * CHARACTER;

/// How many places one finding points at beside its own.
const MAX_LABELS: usize = 6;

/// Whether values of a property can be told apart and sorted by every database alike.
pub(super) fn can_be_compared(property: &Property) -> bool {
    let comparable = !matches!(
        property.ty.scalar,
        Scalar::Text | Scalar::Json | Scalar::Bytes | Scalar::Number | Scalar::Embedded(_)
    );
    comparable && !property.ty.list
}

/// The finding for a property that cannot be compared.
pub(super) fn cannot_be_compared(model: ModelView<'_>, id: PropertyId, place: Span, role: &str) -> Diagnostic {
    let property = model.data.property(id);
    let what = if property.ty.list {
        "a list"
    } else {
        match property.ty.scalar {
            Scalar::Text => "`text`",
            Scalar::Json => "`json`",
            Scalar::Bytes => "`bytes`",
            Scalar::Number => "`number`",
            _ => "an embedded value",
        }
    };
    let ty = model.declaration(id).and_then(|decl| decl.ty.as_ref());
    let finding = Diagnostic::new(&codes::INVALID_KEY_TYPE, format!("`{}` cannot be {role}", property.name))
        .primary(place, format!("{what} cannot be compared alike on every database"));
    let finding = match ty {
        Some(ty) if ty.span != place => finding.label(ty.span, "its type"),
        _ => finding,
    };
    match (property.ty.scalar, ty) {
        (Scalar::Number, Some(ty)) if !property.ty.list => {
            let others: Vec<Span> = model.followers(id).filter_map(|key| Some(key.ty.as_ref()?.span)).collect();
            let edits = [ty.span].into_iter().chain(others.iter().copied());
            let fix = Fix::certain("write `integer`", edits.map(|place| Edit::replace(place, "integer")));
            let label = |finding: Diagnostic, place| finding.label(place, "a key that refers to it");
            others.into_iter().take(MAX_LABELS).fold(finding, label).fix_if(Some(fix))
        }
        (Scalar::Text, ty) => {
            let patches = model.book.patches;
            let string = ty.filter(|_| !property.ty.list).map(|ty| patches.replace(ty.span, &Value::word("string")));
            finding
                .note("use `string` with a `maxLength`")
                .fix_if(string.and_then(|edit| patches.likely("write `string`", [edit])))
        }
        _ => finding,
    }
}

/// Ids, unique and indexed properties have types that can be compared.
pub(super) fn indexed_types_can_be_compared(model: ModelView<'_>, findings: &mut Diagnostics) {
    for property in model.own_properties() {
        let id = property.id;
        if can_be_compared(property.data) || model.has_type_of_another(id) {
            continue;
        }
        let flags = [
            (&property.decl.id, "part of the primary key"),
            (&property.decl.unique, "unique"),
            (&property.decl.index, "indexed"),
        ];
        let first =
            flags.into_iter().find_map(|(flag, role)| Some((flag.as_ref().filter(|flag| flag.value)?.span, role)));
        if let Some((place, role)) = first {
            // `number` is mended at its type.
            let place = match (&property.decl.ty, property.data.ty.scalar) {
                (Some(ty), Scalar::Number) => ty.span,
                _ => place,
            };
            findings.push(cannot_be_compared(model, id, place, role));
        }
    }
    for index in &model.data.indexes {
        let is_unfit = |id: &&PropertyId| {
            model.is_sound(**id) && !can_be_compared(model.data.property(**id)) && !model.has_type_of_another(**id)
        };
        if let Some(id) = index.properties.iter().find(is_unfit) {
            findings.push(cannot_be_compared(model, *id, index.span, "indexed"));
        }
    }
}

/// A primary key, an index of one property, or one of `indexes`.
struct Key {
    properties: Vec<PropertyId>,
    place: Span,
    what: &'static str,
    /// It is unique among live rows, which a column more tells apart in some databases.
    is_of_live_rows: bool,
}

fn keys(model: ModelView<'_>) -> impl Iterator<Item = Key> + use<'_> {
    let data = model.data;
    let key = |properties, place, what, unique: bool| Key {
        properties,
        place,
        what,
        is_of_live_rows: unique && data.soft_delete,
    };
    let single = move |(id, property): (PropertyId, &Property)| {
        (property.unique || property.index).then(|| key(vec![id], property.span, "the index", property.unique))
    };
    let primary = data.key.first().map(|id| key(data.key.clone(), data.property(*id).span, "the primary key", false));
    let declared =
        data.indexes.iter().map(move |index| key(index.properties.clone(), index.span, "the index", index.unique));
    primary.into_iter().chain(data.properties().filter_map(single)).chain(declared)
}

/// A key has no more properties than an index has columns. One that refers to it is not reported a second time.
pub(super) fn keys_have_few_properties(model: ModelView<'_>, findings: &mut Diagnostics) {
    for Key { properties, place, what, is_of_live_rows } in keys(model).filter(|_| !model.data.is_abstract) {
        let (name, count) = (&model.data.name, properties.len());
        let most = MAX_KEY_PROPERTIES - usize::from(is_of_live_rows);
        if count <= most {
            continue;
        }
        let finding =
            Diagnostic::new(&codes::TOO_MANY_KEY_PROPERTIES, format!("{what} of `{name}` has {count} properties"))
                .primary(place, format!("at most {most} fit into an index of every database"));
        let finding = if is_of_live_rows {
            finding.note("with `softDelete`, whether the row is deleted takes the place of one")
        } else {
            finding
        };
        findings.push(finding.note(if what == "the primary key" {
            "rows can have a generated `id`, and be found by fewer properties"
        } else {
            "the first few tell most rows apart"
        }));
    }
}

/// The strings of a key fit into an index.
pub(super) fn keys_are_short_enough(model: ModelView<'_>, findings: &mut Diagnostics) {
    if model.data.is_abstract {
        return;
    }
    // A key that is too long where it refers to is reported there.
    let refers_to_short = |relation: &super::view::RelationView<'_>| {
        let target = relation.target();
        relation.data.key_to.iter().map(|id| length(target, *id)).sum::<u64>() <= MAX_KEY_LENGTH
    };
    let held = model.relations().filter(|relation| relation.data.kind == crate::graph::RelationKind::BelongsTo);
    let held = held.filter(refers_to_short);
    let held = held.map(|relation| Key {
        properties: relation.data.key_from.clone(),
        place: relation.key_from_place(),
        what: "the key of the relation",
        is_of_live_rows: false,
    });
    let mut seen: BTreeSet<Vec<PropertyId>> = BTreeSet::new();
    for Key { properties, place, what, is_of_live_rows } in keys(model).chain(held) {
        if properties.len() > MAX_KEY_PROPERTIES || seen.contains(&properties) {
            continue;
        }
        let length: u64 = properties.iter().map(|id| length(model, *id)).sum();
        let others: u64 = properties.iter().map(|id| bytes(model, *id)).sum();
        let bytes = length.saturating_mul(CHARACTER) + others + u64::from(is_of_live_rows);
        if length <= MAX_KEY_LENGTH && bytes > MAX_KEY_BYTES {
            findings.push(
                Diagnostic::new(
                    &codes::KEY_TOO_LONG,
                    format!("{what} of {} takes {bytes} bytes", model.list(&properties)),
                )
                .primary(place, format!("at most {MAX_KEY_BYTES} fit into an index of every database"))
                .note(if is_of_live_rows {
                    "a character takes 4 bytes, and with `softDelete` whether the row is deleted takes one"
                } else {
                    "a character of a `string` or of an enum takes 4 bytes"
                }),
            );
            seen.insert(properties);
            continue;
        }
        if length <= MAX_KEY_LENGTH {
            continue;
        }
        let finding = Diagnostic::new(
            &codes::KEY_TOO_LONG,
            format!("{what} of {} holds {length} characters", model.list(&properties)),
        )
        .primary(place, format!("at most {MAX_KEY_LENGTH} fit into an index of every database"));
        let written = properties.iter().filter_map(|id| model.declaration(*id)?.max_length.as_ref());
        let finding = written.fold(finding, |finding, max| finding.label(max.span, "counts in full"));
        findings.push(finding.note("a `string` counts with its `maxLength`, which is 255 where it is silent"));
        seen.insert(properties);
    }
}

/// Characters of a value at most.
fn length(model: ModelView<'_>, id: PropertyId) -> u64 {
    let property = model.data.property(id);
    match property.ty.scalar {
        Scalar::String if model.is_sound(id) => property.max_length.unwrap_or_default(),
        Scalar::Enum(of) => {
            let variants = &model.book.graph.enumeration(of).variants;
            let longest = variants.iter().map(|variant| variant.value.chars().count()).max();
            longest.and_then(|longest| u64::try_from(longest).ok()).unwrap_or_default()
        }
        _ => 0,
    }
}

/// Bytes of a value that has no characters, at most.
fn bytes(model: ModelView<'_>, id: PropertyId) -> u64 {
    let property = model.data.property(id);
    match property.ty.scalar {
        Scalar::Integer | Scalar::DateTime => 8,
        Scalar::Int32 => 4,
        Scalar::Boolean => 1,
        Scalar::Date => 3,
        Scalar::Time => 6,
        Scalar::Uuid => 16,
        // Nine digits in four bytes; rounded up on either side of the point.
        Scalar::Decimal => u64::from(property.precision).div_ceil(9) * 4 + 4,
        _ => 0,
    }
}

/// Two equal indexes cost twice and help once.
pub(super) fn indexes_differ(model: ModelView<'_>, findings: &mut Diagnostics) {
    let mut known: BTreeMap<Vec<PropertyId>, (Span, bool, &str)> = BTreeMap::new();
    if let Some(first) = model.data.key.first() {
        known.insert(model.data.key.clone(), (model.data.property(*first).span, true, "the primary key is an index"));
    }
    for (id, _) in model.data.properties() {
        let Some(decl) = model.declaration(id) else { continue };
        let flags = [(&decl.unique, true, "a unique property is indexed"), (&decl.index, false, "indexed here")];
        for (flag, unique, label) in flags {
            let Some(flag) = flag.as_ref().filter(|flag| flag.value) else { continue };
            report_equal(&mut known, vec![id], (flag.span, unique, label), model, findings);
        }
    }
    for index in &model.data.indexes {
        report_equal(&mut known, index.properties.clone(), (index.span, index.unique, "indexed here"), model, findings);
    }
}

/// A unique constraint beside a plain index still says something; the index then is the one too many.
fn report_equal<'a>(
    known: &mut BTreeMap<Vec<PropertyId>, (Span, bool, &'a str)>,
    properties: Vec<PropertyId>,
    new: (Span, bool, &'a str),
    model: ModelView<'_>,
    findings: &mut Diagnostics,
) {
    let (names, are) = (model.list(&properties), if properties.len() == 1 { "is" } else { "are" });
    let Some(first) = known.get(&properties).copied() else {
        known.insert(properties, new);
        return;
    };
    let (surplus, kept) = if new.1 && !first.1 { (first, new) } else { (new, first) };
    known.insert(properties, kept);
    findings.push(
        Diagnostic::new(&codes::DUPLICATE_INDEX, format!("{names} {are} indexed twice"))
            .primary(surplus.0, "this index adds nothing")
            .label(kept.0, kept.2)
            .fix_if(remove_index(model, surplus, surplus.1 == kept.1)),
    );
}

/// Takes an index out, be it a flag of a property or an item of `indexes`; one with a name may be known to somebody.
fn remove_index(model: ModelView<'_>, (place, ..): (Span, bool, &str), is_equal: bool) -> Option<Fix> {
    let patches = model.book.patches;
    let declared = model.data.indexes.iter().find(|index| index.span == place);
    let edit = if declared.is_some() { patches.remove_item(place) } else { patches.remove_entry(place) };
    let fix = patches.certain("remove it", [edit]);
    if is_equal && declared.is_none_or(|index| index.name.is_none()) { fix } else { fix.map(Fix::unsure) }
}
