//! Text that is hard to show, in every format, as it was last read by a person.
//!
//! The expected output of a case lies in `tests/fixtures/formats/<case>/`; `UPDATE_EXPECT=1 cargo test --test formats`
//! renews it, except where `CI` is set.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use relata_compiler::diagnostic::{Diagnostic, Edit, Fix, Format, codes};
use relata_compiler::source::{FileId, SourceMap, Span};
use relata_compiler::{Inputs, check};
use serde_json::Value;

use super::Case;

const RENEW: &str = "UPDATE_EXPECT=1 cargo test --test formats";

const FORMATS: [(Format, &str); 6] = [
    (Format::Human, "human.txt"),
    (Format::Short, "short.txt"),
    (Format::Json, "json.jsonl"),
    (Format::Github, "github.txt"),
    (Format::Sarif, "sarif.json"),
    (Format::Gitlab, "gitlab.json"),
];

/// Wide, combining, joined, right-to-left and tabbed text before what is wrong with it.
const WIDE: &str = "\
models:
  Customer:
    properties:
      id: { type: integer, id: true }
      emoji: { description: '🦀🦀', type: strin }
      wide: { description: '顧客の名前', type: strin }
      combining: { description: 'e\u{301}e\u{301}e\u{301}', type: strin }
      joined: { description: '👩‍👩‍👧‍👦🇩🇪', type: strin }
      hebrew: { description: 'שלום', type: strin }
      zero: { description: 'a\u{200b}b', type: strin }
      tabbed: {\tdescription:\t'a',\ttype: strin }
";

/// Without strange characters: two files, and a fix in one of them.
const CUSTOMER: &str = "\
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Order
";

const ORDER: &str = "\
models:
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        keyFrom: buyerId
";

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::of("two-files", &Inputs::text("schemas/customer.yaml", CUSTOMER).and_text("schemas/order.yaml", ORDER)),
        Case::of("wide", &Inputs::text("schemas/wide.yaml", WIDE)),
        Case::of("crlf-bom", &Inputs::text("customer.yaml", windows(CUSTOMER)).and_text("order.yaml", windows(ORDER))),
        Case::of("long-line", &Inputs::text("shop.json", long_line())),
        Case::of("standard-input", &Inputs::text("<stdin>", "modles: {}\n")),
        hard_words(),
        no_place(),
    ]
}

/// As an editor on Windows may write it.
fn windows(schema: &str) -> String {
    format!("\u{feff}{}", schema.replace('\n', "\r\n"))
}

/// A schema as a program writes it, with the mistake far from both ends.
fn long_line() -> String {
    let property = |number: usize| format!(r#""property{number}":{{"type":"string"}}"#);
    let properties = |range: std::ops::Range<usize>| range.map(property).collect::<Vec<_>>().join(",");
    format!(
        r#"{{"models":{{"Customer":{{"properties":{{"id":{{"type":"integer","id":true}},{},"wrong":{{"type":"strin"}},{}}}}}}}}}"#,
        properties(0..100),
        properties(100..200),
    )
}

/// Words that one format or another takes for its own.
fn hard_words() -> Case {
    let text = "first: \"100 %\"\nsecond: [a](1)\nthird: x\n";
    let sources = check(&Inputs::text("50%, or so: [a].yaml", text)).sources;
    let file = sources.files().next().expect("it was read").0;
    let at = |word: &str| at(&sources, file, word);
    let code = codes::find("wrong-type").expect("there is such a code");
    let finding = Diagnostic::new(code, "`100 %` is \"no\" number,\nbut text: a::b, <b>c</b> & [d](1) \\ e")
        .primary(at("100 %"), "over\ntwo lines")
        .label(at("[a](1)"), "see [a](1) \\ here")
        .label(at("third: x"), "")
        .note("one line,\nand another")
        .fix_if(Some(Fix::likely("write a number", [Edit::replace(at("\"100 %\""), "100")])))
        .fix("write both anew", [Edit::replace(at("\"100 %\"\nsecond: [a](1)"), "1\nsecond: 2")]);
    let several = Diagnostic::new(code, "a stretch of several lines").primary(at("%\"\nsecond: ["), "from here on");
    Case { name: "hard-words".into(), findings: vec![finding, several], sources }
}

fn at(sources: &SourceMap, file: FileId, word: &str) -> Span {
    let start = sources.file(file).text().find(word).expect("the word is in the text");
    let number = |number: usize| u32::try_from(number).expect("the text is short");
    Span { file, start: number(start), end: number(start + word.len()) }
}

fn no_place() -> Case {
    let code = codes::find("no-schema-files").expect("there is such a code");
    let finding = Diagnostic::new(code, "no schema files in `schemas`").note("schema files end in `.yaml`");
    Case { name: "no-place".into(), findings: vec![finding], sources: SourceMap::default() }
}

#[test]
fn a_name_of_a_file_stays_in_its_line() {
    let case = Case::of("name", &Inputs::text("a\n::error::\u{1b}[2J.yaml", "modles: {}\n"));
    let shown = "a\\u{a}::error::\\u{1b}[2J.yaml:1:1";
    assert_eq!(case.render(Format::Short).lines().count(), 1);
    assert!(case.render(Format::Short).starts_with(shown), "{}", case.render(Format::Short));
    assert!(case.render(Format::Human).contains(&format!("--> {shown}\n")), "{}", case.render(Format::Human));
    assert_eq!(case.render(Format::Github).lines().count(), 1);
}

#[test]
fn output_is_as_expected() {
    let mut stale = String::new();
    for case in cases() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats").join(&case.name);
        for (format, name) in FORMATS {
            let text = case.render(format);
            let text = if name == "sarif.json" { without_rules(&text) } else { text };
            compare(&folder.join(name), &text, &mut stale);
        }
    }
    assert!(stale.is_empty(), "{stale}\nto renew them: {RENEW}");
}

/// A document without what is the same in all of them: the version, and what its rules mean.
fn without_rules(document: &str) -> String {
    let mut document: Value = serde_json::from_str(document).expect("the document is JSON");
    let driver = document["runs"][0]["tool"]["driver"].as_object_mut().expect("it names its tool");
    driver.remove("version").expect("it has a version");
    driver.remove("semanticVersion").expect("it has a version");
    for rule in driver["rules"].as_array_mut().expect("it lists its rules") {
        rule.as_object_mut().expect("a rule has a name").retain(|key, _| key == "id");
    }
    format!("{document:#}\n")
}

fn compare(path: &Path, actual: &str, stale: &mut String) {
    let expected = fs::read_to_string(path).map(|text| text.replace("\r\n", "\n")).unwrap_or_default();
    if expected == actual {
        return;
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none() {
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("the folder can be made");
        fs::write(path, actual).expect("the file can be written");
    } else {
        writeln!(stale, "{} is stale; the output now is\n{actual}", path.display()).expect("a string takes all");
    }
}
