//! How a table that exists differs from the one that the schema describes, in words.
//!
//! How a database tells what it has is its driver's knowledge.

use crate::meta::{ForeignKeyMeta, ModelMeta, PropertyMeta};

/// A table, as it is or as it should be.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// As messages name it; of one that was found it does not matter.
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    /// Columns of the primary key, in its order.
    pub(crate) key: Vec<String>,
    /// Each unique constraint besides.
    pub(crate) uniques: Vec<Unique>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    /// Other rules, each in words that are the same wherever they mean the same.
    pub(crate) checks: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// With all that belongs to it: length, collation.
    pub(crate) ty: String,
    pub(crate) required: bool,
}

#[derive(Debug)]
pub(crate) struct Unique {
    pub(crate) columns: Vec<String>,
    /// It counts only rows in which this column is NULL.
    pub(crate) only_where_null: Option<String>,
}

#[derive(Debug)]
pub(crate) struct ForeignKey {
    /// The column that holds the key, and the one that it points at.
    pub(crate) pairs: Vec<(String, String)>,
    /// The table pointed at, as messages name it.
    pub(crate) table: String,
    /// `ON DELETE CASCADE`; nothing where nothing is to be done.
    pub(crate) actions: String,
}

/// What a database makes of a model.
pub(crate) struct Making<'a> {
    /// A table's name, as messages show it.
    pub(crate) table: &'a dyn Fn(&ModelMeta) -> String,
    /// A column's type.
    pub(crate) ty: &'a dyn Fn(&PropertyMeta) -> String,
    pub(crate) actions: &'a dyn Fn(&ForeignKeyMeta) -> String,
    pub(crate) check: &'a dyn Fn(&PropertyMeta) -> Option<String>,
    /// Foreign keys that need not be there yet.
    pub(crate) skips: &'a dyn Fn(&ForeignKeyMeta) -> bool,
    /// Whether names are the same in upper and lower case.
    pub(crate) folds_case: bool,
}

impl Making<'_> {
    /// The table as it should be.
    fn table(&self, model: &ModelMeta) -> Table {
        let column = |model: &ModelMeta, property: usize| model.properties[property].column.to_owned();
        let columns = |properties: &[usize]| properties.iter().map(|&property| column(model, property)).collect();
        Table {
            name: (self.table)(model),
            columns: (model.properties.iter().enumerate())
                .map(|(n, property)| Column {
                    name: property.column.to_owned(),
                    ty: (self.ty)(property),
                    // A column of the primary key is not null by that.
                    required: property.required || model.key.contains(&n),
                })
                .collect(),
            key: columns(model.key),
            uniques: (model.uniques.iter())
                .map(|unique| Unique {
                    columns: columns(unique.properties),
                    only_where_null: model.soft_delete.filter(|_| unique.live).map(|property| column(model, property)),
                })
                .collect(),
            foreign_keys: (model.foreign_keys.iter().filter(|key| !(self.skips)(key)))
                .map(|key| ForeignKey {
                    pairs: (key.from.iter().zip(key.to))
                        .map(|(&from, &to)| (column(model, from), column(key.target, to)))
                        .collect(),
                    table: (self.table)(key.target),
                    actions: (self.actions)(key),
                })
                .collect(),
            checks: model.properties.iter().filter_map(|property| (self.check)(property)).collect(),
        }
    }

    /// Says each difference between a table that was found and the model's.
    pub(crate) fn compare(&self, found: &Table, model: &ModelMeta, differences: &mut Vec<String>) {
        let wanted = self.table(model);
        let table = &wanted.name;
        for column in &wanted.columns {
            let name = &column.name;
            let Some(found) = found.columns.iter().find(|found| self.is_same(&found.name, name)) else {
                differences.push(format!("table `{table}` has no column `{name}`"));
                continue;
            };
            if !found.ty.eq_ignore_ascii_case(&column.ty) {
                differences.push(format!("column `{table}.{name}` is {}, not {}", found.ty, column.ty));
            }
            // What the primary key allows is told with it.
            if found.required != column.required && !is_any_of(&wanted.key, name) {
                let (is, not) = if found.required { ("NOT NULL", "optional") } else { ("optional", "NOT NULL") };
                differences.push(format!("column `{table}.{name}` is {is}, not {not}"));
            }
        }
        for found in &found.columns {
            if !wanted.columns.iter().any(|column| self.is_same(&found.name, &column.name)) {
                differences.push(format!("table `{table}` has a column `{}`, which the schema has not", found.name));
            }
        }
        let (is, not) = (found.key.join(", "), wanted.key.join(", "));
        if !self.is_same(&is, &not) {
            differences.push(format!("the primary key of table `{table}` is ({is}), not ({not})"));
        }
        let uniques = |table: &Table| table.uniques.iter().map(|unique| self.unique(unique)).collect();
        tell(table, "unique constraint on", uniques(found), uniques(&wanted), differences);
        let keys = |table: &Table| table.foreign_keys.iter().map(|key| self.describe(key)).collect();
        tell(table, "foreign key", keys(found), keys(&wanted), differences);
        tell(table, "CHECK", found.checks.clone(), wanted.checks, differences);
    }

    fn is_same(&self, one: &str, other: &str) -> bool {
        if self.folds_case { one.eq_ignore_ascii_case(other) } else { one == other }
    }

    fn fold(&self, name: &str) -> String {
        if self.folds_case { name.to_lowercase() } else { name.to_owned() }
    }

    /// In no order: what is unique is so in any.
    fn unique(&self, unique: &Unique) -> String {
        let mut columns: Vec<_> = unique.columns.iter().map(|column| self.fold(column)).collect();
        columns.sort_unstable();
        let only = unique.only_where_null.as_ref();
        let only = only.map_or_else(String::new, |column| format!(" where {} is NULL", self.fold(column)));
        format!("({}){only}", columns.join(", "))
    }

    /// A foreign key in words; the order of its pairs says nothing.
    fn describe(&self, key: &ForeignKey) -> String {
        let mut pairs: Vec<_> = key.pairs.iter().map(|(from, to)| (self.fold(from), self.fold(to))).collect();
        pairs.sort_unstable();
        let (from, to): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        let actions = if key.actions.is_empty() { String::new() } else { format!(" {}", key.actions) };
        format!("({}) to {} ({}){actions}", from.join(", "), self.fold(&key.table), to.join(", "))
    }
}

