//! MariaDB's and MySQL's words.

use super::{Comments, Dialect};
use crate::plan::tables::{Column, Table};

/// MariaDB 10.6, MySQL 8.0.17 and newer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mysql;

impl Dialect for Mysql {
    fn quote(&self, identifier: &str) -> String {
        format!("`{}`", identifier.replace('`', "``"))
    }

    fn table(&self, table: &Table) -> String {
        self.quote(&table.flat_name())
    }

    fn parameter(&self, _n: usize) -> String {
        "?".to_owned()
    }

    fn no_values(&self) -> &'static str {
        "() VALUES ()"
    }

    fn many_rows(&self, _columns: &[&Column]) -> Option<String> {
        Some("VALUES ".to_owned())
    }

    fn create(&self, _table: &Table, _tables: &[Table], _comments: Comments) -> Vec<String> {
        Vec::new()
    }
}
