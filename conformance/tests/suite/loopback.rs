//! The examples of `LoopBack`'s documentation of relations, each with the schema that it comes to here.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::{
    column_name, custom_key, custom_key_to, default_keys, has_one, key_to_property, on_every_database, on_no_database,
    on_shared_databases, self_relation, shop,
};

use crate::support::code;

#[apply(on_every_database)]
async fn names_and_keys_follow_from_the_models(at: &Database) {
    use default_keys::{Db, NewCustomer, NewOrder, customer, order};

    let db: Db = at.open().await.unwrap();
    db.customers().create(NewCustomer { name: Some("Thor".into()), ..NewCustomer::new(1) }).await.unwrap();
    let made = db.customers().orders(1).create(customer::NewOrder::new(7)).await.unwrap();
    assert_eq!(made.customer_id, Some(1));
    db.orders().create(NewOrder::new(8)).await.unwrap();

    let customer = db.customers().get(1).include(customer::orders()).await.unwrap();
    assert_eq!(customer.orders, [made]);
    let orders = db.orders().find().order_by(order::id()).include(order::customer()).await.unwrap();
    assert_eq!(orders[0].customer.as_ref().unwrap().name.as_deref(), Some("Thor"));
    assert_eq!(orders[1].customer, None);
}

#[apply(on_every_database)]
async fn a_key_in_snake_case_has_a_relation_with_a_name_of_its_own(at: &Database) {
    use custom_key::{Db, NewCustomer, customer, order};

    let db: Db = at.open().await.unwrap();
    db.customers().create(NewCustomer::new(1)).await.unwrap();
    let made = db.customers().orders(1).create(customer::NewOrder::new(7)).await.unwrap();
    assert_eq!(made.customer_id, Some(1));
    assert_eq!(db.orders().customer(7).await.unwrap().unwrap().id, 1);
    let orders = db.orders().find().filter(order::customer_id().eq(1)).include(order::customer()).await.unwrap();
    let json = serde_json::to_value(&orders).unwrap();
    assert_eq!(json[0]["customer_id"], 1);
    assert_eq!(json[0]["customer"]["id"], 1);
}

#[apply(on_shared_databases)]
async fn a_key_is_stored_under_its_own_column_name(at: &Database) {
    use column_name::{Db, NewCustomer, customer, order};

    let db: Db = at.open().await.unwrap();
    db.customers().create(NewCustomer::new(1)).await.unwrap();
    db.customers().orders(1).create(customer::NewOrder::new(7)).await.unwrap();
    assert_eq!(db.orders().find().filter(order::customer_id().eq(1)).count().await.unwrap(), 1);
    let customer = db.customers().get(1).include(customer::orders()).await.unwrap();
    assert_eq!(customer.orders[0].customer_id, Some(1));

    let key = at.intruder().await.unwrap().text("SELECT my_customer_id FROM orders").await.unwrap();
    assert_eq!(key.as_deref(), Some("1"));
}

#[apply(on_every_database)]
async fn a_key_points_at_a_unique_property_other_than_the_id(at: &Database) {
    use key_to_property::{Db, NewCustomer, NewOrder, customer, order};

    let db: Db = at.open().await.unwrap();
    let thor = db.customers().create(NewCustomer::new(1, "thor@asgard")).await.unwrap();
    let made = db.customers().orders("thor@asgard").create(customer::NewOrder::new(7)).await.unwrap();
    assert_eq!(made.customer_email.as_deref(), Some("thor@asgard"));
    assert_eq!(db.customers().orders(&thor).find().await.unwrap(), [made.clone()]);
    assert_eq!(db.orders().customer(&made).await.unwrap(), Some(thor.clone()));
    assert_eq!(db.orders().get(7).include(order::customer()).await.unwrap().customer, Some(thor));
    assert_eq!(db.customers().get(1).include(customer::orders()).await.unwrap().orders, [made]);

    let lost = NewOrder { customer_email: Some("loki@asgard".into()), ..NewOrder::new(8) };
    assert_eq!(code(db.orders().create(lost).await), "foreign_key");
}

