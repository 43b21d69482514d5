//! How much a file may ask of the reader. Wide enough for thousands of models, narrow enough for strangers' files.

/// Containers inside containers.
pub(super) const MAX_DEPTH: usize = 64;

/// Values in a file, keys included, aliases as often as they are used. A file of the largest size that is read
/// holds 2,400 models with 15 properties and 5 relations each, and these have 800,000.
pub(super) const MAX_VALUES: usize = 1_000_000;

/// What all aliases of a file may repeat. They save typing; nobody has that much to type.
pub(super) const MAX_REPEATED: usize = 100_000;

/// The parser's settings.
pub(super) fn options() -> granit_parser::Options {
    granit_parser::options! {
        emit_comments: false,
        // Told by us, with the name.
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}
