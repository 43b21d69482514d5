//! Which codes the JSON Schema says, and why it cannot say the others.

use std::collections::{BTreeMap, BTreeSet};

use relata_compiler::diagnostic::codes;

use super::documents::{self, Case};
use super::refusals;

/// Whatever has one of these, the schema refuses it too; but for the spelling of a number, which JSON values do not keep
/// (`maxLength: 1.0`).
pub(crate) const SAID: &[&str] = &[
    "ambiguous-type",
    "missing-key",
    "named-twice",
    "relation-kind",
    "relation-name-required",
    "unknown-key",
    "unknown-value",
    "unsupported-version",
    "wrong-type",
];

/// Said of some schemas; with what it takes to see the rest, a schema of which it is said, and one of which it is not.
const PARTLY_SAID: &[(&str, &str, &str, &str)] = &[
    (
        "constraint-impossible",
        "what else the relation says",
        "models: { Tag: { properties: { id: { type: integer, id: true } } }, \
           Post: { properties: { id: { type: integer, id: true } }, \
                   relations: [{ referencesMany: Tag, constraint: true }] } }",
        "models: { Tag: { properties: { id: { type: integer, id: true } } }, \
           Post: { properties: { id: { type: integer, id: true } }, \
                   relations: [{ belongsTo: [Tag], name: label, constraint: true }] } }",
    ),
    (
        "invalid-constraint",
        "the type of the property, and comparing two of its keys",
        "models: { A: { properties: { id: { type: integer, id: true }, a: { type: decimal, precision: 29 } } } }",
        "models: { A: { properties: { id: { type: integer, id: true }, a: { type: date, maximum: 1 } } } }",
    ),
    (
        "invalid-condition",
        "the types of properties, and what operators take",
        "{ models: { A: { properties: { id: { type: integer, id: true }, b: integer }, \
           relations: [{ hasMany: A, name: as, keyTo: b }] } }, views: { V: { of: A, include: { as: { order: b up } } } } }",
        "{ models: { A: { properties: { id: { type: integer, id: true }, b: integer }, \
           relations: [{ hasMany: A, name: as, keyTo: b }] } }, views: { V: { of: A, include: { as: { where: { b: x } } } } } }",
    ),
    ("invalid-enum", "the rules that make a variant of a value", "enums: { A: [a, a] }", "enums: { A: [3d] }"),
    (
        "invalid-name",
        "the names of tables and columns that are derived",
        "models: { A: { properties: { Id: { type: integer, id: true } } } }",
        "models: { A: { properties: { id: { type: integer, id: true }, \
           aVeryLongNameThatGoesOnAndOnUntilNoDatabaseCanTakeItForTheNameOfOneColumn: date } } }",
    ),
    (
        "key-not-for-kind",
        "the key that the relation which is answered leads to, and a key that stands elsewhere too",
        "models: { A: { properties: { id: { type: integer, id: true } }, relations: [{ hasMany: A, required: true }] } }",
        "models: { A: { properties: { id: { type: integer, id: true }, n: { type: integer, required: true, unique: true } }, \
           relations: [{ hasMany: B, polymorphic: to, keyFrom: n }] }, \
           B: { properties: { id: { type: integer, id: true } }, relations: [{ belongsTo: [A, B], name: to }] } }",
    ),
    (
        "unknown-target",
        "the other declarations",
        "models: { A: { properties: { id: { type: integer, id: true } }, relations: [{ belongsTo: customer }] } }",
        "models: { A: { properties: { id: { type: integer, id: true } }, relations: [{ belongsTo: Customer }] } }",
    ),
    (
        "unknown-type",
        "the other declarations",
        "models: { A: { properties: { id: { type: integer, id: true }, a: varchar } } }",
        "models: { A: { properties: { id: { type: integer, id: true }, a: Colour } } }",
    ),
];

/// `missing-key`, where the missing key is an abstract model's `properties`: its base may have some.
pub(crate) const EMPTY_MODEL: &str = "missing-key of an empty model";

