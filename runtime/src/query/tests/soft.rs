//! What is asked about rows that are deleted softly.

use super::super::write::{Delete, Update, Which};
use super::read::is_bob;
use super::schema::{SCHEMA, model, property, relation};
use super::written::delete;
use super::*;
use crate::key::KeyValues;
use crate::meta::{Dialects, Kind, ModelSql, RelationKind};

static NOTE: ModelMeta = ModelMeta {
    soft_delete: Some(3),
    sql: ModelSql {
        select: Dialects {
            sqlite: r#"SELECT t0."id", t0."text", t0."parent_id", t0."deleted_at" FROM "notes" AS t0"#,
            postgres: r#"SELECT t0."id", t0."text", t0."parent_id", t0."deleted_at" FROM "notes" AS t0"#,
            mysql: "SELECT t0.`id`, t0.`text`, t0.`parent_id`, t0.`deleted_at` FROM `notes` AS t0",
        },
        delete_by_key: Dialects::same("emitted"),
        ..ModelSql::NONE
    },
    ..model(
        "Note",
        "notes",
        &[
            property("id", Kind::Integer, true),
            property("text", Kind::String, true),
            property("parent_id", Kind::Integer, false),
            property("deleted_at", Kind::DateTime, false),
        ],
        &[
            relation("parent", RelationKind::BelongsTo, &NOTE, &[2], &[0]),
            relation("replies", RelationKind::HasMany, &NOTE, &[0], &[2]),
        ],
        Dialects::same(""),
    )
};

fn update(property: usize, value: Value<'static>, condition: Expr) -> Task {
    let mut values = vec![Value::Unset; 4];
    values[property] = value;
    let mut task = Task::Update(Update {
        schema: &SCHEMA,
        model: &NOTE,
        which: Which::All(condition),
        values,
        computed: Vec::new(),
        through: None,
    });
    task.prepare().expect("such a change is allowed");
    task
}

fn replied(quantifier: Quantifier, among: Expr) -> Expr {
    let condition = Box::new(is_bob());
    Expr::Related { relation: &NOTE.relations[1], quantifier, among: Box::new(among), condition }
}

pub(super) fn tasks() -> Asked {
    let deleted_too = || {
        let mut node = Node::matching(&NOTE, is_bob());
        node.with_deleted();
        node
    };
    let key = KeyValues::many(vec![Value::Int(7)]);
    vec![
        ("live rows", Task::Load(Node::matching(&NOTE, is_bob()))),
        ("deleted ones too", Task::Load(deleted_too())),
        (
            "in the order of the live parents",
            Task::Load(Node {
                order: vec![Order::related(
                    &NOTE.relations[0],
                    Node::new(&NOTE),
                    Order::Property { property: 1, descending: true },
                )],
                ..Node::new(&NOTE)
            }),
        ),
        ("how many are live", Task::Count(Node::new(&NOTE))),
        ("with the parent, if it is live", including(&NOTE, 0, |_| {})),
        ("with the parent, deleted or not", including(&NOTE, 0, Node::with_deleted)),
        ("with the first three live replies", including(&NOTE, 1, |replies| replies.limit = Some(3))),
        ("all of whose live replies match", Task::Load(Node::matching(&NOTE, replied(Quantifier::All, NOTE.live())))),
        ("any of whose replies matches", Task::Load(Node::matching(&NOTE, replied(Quantifier::Any, Expr::All)))),
        ("change many live ones", update(1, text("Ann"), is_bob())),
        ("restore many", update(3, Value::Null, is_bob())),
        ("delete one softly", Task::Delete(Delete { schema: &SCHEMA, model: &NOTE, which: Which::Key(key) })),
        ("delete many softly", delete(&NOTE, is_bob())),
        ("delete many softly, by others of the same table", delete(&NOTE, replied(Quantifier::Any, NOTE.live()))),
    ]
}
