//! How much values take: what bounds the statements and the memory of many rows. Knows nothing of databases.

use super::Value;

/// About how many bytes a value takes.
pub(crate) fn size(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => 8 + text.len(),
        Value::Bytes(bytes) => 8 + bytes.len(),
        #[cfg(feature = "json")]
        Value::Json(value) => 8 + json_size(value),
        _ => 24,
    }
}

#[cfg(feature = "json")]
fn json_size(value: &serde_json::Value) -> usize {
    use serde_json::Value as Json;

    match value {
        Json::String(text) => 2 + text.len(),
        Json::Array(elements) => elements.iter().map(|element| 1 + json_size(element)).sum::<usize>() + 2,
        Json::Object(members) => {
            members.iter().map(|(name, value)| 4 + name.len() + json_size(value)).sum::<usize>() + 2
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => 8,
    }
}
