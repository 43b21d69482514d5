//! Relations to several models through a link model, which says of each link where it leads.

use macro_rules_attribute::apply;
use relata::Linked;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::promotions::{
    Customer, CustomerFavourite, CustomerPromotion, CustomerPromotionLink, Db, FreeDelivery, HalfPrice, HalfPricePatch,
    NewCustomer, NewCustomerPromotionLink, NewFreeDelivery, NewHalfPrice, NewTown, customer, customer_promotion_link,
    favourite, free_delivery, half_price, town,
};

use crate::support::{code, failures};

/// Customers of whom Ann has free delivery to the north and tea at half the price, Bob the tea alone.
struct Sale {
    db: Db,
    ann: Customer,
    bob: Customer,
    north: FreeDelivery,
    tea: HalfPrice,
}

async fn sale(at: &Database) -> Sale {
    let db: Db = at.open().await.unwrap();
    let ann = db.customers().create(NewCustomer::new("Ann")).await.unwrap();
    let bob = db.customers().create(NewCustomer::new("Bob")).await.unwrap();
    let north = db.customers().promotions(&ann).free_rides().create(NewFreeDelivery::new("north")).await.unwrap();
    let tea = db.customers().promotions(&ann).half_prices().create(NewHalfPrice::new("tea")).await.unwrap();
    db.customers().promotions(bob.id).half_prices().link(&tea).await.unwrap();
    Sale { db, ann, bob, north, tea }
}

async fn links(db: &Db, of: &Customer) -> Vec<(String, i64)> {
    let links = db.customer_promotion_links().find().filter(customer_promotion_link::customer_id().eq(of.id));
    let links: Vec<CustomerPromotionLink> = links.order_by(customer_promotion_link::id()).await.unwrap();
    links.into_iter().map(|link| (link.promotion_type, link.promotion_id)).collect()
}

