//! The statements of a read, put together as if it ran, and not run.
//!
//! Their text depends on no key of a row, so that none need be known.

use super::access::access_statement;
use super::aggregate;
use super::arms;
use super::level::Level;
use super::listed;
use super::load::level_of;
use super::node::{Include, Node};
#[cfg(feature = "json")]
use super::property::{Property, reading};
#[cfg(feature = "json")]
use super::references::KeyList;
use super::select::{of_keys, of_level, of_rows};
use super::sql::Statement;
use crate::driver::Capabilities;
use crate::key::KeyValues;
use crate::meta::{ModelMeta, RelationMeta};
use crate::value::Value;

/// A statement, and the relations whose rows it reads, one below the other; none for the rows asked for.
#[derive(Debug)]
pub(crate) struct Explained {
    pub(crate) path: Vec<&'static str>,
    pub(crate) sql: String,
}

/// Of rows with what is included in them.
pub(crate) fn rows(capabilities: &'static Capabilities, node: &Node) -> Vec<Explained> {
    if node.is_alone() {
        return vec![first(&of_rows(capabilities, node))];
    }
    let level = Level::new(node, 0, 0);
    let mut explained = vec![first(&of_level(capabilities, &level))];
    below(capabilities, &level, &[], &mut explained);
    explained
}

/// Of the rows of a relation, by keys of rows elsewhere.
pub(crate) fn related(capabilities: &'static Capabilities, include: &Include) -> Vec<Explained> {
    if include.is_listed() {
        return rows(capabilities, &by_keys(include));
    }
    let level = level_of(include);
    let mut explained = vec![first(&of_keys(capabilities, include, &[], &level))];
    below(capabilities, &level, &[], &mut explained);
    explained
}

/// Of what a belongsTo leads to, or a relation to one of several models.
pub(crate) fn access(
    capabilities: &'static Capabilities,
    source: &'static ModelMeta,
    relation: &'static RelationMeta,
    key: &KeyValues,
    node: &Node,
) -> Vec<Explained> {
    if !node.arms.is_empty() {
        return rows(capabilities, &arms::row(source, relation, key, node));
    }
    if node.includes.is_empty() && node.is_whole() {
        let text = relation.sql.of(capabilities.dialect);
        return vec![first(&Statement::by_key(text, source, source.key, key.as_slice()))];
    }
    let level = Level::new(node, 1, relation.from.len());
    let mut explained = vec![first(&access_statement(capabilities, source, relation, key, &level))];
    below(capabilities, &level, &[], &mut explained);
    explained
}

/// Of what is computed.
pub(crate) fn aggregate(capabilities: &'static Capabilities, asked: &aggregate::Aggregate) -> Explained {
    first(&aggregate::statement(capabilities, asked))
}

fn first(statement: &Statement<'_>) -> Explained {
    Explained { path: Vec::new(), sql: statement.text.clone().into_owned() }
}

/// Of the list of keys in a row.
#[cfg(feature = "json")]
pub(crate) fn list(capabilities: &'static Capabilities, KeyList { source, relation, key }: KeyList) -> Vec<Explained> {
    let at = Property { model: source, key, property: relation.from[0] };
    vec![first(&reading(capabilities, &at, &source.live(), ""))]
}

/// The rows whose keys a list holds, of which the text knows nothing.
pub(crate) fn by_keys(include: &Include) -> Node {
    listed::rows_of(include, vec![Value::Null])
}

/// First the statements of one level, then what is below each.
fn below(
    capabilities: &'static Capabilities,
    level: &Level<'_>,
    path: &[&'static str],
    explained: &mut Vec<Explained>,
) {
    let apart = level.apart().into_iter().map(|(relations, include)| ([path, &relations].concat(), include));
    let (listed, apart): (Vec<_>, Vec<_>) = apart.partition(|(_, include)| include.is_listed());
    let levels: Vec<_> = apart.iter().map(|(_, include)| level_of(include)).collect();
    for ((path, include), level) in apart.iter().zip(&levels) {
        let sql = of_keys(capabilities, include, &[], level).text.into_owned();
        explained.push(Explained { path: path.clone(), sql });
    }
    for ((path, _), level) in apart.iter().zip(&levels) {
        below(capabilities, level, path, explained);
    }
    for (path, include) in listed {
        let told = rows(capabilities, &by_keys(include)).into_iter();
        explained.extend(told.map(|Explained { path: below, sql }| Explained { path: [&*path, &below].concat(), sql }));
    }
}
