//! What a run would change, as a unified diff.

use std::path::Path;

use similar::TextDiff;

use crate::edit::Rewritten;
use crate::render::Files;

const CONTEXT: usize = 3;

/// What [`write`](super::write) would change, as a unified diff; empty when nothing.
pub fn diff(files: &Files, folder: &Path, previous: &Files) -> String {
    let mut names: Vec<_> = files.iter().chain(previous.iter()).map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| one(name, folder, previous.get(name), files.get(name))).collect()
}

/// What other text in schema files changes, as a unified diff.
pub fn text_diff(files: &[Rewritten]) -> String {
    files.iter().map(|file| unified(&file.name, Some(&file.before), Some(&file.after))).collect()
}

fn one(name: &str, folder: &Path, old: Option<&str>, new: Option<&str>) -> String {
    if old == new {
        return String::new();
    }
    unified(&folder.join(name).to_string_lossy().replace('\\', "/"), old, new)
}

fn unified(path: &str, old: Option<&str>, new: Option<&str>) -> String {
    let side = |text: Option<&str>, prefix: &str| match text {
        Some(_) => format!("{prefix}/{path}"),
        None => "/dev/null".to_owned(),
    };
    TextDiff::from_lines(old.unwrap_or_default(), new.unwrap_or_default())
        .unified_diff()
        .context_radius(CONTEXT)
        .header(&side(old, "a"), &side(new, "b"))
        .to_string()
}
