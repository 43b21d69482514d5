//! What the benchmark programs share: schemas of any size.

pub mod synthetic;
