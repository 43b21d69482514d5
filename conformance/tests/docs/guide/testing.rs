//! The examples of `docs/guide/testing.md`.

use relata::Result;
use relata_conformance::database::{Database, Place};

use super::blog::{Author, Db, NewAuthor, NewTag, PostPatch, PostState, Repositories, author, post, tag};
use super::with_ann;

async fn empty() -> relata::Result<Db> {
    let db = Db::connect("sqlite::memory:").await?;
    db.create_tables().await?;
    Ok(db)
}

#[tokio::test]
async fn a_tag_is_linked_once() -> relata::Result<()> {
    let db = empty().await?;
    let ann = ann_with_posts(&db).await?;
    let post = db.authors().posts(&ann).find().first().await?.expect("Ann has posts");

    let tag = db.tags().create(NewTag::new("twice")).await?;
    db.posts().tags(&post).link(&tag).await?;
    db.posts().tags(&post).link(&tag).await?;

    assert_eq!(db.posts().tags(&post).count(tag::name().eq("twice")).await?, 1);
    Ok(())
}

/// Ann, with two posts of which one is published and has a comment and a tag.
async fn ann_with_posts(at: &Repositories) -> relata::Result<Author> {
    let published = author::NewPost { state: Some(PostState::Published), ..author::NewPost::new("News", "…") };
    let ann = at.authors()
        .create(NewAuthor::new("Ann", "ann@example.org"))
        .with(author::posts().create([
            (published, post::comments().create([post::NewComment::new("Nice.")])),
            (author::NewPost::new("Notes", "…"), post::comments().create([])),
        ]))
        .await?;
    at.posts().tags(&*ann.posts[0]).create(NewTag::new("news")).await?;
    Ok(ann.into_author())
}

/// The database that `TEST_DATABASE_URL` names, or one in memory.
async fn database() -> relata::Result<Db> {
    let url = std::env::var("TEST_DATABASE_URL").unwrap_or_else(|_| "sqlite::memory:".to_owned());
    let db = Db::connect(&url).await?;
    db.create_tables().await?;
    Ok(db)
}

/// How a test ends, so that nothing of it stays.
#[derive(Debug)]
enum Undo {
    Passed,
    Failed(relata::Error),
}

impl From<relata::Error> for Undo {
    fn from(error: relata::Error) -> Self {
        Self::Failed(error)
    }
}

#[tokio::test]
async fn published_posts_have_comments() -> relata::Result<()> {
    let db = database().await?;
    let undone = db
        .transaction(async |tx| {
            let ann = ann_with_posts(tx).await?;
            let published = tx.authors().posts(&ann).find().filter(post::state().eq(PostState::Published));
            let posts = published.include(post::comments()).await?;
            assert_eq!(posts[0].comments[0].text, "Nice.");
            Err::<(), _>(Undo::Passed)
        })
        .await;
    assert!(matches!(undone, Err(Undo::Passed)), "{undone:?}");
    Ok(())
}

#[tokio::test]
async fn a_page_of_authors_is_three_statements() -> relata::Result<()> {
    let db = empty().await?;
    let page = db.authors().find().limit(20).include(author::posts().limit(5).include(post::tags()));

    let statements = page.explain();
    let reads: Vec<_> = statements.iter().map(|statement| statement.path.as_str()).collect();
    assert_eq!(reads, ["", "posts", "posts.tags"]);
    assert!(statements[1].sql.contains(r#""author_id""#), "{}", statements[1]);
    Ok(())
}

#[tokio::test]
async fn a_post_is_published_by_two_statements() -> relata::Result<()> {
    let (db, _, post) = with_ann().await?;
    let (db, recorder) = db.recorded();

    db.transaction(async |tx| {
        let post = tx.posts().find_by_id(post.id).for_update().await?.expect("the post is there");
        let publish = PostPatch { state: Some(PostState::Published), ..Default::default() };
        tx.posts().patch_by_id(post.id, publish).await
    })
    .await?;

    recorder.assert_statements(2);
    Ok(())
}

/// What the page says holds on servers too.
#[test]
fn the_same_test_runs_everywhere() {
    for place in [Place::Sqlite, Place::Postgres, Place::Mysql] {
        let Ok(database) = Database::new(place) else {
            assert!(std::env::var_os("CI").is_none(), "{} is not there", place.name());
            continue;
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let counted: Result<u64, Undo> = runtime.block_on(async {
            let db = Db::connect(&database.url()).await?;
            db.create_tables().await?;
            let undone = db.transaction(async |tx| {
                ann_with_posts(tx).await?;
                assert_eq!(tx.posts().count(post::all()).await?, 2);
                Err::<(), _>(Undo::Passed)
            });
            assert!(matches!(undone.await, Err(Undo::Passed)));
            Ok(db.posts().count(post::all()).await?)
        });
        assert!(matches!(counted, Ok(0)), "{}: {counted:?}", place.name());
    }
    relata_conformance::database::leave();
}
