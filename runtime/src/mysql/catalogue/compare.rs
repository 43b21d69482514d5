//! What a table is, against what the schema says; each difference a sentence.

use super::found::{Column, Found, Table};
use super::literals::{checks, outside};
use crate::driver::Dialect;
use crate::meta::{ForeignKeyMeta, Generated, Kind, ModelMeta, PropertyMeta, TableMeta, TableSql};
use crate::mysql::server::Flavour;

/// The longest string that is a `VARCHAR`; longer ones, and those that a row has no room for, are `LONGTEXT`.
const VARCHAR: u64 = 768;

/// Tells what is other than the schema says. A table that is not there does not differ.
pub(super) fn compare(found: &Found, flavour: Flavour, table: &TableMeta, differences: &mut Vec<String>) {
    let (model, ddl) = (table.model, table.ddl.of(Dialect::Mysql));
    match found.table(model.table) {
        None => {}
        Some(there) if there.is_view => differences.push(format!("`{}` is a view, not a table", model.table)),
        Some(there) => {
            columns(there, flavour, model, differences);
            primary_key(there, model, differences);
            uniques(there, model, differences);
            foreign_keys(there, model, ddl, differences);
            let mut found = there.checks.clone();
            let mut wanted = checks(ddl.create.first().copied().unwrap_or_default());
            if flavour == Flavour::MariaDb {
                wanted.iter_mut().flatten().for_each(as_shown);
                wanted.iter_mut().for_each(|texts| texts.sort_unstable());
            }
            found.sort_unstable();
            wanted.sort_unstable();
            if found != wanted {
                differences.push(format!("table `{}` has other CHECK constraints than the schema", model.table));
            }
        }
    }
}

/// MariaDB checks every character, and shows those of four bytes as four question marks.
fn as_shown(text: &mut String) {
    *text = text.chars().fold(String::with_capacity(text.len()), |mut shown, character| {
        if character > '\u{ffff}' {
            shown.push_str("????")
        } else {
            shown.push(character)
        }
        shown
    });
}

fn columns(there: &Table, flavour: Flavour, model: &ModelMeta, differences: &mut Vec<String>) {
    let table = model.table;
    for property in model.properties {
        let name = property.column;
        match there.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)) {
            None => differences.push(format!("table `{table}` has no column `{name}`")),
            Some(column) => self::column(table, column, flavour, property, differences),
        }
    }
    for column in there.columns.iter().filter(|column| !column.computed) {
        if !model.properties.iter().any(|property| property.column.eq_ignore_ascii_case(&column.name)) {
            differences.push(format!("table `{table}` has a column `{}`, which the schema has not", column.name));
        }
    }
}

fn column(table: &str, column: &Column, flavour: Flavour, property: &PropertyMeta, differences: &mut Vec<String>) {
    let name = property.column;
    let wanted = types(property, flavour);
    if !wanted.contains(&column.ty) {
        differences.push(format!("column `{table}.{name}` is {}, not {}", column.ty, wanted[0]));
    } else if is_text(property)
        && let Some(collation) = &column.collation
        && collation != flavour.collation()
    {
        let wanted = flavour.collation();
        differences.push(format!("column `{table}.{name}` has the collation {collation}, not {wanted}"));
    }
    if column.required != property.required {
        let (found, wanted) = if column.required { ("NOT NULL", "optional") } else { ("optional", "NOT NULL") };
        differences.push(format!("column `{table}.{name}` is {found}, not {wanted}"));
    }
    if property.generated == Generated::Database && !column.counts {
        differences.push(format!("column `{table}.{name}` is not AUTO_INCREMENT"));
    }
}

/// Whether the column holds text that is compared.
fn is_text(property: &PropertyMeta) -> bool {
    !property.list && matches!(property.kind, Kind::String | Kind::Text | Kind::Enum(_))
}

/// The types that the property's column may have; the first is the one that a new table gets.
fn types(property: &PropertyMeta, flavour: Flavour) -> Vec<String> {
    let json = match flavour {
        Flavour::MariaDb => "LONGTEXT",
        Flavour::MySql => "JSON",
    };
    if property.list {
        return vec![json.to_owned()];
    }
    let one = match property.kind {
        Kind::String => {
            let outside = "LONGTEXT".to_owned();
            return match property.max_length {
                Some(length @ 0..=VARCHAR) => vec![format!("VARCHAR({length})"), outside],
                _ => vec![outside],
            };
        }
        Kind::Enum(meta) => {
            let longest = meta.values.iter().map(|value| value.chars().count()).max().unwrap_or_default().max(1);
            return vec![format!("VARCHAR({longest})")];
        }
        Kind::Decimal => return vec![format!("DECIMAL({},{})", property.precision, property.scale)],
        Kind::Text => "LONGTEXT",
        Kind::Integer => "BIGINT",
        Kind::Int32 => "INT",
        Kind::Number => "DOUBLE",
        Kind::Boolean => "TINYINT(1)",
        Kind::Date => "DATE",
        Kind::Time => "TIME(6)",
        Kind::DateTime => "DATETIME(6)",
        Kind::Uuid => "BINARY(16)",
        Kind::Bytes => "LONGBLOB",
        Kind::Json | Kind::Embedded(_) => json,
    };
    vec![one.to_owned()]
}

