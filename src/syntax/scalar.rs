//! What a word without quotes is: nothing, a boolean, a number or a string.
//!
//! YAML 1.2: `yes`, `no`, `on` and `off` are strings. Numbers keep their spelling and never become floats.

use super::Kind;

/// What a word without quotes stands for.
pub(super) fn plain(text: String) -> Kind {
    if text.is_empty() || text == "~" || text.eq_ignore_ascii_case("null") {
        Kind::Null
    } else if text.eq_ignore_ascii_case("true") {
        Kind::Bool(true)
    } else if text.eq_ignore_ascii_case("false") {
        Kind::Bool(false)
    } else if is_number(&text) {
        Kind::Number(text)
    } else {
        Kind::String(text)
    }
}

/// Every spelling that some reader of YAML takes for a number, so that none is taken for a word by mistake.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if [".inf", ".nan"].iter().any(|special| digits.eq_ignore_ascii_case(special)) {
        return true;
    }
    let based = |marks: [&str; 2], base: u32| {
        let rest = marks.iter().find_map(|mark| digits.strip_prefix(mark));
        rest.is_some_and(|rest| grouped(rest, |digit| digit.is_digit(base)))
    };
    if based(["0x", "0X"], 16) || based(["0o", "0O"], 8) || based(["0b", "0B"], 2) {
        return true;
    }
    grouped(digits, |digit| digit.is_ascii_digit())
        || (digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') && digits.parse::<f64>().is_ok())
}

/// Digits, which single underscores may part.
fn grouped(text: &str, is_digit: impl Fn(char) -> bool) -> bool {
    text.split('_').all(|group| !group.is_empty() && group.chars().all(&is_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers() {
        for number in [
            "0",
            "-1",
            "+1",
            "017",
            "1.5",
            ".5",
            "5.",
            "1e9",
            "-1E-9",
            "0x1F",
            "0b1",
            "0o7",
            "1_000",
            ".inf",
            "-.INF",
            ".NaN",
            "99999999999999999999",
        ] {
            assert_eq!(plain(number.into()), Kind::Number(number.into()));
        }
        for word in [
            "yes",
            "no",
            "on",
            "off",
            "1.2.3",
            "12:30",
            "2026-01-01",
            "0x",
            "1_",
            "_1",
            "inf",
            "nan",
            "-",
            ".",
            "1e",
            "e1",
            "infinity",
            "1__0",
            "-inf",
        ] {
            assert_eq!(plain(word.into()), Kind::String(word.into()));
        }
        assert_eq!(
            [plain("~".into()), plain("NULL".into()), plain(String::new())],
            [Kind::Null, Kind::Null, Kind::Null]
        );
        assert_eq!([plain("True".into()), plain("FALSE".into())], [Kind::Bool(true), Kind::Bool(false)]);
    }
}
