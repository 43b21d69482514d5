//! Every route over a real connection, on SQLite: what it gives and what it refuses.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::net::SocketAddr;

use axum::body::Bytes;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use shop::{Customer, Db, Order, customer, order, stock};
use tokio::net::TcpListener;

/// A server with a filled shop: Freya and Idun have three orders each, Bragi has none.
struct Shop {
    address: SocketAddr,
    db: Db,
    customers: Vec<Customer>,
    orders: Vec<Order>,
}

impl Shop {
    async fn open() -> Self {
        let db = Db::connect("sqlite::memory:").await.unwrap();
        db.create_tables().await.unwrap();
        let products = stock::fill_shelves(&db).await.unwrap();
        let customers = stock::sign_up(&db).await.unwrap();
        let orders = stock::sell(&db, &customers, &products).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = shop_server::router(db.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, db, customers, orders }
    }

    /// Status and body of a request with that text as its JSON body.
    async fn send(&self, method: Method, path: &str, body: &str) -> (StatusCode, Value) {
        self.send_as("application/json", method, path, body).await
    }

    async fn send_as(&self, kind: &str, method: Method, path: &str, body: &str) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address))
            .header(header::CONTENT_TYPE, kind)
            .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
            .unwrap();
        let client = Client::builder(TokioExecutor::new()).build_http();
        let response = client.request(request).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    async fn get(&self, path: &str) -> Value {
        self.done(Method::GET, path, "").await
    }

    /// The body of a request that is answered with 200.
    async fn done(&self, method: Method, path: &str, body: &str) -> Value {
        let (status, answer) = self.send(method, path, body).await;
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
        answer
    }

    /// Sends what is to be refused, and gives the message.
    async fn refused(&self, method: Method, path: &str, body: &str, status: u16, name: &str, code: &str) -> String {
        let (found, answer) = self.send(method, path, body).await;
        is_error(found, &answer, status, name, code, path)
    }

    fn path(&self, customer: usize) -> String {
        format!("/customers/{}/orders", self.customers[customer].id)
    }
}

fn is_error(found: StatusCode, answer: &Value, status: u16, name: &str, code: &str, path: &str) -> String {
    let message = answer["error"]["message"].as_str().unwrap().to_owned();
    let expected = json!({ "error": { "statusCode": status, "name": name, "message": message, "code": code } });
    assert_eq!((found.as_u16(), answer), (status, &expected), "{path}");
    message
}

