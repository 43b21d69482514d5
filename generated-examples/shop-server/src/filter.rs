//! The filter of a request: LoopBack's whole language, read and checked by generated code.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use shop::order;

use crate::error::HttpError;

/// `filter[where][status]=paid&filter[include][]=customer`, or `filter={"limit":20}`.
pub(crate) struct Filter(pub(crate) order::Filter);

impl<S: Send + Sync> FromRequestParts<S> for Filter {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, HttpError> {
        let query = parts.uri.query().unwrap_or_default();
        // Relata leaves other parameters to others. Here there are none, and `limit=5` must not be passed over.
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            if !parameter.starts_with("filter") {
                return Err(HttpError::invalid_parameter(
                    "this route takes `filter` and no other parameter".to_owned(),
                ));
            }
        }
        Ok(Self(order::Filter::from_query(query)?))
    }
}
