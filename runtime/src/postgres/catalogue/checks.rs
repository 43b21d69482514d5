//! The strings in a CHECK constraint, as PostgreSQL prints it.

use std::collections::BTreeSet;

/// Every string literal: `'it''s'`, `E'a\\b'`.
pub(super) fn literals(definition: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut characters = definition.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        if character == '"' {
            // A name; one doubled within it reads as two names.
            characters.by_ref().find(|&inner| inner == '"');
        } else if character == '\'' {
            let escapes = before == 'E';
            let mut literal = String::new();
            while let Some(inner) = characters.next() {
                match inner {
                    '\'' if characters.peek() == Some(&'\'') => literal.extend(characters.next()),
                    '\'' => break,
                    '\\' if escapes => literal.extend(characters.next()),
                    inner => literal.push(inner),
                }
            }
            found.insert(literal);
        }
        before = character;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(definition: &str) -> Vec<String> {
        literals(definition).into_iter().collect()
    }

    #[test]
    fn they_are_read_as_postgresql_prints_them() {
        let array =
            "CHECK (((state)::text = ANY ((ARRAY['new'::character varying, 'it''s'::character varying])::text[])))";
        assert_eq!(all(array), ["it's", "new"]);
        assert_eq!(all("CHECK (((\"it's\")::text = E'a\\\\b'::text))"), ["a\\b"]);
        assert_eq!(all("CHECK ((\"a\"\"'b\" = ''::text))"), [""]);
        assert_eq!(all("CHECK ((x > 1))"), [""; 0]);
        assert_eq!(all("CHECK ((x = 'open"), ["open"], "cut off");
    }
}
