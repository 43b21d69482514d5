//! What a database holds, in the same words for each: what its catalogue tells, and what a schema asks for.

use std::collections::{BTreeMap, BTreeSet};

/// Tables by name, with the schema where the database has them.
pub(crate) type Catalogue = BTreeMap<String, Table>;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) comment: String,
    /// In their order.
    pub(crate) columns: Vec<Column>,
    /// In its order.
    pub(crate) primary_key: Vec<String>,
    pub(crate) uniques: BTreeSet<Unique>,
    pub(crate) foreign_keys: BTreeSet<ForeignKey>,
    /// The columns of every index, unique or not, in their order.
    pub(crate) indexes: BTreeSet<Vec<String>>,
    /// Names that the schema gives to indexes.
    pub(crate) named: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// In the database's own words.
    pub(crate) data_type: String,
    pub(crate) is_required: bool,
    pub(crate) is_generated: bool,
    pub(crate) is_checked: bool,
    pub(crate) comment: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unique {
    pub(crate) columns: BTreeSet<String>,
    /// Rows with `deletedAt` do not count.
    pub(crate) of_live_rows: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ForeignKey {
    pub(crate) pairs: BTreeSet<(String, String)>,
    pub(crate) target: String,
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
}

/// Tells every difference; of indexes the found ones may be more than the wanted.
#[track_caller]
pub(crate) fn assert_same(found: &Catalogue, wanted: &Catalogue, statements: &str) {
    let names = |catalogue: &Catalogue| catalogue.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(wanted), "{statements}");
    for (name, wanted) in wanted {
        let found = &found[name];
        for (found, wanted) in found.columns.iter().zip(&wanted.columns) {
            assert_eq!(found, wanted, "a column of {name}\n{statements}");
        }
        assert_eq!(found.columns.len(), wanted.columns.len(), "columns of {name}\n{statements}");
        assert_eq!(found.comment, wanted.comment, "{name}\n{statements}");
        assert_eq!(found.primary_key, wanted.primary_key, "{name}\n{statements}");
        assert_eq!(found.uniques, wanted.uniques, "{name}\n{statements}");
        assert_eq!(found.foreign_keys, wanted.foreign_keys, "{name}\n{statements}");
        for columns in &wanted.indexes {
            assert!(found.indexes.contains(columns), "{name} has no index on {columns:?}\n{found:#?}\n{statements}");
        }
        for index in &wanted.named {
            assert!(found.named.contains(index), "{name} has no index {index}\n{statements}");
        }
        for key in &wanted.foreign_keys {
            let columns: BTreeSet<_> = key.pairs.iter().map(|(from, _)| from).collect();
            let leads = |index: &Vec<String>| {
                index.get(..columns.len()).is_some_and(|first| first.iter().collect::<BTreeSet<_>>() == columns)
            };
            let mut keys = found.indexes.iter().chain([&found.primary_key]);
            assert!(keys.any(leads), "{name}: nothing finds {columns:?}\n{statements}");
        }
    }
}
