//! New files beside the old ones: written and kept safe first, then put in their place one after the other.
//!
//! All that is in between lies in one folder, [`STAGING`], within the output: the new files, and links to the old ones
//! for going back. It is there while a run writes; what a run that was killed left of it is thrown away by the next.
//! Knows nothing of locks.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Changes, OutputError, What};
use crate::render::Files;

/// Where files lie until they take their place.
const STAGING: &str = ".relata-new";

const NEW: &str = "new";
const OLD: &str = "old";

/// The root module: until it is replaced, the old one names the old files.
const ROOT: &str = "mod.rs";

/// Whether a run that was killed left something in a folder.
pub(super) fn has_leftovers(folder: &Path) -> bool {
    folder.join(STAGING).symlink_metadata().is_ok()
}

/// Files that are ready to take the place of others. Dropped, it takes everything away that has not.
pub(super) struct Staged {
    /// As messages name it.
    shown: PathBuf,
    /// The folder that is written to, without links.
    folder: PathBuf,
    changes: Changes,
    done: Vec<Done>,
}

/// What has been done, for undoing it.
enum Done {
    Added(String),
    Replaced(String),
    Removed(String),
}

impl Staged {
    /// Writes what differs beside what the folder holds, which stays as it is; the caller has the folder's lock.
    pub(super) fn new(files: &Files, shown: &Path, folder: PathBuf, previous: &Files) -> Result<Self, OutputError> {
        let mut changes = super::changes(files, previous);
        // While files are replaced, the old root goes with them as long as can be.
        changes.written.sort_by_key(|name| (name == ROOT, previous.get(name).is_some()));
        let staged = Self { shown: shown.to_owned(), folder, changes, done: Vec::new() };
        let cleared = staged.clear();
        if staged.changes.is_empty() {
            // What is left of others does no harm where nothing is to be written.
            return Ok(staged);
        }
        cleared.map_err(|error| unwritten(&staged.shown, error))?;
        staged.make_folders().map_err(|error| unwritten(&staged.shown, error))?;
        for name in &staged.changes.written {
            let text = files.get(name).unwrap_or_default();
            staged.prepare(name, text).map_err(|error| unwritten(&staged.shown.join(name), error))?;
        }
        for name in &staged.changes.removed {
            staged.keep(name).map_err(|error| unwritten(&staged.shown.join(name), error))?;
        }
        // By now the system has begun to write: waiting for each file costs less than right after writing it.
        for name in &staged.changes.written {
            let synced =
                OpenOptions::new().write(true).open(staged.staging(NEW, name)).and_then(|file| file.sync_all());
            synced.map_err(|error| unwritten(&staged.shown.join(name), error))?;
        }
        Ok(staged)
    }

    /// Puts the new files in their place, and takes away those that are no longer emitted.
    pub(super) fn publish(&mut self) -> Result<(), OutputError> {
        for name in self.changes.written.clone() {
            let is_there = self.folder.join(&name).symlink_metadata().is_ok();
            fs::rename(self.staging(NEW, &name), self.folder.join(&name))
                .map_err(|error| unwritten(&self.shown.join(&name), error))?;
            self.done.push(if is_there { Done::Replaced(name) } else { Done::Added(name) });
        }
        for name in self.changes.removed.clone() {
            fs::remove_file(self.folder.join(&name))
                .map_err(|error| OutputError::new(&self.shown.join(&name), What::Unremoved(error)))?;
            self.done.push(Done::Removed(name));
        }
        // A folder cannot be synced everywhere, and where it can, nothing is to be done if it fails: the files are whole.
        if let Ok(folder) = File::open(&self.folder) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Undoes what [`publish`](Self::publish) did; whether all of it could be.
    pub(super) fn roll_back(&mut self) -> bool {
        let mut whole = true;
        while let Some(done) = self.done.pop() {
            let undone = match &done {
                Done::Added(name) => fs::remove_file(self.folder.join(name)),
                Done::Replaced(name) | Done::Removed(name) => {
                    fs::rename(self.staging(OLD, name), self.folder.join(name))
                }
            };
            whole &= undone.is_ok();
        }
        whole
    }

    /// What was changed.
    pub(super) fn changes(mut self) -> Changes {
        let mut changes = std::mem::take(&mut self.changes);
        changes.written.sort();
        changes
    }

    fn staging(&self, part: &str, name: &str) -> PathBuf {
        self.folder.join(STAGING).join(part).join(name)
    }

    fn make_folders(&self) -> io::Result<()> {
        let staging = self.folder.join(STAGING);
        fs::create_dir(&staging)?;
        // What a killed run leaves is nothing to commit.
        fs::write(staging.join(".gitignore"), "*\n")?;
        fs::create_dir(staging.join(NEW))?;
        fs::create_dir(staging.join(OLD))
    }

    /// The new text, with the permissions of the file that it is to replace.
    fn prepare(&self, name: &str, text: &str) -> io::Result<()> {
        let mut file = File::create_new(self.staging(NEW, name))?;
        file.write_all(text.as_bytes())?;
        match fs::metadata(self.folder.join(name)) {
            Ok(old) => {
                file.set_permissions(old.permissions())?;
                self.keep(name)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The old file once more, so that going back takes no room.
    fn keep(&self, name: &str) -> io::Result<()> {
        let (path, kept) = (self.folder.join(name), self.staging(OLD, name));
        // Not every file system has links, and not every file may be linked to.
        fs::hard_link(&path, &kept).or_else(|_| fs::copy(&path, &kept).map(drop))
    }

    fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.folder.join(STAGING)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // What cannot be removed now the next run tries again; the emitted files are whole.
        let _ = self.clear();
    }
}

fn unwritten(path: &Path, error: io::Error) -> OutputError {
    OutputError::new(path, What::Unwritten(error))
}
