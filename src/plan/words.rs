//! The names that Rust gives everywhere, as emitted code writes them.
//!
//! Short, as a person would; by absolute path where an item of the schema stands in the way, for a model may be
//! called `Option` and a relation `i64`. Knows nothing of what uses them.

use std::collections::BTreeSet;

use serde::Serialize;

/// Each name as it is written in one module.
#[derive(Debug, Clone, Serialize)]
pub struct Words {
    /// `Option`
    pub option: &'static str,
    /// `String`
    pub string: &'static str,
    /// `Vec`
    pub vec: &'static str,
    /// `Result`
    pub result: &'static str,
    /// `Into`
    pub into: &'static str,
    /// `Box`
    pub boxed: &'static str,
    /// `bool`
    pub bool: &'static str,
    /// `f64`
    pub f64: &'static str,
    /// `i32`
    pub i32: &'static str,
    /// `i64`
    pub i64: &'static str,
    /// `str`
    pub str: &'static str,
    /// `u64`
    pub u64: &'static str,
    /// `u8`
    pub u8: &'static str,
    /// `usize`
    pub usize: &'static str,
}

impl Words {
    /// In a module whose own types have these names.
    pub(crate) fn beside<'n>(own: impl IntoIterator<Item = &'n str>) -> Self {
        let own: BTreeSet<_> = own.into_iter().collect();
        let pick = |short: &'static str, absolute| if own.contains(short) { absolute } else { short };
        Self {
            option: pick("Option", "::std::option::Option"),
            string: pick("String", "::std::string::String"),
            vec: pick("Vec", "::std::vec::Vec"),
            result: pick("Result", "::std::result::Result"),
            into: pick("Into", "::std::convert::Into"),
            boxed: pick("Box", "::std::boxed::Box"),
            bool: pick("bool", "::std::primitive::bool"),
            f64: pick("f64", "::std::primitive::f64"),
            i32: pick("i32", "::std::primitive::i32"),
            i64: pick("i64", "::std::primitive::i64"),
            str: pick("str", "::std::primitive::str"),
            u64: pick("u64", "::std::primitive::u64"),
            u8: pick("u8", "::std::primitive::u8"),
            usize: pick("usize", "::std::primitive::usize"),
        }
    }
}

/// A name for a type parameter: the one wished for, or the next that no other has.
pub(crate) fn free_parameter(wish: &str, taken: &[&str]) -> String {
    let numbered = (0..).map(|n| format!("{wish}{n}"));
    let mut names = std::iter::once(wish.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(&name.as_str())).expect("numbers do not end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_shadowed_is_long() {
        let words = Words::beside(["Option", "i64"]);
        assert_eq!((words.option, words.i64), ("::std::option::Option", "::std::primitive::i64"));
        assert_eq!((words.string, words.usize), ("String", "usize"));
    }

    #[test]
    fn parameters_give_way() {
        assert_eq!(free_parameter("R", &["Order"]), "R");
        assert_eq!(free_parameter("R", &["R", "R0"]), "R1");
    }
}
