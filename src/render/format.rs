//! Emitted text as `rustfmt` would lay it out, without spawning anything.
//!
//! Parsing is nearly all of a generator's time, so templates render items as they shall be where they can, and only
//! items with something left to do, such as a line that is too long, go through the formatter.
//!
//! Knows nothing of templates but their names.

use std::iter;
use std::ops::Range;

use syn::{File, Item};

use super::RenderError;

/// Lines shown before and after the one at fault.
const CONTEXT: usize = 3;

/// Columns of a line of code.
const WIDTH: usize = 89;

/// Attributes that templates write; others come from the settings and must show that they are Rust.
const ATTRIBUTES: &[&str] = &[
    "#[derive(Clone, Copy, Debug)]",
    "#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]",
    "#[derive(Clone, Debug)]",
    "#[derive(Clone, Debug, PartialEq)]",
    "#[derive(Clone, Debug, PartialEq, Default)]",
    "#[derive(Debug)]",
    "#[doc(hidden)]",
];

/// The text, laid out. Most items are rendered as they shall be; only the others are parsed, which is slow.
///
/// # Errors
/// When what has to be parsed is not Rust.
pub(super) fn format(rendered: &str, template: &'static str, file: &str) -> Result<String, RenderError> {
    let lines: Vec<&str> = rendered.lines().collect();
    let mut layout = Layout { lines: &lines, text: String::with_capacity(rendered.len()), wrappers: Vec::new() };
    if layout.items(0..lines.len()).is_some() {
        return Ok(layout.text);
    }
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

/// Lines of one rendered text on their way to being laid out.
struct Layout<'a> {
    lines: &'a [&'a str],
    text: String,
    /// What opens the items around, for parsing a part of their insides.
    wrappers: Vec<&'static str>,
}

impl Layout<'_> {
    /// Items that stand below each other, each of whole lines; nothing where a part of them is not Rust by itself.
    fn items(&mut self, range: Range<usize>) -> Option<()> {
        let (mut at, mut before) = (range.start, None);
        while at < range.end {
            if self.lines[at].trim().is_empty() {
                at += 1;
                continue;
            }
            let end = self.end_of_item(at..range.end);
            let head = self.head(at..end);
            let group = group_of(self.lines[head].trim_start());
            let apart = match self.wrappers.as_slice() {
                [] => before != group || group.is_none(),
                _ => opens(self.lines[at]),
            };
            if apart && !self.text.is_empty() && !self.text.ends_with("{\n") {
                self.text.push('\n');
            }
            before = group;
            self.item(at..end, head)?;
            at = end;
        }
        Some(())
    }

    /// The line after the item that begins a range.
    fn end_of_item(&self, range: Range<usize>) -> usize {
        let indent = 4 * self.wrappers.len();
        let ends = |line: &str| {
            let code = line.trim_start();
            line.len() - code.len() == indent
                && (code.starts_with("#![")
                    || !is_comment(code) && !code.starts_with("#[") && code.ends_with(['}', ';']))
        };
        let last = range.clone().find(|at| ends(self.lines[*at]));
        last.map_or(range.end, |last| last + 1)
    }

    /// The first line of an item below its comments and attributes.
    fn head(&self, range: Range<usize>) -> usize {
        let is_code = |at: &usize| {
            let code = self.lines[*at].trim_start();
            !code.is_empty() && !is_comment(code) && !code.starts_with("#[")
        };
        range.clone().find(is_code).unwrap_or(range.start)
    }

    fn item(&mut self, item: Range<usize>, head: usize) -> Option<()> {
        let lines = &self.lines[item.clone()];
        let opener = self.lines[head].trim_start();
        let wrapper =
            ["pub mod ", "impl"].iter().zip(["mod m {", "impl M {"]).find(|(word, _)| opener.starts_with(**word));
        let last = item.end - 1;
        if let Some((_, wrapper)) = wrapper
            && opener.ends_with('{')
            && self.lines[last].trim_start() == "}"
            && self.lines[head + 1..last].iter().any(|line| !line.trim().is_empty())
            && is_laid_out(&self.lines[item.start..=head])
        {
            self.push(item.start..head + 1);
            self.wrappers.push(wrapper);
            self.items(head + 1..last)?;
            self.wrappers.pop();
            self.push(last..item.end);
        } else if is_laid_out(lines) {
            self.push(item);
        } else {
            let formatted = self.formatted(item)?;
            self.text.push_str(&formatted);
        }
        Some(())
    }

    fn push(&mut self, range: Range<usize>) {
        let lines = self.lines[range].iter().filter(|line| !line.is_empty());
        push_spaced(lines.copied(), &mut self.text);
    }

    /// Parsed and laid out, within as many braces as it stands in, so that its lines have their final width.
    fn formatted(&self, item: Range<usize>) -> Option<String> {
        let depth = self.wrappers.len();
        let body = self.lines[item.clone()].iter().copied();
        let wrapped: Vec<&str> = self.wrappers.iter().copied().chain(body).chain(iter::repeat_n("}", depth)).collect();
        let parsed = syn::parse_file(&wrapped.join("\n")).ok()?;
        if depth == 0 {
            return Some(laid_out(parsed));
        }
        let text = prettyplease::unparse(&parsed);
        let lines: Vec<&str> = text.lines().collect();
        let inner = lines.get(depth..lines.len().checked_sub(depth)?)?;
        Some(spaced(&inner.join("\n")))
    }
}

