//! Compiles the tree's schema into the code that `src/main.rs` includes.

fn main() -> Result<(), relata_build::Error> {
    relata_build::compile("../../schemas/tree")
}
