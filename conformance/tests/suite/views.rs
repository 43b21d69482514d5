//! Views: what the schema names is read and nothing else, and it is what whole rows would give.

use chrono::{NaiveDate, TimeZone as _, Utc};
use futures_util::TryStreamExt as _;
use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::places::{CustomerCard, NewNote, note};
use relata_conformance::views::{
    Author, AuthorName, AuthorPage, AuthorPageOpen, AuthorPageReaction, AuthorPatch, AuthorSecret, Chosen, CommentLine,
    Db, Label, NewAuthor, NewBadge, NewComment, NewLabel, NewPost, NewReaction, NewShelf, NewTag, Place, Post,
    PostCard, PostCardEditor, PostCardLabel, PostCardTag, PostCardTop, PostPeople, PostTitle, ReactionCard,
    ReactionSubject, ShelfTree, State, author, comment, post, reaction, tag,
};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use crate::places;
use crate::support::code;

/// Ann, who is of note, has written three posts and deleted a fourth; Bob has edited two of them, and written none.
struct World {
    db: Db,
    ann: Author,
    bob: Author,
    posts: Vec<Post>,
}

async fn world(at: &Database) -> World {
    filled(at.open().await.unwrap()).await
}

async fn filled(db: Db) -> World {
    let home = Some(Place { city: "Asgard".into(), zip: None });
    let new = NewAuthor { secret: Some("s1".into()), vip: Some(true), home, ..NewAuthor::new("Ann") };
    let ann = db.authors().create(new).await.unwrap();
    let bob = db.authors().create(NewAuthor { about: Some("edits".into()), ..NewAuthor::new("Bob") }).await.unwrap();
    let labels = ["x", "y", "z"].map(|code| NewLabel::new(code, code.to_uppercase()));
    db.labels().create_many(labels).await.unwrap();
    let new = |title: &str, state, rank, editor: Option<&Author>, codes: &[&str]| NewPost {
        state: Some(state),
        rank,
        editor_id: editor.map(|editor| editor.id),
        label_codes: Some(codes.iter().map(|&code| code.to_owned()).collect()),
        ..NewPost::new(title, "body", ann.id)
    };
    let moment = Utc.with_ymd_and_hms(2026, 1, 1, 23, 59, 59).single();
    let posts = [
        NewPost {
            price: Some(Decimal::new(950, 2)),
            rating: Some(-0.5),
            day: NaiveDate::from_ymd_opt(2026, 1, 2),
            posted_at: moment,
            token: Uuid::parse_str("01890a5d-ac96-774b-bcce-b302099a8057").ok(),
            ..new("a", State::Open, Some(3), Some(&bob), &["z", "x", "gone"])
        },
        NewPost {
            price: Some(Decimal::new(949, 2)),
            rating: Some(-1.0),
            ..new("b \"quoted\"", State::Draft, Some(1), Some(&bob), &[])
        },
        new("c\\d", State::Open, Some(2), None, &["y", "x"]),
        new("d", State::Closed, None, None, &["x"]),
    ];
    let mut posts = db.posts().create_many(posts).await.unwrap();
    db.posts().delete_by_id(posts.pop().unwrap().id).await.unwrap();
    let comment = |post: usize, line, likes| NewComment {
        likes: Some(likes),
        ..NewComment::new(posts[post].id, line, format!("{post}.{line}"))
    };
    let comments = [comment(0, 1, 1), comment(0, 2, 5), comment(0, 3, 5), comment(2, 1, 0)];
    db.comments().create_many(comments).await.unwrap();
    let tags = ["red", "blue"].map(|name| NewTag { color: Some(name.into()), ..NewTag::new(name) });
    let tags = db.tags().create_many(tags).await.unwrap();
    db.posts().tags(&posts[0]).set(&tags).await.unwrap();
    db.posts().tags(&posts[1]).link(&tags[1]).await.unwrap();
    db.authors().badge(&bob).create(NewBadge::new("red pen")).await.unwrap();
    for (kind, subject) in [("like", ("Author", ann.id)), ("hate", ("Post", posts[1].id)), ("none", ("", 0))] {
        let mut new = NewReaction::new(kind);
        if !subject.0.is_empty() {
            (new.subject_type, new.subject_id) = (Some(subject.0.to_owned()), Some(subject.1));
        }
        db.reactions().create(new).await.unwrap();
    }
    World { db, ann, bob, posts }
}

fn name(name: &str) -> AuthorName {
    AuthorName { name: name.into() }
}

