//! Relations to one of several models, and the answers to them.

use super::super::choice::{Chooser, Unchoose};
use super::read::is_bob;
use super::schema::{BREAK, EMPLOYEE, SCHEMA, model, property, relation, select};
use super::*;
use crate::key::KeyValues;
use crate::meta::{Dialects, Form, Kind, Named, RelationKind, Side, ThroughMeta};

/// What stands in every column that is read, the discriminator's among them.
pub(super) const NAME: &str = "Photo";

const fn named(side: Side, property: usize, value: &'static str, plain: RelationMeta) -> RelationMeta {
    RelationMeta { form: Form::Named(Named { side, property, value }), strong: false, required: false, ..plain }
}

const fn whole(arms: &'static [RelationMeta], kind: RelationKind, first: RelationMeta) -> RelationMeta {
    RelationMeta { form: Form::Polymorphic(arms), kind, strong: false, required: false, ..first }
}

static SUBJECTS: [RelationMeta; 2] = [
    named(Side::Source, 3, "Employee", relation("subject", RelationKind::BelongsTo, &EMPLOYEE, &[2], &[0])),
    named(Side::Source, 3, "Photo", relation("subject", RelationKind::BelongsTo, &PHOTO, &[2], &[0])),
];

/// It is about an employee or a photo.
static REMARK: ModelMeta = model(
    "Remark",
    "remarks",
    &[
        property("id", Kind::Integer, true),
        property("text", Kind::String, true),
        property("subject_id", Kind::Integer, false),
        property("subject_type", Kind::String, false),
    ],
    &[whole(&SUBJECTS, RelationKind::BelongsTo, relation("subject", RelationKind::BelongsTo, &EMPLOYEE, &[2], &[0]))],
    select!("remarks"),
);

static FRAMES: [RelationMeta; 2] = [
    named(Side::Source, 1, "Break", relation("frame", RelationKind::HasOne, &BREAK, &[0], &[3])),
    named(Side::Source, 1, "Photo", relation("frame", RelationKind::HasOne, &PHOTO, &[0], &[2])),
];

static SHOWN: [RelationMeta; 2] = [to_shown(&EMPLOYEE, &TO_EMPLOYEES), to_shown(&PHOTO, &TO_PHOTOS)];

const fn to_shown(target: &'static ModelMeta, through: &'static ThroughMeta) -> RelationMeta {
    RelationMeta {
        form: Form::Through(through),
        strong: false,
        includable: true,
        required: false,
        ..relation("shown", RelationKind::HasMany, target, &[0], &[0])
    }
}

static TO_EMPLOYEES: ThroughMeta = ThroughMeta {
    links: relation("photo", RelationKind::HasMany, &SHOWING, &[0], &[1]),
    target: named(Side::Source, 3, "Employee", relation("shown", RelationKind::BelongsTo, &EMPLOYEE, &[2], &[0])),
    back: named(Side::Target, 3, "Employee", relation("shown", RelationKind::HasMany, &SHOWING, &[0], &[2])),
};

static TO_PHOTOS: ThroughMeta = ThroughMeta {
    links: relation("photo", RelationKind::HasMany, &SHOWING, &[0], &[1]),
    target: named(Side::Source, 3, "Photo", relation("shown", RelationKind::BelongsTo, &PHOTO, &[2], &[0])),
    back: named(Side::Target, 3, "Photo", relation("shown", RelationKind::HasMany, &SHOWING, &[0], &[2])),
};

/// Remarks are about it; it has a frame of one of two models, and shows employees and photos.
static PHOTO: ModelMeta = ModelMeta {
    soft_delete: Some(3),
    ..model(
        "Photo",
        "photos",
        &[
            property("id", Kind::Integer, true),
            property("frame_type", Kind::String, false),
            property("photo_id", Kind::Integer, false),
            property("deleted_at", Kind::DateTime, false),
        ],
        &[
            named(Side::Target, 3, "Photo", relation("remarks", RelationKind::HasMany, &REMARK, &[0], &[2])),
            whole(&FRAMES, RelationKind::HasOne, relation("frame", RelationKind::HasOne, &BREAK, &[0], &[3])),
            whole(&SHOWN, RelationKind::HasMany, relation("shown", RelationKind::HasMany, &EMPLOYEE, &[0], &[0])),
        ],
        select!("photos"),
    )
};

