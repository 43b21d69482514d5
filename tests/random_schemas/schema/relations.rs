//! Relations of every kind, with names that are given or derived.

use serde_json::{Map, Value, json};

use super::words::MODELS;
use super::{describe, push};
use crate::random::Random;

/// Adds one relation, or two that belong together.
pub(crate) fn add(schema: &mut Value, random: &mut Random) -> Option<()> {
    let (from, to) = (random.model(schema)?, random.model(schema)?);
    match random.below(10) {
        0..=2 => belongs_to(schema, &from, &to, random),
        3 | 4 => back(schema, random),
        5 => through(schema, &from, &to, random),
        6 => to_several(schema, &from, random),
        7 => several_through(schema, &from, random),
        8 => references(schema, &from, &to, random),
        _ => embeds(schema, &from, &to, random),
    }
}

fn relate(schema: &mut Value, model: &str, mut relation: Value, random: &mut Random) -> Option<()> {
    let map = relation.as_object_mut()?;
    describe(map, random);
    if random.rarely() {
        map.insert("includable".to_owned(), json!(false));
    }
    push(schema["models"][model].as_object_mut()?, "relations", relation);
    Some(())
}

fn set(relation: &mut Value, key: &str, value: Value) {
    relation[key] = value;
}

fn belongs_to(schema: &mut Value, from: &str, to: &str, random: &mut Random) -> Option<()> {
    let mut relation = json!({ "belongsTo": to });
    if random.often() {
        let name = random.member();
        let keys = keys(schema, to);
        let named = |key: &String| json!(if keys.len() == 1 { format!("{name}Id") } else { format!("{name}_{key}") });
        set(&mut relation, "keyFrom", keys.iter().map(named).collect());
        set(&mut relation, "name", json!(name));
    }
    for (key, value) in [("required", json!(true)), ("constraint", json!(false))] {
        if random.rarely() {
            set(&mut relation, key, value);
        }
    }
    for event in ["onDelete", "onUpdate"] {
        if random.rarely() {
            set(&mut relation, event, json!(random.word(&["restrict", "cascade", "setNull", "noAction"])));
        }
    }
    relate(schema, from, relation, random)
}

/// The names of a model's own ids.
fn keys(schema: &Value, model: &str) -> Vec<String> {
    let properties = schema["models"][model]["properties"].as_object();
    let ids = properties.into_iter().flatten().filter(|(_, rules)| rules["id"] == json!(true));
    ids.map(|(name, _)| name.clone()).collect()
}

/// The other direction of a relation that is there.
fn back(schema: &mut Value, random: &mut Random) -> Option<()> {
    let models = schema["models"].as_object()?;
    let relations = models.iter().flat_map(|(model, data)| {
        let relations = data["relations"].as_array().into_iter().flatten();
        relations.filter(|relation| relation.get("belongsTo").is_some()).map(move |relation| (model, relation))
    });
    let relations: Vec<(&String, &Value)> = relations.collect();
    if relations.is_empty() {
        return None;
    }
    let (holder, relation) = *random.pick(&relations);
    let kind = if random.often() { "hasMany" } else { "hasOne" };
    let mut inverse = json!({ kind: holder });
    if random.often() {
        set(&mut inverse, "name", json!(random.member()));
    }
    let source = match &relation["belongsTo"] {
        Value::Array(targets) => {
            set(&mut inverse, "polymorphic", relation["name"].clone());
            random.pick(targets).as_str()?.to_owned()
        }
        target => {
            if let Some(keys) = relation.get("keyFrom") {
                set(&mut inverse, "keyTo", keys.clone());
            }
            target.as_str()?.to_owned()
        }
    };
    relate(schema, &source, inverse, random)
}