/// The card of a post, from whole rows.
async fn card(db: &Db, id: i64) -> PostCard {
    let row = db
        .posts()
        .get(id)
        .include(post::author())
        .include(post::editor().include(author::badge()))
        .include(post::comments().order_by(comment::likes().desc()).order_by(comment::line()))
        .include(post::tags().order_by(tag::name()))
        .include(post::labels())
        .await
        .unwrap();
    PostCard {
        title: row.title.clone(),
        state: row.state,
        comments: row.comments.len() as u64,
        liked: row.comments.iter().filter(|comment| comment.likes >= 2).count() as u64,
        tag_count: row.tags.len() as u64,
        author: name(&row.author.name),
        editor: row.editor.clone().map(|editor| PostCardEditor { id: editor.id, badge: editor.badge.clone() }),
        top: row.comments.iter().take(2).map(|comment| PostCardTop { text: comment.text.clone() }).collect(),
        tags: row.tags.iter().map(|tag| PostCardTag { name: tag.name.clone() }).collect(),
        labels: row.labels.iter().map(|label| PostCardLabel { text: label.text.clone() }).collect(),
    }
}

#[apply(on_every_database)]
async fn a_view_is_what_whole_rows_would_give(at: &Database) {
    let World { db, posts, .. } = world(at).await;
    let cards: Vec<PostCard> = db.post_cards().find().order_by(post::id()).await.unwrap();
    assert_eq!(cards.len(), 3, "deleted rows are not shown");
    for (shown, post) in cards.iter().zip(&posts) {
        assert_eq!(*shown, card(&db, post.id).await);
        assert_eq!(db.post_cards().get(post.id).await.unwrap(), *shown);
    }
    let first = &cards[0];
    assert_eq!((first.comments, first.liked, first.tag_count), (3, 2, 2));
    assert_eq!(first.labels.iter().map(|label| label.text.as_str()).collect::<String>(), "ZX");
    assert_eq!(first.editor.as_ref().unwrap().badge.as_ref().unwrap().text, "red pen");
    assert_eq!((&cards[2].editor, cards[1].top.len()), (&None, 0));
}

#[apply(on_every_database)]
async fn a_view_is_found_as_rows_are(at: &Database) {
    let World { db, ann, bob, posts } = world(at).await;
    let names = db.author_names();
    // By columns that it does not show, in their order, cut.
    let found = names.find().filter(author::vip().eq(true)).order_by(author::id().desc()).limit(5).await.unwrap();
    assert_eq!(found, [name("Ann")]);
    assert_eq!(names.find().order_by(author::id()).offset(1).first().await.unwrap(), Some(name("Bob")));
    assert_eq!(names.find().filter(author::posts().any(post::all())).one().await.unwrap(), name("Ann"));
    assert_eq!(code(names.find().one().await), "conflict");
    assert_eq!(names.find_by_id(bob.id).await.unwrap(), Some(name("Bob")));
    assert_eq!(names.find_by_id(0).await.unwrap(), None);
    assert_eq!(code(names.get(0).await), "not_found");
    assert_eq!(names.count(author::name().ne("Ann")).await.unwrap(), 1);
    assert_eq!(names.find().limit(1).count().await.unwrap(), 1);
    assert!(names.find().filter(author::id().eq(ann.id)).exists().await.unwrap());
    // From where rows are found, by whatever way.
    let titles = |rows: Vec<PostTitle>| rows.into_iter().map(|row| row.title).collect::<Vec<_>>();
    let own = db.authors().posts(&ann).find().order_by(post::rank().desc()).view::<PostTitle>().await.unwrap();
    assert_eq!(titles(own), ["a", "c\\d", "b \"quoted\""]);
    let listed = db.posts().labels(posts[0].id).find().view::<PostCardLabel>().await.unwrap();
    assert_eq!(listed.iter().map(|label| label.text.as_str()).collect::<String>(), "ZX");
    let tagged = db.posts().tags(posts[0].id).find().order_by(tag::name()).view::<PostCardTag>().await.unwrap();
    assert_eq!(tagged.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["blue", "red"]);
    // Within rows that are whole.
    let rows = db
        .authors()
        .find()
        .include(author::posts().order_by(post::id().desc()).limit(1).view::<PostCard>())
        .order_by(author::id())
        .await
        .unwrap();
    assert_eq!((rows[0].posts.len(), rows[1].posts.len()), (1, 0));
    assert_eq!(rows[0].posts[0], card(&db, posts[2].id).await);
    // In a transaction, which sees its own writes.
    let renamed: Result<_, Error> = db
        .transaction(async |tx| {
            tx.authors().patch_by_id(ann.id, AuthorPatch { name: Some("Anne".into()), ..Default::default() }).await?;
            tx.author_names().get(ann.id).await
        })
        .await;
    assert_eq!(renamed.unwrap(), name("Anne"));
}

