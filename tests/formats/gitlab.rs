//! The code quality report: what GitLab asks of it.

use std::collections::BTreeSet;

use relata_compiler::diagnostic::{Format, render};
use relata_compiler::source::SourceMap;
use relata_compiler::{Inputs, check};
use serde_json::Value;

use super::{Case, every_case, says_everything};

fn issues(case: &Case) -> Vec<Value> {
    serde_json::from_str(&case.render(Format::Gitlab)).expect("it is a JSON array")
}

#[test]
fn every_finding_is_an_issue_with_a_name_of_its_own() {
    for case in every_case() {
        let issues = issues(&case);
        assert_eq!(issues.len(), case.findings.len(), "{}", case.name);
        let mut names = BTreeSet::new();
        for ((issue, finding), json) in issues.iter().zip(&case.findings).zip(case.json()) {
            assert_eq!(issue["check_name"], finding.code.code, "{}", case.name);
            says_everything(issue["description"].as_str().expect("a sentence"), finding, &case.name);
            let severity = if json["severity"] == "error" { "major" } else { "minor" };
            assert_eq!(issue["severity"], severity, "{}", case.name);
            assert!(names.insert(issue["fingerprint"].as_str().expect("a name").to_owned()), "{}", case.name);
            let place = &issue["location"];
            if finding.place().is_some() {
                assert_eq!((&place["path"], &place["lines"]["begin"]), (&json["file"], &json["line"]), "{}", case.name);
            }
            assert!(place["path"].is_string() && place["lines"]["begin"].is_u64(), "{}", case.name);
        }
    }
}

#[test]
fn an_empty_report_is_a_report() {
    assert_eq!(render(Format::Gitlab, &[], &SourceMap::default(), false), "[]\n");
}

#[test]
fn paths_are_those_of_the_repository() {
    let checked = check(&Inputs::text("./schemas/a.yaml", "modles: {}\n"));
    let report = render(Format::Gitlab, &checked.findings, &checked.sources, false);
    assert!(report.contains("\"path\": \"schemas/a.yaml\""), "{report}");
}
