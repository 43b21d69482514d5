//! The schemas that are drawn: those of the repository, and random ones of any size.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::{Format, render};
use relata_compiler::graph::Graph;
use relata_compiler::picture::{self, PictureFormat, Selection};
use relata_compiler::{Checked, Inputs, check};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The committed schemas by name.
pub(crate) fn committed() -> Vec<(&'static str, PathBuf)> {
    let fixture = |name: &str| root().join("tests/fixtures/picture").join(name);
    vec![
        ("shop", root().join("schemas/shop")),
        ("features", fixture("features.yaml")),
        ("hostile", fixture("hostile.yaml")),
        ("company", fixture("company.yaml")),
    ]
}

#[track_caller]
pub(crate) fn graph(inputs: &Inputs) -> Graph {
    let Checked { sources, graph, findings } = check(inputs);
    graph.unwrap_or_else(|| panic!("{}", render(Format::Human, &findings, &sources, false)))
}

#[track_caller]
pub(crate) fn drawn(path: &Path, format: PictureFormat) -> String {
    let graph = graph(&Inputs::paths([path.to_string_lossy()]));
    picture::render(&graph, &Selection::default(), format).expect("everything is selected")
}

#[track_caller]
pub(crate) fn svg_of(schema: &str) -> String {
    let graph = graph(&Inputs::text("schema.yaml", schema));
    picture::render(&graph, &Selection::default(), PictureFormat::Svg).expect("everything is selected")
}

/// Numbers that look random and are the same each time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % limit.max(1)
    }
}

/// A schema of that many models: relations to any of them, also to itself and several to the same, with and
/// without the other direction, polymorphic ones, values and enums, in one or more datasources.
pub(crate) fn random(models: usize, datasources: usize, dice: &mut Dice) -> String {
    let mut text = "datasources:\n".to_owned();
    for datasource in 0..datasources {
        let _ = writeln!(text, "  d{datasource}: {{}}");
    }
    text.push_str("enums:\n  Colour: [red, green]\nmodels:\n");
    text.push_str("  Value:\n    abstract: true\n    properties:\n      part: string\n      colour: Colour\n");
    let mut answers = vec![String::new(); models];
    let mut bodies = vec![String::new(); models];
    for (model, body) in bodies.iter_mut().enumerate() {
        for relation in 0..dice.below(4) {
            // Most relations of real schemas lead to models near by, some to a model that everything needs.
            let target = match dice.below(10) {
                0..6 => (model + dice.below(7) + 3 * models - 3) % models,
                6 => model,
                7 => 0,
                _ => dice.below(models),
            };
            let (name, key) = (format!("r{relation}"), format!("r{relation}Key"));
            if dice.below(12) == 0 && models > 2 {
                let other = (target + 1) % models;
                let _ = writeln!(body, "      - belongsTo: [M{target}, M{other}]\n        name: {name}");
                continue;
            }
            let _ = writeln!(body, "      - belongsTo: M{target}\n        name: {name}\n        keyFrom: {key}");
            if dice.below(2) == 0 {
                let kind = if dice.below(5) == 0 { "hasOne" } else { "hasMany" };
                let back = format!("backFromM{model}R{relation}");
                let _ =
                    writeln!(answers[target], "      - {kind}: M{model}\n        name: {back}\n        keyTo: {key}");
            }
        }
    }
    for (model, (body, answers)) in bodies.iter().zip(&answers).enumerate() {
        let _ = writeln!(text, "  M{model}:\n    datasource: d{}", dice.below(datasources));
        text.push_str("    properties:\n      id: { type: integer, id: true, generated: true }\n");
        for property in 0..dice.below(9) {
            let ty = ["string", "integer", "datetime", "Colour", "Value", "decimal", "string[]"][dice.below(7)];
            let _ = writeln!(text, "      property{property}: {ty}");
        }
        if !(body.is_empty() && answers.is_empty()) {
            let _ = write!(text, "    relations:\n{body}{answers}");
        }
    }
    text
}
