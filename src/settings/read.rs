//! The tree of a `relata.yaml` into [`Settings`]; whatever does not fit is a finding.

use super::options::{self, Place};
use super::{FILE, SchemaSettings, Settings, paths};
use crate::ast::{Reader, did_you_mean, list};
use crate::diagnostic::levels::{Level, Lint, LintError};
use crate::diagnostic::{CodeInfo, Diagnostic, Diagnostics, codes, suggest};
use crate::patch::Patches;
use crate::source::Spanned;
use crate::syntax::{Entry, Kind, Node};

const KEYS: &[&str] = &["schemas", "out", "baseline", "lints", "derives", "attributes"];
const SCHEMA_KEYS: &[&str] = &["paths", "out", "derives", "attributes"];

/// Reads what is understood and reports the rest.
pub(super) fn settings(root: Node, patches: &Patches<'_>, findings: &mut Diagnostics) -> Settings {
    let mut here = Diagnostics::default();
    let mut settings = Settings::default();
    let mut reader = Reader { patches, findings: &mut here };
    let span = root.span;
    let entries = reader.map(root, span, FILE).unwrap_or_default();
    // Whether there are several decides what the other keys may say.
    let (schemas, others): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.key.value == "schemas");
    for entry in schemas {
        read_schemas(entry, &mut settings, &mut reader);
    }
    for entry in others {
        top_level(entry, &mut settings, &mut reader);
    }
    paths::check(&settings, reader.findings);
    of_settings(here, findings);
    settings
}

/// The front end's words fit; its codes are explained by schemas.
pub(crate) fn of_settings(mut here: Diagnostics, findings: &mut Diagnostics) {
    here.recode(&codes::INVALID_CONFIG, CodeInfo::is_of_settings);
    findings.append(here);
}

fn top_level(entry: Entry, settings: &mut Settings, reader: &mut Reader<'_>) {
    match entry.key.value.as_str() {
        "$schema" => {}
        "baseline" => settings.baseline = path(entry, reader),
        "lints" => levels(entry, settings, reader),
        key if SCHEMA_KEYS.contains(&key) && key != "paths" => match settings.schemas.as_mut_slice() {
            [schema] if schema.name.is_none() => of_schema(entry, schema, reader),
            several => {
                let first = several.first().and_then(|schema| schema.name.as_ref());
                let finding = invalid(format!("with several schemas, `{key}` belongs to each of them"))
                    .primary(entry.key.span, "which schema this is for is not said");
                reader.findings.push(match first {
                    Some(name) => finding
                        .label(name.span, "for example to this one")
                        .note(format!("write `{}: {{ paths: …, {key}: … }}`", name.value)),
                    None => finding,
                });
            }
        },
        _ => reader.unknown_key(&entry.key, FILE, KEYS),
    }
}

/// A path, a list of paths, or schemas by name.
fn read_schemas(entry: Entry, settings: &mut Settings, reader: &mut Reader<'_>) {
    match entry.value.kind {
        Kind::Map(schemas) => {
            if schemas.is_empty() {
                reader.findings.push(
                    invalid("`schemas` names no schema").primary(entry.key.span, "expected a path, or schemas by name"),
                );
                return;
            }
            settings.schemas = schemas.into_iter().map(|entry| named(entry, reader)).collect();
        }
        Kind::Null | Kind::List(_) | Kind::String(_) => {
            settings.schemas = vec![SchemaSettings { paths: paths_of(entry, reader), ..SchemaSettings::default() }];
        }
        _ => {
            reader.refuse::<()>("schemas", "a path, a list of paths or a map of schemas", &entry.value, entry.key.span);
        }
    }
}

fn named(entry: Entry, reader: &mut Reader<'_>) -> SchemaSettings {
    let name = entry.key.clone();
    let mut schema = SchemaSettings { name: Some(name.clone()), ..SchemaSettings::default() };
    let errors = reader.findings.errors();
    match entry.value.kind {
        Kind::Map(entries) => {
            for entry in entries {
                of_schema(entry, &mut schema, reader);
            }
            if schema.paths.is_empty() && reader.findings.errors() == errors {
                reader.findings.push(
                    invalid(format!("the schema `{}` needs the key `paths`", name.value))
                        .primary(name.span, "`paths` is missing here"),
                );
            }
        }
        Kind::List(_) | Kind::String(_) => schema.paths = paths_of(entry, reader),
        _ => {
            let expected = "a path, a list of paths or a map with `paths`";
            reader.refuse::<()>(&name.value, expected, &entry.value, name.span);
        }
    }
    schema
}

