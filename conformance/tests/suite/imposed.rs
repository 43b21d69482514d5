//! What every kind of relation imposes, and `LoopBack` lets go: a key that is not set is no row's, 0 and the empty string are
//! keys, an alternative does not escape, and what is read by itself is what is included.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::forms::{
    self, HousePatch, NewHouse, NewMayor, NewVillage, NewVisit, VillagePatch, VisitPatch, house, mayor, town, village,
    visit,
};
use relata_conformance::on_every_database;
use relata_conformance::polymorphic::{self, NewCity, NewComment, NewCountry, NewPost, city, comment, country, post};
use relata_conformance::promotions::{self, NewHalfPrice, half_price};
use relata_conformance::references::{self, NewByText, NewHolder, NewTag, NewUser, holder, tag};
use relata_conformance::through::{self, NewAccount, NewContract, NewFollow, NewPerson, NewSupplier, person, supplier};

use crate::support::code;

/// There, a key that is not set lifts the constraint: all rows of the table are found, changed and deleted.
#[apply(on_every_database)]
async fn a_source_without_the_key_has_no_rows(at: &Database) {
    let db: forms::Db = at.open().await.unwrap();
    let none = db.towns().create(forms::NewTown::new()).await.unwrap();
    let village = db.villages().create(NewVillage::new()).await.unwrap();
    // Rows of nobody, whose key is not set either.
    db.houses().create(NewHouse::new(village.id)).await.unwrap();
    db.mayors().create(NewMayor::new()).await.unwrap();
    db.visits().create(NewVisit::new(none.id, "Town")).await.unwrap();

    let houses = db.towns().coded_houses(&none);
    assert_eq!(houses.find().await.unwrap(), []);
    assert_eq!(houses.find().filter(house::all().or(house::id().gt(0))).await.unwrap(), []);
    assert_eq!(houses.count(house::all()).await.unwrap(), 0);
    let patch = HousePatch { code: Some(Some("x".into())), ..Default::default() };
    assert_eq!(houses.patch(house::all(), patch).await.unwrap(), 0);
    assert_eq!(houses.delete(house::all()).await.unwrap(), 0);
    assert_eq!(code(houses.create(town::NewCodedHouse::new(village.id)).await), "foreign_key");
    let visits = db.towns().coded_visits(&none);
    assert_eq!(visits.find().await.unwrap(), []);
    assert_eq!(visits.patch(visit::all(), VisitPatch { code: Some(None), ..Default::default() }).await.unwrap(), 0);
    assert_eq!(visits.delete(visit::all()).await.unwrap(), 0);
    assert_eq!(code(visits.create(town::NewCodedVisit::new(none.id, "Town")).await), "foreign_key");
    let villages = db.towns().coded_villages(&none);
    assert_eq!(villages.find().await.unwrap(), []);
    assert_eq!(
        villages
            .patch(village::all(), VillagePatch { code: Some(None), ..Default::default() })
            .await
            .map_err(|error| error.code()),
        Err("validation")
    );
    let title = VillagePatch { title: Some(Some("x".into())), ..Default::default() };
    assert_eq!(villages.patch(village::all(), title).await.unwrap(), 0);
    assert_eq!(villages.delete(village::all()).await.unwrap(), 0);
    assert_eq!(villages.unlink_all().await.unwrap(), 0);
    assert_eq!(code(villages.create(NewVillage::new()).await), "foreign_key");
    let guests = db.towns().coded_guests(&none);
    assert_eq!((guests.find().await.unwrap(), guests.delete().await.unwrap()), (vec![], 0));
    assert_eq!(code(guests.villages().create(NewVillage::new()).await), "foreign_key");

    assert_eq!(db.towns().coded_mayor(&none).get().await.unwrap(), None);
    assert_eq!(db.towns().coded_mayor(&none).delete().await.unwrap(), 0);
    assert_eq!(code(db.towns().coded_mayor(&none).create(town::NewCodedMayor::new()).await), "foreign_key");
    assert_eq!(db.towns().coded_flag(&none).get().await.unwrap(), None);
    assert_eq!(db.towns().coded_feast(&none).get().await.unwrap(), None);
    assert_eq!(db.towns().coded_feast(&none).delete().await.unwrap(), 0);
    assert_eq!(code(db.towns().coded_feast(&none).fair().create(town::NewCodedFeastFair::new()).await), "foreign_key");
    assert_eq!(db.towns().coded_ally(&none).get().await.unwrap(), None);
    assert_eq!(db.towns().coded_patron(&none).get().await.unwrap(), None);

    let row = db.towns().get(none.id).include(town::coded_houses()).include(town::coded_visits());
    let row = row.include(town::coded_mayor()).include(town::coded_villages()).include(town::coded_guests());
    let row = row.include(town::coded_feast()).include(town::coded_patron()).await.unwrap();
    assert!(row.coded_houses.is_empty() && row.coded_visits.is_empty() && row.coded_villages.is_empty());
    assert!(row.coded_guests.is_empty() && row.coded_mayor.is_none());
    assert!(row.coded_feast.is_none() && row.coded_patron.is_none());
    assert_eq!(db.towns().count(town::coded_houses().any(house::all())).await.unwrap(), 0);
    assert_eq!(db.towns().count(town::coded_mayor().matches(mayor::all())).await.unwrap(), 0);
    let left = [
        db.houses().count(house::all()).await.unwrap(),
        db.mayors().count(mayor::all()).await.unwrap(),
        db.visits().count(visit::all()).await.unwrap(),
        db.villages().count(village::all()).await.unwrap(),
    ];
    assert_eq!(left, [1; 4]);
}

