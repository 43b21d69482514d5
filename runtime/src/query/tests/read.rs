//! What is read: conditions, orders, cuts, counts and direct relations.

use super::schema::{EMPLOYEE, SHIFT};
use super::*;

/// Of models whose second property is a name.
pub(super) fn is_bob() -> Expr {
    compare(1, Comparison::Eq, text("Bob"))
}

fn like(pattern: &str, fold: bool, negated: bool) -> Expr {
    Expr::Like { property: 1, pattern: pattern.to_owned(), fold, negated }
}

fn list(values: &[i64], negated: bool) -> Expr {
    Expr::List { property: 2, values: values.iter().copied().map(Value::Int).collect(), negated }
}

/// By what the boss is called, if there is one, and by how many of that one's staff are called Bob.
fn by_the_boss() -> Vec<Order> {
    let relation = &EMPLOYEE.relations[0];
    let staff = count(&EMPLOYEE, 1, |staff| staff.filter(is_bob()));
    let named = Order::Property { property: 1, descending: false };
    vec![
        Order::related(relation, Node::new(relation.target), named),
        Order::related(relation, Node::matching(&EMPLOYEE, is_bob()), Order::Count { count: staff, descending: true }),
    ]
}

fn by_boss_and_name() -> Vec<Order> {
    vec![Order::Property { property: 2, descending: true }, Order::Property { property: 1, descending: false }]
}

/// With the number of staff called Bob, of those with more than two shifts, in the order of them.
fn counting() -> Task {
    let mut node = Node::new(&EMPLOYEE);
    let staff = include(&EMPLOYEE, 1, |staff| staff.filter(is_bob()));
    node.include(Include { counted: true, ..staff });
    let number = Value::Int(2);
    node.filter(Expr::Count { count: count(&EMPLOYEE, 2, |_| {}), comparison: Comparison::Gt, number });
    node.order.push(Order::Count { count: count(&EMPLOYEE, 2, |_| {}), descending: true });
    Task::Load(node)
}

pub(super) fn tasks() -> Asked {
    let find = |condition| Task::Load(Node::matching(&EMPLOYEE, condition));
    let cut = || Node { limit: Some(20), offset: Some(40), ..Node::matching(&EMPLOYEE, is_bob()) };
    let no_boss = || Expr::Null { property: 2, negated: false };
    let bosses_bob = || related(&EMPLOYEE, 0, Quantifier::Any, is_bob());
    let minutes = || compare(3, Comparison::Gt, Value::Int(30));
    vec![
        (
            "and, or, not",
            find(Expr::And(vec![
                Expr::Or(vec![is_bob(), no_boss()]),
                Expr::Not(Box::new(compare(0, Comparison::Le, Value::Int(7)))),
            ])),
        ),
        ("one of a list", find(list(&[1, 2], false))),
        ("none of a list", find(list(&[1, 2], true))),
        ("one of an empty list", find(list(&[], false))),
        ("like", find(like("B%", false, false))),
        ("not like", find(like("B%", false, true))),
        ("ilike", find(like("b%", true, false))),
        (
            "order by an optional column, by a required one",
            Task::Load(Node { order: by_boss_and_name(), ..Node::new(&EMPLOYEE) }),
        ),
        (
            "order by the boss, by name and then by the number of staff, the largest first",
            Task::Load(Node { order: by_the_boss(), ..cut() }),
        ),
        ("limit and offset", Task::Load(cut())),
        ("offset alone", Task::Load(Node { offset: Some(5), ..Node::new(&EMPLOYEE) })),
        ("count of what is cut", Task::Count(cut())),
        ("whether there is one", Task::Exists(Node::matching(&EMPLOYEE, is_bob()))),
        ("whose boss is called Bob", find(bosses_bob())),
        (
            "none of whose shifts has a long break",
            find(related(&EMPLOYEE, 2, Quantifier::None, related(&SHIFT, 0, Quantifier::Any, minutes()))),
        ),
        ("all of whose staff are called Bob", find(related(&EMPLOYEE, 1, Quantifier::All, is_bob()))),
        ("with how many of the staff are called Bob, if there are more than two shifts, and by these", counting()),
        (
            "the three of each staff with the most shifts, and how many of these after the first, at most four",
            including(&EMPLOYEE, 1, |staff| {
                staff.order = vec![Order::Count { count: count(&EMPLOYEE, 2, |_| {}), descending: true }];
                staff.limit = Some(3);
                let shifts = include(&EMPLOYEE, 2, |shifts| {
                    shifts.offset = Some(1);
                    shifts.limit = Some(4);
                });
                staff.include(Include { counted: true, ..shifts });
                staff.include(include(&EMPLOYEE, 0, |_| {}));
            }),
        ),
        ("with the boss", including(&EMPLOYEE, 0, |_| {})),
        ("with the boss, if called Bob", including(&EMPLOYEE, 0, |boss| boss.filter(is_bob()))),
        ("with the staff", including(&EMPLOYEE, 1, |staff| staff.filter(is_bob()))),
        (
            "with the first three of the staff",
            including(&EMPLOYEE, 1, |staff| {
                staff.filter(is_bob());
                staff.order = by_boss_and_name();
                staff.limit = Some(3);
                staff.offset = Some(1);
                staff.include(include(&EMPLOYEE, 0, |_| {}));
            }),
        ),
        ("with the breaks, by a key of two parts", including(&SHIFT, 0, |_| {})),
        ("with the first break, by a key of two parts", including(&SHIFT, 0, |breaks| breaks.limit = Some(1))),
    ]
}
