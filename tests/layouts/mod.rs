//! The same schema in other layouts, for tests of what edits do to text.

use std::fmt::Write as _;

use relata_compiler::Inputs;

/// Another spelling of the same values; none of what the other parser refuses.
pub(crate) fn rewritten_as(
    inputs: &Inputs,
    extension: &str,
    write: impl Fn(&serde_json::Value) -> String,
) -> Option<Inputs> {
    let rewrite = |(name, text): &(String, String)| {
        let value: serde_json::Value = serde_yaml_original::from_str(text).ok()?;
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        Some((format!("{stem}.{extension}"), write(&value)))
    };
    Some(Inputs { texts: inputs.texts.iter().map(rewrite).collect::<Option<_>>()?, ..Inputs::default() })
}

/// As JSON, a value a line.
pub(crate) fn json(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).expect("values are JSON") + "\n"
}

/// As YAML in braces, all in one line.
pub(crate) fn flow(value: &serde_json::Value) -> String {
    fn inner(value: &serde_json::Value, out: &mut String) {
        match value {
            serde_json::Value::Object(entries) => {
                out.push_str("{ ");
                for (at, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    write!(out, "{}: ", word(key)).expect("a string takes all");
                    inner(value, out);
                }
                out.push_str(" }");
            }
            serde_json::Value::Array(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    inner(item, out);
                }
                out.push(']');
            }
            serde_json::Value::String(text) => out.push_str(&word(text)),
            other => write!(out, "{other}").expect("a string takes all"),
        }
    }
    fn word(text: &str) -> String {
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && text.starts_with(|first: char| first.is_ascii_alphabetic())
            && !matches!(text, "true" | "false" | "null");
        if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
    }
    let mut out = String::new();
    inner(value, &mut out);
    out + "\n"
}
