//! What `build.rs` generates of `schemas/shop`.

pub(crate) mod shop {
    relata::include_schema!();
}
