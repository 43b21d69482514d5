//! Compiles the schemas into the code that `relata::include_schema!()` includes.

fn main() -> Result<(), relata_build::Error> {
    relata_build::compile("schemas")
}
