//! Soft deletion: rows stay, and say when they were deleted.

use super::chosen;
use super::expr::Expr;
use super::sql::{Binds, Sql, Statement};
use crate::default::Moment;
use crate::driver::{Bind, Fault, Session};
use crate::key::KeyValues;
use crate::meta::ModelMeta;
use crate::value::Value;
use crate::{Error, Result};

/// The instant of a deletion, which all rows share that go together.
///
/// # Errors
/// When the feature that has instants is off.
pub(crate) fn now(moment: &mut Moment, model: &'static ModelMeta, deleted_at: usize) -> Result<Value<'static>> {
    let property = &model.properties[deleted_at];
    moment.value(property).map_err(|reason| Error::validation(model.name, property.name, reason))
}

/// Marks the live row with that primary key as deleted, by the emitted statement.
pub(super) async fn delete_one(
    session: &mut dyn Session,
    model: &'static ModelMeta,
    deleted_at: usize,
    now: &Value<'static>,
    key: &KeyValues,
) -> Result<u64, Fault> {
    let text = model.sql.delete_by_key.of(session.capabilities().dialect);
    let row = Statement::by_key(text, model, model.key, key.as_slice());
    let mut binds = vec![Bind::Value(now, &model.properties[deleted_at])];
    binds.extend(row.binds.iter().copied());
    let statement = Statement { text: row.text, binds: Binds::Many(binds) };
    session.execute(&statement.text, &statement.binds).await
}

/// Marks the live rows that match as deleted, and says how many.
pub(super) async fn delete_all(
    session: &mut dyn Session,
    model: &'static ModelMeta,
    deleted_at: usize,
    now: &Value<'static>,
    condition: &Expr,
) -> Result<u64, Fault> {
    let capabilities = session.capabilities();
    let live = condition.clone().and(model.live());
    let joined = chosen::is_joined(capabilities, model, condition);
    let (mut sql, table) = Sql::updating(capabilities, model, joined.then_some(&live));
    let property = &model.properties[deleted_at];
    sql.push(table);
    sql.name(property.column);
    sql.push(" = ");
    sql.bind(Bind::Value(now, property));
    if !joined {
        sql.filter(model, 0, &live);
    }
    let statement = sql.finish();
    session.execute(&statement.text, &statement.binds).await
}
