//! Whether the paths of the settings keep out of each other's way. By their words alone; does no I/O.

use super::read::invalid;
use super::{SchemaSettings, Settings};
use crate::diagnostic::Diagnostics;
use crate::source::{Spanned, load};

/// Reports folders that two schemas share, and emitted code that would lie in a schema or on other emitted code.
pub(super) fn check(settings: &Settings, findings: &mut Diagnostics) {
    schemas_share_no_folder(settings, findings);
    outs_differ(settings, findings);
    outs_are_outside_of_schemas(settings, findings);
    baseline_is_outside_of_schemas(settings, findings);
}

/// A file may belong to several schemas, where each lists it; a folder that does was hardly meant to.
fn schemas_share_no_folder(settings: &Settings, findings: &mut Diagnostics) {
    for (at, schema) in settings.schemas.iter().enumerate() {
        for path in folders(schema) {
            let earlier = settings.schemas[..at].iter().flat_map(folders);
            let shared = earlier.clone().find(|other| contains(other, path) || contains(path, other));
            if let Some(other) = shared {
                let message = if parts(&path.value) == parts(&other.value) {
                    format!("two schemas share the folder `{}`", path.value)
                } else {
                    let (inner, outer) = if contains(other, path) { (path, other) } else { (other, path) };
                    format!("the folder `{}` of one schema lies in `{}` of another", inner.value, outer.value)
                };
                findings.push(
                    invalid(message)
                        .primary(path.span, "what lies there would belong to both")
                        .label(other.span, "the other schema")
                        .note("give each schema a folder of its own; single files may be listed by several"),
                );
            }
        }
    }
}

fn outs_differ(settings: &Settings, findings: &mut Diagnostics) {
    let mut earlier: Vec<&Spanned<String>> = Vec::new();
    for out in settings.schemas.iter().filter_map(|schema| schema.out.as_ref()) {
        if let Some(other) = earlier.iter().find(|other| parts(&other.value) == parts(&out.value)) {
            findings.push(
                invalid(format!("two schemas are written to `{}`", out.value))
                    .primary(out.span, "each would remove the code of the other")
                    .label(other.span, "the other schema"),
            );
        }
        earlier.push(out);
    }
}

fn outs_are_outside_of_schemas(settings: &Settings, findings: &mut Diagnostics) {
    for out in settings.schemas.iter().filter_map(|schema| schema.out.as_ref()) {
        if let Some(folder) = settings.schemas.iter().flat_map(folders).find(|folder| contains(folder, out)) {
            findings.push(
                invalid(format!("the output folder `{}` lies in the schema folder `{}`", out.value, folder.value))
                    .primary(out.span, "every build would write what starts the next one")
                    .label(folder.span, "watched for changes")
                    .note("choose another `out`"),
            );
        }
    }
}

fn baseline_is_outside_of_schemas(settings: &Settings, findings: &mut Diagnostics) {
    let Some(baseline) = &settings.baseline else { return };
    // Of that name, it is left out in folders as `relata.yaml` is.
    if !load::is_schema(parts(&baseline.value).last().copied().unwrap_or_default()) {
        return;
    }
    if let Some(folder) = settings.schemas.iter().flat_map(folders).find(|folder| contains(folder, baseline)) {
        findings.push(
            invalid(format!("the baseline `{}` lies in the schema folder `{}`", baseline.value, folder.value))
                .primary(baseline.span, "it would be read as a schema")
                .label(folder.span, "every file in here is a schema"),
        );
    }
}

/// The paths of a schema that are, or may be, folders.
fn folders(schema: &SchemaSettings) -> impl Iterator<Item = &Spanned<String>> + Clone {
    schema.paths.iter().filter(|path| !load::is_schema(&path.value) && !path.value.contains(['*', '?']))
}

fn contains(folder: &Spanned<String>, path: &Spanned<String>) -> bool {
    let (folder, path) = (parts(&folder.value), parts(&path.value));
    // What leads further up contains nothing that is known here.
    path.starts_with(&folder) && path.get(folder.len()) != Some(&"..")
}

/// The names on the way, without `.` and with `..` taken back.
fn parts(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = if path.starts_with('/') { vec!["/"] } else { Vec::new() };
    for name in path.split(['/', '\\']) {
        match name {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn paths_are_compared_by_where_they_lead() {
        for (path, expected) in [
            ("schemas/shop", &["schemas", "shop"][..]),
            ("./schemas//shop/", &["schemas", "shop"]),
            ("schemas/clinic/../shop", &["schemas", "shop"]),
            ("../schemas", &["..", "schemas"]),
            ("../../a", &["..", "..", "a"]),
            ("/a/b", &["/", "a", "b"]),
            (".", &[]),
        ] {
            assert_eq!(parts(path), expected, "{path}");
        }
    }
}
