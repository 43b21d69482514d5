//! Rows of statements whose text the program gives, read as tuples, single values or entities.

use crate::meta::{ModelMeta, PropertyMeta, ViewMeta};
use crate::row::{Cells, RawCells, Row, decode_error};
use crate::value::{Mismatch, Raw, Type, type_name};
use crate::{Error, Model, Result, View};

/// What a row of [raw SQL](crate::Sql) can be read into: an entity, or a view that shows nothing of relations, whose columns
/// are found by name; a tuple of up to 16
/// values, by position; one value.
#[diagnostic::on_unimplemented(
    message = "a row cannot be read into `{Self}`",
    label = "neither an entity, nor a view without relations, nor a tuple",
    note = "one value of a type of one's own, as an enum, is read into a tuple of one: `(Status,)`"
)]
pub trait SqlRow: Sized + Send + Sync + 'static {
    /// What messages call one.
    fn name() -> &'static str {
        "row"
    }

    /// Where in a row with columns of these names each value stands, in the order in which it is read. Asked once for a
    /// statement, with its first row.
    ///
    /// # Errors
    /// When a column is missing, or one too many.
    fn columns(names: &[String]) -> Result<Vec<usize>>;

    /// Reads a row.
    ///
    /// # Errors
    /// `decode`: when a value is of another type.
    fn read(row: &SqlColumns<'_>) -> Result<Self>;
}

/// The values of one row, in the order of [`SqlRow::columns`].
#[derive(Debug)]
pub struct SqlColumns<'r> {
    cells: &'r dyn RawCells,
    names: &'r [String],
    at: &'r [usize],
}

impl RawCells for SqlColumns<'_> {
    fn raw(&self, index: usize) -> Raw<'_> {
        self.cells.raw(self.at[index])
    }

    fn is_scaled(&self) -> bool {
        self.cells.is_scaled()
    }
}

impl<'r> SqlColumns<'r> {
    pub(super) fn new(cells: &'r dyn RawCells, names: &'r [String], at: &'r [usize]) -> Self {
        Self { cells, names, at }
    }

    /// The value at that position, as a `T`.
    ///
    /// Numbers are taken for each other where nothing is lost by it: the sum of integers is a decimal in some databases.
    ///
    /// # Errors
    /// `decode`: when it is of another type, or NULL and `T` no `Option`.
    pub fn get<T: Type>(&self, index: usize) -> Result<T> {
        let raw = RawCells::raw(self, index);
        let property = number::property_of(raw, self.is_scaled());
        let found = match T::from_raw(raw, &property) {
            Ok(value) => return Ok(value),
            Err(mismatch) => mismatch.found().to_owned(),
        };
        for other in number::others(raw, self.is_scaled()).into_iter().flatten() {
            if let Ok(value) = T::from_raw(other, &property) {
                return Ok(value);
            }
        }
        Err(Error::DecodeColumn {
            column: format!("`{}`", self.names[self.at[index]]),
            expected: short(std::any::type_name::<T>()),
            found,
        })
    }

    /// The values as those that a view shows, in its order; emitted code calls this.
    ///
    /// # Errors
    /// `decode`: when a value is of another type.
    #[doc(hidden)]
    pub fn view<V: View>(&self, read: impl FnOnce(&mut Row<'_>) -> Result<V, Mismatch>) -> Result<V> {
        let (model, columns) = (V::META.model, V::META.columns);
        let mut row = Row::new(Cells::Named(self), 0, model.properties).of(columns);
        read(&mut row).map_err(|mismatch| decode_error(model, &mismatch))
    }

    /// The values as those of a model's properties, in the model's order.
    pub(super) fn record<M: Model>(&self) -> Row<'_> {
        Row::new(Cells::Named(self), 0, M::META.properties)
    }
}

/// Numbers as other numbers.
mod number {
    use crate::meta::{Kind, PropertyMeta};
    use crate::value::Raw;

    /// A property that may have been stored so. Where decimals are stored as integers, an integer is none: how many of
    /// its digits stand after the point is not known.
    pub(super) fn property_of(raw: Raw<'_>, is_scaled: bool) -> PropertyMeta {
        let (precision, scale) = match raw {
            Raw::Exact { scale, .. } => (28, u8::try_from(scale).unwrap_or(u8::MAX)),
            Raw::Int(_) if !is_scaled => (18, 0),
            _ => (28, 0),
        };
        PropertyMeta { kind: Kind::Text, precision, scale, ..PropertyMeta::EMPTY }
    }

    /// What else the value is.
    pub(super) fn others(raw: Raw<'_>, is_scaled: bool) -> [Option<Raw<'_>>; 2] {
        match raw {
            Raw::Exact { units, scale } => {
                let one = 10_i128.checked_pow(scale);
                let whole = one.filter(|one| units % one == 0).and_then(|one| i64::try_from(units / one).ok());
                [whole.map(Raw::Int), format!("{units}e-{scale}").parse().ok().map(Raw::Real)]
            }
            // Databases that have a type for bytes call some texts so, and say of others that they are no bytes.
            Raw::Bytes(bytes) if !is_scaled => [Some(Raw::Text(bytes)), None],
            _ => [None, None],
        }
    }
}

