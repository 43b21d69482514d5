//! What is changed, stored and deleted.

use super::super::insert::{Batch, Insert};
use super::super::write::{Delete, Update, Which};
use super::read::is_bob;
use super::schema::{BOARD, BREAK, EMPLOYEE, SCHEMA, SHIFT};
use super::*;
use crate::key::KeyValues;

fn patch(which: Which) -> Task {
    let mut values = vec![Value::Unset; 4];
    values[1] = text("Ann");
    Task::Update(Update { schema: &SCHEMA, model: &EMPLOYEE, which, values, computed: Vec::new(), through: None })
}

/// Boards get another code.
fn recode(which: Which) -> Task {
    Task::Update(Update {
        schema: &SCHEMA,
        model: &BOARD,
        which,
        values: vec![Value::Unset, text("b")],
        computed: Vec::new(),
        through: None,
    })
}

pub(super) fn delete(model: &'static ModelMeta, condition: Expr) -> Task {
    Task::Delete(Delete { schema: &SCHEMA, model, which: Which::All(condition) })
}

/// Two employees, of whom the second has three shifts with a break each.
fn staff_with_shifts() -> Task {
    let row = |model: &ModelMeta| vec![Value::Unset; model.properties.len()];
    let mut staff = Batch::one(row(&EMPLOYEE));
    staff.push(row(&EMPLOYEE));
    let mut shifts = Batch::default();
    for _ in 0..3 {
        shifts.push(row(&SHIFT));
        shifts.branch(&SHIFT, 0, &SHIFT.relations[0], Batch::one(row(&BREAK)));
    }
    staff.branch(&EMPLOYEE, 2, &EMPLOYEE.relations[2], shifts);
    Task::Insert(Insert { model: &EMPLOYEE, batch: staff, through: None })
}

pub(super) fn tasks() -> Asked {
    let bosses_bob = || related(&EMPLOYEE, 0, Quantifier::Any, is_bob());
    let minutes = || compare(3, Comparison::Gt, Value::Int(30));
    vec![
        ("change one, and read it", patch(Which::Key(KeyValues::many(vec![Value::Int(7)])))),
        ("change many", patch(Which::All(is_bob()))),
        ("change many, by others of the same table", patch(Which::All(bosses_bob()))),
        ("two of the staff with their shifts and breaks", staff_with_shifts()),
        ("delete many", delete(&BREAK, minutes())),
        ("delete many that may point at each other", delete(&EMPLOYEE, bosses_bob())),
        ("delete many, and what depends on them", delete(&BOARD, compare(1, Comparison::Eq, text("a")))),
        ("change a key that others follow", recode(Which::All(compare(1, Comparison::Eq, text("a"))))),
    ]
}
