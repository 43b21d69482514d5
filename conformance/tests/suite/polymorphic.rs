//! Relations to one of several models, and the answers to them.

use macro_rules_attribute::apply;
use relata::With;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::polymorphic::{
    City, Comment, CommentPatch, CommentSubject, Country, CoverOf, Db, Line, MarkLine, NewAuthor, NewCity, NewComment,
    NewCountry, NewCover, NewLine, NewMark, NewNote, NewPhoto, NewPost, NewRow, NewStamp, NoteAbout, NotePatch, Photo,
    Post, Row, StampIssuer, author, city, comment, country, cover, mark, note, photo, post, row, stamp,
};
use serde_json::json;

use crate::support::{code, failures};

/// Two posts by Ann, and a photo whose id is that of the first.
struct Subjects {
    first: Post,
    second: Post,
    photo: Photo,
}

async fn subjects(at: &Database) -> (Db, Subjects) {
    let db: Db = at.open().await.unwrap();
    let ann = db.authors().create(NewAuthor { name: Some("Ann".into()) }).await.unwrap();
    let first = db.authors().posts(&ann).create(author::NewPost::new("first")).await.unwrap();
    let second = db.authors().posts(&ann).create(author::NewPost::new("second")).await.unwrap();
    let photo = db.photos().create(NewPhoto { place: Some("Oslo".into()) }).await.unwrap();
    assert_eq!(first.id, photo.id);
    (db, Subjects { first, second, photo })
}

/// … with a comment on each: the first post has two.
async fn commented(at: &Database) -> (Db, Subjects, [Comment; 4]) {
    let (db, subjects) = subjects(at).await;
    let on_post =
        async |post: &Post, text: &str| db.posts().comments(post).create(post::NewComment::new(text)).await.unwrap();
    let a = on_post(&subjects.first, "a").await;
    let b = db.photos().comments(&subjects.photo).create(photo::NewComment::new("b")).await.unwrap();
    let c = on_post(&subjects.first, "c").await;
    let d = on_post(&subjects.second, "d").await;
    (db, subjects, [a, b, c, d])
}

fn texts(comments: &[Comment]) -> Vec<&str> {
    comments.iter().map(|comment| comment.text.as_str()).collect()
}

#[apply(on_every_database)]
async fn an_answer_sets_key_and_model(at: &Database) {
    let (db, _, [a, b, ..]) = commented(at).await;
    assert_eq!((a.subject_id, a.subject_type.as_str()), (1, "Post"));
    assert_eq!((b.subject_id, b.subject_type.as_str()), (1, "Photo"));
    let missing = db.posts().comments(99).create(post::NewComment::new("x")).await;
    assert_eq!(missing.unwrap_err().to_string(), "Comment.subject would lead to no row");
}

#[apply(on_every_database)]
async fn an_answer_holds_for_its_own_model(at: &Database) {
    let (db, Subjects { first, photo, .. }, _) = commented(at).await;
    let of_post = db.posts().comments(&first);
    assert_eq!(texts(&of_post.find().order_by(comment::id()).await.unwrap()), ["a", "c"]);
    assert_eq!(of_post.find_by_id(2).await.unwrap(), None);
    assert_eq!(of_post.count(comment::text().eq("b").or(comment::id().gt(0))).await.unwrap(), 2);
    let patch = CommentPatch { text: Some("changed".into()), ..Default::default() };
    assert_eq!(of_post.patch(comment::all(), patch).await.unwrap(), 2);
    assert_eq!(db.photos().comments(&photo).find().await.unwrap()[0].text, "b");
    assert_eq!(of_post.delete(comment::all()).await.unwrap(), 2);
    assert_eq!(db.comments().count(comment::all()).await.unwrap(), 2);
}

#[apply(on_every_database)]
async fn rows_of_an_answer_stay_with_their_parent(at: &Database) {
    let (db, Subjects { first, .. }, _) = commented(at).await;
    let of_post = db.posts().comments(&first);
    let to_photo = CommentPatch { subject_type: Some("Photo".into()), ..Default::default() };
    assert_eq!(
        failures(of_post.patch(comment::all(), to_photo).await),
        ["subjectType is fixed by the relation comments"]
    );
    let to_second = CommentPatch { subject_id: Some(2), ..Default::default() };
    assert_eq!(
        failures(of_post.patch(comment::all(), to_second).await),
        ["subjectId is fixed by the relation comments"]
    );
    let given = serde_json::from_value::<post::NewComment>(json!({"text": "x", "subjectType": "Photo"}));
    assert!(given.unwrap_err().to_string().contains("`subjectType` cannot be set here"));
}

