//! What a table is, against what the schema says: how these servers write types, actions and rules.

use super::found::{Column, Found, Key, Table};
use super::literals::{outside, rules};
use crate::catalogue::{self, Making};
use crate::driver::Dialect;
use crate::meta::{ForeignKeyMeta, Generated, Kind, ModelMeta, PropertyMeta, TableMeta, TableSql};
use crate::mysql::server::Flavour;

/// The longest string that is a `VARCHAR`; longer ones, and those that a row has no room for, are `LONGTEXT`.
const VARCHAR: u64 = 768;

/// Tells what is other than the schema says. A table that is not there does not differ.
pub(super) fn compare(found: &Found, flavour: Flavour, table: &TableMeta, differences: &mut Vec<String>) {
    let (model, ddl) = (table.model, table.ddl.of(Dialect::Mysql));
    let Some(there) = found.table(model.table) else { return };
    if there.is_view {
        return differences.push(format!("`{}` is a view, not a table", model.table));
    }
    let wanted = rules(ddl.create.first().copied().unwrap_or_default());
    let rule = |property: &PropertyMeta| wanted.iter().find(|rule| rule.column == property.column);
    // A foreign key that waits for other tables may not have been added yet.
    let waits = |key: &ForeignKeyMeta| {
        let same = |name: &str| name.eq_ignore_ascii_case(key.name);
        ddl.constraints.iter().any(|later| same(later.name)) && !there.foreign_keys.iter().any(|key| same(&key.name))
    };
    let making = Making {
        table: &|model| model.table.to_owned(),
        ty: &|property| whole(&types(property, flavour)[0], property, flavour.collation(), is_counted(property)),
        actions: &|key| actions(ddl, key.name),
        check: &|property| rule(property).map(|rule| rule.words(flavour == Flavour::MariaDb)),
        skips: &waits,
        folds_case: true,
    };
    making.compare(&as_it_is(there, model, flavour), model, differences);
}

/// The table that was found, in the words of those that are wanted.
fn as_it_is(there: &Table, model: &ModelMeta, flavour: Flavour) -> catalogue::Table {
    let primary = there.keys.iter().find(|key| key.name == "PRIMARY");
    let uniques = there.keys.iter().filter(|key| key.unique && key.name != "PRIMARY");
    catalogue::Table {
        name: there.name.clone(),
        columns: there
            .columns
            .iter()
            .filter(|column| column.computed.is_none())
            .map(|found| column(found, model, flavour))
            .collect(),
        key: primary.map(|key| key.columns.clone()).unwrap_or_default(),
        uniques: uniques.map(|key| unique(there, key)).collect(),
        foreign_keys: (there.foreign_keys.iter())
            .map(|key| catalogue::ForeignKey {
                pairs: key.pairs.clone(),
                table: key.target.clone(),
                actions: describe(&key.on_delete, &key.on_update),
            })
            .collect(),
        checks: there.checks.iter().map(|rule| rule.words(false)).collect(),
    }
}

/// A unique key; with a column that has a value in live rows only, it counts those.
fn unique(there: &Table, key: &Key) -> catalogue::Unique {
    let live = |name: &String| {
        let column = there.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))?;
        live(column.computed.as_deref()?)
    };
    let only_where_null = key.columns.iter().find_map(live);
    let columns = key.columns.iter().filter(|name| live(name).is_none()).cloned().collect();
    catalogue::Unique { columns, only_where_null }
}

/// The column that is NULL where such an expression has a value, as either server shows it: ``case when `deleted_at` is
/// null then 1 end``.
fn live(expression: &str) -> Option<String> {
    let plain = expression.trim_matches(['(', ')']);
    let (start, end) = ("case when ", " then 1 end");
    let rule = plain.get(start.len()..plain.len().checked_sub(end.len())?)?;
    let same = |part: Option<&str>, other: &str| part.is_some_and(|part| part.eq_ignore_ascii_case(other));
    let is_live = same(plain.get(..start.len()), start) && same(plain.get(plain.len() - end.len()..), end);
    catalogue::only_where_null(rule).filter(|_| is_live)
}

fn column(found: &Column, model: &ModelMeta, flavour: Flavour) -> catalogue::Column {
    let property = model.properties.iter().find(|property| property.column.eq_ignore_ascii_case(&found.name));
    let ty = property.map_or_else(
        || found.ty.clone(),
        |property| {
            // Of several types that will do, the one that a new table would get.
            let mut types = types(property, flavour);
            let at = types.iter().position(|ty| *ty == found.ty);
            let ty = if at.is_some() { types.swap_remove(0) } else { found.ty.clone() };
            whole(&ty, property, found.collation.as_deref().unwrap_or_default(), found.counts)
        },
    );
    catalogue::Column { name: found.name.clone(), ty, required: found.required }
}

/// The type with what belongs to it: a collation, where text is compared; counting.
fn whole(ty: &str, property: &PropertyMeta, collation: &str, counts: bool) -> String {
    let is_compared = !property.list && matches!(property.kind, Kind::String | Kind::Text | Kind::Enum(_));
    if is_compared && !collation.is_empty() {
        return format!("{ty} COLLATE {collation}");
    }
    if counts { format!("{ty} AUTO_INCREMENT") } else { ty.to_owned() }
}

fn is_counted(property: &PropertyMeta) -> bool {
    property.generated == Generated::Database
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

/// What a foreign key does; `NO ACTION` and `RESTRICT` are the same here, and nothing.
fn describe(on_delete: &str, on_update: &str) -> String {
    let said = [("ON DELETE ", on_delete), ("ON UPDATE ", on_update)];
    let said = said.iter().filter(|(_, action)| !matches!(*action, "NO ACTION" | "RESTRICT"));
    said.map(|(event, action)| format!("{event}{action}")).collect::<Vec<_>>().join(" ")
}

/// What the statements say of a foreign key's actions.
fn actions(ddl: &TableSql, name: &str) -> String {
    let quoted = format!("CONSTRAINT `{}` FOREIGN KEY", name.replace('`', "``"));
    let statements = ddl.create.iter().copied().chain(ddl.constraints.iter().map(|named| named.sql));
    let Some(rest) = statements.flat_map(|sql| outside(sql, &quoted)).next() else { return String::new() };
    // Up to the next constraint.
    let own = outside(rest, "CONSTRAINT ").first().map_or(rest, |next| &rest[..rest.len() - next.len()]);
    let action = |event: &str| {
        let said = outside(own, event).into_iter().next().unwrap_or_default();
        ["CASCADE", "SET NULL"].into_iter().find(|action| said.starts_with(action)).unwrap_or("NO ACTION")
    };
    describe(action("ON DELETE "), action("ON UPDATE "))
}

#[cfg(test)]
mod tests {
    use super::live;

    #[test]
    fn the_column_of_live_rows_is_known_from_either_server() {
        let mariadb = "case when `deleted_at` is null then 1 end";
        let mysql = "(case when (`deleted_at` is null) then 1 end)";
        assert_eq!([mariadb, mysql].map(live), [Some("deleted_at".to_owned()), Some("deleted_at".to_owned())]);
        for other in
            ["", "case when", "case when `a` is null then 2 end", "`a` + 1", "case when `a` = 1 then 1 end", "é"]
        {
            assert_eq!(live(other), None, "{other}");
        }
    }
}
