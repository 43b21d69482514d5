//! What is read of each row: every property, or those of a view.

use super::node::Node;
use super::sql::Sql;
use crate::driver::Capabilities;
use crate::meta::ViewMeta;
use crate::row::{Cells, Row, Rows};
use crate::value::Value;

impl Node {
    /// An empty list of these rows, with room for so many.
    pub(crate) fn rows(&self, room: usize) -> Box<dyn Rows> {
        self.view.map_or(self.model.rows, |view| view.rows)(room)
    }

    /// The cells of one of these rows, from `first` on.
    pub(crate) fn row<'r>(&self, cells: Cells<'r>, first: usize) -> Row<'r> {
        let row = Row::new(cells, first, self.model.properties);
        match self.view {
            Some(view) => row.of(view.columns),
            None => row,
        }
    }

    /// How many columns a row has.
    pub(crate) fn width(&self) -> usize {
        self.view.map_or(self.model.properties.len(), |view| view.columns.len())
    }

    /// The column of a property among those of a row.
    pub(crate) fn column(&self, property: usize) -> usize {
        match self.view {
            Some(view) => view.position(property).expect("a view reads the keys of what it includes"),
            None => property,
        }
    }

    /// Of whole rows, what is wanted of them: a resolver answers with whole ones.
    pub(crate) fn shown(&self, rows: Box<dyn Rows>) -> Box<dyn Rows> {
        let Some(view) = self.view else { return rows };
        let mut shown = (view.rows)(rows.len());
        for row in 0..rows.len() {
            let mut values: Vec<Value<'static>> =
                (0..self.model.properties.len()).map(|property| rows.value(row, property).into_static()).collect();
            let mut row = Row::new(Cells::Values(&mut values), 0, self.model.properties).of(view.columns);
            shown.push(&mut row).expect("a view's fields are of the types of the model's properties");
        }
        shown
    }
}

impl ViewMeta {
    /// The place of a property among those that are read.
    pub(crate) fn position(&self, property: usize) -> Option<usize> {
        self.columns.iter().position(|&column| column == property)
    }
}

impl Sql<'_> {
    /// The columns of a row.
    pub(crate) fn row(&mut self, node: &Node, alias: usize) {
        match node.view {
            Some(view) => self.properties(node.model, alias, view.columns),
            None => self.columns(node.model, alias),
        }
    }

    /// Starts from `SELECT … FROM …` of these rows, whose table is `t0`.
    pub(crate) fn reading(capabilities: &'static Capabilities, node: &Node) -> Self {
        let mut sql = Self::new(capabilities, 1);
        match node.view.map(|view| &view.sql) {
            None => sql.push(node.model.sql.select.of(capabilities.dialect)),
            Some(Some(known)) => sql.push(known.select.of(capabilities.dialect)),
            Some(None) => {
                sql.push("SELECT ");
                sql.row(node, 0);
                sql.push(" FROM ");
                sql.table(node.model, 0);
            }
        }
        sql
    }
}

impl Node {
    /// Whether a row has the values of these properties itself: a view has those that it reads.
    pub(super) fn has(&self, properties: &[usize]) -> bool {
        self.view.is_none_or(|view| properties.iter().all(|&property| view.position(property).is_some()))
    }
}

/// The columns that a row is found by, before its own, where it does not have them itself.
pub(super) fn keys_before(node: &Node, sql: &mut Sql<'_>, key: &[usize]) {
    if !node.has(key) {
        for &property in key {
            sql.column(node.model, 0, property);
            sql.push(", ");
        }
    }
}
