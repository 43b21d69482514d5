//! What is read from a place on, and what is locked as it is read.

use super::read::is_bob;
use super::schema::{EMPLOYEE, SHIFT};
use super::*;
use crate::query::lock::{Lock, Strength, Wait};

fn by(property: usize, descending: bool) -> Order {
    Order::Property { property, descending }
}

/// Ten rows after that place, by these terms and then the primary key.
fn after(model: &'static ModelMeta, order: Vec<Order>, values: Vec<Value<'static>>, with_it: bool) -> Task {
    let mut node = Node { order, limit: Some(10), ..Node::new(model) };
    node.order_totally().expect("the terms can be compared");
    assert_eq!(node.order.len(), values.len());
    // The recorder answers numbers alone.
    node.told.retain(|term| matches!(term, Order::Count { .. }));
    node.go_on(values, with_it);
    Task::Load(node)
}

fn locked(strength: Strength, wait: Wait) -> Node {
    let lock = Some(Lock { strength: Some(strength), wait });
    Node { lock, ..Node::matching(&EMPLOYEE, is_bob()) }
}

pub(super) fn tasks() -> Asked {
    let employees = |order, values| after(&EMPLOYEE, order, values, false);
    let seven = || Value::Int(7);
    let boss = |descending| {
        let relation = &EMPLOYEE.relations[0];
        Order::related(relation, Node::new(relation.target), by(1, descending))
    };
    vec![
        ("after a key", employees(vec![], vec![seven()])),
        ("from a key on, backwards", after(&EMPLOYEE, vec![by(0, true)], vec![seven()], true)),
        ("after a key of two parts", after(&SHIFT, vec![], vec![seven(), seven()], false)),
        ("after a name, then by key", employees(vec![by(1, false)], vec![text("Bob"), seven()])),
        ("after a name, descending, then by key", employees(vec![by(1, true)], vec![text("Bob"), seven()])),
        ("after what is optional", employees(vec![by(2, false)], vec![seven(), seven()])),
        ("after what is optional, descending", employees(vec![by(2, true)], vec![seven(), seven()])),
        ("after NULL", employees(vec![by(2, false)], vec![Value::Null, seven()])),
        ("after NULL, descending", employees(vec![by(2, true)], vec![Value::Null, seven()])),
        (
            "after the name of a boss, and by how many shifts",
            employees(
                vec![boss(true), Order::Count { count: count(&EMPLOYEE, 2, |_| {}), descending: false }],
                vec![Value::Null, seven(), seven()],
            ),
        ),
        ("locked", Task::Load(locked(Strength::Update, Wait::Always))),
        ("locked but for the key, without those that are", Task::Load(locked(Strength::NoKeyUpdate, Wait::Skip))),
        ("shared, at once, with the boss", {
            let mut node = locked(Strength::Share, Wait::Never);
            node.include(include(&EMPLOYEE, 0, |_| {}));
            Task::Load(node)
        }),
    ]
}
