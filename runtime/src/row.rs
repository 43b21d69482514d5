//! One row as a driver hands it over, and the growing list of typed rows that it is decoded into.
//!
//! Decoding is by position and happens on arrival; knows nothing of statements.

use std::any::Any;

use crate::meta::{ModelMeta, PropertyMeta};
use crate::value::{Mismatch, Raw, Type, Value};
use crate::{Error, Model};

/// Where cells come from: a driver's current row, or values in memory.
#[derive(Debug)]
pub(crate) enum Cells<'r> {
    /// Moved out as they are read.
    Values(&'r mut [Value<'static>]),
    #[cfg(feature = "sqlite")]
    Sqlite(&'r rusqlite::Row<'r>),
    #[cfg(feature = "mysql")]
    Mysql(&'r mysql_async::Row),
    #[cfg(feature = "postgres")]
    Postgres(&'r tokio_postgres::Row),
    /// Those of another row, in an order that is asked for.
    Named(&'r dyn RawCells),
    /// The same in every column.
    #[cfg(test)]
    Same(Raw<'r>),
}

impl Cells<'_> {
    /// The same cells, to be read again.
    #[inline]
    pub(crate) fn reborrow(&mut self) -> Cells<'_> {
        match self {
            Self::Values(values) => Cells::Values(values),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(row) => Cells::Sqlite(row),
            #[cfg(feature = "mysql")]
            Self::Mysql(row) => Cells::Mysql(row),
            #[cfg(feature = "postgres")]
            Self::Postgres(row) => Cells::Postgres(row),
            Self::Named(cells) => Cells::Named(*cells),
            #[cfg(test)]
            Self::Same(raw) => Cells::Same(*raw),
        }
    }

    /// The stored value at `index`; `Null` for values in memory, which are never asked.
    #[inline]
    pub(crate) fn raw(&self, index: usize) -> Raw<'_> {
        match self {
            Self::Values(_) => Raw::Null,
            #[cfg(feature = "sqlite")]
            Self::Sqlite(row) => crate::sqlite::raw(row, index),
            #[cfg(feature = "mysql")]
            Self::Mysql(row) => crate::mysql::raw(row, index),
            #[cfg(feature = "postgres")]
            Self::Postgres(row) => crate::postgres::raw(row, index),
            Self::Named(cells) => cells.raw(index),
            #[cfg(test)]
            Self::Same(raw) => *raw,
        }
    }
}

impl Cells<'_> {
    /// The names of the columns, as the statement gives them.
    pub(crate) fn names(&self) -> Vec<String> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(row) => row.as_ref().column_names().map(str::to_owned).collect(),
            #[cfg(feature = "mysql")]
            Self::Mysql(row) => row.columns_ref().iter().map(|column| column.name_str().into_owned()).collect(),
            #[cfg(feature = "postgres")]
            Self::Postgres(row) => row.columns().iter().map(|column| column.name().to_owned()).collect(),
            Self::Values(_) | Self::Named(_) => Vec::new(),
            #[cfg(test)]
            Self::Same(_) => Vec::new(),
        }
    }
}

/// Stored values by position.
pub(crate) trait RawCells: std::fmt::Debug {
    /// The stored value at `index`.
    fn raw(&self, index: usize) -> Raw<'_>;

    /// Whether decimals are stored as integers, whose scale the column knows.
    fn is_scaled(&self) -> bool;
}

impl RawCells for Cells<'_> {
    fn raw(&self, index: usize) -> Raw<'_> {
        Cells::raw(self, index)
    }

    fn is_scaled(&self) -> bool {
        #[cfg(feature = "sqlite")]
        if let Self::Sqlite(_) = self {
            return true;
        }
        false
    }
}

/// The cells of one record: `properties` of one model, from `first` on.
#[derive(Debug)]
pub struct Row<'r> {
    cells: Cells<'r>,
    first: usize,
    properties: &'static [PropertyMeta],
    /// Which of them there are, where these are not all.
    columns: Option<&'static [usize]>,
}

