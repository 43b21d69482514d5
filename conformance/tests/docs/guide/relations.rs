//! The examples of `docs/guide/relations.md`.

use relata::Result;

use super::blog::{
    Address, NewComment, NewSeries, NewTag, PostState, ReportSubject, address, author, comment, post, report, tag,
};
use super::pages::Page;
use super::with_ann;

#[tokio::test]
async fn belongs_to() -> Result<()> {
    let (db, _, post) = with_ann().await?;

    let author = db.posts().author(&post).await?;                     // or .author(post.id)
    println!("{} by {}", post.title, author.name);

    let posts = db.posts().find().include(post::author()).await?;
    println!("{} by {}", posts[0].title, posts[0].author.name);

    let by_ann = post::author().matches(author::name().eq("Ann"));
    let posts = db.posts().find().filter(by_ann).await?;

    assert_eq!(posts.len(), 1);
    Ok(())
}

#[tokio::test]
async fn has_many() -> Result<()> {
    let (db, ann, _) = with_ann().await?;

    let posts = db.authors().posts(&ann);                             // or .posts(ann.id)
    let post = posts.create(author::NewPost::new("Hello", "First words.")).await?;
    let drafts = posts.find().filter(post::state().eq(PostState::Draft)).await?;

    let authors = db.authors().find()
        .include(author::posts().order_by(post::id().desc()).limit(3))
        .await?;
    for author in &authors {
        println!("{} wrote {} lately", author.name, author.posts.len());
    }
    let silent = db.authors().find().filter(author::posts().none(post::all())).await?;

    assert_eq!((drafts.len(), authors[0].posts.len(), silent.len()), (2, 2, 0));
    Ok(())
}

#[tokio::test]
async fn has_one() -> Result<()> {
    let (db, ann, _) = with_ann().await?;

    let profile = db.authors().profile(&ann);
    profile.create(author::NewProfile::new("Writes on Mondays.")).await?;
    let bio = profile.get().await?.map(|profile| profile.bio);
    let second = profile.create(author::NewProfile::new("And on Fridays.")).await.unwrap_err();
    assert_eq!(second.code(), "conflict");

    let authors = db.authors().find().include(author::profile()).await?;
    let bio = authors[0].profile.as_ref().map(|profile| &profile.bio);
    Ok(())
}

#[tokio::test]
async fn has_many_through() -> Result<()> {
    let (db, _, post) = with_ann().await?;

    let rust = db.tags().create(NewTag::new("rust")).await?;
    let tags = db.posts().tags(&post);
    tags.link(&rust).await?;
    tags.create(NewTag::new("databases")).await?;                     // the tag, and its link
    let all = tags.find().order_by(tag::name()).await?;
    tags.set([&rust]).await?;                                         // unlinks the others

    let tagged = db.tags().posts(&rust).find().await?;                // from the other side
    let about_rust = post::tags().any(tag::name().eq("rust"));
    let posts = db.posts().find().filter(about_rust).include(post::tags()).await?;

    assert_eq!((all.len(), tagged.len(), posts[0].tags.len()), (2, 1, 1));
    Ok(())
}

#[tokio::test]
async fn has_one_through() -> Result<()> {
    let (db, _, post) = with_ann().await?;

    let series = db.posts().series(&post);
    series.create_with(NewSeries::new("Beginnings"), post::SeriesLink::new(1)).await?;
    if let Some(series) = series.with_link().await? {
        println!("part {} of {}", series.link.number, series.title);
    }
    let posts = db.posts().find().include(post::series()).await?;

    assert!(posts[0].series.is_some());
    Ok(())
}

