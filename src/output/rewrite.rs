//! Puts other text into schema files: all of them or none, each whole, where its links lead.

use std::fs;
use std::path::{Path, PathBuf};

use super::{OutputError, What};
use crate::edit::Rewritten;

/// Writes files that were read before; nothing is written unless all can be.
///
/// # Errors
/// When a file is read-only, has changed since it was read, or cannot be written.
pub fn rewrite(files: &[Rewritten]) -> Result<(), OutputError> {
    let files = files.iter().map(|file| Ok((writable(file)?, file))).collect::<Result<Vec<_>, OutputError>>()?;
    let mut prepared = Vec::with_capacity(files.len());
    for (path, file) in &files {
        match prepare(path, &file.after) {
            Ok(temporary) => prepared.push((temporary, path, file)),
            Err(error) => {
                discard(&prepared);
                return Err(error);
            }
        }
    }
    for (at, (temporary, path, _)) in prepared.iter().enumerate() {
        if let Err(error) = fs::rename(temporary, path) {
            discard(&prepared[at..]);
            for (_, path, file) in &prepared[..at] {
                // The first error is the one to tell; that going back fails too adds nothing.
                let _ = prepare(path, &file.before)
                    .and_then(|old| fs::rename(old, path).map_err(|error| OutputError::new(path, What::Write(error))));
            }
            return Err(OutputError::new(path, What::Write(error)));
        }
    }
    Ok(())
}

/// The real file behind a path, if it may be written and says what it said when it was read.
fn writable(file: &Rewritten) -> Result<PathBuf, OutputError> {
    let shown = Path::new(&file.name);
    let failed = |error| OutputError::new(shown, What::Write(error));
    let path = fs::canonicalize(shown).map_err(failed)?;
    if fs::metadata(&path).map_err(failed)?.permissions().readonly() {
        return Err(OutputError::new(shown, What::ReadOnly));
    }
    let now = fs::read(&path).map_err(|error| OutputError::new(shown, What::Read(error)))?;
    if now == file.before.as_bytes() { Ok(path) } else { Err(OutputError::new(shown, What::Changed)) }
}

/// The new text beside the file, with the file's permissions.
fn prepare(path: &Path, text: &str) -> Result<PathBuf, OutputError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Dot files are no schemas: whoever reads the folder meanwhile does not see it.
    let temporary = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let permissions = fs::metadata(path).map(|data| data.permissions());
    let written = permissions.and_then(|permissions| {
        fs::write(&temporary, text).and_then(|()| fs::set_permissions(&temporary, permissions))
    });
    match written {
        Ok(()) => Ok(temporary),
        Err(error) => {
            // What is left of a failed write helps nobody.
            let _ = fs::remove_file(&temporary);
            Err(OutputError::new(path, What::Write(error)))
        }
    }
}

fn discard(prepared: &[(PathBuf, &PathBuf, &&Rewritten)]) {
    for (temporary, ..) in prepared {
        let _ = fs::remove_file(temporary);
    }
}
