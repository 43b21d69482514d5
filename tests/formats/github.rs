//! Workflow commands, read as GitHub's runner reads them.

use std::collections::BTreeMap;

use relata_compiler::diagnostic::{Diagnostic, Format, Severity, codes, render};
use relata_compiler::source::{SourceMap, Span};
use relata_compiler::{Inputs, check};

use super::{every_case, says_everything};

struct Command {
    name: String,
    properties: BTreeMap<String, String>,
    message: String,
}

/// One line that begins with two colons is a command; its properties end at the next two.
fn parse(line: &str) -> Command {
    let rest = line.strip_prefix("::").expect("a command begins with two colons");
    let (head, message) = rest.split_once("::").expect("two colons end the properties");
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties.split(',').map(|property| {
        let (key, value) = property.split_once('=').expect("a property has a value");
        (key.to_owned(), data(&value.replace("%3A", ":").replace("%2C", ",")))
    });
    Command { name: name.to_owned(), properties: properties.collect(), message: data(message) }
}

fn data(text: &str) -> String {
    text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
}

#[test]
fn every_finding_is_one_command_that_says_everything() {
    for case in every_case() {
        let text = case.render(Format::Github);
        assert!(!text.contains('\r'), "{}: it would end the command", case.name);
        let commands: Vec<_> = text.lines().map(parse).collect();
        assert_eq!(commands.len(), case.findings.len(), "{}: one line each", case.name);
        for ((command, finding), json) in commands.iter().zip(&case.findings).zip(case.json()) {
            assert_eq!(command.name, json["severity"], "{}", case.name);
            assert_eq!(command.properties["title"], format!("relata ({})", finding.code), "{}", case.name);
            says_everything(&command.message, finding, &case.name);

            let given = |key: &str| command.properties.get(key).cloned();
            let one_line = json["line"] == json["end_line"];
            for (key, field) in [("file", "file"), ("line", "line"), ("endLine", "end_line")] {
                let expected = json[field].as_str().map(str::to_owned).or(json[field].as_u64().map(|n| n.to_string()));
                assert_eq!(given(key), expected, "{}: {key}", case.name);
            }
            for (key, field) in [("col", "column"), ("endColumn", "end_column")] {
                let expected = json[field].as_u64().filter(|_| one_line).map(|n| n.to_string());
                assert_eq!(given(key), expected, "{}: {key}", case.name);
            }
        }
    }
}

#[test]
fn nothing_is_printed_when_all_is_well() {
    assert_eq!(render(Format::Github, &[], &SourceMap::default(), false), "");
}

#[test]
fn words_that_look_like_commands_stay_words() {
    let checked = check(&Inputs::text("a,b:c%2C.yaml", "models: {}\n"));
    let (file, _) = checked.sources.files().next().expect("it was read");
    let message = "100 %0A of this\r\n::error file=x::and that";
    let code = codes::find("unknown-key").expect("there is such a code");
    let finding = Diagnostic::new(code, message).primary(Span { file, start: 0, end: 6 }, "");
    let text = render(Format::Github, &[finding], &checked.sources, false);
    assert_eq!(text.lines().count(), 1, "{text}");
    let command = parse(text.trim_end());
    assert_eq!(command.message, message);
    assert_eq!(command.properties["file"], "a,b:c%2C.yaml");
}

#[test]
fn a_denied_warning_is_an_error() {
    let code = codes::find("unused-enum").expect("there is such a code");
    let mut finding = Diagnostic::new(code, "an enum is never used");
    let told =
        |finding: &Diagnostic| render(Format::Github, std::slice::from_ref(finding), &SourceMap::default(), false);
    assert!(told(&finding).starts_with("::warning title="), "{}", told(&finding));
    finding.severity = Severity::Error;
    assert!(told(&finding).starts_with("::error title="), "{}", told(&finding));
}