#[apply(on_every_database)]
async fn a_link_says_which_model_it_leads_to(at: &Database) {
    let Sale { db, ann, bob, north, tea } = sale(at).await;
    let (ride, half) = (("FreeDelivery".to_owned(), north.id), ("HalfPrice".to_owned(), tea.id));
    // Both have the same number: the link's name alone tells them apart.
    assert_eq!(north.id, tea.id);
    assert_eq!(links(&db, &ann).await, [ride, half.clone()]);
    assert_eq!(links(&db, &bob).await, [half]);
    let of_bob = db.customers().promotions(&bob);
    assert_eq!(of_bob.half_prices().find().await.unwrap(), [tea.clone()]);
    assert_eq!(of_bob.half_prices().find_by_id(tea.id).await.unwrap(), Some(tea.clone()));
    assert_eq!(of_bob.free_rides().find().await.unwrap(), []);
    assert_eq!(of_bob.free_rides().find_by_id(north.id).await.unwrap(), None);
    let of_ann = db.customers().promotions(&ann);
    assert_eq!(of_ann.half_prices().count(half_price::all()).await.unwrap(), 1);
    assert_eq!(of_ann.free_rides().count(free_delivery::region().eq("south")).await.unwrap(), 0);
    // Linked once more, each is there once.
    of_ann.half_prices().link(&tea).await.unwrap();
    assert_eq!(links(&db, &ann).await.len(), 2);
    of_ann.half_prices().link_with(&tea, customer::PromotionLink { note: Some("again".into()) }).await.unwrap();
    assert_eq!((links(&db, &ann).await.len(), of_ann.find().await.unwrap().len()), (3, 2));
    assert_eq!(code(of_ann.half_prices().link(77).await), "foreign_key");
    assert_eq!(code(db.customers().promotions(77).half_prices().create(NewHalfPrice::new("x")).await), "foreign_key");
    assert_eq!(db.half_prices().count(half_price::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn all_of_them_are_found_as_an_enum(at: &Database) {
    let Sale { db, ann, bob, north, tea } = sale(at).await;
    let both = [CustomerPromotion::FreeDelivery(north.clone()), CustomerPromotion::HalfPrice(tea.clone())];
    assert_eq!(db.customers().promotions(&ann).find().await.unwrap(), both);
    assert_eq!(db.customers().promotions(bob.id).find().await.unwrap(), both[1..]);
    assert_eq!(db.customers().promotions(77).find().await.unwrap(), []);
    let town = db.towns().create(NewTown { free_delivery_id: Some(north.id), name: "Tromso".into() }).await.unwrap();
    let rides = customer::promotions::free_delivery().include(free_delivery::towns());
    let found = db.customers().promotions(&ann).find().of(rides).await.unwrap();
    let [CustomerPromotion::FreeDelivery(ride), CustomerPromotion::HalfPrice(_)] = &*found else { panic!("{found:?}") };
    assert_eq!(ride.towns, [town]);
}

#[apply(on_every_database)]
async fn rows_are_included_with_what_is_wanted_of_each_model(at: &Database) {
    let Sale { db, ann, bob, north, tea } = sale(at).await;
    db.customers().create(NewCustomer::new("Cid")).await.unwrap();
    let milk = db.customers().promotions(&ann).half_prices().create(NewHalfPrice::new("milk")).await.unwrap();
    let rows = db.customers().find().order_by(customer::id());
    let milk_first = customer::promotions::half_price().order_by(half_price::product());
    let rows = rows.include(customer::promotions().of(milk_first)).await.unwrap();
    let found: Vec<_> = rows.into_iter().map(|row| row.promotions).collect();
    let [ride, tea_, milk] = [
        CustomerPromotion::FreeDelivery(north.clone()),
        CustomerPromotion::HalfPrice(tea.clone()),
        CustomerPromotion::HalfPrice(milk),
    ];
    assert_eq!(found, [vec![ride.clone(), milk.clone(), tea_.clone()], vec![tea_.clone()], vec![]]);

    // Cut for each customer and each model.
    let one = customer::promotions::half_price().order_by(half_price::product()).limit(1);
    let rows = db.customers().find().order_by(customer::id()).include(customer::promotions().of(one)).await.unwrap();
    let found: Vec<_> = rows.into_iter().map(|row| row.promotions).collect();
    assert_eq!(found, [vec![ride, milk], vec![tea_], vec![]]);

    let town = db.towns().create(NewTown { free_delivery_id: Some(north.id), name: "Oslo".into() }).await.unwrap();
    let rides = customer::promotions::free_delivery().include(free_delivery::towns());
    let none = customer::promotions::half_price().filter(half_price::product().eq("none"));
    let row = db.customers().get(ann.id).include(customer::promotions().of(rides).of(none)).await.unwrap();
    let [CustomerPromotion::FreeDelivery(ride)] = &*row.promotions else { panic!("{:?}", row.promotions) };
    assert_eq!(ride.towns, [town]);
    assert_eq!(links(&db, &bob).await.len(), 1);
}

#[apply(on_every_database)]
async fn rows_are_chosen_by_what_they_are_linked_to(at: &Database) {
    let Sale { db, ann, bob, .. } = sale(at).await;
    let cid = db.customers().create(NewCustomer::new("Cid")).await.unwrap();
    let north = || free_delivery::region().eq("north");
    for (condition, expected) in [
        (customer::promotions::half_price().any(half_price::product().eq("tea")), vec![ann.id, bob.id]),
        (customer::promotions::free_delivery().any(north()), vec![ann.id]),
        (customer::promotions::free_delivery().none(north()), vec![bob.id, cid.id]),
        (customer::promotions::free_delivery().all(free_delivery::region().eq("south")), vec![bob.id, cid.id]),
        (customer::promotions::half_price().none(half_price::all()), vec![cid.id]),
    ] {
        let found = db.customers().find().filter(condition).order_by(customer::id()).await.unwrap();
        assert_eq!(found.into_iter().map(|customer| customer.id).collect::<Vec<_>>(), expected);
    }
    db.towns().create(NewTown { free_delivery_id: Some(1), name: "Oslo".into() }).await.unwrap();
    let of_town = free_delivery::towns().any(town::name().eq("Oslo"));
    assert_eq!(db.customers().count(customer::promotions::free_delivery().any(of_town)).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn only_links_to_the_model_are_set_and_removed(at: &Database) {
    let Sale { db, ann, bob, north, tea } = sale(at).await;
    let of_ann = db.customers().promotions(&ann);
    let milk = db.half_prices().create(NewHalfPrice::new("milk")).await.unwrap();
    of_ann.half_prices().set([&milk]).await.unwrap();
    assert_eq!(of_ann.half_prices().find().await.unwrap(), [milk.clone()]);
    assert_eq!(of_ann.free_rides().find().await.unwrap(), [north.clone()]);
    // The number is that of another model's row.
    of_ann.half_prices().unlink(north.id).await.unwrap();
    assert_eq!(of_ann.find().await.unwrap().len(), 2);
    assert_eq!(of_ann.half_prices().unlink_all().await.unwrap(), 1);
    assert_eq!(of_ann.find().await.unwrap(), [CustomerPromotion::FreeDelivery(north)]);
    let dearer = HalfPricePatch { product: Some("green tea".into()) };
    assert_eq!(of_ann.half_prices().patch(half_price::all(), dearer.clone()).await.unwrap(), 0);
    let of_bob = db.customers().promotions(&bob);
    assert_eq!(of_bob.half_prices().patch(half_price::all(), dearer).await.unwrap(), 1);
    assert_eq!(db.half_prices().get(tea.id).await.unwrap().product, "green tea");
}

#[apply(on_every_database)]
async fn delete_takes_what_is_linked_with_its_links(at: &Database) {
    let Sale { db, ann, bob, north, tea } = sale(at).await;
    let of_ann = db.customers().promotions(&ann);
    let milk = db.half_prices().create(NewHalfPrice::new("milk")).await.unwrap();
    db.customers().promotions(&bob).half_prices().link(&milk).await.unwrap();
    // Bob's link to the tea goes with it, the milk is not Ann's.
    assert_eq!(of_ann.delete().await.unwrap(), 2);
    assert_eq!((links(&db, &ann).await, links(&db, &bob).await), (vec![], vec![("HalfPrice".to_owned(), milk.id)]));
    assert_eq!(db.half_prices().find().await.unwrap(), [milk]);
    assert_eq!(db.free_rides().count(free_delivery::all()).await.unwrap(), 0);
    assert_eq!(of_ann.delete().await.unwrap(), 0);
    assert_eq!(db.half_prices().find_by_id(tea.id).await.unwrap(), None);
    // A link that leads to no row any more says nothing.
    let stray = NewCustomerPromotionLink::new(ann.id, north.id, "FreeDelivery");
    db.customer_promotion_links().create(stray).await.unwrap();
    assert_eq!(of_ann.find().await.unwrap(), []);
}

#[apply(on_every_database)]
async fn a_transaction_takes_back_what_was_deleted_of_every_model(at: &Database) {
    let Sale { db, ann, .. } = sale(at).await;
    let failed = db
        .transaction(async |tx| {
            assert_eq!(tx.customers().promotions(&ann).delete().await?, 2);
            tx.customers().get(99).await.map(drop)
        })
        .await;
    assert_eq!(code(failed), "not_found");
    assert_eq!(db.customers().promotions(&ann).find().await.unwrap().len(), 2);
}

#[apply(on_every_database)]
async fn a_link_with_a_name_of_no_target_leads_nowhere(at: &Database) {
    let Ok(mut other) = at.intruder().await else { return };
    let Sale { db, ann, bob, north, .. } = sale(at).await;
    let unknown = NewCustomerPromotionLink::new(ann.id, 1, "Coupon");
    let refused = failures(db.customer_promotion_links().create(unknown).await);
    assert_eq!(refused, ["promotionType names none of FreeDelivery, HalfPrice"]);
    let renamed = "UPDATE customer_promotion_links SET promotion_type = 'Coupon' WHERE promotion_type = 'HalfPrice'";
    other.run(renamed).await.unwrap();
    assert_eq!(db.customers().promotions(&bob).find().await.unwrap(), []);
    let rows = db.customers().find().order_by(customer::id()).include(customer::promotions()).await.unwrap();
    let found: Vec<_> = rows.into_iter().map(|row| row.promotions).collect();
    assert_eq!(found, [vec![CustomerPromotion::FreeDelivery(north)], vec![]]);
    assert_eq!(db.customers().promotions(&bob).half_prices().unlink_all().await.unwrap(), 0);
    assert_eq!(links(&db, &bob).await.len(), 1);
}

#[apply(on_every_database)]
async fn rows_that_a_resolver_answers_have_theirs(at: &Database) {
    let named = |id| Customer { id, name: "resolved".into() };
    let resolver = move |ids: Vec<i64>| {
        let rows = ids.into_iter().map(|id| (id, named(id))).collect();
        std::future::ready(Ok(rows))
    };
    let db: Db = at.open_with(|builder| builder.resolver(customer_promotion_link::customer(), resolver)).await.unwrap();
    let ann = db.customers().create(NewCustomer::new("Ann")).await.unwrap();
    let bob = db.customers().create(NewCustomer::new("Bob")).await.unwrap();
    let tea = db.customers().promotions(&ann).half_prices().create(NewHalfPrice::new("tea")).await.unwrap();
    let north = db.customers().promotions(&bob).free_rides().create(NewFreeDelivery::new("north")).await.unwrap();
    db.customers().promotions(&bob).half_prices().link(&tea).await.unwrap();
    let with_theirs = customer_promotion_link::customer().include(customer::promotions());
    let links = db.customer_promotion_links().find().order_by(customer_promotion_link::id()).include(with_theirs);
    let found: Vec<_> = links.await.unwrap().into_iter().map(|link| link.customer.promotions).collect();
    let [north, tea] = [CustomerPromotion::FreeDelivery(north), CustomerPromotion::HalfPrice(tea)];
    assert_eq!(found, [vec![tea.clone()], vec![north.clone(), tea.clone()], vec![north, tea]]);
}

#[apply(on_every_database)]
async fn one_row_of_any_model_is_linked_at_most(at: &Database) {
    let Sale { db, ann, bob, north, tea } = sale(at).await;
    let because = || customer::FavouriteLink::new("it is warm");
    let of_ann = db.customers().favourite(&ann);
    assert_eq!(of_ann.get().await.unwrap(), None);
    let link = of_ann.half_price().link_with(&tea, because()).await.unwrap();
    assert_eq!((link.favourite_type.as_deref(), link.favourite_id), (Some("HalfPrice"), Some(tea.id)));
    assert_eq!(of_ann.get().await.unwrap(), Some(CustomerFavourite::HalfPrice(tea.clone())));
    assert_eq!(of_ann.half_price().get().await.unwrap(), Some(tea.clone()));
    assert_eq!(of_ann.free_delivery().get().await.unwrap(), None);
    assert_eq!(code(of_ann.free_delivery().link_with(&north, because()).await), "conflict");
    let south = db.customers().favourite(&bob).free_delivery().create_with(NewFreeDelivery::new("south"), because());
    let south = south.await.unwrap();
    let rows = db.customers().find().order_by(customer::id()).include(customer::favourite()).await.unwrap();
    let found: Vec<_> = rows.into_iter().map(|row| row.favourite).collect();
    assert_eq!(found, [Some(CustomerFavourite::HalfPrice(tea)), Some(CustomerFavourite::FreeDelivery(south))]);
    let by_ride = customer::favourite::free_delivery().matches(free_delivery::region().eq("south"));
    assert_eq!(db.customers().find().filter(by_ride).one().await.unwrap().id, bob.id);
    assert_eq!(of_ann.free_delivery().delete().await.unwrap(), 0);
    assert_eq!(of_ann.delete().await.unwrap(), 1);
    assert_eq!(db.favourites().count(favourite::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn rows_of_one_of_the_models_come_with_their_links(at: &Database) {
    let Sale { db, ann, bob, north, tea } = sale(at).await;
    let again = customer::PromotionLink { note: Some("again".into()) };
    db.customers().promotions(&ann).half_prices().link_with(&tea, again).await.unwrap();
    let notes = || {
        let links = customer::promotions::half_price().with_link();
        links.order_by_link(customer_promotion_link::id().desc())
    };
    let said = |found: &[CustomerPromotion<FreeDelivery, Linked<HalfPrice, CustomerPromotionLink>>]| -> Vec<_> {
        let note = |promotion: &CustomerPromotion<_, Linked<HalfPrice, CustomerPromotionLink>>| match promotion {
            CustomerPromotion::HalfPrice(half) => Some((half.product.clone(), half.link.note.clone())),
            CustomerPromotion::FreeDelivery(_) => None,
        };
        found.iter().map(note).collect()
    };
    let plain = Some(("tea".to_owned(), None));
    let of_ann = [None, Some(("tea".to_owned(), Some("again".to_owned()))), plain.clone()];
    let rows = db.customers().find().order_by(customer::id()).include(customer::promotions().of(notes()));
    let rows = rows.await.unwrap();
    assert_eq!(rows.iter().map(|row| said(&row.promotions)).collect::<Vec<_>>(), [of_ann.to_vec(), vec![plain]]);
    assert_eq!(said(&db.customers().promotions(&ann).find().of(notes()).await.unwrap()), of_ann);

    let halves = db.customers().promotions(&ann).half_prices().with_link();
    let halves = halves.order_by_link(customer_promotion_link::id()).await.unwrap();
    assert_eq!(halves.iter().map(|half| half.link.note.as_deref()).collect::<Vec<_>>(), [None, Some("again")]);
    assert_eq!(db.customers().promotions(&bob).free_rides().with_link().await.unwrap(), []);

    let because = customer::FavouriteLink::new("it is near");
    db.customers().favourite(&bob).free_delivery().link_with(&north, because).await.unwrap();
    let ride = || customer::favourite::free_delivery().with_link();
    let row = db.customers().get(bob.id).include(customer::favourite().of(ride())).await.unwrap();
    let Some(CustomerFavourite::FreeDelivery(found)) = &row.favourite else { panic!("{:?}", row.favourite) };
    assert_eq!((&found.row, found.link.reason.as_str()), (&north, "it is near"));
    let found = db.customers().favourite(&bob).get().of(ride()).await.unwrap();
    assert!(matches!(found, Some(CustomerFavourite::FreeDelivery(found)) if found.link.reason == "it is near"));
    let found = db.customers().favourite(&bob).free_delivery().with_link().await.unwrap();
    assert_eq!(found.map(|found| found.row), Some(north));
    assert_eq!(db.customers().favourite(&ann).half_price().with_link().await.unwrap(), None);
}
