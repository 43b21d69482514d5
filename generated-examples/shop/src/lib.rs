//! The shop's data layer, as `build.rs` compiles it from `schemas/shop`, and something to sell.
//!
//! `src/main.rs` is a tour of it, `generated-examples/shop-server` serves it by HTTP.

relata::include_schema!();

pub mod stock;
