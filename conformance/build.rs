//! Compiles each file under `schemas` as a schema of its own, into `OUT_DIR/<file stem>`.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    for schema in schemas(Path::new("schemas"))? {
        let name = schema.file_stem().ok_or("a schema file has no name")?;
        relata_build::Config::new().schemas(schema.as_path()).out_dir(out.join(name)).compile()?;
    }
    println!("cargo::rerun-if-changed=schemas");
    Ok(())
}

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
