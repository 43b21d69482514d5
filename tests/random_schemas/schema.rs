//! Sound schemas made at random: odd names, every type, relations of all kinds, loops among them.

use std::fmt::Write as _;

use crate::random::Random;
use crate::words::{MODELS, PROPERTIES, TEXTS};

impl Random {
    fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        self.pick::<&'a str>(words)
    }

    fn often(&mut self) -> bool {
        self.below(3) > 0
    }

    fn rarely(&mut self) -> bool {
        self.below(5) == 0
    }
}

struct Shape {
    name: &'static str,
    keys: Vec<(String, &'static str)>,
}

/// A schema that is sound but for names that fall together.
pub(crate) fn schema(random: &mut Random) -> String {
    let mut text = String::from("enums:\n  Colour: [red, dark-green, '3 d', { value: '', name: Empty }, Type, self]\n");
    text = text.replace(", self]", ", { value: self, name: Own }]").replace("'3 d'", "{ value: '3 d', name: ThreeD }");
    text.push_str("models:\n  Place1:\n    abstract: true\n    properties: { height: decimal, inner: 'Place1[]', colour: Colour, type: string }\n");
    text.push_str("  Base1:\n    abstract: true\n    properties: { madeAt1: { type: datetime, default: now } }\n");
    let mut models: Vec<Shape> = Vec::new();
    for _ in 0..=random.below(6) {
        let name = random.word(MODELS);
        if models.iter().all(|known| known.name != name) {
            models.push(Shape { name, keys: keys(random) });
        }
    }
    for at in 0..models.len() {
        model(at, &models, random, &mut text);
    }
    text
}

fn keys(random: &mut Random) -> Vec<(String, &'static str)> {
    let kinds = ["integer", "int32", "uuid", "string", "date", "datetime", "boolean", "Colour", "decimal", "time"];
    let count = if random.rarely() { 2 + random.below(2) } else { 1 };
    (0..count).map(|at| (if count == 1 { "id".to_owned() } else { format!("key{at}") }, random.word(&kinds))).collect()
}

fn describe(indent: &str, random: &mut Random, text: &mut String) {
    if random.rarely() {
        writeln!(text, "{indent}description: \"{}\"", random.word(TEXTS)).expect("a string takes all");
    }
}

fn model(at: usize, models: &[Shape], random: &mut Random, text: &mut String) {
    let own = &models[at];
    writeln!(text, "  {}:", own.name).expect("a string takes all");
    describe("    ", random, text);
    if random.rarely() {
        text.push_str("    extends: Base1\n");
    }
    if random.rarely() {
        let schema = random.word(&["", "app.", "o\"dd `."]);
        writeln!(text, "    table: '{schema}odd \"table\" {at} {{}} ` ;'").expect("a string takes all");
    }
    if random.rarely() {
        writeln!(text, "    plural: {}{at}", random.word(&["Things", "many_", "x"])).expect("a string takes all");
    }
    text.push_str("    properties:\n");
    for (key, kind) in &own.keys {
        let generated = own.keys.len() == 1 && matches!(*kind, "integer" | "uuid") && random.often();
        let length = if *kind == "string" { ", maxLength: 20" } else { "" };
        let generated = if generated { ", generated: true" } else { "" };
        writeln!(text, "      {key}: {{ type: {kind}, id: true{length}{generated} }}").expect("a string takes all");
    }
    let mut names: Vec<&str> = Vec::new();
    let mut indexed: Vec<&str> = Vec::new();
    for _ in 0..random.below(9) {
        let name = random.word(PROPERTIES);
        if !names.contains(&name) {
            names.push(name);
            indexed.extend(property(name, random, text).then_some(name));
        }
    }
    if random.rarely() {
        text.push_str("      revision1: { type: integer, version: true }\n");
    }
    relations(at, models, random, text);
    indexed.truncate(1 + random.below(3));
    if !indexed.is_empty() && random.often() {
        let (properties, unique) = (indexed.join(", "), random.often());
        writeln!(text, "    indexes:\n      - properties: [{properties}]\n        unique: {unique}")
            .expect("a string takes all");
        if random.rarely() {
            writeln!(text, "        name: 'by \"{at}\"'").expect("a string takes all");
        }
    }
}

/// Writes a property; whether it can be part of an index.
fn property(name: &str, random: &mut Random, text: &mut String) -> bool {
    let (kind, rules) = match random.below(19) {
        0 => ("string", "minLength: 1, maxLength: 30, pattern: '^[a-z\"#{}]*$'"),
        1 => ("string", "default: \"say \\\"hi\\\" {{ }} \\\\ \\n\""),
        2 => ("text", "default: ''"),
        3 => ("integer", "minimum: -9223372036854775808, maximum: 9223372036854775807"),
        4 => ("int32", "default: -2147483648"),
        5 => ("number", "minimum: -1.5e300, default: 0.1"),
        6 => ("decimal", "precision: 28, scale: 10, default: 1.5"),
        7 => ("boolean", "default: true"),
        8 => ("date", "default: now"),
        9 => ("time", ""),
        10 => ("datetime", "default: now"),
        11 => ("uuid", "default: uuid"),
        12 => ("json", "default: { a: [1, null, \"x\"] }"),
        13 => ("bytes", ""),
        14 => ("Colour", "default: dark-green"),
        15 => ("Place1", ""),
        16 => ("string", "maxLength: 5000"),
        17 => ("string", ""),
        _ => {
            let of = random.word(&[
                "string", "integer", "Colour", "Place1", "decimal", "date", "uuid", "boolean", "json", "number",
            ]);
            let default = match of {
                _ if random.often() => "",
                "string" => ", default: [\"\", \"a \\\"b\\\" {{ }} \\\\\"]",
                "integer" => ", default: [-9223372036854775808, 0]",
                "Colour" => ", default: [red, Type]",
                _ => ", default: []",
            };
            writeln!(text, "      {name}: {{ type: '{of}[]'{default} }}").expect("a string takes all");
            return false;
        }
    };
    let is_short = kind == "string" && rules.is_empty();
    let mut rules: Vec<&str> = [rules].into_iter().filter(|rules| !rules.is_empty()).collect();
    let may_be_key = is_short
        || matches!(
            kind,
            "integer" | "int32" | "boolean" | "date" | "datetime" | "uuid" | "Colour" | "decimal" | "time"
        );
    if random.often() {
        rules.push("required: true");
    }
    if random.rarely() {
        rules.push("hidden: true");
    }
    if may_be_key && random.rarely() {
        rules.push(random.word(&["unique: true", "index: true"]));
    }
    let column = format!("column: 'odd \"{name}\" {{}} ` ;'");
    if random.rarely() {
        rules.push(&column);
    }
    let rules: String = rules.iter().map(|rule| format!(", {rule}")).collect::<Vec<_>>().concat();
    writeln!(text, "      {name}: {{ type: {kind}{rules} }}").expect("a string takes all");
    may_be_key
}

/// Relations to any model, each under a name and keys of its own; some are answered by the target.
fn relations(at: usize, models: &[Shape], random: &mut Random, text: &mut String) {
    let own = &models[at];
    let mut lines = String::new();
    for (to, target) in models.iter().enumerate() {
        for nth in 0..related(at, to, models.len()) {
            let keys = key_names(at, to, nth, target);
            writeln!(
                lines,
                "      - belongsTo: {}\n        name: to{to}n{nth}\n        keyFrom: [{keys}]",
                target.name
            )
            .expect("a string takes all");
            describe("        ", random, &mut lines);
            if random.rarely() {
                lines.push_str("        required: true\n");
            }
            if random.rarely() {
                lines.push_str("        constraint: false\n");
            } else {
                for (event, is_there) in [("onDelete", random.often()), ("onUpdate", random.rarely())] {
                    let action = random.word(&["restrict", "cascade", "setNull", "noAction"]);
                    if is_there {
                        writeln!(lines, "        {event}: {action}").expect("a string takes all");
                    }
                }
            }
        }
        for nth in 0..related(to, at, models.len()) {
            let keys = key_names(to, at, nth, own);
            let kind = if nth == 0 { "hasMany" } else { "hasOne" };
            if (to + nth) % 2 == 0 {
                writeln!(
                    lines,
                    "      - {kind}: {}\n        name: back{to}n{nth}\n        keyTo: [{keys}]",
                    target.name
                )
                .expect("a string takes all");
            }
        }
    }
    if !lines.is_empty() {
        write!(text, "    relations:\n{lines}").expect("a string takes all");
    }
}

/// How many relations lead from one model to another.
fn related(from: usize, to: usize, models: usize) -> usize {
    match (from * 7 + to * 3 + models) % 4 {
        0 => 1,
        1 if from != to => 2,
        _ => 0,
    }
}

fn key_names(from: usize, to: usize, nth: usize, target: &Shape) -> String {
    target.keys.iter().map(|(key, _)| format!("f{from}t{to}n{nth}{key}")).collect::<Vec<_>>().join(", ")
}
