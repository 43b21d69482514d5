//! What filters from outside are put to: a database in memory, with a row or two.

use std::cell::RefCell;

use relata::Filter;

/// The generated code.
#[allow(missing_docs, clippy::pedantic)]
pub mod people {
    relata::include_schema!();
}

use people::{Db, NewPerson, NewTask, Person, Task};

pub mod paged;

fn open(page_key: &[u8]) -> Db {
    let builder = Db::builder().url("sqlite::memory:").allow_regexp().page_key(page_key);
    let db = builder.connect().wait().expect("SQLite opens in memory");
    db.create_tables().wait().expect("its tables are made");
    let secret = Some("hunter2".to_owned());
    let ann = db.people().create(NewPerson { secret, ..NewPerson::new("Ann") }).wait().expect("a person is stored");
    let task = NewTask { owner_id: Some(ann.id), text: Some("a task".into()), ..NewTask::new() };
    db.tasks().create(task).wait().expect("a task is stored");
    db
}

thread_local! {
    static DB: RefCell<Option<Db>> = const { RefCell::new(None) };
}

/// What is refused, is refused before the database is asked; what is not, the database takes. Nothing hidden is told.
pub fn ask(people: Option<Filter<Person>>, tasks: Option<Filter<Task>>) {
    /// Said of the filter itself. A statement that SQLite finds too deep or too long would be `driver`: the limits of
    /// filters are below all of SQLite's.
    const REFUSED: [&str; 2] = ["invalid_filter", "inclusion_not_allowed"];

    DB.with(|db| {
        let mut db = db.borrow_mut();
        let db = db.get_or_insert_with(|| open(&[0; 32]));
        let mut told = Vec::new();
        if let Some(filter) = people {
            told.push(db.people().find_with(filter).wait().map(|rows| serde_json::to_string(&rows)));
        }
        if let Some(filter) = tasks {
            told.push(db.tasks().find_with(filter).wait().map(|rows| serde_json::to_string(&rows)));
        }
        for told in told {
            match told {
                Ok(json) => assert!(!json.expect("rows are JSON").contains("hunter2"), "a hidden value is told"),
                Err(error) => assert!(REFUSED.contains(&error.code()), "{error}"),
            }
        }
    });
}
