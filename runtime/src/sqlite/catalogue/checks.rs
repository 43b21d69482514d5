//! The CHECK constraints in a statement, which SQLite tells in no other way.

/// The expression of each CHECK, without blanks, sorted.
pub(super) fn checks(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut quote = None;
    let mut last_word = String::new();
    let mut in_word = false;
    let mut depth = 0_usize;
    let mut expression = String::new();
    for character in sql.chars() {
        let quoted = quote.is_some();
        match quote {
            Some(open) if open == character => quote = None,
            None if matches!(character, '\'' | '"') => quote = Some(character),
            _ => {}
        }
        if depth > 0 {
            if quoted || !character.is_whitespace() {
                expression.push(character);
            }
            match character {
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                found.push(std::mem::take(&mut expression));
                last_word.clear();
            }
        } else if !quoted && character == '(' && last_word.eq_ignore_ascii_case("check") {
            expression.push(character);
            depth = 1;
        } else if !quoted && (character.is_alphanumeric() || character == '_') {
            if !in_word {
                last_word.clear();
            }
            last_word.push(character);
        } else if quoted || !character.is_whitespace() {
            last_word.clear();
        }
        in_word = !quoted && (character.is_alphanumeric() || character == '_');
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::checks;

    #[test]
    fn they_are_found_among_quotes_and_parentheses() {
        let sql =
            "CREATE TABLE t (a CHECK (a IN ('(', 'it''s )')), \"CHECK\" TEXT (1), b check\n(b  >  (1)), xCHECK (9))";
        assert_eq!(checks(sql), ["(aIN('(','it''s )'))", "(b>(1))"]);
    }

    #[test]
    fn a_name_before_a_parenthesis_is_not_one() {
        assert_eq!(checks("CREATE TABLE \"check\" (a DEFAULT 'CHECK (1)', CHECK_b (1))"), [""; 0]);
    }
}
