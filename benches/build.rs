//! Compiles the benchmark's schema.

fn main() -> Result<(), relata_build::Error> {
    relata_build::compile("schemas/shop")
}
