//! Whatever `check` accepts, `generate` emits, rustc compiles without a warning, and the database takes.
//!
//! Sound schemas made at random become the modules of one crate, which Cargo checks, and tables. The numbers are the same in
//! every run; `SCHEMAS=500 SEED=7 cargo test --test random_schemas` runs longer, or elsewhere, and `fuzz/schemas.sh` for
//! as long as it is told. Each schema has a seed of its own, the one after that of the schema before: what fails is told
//! with its seed, the schema, as little of it as still fails, and the compiler's words.

mod downstream;
#[path = "../random/mod.rs"]
mod random;
mod schema;
mod shrink;

use relata_compiler::check;
use relata_compiler::generate;
use relata_compiler::plan::{self, Database, Options};
use relata_compiler::render::Files;
use serde_json::Value;

use downstream::Downstream;
use random::{Random, number};
use schema::{inputs, schema, text};

/// A schema and where it comes from.
struct Made {
    seed: u64,
    schema: Value,
}

/// What is emitted for a schema, or why nothing is; the database takes its tables.
fn emitted(schema: &Value) -> Result<Files, String> {
    let inputs = inputs(schema);
    let graph = check(&inputs).graph.expect("it was accepted");
    let tables = plan::ddl(&graph, Database::Sqlite);
    let database = rusqlite::Connection::open_in_memory().expect("a database in memory");
    database.execute_batch(&tables).map_err(|error| format!("SQLite: {error}\n{tables}"))?;
    let options = Options::default().attribute_everywhere("#[doc(alias = \"row\")]");
    let generated = generate(&inputs, &options, &Files::default()).map_err(|error| error.to_string())?;
    Ok(generated.files.expect("it was accepted"))
}

#[test]
fn what_is_accepted_compiles() {
    let first = number("SEED", 1);
    let made = (first..first + number("SCHEMAS", 25)).map(|seed| {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        Made { seed, schema: schema(&mut random) }
    });
    let made: Vec<Made> = made.collect();
    let mut all = Vec::new();
    for one in &made {
        match emitted(&one.schema) {
            Ok(files) => all.push(files),
            Err(why) => fails(one, &why, &|schema| emitted(schema).err()),
        }
    }
    let Err(told) = Downstream::new("random-schemas").checks(&all) else { return };
    let blamed = downstream::blamed(&told).and_then(|at| made.get(at));
    let blamed = blamed.unwrap_or_else(|| panic!("the crate of all schemas does not compile:\n{told}"));
    let alone = Downstream::new("random-schema");
    fails(blamed, &told, &|schema| match emitted(schema) {
        Ok(files) => alone.checks(&[files]).err(),
        Err(_) => None,
    });
}

/// Tells of a schema that is accepted and does not work.
fn fails(made: &Made, why: &str, fault: &dyn Fn(&Value) -> Option<String>) -> ! {
    let Made { seed, schema } = made;
    let (least, last) = shrink::shrink(schema, fault);
    let shown = |text: &str| text.chars().take(6_000).collect::<String>();
    let why = shown(&last.unwrap_or_else(|| why.to_owned()));
    panic!(
        "`check` accepts a schema that fails further down; `SEED={seed} SCHEMAS=1` makes it again\n\nthe schema:\n{}\n\n\
         as little of it as fails:\n{}\n\n{why}",
        text(schema),
        text(&least)
    );
}
