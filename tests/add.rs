//! What `relata add` writes: every kind of relation, in block layout, in braces and in JSON.

mod layouts;

use std::fs;
use std::process::{Command, Output};

use relata_compiler::edit::{self, AddError, NewRelation, Through};
use relata_compiler::graph::RelationKind;
use relata_compiler::{Inputs, check};
use serde_json::{Value, json};

use layouts::{flow, rewritten_as};

/// Comments in every place where one can stand.
const SHOP: &str = "\
# The shop.
models: # all of them
  # who buys
  Customer: # a person
    # of what
    properties: # parts
      id: { type: integer, id: true, generated: true } # counted
      # as on the card
      name: string

  Order:
    properties:
      id: { type: integer, id: true, generated: true }
      buyerId: integer
    relations: # of an order
      # what is in it
      - hasMany: OrderItem # one a line
        name: items

  # between the two
  OrderItem:
    properties:
      id: { type: integer, id: true, generated: true }
    relations:
      - belongsTo: Order
        required: true
      - belongsTo: Product
    # nothing follows

  Product:
    properties:
      id: { type: integer, id: true, generated: true }
    relations: []
  Tag: { properties: { id: { type: integer, id: true } } }
  Post: { properties: { id: { type: integer, id: true } } }
  Photo: { properties: { id: { type: integer, id: true } } }
  Comment: { properties: { id: { type: integer, id: true } }, relations: } # of a post or a photo
  Address: { abstract: true, properties: { street: string } }
# the end
";

/// Relations that the shop takes, with what is written for each.
fn relations() -> Vec<(NewRelation, Value)> {
    let new = |kind, source: &str, targets: &[&str]| {
        NewRelation::new(kind, source, targets.iter().map(|name| (*name).to_owned()).collect())
    };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    vec![
        (
            NewRelation {
                required: true,
                on_delete: Some("cascade".into()),
                ..new(RelationKind::BelongsTo, "Order", &["Customer"])
            },
            json!({ "belongsTo": "Customer", "required": true, "onDelete": "cascade" }),
        ),
        (
            NewRelation { key_from: words(&["buyerId"]), ..new(RelationKind::BelongsTo, "Order", &["Customer"]) },
            json!({ "belongsTo": "Customer", "keyFrom": "buyerId" }),
        ),
        (
            NewRelation {
                name: Some("invoice".into()),
                key_to: words(&["buyerId"]),
                ..new(RelationKind::HasOne, "Customer", &["Order"])
            },
            json!({ "hasOne": "Order", "name": "invoice", "keyTo": "buyerId" }),
        ),
        (
            NewRelation { key_to: words(&["buyerId"]), ..new(RelationKind::HasMany, "Customer", &["Order"]) },
            json!({ "hasMany": "Order", "keyTo": "buyerId" }),
        ),
        (
            NewRelation {
                through: Some(Through { model: "OrderItem".into(), key_from: vec![], key_to: vec![] }),
                ..new(RelationKind::HasMany, "Order", &["Product"])
            },
            json!({ "hasMany": "Product", "through": "OrderItem" }),
        ),
        (
            NewRelation {
                through: Some(Through {
                    model: "OrderItem".into(),
                    key_from: words(&["productId"]),
                    key_to: words(&["orderId"]),
                }),
                ..new(RelationKind::HasMany, "Product", &["Order"])
            },
            json!({ "hasMany": "Order", "through": { "model": "OrderItem", "keyFrom": "productId", "keyTo": "orderId" } }),
        ),
        (new(RelationKind::ReferencesMany, "Post", &["Tag"]), json!({ "referencesMany": "Tag" })),
        (new(RelationKind::EmbedsOne, "Customer", &["Address"]), json!({ "embedsOne": "Address" })),
        (new(RelationKind::EmbedsMany, "Order", &["Address"]), json!({ "embedsMany": "Address" })),
        (
            NewRelation { name: Some("subject".into()), ..new(RelationKind::BelongsTo, "Comment", &["Post", "Photo"]) },
            json!({ "belongsTo": ["Post", "Photo"], "name": "subject" }),
        ),
    ]
}

/// The shop in block layout, in braces, in JSON, and with the line ends of another system.
fn shops() -> Vec<Inputs> {
    let block = Inputs::text("shop.yaml", SHOP);
    let braces = rewritten_as(&block, "yaml", flow).expect("the shop is well formed");
    let json = rewritten_as(&block, "json", layouts::json).expect("the shop is well formed");
    vec![block, braces, json, Inputs::text("shop.yaml", format!("\u{feff}{}", SHOP.replace('\n', "\r\n")))]
}

fn parsed(text: &str) -> Value {
    serde_yaml_original::from_str(text.trim_start_matches('\u{feff}')).expect("what is written is well formed")
}

