//! The schemas of every form leave none out: what `conformance/tests/suite/forms` stores and reads is all that the
//! language has.
//!
//! Keys and words are those of the language's JSON Schema; relations are taken apart member by member. What is added to
//! either is missing here until the schemas have it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use relata_compiler::graph::{Action, Graph, Model, Relation, RelationKind};
use relata_compiler::{Inputs, check, json_schema};
use serde_json::{Map, Value};

/// Every form, and those that need a second datasource.
const SCHEMAS: [&str; 3] = ["forms/forms.yaml", "places/places.yaml", "views/views.yaml"];

fn text(schema: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/schemas").join(schema);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn graphs() -> Vec<Graph> {
    let graph = |schema| {
        let checked = check(&Inputs::text(schema, text(schema)));
        assert!(checked.findings.is_empty(), "{schema}: {:?}", checked.findings);
        checked.graph.expect("it is sound")
    };
    SCHEMAS.into_iter().map(graph).collect()
}

type Said = BTreeSet<String>;

fn object(value: &Value) -> &Map<String, Value> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE)
}

/// The language, as its JSON Schema says it.
struct Language(Value);

impl Language {
    fn definition(&self, name: &str) -> &Value {
        &self.0["$defs"][name]
    }

    /// The alternatives of a schema, each where it stands.
    fn alternatives<'a>(&'a self, schema: &'a Value) -> Vec<&'a Value> {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.strip_prefix("#/$defs/").expect("definitions are in one place");
            return self.alternatives(self.definition(name));
        }
        let several = ["anyOf", "oneOf"].into_iter().filter_map(|word| schema[word].as_array()).flatten();
        let several: Vec<_> =
            several.chain([&schema["if"], &schema["else"]].into_iter().filter(|one| one.is_object())).collect();
        if several.is_empty() {
            vec![schema]
        } else {
            several.into_iter().flat_map(|one| self.alternatives(one)).collect()
        }
    }

    /// The keys of an object, each with what it may be.
    fn keys(&self, owner: &str, schema: &Value) -> Said {
        let objects = self.alternatives(schema).into_iter().filter(|one| one["properties"].is_object());
        let keys = objects.flat_map(|one| object(&one["properties"]));
        keys.flat_map(|(key, value)| self.ways(value).into_iter().map(move |way| format!("{owner}.{key}: {way}")))
            .collect()
    }

    /// What a value may be: its type, or the word where there are few.
    fn ways(&self, schema: &Value) -> BTreeSet<String> {
        let way = |one: &&Value| match (&one["const"], one["type"].as_str()) {
            (Value::String(word), _) => Some(word.clone()),
            (_, Some(of_type)) => Some(of_type.to_owned()),
            _ => None,
        };
        let ways: BTreeSet<_> = self.alternatives(schema).iter().filter_map(way).collect();
        if ways.is_empty() { ["anything".to_owned()].into() } else { ways }
    }
}

/// What a document says of an owner's keys.
fn said(into: &mut Said, owner: &str, entries: &Value) {
    for (key, value) in object(entries) {
        let way = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        into.insert(format!("{owner}.{key}: {way}"));
        into.insert(format!("{owner}.{key}: anything"));
        if let Value::String(word) = value {
            into.insert(format!("{owner}.{key}: {word}"));
        }
    }
}

fn relation_kind(relation: &Value) -> RelationKind {
    let is_kind = |kind: &RelationKind| relation.get(kind.key()).is_some();
    RelationKind::ALL.into_iter().find(is_kind).expect("every relation has a kind")
}

/// All that a document says.
fn said_by(document: &Value) -> Said {
    let mut all = Said::new();
    said(&mut all, "file", document);
    object(&document["datasources"]).values().for_each(|one| said(&mut all, "datasource", one));
    for variant in object(&document["enums"]).values().filter_map(Value::as_array).flatten() {
        said(&mut all, "variant", variant);
    }
    for model in object(&document["models"]).values() {
        said(&mut all, "model", model);
        for property in object(&model["properties"]).values() {
            said(&mut all, "property", property);
            let ty = property.as_str().or(property["type"].as_str()).unwrap_or_default();
            all.insert(format!("type {ty}"));
            if property.is_string() {
                all.insert("property, short".to_owned());
            }
        }
        model["indexes"].as_array().into_iter().flatten().for_each(|index| said(&mut all, "index", index));
        for relation in model["relations"].as_array().into_iter().flatten() {
            let kind = relation_kind(relation).key();
            said(&mut all, kind, relation);
            said(&mut all, &format!("{kind}.through"), &relation["through"]);
            if object(relation).len() == 1 {
                all.insert(format!("{kind}, short"));
            }
        }
    }
    object(&document["views"]).values().for_each(|view| said_of_view(&mut all, "view", view));
    all
}

