//! Links that many make at once.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::through::{
    Db, NewArticle, NewAuthor, NewBook, NewLabel, NewPerson, article_label, authorship, follow,
};

/// How many run at the same time.
const MANY: usize = 16;

/// Runs the call by many tasks, each with its number, and waits for all.
async fn at_once<F>(db: &Db, call: impl Fn(Db, usize) -> F)
where
    F: Future<Output = relata::Result<()>> + Send + 'static,
{
    let tasks: Vec<_> = (0..MANY).map(|n| tokio::spawn(call(db.clone(), n))).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

async fn people(at: &Database) -> Db {
    let db: Db = at.open().await.unwrap();
    db.people().create_many([1, 2, 3].map(|id| NewPerson::new(id, "x"))).await.unwrap();
    db
}

#[apply(on_every_database)]
async fn a_pair_is_linked_once_from_whichever_side(at: &Database) {
    let db = people(at).await;
    for _ in 0..3 {
        at_once(&db, |db: Db, n| async move {
            match n % 4 {
                0 => db.people().following(1).link(2).await,
                1 => db.people().followers(2).link(1).await,
                2 => db.people().following(1).set([2]).await,
                _ => db.people().followers(2).set([1]).await,
            }
        })
        .await;
        assert_eq!(db.follows().delete_where(follow::all()).await.unwrap(), 1);
    }
}

#[apply(on_every_database)]
async fn of_several_who_set_the_links_one_is_the_last(at: &Database) {
    let db = people(at).await;
    for _ in 0..3 {
        at_once(&db, |db: Db, n| async move { db.people().following(1).set([2 + i64::from(n % 2 == 0)]).await }).await;
        assert_eq!(db.follows().delete_where(follow::all()).await.unwrap(), 1);
        at_once(&db, |db: Db, n| async move { db.people().followers(1).set([2 + i64::from(n % 2 == 0)]).await }).await;
        assert_eq!(db.follows().delete_where(follow::all()).await.unwrap(), 1);
    }
}

/// Where a pair has one row at most, nobody's link is a conflict.
#[apply(on_every_database)]
async fn nobody_is_refused_what_another_has_linked(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.articles().create(NewArticle::new(1, "a")).await.unwrap();
    let red = db.labels().create(NewLabel::new("red")).await.unwrap().id;
    at_once(&db, move |db: Db, n| async move {
        if n % 2 == 0 { db.articles().labels(1).link(red).await } else { db.labels().articles(red).link(1).await }
    })
    .await;
    assert_eq!(db.article_labels().count(article_label::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn weak_keys_are_linked_once(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.authors().create(NewAuthor::new(1)).await.unwrap();
    let book = db.books().create(NewBook::new("a")).await.unwrap().id;
    at_once(&db, move |db: Db, _| async move { db.authors().books(1).link(book).await }).await;
    assert_eq!(db.authorships().count(authorship::all()).await.unwrap(), 1);
}
