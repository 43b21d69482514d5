//! Compiles what relata.yaml names into the code that `relata::include_schema!()` includes.

fn main() -> Result<(), relata_build::Error> {
    relata_build::Config::new().compile()
}
