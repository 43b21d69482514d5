//! Relations through a link model: conditions along it, its rows with what they lead to, cuts for each parent.

use super::super::insert::Through;
use super::super::linking::{Act, Linking};
use super::super::write::{Update, Which};
use super::read::is_bob;
use super::schema::{SCHEMA, SHIFT, model, property, relation, select};
use super::*;
use crate::key::KeyValues;
use crate::meta::{Dialects, Form, Kind, RelationKind, ThroughMeta};

const fn through(
    name: &'static str,
    kind: RelationKind,
    target: &'static ModelMeta,
    to: &'static [usize],
    through: &'static ThroughMeta,
) -> RelationMeta {
    RelationMeta { form: Form::Through(through), ..relation(name, kind, target, &[0], to) }
}

/// A link with a row of its own for each meeting, also with nobody.
static COURSES: ThroughMeta = ThroughMeta {
    links: relation("student", RelationKind::HasMany, &LESSON, &[0], &[1]),
    target: RelationMeta { required: false, ..relation("course", RelationKind::BelongsTo, &COURSE, &[2], &[0]) },
    back: relation("course", RelationKind::HasMany, &LESSON, &[0], &[2]),
};

/// A link with one row for each pair, whose key they are.
static CLUBS: ThroughMeta = ThroughMeta {
    links: relation("student", RelationKind::HasMany, &MEMBERSHIP, &[0], &[0]),
    target: relation("course", RelationKind::BelongsTo, &COURSE, &[1], &[0]),
    back: relation("course", RelationKind::HasMany, &MEMBERSHIP, &[0], &[1]),
};

/// A link to a key of two parts.
static SHIFTS: ThroughMeta = ThroughMeta {
    links: relation("student", RelationKind::HasMany, &WATCH, &[0], &[1]),
    target: relation("shift", RelationKind::BelongsTo, &SHIFT, &[2, 3], &[0, 1]),
    back: relation("shift", RelationKind::HasMany, &WATCH, &[0, 1], &[2, 3]),
};

static STUDENT: ModelMeta = model(
    "Student",
    "students",
    &[property("id", Kind::Integer, true), property("name", Kind::String, true)],
    &[
        through("courses", RelationKind::HasMany, &COURSE, &[0], &COURSES),
        through("clubs", RelationKind::HasMany, &COURSE, &[0], &CLUBS),
        through("shifts", RelationKind::HasMany, &SHIFT, &[0, 1], &SHIFTS),
        through("favourite", RelationKind::HasOne, &COURSE, &[0], &COURSES),
    ],
    select!("students"),
);

static COURSE: ModelMeta = ModelMeta {
    soft_delete: Some(2),
    ..model(
        "Course",
        "courses",
        &[
            property("id", Kind::Integer, true),
            property("name", Kind::String, true),
            property("deleted_at", Kind::DateTime, false),
        ],
        &[],
        select!("courses"),
    )
};

static LESSON: ModelMeta = ModelMeta {
    soft_delete: Some(4),
    ..model(
        "Lesson",
        "lessons",
        &[
            property("id", Kind::Integer, true),
            property("student_id", Kind::Integer, false),
            property("course_id", Kind::Integer, false),
            property("day", Kind::Integer, true),
            property("deleted_at", Kind::DateTime, false),
        ],
        &[relation("student", RelationKind::BelongsTo, &STUDENT, &[1], &[0])],
        select!("lessons"),
    )
};

static MEMBERSHIP: ModelMeta = ModelMeta {
    key: &[0, 1],
    ..model(
        "Membership",
        "memberships",
        &[property("student_id", Kind::Integer, true), property("course_id", Kind::Integer, true)],
        &[relation("student", RelationKind::BelongsTo, &STUDENT, &[0], &[0])],
        select!("memberships"),
    )
};

static WATCH: ModelMeta = model(
    "Watch",
    "watches",
    &[
        property("id", Kind::Integer, true),
        property("student_id", Kind::Integer, true),
        property("shift_employee_id", Kind::Integer, true),
        property("shift_day", Kind::Date, true),
    ],
    &[],
    select!("watches"),
);

