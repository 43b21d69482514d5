//! What texts look like: patterns of LIKE, and regular expressions where the program allows them,
//! `{ "name": { "regexp": "^A" } }` and `{ "regexp": "/^a/i" }`.

use super::mistakes::Path;
use super::resolve::Resolver;
use super::tree::Tree;
use crate::query::expr::Expr;

/// How large a pattern may become when it is compiled; repetitions of repetitions grow fast.
#[cfg(feature = "pattern")]
pub(crate) const SIZE: usize = 1 << 20;

/// How deep it may be nested.
#[cfg(feature = "pattern")]
pub(crate) const NESTING: u32 = 32;

impl Resolver<'_> {
    pub(super) fn like(&mut self, path: Path<'_>, property: usize, fold: bool, negated: bool, value: &Tree) -> Expr {
        let Some(pattern) = value.text() else {
            self.mistakes.add(path, format!("a pattern stands here, not {}", value.kind()));
            return Expr::All;
        };
        let most = self.limits.pattern;
        if pattern.chars().nth(most).is_some() {
            self.mistakes.add(path, format!("a pattern has at most {most} characters"));
            return Expr::All;
        }
        Expr::Like { property, pattern: pattern.to_owned(), fold, negated }
    }

    /// Whether the program allows them.
    pub(super) fn has_regexp(&self) -> bool {
        self.inclusion.is_some_and(|inclusion| inclusion.regexp)
    }

    pub(super) fn regexp(&mut self, path: Path<'_>, property: usize, value: &Tree) -> Expr {
        let Some(text) = value.text() else {
            self.mistakes.add(path, format!("a pattern stands here, not {}", value.kind()));
            return Expr::All;
        };
        let most = self.limits.pattern;
        let pattern = match read(text, most).and_then(|pattern| check(&pattern).map(|()| pattern)) {
            Ok(pattern) => pattern,
            Err(message) => {
                self.mistakes.add(path, message);
                return Expr::All;
            }
        };
        Expr::Regexp { property, pattern, path: path.to_string().into() }
    }
}

/// The pattern of a text: itself, or what stands between slashes, with flags after them.
fn read(text: &str, most: usize) -> Result<String, String> {
    if text.chars().nth(most).is_some() {
        return Err(format!("a pattern has at most {most} characters"));
    }
    if text.contains('\0') {
        return Err("a pattern has no character NUL, as no text has that is stored".to_owned());
    }
    let Some((pattern, flags)) = text.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) else {
        return Ok(text.to_owned());
    };
    match flags {
        "" => Ok(pattern.to_owned()),
        "i" => Ok(format!("(?i){pattern}")),
        _ => Err("the only flag of a pattern is `i`: `/pattern/i`; a pattern that begins with a slash is written \
                  between slashes"
            .to_owned()),
    }
}

/// Whether it can be matched in a time that grows with the text only, which look-around and back-references cannot.
#[cfg(feature = "pattern")]
fn check(pattern: &str) -> Result<(), String> {
    compile(pattern).map(drop)
}

#[cfg(not(feature = "pattern"))]
fn check(_: &str) -> Result<(), String> {
    Err("patterns take relata's feature `pattern`".to_owned())
}

/// The pattern, ready to be matched.
///
/// # Errors
/// What is wrong with it, without its text.
#[cfg(feature = "pattern")]
pub(crate) fn compile(pattern: &str) -> Result<regex::Regex, String> {
    let compiled = regex::RegexBuilder::new(pattern).size_limit(SIZE).nest_limit(NESTING).build();
    compiled.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "the pattern is too large: its repetitions multiply".to_owned(),
        regex::Error::Syntax(told) => {
            // What is wrong is the last line; those before repeat the pattern.
            let reason =
                told.lines().last().and_then(|line| line.strip_prefix("error: ")).unwrap_or("it cannot be read");
            format!("no pattern: {reason}")
        }
        _ => "no pattern".to_owned(),
    })
}

#[cfg(all(test, feature = "pattern"))]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_by_itself_or_between_slashes() {
        let read = |text| read(text, 20);
        assert_eq!(read("^a/b"), Ok("^a/b".to_owned()));
        assert_eq!(read("/^a/"), Ok("^a".to_owned()));
        assert_eq!(read("/^a/b/i"), Ok("(?i)^a/b".to_owned()));
        assert_eq!(read("/"), Ok("/".to_owned()));
        for text in ["/a/g", "/usr/local", "a\0", "012345678901234567890"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_without_the_pattern() {
        for (pattern, told) in [
            ("secret(", "no pattern: unclosed group"),
            ("secret(?=a)", "look-around"),
            (r"(secret)\1", "backreferences are not supported"),
            ("***=secret", "repetition operator missing expression"),
            ("(secret{1000}){1000}", "too large"),
            ("((((((((((((((((((((((((((((((((((secret))))))))))))))))))))))))))))))))))", "nested"),
        ] {
            let message = compile(pattern).unwrap_err();
            assert!(message.contains(told) && !message.contains("secret"), "{message}");
        }
        assert!(compile(r"^\d{3}-[a-zé]+$").is_ok());
    }
}
