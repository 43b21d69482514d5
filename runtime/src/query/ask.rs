//! Questions that are answered with one number: how many, and whether.

use super::expr::Expr;
use super::node::Node;
use super::sql::{Sql, Statement};
use crate::Result;
use crate::driver::Session;
use crate::driver::Wanted::Enough;
use crate::meta::ModelMeta;
use crate::value::Raw;

/// How many rows match, after limit and offset.
pub(crate) async fn count(session: &mut dyn Session, node: &Node) -> Result<i64> {
    let mut sql = Sql::new(session.capabilities(), 1);
    sql.push(if node.is_cut() { "SELECT COUNT(*) FROM (SELECT 1 FROM " } else { "SELECT COUNT(*) FROM " });
    sql.table(node.model, 0);
    sql.filter(node.model, 0, &node.condition);
    sql.cut(node.limit, node.offset);
    if node.is_cut() {
        sql.push(") AS counted");
    }
    scalar(session, &sql.finish()).await
}

/// Whether a row matches.
pub(crate) async fn exists(session: &mut dyn Session, model: &'static ModelMeta, condition: &Expr) -> Result<bool> {
    let mut sql = Sql::new(session.capabilities(), 1);
    sql.push("SELECT EXISTS (SELECT 1 FROM ");
    sql.table(model, 0);
    sql.filter(model, 0, condition);
    sql.push(")");
    Ok(scalar(session, &sql.finish()).await? != 0)
}

async fn scalar(session: &mut dyn Session, statement: &Statement<'_>) -> Result<i64> {
    let mut answer = 0;
    session
        .query(&statement.text, &statement.binds, &mut |cells| {
            if let Raw::Int(value) = cells.raw(0) {
                answer = value;
            }
            Ok(Enough)
        })
        .await?;
    Ok(answer)
}
