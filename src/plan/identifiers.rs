//! Names of constraints and indexes: derived from what they are about, at most 63 bytes, never twice.
//!
//! Some databases keep the names of a whole schema in one space, so one set holds them all. Knows nothing of
//! SQL text.

use std::collections::BTreeSet;

use super::hash::hex;

/// What PostgreSQL, the strictest, keeps of a name.
const MAX_BYTES: usize = 63;

/// The names taken so far, compared ignoring case.
#[derive(Debug, Default)]
pub(crate) struct Identifiers {
    taken: BTreeSet<String>,
}

impl Identifiers {
    /// Takes a name that the schema spells out.
    pub(crate) fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_ascii_lowercase());
    }

    /// Whether one of the names is like those that PostgreSQL gives to sequences by itself.
    pub(crate) fn has_sequence(&self) -> bool {
        self.taken.iter().any(|name| name.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("_seq"))
    }

    /// `table_column_suffix`; where that is too long or taken, cut and told apart by a hash of all of it.
    pub(crate) fn derive<'n>(&mut self, parts: impl IntoIterator<Item = &'n str>, suffix: &str) -> String {
        let stem = parts.into_iter().collect::<Vec<_>>().join("_");
        let plain = format!("{stem}_{suffix}");
        if plain.len() <= MAX_BYTES && self.taken.insert(plain.to_ascii_lowercase()) {
            return plain;
        }
        let mut salted = plain;
        loop {
            let hash = &hex(salted.as_bytes())[..8];
            let room = MAX_BYTES - hash.len() - suffix.len() - 2;
            let short = format!("{}_{hash}_{suffix}", cut(&stem, room));
            if self.taken.insert(short.to_ascii_lowercase()) {
                return short;
            }
            salted.push('+');
        }
    }
}

/// As many of the first characters as fit into so many bytes.
fn cut(text: &str, bytes: usize) -> &str {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.take_while(|end| *end <= bytes).last().unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_it_is_about() {
        assert_eq!(Identifiers::default().derive(["orders", "customer_id"], "fkey"), "orders_customer_id_fkey");
    }

    #[test]
    fn is_never_given_twice() {
        let mut names = Identifiers::default();
        names.reserve("Orders_Customer_Idx");
        let first = names.derive(["orders", "customer"], "idx");
        let second = names.derive(["orders", "customer"], "idx");
        assert!(first.starts_with("orders_customer_") && first.ends_with("_idx"), "{first}");
        assert_ne!(first, "orders_customer_idx");
        assert_ne!(first, second);
    }

    #[test]
    fn is_cut_to_what_every_database_keeps() {
        let (a, b) = (format!("{}a", "é".repeat(60)), format!("{}b", "é".repeat(60)));
        let mut names = Identifiers::default();
        let (a, b) = (names.derive([a.as_str()], "key"), names.derive([b.as_str()], "key"));
        assert!(a.len() <= 63 && b.len() <= 63);
        assert_ne!(a, b);
    }
}
