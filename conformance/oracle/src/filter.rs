//! Queries as filters from outside: LoopBack's JSON.

use serde_json::{Map, Value as Json, json};

use crate::condition::{Comparison, Condition, Quantifier};
use crate::query::{Query, Scope, Shape};
use crate::schema::{Cardinality, Schema};

/// The query as far as filters can say it: without counts, deleted rows, limits of nothing, and what is wanted of one
/// of several models.
pub fn sayable(query: Query) -> Query {
    Query { scope: scope_of(query.scope, &mut { INCLUDES }), ..query }
}

/// How many relations a filter may include.
const INCLUDES: usize = 16;

fn scope_of(mut scope: Scope, room: &mut usize) -> Scope {
    scope.condition = scope.condition.map(condition_of);
    scope.limit = scope.limit.map(|limit| limit.max(1));
    scope.deleted = false;
    scope.includes.retain(|include| !matches!(include.shape, Shape::Count(_)));
    scope.includes.truncate(*room);
    *room -= scope.includes.len();
    for include in &mut scope.includes {
        match &mut include.shape {
            Shape::Rows(rows) => *rows = scope_of(std::mem::take(rows), room),
            Shape::Arms(arms) => arms.iter_mut().for_each(|arm| *arm = Scope::default()),
            Shape::Count(_) => {}
        }
    }
    scope
}

fn condition_of(condition: Condition) -> Condition {
    let inner = |condition: Box<Condition>| Box::new(condition_of(*condition));
    match condition {
        Condition::Count(..) => Condition::Null("n".to_owned(), true),
        Condition::And(first, second) => Condition::And(inner(first), inner(second)),
        Condition::Or(first, second) => Condition::Or(inner(first), inner(second)),
        Condition::Not(negated) => Condition::Not(inner(negated)),
        Condition::Related(at, arm, quantifier, of) => Condition::Related(at, arm, quantifier, inner(of)),
        leaf => leaf,
    }
}

/// The filter that says what the query asks.
pub fn filter(schema: &Schema, query: &Query) -> Json {
    scope(schema, query.model, &query.scope)
}

fn scope(schema: &Schema, model: usize, scope: &Scope) -> Json {
    let of = schema.model(model);
    let mut filter = Map::new();
    let mut say = |name: &str, value: Json| filter.insert(name.to_owned(), value);
    if let Some(condition) = &scope.condition {
        say("where", where_(schema, model, condition));
    }
    if scope.ordered {
        let first = scope.order.iter().map(|(name, down)| format!("{name} {}", if *down { "DESC" } else { "asc" }));
        say("order", first.chain(of.key.iter().map(|&key| key.to_owned())).collect());
    }
    if let Some(limit) = scope.limit {
        say("limit", limit.into());
    }
    if let Some(offset) = scope.offset {
        say(if offset == 1 { "skip" } else { "offset" }, offset.into());
    }
    let include = scope.includes.iter().map(|include| {
        let relation = &of.relations[include.relation];
        match &include.shape {
            Shape::Rows(rows) if rows.is_whole() => json!(relation.name),
            Shape::Rows(rows) => {
                json!({ "relation": relation.name, "scope": self::scope(schema, relation.targets[0], rows) })
            }
            Shape::Arms(_) | Shape::Count(_) => json!({ "relation": relation.name }),
        }
    });
    let include: Vec<_> = include.collect();
    if !include.is_empty() {
        say("include", include.into());
    }
    filter.into()
}

fn where_(schema: &Schema, model: usize, condition: &Condition) -> Json {
    let inner = |condition: &Condition| where_(schema, model, condition);
    match condition {
        Condition::And(first, second) => json!({ "and": [inner(first), inner(second)] }),
        Condition::Or(first, second) => json!({ "or": [inner(first), inner(second)] }),
        Condition::Not(negated) => json!({ "not": inner(negated) }),
        Condition::Related(at, arm, quantifier, of) => {
            let relation = &schema.model(model).relations[*at];
            let target = relation.targets[*arm];
            let of = where_(schema, target, of);
            let of = if relation.cardinality == Cardinality::Many { json!({ (quantifier.key()): of }) } else { of };
            let of = if relation.is_polymorphic() { json!({ (schema.model(target).name): of }) } else { of };
            json!({ (relation.name.as_str()): of })
        }
        Condition::Value(name, of) => json!({ (name.as_str()): inner(of) }),
        Condition::Values(name, quantifier, of) => json!({ (name.as_str()): { (quantifier.key()): inner(of) } }),
        Condition::Compare(name, Comparison::Eq, value) if value.is_i64() => json!({ (name.as_str()): value }),
        Condition::Compare(name, comparison, value) => json!({ (name.as_str()): { (comparison.key()): value } }),
        Condition::In(name, values, negated) => {
            json!({ (name.as_str()): { (if *negated { "nin" } else { "inq" }): values } })
        }
        Condition::StartsWith(name, text) => {
            let literal = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            json!({ (name.as_str()): { "like": format!("{literal}%") } })
        }
        Condition::Null(name, negated) => json!({ (name.as_str()): { "exists": negated } }),
        Condition::Count(..) => unreachable!("filters do not count"),
    }
}

impl Scope {
    /// Whether nothing is said.
    fn is_whole(&self) -> bool {
        let Self { condition, ordered, limit, offset, includes, .. } = self;
        condition.is_none() && !ordered && limit.is_none() && offset.is_none() && includes.is_empty()
    }
}

impl Comparison {
    fn key(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "neq",
            Self::Gt => "gt",
            Self::Ge => "gte",
            Self::Lt => "lt",
            Self::Le => "lte",
        }
    }
}

impl Quantifier {
    fn key(self) -> &'static str {
        match self {
            Self::Any => "some",
            Self::None => "none",
            Self::All => "every",
        }
    }
}
