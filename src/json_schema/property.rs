//! Properties, short and long, and the words for their types.

use schemars::JsonSchema;

use super::names::Identifier;

/// A property: its type, or a map of keys.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Property {
    /// The short form: a type and nothing else.
    Short(Type),
    /// The long form.
    Long(LongProperty),
}

/// What a property holds: a word for a type, the name of an enum or of an abstract model, or a list of these,
/// written `T[]`.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Type {
    /// A type of the language.
    Word(Word),
    /// The name of an enum, or of an abstract model whose values are held inside the row.
    Declared(Declared),
    /// A list: `string[]`, `OrderStatus[]`. Inside `{ }` it is quoted: `'string[]'`.
    List(ListOf),
}

/// The name of an enum or of an abstract model.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(super) struct Declared(#[schemars(regex(pattern = r"^[A-Z][A-Za-z0-9]*$"))] String);

/// A list of values.
#[derive(JsonSchema)]
#[schemars(inline, extend("examples" = ["string[]"]))]
pub(super) struct ListOf(
    #[schemars(regex(
        pattern = r"^([A-Z][A-Za-z0-9]*|string|text|integer|int32|number|decimal|boolean|date|time|datetime|uuid|json|any|bytes|buffer)\s*\[\]$"
    ))]
    String,
);

/// A type of the language.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
pub(super) enum Word {
    /// Text of at most `maxLength` characters, 255 where it is not written. `String` in Rust.
    String,
    /// Text without a limit. `String` in Rust; cannot be a key or indexed.
    Text,
    /// A whole number of 64 bits. `i64` in Rust.
    Integer,
    /// A whole number of 32 bits. `i32` in Rust.
    Int32,
    /// A floating-point number of 64 bits. `f64` in Rust; cannot be a key or indexed. For money take `decimal`.
    Number,
    /// An exact decimal number with `precision` digits, `scale` of them after the point. `Decimal` in Rust.
    Decimal,
    /// `true` or `false`. `bool` in Rust.
    Boolean,
    /// A day of the calendar, `2026-02-28`.
    Date,
    /// A time of day with microseconds, `17:30:00`.
    Time,
    /// An instant in UTC with microseconds, `2026-02-28T17:30:00Z`.
    Datetime,
    /// A UUID; with `generated: true` of version 7, made by the library.
    Uuid,
    /// Any JSON value.
    Json,
    /// The same as `json`.
    Any,
    /// Bytes; base64 in JSON. `Vec<u8>` in Rust.
    Bytes,
    /// The same as `bytes`.
    Buffer,
}

/// A property with what there is to say of it.
#[derive(JsonSchema)]
#[schemars(inline, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct LongProperty {
    /// What it holds: a word for a type, the name of an enum or of an abstract model, or a list of these, `'T[]'`.
    r#type: Type,
    /// A list: the same as `[]` after the type.
    #[schemars(extend("default" = false))]
    list: Option<bool>,
    /// Part of the primary key. Several properties make a composite key, in the order of their declaration.
    #[schemars(extend("default" = false))]
    id: Option<bool>,
    /// Filled in where a row is stored: an `integer` that is the whole primary key is counted by the database, a `uuid`
    /// of version 7 is made by the library.
    #[schemars(extend("default" = false))]
    generated: Option<bool>,
    /// NOT NULL in the database, and no `Option` in Rust. Ids, versions and lists are always required.
    #[schemars(extend("default" = false))]
    required: Option<bool>,
    /// The value of rows that give none: a literal of the type, `now` for `date` and `datetime`, `uuid` for `uuid`.
    #[schemars(extend("examples" = ["now", "uuid", 0, false, ""]))]
    default: Option<serde_json::Value>,
    /// No two rows have the same value.
    #[schemars(extend("default" = false))]
    unique: Option<bool>,
    /// An index over this property.
    #[schemars(extend("default" = false))]
    index: Option<bool>,
    /// The column. Default: the property in snake_case.
    column: Option<Identifier>,
    /// Never serialised, given by code only, and out of reach of filters that come from outside.
    #[schemars(extend("default" = false))]
    hidden: Option<bool>,
    /// The least number of characters, for `string` and `text`; checked before every write.
    #[schemars(range(max = 4_294_967_295_u32))]
    min_length: Option<u32>,
    /// The greatest number of characters, for `string` and `text`; checked before every write. 255 for a `string` where
    /// it is not written.
    #[schemars(range(min = 1, max = 4_294_967_295_u32), extend("default" = 255))]
    max_length: Option<u32>,
    /// A regular expression that text has to match somewhere (`'^[A-Z]{2}$'`: as a whole), in the syntax of Rust's
    /// crate `regex`; checked before every write.
    pattern: Option<String>,
    /// The least value of a number, itself allowed; checked before every write. A quoted number keeps every digit.
    minimum: Option<Bound>,
    /// The greatest value of a number, itself allowed; checked before every write. A quoted number keeps every digit.
    maximum: Option<Bound>,
    /// The digits of a `decimal`, before and after the point together.
    #[schemars(range(min = 1, max = 28), extend("default" = 18))]
    precision: Option<u8>,
    /// The digits of a `decimal` after the point.
    #[schemars(range(max = 28), extend("default" = 6))]
    scale: Option<u8>,
    /// Counts the updates of a row, for optimistic locking: an `integer` that starts at 1. An update that gives another
    /// version than the stored one is refused as `stale`.
    #[schemars(extend("default" = false))]
    version: Option<bool>,
    /// What it means: doc comment in Rust, comment in the database.
    description: Option<String>,
}

/// A number, or one in quotes.
#[derive(JsonSchema)]
#[schemars(inline, extend("type" = ["number", "string"]))]
pub(super) struct Bound(#[schemars(regex(pattern = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"))] String);
