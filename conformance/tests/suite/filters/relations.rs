//! Filters along relations of every kind: to several models, along lists of keys, across datasources, and to what the
//! program keeps for itself.

use macro_rules_attribute::apply;
use relata::{Error, Related};
use relata_conformance::database::Database;
use relata_conformance::{embeds, on_every_database, places, polymorphic, references, shop, through};
use serde_json::{Value as Json, json};

use super::json;
use crate::support::code;

fn wrong<T: std::fmt::Debug>(result: relata::Result<T>) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.code(), "invalid_filter", "{error}");
    error.to_string().replace("the filter is not valid: ", "")
}

#[apply(on_every_database)]
async fn relations_to_several_models(at: &Database) {
    use polymorphic::{Comment, CommentSubject, Db, NewPhoto, NewPost, comment, photo, post};

    let db: Db = at.open().await.unwrap();
    let post = db.posts().create(NewPost::new("Rivers")).await.unwrap();
    let photo = db.photos().create(NewPhoto { place: Some("Oslo".into()) }).await.unwrap();
    db.posts().comments(&post).create(post::NewComment::new("of a post")).await.unwrap();
    db.photos().comments(&photo).create(photo::NewComment::new("of a photo")).await.unwrap();
    let found = async |filter: Json| {
        let rows = db.comments().find_with(json::<Comment>(filter)).await;
        rows.map(|rows| serde_json::to_value(rows).unwrap())
    };
    let titles = |rows: &Json| {
        let subject = |row: &Json| {
            let subject = &row["subject"];
            subject["title"].as_str().or(subject["place"].as_str()).unwrap_or("-").to_owned()
        };
        rows.as_array().unwrap().iter().map(subject).collect::<Vec<_>>().join(" ")
    };
    let rows = found(json!({ "order": "id", "include": ["subject"] })).await.unwrap();
    assert_eq!(titles(&rows), "Rivers Oslo");
    let narrowed = json!([{ "relation": "subject", "targetType": "Photo" }]);
    assert_eq!(titles(&found(json!({ "order": "id", "include": narrowed })).await.unwrap()), "- Oslo");
    let scoped = json!([{ "relation": "subject", "targetType": "Post", "scope": { "where": { "title": "x" } } }]);
    assert_eq!(titles(&found(json!({ "order": "id", "include": scoped })).await.unwrap()), "- -");
    let of_posts = json!({ "where": { "subject": { "Post": { "title": { "like": "R%" } } } }, "include": ["subject"] });
    assert_eq!(titles(&found(of_posts).await.unwrap()), "Rivers");

    let typed =
        db.comments().find_with(json::<Comment>(json!({ "order": "id", "include": ["subject"] }))).await.unwrap();
    let Related::Included(Some(CommentSubject::Post(of))) = typed[0].related(comment::subject()) else { panic!() };
    assert_eq!(of.title, "Rivers");

    let back = json!([{ "relation": "comments", "scope": { "include": [{ "relation": "subject" }] } }]);
    let posts = db.posts().find_with(json(json!({ "include": back }))).await.unwrap();
    assert_eq!(serde_json::to_value(&posts).unwrap()[0]["comments"][0]["subject"]["title"], "Rivers");

    for (filter, message) in [
        (
            json!({ "where": { "subject": { "title": "x" } } }),
            "`where.subject.title`: it leads to no such model, but to `Post`, `Photo`, `Comment`",
        ),
        (
            json!({ "include": [{ "relation": "subject", "targetType": "Author" }] }),
            "`include[0].targetType`: it leads to no such model, but to `Post`, `Photo`, `Comment`",
        ),
        (
            json!({ "include": [{ "relation": "subject", "targetType": "Photo", "scope": { "where": { "title": "x" } } }] }),
            "`include[0].scope.where.title`: Photo has nothing of that name",
        ),
        (
            json!({ "order": "subject.title" }),
            "`order`: Comment has no such relation to one row to order by; it has `author`",
        ),
    ] {
        let told = wrong(found(filter.clone()).await);
        assert!(told.starts_with(message), "{filter}: {told}");
    }
}

#[apply(on_every_database)]
async fn lists_of_keys_and_links(at: &Database) {
    use references::{NewTag, NewUser, User};

    let db: references::Db = at.open().await.unwrap();
    let tags = db.tags().create_many(["a", "b", "c"].map(NewTag::new)).await.unwrap();
    let user = |name: &str, of: &[usize]| NewUser {
        tag_ids: Some(of.iter().map(|&n| tags[n].id).collect()),
        ..NewUser::new(name)
    };
    db.users().create_many([user("Ann", &[2, 0]), user("Bob", &[])]).await.unwrap();
    let filter = json!({ "where": { "tags": { "some": { "slug": "c" } } }, "include": ["tags"] });
    let rows = serde_json::to_value(db.users().find_with(json::<User>(filter)).await.unwrap()).unwrap();
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["tags"][0]["slug"]), (1, &json!("c")));
    let listed = db.users().tags(1).find_with(json(json!({ "where": { "slug": { "neq": "c" } } }))).await.unwrap();
    assert_eq!(listed.iter().map(|tag| tag.slug.as_str()).collect::<Vec<_>>(), ["a"]);
    let asked = json!({ "where": { "tagIds": [1] } });
    assert!(wrong(db.users().find_with(json::<User>(asked)).await).contains("one value stands here, not a list"));

    let db: through::Db = at.open().await.unwrap();
    let ann = db.physicians().create(through::NewPhysician::new("Ann")).await.unwrap();
    let pia = db.patients().create(through::NewPatient::new("Pia")).await.unwrap();
    db.physicians().patients(&ann).link_with(&pia, through::physician::PatientLink::new(1)).await.unwrap();
    let filter = json!({ "where": { "patients": { "some": { "name": "Pia" } } }, "include": ["patients"] });
    let rows = serde_json::to_value(db.physicians().find_with(json(filter)).await.unwrap()).unwrap();
    assert_eq!(rows[0]["patients"][0]["name"], "Pia");
    let none = json!({ "where": { "patients": { "none": {} } } });
    assert!(db.physicians().find_with(json(none)).await.unwrap().is_empty());
    let linked = db.physicians().patients(&ann).find_with(json(json!({ "where": { "name": "Pia" } }))).await.unwrap();
    assert_eq!(linked.len(), 1);
}

