//! Views: named shapes of models.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::names::{FieldName, ModelName, PropertyName, RelationName, ViewName};
use super::shape::{Map, may_be_empty};

/// A named shape of a model's rows: a struct with some of their properties, counts of related rows, and related rows in
/// shapes of their own. Only what it shows is read.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, transform = may_be_empty)]
pub(super) struct View {
    /// The model whose rows it shows.
    of: ModelName,
    /// What it is for: doc comment in Rust.
    description: Option<String>,
    /// The plural of the name, for the method that gives its rows (`db.order_cards()`).
    ///
    /// Default: the English plural, `OrderCard` → `OrderCards`.
    #[schemars(regex(pattern = r"^[A-Za-z][A-Za-z0-9_]*$"))]
    plural: Option<String>,
    #[schemars(flatten)]
    shape: Shape,
}

/// What is shown of a row.
#[derive(JsonSchema)]
struct Shape {
    /// The properties that are shown, in this order. Default: all but hidden ones.
    fields: Option<Fields>,
    /// Numbers of related rows, read with the row itself: a list of relations (`[items]` gives `itemsCount`), or names
    /// with the relation that is counted.
    counts: Option<Counts>,
    /// Related rows: a list of relations whose rows come whole, or names with what is shown of them.
    include: Option<Includes>,
}

/// One property, or a list of them, each once; the list may be empty.
struct Fields;

/// A list of relations, or counts by name.
struct Counts;

/// A list of relations, or inclusions by name.
struct Includes;

impl JsonSchema for Fields {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Fields".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut one = PropertyName::json_schema(generator);
        one.remove("description");
        json_schema!({
            "anyOf": [one, { "type": "array", "items": generator.subschema_for::<PropertyName>(), "uniqueItems": true }],
        })
    }
}

impl JsonSchema for Counts {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Counts".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        listed_or::<Count>(generator)
    }
}

impl JsonSchema for Includes {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Includes".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        listed_or::<Include>(generator)
    }
}

fn listed_or<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    let relation = generator.subschema_for::<RelationName>();
    let list = json_schema!({ "type": "array", "items": relation, "minItems": 1, "uniqueItems": true });
    let named = generator.subschema_for::<Map<FieldName, T>>();
    json_schema!({ "anyOf": [relation, list, named] })
}

/// What is counted.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Count {
    /// All rows of a relation.
    Relation(RelationName),
    /// Those that match.
    Chosen(ChosenCount),
}

/// How many rows of a relation match.
#[derive(JsonSchema)]
#[schemars(inline, deny_unknown_fields)]
struct ChosenCount {
    /// The relation.
    of: RelationName,
    /// What rows must match, as in a filter: `{ quantity: { gt: 1 } }`.
    r#where: Option<Condition>,
    /// What it is for: doc comment in Rust.
    description: Option<String>,
}

/// What is shown of related rows.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Include {
    /// Whole rows.
    Whole(Whole),
    /// A view of them.
    View(ViewName),
    /// Which, and what of them.
    Scope(Box<Included>),
}

/// `true`
struct Whole;

impl JsonSchema for Whole {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Whole".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": true })
    }
}

/// Which rows of a relation are included, and what is shown of them.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, transform = may_be_empty)]
struct Included {
    /// The relation, where the field is not called as it is.
    of: Option<RelationName>,
    /// A view of the rows, in place of `fields`, `counts` and `include`.
    view: Option<ViewName>,
    /// What it is for: doc comment in Rust.
    description: Option<String>,
    #[schemars(flatten)]
    shape: Shape,
    /// What rows must match, as in a filter: `{ quantity: { gt: 1 } }`.
    r#where: Option<Condition>,
    /// The order of the rows, for each row above: `placedAt DESC`, or a list of such.
    order: Option<Order>,
    /// At most so many for each row above.
    #[schemars(range(min = 1))]
    limit: Option<u64>,
    /// Without so many of the first ones of each row above.
    #[schemars(range(min = 0))]
    offset: Option<u64>,
}

/// What rows must match: values or operators by property, and `and`, `or`, `not`.
struct Condition;

impl JsonSchema for Condition {
    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let own = generator.subschema_for::<Self>();
        json_schema!({
            "description": "What rows must match, as in a filter: properties with a value or with operators (`eq neq gt gte lt lte between inq nin like nlike ilike nilike exists`); `and`, `or` and `not` join conditions.",
            "type": "object",
            "properties": {
                "and": { "description": "All of them hold.", "type": "array", "items": own, "minItems": 1 },
                "or": { "description": "One of them holds, or several.", "type": "array", "items": own, "minItems": 1 },
                "not": own,
            },
        })
    }
}

/// One order, or a list of them.
struct Order;

impl JsonSchema for Order {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Order".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let one = json_schema!({ "type": "string", "pattern": r"^\s*[a-z][A-Za-z0-9_]*(\s+([Aa][Ss][Cc]|[Dd][Ee][Ss][Cc]))?\s*$" });
        json_schema!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1, "uniqueItems": true }] })
    }
}
