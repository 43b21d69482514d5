//! Several hosts in one URL: the first that serves is used. What a cluster says besides is made of its messages.

use mysql_async::{Error as Failure, ServerError};

use super::*;
use crate::mysql::fault;
use crate::network::gate::Gate;

/// Host and port of the tests' server; none where it is no plain address.
fn address() -> Option<String> {
    let server = server();
    let (_, rest) = server.rsplit_once('@')?;
    let address = rest.trim_end_matches('/');
    address.starts_with("127.0.0.1:").then(|| address.to_owned())
}

fn through(scratch: &Scratch, addresses: &str) -> Result<Database> {
    open(&format!("mysql://root@{addresses}/{}?sslmode=disable", scratch.name), &settings(), |_| {})
}

#[test]
fn a_dead_host_is_passed_over() {
    let Some((scratch, address)) = Scratch::new().zip(address()) else { return };
    let database = through(&scratch, &format!("127.0.0.1:1,{address}")).unwrap();
    assert_eq!(run(&database, Access::Read, &["SELECT 1"]).unwrap(), [1]);
}

#[test]
fn where_none_serves_each_is_named() {
    let text =
        message(&open("mysql://root:s3cret@127.0.0.1:1,127.0.0.1:2/x", &settings(), |_| {}).unwrap_err(), "connect");
    for part in [
        "cannot connect to mysql://root@127.0.0.1:1,127.0.0.1:2/x: ",
        "`127.0.0.1:1`: nothing listens there",
        "; `127.0.0.1:2`: nothing listens there",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("s3cret"), "{text}");
}

#[test]
fn what_one_host_says_of_the_user_is_not_asked_of_the_next() {
    let Some((scratch, address)) = Scratch::new().zip(address()) else { return };
    let url = format!("mysql://nobody:s3cret@{address},127.0.0.1:1/{}", scratch.name);
    let text = message(&open(&url, &settings(), |_| {}).unwrap_err(), "connect");
    assert!(text.contains("user or the password is wrong") && text.contains("are not tried"), "{text}");
}

#[test]
fn when_a_host_dies_others_serve_and_later_it_serves_again() {
    let Some((scratch, address)) = Scratch::new().zip(address()) else { return };
    drop(scratch.with_table());
    let (first, second) = (Gate::to(&address), Gate::to(&address));
    let database = through(&scratch, &format!("127.0.0.1:{},127.0.0.1:{}", first.port, second.port)).unwrap();
    assert_eq!(count(&database), 0);
    assert_eq!((first.passed(), second.passed()), (1, 0));
    first.shut();
    // What was under way fails; who comes next is served.
    soon("the other host serves", || run(&database, Access::Read, &["SELECT COUNT(*) FROM t"]).is_ok());
    assert_eq!((first.passed(), second.passed()), (0, 1));
    first.open();
    second.shut();
    soon("the first host serves", || run(&database, Access::Read, &["SELECT COUNT(*) FROM t"]).is_ok());
    assert_eq!((first.passed(), second.passed()), (1, 0));
}

#[test]
fn what_a_cluster_says_is_told_apart() {
    let targets = url::parse("mysql://root:s3cret@a,b/x?wsrep_sync_wait=1").unwrap();
    let place = Place::new(targets.first(), &settings());
    for (code, state, text, expected, part) in [
        (
            1047,
            "08S01",
            "WSREP has not yet prepared node for application use",
            "unavailable",
            "not part of its cluster",
        ),
        (1213, "40001", "Deadlock found when trying to get lock", "serialization", "rolled the transaction back"),
        (1180, "HY000", "Got error 6 \"No such device or address\" during COMMIT", "commit_unknown", "during COMMIT"),
    ] {
        let failure = Failure::Server(ServerError { code, message: text.to_owned(), state: state.to_owned() });
        let told = message(&fault::error(&failure, &place), expected);
        assert!(told.contains(part), "{told}");
        // A node that cannot serve says nothing of the others.
        assert!(fault::of_connecting(&failure, &place).elsewhere, "{code}");
    }
}

#[test]
fn a_server_without_a_cluster_says_that_it_cannot_wait_for_one() {
    let Some(scratch) = Scratch::new() else { return };
    let database = open(&format!("{}?wsrep_sync_wait=1", scratch.url()), &settings(), |_| {});
    match database {
        Ok(database) => assert_eq!(run(&database, Access::Read, &["SELECT @@wsrep_sync_wait"]).unwrap(), [1]),
        Err(error) => assert!(message(&error, "connect").contains("wsrep_sync_wait"), "{error}"),
    }
}
