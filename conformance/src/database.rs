//! The database that tests run against: the only place that names one.

use std::path::Path;

use relata::{Builder, Db, Result, Schema};
use tempfile::TempDir;

/// A database that nobody else sees, gone with the test.
pub const PRIVATE: &str = "sqlite::memory:";

/// The URL of a database file.
pub fn url_of(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// A fresh private database with the schema's tables.
///
/// # Errors
/// When it cannot be opened, or its tables cannot be created.
pub async fn fresh<R: Schema>() -> Result<Db<R>> {
    let db: Db<R> = Db::connect(PRIVATE).await?;
    db.create_tables().await?;
    Ok(db)
}

/// A database that several connections share, and the folder that it lives in.
#[derive(Debug)]
pub struct Shared {
    folder: TempDir,
}

impl Shared {
    /// A new one, empty.
    ///
    /// # Errors
    /// When no folder can be made.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self { folder: tempfile::tempdir()? })
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its URL.
    pub fn url(&self) -> String {
        url_of(&self.file())
    }

    /// Its file.
    pub fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("test.db")
    }

    /// Opened, with its tables.
    ///
    /// # Errors
    /// When it cannot be opened, or its tables cannot be created.
    pub async fn open<R: Schema>(&self) -> Result<Db<R>> {
        self.open_with(|builder| builder).await
    }

    /// Opened with settings, with its tables.
    ///
    /// # Errors
    /// When it cannot be opened, or its tables cannot be created.
    pub async fn open_with<R: Schema>(&self, settings: impl FnOnce(Builder<R>) -> Builder<R>) -> Result<Db<R>> {
        let db = settings(Db::builder().url(self.url())).connect().await?;
        db.create_tables().await?;
        Ok(db)
    }
}
