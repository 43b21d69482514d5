//! The letters of names, and one name or several.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// The name of a model, in UpperCamelCase.
#[derive(JsonSchema)]
#[schemars(extend("patternErrorMessage" = "A model is called as a Rust type is: OrderItem."))]
pub(super) struct ModelName(#[schemars(regex(pattern = ModelName::PATTERN))] String);

impl ModelName {
    /// As a type of Rust.
    pub(super) const PATTERN: &str = r"^[A-Z][A-Za-z0-9]*$";
}

/// The name of an enum, in UpperCamelCase.
#[derive(JsonSchema)]
#[schemars(extend("patternErrorMessage" = "An enum is called as a Rust type is: OrderStatus."))]
pub(super) struct EnumName(#[schemars(regex(pattern = r"^[A-Z][A-Za-z0-9]*$"))] String);

/// The name of a property: it begins with a lower-case letter and goes on with letters, digits and `_`.
#[derive(JsonSchema)]
#[schemars(extend("patternErrorMessage" = "A property is called like this: placedAt or placed_at."))]
pub(super) struct PropertyName(#[schemars(regex(pattern = r"^[a-z][A-Za-z0-9_]*$"))] String);

/// The name of a relation: it begins with a lower-case letter and goes on with letters, digits and `_`.
#[derive(JsonSchema)]
#[schemars(extend("patternErrorMessage" = "A relation is called like this: orderItems or order_items."))]
pub(super) struct RelationName(#[schemars(regex(pattern = r"^[a-z][A-Za-z0-9_]*$"))] String);

/// The name of a view, in UpperCamelCase.
#[derive(JsonSchema)]
#[schemars(extend("patternErrorMessage" = "A view is called as a Rust type is: OrderCard."))]
pub(super) struct ViewName(#[schemars(regex(pattern = ModelName::PATTERN))] String);

/// The name of a field: it begins with a lower-case letter and goes on with letters, digits and `_`.
#[derive(JsonSchema)]
#[schemars(extend("patternErrorMessage" = "A field is called like this: openOrders or open_orders."))]
pub(super) struct FieldName(#[schemars(regex(pattern = r"^[a-z][A-Za-z0-9_]*$"))] String);

/// The name of a datasource: it begins with a lower-case letter and goes on with letters, digits and `_`.
#[derive(JsonSchema)]
#[schemars(extend("patternErrorMessage" = "A datasource is called like this: crm."))]
pub(super) struct DatasourceName(#[schemars(regex(pattern = r"^[a-z][A-Za-z0-9_]*$"))] String);

/// The name of a column or an index in the database: at most 63 ASCII characters.
#[derive(JsonSchema)]
#[schemars(extend("patternErrorMessage" = "Databases take at most 63 ASCII characters here."))]
pub(super) struct Identifier(#[schemars(regex(pattern = r"^[ -~]{1,63}$"))] String);

/// The name of a table, at most 63 ASCII characters; `schema.table` names a schema of PostgreSQL too.
#[derive(JsonSchema)]
#[schemars(extend("patternErrorMessage" = "Databases take at most 63 ASCII characters here, twice for schema.table."))]
pub(super) struct TableName(#[schemars(regex(pattern = r"^[ -~]{1,127}$"))] String);

/// One key property, or a list of them for a composite key.
pub(super) struct Key;

/// One target, or a list of them, which makes the relation polymorphic.
pub(super) struct Targets;

impl JsonSchema for Key {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Key".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        one_or_several::<PropertyName>(generator)
    }
}

impl JsonSchema for Targets {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Targets".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        one_or_several::<ModelName>(generator)
    }
}

/// The alternatives say nothing of themselves: editors would show that instead of what the key means.
fn one_or_several<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    let mut one = T::json_schema(generator);
    one.remove("description");
    json_schema!({
        "anyOf": [one, { "type": "array", "items": generator.subschema_for::<T>(), "minItems": 1, "uniqueItems": true }],
    })
}
