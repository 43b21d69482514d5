//! Pictures of schemas: what they say as committed, where things stand in them, how the program draws them.

mod drawing;
mod geometry;
mod golden;
mod program;
mod readers;
#[path = "../program/mod.rs"]
mod runs;
mod schemas;
