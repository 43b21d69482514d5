//! Several hosts in one URL: the first that serves is used, of the kind that is asked for.

use super::*;
use crate::network::gate::Gate;

/// Opens the database through other addresses than the server's own.
async fn through(own: &Own, addresses: &str, parameters: &str) -> Result<Database> {
    let name = &own.name;
    let url = format!("postgres://postgres@{addresses}/{name}?sslmode=disable{parameters}");
    let settings = Settings { connect_timeout: Duration::from_secs(2), ..settings() };
    Database::open(&url, &settings).await
}

/// Host and port of the tests' server; none where it is no plain address.
fn address(own: &Own) -> Option<String> {
    let url = own.url();
    let (_, after) = url.rsplit_once('@')?;
    let (address, _) = after.split_once('/')?;
    address.starts_with("127.0.0.1:").then(|| address.to_owned())
}

#[test]
fn a_dead_host_is_passed_over() {
    on_database(|own| async move {
        let Some(address) = address(&own) else { return };
        let database = through(&own, &format!("127.0.0.1:1,{address}"), "").await.unwrap();
        assert_eq!(count(&database).await, 0);
        let error = through(&own, &format!("127.0.0.1:1,{address}"), "&connect_timeout=1").await;
        assert!(error.is_ok(), "{error:?}");
    });
}

#[test]
fn where_none_serves_each_is_named() {
    on_database(|own| async move {
        let error = through(&own, "127.0.0.1:1,127.0.0.1:2", "").await.unwrap_err();
        let text = message(&error, "connect");
        let hosts = format!("cannot connect to postgres://postgres@127.0.0.1:1,127.0.0.1:2/{}: ", own.name);
        assert!(text.contains(&hosts), "{text}");
        assert!(text.contains("`127.0.0.1:1`: Connection refused"), "{text}");
        assert!(text.contains("; `127.0.0.1:2`: Connection refused"), "{text}");
    });
}

#[test]
fn what_one_host_says_of_the_user_is_not_asked_of_the_next() {
    on_database(|own| async move {
        let Some(address) = address(&own) else { return };
        let url = format!("postgres://nobody_at_all@{address},127.0.0.1:1/{}?sslmode=disable", own.name);
        let text = message(&Database::open(&url, &settings()).await.unwrap_err(), "connect");
        assert!(text.contains("nobody_at_all") && text.contains("the other hosts are not tried"), "{text}");
    });
}

#[test]
fn a_host_of_the_kind_that_is_asked_for_is_found() {
    on_database(|own| async move {
        let Some(address) = address(&own) else { return };
        for role in ["any", "read-write", "primary", "prefer-standby"] {
            let found = through(&own, &address, &format!("&target_session_attrs={role}")).await;
            assert_eq!(count(&found.unwrap()).await, 0, "{role}");
        }
        for (role, why) in [("standby", "it is a primary"), ("read-only", "it is a server that takes writes")] {
            let error = through(&own, &address, &format!("&target_session_attrs={role}")).await.unwrap_err();
            let text = message(&error, "connect");
            assert!(text.contains(why) && text.contains("`target_session_attrs` asks for another kind"), "{text}");
        }
        let sql = format!("ALTER DATABASE {} SET default_transaction_read_only = on", own.name);
        own.aside().await.batch_execute(&sql).await.unwrap();
        let text = message(&through(&own, &address, "&target_session_attrs=read-write").await.unwrap_err(), "connect");
        assert!(text.contains("`default_transaction_read_only`"), "{text}");
        through(&own, &address, "&target_session_attrs=read-only").await.unwrap();
        through(&own, &address, "&target_session_attrs=primary").await.unwrap();
    });
}

#[test]
fn a_server_that_takes_no_writes_any_more_is_left() {
    on_database(|own| async move {
        let Some(address) = address(&own) else { return };
        let (first, second) = (Gate::to(&address), Gate::to(&address));
        let both = format!("127.0.0.1:{},127.0.0.1:{}", first.port, second.port);
        let database = through(&own, &both, "&target_session_attrs=read-write").await.unwrap();
        run(&database, Access::Write, &["SET default_transaction_read_only = on"]).await.unwrap();
        let refused = run(&database, Access::Write, &["INSERT INTO t VALUES (1)"]).await.unwrap_err();
        assert!(message(&refused, "unavailable").contains("takes no changes"), "{refused}");
        run(&database, Access::Write, &["INSERT INTO t VALUES (1)"]).await.unwrap();
    });
}

#[test]
fn when_a_host_dies_others_serve_and_later_it_serves_again() {
    on_database(|own| async move {
        let Some(address) = address(&own) else { return };
        let (first, second) = (Gate::to(&address), Gate::to(&address));
        let both = format!("127.0.0.1:{},127.0.0.1:{}", first.port, second.port);
        let database = through(&own, &both, "").await.unwrap();
        run(&database, Access::Write, &["INSERT INTO t VALUES (1)"]).await.unwrap();
        assert_eq!((first.passed(), second.passed()), (1, 0));
        first.shut();
        // What was under way fails; who comes next is served.
        until("the other host", async || run(&database, Access::Read, &["SELECT count(*) FROM t"]).await.is_ok()).await;
        assert_eq!((first.passed(), second.passed()), (0, 1));
        first.open();
        second.shut();
        until("the first host", async || run(&database, Access::Read, &["SELECT count(*) FROM t"]).await.is_ok()).await;
        assert_eq!((first.passed(), second.passed()), (1, 0));
    });
}
