//! The texts in a CHECK constraint, which are all that tells the values of an enum.

/// A rule that allows a column these texts, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) column: String,
    texts: Vec<String>,
}

impl Rule {
    /// The rule of an expression; none of one that knows no texts.
    pub(super) fn of(expression: &str) -> Option<Self> {
        let (mut column, mut texts) = (None, Vec::new());
        let mut rest = expression.chars().peekable();
        while let Some(open) = rest.next() {
            if !matches!(open, '`' | '\'') {
                continue;
            }
            let mut text = String::new();
            while let Some(character) = rest.next() {
                match character {
                    '\\' if open == '\'' => text.extend(rest.next()),
                    _ if character == open && rest.peek() == Some(&open) => text.extend(rest.next()),
                    _ if character == open => break,
                    _ => text.push(character),
                }
            }
            if open == '\'' {
                texts.push(text);
            } else {
                column.get_or_insert(text);
            }
        }
        texts.sort_unstable();
        Some(Self { column: column?, texts }).filter(|rule| !rule.texts.is_empty())
    }

    /// In words. MariaDB checks every character, and shows those of four bytes as four question marks.
    pub(super) fn words(&self, as_shown: bool) -> String {
        let shown = |text: &String| {
            let wide = |character| as_shown && character > '\u{ffff}';
            let texts =
                text.chars().map(|character| if wide(character) { "????".into() } else { character.to_string() });
            format!("'{}'", texts.collect::<String>().replace('\'', "''"))
        };
        let mut texts: Vec<_> = self.texts.iter().map(shown).collect();
        texts.sort_unstable();
        format!("(`{}` IN ({}))", self.column.to_lowercase(), texts.join(", "))
    }
}

/// The rule of each CHECK of a statement.
pub(super) fn rules(statement: &str) -> Vec<Rule> {
    outside(statement, "CHECK (").into_iter().filter_map(|check| Rule::of(group(check))).collect()
}

/// What follows each occurrence of a word outside of quotes.
pub(super) fn outside<'s>(statement: &'s str, word: &str) -> Vec<&'s str> {
    let mut found = Vec::new();
    let mut quote = None;
    let mut skip = false;
    for (at, character) in statement.char_indices() {
        if std::mem::take(&mut skip) {
            continue;
        }
        match quote {
            Some('\'') if character == '\\' => skip = true,
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None if matches!(character, '\'' | '`') => quote = Some(character),
            None => found.extend(statement[at..].strip_prefix(word)),
        }
    }
    found
}

/// Up to the parenthesis that closes the one before the text.
fn group(text: &str) -> &str {
    let mut depth = 1_usize;
    let mut quote = None;
    let mut skip = false;
    for (at, character) in text.char_indices() {
        if std::mem::take(&mut skip) {
            continue;
        }
        match (quote, character) {
            (Some('\''), '\\') => skip = true,
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '`') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth -= 1;
                if depth == 0 {
                    return &text[..at];
                }
            }
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_among_names_and_quotes() {
        let rule = Rule::of(r"`a``'b` in ('it''s','b\\c','it\'s (')").unwrap();
        assert_eq!(rule.words(false), r"(`a`'b` IN ('b\c', 'it''s (', 'it''s'))");
        assert_eq!(Rule::of("`a` = 'é😀'").unwrap().words(true), "(`a` IN ('é????'))");
        assert_eq!(Rule::of("json_valid(`x`)"), None);
        let statement = r"CREATE TABLE `CHECK (` (a VARCHAR(9) DEFAULT 'CHECK (''x'')', CONSTRAINT `c` CHECK (`a` IN ('b', '(a')), CHECK (`a` > (1)))";
        let found: Vec<_> = rules(statement).iter().map(|rule| rule.words(false)).collect();
        assert_eq!(found, ["(`a` IN ('(a', 'b'))"]);
    }
}
