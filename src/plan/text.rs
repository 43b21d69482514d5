//! Schema text as Rust source: string literals and doc comments that mean exactly what was written, whatever
//! was written. Knows nothing of where they stand.

/// A string literal on one line; raw where that reads better.
pub(crate) fn literal(text: &str) -> String {
    if text.contains('\n') { escaped(text) } else { block_literal(text) }
}

/// A string literal that keeps its lines where nothing in it needs an escape.
pub(crate) fn block_literal(text: &str) -> String {
    let plain = !text.contains(['"', '\\', '\n']);
    if text.chars().any(needs_escape) || plain {
        return escaped(text);
    }
    let hashes = "#".repeat(longest_run_of_hashes(text) + 1);
    format!("r{hashes}\"{text}\"{hashes}")
}

fn escaped(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            c if needs_escape(c) => literal.extend(c.escape_unicode()),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// Characters that a reader of the source would not see, or that rustc refuses there.
fn needs_escape(c: char) -> bool {
    (c.is_control() && c != '\n') || is_invisible(c)
}

/// Marks that turn the direction of text, and other characters without a shape.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The hashes that a raw literal needs besides one.
fn longest_run_of_hashes(text: &str) -> usize {
    text.split('"').skip(1).map(|rest| rest.bytes().take_while(|byte| *byte == b'#').count()).max().unwrap_or(0)
}

/// A description as the lines of a doc comment, without the slashes.
///
/// Blanks are collapsed and fences escaped, so that no description becomes a code block, which rustdoc would
/// compile and run as a test. Tags and brackets that are no link are escaped too: rustdoc would warn of them.
pub(crate) fn doc_lines(description: &str) -> Vec<String> {
    if is_doc_line(description) {
        return vec![description.to_owned()];
    }
    let breaks = |c: char| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut lines: Vec<String> = Vec::new();
    for line in description.replace("\r\n", "\n").split(breaks).map(doc_line) {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// A description as a doc comment, or another line where there is none.
pub(crate) fn described(description: Option<&str>, otherwise: impl FnOnce() -> String) -> Vec<String> {
    let lines = doc_lines(description.unwrap_or_default());
    if lines.is_empty() { vec![otherwise()] } else { lines }
}

/// A description as a doc comment, with a paragraph below that says what it is the description of.
pub(crate) fn described_above(description: Option<&str>, what: String) -> Vec<String> {
    let mut lines = doc_lines(description.unwrap_or_default());
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(what);
    lines
}

/// Whether it can stay as it is, as most descriptions can.
fn is_doc_line(text: &str) -> bool {
    let outer_blank = text.starts_with(' ') || text.ends_with(' ') || text.is_empty();
    !outer_blank
        && text.bytes().all(|byte| matches!(byte, b' '..=b'}') && !matches!(byte, b'`' | b'<' | b'['))
        && !text.contains("  ")
}

fn doc_line(line: &str) -> String {
    let words = line.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let text = words.collect::<Vec<_>>().join(" ");
    let visible = text.replace(is_invisible, "\u{fffd}");
    without_markup(&visible.replace("```", "\\`\\`\\`").replace("~~~", "\\~\\~\\~"))
}

/// With a backslash before what Markdown takes for a tag or a reference, outside of code.
fn without_markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let (mut code, mut before) = (false, ' ');
    for (at, character) in text.char_indices() {
        let rest = &text[at..];
        let tag = character == '<'
            && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
            && !rest.starts_with("<http");
        let reference = character == '[' && !rest.split_once(']').is_some_and(|(_, after)| after.starts_with('('));
        if (tag || reference) && !code && before != '\\' {
            escaped.push('\\');
        }
        // A lone backtick opens nothing.
        code ^= character == '`' && before != '\\' && (code || rest[1..].contains('`'));
        escaped.push(character);
        before = character;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn means_the_same(text: &str) {
        let parsed: syn::LitStr = syn::parse_str(&literal(text)).expect("a literal parses");
        assert_eq!(parsed.value(), text);
    }

    #[test]
    fn what_looks_like_markup_is_escaped() {
        for (text, line) in [
            ("a < b", "a < b"),
            ("a <tag> or </tag>", "a \\<tag> or \\</tag>"),
            ("a `Vec<T>` of [T]", "a `Vec<T>` of \\[T]"),
            ("a ` and <tags>", "a ` and \\<tags>"),
            ("see [here](https://example.org)", "see [here](https://example.org)"),
            ("<https://example.org> and \\[x]", "<https://example.org> and \\[x]"),
        ] {
            assert_eq!(doc_lines(text), [line]);
        }
    }

    #[test]
    fn literals_mean_what_was_written() {
        for text in [
            "",
            "plain",
            "a\"b",
            "a\\b",
            "\"#",
            "\"##x\"#",
            "line\nline",
            "\r\n",
            "\u{202e}abc",
            "\0",
            "ü 漢 🦀",
            "*/ {{ x }}",
        ] {
            means_the_same(text);
        }
    }

    #[test]
    fn sql_stays_readable() {
        assert_eq!(literal("SELECT t0.\"id\""), "r#\"SELECT t0.\"id\"\"#");
    }

    #[test]
    fn descriptions_are_never_code() {
        assert_eq!(
            doc_lines("  one\r\n\r\n\r\n      two  three\n```\nfn main() {}\n"),
            ["one", "", "two three", "\\`\\`\\`", "fn main() {}"]
        );
        assert_eq!(doc_lines("a \u{202e} b"), ["a \u{fffd} b"]);
        assert!(doc_lines(" \n\t\n").is_empty());
    }
}
