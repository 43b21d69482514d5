//! Queries, and what stores rows, as Rust that calls generated code.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::condition::{Comparison, Condition, Quantifier};
use crate::query::{Include, Query, Scope, Shape};
use crate::schema::{Cardinality, Schema};

/// A query of a `db`, as an expression that ends before `.await`.
pub fn print(schema: &Schema, query: &Query) -> String {
    let printer = Printer { schema };
    format!("db.{}().find(){}", plural(schema, query.model), printer.scope(query.model, &query.scope))
}

/// The arms of two matches by a model's position: one stores `rows`, one deletes the rows with these `ids`.
pub fn stores(schema: &Schema) -> (String, String) {
    let (mut stored, mut deleted) = (String::new(), String::new());
    for (at, model) in schema.models.iter().enumerate() {
        let plural = plural(schema, at);
        let _ = writeln!(stored, "{at} => {{ db.{plural}().create_many(parsed::<New{}>(rows)).await?; }}", model.name);
        if model.soft_delete {
            let module = model.name.to_lowercase();
            let _ = writeln!(deleted, "{at} => {{ db.{plural}().delete_where({module}::id().is_in(ids)).await?; }}");
        }
    }
    (stored, deleted)
}

/// The arms of a match by a model's position that finds rows by `filter`.
pub fn finds(schema: &Schema) -> String {
    let find = |at| format!("{at} => json(db.{}().find_with(filter_of(filter)).await?),\n", plural(schema, at));
    (0..schema.models.len()).map(find).collect()
}

fn plural(schema: &Schema, model: usize) -> String {
    format!("{}s", schema.model(model).name.to_lowercase())
}

struct Printer<'s> {
    schema: &'s Schema,
}

impl Printer<'_> {
    fn module(&self, model: usize) -> String {
        self.schema.model(model).name.to_lowercase()
    }

    /// What is called on rows of that model.
    fn scope(&self, model: usize, scope: &Scope) -> String {
        let (mut text, module) = (String::new(), self.module(model));
        if scope.deleted {
            text.push_str(".with_deleted()");
        }
        if let Some(condition) = &scope.condition {
            let _ = write!(text, ".filter({})", self.condition(model, condition));
        }
        if scope.ordered {
            if let Some((name, down)) = &scope.order {
                let _ = write!(text, ".order_by({module}::{name}().{}())", if *down { "desc" } else { "asc" });
            }
            for key in self.schema.model(model).key {
                let _ = write!(text, ".order_by({module}::{key}())");
            }
        }
        if let Some(limit) = scope.limit {
            let _ = write!(text, ".limit({limit})");
        }
        if let Some(offset) = scope.offset {
            let _ = write!(text, ".offset({offset})");
        }
        for include in &scope.includes {
            let _ = write!(text, ".include({})", self.include(model, include));
        }
        text
    }

    fn include(&self, model: usize, include: &Include) -> String {
        let relation = &self.schema.model(model).relations[include.relation];
        let whole = format!("{}::{}", self.module(model), relation.name);
        match &include.shape {
            Shape::Rows(scope) => format!("{whole}(){}", self.scope(relation.targets[0], scope)),
            Shape::Count(None) => format!("{whole}().count()"),
            Shape::Count(Some(condition)) => {
                format!("{whole}().filter({}).count()", self.condition(relation.targets[0], condition))
            }
            Shape::Arms(scopes) => {
                let mut text = format!("{whole}()");
                for (scope, &target) in scopes.iter().zip(&relation.targets) {
                    let arm = format!("{whole}::{}()", self.module(target));
                    let _ = write!(text, ".of({arm}{})", self.scope(target, scope));
                }
                text
            }
        }
    }

    fn condition(&self, model: usize, condition: &Condition) -> String {
        let module = self.module(model);
        let inner = |condition: &Condition| self.condition(model, condition);
        match condition {
            Condition::And(first, second) => format!("{}.and({})", inner(first), inner(second)),
            Condition::Or(first, second) => format!("{}.or({})", inner(first), inner(second)),
            Condition::Not(negated) => format!("{}.not()", inner(negated)),
            Condition::Related(at, arm, quantifier, of) => {
                let relation = &self.schema.model(model).relations[*at];
                let target = relation.targets[*arm];
                let arm = if relation.is_polymorphic() { format!("::{}", self.module(target)) } else { String::new() };
                let many = relation.cardinality == Cardinality::Many;
                let word = if many { quantifier.word() } else { "matches" };
                format!("{module}::{}{arm}().{word}({})", relation.name, self.condition(target, of))
            }
            Condition::Count(at, comparison, number) => {
                let relation = &self.schema.model(model).relations[*at];
                format!("{module}::{}().count().{}({number})", relation.name, comparison.word())
            }
            Condition::Value(name, of) => format!("{module}::{name}().matches({})", on_value("point", of)),
            Condition::Values(name, quantifier, of) => {
                format!("{module}::{name}().{}({})", quantifier.word(), on_value("point", of))
            }
            leaf => on_value(&module, leaf),
        }
    }
}

/// A condition on what a row or an embedded value itself holds.
fn on_value(module: &str, condition: &Condition) -> String {
    match condition {
        Condition::Compare(name, comparison, value) => {
            format!("{module}::{name}().{}({})", comparison.word(), literal(value))
        }
        Condition::In(name, values, negated) => {
            let word = if *negated { "not_in" } else { "is_in" };
            let values: Vec<_> = values.iter().map(literal).collect();
            let ty = if values.is_empty() { empty(name) } else { String::new() };
            format!("{module}::{name}().{word}([{}]{ty})", values.join(", "))
        }
        Condition::StartsWith(name, text) => format!("{module}::{name}().starts_with({text:?})"),
        Condition::Null(name, negated) => {
            format!("{module}::{name}().{}()", if *negated { "is_not_null" } else { "is_null" })
        }
        Condition::And(first, second) => format!("{}.and({})", on_value(module, first), on_value(module, second)),
        Condition::Not(inner) => format!("{}.not()", on_value(module, inner)),
        other => unreachable!("{other:?} is not asked of a value"),
    }
}

/// What gives an empty list its type, by the name that a property of the type has.
fn empty(name: &str) -> String {
    let ty = match name {
        "n" | "x" => "i64",
        "f" => "bool",
        _ => "String",
    };
    format!(" as [{ty}; 0]")
}

fn literal(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| format!("{text:?}"))
}

impl Comparison {
    fn word(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }
}

impl Quantifier {
    fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::None => "none",
            Self::All => "all",
        }
    }
}
