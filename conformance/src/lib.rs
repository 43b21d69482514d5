//! Generated code of the schemas that the conformance tests run on, the databases that they run against, and what
//! runs them.

pub mod database;
pub mod harness;

#[doc(hidden)]
pub use inventory;

/// Includes what `build.rs` generated from the schema file of that name.
macro_rules! schemas {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[allow(missing_docs, reason = "the schemas of tests say no more than their tests need")]
        pub mod $name {
            include!(concat!(env!("OUT_DIR"), "/", stringify!($name), "/mod.rs"));
        }
    )*};
}

schemas! {
    /// What happens to rows whose target goes.
    actions,
    /// Customers, orders, items, products, coupons and a tree of categories: every kind of direct relation.
    shop,
    /// Relations that no database constraint stands behind.
    weak,
    /// A property of every type, and every rule.
    types,
    /// Keys of every type that a key can have.
    keys,
    /// Names and words that trip generators.
    hostile,
    /// Tables and columns whose names mean something to SQL.
    quoted,
    /// Tables of one name in several schemas of the database.
    qualified,
    /// Values within values.
    values,
    /// `LoopBack`'s examples: keys and names by default.
    default_keys,
    /// A key in `snake_case`, with a relation name of its own.
    custom_key,
    /// A key that is stored under a column name of its own.
    column_name,
    /// A key that points at a property other than the id.
    key_to_property,
    /// Parent and children in one model.
    self_relation,
    /// A hasMany that names its key.
    custom_key_to,
    /// One account for each supplier.
    has_one,
}
