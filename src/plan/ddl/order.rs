//! The order in which tables are created. Knows nothing of SQL text.

use std::collections::BTreeSet;

use crate::plan::tables::Table;

/// The tables so ordered that each comes after those that its foreign keys point at, as far as loops allow.
pub(crate) fn dependency_order(tables: &[Table]) -> Vec<usize> {
    let mut order = Vec::with_capacity(tables.len());
    let mut seen = BTreeSet::new();
    for first in 0..tables.len() {
        // Depth first, without recursion: a chain may be as long as there are tables.
        let mut open = vec![(first, 0)];
        if !seen.insert(first) {
            continue;
        }
        while let Some((table, next)) = open.last_mut() {
            if let Some(key) = tables[*table].foreign_keys.get(*next) {
                *next += 1;
                if seen.insert(key.target) {
                    open.push((key.target, 0));
                }
            } else {
                order.push(*table);
                open.pop();
            }
        }
    }
    order
}
