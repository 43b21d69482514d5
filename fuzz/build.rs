//! Generates the code that filters are asked of.

fn main() -> Result<(), relata_build::Error> {
    relata_build::compile("schema.yaml")
}
