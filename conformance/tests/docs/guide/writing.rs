//! The examples of `docs/guide/writing.md`.

use relata::Result;

use super::blog::{Author, AuthorPatch, NewAuthor, NewComment, NewPost, NewTag, PostPatch, PostState, author, comment, post, tag};
use super::with_ann;

#[tokio::test]
async fn one_row() -> Result<()> {
    let (db, ..) = with_ann().await?;

    let bob = db.authors().create(NewAuthor::new("Bob", "bob@example.org")).await?;
    let eve = NewAuthor { password_hash: Some("…".into()), ..NewAuthor::new("Eve", "eve@example.org") };
    let eve = db.authors().create(eve).await?;

    let post = db.authors().posts(&bob).create(author::NewPost::new("Hello", "First words.")).await?;

    let change = PostPatch { state: Some(PostState::Published), ..Default::default() };
    let post = db.posts().patch_by_id(post.id, change).await?;        // as stored now
    db.posts().delete_by_id(post.id).await?;

    assert_eq!((post.state, eve.name.as_str()), (PostState::Published, "Eve"));
    Ok(())
}

#[tokio::test]
async fn all_failures_at_once() -> Result<()> {
    let (db, ann, _) = with_ann().await?;

    let error = db.authors().create(NewAuthor::new("", "ann@example.org")).await.unwrap_err();
    assert_eq!(error.to_string(), "Author is not valid: name is empty");

    let taken = db.authors().create(NewAuthor::new("Another", "ann@example.org")).await.unwrap_err();
    assert_eq!(taken.to_string(), "Author is in conflict: email is taken");

    let nobody = db.posts().create(NewPost::new("Hello", "First words.", 99)).await.unwrap_err();
    assert_eq!(nobody.to_string(), "Post.author would lead to no row");

    let refused = db.authors().delete_by_id(ann.id).await.unwrap_err();
    assert_eq!(refused.code(), "foreign_key");                        // her posts are there
    Ok(())
}

#[tokio::test]
async fn computing() -> Result<()> {
    let (db, _, post) = with_ann().await?;

    let seen = db.posts().patch_by_id(post.id, post::views().add(1)).await?;
    let publish = PostPatch { state: Some(PostState::Published), ..Default::default() };
    let changed = db.posts().patch_where(post::state().eq(PostState::Draft), (publish, post::views().set(0))).await?;

    assert_eq!((seen.views, changed), (1, 1));
    Ok(())
}

#[tokio::test]
async fn versions() -> Result<()> {
    let (db, _, post) = with_ann().await?;

    // A form was shown with version 1 and comes back with it.
    let change = PostPatch { title: Some("Hello!".into()), version: Some(1), ..Default::default() };
    let post = db.posts().patch_by_id(post.id, change.clone()).await?;
    assert_eq!(post.version, 2);
    let late = db.posts().patch_by_id(post.id, change).await.unwrap_err();
    assert_eq!(late.code(), "stale");
    Ok(())
}

#[tokio::test]
async fn upserts() -> Result<()> {
    let (db, ..) = with_ann().await?;

    let ann = db.authors().upsert_by_email(NewAuthor::new("Ann B", "ann@example.org")).await?;
    let tags = db.tags().upsert_many_by_name(["rust", "sql"].map(NewTag::new)).await?;
    db.tags().upsert_many_by_name(["rust", "sql", "axum"].map(NewTag::new)).await?;

    assert_eq!((ann.name.as_str(), tags.len(), db.tags().count(tag::all()).await?), ("Ann B", 2, 3));
    Ok(())
}

#[tokio::test]
async fn rows_with_their_relations() -> Result<()> {
    let (db, ..) = with_ann().await?;

    let bob = db.authors()
        .create(NewAuthor::new("Bob", "bob@example.org"))
        .with(author::profile().create(author::NewProfile::new("Writes on Mondays.")))
        .with(author::posts().create([
            (author::NewPost::new("One", "…"), post::comments().create([post::NewComment::new("Nice.")])),
            (author::NewPost::new("Two", "…"), post::comments().create([])),
        ]))
        .await?;
    println!("{}: {}", bob.posts[0].title, bob.posts[0].comments[0].text);

    let post = db.authors().posts(&bob)
        .create(author::NewPost::new("Three", "…"))
        .with(post::tags().create([NewTag::new("rust")]))
        .await?;

    assert_eq!((bob.posts.len(), post.tags[0].name.as_str(), bob.profile.bio.len()), (2, "rust", 18));
    Ok(())
}

#[tokio::test]
async fn many_rows() -> Result<()> {
    let (db, ann, post) = with_ann().await?;

    let texts = ["First!", "Second."];
    let comments = db.posts().comments(&post).create_many(texts.map(post::NewComment::new)).await?;

    // Any number of rows: they are taken from the iterator as they are stored.
    let lines = (0..10_000).map(|n| format!("comment {n}"));
    let post_id = post.id;
    let stored = db.comments().create_all(lines.map(move |text| NewComment::new(text, post_id))).await?;

    let deleted = db.posts().comments(&post).delete(comment::text().starts_with("comment")).await?;

    assert_eq!((comments.len(), stored, deleted), (2, 10_000, 10_000));
    Ok(())
}

#[tokio::test]
async fn what_may_be_absent() -> Result<()> {
    let (db, ann, _) = with_ann().await?;

    let unset = AuthorPatch { password_hash: Some(None), ..Default::default() };      // sets NULL
    let leave = AuthorPatch { password_hash: None, ..Default::default() };            // leaves it as it is
    let ann: Author = db.authors().patch_by_id(ann.id, unset).await?;

    let ann = db.authors().patch_by_id(ann.id, leave).await?;
    Ok(())
}
