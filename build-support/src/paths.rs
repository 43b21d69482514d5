//! What is taken where schemas are named: one path, or several.

use std::path::{Path, PathBuf};

/// A file, a folder, a pattern (`schemas/**/*.yaml`), or a list of them.
pub trait Paths {
    /// Each as text.
    fn into_paths(self) -> Vec<String>;
}

impl Paths for &str {
    fn into_paths(self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl Paths for String {
    fn into_paths(self) -> Vec<String> {
        vec![self]
    }
}

impl Paths for &Path {
    fn into_paths(self) -> Vec<String> {
        vec![self.to_string_lossy().into_owned()]
    }
}

impl Paths for PathBuf {
    fn into_paths(self) -> Vec<String> {
        self.as_path().into_paths()
    }
}

impl<P: Paths, const N: usize> Paths for [P; N] {
    fn into_paths(self) -> Vec<String> {
        self.into_iter().flat_map(Paths::into_paths).collect()
    }
}

impl<P: Paths + Clone> Paths for &[P] {
    fn into_paths(self) -> Vec<String> {
        self.iter().cloned().flat_map(Paths::into_paths).collect()
    }
}

impl<P: Paths> Paths for Vec<P> {
    fn into_paths(self) -> Vec<String> {
        self.into_iter().flat_map(Paths::into_paths).collect()
    }
}
