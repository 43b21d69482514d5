//! Cursors that are not the find's, and finds that have none.

use macro_rules_attribute::apply;
use relata::{Error, Result};
use relata_conformance::database::{Database, Place};
use relata_conformance::references::{self, NewUser};
use relata_conformance::shop::{Db, NewCustomer, NewOrder, Repositories, account, customer};
use relata_conformance::types::{self, sample};
use relata_conformance::{on_every_database, on_no_database, on_servers};

use crate::support::shop;

const KEY: &[u8; 32] = b"a secret of thirty-two bytes....";

/// The only mistake of a refusal: where, and that its text shows nothing of the cursor.
pub(super) fn mistake<T: std::fmt::Debug>(result: Result<T>, token: &str) -> String {
    let error = result.unwrap_err();
    // A few letters of it may be in any text.
    assert!(token.len() < 16 || !error.to_string().contains(token), "{error}");
    match error {
        Error::InvalidFilter { mistakes } => {
            assert_eq!(mistakes.len(), 1, "{mistakes:?}");
            mistakes[0].path.clone()
        }
        other => panic!("{other:?}"),
    }
}

#[apply(on_every_database)]
async fn a_cursor_is_good_for_its_find_alone(at: &Database) {
    let db: Db = at.open_with(|db| db.page_key(KEY)).await.unwrap();
    let new = (0..6).map(|n| NewCustomer { score: Some(n), ..NewCustomer::new("x", format!("{n}@x")) });
    db.customers().create_many(new).await.unwrap();
    db.orders().create_many((1..=6).map(|n| NewOrder::new(n, "an order", n))).await.unwrap();
    let find = || db.customers().find().filter(customer::score().gt(0)).order_by(customer::score());
    let page = find().page(None, 2).await.unwrap();
    let token = page.next.unwrap().to_string();
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{token}");
    assert_eq!(find().page(Some(&token), 2).await.unwrap().rows[0].score, Some(3));
    // Another size and other inclusions are no other find.
    assert_eq!(find().include(customer::orders()).page(Some(&token), 1).await.unwrap().rows[0].orders.len(), 1);

    let others = || {
        let all = || db.customers().find();
        [
            all().filter(customer::score().gt(1)).order_by(customer::score()),
            all().filter(customer::score().ge(0)).order_by(customer::score()),
            all().order_by(customer::score()),
            all().filter(customer::score().gt(0)).order_by(customer::score().desc()),
            all().filter(customer::score().gt(0)).order_by((customer::score(), customer::id().desc())),
            all().filter(customer::score().gt(0)).order_by(customer::id()),
            all().filter(customer::score().gt(0)),
            find().filter(customer::id().is_in([1_i64, 2, 3])),
        ]
    };
    for other in others() {
        assert_eq!(mistake(other.page(Some(&token), 2).await, &token), "after");
    }
    // Lists are told apart by what is in them, and texts.
    let listed = |ids: Vec<i64>| db.customers().find().filter(customer::id().is_in(ids));
    let of_list = listed(vec![1, 2, 3]).page(None, 1).await.unwrap().next.unwrap();
    assert_eq!(listed(vec![1, 2, 3]).page(Some(&of_list), 1).await.unwrap().rows[0].id, 2);
    assert_eq!(mistake(listed(vec![1, 2, 4]).page(Some(&of_list), 1).await, &of_list), "after");
    let named = |text: &str| db.customers().find().filter(customer::name().like(text));
    let of_text = named("x%").page(None, 1).await.unwrap().next.unwrap();
    assert_eq!(mistake(named("y%").page(Some(&of_text), 1).await, &of_text), "after");
    // Another model, and another row whose rows they are.
    assert_eq!(mistake(db.orders().find().page(Some(&token), 2).await, &token), "after");
    let mine = db.orders().find().page(None, 2).await.unwrap().next.unwrap();
    assert_eq!(mistake(db.customers().orders(1).find().page(Some(&mine), 2).await, &mine), "after");

    // Whoever has the key.
    let again: Db = at.open_with(|db| db.page_key(KEY)).await.unwrap();
    if at.place() != Place::SqliteMemory {
        let find = again.customers().find().filter(customer::score().gt(0)).order_by(customer::score());
        assert_eq!(find.page(Some(&token), 2).await.unwrap().rows[0].score, Some(3));
    }
    for other in [at.open::<Repositories>().await, at.open_with(|db| db.page_key([8; 40])).await] {
        let other = other.unwrap();
        let find = other.customers().find().filter(customer::score().gt(0)).order_by(customer::score());
        assert_eq!(mistake(find.page(Some(&token), 2).await, &token), "after");
    }
}

