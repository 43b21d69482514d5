//! How many statements a read sends, as the server sees it: one, and one for each relation and level, whatever the number
//! of rows; none for what is counted, and none for what cannot be there.

use macro_rules_attribute::apply;
use relata::{Result, Schema};
use relata_conformance::database::{Database, Meter};
use relata_conformance::on_servers;
use relata_conformance::polymorphic::{self, comment, customer as payer, photo, post};
use relata_conformance::promotions::{self, NewFreeDelivery, NewHalfPrice, customer as buyer};
use relata_conformance::references::{self, NewTag, NewUser, tag, user};
use relata_conformance::shop::{self, customer, order, order_item};
use relata_conformance::through::{
    self, NewAccount, NewAppointment, NewPatient, NewPhysician, NewSupplier, appointment, patient, physician, supplier,
};

/// Opened through what counts its statements.
async fn metered<R: Schema>(at: &Database) -> (relata::Db<R>, Meter) {
    let meter = at.meter().unwrap();
    let db: relata::Db<R> = relata::Db::connect(meter.url()).await.unwrap();
    db.create_tables().await.unwrap();
    (db, meter)
}

/// The statements of a call that was made before: what is prepared is not prepared again.
async fn sent<T>(meter: &Meter, call: impl AsyncFn() -> Result<T>) -> usize {
    call().await.unwrap();
    meter.take();
    call().await.unwrap();
    meter.take()
}

macro_rules! sends {
    ($meter:expr, $($call:expr => $expected:expr),* $(,)?) => {
        $(assert_eq!(sent(&$meter, async || $call.await.map(drop)).await, $expected, stringify!($call));)*
    };
}

#[apply(on_servers)]
async fn of_direct_relations(at: &Database) {
    let (db, meter): (shop::Db, _) = metered(at).await;
    let customers = || db.customers().find();
    sends!(meter, customers().include(customer::orders().include(order::items())) => 1);
    for round in 0..9 {
        let items = order::items().create([order::NewItem::new(1, 1.5)]);
        let orders = customer::orders().create([(customer::NewOrder::new("an order", 1), items)]);
        let new = shop::NewCustomer::new("x", format!("{round}@x"));
        db.customers().create(new).with(orders).await.unwrap();
    }
    sends!(meter,
        customers() => 1,
        customers().include(customer::orders()) => 2,
        customers().include(customer::orders().include(order::items())) => 3,
        customers().include(customer::orders().order_by(order::id()).limit(1).include(order::items())) => 3,
        customers().include(customer::account()) => 2,
        customers().include(customer::account()).include(customer::orders()).include(customer::referrals()) => 4,
        // One row at most rides on the statement of the rows that lead to it.
        db.orders().find().include(order::customer()) => 1,
        db.order_items().find().include(order_item::order().include(order::customer())) => 1,
        db.orders().customer(1) => 1,
        db.orders().customer(1).include(customer::orders()) => 2,
        db.customers().get(1).include(customer::orders()) => 2,
        db.customers().orders(1).find().include(order::items()) => 2,
    );
    let items = || order::items().count();
    sends!(meter,
        customers().include(customer::orders().count()).include(customer::account().count()) => 1,
        customers().include(customer::orders().include(items())) => 2,
        customers().filter(customer::orders().count().gt(0)).order_by(customer::orders().count()) => 1,
        customers().filter(customer::orders().any(order::items().any(order_item::all()))) => 1,
        customers().count() => 1,
        db.customers().orders(1).count(order::all()) => 1,
    );
}

#[apply(on_servers)]
async fn of_relations_through_a_link_model(at: &Database) {
    let (db, meter): (through::Db, _) = metered(at).await;
    let physicians = || db.physicians().find();
    let patients = physician::patients;
    sends!(meter, physicians().include(patients()) => 1);
    for round in 0..9 {
        let physician = db.physicians().create(NewPhysician::new("x")).await.unwrap();
        let patient = db.patients().create(NewPatient::new("y")).await.unwrap();
        let (physician_id, patient_id) = (Some(physician.id), Some(patient.id));
        let appointment = NewAppointment { physician_id, patient_id, ..NewAppointment::new(round + 1) };
        db.appointments().create(appointment).await.unwrap();
        db.suppliers().create(NewSupplier::new(round)).await.unwrap();
        db.suppliers().account(round).create(NewAccount::new("z")).await.unwrap();
    }
    sends!(meter,
        physicians().include(patients()) => 2,
        physicians().include(patients().order_by(patient::name()).limit(1)) => 2,
        physicians().include(patients().filter_link(appointment::day().gt(1))) => 2,
        physicians().include(patients().with_link().order_by_link(appointment::day())) => 2,
        physicians().include(patients().with_link().limit(1)) => 2,
        physicians().include(patients().include(patient::physicians())) => 3,
        physicians().include(patients().with_link().include(patient::physicians().with_link())) => 3,
        physicians().include(patients().include(patient::appointments().include(appointment::patient()))) => 3,
        physicians().include(patients().count()) => 1,
        physicians().filter(patients().any(patient::all())) => 1,
        db.physicians().patients(1).find() => 1,
        db.physicians().patients(1).find().include(patient::physicians()) => 2,
        db.physicians().patients(1).count(patient::all()) => 1,
        db.suppliers().find().include(supplier::account()) => 2,
        db.suppliers().account(1).get() => 1,
    );
}

