//! The page of a code: what it means, a wrong and a right example.

use std::fmt::Write as _;

use super::CodeInfo;

const EXPECTED: &str = "writing to a string cannot fail";

impl CodeInfo {
    /// The explanation and the examples as plain text; the examples are indented.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.explanation);
        for (heading, example) in self.examples() {
            write!(text, "\n{heading}:\n\n").expect(EXPECTED);
            for line in example.lines() {
                writeln!(text, "{}", format!("    {line}").trim_end()).expect(EXPECTED);
            }
        }
        text
    }

    /// The explanation and the examples as Markdown, without a heading.
    pub fn markdown(&self) -> String {
        let mut text = format!("{}\n", self.explanation);
        for (heading, example) in self.examples() {
            write!(text, "\n{heading}:\n\n```yaml\n{}\n```\n", example.trim_end()).expect(EXPECTED);
        }
        text
    }

    /// The two examples, each with what it is; where nothing wrong can be shown, the right alone says nothing.
    fn examples(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let shown = !self.wrong.is_empty();
        [("Wrong", self.wrong), ("Right", self.right)].into_iter().filter(move |_| shown)
    }
}
