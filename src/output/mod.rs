//! The emitted files: compared with what a folder holds, then written, or shown as a difference.
//!
//! Touches the disk, and there only files that carry the header of emitted ones; everything else in the folder
//! belongs to somebody else. Knows nothing of what the files say.

mod diff;
mod rewrite;
mod write;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::render::{Files, is_generated};

pub use diff::{diff, text_diff};
pub use rewrite::rewrite;
pub use write::{write, write_file};

/// What writing changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// New or different, sorted.
    pub written: Vec<String>,
    /// No longer emitted, sorted.
    pub removed: Vec<String>,
    /// How many stayed as they were.
    pub unchanged: usize,
}

/// A folder that could not be read or written.
#[derive(Debug)]
pub struct OutputError {
    path: PathBuf,
    what: What,
}

#[derive(Debug)]
enum What {
    Read(io::Error),
    Write(io::Error),
    Remove(io::Error),
    ReadOnly,
    Changed,
    Foreign,
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.what {
            What::Read(error) => write!(f, "cannot read `{path}`: {error}"),
            What::Write(error) => write!(f, "cannot write `{path}`: {error}"),
            What::Remove(error) => write!(f, "cannot remove `{path}`: {error}"),
            What::ReadOnly => write!(f, "cannot write `{path}`: it is read-only"),
            What::Changed => write!(f, "`{path}` was changed by somebody else meanwhile; run again"),
            What::Foreign => write!(
                f,
                "`{path}` was not generated and would be overwritten: choose another folder, or move the file away"
            ),
        }
    }
}

impl std::error::Error for OutputError {}

impl OutputError {
    fn new(path: &Path, what: What) -> Self {
        Self { path: path.to_owned(), what }
    }
}

/// The emitted files that a folder holds; none where there is no folder. Line ends are read as LF.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn read(folder: &Path) -> Result<Files, OutputError> {
    let failed = |path: &Path, error| OutputError::new(path, What::Read(error));
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Files::default()),
        Err(error) => return Err(failed(folder, error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if !is_rust(&path) {
            continue;
        }
        let bytes = fs::read(&path).map_err(|error| failed(&path, error))?;
        if let Some(text) = String::from_utf8(bytes).ok().filter(|text| is_generated(text)) {
            files.push((name.to_owned(), text.replace("\r\n", "\n")));
        }
    }
    Ok(files.into_iter().collect())
}

/// The text of one file, `None` where there is none. Line ends are read as LF.
///
/// # Errors
/// When it cannot be read, or is no text.
pub fn read_file(path: &Path) -> Result<Option<String>, OutputError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.replace("\r\n", "\n"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(OutputError::new(path, What::Read(error))),
    }
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs") && path.is_file()
}
