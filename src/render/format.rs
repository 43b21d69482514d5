//! Emitted text as `rustfmt` would lay it out, without spawning anything.
//!
//! Knows nothing of templates but their names.

use syn::{File, Item};

use super::RenderError;

/// Lines shown before and after the one at fault.
const CONTEXT: usize = 3;

/// The text, laid out.
///
/// # Errors
/// When it is not Rust.
pub(super) fn format(rendered: &str, template: &'static str, file: &str) -> Result<String, RenderError> {
    match syn::parse_file(rendered) {
        Ok(parsed) => Ok(laid_out(parsed)),
        Err(error) => {
            let line = error.span().start().line;
            Err(RenderError {
                template,
                file: file.to_owned(),
                message: error.to_string(),
                line: Some(line),
                excerpt: excerpt(rendered, line),
            })
        }
    }
}

/// The formatter gives no blank lines; they are set here, between items and between the items within them.
fn laid_out(mut file: File) -> String {
    let items = std::mem::take(&mut file.items);
    let mut text = if file.attrs.is_empty() { String::new() } else { prettyplease::unparse(&file) };
    file.attrs.clear();
    let mut before = None;
    for item in items {
        let group = group(&item);
        if !text.is_empty() && (before != group || group.is_none()) {
            text.push('\n');
        }
        before = group;
        // Data holds no items, and its strings may hold anything.
        let is_data = matches!(item, Item::Const(_) | Item::Static(_));
        file.items = vec![item];
        let item = prettyplease::unparse(&file);
        text.push_str(&if is_data { item } else { spaced(&item) });
    }
    text
}

/// Items that stand together without blank lines.
fn group(item: &Item) -> Option<&'static str> {
    match item {
        Item::Use(_) => Some("use"),
        Item::Mod(module) if module.content.is_none() => Some("mod"),
        _ => None,
    }
}

/// A blank line before every item within an item that follows another one. No string in such text spans lines.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 32);
    let mut before = "";
    for line in text.lines() {
        let (start, end) = (line.trim_start(), before.trim_end());
        let opens = ["///", "#[", "fn ", "pub fn ", "pub(super) fn ", "impl", "pub enum "]
            .iter()
            .any(|word| start.starts_with(word));
        if opens && (end.ends_with('}') || end.ends_with(';')) && !is_comment(end) {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        before = line;
    }
    spaced
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// The lines around `line`, numbered, that line marked.
pub(super) fn excerpt(text: &str, line: usize) -> String {
    let first = line.saturating_sub(CONTEXT + 1);
    let shown = text.lines().zip(1..).skip(first).take(2 * CONTEXT + 1);
    let shown = shown.map(|(content, at)| {
        let mark = if at == line { '>' } else { ' ' };
        format!("{mark} {at:>4} | {content}\n")
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stand_apart() {
        let rendered = "use a; use b; struct A { x: u8, } impl A { const X: u8 = 1; fn a() { b(); } fn b() {} } const T: &str = \"a;\nfn b\";";
        let expected = "use a;\nuse b;\n\nstruct A {\n    x: u8,\n}\n\nimpl A {\n    const X: u8 = 1;\n\n    fn a() {\n        b();\n    }\n\n    fn b() {}\n}\n\nconst T: &str = \"a;\nfn b\";\n";
        assert_eq!(format(rendered, "model.rs.j2", "a.rs").expect("it is Rust"), expected);
    }

    #[test]
    fn what_is_not_rust_is_shown_with_its_line() {
        let error =
            format("struct A;\nstruct {}\nstruct B;\n", "model.rs.j2", "a.rs").expect_err("a struct has a name");
        assert_eq!((error.template, error.line), ("model.rs.j2", Some(2)));
        assert!(error.excerpt.contains(">    2 | struct {}"), "{error}");
    }
}
