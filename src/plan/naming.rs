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

/// File names that a file system, the emitted folder itself or Cargo (`tests/shop/main.rs` is a test) keeps for other
/// things.
const TAKEN_FILES: &[&str] = &["mod", "con", "prn", "aux", "nul", "main"];

/// The name of a field, function, module or method: `customer_id`, `r#type`.
pub(crate) fn value_name(name: &str) -> String {
    raw(snake(name))
}

/// The private module of the file of a model, enum or embedded value: `order_`, beside the public `order`.
pub(crate) fn file_module(name: &str) -> String {
    format!("{}_", snake(name))
}

/// The file of a model, enum, embedded value or view, without its folder. It is all lower case and made of the words that
/// the type's name is made of: two types that differ, as rules see to, have files that differ on every file system.
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
    use std::collections::BTreeMap;

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
    fn types_that_differ_have_files_that_differ() {
        let letters = ["A", "B", "a", "b", "1", "Oauth", "OAuth", "HTTP"];
        let longer = |names: &[String]| -> Vec<String> {
            names.iter().flat_map(|name| letters.map(|letter| format!("{name}{letter}"))).collect()
        };
        let first = ["A", "B", "Oauth", "OAuth", "HTTP"].map(str::to_owned);
        let (second, third) = (longer(&first), longer(&longer(&first)));
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for name in first.iter().chain(&second).chain(&third).chain(&longer(&third)) {
            let (ty, file) = (type_name(name), file_name(name));
            assert_eq!(file, file.to_lowercase());
            assert_eq!(*files.entry(file).or_insert_with(|| ty.clone()), ty, "{name}");
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
