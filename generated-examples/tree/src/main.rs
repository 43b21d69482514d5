//! A tree in one table: the topics of a book, each within another, by relations of `Topic` to itself; and what each of
//! them mentions, by relations to itself through a link.
//!
//! `cargo run -p tree` keeps it in memory; `cargo run -p tree --features servers -- postgres://…` or `mysql://…` runs
//! the same on a database of that server, which it empties first: it is to be a database of its own.

#![allow(clippy::print_stdout, reason = "the tour is printed")]

mod book {
    relata::include_schema!();
}

use book::{Db, Mention, NewTopic, Topic, TopicPatch, mention, topic};
use relata::Linked;

/// How deep each topic lies, what it is called, and its page; it is within the last one before it that lies less deep.
const BOOK: [(usize, &str, i64); 19] = [
    (0, "Sailing", 1),
    (1, "Boat", 3),
    (2, "Hull", 4),
    (3, "Keel", 5),
    (3, "Rudder", 8),
    (2, "Rig", 11),
    (3, "Mast", 12),
    (3, "Sails", 15),
    (4, "Jib", 16),
    (4, "Mainsail", 19),
    (4, "Spinnaker", 24),
    (1, "Weather", 30),
    (2, "Wind", 31),
    (3, "Trade winds", 33),
    (2, "Tides", 38),
    (1, "Seamanship", 44),
    (2, "Knots", 45),
    (3, "Bowline", 46),
    (3, "Reef knot", 48),
];

/// Which topic mentions which other, on which page.
const MENTIONS: [(&str, &str, i64); 7] = [
    ("Jib", "Reef knot", 17),
    ("Jib", "Wind", 18),
    ("Spinnaker", "Wind", 25),
    ("Spinnaker", "Trade winds", 27),
    ("Tides", "Wind", 39),
    ("Reef knot", "Mainsail", 48),
    ("Reef knot", "Jib", 49),
];

#[tokio::main]
async fn main() -> Result<(), relata::Error> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".to_owned());
    let db = Db::connect(&url).await?;
    db.create_tables().await?;
    db.topics().delete_where(topic::all()).await?;

    plant(&db).await?;
    draw(&db, "included four levels down: a statement a level, and plain fields").await?;
    climb(&db).await?;
    look_ahead(&db).await?;
    ask(&db).await?;
    refer(&db).await?;
    read_on(&db).await?;
    transplant(&db).await?;
    draw(&db, "after the move: one key was changed, and Sails came with all below").await?;
    fell(&db).await
}

fn title(text: &str) {
    println!("\n── {text} {}", "─".repeat(76_usize.saturating_sub(text.chars().count())));
}

/// A child is made through its parent, `db.topics().children(parent)`, so that no key is written.
async fn plant(db: &Db) -> relata::Result<()> {
    db.transaction(async |tx| {
        let mut path: Vec<Topic> = Vec::new();
        for (depth, title, page) in BOOK {
            path.truncate(depth);
            let topic = match path.last() {
                None => tx.topics().create(NewTopic::new(title, page)).await?,
                Some(parent) => tx.topics().children(parent).create(topic::NewChild::new(title, page)).await?,
            };
            path.push(topic);
        }
        Ok(())
    })
    .await
}

/// Four levels below the root: an include in an include, each with its own order. How deep the rows reach is in their
/// type: there is no field `children` below the last include.
async fn draw(db: &Db, heading: &str) -> relata::Result<()> {
    title(heading);
    let in_order = || topic::children().order_by(topic::page());
    let books = db
        .topics()
        .find()
        .filter(topic::parent_id().is_null())
        .include(in_order().include(in_order().include(in_order().include(in_order()))))
        .await?;
    for book in &books {
        let parts = book.children.iter().map(|part| {
            let chapters = part.children.iter().map(|chapter| {
                let sections = chapter.children.iter().map(|section| {
                    let notes = section.children.iter().map(|note| Branch::new(note, []));
                    Branch::new(section, notes)
                });
                Branch::new(chapter, sections)
            });
            Branch::new(part, chapters)
        });
        Branch::new(book, parts).print("  ", "  ");
    }
    Ok(())
}

/// A topic and what is drawn below it, however deep.
struct Branch {
    label: String,
    below: Vec<Branch>,
}

impl Branch {
    fn new(topic: &Topic, below: impl IntoIterator<Item = Self>) -> Self {
        Self { label: format!("{} {}", topic.title, topic.page), below: below.into_iter().collect() }
    }

