//! Relations: one type for each kind, with the keys of that kind.

use std::borrow::Cow;

use schemars::transform::Transform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::names::{Key, ModelName, PropertyName, RelationName, Targets};

/// How rows are related to those of another model. One key says the kind, its value the target.
pub(super) struct Relation;

impl JsonSchema for Relation {
    fn schema_name() -> Cow<'static, str> {
        "Relation".into()
    }

    /// Decided by the kind's key, so that an editor offers the keys of that kind and speaks of no other kind.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let kinds = [
            ("belongsTo", generator.subschema_for::<BelongsTo>()),
            ("hasMany", generator.subschema_for::<HasMany>()),
            ("hasOne", generator.subschema_for::<HasOne>()),
            ("referencesMany", generator.subschema_for::<ReferencesMany>()),
            ("embedsOne", generator.subschema_for::<EmbedsOne>()),
            ("embedsMany", generator.subschema_for::<EmbedsMany>()),
        ];
        let has = |key: &str| json!({ "required": [key] });
        let any: Vec<_> = kinds.iter().map(|(key, _)| has(key)).collect();
        let each: Vec<_> = kinds.iter().map(|(key, kind)| json!({ "if": has(key), "then": kind })).collect();
        let offered: Map<_, _> =
            kinds.iter().map(|(key, kind)| ((*key).to_owned(), target_of(kind, key, generator))).collect();
        json_schema!({
            "description": "How rows are related to those of another model. One key says the kind, its value the target.",
            "type": "object",
            "if": { "type": "object", "anyOf": any },
            "then": { "allOf": each },
            // A map that is no string: what has no kind is refused with this sentence.
            "else": {
                "properties": offered,
                "type": "string",
                "errorMessage": "A relation says its kind: belongsTo, hasMany, hasOne, referencesMany, embedsOne or embedsMany.",
            },
        })
    }
}

/// What is said of a kind's own key.
fn target_of(kind: &Schema, key: &str, generator: &SchemaGenerator) -> Value {
    let name = kind.get("$ref").and_then(Value::as_str).and_then(|way| way.rsplit('/').next()).unwrap_or_default();
    let of_kind = generator.definitions().get(name).and_then(|kind| kind.pointer(&format!("/properties/{key}")));
    of_kind.cloned().unwrap_or(Value::Bool(true))
}

/// What follows from a list of targets: the relation has no name of its own accord, a discriminator makes sense, and
/// it answers no other.
struct Several {
    kind: &'static str,
    need: &'static [&'static str],
}

impl Transform for Several {
    fn transform(&mut self, schema: &mut Schema) {
        let of = |keys: &[&str]| keys.iter().map(|key| ((*key).to_owned(), false.into())).collect::<Map<_, Value>>();
        let has = self.kind.starts_with("has");
        let (mut several, mut one) = (Map::new(), of(&["discriminator"]));
        if has {
            several = of(&["polymorphic"]);
            one.insert("through".to_owned(), json!({ "properties": { "discriminator": false } }));
            // The relation that is answered has the key.
            let answers =
                json!({ "if": { "required": ["polymorphic"] }, "then": { "properties": of(&["keyTo", "through"]) } });
            schema.insert("allOf".to_owned(), json!([answers]));
        }
        schema.insert("if".to_owned(), json!({ "properties": { self.kind: { "type": "array" } } }));
        schema.insert("then".to_owned(), json!({ "required": self.need, "properties": several }));
        schema.insert("else".to_owned(), json!({ "properties": one }));
    }
}

/// A row refers to one row of the target and holds its key.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", transform = Several { kind: "belongsTo", need: &["name"] })]
pub(super) struct BelongsTo {
    /// A row refers to one row of this model and holds its key, which is added where it is not declared. A list of
    /// models makes the relation polymorphic.
    belongs_to: Targets,
    /// What the relation is called. Default: `keyFrom` without its final `Id`; for a composite key the target's name in
    /// camelCase. Needed for a list of targets.
    name: Option<RelationName>,
    /// The key on this model, a property or a list of them. Default: the target's name + `Id`, `Customer` →
    /// `customerId`.
    key_from: Option<Key>,
    /// What the key refers to on the target. Default: its primary key.
    key_to: Option<Key>,
    /// The property that names the target of each row, where there are several. Default: the relation's name + `Type`.
    discriminator: Option<PropertyName>,
    /// The added key is required. A key that is declared decides for itself.
    #[schemars(extend("default" = false))]
    required: Option<bool>,
    /// What happens to the rows that hold the key when the row they refer to is deleted.
    on_delete: Option<Action>,
    /// What happens to the rows that hold the key when the key they refer to changes.
    on_update: Option<Action>,
    /// `true`: a foreign key in the database (strong). `false`: known to the generated code alone (weak). Default:
    /// strong within one datasource, weak across datasources.
    constraint: Option<bool>,
    /// Filters that come from outside may include it.
    #[schemars(extend("default" = true))]
    includable: Option<bool>,
    /// What it means: doc comment in Rust.
    description: Option<String>,
}

