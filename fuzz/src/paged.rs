//! Finds by pages, the rows that each has, and the cursors that it gave.

use std::collections::HashSet;

use relata::{Error, Filter, Page, WithRelations};

use crate::open;
use crate::people::{Db, NewPerson, Person, person};

/// One find: a page of it from a cursor on, so many rows.
type Find = fn(&Db, Option<&str>, u64) -> Result<Keys, Error>;

/// What all cursors are signed with, so that an input leads to the same text whenever it is run.
const KEY: [u8; 32] = [7; 32];

/// The most rows of a page that a filter from outside asks for.
const MOST: u64 = 1_000;

/// Ordered by what some rows lack, by what none does, by what a relation leads to, and as a filter says; among all rows
/// and among some. None has model, order and condition of another one. Each with the largest page that it gives.
const FINDS: [(Find, u64); 7] = [
    (|db, after, size| keys(db.people().find().page(after, size).wait()), u64::MAX),
    (|db, after, size| keys(db.people().find().order_by(person::height()).page(after, size).wait()), u64::MAX),
    (
        |db, after, size| {
            let order = (person::born().desc(), person::name());
            keys(db.people().find().order_by(order).page(after, size).wait())
        },
        u64::MAX,
    ),
    (
        |db, after, size| {
            let order = (person::token(), person::wealth().desc(), person::seen());
            keys(db.people().find().order_by(order).page(after, size).wait())
        },
        u64::MAX,
    ),
    (
        |db, after, size| {
            let order = person::boss().order(person::name().desc());
            keys(db.people().find().order_by(order).page(after, size).wait())
        },
        u64::MAX,
    ),
    (
        |db, after, size| {
            let find = db.people().find().filter(person::name().ne("Cid")).order_by(person::height());
            keys(find.page(after, size).wait())
        },
        u64::MAX,
    ),
    (
        |db, after, size| {
            let query = "filter[order]=wakes DESC,boss.height&filter[where][id][gt]=1";
            let filter: Filter<Person> = Filter::from_query(query)?;
            filtered(db.people().find_with(filter).page(after, size).wait())
        },
        MOST,
    ),
];

/// A page, of which the rows' keys alone are kept.
struct Keys {
    ids: Vec<i64>,
    around: Vec<String>,
}

fn keys(page: Result<Page<Person>, Error>) -> Result<Keys, Error> {
    let Page { rows, next, previous, .. } = page?;
    let around = next.into_iter().chain(previous).map(String::from).collect();
    Ok(Keys { ids: rows.iter().map(|row| row.id).collect(), around })
}

fn filtered(page: Result<Page<WithRelations<Person>>, Error>) -> Result<Keys, Error> {
    let Page { rows, next, previous, .. } = page?;
    let around = next.into_iter().chain(previous).map(String::from).collect();
    Ok(Keys { ids: rows.iter().map(|row| row.id).collect(), around })
}

/// All finds on one database, and all cursors that they gave.
pub struct Finds {
    db: Db,
    /// Of each find, the keys of its rows in their order, and its cursors.
    own: Vec<(Vec<i64>, HashSet<String>)>,
    given: Vec<String>,
}

impl Finds {
    fn new() -> Self {
        let db = open(&KEY);
        people(&db);
        let mut finds = Self { db, own: Vec::new(), given: Vec::new() };
        for (find, most) in FINDS {
            let page =
                |after: Option<&str>, size| find(&finds.db, after, size).expect("its own cursor leads to a page");
            let ids = page(None, most).ids;
            let mut known = HashSet::new();
            for size in 1..=3 {
                let mut left = page(None, size).around;
                while let Some(cursor) = left.pop() {
                    if known.insert(cursor.clone()) {
                        left.extend(page(Some(&cursor), size).around);
                        finds.given.push(cursor);
                    }
                }
            }
            finds.own.push((ids, known));
        }
        finds
    }

    /// Every cursor that a find gave.
    pub fn given(&self) -> &[String] {
        &self.given
    }

    /// Puts a text to a find: it is refused, unless it is one of this find's own cursors. Those lead to rows that stand
    /// beside each other.
    ///
    /// # Panics
    /// Where it is not so.
    pub fn ask(&self, which: usize, text: &str, size: u64) {
        let (find, most) = FINDS[which % FINDS.len()];
        let (ids, known) = &self.own[which % FINDS.len()];
        let is_good = known.contains(text) && (1..=most).contains(&size);
        match find(&self.db, Some(text), size) {
            Ok(page) => {
                assert!(is_good, "a page of {size} rows for {text:?}");
                assert!(page.ids.len() as u64 <= size, "{} rows for {size}", page.ids.len());
                let together = page.ids.is_empty() || ids.windows(page.ids.len()).any(|some| some == page.ids);
                assert!(together, "{:?} are not beside each other in {ids:?}", page.ids);
            }
            Err(error) => {
                assert!(!is_good, "{error}");
                assert_eq!(error.code(), "invalid_filter", "{error}");
            }
        }
    }
}

/// Some people: what they are ordered by is alike in some, and lacks in others.
fn people(db: &Db) {
    for (n, name) in ["Bea", "Cid", "Ann", "Dan", "Eve"].into_iter().enumerate() {
        let has = |every: usize| (n % every != 0).then_some(n % 3);
        let day = |day: usize| format!("2024-02-2{day}");
        let new = NewPerson {
            height: has(2).map(|n| n as f64 - 0.5),
            born: has(3).map(|n| day(n).parse().expect("a date")),
            wakes: has(2).map(|n| format!("0{n}:30:00").parse().expect("a time")),
            seen: has(4).map(|n| format!("{}T00:00:00.000001Z", day(n)).parse().expect("an instant")),
            token: has(3).map(|n| format!("00000000-0000-0000-0000-00000000000{n}").parse().expect("a UUID")),
            wealth: has(4).map(|n| format!("{n}.50").parse().expect("a decimal")),
            boss_id: has(3).map(|n| n as i64 + 1),
            ..NewPerson::new(name)
        };
        db.people().create(new).wait().expect("a person is stored");
    }
}

thread_local! {
    static FINDS_MADE: Finds = Finds::new();
}

/// Hands over the finds of this thread.
pub fn with(ask: impl FnOnce(&Finds)) {
    FINDS_MADE.with(ask);
}
