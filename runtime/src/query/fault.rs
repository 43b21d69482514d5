//! What a database refused, in the schema's words: which unique key, which relation.
//!
//! Databases name constraints badly or not at all; what they leave out is found by asking, on the same
//! connection, only after a refusal.

use super::ask;
use super::expr::Expr;
use super::sql::Sql;
use crate::Error;
use crate::driver::{Constraint, Fault, Session, Wanted};
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
        Fault::Unique(constraint) => unique(model, &constraint),
        Fault::ForeignKey(Some(name)) => match named(model, &name) {
            Some(key) => refused(model, key),
            None => Fault::ForeignKey(Some(name)).into(),
        },
        Fault::ForeignKey(None) => match leading_nowhere(session, model, values).await {
            Some(key) => refused(model, key),
            None => Fault::ForeignKey(None).into(),
        },
        other => other.into(),
    }
}

/// Why a change was refused: by a key of the changed rows, or by rows that point at them. Of keys that are computed no
/// value is known: where nothing else is wrong, it is these.
pub(crate) async fn of_change(
    session: &mut dyn Session,
    schema: &'static SchemaMeta,
    model: &'static ModelMeta,
    values: &[Value<'static>],
    computed: &[usize],
    condition: &Expr,
    fault: Fault,
) -> Error {
    let is_computed = |key: &&ForeignKeyMeta| key.from.iter().any(|property| computed.contains(property));
    match fault {
        Fault::ForeignKey(None) => match leading_nowhere(session, model, values).await {
            Some(key) => refused(model, key),
            None => match model.foreign_keys.iter().find(is_computed) {
                Some(key) => refused(model, key),
                None => of_delete(session, schema, model, condition, Fault::ForeignKey(None)).await,
            },
        },
        Fault::ForeignKey(Some(_)) => of_delete(session, schema, model, condition, fault).await,
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
    match fault {
        Fault::ForeignKey(Some(name)) => {
            for &holder in schema.models {
                if let Some(key) = named(holder, &name) {
                    return refused(holder, key);
                }
            }
            Fault::ForeignKey(Some(name)).into()
        }
        Fault::ForeignKey(None) => {
            for &holder in schema.models {
                for key in holder.foreign_keys.iter().filter(|key| std::ptr::eq(key.target, model)) {
                    if points_at(session, holder, key, condition).await {
                        return refused(holder, key);
                    }
                }
            }
            Fault::ForeignKey(None).into()
        }
        other => other.into(),
    }
}

/// Why a statement was refused whose model is not known, as far as names of constraints tell.
pub(crate) fn of_raw(schema: &'static SchemaMeta, datasource: usize, fault: Fault) -> Error {
    let models = || schema.models.iter().copied().filter(|model| model.datasource == datasource);
    match fault {
        Fault::Unique(constraint) => {
            let is_its = |model: &&'static ModelMeta| match &constraint {
                Constraint::Name(name) => {
                    let same = |other: &str| other.eq_ignore_ascii_case(name);
                    model.uniques.iter().any(|unique| same(unique.name)) || same(model.key_name)
                }
                Constraint::Columns(_) => false,
            };
            match models().find(is_its) {
                Some(model) => unique(model, &constraint),
                None => Error::Conflict { model: "row", key: taken(&constraint) },
            }
        }
        Fault::ForeignKey(name) => {
            let named = |name: &String| models().find_map(|model| Some(refused(model, self::named(model, name)?)));
            name.as_ref().and_then(named).unwrap_or(Error::ForeignKey { model: "row", relation: String::new() })
        }
        Fault::Pattern { detail } => Error::Driver { message: detail },
        other => other.into(),
    }
}

/// A unique key in the database's words.
fn taken(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Name(name) => format!("the unique key `{name}` is violated"),
        Constraint::Columns(columns) => format!("{} is taken", columns.join(", ")),
    }
}

/// The model's foreign key whose constraint has that name.
fn named(model: &'static ModelMeta, name: &str) -> Option<&'static ForeignKeyMeta> {
    model.foreign_keys.iter().find(|key| key.name.eq_ignore_ascii_case(name))
}

fn refused(model: &'static ModelMeta, key: &'static ForeignKeyMeta) -> Error {
    Error::ForeignKey { model: model.name, relation: key.relation.to_owned() }
}

/// The unique key, in the schema's words.
fn unique(model: &'static ModelMeta, constraint: &Constraint) -> Error {
    let properties = match constraint {
        Constraint::Name(name) => {
            let same = |other: &str| other.eq_ignore_ascii_case(name);
            let unique = model.uniques.iter().find(|unique| same(unique.name)).map(|unique| unique.properties);
            unique.or_else(|| (same(model.key_name) || same("PRIMARY")).then_some(model.key)).map(<[usize]>::to_vec)
        }
        Constraint::Columns(columns) => {
            let position = |column: &String| model.properties.iter().position(|property| property.column == column);
            columns.iter().map(position).collect()
        }
    };
    let key = match properties {
        Some(properties) => {
            let names: Vec<_> = properties.iter().map(|&property| model.properties[property].name).collect();
            format!("{} is taken", names.join(", "))
        }
        None => Error::from(Fault::Unique(constraint.clone())).to_string(),
    };
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
        let condition = Expr::Key { properties: key.to, values: KeyValues::many(parts), select: None };
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
