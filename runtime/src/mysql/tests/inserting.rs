//! New rows, one and many, and the ids that the server makes for them.

use super::*;
use crate::meta::{Dialects, Generated, Kind, ModelMeta, ModelSql, PropertyMeta};
use crate::row::Rows;
use crate::value::Value;

fn no_rows(_: usize) -> Box<dyn Rows> {
    unreachable!("no rows are read")
}

const fn mysql(sql: &'static str) -> Dialects<&'static str> {
    Dialects { sqlite: "", postgres: "", mysql: sql }
}

static NOTE: ModelMeta = ModelMeta {
    name: "Note",
    table: "no`tes",
    qualified: None,
    datasource: 0,
    properties: &[
        PropertyMeta {
            name: "id",
            column: "i`d",
            kind: Kind::Integer,
            required: true,
            generated: Generated::Database,
            ..PropertyMeta::EMPTY
        },
        PropertyMeta { name: "text", column: "text", kind: Kind::Text, ..PropertyMeta::EMPTY },
        PropertyMeta { name: "no", column: "no", kind: Kind::Integer, required: true, ..PropertyMeta::EMPTY },
    ],
    key: &[0],
    key_name: "PRIMARY",
    version: None,
    soft_delete: None,
    relations: &[],
    uniques: &[],
    foreign_keys: &[],
    dependents: &[],
    sql: ModelSql {
        insert: mysql("INSERT INTO `no``tes` (`text`, `no`) VALUES (?, ?)"),
        insert_many: mysql("INSERT INTO `no``tes` (`text`, `no`) VALUES "),
        ..ModelSql::NONE
    },
    rows: no_rows,
};

struct Inserts(Vec<Vec<Value<'static>>>);

impl Work for Inserts {
    type Answer = (Vec<Vec<Value<'static>>>, Result<(), (usize, String)>);

    async fn run(mut self, session: &mut dyn Session) -> Result<Self::Answer> {
        let inserted = session.insert(&NOTE, &mut self.0).await?;
        Ok((self.0, inserted.map_err(|(n, fault)| (n, Error::from(fault).to_string()))))
    }
}

fn row(text: Value<'static>, no: i64) -> Vec<Value<'static>> {
    vec![Value::Unset, text, Value::Int(no)]
}

fn database(scratch: &Scratch) -> Database {
    let database = scratch.open();
    let create = "CREATE TABLE `no``tes` (`i``d` BIGINT AUTO_INCREMENT PRIMARY KEY, `text` LONGTEXT, `no` BIGINT NOT NULL \
                  UNIQUE)";
    run(&database, Access::Write, &[create]).unwrap();
    database
}

/// Inserts, and compares each row's id with the stored one.
fn insert(database: &Database, rows: Vec<Vec<Value<'static>>>) {
    let before = run(database, Access::Read, &["SELECT COUNT(*) FROM `no``tes`"]).unwrap()[0];
    let (rows, inserted) = block_on(database.run_work(Access::Atomic, None, Inserts(rows))).unwrap();
    inserted.unwrap();
    let stored = run(database, Access::Read, &["SELECT `i``d` FROM `no``tes` ORDER BY `no`"]).unwrap();
    let mut given: Vec<_> = rows.iter().map(|row| (row[2].clone(), row[0].clone())).collect();
    given.sort_by_key(|(no, _)| if let Value::Int(no) = no { *no } else { 0 });
    assert_eq!(stored.len(), usize::try_from(before).unwrap() + rows.len());
    for ((_, id), stored) in given.iter().zip(&stored[usize::try_from(before).unwrap()..]) {
        assert_eq!(*id, Value::Int(*stored));
    }
}

#[test]
fn every_number_of_rows_gets_its_ids() {
    let Some(scratch) = Scratch::new() else { return };
    let database = database(&scratch);
    let mut next = 0;
    for count in [1, 2, 3, 4, 5, 17, 64, 255, 256, 257, 1000] {
        // Backwards, so that the order of ids is not that of values.
        let rows = (next..next + count).rev().map(|no| row(Value::Text("x".into()), no)).collect();
        next += count;
        insert(&database, rows);
    }
}

#[test]
fn every_row_gets_its_own_id_while_others_insert() {
    let Some(scratch) = Scratch::new() else { return };
    let database = database(&scratch);
    let insert = |from: i64| {
        let rows = (from..from + 700).map(|no| row(Value::Text("x".into()), no)).collect();
        let (rows, inserted) = block_on(database.run_work(Access::Atomic, None, Inserts(rows))).unwrap();
        inserted.unwrap();
        rows
    };
    let mut rows: Vec<_> = std::thread::scope(|scope| {
        let running =
            [0, 10_000].map(|from| scope.spawn(move || (0..5).flat_map(|n| insert(from + n * 1000)).collect()));
        running
            .into_iter()
            .flat_map(|thread: std::thread::ScopedJoinHandle<'_, Vec<_>>| thread.join().unwrap())
            .collect()
    });
    rows.sort_by_key(|row| if let Value::Int(no) = row[2] { no } else { 0 });
    let stored = run(&database, Access::Read, &["SELECT `i``d` FROM `no``tes` ORDER BY `no`"]).unwrap();
    assert_eq!(
        rows.iter().map(|row| row[0].clone()).collect::<Vec<_>>(),
        stored.into_iter().map(Value::Int).collect::<Vec<_>>()
    );
}

#[test]
fn large_rows_are_sent_as_many_as_fit() {
    let Some(scratch) = Scratch::new() else { return };
    let database = database(&scratch);
    let text = "é".repeat(250_000);
    insert(&database, (0..40).map(|no| row(Value::Text(text.clone().into()), no)).collect());
    insert(&database, (40..60).map(|no| row(Value::Null, no)).collect());
    let sum = run(&database, Access::Read, &["SELECT CAST(SUM(LENGTH(`text`)) AS SIGNED) FROM `no``tes`"]).unwrap();
    assert_eq!(sum, [40 * 500_000]);
}

#[test]
fn what_is_larger_than_a_packet_is_refused_and_the_connection_lives() {
    let Some(scratch) = Scratch::new() else { return };
    let database = database(&scratch);
    let most = run(&database, Access::Read, &["SELECT @@max_allowed_packet"]).unwrap()[0];
    let text = "x".repeat(usize::try_from(most).unwrap());
    let rows = vec![row(Value::Text(text.into()), 1)];
    let (_, inserted) = block_on(database.run_work(Access::Write, None, Inserts(rows))).unwrap();
    let (at, error) = inserted.unwrap_err();
    assert!(at == 0 && error.contains("max_allowed_packet"), "{error}");
    assert_eq!(database.pool().open_and_idle(), (1, 1));
    // The largest that is taken goes in parts.
    let text = "x".repeat(usize::try_from(most).unwrap() - 1000);
    insert(&database, vec![row(Value::Text(text.into()), 2)]);
}

#[test]
fn one_refused_row_takes_all_with_it() {
    let Some(scratch) = Scratch::new() else { return };
    let database = database(&scratch);
    insert(&database, vec![row(Value::Null, 7)]);
    let rows = (0..300).map(|no| row(Value::Text("secret".into()), no)).collect();
    let (_, inserted) = block_on(database.run_work(Access::Write, None, Inserts(rows))).unwrap();
    let (_, error) = inserted.unwrap_err();
    assert!(error.contains("`no`") && !error.contains("secret"), "{error}");
}
