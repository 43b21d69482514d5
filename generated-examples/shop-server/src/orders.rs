//! Orders, and from an order to its customer.

use axum::Json;
use axum::extract::State;
use relata::types::Uuid;
use shop::{Customer, Db, OrderWithRelations};

use crate::error::HttpError;
use crate::extract::{Id, NoQuery};
use crate::filter::Filter;

/// `GET /orders?filter[include][]=customer`
pub(crate) async fn list(
    State(db): State<Db>,
    Filter(filter): Filter,
) -> Result<Json<Vec<OrderWithRelations>>, HttpError> {
    Ok(Json(db.orders().find_with(filter).await?))
}

/// `GET /orders/{id}/customer`
pub(crate) async fn customer(
    State(db): State<Db>,
    Id(order): Id<Uuid>,
    _: NoQuery,
) -> Result<Json<Customer>, HttpError> {
    Ok(Json(db.orders().customer(order).await?))
}
