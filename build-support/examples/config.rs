//! A build script with settings, as the documents show it.

fn main() -> Result<(), relata_build::Error> {
    relata_build::Config::new()
        .schemas(["schemas/customers.yaml", "schemas/sales/**/*.yaml"])
        .out_dir("src/shop")
        .derive("Customer", "Hash")
        .attribute("Customer", r#"#[doc(alias = "client")]"#)
        .compile()
}
