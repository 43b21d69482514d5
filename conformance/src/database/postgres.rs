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

/// Lets a database answer before what was committed is on the disk: no test asks what a power cut leaves.
pub(super) fn hurry(name: &str) -> String {
    format!("ALTER DATABASE {name} SET synchronous_commit = off")
}

/// Leaves the database without schemas, as it was made, and ends the connections to it that a failed test left.
pub(super) async fn empty(intruder: &mut Intruder) -> Raw<()> {
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()";
    intruder.texts(others).await?;
    let schemas = "SELECT format('DROP SCHEMA %I CASCADE; ', nspname) FROM pg_namespace \
         WHERE nspname <> 'information_schema' AND NOT starts_with(nspname, 'pg_')";
    let drop: String = intruder.texts(schemas).await?.concat();
    intruder.run(&format!("{drop} CREATE SCHEMA public")).await
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