/// A link model, and relations through it from both ends.
fn through(schema: &mut Value, from: &str, to: &str, random: &mut Random) -> Option<()> {
    let link = random.word(MODELS);
    if from == to || schema["models"].get(link).is_some() {
        return None;
    }
    let mut model = json!({
        "properties": { "id": { "type": "integer", "id": true, "generated": true } },
        "relations": [{ "belongsTo": from }, { "belongsTo": to }],
    });
    if random.often() {
        let says = random.member();
        model["properties"][says] =
            json!({ "type": random.word(&["string", "date", "json"]), "required": random.often() });
    }
    if let Some(place) = schema["models"][from].get("datasource") {
        model["datasource"] = place.clone();
    }
    schema["models"][link] = model;
    let kind = if random.often() { "hasMany" } else { "hasOne" };
    let mut relation = json!({ kind: to, "through": link });
    if random.often() {
        set(&mut relation, "name", json!(random.member()));
    }
    relate(schema, from, relation, random)?;
    if random.often() {
        let mut relation = json!({ "hasMany": from, "through": { "model": link } });
        if random.often() {
            set(&mut relation, "name", json!(random.member()));
        }
        relate(schema, to, relation, random)?;
    }
    Some(())
}

/// Two or three models, each once.
fn several(schema: &Value, random: &mut Random) -> Option<Vec<String>> {
    let mut targets: Vec<String> = Vec::new();
    for _ in 0..=random.below(3) {
        let target = random.model(schema)?;
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    Some(targets)
}

fn to_several(schema: &mut Value, from: &str, random: &mut Random) -> Option<()> {
    let targets = several(schema, random)?;
    let kind = if random.often() { "belongsTo" } else { "hasOne" };
    let name = random.member();
    let mut relation = json!({ kind: targets.clone(), "name": name });
    if kind == "belongsTo" {
        if random.rarely() {
            set(&mut relation, "required", json!(true));
        }
        if random.rarely() {
            set(&mut relation, "onDelete", json!(random.word(&["cascade", "setNull", "restrict"])));
        }
    } else {
        // The key that such a relation asks of its targets.
        let key = format!("{}{}Id", from[..1].to_lowercase(), &from[1..]);
        for target in &targets {
            schema["models"][target]["properties"][&key] = json!("integer");
        }
    }
    relate(schema, from, relation, random)
}

fn several_through(schema: &mut Value, from: &str, random: &mut Random) -> Option<()> {
    let (targets, link, name) =
        (several(schema, random)?, random.word(MODELS), random.word(&["items", "parts", "subs"]));
    if schema["models"].get(link).is_some() {
        return None;
    }
    let one = &name[..name.len() - 1];
    let mut properties = Map::new();
    properties.insert("id".to_owned(), json!({ "type": "integer", "id": true, "generated": true }));
    properties.insert(format!("{one}Id"), json!("integer"));
    properties.insert(format!("{one}Type"), json!("string"));
    if random.often() {
        properties.insert(random.member(), json!("date"));
    }
    schema["models"][link] = json!({ "properties": properties, "relations": [{ "belongsTo": from }] });
    if let Some(place) = schema["models"][from].get("datasource").cloned() {
        schema["models"][link]["datasource"] = place;
    }
    relate(schema, from, json!({ "hasMany": targets, "name": name, "through": link }), random)
}

fn references(schema: &mut Value, from: &str, to: &str, random: &mut Random) -> Option<()> {
    let mut relation = json!({ "referencesMany": to });
    if random.often() {
        let name = random.member();
        set(&mut relation, "keyFrom", json!(format!("{name}Keys")));
        set(&mut relation, "name", json!(name));
    }
    relate(schema, from, relation, random)
}

fn embeds(schema: &mut Value, from: &str, to: &str, random: &mut Random) -> Option<()> {
    let values = schema["models"].as_object()?.iter().filter(|(_, model)| model["abstract"] == json!(true));
    let values: Vec<&String> = values.map(|(name, _)| name).collect();
    let to = if values.is_empty() { to.to_owned() } else { (*random.pick(&values)).clone() };
    let kind = if random.often() { "embedsOne" } else { "embedsMany" };
    let mut relation = json!({ kind: to });
    if random.often() {
        set(&mut relation, "name", json!(random.member()));
    }
    if kind == "embedsOne" && random.often() {
        set(&mut relation, "required", json!(true));
    }
    relate(schema, from, relation, random)
}