static SHOWING: ModelMeta = model(
    "Showing",
    "showings",
    &[
        property("id", Kind::Integer, true),
        property("photo_id", Kind::Integer, true),
        property("shown_id", Kind::Integer, true),
        property("shown_type", Kind::String, true),
    ],
    &[],
    select!("showings"),
);

fn of(arm: &'static RelationMeta, quantifier: Quantifier, condition: Expr) -> Expr {
    let among = Box::new(arm.target.live());
    Expr::Related { relation: arm, quantifier, among, condition: Box::new(condition) }
}

fn unchoose(arm: Option<&'static RelationMeta>) -> Task {
    let key = KeyValues::many(vec![Value::Int(7)]);
    let chooser = Chooser { schema: &SCHEMA, source: &PHOTO, relation: &PHOTO.relations[1], key };
    Task::Unchoose(Unchoose { chooser, arm })
}

pub(super) fn tasks() -> Asked {
    let find = |model, condition| Task::Load(Node::matching(model, condition));
    let is_a = || compare(1, Comparison::Eq, text("a"));
    vec![
        ("about an employee called Bob", find(&REMARK, of(&SUBJECTS[0], Quantifier::Any, is_bob()))),
        (
            "about a photo, and not about such",
            find(&REMARK, {
                Expr::Not(Box::new(of(&SUBJECTS[1], Quantifier::Any, is_a()))).and(of(
                    &SUBJECTS[1],
                    Quantifier::Any,
                    Expr::All,
                ))
            }),
        ),
        ("with the subject, which is a photo", including(&REMARK, 0, |_| {})),
        (
            "with the subject, which is such a photo, and its remarks",
            including(&REMARK, 0, |subject| {
                let photo = &mut subject.arms[1].node;
                photo.filter(compare(1, Comparison::Eq, text("a")));
                photo.include(include(&PHOTO, 0, |_| {}));
            }),
        ),
        (
            "the subject of one remark",
            Task::Access {
                source: &REMARK,
                relation: &REMARK.relations[0],
                key: KeyValues::many(vec![Value::Int(7)]),
                node: Node::of(&REMARK.relations[0]),
            },
        ),
        ("with the remarks about it", including(&PHOTO, 0, |remarks| remarks.filter(is_bob()))),
        ("with the first remark about it", including(&PHOTO, 0, |remarks| remarks.limit = Some(1))),
        ("all of whose remarks match", find(&PHOTO, related(&PHOTO, 0, Quantifier::All, is_bob()))),
        ("with the frame, which is a photo", including(&PHOTO, 1, |_| {})),
        ("in a frame that is a photo", find(&PHOTO, of(&FRAMES[1], Quantifier::Any, is_a()))),
        ("with what it shows", including(&PHOTO, 2, |_| {})),
        (
            "with the first that it shows of each model",
            including(&PHOTO, 2, |shown| {
                shown.arms.iter_mut().for_each(|arm| arm.node.limit = Some(1));
            }),
        ),
        ("showing an employee called Bob", {
            let [links, target] = [TO_EMPLOYEES.rows(), EMPLOYEE.live()];
            find(&PHOTO, TO_EMPLOYEES.related(links, Quantifier::Any, [target, is_bob()]))
        }),
        ("delete the frame, where it is a photo", unchoose(Some(&FRAMES[1]))),
        ("delete the frame, of whatever model", unchoose(None)),
    ]
}

/// What is asked where rows are counted.
pub(super) fn counted() -> Asked {
    let mut node = Node::new(&PHOTO);
    node.include(Include { counted: true, ..include(&PHOTO, 0, |_| {}) });
    node.order.push(Order::Count { count: count(&PHOTO, 0, |remarks| remarks.filter(is_bob())), descending: true });
    vec![("with how many remarks about it, in the order of some of them", Task::Load(node))]
}
