//! Schemas to write and to write over.

use std::fmt::Write as _;

use super::Held;
use super::held;
use super::program::Folder;

pub(crate) const BOOK: &str =
    "models:\n  Book:\n    properties:\n      id: { type: integer, id: true, generated: true }\n      title: string\n";

/// Models `First…` to `Last…`, each with a property of that name: two of these share some models, whose files differ.
pub(crate) fn models(range: std::ops::Range<usize>, property: &str) -> String {
    range.fold(String::from("models:\n"), |mut text, at| {
        writeln!(text, "  M{at}: {{ properties: {{ id: {{ type: integer, id: true }}, {property}: string }} }}")
            .expect("a string takes all");
        text
    })
}

/// What a schema gives.
pub(crate) fn emitted(schema: &str) -> Held {
    let folder = Folder::with(&[("schemas/schema.yaml", schema)]);
    let ran = folder.run(&["generate", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    held(&folder.path("out"))
}
