//! Filters made at random, as JSON from outside: what they find and include is what an interpreter answers that knows
//! nothing of SQL.

use macro_rules_attribute::apply;
use relata_conformance::database::{Database, Place};
use relata_conformance::{asked, on_every_database};
use relata_oracle::{answer, data, filter, queries, sayable, schema, yaml};
use serde_json::Value as Json;

use super::oracle::without_instants;

macro_rules! answers {
    ($($test:ident, $seed:literal, $schema:ident, $asked:ident;)*) => {$(
        #[apply(on_every_database)]
        async fn $test(at: &Database) {
            use asked::$asked::{delete, find_with, store};

            let schema = schema($seed);
            let (rounds, each) = if at.place() == Place::SqliteMemory { (20, 12) } else { (4, 6) };
            let (mut asked, mut filled) = (0, 0);
            for round in 0..rounds {
                let most = usize::try_from(2 * round + 2).unwrap();
                let data = data(&schema, 2_000 * $seed + round, most);
                let db: relata_conformance::$schema::Db = at.open_empty().await.unwrap();
                for (model, rows) in data.rows.iter().enumerate() {
                    store(&db, model, rows.iter().cloned().map(Json::from).collect()).await.unwrap();
                }
                for (model, ids) in data.deleted.iter().enumerate() {
                    delete(&db, model, ids.clone()).await.unwrap();
                }
                for query in queries(&schema, 3_000 * $seed + round, each).into_iter().map(sayable) {
                    let filter = filter(&schema, &query);
                    let found = find_with(&db, query.model, filter.clone()).await;
                    let found = without_instants(found.unwrap_or_else(|error| panic!("{error}\n{filter}")));
                    let expected = answer(&schema, &data, &query);
                    assert!(
                        found == expected,
                        "round {round}: {filter}\nfound    {found}\nexpected {expected}\n{}",
                        yaml(&schema)
                    );
                    asked += 1;
                    filled += usize::from(found.as_array().is_some_and(|rows| !rows.is_empty()));
                }
            }
            // Answers without rows would be the same too easily.
            assert!(filled * 8 > asked, "only {filled} of {asked} answers have rows");
        }
    )*};
}

answers! {
    filters_on_the_first_schema_find_what_the_interpreter_does, 1, oracle1, asked1;
    filters_on_the_second_schema_find_what_the_interpreter_does, 2, oracle2, asked2;
    filters_on_the_third_schema_find_what_the_interpreter_does, 3, oracle3, asked3;
    filters_on_the_fourth_schema_find_what_the_interpreter_does, 4, oracle4, asked4;
}