/// Tells what is in one list and not in the other.
fn tell(table: &str, what: &str, mut found: Vec<String>, wanted: Vec<String>, differences: &mut Vec<String>) {
    for item in wanted {
        match found.iter().position(|other| *other == item) {
            Some(place) => drop(found.swap_remove(place)),
            None => differences.push(format!("table `{table}` has no {what} {item}")),
        }
    }
    found.sort_unstable();
    for item in found {
        differences.push(format!("table `{table}` has a {what} {item}, which the schema has not"));
    }
}

/// The column that a rule of some rows says is to be NULL, however it is spelt: `("deleted_at" IS NULL)`; of any other
/// rule none.
pub(crate) fn only_where_null(rule: &str) -> Option<String> {
    let rule = rule.trim().trim_start_matches('(').trim_end_matches(')').trim();
    let end = rule.len().checked_sub(NULL.len())?;
    let (column, is_null) = rule.split_at_checked(end)?;
    let quoted = |column: &str| column.len() > 1 && column.starts_with(['"', '`', '[']);
    let column = column.trim().trim_end_matches(')').trim();
    let name = if quoted(column) { &column[1..column.len() - 1] } else { column };
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_null.eq_ignore_ascii_case(NULL) && is_name).then(|| name.to_owned())
}

const NULL: &str = " IS NULL";

fn is_any_of(names: &[String], name: &str) -> bool {
    names.iter().any(|other| other == name)
}

#[cfg(test)]
mod tests {
    use super::only_where_null;

    #[test]
    fn rules_of_live_rows_are_known_however_they_are_spelt() {
        for rule in
            ["(deleted_at IS NULL)", " \"deleted_at\" is null", "(`deleted_at`) IS NULL", "[deleted_at] IS NULL"]
        {
            assert_eq!(only_where_null(rule).as_deref(), Some("deleted_at"), "{rule}");
        }
        for rule in ["", " IS NULL", "a = 1", "a IS NOT NULL", "a IS NULL AND b IS NULL", "lower(a) IS NULL", "é"] {
            assert_eq!(only_where_null(rule), None, "{rule}");
        }
    }
}
