//! Every statement run by its database, and what the catalogue then tells.

use relata_compiler::check;
use relata_compiler::graph::Graph;
use relata_compiler::plan::{Database, ddl};

use crate::catalogue::{Catalogue, assert_same};
use crate::expected::{Words, expected};
use crate::fixtures::{of_path, root, schemas, statements};
use crate::mysql::{self, Mysql};
use crate::postgres::{self, Postgres};
use crate::random::{Random, number};
use crate::schema::{inputs, schema};
use crate::servers::Server;
use crate::sqlite::{self, Sqlite};

/// A kind of server.
struct Kind {
    database: Database,
    words: &'static dyn Words,
    read: fn(&mut Server) -> Catalogue,
}

const POSTGRES: Kind = Kind { database: Database::Postgres, words: &Postgres, read: postgres::catalogue };
const MYSQL: Kind = Kind { database: Database::Mysql, words: &Mysql, read: mysql::catalogue };

impl Kind {
    #[track_caller]
    fn takes(&self, server: &mut Server, graph: &Graph) {
        let text = ddl(graph, self.database);
        server.run(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_same(&(self.read)(server), &expected(graph, self.words), &text);
        server.clear();
    }

    fn takes_every_schema(&self, server: &mut Server) {
        // The row of this one has to be shortened, which is looked at apart.
        for path in schemas().into_iter().filter(|path| !path.ends_with("wide/schema.yaml")) {
            self.takes(server, &of_path(&path));
        }
    }
}

fn for_random_schemas(mut each: impl FnMut(&Graph)) {
    let mut random = Random(number("SEED", 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (mut taken, mut tried) = (0, 0);
    while taken < number("SCHEMAS", 25) {
        tried += 1;
        assert!(tried < 40 * (taken + 10), "too few schemas are accepted");
        if let Some(graph) = check(&inputs(&schema(&mut random))).graph {
            each(&graph);
            taken += 1;
        }
    }
}

#[track_caller]
fn sqlite_takes(graph: &Graph) {
    let text = ddl(graph, Database::Sqlite);
    let database = rusqlite::Connection::open_in_memory().expect("SQLite is there");
    database.execute_batch(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_same(&sqlite::catalogue(&database), &expected(graph, &Sqlite), &text);
    // A foreign key that points at nothing unique is told by its first use.
    database.execute_batch("PRAGMA foreign_key_check").unwrap_or_else(|error| panic!("{error}\n{text}"));
}

#[test]
fn sqlite_holds_what_schemas_ask() {
    for path in schemas() {
        sqlite_takes(&of_path(&path));
    }
}

#[test]
fn sqlite_takes_random_schemas() {
    for_random_schemas(sqlite_takes);
}

#[test]
fn postgres_holds_what_schemas_ask() {
    let Some(mut server) = Server::postgres() else { return };
    POSTGRES.takes_every_schema(&mut server);
    POSTGRES.takes(&mut server, &of_path(&root().join("tests/fixtures/ddl/wide/schema.yaml")));
}

#[test]
fn postgres_takes_random_schemas() {
    let Some(mut server) = Server::postgres() else { return };
    for_random_schemas(|graph| POSTGRES.takes(&mut server, graph));
}

#[test]
fn mysql_holds_what_schemas_ask() {
    let Some(mut server) = Server::mysql() else { return };
    MYSQL.takes_every_schema(&mut server);
}

#[test]
fn mysql_takes_random_schemas() {
    let Some(mut server) = Server::mysql() else { return };
    for_random_schemas(|graph| MYSQL.takes(&mut server, graph));
}

#[test]
fn the_longest_strings_leave_a_row_that_is_too_long() {
    let Some(mut server) = Server::mysql() else { return };
    let graph = of_path(&root().join("tests/fixtures/ddl/wide/schema.yaml"));
    let text = ddl(&graph, Database::Mysql);
    server.run(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let sql = "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() \
               AND column_type = 'longtext' ORDER BY column_name";
    let moved: Vec<_> = server.rows(sql).into_iter().flatten().flatten().collect();
    assert_eq!(moved, ["long", "s07", "s14", "s21", "s28", "vast", "whole"]);
}

#[test]
fn a_row_may_be_as_long_as_the_server_takes() {
    let Some(mut server) = Server::mysql() else { return };
    // Every kind of column in turn, with strings up to the limit: what is counted here is what is counted there.
    let kinds = ["boolean", "date", "time", "datetime", "uuid", "int32", "number", "decimal", "json", "bytes"];
    for (n, kind) in kinds.into_iter().enumerate() {
        let mut moved = Vec::new();
        for length in 225..=245 {
            let full: Vec<_> = (0..21).map(|at| format!("      s{at}: {{ type: string, maxLength: 768 }}\n")).collect();
            let full = full.concat();
            let schema = format!(
                "models:\n  Row:\n    properties:\n      id: {{ type: integer, id: true }}\n      extra: {{ type: {kind}, \
                 required: {} }}\n{full}      last: {{ type: string, maxLength: {length} }}\n",
                n % 2 == 0
            );
            let text = statements(&schema, Database::Mysql);
            server.run(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            server.run("DROP TABLE `rows`").expect("it can be dropped");
            moved.push(text.contains("LONGTEXT"));
        }
        assert!(moved.is_sorted() && moved.contains(&false) && moved.contains(&true), "{kind}: {moved:?}");
    }
}

#[test]
fn enums_allow_their_values_and_no_other() {
    let schema = "
enums:
  Odd:
    - \"it's\"
    - 'back\\slash'
    - { value: \"\\\\'\", name: BackslashQuote }
    - \"two\\nlines\"
    - { value: '', name: Empty }
    - { value: ünï, name: Uni }
    - { value: 😀, name: Grin }
    - 'a '
    - B
models:
  Thing:
    properties:
      id: { type: integer, id: true, generated: true }
      odd: { type: Odd, required: true }
";
    let insert = |value: &str| format!("INSERT INTO things (odd) VALUES ({value})");
    let values = ["'it''s'", "'two\nlines'", "''", "'ünï'", "'😀'", "'a '", "'B'"];
    let refused = ["'a'", "'b'", "'B '", "'back'", "' '", "'😁'", "'Ünï'", "'it'"];
    for (server, kind, escaped) in [
        (Server::postgres(), POSTGRES, ["E'back\\\\slash'", "E'\\\\'''"]),
        (Server::mysql(), MYSQL, ["'back\\\\slash'", "'\\\\'''"]),
    ] {
        let Some(mut server) = server else { continue };
        server.run(&statements(schema, kind.database)).expect("the table can be created");
        for value in values.iter().chain(&escaped) {
            server.run(&insert(value)).unwrap_or_else(|error| panic!("{value}: {error}"));
        }
        for value in refused {
            let error = server.run(&insert(value)).expect_err(value);
            assert!(error.contains("things_odd_check") || error.contains("too long"), "{value}: {error}");
        }
    }
}

#[test]
fn live_rows_alone_are_unique() {
    let graph = of_path(&root().join("tests/fixtures/ddl/keys/schema.yaml"));
    for (server, kind) in [(Server::postgres(), POSTGRES), (Server::mysql(), MYSQL)] {
        let Some(mut server) = server else { continue };
        server.run(&ddl(&graph, kind.database)).expect("the tables can be created");
        let mut insert = |code: &str, mail: &str, deleted: &str| {
            server.run(&format!(
                "INSERT INTO accounts (mail, code, region, number, created_at, updated_at, deleted_at) VALUES \
                 ('{mail}', '{code}', NULL, 1, '2020-01-01 00:00:00', '2020-01-01 00:00:00', {deleted})"
            ))
        };
        let deleted = "'2021-01-01 00:00:00'";
        assert_eq!(insert("1", "a", deleted), Ok(()));
        assert_eq!(insert("2", "a", deleted), Ok(()));
        assert_eq!(insert("3", "a", "NULL"), Ok(()));
        assert!(insert("4", "a", "NULL").is_err_and(|error| error.contains("accounts_mail_key")), "the mail is taken");
        assert!(insert("3", "b", "NULL").is_err_and(|error| error.contains("accounts_code_key")), "the code is taken");
        assert_eq!(insert("3", "b", deleted), Ok(()));
    }
}
