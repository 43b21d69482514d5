//! One writer at a time for each folder.
//!
//! The lock belongs to the process that holds it and goes with it, however it ends: none is ever left behind. On Unix it
//! is on the folder itself, so that there is no file of it; on Windows, where folders cannot be locked, on a file in the
//! folder that the system removes with its last handle. Where a file system has no locks, nobody waits.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// The right to write to a folder, until it is dropped.
pub(super) struct Lock {
    /// Nothing is read from it: it is held.
    _handle: Option<File>,
}

impl Lock {
    /// Makes the folder where it is missing and waits until nobody else writes to it; `waits` is called once where that
    /// takes time.
    pub(super) fn take(folder: &Path, waits: &mut dyn FnMut()) -> io::Result<Self> {
        let mut told = false;
        let mut wait = || {
            if !told {
                told = true;
                waits();
            }
        };
        loop {
            fs::create_dir_all(folder)?;
            if let Some(lock) = system::attempt(folder, &mut wait)? {
                return Ok(lock);
            }
        }
    }
}

#[cfg(unix)]
mod system {
    use std::fs::TryLockError;
    use std::os::unix::fs::MetadataExt as _;

    use super::{File, Lock, Path, fs, io};

    /// The lock; none where the folder was replaced meanwhile.
    pub(super) fn attempt(folder: &Path, wait: &mut dyn FnMut()) -> io::Result<Option<Lock>> {
        let handle = File::open(folder)?;
        match handle.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                wait();
                match handle.lock() {
                    Ok(()) => {}
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(None),
                    Err(error) => return Err(error),
                }
            }
            // Network file systems lock files only, or nothing.
            Err(TryLockError::Error(_)) => return Ok(Some(Lock { _handle: None })),
        }
        let held = handle.metadata()?;
        let is_same = fs::metadata(folder).is_ok_and(|now| (now.dev(), now.ino()) == (held.dev(), held.ino()));
        Ok(is_same.then_some(Lock { _handle: Some(handle) }))
    }
}

#[cfg(windows)]
mod system {
    use std::fs::OpenOptions;
    use std::os::windows::fs::OpenOptionsExt as _;
    use std::thread;
    use std::time::Duration;

    use super::{Lock, Path, io};

    /// There while somebody writes, and no longer.
    const FILE: &str = ".relata-lock";

    const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
    const ERROR_SHARING_VIOLATION: i32 = 32;

    const PAUSE: Duration = Duration::from_millis(50);

    /// The lock; none while somebody else has it.
    pub(super) fn attempt(folder: &Path, wait: &mut dyn FnMut()) -> io::Result<Option<Lock>> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        options.share_mode(0).custom_flags(FILE_FLAG_DELETE_ON_CLOSE);
        match options.open(folder.join(FILE)) {
            Ok(handle) => Ok(Some(Lock { _handle: Some(handle) })),
            Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => {
                wait();
                thread::sleep(PAUSE);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

#[cfg(not(any(unix, windows)))]
mod system {
    use super::{Lock, Path, io};

    /// There are no locks.
    #[expect(clippy::unnecessary_wraps, reason = "as where there are")]
    pub(super) fn attempt(_: &Path, _: &mut dyn FnMut()) -> io::Result<Option<Lock>> {
        Ok(Some(Lock { _handle: None }))
    }
}
