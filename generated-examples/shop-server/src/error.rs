//! What went wrong as a status and a JSON body: `{"error": {"statusCode", "name", "message", "code"}}`.
//!
//! The one place that knows which of Relata's codes is which status.

use std::error::Error;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A request that is refused, or that the server failed to answer.
#[derive(Debug)]
pub(crate) struct HttpError {
    status: StatusCode,
    /// For programs, as stable as the status; what the server alone needs to know has none.
    code: Option<&'static str>,
    message: String,
}

impl HttpError {
    fn new(status: StatusCode, code: &'static str, message: String) -> Self {
        Self { status, code: Some(code), message }
    }

    /// Neither route nor row is there.
    pub(crate) fn not_found(message: String) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// The route is there, for other methods.
    pub(crate) fn method_not_allowed(message: String) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
    }

    /// A path, or a query string of a route that takes none.
    pub(crate) fn invalid_parameter(message: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_parameter", message)
    }
}

impl From<relata::Error> for HttpError {
    #[allow(clippy::print_stderr, reason = "what the client is not told is told here")]
    fn from(error: relata::Error) -> Self {
        let status = match &error {
            relata::Error::NotFound { .. } => StatusCode::NOT_FOUND,
            relata::Error::InvalidFilter { .. } | relata::Error::InclusionNotAllowed { .. } => StatusCode::BAD_REQUEST,
            relata::Error::Validation { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            relata::Error::Conflict { .. } | relata::Error::ForeignKey { .. } | relata::Error::Stale { .. } => {
                StatusCode::CONFLICT
            }
            _ => {
                eprintln!("{}: {error}", error.code());
                let message = "the server could not answer; its log says why".to_owned();
                return Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: None, message };
            }
        };
        Self::new(status, error.code(), error.to_string())
    }
}

impl From<JsonRejection> for HttpError {
    fn from(rejection: JsonRejection) -> Self {
        // 400 what is no JSON, 415 what is not called so, 413 what is too long, 422 what the schema does not know. Of
        // what the schema says, axum's own words about target types are left out.
        let said = |error: &dyn Error| error.source().map(ToString::to_string);
        let message = match &rejection {
            JsonRejection::JsonSyntaxError(error) => said(error).map(|what| format!("the body is no JSON: {what}")),
            JsonRejection::JsonDataError(error) => said(error),
            _ => None,
        };
        Self::new(rejection.status(), "invalid_body", message.unwrap_or_else(|| rejection.body_text()))
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let mut error = json!({
            "statusCode": self.status.as_u16(),
            "name": name(self.status),
            "message": self.message,
        });
        if let Some(code) = self.code {
            error["code"] = code.into();
        }
        (self.status, Json(json!({ "error": error }))).into_response()
    }
}

/// `NotFoundError` of 404: the status's own words as the name of an error.
fn name(status: StatusCode) -> String {
    let words = status.canonical_reason().unwrap_or("Unknown");
    let name = words.replace(' ', "");
    if name.ends_with("Error") { name } else { name + "Error" }
}