/// Whether lines are as the formatter would give them: short enough, without what loops of templates leave behind,
/// no list over several lines that has room on one, and no braces apart with nothing in them.
fn is_laid_out(lines: &[&str]) -> bool {
    lines.iter().enumerate().all(|(at, line)| {
        let code = line.trim_start();
        if is_comment(code) {
            return true;
        }
        let indent = line.len() - code.len();
        line.len() <= WIDTH
            && indent.is_multiple_of(4)
            && (!code.starts_with("#[") || ATTRIBUTES.contains(&code) || code.starts_with("#[path = \""))
            && !LEFT_BEHIND.iter().any(|left| code.contains(left))
            && !(opens_list(code) && fits_on_a_line(&lines[at..], indent))
            && !(code.ends_with('{') && lines.get(at + 1).is_some_and(|next| next.trim_start() == "}"))
    })
}

const LEFT_BEHIND: [&str; 5] = [", )", ", >", ", ]", ",)", "  "];

fn opens_list(code: &str) -> bool {
    code.ends_with(['(', '[', '<']) || code.ends_with("(Self {") || code == "Self {" || code.ends_with("::{")
}

/// Whether the list that the first line opens could stand on that line, closed.
fn fits_on_a_line(lines: &[&str], indent: usize) -> bool {
    let mut width = 0;
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        width += code.len() + usize::from(at > 0);
        if indent + width > WIDTH + 2 {
            return false;
        }
        if at > 0 && line.len() - code.len() <= indent && !code.is_empty() {
            return true;
        }
    }
    true
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
    push_spaced(text.lines(), &mut spaced);
    spaced
}

fn push_spaced<'a>(lines: impl Iterator<Item = &'a str>, text: &mut String) {
    let mut before = "";
    for line in lines {
        if before.ends_with(['}', ';']) && opens(line) && !is_comment(before) {
            text.push('\n');
        }
        text.extend([if is_comment(line) { line.trim_end() } else { line }, "\n"]);
        before = line;
    }
}

/// Whether a line begins an item that stands apart from the one above it.
fn opens(line: &str) -> bool {
    let start = line.trim_start();
    ["///", "#[", "fn ", "pub fn ", "pub(super) fn ", "impl", "pub enum "].iter().any(|word| start.starts_with(word))
}

/// As [`group`], by the first line of code.
fn group_of(code: &str) -> Option<&'static str> {
    match code {
        code if code.starts_with("#![") => Some("#!"),
        code if code.starts_with("use ") => Some("use"),
        code if code.starts_with("mod ") && code.ends_with(';') => Some("mod"),
        _ => None,
    }
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
            format("struct A;\nstruct  {}\nstruct B;\n", "model.rs.j2", "a.rs").expect_err("a struct has a name");
        assert_eq!((error.template, error.line), ("model.rs.j2", Some(2)));
        assert!(error.excerpt.contains(">    2 | struct  {}"), "{error}");

        let within = "impl A {\n    fn a() {}\n    fn  (b) {}\n}\n";
        let error = format(within, "model.rs.j2", "a.rs").expect_err("a function has a name");
        assert_eq!(error.line, Some(3), "{error}");
    }

    #[test]
    fn attributes_of_the_settings_are_parsed() {
        let error = format("#[derive(A B)]\nstruct A;\n", "model.rs.j2", "a.rs");
        assert!(error.is_ok(), "what is within an attribute is for its macro");
        format("#[derive(A]\nstruct A;\n", "model.rs.j2", "a.rs").expect_err("the bracket does not close");
    }

    #[test]
    fn what_is_laid_out_is_taken_as_the_formatter_would_give_it() {
        let formatted = "mod a;\nmod b;\n\n/// A.\npub mod m {\n    use super::A;\n\n    impl A {\n        const X: u8 = 1;\n        fn a() -> u8 {\n            b(1)\n        }\n\n        fn b(x: u8) {}\n    }\n}\n";
        assert!(is_laid_out(&formatted.lines().collect::<Vec<_>>()));
        let loose = formatted.replace("\n\n", "\n").replace("b(x: u8)", "b(\n            x: u8,\n        )");
        let laid_out = format(&loose, "model.rs.j2", "a.rs").expect("it is Rust");
        assert_eq!(laid_out, formatted.replace("= 1;\n", "= 1;\n\n"));
    }
}