#[test]
fn every_kind_is_written_in_every_layout() {
    for inputs in shops() {
        let before = &inputs.texts[0].1;
        for (relation, expected) in relations() {
            let added = edit::add(&inputs, &relation, None).expect("the models are there");
            assert!(!added.breaks(), "{relation:?}: {:?}", added.wrong);
            let [file] = added.files.as_slice() else { panic!("one file changes: {relation:?}") };
            assert_eq!(file.before, *before);

            let mut wanted = parsed(before);
            let relations = &mut wanted["models"][&relation.source]["relations"];
            if !relations.is_array() {
                *relations = json!([]);
            }
            relations.as_array_mut().expect("a list").push(expected);
            assert_eq!(parsed(&file.after), wanted, "{}", file.after);

            assert_eq!(file.after.contains('\r'), before.contains('\r'));
            assert_eq!(file.after.matches("\r\n").count(), file.after.matches('\r').count());
            assert_eq!(file.after.starts_with('\u{feff}'), before.starts_with('\u{feff}'));
            let comments = |text: &str| {
                text.lines().filter_map(|line| Some(line.split_once('#')?.1.to_owned())).collect::<Vec<_>>()
            };
            assert_eq!(comments(&file.after), comments(before));
            assert!(lines_stay(before, &file.after), "{}", file.after);

            let again =
                edit::add(&Inputs::text("shop.yaml", &file.after), &relation, None).expect("the models are there");
            assert!(again.files.is_empty(), "it is there already: {:?}", again.files);
        }
    }
}

/// Whether every line of a text is in the other, in order, but for one that something was put into.
fn lines_stay(before: &str, after: &str) -> bool {
    let diff = similar::TextDiff::from_lines(before, after);
    diff.iter_all_changes().filter(|change| change.tag() == similar::ChangeTag::Delete).count() <= 1
}

#[test]
fn layouts_are_followed() {
    let written = |inputs: &Inputs, relation: &NewRelation| {
        let added = edit::add(inputs, relation, None).expect("the models are there");
        added.files.into_iter().next().expect("a file changes").after
    };
    let relation = NewRelation { required: true, ..NewRelation::new(RelationKind::BelongsTo, "A", vec!["A".into()]) };
    let model = "models:\n  A:\n    properties: { id: { type: integer, id: true } }\n";
    for (before, after) in [
        // Dashes as far in as the file's other ones, and braces where the items have braces.
        (
            "    relations:\n    - hasMany: A\n      keyTo: aId # here\n",
            "    relations:\n    - hasMany: A\n      keyTo: aId # here\n    - belongsTo: A\n      required: true\n",
        ),
        (
            "    relations:\n      -   hasMany: A\n          keyTo: aId\n",
            "    relations:\n      -   hasMany: A\n          keyTo: aId\n      -   belongsTo: A\n          required: true\n",
        ),
        (
            "    relations:\n      - { hasMany: A, keyTo: aId } # here\n    table: b\n",
            "    relations:\n      - { hasMany: A, keyTo: aId } # here\n      - { belongsTo: A, required: true }\n    table: b\n",
        ),
        (
            "    relations: [{ hasMany: A, keyTo: aId }]\n",
            "    relations: [{ hasMany: A, keyTo: aId }, { belongsTo: A, required: true }]\n",
        ),
        (
            "    relations: [\n      { hasMany: A, keyTo: aId }, # here\n    ]\n",
            "    relations: [\n      { hasMany: A, keyTo: aId }, # here\n      { belongsTo: A, required: true },\n    ]\n",
        ),
        ("    relations: # none yet\n", "    relations: # none yet\n      - belongsTo: A\n        required: true\n"),
        ("    table: b", "    relations:\n      - belongsTo: A\n        required: true\n    table: b"),
    ] {
        let inputs = Inputs::text("a.yaml", format!("{model}{before}"));
        assert_eq!(written(&inputs, &relation), format!("{model}{after}"));
    }
}

#[test]
fn the_other_direction_is_proposed_and_written() {
    let inputs = Inputs::text("shop.yaml", SHOP);
    let relation = NewRelation {
        key_from: vec!["buyerId".into()],
        ..NewRelation::new(RelationKind::BelongsTo, "Order", vec!["Customer".into()])
    };
    let added = edit::add(&inputs, &relation, None).expect("the models are there");
    let inverse = NewRelation {
        key_to: vec!["buyerId".into()],
        ..NewRelation::new(RelationKind::HasMany, "Customer", vec!["Order".into()])
    };
    assert_eq!(added.inverse, [inverse]);

    let both = edit::add(&inputs, &relation, Some(Some("purchases"))).expect("the models are there");
    assert!(both.inverse.is_empty() && !both.breaks());
    let value = parsed(&both.files[0].after);
    let customer = json!([{ "hasMany": "Order", "name": "purchases", "keyTo": "buyerId" }]);
    assert_eq!(value["models"]["Customer"]["relations"], customer);
    assert_eq!(value["models"]["Order"]["relations"][1], json!({ "belongsTo": "Customer", "keyFrom": "buyerId" }));

    // Where one side is there, it is not proposed again.
    let one = Inputs::text("shop.yaml", &added.files[0].after);
    let back = edit::add(&one, &added.inverse[0], None).expect("the models are there");
    assert!(back.inverse.is_empty() && !back.files.is_empty());

    let subject = NewRelation {
        name: Some("subject".into()),
        ..NewRelation::new(RelationKind::BelongsTo, "Comment", vec!["Post".into(), "Photo".into()])
    };
    let answers = edit::add(&inputs, &subject, Some(None)).expect("the models are there");
    let value = parsed(&answers.files[0].after);
    for model in ["Post", "Photo"] {
        assert_eq!(value["models"][model]["relations"], json!([{ "hasMany": "Comment", "polymorphic": "subject" }]));
    }
    let embedded = NewRelation::new(RelationKind::EmbedsOne, "Customer", vec!["Address".into()]);
    assert!(matches!(edit::add(&inputs, &embedded, Some(None)), Err(AddError::NoInverse(RelationKind::EmbedsOne))));
}

