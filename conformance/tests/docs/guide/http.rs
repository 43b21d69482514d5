//! The examples of `docs/guide/http.md`.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::blog::{Db, PostPatch, PostState, author, tag};
use super::with_ann;

mod server {
    use super::super::blog;

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post as post_to};
use axum::{Json, Router};
use futures_util::{StreamExt as _, stream};
use relata::Page;
use serde::Deserialize;
use serde_json::json;

use blog::{Db, NewTag, Post, PostPatch, PostState, PostWithRelations, author, post};

pub(crate) fn router(db: Db) -> Router {
    Router::new()
        .route("/posts", get(list))
        .route("/posts/pages", get(pages))
        .route("/posts/export", get(export))
        .route("/posts/{id}", patch(change))
        .route("/authors/{id}/posts", get(list_of_author).post(create))
        .route("/authors/{id}/tagged", post_to(create_tagged))
        .with_state(db)
}

async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let db = Db::connect("sqlite:blog.db").await?;
    db.create_tables().await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, router(db)).await?;
    Ok(())
}

/// `GET /posts?filter[where][title][like]=H%25&filter[include][]=author`: of what is published.
async fn list(State(db): State<Db>, RawQuery(query): RawQuery) -> Result<Json<Vec<PostWithRelations>>, Refused> {
    let filter = post::Filter::from_query(query.as_deref().unwrap_or_default())?;
    let published = post::state().eq(PostState::Published);
    Ok(Json(db.posts().find_with(filter).filter(published).await?))
}

