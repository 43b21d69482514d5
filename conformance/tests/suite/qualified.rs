//! Tables of one name in several schemas of the database, or what stands for schemas there.

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::qualified::{ClerkPatch, Db, NewClerk, NewCustomer, NewVisit, clerk, customer, visit};

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

#[apply(on_every_database)]
async fn rows_of_one_name_are_told_apart(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.create_tables().await.unwrap();
    let ann = db.customers().create(NewCustomer::new("Ann")).await.unwrap();
    let clerks = db.clerks().create_many(["Ann", "Bob"].map(NewClerk::new)).await.unwrap();
    let under = ClerkPatch { boss_id: Some(Some(clerks[0].id)), ..ClerkPatch::default() };
    assert_eq!(db.clerks().patch_where(clerk::name().eq("Bob"), under).await.unwrap(), 1);
    for (on, clerk) in [("2024-01-01", Some(clerks[1].id)), ("2024-01-02", Some(clerks[1].id)), ("2024-01-03", None)] {
        let new = NewVisit { clerk_id: clerk, ..NewVisit::new(day(on), ann.id) };
        db.visits().create(new).await.unwrap();
    }

    let last = customer::visits().order_by(visit::on().desc()).limit(2).include(visit::clerk().include(clerk::boss()));
    let row = db.customers().get(ann.id).include(last).await.unwrap();
    assert_eq!(row.visits[0].clerk, None);
    assert_eq!(row.visits[1].clerk.as_ref().unwrap().boss, Some(clerks[0].clone()));
    let bosses = clerk::team().any(clerk::visits().any(visit::customer().matches(customer::name().eq("Ann"))));
    assert_eq!(db.clerks().find().filter(bosses).one().await.unwrap().name, "Ann");
    assert_eq!(db.visits().clerk(1).await.unwrap().unwrap().name, "Bob");

    let taken = db.clerks().create(NewClerk::new("Ann")).await.unwrap_err();
    assert!(matches!(&taken, Error::Conflict { model: "Clerk", key } if key == "name is taken"), "{taken:?}");
    let held = db.customers().delete_by_id(ann.id).await.unwrap_err();
    assert!(matches!(&held, Error::ForeignKey { model: "Visit", relation } if relation == "customer"), "{held:?}");
    assert_eq!(db.clerks().delete_where(clerk::all()).await.unwrap(), 2);
    assert_eq!(db.visits().count(visit::clerk_id().is_null()).await.unwrap(), 3);
}
