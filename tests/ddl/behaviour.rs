//! What tables do once they are there, in SQLite.

use std::path::Path;

use relata_compiler::plan::{Database, ddl};
use relata_compiler::{Inputs, check};
use rusqlite::Connection;

#[track_caller]
fn statements(inputs: &Inputs) -> String {
    let checked = check(inputs);
    ddl(&checked.graph.unwrap_or_else(|| panic!("{:#?}", checked.findings)), Database::Sqlite)
}

#[track_caller]
fn database(sql: &str) -> Connection {
    let database = Connection::open_in_memory().expect("SQLite is there");
    database.execute_batch("PRAGMA foreign_keys = ON").expect("foreign keys can be kept");
    database.execute_batch(sql).unwrap_or_else(|error| panic!("{error}\n{sql}"));
    database
}

fn names(database: &Connection, kind: &str) -> Vec<String> {
    let mut query = database
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = ?1 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
        )
        .expect("the query is sound");
    let rows = query.query_map([kind], |row| row.get(0)).expect("it can be run");
    rows.collect::<Result<_, _>>().expect("names are text")
}

#[test]
fn every_fixture_is_created() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for schema in [
        "tests/fixtures/golden/types",
        "tests/fixtures/golden/names",
        "tests/fixtures/golden/relations",
        "schemas/shop",
    ] {
        let database = database(&statements(&Inputs::paths([root.join(schema).to_string_lossy()])));
        assert!(!names(&database, "table").is_empty());
        let broken: i64 = database
            .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
            .expect("every foreign key points at a key");
        assert_eq!(broken, 0);
    }
}

#[test]
fn a_schema_is_part_of_the_name_and_long_names_are_cut() {
    let names_schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/golden/names");
    let sql = statements(&Inputs::paths([names_schema.to_string_lossy()]));
    let database = database(&sql);
    assert_eq!(names(&database, "table"), ["app_strings", "mods", "new_children", "rs", "select", "types"]);
    for name in sql.split('"').skip(1).step_by(2) {
        assert!(name.len() <= 63, "{name}");
    }
}

#[test]
fn descriptions_are_comments_and_nothing_else() {
    let schema = r#"
models:
  Note:
    description: "one\nDROP TABLE notes; --\r\u2028; DELETE FROM notes; */"
    properties:
      id: { type: integer, id: true, generated: true, description: "\n); --" }
"#;
    let sql = statements(&Inputs::text("schema.yaml", schema));
    assert_eq!(names(&database(&sql), "table"), ["notes"]);
    assert!(sql.contains("\n-- DROP TABLE notes; --\n-- ; DELETE FROM notes; */\nCREATE TABLE"), "{sql}");
}

#[test]
fn tables_may_point_at_each_other() {
    let schema = "
models:
  Hen:
    properties:
      id: { type: integer, id: true }
    relations:
      - belongsTo: Egg
  Egg:
    properties:
      id: { type: integer, id: true }
    relations:
      - belongsTo: Hen
        required: true
";
    let database = database(&statements(&Inputs::text("schema.yaml", schema)));
    database
        .execute_batch("INSERT INTO hens (id) VALUES (1); INSERT INTO eggs VALUES (1, 1); UPDATE hens SET egg_id = 1")
        .expect("a hen first");
    assert!(database.execute("INSERT INTO eggs VALUES (2, 7)", []).is_err());
}

#[test]
fn constraints_hold() {
    let schema = "
enums:
  State: [on, \"it's\"]
models:
  Lamp:
    properties:
      id: { type: integer, id: true, generated: true }
      state: { type: State, required: true }
      lit: boolean
    relations:
      - hasOne: Shade
  Shade:
    properties:
      id: { type: integer, id: true, generated: true }
      lampId: integer
    relations:
      - belongsTo: Lamp
        onDelete: cascade
";
    let database = database(&statements(&Inputs::text("schema.yaml", schema)));
    let run = |sql: &str| database.execute(sql, []);
    assert_eq!(run("INSERT INTO lamps (state, lit) VALUES ('it''s', NULL), ('on', 1)"), Ok(2));
    assert!(run("INSERT INTO lamps (state) VALUES ('off')").is_err());
    assert!(run("INSERT INTO lamps (state, lit) VALUES ('on', 2)").is_err());
    assert_eq!(run("INSERT INTO shades (lamp_id) VALUES (1), (NULL), (NULL)"), Ok(3));
    assert!(run("INSERT INTO shades (lamp_id) VALUES (1)").is_err(), "a lamp has one shade");
    assert_eq!(run("DELETE FROM lamps WHERE id = 1"), Ok(1));
    assert_eq!(database.query_row("SELECT count(*) FROM shades", [], |row| row.get(0)), Ok(2));
}

#[test]
fn keys_are_indexed_once() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/golden/relations");
    let database = database(&statements(&Inputs::paths([schema.to_string_lossy()])));
    let expected = [
        "desks_person_id_idx",
        "desks_room_building_room_number_idx",
        "people_manager_id_idx",
        "visits_gate_id_idx",
        "visits_host_id_idx",
        "visits_visitor_badge_idx",
    ];
    assert_eq!(names(&database, "index"), expected);
}
