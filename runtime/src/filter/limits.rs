//! How much a filter from outside may ask for.

/// The most that a filter from outside may ask for; more is `invalid_filter`.
/// See [`Builder::filter_limits`](crate::Builder::filter_limits).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterLimits {
    /// Rows where the filter has no `limit`: 100. Not of included relations.
    pub default_rows: u64,
    /// The highest `limit`: 1,000. Not of included relations.
    pub rows: u64,
    /// How deep inclusions are nested: 4.
    pub depth: usize,
    /// Inclusions at all depths: 16.
    pub includes: usize,
    /// How many relations a condition or a term of an order goes along, and into how many embedded values: 8.
    pub nested: usize,
    /// Terms of one order: 16.
    pub order: usize,
    /// Conditions in all of the filter, `and`, `or` and `not` counted: 200.
    pub conditions: usize,
    /// Values of one `inq` or `nin`: 1,000.
    pub list: usize,
    /// Characters of one pattern: 256.
    pub pattern: usize,
}

impl Default for FilterLimits {
    fn default() -> Self {
        Self {
            default_rows: 100,
            rows: 1_000,
            depth: 4,
            includes: 16,
            nested: 8,
            order: 16,
            conditions: 200,
            list: 1_000,
            pattern: 256,
        }
    }
}
