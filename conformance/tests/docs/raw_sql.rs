//! The examples of `docs/usage.md` on SQL that a program writes itself, and those of `docs/security.md`.

use relata::Result;

use super::usage::shop::{Customer, Db, NewCustomer, Order, OrderStatus, order_item};
use super::usage::with_ann;

#[tokio::test]
async fn raw_sql() -> Result<()> {
    let (db, ann, order) = with_ann().await?;

    let hers: Vec<Order> = db.sql("SELECT * FROM orders WHERE customer_id = ? ORDER BY id").bind(ann.id).rows().await?;
    let busiest = db
        .sql("SELECT c.name, COUNT(*), SUM(o.quantity) FROM customers c JOIN orders o ON o.customer_id = c.id \
              WHERE o.status <> ? GROUP BY c.name ORDER BY 2 DESC")
        .bind(OrderStatus::Shipped)
        .rows::<(String, i64, i64)>()
        .first()
        .await?;                                                             // Option<(String, i64, i64)>
    let orders = db.sql("SELECT COUNT(*) FROM orders").rows::<i64>().one().await?;
    let found = db.sql("SELECT * FROM customers WHERE name IN (?)").bind_list(["Ann", "Bob"]).rows::<Customer>().await?;

    let paid = db
        .transaction(async |tx| {
            let text = "UPDATE orders SET status = ?, version = version + 1 WHERE id = ? AND status = ?";
            let paid = tx.sql(text).bind(OrderStatus::Paid).bind(order.id).bind(OrderStatus::Pending).execute().await?;
            tx.sql("DELETE FROM order_items WHERE price < ?").bind_as(order_item::price(), 10).execute().await?;
            Ok::<_, relata::Error>(paid)                                     // rows changed
        })
        .await?;

    assert_eq!((hers.len(), busiest, orders, found.len(), paid), (1, Some(("Ann".into(), 1, 2)), 1, 1, 1));
    Ok(())
}

#[tokio::test]
async fn dynamic_sql() -> Result<()> {
    let (db, ..) = with_ann().await?;
    let wanted = "city";
    use relata::DynamicSql;

    let column = match wanted { "city" => "city", _ => "name" };              // chosen, not copied
    let text = DynamicSql::assert_safe(format!("SELECT id, name FROM customers ORDER BY {column}"));
    let names: Vec<(i64, String)> = db.sql(text).rows().await?;
    assert_eq!(names.len(), 1);
    Ok(())
}

#[test]
fn what_a_request_may_not_say() {
    assert!(serde_json::from_str::<NewCustomer>(r#"{ "id": 1, "name": "Ann", "email": "a@x" }"#).is_err());
    assert!(serde_json::from_str::<NewCustomer>(r#"{ "name": "Ann", "email": "a@x", "orders": [] }"#).is_err());
}

#[tokio::test]
async fn regular_expressions() -> Result<()> {
    use std::time::Duration;

    let db = Db::builder()
        .url("sqlite::memory:")
        .allow_regexp()
        .statement_timeout(Duration::from_secs(2))
        .connect()
        .await?;
    Ok(())
}
