//! A blog: tags of posts, addresses of authors, comments on posts and on photos, counted and deleted softly.
//!
//! `cargo run -p blog` keeps it in memory; `cargo run -p blog --features servers -- postgres://…` or `mysql://…` runs
//! the same on a database of that server, which it empties first: it is to be a database of its own.

#![allow(clippy::print_stdout, reason = "the tour is printed")]

mod blog {
    relata::include_schema!();
}

use blog::{
    Address, Author, CommentSubject, Db, Exposure, NewAuthor, NewTag, Post, PostPatch, address, author, comment,
    exposure, photo, post, tag,
};

#[tokio::main]
async fn main() -> Result<(), relata::Error> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".to_owned());
    let db = Db::connect(&url).await?;
    db.create_tables().await?;
    // What they wrote goes with them: `onDelete: cascade`.
    db.authors().delete_where(author::all()).await?;
    db.tags().delete_where(tag::all()).await?;

    let (saga, bragi) = write(&db).await?;
    tag_posts(&db).await?;
    find_by_tags(&db).await?;
    move_house(&db, &saga, &bragi).await?;
    note_exposure(&db).await?;
    talk(&db, &saga, &bragi).await?;
    read(&db).await?;
    count(&db).await?;
    moderate(&db).await?;
    rewrite(&db).await
}

fn title(text: &str) {
    println!("\n── {text} {}", "─".repeat(76_usize.saturating_sub(text.chars().count())));
}