#[apply(on_every_database)]
async fn without_fields_it_is_every_property_that_is_not_hidden(at: &Database) {
    let World { db, ann, bob, posts } = world(at).await;
    let page: AuthorPage = db.author_pages().get(ann.id).await.unwrap();
    assert_eq!((page.id, &*page.name, page.vip, &page.about), (ann.id, "Ann", true, &None));
    assert_eq!(page.home.as_ref().unwrap().city, "Asgard");
    assert_eq!(page.posts_count, 3);
    // Two of one relation, each with a scope of its own.
    assert_eq!(page.recent, [card(&db, posts[0].id).await, card(&db, posts[2].id).await]);
    assert_eq!(page.open, ["a", "c\\d"].map(|title| AuthorPageOpen { title: title.into() }));
    assert_eq!(page.reactions, [AuthorPageReaction { kind: "like".into() }]);
    let page = db.author_pages().get(bob.id).await.unwrap();
    assert_eq!((page.badge.unwrap().text.as_str(), page.edited.len()), ("red pen", 2));
    assert_eq!((page.posts_count, page.recent.len(), page.open.len()), (0, 0, 0));
    // What is hidden is shown to the program that names it, and never serialised.
    let secret: AuthorSecret = db.secrets().get(ann.id).await.unwrap();
    assert_eq!(secret.secret.as_deref(), Some("s1"));
    assert_eq!(serde_json::to_value(&secret).unwrap(), json!({ "id": ann.id }));
}

#[apply(on_every_database)]
async fn scopes_hold_for_each_row_above(at: &Database) {
    let World { db, ann, posts, .. } = world(at).await;
    let titles = db.post_titles().find().order_by(post::id()).await.unwrap();
    let author = titles[0].author.as_ref().map(|author| author.name.as_str());
    assert_eq!(author, Some("Ann"), "a required relation under a condition is optional");
    db.authors().patch_by_id(ann.id, AuthorPatch { vip: Some(false), ..Default::default() }).await.unwrap();
    assert_eq!(db.post_titles().get(posts[0].id).await.unwrap().author, None);
    // The second label by its text, downwards.
    let label = |n: usize| titles[n].labels.iter().map(|label| label.code.as_str()).collect::<Vec<_>>();
    assert_eq!((label(0), label(1), label(2)), (vec!["x"], vec![], vec!["x"]));
    let people: PostPeople = db.post_people().get(posts[0].id).await.unwrap();
    assert_eq!((people.author.name.as_str(), people.editor.unwrap().name.as_str()), ("Ann", "Bob"));
    let line: CommentLine = db.comment_lines().get((posts[0].id, 2)).await.unwrap();
    let post = line.post.unwrap();
    assert_eq!((&*line.text, &*post.title, &*post.author.name), ("0.2", "a", "Ann"));
    let whole = db.comment_posts().get((posts[0].id, 2)).await.unwrap();
    assert_eq!((whole.likes, whole.post), (5, Some(posts[0].clone())));
    let deep = db.comment_deeps().get((posts[0].id, 2)).await.unwrap().post.unwrap();
    assert_eq!((&*deep.body, &*deep.author.name, deep.tags.len(), deep.comments_count), ("body", "Ann", 2, 3));
    let short = db.comment_shorts().get((posts[0].id, 2)).await.unwrap().post.unwrap();
    assert_eq!((&*short.title, &*short.editor.unwrap().name), ("a", "Bob"));
}

#[apply(on_every_database)]
async fn several_models_come_whole(at: &Database) {
    let World { db, ann, posts, .. } = world(at).await;
    let rows: Vec<ReactionCard> = db.reaction_cards().find().order_by(reaction::id()).await.unwrap();
    let ann = db.authors().get(ann.id).await.unwrap();
    assert_eq!(rows[0].subject, Some(ReactionSubject::Author(ann)));
    assert_eq!(rows[1].subject, Some(ReactionSubject::Post(posts[1].clone())));
    assert_eq!((&*rows[2].kind, &rows[2].subject), ("none", &None));
}

#[apply(on_every_database)]
async fn trees_are_read_to_the_depth_that_is_said(at: &Database) {
    let World { db, .. } = world(at).await;
    let shelf = |id, parent| NewShelf { parent_id: parent, ..NewShelf::new(id, format!("s{id}")) };
    let shelves = [(1, None), (2, Some(1)), (3, Some(1)), (4, Some(2)), (5, Some(2)), (6, Some(4))];
    db.shelves().create_many(shelves.map(|(id, parent)| shelf(id, parent))).await.unwrap();
    let tree: ShelfTree = db.shelf_trees().get(1).await.unwrap();
    let expected = json!({ "id": 1, "name": "s1", "parentId": null, "children": [
        { "name": "s2", "children": [{ "name": "s5", "childrenCount": 0 }, { "name": "s4", "childrenCount": 1 }] },
        { "name": "s3", "children": [] },
    ] });
    assert_eq!(serde_json::to_value(&tree).unwrap(), expected);
}

