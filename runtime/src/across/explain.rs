//! What a call would ask of which database, without asking.

use std::fmt;

use super::{is_far, take_out};
use crate::db::Handle;
use crate::driver::Capabilities;
use crate::meta::ModelMeta;
use crate::query::Task;
use crate::query::explain::{self, Explained};
use crate::query::expr::Expr;
use crate::query::node::{Include, Node};
#[cfg(feature = "json")]
use crate::query::references::Reach;

/// A statement that a call would run: what `explain()` gives. Values are bound when it runs, and not shown.
///
/// Shown as text, it is where it runs, what it reads, and the SQL: `db, orders.items: SELECT …`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statement {
    /// The datasource that it runs on.
    pub datasource: &'static str,
    /// The relation whose rows it reads, after those that lead to it: `orders.items`. Empty for the rows asked for.
    pub path: String,
    /// Its text.
    pub sql: String,
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { datasource, path, sql } = self;
        let comma = if path.is_empty() { "" } else { ", " };
        write!(f, "{datasource}{comma}{path}: {sql}")
    }
}

/// The statements of a read, in the order in which they would run. What would be refused, and what the program answers
/// itself, has none.
pub(crate) fn explain(handle: &Handle, task: Task) -> Vec<Statement> {
    let mut telling = Telling { handle, told: Vec::new() };
    match task {
        Task::Load(node) | Task::Get(node) => telling.rows(node),
        Task::One(mut node) => {
            node.cut_to(2);
            telling.rows(node);
        }
        Task::Access { source, relation, key, node } if is_far(source, relation) => {
            let select = Some(&source.sql.select_by_key);
            telling.rows(Node::matching(source, Expr::Key { properties: source.key, values: key.clone(), select }));
            telling.rows(super::followed(node, relation, key));
        }
        Task::Access { source, relation, key, node } => {
            telling
                .tree(source, node, |capabilities, node| explain::access(capabilities, source, relation, &key, node));
        }
        #[cfg(feature = "json")]
        Task::Reach(Reach { list, node }) => {
            let relation = list.relation;
            let include = Include { index: 0, relation, asked: Some(relation), node, counted: false };
            telling.ask(list.source, "", |capabilities| explain::list(capabilities, list));
            telling.rows(explain::by_keys(&include));
        }
        Task::Aggregate(aggregate) => {
            telling.ask(aggregate.node.model, "", |capabilities| vec![explain::aggregate(capabilities, &aggregate)]);
        }
        _ => {}
    }
    telling.told
}

struct Telling<'a> {
    handle: &'a Handle,
    told: Vec<Statement>,
}

impl Telling<'_> {
    fn rows(&mut self, node: Node) {
        self.tree(node.model, node, explain::rows);
    }

    /// What the database of a model is asked, then what others are for the inclusions that they answer.
    fn tree(
        &mut self,
        asked: &'static ModelMeta,
        mut node: Node,
        explain: impl FnOnce(&'static Capabilities, &Node) -> Vec<Explained>,
    ) {
        let mut apart = Vec::new();
        take_out(self.handle, &mut node, &mut Vec::new(), &mut apart);
        self.ask(asked, "", |capabilities| explain(capabilities, &node));
        for (path, _, include) in apart {
            self.include(&names(&node, &path), include);
        }
    }

    /// An inclusion that is not answered with the rows that it is included in.
    fn include(&mut self, above: &str, mut include: Include) {
        let relation = include.asked.unwrap_or(include.relation);
        let path = joined(above, relation.name);
        if self.handle.inclusion().is_some_and(|inclusion| inclusion.is_changed(relation)) {
            for include in include.node.includes {
                self.include(&path, include);
            }
            return;
        }
        let mut apart = Vec::new();
        take_out(self.handle, &mut include.node, &mut Vec::new(), &mut apart);
        self.ask(relation.target, &path, |capabilities| explain::related(capabilities, &include));
        for (below, _, next) in apart {
            self.include(&joined(&path, &names(&include.node, &below)), next);
        }
    }

    fn ask(
        &mut self,
        model: &'static ModelMeta,
        above: &str,
        explain: impl FnOnce(&'static Capabilities) -> Vec<Explained>,
    ) {
        let Ok(reached) = self.handle.reach(model) else { return };
        let datasource = self.handle.schema().datasources[model.datasource].name;
        let told = explain(reached.driver.capabilities()).into_iter();
        self.told.extend(told.map(|Explained { path, sql }| Statement {
            datasource,
            path: joined(above, &path.join(".")),
            sql,
        }));
    }
}

/// The relations in these places, one below the other.
fn names(node: &Node, path: &[usize]) -> String {
    let (mut node, mut names) = (node, Vec::with_capacity(path.len()));
    for &index in path {
        // Below a relation to several models, the next step is one of them; what a link leads to is the target of the
        // relation before: neither has a name of its own.
        let is_arm = !node.arms.is_empty();
        let below = if is_arm { &node.arms } else { &node.includes };
        let Some(include) = below.iter().find(|include| include.index == index) else { break };
        names.extend(include.asked.filter(|_| !is_arm).map(|asked| asked.name));
        node = &include.node;
    }
    names.join(".")
}

fn joined(above: &str, below: &str) -> String {
    match (above, below) {
        ("", one) | (one, "") => one.to_owned(),
        (above, below) => format!("{above}.{below}"),
    }
}