fn list<T>(rows: &[T], name: impl Fn(&T) -> &str) -> String {
    rows.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// Authors with what they wrote, in one call each: all of it is stored, or nothing.
async fn write(db: &Db) -> relata::Result<(Author, Author)> {
    title("created with its relations: a row, and rows that belong to it");
    let saga = db
        .authors()
        .create(NewAuthor::new("Saga"))
        .with(author::posts().create(["Rivers", "Old words"].map(author::NewPost::new)))
        .with(author::photos().create([author::NewPhoto::new("A weir in spring")]))
        .await?;
    let bragi = db
        .authors()
        .create(NewAuthor::new("Bragi"))
        .with(author::posts().create([author::NewPost::new("On rhyme")]))
        .await?;
    println!("  Saga:  {}; {}", list(&saga.posts, |post| &post.title), list(&saga.photos, |photo| &photo.caption));
    println!("  Bragi: {}", list(&bragi.posts, |post| &post.title));
    Ok((saga.into_author(), bragi.into_author()))
}

async fn named(db: &Db, title: &str) -> relata::Result<Post> {
    db.posts().find().filter(post::title().eq(title)).one().await
}

/// `referencesMany`: a post lists the keys of its tags, in an order that stays as it is written.
async fn tag_posts(db: &Db) -> relata::Result<()> {
    title("referencesMany: the tags of a post, in the order of its list");
    let tags = db.tags().create_many(["craft", "verse", "water"].map(NewTag::new)).await?;
    let [craft, verse, water] = [&tags[0], &tags[1], &tags[2]];
    let rivers = named(db, "Rivers").await?;
    let listed = db.posts().tags(&rivers);
    listed.set([water, verse]).await?;
    print_tags(db, &rivers, "set").await?;
    listed.add(craft).await?;
    listed.add(water).await?;
    print_tags(db, &rivers, "craft added, and water, which is there").await?;
    listed.remove(verse).await?;
    print_tags(db, &rivers, "verse removed").await?;
    let refused = listed.add(0).await.err();
    println!("  {:<40} {}", "a key of no tag", refused.map_or_else(String::new, |error| error.to_string()));
    db.posts().tags(&named(db, "On rhyme").await?).set([verse, craft]).await
}

async fn print_tags(db: &Db, post: &Post, after: &str) -> relata::Result<()> {
    println!("  {after:<40} {}", list(&db.posts().tags(post).await?, |tag| &tag.name));
    Ok(())
}

/// A condition asks for a key in the list, or for what is true of the tags; an include gives them in their order.
async fn find_by_tags(db: &Db) -> relata::Result<()> {
    title("posts by their tags");
    let craft = db.tags().find().filter(tag::name().eq("craft")).one().await?;
    let by_key = post::tag_ids().has(craft.id);
    let by_name = post::tags().any(tag::name().starts_with("ver"));
    let untagged = post::tags().none(tag::all());
    for (question, condition) in [("craft, by its key", by_key), ("ver…", by_name), ("none at all", untagged)] {
        let found = db.posts().find().filter(condition).order_by(post::id()).include(post::tags()).await?;
        let posts = found.iter().map(|post| match &*post.tags {
            [] => post.title.clone(),
            tags => format!("{} ({})", post.title, list(tags, |tag| &tag.name)),
        });
        println!("  {question:<18} {}", posts.collect::<Vec<_>>().join(" · "));
    }
    Ok(())
}

/// `embedsMany`: values within the row. Each change reads the list, changes it and stores it, with the row locked.
async fn move_house(db: &Db, saga: &Author, bragi: &Author) -> relata::Result<()> {
    title("embedsMany: the addresses of an author, one by one");
    let at = |street: &str, city: &str| Address { street: street.to_owned(), city: city.to_owned() };
    db.authors().addresses(bragi).set([at("Harp Row 1", "Bergen")]).await?;
    let addresses = db.authors().addresses(saga);
    addresses.push(at("Weir Lane 3", "Oslo")).await?;
    addresses.insert(0, at("Well Street 9", "Bergen")).await?;
    print_addresses(db, saga, "pushed, and one before it").await?;
    let moved = addresses.update(1, |address| address.street.push('0')).await?;
    print_addresses(db, saga, &format!("updated: {}", moved.street)).await?;
    let gone = addresses.remove(0).await?;
    print_addresses(db, saga, &format!("removed: {}", gone.street)).await?;
    for refused in [addresses.remove(7).await.err(), addresses.push(at("", "Oslo")).await.err()] {
        println!("  refused: {}", refused.map_or_else(String::new, |error| error.to_string()));
    }
    let in_bergen = author::addresses().any(address::city().eq("Bergen").and(address::street().like("H%")));
    println!("  in Bergen: {}", list(&db.authors().find().filter(in_bergen).await?, |author| &author.name));
    Ok(())
}

async fn print_addresses(db: &Db, author: &Author, after: &str) -> relata::Result<()> {
    let addresses = db.authors().addresses(author).get().await?;
    let lines = addresses.iter().map(|address| format!("{}, {}", address.street, address.city));
    println!("  {after:<26} {}", lines.collect::<Vec<_>>().join(" · "));
    Ok(())
}

/// `embedsOne`: a value that may be absent, with conditions on what is in it.
async fn note_exposure(db: &Db) -> relata::Result<()> {
    title("embedsOne: a value that may be absent");
    let of_photo = db.photos().exposure(&db.photos().find().one().await?);
    let print = |when: &str, exposure: Option<Exposure>| {
        let text = exposure.map_or_else(|| "-".to_owned(), |it| format!("ISO {}, {} s", it.iso, it.seconds));
        println!("  {when:<10} {text}");
    };
    print("at first", of_photo.get().await?);
    of_photo.set(Exposure { iso: 100, seconds: 0.5 }).await?;
    print("set", of_photo.get().await?);
    of_photo.update(|exposure| exposure.seconds = 0.25).await?;
    print("updated", of_photo.get().await?);
    let short = photo::exposure().matches(exposure::seconds().lt(0.3).and(exposure::iso().between(100, 400)));
    println!("  {:<10} {}", "short", list(&db.photos().find().filter(short).await?, |photo| &photo.caption));
    Ok(())
}

/// One relation to two models: what is made through a post is about that post. What it leads to is an enum; the part
/// that leads to posts brings their authors.
async fn talk(db: &Db, saga: &Author, bragi: &Author) -> relata::Result<()> {
    title("polymorphic belongsTo: what each comment is about");
    let post = named(db, "Rivers").await?;
    let photo = db.photos().find().one().await?;
    db.posts().comments(&post).create(post::NewComment::new("They never rhyme", bragi.id)).await?;
    db.posts().comments(&post).create(post::NewComment::new("They need not", saga.id)).await?;
    db.photos().comments(&photo).create(photo::NewComment::new("Cold!", bragi.id)).await?;
    let rhyme = named(db, "On rhyme").await?;
    db.posts().comments(&rhyme).create(post::NewComment::new("No reply in rhyme?", saga.id)).await?;
    let subject = comment::subject().of(comment::subject::post().include(post::author()));
    for row in db.comments().find().order_by(comment::id()).include(subject).await? {
        let about = match &row.subject {
            CommentSubject::Post(post) => format!("the post {} by {}", post.title, post.author.name),
            CommentSubject::Photo(photo) => format!("the photo {}", photo.caption),
        };
        println!("  {:<18} about {about}", row.text);
    }
    Ok(())
}

/// The other way each kind has its comments, as any hasMany; conditions ask one kind at a time.
async fn read(db: &Db) -> relata::Result<()> {
    title("from the subjects to their comments, and conditions on one kind");
    let said = post::comments().order_by(comment::id()).include(comment::author());
    let discussed = db.posts().find().filter(post::comments().any(comment::all())).order_by(post::id());
    for post in discussed.include(said).await? {
        for comment in &post.comments {
            println!("  {}: {} said {:?}", post.title, comment.author.name, comment.text);
        }
    }
    let of_photos = comment::subject::photo().matches(photo::caption().contains("weir"));
    println!("  of the weir: {}", list(&db.comments().find().filter(of_photos).await?, |comment| &comment.text));
    Ok(())
}

/// A count takes the relation's place: a number in the row, in an order and in a condition, and no row is read for it.
async fn count(db: &Db) -> relata::Result<()> {
    title("counted: comments that no statement of their own reads");
    let by_bragi = || post::comments().filter(comment::author().matches(author::name().eq("Bragi")));
    let most_said = (post::comments().count().desc(), post::title());
    for post in db.posts().find().order_by(most_said).include(post::comments().count()).await? {
        println!("  {:<12} {}", post.title, post.comments);
    }
    let busy = db.posts().find().filter(post::comments().count().ge(2).and(by_bragi().count().eq(1))).await?;
    println!("  two or more, one of them by Bragi: {}", list(&busy, |post| &post.title));
    Ok(())
}

/// `softDelete`: a deleted comment stays in the table, and nothing sees it that does not ask.
async fn moderate(db: &Db) -> relata::Result<()> {
    title("softDelete: deleted, asked for, restored");
    let bragis = comment::author().matches(author::name().eq("Bragi"));
    let gone = db.comments().delete_where(bragis).await?;
    println!("  {gone} deleted, {} left", db.comments().count(comment::all()).await?);
    for comment in db.comments().find().with_deleted().order_by(comment::id()).await? {
        let state = if comment.deleted_at.is_some() { "deleted" } else { "live" };
        println!("  {state:<8} {}", comment.text);
    }
    let back = db.comments().restore_where(comment::text().eq("Cold!")).await?;
    println!("  {back} restored, {} live", db.comments().count(comment::all()).await?);
    Ok(())
}

/// `timestamps`: the library says when a row was made and changed; nobody else can.
async fn rewrite(db: &Db) -> relata::Result<()> {
    title("timestamps: which posts were changed since they were made");
    let patch = PostPatch { title: Some("Rivers and weirs".to_owned()), ..PostPatch::default() };
    db.posts().patch_where(post::title().eq("Rivers"), patch).await?;
    for post in db.posts().find().order_by(post::id()).await? {
        let state = if post.updated_at > post.created_at { "changed" } else { "as it was" };
        println!("  {:<18} {state}", post.title);
    }
    Ok(())
}
