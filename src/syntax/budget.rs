//! How much a file may ask of the parser. Wide enough for thousands of models, narrow enough for strangers' files.

use serde_yaml::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};

/// Containers inside containers.
pub(super) const MAX_DEPTH: usize = 64;

/// Values in a file, aliases expanded; 2,000 models with 15 properties and 5 relations each have 400,000.
pub(super) const MAX_NODES: usize = 2_000_000;

/// The parser's settings.
pub(super) fn options() -> serde_yaml::Options {
    serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_depth: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_events: 2 * MAX_NODES,
            max_aliases: 10_000,
            max_anchors: 10_000,
        },
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: 100_000 },
        // Passed on to us, who report both places and go on.
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        // Numbers are read from the source text; what the parser makes of them does not matter.
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        with_snippet: false,
    }
}