/// What a view says, and what is included in it.
fn said_of_view(into: &mut Said, owner: &str, view: &Value) {
    said(into, owner, view);
    for count in object(&view["counts"]).values() {
        said(into, "count", count);
    }
    for included in object(&view["include"]).values() {
        said_of_view(into, "included", included);
        let way = if included.is_object() {
            "map"
        } else if included.is_string() {
            "view"
        } else {
            "whole"
        };
        into.insert(format!("included, {way}"));
    }
}

#[test]
fn every_key_and_word_is_written() {
    let language = Language(serde_json::from_str(&json_schema::language()).expect("what is printed is JSON"));
    let definition = |name: &str| -> &Value { &language.0["$defs"][name] };
    let mut expected = language.keys("file", &language.0);
    for (owner, name) in [
        ("datasource", "Datasource"),
        ("variant", "Variant"),
        ("model", "Model"),
        ("property", "Property"),
        ("index", "Index"),
        ("view", "View"),
        ("included", "Included"),
    ] {
        expected.extend(language.keys(owner, definition(name)));
    }
    for kind in RelationKind::ALL {
        let mut name = kind.key().to_owned();
        name[..1].make_ascii_uppercase();
        expected.extend(language.keys(kind.key(), definition(&name)));
        let through = &definition(&name)["properties"]["through"];
        expected.extend(language.keys(&format!("{}.through", kind.key()), through));
        expected.insert(format!("{}, short", kind.key()));
    }
    expected.insert("property, short".to_owned());
    expected.extend(["map", "view", "whole"].map(|way| format!("included, {way}")));
    expected.extend(["of", "where", "description"].map(|key| format!("count.{key}: anything")));
    let types = language.alternatives(definition("Type"));
    let words: Vec<_> = types.iter().filter_map(|one| one["const"].as_str()).collect();
    assert!(words.len() > 10, "types are words: {words:?}");
    expected.extend(words.iter().map(|word| format!("type {word}")));
    // Two words for one type are the same in a list.
    let listed = words.iter().filter(|word| !["any", "buffer"].contains(word));
    expected.extend(listed.map(|word| format!("type {word}[]")));
    // A type is asked for by its word above.
    expected.retain(|key| !key.starts_with("property.type: "));

    let mut found = Said::new();
    for schema in SCHEMAS {
        let document = serde_yaml_original::from_str(&text(schema)).expect("the schema is YAML");
        found.extend(said_by(&document));
    }
    let missing: Vec<_> = expected.difference(&found).collect();
    assert!(missing.is_empty(), "no schema says {missing:#?}");
    assert!(expected.len() > 100, "the language has more keys than {}", expected.len());
}

/// How a relation is declared: kind, several targets, an answer to such, through a link model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Form {
    kind: RelationKind,
    several: bool,
    answer: bool,
    through: bool,
}

impl Form {
    fn all() -> impl Iterator<Item = Self> {
        let flags = |n: u8| [1, 2, 4].map(|bit| n & bit != 0);
        let of = move |kind| {
            (0..8).map(flags).map(move |[several, answer, through]| Self { kind, several, answer, through })
        };
        RelationKind::ALL.into_iter().flat_map(of).filter(|form| form.is_one())
    }

    /// Whether the language has it.
    fn is_one(self) -> bool {
        let Self { kind, several, answer, through } = self;
        match kind {
            RelationKind::BelongsTo => !answer && !through,
            RelationKind::HasMany if several => through && !answer,
            RelationKind::HasMany => !(answer && through),
            RelationKind::HasOne => !(answer && (several || through)),
            RelationKind::ReferencesMany | RelationKind::EmbedsOne | RelationKind::EmbedsMany => {
                !several && !answer && !through
            }
        }
    }

    fn is_plain(self) -> bool {
        !(self.several || self.answer || self.through)
    }

