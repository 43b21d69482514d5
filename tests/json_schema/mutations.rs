//! Sound schemas with mistakes put in at random: both must say the same of them.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};

use super::said::SAID;
use super::{documents, refusals};

/// The sound schemas of one file.
static SOUND: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let sound = documents::all().into_iter().filter(|case| case.errors.is_empty() && case.files.len() == 1);
    sound.flat_map(|case| case.files.into_iter().map(|file| file.expect("what is accepted can be read"))).collect()
});

/// Keys of the language, and what is none.
const KEYS: &[&str] = &[
    "$schema",
    "relata",
    "datasources",
    "enums",
    "models",
    "description",
    "datasource",
    "plural",
    "table",
    "properties",
    "relations",
    "indexes",
    "extends",
    "abstract",
    "timestamps",
    "softDelete",
    "type",
    "list",
    "id",
    "generated",
    "required",
    "default",
    "unique",
    "index",
    "column",
    "hidden",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "precision",
    "scale",
    "version",
    "belongsTo",
    "hasMany",
    "hasOne",
    "referencesMany",
    "embedsOne",
    "embedsMany",
    "name",
    "keyFrom",
    "keyTo",
    "through",
    "discriminator",
    "polymorphic",
    "onDelete",
    "onUpdate",
    "constraint",
    "includable",
    "model",
    "value",
    "requird",
    "Customer",
    "lower",
    "_x",
    "",
    "order-item",
    "1",
];

/// Values of every kind.
fn values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(2.5),
        json!(29),
        json!(1e300),
        json!(""),
        json!("x"),
        json!("Customer"),
        json!("string"),
        json!("string[]"),
        json!("string []"),
        json!("int"),
        json!("object"),
        json!("cascade"),
        json!("noAction"),
        json!("yes"),
        json!("12"),
        json!("no number"),
        json!("a b"),
        json!("ü"),
        json!([]),
        json!(["id"]),
        json!(["id", 1]),
        json!([null]),
        json!({}),
        json!({ "type": "integer" }),
        json!({ "model": "Customer" }),
        json!({ "belongsTo": "Customer" }),
    ]
}

/// Where a mistake is made, which one, and with what.
type Mistake = (prop::sample::Index, u8, prop::sample::Index);

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(entries) => entries.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// The value at a place, counted in the order of the text.
fn at<'a>(value: &'a mut Value, place: &mut usize) -> Option<&'a mut Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| at(item, place)),
        Value::Object(entries) => entries.values_mut().find_map(|value| at(value, place)),
        _ => None,
    }
}

fn make(mistake: &Mistake, document: &mut Value) {
    let (place, what, with) = mistake;
    let mut place = place.index(count(document));
    let Some(node) = at(document, &mut place) else { return };
    let any = || values()[with.index(values().len())].clone();
    match (what % 6, node) {
        (0, Value::Object(entries)) if !entries.is_empty() => {
            let key = entries.keys().nth(with.index(entries.len())).cloned().unwrap_or_default();
            entries.shift_remove(&key);
        }
        (1, Value::Object(entries)) if !entries.is_empty() => rename(entries, *with),
        (2, Value::Object(entries)) => {
            entries.insert(KEYS[with.index(KEYS.len())].to_owned(), any());
        }
        (3, Value::Array(items)) if !items.is_empty() => {
            let item = items[with.index(items.len())].clone();
            items.push(item);
        }
        (4, node) => *node = Value::Array(vec![node.take()]),
        (_, node) => *node = any(),
    }
}

fn rename(entries: &mut Map<String, Value>, with: prop::sample::Index) {
    let chosen = with.index(entries.len());
    let renamed = std::mem::take(entries).into_iter().enumerate().map(|(at, (key, value))| {
        if at == chosen { (KEYS[with.index(KEYS.len())].to_owned(), value) } else { (key, value) }
    });
    *entries = renamed.collect();
}

static CONFIG: LazyLock<ProptestConfig> = LazyLock::new(|| {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if asked { config } else { ProptestConfig { cases: 2_000, rng_seed: RngSeed::Fixed(1), ..config } }
});

proptest! {
    // The same mistakes in every run; others with `PROPTEST_CASES=100000`.
    #![proptest_config(CONFIG.clone())]

    #[test]
    fn both_see_the_mistakes_that_a_schema_can_say(
        document in any::<prop::sample::Index>(),
        mistakes in prop::collection::vec(any::<Mistake>(), 1..4),
    ) {
        let mut document = document.get(&SOUND).clone();
        for mistake in &mistakes {
            make(mistake, &mut document);
        }
        let text = serde_json::to_string_pretty(&document).expect("a value can be written");
        let (errors, _) = documents::found(vec![("schema.json".to_owned(), text.clone())]);
        let refusals = refusals(&document);
        let said = errors.iter().any(|code| SAID.contains(code));
        prop_assert!(!said || !refusals.is_empty(), "the JSON Schema accepts {errors:?}:\n{text}");
        prop_assert!(
            refusals.is_empty() || !errors.is_empty(),
            "the front end accepts what the JSON Schema refuses: {refusals:#?}\n{text}"
        );
    }
}