fn primary_key(there: &Table, model: &ModelMeta, differences: &mut Vec<String>) {
    let key = there.keys.iter().find(|key| key.name == "PRIMARY");
    let found = key.map(|key| key.columns.join(", ")).unwrap_or_default();
    let wanted: Vec<_> = model.key.iter().map(|&property| model.properties[property].column).collect();
    let wanted = wanted.join(", ");
    if !found.eq_ignore_ascii_case(&wanted) {
        differences.push(format!("the primary key of table `{}` is ({found}), not ({wanted})", model.table));
    }
}

fn uniques(there: &Table, model: &ModelMeta, differences: &mut Vec<String>) {
    // In no order: what is unique is so in any.
    let sorted = |mut columns: Vec<String>| {
        columns.sort_unstable();
        columns.join(", ")
    };
    let computed =
        |name: &String| there.columns.iter().any(|column| column.computed && column.name.eq_ignore_ascii_case(name));
    let of_key = |key: &super::found::Key| {
        sorted(key.columns.iter().filter(|name| !computed(name)).map(|name| name.to_lowercase()).collect())
    };
    let mut found: Vec<_> = there.keys.iter().filter(|key| key.unique && key.name != "PRIMARY").map(of_key).collect();
    let wanted = model.uniques.iter().map(|unique| {
        sorted(unique.properties.iter().map(|&property| model.properties[property].column.to_lowercase()).collect())
    });
    difference(&mut found, wanted.collect(), |columns, missing| {
        let verb = if missing { "has no" } else { "has a" };
        let tail = if missing { "" } else { ", which the schema has not" };
        differences.push(format!("table `{}` {verb} unique constraint on ({columns}){tail}", model.table));
    });
}

/// A foreign key in words; the order of its pairs says nothing, nor does an action that does nothing.
fn describe(target: &str, mut pairs: Vec<(String, String)>, on_delete: &str, on_update: &str) -> String {
    pairs.sort_unstable();
    let (from, to): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let mut text = format!("({}) to {target} ({})", from.join(", "), to.join(", "));
    for (event, action) in [("DELETE", on_delete), ("UPDATE", on_update)] {
        if !matches!(action, "NO ACTION" | "RESTRICT") {
            text.extend([" ON ", event, " ", action]);
        }
    }
    text
}

fn foreign_keys(there: &Table, model: &ModelMeta, ddl: &TableSql, differences: &mut Vec<String>) {
    let lower = |text: &str| text.to_lowercase();
    let mut found = there.foreign_keys.iter().map(|key| {
        let pairs = key.pairs.iter().map(|(from, to)| (lower(from), lower(to))).collect();
        describe(&lower(&key.target), pairs, &key.on_delete, &key.on_update)
    });
    let mut found: Vec<_> = found.by_ref().collect();
    // One that waits for other tables may not have been added yet.
    let waits = |key: &&ForeignKeyMeta| {
        let same = |name: &str| name.eq_ignore_ascii_case(key.name);
        ddl.constraints.iter().any(|later| same(later.name)) && !there.foreign_keys.iter().any(|key| same(&key.name))
    };
    let wanted = model.foreign_keys.iter().filter(|key| !waits(key)).map(|key| {
        let column = |model: &ModelMeta, property: usize| lower(model.properties[property].column);
        let pairs = key.from.iter().zip(key.to).map(|(&from, &to)| (column(model, from), column(key.target, to)));
        let (on_delete, on_update) = actions(ddl, key.name);
        describe(&lower(key.target.table), pairs.collect(), on_delete, on_update)
    });
    difference(&mut found, wanted.collect(), |key, missing| {
        let verb = if missing { "has no" } else { "has a" };
        let tail = if missing { "" } else { ", which the schema has not" };
        differences.push(format!("table `{}` {verb} foreign key {key}{tail}", model.table));
    });
}

/// What the statements say of a foreign key's actions.
fn actions(ddl: &TableSql, name: &str) -> (&'static str, &'static str) {
    let quoted = format!("CONSTRAINT `{}` FOREIGN KEY", name.replace('`', "``"));
    let statements = ddl.create.iter().copied().chain(ddl.constraints.iter().map(|named| named.sql));
    let Some(rest) = statements.flat_map(|sql| outside(sql, &quoted)).next() else { return ("NO ACTION", "NO ACTION") };
    // Up to the next constraint, which is on a line of its own.
    let own = outside(rest, "CONSTRAINT ").first().map_or(rest, |next| &rest[..rest.len() - next.len()]);
    let action = |event: &str| {
        let said = outside(own, event).into_iter().next().unwrap_or_default();
        ["CASCADE", "SET NULL"].into_iter().find(|action| said.starts_with(action)).unwrap_or("NO ACTION")
    };
    (action("ON DELETE "), action("ON UPDATE "))
}

/// Tells what is in one list and not in the other: wanted and missing, or found and not wanted.
fn difference(found: &mut Vec<String>, wanted: Vec<String>, mut tell: impl FnMut(&str, bool)) {
    for item in wanted {
        match found.iter().position(|other| *other == item) {
            Some(place) => drop(found.swap_remove(place)),
            None => tell(&item, true),
        }
    }
    found.sort_unstable();
    for item in found {
        tell(item, false);
    }
}
