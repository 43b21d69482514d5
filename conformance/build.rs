//! Compiles each file under `schemas` as a schema of its own, into `OUT_DIR/<file stem>`, and schemas made at random,
//! with queries on them, into `OUT_DIR/oracle<seed>` and `OUT_DIR/asked.rs`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    for schema in schemas(Path::new("schemas"))? {
        let name = schema.file_stem().ok_or("a schema file has no name")?;
        relata_build::Config::new().schemas(schema.as_path()).out_dir(out.join(name)).compile()?;
    }
    println!("cargo::rerun-if-changed=schemas");
    println!("cargo::rerun-if-changed=build.rs");
    let mut asked = String::new();
    for seed in SEEDS {
        let schema = relata_oracle::schema(seed);
        let file = out.join(format!("oracle{seed}.yaml"));
        fs::write(&file, relata_oracle::yaml(&schema))?;
        relata_build::Config::new().schemas(file).out_dir(out.join(format!("oracle{seed}"))).compile()?;
        asked.push_str(&ask(seed, &schema)?);
    }
    fs::write(out.join("asked.rs"), asked)?;
    Ok(())
}

/// The random schemas; `src/lib.rs` has a module for each.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=4;

/// The queries on one of them, each model's own number of them, and what stores its rows.
fn ask(seed: u64, schema: &relata_oracle::Schema) -> Result<String, std::fmt::Error> {
    let (stored, deleted) = relata_oracle::stores(schema);
    let found = relata_oracle::finds(schema);
    let mut text = format!(
        "/// Queries on the schema of seed {seed}.\npub mod asked{seed} {{\n    use super::*;\n    use crate::oracle{seed}::*;\n"
    );
    let queries = relata_oracle::queries(schema, seed, EACH);
    for (n, query) in queries.iter().enumerate() {
        let query = relata_oracle::print(schema, query);
        writeln!(
            text,
            "    fn query{n}(db: &Db) -> Answer<'_> {{ Box::pin(async move {{ Ok(json({query}.await?)) }}) }}"
        )?;
    }
    let names: Vec<_> = (0..queries.len()).map(|n| format!("query{n}")).collect();
    write!(
        text,
        "    /// In the order of `relata_oracle::queries`.\n    pub const QUERIES: &[for<'d> fn(&'d Db) -> Answer<'d>] = &[{}];\n\
         \n    /// Stores rows of the model at that position.\n\
         \x20   pub async fn store(db: &Db, model: usize, rows: Json) -> relata::Result<()> {{\n        match model {{\n{stored}            _ => {{}}\n        }}\n        Ok(())\n    }}\n\
         \n    /// Finds rows of the model at that position by a filter from outside.\n\
         \x20   pub async fn find_with(db: &Db, model: usize, filter: Json) -> relata::Result<Json> {{\n        Ok(match model {{\n{found}            _ => Json::Null,\n        }})\n    }}\n\
         \n    /// Deletes rows of the model at that position.\n\
         \x20   pub async fn delete(db: &Db, model: usize, ids: Vec<i64>) -> relata::Result<()> {{\n        match model {{\n{deleted}            _ => drop((db, ids)),\n        }}\n        Ok(())\n    }}\n}}\n",
        names.join(", "),
    )?;
    Ok(text)
}

/// Queries on each model.
const EACH: usize = 3;

fn schemas(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(schemas(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