#[apply(on_every_database)]
async fn every_operator_means_what_it_means_in_a_query(at: &Database) {
    let World { db, ann, bob, .. } = world(at).await;
    let Chosen { id, eq, neq, between, range, lte, inq, nin, like, nlike, ilike, nilike, exists, missing, .. } =
        db.chosen_ones().get(ann.id).await.unwrap();
    assert_eq!(id, ann.id);
    assert_eq!((eq, neq, between, range, lte), (1, 2, 2, 1, 2));
    assert_eq!((inq, nin, exists, missing), (2, 1, 3, 0));
    assert_eq!((like, nlike, ilike, nilike), (1, 2, 1, 2));
    let Chosen { decimal, number, date, instant, uuid, any, none, .. } = db.chosen_ones().get(ann.id).await.unwrap();
    assert_eq!((decimal, number, date, instant, uuid), (1, 1, 1, 1, 1));
    assert_eq!((any, none), (2, 2));
    assert_eq!(db.chosen_ones().get(bob.id).await.unwrap().all, 1);
}

#[apply(on_every_database)]
async fn only_what_is_shown_is_read(at: &Database) {
    let World { db, .. } = world(at).await;
    let statements = db.post_cards().find().filter(post::title().eq("a")).explain();
    let told: Vec<_> = statements.iter().map(|statement| statement.path.as_str()).collect();
    assert_eq!(told, ["", "comments", "tags", "editor.badge", "labels"], "to-one relations ride");
    for unread in ["body", "posted_at", "token", "rating", "likes\"", "color", "about", "secret", "home"] {
        let quoted = |statement: &relata::Statement| {
            let selected = statement.sql.split(" FROM ").next().unwrap_or_default().to_owned();
            selected.contains(unread)
        };
        // A count asks of likes in its own condition.
        let statement = statements.iter().find(|statement| quoted(statement) && unread != "likes\"");
        assert_eq!(statement, None, "{unread}");
    }
    let by_key = db.author_names().get(1).explain();
    let plain: String = by_key[0].sql.chars().filter(|c| !matches!(c, '"' | '`')).collect();
    assert!(plain.starts_with("SELECT t0.name, t0.id FROM authors AS t0 WHERE t0.id = "), "{plain}");
}

#[apply(on_every_database)]
async fn a_view_reaches_across_datasources(at: &Database) {
    let db = places::open(at).await;
    let [ann, bob, _] = places::filled(&db).await;
    let cards: Vec<CustomerCard> =
        db.customer_cards().find().order_by(relata_conformance::places::customer::id()).await.unwrap();
    let shown = serde_json::to_value(&cards).unwrap();
    let order = |quantity: i64, name: &str| json!({ "quantity": quantity, "customer": { "name": name } });
    assert_eq!(shown[0], json!({ "name": "Ann", "orders": [order(3, "Ann"), order(2, "Ann")], "tickets": [] }));
    assert_eq!((&shown[1]["orders"], &shown[2]["orders"]), (&json!([order(10, "Bob")]), &json!([])));
    let orders = db.customers().orders(&bob).find().await.unwrap();
    let new = NewNote {
        about_type: Some("Customer".into()),
        about_id: Some(ann.id),
        order_ids: Some(vec![orders[0].id, 999]),
        ..NewNote::new("n")
    };
    db.notes().create(new).await.unwrap();
    let card = db.note_cards().find().filter(note::text().eq("n")).one().await.unwrap();
    assert_eq!(card.orders.iter().map(|order| order.quantity).collect::<Vec<_>>(), [10]);
    assert_eq!(serde_json::to_value(&card.about).unwrap()["name"], "Ann");
}