#[apply(on_every_database)]
async fn answers_are_included_with_their_scope_for_each_parent(at: &Database) {
    let (db, ..) = commented(at).await;
    let scopes = [
        (post::comments().order_by(comment::id()), [vec!["a", "c"], vec!["d"]]),
        (post::comments().order_by(comment::id().desc()).limit(1), [vec!["c"], vec!["d"]]),
        (post::comments().order_by(comment::id()).offset(1), [vec!["c"], vec![]]),
        (post::comments().filter(comment::text().ne("a")), [vec!["c"], vec!["d"]]),
    ];
    for (scope, expected) in scopes {
        let posts = db.posts().find().order_by(post::id()).include(scope).await.unwrap();
        assert_eq!(posts.iter().map(|post| texts(&post.comments)).collect::<Vec<_>>(), expected);
    }
    let photos = db.photos().find().include(photo::comments()).await.unwrap();
    assert_eq!(texts(&photos[0].comments), ["b"]);
}

#[apply(on_every_database)]
async fn parents_are_chosen_by_answers(at: &Database) {
    let (db, ..) = commented(at).await;
    let count = async |condition| db.posts().count(condition).await.unwrap();
    assert_eq!(count(post::comments().any(comment::text().eq("b"))).await, 0);
    assert_eq!(count(post::comments().any(comment::text().eq("d"))).await, 1);
    assert_eq!(count(post::comments().none(comment::text().eq("a"))).await, 1);
    assert_eq!(count(post::comments().all(comment::text().is_in(["a", "c"]))).await, 1);
}