/// There, 0 and the empty string are taken for no key.
#[apply(on_every_database)]
async fn zero_is_a_key_of_a_link(at: &Database) {
    let db: through::Db = at.open().await.unwrap();
    db.people().create_many([NewPerson::new(0, "nobody"), NewPerson::new(1, "Ann")]).await.unwrap();
    db.people().following(0).link(0).await.unwrap();
    db.people().following(1).set([0, 1]).await.unwrap();
    let ids = |rows: Vec<through::Person>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(db.people().following(0).find().await.unwrap()), [0]);
    let rows = db.people().find().order_by(person::id()).include(person::followers().order_by(person::id()));
    let rows: Vec<_> = rows.await.unwrap().into_iter().map(|row| ids(row.followers)).collect();
    assert_eq!(rows, [vec![0, 1], vec![1]]);
    assert_eq!(db.people().count(person::following().any(person::id().eq(0))).await.unwrap(), 2);
    assert_eq!(db.follows().create(NewFollow::new(0, 0)).await.unwrap().followee_id, 0);
}

#[apply(on_every_database)]
async fn the_empty_string_is_a_key_of_several_models(at: &Database) {
    let db: polymorphic::Db = at.open().await.unwrap();
    let country = db.countries().create(NewCountry::new("")).await.unwrap();
    let city = db.cities().create(NewCity::new("")).await.unwrap();
    let of_country = db.countries().stamps(&country).create(country::NewStamp::new()).await.unwrap();
    let of_city = db.cities().stamps(&city).create(city::NewStamp::new()).await.unwrap();
    assert_eq!(db.countries().stamps("").find().await.unwrap(), [of_country.clone()]);
    assert_eq!(db.cities().find().include(city::stamps()).await.unwrap()[0].stamps, [of_city.clone()]);
    assert!(db.stamps().issuer(&of_country).await.unwrap().is_some());
    let rows = db.stamps().find().include(polymorphic::stamp::issuer()).await.unwrap();
    assert!(rows.iter().all(|row| row.issuer.is_some()) && rows.len() == 2);
}

#[apply(on_every_database)]
async fn the_empty_string_is_a_key_in_a_list(at: &Database) {
    let db: references::Db = at.open().await.unwrap();
    let empty = db.by_texts().create(NewByText { id: String::new() }).await.unwrap();
    let listed = NewHolder { by_text_ids: Some(vec![String::new()]), ..NewHolder::default() };
    let holder = db.holders().create(listed).await.unwrap();
    assert_eq!(db.holders().texts(&holder).await.unwrap(), [empty.clone()]);
    assert_eq!(db.holders().find().include(holder::texts()).await.unwrap()[0].texts, [empty]);
}

