//! Statements about what lies within a row: embedded values, lists, and rows whose keys are listed.

use std::borrow::Cow;

use super::super::references::{KeyList, Reach};
use super::schema::{model, property, relation, select};
use super::*;
use crate::key::KeyValues;
use crate::meta::{Dialects, EmbeddedMeta, Kind, PropertyMeta, RelationKind};
use crate::model::{Input, Model};
use crate::row::Row;
use crate::value::Mismatch;

static PLACE: EmbeddedMeta = EmbeddedMeta {
    name: "Place",
    properties: &[
        property("city", Kind::String, true),
        property("price", Kind::Decimal, false),
        property("key", Kind::Uuid, false),
        property("open", Kind::Boolean, false),
        property("since", Kind::DateTime, false),
        property("inner", Kind::Embedded(&PLACE), false),
    ],
};

static MEMBER: ModelMeta = ModelMeta {
    rows: crate::rows::<Member>,
    ..model(
        "Member",
        "members",
        &[
            property("id", Kind::Integer, true),
            property("home", Kind::Embedded(&PLACE), false),
            PropertyMeta { list: true, ..property("places", Kind::Embedded(&PLACE), true) },
            PropertyMeta { list: true, ..property("tag_ids", Kind::Integer, true) },
            PropertyMeta { list: true, ..property("names", Kind::String, true) },
        ],
        &[relation("friends", RelationKind::ReferencesMany, &MEMBER, &[3], &[0])],
        select!("members"),
    )
};

/// A row with two keys in its list.
#[derive(Debug, Clone)]
struct Member;

impl Model for Member {
    type Id = i64;
    type New = Self;
    type Patch = Self;
    type With = Self;
    const META: &'static ModelMeta = &MEMBER;

    fn from_row(_: &mut Row<'_>) -> Result<Self, Mismatch> {
        Ok(Self)
    }

    fn value(&self, property: usize) -> Value<'_> {
        match property {
            0 => Value::Int(1),
            3 => Value::Json(Cow::Owned(serde_json::json!([2, 1]))),
            _ => Value::Unset,
        }
    }
}

impl Input for Member {
    type Model = Self;
    const FIELDS: &'static [usize] = &[];

    fn into_values(self) -> Vec<Value<'static>> {
        Vec::new()
    }

    fn from_row(_: &mut Row<'_>) -> Result<Self, Mismatch> {
        Ok(Self)
    }
}

fn embedded(property: usize, quantifier: Quantifier, condition: Expr) -> Expr {
    Expr::Embedded { property, quantifier, condition: Box::new(condition) }
}

pub(super) fn tasks() -> Asked {
    let find = |condition| Task::Load(Node::matching(&MEMBER, condition));
    let in_oslo = || compare(0, Comparison::Eq, text("Oslo"));
    let home = |condition| find(embedded(1, Quantifier::Any, condition));
    let since = || Expr::Null { property: 4, negated: true };
    let key = |value| compare(2, Comparison::Ne, Value::Uuid(uuid::Uuid::from_u128(value)));
    vec![
        ("whose home is in Oslo", home(in_oslo())),
        ("whose home has a price above 1", home(compare(1, Comparison::Gt, Value::Decimal(1.into())))),
        ("whose home has another key", home(key(7))),
        ("whose home is open", home(compare(3, Comparison::Eq, Value::Bool(true)))),
        ("whose home is known since some time", home(since())),
        ("whose home has an inner one in Oslo", home(embedded(5, Quantifier::Any, in_oslo()))),
        ("who have a place in Oslo", find(embedded(2, Quantifier::Any, in_oslo()))),
        ("who have no place in Oslo", find(embedded(2, Quantifier::None, in_oslo()))),
        ("all of whose places are in Oslo", find(embedded(2, Quantifier::All, in_oslo()))),
        ("who have a place", find(embedded(2, Quantifier::Any, Expr::All))),
        ("who list the key 7", find(Expr::Has { property: 3, value: Value::Int(7) })),
        ("who list the name Ann", find(Expr::Has { property: 4, value: text("Ann") })),
        ("who list a friend whose home is in Oslo", {
            find(related(&MEMBER, 0, Quantifier::Any, embedded(1, Quantifier::Any, in_oslo())))
        }),
        ("all of whose friends have a home in Oslo", {
            find(related(&MEMBER, 0, Quantifier::All, embedded(1, Quantifier::Any, in_oslo())))
        }),
        ("with the friends", including(&MEMBER, 0, |_| {})),
        ("with the first friend", including(&MEMBER, 0, |friends| friends.limit = Some(1))),
        (
            "with the friends but one, latest first",
            including(&MEMBER, 0, |friends| {
                friends.order = vec![Order::Property { property: 0, descending: true }];
                friends.offset = Some(1);
            }),
        ),
        (
            "with the second friend in Oslo, by number of friends and what these list",
            including(&MEMBER, 0, |friends| {
                friends.filter(embedded(1, Quantifier::Any, in_oslo()));
                friends.order = vec![Order::Count { count: count(&MEMBER, 0, |_| {}), descending: true }];
                (friends.limit, friends.offset) = (Some(1), Some(1));
                friends.include(include(&MEMBER, 0, |_| {}));
            }),
        ),
        ("with how many friends, at most three, and who have more than two in Oslo", {
            let mut node = Node::new(&MEMBER);
            let three = include(&MEMBER, 0, |friends| friends.limit = Some(3));
            node.include(Include { counted: true, ..three });
            let in_oslo = count(&MEMBER, 0, |friends| friends.filter(embedded(1, Quantifier::Any, in_oslo())));
            node.filter(Expr::Count { count: in_oslo, comparison: Comparison::Gt, number: Value::Int(2) });
            Task::Load(node)
        }),
    ]
}

/// What stands in the column of a list.
pub(super) const LIST: &str = "[2, 1]";

/// What is asked where a list is read by itself.
pub(super) fn lists() -> Asked {
    let order = vec![Order::Property { property: 0, descending: true }];
    let key = KeyValues::many(vec![Value::Int(7)]);
    let reach = Reach {
        list: KeyList { source: &MEMBER, relation: &MEMBER.relations[0], key },
        node: Node { order, limit: Some(2), ..Node::new(&MEMBER) },
    };
    vec![("what the list of one row leads to, latest first", Task::Reach(reach))]
}
