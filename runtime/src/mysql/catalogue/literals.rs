//! The texts in a CHECK constraint, which are all that tells the values of an enum.

/// The string literals of an expression, sorted.
pub(super) fn literals(expression: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = expression.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '`' => {
                // A backtick within is written twice, which reads as two names in a row.
                for _ in rest.by_ref().take_while(|&character| character != '`') {}
            }
            '\'' => {
                let mut text = String::new();
                while let Some(character) = rest.next() {
                    match character {
                        '\\' => text.extend(rest.next()),
                        '\'' if rest.peek() == Some(&'\'') => text.extend(rest.next()),
                        '\'' => break,
                        _ => text.push(character),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found
}

/// What each CHECK of a statement allows.
pub(super) fn checks(statement: &str) -> Vec<Vec<String>> {
    outside(statement, "CHECK (").into_iter().map(|check| literals(group(check))).filter(|l| !l.is_empty()).collect()
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
        assert_eq!(literals(r"`a'b` in ('it''s','b\\c','it\'s (')"), ["b\\c", "it's", "it's ("]);
        assert_eq!(literals("json_valid(`x`)"), [""; 0]);
        let statement = r"CREATE TABLE `CHECK (` (a VARCHAR(9) DEFAULT 'CHECK (''x'')', CONSTRAINT `c` CHECK (`a` IN ('b', '(a')), CHECK (a > (1)))";
        assert_eq!(checks(statement), [["(a", "b"]]);
    }
}
