//! Writes files so that a reader sees the old text or the new, never half of one, and all of them or none.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::lock::Lock;
use super::stage::{Staged, has_leftovers};
use super::{Changes, OutputError, What, changes, read};
use crate::render::Files;

/// What a folder is to hold.
#[derive(Debug, Clone, Copy)]
pub struct Output<'a> {
    /// The emitted files.
    pub files: &'a Files,
    /// Where they go; made where it is missing.
    pub folder: &'a Path,
    /// What [`read`] said of the folder. Where that is `files`, nothing is written or locked.
    pub previous: &'a Files,
}

/// Makes each folder hold its files: writes what differs, removes what is no longer emitted, and leaves the rest
/// untouched. Either every folder is as it is to be or, after an error, as it was. `waits` is called with a folder that
/// somebody else is writing to, before waiting for them.
///
/// ```
/// use relata_compiler::output::{Output, read, write};
/// use relata_compiler::{Inputs, generate};
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let folder = folder.path();
/// let schema = Inputs::text("book.yaml", "models: { Book: { properties: { id: { type: integer, id: true } } } }");
/// let previous = read(folder).unwrap();
/// let files = generate(&schema, &Default::default(), &previous).unwrap().files.unwrap();
/// let output = Output { files: &files, folder, previous: &previous };
/// let changes = write(&[output], &mut |folder| eprintln!("waiting for `{}`", folder.display())).unwrap();
/// assert_eq!(changes[0].written, ["book.rs", "mod.rs"]);
/// ```
///
/// # Errors
/// When a file cannot be written or removed, or is somebody else's.
pub fn write(outputs: &[Output<'_>], waits: &mut dyn FnMut(&Path)) -> Result<Vec<Changes>, OutputError> {
    let mut done: Vec<Option<Changes>> = Vec::with_capacity(outputs.len());
    let mut open = Vec::new();
    for (at, output) in outputs.iter().enumerate() {
        let changes = changes(output.files, output.previous);
        if changes.is_empty() && !has_leftovers(output.folder) {
            done.push(Some(changes));
        } else {
            done.push(None);
            open.push((real(output.folder)?, at));
        }
    }
    // Everybody takes locks in the same order, so that no two wait for each other.
    open.sort();
    if let Some(twice) = open.windows(2).find(|two| two[0].0 == two[1].0) {
        return Err(OutputError::new(outputs[twice[1].1].folder, What::Twice));
    }
    let mut locks = Vec::with_capacity(open.len());
    let mut staged = Vec::with_capacity(open.len());
    for (folder, at) in open {
        let output = &outputs[at];
        let lock = Lock::take(&folder, &mut || waits(output.folder));
        locks.push(lock.map_err(|error| OutputError::new(output.folder, What::Unwritten(error)))?);
        // Whoever had the lock before may have written.
        let previous = read(&folder)?;
        check(output, &folder, &previous)?;
        staged.push((at, Staged::new(output.files, output.folder, folder, &previous)?));
    }
    publish(&mut staged)?;
    for (at, staged) in staged {
        done[at] = Some(staged.changes());
    }
    drop(locks);
    Ok(done.into_iter().flatten().collect())
}

fn publish(staged: &mut [(usize, Staged)]) -> Result<(), OutputError> {
    let failed = staged.iter_mut().find_map(|(_, staged)| staged.publish().err());
    let Some(error) = failed else { return Ok(()) };
    let mut whole = true;
    for (_, staged) in staged.iter_mut().rev() {
        whole &= staged.roll_back();
    }
    Err(if whole { error } else { error.with_both_left() })
}

/// Where a folder really lies; it need not be there.
fn real(folder: &Path) -> Result<PathBuf, OutputError> {
    if let Some(link) = folder.ancestors().find(|path| path.is_symlink() && fs::metadata(path).is_err()) {
        return Err(OutputError::new(link, What::Nowhere));
    }
    let absolute = std::path::absolute(folder).map_err(|error| OutputError::new(folder, What::Unwritten(error)))?;
    let there = absolute.ancestors().find_map(|ancestor| Some((ancestor, fs::canonicalize(ancestor).ok()?)));
    Ok(match there {
        Some((ancestor, real)) => real.join(absolute.strip_prefix(ancestor).unwrap_or(Path::new(""))),
        None => absolute,
    })
}

/// Whether every file that differs may be replaced or removed.
fn check(output: &Output<'_>, folder: &Path, previous: &Files) -> Result<(), OutputError> {
    let changes = changes(output.files, previous);
    for name in changes.written.iter().chain(&changes.removed) {
        let Ok(there) = folder.join(name).symlink_metadata() else { continue };
        let refused = if there.is_symlink() {
            What::Link
        } else if there.is_dir() {
            What::Folder
        } else if previous.get(name).is_none() && !(there.is_file() && there.len() == 0) {
            // A file that is empty holds nothing of anybody's.
            What::Foreign
        } else if there.permissions().readonly() {
            What::ReadOnly
        } else {
            continue;
        };
        return Err(OutputError::new(&output.folder.join(name), refused));
    }
    Ok(())
}

/// Writes one file where it says something else, and the folders above it where they are missing. Where it is a link,
/// what it leads to is written.
///
/// # Errors
/// When it cannot be written; what stood there is then as it was.
pub fn write_file(path: &Path, text: &str) -> Result<(), OutputError> {
    if fs::read(path).is_ok_and(|written| written == text.as_bytes()) {
        return Ok(());
    }
    let failed = |error| OutputError::new(path, What::Write(error));
    let target = match path.symlink_metadata() {
        Ok(there) if there.is_symlink() => fs::canonicalize(path).map_err(failed)?,
        Ok(there) if there.is_dir() => return Err(OutputError::new(path, What::Folder)),
        _ => path.to_owned(),
    };
    let permissions = match fs::metadata(&target) {
        Ok(there) if there.permissions().readonly() => return Err(OutputError::new(path, What::ReadOnly)),
        there => there.ok().map(|there| there.permissions()),
    };
    let folder = target.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let _lock = Lock::take(folder, &mut || ()).map_err(|error| OutputError::new(folder, What::Write(error)))?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    // Under the lock nobody else has it: what a killed run left of it is written over.
    let temporary = target.with_file_name(format!(".{name}.relata-new"));
    let written = OpenOptions::new().write(true).create(true).truncate(true).open(&temporary).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        permissions.map_or(Ok(()), |permissions| file.set_permissions(permissions))?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&temporary, &target)).map_err(|error| {
        // What is left of a failed write helps nobody; that it cannot be removed either adds nothing.
        let _ = fs::remove_file(&temporary);
        failed(error)
    })
}