#[test]
fn the_key_that_can_only_be_meant_is_written() {
    let text = SHOP.replace(
        "    relations: # of an order\n",
        "    relations: # of an order\n      - belongsTo: Customer\n        keyFrom: buyerId\n",
    );
    let relation = NewRelation::new(RelationKind::HasMany, "Customer", vec!["Order".into()]);
    let added = edit::add(&Inputs::text("shop.yaml", text), &relation, None).expect("the models are there");
    assert_eq!(added.made.iter().map(|made| made.code.code).collect::<Vec<_>>(), ["key-needs-key-to"]);
    let value = parsed(&added.files[0].after);
    assert_eq!(value["models"]["Customer"]["relations"], json!([{ "hasMany": "Order", "keyTo": "buyerId" }]));
}

#[test]
fn models_repeated_by_aliases_are_left_alone() {
    let text = "models:\n  A: &a\n    properties: { id: { type: integer, id: true } }\n  B: *a\n";
    for model in ["A", "B"] {
        let relation = NewRelation::new(RelationKind::HasMany, model, vec!["B".into()]);
        assert!(
            matches!(edit::add(&Inputs::text("a.yaml", text), &relation, None), Err(AddError::NoPlace(_))),
            "{model}"
        );
    }
}

fn relata(folder: &std::path::Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relata"));
    command.args(arguments).current_dir(folder).output().expect("the program runs")
}

#[test]
fn the_program_writes_several_files_or_none() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file can be written");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file can be read");
    fs::create_dir(folder.path().join("schemas")).expect("a folder can be made");
    let customer = "models:\n  Customer:\n    properties: { id: { type: integer, id: true } }\n";
    let order = "models:\n  Order: # what is bought\n    properties: { id: { type: integer, id: true } }\n";
    write("schemas/customer.yaml", customer);
    write("schemas/order.yaml", order);

    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let ran = relata(folder.path(), &["add", "hasMany", "Customer", "Order"]);
    assert_eq!(ran.status.code(), Some(1), "{}", said(&ran));
    assert!(said(&ran).contains("error[unknown-key-property]") && said(&ran).contains("--inverse"), "{}", said(&ran));
    let ran = relata(folder.path(), &["add", "hasMany", "Custmer", "Order"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(said(&ran).contains("did you mean `Customer`?"), "{}", said(&ran));
    let ran = relata(folder.path(), &["add", "hasMany", "Customer", "Order", "--dry-run", "--inverse", "schemas"]);
    assert_eq!(ran.status.code(), Some(0), "what follows `--inverse` is a path, no name: {}", said(&ran));
    assert!(String::from_utf8_lossy(&ran.stdout).contains("+++ b/schemas/order.yaml"));
    assert_eq!((read("schemas/customer.yaml"), read("schemas/order.yaml")), (customer.into(), order.into()));

    let ran = relata(folder.path(), &["add", "belongsTo", "Order", "Customer", "--required"]);
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
    assert!(ran.stdout.is_empty());
    assert!(said(&ran).contains("+      - belongsTo: Customer\n+        required: true"), "{}", said(&ran));
    let proposal = "the other direction: relata add hasMany Customer Order";
    assert!(said(&ran).contains(proposal), "{}", said(&ran));
    let words: Vec<_> = proposal.split_whitespace().skip(4).collect();
    assert_eq!(relata(folder.path(), &words).status.code(), Some(0));
    assert_eq!(read("schemas/customer.yaml"), format!("{customer}    relations:\n      - hasMany: Order\n"));
    assert_eq!(
        read("schemas/order.yaml"),
        format!("{order}    relations:\n      - belongsTo: Customer\n        required: true\n")
    );
    let ran = relata(folder.path(), &words);
    assert_eq!((ran.status.code(), said(&ran).as_str()), (Some(0), "`Customer` has this relation already\n"));
    let path = folder.path().join("schemas").to_string_lossy().into_owned();
    assert!(check(&Inputs::paths([path])).graph.is_some());
}
