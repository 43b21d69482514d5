//! What rows of a relation must match: a condition in the language of filters, of the rows' own properties.
//!
//! Values are literals of the properties' types, read as defaults are.

use crate::ast::{Name, did_you_mean, list};
use crate::diagnostic::{Diagnostic, Edit, Fix, codes, suggest};
use crate::graph::literals::{Digits, literal};
use crate::graph::resolve::Builder;
use crate::graph::view::{Condition, Operator};
use crate::graph::{ModelId, PropertyId, Scalar, Type};
use crate::source::Span;
use crate::syntax::{Entry, Kind, Node};

/// Whether values of the type can be put in an order, and compared.
pub(super) fn is_ordered(ty: Type) -> bool {
    !ty.list && !matches!(ty.scalar, Scalar::Json | Scalar::Bytes | Scalar::Embedded(_))
}

/// The entries of a map, which all hold. `None` where one is wrong, and said.
pub(super) fn all_of(builder: &mut Builder<'_>, model: ModelId, key: Span, node: &Node) -> Option<Condition> {
    let Kind::Map(entries) = &node.kind else {
        refuse(builder, node, key, "a condition is a map", "it is written `{ property: value }`");
        return None;
    };
    // Each is read, so that all that is wrong is told.
    let terms: Vec<_> = entries.iter().map(|entry| term(builder, model, entry)).collect();
    joined(terms, Condition::And)
}

fn joined(terms: Vec<Option<Condition>>, join: fn(Vec<Condition>) -> Condition) -> Option<Condition> {
    let mut terms = terms.into_iter().collect::<Option<Vec<_>>>()?;
    if terms.len() == 1 { terms.pop() } else { Some(join(terms)) }
}

/// Whether nothing is asked of a row.
pub(super) fn is_empty(condition: &Condition) -> bool {
    matches!(condition, Condition::And(all) if all.is_empty())
}

fn term(builder: &mut Builder<'_>, model: ModelId, entry: &Entry) -> Option<Condition> {
    let key = entry.key.span;
    match entry.key.value.as_str() {
        word @ ("and" | "or") => {
            let Kind::List(items) = &entry.value.kind else {
                refuse(builder, &entry.value, key, &format!("`{word}` takes a list"), "of conditions, each a map");
                return None;
            };
            let all: Vec<_> = items.iter().map(|item| all_of(builder, model, key, item)).collect();
            if all.is_empty() || all.iter().flatten().any(is_empty) {
                let note = "an empty one is met by every row or by none, which nobody means";
                refuse(builder, &entry.value, key, &format!("`{word}` has an empty condition"), note);
                return None;
            }
            let join = if word == "and" { Condition::And } else { Condition::Or };
            joined(all, join)
        }
        "not" => {
            let inner = all_of(builder, model, key, &entry.value)?;
            if is_empty(&inner) {
                refuse(builder, &entry.value, key, "`not` has an empty condition", "no row would be shown");
                return None;
            }
            Some(Condition::Not(Box::new(inner)))
        }
        _ => property(builder, model, entry),
    }
}

/// `quantity: 1`, `quantity: { gt: 1, lt: 9 }`.
fn property(builder: &mut Builder<'_>, model: ModelId, entry: &Entry) -> Option<Condition> {
    if builder.graph.model(model).relations.iter().any(|relation| relation.name == entry.key.value) {
        let note = "the condition of a view is one of the rows' own properties; a query in Rust can ask for more";
        let message = format!("`{}` is a relation", entry.key.value);
        push(builder, entry.key.span, &message, "not a property", note);
        return None;
    }
    let id = builder.shown_property(model, &entry.key)?;
    let property = builder.graph.model(model).property(id);
    let name = property.name.clone();
    let Kind::Map(operators) = &entry.value.kind else {
        if entry.value.kind == Kind::Null {
            let note = format!("a row without a value: `{name}: {{ exists: false }}`");
            push(builder, entry.key.span, &format!("nothing equals NULL, also not `{name}`"), "has no value", &note);
            return None;
        }
        return compare(builder, model, id, Operator::Eq, &entry.value, entry.key.span);
    };
    let terms: Vec<_> = operators.iter().map(|operator| operation(builder, model, id, operator)).collect();
    if terms.is_empty() {
        push(builder, entry.key.span, &format!("nothing is asked of `{name}`"), "an empty map", "leave it out");
        return None;
    }
    joined(terms, Condition::And)
}