#[apply(on_every_database)]
async fn every_change_of_a_cursor_is_refused(at: &Database) {
    let (db, _) = shop(at).await;
    let find = || db.customers().find().order_by(customer::city());
    let token = find().page(None, 1).await.unwrap().next.unwrap().to_string();
    for place in 0..token.len() {
        for byte in [b'A', b'_', b'z', b'=', b' ', 0, 127] {
            let mut changed = token.clone().into_bytes();
            if changed[place] != byte {
                changed[place] = byte;
                let changed = String::from_utf8(changed).unwrap();
                assert_eq!(mistake(find().page(Some(&changed), 1).await, &changed), "after");
            }
        }
        let (cut, rest) = token.split_at(place);
        assert_eq!(mistake(find().page(Some(cut), 1).await, cut), "after");
        if place > 0 {
            assert_eq!(mistake(find().page(Some(rest), 1).await, rest), "after");
        }
    }
    for wrong in
        ["", "0", "null", "undefined", "../../etc/passwd", "ß", "'; DROP TABLE customers; --", &"A".repeat(100_000)]
    {
        assert_eq!(mistake(find().page(Some(wrong), 1).await, wrong), "after");
    }
}

#[apply(on_every_database)]
async fn what_cannot_be_paged_is_refused(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let find = || db.customers().find();
    assert_eq!(mistake(find().page(None, 0).await, ""), "size");
    assert_eq!(mistake(find().limit(5).page(None, 1).await, ""), "limit");
    assert_eq!(mistake(find().offset(5).page(None, 1).await, ""), "offset");
    assert_eq!(find().page(None, u64::MAX).await.unwrap().rows.len(), 3);
    // What is hidden is in no cursor, neither of the row itself nor of one that it leads to.
    let secret = db.accounts().find().order_by(account::secret());
    let error = secret.page(None, 1).await.unwrap_err();
    assert!(error.to_string().contains("Account.secret is hidden"), "{error}");
    let related = find().order_by(customer::account().order(account::secret().desc()));
    assert_eq!(mistake(related.page(None, 1).await, ""), "order");
    // A condition on it is.
    db.customers().account(&ann).create(customer::NewAccount::new()).await.unwrap();
    let page = db.accounts().find().filter(account::secret().is_null()).page(None, 1).await.unwrap();
    assert_eq!(page.rows.len(), 1);
    // Before any statement, all at once.
    let error =
        find().limit(1).offset(1).order_by(customer::account().order(account::secret())).page(Some("x"), 0).await;
    let Err(Error::InvalidFilter { mistakes }) = error else { panic!("{error:?}") };
    let paths: Vec<_> = mistakes.iter().map(|mistake| mistake.path.as_str()).collect();
    assert_eq!(paths, ["size", "limit", "offset", "order", "after"]);
}

#[apply(on_every_database)]
async fn what_has_no_place_is_refused(at: &Database) {
    let db: types::Db = at.open().await.unwrap();
    assert_eq!(mistake(db.samples().find().order_by(sample::json()).page(None, 1).await, ""), "order");
    let db: references::Db = at.open().await.unwrap();
    let ann = db.users().create(NewUser::new("Ann")).await.unwrap();
    let error = db.users().tags(&ann).find().page(None, 1).await.unwrap_err();
    assert!(error.to_string().contains("User.tags") && error.to_string().contains("stream()"), "{error}");
}

#[apply(on_servers)]
async fn a_short_key_is_refused(at: &Database) {
    let opened = at.open_with::<Repositories>(|db| db.page_key("short")).await;
    let error = opened.map(drop).unwrap_err();
    assert_eq!(error.code(), "connect");
    assert!(error.to_string().contains("32") && !error.to_string().contains("short"), "{error}");
}

#[apply(on_no_database)]
fn cursors_show_nothing_in_logs() {
    fn is_plain<T: Send + Sync + Clone + std::fmt::Display + AsRef<str>>() {}
    is_plain::<relata::Cursor>();
}
