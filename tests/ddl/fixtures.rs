//! The schemas whose statements are looked at, and what is said of them.

use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::{Format, render};
use relata_compiler::graph::Graph;
use relata_compiler::plan::{Database, ddl};
use relata_compiler::{Inputs, check};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Folders of `tests/fixtures/ddl`, which hold the statements, and the schemas that they are of.
pub(crate) const GOLDEN: &[(&str, &str)] = &[
    ("hostile", "tests/fixtures/ddl/hostile/schema.yaml"),
    ("keys", "tests/fixtures/ddl/keys/schema.yaml"),
    ("shop", "schemas/shop"),
    ("types", "tests/fixtures/golden/types/schema.yaml"),
    ("wide", "tests/fixtures/ddl/wide/schema.yaml"),
];

/// Every schema of which a database has to make tables: by path, below the root.
pub(crate) fn schemas() -> Vec<PathBuf> {
    let mut schemas: Vec<_> = GOLDEN.iter().map(|(_, schema)| root().join(schema)).collect();
    schemas
        .extend(["names", "relations"].map(|name| root().join("tests/fixtures/golden").join(name).join("schema.yaml")));
    // Of some folders every file is a schema, of others all files together are one.
    for folder in entries(&root().join("conformance/schemas")) {
        let files = entries(&folder);
        let whole = check(&Inputs::paths([folder.to_string_lossy()]));
        if whole.graph.is_some() { schemas.push(folder) } else { schemas.extend(files) }
    }
    schemas
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut entries: Vec<_> = entries.map(|entry| entry.expect("an entry can be read").path()).collect();
    entries.sort();
    entries
}

/// The schema of a text or of files.
#[track_caller]
pub(crate) fn graph(inputs: &Inputs) -> Graph {
    let checked = check(inputs);
    let report = render(Format::Human, &checked.findings, &checked.sources, false);
    checked.graph.unwrap_or_else(|| panic!("{report}"))
}

#[track_caller]
pub(crate) fn of_path(path: &Path) -> Graph {
    graph(&Inputs::paths([path.to_string_lossy()]))
}

#[track_caller]
pub(crate) fn statements(schema: &str, database: Database) -> String {
    ddl(&graph(&Inputs::text("schema.yaml", schema)), database)
}
