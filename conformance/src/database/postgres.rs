//! PostgreSQL: how databases are made, found and removed there.

use super::intruder::{Intruder, Raw};

/// The databases that are there.
pub(super) const DATABASES: &str = "SELECT datname FROM pg_database";

/// All tables of the database, in one list.
pub(super) const TABLES: &str = "SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables \
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";

/// Number of the locks that runs take: any that no one else on the server uses.
const LOCKS: u32 = 1_919_249_517;

pub(super) fn create(name: &str, linguistic: bool) -> String {
    let collation = if linguistic { "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'" } else { "" };
    format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' {collation}")
}

/// Removes a database, and ends the connections to it that a failed test left.
pub(super) async fn remove(admin: &mut Intruder, name: &str) -> Raw<()> {
    admin.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
}

pub(super) fn lock(run: u32) -> String {
    format!("SELECT pg_try_advisory_lock({LOCKS}, {run})::int")
}

pub(super) fn unlock(run: u32) -> String {
    format!("SELECT pg_advisory_unlock({LOCKS}, {run})::int")
}
