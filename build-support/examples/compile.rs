//! The build script of a crate that is content with the defaults, as the documents show it.

fn main() -> Result<(), relata_build::Error> {
    relata_build::compile("schemas")
}