#[apply(on_every_database)]
async fn embedded_values(at: &Database) {
    use embeds::{Db, NewPerson, Person, Place};

    let db: Db = at.open().await.unwrap();
    let place = |street: &str, city: &str| Place {
        street: street.into(),
        city: city.into(),
        zip: None,
        point: None,
        tags: Vec::new(),
    };
    let new = |name: &str, work: Option<Place>| NewPerson { work, ..NewPerson::new(name, place("x", "y")) };
    db.people().create_many([new("Ann", Some(place("A", "Oslo"))), new("Bob", None)]).await.unwrap();
    let names = async |filter: Json| {
        let rows = db.people().find_with(json::<Person>(filter)).await;
        rows.map(|rows| rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>().join(" "))
    };
    for (condition, found) in [
        (json!({ "work": { "city": "Oslo" } }), "Ann"),
        (json!({ "work": { "city": { "like": "O%" }, "street": { "neq": "B" } } }), "Ann"),
        (json!({ "work": { "or": [{ "city": "x" }, { "street": "A" }] } }), "Ann"),
        (json!({ "work": { "not": { "city": "Oslo" } } }), ""),
        (json!({ "not": { "work": { "city": "Oslo" } } }), "Bob"),
        (json!({ "work": { "exists": false } }), "Bob"),
        (json!({ "work": null }), "Bob"),
    ] {
        let filter = json!({ "where": condition, "order": "id" });
        assert_eq!(names(filter).await.unwrap(), found, "{condition}");
    }
    for (condition, message) in [
        (
            json!({ "work": { "country": 1 } }),
            "`where.work.country`: Place has nothing of that name; it has `street`, `city`",
        ),
        (json!({ "work": { "point": { "x": "1" } } }), "`where.work.point.x`: `x` must be an integer, not a string"),
        (json!({ "work": "Oslo" }), "`where.work`: its values are not compared"),
    ] {
        let told = wrong(names(json!({ "where": condition })).await);
        assert!(told.starts_with(message), "{condition}: {told}");
    }
}

#[apply(on_every_database)]
async fn rows_of_another_datasource_are_included_and_not_asked(at: &Database) {
    use places::{Db, NewCustomer, Order};

    let db: Db = crate::places::open(at).await;
    let ann = db.customers().create(NewCustomer::new("Ann")).await.unwrap();
    db.customers().orders(&ann).create(places::customer::NewOrder::new(3)).await.unwrap();
    let filter = json!({ "include": ["customer", { "relation": "items", "scope": { "limit": 1 } }] });
    let rows = serde_json::to_value(db.orders().find_with(json::<Order>(filter)).await.unwrap()).unwrap();
    assert_eq!((&rows[0]["customer"]["name"], &rows[0]["items"]), (&json!("Ann"), &json!([])));
    for filter in [json!({ "where": { "customer": { "name": "Ann" } } }), json!({ "order": "customer.name" })] {
        let error = db.orders().find_with(json::<Order>(filter)).await.unwrap_err();
        assert!(matches!(error, Error::CrossDatasourceFilter { model: "Order", relation: "customer" }), "{error}");
        assert_eq!(error.code(), "cross_datasource_filter");
    }
}

#[apply(on_every_database)]
async fn what_the_program_keeps_for_itself(at: &Database) {
    use shop::{Coupon, Customer, Db, Order, order};

    let db: Db = at.open_with(|builder| builder.disable_include(order::customer())).await.unwrap();
    let include = json!({ "include": ["customer"] });
    assert_eq!(code(db.orders().find_with(json::<Order>(include)).await), "inclusion_not_allowed");
    let below = json!({ "include": [{ "relation": "orders", "scope": { "include": ["customer"] } }] });
    assert_eq!(code(db.customers().find_with(json::<Customer>(below)).await), "inclusion_not_allowed");
    // `includable: false` in the schema: it is neither included nor asked about.
    let include = json!({ "include": ["orders"] });
    assert_eq!(code(db.coupons().find_with(json::<Coupon>(include)).await), "inclusion_not_allowed");
    let asked = json!({ "where": { "orders": { "some": {} } } });
    let told = wrong(db.coupons().find_with(json::<Coupon>(asked)).await);
    assert!(
        told.starts_with("`where.orders`: Coupon has nothing of that name; it has `id`, `code`, `percent`, `and`"),
        "{told}"
    );
}
