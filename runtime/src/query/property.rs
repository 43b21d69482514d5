//! One property of one row that holds JSON, a list or an embedded value: read by itself, or changed in one transaction.

use std::fmt;

use super::expr::Expr;
use super::references::{self, Given};
use super::sql::{Sql, Statement};
use super::write::{self, Update, Which};
use crate::driver::Wanted::Enough;
use crate::driver::{Capabilities, Session};
use crate::key::KeyValues;
use crate::meta::{ModelMeta, SchemaMeta};
use crate::row::{Row, decode_error};
use crate::value::{Type as _, Value};
use crate::{Error, Result};

/// The property of the row with that primary key.
#[derive(Debug, Clone)]
#[allow(clippy::struct_field_names, reason = "a position among the model's properties, as everywhere")]
pub(crate) struct Property {
    pub(crate) model: &'static ModelMeta,
    pub(crate) key: KeyValues,
    pub(crate) property: usize,
}

/// What a change makes of the value that is stored: the value to store, and the answer.
pub(crate) type Change = Box<dyn FnOnce(Value<'static>) -> Result<(Value<'static>, Value<'static>)> + Send>;

/// A change of one property by what is stored of it.
pub(crate) struct Modify {
    pub(crate) schema: &'static SchemaMeta,
    pub(crate) at: Property,
    /// Keys that must lead somewhere for it.
    pub(crate) given: Option<Given>,
    pub(crate) change: Option<Change>,
}

impl fmt::Debug for Modify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Modify({:?})", self.at)
    }
}

/// The value that is stored.
pub(crate) async fn read(session: &mut dyn Session, at: &Property) -> Result<Value<'static>> {
    select(session, at, "").await
}

/// The statement that reads the value.
pub(super) fn reading<'p>(
    capabilities: &'static Capabilities,
    at: &'p Property,
    live: &'p Expr,
    lock: &'static str,
) -> Statement<'p> {
    let Property { model, key, property } = at;
    let mut sql = Sql::new(capabilities, 1);
    sql.push("SELECT ");
    sql.column(model, 0, *property);
    sql.push(" FROM ");
    sql.table(model, 0);
    sql.push(" WHERE ");
    sql.key(model, 0, model.key, key.as_slice());
    sql.and(model, 0, live);
    sql.push(lock);
    sql.finish()
}

async fn select(session: &mut dyn Session, at: &Property, lock: &'static str) -> Result<Value<'static>> {
    let Property { model, key, property } = at;
    let live = model.live();
    let statement = reading(session.capabilities(), at, &live, lock);
    let mut found = None;
    session
        .query(&statement.text, &statement.binds, &mut |cells| {
            let json = Row::new(cells, 0, std::slice::from_ref(&model.properties[*property]))
                .get::<Option<serde_json::Value>>(0);
            found = Some(json.map_err(|mismatch| decode_error(model, &mismatch.at(*property)))?.into_value());
            Ok(Enough)
        })
        .await?;
    found.ok_or_else(|| Error::NotFound { model: model.name, id: Some(key.describe()) })
}

/// Reads the value, locked where the database locks rows, and stores what the change makes of it.
pub(crate) async fn modify(session: &mut dyn Session, modify: &mut Modify) -> Result<Value<'static>> {
    let Modify { schema, at, given, change } = modify;
    let lock = session.capabilities().for_update;
    let stored = select(session, at, lock).await?;
    if let Some(given) = given.take() {
        references::check(session, given).await?;
    }
    let change = change.take().expect("a task is executed once");
    let (value, answer) = change(stored)?;
    let mut values = vec![Value::Unset; at.model.properties.len()];
    values[at.property] = value;
    let row = Expr::Key { properties: at.model.key, values: at.key.clone(), select: None };
    let row = row.and(at.model.live());
    let mut update =
        Update { schema, model: at.model, which: Which::All(row), values, computed: Vec::new(), through: None };
    update.prepare()?;
    write::update(session, &update).await?;
    Ok(answer)
}
