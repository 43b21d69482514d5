//! Generated code of the schemas that the conformance tests run on, the databases that they run against, and what
//! runs them and the examples.

pub mod database;
pub mod harness;
pub mod tour;

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
    /// The same, where no database sees to it.
    following,
    /// Rows that are deleted softly at every end of a relation that is not direct.
    deleted,
    /// Rows that are deleted softly, and rows that point at them.
    hiding,
    /// Rows that point at each other in every way.
    falling,
    /// Customers, orders, items, products, coupons and a tree of categories: every kind of direct relation.
    shop,
    /// Rows that say when they were made, changed and deleted.
    flags,
    /// Relations through a link model.
    through,
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
    /// Two datasources, and relations from each to the other.
    places,
    /// Values within values.
    values,
    /// Views over every kind of relation.
    views,
    /// Rows that are stored by keys, and changed by what is stored.
    writes,
    /// Relations to several models, and the answers to them.
    polymorphic,
    /// Relations to several models through a link model.
    promotions,
    /// Every form of the language.
    forms,
    /// Values within rows, and lists.
    embeds,
    /// Rows that list the keys of others.
    references,
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
    /// Made at random.
    oracle1,
    /// Made at random.
    oracle2,
    /// Made at random.
    oracle3,
    /// Made at random.
    oracle4,
}

/// Queries on the schemas that are made at random.
#[allow(clippy::pedantic, reason = "printed for rustc")]
pub mod asked {
    use std::future::Future;
    use std::pin::Pin;

    use relata::serde::Serialize;
    use relata::serde::de::DeserializeOwned;
    use serde_json::Value as Json;

    /// What a query answers.
    pub type Answer<'a> = Pin<Box<dyn Future<Output = relata::Result<Json>> + Send + 'a>>;

    fn json(rows: impl Serialize) -> Json {
        serde_json::to_value(rows).unwrap_or_default()
    }

    /// New rows, as they come from outside.
    ///
    /// # Panics
    /// When they are none.
    fn parsed<T: DeserializeOwned>(rows: Json) -> Vec<T> {
        serde_json::from_value(rows).expect("rows are those of the schema")
    }

    /// A filter, as it comes from outside.
    ///
    /// # Panics
    /// When it is none.
    fn filter_of<M>(filter: Json) -> relata::Filter<M> {
        serde_json::from_value(filter).expect("it has the shape of a filter")
    }

    include!(concat!(env!("OUT_DIR"), "/asked.rs"));
}
