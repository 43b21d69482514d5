//! The orders of one customer: each handler is one call on the constrained repository.
//!
//! No body and no parameter reaches another customer's orders: a `customerId` in either body is refused.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shop::{Db, Order, OrderPatch, OrderWithRelations, customer, order};

use crate::error::HttpError;
use crate::extract::{Body, Id, NoQuery};
use crate::filter::Filter;

/// `GET /customers/{id}/orders`
pub(crate) async fn list(
    State(db): State<Db>,
    Id(customer): Id<i64>,
    Filter(filter): Filter,
) -> Result<Json<Vec<OrderWithRelations>>, HttpError> {
    Ok(Json(db.customers().orders(customer).find_with(filter).await?))
}

/// `POST /customers/{id}/orders`
pub(crate) async fn create(
    State(db): State<Db>,
    Id(customer): Id<i64>,
    _: NoQuery,
    Body(new): Body<customer::NewOrder>,
) -> Result<Json<Order>, HttpError> {
    let created = db.customers().orders(customer).create(new).await;
    created.map(Json).map_err(|error| match error {
        // Of the keys of an order, that of the path alone can lead nowhere.
        relata::Error::ForeignKey { .. } => HttpError::not_found(format!("there is no Customer with id {customer}")),
        error => error.into(),
    })
}

/// `PATCH /customers/{id}/orders`: changes every order of the customer.
pub(crate) async fn patch(
    State(db): State<Db>,
    Id(customer): Id<i64>,
    _: NoQuery,
    Body(patch): Body<OrderPatch>,
) -> Result<Json<Value>, HttpError> {
    Ok(count(db.customers().orders(customer).patch(order::all(), patch).await?))
}

/// `DELETE /customers/{id}/orders`: deletes every order of the customer, or none where an invoice holds one.
pub(crate) async fn delete(State(db): State<Db>, Id(customer): Id<i64>, _: NoQuery) -> Result<Json<Value>, HttpError> {
    Ok(count(db.customers().orders(customer).delete(order::all()).await?))
}

fn count(rows: u64) -> Json<Value> {
    Json(json!({ "count": rows }))
}