    /// Whether it may have that trait besides.
    fn may(self, trait_: &str) -> bool {
        let Self { kind, several, through, .. } = self;
        match trait_ {
            "in any way" => true,
            "to its own model" | "by a key that is no id" => !kind.embeds(),
            "by a key of several parts" => !kind.embeds() && kind != RelationKind::ReferencesMany,
            "required" => matches!(kind, RelationKind::BelongsTo | RelationKind::EmbedsOne),
            "strong" => {
                self.is_plain()
                    && matches!(kind, RelationKind::BelongsTo | RelationKind::HasMany | RelationKind::HasOne)
            }
            "one-sided" => self.is_plain() && matches!(kind, RelationKind::HasMany | RelationKind::HasOne),
            // What would have to be written in two places at once is refused.
            "to another datasource" if several => kind == RelationKind::BelongsTo,
            "to another datasource" => !kind.embeds() && !through,
            _ => panic!("{trait_} is no trait"),
        }
    }
}

const TRAITS: [&str; 8] = [
    "in any way",
    "to its own model",
    "by a key that is no id",
    "by a key of several parts",
    "required",
    "strong",
    "one-sided",
    "to another datasource",
];

/// The form of a relation, with the traits that it has.
fn describe(graph: &Graph, model: &Model, relation: &Relation) -> (Form, Vec<&'static str>) {
    // Every member is looked at, or passed over by name: one that is added does not compile until it is.
    let Relation {
        name: _,
        span: _,
        origin: _,
        kind,
        targets,
        key_from,
        key_to,
        other_keys,
        through,
        discriminator: _,
        polymorphic,
        required,
        on_delete: _,
        on_update: _,
        strong,
        includable: _,
        description: _,
        inverse,
    } = relation;
    let form =
        Form { kind: *kind, several: targets.len() > 1, answer: polymorphic.is_some(), through: through.is_some() };
    assert_eq!(form.several, !other_keys.is_empty());
    let owns = matches!(kind, RelationKind::BelongsTo | RelationKind::ReferencesMany);
    let (target, own) = (graph.model(targets[0]), graph.find(&model.name).expect("it is in the graph"));
    let by_id = if owns { *key_to == target.key } else { *key_from == model.key };
    let has = |trait_: &&str| match *trait_ {
        "in any way" => true,
        "to its own model" => targets.contains(&own),
        "by a key that is no id" => !kind.embeds() && !by_id,
        "by a key of several parts" => key_from.len() > 1,
        "required" => *required,
        "strong" => *strong && form.is_plain(),
        "one-sided" => !owns && form.is_plain() && inverse.is_none(),
        "to another datasource" => targets.iter().any(|target| graph.model(*target).datasource != model.datasource),
        _ => panic!("{trait_} is no trait"),
    };
    (form, TRAITS.into_iter().filter(has).collect())
}

#[test]
fn every_form_of_every_relation_occurs() {
    let graphs = graphs();
    let with_table = |model: &&Model| !model.is_abstract;
    let relations = || {
        graphs.iter().flat_map(|graph| {
            let models = graph.models.iter().filter(with_table);
            models.flat_map(move |model| model.relations.iter().map(move |relation| describe(graph, model, relation)))
        })
    };
    let mut missing = Vec::new();
    for form in Form::all() {
        for trait_ in TRAITS.into_iter().filter(|trait_| form.may(trait_)) {
            if !relations().any(|(other, traits)| other == form && traits.contains(&trait_)) {
                missing.push((form, trait_));
            }
        }
    }
    assert!(missing.is_empty(), "no relation is {missing:#?}");
    for (form, traits) in relations() {
        assert!(form.is_one(), "the language has {form:?} too");
        for trait_ in traits.into_iter().filter(|trait_| {
            !matches!(form.kind, RelationKind::EmbedsOne | RelationKind::EmbedsMany) || *trait_ == "required"
        }) {
            assert!(form.may(trait_), "{form:?} may be {trait_} too");
        }
    }
}

#[test]
fn every_action_is_taken_strong_and_weak() {
    let graph = &graphs()[0];
    let keys = || {
        let relations = graph.models.iter().flat_map(|model| &model.relations);
        relations.filter(|relation| relation.kind == RelationKind::BelongsTo && !relation.leads_to_several())
    };
    for (word, action) in Action::ALL {
        for strong in [true, false] {
            let holds = |of: fn(&Relation) -> Action| {
                keys().any(|relation| relation.strong == strong && of(relation) == action)
            };
            assert!(holds(|relation| relation.on_delete), "no onDelete: {word}, strong: {strong}");
            assert!(holds(|relation| relation.on_update), "no onUpdate: {word}, strong: {strong}");
        }
        let several = graph.models.iter().flat_map(|model| &model.relations);
        let mut several =
            several.filter(|relation| relation.kind == RelationKind::BelongsTo && relation.leads_to_several());
        assert!(several.any(|relation| relation.on_delete == action), "no onDelete: {word} of several models");
    }
}
