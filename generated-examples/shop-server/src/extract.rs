//! Parts of a request, each refused in the server's own form of error. Knows no model.

use std::str::FromStr;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use relata::types::Uuid;

use crate::error::HttpError;

/// The `{id}` of a path.
pub(crate) struct Id<T>(pub(crate) T);

/// What an id can be, and what that is called where a path has something else.
pub(crate) trait PathId: FromStr {
    const KIND: &'static str;
}

impl PathId for i64 {
    const KIND: &'static str = "a whole number";
}

impl PathId for Uuid {
    const KIND: &'static str = "a UUID";
}

impl<S: Send + Sync, T: PathId> FromRequestParts<S> for Id<T> {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let path = Path::<String>::from_request_parts(parts, state).await.ok();
        let id = path.and_then(|Path(text)| text.parse().ok());
        id.map(Self).ok_or_else(|| HttpError::invalid_parameter(format!("the id in the path has to be {}", T::KIND)))
    }
}

/// No query string: what a route does not take is refused, or a `where` might be passed over in silence.
pub(crate) struct NoQuery;

impl<S: Send + Sync> FromRequestParts<S> for NoQuery {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, HttpError> {
        match parts.uri.query() {
            None | Some("") => Ok(Self),
            Some(_) => {
                Err(HttpError::invalid_parameter("this route takes no parameters, and no filter or where".to_owned()))
            }
        }
    }
}

/// A JSON body: a new row or a patch, which name what they do not know.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T> FromRequest<S> for Body<T>
where
    Json<T>: FromRequest<S, Rejection: Into<HttpError>>,
{
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let Json(body) = Json::from_request(request, state).await.map_err(Into::into)?;
        Ok(Self(body))
    }
}
