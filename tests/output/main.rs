//! What is promised of writing the emitted files: `src/output` says it, this tries to break it.
//!
//! Programs are killed, disks are full, folders are read-only and links. What a system does not let the tests do, such as
//! mounting, they say that they skip.

mod exchange;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod killed;
mod line_ends;
mod places;
#[path = "../program/mod.rs"]
mod program;
#[path = "../random/mod.rs"]
mod random;
mod schemas;
mod together;

use std::collections::BTreeMap;
use std::fs;
#[cfg(unix)]
use std::io::Write as _;
use std::path::Path;

/// What a folder holds: each file's bytes; links and folders within by their kind.
type Held = BTreeMap<String, Vec<u8>>;

fn held(folder: &Path) -> Held {
    let Ok(entries) = fs::read_dir(folder) else { return Held::new() };
    let each = entries.map(|entry| {
        let path = entry.expect("it can be read").path();
        let kind = path.symlink_metadata().expect("it is there");
        let bytes = match () {
            () if kind.is_symlink() => b"a link".to_vec(),
            () if kind.is_dir() => b"a folder".to_vec(),
            () => fs::read(&path).expect("it can be read"),
        };
        (path.file_name().expect("it has a name").to_string_lossy().into_owned(), bytes)
    });
    each.collect()
}

/// What the test says on standard error even where it passes.
#[cfg(unix)]
fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}