#[apply(on_every_database)]
async fn one_answer_for_each_row_of_each_model(at: &Database) {
    let (db, Subjects { first, photo, .. }) = subjects(at).await;
    let of_post = db.posts().cover(&first).create(post::NewCover::new()).await.unwrap();
    let of_photo = db.photos().cover(&photo).create(photo::NewCover::new()).await.unwrap();
    assert_eq!((of_post.of_id, of_post.of_type.as_str()), (1, "Post"));
    assert_eq!((of_photo.of_id, of_photo.of_type.as_str()), (1, "Photo"));
    assert_eq!(code(db.posts().cover(&first).create(post::NewCover::new()).await), "conflict");
    assert_eq!(db.photos().cover(&photo).get().await.unwrap(), Some(of_photo));
    let posts = db.posts().find().order_by(post::id()).include(post::cover()).await.unwrap();
    assert_eq!(posts.into_iter().map(|post| post.cover).collect::<Vec<_>>(), [Some(of_post), None]);
    assert_eq!(db.posts().cover(&first).delete().await.unwrap(), 1);
    assert_eq!(db.covers().count(cover::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn what_each_row_belongs_to_is_included(at: &Database) {
    let (db, Subjects { first, second, photo }, _) = commented(at).await;
    let comments = db.comments().find().order_by(comment::id()).include(comment::subject()).await.unwrap();
    let found: Vec<_> = comments.into_iter().map(|comment| comment.subject).collect();
    let post = |post: &Post| CommentSubject::Post(post.clone());
    assert_eq!(found, [post(&first), CommentSubject::Photo(photo), post(&first), post(&second)]);
    assert_eq!(db.comments().find().filter(comment::id().gt(99)).include(comment::subject()).await.unwrap(), []);
}

#[apply(on_every_database)]
async fn a_model_may_be_among_its_own_targets(at: &Database) {
    let (db, _, [a, ..]) = commented(at).await;
    let reply = db.comments().replies(&a).create(comment::NewReply::new("reply")).await.unwrap();
    let row = db.comments().get(reply.id).include(comment::subject()).await.unwrap();
    assert_eq!(row.subject, CommentSubject::Comment(a.clone()));
    let whole = comment::subject().of(comment::subject::comment().include(comment::subject()));
    let row = db.comments().get(reply.id).include(whole).await.unwrap();
    let CommentSubject::Comment(above) = row.subject else { panic!("{:?}", row.subject) };
    assert!(matches!(above.subject, CommentSubject::Post(_)));
    let rows = db.comments().find().filter(comment::replies().any(comment::all())).include(comment::replies()).await;
    assert_eq!(rows.unwrap()[0].replies, [reply]);
}

/// A function that takes rows names their type.
#[allow(clippy::type_complexity, reason = "the type is what is shown")]
fn authors(
    comments: &[With<Comment, comment::subject, CommentSubject<With<Post, post::author>>>],
) -> Vec<Option<&str>> {
    comments
        .iter()
        .map(|comment| match &comment.subject {
            CommentSubject::Post(post) => post.author.as_ref().and_then(|author| author.name.as_deref()),
            CommentSubject::Photo(_) | CommentSubject::Comment(_) => None,
        })
        .collect()
}

#[apply(on_every_database)]
async fn relations_nest_under_one_of_the_models(at: &Database) {
    let (db, ..) = commented(at).await;
    let scope = comment::subject().of(comment::subject::post().include(post::author()));
    let comments = db.comments().find().order_by(comment::id()).include(scope).await.unwrap();
    assert_eq!(authors(&comments), [Some("Ann"), None, Some("Ann"), Some("Ann")]);
    let both = comment::subject()
        .of(comment::subject::post().include(post::comments().order_by(comment::id().desc()).limit(1)))
        .of(comment::subject::photo().include(photo::comments()));
    let comments = db.comments().find().order_by(comment::id()).include(both).await.unwrap();
    let under = comments.iter().map(|comment| match &comment.subject {
        CommentSubject::Post(post) => texts(&post.comments),
        CommentSubject::Photo(photo) => texts(&photo.comments),
        CommentSubject::Comment(_) => Vec::new(),
    });
    assert_eq!(under.collect::<Vec<_>>(), [["c"], ["b"], ["c"], ["d"]]);
}

#[apply(on_every_database)]
async fn a_filter_on_one_of_the_models_makes_the_relation_optional(at: &Database) {
    let (db, Subjects { first, photo, .. }, _) = commented(at).await;
    let scope = comment::subject().of(comment::subject::post().filter(post::title().eq("first")));
    let comments = db.comments().find().order_by(comment::id()).include(scope).await.unwrap();
    let found: Vec<Option<CommentSubject>> = comments.into_iter().map(|comment| comment.subject).collect();
    let first = Some(CommentSubject::Post(first));
    assert_eq!(found, [first.clone(), Some(CommentSubject::Photo(photo)), first, None]);
}

#[apply(on_every_database)]
async fn rows_are_chosen_by_one_of_the_models(at: &Database) {
    let (db, ..) = commented(at).await;
    let find = async |condition| {
        texts(&db.comments().find().filter(condition).order_by(comment::id()).await.unwrap()).join(" ")
    };
    assert_eq!(find(comment::subject::post().matches(post::title().eq("first"))).await, "a c");
    assert_eq!(find(comment::subject::photo().matches(photo::all())).await, "b");
    assert_eq!(find(comment::subject::photo().matches(photo::all()).not()).await, "a c d");
    let by_ann = comment::subject::post().matches(post::author().matches(author::name().eq("Ann")));
    assert_eq!(find(by_ann.clone().or(comment::subject::photo().matches(photo::place().eq("Oslo")))).await, "a b c d");
    let of_ann = author::posts().any(post::comments().any(comment::text().eq("d")));
    assert_eq!(db.authors().count(of_ann).await.unwrap(), 1);
    let deleted = db.comments().delete_where(by_ann).await.unwrap();
    assert_eq!((deleted, db.comments().count(comment::all()).await.unwrap()), (3, 1));
}

#[apply(on_every_database)]
async fn the_accessor_gives_the_model_that_is_meant(at: &Database) {
    let (db, Subjects { first, photo, .. }, [a, b, ..]) = commented(at).await;
    assert_eq!(db.comments().subject(&a).await.unwrap(), CommentSubject::Post(first));
    assert_eq!(db.comments().subject(b.id).await.unwrap(), CommentSubject::Photo(photo));
    let post = db.comments().subject(&a).of(comment::subject::post().include(post::author())).await.unwrap();
    let CommentSubject::Post(post) = post else { panic!("{post:?}") };
    assert_eq!(post.author.as_ref().unwrap().name.as_deref(), Some("Ann"));
    let missing = db.comments().subject(99).await.unwrap_err();
    assert_eq!((missing.code(), missing.to_string().as_str()), ("not_found", "there is no Comment with id 99"));
}

#[apply(on_every_database)]
async fn a_key_that_leads_nowhere_dangles_for_the_model_it_names(at: &Database) {
    let (db, ..) = commented(at).await;
    let lost = db.comments().create(NewComment::new("lost", 99, "Photo")).await.unwrap();
    let expected = "Comment.subjectId points at a Photo that does not exist";
    assert_eq!(db.comments().subject(&lost).await.unwrap_err().to_string(), expected);
    let included = db.comments().find().include(comment::subject()).await.unwrap_err();
    assert_eq!((included.code(), included.to_string().as_str()), ("dangling", expected));
    let note = NewNote { about_kind: Some("Comment".into()), about_number: Some(98) };
    let note = db.notes().create(note).await.unwrap();
    assert_eq!(code(db.notes().about(&note).await), "dangling");
    assert_eq!(db.notes().get(note.id).include(note::about()).await.unwrap().about, None);
}

#[apply(on_every_database)]
async fn an_unset_key_leads_nowhere(at: &Database) {
    let (db, Subjects { first, .. }) = subjects(at).await;
    let kinds = [(None, None), (Some("Post"), None), (None, Some(1)), (Some("Post"), Some(1))];
    let notes = kinds.map(|(kind, number)| NewNote { about_kind: kind.map(Into::into), about_number: number });
    let notes = db.notes().create_many(notes).await.unwrap();
    let found = db.notes().find().order_by(note::id()).include(note::about()).await.unwrap();
    let first = Some(NoteAbout::Post(first));
    assert_eq!(found.into_iter().map(|note| note.about).collect::<Vec<_>>(), [None, None, None, first.clone()]);
    assert_eq!(db.notes().about(&notes[1]).await.unwrap(), None);
    assert_eq!(db.notes().about(&notes[2]).await.unwrap(), None);
    assert_eq!(db.notes().about(&notes[3]).await.unwrap(), first);
}

#[apply(on_every_database)]
async fn what_names_no_target_is_refused_on_write(at: &Database) {
    let (db, _, [a, ..]) = commented(at).await;
    let rule = "subjectType names none of Comment, Photo, Post";
    assert_eq!(failures(db.comments().create(NewComment::new("x", 1, "Author")).await), [rule]);
    assert_eq!(failures(db.comments().create(NewComment::new("x", 1, "post")).await), [rule]);
    let patch = || CommentPatch { subject_type: Some("posts".into()), ..Default::default() };
    assert_eq!(failures(db.comments().patch_by_id(a.id, patch()).await), [rule]);
    assert_eq!(failures(db.comments().patch_where(comment::all(), patch()).await), [rule]);
    assert_eq!(failures(db.comments().replace(Comment { subject_type: String::new(), ..a }).await), [rule]);
    let note = db.notes().create(NewNote { about_kind: None, about_number: None }).await.unwrap();
    let patch = NotePatch { about_kind: Some(Some("Photo".into())), ..Default::default() };
    assert_eq!(failures(db.notes().patch_by_id(note.id, patch).await), ["aboutKind names none of Comment, Post"]);
}

#[apply(on_every_database)]
async fn a_stored_name_of_no_target_is_an_error(at: &Database) {
    let Ok(mut other) = at.intruder().await else { return };
    let (db, _, [a, ..]) = commented(at).await;
    other.run("UPDATE comments SET subject_type = 'Video' WHERE id = 1").await.unwrap();
    let expected = "Comment.subjectType names no model that subject leads to";
    let included = db.comments().find().include(comment::subject()).await.unwrap_err();
    assert_eq!((included.code(), included.to_string().as_str()), ("invalid_discriminator", expected));
    assert_eq!(db.comments().subject(&a).await.unwrap_err().to_string(), expected);
    let posts = db.posts().find().order_by(post::id()).include(post::comments()).await.unwrap();
    assert_eq!(texts(&posts[0].comments), ["c"]);
}

#[apply(on_every_database)]
async fn keys_of_strings_are_called_otherwise_on_each_side(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let country: Country = db.countries().create(NewCountry::new("x")).await.unwrap();
    let city: City = db.cities().create(NewCity::new("x")).await.unwrap();
    let new = [country::NewStamp::new(), country::NewStamp::new()];
    let of_country = db.countries().stamps(&country).create_many(new).await.unwrap();
    let of_city = db.cities().stamps("x").create(city::NewStamp::new()).await.unwrap();
    let stamps = db.stamps().find().order_by(stamp::id()).include(stamp::issuer()).await.unwrap();
    let (country, city) = (Some(StampIssuer::Country(country)), Some(StampIssuer::City(city)));
    let expected = [country.clone(), country, city];
    assert_eq!(stamps.into_iter().map(|stamp| stamp.issuer).collect::<Vec<_>>(), expected);
    assert_eq!(db.stamps().issuer(&of_city).await.unwrap(), expected[2]);
    let in_city = stamp::issuer::city().matches(city::name().eq("x"));
    assert_eq!(db.stamps().find().filter(in_city).await.unwrap(), [of_city]);
    let unset = db.stamps().create(NewStamp::new()).await.unwrap();
    assert_eq!(db.stamps().issuer(&unset).await.unwrap(), None);
    assert_eq!(of_country.len(), 2);
}

#[apply(on_every_database)]
async fn keys_of_several_properties(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let row: Row = db.rows().create(NewRow::new(1, 2)).await.unwrap();
    let line: Line = db.lines().create(NewLine::new(1, 2)).await.unwrap();
    let of_row = db.rows().marks(&row).create(row::NewMark::new()).await.unwrap();
    let of_line = db.marks().create(NewMark::new(1, 2, "Line")).await.unwrap();
    let marks = db.marks().find().order_by(mark::id()).include(mark::line()).await.unwrap();
    let found: Vec<_> = marks.into_iter().map(|mark| mark.line).collect();
    assert_eq!(found, [MarkLine::Row(row.clone()), MarkLine::Line(line.clone())]);
    assert_eq!(db.marks().line(&of_line).await.unwrap(), MarkLine::Line(line));
    let rows = db.rows().find().include(row::marks()).await.unwrap();
    assert_eq!(rows[0].marks, [of_row.clone()]);
    let first = db.rows().find().include(row::marks().limit(1)).await.unwrap();
    assert_eq!(first[0].marks, [of_row]);
}

#[apply(on_every_database)]
async fn what_it_is_in_json(at: &Database) {
    let (db, Subjects { photo, .. }, [_, b, ..]) = commented(at).await;
    let row = db.comments().get(b.id).include(comment::subject()).await.unwrap();
    let mut expected = serde_json::to_value(&b).unwrap();
    expected["subject"] = serde_json::to_value(&photo).unwrap();
    assert_eq!(serde_json::to_value(&row).unwrap(), expected);
    let cover = db.covers().create(NewCover::new(photo.id, "Photo")).await.unwrap();
    assert_eq!(db.covers().of(&cover).await.unwrap(), CoverOf::Photo(photo));
}

#[apply(on_every_database)]
async fn explain_tells_a_statement_for_each_model(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let told = |told: Vec<relata::Statement>| told.into_iter().map(|statement| statement.path).collect::<Vec<_>>();
    let comments = || db.comments().find();
    assert_eq!(told(comments().include(comment::subject()).explain()), ["", "subject", "subject", "subject"]);
    let with_author = comment::subject().of(comment::subject::post().include(post::author()));
    assert_eq!(told(comments().include(with_author).explain()).len(), 4);
    let answers = post::comments().limit(1).include(comment::replies());
    assert_eq!(told(db.posts().find().include(answers).explain()), ["", "comments", "comments.replies"]);
    assert_eq!(told(db.posts().find().include(post::comments().count()).explain()), [""]);
    assert_eq!(told(db.comments().subject(1).explain()), ["", "subject", "subject", "subject"]);
}

#[apply(on_every_database)]
async fn answers_are_created_with_the_rows_that_they_answer(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let reply = |text: &str| comment::replies().create([comment::NewReply::new(text)]);
    let comments =
        post::comments().create([(post::NewComment::new("a"), reply("b")), (post::NewComment::new("c"), reply("d"))]);
    let new = db.posts().create(NewPost::new("x")).with(comments).with(post::cover().create(post::NewCover::new()));
    let made = new.await.unwrap();
    assert_eq!((made.cover.of_id, made.cover.of_type.as_str()), (made.id, "Post"));
    let stored = post::comments().order_by(comment::id()).include(comment::replies());
    let stored = db.posts().get(made.id).include(stored).include(post::cover()).await.unwrap();
    assert_eq!((&stored.comments, stored.cover.as_ref()), (&made.comments, Some(&made.cover)));
    let nobody = db
        .posts()
        .create(NewPost::new("y"))
        .with(post::cover().filter(cover::id().gt(0)).create(post::NewCover::new()))
        .await;
    assert_eq!(code(nobody), "validation");
    assert_eq!(db.covers().count(cover::all()).await.unwrap(), 1);
    let of_ann = db.authors().create(NewAuthor::default());
    let posts =
        author::posts().create([(author::NewPost::new("z"), post::comments().create([post::NewComment::new("e")]))]);
    let ann = of_ann.with(posts).await.unwrap();
    assert_eq!(ann.posts[0].comments[0].subject_id, ann.posts[0].id);
    assert_eq!(db.posts().count(post::all()).await.unwrap(), 2);
}