/// Not said, by what it would take.
const UNSAID: &[(&str, &[&str])] = &[
    (
        "the other declarations, perhaps in other files",
        &[
            "abstract-target",
            "ambiguous-datasource",
            "ambiguous-inverse",
            "base-conflict",
            "duplicate-datasource",
            "duplicate-enum",
            "duplicate-model",
            "duplicate-view",
            "inheritance-budget",
            "key-needs-table",
            "no-models",
            "no-primary-key",
            "polymorphic-key-mismatch",
            "unknown-base",
            "unknown-datasource",
            "unknown-field",
            "unknown-index-property",
            "unknown-key-property",
            "unknown-polymorphic",
            "unknown-relation",
            "unknown-through",
            "unknown-view",
            "unused-enum",
            "value-type-has-table",
            "value-type-not-plain",
            "view-of-another-model",
        ],
    ),
    (
        "names that are derived and compared",
        &[
            "duplicate-column",
            "duplicate-index",
            "duplicate-index-name",
            "duplicate-table",
            "name-collision",
            "relation-name-is-key",
            "relation-name-taken",
            "reserved-name",
        ],
    ),
    (
        "the two ends of a relation",
        &[
            "action-across-datasources",
            "action-not-on-key-side",
            "constraint-across-datasources",
            "constraint-conflict",
            "discriminator-missing",
            "has-many-by-unique-key",
            "invalid-discriminator",
            "key-count-mismatch",
            "key-needs-key-from",
            "key-not-settable",
            "key-refers-to-itself",
            "key-resembles-property",
            "no-side-holds-key",
            "not-countable",
            "not-includable",
            "through-itself",
            "through-keys-swapped",
            "key-needs-key-to",
            "key-not-unique",
            "key-of-another-relation",
            "key-type-mismatch",
            "references-not-list",
            "required-conflict",
            "scope-of-one",
            "self-through-keys",
            "self-update-cascade",
            "set-null-on-required",
            "through-key-missing",
            "through-keys-equal",
            "weak-key-not-unique",
            "writes-across-datasources",
        ],
    ),
    (
        "following relations and bases around",
        &["cascade-cycle", "extends-cycle", "infinite-type", "required-cycle", "view-cycle"],
    ),
    ("several keys of a view together", &["empty-view", "view-said-twice"]),
    (
        "the type of a property together with its other keys",
        &[
            "invalid-default",
            "invalid-generated",
            "invalid-id",
            "invalid-key-type",
            "invalid-version",
            "key-too-long",
            "too-many-key-properties",
        ],
    ),
];

/// About the text of a file: it is no document, or none of JSON.
const BEFORE: &[&str] = &["duplicate-key", "merge-key", "syntax", "unknown-tag"];

/// About files before there is a document, but for what is said; and not about schema files.
const OTHER_FAMILIES: &[&str] = &["files", "settings"];

fn refused(case: &Case) -> bool {
    case.files.iter().any(|file| file.as_ref().map_or(true, |value| !refusals(value).is_empty()))
}

fn told(case: &Case) -> String {
    let files = case.files.iter().map(|file| file.as_ref().map_or_else(Clone::clone, |it| refusals(it).join("\n")));
    format!("{}\nfront end: {:?}\nJSON Schema: {}", case.name, case.errors, files.collect::<Vec<_>>().join("\n"))
}

#[test]
fn every_code_is_listed_once() {
    let unsaid = UNSAID.iter().flat_map(|(_, codes)| *codes);
    let partly = PARTLY_SAID.iter().map(|(code, ..)| code);
    let mut listed: Vec<_> = SAID.iter().chain(partly).chain(unsaid).chain(BEFORE).copied().collect();
    listed.sort_unstable();
    let asked = |family: &str, code: &str| !OTHER_FAMILIES.contains(&family) || SAID.contains(&code);
    let mut all: Vec<_> =
        codes::ALL.iter().filter(|info| asked(info.family, info.code)).map(|info| info.code).collect();
    all.sort_unstable();
    assert_eq!(listed, all, "a new code is listed in tests/json_schema/said.rs: whether a JSON Schema can say it");
}

#[test]
fn what_the_front_end_accepts_is_accepted() {
    let cases = documents::all();
    let sound: Vec<_> = cases.iter().filter(|case| case.errors.is_empty()).collect();
    assert!(sound.len() > 100, "only {} schemas are sound", sound.len());
    for case in sound {
        assert!(!refused(case), "the front end accepts what the JSON Schema refuses: {}", told(case));
    }
}

#[test]
fn what_a_schema_can_say_is_said() {
    for case in documents::all() {
        if case.errors.iter().any(|code| SAID.contains(code)) {
            assert!(refused(&case), "the JSON Schema accepts what the front end refuses: {}", told(&case));
        }
    }
}

/// A code that the schema could say, or that nothing shows, does not belong into the table.
#[test]
fn what_is_listed_as_unsaid_is_unsaid() {
    let mut seen: BTreeMap<&str, bool> = BTreeMap::new();
    for case in documents::all() {
        let codes: Vec<_> = case.errors.union(&case.warnings).copied().collect();
        if let [code] = codes[..] {
            *seen.entry(code).or_default() |= !refused(&case);
        }
    }
    // Too large to be shown.
    let unsaid = UNSAID.iter().flat_map(|(_, codes)| *codes).filter(|code| **code != "inheritance-budget");
    let wrong: Vec<_> = unsaid.filter(|code| seen.get(**code) != Some(&true)).collect();
    assert!(wrong.is_empty(), "listed as unsaid, but no schema that has it alone is accepted: {wrong:?}");
}

#[test]
fn what_is_listed_as_partly_said_is_said_of_some() {
    for (code, reason, said, unsaid) in PARTLY_SAID {
        for (text, expected) in [(said, true), (unsaid, false)] {
            let case = documents::case((*code).to_owned(), vec![("schema.yaml".to_owned(), (*text).to_owned())]);
            assert_eq!(case.errors, BTreeSet::from([*code]), "{text}");
            assert_eq!(refused(&case), expected, "{reason}: {}", told(&case));
        }
    }
}
