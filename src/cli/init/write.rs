//! Writes files all together or not at all, and never over one that it has not read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A file to write.
pub(super) struct Planned {
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// What it holds now, where it is replaced.
    pub(super) replaces: Option<String>,
}

/// What was done, for undoing it.
#[derive(Default)]
struct Done {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
    replaced: Vec<(PathBuf, String)>,
}

/// Writes them; where one fails, the others are as they were.
pub(super) fn all(planned: &[Planned]) -> Result<(), String> {
    let mut done = Done::default();
    // What is replaced comes last: most of what can fail has been done by then.
    let (replacing, creating): (Vec<_>, Vec<_>) = planned.iter().partition(|file| file.replaces.is_some());
    for file in creating.into_iter().chain(replacing) {
        if let Err(error) = one(file, &mut done) {
            let reason = format!("cannot write {}: {error}", file.path.display());
            return Err(match done.undo() {
                Ok(()) => format!("{reason}; nothing is changed"),
                Err(left) => format!("{reason}; and {left}"),
            });
        }
    }
    Ok(())
}

fn one(file: &Planned, done: &mut Done) -> io::Result<()> {
    if let Some(before) = &file.replaces {
        if fs::read_to_string(&file.path)? != *before {
            return Err(io::Error::other("somebody else has just changed it"));
        }
        // A link stays one: what it leads to is replaced.
        let path = fs::canonicalize(&file.path)?;
        let beside = path.with_extension("relata-new");
        let replaced = fs::write(&beside, &file.text)
            .and_then(|()| fs::set_permissions(&beside, fs::metadata(&path)?.permissions()))
            .and_then(|()| fs::rename(&beside, &path));
        if replaced.is_err() {
            // What cannot be removed could not be made.
            let _ = fs::remove_file(&beside);
        }
        done.replaced.push((path, before.clone()));
        return replaced;
    }
    if let Some(folder) = file.path.parent() {
        make(folder, done)?;
    }
    let mut new = OpenOptions::new().write(true).create_new(true).open(&file.path)?;
    done.files.push(file.path.clone());
    new.write_all(file.text.as_bytes())
}

/// Makes a folder and those above it, and remembers which were not there.
fn make(folder: &Path, done: &mut Done) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        make(above, done)?;
    }
    fs::create_dir(folder)?;
    done.folders.push(folder.to_owned());
    Ok(())
}

impl Done {
    fn undo(self) -> Result<(), String> {
        let told = |path: &Path, error: io::Error| format!("{} could not be put back: {error}", path.display());
        for (path, before) in self.replaced {
            fs::write(&path, before).map_err(|error| told(&path, error))?;
        }
        for path in self.files {
            fs::remove_file(&path).map_err(|error| told(&path, error))?;
        }
        for path in self.folders.into_iter().rev() {
            fs::remove_dir(&path).map_err(|error| told(&path, error))?;
        }
        Ok(())
    }
}