fn operation(builder: &mut Builder<'_>, model: ModelId, id: PropertyId, entry: &Entry) -> Option<Condition> {
    let word = entry.key.value.as_str();
    let words = || Operator::WORDS.iter().map(|(word, _)| *word);
    let Some((_, operator)) = Operator::WORDS.iter().find(|(known, _)| *known == word) else {
        let theirs =
            [("ne", "neq"), ("ge", "gte"), ("le", "lte"), ("in", "inq"), ("notin", "nin"), ("isnull", "exists")];
        let folded = suggest::folded_word(word).replace('$', "");
        let nearest = theirs.iter().find(|(theirs, _)| *theirs == folded).map(|(_, ours)| *ours);
        let nearest = nearest.or_else(|| suggest::nearest(word, words()));
        let finding = Diagnostic::new(&codes::INVALID_CONDITION, format!("`{word}` is no operator"))
            .primary(entry.key.span, "unknown")
            .note(format!("the operators are {}", list(words(), "and")));
        let fix = nearest.map(|word| Fix::likely(format!("write `{word}`"), [Edit::replace(entry.key.span, word)]));
        builder.findings.push(finding.fix_if(fix));
        return None;
    };
    if *operator == Operator::Exists {
        let Kind::Bool(exists) = entry.value.kind else {
            refuse(builder, &entry.value, entry.key.span, "`exists` takes `true` or `false`", "nothing else is asked");
            return None;
        };
        let operator = if exists { Operator::Exists } else { Operator::Missing };
        return Some(Condition::Compare { property: id, operator, values: Vec::new() });
    }
    compare(builder, model, id, *operator, &entry.value, entry.key.span)
}

fn compare(
    builder: &mut Builder<'_>,
    model: ModelId,
    id: PropertyId,
    operator: Operator,
    node: &Node,
    key: Span,
) -> Option<Condition> {
    let property = builder.graph.model(model).property(id);
    let (ty, name) = (property.ty, property.name.clone());
    let digits = Digits { precision: property.precision, scale: property.scale };
    if !is_ordered(ty) {
        let note = "only whether there is a value can be asked: `exists: true`";
        push(builder, key, &format!("values of `{name}` cannot be compared"), "of a type that has no order", note);
        return None;
    }
    if operator.is_pattern() && !matches!(ty.scalar, Scalar::String | Scalar::Text) {
        push(builder, key, &format!("`{name}` is no text"), "patterns are for strings", "compare it with a value");
        return None;
    }
    let nodes: Vec<&Node> = match (operator, &node.kind) {
        (Operator::Between, Kind::List(items)) if items.len() == 2 => items.iter().collect(),
        (Operator::Between, _) => {
            refuse(builder, node, key, "`between` takes two values", "`between: [1, 9]`, both included");
            return None;
        }
        (Operator::Inq | Operator::Nin, Kind::List(items)) if !items.is_empty() => items.iter().collect(),
        (Operator::Inq | Operator::Nin, _) => {
            refuse(builder, node, key, "a list of values is expected", "`inq: [1, 2]`, one value at least");
            return None;
        }
        _ => vec![node],
    };
    let mut values = Vec::with_capacity(nodes.len());
    for node in nodes {
        match literal(node, ty.scalar, digits, &builder.enums) {
            Ok(value) => values.push(value),
            Err(unfit) => {
                let of_enum = unfit.one_of.map(|id| builder.enums.values(id).map(str::to_owned).collect::<Vec<_>>());
                let place = if node.span.start == node.span.end { key } else { node.span };
                let finding = Diagnostic::new(&codes::INVALID_CONDITION, format!("this is no value of `{name}`"))
                    .primary(
                        place,
                        format!("expected {}", unfit.expected.replace(", or `now`", "").replace(", or `uuid`", "")),
                    );
                let fix = unfit.meant.map(|meant| {
                    Fix::certain(format!("write `{meant}`"), [Edit::replace(node.whole(), meant.clone())])
                });
                let finding = finding.fix_if(fix);
                let (Some(known), Kind::String(word)) = (of_enum, &node.kind) else {
                    builder.findings.push(finding);
                    return None;
                };
                let known = || known.iter().map(String::as_str);
                let written = Name { value: word.clone(), span: node.span };
                let finding = finding.note(format!("its values are {}", list(known(), "and")));
                builder.findings.push(finding.fix_if(did_you_mean(&written, suggest::nearest(word, known()))));
                return None;
            }
        }
    }
    Some(Condition::Compare { property: id, operator, values })
}

fn refuse(builder: &mut Builder<'_>, node: &Node, key: Span, message: &str, note: &str) {
    let place = if node.span.start == node.span.end { key } else { node.span };
    push(builder, place, message, "found here", note);
}

fn push(builder: &mut Builder<'_>, place: Span, message: &str, label: &str, note: &str) {
    let finding = Diagnostic::new(&codes::INVALID_CONDITION, message).primary(place, label);
    builder.findings.push(finding.note(note));
}
