//! Schemas, rows and queries made at random: every kind of relation, includes to depth 3 with conditions, orders and
//! cuts at every level. The database answers what an interpreter answers that knows nothing of SQL.

use macro_rules_attribute::apply;
use relata_conformance::database::{Database, Place};
use relata_conformance::{asked, on_every_database};
use relata_oracle::{Schema, answer, data, print, queries, schema, yaml};
use serde_json::Value as Json;

/// How many sets of rows each database answers about; the first are the smallest.
fn rounds(at: &Database) -> u64 {
    if at.place() == Place::SqliteMemory { 30 } else { 5 }
}

/// What differs, so that it can be read: the schema, the query, both answers.
fn expect_same(schema: &Schema, query: &relata_oracle::Query, found: &Json, expected: &Json, round: u64) {
    assert!(
        found == expected,
        "round {round}:\n{}\nfound    {found}\nexpected {expected}\n{}",
        print(schema, query),
        yaml(schema)
    );
}

macro_rules! answers {
    ($($test:ident, $seed:literal, $schema:ident, $asked:ident;)*) => {$(
        #[apply(on_every_database)]
        async fn $test(at: &Database) {
            use asked::$asked::{QUERIES, delete, store};

            let schema = schema($seed);
            let queries = queries(&schema, $seed, QUERIES.len() / schema.models.len());
            let mut filled = 0;
            for round in 0..rounds(at) {
                let most = usize::try_from(2 * round + 2).unwrap();
                let data = data(&schema, 1_000 * $seed + round, most);
                let db: relata_conformance::$schema::Db = at.open_empty().await.unwrap();
                for (model, rows) in data.rows.iter().enumerate() {
                    store(&db, model, rows.iter().cloned().map(Json::from).collect()).await.unwrap();
                }
                for (model, ids) in data.deleted.iter().enumerate() {
                    delete(&db, model, ids.clone()).await.unwrap();
                }
                for (query, ask) in queries.iter().zip(QUERIES) {
                    let found = ask(&db).await.unwrap_or_else(|error| panic!("{error}\n{}", print(&schema, query)));
                    let found = without_instants(found);
                    expect_same(&schema, query, &found, &answer(&schema, &data, query), round);
                    filled += usize::from(found.as_array().is_some_and(|rows| !rows.is_empty()));
                }
            }
            // Answers without rows would be the same too easily.
            assert!(filled * 8 > queries.len() * usize::try_from(rounds(at)).unwrap(), "only {filled} answers have rows");
        }
    )*};
}

answers! {
    queries_on_the_first_schema_are_answered_as_by_the_interpreter, 1, oracle1, asked1;
    queries_on_the_second_schema_are_answered_as_by_the_interpreter, 2, oracle2, asked2;
    queries_on_the_third_schema_are_answered_as_by_the_interpreter, 3, oracle3, asked3;
    queries_on_the_fourth_schema_are_answered_as_by_the_interpreter, 4, oracle4, asked4;
}

/// The answer without what the library set by itself.
pub(super) fn without_instants(answer: Json) -> Json {
    match answer {
        Json::Array(rows) => rows.into_iter().map(without_instants).collect(),
        Json::Object(row) => {
            let kept = row.into_iter().filter(|(name, _)| name != "deletedAt");
            Json::Object(kept.map(|(name, value)| (name, without_instants(value))).collect())
        }
        other => other,
    }
}
