//! What a database refused, in the schema's words: which unique key, which relation.
//!
//! Databases name constraints badly or not at all; what they leave out is found by asking, on the same
//! connection, only after a refusal.

use super::ask;
use super::expr::Expr;
use super::sql::Sql;
use crate::Error;
use crate::driver::{Fault, Session, Wanted};
use crate::key::KeyValues;
use crate::meta::{ForeignKeyMeta, ModelMeta, SchemaMeta};
use crate::value::{Raw, Value};

/// Why a new row was refused.
pub(crate) async fn of_write(
    session: &mut dyn Session,
    model: &'static ModelMeta,
    values: &[Value<'static>],
    fault: Fault,
) -> Error {
    match fault {
        Fault::Unique { detail } => unique(model, &detail),
        Fault::ForeignKey => match leading_nowhere(session, model, values).await {
            Some(key) => refused(model, key),
            None => fault.into(),
        },
        other => other.into(),
    }
}

/// Why a change was refused: by a key of the changed rows, or by rows that point at them.
pub(crate) async fn of_change(
    session: &mut dyn Session,
    schema: &'static SchemaMeta,
    model: &'static ModelMeta,
    values: &[Value<'static>],
    condition: &Expr,
    fault: Fault,
) -> Error {
    match fault {
        Fault::ForeignKey => match leading_nowhere(session, model, values).await {
            Some(key) => refused(model, key),
            None => of_delete(session, schema, model, condition, Fault::ForeignKey).await,
        },
        other => of_write(session, model, values, other).await,
    }
}

/// Why a delete was refused: rows still point at what was to go.
pub(crate) async fn of_delete(
    session: &mut dyn Session,
    schema: &'static SchemaMeta,
    model: &'static ModelMeta,
    condition: &Expr,
    fault: Fault,
) -> Error {
    let Fault::ForeignKey = fault else {
        return fault.into();
    };
    for &holder in schema.models {
        for key in holder.foreign_keys.iter().filter(|key| std::ptr::eq(key.target, model)) {
            if points_at(session, holder, key, condition).await {
                return refused(holder, key);
            }
        }
    }
    fault.into()
}

fn refused(model: &'static ModelMeta, key: &'static ForeignKeyMeta) -> Error {
    Error::ForeignKey { model: model.name, relation: key.relation.to_owned() }
}

/// The unique key that the database names by its columns (`table.column, …`) or by its index.
fn unique(model: &'static ModelMeta, detail: &str) -> Error {
    let columns: Vec<_> =
        detail.split(", ").filter_map(|part| part.rsplit_once('.')).map(|(_, column)| column).collect();
    let named = model.uniques.iter().find(|unique| detail.contains(unique.name)).map(|unique| unique.properties);
    let of_columns = || {
        let position = |column: &&str| model.properties.iter().position(|property| property.column == *column);
        columns.iter().map(position).collect::<Option<Vec<_>>>()
    };
    let properties = named.map(<[usize]>::to_vec).or_else(of_columns).unwrap_or_default();
    let names: Vec<_> = properties.iter().map(|&property| model.properties[property].name).collect();
    let key = if names.is_empty() { detail.to_owned() } else { format!("{} is taken", names.join(", ")) };
    Error::Conflict { model: model.name, key }
}

/// The first foreign key of the given values that points at no row.
async fn leading_nowhere(
    session: &mut dyn Session,
    model: &'static ModelMeta,
    values: &[Value<'static>],
) -> Option<&'static ForeignKeyMeta> {
    for key in model.foreign_keys {
        let parts: Vec<_> = key.from.iter().map(|&property| values[property].clone()).collect();
        if parts.iter().any(|part| matches!(part, Value::Unset | Value::Null)) {
            continue;
        }
        let condition = Expr::Key { properties: key.to, values: KeyValues::many(parts), select: "" };
        // A failure of this question must not hide the refusal that it is asked about.
        if !ask::exists(session, key.target, &condition).await.unwrap_or(true) {
            return Some(key);
        }
    }
    None
}

/// Whether rows of `holder` point by `key` at rows that match.
async fn points_at(
    session: &mut dyn Session,
    holder: &'static ModelMeta,
    key: &'static ForeignKeyMeta,
    condition: &Expr,
) -> bool {
    let mut sql = Sql::new(session.capabilities(), 2);
    sql.push("SELECT 1 FROM ");
    sql.table(holder, 0);
    sql.push(" JOIN ");
    sql.table(key.target, 1);
    sql.push(" ON ");
    for (n, (&from, &to)) in key.from.iter().zip(key.to).enumerate() {
        sql.push(if n > 0 { " AND " } else { "" });
        sql.column(holder, 0, from);
        sql.push(" = ");
        sql.column(key.target, 1, to);
    }
    sql.filter(key.target, 1, condition);
    sql.push(" LIMIT 1");
    let statement = sql.finish();
    let mut found = false;
    let asked = session
        .query(&statement.text, &statement.binds, &mut |cells| {
            found = matches!(cells.raw(0), Raw::Int(_));
            Ok(Wanted::Enough)
        })
        .await;
    asked.is_ok() && found
}
