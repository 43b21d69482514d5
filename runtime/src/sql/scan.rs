//! Reads the text of a statement as far as needed: where its placeholders are, which words it begins with, where it
//! ends. What is in quotes and comments is passed over, as the database would.

use crate::driver::Dialect;

/// What is known of a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scanned {
    /// Where each `?` is that a value is bound to.
    pub(super) placeholders: Vec<usize>,
    /// Where each `??` is, which PostgreSQL is sent as `?`.
    pub(super) escapes: Vec<usize>,
    /// The first words, in upper case.
    pub(super) words: Vec<String>,
    /// There is a word by which a statement writes, and not only at its beginning.
    pub(super) has_writing_word: bool,
    /// Something stands after a semicolon.
    pub(super) has_several: bool,
    /// A placeholder of another form than `?`.
    pub(super) other_mark: Option<String>,
    /// A comment that the server runs.
    pub(super) has_running_comment: bool,
}

/// So many words are kept.
const WORDS: usize = 3;

/// Reads a text as that database does.
pub(super) fn scan(text: &str, dialect: Dialect) -> Scanned {
    let mut scanner = Scanner { text: text.as_bytes(), at: 0, dialect, ended: false, replaces: false };
    let mut scanned = Scanned::default();
    while scanner.at < scanner.text.len() {
        scanner.step(text, &mut scanned);
    }
    scanned
}

struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
    dialect: Dialect,
    /// After a semicolon.
    ended: bool,
    /// After the word REPLACE.
    replaces: bool,
}

fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_of_word(byte: u8) -> bool {
    begins_word(byte) || byte.is_ascii_digit() || byte == b'$'
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn step(&mut self, text: &str, scanned: &mut Scanned) {
        use Dialect::{Mysql, Postgres, Sqlite};

        let (byte, next) = (self.peek(0), self.peek(1));
        match byte {
            _ if byte.is_ascii_whitespace() => self.at += 1,
            // MariaDB and MySQL take two dashes for two signs where no blank follows.
            b'-' if next == b'-' && (self.dialect != Mysql || self.peek(2) <= b' ') => self.line(),
            b'#' if self.dialect == Mysql => self.line(),
            b'/' if next == b'*' => self.comment(scanned),
            b';' => {
                self.ended = true;
                self.at += 1;
            }
            _ => {
                scanned.has_several |= self.ended;
                match byte {
                    b'\'' => self.quoted(b'\'', self.dialect == Mysql),
                    b'"' => self.quoted(b'"', self.dialect == Mysql),
                    b'`' if self.dialect != Postgres => self.quoted(b'`', false),
                    b'[' if self.dialect == Sqlite => self.quoted(b']', false),
                    b'$' if self.dialect == Postgres && self.dollar_quoted() => {}
                    b'?' => self.mark(text, scanned),
                    b'$' if next.is_ascii_digit() => self.other(text, scanned),
                    b':' | b'@' | b'$' if self.dialect == Sqlite && begins_word(next) => self.other(text, scanned),
                    _ if begins_word(byte) => self.word(text, scanned),
                    _ if byte.is_ascii_digit() => self.pass_word(),
                    _ => self.at += 1,
                }
            }
        }
    }

    /// To the end of the line.
    fn line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    }

    /// To the end of the comment; PostgreSQL's may have others in them.
    fn comment(&mut self, scanned: &mut Scanned) {
        let runs = self.peek(2) == b'!' || (self.peek(2) == b'M' && self.peek(3) == b'!');
        scanned.has_running_comment |= self.dialect == Dialect::Mysql && runs;
        let mut depth = 0_usize;
        while self.at < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') if depth == 0 || self.dialect == Dialect::Postgres => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// To the quote that ends it; twice, it is one character.
    fn quoted(&mut self, quote: u8, backslashes: bool) {
        self.at += 1;
        while self.at < self.text.len() {
            match self.peek(0) {
                b'\\' if backslashes => self.at += 2,
                byte if byte == quote && self.peek(1) == quote && quote != b']' => self.at += 2,
                byte if byte == quote => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    /// `$$ … $$`, `$tag$ … $tag$`: whether it is one.
    fn dollar_quoted(&mut self) -> bool {
        let rest = &self.text[self.at + 1..];
        let tag = rest.iter().position(|&byte| !is_of_word(byte) || byte == b'$').unwrap_or(rest.len());
        if rest.get(tag) != Some(&b'$') || rest[0].is_ascii_digit() {
            return false;
        }
        let quote = &self.text[self.at..self.at + tag + 2];
        let inside = self.at + quote.len();
        let end = self.text[inside..].windows(quote.len()).position(|window| window == quote);
        self.at = end.map_or(self.text.len(), |end| inside + end + quote.len());
        true
    }

    fn mark(&mut self, text: &str, scanned: &mut Scanned) {
        if self.peek(1) == b'?' && self.dialect == Dialect::Postgres {
            scanned.escapes.push(self.at);
            self.at += 2;
        } else if self.peek(1).is_ascii_digit() {
            self.other(text, scanned);
        } else {
            scanned.placeholders.push(self.at);
            self.at += 1;
        }
    }

    fn other(&mut self, text: &str, scanned: &mut Scanned) {
        let start = self.at;
        self.at += 1;
        self.pass_word();
        scanned.other_mark.get_or_insert_with(|| text[start..self.at].to_owned());
    }

    fn pass_word(&mut self) {
        while self.at < self.text.len() && is_of_word(self.text[self.at]) {
            self.at += 1;
        }
    }

    fn word(&mut self, text: &str, scanned: &mut Scanned) {
        let start = self.at;
        self.pass_word();
        let word = &text[start..self.at];
        // E'…' has backslashes.
        if self.dialect == Dialect::Postgres && word.eq_ignore_ascii_case("e") && self.peek(0) == b'\'' {
            self.quoted(b'\'', true);
        }
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        // `replace(…)` is a function too.
        let writes = ["INSERT", "UPDATE", "DELETE", "MERGE"].into_iter().any(is) || (self.replaces && is("INTO"));
        self.replaces = is("REPLACE");
        scanned.has_writing_word |= writes;
        if scanned.words.len() < WORDS {
            scanned.words.push(word.to_ascii_uppercase());
        }
    }
}

#[cfg(test)]
mod tests {
    use Dialect::{Mysql, Postgres, Sqlite};

    use super::*;

    /// The text with its placeholders as `<>`.
    fn marked(text: &str, dialect: Dialect) -> String {
        let mut marked = text.to_owned();
        for &at in scan(text, dialect).placeholders.iter().rev() {
            marked.replace_range(at..=at, "<>");
        }
        marked
    }

    #[test]
    fn placeholders_are_outside_of_quotes_and_comments() {
        for dialect in [Sqlite, Postgres, Mysql] {
            for (text, expected) in [
                ("SELECT ?", "SELECT <>"),
                ("a = ? AND b IN (?, ?)", "a = <> AND b IN (<>, <>)"),
                ("'?' || ? || 'it''s ?' || ?", "'?' || <> || 'it''s ?' || <>"),
                ("\"a?\" = ? AND \"b\"\"?\" = ?", "\"a?\" = <> AND \"b\"\"?\" = <>"),
                ("a -- ?\n = ?", "a -- ?\n = <>"),
                ("a /* ? */ = ?", "a /* ? */ = <>"),
                ("a /* ? ' */ = ? -- '", "a /* ? ' */ = <> -- '"),
                ("'unended ?", "'unended ?"),
                ("/* unended ?", "/* unended ?"),
                ("'é' = ? AND é = ?", "'é' = <> AND é = <>"),
                ("", ""),
            ] {
                assert_eq!(marked(text, dialect), expected, "{dialect:?}");
            }
        }
    }

    #[test]
    fn each_database_has_quotes_of_its_own() {
        for (dialect, text, expected) in [
            (Sqlite, "`?` = ? AND [?] = ?", "`?` = <> AND [?] = <>"),
            (Sqlite, r"'\' = ?", r"'\' = <>"),
            (Sqlite, "/* /* ? */ = ?", "/* /* ? */ = <>"),
            (Sqlite, "a --? \n = ?", "a --? \n = <>"),
            (Mysql, "`?` = ? AND a[?]", "`?` = <> AND a[<>]"),
            (Mysql, r"'\'?' = ?", r"'\'?' = <>"),
            (Mysql, r#""\"?" = ?"#, r#""\"?" = <>"#),
            (Mysql, "a # ?\n = ?", "a # ?\n = <>"),
            (Mysql, "a --?", "a --<>"),
            (Postgres, r"'\' = ?", r"'\' = <>"),
            (Postgres, r"E'\'?' = ? AND e'\\' = ?", r"E'\'?' = <> AND e'\\' = <>"),
            (Postgres, "name'?' = ?", "name'?' = <>"),
            (Postgres, "$$?$$ = ? AND $a$ ? $$ ? $a$ = ?", "$$?$$ = <> AND $a$ ? $$ ? $a$ = <>"),
            (Postgres, "a$b$ = ? AND c$b$ = ?", "a$b$ = <> AND c$b$ = <>"),
            (Postgres, "/* /* ? */ ? */ = ?", "/* /* ? */ ? */ = <>"),
            (Postgres, "a[?] = b::text[]", "a[<>] = b::text[]"),
            (Postgres, "a ?? 'b' AND a ??| ?", "a ?? 'b' AND a ??| <>"),
        ] {
            assert_eq!(marked(text, dialect), expected, "{dialect:?}");
        }
    }

    #[test]
    fn marks_of_other_forms_are_told() {
        let other = |text, dialect| scan(text, dialect).other_mark;
        for dialect in [Sqlite, Postgres, Mysql] {
            assert_eq!(other("a = $1", dialect).as_deref(), Some("$1"));
            assert_eq!(other("a = ?12", dialect).as_deref(), Some("?12"));
            assert_eq!(other("'$1' = a$1 AND b = ?", dialect), None);
        }
        for mark in [":name", "@name", "$name"] {
            assert_eq!(scan(&format!("a = {mark}"), Sqlite).other_mark.as_deref(), Some(mark));
        }
        assert_eq!(other("a::text || b[1:2] || '@x'", Postgres), None);
        assert_eq!(other("@a := 1", Mysql), None);
    }

    #[test]
    fn several_statements_are_told_from_one_with_its_end() {
        let several = |text| scan(text, Sqlite).has_several;
        for text in ["SELECT 1", "SELECT 1;", "SELECT 1 ; -- done\n /* ; */ ;", "SELECT ';' || 'a'"] {
            assert!(!several(text), "{text}");
        }
        for text in ["SELECT 1; SELECT 2", ";SELECT 1", "SELECT 1;--\n'a'"] {
            assert!(several(text), "{text}");
        }
    }

    #[test]
    fn first_words_and_writing_words_are_told() {
        let scanned = scan("/* x */ (with a AS (SELECT replace(b, 'INSERT', '')) select 1", Sqlite);
        assert_eq!(scanned.words, ["WITH", "A", "AS"]);
        assert!(!scanned.has_writing_word);
        for text in ["WITH a AS (DELETE FROM b RETURNING *) SELECT 1", "WITH a AS (SELECT 1) replace into b SELECT 1"] {
            assert!(scan(text, Sqlite).has_writing_word, "{text}");
        }
        assert!(scan("SELECT 1 /*! + 1 */", Mysql).has_running_comment);
        assert!(scan("SELECT 1 /*M! + 1 */", Mysql).has_running_comment);
        assert!(!scan("SELECT 1 /*! + 1 */ /*+ hint */", Postgres).has_running_comment);
    }
}
