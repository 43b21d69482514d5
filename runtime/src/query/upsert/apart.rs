//! Stores a row, or changes the one that is there, by a statement each: where no single one does both, or where others
//! follow the change.
//!
//! Of those who store a row of one key at once, one inserts it, and the others find it. A row that is found is locked
//! before it is changed, so that it is still the one that was meant.

use super::statement::{self, Otherwise};
use super::{Given, Refusal, Stored, Upsert};
use crate::driver::{Fault, Session, Wanted};
use crate::key::KeyValues;
use crate::query::ask;
use crate::query::sql::Sql;
use crate::query::task::Answer;
use crate::query::write::{self, Update, Which};
use crate::row::{Cells, Row, decode_error};
use crate::value::Value;
use crate::{Error, Result};

/// How often a row may be gone when it is to be changed, and there again when it is to be inserted.
const ATTEMPTS: usize = 10;

pub(super) async fn store<'u>(
    session: &mut dyn Session,
    upsert: &Upsert,
    row: &'u Given,
    stored: &mut Stored,
) -> Result<(), Refusal<'u>> {
    // Where an insert that finds the key taken costs locks, it is asked first; without a lock, which would be one of a
    // row that is not there, and hold up its insert.
    let asks = session.capabilities().upserts == 0;
    let mut is_there = asks && ask::exists(session, upsert.model, &upsert.found_by(row)).await?;
    let mut taken = None;
    for _ in 0..ATTEMPTS {
        if is_there && let Some(found) = find(session, upsert, row).await? {
            return Ok(change(session, upsert, row, found, stored).await?);
        }
        if let Some(fault) = taken.take() {
            return Err(Refusal::Taken(row, fault));
        }
        match insert(session, upsert, row, stored).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            // A database that goes on after a refusal says whether it is this row that has the other key too.
            Err(Refusal::Taken(_, fault)) if asks => taken = Some(fault),
            Err(refusal) => return Err(refusal),
        }
        is_there = true;
    }
    let message = format!("a {} was made and deleted by others again and again", upsert.model.name);
    Err(Error::Serialization { message }.into())
}

/// The row that is there, locked.
async fn find(session: &mut dyn Session, upsert: &Upsert, row: &Given) -> Result<Option<Stored>> {
    let (model, capabilities) = (upsert.model, session.capabilities());
    let condition = upsert.found_by(row);
    let mut sql = Sql::selecting(capabilities, model);
    sql.filter(model, 0, &condition);
    sql.push(capabilities.for_update);
    let statement = sql.finish();
    let mut found = (model.rows)(1);
    session
        .query(&statement.text, &statement.binds, &mut |cells| {
            let mut row = Row::new(cells, 0, model.properties);
            found.push(&mut row).map(|()| Wanted::More).map_err(|mismatch| decode_error(model, &mismatch))
        })
        .await?;
    Ok((!found.is_empty()).then_some(found))
}

/// Lets the row that is there take over what is given.
async fn change(
    session: &mut dyn Session,
    upsert: &Upsert,
    row: &Given,
    found: Stored,
    stored: &mut Stored,
) -> Result<()> {
    let Upsert { schema, model, .. } = upsert;
    let mut there: Vec<_> =
        (0..model.properties.len()).map(|property| found.value(0, property).into_static()).collect();
    drop(found);
    let is_deleted = upsert.restores().is_some_and(|property| there[property] != Value::Null);
    if let (Some(property), Some(expected)) = (model.version, &row.version)
        && !is_deleted
        && there[property] != *expected
    {
        return Err(Error::Stale { model: model.name });
    }
    let mut values = vec![Value::Unset; model.properties.len()];
    for property in upsert.changes(row) {
        values[property] = row.values[property].clone();
    }
    if let Some(property) = upsert.restores().filter(|_| is_deleted) {
        values[property] = Value::Null;
    }
    if values.iter().all(|value| *value == Value::Unset) {
        return push(upsert, &mut there, stored);
    }
    let key = KeyValues::many(model.key.iter().map(|&property| there[property].clone()).collect());
    let mut update = Update { schema, model, which: Which::Key(key), values, computed: Vec::new(), through: None };
    update.prepare()?;
    let Answer::Loaded(loaded) = Box::pin(write::update(session, &update)).await? else {
        unreachable!("a change by id gives the row as stored")
    };
    let mut values: Vec<_> =
        (0..model.properties.len()).map(|property| loaded.rows.value(0, property).into_static()).collect();
    push(upsert, &mut values, stored)
}

/// Inserts the row, unless it is there by now.
async fn insert<'u>(
    session: &mut dyn Session,
    upsert: &Upsert,
    row: &'u Given,
    stored: &mut Stored,
) -> Result<bool, Refusal<'u>> {
    let capabilities = session.capabilities();
    if capabilities.upserts > 0 {
        let row = std::slice::from_ref(row);
        return Ok(statement::run(session, upsert, row, Otherwise::Nothing, stored).await? > 0);
    }
    let mut values = row.values.clone();
    let inserted = if upsert.counted().is_some() {
        let mut table = Sql::new(capabilities, 1);
        table.bare_table(upsert.model);
        let statement = upsert.insert(capabilities, std::slice::from_ref(row), &table.text).finish();
        session.execute(&statement.text, &statement.binds).await.map(drop)
    } else {
        session.insert(upsert.model, std::slice::from_mut(&mut values)).await?.map_err(|(_, fault)| fault)
    };
    match inserted {
        Ok(()) => {
            push(upsert, &mut values, stored)?;
            Ok(true)
        }
        Err(Fault::Unique(constraint)) if upsert.is_target(&constraint) => Ok(false),
        Err(fault @ Fault::Unique(_)) => Err(Refusal::Taken(row, fault)),
        Err(fault) => Err(Box::pin(upsert.refusal(session, row, fault)).await.into()),
    }
}

fn push(upsert: &Upsert, values: &mut [Value<'static>], stored: &mut Stored) -> Result<()> {
    let mut row = Row::new(Cells::Values(values), 0, upsert.model.properties);
    stored.push(&mut row).map_err(|mismatch| decode_error(upsert.model, &mismatch))
}
