//! The examples of `docs/guide/transactions.md`.

use std::time::Duration;

use relata::{Isolation, Result};

use super::blog::{
    Author, Db, NewTag, Post, PostPatch, PostState, Repositories, author, comment, post, tag,
};
use super::with_ann;

#[tokio::test]
async fn all_or_nothing() -> Result<()> {
    let (db, ann, _) = with_ann().await?;

    let post = db
        .transaction(async |tx| {
            let post = tx.authors().posts(&ann).create(author::NewPost::new("News", "…")).await?;
            let tag = tx.tags().upsert_by_name(NewTag::new("news")).await?;
            tx.posts().tags(&post).link(&tag).await?;
            Ok::<_, relata::Error>(post)
        })
        .await?;

    assert_eq!(db.posts().tags(&post).count(tag::all()).await?, 1);
    Ok(())
}

mod own_errors {
    use super::{Db, Post, Result, author, post, with_ann};

#[derive(Debug)]
enum PublishError {
    TooMany(u64),
    Database(relata::Error),
}

impl From<relata::Error> for PublishError {
    fn from(error: relata::Error) -> Self {
        Self::Database(error)
    }
}

async fn write(db: &Db, author: i64, new: author::NewPost) -> Result<Post, PublishError> {
    db.transaction(async |tx| {
        let posts = tx.authors().posts(author).count(post::all()).await?;
        if posts >= 2 {
            return Err(PublishError::TooMany(posts));                 // undoes what was done
        }
        Ok(tx.authors().posts(author).create(new).await?)
    })
    .await
}

    #[tokio::test]
    async fn decide() -> Result<()> {
        let (db, ann, _) = with_ann().await?;
        write(&db, ann.id, author::NewPost::new("Two", "…")).await.unwrap();
        let error = write(&db, ann.id, author::NewPost::new("Three", "…")).await.unwrap_err();
        assert!(matches!(error, PublishError::TooMany(2)), "{error:?}");
        Ok(())
    }
}

async fn author_of(at: &Repositories, post: i64) -> Result<Author> {
    at.posts().author(post).await
}

#[tokio::test]
async fn functions_that_serve_both() -> Result<()> {
    let (db, ann, post) = with_ann().await?;

    let outside = author_of(&db, post.id).await?;
    let inside = db.transaction(async |tx| author_of(tx, post.id).await).await?;

    assert_eq!((&outside, &inside), (&ann, &ann));
    Ok(())
}

#[tokio::test]
async fn a_snapshot() -> Result<()> {
    let (db, ..) = with_ann().await?;

    let (posts, comments) = db
        .transaction(async |tx| {
            let posts = tx.posts().count(post::all()).await?;
            let comments = tx.comments().count(comment::all()).await?;
            Ok::<_, relata::Error>((posts, comments))
        })
        .isolation(Isolation::RepeatableRead)
        .read_only()
        .await?;

    assert_eq!((posts, comments), (1, 0));
    Ok(())
}

#[tokio::test]
async fn inside_another() -> Result<()> {
    let (db, _, post) = with_ann().await?;

    let tagged = db
        .transaction(async |tx| {
            let publish = PostPatch { state: Some(PostState::Published), ..Default::default() };
            tx.posts().patch_by_id(post.id, publish).await?;
            let tagged = tx
                .transaction(async |tx| {
                    let tag = tx.tags().create(NewTag::new("news")).await?;
                    tx.posts().tags(&post).link(&tag).await
                })
                .await;
            // The post is published, also where the tag is refused.
            Ok::<_, relata::Error>(tagged.is_ok())
        })
        .await?;

    assert!(tagged);
    Ok(())
}

async fn publish_oldest(db: &Db) -> Result<Option<Post>> {
    db.transaction(async |tx| {
        let drafts = tx.posts().find().filter(post::state().eq(PostState::Draft));
        let Some(draft) = drafts.order_by(post::id()).first().await? else { return Ok(None) };
        let publish = PostPatch { state: Some(PostState::Published), ..Default::default() };
        Ok(Some(tx.posts().patch_by_id(draft.id, publish).await?))
    })
    .isolation(Isolation::Serializable)
    .retry(5)                                             // up to five times more
    .await
}

#[tokio::test]
async fn again() -> Result<()> {
    let (db, _, post) = with_ann().await?;
    assert_eq!(publish_oldest(&db).await?.map(|found| found.id), Some(post.id));
    assert_eq!(publish_oldest(&db).await?, None);
    Ok(())
}

async fn titles(db: &Db) -> Result<Vec<Post>> {
    let db = db.within(Duration::from_millis(500));       // each call on it
    db.posts().find().order_by(post::id()).limit(20).await
}

async fn publish(db: &Db, id: i64) -> Result<Post> {
    db.transaction(async |tx| {
        let publish = PostPatch { state: Some(PostState::Published), ..Default::default() };
        tx.posts().patch_by_id(id, publish).await
    })
    .retry(5)
    .deadline(Duration::from_secs(2))                     // all of it, with every attempt
    .await
}

#[tokio::test]
async fn in_time() -> Result<()> {
    let (db, _, post) = with_ann().await?;
    assert_eq!(publish(&db, post.id).await?.state, PostState::Published);
    assert_eq!(titles(&db).await?.len(), 1);
    Ok(())
}