#[tokio::test]
async fn self_relations() -> Result<()> {
    let (db, _, post) = with_ann().await?;

    let first = db.posts().comments(&post).create(post::NewComment::new("Nice.")).await?;
    let reply = comment::NewReply::new("Thanks!", post.id);
    let reply = db.comments().replies(&first).create(reply).await?;
    let parent = db.comments().parent(&reply).await?;                 // Option<Comment>

    let threads = db.posts().comments(&post).find()
        .filter(comment::parent_id().is_null())
        .include(comment::replies().include(comment::replies()))
        .await?;
    for comment in &threads {
        println!("{}: {} replies", comment.text, comment.replies.len());
    }

    assert_eq!((parent, threads.len(), threads[0].replies.len()), (Some(first), 1, 1));
    db.comments().create(NewComment::new("Still there?", post.id)).await?;
    Ok(())
}

#[tokio::test]
async fn references_many() -> Result<()> {
    let (db, ann, _) = with_ann().await?;

    let rust = db.tags().create(NewTag::new("rust")).await?;
    let interests = db.authors().interests(&ann);
    interests.add(&rust).await?;
    let tags = interests.await?;                                      // in the order of the list

    let authors = db.authors().find().filter(author::interest_ids().has(rust.id)).await?;

    assert_eq!((tags.len(), authors.len()), (1, 1));
    Ok(())
}

#[tokio::test]
async fn embeds() -> Result<()> {
    let (db, ann, _) = with_ann().await?;

    let address = db.authors().address(&ann);                         // embedsOne
    address.set(Address { street: "Main".into(), city: "Oslo".into() }).await?;
    let moved = address.update(|address| address.city = "Bergen".into()).await?;

    let others = db.authors().other_addresses(&ann);                  // embedsMany
    others.push(Address { street: "Side".into(), city: "Oslo".into() }).await?;

    let in_bergen = author::address().matches(address::city().eq("Bergen"));
    let authors = db.authors().find().filter(in_bergen).await?;
    println!("{} has {} more", authors[0].name, authors[0].other_addresses.len());
    Ok(())
}

#[tokio::test]
async fn polymorphic() -> Result<()> {
    let (db, _, post) = with_ann().await?;

    db.posts().reports(&post).create(post::NewReport::new("spam")).await?;
    let reports = db.reports().find().include(report::subject()).await?;
    for report in &reports {
        match &report.subject {
            ReportSubject::Post(post) => println!("{}: the post {}", report.reason, post.title),
            ReportSubject::Comment(comment) => println!("{}: {}", report.reason, comment.text),
        }
    }
    let on_drafts = report::subject::post().matches(post::state().eq(PostState::Draft));
    let reports = db.reports().find().filter(on_drafts).await?;

    assert_eq!(reports.len(), 1);
    Ok(())
}

#[tokio::test]
async fn the_statements_are_those_that_run() -> Result<()> {
    let (db, ann, post) = with_ann().await?;
    let mut page = Page::open("relations.md");
    page.runs(&db.posts().author(&post).explain());
    page.runs(&db.posts().find().include(post::author()).explain());
    page.runs(&db.posts().find().filter(post::author().matches(author::name().eq("Ann"))).explain());

    page.runs(&db.authors().posts(&ann).find().filter(post::state().eq(PostState::Draft)).explain());
    page.runs(&db.authors().find().include(author::posts().order_by(post::id().desc()).limit(3)).explain());
    page.runs(&db.authors().find().filter(author::posts().none(post::all())).explain());

    page.runs(&db.authors().profile(&ann).get().explain());
    page.runs(&db.authors().find().include(author::profile()).explain());

    page.runs(&db.posts().tags(&post).find().order_by(tag::name()).explain());
    page.runs(&db.posts().find().filter(post::tags().any(tag::name().eq("rust"))).include(post::tags()).explain());

    page.runs(&db.posts().series(&post).with_link().explain());

    let threads = db.posts().comments(&post).find().filter(comment::parent_id().is_null());
    page.runs(&threads.include(comment::replies().include(comment::replies())).explain());

    page.runs(&db.authors().interests(&ann).explain());
    page.runs(&db.authors().find().filter(author::interest_ids().has(7)).explain());

    let in_bergen = author::address().matches(address::city().eq("Bergen"));
    page.runs(&db.authors().find().filter(in_bergen).explain());

    page.runs(&db.reports().find().include(report::subject()).explain());
    page.close();
    Ok(())
}
