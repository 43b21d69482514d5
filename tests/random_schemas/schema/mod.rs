//! Sound schemas made at random: one thing is added after the other, and stays where `check` then still accepts all.
//!
//! What is added need not be right, so that it can be anything; what is left is.

mod relations;
mod views;
mod words;

use relata_compiler::{Inputs, check};
use serde_json::{Map, Value, json};

use crate::random::Random;
use words::{MODELS, PROPERTIES, TEXTS, VALUES};

/// How many things are tried.
const STEPS: usize = 70;

/// Types of properties, with rules that fit.
const TYPES: &[(&str, &[&str])] = &[
    ("string", &["", r##""minLength": 1, "maxLength": 30, "pattern": "^[a-z\"#{}]*$""##, r#""maxLength": 5000"#]),
    ("string", &[r#""default": "say \"hi\" {{ }} \\ \n %}""#, r#""default": """#, r#""maxLength": 20"#]),
    ("text", &["", r#""default": """#]),
    ("integer", &["", r#""minimum": -9223372036854775808, "maximum": 9223372036854775807"#, r#""default": 7"#]),
    ("int32", &["", r#""default": -2147483648"#, r#""minimum": 0, "default": 0"#]),
    ("number", &["", r#""minimum": -1.5e300, "default": 0.1"#, r#""default": 3"#]),
    (
        "decimal",
        &["", r#""precision": 28, "scale": 10, "default": 1.5"#, r#""precision": 5, "scale": 0, "maximum": 9"#],
    ),
    ("boolean", &["", r#""default": true"#]),
    ("date", &["", r#""default": "now""#, r#""default": "2024-02-29""#]),
    ("time", &["", r#""default": "23:59:59.5""#]),
    ("datetime", &["", r#""default": "now""#, r#""default": "2024-02-29T00:00:00Z""#]),
    ("uuid", &["", r#""default": "uuid""#]),
    ("json", &["", r##""default": { "a": [1, null, "x\"#"] }"##]),
    ("any", &["", r#""default": null"#]),
    ("bytes", &[""]),
    ("string[]", &["", r#""default": ["", "a \"b\" {{ }} \\"], "maxLength": 9"#]),
    ("integer[]", &["", r#""default": [-9223372036854775808, 0]"#]),
    ("decimal[]", &[""]),
    ("boolean[]", &[""]),
    ("json[]", &[""]),
    ("uuid[]", &[""]),
    ("date[]", &[""]),
    ("bytes[]", &[""]),
    ("number[]", &[r#""minimum": 0"#]),
];

/// What a property may be besides.
const ROLES: &[&str] = &[
    r#""required": true"#,
    r#""required": true"#,
    r#""hidden": true"#,
    r#""unique": true"#,
    r#""index": true"#,
    r#""required": true, "unique": true"#,
    r#""column": "odd \"column\" {} ` ;'""#,
    r#""id": true"#,
    r#""id": true, "generated": true"#,
    r#""version": true"#,
];

impl Random {
    pub(crate) fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        self.pick::<&'a str>(words)
    }

    pub(crate) fn often(&mut self) -> bool {
        self.below(3) > 0
    }

    pub(crate) fn rarely(&mut self) -> bool {
        self.below(5) == 0
    }

    /// A name for a property, a relation or a part of a view.
    pub(crate) fn member(&mut self) -> String {
        match self.below(3) {
            0 => format!("{}{}", self.word(&["a", "otherOf", "x_", "i", "htmlURL"]), self.below(9)),
            _ => self.word(PROPERTIES).to_owned(),
        }
    }

    pub(crate) fn model(&mut self, schema: &Value) -> Option<String> {
        let names: Vec<&String> = schema["models"].as_object()?.keys().collect();
        if names.is_empty() { None } else { Some((*self.pick(&names)).clone()) }
    }
}

/// A sound schema.
pub(crate) fn schema(random: &mut Random) -> Value {
    let mut schema = json!({ "enums": {}, "models": {}, "views": {} });
    while !is_sound(&schema) {
        schema["models"] = json!({});
        add_model(&mut schema, random);
    }
    for _ in 0..STEPS {
        let mut next = schema.clone();
        if step(&mut next, random).is_some() && is_sound(&next) {
            schema = next;
        }
    }
    schema
}

pub(crate) fn text(schema: &Value) -> String {
    serde_json::to_string_pretty(schema).expect("it is a tree")
}

pub(crate) fn inputs(schema: &Value) -> Inputs {
    Inputs::text("schema.json", text(schema))
}

/// Whether the schema is accepted, and says something.
pub(crate) fn is_sound(schema: &Value) -> bool {
    check(&inputs(schema)).graph.is_some_and(|graph| !graph.models.is_empty())
}

/// Adds one thing; none where there is no place for it.
fn step(schema: &mut Value, random: &mut Random) -> Option<()> {
    match random.below(20) {
        0 | 1 => add_model(schema, random),
        2..=4 => property(schema, random),
        5 => flag(schema, random),
        6 => index(schema, random),
        7 => enumeration(schema, random),
        8 => value_type(schema, random),
        9 => base(schema, random),
        10 => datasource(schema, random),
        11..=15 => relations::add(schema, random),
        _ => views::add(schema, random),
    }
}

fn add_model(schema: &mut Value, random: &mut Random) -> Option<()> {
    let name = random.word(MODELS);
    if schema["models"].get(name).is_some() {
        return None;
    }
    let kind = random.word(&["integer", "int32", "uuid", "string", "date", "datetime", "boolean", "decimal", "time"]);
    let mut model = json!({ "properties": { "id": { "type": "integer", "id": true, "generated": true } } });
    match random.below(6) {
        0 => model["properties"] = json!({ "id": { "type": kind, "id": true } }),
        1 => {
            let second = random.word(&["integer", "string", "uuid", "date"]);
            model["properties"] =
                json!({ "key0": { "type": kind, "id": true, }, "key1": { "type": second, "id": true } });
        }
        2 => model["properties"] = json!({ "type": { "type": "string", "id": true, "maxLength": 20 } }),
        3 => model["properties"] = json!({ "id": { "type": "uuid", "id": true, "generated": true } }),
        _ => {}
    }
    if let Some(source) = schema["datasources"].as_object().and_then(|sources| sources.keys().next()) {
        model["datasource"] = json!(source);
    }
    schema["models"][name] = model;
    Some(())
}

/// A type, with rules, among them those that the schema declares.
fn typed(schema: &Value, random: &mut Random) -> Map<String, Value> {
    let names = |of: &Value| of.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let (enums, models) = (names(&schema["enums"]), names(&schema["models"]));
    let of_schema = match random.below(6) {
        0 if !enums.is_empty() => Some(random.pick(&enums).clone()),
        1 if !models.is_empty() => Some(random.pick(&models).clone()),
        _ => None,
    };
    if let Some(name) = of_schema {
        let list = if random.rarely() { "[]" } else { "" };
        let mut rules = Map::from_iter([("type".to_owned(), json!(format!("{name}{list}")))]);
        let first = schema["enums"][&name].get(0).cloned();
        if let Some(first) = first.filter(|_| list.is_empty() && random.rarely()) {
            rules.insert("default".to_owned(), first.get("value").cloned().unwrap_or(first));
        }
        return rules;
    }
    let (kind, rules) = random.pick(TYPES);
    let rules = random.word(rules);
    let comma = if rules.is_empty() { "" } else { ", " };
    serde_json::from_str(&format!("{{ \"type\": \"{kind}\"{comma}{rules} }}")).expect("the table is JSON")
}

fn property(schema: &mut Value, random: &mut Random) -> Option<()> {
    let model = random.model(schema)?;
    let mut rules = typed(schema, random);
    for _ in 0..random.below(3) {
        let role: Map<_, _> =
            serde_json::from_str(&format!("{{ {} }}", random.word(ROLES))).expect("the table is JSON");
        rules.extend(role);
    }
    describe(&mut rules, random);
    let properties = schema["models"][&model]["properties"].as_object_mut()?;
    properties.insert(random.member(), Value::Object(rules));
    Some(())
}

pub(crate) fn describe(of: &mut Map<String, Value>, random: &mut Random) {
    if random.rarely() {
        of.insert("description".to_owned(), json!(random.word(TEXTS)));
    }
}

fn flag(schema: &mut Value, random: &mut Random) -> Option<()> {
    let name = random.model(schema)?;
    let model = schema["models"][&name].as_object_mut()?;
    let (key, value) = match random.below(6) {
        0 => ("timestamps", json!(true)),
        1 => ("softDelete", json!(true)),
        2 => ("plural", json!(format!("{}{}", random.word(&["Things", "many_", "x", "type", "Fn"]), random.below(5)))),
        3 => {
            ("plural", json!(random.word(&["type", "loop", "match", "fn", "news", "async", "len", "clone", "handle"])))
        }
        4 => ("table", json!(format!("{}odd \"table\" {{}} ` ;'{name}", random.word(&["", "app.", "o\"dd `."])))),
        _ => ("description", json!(random.word(TEXTS))),
    };
    model.insert(key.to_owned(), value);
    Some(())
}

fn index(schema: &mut Value, random: &mut Random) -> Option<()> {
    let name = random.model(schema)?;
    let model = schema["models"][&name].as_object_mut()?;
    let names: Vec<String> = model["properties"].as_object()?.keys().cloned().collect();
    let mut chosen: Vec<&String> = (0..=random.below(3)).map(|_| random.pick(&names)).collect();
    chosen.dedup();
    let mut index = json!({ "properties": chosen, "unique": random.often() });
    if random.rarely() {
        index["name"] = json!(format!("by \"{name}\""));
    }
    push(model, "indexes", index);
    Some(())
}

/// Adds to a list that need not be there yet.
pub(crate) fn push(map: &mut Map<String, Value>, list: &str, item: Value) {
    let list = map.entry(list).or_insert_with(|| json!([]));
    list.as_array_mut().expect("nothing else is put there").push(item);
}

fn enumeration(schema: &mut Value, random: &mut Random) -> Option<()> {
    let name = random.word(MODELS);
    let mut values: Vec<Value> = Vec::new();
    for at in 0..=random.below(6) {
        let value = random.word(VALUES);
        values.push(if random.rarely() { json!({ "value": value, "name": format!("V{at}") }) } else { json!(value) });
    }
    schema["enums"].as_object_mut()?.entry(name).or_insert(Value::Array(values));
    // Of no use, it is a warning only; most are used.
    let model = random.model(schema)?;
    schema["models"][&model]["properties"][random.member()] = json!({ "type": name, "required": random.often() });
    Some(())
}

/// An abstract model as the type of a property.
fn value_type(schema: &mut Value, random: &mut Random) -> Option<()> {
    let (holder, name) = (random.model(schema)?, random.word(MODELS));
    if schema["models"].get(name).is_none() {
        let mut properties = Map::new();
        for _ in 0..=random.below(5) {
            let mut rules = typed(schema, random);
            if random.often() {
                rules.insert("required".to_owned(), json!(true));
            }
            properties.insert(random.member(), Value::Object(rules));
        }
        schema["models"][name] = json!({ "abstract": true, "properties": properties });
    }
    let list = if random.rarely() { "[]" } else { "" };
    schema["models"][&holder]["properties"][random.member()] = json!({ "type": format!("{name}{list}") });
    Some(())
}

/// An abstract model that others extend.
fn base(schema: &mut Value, random: &mut Random) -> Option<()> {
    let heir = random.model(schema)?;
    let name = match random.below(3) {
        0 => random.model(schema)?,
        _ => format!("Base{}", random.below(3)),
    };
    if schema["models"].get(&name).is_none() {
        let flags = random.word(&["timestamps", "softDelete", "abstract"]);
        let own = random.member();
        schema["models"][&name] = json!({
            "abstract": true, flags: true, "properties": { own: Value::Object(typed(schema, random)) }
        });
    }
    schema["models"][&heir]["extends"] = json!(name);
    Some(())
}

/// A second place: from now on every model says where it lives.
fn datasource(schema: &mut Value, random: &mut Random) -> Option<()> {
    let names = ["db", "type", "crmOf2"];
    schema["datasources"] = json!({ "db": {}, "type": { "description": random.word(TEXTS) }, "crmOf2": {} });
    let models = schema["models"].as_object_mut()?;
    for model in models.values_mut().filter(|model| model["abstract"] != json!(true)) {
        if model.get("datasource").is_none() || random.rarely() {
            model["datasource"] = json!(random.word(&names));
        }
    }
    Some(())
}