fn of_schema(entry: Entry, schema: &mut SchemaSettings, reader: &mut Reader<'_>) {
    match entry.key.value.as_str() {
        "paths" => schema.paths = paths_of(entry, reader),
        "out" => schema.out = path(entry, reader),
        "derives" => options::read(entry, Place::Derive, &mut schema.attributes, reader),
        "attributes" => options::read(entry, Place::Attribute, &mut schema.attributes, reader),
        _ => reader.unknown_key(&entry.key, "a schema in relata.yaml", SCHEMA_KEYS),
    }
}

fn paths_of(entry: Entry, reader: &mut Reader<'_>) -> Vec<Spanned<String>> {
    let paths = reader.names(entry).unwrap_or_default();
    paths.iter().filter_map(|path| checked(path, reader)).collect()
}

fn path(entry: Entry, reader: &mut Reader<'_>) -> Option<Spanned<String>> {
    if !matches!(entry.value.kind, Kind::String(_) | Kind::Number(_)) {
        return reader.refuse(&entry.key.value, "a path", &entry.value, entry.key.span);
    }
    let path = reader.string(entry)?;
    checked(&path, reader)
}

fn checked(path: &Spanned<String>, reader: &mut Reader<'_>) -> Option<Spanned<String>> {
    let reason = match path.value.as_str() {
        "" => "a path is empty",
        "-" => "`-` is standard input, which settings cannot read",
        // Settings are for every system, and a name holds no backslash on all of them.
        value => return Some(Spanned { value: value.replace('\\', "/"), span: path.span }),
    };
    reader.findings.push(invalid(reason).primary(path.span, "expected a file, a folder or a pattern"));
    None
}

fn levels(entry: Entry, settings: &mut Settings, reader: &mut Reader<'_>) {
    for entry in map(entry, "a map, such as `{ unused-enum: allow }`", reader) {
        let Some(level) = level(&entry, reader) else { continue };
        let key = &entry.key;
        match Lint::find(&key.value, level) {
            Ok(lint) => settings.levels.set_in_file(lint, level),
            Err(LintError::Unknown(nearest)) => reader.findings.push(unknown_code(key, nearest)),
            Err(LintError::IsError(code)) => reader.findings.push(
                invalid(format!("`{code}` is an error, which no level can {}", level.as_str()))
                    .primary(key.span, "only warnings have levels")
                    .note("known errors of an old schema can go into a baseline: `relata check --baseline FILE --update-baseline`"),
            ),
        }
    }
}

/// The entries of a map, which an example shows where something else stands.
pub(super) fn map(entry: Entry, expected: &str, reader: &mut Reader<'_>) -> Vec<Entry> {
    match entry.value.kind {
        Kind::Map(entries) => entries,
        Kind::Null => Vec::new(),
        _ => reader.refuse(&entry.key.value, expected, &entry.value, entry.key.span).unwrap_or_default(),
    }
}

fn level(entry: &Entry, reader: &mut Reader<'_>) -> Option<Level> {
    let word = match &entry.value.kind {
        Kind::String(word) => Spanned { value: word.clone(), span: entry.value.span },
        _ => return reader.refuse(&entry.key.value, "`allow`, `warn` or `deny`", &entry.value, entry.key.span),
    };
    if let Some((_, level)) = Level::ALL.iter().find(|(known, _)| *known == word.value) {
        return Some(*level);
    }
    let known = || Level::ALL.iter().map(|(known, _)| *known);
    // What other linters call it.
    let meant = match word.value.to_lowercase().as_str() {
        "off" | "ignore" | "none" | "no" => Some("allow"),
        "error" | "forbid" => Some("deny"),
        "warning" | "on" => Some("warn"),
        word => suggest::nearest(word, known()),
    };
    reader.findings.push(
        invalid(format!("`{}` is not a lint level", word.value))
            .primary(word.span, format!("expected {}", list(known(), "or")))
            .fix_if(did_you_mean(&word, meant)),
    );
    None
}

/// The finding for a name that is no code.
pub(crate) fn unknown_code(word: &Spanned<String>, nearest: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(&codes::UNKNOWN_CODE, format!("there is no code `{}`", word.value))
        .primary(word.span, "expected the code of a finding");
    match nearest {
        Some(_) => finding.fix_if(did_you_mean(word, nearest)),
        None => finding.note("`relata explain` lists every code"),
    }
}

/// A finding of the settings' own.
pub(super) fn invalid(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&codes::INVALID_CONFIG, message)
}
