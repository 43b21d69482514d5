//! Rows that a change is about, where the statement that changes them must not look for them itself: databases that
//! do not read the table that a statement changes, and databases that check foreign keys row by row.

use super::expr::Expr;
use super::keys::KeyIndex;
use super::sql::Sql;
use super::through::LinkRows;
use crate::driver::{Capabilities, Fault, Session, Wanted};
use crate::meta::ModelMeta;

/// Whether the condition reads the model's own table, which the statement changes, or finds rows by others: those
/// databases look for them once only where they are joined.
pub(super) fn reads(condition: &Expr, model: &'static ModelMeta) -> bool {
    match condition {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(|part| reads(part, model)),
        Expr::Not(inner) => reads(inner, model),
        Expr::Related { relation, among, condition, .. } => {
            std::ptr::eq(relation.target, model) || reads(among, model) || reads(condition, model)
        }
        Expr::Reached { .. } => true,
        Expr::Count { count, .. } => {
            let link = count.node.link.as_ref();
            let by_link = |link: &LinkRows| std::ptr::eq(link.through.link(), model) || reads(&link.condition, model);
            std::ptr::eq(count.relation.target, model)
                || reads(&count.node.condition, model)
                || link.is_some_and(|link| by_link(link))
        }
        Expr::All
        | Expr::Compare { .. }
        | Expr::Key { .. }
        | Expr::List { .. }
        | Expr::Among { .. }
        | Expr::Like { .. }
        | Expr::Regexp { .. }
        | Expr::Null { .. }
        | Expr::Live { .. }
        | Expr::Named { .. }
        // What lies in a row's own columns has no relations.
        | Expr::Embedded { .. }
        | Expr::Has { .. }
        // Only reads go on from somewhere.
        | Expr::Beyond(_) => false,
        Expr::Led { source, .. } => std::ptr::eq(*source, model),
    }
}

/// Whether the rows that an UPDATE changes are joined to it, where the database does not look for them in place: it
/// may not read the table, or goes through a list again for each row.
pub(super) fn is_joined(capabilities: &Capabilities, model: &'static ModelMeta, condition: &Expr) -> bool {
    !capabilities.reads_what_it_changes && (reads(condition, model) || lists(condition))
}

/// Whether the condition looks into a list.
fn lists(condition: &Expr) -> bool {
    match condition {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(lists),
        Expr::Not(inner) => lists(inner),
        other => matches!(other, Expr::List { .. } | Expr::Among { .. }),
    }
}

/// ` JOIN` the primary keys of the rows that match. `DISTINCT` changes nothing, and keeps the database from making it
/// one statement again, which would read what it changes.
pub(super) fn join<'a>(sql: &mut Sql<'a>, model: &'static ModelMeta, condition: &'a Expr) {
    let inner = sql.alias();
    sql.push(" JOIN (SELECT DISTINCT ");
    for (n, &property) in model.key.iter().enumerate() {
        sql.comma(n);
        sql.column(model, inner, property);
        sql.write(format_args!(" AS v{n}"));
    }
    sql.push(" FROM ");
    sql.table(model, inner);
    sql.filter(model, inner, condition);
    sql.push(") AS k ON ");
    for (n, &property) in model.key.iter().enumerate() {
        sql.push(if n > 0 { " AND " } else { "" });
        sql.column(model, 0, property);
        sql.write(format_args!(" = k.v{n}"));
    }
}

/// Properties that are to be cleared before many rows are deleted: optional ones of foreign keys that lead from the
/// table to itself. Row by row, a row could go before those that point at it.
pub(super) fn self_keys(capabilities: &Capabilities, model: &'static ModelMeta) -> Vec<usize> {
    let own =
        model.foreign_keys.iter().filter(|key| !capabilities.checks_keys_at_end && std::ptr::eq(key.target, model));
    let mut properties: Vec<usize> = own.flat_map(|key| key.from).copied().collect();
    properties.retain(|&property| !model.properties[property].required);
    properties.sort_unstable();
    properties.dedup();
    properties
}

/// Deletes the rows that match, of which none points at another any more. They are chosen first: what is cleared may
/// be what they are chosen by.
pub(super) async fn delete(
    session: &mut dyn Session,
    model: &'static ModelMeta,
    condition: &Expr,
    self_keys: &[usize],
) -> Result<u64, Fault> {
    let capabilities = session.capabilities();
    let mut select = Sql::new(capabilities, 1);
    select.push("SELECT ");
    select.properties(model, 0, model.key);
    select.push(" FROM ");
    select.table(model, 0);
    select.filter(model, 0, condition);
    select.push(" FOR UPDATE");
    let select = select.finish();
    let columns: Vec<usize> = (0..model.key.len()).collect();
    let mut chosen = KeyIndex::default();
    session
        .query(&select.text, &select.binds, &mut |cells| {
            chosen.push(&cells, &columns);
            Ok(Wanted::More)
        })
        .await?;
    if chosen.keys().is_empty() {
        return Ok(0);
    }
    let rows = Expr::Among { properties: model.key, keys: chosen.keys().to_vec() };
    let mut clear = Sql::new(capabilities, 1);
    clear.push("UPDATE ");
    clear.table(model, 0);
    join(&mut clear, model, &rows);
    clear.push(" SET ");
    for (n, &property) in self_keys.iter().enumerate() {
        clear.comma(n);
        clear.column(model, 0, property);
        clear.push(" = NULL");
    }
    let clear = clear.finish();
    session.execute(&clear.text, &clear.binds).await?;
    let mut delete = Sql::deleting(capabilities, model);
    delete.filter(model, 0, &rows);
    let delete = delete.finish();
    session.execute(&delete.text, &delete.binds).await
}