fn ids(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_carry_what_the_filter_includes_and_nothing_else() {
    let shop = Shop::open().await;

    let plain = shop.get("/orders").await;
    assert_eq!(plain.as_array().unwrap().len(), 6);
    assert_eq!(plain[0]["customerId"], shop.customers[0].id);
    assert!(plain[0].get("customer").is_none() && plain[0].get("items").is_none(), "{}", plain[0]);

    let with_customer = shop.get("/orders?filter[include][]=customer").await;
    assert_eq!(with_customer[1]["customer"]["name"], "Idun");
    assert_eq!(with_customer[1]["customer"]["address"]["city"], "Lisbon");
    assert!(with_customer[1].get("items").is_none());

    let with_items = shop.get("/orders?filter[include][]=items").await;
    assert_eq!(with_items[1]["items"].as_array().unwrap().len(), 2);
    assert!(with_items[1].get("customer").is_none());

    let with_both = shop.get("/orders?filter%5Binclude%5D%5B%5D=items&filter%5Binclude%5D%5B%5D=customer").await;
    assert_eq!(with_both[2]["items"].as_array().unwrap().len(), 3);
    assert_eq!(with_both[2]["items"][0]["price"], "8.90");
    assert_eq!(with_both[2]["customer"]["name"], "Freya");
}

#[tokio::test(flavor = "multi_thread")]
async fn limit_and_skip_cut_the_rows_in_the_order_of_their_ids() {
    let shop = Shop::open().await;
    let all = shop.get("/orders").await;
    let cut = shop.get("/orders?filter[limit]=2&filter[skip]=3&filter[include][]=customer").await;
    assert_eq!(ids(&cut), ids(&all)[3..5]);
    assert_eq!(shop.get("/orders?filter[skip]=6").await, json!([]));
    let of_idun = shop.get(&format!("{}?filter[limit]=1&filter[skip]=1", shop.path(1))).await;
    assert_eq!(ids(&of_idun), [shop.orders[3].id.to_string()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_filter_may_not_say_is_refused_and_not_passed_over() {
    let shop = Shop::open().await;
    for (query, says) in [
        ("filter[where][stats]=paid", "`where.stats`: Order has nothing of that name; it has `id`"),
        ("filter[where][status]=lost", "`where.status`: it must be one of `"),
        ("filter={\"include\":[\"custmer\"]}", "`include[0]`: Order has no such relation; it has `customer`, `items`"),
        ("filter={\"include\":", "`filter` is no JSON"),
        ("filter[include]=customer", "`include`: a list of relations stands here"),
        ("filter[order]=price", "`order`: Order has no such property to order by"),
        ("filter[include][]=", "`include[0]`: Order has no such relation"),
        ("filter[limit]=0", "`limit`: a whole number from 1"),
        ("filter[limit]=1001", "`limit`: at most 1000 rows"),
        ("filter[limit]=ten", "`limit`: a whole number from 1"),
        ("filter[limit]=1&filter[limit]=2", "`filter[limit]` is given twice"),
        ("filter[skip]=-1", "`skip`: a whole number from 0"),
        ("filter[skip]=18446744073709551616", "`skip`: a whole number from 0"),
    ] {
        let query = query.replace('{', "%7B").replace('}', "%7D").replace('"', "%22");
        for path in ["/orders".to_owned(), shop.path(0)] {
            let path = format!("{path}?{query}");
            let message = shop.refused(Method::GET, &path, "", 400, "BadRequestError", "invalid_filter").await;
            assert!(message.contains(says), "{path}: {message}");
        }
    }
    assert_eq!(shop.get("/orders?filter[skip]=4294967295").await, json!([]));
    shop.refused(Method::GET, "/orders?limit=5", "", 400, "BadRequestError", "invalid_parameter").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_chooses_and_orders() {
    let shop = Shop::open().await;
    let all = shop.get("/orders?filter[order]=id%20DESC").await;
    assert_eq!(ids(&all).len(), 6);
    let of_idun = shop.get("/orders?filter[where][customer][name]=Idun&filter[fields][]=id").await;
    assert!(of_idun.as_array().unwrap().iter().all(|row| row.as_object().unwrap().len() == 1), "{of_idun}");
    let all_of_hers = shop.get(&shop.path(1)).await;
    assert_eq!(ids(&of_idun), ids(&all_of_hers));
    // The path's customer binds the filter.
    let others = format!("{}?filter[where][customer][name]=Idun", shop.path(0));
    assert_eq!(shop.get(&others).await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_leads_to_its_customer() {
    let shop = Shop::open().await;
    let customer = shop.get(&format!("/orders/{}/customer", shop.orders[1].id)).await;
    assert_eq!(customer, serde_json::to_value(&shop.customers[1]).unwrap());

    let nobody = "/orders/00000000-0000-7000-8000-000000000000/customer";
    let message = shop.refused(Method::GET, nobody, "", 404, "NotFoundError", "not_found").await;
    assert_eq!(message, "there is no Order with id 00000000-0000-7000-8000-000000000000");
    let message =
        shop.refused(Method::GET, "/orders/7/customer", "", 400, "BadRequestError", "invalid_parameter").await;
    assert_eq!(message, "the id in the path has to be a UUID");
    let filtered = format!("/orders/{}/customer?filter[limit]=1", shop.orders[1].id);
    shop.refused(Method::GET, &filtered, "", 400, "BadRequestError", "invalid_parameter").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_has_their_own_orders_only() {
    let shop = Shop::open().await;
    let found = shop.get(&shop.path(0)).await;
    assert_eq!(ids(&found), [0, 2, 4].map(|n| shop.orders[n].id.to_string()));
    assert_eq!(shop.get(&shop.path(2)).await, json!([]));
    assert_eq!(shop.get("/customers/99/orders").await, json!([]));
    let with_both = shop.get(&format!("{}?filter[include][]=items&filter[include][]=customer", shop.path(0))).await;
    assert_eq!(with_both[1]["items"].as_array().unwrap().len(), 3);
    assert_eq!(with_both[1]["customer"]["name"], "Freya");
    for id in ["freya", "1.5", "9223372036854775808", "%FF"] {
        let path = format!("/customers/{id}/orders");
        let message = shop.refused(Method::GET, &path, "", 400, "BadRequestError", "invalid_parameter").await;
        assert_eq!(message, "the id in the path has to be a whole number", "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn post_stores_an_order_of_that_customer() {
    let shop = Shop::open().await;
    let created = shop.done(Method::POST, &shop.path(2), r#"{ "note": "soon", "status": "paid" }"#).await;
    let stored = shop.db.customers().orders(&shop.customers[2]).find().one().await.unwrap();
    assert_eq!(created, serde_json::to_value(&stored).unwrap());
    assert_eq!((created["note"].as_str(), created["status"].as_str()), (Some("soon"), Some("paid")));
    assert_eq!(created["customerId"], shop.customers[2].id);
    shop.done(Method::POST, &shop.path(2), "{}").await;

    let message = shop.refused(Method::POST, "/customers/99/orders", "{}", 404, "NotFoundError", "not_found").await;
    assert_eq!(message, "there is no Customer with id 99");
    assert_eq!(shop.db.orders().count(order::all()).await.unwrap(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_fit_is_refused_before_anything_is_written() {
    let shop = Shop::open().await;
    for method in [Method::POST, Method::PATCH] {
        for (body, status, name, says) in [
            ("{ \"note\": ", 400, "BadRequestError", "the body is no JSON: "),
            ("", 400, "BadRequestError", "EOF"),
            ("[]", 422, "UnprocessableEntityError", "object"),
            (r#"{ "status": "lost" }"#, 422, "UnprocessableEntityError", "pending, paid, shipped, cancelled"),
            (r#"{ "note": 5 }"#, 422, "UnprocessableEntityError", "note: `note` must be a string, not a number"),
            (r#"{ "colour": "red" }"#, 422, "UnprocessableEntityError", "unknown property"),
            (r#"{ "id": "1" }"#, 422, "UnprocessableEntityError", "`id` cannot be set here"),
            (r#"{ "items": [] }"#, 422, "UnprocessableEntityError", "`items` is a relation"),
        ] {
            let message = shop.refused(method.clone(), &shop.path(0), body, status, name, "invalid_body").await;
            assert!(message.contains(says), "{method} {body}: {message}");
            assert!(!message.contains("target type"), "{message}");
        }
        let (found, answer) = shop.send_as("text/plain", method, &shop.path(0), "{}").await;
        is_error(found, &answer, 415, "UnsupportedMediaTypeError", "invalid_body", "text/plain");
    }
    // A customer's key is the path's: a new order has no place for it, a patch may not change it.
    let (path, moved) = (shop.path(0), format!(r#"{{ "customerId": {} }}"#, shop.customers[1].id));
    let message = shop.refused(Method::POST, &path, &moved, 422, "UnprocessableEntityError", "invalid_body").await;
    assert!(message.contains("`customerId` cannot be set here"), "{message}");
    shop.refused(Method::PATCH, &path, &moved, 422, "UnprocessableEntityError", "validation").await;
    assert_eq!(shop.get("/orders").await, serde_json::to_value(&shop.orders).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn patch_changes_all_orders_of_that_customer_and_counts_them() {
    let shop = Shop::open().await;
    assert_eq!(shop.done(Method::PATCH, &shop.path(0), r#"{ "status": "shipped" }"#).await, json!({ "count": 3 }));
    let shipped = order::status().eq(shop::OrderStatus::Shipped);
    let of_freya = order::customer().matches(customer::name().eq("Freya"));
    assert_eq!(shop.db.orders().count(shipped.clone()).await.unwrap(), 3);
    assert_eq!(shop.db.orders().count(shipped.and(of_freya)).await.unwrap(), 3);
    assert_eq!(shop.done(Method::PATCH, &shop.path(0), "{}").await, json!({ "count": 0 }));
    assert_eq!(shop.done(Method::PATCH, &shop.path(2), r#"{ "note": null }"#).await, json!({ "count": 0 }));
    assert_eq!(shop.done(Method::PATCH, "/customers/99/orders", r#"{ "note": "x" }"#).await, json!({ "count": 0 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn delete_takes_all_orders_of_that_customer_or_none() {
    let shop = Shop::open().await;
    let message = shop.refused(Method::DELETE, &shop.path(0), "", 409, "ConflictError", "foreign_key").await;
    assert_eq!(message, "Invoice.order would lead to no row");
    assert_eq!(shop.get(&shop.path(0)).await.as_array().unwrap().len(), 3);

    for _ in 0..2 {
        shop.done(Method::POST, &shop.path(2), "{}").await;
    }
    assert_eq!(shop.done(Method::DELETE, &shop.path(2), "").await, json!({ "count": 2 }));
    assert_eq!(shop.done(Method::DELETE, &shop.path(2), "").await, json!({ "count": 0 }));
    assert_eq!(shop.done(Method::DELETE, "/customers/99/orders", "").await, json!({ "count": 0 }));
    assert_eq!(shop.db.orders().count(order::all()).await.unwrap(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_where_is_refused_where_without_it_every_row_would_be_meant() {
    let shop = Shop::open().await;
    for (method, body) in [(Method::PATCH, r#"{ "note": "x" }"#), (Method::DELETE, ""), (Method::POST, "{}")] {
        let path = format!("{}?where[status]=paid", shop.path(2));
        shop.refused(method, &path, body, 400, "BadRequestError", "invalid_parameter").await;
    }
    assert_eq!(shop.get("/orders").await, serde_json::to_value(&shop.orders).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_methods_are_errors_of_the_same_form() {
    let shop = Shop::open().await;
    let message = shop.refused(Method::GET, "/nowhere", "", 404, "NotFoundError", "not_found").await;
    assert_eq!(message, "there is no GET /nowhere");
    let message = shop.refused(Method::PUT, "/orders", "{}", 405, "MethodNotAllowedError", "method_not_allowed").await;
    assert_eq!(message, "/orders does not take PUT");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_cannot_do_is_not_explained_to_the_client() {
    let shop = Shop::open().await;
    let elsewhere = Db::connect("sqlite::memory:").await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let broken = Shop { address: listener.local_addr().unwrap(), ..shop };
    tokio::spawn(async move { axum::serve(listener, shop_server::router(elsewhere)).await.unwrap() });
    let (status, answer) = broken.send(Method::GET, "/orders", "").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let message = "the server could not answer; its log says why";
    assert_eq!(answer, json!({ "error": { "statusCode": 500, "name": "InternalServerError", "message": message } }),);
}
