//! Whole reports on schemas with the mistakes that people make: several at once, over several files.
//!
//! `tests/fixtures/combinations/<case>/` holds schema files and the expected report. The shop of `schemas/shop` is
//! broken in one place at a time; its reports are in `tests/fixtures/shop_broken`.
//! `UPDATE_EXPECT=1 cargo test --test combinations` renews them all.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::diagnostic::{Format, render};
use relata_compiler::{Checked, Inputs, check};

const RENEW: &str = "UPDATE_EXPECT=1 cargo test --test combinations";

/// A case, the file that is changed, what stands there, and what is written instead.
const BREAKS: &[(&str, &str, &str, &str)] = &[
    ("target-misspelt", "orders.yaml", "hasMany: OrderItem", "hasMany: OrderItems"),
    (
        "target-lower-case",
        "products.yaml",
        "belongsTo: Category\n        onDelete",
        "belongsTo: category\n        onDelete",
    ),
    ("model-key-misspelt", "customers.yaml", "  Customer:", "  Custommer:"),
    ("models-misspelt", "products.yaml", "models:", "modles:"),
    ("colon-missing", "orders.yaml", "- belongsTo: Customer", "- belongsTo Customer"),
    ("blank-missing", "orders.yaml", "- hasOne: Invoice", "- hasOne:Invoice"),
    ("dash-missing", "customers.yaml", "- hasMany: Order", "hasMany: Order"),
    ("dash-too-many", "products.yaml", "        name: parent", "      - name: parent"),
    ("type-of-sql", "customers.yaml", "birthday: date", "birthday: timestamp with time zone"),
    ("type-misspelt", "orders.yaml", "type: datetime", "type: dateime"),
    ("enum-value", "orders.yaml", "default: pending", "default: Pending"),
    ("enum-misspelt", "orders.yaml", "type: OrderStatus", "type: OrderState"),
    ("key-of-other-tool", "customers.yaml", "unique: true", "isUnique: true"),
    ("nullable", "customers.yaml", "birthday: date", "birthday: { type: date, nullable: true }"),
    ("action-of-sql", "products.yaml", "onDelete: setNull", "onDelete: SET NULL"),
    ("action-on-required", "orders.yaml", "onDelete: restrict", "onDelete: setNull"),
    (
        "inverse-gone",
        "orders.yaml",
        "      - belongsTo: Order\n        required: true\n",
        "      - belongsTo: Product\n        required: true\n",
    ),
    ("key-renamed", "orders.yaml", "- belongsTo: Customer\n", "- belongsTo: Customer\n        keyFrom: buyerId\n"),
    ("key-misspelt", "products.yaml", "keyTo: parentId", "keyTo: parrentId"),
    ("key-type", "orders.yaml", "orderId: { type: uuid,", "orderId: { type: integer,"),
    ("id-gone", "orders.yaml", "      id: { type: integer, id: true, generated: true }\n      number", "      number"),
    ("required-loop", "products.yaml", "keyFrom: parentId", "keyFrom: parentId\n        required: true"),
    ("name-twice", "products.yaml", "        name: sales", "        name: details"),
    ("index-misspelt", "orders.yaml", "[status, placedAt]", "[status, placed_at]"),
    ("address-as-relation", "customers.yaml", "- hasMany: Order", "- hasMany: Order\n      - hasMany: Address"),
    ("quote-open", "products.yaml", "'The number on the box.'", "'The number on the box."),
    ("bracket-open", "orders.yaml", "cancelled]", "cancelled"),
    ("copied-model", "products.yaml", "  Category:\n    description", "  Product:\n    description"),
];

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn schemas(folder: &Path) -> Inputs {
    let entries = fs::read_dir(folder).expect("the folder is readable").filter_map(Result::ok);
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name != "expected.txt");
    names.sort();
    names.into_iter().fold(Inputs::default(), |inputs, name| {
        let text = fs::read_to_string(folder.join(&name)).expect("schemas are UTF-8").replace("\r\n", "\n");
        inputs.and_text(name, text)
    })
}

fn report(checked: &Checked) -> String {
    render(Format::Human, &checked.findings, &checked.sources, false)
}

fn compare(path: &Path, actual: &str, stale: &mut String) {
    let expected = fs::read_to_string(path).map(|text| text.replace("\r\n", "\n")).ok();
    if expected.as_deref() == Some(actual) {
        return;
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none() {
        fs::write(path, actual).expect("the fixture is writable");
    } else {
        writeln!(stale, "{} is stale; the report now is\n{actual}", path.display()).expect("a string takes all");
    }
}

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder("tests/fixtures/combinations")).expect("the folder is readable");
    let mut cases: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    cases.sort();
    cases
}

#[test]
fn reports_on_combinations_are_as_expected() {
    let mut stale = String::new();
    let cases = cases();
    assert!(cases.len() >= 20, "the combinations are there");
    for case in &cases {
        let checked = check(&schemas(case));
        assert!(!checked.findings.is_empty(), "{} has nothing to say", case.display());
        compare(&case.join("expected.txt"), &report(&checked), &mut stale);
    }
    assert!(stale.is_empty(), "{stale}\nto renew the reports: {RENEW}");
}

#[test]
fn the_order_of_files_does_not_show() {
    for case in cases() {
        let forward = schemas(&case);
        let mut backward = forward.clone();
        backward.texts.reverse();
        assert_eq!(report(&check(&forward)), report(&check(&backward)), "{}", case.display());
    }
}

#[test]
fn each_break_of_the_shop_is_told() {
    let whole = schemas(&folder("schemas/shop"));
    let sound = check(&whole);
    assert!(sound.findings.is_empty(), "the shop is sound:\n{}", report(&sound));
    let mut stale = String::new();
    for (case, file, old, new) in BREAKS {
        let mut broken = whole.clone();
        let (_, text) = broken.texts.iter_mut().find(|(name, _)| name == file).expect("the shop has the file");
        assert!(text.contains(old), "{case}: the shop no longer says `{old}`");
        *text = text.replacen(old, new, 1);
        let checked = check(&broken);
        assert!(!checked.findings.is_empty(), "{case}: nothing is said");
        assert!(checked.findings.len() <= 2, "{case}: one mistake, one finding:\n{}", report(&checked));
        compare(&folder("tests/fixtures/shop_broken").join(format!("{case}.txt")), &report(&checked), &mut stale);
    }
    assert!(stale.is_empty(), "{stale}\nto renew the reports: {RENEW}");
}

#[test]
fn a_relation_with_several_targets_reads_its_discriminator() {
    let schema = "
models:
  Cash: { properties: { id: { type: integer, id: true }, walletId: integer } }
  CreditCard: { properties: { id: { type: integer, id: true }, walletId: integer } }
  Wallet:
    properties: { id: { type: integer, id: true } }
    relations: [{ hasOne: [CreditCard, Cash], name: means, discriminator: kind }]
";
    let checked = check(&Inputs::text("schema.yaml", schema));
    assert!(checked.findings.is_empty(), "{}", report(&checked));
    let graph = checked.graph.expect("it is sound");
    let wallet = graph.model(graph.find("Wallet").expect("declared"));
    let discriminator = wallet.relations[0].discriminator.expect("it leads to several");
    assert_eq!(wallet.property(discriminator).name, "kind");
    assert_eq!(wallet.properties.len(), 2, "no other discriminator is added");
}
