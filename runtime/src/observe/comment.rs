//! The comment that says in a statement which call it is of, in the form of sqlcommenter.

use std::fmt::Write as _;

use super::CallName;

/// What is put behind the text of each statement of that call: pairs in the order of their keys. The program's own SQL
/// stays as it is.
pub(super) fn of(name: &CallName) -> Option<String> {
    let model = name.model_name()?;
    let mut comment = " /*".to_owned();
    let relation = name.via.map(|via| via.to_string());
    let pairs = [
        ("action", Some(name.operation)),
        ("db_driver", Some("relata")),
        ("model", Some(model)),
        ("relation", relation.as_deref()),
    ];
    for (key, value) in pairs {
        let Some(value) = value else { continue };
        if !comment.ends_with('*') {
            comment.push(',');
        }
        comment.push_str(key);
        comment.push_str("='");
        push_encoded(&mut comment, value);
        comment.push('\'');
    }
    comment.push_str("*/");
    Some(comment)
}

/// As in a URL, so that no name can end the value or the comment, and none holds the mark of a parameter.
fn push_encoded(text: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_quotes() {
        for (name, encoded) in [
            ("Order_2", "Order_2"),
            ("Customer.orders", "Customer.orders"),
            ("a'b", "a%27b"),
            ("*/ DROP", "%2A%2F%20DROP"),
            ("?$1:x", "%3F%241%3Ax"),
            ("é", "%C3%A9"),
        ] {
            let mut text = String::new();
            push_encoded(&mut text, name);
            assert_eq!(text, encoded);
        }
    }
}