#[apply(on_every_database)]
async fn parent_and_children_are_of_one_model(at: &Database) {
    use self_relation::{Db, NewCategory, category};

    let db: Db = at.open().await.unwrap();
    let root = db.categories().create(NewCategory::new("root")).await.unwrap();
    let make = |name| category::NewCategory::new(name);
    let leaf = db.categories().categories(&root).create(make("leaf")).await.unwrap();
    db.categories().categories(&leaf).create(make("bud")).await.unwrap();

    let tree = db
        .categories()
        .get(root.id)
        .include(category::parent())
        .include(category::categories().include(category::categories().include(category::parent())))
        .await
        .unwrap();
    assert_eq!(tree.parent, None);
    assert_eq!(tree.categories[0].name, "leaf");
    assert_eq!(tree.categories[0].categories[0].name, "bud");
    assert_eq!(tree.categories[0].categories[0].parent, Some(leaf.clone()));
    assert_eq!(db.categories().parent(&leaf).await.unwrap(), Some(root.clone()));
    assert_eq!(db.categories().parent(&root).await.unwrap(), None);
    assert_eq!(code(db.categories().delete_by_id(root.id).await), "foreign_key");
}

#[apply(on_every_database)]
async fn a_one_sided_has_many_names_its_key_and_makes_the_constraint(at: &Database) {
    use custom_key_to::{Db, NewCustomer, NewOrder, customer};

    let db: Db = at.open().await.unwrap();
    db.customers().create(NewCustomer::new(1, "Thor")).await.unwrap();
    let made = db.customers().orders(1).create(customer::NewOrder::new(7, "hammer")).await.unwrap();
    assert_eq!(made.cust_id, Some(1));
    assert_eq!(db.customers().get(1).include(customer::orders()).await.unwrap().orders, [made]);
    let lost = NewOrder { cust_id: Some(2), ..NewOrder::new(8, "axe") };
    assert_eq!(code(db.orders().create(lost).await), "foreign_key");
}

#[apply(on_every_database)]
async fn a_supplier_has_one_account(at: &Database) {
    use has_one::{Db, NewSupplier, account, supplier};

    let db: Db = at.open().await.unwrap();
    let acme = db.suppliers().create(NewSupplier::new("Acme")).await.unwrap();
    assert_eq!(db.suppliers().account(&acme).get().await.unwrap(), None);
    let new = supplier::NewAccount { account_manager: Some("Odin".into()) };
    let made = db.suppliers().account(&acme).create(new.clone()).await.unwrap();
    assert_eq!(db.suppliers().account(&acme).get().await.unwrap(), Some(made.clone()));
    assert_eq!(db.suppliers().get(acme.id).include(supplier::account()).await.unwrap().account, Some(made.clone()));
    assert_eq!(code(db.suppliers().account(&acme).create(new).await), "conflict");
    assert_eq!(db.accounts().get(made.id).include(account::supplier()).await.unwrap().supplier, Some(acme));
}

#[apply(on_no_database)]
fn data_that_carries_a_relation_is_refused() {
    use shop::{CustomerPatch, NewCustomer, NewOrder, OrderPatch, customer};

    let refused = |result: Result<(), serde_json::Error>| result.unwrap_err().to_string();
    let new = r#"{"name": "Thor", "email": "t@a", "orders": []}"#;
    assert!(refused(serde_json::from_str::<NewCustomer>(new).map(drop)).contains("`orders` is a relation"));
    let patch = r#"{"orders": [{"id": 1}]}"#;
    assert!(refused(serde_json::from_str::<CustomerPatch>(patch).map(drop)).contains("`orders` is a relation"));
    let new = r#"{"customerId": 1, "description": "d", "quantity": 1, "customer": null}"#;
    assert!(refused(serde_json::from_str::<NewOrder>(new).map(drop)).contains("`customer` is a relation"));
    assert!(refused(serde_json::from_str::<OrderPatch>(r#"{"customer": {}}"#).map(drop)).contains("`customer`"));
    let constrained = r#"{"customerId": 1, "description": "d", "quantity": 1}"#;
    let said = refused(serde_json::from_str::<customer::NewOrder>(constrained).map(drop));
    assert!(said.contains("`customerId` cannot be set here"), "{said}");
    let unknown = refused(serde_json::from_str::<NewCustomer>(r#"{"nmae": "Thor"}"#).map(drop));
    assert!(unknown.contains("`name`") && !unknown.contains("nmae"), "{unknown}");
}