    fn print(&self, before: &str, before_next: &str) {
        println!("{before}{}", self.label);
        for (n, branch) in self.below.iter().enumerate() {
            let (fork, bar) = if n + 1 == self.below.len() { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            branch.print(&format!("{before_next}{fork}"), &format!("{before_next}{bar}"));
        }
    }
}

async fn named(db: &Db, title: &str) -> relata::Result<Topic> {
    db.topics().find().filter(topic::title().eq(title)).one().await
}

/// Upwards each include leads to one row at most: all of them ride on one statement, by JOIN.
async fn climb(db: &Db) -> relata::Result<()> {
    title("from a leaf to the root: four includes, one statement");
    let up = topic::parent().include(topic::parent().include(topic::parent().include(topic::parent())));
    let jib = db.topics().find().filter(topic::title().eq("Jib")).one().include(up).await?;
    if let Some(sails) = &jib.parent
        && let Some(rig) = &sails.parent
        && let Some(boat) = &rig.parent
        && let Some(book) = &boat.parent
    {
        println!("  {} › {} › {} › {} › {}", book.title, boat.title, rig.title, sails.title, jib.title);
    }
    Ok(())
}

/// Filter, order and limit of an include hold for each parent by itself.
async fn look_ahead(db: &Db) -> relata::Result<()> {
    title("the last topic within each part: order and limit hold for each parent");
    let last = topic::children().order_by(topic::page().desc()).limit(1);
    let parts = db.topics().find().filter(topic::parent().matches(topic::title().eq("Sailing")));
    for part in parts.order_by(topic::page()).include(last).await? {
        let last = part.children.first().map_or("nothing", |topic| &topic.title);
        println!("  {:<12} ends with {last}", part.title);
    }
    Ok(())
}

/// Conditions go up and down any number of levels, and mix with others.
async fn ask(db: &Db) -> relata::Result<()> {
    title("conditions over levels");
    let leaf = || topic::children().none(topic::all());
    let within = |outer: &str| topic::parent().matches(topic::parent().matches(topic::title().eq(outer)));
    let holds_late = topic::children().any(topic::children().any(topic::page().gt(40)));
    for (question, condition) in [
        ("two levels below Boat", within("Boat")),
        ("has a grandchild past page 40", holds_late),
        ("only leaves below, and some", topic::children().all(leaf()).and(!leaf())),
        ("a leaf next to a branch", leaf().and(topic::parent().matches(topic::children().any(!leaf())))),
    ] {
        let found = db.topics().find().filter(condition).order_by(topic::page()).await?;
        let titles = found.iter().map(|topic| topic.title.as_str()).collect::<Vec<_>>();
        println!("  {question:<30} {}", titles.join(", "));
    }
    Ok(())
}

/// Through a link to the same model, each direction is a relation of its own; the link says on which page.
async fn refer(db: &Db) -> relata::Result<()> {
    title("through a link to the same model: included from both sides");
    for (from, to, page) in MENTIONS {
        let (from, to) = (named(db, from).await?, named(db, to).await?);
        db.topics().mentions(&from).link_with(&to, topic::MentionLink::new(page)).await?;
    }
    let some = topic::mentions().any(topic::all()).or(topic::mentioned_by().any(topic::all()));
    let topics = db.topics().find().filter(some).order_by(topic::page());
    let to = topic::mentions().with_link().order_by_link(mention::page());
    let from = topic::mentioned_by().with_link().order_by_link(mention::page());
    println!("  {:<12} {:<24} is mentioned by", "", "mentions");
    for topic in topics.include(to).include(from).await? {
        let (to, from) = (pages(&topic.mentions), pages(&topic.mentioned_by));
        println!("{}", format!("  {:<12} {to:<24} {from}", topic.title).trim_end());
    }
    Ok(())
}

fn pages(topics: &[Linked<Topic, Mention>]) -> String {
    let pages = topics.iter().map(|topic| format!("{} {}", topic.title, topic.link.page));
    pages.collect::<Vec<_>>().join(", ")
}

/// An include leads along one direction and back along the other; conditions mix them with the tree.
async fn read_on(db: &Db) -> relata::Result<()> {
    title("there and back: what else they mention who mention Wind");
    let others = topic::mentions().filter(topic::title().ne("Wind")).order_by(topic::page());
    let along = topic::mentioned_by().order_by(topic::page()).include(others);
    let wind = db.topics().find().filter(topic::title().eq("Wind")).one().include(along).await?;
    for topic in &wind.mentioned_by {
        let others = topic.mentions.iter().map(|other| other.title.as_str()).collect::<Vec<_>>();
        println!(
            "  {:<12} {}",
            topic.title,
            if others.is_empty() { "nothing else".to_owned() } else { others.join(", ") }
        );
    }
    let beside = topic::mentions().any(topic::parent().matches(topic::title().eq("Weather")));
    let found = db.topics().find().filter(beside).order_by((topic::mentions().count().desc(), topic::page())).await?;
    let titles = found.iter().map(|topic| topic.title.as_str()).collect::<Vec<_>>();
    println!("  mention what lies in Weather, who mentions most first: {}", titles.join(", "));
    Ok(())
}

/// A subtree moves with the one key at its top.
async fn transplant(db: &Db) -> relata::Result<()> {
    title("moving a subtree");
    let (sails, boat, jib) = (named(db, "Sails").await?, named(db, "Boat").await?, named(db, "Jib").await?);
    for (topic, to) in [(&sails, &jib), (&sails, &boat)] {
        let outcome = if move_to(db, topic, to).await? { "moved" } else { "refused: it would lie within itself" };
        println!("  {} to {:<6} {outcome}", topic.title, to.title);
    }
    Ok(())
}

/// Moves a topic and all below it, unless it would lie within itself: no key of the database says that it may not.
async fn move_to(db: &Db, topic: &Topic, to: &Topic) -> relata::Result<bool> {
    db.transaction(async |tx| {
        let mut above = Some(to.clone());
        while let Some(row) = above {
            if row.id == topic.id {
                return Ok(false);
            }
            above = tx.topics().parent(&row).await?;
        }
        let patch = TopicPatch { parent_id: Some(Some(to.id)), ..TopicPatch::default() };
        tx.topics().patch_by_id(topic.id, patch).await?;
        Ok(true)
    })
    // What is read on the way up must not be moved meanwhile.
    .isolation(relata::Isolation::Serializable)
    .await
}

/// `onDelete: cascade` of a self relation: with a topic goes all below it, and every mention of any of that.
async fn fell(db: &Db) -> relata::Result<()> {
    title("deleting a subtree: cascade");
    print_counts(db, "before").await?;
    db.topics().delete_by_id(named(db, "Boat").await?.id).await?;
    print_counts(db, "without Boat").await
}

async fn print_counts(db: &Db, when: &str) -> relata::Result<()> {
    let (topics, mentions) = (db.topics().count(topic::all()).await?, db.mentions().count(mention::all()).await?);
    println!("  topics: {topics}, mentions: {mentions}  {when}");
    Ok(())
}
