//! The examples of `docs/guide/reading.md`.

use relata::Result;

use super::blog::{NewTag, PostState, author, comment, post, tag};
use super::pages::Page;
use super::with_ann;

#[tokio::test]
async fn finds() -> Result<()> {
    let (db, ann, post) = with_ann().await?;

    let post = db.posts().get(post.id).await?;                        // the Post, or the error `not_found`
    let perhaps = db.posts().find_by_id(99).await?;                   // Option<Post>

    let recent = db.posts().find()
        .filter(post::state().eq(PostState::Draft).and(post::title().starts_with("H")))
        .order_by((post::created_at().desc(), post::id()))
        .limit(20)
        .await?;                                                      // Vec<Post>
    let newest = db.posts().find().order_by(post::id().desc()).first().await?;

    let wanted: Option<&str> = None;                                  // from a search form
    let found = db.posts().find()
        .filter_if(wanted, |title| post::title().contains(title))
        .await?;

    assert_eq!((perhaps, recent.len(), newest.map(|post| post.author_id), found.len()), (None, 1, Some(ann.id), 1));
    Ok(())
}

#[tokio::test]
async fn includes() -> Result<()> {
    let (db, _, post) = with_ann().await?;
    db.posts().tags(&post).create(NewTag::new("rust")).await?;

    let authors = db.authors().find()
        .order_by(author::name())
        .include(author::posts()
            .filter(post::state().eq(PostState::Draft))
            .order_by(post::id().desc())
            .limit(2)
            .include(post::tags().order_by(tag::name())))
        .await?;
    for author in &authors {
        for post in &author.posts {
            let tags: Vec<_> = post.tags.iter().map(|tag| &*tag.name).collect();
            println!("{}: {} ({})", author.name, post.title, tags.join(", "));
        }
    }

    assert_eq!(authors[0].posts[0].tags.len(), 1);
    Ok(())
}

#[tokio::test]
async fn counts() -> Result<()> {
    let (db, _, post) = with_ann().await?;
    db.posts().comments(&post).create(post::NewComment::new("Nice.")).await?;

    let posts = db.posts().find()
        .filter(post::comments().count().ge(1))
        .order_by((post::comments().count().desc(), post::id()))
        .include(post::author())
        .include(post::comments().filter(comment::parent_id().is_null()).count())
        .await?;
    for post in &posts {
        println!("{} by {}: {} comments", post.title, post.author.name, post.comments);      // a u64
    }

    assert_eq!(posts[0].comments, 1);
    Ok(())
}

#[tokio::test]
async fn aggregates() -> Result<()> {
    let (db, ..) = with_ann().await?;

    let by_author = db.posts().aggregate()
        .filter(post::state().eq(PostState::Draft))
        .group_by(post::author_id())
        .order_by(post::views().sum().desc())
        .limit(10)
        .select((relata::count(), post::views().sum()))
        .await?;
    for (author, (posts, views)) in by_author {
        println!("author {author}: {posts} posts, seen {} times", views.unwrap_or(0));
    }
    Ok(())
}

#[tokio::test]
async fn the_statements_are_those_that_run() -> Result<()> {
    let (db, ..) = with_ann().await?;
    let mut page = Page::open("reading.md");
    let posts = author::posts().filter(post::state().eq(PostState::Draft)).order_by(post::id().desc()).limit(2);
    let posts = posts.include(post::tags().order_by(tag::name()));
    page.runs(&db.authors().find().order_by(author::name()).include(posts).explain());

    let find = db.posts().find().filter(post::comments().count().ge(1));
    let find = find.order_by((post::comments().count().desc(), post::id()));
    let top_level = post::comments().filter(comment::parent_id().is_null()).count();
    page.runs(&find.include(post::author()).include(top_level).explain());

    let aggregate = db.posts().aggregate().filter(post::state().eq(PostState::Draft)).group_by(post::author_id());
    let aggregate = aggregate.order_by(post::views().sum().desc()).limit(10);
    page.runs(&aggregate.select((relata::count(), post::views().sum())).explain());
    page.close();
    Ok(())
}
