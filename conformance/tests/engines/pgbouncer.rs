//! `PgBouncer`, which lends sessions of PostgreSQL by transaction.

use super::super::*;

/// Of the server, and through the pooler.
async fn shop(name: &str) -> (String, Db) {
    let url = given("RELATA_POSTGRES_URL");
    let (server, _) = url.rsplit_once('/').unwrap();
    let url = fresh(server, name).await;
    let through = given("RELATA_POOLER").replace("{database}", name);
    let db = Db::builder().url(through).max_connections(16).busy_timeout(Duration::from_millis(300));
    let db = db.connect().await.unwrap();
    db.create_tables().await.unwrap();
    (url, db)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/pgbouncer starts"]
async fn more_connections_than_sessions_read_and_write() {
    let (_, db) = shop("engine_bouncer_many").await;
    let tasks: Vec<_> = (0..16)
        .map(|task: u64| {
            let db = db.clone();
            tokio::spawn(async move {
                for n in 0..30 {
                    let made = db.customers().create(named(task * 1000 + n)).await?;
                    assert_eq!(db.customers().get(made.id).await?, made);
                    db.transaction(async |tx| {
                        let again = tx.customers().get(made.id).await?;
                        tx.customers().orders(&again).find().count().await
                    })
                    .await?;
                    assert!(db.customers().find().filter(customer::email().like("%@x")).count().await? > n);
                }
                Ok::<_, Error>(())
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(db.customers().find().count().await.unwrap(), 480);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/pgbouncer starts"]
async fn settings_hold_and_leak_to_nobody() {
    let (url, db) = shop("engine_bouncer_settings").await;
    let setting = |name: &str| format!("SELECT current_setting('{name}')");
    for _ in 0..20 {
        for (name, expected) in [("TimeZone", "UTC"), ("lock_timeout", "300ms")] {
            let sql = DynamicSql::assert_safe(setting(name));
            assert_eq!(db.sql(sql).rows::<(String,)>().one().await.unwrap().0, expected);
        }
    }
    // The sessions that were lent are as they were.
    let through = given("RELATA_POOLER").replace("{database}", "engine_bouncer_settings");
    let plain = aside(through.split('?').next().unwrap()).await;
    let usual = aside(&url).await;
    for name in ["lock_timeout", "statement_timeout"] {
        let mut told = Vec::new();
        for client in [&plain, &usual] {
            let messages = client.simple_query(&setting(name)).await.unwrap();
            told.extend(messages.into_iter().filter_map(|message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            }));
        }
        assert_eq!(told[0], told[1], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/pgbouncer starts"]
async fn a_lock_is_waited_for_no_longer_than_said() {
    let (url, db) = shop("engine_bouncer_locks").await;
    let made = db.customers().create(named(1)).await.unwrap();
    let other = aside(&url).await;
    other.batch_execute("BEGIN; UPDATE customers SET name = 'x'").await.unwrap();
    let refused = db.customers().delete_by_id(made.id).await.unwrap_err();
    assert_eq!(refused.code(), "serialization", "{refused}");
    other.batch_execute("ROLLBACK").await.unwrap();
    db.customers().delete_by_id(made.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/pgbouncer starts"]
async fn calls_that_are_given_up_leave_nothing_behind() {
    let (_, db) = shop("engine_bouncer_dropped").await;
    for n in 0..200 {
        let call = db.transaction(async |tx| {
            tx.customers().create(named(n)).await?;
            tx.customers().find().await.map(drop)
        });
        let _ = tokio::time::timeout(Duration::from_micros(n * 20), call.into_future()).await;
        let _ = tokio::time::timeout(Duration::from_micros(n * 5), db.customers().find().count().into_future()).await;
    }
    let all = db.customers().find().count().await.unwrap();
    assert_eq!(db.customers().find().await.unwrap().len() as u64, all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes servers that .ci/engines/pgbouncer starts"]
async fn without_the_parameter_the_cause_is_told() {
    let through = given("RELATA_POOLER").replace("{database}", "postgres");
    // Newer ones take what they know of it.
    if let Err(error) = Db::connect(through.split('?').next().unwrap()).await {
        let text = error.to_string();
        assert!(text.contains("`pooler=transaction` in the URL"), "{text}");
    }
}
