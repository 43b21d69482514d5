//! Rust names: types, fields, modules, files, accessors.
//!
//! Words are split as `heck` does, keywords become raw identifiers. That no two names fall together was
//! checked before; knows nothing of what the names are for.

/// A type, and a `snake_case` name without regard to keywords, for parts of longer names: as rules compare them.
pub(crate) use crate::graph::{pascal as type_name, snake};

/// Keywords of every edition, those that may be written raw.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// File names that a file system or the emitted folder itself keeps for other things.
const TAKEN_FILES: &[&str] = &["mod", "con", "prn", "aux", "nul"];

/// The name of a field, function, module or method: `customer_id`, `r#type`.
pub(crate) fn value_name(name: &str) -> String {
    raw(snake(name))
}

/// The private module of the file of a model, enum or embedded value: `order_`, beside the public `order`.
pub(crate) fn file_module(name: &str) -> String {
    format!("{}_", snake(name))
}

/// The file of a model, enum or embedded value, without its folder.
pub(crate) fn file_name(name: &str) -> String {
    let stem = snake(name);
    let device = stem.len() == 4
        && (stem.starts_with("com") || stem.starts_with("lpt"))
        && stem.ends_with(|c: char| c.is_ascii_digit());
    if TAKEN_FILES.contains(&stem.as_str()) || device { format!("{stem}_.rs") } else { format!("{stem}.rs") }
}

fn raw(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) { format!("r#{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types() {
        for (name, expected) in
            [("OrderItem", "OrderItem"), ("ULID", "Ulid"), ("Model2", "Model2"), ("HTTPServer", "HttpServer")]
        {
            assert_eq!(type_name(name), expected);
        }
    }

    #[test]
    fn fields() {
        for (name, expected) in
            [("customerId", "customer_id"), ("type", "r#type"), ("userID", "user_id"), ("line2", "line2")]
        {
            assert_eq!(value_name(name), expected);
        }
    }

    #[test]
    fn files_shun_what_systems_keep() {
        for (name, expected) in
            [("Order", "order.rs"), ("Type", "type.rs"), ("Mod", "mod_.rs"), ("Con", "con_.rs"), ("Com1", "com1_.rs")]
        {
            assert_eq!(file_name(name), expected);
        }
    }
}
