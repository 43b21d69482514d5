//! MariaDB and MySQL: how databases are made, found and removed there.

use super::intruder::{Intruder, Raw};

/// The databases that are there.
pub(super) const DATABASES: &str = "SELECT schema_name FROM information_schema.schemata";

/// Each table of the database.
pub(super) const TABLES: &str =
    "SELECT table_name FROM information_schema.tables WHERE table_schema = database() AND table_type = 'BASE TABLE'";

pub(super) fn create(name: &str) -> String {
    format!("CREATE DATABASE {name}")
}

/// Removes a database, and ends the connections to it that a failed test left: a transaction that is open there
/// would be waited for.
pub(super) async fn remove(admin: &mut Intruder, name: &str) -> Raw<()> {
    let users = format!("SELECT id FROM information_schema.processlist WHERE db = '{name}'");
    for user in admin.texts(&users).await? {
        // It may have gone by itself meanwhile.
        drop(admin.run(&format!("KILL {user}")).await);
    }
    admin.run(&format!("SET lock_wait_timeout = 10; DROP DATABASE IF EXISTS {name}")).await
}

pub(super) fn lock(run: u32) -> String {
    format!("SELECT GET_LOCK('relata_test_{run}', 0)")
}

pub(super) fn unlock(run: u32) -> String {
    format!("SELECT RELEASE_LOCK('relata_test_{run}')")
}
