//! Regular expressions of filters from outside, and what is told of those that a database does not take.

use super::expr::Expr;
use super::node::Node;
use super::sql::Sql;
use super::within::Place;
use crate::driver::Bind;
use crate::filter::Mistake;
use crate::{Error, Result};

impl<'a> Sql<'a> {
    pub(super) fn regexp(&mut self, place: Place<'_>, property: usize, pattern: &'a str) {
        let [open, between, close] = self.capabilities.regexp;
        self.push(open);
        self.property(place, property);
        self.push(between);
        self.bind(Bind::Text(pattern));
        self.push(close);
    }
}

/// The answer of a database to rows that a filter asks for; of a pattern that it does not take, with the place in the
/// filter. Which of several patterns is meant, no database says: then it is each of them that may be.
pub(crate) fn placed<T>(answer: Result<T>, node: &Node) -> Result<T> {
    match answer {
        Err(Error::InvalidFilter { mut mistakes }) if matches!(&*mistakes, [only] if only.path.is_empty()) => {
            let mut paths = Vec::new();
            of_node(node, &mut paths);
            if let Some(Mistake { message, .. }) = mistakes.pop() {
                let several = if paths.len() > 1 { ", or another one of the patterns here" } else { "" };
                let told = |path: &&str| Mistake { path: (*path).to_owned(), message: format!("{message}{several}") };
                mistakes.extend(paths.iter().map(told));
            }
            Err(Error::InvalidFilter { mistakes })
        }
        answer => answer,
    }
}

fn of_node<'n>(node: &'n Node, paths: &mut Vec<&'n str>) {
    of_condition(&node.condition, paths);
    for include in node.includes.iter().chain(&node.arms) {
        of_node(&include.node, paths);
    }
}

fn of_condition<'n>(expr: &'n Expr, paths: &mut Vec<&'n str>) {
    match expr {
        Expr::Regexp { path, .. } => paths.push(path),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| of_condition(part, paths)),
        Expr::Not(inner) | Expr::Embedded { condition: inner, .. } | Expr::Reached { from: inner, .. } => {
            of_condition(inner, paths);
        }
        Expr::Related { among, condition, .. } => {
            of_condition(among, paths);
            of_condition(condition, paths);
        }
        _ => {}
    }
}
