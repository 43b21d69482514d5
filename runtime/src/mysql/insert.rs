//! New rows: one by the emitted statement, several by statements of many rows, and the ids that the server made.

use std::borrow::Cow;

use mysql_async::{Params, Value as Wire};

use super::lease::{Lease, size, value_of};
use super::server::{Flavour, Server};
use crate::driver::{self, Dialect, Fault, Inserted, Telling, Wanted};
use crate::meta::{Generated, ModelMeta};
use crate::row::Cells;
use crate::value::{Raw, Value};

/// How many rows a statement may have: few numbers, so that few texts are prepared, and any number of rows takes few
/// statements.
const SIZES: [usize; 11] = [1024, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1];

/// The most marks of a statement. The protocol has 65,535; the client keeps a description of each, and beyond some
/// thousands nothing is gained.
const MARKS: usize = 4096;

/// The most bytes of a statement's values, where the server takes as much.
const BYTES: usize = 1 << 20;

/// Inserts all rows, and puts into them what the server generates.
pub(super) async fn insert(
    lease: &mut Lease<'_>,
    model: &'static ModelMeta,
    rows: &mut [Vec<Value<'static>>],
    mut telling: Option<&mut dyn Telling>,
) -> Inserted {
    let generated = model.properties.iter().position(|property| property.generated == Generated::Database);
    let many = *model.sql.insert_many.of(Dialect::Mysql);
    let mut done = 0;
    while done < rows.len() {
        let left = &mut rows[done..];
        let id = generated.map(|at| model.properties[at].column);
        let by_one = many.is_empty() || (id.is_some() && !tells_ids(&lease.connection.server));
        let values = next(lease, model, left, if by_one { 1 } else { left.len() });
        let (chunk, values) = values.map_err(|(n, fault)| (done + n, fault))?;
        let returned = id.filter(|_| chunk > 1 && lease.connection.server.increment.is_none());
        let sql = if chunk == 1 {
            Cow::Borrowed(*model.sql.insert.of(Dialect::Mysql))
        } else {
            Cow::Owned(text(many, chunk, values.len() / chunk, returned))
        };
        let sql = driver::begin(&mut telling, &sql);
        let ids = match chunk {
            1 => one(lease, &sql, values).await,
            _ if returned.is_some() => several_returned(lease, &sql, chunk, values).await,
            _ => several(lease, &sql, chunk, values).await,
        };
        // Of several rows, the server does not say which one; the constraint's name does.
        let ids = ids.map_err(|fault| (done, fault))?;
        driver::inserted(&mut telling, chunk);
        if let Some(at) = generated {
            for (row, id) in left.iter_mut().zip(ids.into_iter().flatten()) {
                row[at] = Value::Int(id);
            }
        }
        done += chunk;
    }
    Ok(())
}

/// The values of as many of the first rows as fit one statement, and how many rows that is.
fn next(
    lease: &Lease<'_>,
    model: &'static ModelMeta,
    rows: &[Vec<Value<'static>>],
    most: usize,
) -> Result<(usize, Vec<Wire>), (usize, Fault)> {
    let columns = model.properties.iter().filter(|property| property.generated != Generated::Database).count().max(1);
    let budget = BYTES.min(lease.connection.server.max_packet / 2);
    let fits = |size: &usize| *size <= most && *size * columns <= MARKS;
    let most = SIZES.into_iter().find(fits).unwrap_or(1);
    let mut values = Vec::with_capacity(most * columns);
    let (mut bytes, mut taken) = (0, 0);
    for (n, row) in rows.iter().take(most).enumerate() {
        for (property, value) in model.properties.iter().zip(row) {
            if property.generated != Generated::Database {
                let value = value_of(value, property).map_err(|fault| (n, fault))?;
                bytes += size(&value);
                values.push(value);
            }
        }
        if n > 0 && bytes > budget {
            break;
        }
        taken = n + 1;
    }
    let chunk = SIZES.into_iter().find(|size| *size <= taken).unwrap_or(1);
    values.truncate(chunk * columns);
    lease.fits(values.iter()).map_err(|fault| (0, fault))?;
    Ok((chunk, values))
}

async fn one(lease: &mut Lease<'_>, sql: &str, values: Vec<Wire>) -> Result<Option<Vec<i64>>, Fault> {
    let params = if values.is_empty() { Params::Empty } else { Params::Positional(values) };
    let (_, id) = lease.change(sql, params).await?;
    Ok(id.and_then(|id| i64::try_from(id).ok()).map(|id| vec![id]))
}

/// Whether the ids that a statement of several rows generates can be known.
fn tells_ids(server: &Server) -> bool {
    server.increment.is_some() || server.flavour == Flavour::MariaDb
}

/// Of one statement whose number of rows is known beforehand, the generated ids follow each other, whatever the mode
/// in which the server locks its counter.
async fn several(lease: &mut Lease<'_>, sql: &str, rows: usize, values: Vec<Wire>) -> Result<Option<Vec<i64>>, Fault> {
    let (_, first) = lease.change(sql, Params::Positional(values)).await?;
    let first = first.and_then(|first| i64::try_from(first).ok()).zip(lease.connection.server.increment);
    Ok(first.map(|(first, increment)| (0..).map(|n| first + n * increment).take(rows).collect()))
}

/// The same in a cluster, where by how much ids grow may be another at any time. To have them returned costs a packet for
/// each row.
async fn several_returned(
    lease: &mut Lease<'_>,
    sql: &str,
    rows: usize,
    values: Vec<Wire>,
) -> Result<Option<Vec<i64>>, Fault> {
    let mut ids = Vec::with_capacity(rows);
    let mut each = |cells: Cells<'_>| {
        if let Raw::Int(id) = cells.raw(0) {
            ids.push(id);
        }
        Ok(Wanted::More)
    };
    lease.rows(sql, Params::Positional(values), &mut each).await?;
    Ok(Some(ids).filter(|ids| ids.len() == rows))
}

/// `INSERT INTO … VALUES (?,?),(?,?)`.
fn text(prefix: &str, rows: usize, columns: usize, returned: Option<&str>) -> String {
    let mut sql = String::with_capacity(prefix.len() + rows * (columns * 2 + 2) + 32);
    sql.push_str(prefix);
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            sql.push_str(if column == 0 { "?" } else { ",?" });
        }
        sql.push(')');
    }
    if let Some(id) = returned {
        sql.push_str(" RETURNING `");
        sql.push_str(&id.replace('`', "``"));
        sql.push('`');
    }
    sql
}
