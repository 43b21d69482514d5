//! Tables as the schema says: creates what is missing, and tells what differs.
//!
//! Each statement that creates something is committed by itself here. Everything that exists is compared before
//! anything is created; what is left unfinished is finished by the next call. What exists is never changed, except
//! that missing plain indexes are added, and foreign keys that wait for other tables.

use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable;

use self::found::Found;
use super::fault;
use super::open::{Connection, State};
use crate::driver::Dialect;
use crate::meta::{NamedSql, TableMeta};
use crate::{Error, Result};

mod compare;
mod found;
mod literals;

/// How long a program waits for others that create tables in the same database.
const PATIENCE: Duration = Duration::from_secs(60);

/// After how long it asks whether they are done.
const STEP: Duration = Duration::from_millis(50);

/// Creates what is missing of the tables.
///
/// # Errors
/// [`Error::Migration`] when a table exists and differs; what the database reports.
pub(super) async fn create_tables(connection: &mut Connection, tables: &'static [TableMeta]) -> Result<()> {
    let locked = Locked::take(connection).await?;
    // Who uses a table keeps others from altering it, for as long as his transaction takes.
    run(&mut *locked.connection, "SET lock_wait_timeout = 8640000").await?;
    let created = create(&mut *locked.connection, tables).await;
    let usual = format!("SET lock_wait_timeout = {}", locked.connection.place.lock_wait());
    if run(&mut *locked.connection, &usual).await.is_err() {
        locked.connection.state = State::Lost;
    }
    locked.release().await;
    created
}

async fn create(connection: &mut Connection, tables: &'static [TableMeta]) -> Result<()> {
    let found = Found::read(connection).await?;
    let flavour = connection.server.flavour;
    let mut differences = Vec::new();
    for table in tables {
        compare::compare(&found, flavour, table, &mut differences);
    }
    if !differences.is_empty() {
        return Err(Error::Migration { differences });
    }
    for table in tables.iter().filter(|table| found.table(table.model.table).is_none()) {
        for sql in table.ddl.of(Dialect::Mysql).create {
            run(connection, sql).await?;
        }
    }
    // Tables may bring their indexes with them: what is there now is not made again.
    let found = Found::read(connection).await?;
    for table in tables {
        let Some(there) = found.table(table.model.table) else { continue };
        let ddl = table.ddl.of(Dialect::Mysql);
        let missing = |names: Vec<&str>, wanted: &'static [NamedSql]| -> Vec<&'static str> {
            let is_there = |named: &&NamedSql| names.iter().any(|name| name.eq_ignore_ascii_case(named.name));
            wanted.iter().filter(|named| !is_there(named)).map(|named| named.sql).collect()
        };
        let indexes = missing(there.keys.iter().map(|key| key.name.as_str()).collect(), ddl.indexes);
        let constraints = missing(there.foreign_keys.iter().map(|key| key.name.as_str()).collect(), ddl.constraints);
        for sql in indexes.into_iter().chain(constraints) {
            run(connection, sql).await?;
        }
    }
    Ok(())
}

async fn run(connection: &mut Connection, sql: &str) -> Result<()> {
    connection.control(sql, State::Idle).await
}

/// A connection that keeps other programs from creating tables in the same database.
struct Locked<'c> {
    connection: &'c mut Connection,
    released: bool,
}

impl<'c> Locked<'c> {
    async fn take(connection: &'c mut Connection) -> Result<Self> {
        let locked = Self { connection, released: false };
        let name = name(locked.connection.place.target.database.as_deref().unwrap_or_default());
        let start = Instant::now();
        loop {
            // Asked for again and again: a statement that waited could be stopped for taking too long.
            match ask(locked.connection, &format!("SELECT GET_LOCK('{name}', 0)")).await? {
                Some(1) => return Ok(locked),
                _ if start.elapsed() < PATIENCE => tokio::time::sleep(STEP).await,
                _ => {
                    let place = &locked.connection.place;
                    let message = format!("another program has been creating tables in {place} for {PATIENCE:?}");
                    return Err(Error::Serialization { message });
                }
            }
        }
    }

    async fn release(mut self) {
        let name = name(self.connection.place.target.database.as_deref().unwrap_or_default());
        let released = ask(self.connection, &format!("SELECT RELEASE_LOCK('{name}')")).await;
        self.released = matches!(released, Ok(Some(1)));
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        // The lock goes with its connection. One that is busy is closed anyway.
        if !self.released && self.connection.state != State::Busy {
            self.connection.state = State::Lost;
        }
    }
}

/// The lock's name, which the whole server shares: of at most 64 characters, whatever the database's name.
fn name(database: &str) -> String {
    // FNV-1a.
    let hash = database
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("relata_create_tables_{hash:016x}")
}

async fn ask(connection: &mut Connection, sql: &str) -> Result<Option<i64>> {
    let answer: Vec<Option<i64>> = read(connection, sql).await?;
    Ok(answer.into_iter().next().flatten())
}

/// The rows of a statement of the driver's own.
async fn read<R: mysql_async::prelude::FromRow + Send + 'static>(
    connection: &mut Connection,
    sql: &str,
) -> Result<Vec<R>> {
    let before = std::mem::replace(&mut connection.state, State::Busy);
    match connection.conn.query(sql).await {
        Ok(rows) => {
            connection.state = before;
            Ok(rows)
        }
        Err(failure) => {
            connection.state = if fault::is_lost(&failure) { State::Lost } else { before };
            Err(fault::error(&failure, &connection.place))
        }
    }
}
