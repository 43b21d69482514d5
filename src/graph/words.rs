//! Names made from names: cases by `heck`, English plurals by `pluralizer`.

use heck::{ToLowerCamelCase, ToSnakeCase, ToUpperCamelCase};

/// `TodoList` → `todoList`.
pub(crate) fn camel(name: &str) -> String {
    name.to_lower_camel_case()
}

/// `OrderItem` → `order_item`.
pub(crate) fn snake(name: &str) -> String {
    name.to_snake_case()
}

/// `order_id` → `OrderId`.
pub(crate) fn pascal(name: &str) -> String {
    name.to_upper_camel_case()
}

/// The plural of the last word, the others as they are: `OrderItem` → `OrderItems`.
pub(super) fn plural(name: &str) -> String {
    let last_word = name
        .char_indices()
        .skip(1)
        .filter(|(at, letter)| letter.is_ascii_uppercase() && name[..*at].ends_with(|c: char| !c.is_ascii_uppercase()))
        .last()
        .map_or(0, |(at, _)| at);
    let last_word = name[last_word..].rfind('_').map_or(last_word, |underscore| last_word + underscore + 1);
    let (start, word) = name.split_at(last_word);
    format!("{start}{}", pluralizer::pluralize(word, 2, false))
}

/// The record that makes one row through a relation: `New` and the relation's name, singular where it leads
/// to many. `orders` → `NewOrder`; only the last word changes: `pendingOrderItems` → `NewPendingOrderItem`.
pub(crate) fn record(relation: &str, many: bool) -> String {
    format!("New{}", one(relation, many))
}

/// The record of what a link says beside its keys: `patients` → `PatientLink`.
pub(crate) fn link_record(relation: &str, many: bool) -> String {
    format!("{}Link", one(relation, many))
}

/// What one row of a relation is called: its name, singular where it leads to many. `orders` → `Order`.
pub(crate) fn one(relation: &str, many: bool) -> String {
    if !many {
        return pascal(relation);
    }
    let snake = snake(relation);
    let (before, last) = snake.rsplit_once('_').map_or(("", snake.as_str()), |(before, last)| (before, last));
    pascal(&format!("{before}_{}", pluralizer::pluralize(last, 1, false)))
}

/// What rows are found by, after `by_`: `[firstName, lastName]` → `first_name_and_last_name`.
pub(crate) fn by_words(properties: &[&str]) -> String {
    properties.iter().map(|name| snake(name)).collect::<Vec<_>>().join("_and_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_singular() {
        for (name, expected) in [
            ("orders", "NewOrder"),
            ("categories", "NewCategory"),
            ("people", "NewPerson"),
            ("pendingOrderItems", "NewPendingOrderItem"),
            ("children", "NewChild"),
        ] {
            assert_eq!(record(name, true), expected);
        }
        assert_eq!(record("address", false), "NewAddress");
        assert_eq!(link_record("patients", true), "PatientLink");
    }

    #[test]
    fn plurals_keep_the_casing() {
        for (name, expected) in [
            ("OrderItem", "OrderItems"),
            ("Category", "Categories"),
            ("Person", "People"),
            ("Series", "Series"),
            ("TodoList", "TodoLists"),
            ("HTTPServer", "HTTPServers"),
            ("account", "accounts"),
            ("SalesPerson", "SalesPeople"),
        ] {
            assert_eq!(plural(name), expected);
        }
    }
}