#[apply(on_servers)]
async fn of_lists_of_keys(at: &Database) {
    let (db, meter): (references::Db, _) = metered(at).await;
    let users = || db.users().find();
    let ann = db.users().create(NewUser::new("Ann")).await.unwrap();
    // Nothing is listed, and nothing asked for.
    sends!(meter, users().include(user::tags()) => 1, db.users().tags(ann.id) => 1);
    let tags = db.tags().create_many(["a", "b", "c"].map(NewTag::new)).await.unwrap();
    for n in 0..9 {
        let tag_ids = Some(tags[n % 3..].iter().map(|tag| tag.id).collect());
        let slugs = Some(vec![tags[0].slug.clone()]);
        db.users().create(NewUser { tag_ids, slugs, ..NewUser::new("x") }).await.unwrap();
    }
    sends!(meter,
        users().include(user::tags()) => 2,
        users().include(user::tags().order_by(tag::slug()).limit(1).offset(1)) => 2,
        users().include(user::tags()).include(user::by_slug()) => 3,
        users().include(user::tags().include(tag::notes())) => 3,
        users().include(user::tags().count()) => 1,
        users().filter(user::tags().any(tag::all())) => 1,
        db.users().tags(ann.id + 1) => 2,
        db.users().tags(ann.id + 1).find().include(tag::notes()) => 3,
    );
}

#[apply(on_servers)]
async fn of_relations_to_several_models(at: &Database) {
    let (db, meter): (polymorphic::Db, _) = metered(at).await;
    let comments = || db.comments().find();
    for _ in 0..9 {
        let post = db.posts().create(polymorphic::NewPost::new("x")).await.unwrap();
        db.posts().comments(&post).create(post::NewComment::new("y")).await.unwrap();
    }
    sends!(meter,
        // Posts alone occur: photos and comments are not asked for.
        comments().include(comment::subject()) => 2,
        comments().filter(comment::id().lt(0)).include(comment::subject()) => 1,
        db.comments().subject(1) => 2,
    );
    let photo = db.photos().create(polymorphic::NewPhoto::new()).await.unwrap();
    let on_photo = db.photos().comments(&photo).create(photo::NewComment::new("z")).await.unwrap();
    sends!(meter, comments().include(comment::subject()) => 3);
    db.comments().replies(&on_photo).create(comment::NewReply::new("no")).await.unwrap();
    let with_author = || comment::subject().of(comment::subject::post().include(post::author()));
    let with_comments = || comment::subject().of(comment::subject::post().include(post::comments()));
    sends!(meter,
        comments().include(comment::subject()) => 4,
        comments().include(with_author()) => 4,
        comments().include(with_comments()) => 5,
        comments().filter(comment::subject::post().matches(post::all())) => 1,
        db.posts().find().include(post::comments()) => 2,
        db.posts().find().include(post::comments().include(comment::subject())) => 3,
        db.posts().find().include(post::comments().count()).include(post::cover()) => 2,
    );

    // The source says which model it is.
    for n in 0..9 {
        let payer = db.customers().create(polymorphic::NewCustomer::new("x")).await.unwrap();
        let card = payer::NewPaymentMethodCreditCard::new(n.to_string());
        db.customers().payment_method(&payer).credit_card().create(card).await.unwrap();
    }
    sends!(meter, db.customers().find().include(payer::payment_method()) => 2, db.customers().payment_method(1).get() => 2);
    let payer = db.customers().create(polymorphic::NewCustomer::new("y")).await.unwrap();
    let coins = payer::NewPaymentMethodCash::new();
    db.customers().payment_method(&payer).cash().create(coins).await.unwrap();
    sends!(meter, db.customers().find().include(payer::payment_method()) => 3);
}

/// The links say which model each leads to, and they are read with it: each model is asked for.
#[apply(on_servers)]
async fn of_relations_to_several_models_through_a_link_model(at: &Database) {
    let (db, meter): (promotions::Db, _) = metered(at).await;
    let customers = || db.customers().find();
    sends!(meter, customers().include(buyer::promotions()) => 1);
    for _ in 0..9 {
        let buyer = db.customers().create(promotions::NewCustomer::new("x")).await.unwrap();
        db.customers().promotions(&buyer).half_prices().create(NewHalfPrice::new("tea")).await.unwrap();
        db.customers().promotions(&buyer).free_rides().create(NewFreeDelivery::new("north")).await.unwrap();
    }
    sends!(meter,
        customers().include(buyer::promotions()) => 3,
        customers().include(buyer::promotions()).include(buyer::favourite()) => 5,
        customers().include(buyer::promotions().of(buyer::promotions::half_price().limit(1))) => 3,
        db.customers().promotions(1).half_prices().find() => 1,
    );
}
