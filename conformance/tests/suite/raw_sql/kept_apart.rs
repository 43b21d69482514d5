//! What each database has of its own: quotes, operators, statements that end transactions.

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::{Database, Place};
use relata_conformance::{on_every_database, on_shared_databases};

use crate::support::{code, shop};

#[apply(on_every_database)]
async fn placeholders_in_quotes_are_none(at: &Database) {
    let (db, _) = shop(at).await;
    let (text, found) = match at.place() {
        Place::Sqlite | Place::SqliteMemory => ("SELECT '?' || ? || [a?] FROM (SELECT '!' AS [a?])", "?x!"),
        Place::Postgres | Place::PostgresLinguistic => {
            ("SELECT '?' || E'\\'?' || $$?$$ || ? /* /* ? */ ? */ || \"a?\" FROM (SELECT '!' AS \"a?\") AS t", "?'??x!")
        }
        Place::Mysql => ("SELECT CONCAT('?', '\\'?', \"?\", ?, `a?`) # ?\n FROM (SELECT '!' AS `a?`) AS t", "?'??x!"),
    };
    assert_eq!(db.sql(text).bind("x").rows::<String>().one().await.unwrap(), found);
}

#[apply(on_every_database)]
async fn postgresql_has_operators_with_a_question_mark(at: &Database) {
    if !matches!(at.place(), Place::Postgres | Place::PostgresLinguistic) {
        return;
    }
    let (db, _) = shop(at).await;
    let text = "SELECT CAST(? AS jsonb) ?? ?, CAST(? AS jsonb) ??| ARRAY['b', ?], '{}'::jsonb ?? 'a'";
    let row = db.sql(text).bind(serde_json::json!({ "a": 1 })).bind("a").bind(r#"{"c":1}"#).bind("c");
    assert_eq!(row.rows::<(bool, bool, bool)>().one().await.unwrap(), (true, true, false));
    // A number is taken for what the server asks for; what is none says so.
    let of = |text: &'static str| db.sql(text).bind(7).rows::<bool>();
    assert!(of("SELECT CAST(7 AS numeric) = ?").one().await.unwrap());
    assert!(of("SELECT CAST(7 AS double precision) = ?").one().await.unwrap());
    assert!(of("SELECT CAST(7 AS smallint) = ?").one().await.unwrap());
    let error = of("SELECT CAST('7' AS text) = ?").await.unwrap_err().to_string();
    assert!(error.contains("value 1 is an integer, and the database takes the type text there"), "{error}");
    db.transaction(async |tx| {
        tx.sql("SET LOCAL application_name = 'raw'").execute().await?;
        assert_eq!(tx.sql("SHOW application_name").rows::<String>().one().await?, "raw");
        tx.sql("SELECT set_config('application_name', ?, true)").bind("bound").rows::<String>().await?;
        assert_eq!(tx.sql("SHOW application_name").rows::<String>().one().await?, "bound");
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(code(db.sql("COPY customers TO STDOUT").execute().await), "invalid_sql");
}

#[apply(on_every_database)]
async fn nothing_ends_a_transaction_unseen(at: &Database) {
    if at.place() != Place::Mysql {
        return;
    }
    let (db, _) = shop(at).await;
    db.sql("CREATE PROCEDURE commits() BEGIN COMMIT; END").execute().await.unwrap();
    let ended = db
        .transaction(async |tx| {
            assert_eq!(code(tx.sql("CREATE TABLE a (b int)").execute().await), "invalid_sql");
            assert_eq!(code(tx.sql("TRUNCATE orders").execute().await), "invalid_sql");
            tx.sql("DELETE FROM orders WHERE quantity = 1000").execute().await?;
            let error = tx.sql("CALL commits()").execute().await.unwrap_err();
            assert!(error.to_string().contains("has ended the transaction"), "{error}");
            tx.sql("DELETE FROM orders").execute().await
        })
        .await;
    assert!(ended.is_err());
    assert_eq!(db.orders().find().await.unwrap().len(), 4, "what comes after is not run");
}

#[apply(on_shared_databases)]
async fn reads_and_writes_take_the_connections_that_they_should(at: &Database) {
    let (db, _) = shop(at).await;
    // On SQLite, one connection writes and others read: both hold beside an open transaction that writes.
    db.transaction(async |tx| {
        tx.sql("DELETE FROM orders").execute().await?;
        assert_eq!(db.sql("SELECT COUNT(*) FROM orders").rows::<i64>().one().await?, 4);
        assert_eq!(db.sql("WITH o AS (SELECT 1 AS n) SELECT n FROM o").rows::<i64>().one().await?, 1);
        Err::<(), _>(Error::NotFound { model: "row", id: None })
    })
    .await
    .unwrap_err();
    let text =
        "WITH o AS (SELECT MIN(id) AS id FROM orders) DELETE FROM orders WHERE id IN (SELECT id FROM o) RETURNING id";
    if at.place() != Place::Mysql {
        assert_eq!(db.sql(text).rows::<i64>().await.unwrap().len(), 1);
        assert_eq!(db.sql("SELECT COUNT(*) FROM orders").rows::<i64>().one().await.unwrap(), 3);
    }
    if at.place() == Place::Sqlite {
        db.sql("VACUUM").execute().await.unwrap();
        assert!(!db.sql("SELECT name FROM pragma_table_info('orders')").rows::<String>().await.unwrap().is_empty());
    }
}