fn late() -> Expr {
    compare(3, Comparison::Gt, Value::Int(3))
}

fn by_name() -> Vec<Order> {
    vec![Order::Property { property: 1, descending: false }]
}

/// Students so many of whose live courses match, by live lessons or by late ones.
fn taught(quantifier: Quantifier, link: Expr) -> Task {
    let condition = COURSES.related(COURSES.rows().and(link), quantifier, [COURSE.live(), is_bob()]);
    Task::Load(Node::matching(&STUDENT, condition))
}

fn linking(act: Act) -> Task {
    let through =
        Through { source: &STUDENT, relation: &STUDENT.relations[0], key: KeyValues::many(vec![Value::Int(7)]) };
    Task::Linking(Linking { schema: &SCHEMA, through, act })
}

pub(super) fn tasks() -> Asked {
    let find = |condition| Task::Load(Node::matching(&STUDENT, condition));
    let with = |index, change: fn(&mut Node)| including(&STUDENT, index, change);
    let number = Value::Int(2);
    let seven = || KeyValues::many(vec![Value::Int(7)]);
    vec![
        ("any of whose courses matches", taught(Quantifier::Any, Expr::All)),
        ("none of whose courses matches", taught(Quantifier::None, Expr::All)),
        ("all of whose courses match", taught(Quantifier::All, Expr::All)),
        ("any of whose courses in late lessons matches", taught(Quantifier::Any, late())),
        ("all of whose courses in late lessons match", taught(Quantifier::All, late())),
        ("the courses of one student", Task::Load(Node::matching(&COURSE, COURSES.reached(COURSES.from(seven()))))),
        ("with the courses", with(0, |_| {})),
        (
            "with the courses of late lessons, by name",
            with(0, |courses| {
                courses.filter(is_bob());
                courses.filter_link(late());
                courses.order_by(by_name());
            }),
        ),
        (
            "with the first two courses of late lessons",
            with(0, |courses| {
                courses.filter(is_bob());
                courses.filter_link(late());
                courses.order_by(by_name());
                (courses.limit, courses.offset) = (Some(2), Some(1));
            }),
        ),
        ("with the courses by links of which a pair has one", with(1, |_| {})),
        ("with the first course by links of which a pair has one", with(1, |clubs| clubs.limit = Some(1))),
        ("with the shifts, by a key of two parts", with(2, |_| {})),
        ("with the first shift, by a key of two parts", with(2, |shifts| shifts.limit = Some(1))),
        ("with the one course", with(3, |_| {})),
        ("with lessons and their courses", with(0, Node::with_link)),
        (
            "with late lessons and their courses, deleted or not, by day and name",
            with(0, |courses| {
                courses.with_deleted();
                courses.with_link();
                courses.filter(is_bob());
                courses.filter_link(late());
                courses.order_by_link(vec![Order::Property { property: 3, descending: true }]);
                courses.order_by(by_name());
            }),
        ),
        (
            "with the first lesson and its course, by name",
            with(0, |courses| {
                courses.with_link();
                courses.order_by(by_name());
                courses.limit = Some(1);
            }),
        ),
        ("with how many courses, at most three, of late lessons", {
            let mut node = Node::new(&STUDENT);
            let courses = include(&STUDENT, 0, |courses| {
                courses.filter_link(late());
                courses.limit = Some(3);
            });
            node.include(Include { counted: true, ..courses });
            Task::Load(node)
        }),
        ("who have more than two clubs", {
            find(Expr::Count { count: count(&STUDENT, 1, |_| {}), comparison: Comparison::Gt, number: number.clone() })
        }),
        ("change links of students that have more than two of them", {
            let more = Expr::Count { count: count(&STUDENT, 0, |_| {}), comparison: Comparison::Gt, number };
            let condition = related(&LESSON, 0, Quantifier::Any, more);
            let mut values = vec![Value::Unset; 5];
            values[3] = Value::Int(1);
            let which = Which::All(condition);
            Task::Update(Update { schema: &SCHEMA, model: &LESSON, which, values, computed: Vec::new(), through: None })
        }),
        ("delete what is linked", linking(Act::Delete(is_bob()))),
    ]
}
