//! Random rows, conditions and includes: the database answers what a plain interpreter answers.

mod condition;
mod data;
mod include;

use proptest::prelude::*;
use relata_conformance::shop::{customer, order, order_item};

use condition::{on_customer, on_item, on_order};
use data::{Data, data};
use include::{customer_query, order_query};

/// A fixed number of cases, so that each run costs the same.
fn config() -> ProptestConfig {
    ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn conditions_choose_the_rows_that_the_interpreter_chooses(
        data in data(),
        customers in prop::collection::vec(on_customer(2), 8),
        orders in prop::collection::vec(on_order(2), 4),
        items in prop::collection::vec(on_item(2), 4),
    ) {
        let db = data.store();
        for condition in customers {
            let found = db.customers().find().filter(condition.to_condition()).order_by(customer::id()).wait().unwrap();
            let expected: Vec<_> = data.customers_where(&condition).map(|row| row.id).collect();
            prop_assert_eq!(&found.iter().map(|row| row.id).collect::<Vec<_>>(), &expected, "{:?}", condition);
            let count = db.customers().count(condition.to_condition()).wait().unwrap();
            prop_assert_eq!(count, expected.len() as u64);
        }
        for condition in orders {
            let found = db.orders().find().filter(condition.to_condition()).order_by(order::id()).wait().unwrap();
            let expected: Vec<_> = data.orders_where(&condition).map(|row| row.id).collect();
            prop_assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), expected, "{:?}", condition);
        }
        for condition in items {
            let order = (order_item::order_id(), order_item::line_no());
            let found = db.order_items().find().filter(condition.to_condition()).order_by(order).wait().unwrap();
            let expected: Vec<_> = data.items_where(&condition).map(|row| (row.order_id, row.line_no)).collect();
            prop_assert_eq!(
                found.iter().map(|row| (row.order_id, row.line_no)).collect::<Vec<_>>(), expected, "{:?}", condition
            );
        }
    }

    #[test]
    fn constrained_conditions_choose_among_the_rows_of_the_source(
        data in data(),
        condition in on_order(1),
        source in 1_i64..6,
    ) {
        let db = data.store();
        let found = db.customers().orders(source).find().filter(condition.to_condition()).order_by(order::id());
        let expected: Vec<_> = data.orders_where(&condition).filter(|row| row.customer_id == source).collect();
        prop_assert_eq!(found.wait().unwrap().iter().map(|row| row.id).collect::<Vec<_>>(),
            expected.iter().map(|row| row.id).collect::<Vec<_>>());
        let deleted = db.transaction(async |tx| {
            tx.order_items().delete_where(order_item::all()).await?;
            tx.customers().orders(source).delete(condition.to_condition()).await
        });
        // How many go is asked after the items went, and may differ; whose they are may not.
        let deleted = deleted.wait().unwrap();
        let left = db.orders().find().wait().unwrap();
        prop_assert_eq!(left.len() as u64 + deleted, data.orders.len() as u64);
        let theirs = |id: i64| data.orders.iter().filter(|row| row.customer_id != source && row.id == id).count();
        let untouched = left.iter().map(|row| theirs(row.id)).sum::<usize>();
        prop_assert_eq!(untouched, data.orders.iter().filter(|row| row.customer_id != source).count());
    }

    #[test]
    fn includes_give_each_parent_its_rows(data in data(), customers in customer_query(), orders in order_query()) {
        let db = data.store();
        prop_assert_eq!(customers.ask(&db), customers.interpret(&data), "{:?}", customers);
        prop_assert_eq!(orders.ask(&db), orders.interpret(&data), "{:?}", orders);
    }
}

/// The rows whose condition is true; unknown is not.
fn is_true(truth: Option<bool>) -> bool {
    truth == Some(true)
}

impl Data {
    fn customers_where<'d>(&'d self, condition: &'d condition::OnCustomer) -> impl Iterator<Item = &'d data::Customer> {
        self.customers.iter().filter(move |row| is_true(condition.of(self, row)))
    }

    fn orders_where<'d>(&'d self, condition: &'d condition::OnOrder) -> impl Iterator<Item = &'d data::Order> {
        self.orders.iter().filter(move |row| is_true(condition.of(self, row)))
    }

    fn items_where<'d>(&'d self, condition: &'d condition::OnItem) -> impl Iterator<Item = &'d data::Item> {
        self.items.iter().filter(move |row| is_true(condition.of(self, row)))
    }
}
