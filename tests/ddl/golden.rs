//! The statements as committed, reviewed by eye.

use std::fs;

use relata_compiler::plan::{Database, ddl};

use crate::fixtures::{GOLDEN, of_path, root};

const RENEW: &str = "UPDATE_EXPECT";

#[test]
fn committed_statements_are_what_the_schemas_give() {
    let mut stale = Vec::new();
    for (name, schema) in GOLDEN {
        let graph = of_path(&root().join(schema));
        let databases = [("sqlite", Database::Sqlite), ("postgres", Database::Postgres), ("mysql", Database::Mysql)];
        for (dialect, database) in databases {
            let file = root().join("tests/fixtures/ddl").join(name).join(format!("{dialect}.sql"));
            let text = ddl(&graph, database);
            let committed = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
            if committed == text {
                continue;
            }
            if std::env::var_os(RENEW).is_some() && std::env::var_os("CI").is_none() {
                fs::write(&file, text).expect("the file can be written");
            } else {
                stale.push(format!("{}: expected\n{text}", file.display()));
            }
        }
    }
    assert!(stale.is_empty(), "{}\nrenew with `{RENEW}=1 cargo test --test ddl`", stale.join("\n"));
}
