//! The trees of all files into one [`Schema`].

use super::owners::{DATASOURCE, FILE, MODEL, VARIANT};
use super::reader::{Reader, list, wrong_type};
use super::{DatasourceDecl, EnumDecl, Name, Schema, VariantDecl, misread, model, view};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix, codes};
use crate::patch::Patches;
use crate::source::Span;
use crate::syntax::{Entry, Kind, Node};

/// How many places one finding points at beside its own.
pub(super) const MAX_LABELS: usize = 6;

/// Reads the declarations of every file, in the order of the files.
pub(crate) fn lower(roots: Vec<Node>, patches: &Patches<'_>, findings: &mut Diagnostics) -> Schema {
    let mut schema = Schema::default();
    let mut reader = Reader { patches, findings };
    let mut first = None;
    for root in roots {
        let span = root.span;
        first.get_or_insert(Span { end: span.start, ..span });
        let entries = reader.map(root, span, "a schema file").unwrap_or_default();
        let entries = whole_model(entries, span, &mut schema, &mut reader);
        let entries = stray_models(entries, &mut schema, &mut reader);
        for (key, entry) in reader.keys(entries, &FILE) {
            top_level(key, entry, &mut schema, &mut reader);
        }
    }
    // A file that could not be read may have some.
    if let Some(place) = first.filter(|_| schema.models.is_empty() && !findings.has_errors()) {
        findings.push(
            Diagnostic::new(&codes::NO_MODELS, "the schema has no model")
                .primary(place, "nothing is generated of it but enums")
                .note("models stand under the key `models`, in this file or in another that is given too"),
        );
    }
    schema
}

/// A file that is one model, as other tools have them, is reported once, and read as that model.
fn whole_model(entries: Vec<Entry>, whole: Span, schema: &mut Schema, reader: &mut Reader<'_>) -> Vec<Entry> {
    let find = |key: &str| entries.iter().find(|entry| entry.key.value == key);
    let properties = find("properties").filter(|entry| matches!(entry.value.kind, Kind::Map(_)));
    let Some(properties) = properties.filter(|_| find("models").is_none()) else { return entries };
    let named = find("name").filter(|entry| matches!(entry.value.kind, Kind::String(_)));
    let name = named.and_then(|entry| match &entry.value.kind {
        Kind::String(name) => Some(Name { value: name.clone(), span: entry.value.span }),
        _ => None,
    });
    let shown = name.as_ref().map_or("Customer", |name| &name.value);
    let written = if named.is_some_and(|entry| entry.value.quoted) {
        format!("{{ \"models\": {{ \"{shown}\": {{ \"properties\": … }} }} }}")
    } else {
        format!("models: {{ {shown}: {{ properties: … }} }}")
    };
    let of_file = |entry: &Entry| FILE.key(&entry.key.value).is_some();
    let fix =
        named.filter(|_| !entries.iter().any(of_file)).and_then(|named| put_below(&entries, named, whole, reader));
    reader.findings.push(
        Diagnostic::new(&codes::UNKNOWN_KEY, "a model stands at the top of the file")
            .primary(named.map_or(properties.key.span, |named| named.key.span), "not under `models`")
            .note(format!("a model stands under the key `models` by its name: `{written}`"))
            .fix_if(fix),
    );
    let (file, mut model): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(of_file);
    if let Some(name) = name {
        model.retain(|entry| entry.key.value != "name");
        let value = Node { span: whole, quoted: false, kind: Kind::Map(model) };
        schema.models.push(model::model(Entry { key: name, value }, reader));
    }
    file
}

