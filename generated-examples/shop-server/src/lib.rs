//! The shop by HTTP, in LoopBack's shapes: handlers written by hand over generated repositories.
//!
//! | route | gives |
//! | --- | --- |
//! | `GET /orders` | orders, with what the filter asks for |
//! | `GET /orders/{id}/customer` | the customer; 404 where there is no such order |
//! | `GET /customers/{id}/orders` | the customer's orders, with the same filter; `[]` for a customer who is not there |
//! | `POST /customers/{id}/orders` | the new order as stored; 404 for a customer who is not there |
//! | `PATCH /customers/{id}/orders` | `{"count": n}`: **every** order of the customer is changed |
//! | `DELETE /customers/{id}/orders` | `{"count": n}`: **every** order of the customer is deleted |
//!
//! The filter is LoopBack's, as JSON or in brackets: `filter[where][status]=paid&filter[include][]=customer`. What is not
//! known is refused with 400 and never ignored: a `where` that is passed over would leave `PATCH` and `DELETE` with all
//! rows. These two take none, and hold for all of the customer's orders, as in LoopBack without one.

mod customer_orders;
mod error;
mod extract;
mod filter;
mod orders;

use axum::Router;
use axum::http::{Method, Uri};
use axum::routing::get;
use shop::Db;

use crate::error::HttpError;

/// Every route, on that database.
pub fn router(db: Db) -> Router {
    let customer_orders = get(customer_orders::list)
        .post(customer_orders::create)
        .patch(customer_orders::patch)
        .delete(customer_orders::delete);
    Router::new()
        .route("/orders", get(orders::list))
        .route("/orders/{id}/customer", get(orders::customer))
        .route("/customers/{id}/orders", customer_orders)
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .with_state(db)
}

async fn no_route(method: Method, uri: Uri) -> HttpError {
    HttpError::not_found(format!("there is no {method} {}", uri.path()))
}

async fn no_method(method: Method, uri: Uri) -> HttpError {
    HttpError::method_not_allowed(format!("{} does not take {method}", uri.path()))
}
