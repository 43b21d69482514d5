//! Random rows, conditions and includes: the database answers what a plain interpreter answers.

mod alike;
mod condition;
mod data;
mod falling;
mod filters;
mod include;
mod oracle;
mod outside;
mod softly;
mod within;

use macro_rules_attribute::apply;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseResult, TestError, TestRunner};
use relata_conformance::database::{Database, Place};
use relata_conformance::embeds::person;
use relata_conformance::on_every_database;
use relata_conformance::shop::{customer, order, order_item};

use condition::{on_customer, on_item, on_order};
use data::{Data, data};
use include::{customer_query, order_query};
use within::{holders, on_person};

/// Expects the property to hold for random values, for as many as the database is quick with.
pub(crate) fn holds<S: Strategy>(at: &Database, values: &S, property: impl AsyncFn(S::Value) -> TestCaseResult) {
    let cases = if at.place() == Place::SqliteMemory { 200 } else { 20 };
    let config =
        ProptestConfig { cases, failure_persistence: None, max_shrink_time: 60_000, ..ProptestConfig::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    match TestRunner::new(config).run(values, |value| runtime.block_on(property(value))) {
        Ok(()) => {}
        Err(TestError::Fail(why, value)) => panic!("{why}\nfor {value:?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

#[apply(on_every_database)]
fn conditions_choose_the_rows_that_the_interpreter_chooses(at: &Database) {
    let customers = prop::collection::vec(on_customer(2), 8);
    let orders = prop::collection::vec(on_order(2), 4);
    let items = prop::collection::vec(on_item(2), 4);
    holds(at, &(data(), customers, orders, items), async |(data, customers, orders, items)| {
        let db = data.store(at).await;
        for condition in customers {
            let found = db.customers().find().filter(condition.to_condition()).order_by(customer::id()).await.unwrap();
            let expected: Vec<_> = data.customers_where(&condition).map(|row| row.id).collect();
            prop_assert_eq!(&found.iter().map(|row| row.id).collect::<Vec<_>>(), &expected, "{:?}", condition);
            let count = db.customers().count(condition.to_condition()).await.unwrap();
            prop_assert_eq!(count, expected.len() as u64);
        }
        for condition in orders {
            let found = db.orders().find().filter(condition.to_condition()).order_by(order::id()).await.unwrap();
            let expected: Vec<_> = data.orders_where(&condition).map(|row| row.id).collect();
            prop_assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), expected, "{:?}", condition);
        }
        for condition in items {
            let order = (order_item::order_id(), order_item::line_no());
            let found = db.order_items().find().filter(condition.to_condition()).order_by(order).await.unwrap();
            let found: Vec<_> = found.iter().map(|row| (row.order_id, row.line_no)).collect();
            let expected: Vec<_> = data.items_where(&condition).map(|row| (row.order_id, row.line_no)).collect();
            prop_assert_eq!(found, expected, "{:?}", condition);
        }
        Ok(())
    });
}

#[apply(on_every_database)]
fn conditions_on_what_lies_within_choose_what_the_interpreter_chooses(at: &Database) {
    let conditions = prop::collection::vec(on_person(), 12);
    holds(at, &(holders(), conditions), async |(holders, conditions)| {
        let db = within::store(at, &holders).await;
        for condition in conditions {
            let found = db.people().find().filter(condition.to_condition()).order_by(person::id()).await.unwrap();
            let expected = (1_i64..).zip(&holders).filter(|(_, holder)| is_true(condition.of(holder)));
            let expected: Vec<_> = expected.map(|(id, _)| id).collect();
            prop_assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), expected, "{:?}", condition);
        }
        Ok(())
    });
}

#[apply(on_every_database)]
fn constrained_conditions_choose_among_the_rows_of_the_source(at: &Database) {
    holds(at, &(data(), on_order(1), 1_i64..6), async |(data, condition, source)| {
        let db = data.store(at).await;
        let found = db.customers().orders(source).find().filter(condition.to_condition()).order_by(order::id());
        let found: Vec<_> = found.await.unwrap().iter().map(|row| row.id).collect();
        let expected = data.orders_where(&condition).filter(|row| row.customer_id == source).map(|row| row.id);
        prop_assert_eq!(found, expected.collect::<Vec<_>>());
        let deleted = db.transaction(async |tx| {
            tx.order_items().delete_where(order_item::all()).await?;
            tx.customers().orders(source).delete(condition.to_condition()).await
        });
        // How many go is asked after the items went, and may differ; whose they are may not.
        let deleted = deleted.await.unwrap();
        let left = db.orders().find().await.unwrap();
        prop_assert_eq!(left.len() as u64 + deleted, data.orders.len() as u64);
        let theirs = |id: i64| data.orders.iter().filter(|row| row.customer_id != source && row.id == id).count();
        let untouched = left.iter().map(|row| theirs(row.id)).sum::<usize>();
        prop_assert_eq!(untouched, data.orders.iter().filter(|row| row.customer_id != source).count());
        Ok(())
    });
}

#[apply(on_every_database)]
fn includes_give_each_parent_its_rows(at: &Database) {
    holds(at, &(data(), customer_query(), order_query()), async |(data, customers, orders)| {
        let db = data.store(at).await;
        prop_assert_eq!(customers.ask(&db).await, customers.interpret(&data), "{:?}", customers);
        prop_assert_eq!(orders.ask(&db).await, orders.interpret(&data), "{:?}", orders);
        Ok(())
    });
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