/// The fix that puts a file in braces under `models`; the lines of a block would all have to be moved.
fn put_below(entries: &[Entry], name: &Entry, whole: Span, reader: &Reader<'_>) -> Option<Fix> {
    let Kind::String(text) = &name.value.kind else { return None };
    if !misread::is_plain(text)
        || entries.first()?.key.span.start.saturating_sub(u32::from(name.value.quoted)) <= whole.start
    {
        return None;
    }
    let quote = if name.value.quoted { "\"" } else { "" };
    let before = format!("{{ {quote}models{quote}: {{ {quote}{text}{quote}: ");
    let patches = reader.patches;
    let edits = [
        Some(Edit::insert(whole, before)),
        patches.remove_entry(name.key.span),
        patches.after_braces(whole.file, " } }"),
    ];
    patches.likely(format!("put it under `models` as `{text}`"), edits)
}

/// Models that stand beside `models` instead of under it are reported once, and read as models.
fn stray_models(entries: Vec<Entry>, schema: &mut Schema, reader: &mut Reader<'_>) -> Vec<Entry> {
    let is_stray = |entry: &Entry| {
        let named = entry.key.value.starts_with(|first: char| first.is_ascii_uppercase());
        named && FILE.key(&entry.key.value.to_lowercase()).is_none() && matches!(entry.value.kind, Kind::Map(_))
    };
    if !entries.iter().any(is_stray) {
        return entries;
    }
    let at = entries.iter().position(|entry| entry.key.value == "models");
    let follow = at.map_or(0, |at| entries[at + 1..].iter().take_while(|entry| is_stray(entry)).count());
    let (strays, rest): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(is_stray);
    let names = list(strays.iter().map(|entry| entry.key.value.as_str()), "and");
    let message = match strays.as_slice() {
        [_] => format!("the model {names} stands outside `models`"),
        _ => format!("the models {names} stand outside `models`"),
    };
    let finding = Diagnostic::new(&codes::UNKNOWN_KEY, message).primary(strays[0].key.span, "looks like a model");
    let finding = strays[1..].iter().take(MAX_LABELS).fold(finding, |finding, entry| finding.label(entry.key.span, ""));
    // Lines elsewhere would have to be moved, not only indented.
    let fix = (follow == strays.len())
        .then(|| reader.patches.indent(strays.iter().map(|entry| entry.key.span)))
        .and_then(|edits| reader.patches.likely(if follow == 1 { "indent it" } else { "indent them" }, edits));
    let finding = finding.note(if at.is_some() {
        "models stand under the key `models`, indented below it"
    } else {
        "put the key `models` above them, and indent them below it"
    });
    reader.findings.push(finding.fix_if(fix));
    schema.models.extend(strays.into_iter().map(|entry| {
        let mut model = model::model(entry, reader);
        model.broken = true;
        model
    }));
    rest
}

/// Keys of a model that stand beside it instead of below it are reported once a model, and read as its keys.
fn with_stray_keys(entries: Vec<Entry>, reader: &mut Reader<'_>) -> Vec<Entry> {
    let mut models: Vec<Entry> = Vec::new();
    let mut strays: Vec<Name> = Vec::new();
    for entry in entries {
        if MODEL.key(&entry.key.value).is_some()
            && let Some(model) = models.last_mut()
            && let Kind::Map(_) | Kind::Null = model.value.kind
        {
            strays.push(entry.key.clone());
            let mut keys = match std::mem::replace(&mut model.value.kind, Kind::Null) {
                Kind::Map(keys) => keys,
                _ => Vec::new(),
            };
            keys.push(entry);
            model.value.kind = Kind::Map(keys);
            continue;
        }
        stray_keys(models.last(), &std::mem::take(&mut strays), reader);
        models.push(entry);
    }
    stray_keys(models.last(), &strays, reader);
    models
}