/// Any number of the target's rows refer to a row.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", transform = Several { kind: "hasMany", need: &["name", "through"] })]
pub(super) struct HasMany {
    /// Any number of rows of this model hold the key of a row here, or a link model (`through`) joins both. A list of
    /// models makes the relation polymorphic.
    has_many: Targets,
    /// What the relation is called. Default: the target's plural in camelCase, `OrderItem` → `orderItems`.
    name: Option<RelationName>,
    /// What the key refers to on this model. Default: its primary key.
    key_from: Option<Key>,
    /// The key on the target, a property or a list of them. Default: this model's name + `Id`, `Customer` →
    /// `customerId`. Through a link model: what the link refers to on the target, its primary key.
    key_to: Option<Key>,
    /// The link model that joins both: its name, or a map with its keys.
    through: Option<Through>,
    /// The property that names the target of each row, where there are several.
    discriminator: Option<PropertyName>,
    /// The name of the target's polymorphic `belongsTo` that this answers.
    polymorphic: Option<RelationName>,
    /// What happens to the target's rows when the row they refer to is deleted; only where no `belongsTo` leads back.
    on_delete: Option<Action>,
    /// What happens to the target's rows when the key they refer to changes; only where no `belongsTo` leads back.
    on_update: Option<Action>,
    /// `true`: a foreign key in the database (strong). `false`: known to the generated code alone (weak). Default:
    /// strong within one datasource, weak across datasources.
    constraint: Option<bool>,
    /// Filters that come from outside may include it.
    #[schemars(extend("default" = true))]
    includable: Option<bool>,
    /// What it means: doc comment in Rust.
    description: Option<String>,
}

/// At most one of the target's rows refers to a row.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", transform = Several { kind: "hasOne", need: &["name"] })]
pub(super) struct HasOne {
    /// At most one row of this model holds the key of a row here, or a link model (`through`) joins both. A list of
    /// models makes the relation polymorphic.
    has_one: Targets,
    /// What the relation is called. Default: the target's name in camelCase.
    name: Option<RelationName>,
    /// What the key refers to on this model. Default: its primary key.
    key_from: Option<Key>,
    /// The key on the target, a property or a list of them; it becomes unique. Default: this model's name + `Id`.
    /// Through a link model: what the link refers to on the target, its primary key.
    key_to: Option<Key>,
    /// The link model that joins both: its name, or a map with its keys.
    through: Option<Through>,
    /// The property that names the target, where there are several. Default: the relation's name + `Type`.
    discriminator: Option<PropertyName>,
    /// The name of the target's polymorphic `belongsTo` that this answers.
    polymorphic: Option<RelationName>,
    /// What happens to the target's row when the row it refers to is deleted; only where no `belongsTo` leads back.
    on_delete: Option<Action>,
    /// What happens to the target's row when the key it refers to changes; only where no `belongsTo` leads back.
    on_update: Option<Action>,
    /// `true`: a foreign key in the database (strong). `false`: known to the generated code alone (weak). Default:
    /// strong within one datasource, weak across datasources.
    constraint: Option<bool>,
    /// Filters that come from outside may include it.
    #[schemars(extend("default" = true))]
    includable: Option<bool>,
    /// What it means: doc comment in Rust.
    description: Option<String>,
}

/// A row holds a list of keys of the target.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct ReferencesMany {
    /// A row holds a list of keys of this model's rows.
    references_many: ModelName,
    /// What the relation is called. Default: the plural of `keyFrom` without its final `Ids`, `accountIds` →
    /// `accounts`.
    name: Option<RelationName>,
    /// The list property that holds the keys. Default: the target's name + `Ids`.
    key_from: Option<Key>,
    /// What the keys refer to on the target. Default: its primary key.
    key_to: Option<Key>,
    /// A list of keys is never a foreign key: only `false` can be said.
    #[schemars(extend("const" = false))]
    constraint: Option<bool>,
    /// Filters that come from outside may include it.
    #[schemars(extend("default" = true))]
    includable: Option<bool>,
    /// What it means: doc comment in Rust.
    description: Option<String>,
}

/// A row holds a value of the target, which is an abstract model.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct EmbedsOne {
    /// A row holds a value of this abstract model.
    embeds_one: ModelName,
    /// What the relation and its property are called. Default: the target's name in camelCase.
    name: Option<RelationName>,
    /// The value is always there.
    #[schemars(extend("default" = false))]
    required: Option<bool>,
    /// Filters that come from outside may include it.
    #[schemars(extend("default" = true))]
    includable: Option<bool>,
    /// What it means: doc comment in Rust.
    description: Option<String>,
}

/// A row holds a list of values of the target, which is an abstract model.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct EmbedsMany {
    /// A row holds a list of values of this abstract model.
    embeds_many: ModelName,
    /// What the relation and its property are called. Default: the target's plural in camelCase.
    name: Option<RelationName>,
    /// Filters that come from outside may include it.
    #[schemars(extend("default" = true))]
    includable: Option<bool>,
    /// What it means: doc comment in Rust.
    description: Option<String>,
}

/// A link model: its name, or a map with its keys.
#[derive(JsonSchema)]
#[schemars(inline, deny_unknown_fields, rename_all = "camelCase", transform = or_name)]
pub(super) struct Through {
    /// The link model.
    model: ModelName,
    /// Its key to this model. Default: this model's name + `Id`.
    key_from: Option<Key>,
    /// Its key to the target. Default: the target's name + `Id`; for several targets the singular of the relation's
    /// name + `Id`.
    key_to: Option<Key>,
    /// Its property that names the target of each row, where there are several.
    discriminator: Option<PropertyName>,
}

/// The short form is the name of the model.
fn or_name(schema: &mut Schema) {
    schema.remove("description");
    let long = std::mem::replace(schema, json_schema!({}));
    schema.insert("if".to_owned(), json!({ "type": "string" }));
    schema.insert("then".to_owned(), json!({ "pattern": ModelName::PATTERN }));
    schema.insert("else".to_owned(), long.to_value());
}

/// What happens to the rows that hold a key.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", extend("type" = "string"))]
pub(super) enum Action {
    /// The change is refused while rows hold the key.
    Restrict,
    /// They are deleted too, or take over the new key.
    Cascade,
    /// Their key is unset; it has to be optional.
    SetNull,
    /// The default: nothing is done. A foreign key in the database then refuses the change; without one the keys dangle.
    NoAction,
}