/// There, on one database, a caller's alternative stands beside the constraint, not under it.
#[apply(on_every_database)]
async fn no_alternative_escapes_a_list(at: &Database) {
    let db: references::Db = at.open().await.unwrap();
    let tags = db.tags().create_many(["a", "b", "c"].map(NewTag::new)).await.unwrap();
    let user = NewUser { tag_ids: Some(vec![tags[0].id]), ..NewUser::new("Ann") };
    let user = db.users().create(user).await.unwrap();
    let any = || tag::slug().eq("b").or(tag::slug().eq("a")).or(tag::id().gt(0));
    assert_eq!(db.users().tags(&user).find().filter(any()).await.unwrap(), tags[..1]);
    let row = db.users().get(user.id).include(references::user::tags().filter(any()).limit(9)).await.unwrap();
    assert_eq!(row.tags, tags[..1]);
}

#[apply(on_every_database)]
async fn no_alternative_escapes_an_answer(at: &Database) {
    let db: polymorphic::Db = at.open().await.unwrap();
    let [post, other] = ["x", "y"].map(NewPost::new);
    let [post, other] = [db.posts().create(post).await.unwrap(), db.posts().create(other).await.unwrap()];
    for at in [&post, &other] {
        db.comments().create(NewComment::new("here", at.id, "Post")).await.unwrap();
        db.comments().create(NewComment::new("elsewhere", at.id, "Comment")).await.unwrap();
    }
    let any = || comment::text().eq("elsewhere").or(comment::subject_type().ne("Post")).or(comment::id().gt(0));
    let comments = db.posts().comments(&post);
    assert_eq!(comments.find().filter(any()).await.unwrap().len(), 1);
    for scope in [post::comments().filter(any()), post::comments().filter(any()).limit(9)] {
        let rows = db.posts().find().include(scope).await.unwrap();
        assert!(rows.iter().all(|row| row.comments.len() == 1));
    }
    assert_eq!(comments.delete(any()).await.unwrap(), 1);
    assert_eq!(db.comments().count(comment::all()).await.unwrap(), 3);
}

#[apply(on_every_database)]
async fn no_alternative_escapes_links_to_one_of_several_models(at: &Database) {
    let db: promotions::Db = at.open().await.unwrap();
    let ann = db.customers().create(promotions::NewCustomer::new("Ann")).await.unwrap();
    let of_ann = db.customers().promotions(&ann);
    let tea = of_ann.half_prices().create(NewHalfPrice::new("tea")).await.unwrap();
    db.half_prices().create(NewHalfPrice::new("milk")).await.unwrap();
    let any = || half_price::product().eq("milk").or(half_price::id().gt(0));
    assert_eq!(of_ann.half_prices().find().filter(any()).await.unwrap(), [tea]);
    assert_eq!(of_ann.half_prices().delete(any()).await.unwrap(), 1);
    assert_eq!(db.half_prices().count(half_price::all()).await.unwrap(), 1);
}

/// There, a second row is stored, `get` gives the first and an include the last.
#[apply(on_every_database)]
async fn one_row_means_one_row_through_a_link_model_too(at: &Database) {
    let db: through::Db = at.open().await.unwrap();
    db.suppliers().create_many([1, 2].map(NewSupplier::new)).await.unwrap();
    let accounts = db.accounts().create_many(["a", "b"].map(NewAccount::new)).await.unwrap();
    let contract = |account: usize| {
        let (supplier_id, account_id) = (Some(1), Some(accounts[account].id));
        db.contracts().create(NewContract { supplier_id, account_id, since: None })
    };
    contract(1).await.unwrap();
    assert_eq!(code(contract(0).await), "conflict", "whoever makes the link");
    let rows = db.suppliers().find().order_by(supplier::id()).include(supplier::account()).await.unwrap();
    assert_eq!(rows.into_iter().map(|row| row.account).collect::<Vec<_>>(), [Some(accounts[1].clone()), None]);
    assert_eq!(db.suppliers().account(1).get().await.unwrap().as_ref(), accounts.get(1));
}