fn stray_keys(model: Option<&Entry>, strays: &[Name], reader: &mut Reader<'_>) {
    let (Some(model), Some(first)) = (model, strays.first()) else { return };
    let names = list(strays.iter().map(|key| key.value.as_str()), "and");
    let stand = if strays.len() == 1 { "stands" } else { "stand" };
    let message = format!("{names} {stand} beside the model `{}` instead of below it", model.key.value);
    let finding = Diagnostic::new(&codes::UNKNOWN_KEY, message)
        .primary(first.span, "read as the name of a model")
        .label(model.key.span, "belongs to this model");
    let finding = strays[1..].iter().take(MAX_LABELS).fold(finding, |finding, key| finding.label(key.span, ""));
    let it = if strays.len() == 1 { "indent it" } else { "indent them" };
    let fix = reader.patches.likely(it, reader.patches.indent(strays.iter().map(|key| key.span)));
    reader.findings.push(finding.note("the keys of a model are indented below its name").fix_if(fix));
}

fn top_level(key: &str, entry: Entry, schema: &mut Schema, reader: &mut Reader<'_>) {
    let span = entry.key.span;
    match key {
        "relata" => version(&entry, reader),
        "datasources" => {
            for entry in reader.map(entry.value, span, "datasources").unwrap_or_default() {
                schema.datasources.push(datasource(entry, reader));
            }
        }
        "enums" => {
            for entry in reader.map(entry.value, span, "enums").unwrap_or_default() {
                schema.enums.push(enumeration(entry, reader));
            }
        }
        "models" => {
            let entries = reader.map(entry.value, span, "models").unwrap_or_default();
            for entry in with_stray_keys(entries, reader) {
                schema.models.push(model::model(entry, reader));
            }
        }
        "views" => {
            for entry in reader.map(entry.value, span, "views").unwrap_or_default() {
                schema.views.push(view::view(entry, reader));
            }
        }
        // `$schema` is for editors.
        _ => {}
    }
}

fn version(entry: &Entry, reader: &mut Reader<'_>) {
    let Some(version) = reader.count(entry) else {
        return;
    };
    if version.value != 1 {
        reader.findings.push(
            Diagnostic::new(
                &codes::UNSUPPORTED_VERSION,
                format!("version {} of the schema language is not known here", version.value),
            )
            .primary(version.span, "this compiler reads version 1")
            .fix_if(Some(Fix::likely("write `1`", [Edit::replace(version.span, "1")]))),
        );
    }
}

fn datasource(entry: Entry, reader: &mut Reader<'_>) -> DatasourceDecl {
    let mut description = None;
    let entries = reader.map(entry.value, entry.key.span, &entry.key.value).unwrap_or_default();
    for (_, entry) in reader.keys(entries, &DATASOURCE) {
        description = reader.string(entry);
    }
    DatasourceDecl { name: entry.key, description }
}

fn enumeration(entry: Entry, reader: &mut Reader<'_>) -> EnumDecl {
    let errors = reader.findings.errors();
    let name = entry.key.clone();
    let items = match &entry.value.kind {
        Kind::Map(_) | Kind::String(_) => {
            let finding = wrong_type(&name.value, "a list of values", &entry.value, name.span);
            reader.findings.push(finding.note("an enum is written `Status: [open, closed]`"));
            Vec::new()
        }
        _ => reader.list(entry).unwrap_or_default(),
    };
    let variants = items.into_iter().filter_map(|item| variant(item, &name, reader)).collect();
    EnumDecl { broken: reader.findings.errors() > errors, name, variants }
}

fn variant(node: Node, owner: &Name, reader: &mut Reader<'_>) -> Option<VariantDecl> {
    let span = node.span;
    let Kind::Map(entries) = node.kind else {
        let value = reader.string_node(node, owner.span, &owner.value)?;
        return Some(VariantDecl { value, name: None });
    };
    let (mut value, mut name) = (None, None);
    let errors = reader.findings.errors();
    for (key, entry) in reader.keys(entries, &VARIANT) {
        match key {
            "value" => value = reader.string(entry),
            _ => name = reader.string(entry),
        }
    }
    if value.is_none() && reader.findings.errors() == errors {
        reader.missing_key(span, "value", "an enum's value");
    }
    Some(VariantDecl { value: value?, name })
}
