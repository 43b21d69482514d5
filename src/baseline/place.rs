//! Files as a baseline names them: relative to its own folder, wherever the program runs.

use std::path::{Component, Path, PathBuf};

/// The folder of a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root(PathBuf);

impl Root {
    /// Of the baseline at that path.
    pub fn of(baseline: &Path) -> Self {
        Self(absolute(baseline.parent().unwrap_or(Path::new(""))))
    }

    /// A file from there, with forward slashes; text that was never a file keeps its name, as `<stdin>`.
    pub(super) fn relative(&self, display: &str) -> String {
        if display.starts_with('<') {
            return display.to_owned();
        }
        let file = absolute(Path::new(display));
        let shared = self.0.components().zip(file.components()).take_while(|(a, b)| a == b).count();
        if shared == 0 {
            // Nothing leads from one drive to another.
            return display.to_owned();
        }
        let up = self.0.components().skip(shared).map(|_| Component::ParentDir.as_os_str());
        let down = file.components().skip(shared).map(Component::as_os_str);
        let names: Vec<_> = up.chain(down).map(|name| name.to_string_lossy()).collect();
        names.join("/")
    }
}

/// By words alone: a link is a name like another.
fn absolute(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_baseline() {
        for (baseline, file, expected) in [
            ("base.yaml", "schemas/a.yaml", "schemas/a.yaml"),
            ("./base.yaml", "./schemas/../schemas/a.yaml", "schemas/a.yaml"),
            ("ci/base.yaml", "schemas/a.yaml", "../schemas/a.yaml"),
            ("../base.yaml", "../schemas/a.yaml", "schemas/a.yaml"),
            ("base.yaml", "<stdin>", "<stdin>"),
        ] {
            assert_eq!(Root::of(Path::new(baseline)).relative(file), expected, "{baseline}, {file}");
        }
    }
}
