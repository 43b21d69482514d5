//! What emitted code says about properties, enums and embedded values.

/// One property.
#[derive(Debug, Clone, Copy)]
pub struct PropertyMeta {
    /// As in the schema; the name in JSON.
    pub name: &'static str,
    /// Unquoted.
    pub column: &'static str,
    /// What one value is.
    pub kind: Kind,
    /// A list of values, stored as JSON.
    pub list: bool,
    /// NOT NULL.
    pub required: bool,
    /// Who makes the value.
    pub generated: Generated,
    /// What a new row gets where it does not say.
    pub default: DefaultMeta,
    /// Never serialised.
    pub hidden: bool,
    /// Characters (bytes for `bytes`), of each element for lists.
    pub min_length: Option<u64>,
    /// Characters (bytes for `bytes`), of each element for lists.
    pub max_length: Option<u64>,
    /// A regular expression, unanchored.
    pub pattern: Option<&'static str>,
    /// Inclusive, in the type's own notation.
    pub minimum: Option<&'static str>,
    /// Inclusive, in the type's own notation.
    pub maximum: Option<&'static str>,
    /// Of a discriminator: the models whose names it may hold. Empty for any other property.
    pub models: &'static [&'static str],
    /// Of a decimal: digits in all.
    pub precision: u8,
    /// Of a decimal: digits after the point.
    pub scale: u8,
}

impl PropertyMeta {
    /// An optional property without rules, to be completed: `PropertyMeta { name, column, kind, ..EMPTY }`.
    pub const EMPTY: Self = Self {
        name: "",
        column: "",
        kind: Kind::Text,
        list: false,
        required: false,
        generated: Generated::No,
        default: DefaultMeta::None,
        hidden: false,
        min_length: None,
        max_length: None,
        pattern: None,
        minimum: None,
        maximum: None,
        models: &[],
        precision: 18,
        scale: 6,
    };
}

/// What one value is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text of bounded length.
    String,
    /// Text of any length.
    Text,
    /// 64 bits, signed.
    Integer,
    /// 32 bits, signed.
    Int32,
    /// A double-precision number, finite.
    Number,
    /// An exact number of fixed precision and scale.
    Decimal,
    /// True or false.
    Boolean,
    /// A calendar day.
    Date,
    /// A time of day with microseconds.
    Time,
    /// An instant in UTC with microseconds.
    DateTime,
    /// A UUID.
    Uuid,
    /// Any JSON value.
    Json,
    /// Bytes.
    Bytes,
    /// One of these strings.
    Enum(&'static EnumMeta),
    /// A value with properties of its own.
    Embedded(&'static EmbeddedMeta),
}

/// A closed set of strings.
#[derive(Debug)]
pub struct EnumMeta {
    /// As in the schema.
    pub name: &'static str,
    /// As stored and serialised.
    pub values: &'static [&'static str],
}

/// An abstract model as the type of a value.
#[derive(Debug)]
pub struct EmbeddedMeta {
    /// As in the schema.
    pub name: &'static str,
    /// In declaration order.
    pub properties: &'static [PropertyMeta],
}

/// Who makes the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generated {
    /// The caller (or the default).
    No,
    /// The database, counting.
    Database,
    /// The library: a UUID, version 7.
    Uuid,
    /// The library: 1, raised by every update.
    Version,
    /// The library: the instant at which the row is made.
    CreatedAt,
    /// The library: the instant of the last update, at first that of `CreatedAt`.
    UpdatedAt,
}

/// What a new row gets where it does not say.
#[derive(Debug, Clone, Copy)]
pub enum DefaultMeta {
    /// Nothing: NULL, or refused where required.
    None,
    /// The moment of creation.
    Now,
    /// A fresh UUID, version 7.
    Uuid,
    /// A literal in the type's JSON notation.
    Json(&'static str),
}
