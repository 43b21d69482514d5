//! Statements that create tables: as committed, and run by the databases that they are written for.

mod behaviour;
mod catalogue;
mod expected;
mod fixtures;
mod golden;
mod mysql;
mod postgres;
#[path = "../random/mod.rs"]
mod random;
mod read_back;
#[path = "../random_schemas/schema/mod.rs"]
mod schema;
#[path = "../servers/mod.rs"]
mod servers;
mod sqlite;
