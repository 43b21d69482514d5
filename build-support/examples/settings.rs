//! A build script that leaves everything to `relata.yaml`, as the documents show it.

fn main() -> Result<(), relata_build::Error> {
    relata_build::Config::new().compile()
}
