//! Replicas that are none, and what is said of them. Those that are run by `.ci/engines/replica`.

use super::*;

#[test]
fn what_cannot_be_a_replica_is_refused() {
    on_database(|own| async move {
        let primary = own.open().await;
        for (url, why) in [
            ("postgres://a:s3cret@h,i/db", "names several hosts"),
            ("postgres://a:s3cret@h/db?pooler=transaction", "not read through a pooler"),
            ("mysql://a:s3cret@h/db", "does not begin with `postgres://`"),
            (&*own.url().replace("/relata_driver", "/no_such_database"), "does not exist"),
        ] {
            let text = message(&primary.open_replica(url, &settings()).await.unwrap_err(), "connect");
            assert!(text.contains("a read replica: ") && text.contains(why) && !text.contains("s3cret"), "{text}");
        }
    });
}

#[test]
fn one_that_is_not_there_is_looked_for_later() {
    on_database(|own| async move {
        let primary = own.open().await;
        primary.open_replica("postgres://postgres@127.0.0.1:1/db", &settings()).await.unwrap();
    });
}

#[test]
fn a_primary_follows_nobody() {
    use crate::network::replicas::Node;
    on_database(|own| async move {
        let primary = own.open().await;
        let same = primary.open_replica(&own.url(), &settings()).await.unwrap();
        assert_eq!(same.reached().await.unwrap(), None);
        let before = primary.position().await.unwrap();
        run(&primary, Access::Write, &["INSERT INTO t VALUES (1)"]).await.unwrap();
        assert!(primary.position().await.unwrap() > before);
    });
}
