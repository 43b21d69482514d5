//! The emitted files: compared with what a folder holds, then written, or shown as a difference.
//!
//! Touches the disk, and there only files that carry the header of emitted ones; everything else in the folder
//! belongs to somebody else. Knows nothing of what the files say.
//!
//! What is promised of writing, for all files of a run together:
//!
//! - A run that fails, for want of room or of permission, leaves every file as it was. All new files are written and
//!   synced beside the old ones before the first is replaced; where replacing one fails, those before are put back.
//! - A run that is killed leaves each file whole, old or new, and until the last step all of them old. Files are put in
//!   place by renaming, new ones first and `mod.rs` last, which takes milliseconds: only within these can a set be
//!   mixed. Swapping whole folders would close that gap on some systems and take away what else lies in the folder;
//!   finishing from a journal would write over what was mended by other means, such as `git checkout`.
//! - The next run mends it: it compares the text of every file, not only the hash in its header, and throws away what a
//!   killed run left in its staging folder.
//! - Two runs do not mix: a run that writes has the folder's lock, and one that has nothing to write needs neither
//!   the lock nor the permission to write.
//! - Nothing outside of the folder is touched. A folder that is a link is written through; a file that is a link is
//!   never written through nor replaced.
//! - Line ends are no difference: a file that was checked out with CRLF is as it was emitted. What is written has LF.

mod diff;
mod lock;
mod rewrite;
mod stage;
mod write;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::render::{Files, is_generated};

pub use diff::{diff, text_diff};
pub use rewrite::rewrite;
pub use write::{Output, write, write_file};

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

impl Changes {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }
}

/// What it takes to make a folder that holds `previous` hold `files`.
fn changes(files: &Files, previous: &Files) -> Changes {
    let differs = |(name, text): &(&str, &str)| previous.get(name) != Some(*text);
    let written: Vec<_> = files.iter().filter(differs).map(|(name, _)| name.to_owned()).collect();
    let gone = previous.iter().map(|(name, _)| name).filter(|name| files.get(name).is_none());
    Changes { unchanged: files.iter().len() - written.len(), written, removed: gone.map(str::to_owned).collect() }
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
    /// One of several files, and the others are not changed either.
    Unwritten(io::Error),
    /// As `Unwritten`.
    Unremoved(io::Error),
    /// Putting the files back failed as well.
    BothLeft(io::Error),
    ReadOnly,
    Changed,
    Foreign,
    /// A folder where a file is to go.
    Folder,
    /// A file, on the way to the folder or in its place.
    NoFolder,
    /// A link where a file is to go.
    Link,
    /// A link to nothing where a folder is to go.
    Nowhere,
    /// The folder of two outputs.
    Twice,
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.what {
            What::Read(error) => write!(f, "cannot read `{path}`: {error}"),
            What::Write(error) => write!(f, "cannot write `{path}`: {error}"),
            What::Unwritten(error) => write!(f, "cannot write `{path}`: {error}; the output is as it was"),
            What::Unremoved(error) => write!(f, "cannot remove `{path}`: {error}; the output is as it was"),
            What::BothLeft(error) => write!(
                f,
                "cannot write `{path}`: {error}; what was written before could not be put back: run again when that is mended"
            ),
            What::ReadOnly => write!(f, "cannot write `{path}`: it is read-only"),
            What::Changed => write!(f, "`{path}` was changed by somebody else meanwhile; run again"),
            What::Foreign => write!(
                f,
                "`{path}` was not generated and would be overwritten: choose another folder, or move the file away"
            ),
            What::Folder => {
                write!(f, "`{path}` is a folder, where a file is to be written: choose another path, or move it away")
            }
            What::NoFolder => write!(f, "`{path}` is a file, where a folder is to be: choose another, or move it away"),
            What::Link => write!(
                f,
                "`{path}` is a link, which is neither followed nor replaced: remove it, or link the whole folder"
            ),
            What::Nowhere => write!(f, "`{path}` is a link that leads nowhere: make the folder, or remove the link"),
            What::Twice => write!(f, "two schemas are written to `{path}`: each would remove the code of the other"),
        }
    }
}

impl std::error::Error for OutputError {}

impl OutputError {
    fn new(path: &Path, what: What) -> Self {
        Self { path: path.to_owned(), what }
    }

    /// The same, where what was done before could not be undone.
    fn with_both_left(self) -> Self {
        match self.what {
            What::Unwritten(error) | What::Unremoved(error) => Self { path: self.path, what: What::BothLeft(error) },
            what => Self { what, ..self },
        }
    }
}

/// The emitted files that a folder holds; none where there is no folder. Line ends are read as LF.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn read(folder: &Path) -> Result<Files, OutputError> {
    let failed = |path: &Path, error: io::Error| match file_on_the_way(path) {
        Some(file) if error.kind() == io::ErrorKind::NotADirectory => OutputError::new(file, What::NoFolder),
        _ => OutputError::new(path, What::Read(error)),
    };
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
        // Line ends are whatever the checkout made of them.
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

/// The file that stands where a folder is to be.
fn file_on_the_way(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|path| path.is_file())
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs") && path.is_file()
}