#[apply(on_every_database)]
async fn a_filter_from_outside_chooses_what_a_view_shows(at: &Database) {
    let World { db, ann, posts, .. } = world(at).await;
    let filter = |json| serde_json::from_value::<post::Filter>(json).unwrap();
    let open = json!({ "where": { "state": "open", "author": { "name": "Ann" } }, "order": "rank DESC", "limit": 5 });
    let cards = db.post_cards().find_with(filter(open.clone())).await.unwrap();
    assert_eq!(cards, [card(&db, posts[0].id).await, card(&db, posts[2].id).await]);
    let own = db.authors().posts(&ann).find_with(filter(open)).filter(post::rank().eq(2)).view::<PostCard>();
    assert_eq!(own.await.unwrap(), cards[1..]);
    let page = db.post_cards().find_with(filter(json!({ "order": "id" }))).page(None, 2).await.unwrap();
    assert_eq!((page.rows.len(), page.next.is_some()), (2, true));
    let streamed: Vec<PostCard> =
        db.post_cards().find_with(filter(json!({ "skip": 2 }))).stream().try_collect().await.unwrap();
    assert_eq!(streamed.len(), 1);
    // What is shown is not the client's to say.
    let wrong = json!({ "fields": ["body"], "include": ["author"], "where": { "nobody": 1 } });
    let Err(Error::InvalidFilter { mistakes }) = db.post_cards().find_with(filter(wrong)).await else {
        panic!("the filter is refused")
    };
    let told: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told.iter().any(|told| told.contains("`fields`: the view PostCard says what is shown: leave this out")),
        "{told:?}"
    );
}

/// By what they do not show, too.
#[apply(on_every_database)]
async fn views_come_in_streams_and_pages(at: &Database) {
    let World { db, ann, .. } = world(at).await;
    let new = (0..40).map(|n| NewPost { rank: (n % 3 != 0).then_some(n % 7), ..NewPost::new("more", "b", ann.id) });
    db.posts().create_many(new).await.unwrap();
    let orders: [fn() -> relata::OrderBy<Post>; 3] = [
        || post::rank().desc(),
        || post::author().order(author::name()),
        || relata::OrderBy::from((post::comments().count().desc(), post::body(), post::id().desc())),
    ];
    for order in orders {
        let whole = db.post_titles().find().order_by((order(), post::id())).await.unwrap();
        let streamed: Vec<PostTitle> = db.post_titles().find().order_by(order()).stream().try_collect().await.unwrap();
        assert_eq!(streamed, whole);
        let mut paged = Vec::new();
        let mut after = None;
        loop {
            let find = db.post_titles().find().order_by(order());
            let page = find.page(after.as_deref(), 7).await.unwrap();
            paged.extend(page.rows);
            let Some(next) = page.next else { break };
            after = Some(next.to_string());
        }
        assert_eq!(paged, whole);
    }
}

#[apply(on_every_database)]
async fn raw_sql_is_read_into_views_of_fields(at: &Database) {
    let World { db, ann, bob, .. } = world(at).await;
    let text = "SELECT id, vip, UPPER(name) AS name, secret FROM authors WHERE id >= ? ORDER BY id";
    let names = db.sql(text).bind(ann.id).rows::<AuthorName>().await.unwrap();
    assert_eq!(names, [name("ANN"), name("BOB")]);
    let secrets = db.sql(text).bind(bob.id).rows::<AuthorSecret>().one().await.unwrap();
    assert_eq!(secrets, AuthorSecret { secret: None, id: bob.id });
    let missing = db.sql("SELECT secret FROM authors").rows::<AuthorSecret>().await.unwrap_err();
    assert_eq!(
        missing.to_string(),
        "the statement answers none of that name in `secret` where the program reads a column `id`"
    );
    let null = db.sql("SELECT CAST(NULL AS CHAR(4)) AS name").rows::<AuthorName>().await.unwrap_err();
    assert_eq!(null.to_string(), "authors.name holds NULL where the schema says string");
}

#[apply(on_every_database)]
async fn resolvers_answer_views_too(at: &Database) {
    let answers = |keys: Vec<i64>| {
        let row = |key| {
            let name = "elsewhere".into();
            (key, Author { id: key, name, secret: None, vip: false, about: None, home: None })
        };
        std::future::ready(Ok(keys.into_iter().map(row).collect()))
    };
    let labels = async |codes: Vec<String>| {
        let label = |code: String| (code.clone(), Label { id: 1, text: format!("<{code}>"), code });
        Ok(codes.into_iter().map(label).collect())
    };
    let builder = Db::builder().datasource("db", at.url());
    let db = builder.resolver(post::author(), answers).resolver(post::labels(), labels).connect().await.unwrap();
    db.create_tables().await.unwrap();
    let World { db, posts, .. } = filled(db).await;
    let card = db.post_cards().get(posts[0].id).await.unwrap();
    assert_eq!(card.author, name("elsewhere"));
    assert_eq!(card.labels.iter().map(|label| &*label.text).collect::<String>(), "<z><x><gone>");
    let refused = db.post_titles().get(posts[0].id).await;
    assert_eq!(code(refused), "inclusion_not_allowed", "a resolver knows no condition");
}