impl<'r> Row<'r> {
    pub(crate) fn new(cells: Cells<'r>, first: usize, properties: &'static [PropertyMeta]) -> Self {
        Self { cells, first, properties, columns: None }
    }

    /// The same of these properties alone.
    pub(crate) fn of(self, columns: &'static [usize]) -> Self {
        Self { columns: Some(columns), ..self }
    }

    /// The value of the property at `index`; of a view, of the column there.
    ///
    /// # Errors
    /// When what is stored or given is not of type `T`.
    #[inline]
    pub fn get<T: Type>(&mut self, index: usize) -> Result<T, Mismatch> {
        let position = self.columns.map_or(index, |columns| columns[index]);
        let property = &self.properties[position];
        let result = match &mut self.cells {
            Cells::Values(values) => T::from_value(std::mem::replace(&mut values[position], Value::Unset), property),
            #[cfg(feature = "sqlite")]
            Cells::Sqlite(row) => T::from_raw(crate::sqlite::raw(row, self.first + index), property),
            #[cfg(feature = "mysql")]
            Cells::Mysql(row) => T::from_raw(crate::mysql::raw(row, self.first + index), property),
            #[cfg(feature = "postgres")]
            Cells::Postgres(row) => T::from_raw(crate::postgres::raw(row, self.first + index), property),
            Cells::Named(cells) => T::from_raw(cells.raw(self.first + index), property),
            #[cfg(test)]
            Cells::Same(raw) => T::from_raw(*raw, property),
        };
        result.map_err(|mismatch| mismatch.at(position))
    }

    /// The value of the property at `index`, `None` where it was not given. For patches.
    ///
    /// # Errors
    /// When what is given is not of type `T`.
    pub fn given<T: Type>(&mut self, index: usize) -> Result<Option<T>, Mismatch> {
        match &self.cells {
            Cells::Values(values) if values[index] == Value::Unset => Ok(None),
            _ => self.get(index).map(Some),
        }
    }

    /// The value of the property at `index`, `None` where it was not given or is null. For new rows.
    ///
    /// # Errors
    /// When what is given is not of type `T`.
    pub fn maybe<T: Type>(&mut self, index: usize) -> Result<Option<T>, Mismatch> {
        match &self.cells {
            Cells::Values(values) if values[index] == Value::Unset => Ok(None),
            _ => self.get::<Option<T>>(index),
        }
    }
}

/// The error for a mismatch in a row of `model`.
#[cold]
pub(crate) fn decode_error(model: &'static ModelMeta, mismatch: &Mismatch) -> Error {
    Error::Decode {
        table: model.table,
        column: model.properties[mismatch.column()].column,
        expected: mismatch.expected(),
        found: mismatch.found().to_owned(),
    }
}

/// A growing list of one model's rows, of a type that the executor need not know.
pub trait Rows: Any + Send {
    /// Decodes one row and keeps it.
    ///
    /// # Errors
    /// When a cell does not fit the schema.
    fn push(&mut self, row: &mut Row<'_>) -> Result<(), Mismatch>;

    /// A value of a row that is kept.
    fn value(&self, row: usize, property: usize) -> Value<'_>;

    /// How many rows there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// For the downcast to `Vec<M>`.
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

impl<M: Model> Rows for Vec<M> {
    fn push(&mut self, row: &mut Row<'_>) -> Result<(), Mismatch> {
        self.push(M::from_row(row)?);
        Ok(())
    }

    fn value(&self, row: usize, property: usize) -> Value<'_> {
        self[row].value(property)
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

/// An empty list of `M`'s rows with room for so many; emitted metadata points here.
pub fn rows<M: Model>(room: usize) -> Box<dyn Rows> {
    Box::new(Vec::<M>::with_capacity(room))
}