/// A type's name without the paths in it.
fn short(name: &str) -> String {
    let mut short = String::with_capacity(name.len());
    for part in name.split_inclusive(['<', '>', ',', ' ', '(', ')', '[', ']', '&']) {
        short.push_str(part.rsplit_once("::").map_or(part, |(_, last)| last));
    }
    short
}

fn quoted(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// The first `width` columns, which are all.
fn by_position(width: usize, names: &[String]) -> Result<Vec<usize>> {
    if names.len() == width {
        return Ok((0..width).collect());
    }
    let columns = |number: usize| format!("{number} column{}", if number == 1 { "" } else { "s" });
    Err(Error::DecodeColumn { column: quoted(names), expected: columns(width), found: columns(names.len()) })
}

/// The columns of what a view shows, which are so many of those that it reads; emitted code calls this.
///
/// # Errors
/// `decode`: when one is missing, or is there twice.
#[doc(hidden)]
pub fn view_columns<V: View>(names: &[String], shown: usize) -> Result<Vec<usize>> {
    let ViewMeta { model, columns, .. } = V::META;
    by_name(model, columns[..shown].iter().map(|&property| &model.properties[property]), names)
}

/// The columns of a model's properties.
fn by_name(
    model: &'static ModelMeta,
    properties: impl Iterator<Item = &'static PropertyMeta>,
    names: &[String],
) -> Result<Vec<usize>> {
    let find = |property: &'static PropertyMeta| {
        let mut found = names.iter().enumerate().filter(|(_, name)| *name == property.column);
        let wrong = match (found.next(), found.next()) {
            (Some((at, _)), None) => return Ok(at),
            (Some(_), Some(_)) => format!("two columns of that name (the statement answers {})", quoted(names)),
            (None, _) => {
                let expected = format!("a column `{}`", property.column);
                let found = "none of that name".to_owned();
                return Err(Error::DecodeColumn { column: quoted(names), expected, found });
            }
        };
        let (table, column, expected) = (model.table, property.column, type_name(property));
        Err(Error::Decode { table, column, expected, found: wrong })
    };
    properties.map(find).collect()
}

impl<M: Model> SqlRow for M {
    fn name() -> &'static str {
        M::META.name
    }

    fn columns(names: &[String]) -> Result<Vec<usize>> {
        by_name(M::META, M::META.properties.iter(), names)
    }

    fn read(row: &SqlColumns<'_>) -> Result<Self> {
        M::from_row(&mut row.record::<M>()).map_err(|mismatch| decode_error(M::META, &mismatch))
    }
}

macro_rules! single {
    ($($(#[$attribute:meta])* $type:ty),* $(,)?) => {$(
        $(#[$attribute])*
        impl SqlRow for $type {
            fn columns(names: &[String]) -> Result<Vec<usize>> {
                by_position(1, names)
            }

            fn read(row: &SqlColumns<'_>) -> Result<Self> {
                row.get(0)
            }
        }
    )*};
}

single! {
    i64,
    i32,
    f64,
    bool,
    String,
    Vec<u8>,
    #[cfg(feature = "decimal")]
    rust_decimal::Decimal,
    #[cfg(feature = "chrono")]
    chrono::NaiveDate,
    #[cfg(feature = "chrono")]
    chrono::NaiveTime,
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Utc>,
    #[cfg(feature = "uuid")]
    uuid::Uuid,
    #[cfg(feature = "json")]
    serde_json::Value,
}

impl<T: Type + Send + Sync + 'static> SqlRow for Option<T> {
    fn columns(names: &[String]) -> Result<Vec<usize>> {
        by_position(1, names)
    }

    fn read(row: &SqlColumns<'_>) -> Result<Self> {
        row.get(0)
    }
}

macro_rules! tuples {
    ($(($($type:ident $at:literal),+))*) => {$(
        impl<$($type: Type + Send + Sync + 'static),+> SqlRow for ($($type,)+) {
            fn columns(names: &[String]) -> Result<Vec<usize>> {
                by_position([$($at),+].len(), names)
            }

            fn read(row: &SqlColumns<'_>) -> Result<Self> {
                Ok(($(row.get::<$type>($at)?,)+))
            }
        }
    )*};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15)
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn types_are_named_without_their_paths() {
        assert_eq!(short("core::option::Option<alloc::string::String>"), "Option<String>");
        assert_eq!(short("alloc::vec::Vec<(i64, chrono::naive::date::NaiveDate)>"), "Vec<(i64, NaiveDate)>");
        assert_eq!(short("i64"), "i64");
    }
}