/// `GET /authors/1/posts`, with the same filter: posts of that author, whatever it says.
async fn list_of_author(
    State(db): State<Db>,
    Path(author): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<PostWithRelations>>, Refused> {
    let filter = post::Filter::from_query(query.as_deref().unwrap_or_default())?;
    Ok(Json(db.authors().posts(author).find_with(filter).await?))
}

/// `GET /posts/pages?filter[order]=title&after=…`: 20 at a time.
async fn pages(
    State(db): State<Db>,
    RawQuery(query): RawQuery,
) -> Result<Json<Page<PostWithRelations>>, Refused> {
    let query = query.unwrap_or_default();
    let filter = post::Filter::from_query(&query)?;
    let after = query.split('&').find_map(|parameter| parameter.strip_prefix("after="));
    let published = post::state().eq(PostState::Published);
    Ok(Json(db.posts().find_with(filter).filter(published).page(after, 20).await?))
}

/// `GET /posts/export`: a line of JSON for each post that is published.
async fn export(State(db): State<Db>) -> Body {
    let (lines, mut sent) = tokio::sync::mpsc::channel(16);
    tokio::spawn(async move {
        let mut posts = db.posts().find().filter(post::state().eq(PostState::Published)).stream();
        while let Some(post) = posts.next().await {
            let line = post.map(|post| format!("{}\n", json!(post)));
            if lines.send(line).await.is_err() {
                break;                                                // the client has gone
            }
        }
    });
    Body::from_stream(stream::poll_fn(move |context| sent.poll_recv(context)))
}

/// `POST /authors/1/posts`: the body has no place for an id, a version or another author.
async fn create(
    State(db): State<Db>,
    Path(author): Path<i64>,
    Json(new): Json<author::NewPost>,
) -> Result<(StatusCode, Json<Post>), Refused> {
    let post = db.authors().posts(author).create(new).await?;
    Ok((StatusCode::CREATED, Json(post)))
}

/// `PATCH /posts/1`
async fn change(
    State(db): State<Db>,
    Path(id): Path<i64>,
    Json(patch): Json<PostPatch>,
) -> Result<Json<Post>, Refused> {
    Ok(Json(db.posts().patch_by_id(id, patch).await?))
}

#[derive(Deserialize)]
struct TaggedPost {
    #[serde(flatten)]
    post: author::NewPost,
    #[serde(default)]
    tags: BTreeSet<String>,
}

/// `POST /authors/1/tagged`: tags by their names, whether they are there or not.
async fn create_tagged(
    State(db): State<Db>,
    Path(author): Path<i64>,
    Json(new): Json<TaggedPost>,
) -> Result<(StatusCode, Json<Post>), Refused> {
    let post = db
        .transaction(async |tx| {
            let post = tx.authors().posts(author).create(new.post).await?;
            let tags = tx.tags().upsert_many_by_name(new.tags.into_iter().map(NewTag::new)).await?;
            tx.posts().tags(&post).set(&tags).await?;
            Ok::<_, relata::Error>(post)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(post)))
}

struct Refused(relata::Error);

impl From<relata::Error> for Refused {
    fn from(error: relata::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        use relata::Error as E;
        let status = match &self.0 {
            E::NotFound { .. } => StatusCode::NOT_FOUND,
            E::InvalidFilter { .. } | E::InclusionNotAllowed { .. } | E::CrossDatasourceFilter { .. } => {
                StatusCode::BAD_REQUEST
            }
            E::Validation { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            E::Conflict { .. } | E::ForeignKey { .. } | E::Stale { .. } => StatusCode::CONFLICT,
            E::Serialization { .. } | E::PoolTimeout { .. } | E::Timeout { .. } | E::Unavailable { .. } => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let message = if status.is_server_error() {
            eprintln!("{}: {}", self.0.code(), self.0);               // for the log, not for the client
            "the server could not answer".to_owned()
        } else {
            self.0.to_string()
        };
        (status, Json(json!({ "code": self.0.code(), "message": message }))).into_response()
    }
}
}

/// Sends a request to the router; no server is started.
async fn send(db: &Db, method: &str, uri: &str, body: Option<Value>) -> (u16, Value) {
    let request = Request::builder().method(method).uri(uri).header("content-type", "application/json");
    let request = request.body(body.map_or(Body::empty(), |body| Body::from(body.to_string()))).unwrap();
    let response = server::router(db.clone()).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_else(|_| json!(String::from_utf8_lossy(&bytes))))
}

#[tokio::test]
async fn strangers_see_what_is_published() -> Result<(), Box<dyn std::error::Error>> {
    let (db, ann, draft) = with_ann().await?;
    let (status, posts) = send(&db, "GET", "/posts?filter[where][state]=draft", None).await;
    assert_eq!((status, posts), (200, json!([])));

    let publish = PostPatch { state: Some(PostState::Published), ..Default::default() };
    db.posts().patch_by_id(draft.id, publish).await?;
    let (_, posts) = send(&db, "GET", "/posts?filter[include][]=author&filter[fields][]=title", None).await;
    assert_eq!(posts[0]["title"], "Hello");
    assert_eq!(posts[0]["author"]["name"], "Ann");
    assert_eq!(posts[0]["author"].get("passwordHash"), None);         // hidden: true
    Ok(())
}

#[tokio::test]
async fn pages_follow_one_another_and_an_export_has_all() -> Result<(), Box<dyn std::error::Error>> {
    let (db, ann, _) = with_ann().await?;
    let published = |n| author::NewPost { state: Some(PostState::Published), ..author::NewPost::new(format!("P{n:02}"), "…") };
    db.authors().posts(&ann).create_many((0..25).map(published)).await?;

    let (_, first) = send(&db, "GET", "/posts/pages?filter[order]=title", None).await;
    assert_eq!((first["rows"].as_array().unwrap().len(), &first["rows"][19]["title"]), (20, &json!("P19")));
    let next = first["next"].as_str().unwrap();
    let (_, second) = send(&db, "GET", &format!("/posts/pages?filter[order]=title&after={next}"), None).await;
    assert_eq!((second["rows"].as_array().unwrap().len(), &second["next"]), (5, &Value::Null));
    let (status, refused) = send(&db, "GET", &format!("/posts/pages?filter[order]=id&after={next}"), None).await;
    assert_eq!((status, &refused["code"]), (400, &json!("invalid_filter")));

    let (status, lines) = send(&db, "GET", "/posts/export", None).await;
    let lines: Vec<Value> = lines.as_str().unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((status, lines.len(), &lines[24]["title"]), (200, 25, &json!("P24")));
    Ok(())
}

#[tokio::test]
async fn everything_else_is_refused() -> Result<(), Box<dyn std::error::Error>> {
    let (db, ann, post) = with_ann().await?;
    let posts = format!("/authors/{}/posts", ann.id);
    let (status, created) = send(&db, "POST", &posts, Some(json!({ "title": "Second", "body": "…" }))).await;
    assert_eq!((status, &created["version"]), (201, &json!(1)));

    let tagged = format!("/authors/{}/tagged", ann.id);
    let body = json!({ "title": "Tagged", "body": "…", "tags": ["rust", "sql", "rust"] });
    let (status, created) = send(&db, "POST", &tagged, Some(body)).await;
    assert_eq!((status, &created["title"]), (201, &json!("Tagged")));
    assert_eq!(db.posts().tags(created["id"].as_i64().unwrap()).count(tag::all()).await?, 2);

    for (method, uri, body, status, says) in [
        ("POST", &*tagged, Some(json!({ "title": "Third", "body": "…", "tag": [] })), 422, "an unknown property"),
        ("POST", &tagged, Some(json!({ "title": "", "body": "…", "tags": ["new"] })), 422, "title is empty"),
        ("GET", "/posts?filter[where][stat]=draft", None, 400, "Post has nothing of that name"),
        ("GET", "/posts?filter[include][]=autor", None, 400, "Post has no such relation"),
        ("GET", "/posts?filter[where][author][passwordHash]=x", None, 400, "Author has nothing of that name"),
        ("GET", "/posts?filter[limit]=100000", None, 400, "at most 1000 rows"),
        ("POST", &posts, Some(json!({ "title": "", "body": "…" })), 422, "title is empty"),
        ("POST", &posts, Some(json!({ "title": "Third", "body": "…", "id": 7 })), 422, "`id` cannot be set here"),
        ("POST", &posts, Some(json!({ "title": "Third", "body": "…", "authorId": 7 })), 422, "`authorId` cannot be set"),
        ("POST", "/authors/99/posts", Some(json!({ "title": "Third", "body": "…" })), 409, "would lead to no row"),
        ("PATCH", "/posts/99", Some(json!({ "title": "x" })), 404, "there is no Post with id 99"),
        ("PATCH", "/posts/1", Some(json!({ "title": "x", "version": 9 })), 409, "was changed since"),
    ] {
        let (found, answer) = send(&db, method, uri, body).await;
        assert_eq!(found, status, "{method} {uri}: {answer}");
        assert!(answer.to_string().contains(says), "{method} {uri}: {answer}");
    }
    assert_eq!(db.posts().get(post.id).await?.title, "Hello");
    Ok(())
}
