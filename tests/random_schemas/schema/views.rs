//! Views of any model: some of its properties, counts, rows of its relations whole or in views, with conditions.

use serde_json::{Value, json};

use super::describe;
use super::words::MODELS;
use crate::random::Random;

/// Adds a view, or a part to one that is there.
pub(crate) fn add(schema: &mut Value, random: &mut Random) -> Option<()> {
    let views: Vec<String> = schema["views"].as_object()?.keys().cloned().collect();
    if views.is_empty() || random.below(3) == 0 {
        return new(schema, random);
    }
    let name = random.pick(&views).clone();
    let model = schema["views"][&name]["of"].as_str()?.to_owned();
    let mut view = schema["views"][&name].clone();
    part(schema, &mut view, &model, random)?;
    schema["views"][&name] = view;
    Some(())
}

fn new(schema: &mut Value, random: &mut Random) -> Option<()> {
    let (model, name) = (random.model(schema)?, random.word(MODELS));
    let mut view = json!({ "of": model });
    if random.often() {
        view["fields"] = fields(schema, &model, random)?;
    }
    if random.rarely() {
        view["plural"] = json!(random.word(&["type", "loop", "seen", "all_of"]));
    }
    describe(view.as_object_mut()?, random);
    schema["views"].as_object_mut()?.entry(name).or_insert(view);
    Some(())
}

fn fields(schema: &Value, model: &str, random: &mut Random) -> Option<Value> {
    let properties = schema["models"][model]["properties"].as_object()?.keys();
    Some(properties.filter(|_| random.often()).map(|name| json!(name)).collect())
}

/// A count or an inclusion, named as its relation or otherwise.
fn part(schema: &Value, view: &mut Value, model: &str, random: &mut Random) -> Option<()> {
    let relations = schema["models"][model]["relations"].as_array()?;
    let relation = random.pick(relations);
    let (kind, target) = relation.as_object()?.iter().next()?;
    let target = target.as_str().map(str::to_owned);
    let name = relation
        .get("name")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .or_else(|| derived(kind, target.as_deref()?))?;
    let own = if random.often() { name.clone() } else { random.member() };
    if random.rarely() {
        view["counts"][own] = json!({ "of": name });
        return Some(());
    }
    let mut shown = json!({ "of": name });
    match (target, random.below(4)) {
        (None, _) | (_, 0) => {}
        (Some(target), 1) => {
            let views = schema["views"].as_object()?.iter();
            let fitting: Vec<&String> =
                views.filter(|(_, other)| other["of"] == json!(target)).map(|(name, _)| name).collect();
            if fitting.is_empty() {
                return None;
            }
            shown["view"] = json!(random.pick(&fitting));
        }
        (Some(target), _) => {
            shown["fields"] = fields(schema, &target, random)?;
            if random.rarely() {
                part(schema, &mut shown, &target, random)?;
            }
            if kind == "hasMany" && random.often() {
                let first = schema["models"][&target]["properties"].as_object()?.keys().next()?;
                shown["order"] = json!(format!("{first} DESC"));
                shown["limit"] = json!(3);
            }
            if random.rarely() {
                let (key, rules) = schema["models"][&target]["properties"].as_object()?.iter().next_back()?;
                let operand = match rules.get("type").or(Some(rules)).and_then(Value::as_str)? {
                    "integer" | "int32" | "decimal" => json!({ "between": [-5, 7] }),
                    "string" | "text" => json!({ "nlike": "%\"\\%{}" }),
                    "boolean" => json!(true),
                    _ => json!({ "exists": true }),
                };
                shown["where"] = json!({ "or": [{ key: operand }, { "not": { key: { "exists": false } } }] });
            }
        }
    }
    view["include"][own] = shown;
    Some(())
}

/// The name that a relation has where it says none, for targets of one word.
fn derived(kind: &str, target: &str) -> Option<String> {
    let camel = format!("{}{}", target.get(..1)?.to_lowercase(), target.get(1..)?);
    Some(if kind == "hasMany" { format!("{camel}s") } else { camel })
}
