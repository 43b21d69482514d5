//! Random includes two levels deep, each with filter, order, limit and offset, and what they should give.

use std::cmp::Ordering;

use proptest::prelude::*;
use relata::{Condition, Many, OrderBy, Relation, Scope, Shape};
use relata_conformance::shop::{self, Db, customer, order, order_item};

use super::condition::{OnCustomer, OnItem, OnOrder, on_customer, on_item, on_order};
use super::data::{Customer, Data, Item, Order};
use super::is_true;

/// A row of the suite's data: how it is ordered and chosen.
trait Rows: Clone + 'static {
    type Model: relata::Model;
    type On: Clone + std::fmt::Debug;

    /// How the row compares by the column at that position.
    fn compare(&self, other: &Self, column: usize) -> Ordering;
    /// The order by that column.
    fn by(column: usize, descending: bool) -> OrderBy<Self::Model>;
    /// The column of the last part of the key, which tells rows of one parent apart.
    const KEY: usize;
    fn chosen(&self, on: &Self::On, data: &Data) -> bool;
    fn condition(on: &Self::On) -> Condition<Self::Model>;
}

macro_rules! rows {
    ($row:ty, $model:ty, $on:ty, key $key:literal, [$($column:literal: $field:ident = $function:expr),+]) => {
        impl Rows for $row {
            type Model = $model;
            type On = $on;

            const KEY: usize = $key;

            fn compare(&self, other: &Self, column: usize) -> Ordering {
                match column {
                    $($column => self.$field.cmp(&other.$field),)+
                    _ => unreachable!("there are no more columns"),
                }
            }

            fn by(column: usize, descending: bool) -> OrderBy<$model> {
                match (column, descending) {
                    $(($column, false) => $function.asc(), ($column, true) => $function.desc(),)+
                    _ => unreachable!("there are no more columns"),
                }
            }

            fn chosen(&self, on: &$on, data: &Data) -> bool {
                is_true(on.of(data, self))
            }

            fn condition(on: &$on) -> Condition<$model> {
                on.to_condition()
            }
        }
    };
}

rows!(Customer, shop::Customer, OnCustomer, key 0, [0: id = customer::id(), 1: city = customer::city(), 2: score = customer::score()]);
rows!(Order, shop::Order, OnOrder, key 0, [0: id = order::id(), 1: note = order::note(), 2: quantity = order::quantity()]);
rows!(Item, shop::OrderItem, OnItem, key 0, [0: line_no = order_item::line_no(), 1: sku = order_item::product_sku(), 2: order_id = order_item::order_id()]);

/// Filter, order, limit and offset.
#[derive(Debug, Clone)]
struct Cut<F> {
    filter: Option<F>,
    order: Vec<(usize, bool)>,
    limit: Option<u64>,
    offset: Option<u64>,
}

fn cut<F: std::fmt::Debug + Clone + 'static>(filter: BoxedStrategy<F>) -> BoxedStrategy<Cut<F>> {
    let order = prop::collection::vec((0..3_usize, any::<bool>()), 0..3);
    (prop::option::of(filter), order, prop::option::of(0..4_u64), prop::option::weighted(0.3, 0..3_u64))
        .prop_map(|(filter, order, limit, offset)| Cut { filter, order, limit, offset })
        .boxed()
}

impl<F: Clone> Cut<F> {
    /// The terms; a list that is not cut gets the key as the last, so that there is one right answer.
    fn terms<T: Rows<On = F>>(&self) -> impl Iterator<Item = OrderBy<T::Model>> {
        let whole = self.limit.is_none() && self.offset.is_none();
        let last = whole.then_some((T::KEY, false));
        self.order.iter().copied().chain(last).map(|(column, descending)| T::by(column, descending))
    }

    fn scope<T, R, S>(&self, mut scope: Scope<R, S, Many>) -> Scope<R, S, Many>
    where
        T: Rows<On = F>,
        R: Relation<Target = T::Model>,
        S: Shape<Model = T::Model>,
    {
        if let Some(on) = &self.filter {
            scope = scope.filter(T::condition(on));
        }
        for term in self.terms::<T>() {
            scope = scope.order_by(term);
        }
        if let Some(limit) = self.limit {
            scope = scope.limit(limit);
        }
        if let Some(offset) = self.offset {
            scope = scope.offset(offset);
        }
        scope
    }

    fn find<'a, T, S>(&self, mut find: relata::Find<'a, S>) -> relata::Find<'a, S>
    where
        T: Rows<On = F>,
        S: Shape<Model = T::Model>,
    {
        if let Some(on) = &self.filter {
            find = find.filter(T::condition(on));
        }
        for term in self.terms::<T>() {
            find = find.order_by(term);
        }
        if let Some(limit) = self.limit {
            find = find.limit(limit);
        }
        if let Some(offset) = self.offset {
            find = find.offset(offset);
        }
        find
    }

    fn of<T: Rows<On = F>>(&self, data: &Data, rows: impl Iterator<Item = T>) -> Vec<T> {
        let mut rows: Vec<T> = rows.filter(|row| self.filter.as_ref().is_none_or(|on| row.chosen(on, data))).collect();
        rows.sort_by(|a, b| {
            let by = |&(column, descending): &(usize, bool)| {
                let ordering = a.compare(b, column);
                if descending { ordering.reverse() } else { ordering }
            };
            let terms = self.order.iter().map(by).find(|ordering| ordering.is_ne());
            terms.unwrap_or_else(|| a.compare(b, T::KEY))
        });
        let offset = usize::try_from(self.offset.unwrap_or(0)).unwrap();
        let limit = usize::try_from(self.limit.unwrap_or(u64::from(u32::MAX))).unwrap();
        rows.into_iter().skip(offset).take(limit).collect()
    }
}

/// Customers with orders with items, referrals with orders, and a referrer, perhaps under a filter, with orders.
#[derive(Debug, Clone)]
pub(super) struct CustomerQuery {
    own: Cut<OnCustomer>,
    orders: Cut<OnOrder>,
    items: Cut<OnItem>,
    referrals: Cut<OnCustomer>,
    orders_of_referrals: Cut<OnOrder>,
    referrer: Option<OnCustomer>,
    orders_of_referrer: Cut<OnOrder>,
}

/// What a customer query gives, by ids: orders with line numbers, referrals with orders, referrer with orders.
type CustomerRow = (i64, Vec<(i64, Vec<i64>)>, Vec<(i64, Vec<i64>)>, Option<(i64, Vec<i64>)>);

pub(super) fn customer_query() -> impl Strategy<Value = CustomerQuery> {
    let orders = || cut(on_order(1));
    let parts = (
        cut(on_customer(1)),
        orders(),
        cut(on_item(1)),
        cut(on_customer(1)),
        orders(),
        prop::option::of(on_customer(1)),
        orders(),
    );
    parts.prop_map(|(own, orders, items, referrals, orders_of_referrals, referrer, orders_of_referrer)| CustomerQuery {
        own,
        orders,
        items,
        referrals,
        orders_of_referrals,
        referrer,
        orders_of_referrer,
    })
}

fn ids(rows: &[shop::Order]) -> Vec<i64> {
    rows.iter().map(|row| row.id).collect()
}

impl CustomerQuery {
    pub(super) async fn ask(&self, db: &Db) -> Vec<CustomerRow> {
        let orders = self.orders.scope::<Order, _, _>(customer::orders());
        let items = self.items.scope::<Item, _, _>(order::items());
        let referrals = self.referrals.scope::<Customer, _, _>(customer::referrals());
        let theirs = self.orders_of_referrals.scope::<Order, _, _>(customer::orders());
        let referrer = match &self.referrer {
            Some(on) => customer::referrer().filter(on.to_condition()),
            None => customer::referrer(),
        };
        let of_referrer = self.orders_of_referrer.scope::<Order, _, _>(customer::orders());
        let find = db
            .customers()
            .find()
            .include(referrer.include(of_referrer))
            .include(orders.include(items))
            .include(referrals.include(theirs));
        let rows = self.own.find::<Customer, _>(find).await.unwrap();
        rows.iter()
            .map(|row| {
                let orders = row.orders.iter();
                let orders = orders.map(|row| (row.id, row.items.iter().map(|item| item.line_no).collect()));
                let referrals = row.referrals.iter().map(|row| (row.id, ids(&row.orders)));
                let referrer = row.referrer.as_ref().map(|row| (row.id, ids(&row.orders)));
                (row.id, orders.collect(), referrals.collect(), referrer)
            })
            .collect()
    }

    pub(super) fn interpret(&self, data: &Data) -> Vec<CustomerRow> {
        let orders = |cut: &Cut<OnOrder>, owner: i64| {
            cut.of(data, data.orders.iter().filter(|order| order.customer_id == owner).cloned())
        };
        let of = |cut: &Cut<OnOrder>, owner: i64| orders(cut, owner).iter().map(|order| order.id).collect::<Vec<_>>();
        let items = |order: i64| {
            let items = self.items.of(data, data.items.iter().filter(|item| item.order_id == order).cloned());
            items.iter().map(|item| item.line_no).collect::<Vec<_>>()
        };
        self.own
            .of(data, data.customers.iter().cloned())
            .iter()
            .map(|row| {
                let with_items = orders(&self.orders, row.id).iter().map(|order| (order.id, items(order.id))).collect();
                let referrals = data.customers.iter().filter(|other| other.referrer == Some(row.id)).cloned();
                let referrals = self.referrals.of(data, referrals);
                let referrals = referrals.iter().map(|row| (row.id, of(&self.orders_of_referrals, row.id))).collect();
                let referrer = data
                    .customers
                    .iter()
                    .filter(|other| Some(other.id) == row.referrer)
                    .find(|other| self.referrer.as_ref().is_none_or(|on| other.chosen(on, data)))
                    .map(|other| (other.id, of(&self.orders_of_referrer, other.id)));
                (row.id, with_items, referrals, referrer)
            })
            .collect()
    }
}

/// Orders with items, and their customer with all of that one's orders and its referrer.
#[derive(Debug, Clone)]
pub(super) struct OrderQuery {
    own: Cut<OnOrder>,
    items: Cut<OnItem>,
    siblings: Cut<OnOrder>,
}

/// What an order query gives: line numbers, customer, the customer's orders and referrer.
type OrderRow = (i64, Vec<i64>, i64, Vec<i64>, Option<i64>);

pub(super) fn order_query() -> impl Strategy<Value = OrderQuery> {
    let parts = (cut(on_order(1)), cut(on_item(1)), cut(on_order(1)));
    parts.prop_map(|(own, items, siblings)| OrderQuery { own, items, siblings })
}

impl OrderQuery {
    pub(super) async fn ask(&self, db: &Db) -> Vec<OrderRow> {
        let items = self.items.scope::<Item, _, _>(order::items());
        let siblings = self.siblings.scope::<Order, _, _>(customer::orders());
        let owner = order::customer().include(siblings).include(customer::referrer());
        let find = db.orders().find().include(items).include(owner);
        let rows = self.own.find::<Order, _>(find).await.unwrap();
        rows.iter()
            .map(|row| {
                let items = row.items.iter().map(|item| item.line_no).collect();
                let referrer = row.customer.referrer.as_ref().map(|row| row.id);
                (row.id, items, row.customer.id, ids(&row.customer.orders), referrer)
            })
            .collect()
    }

    pub(super) fn interpret(&self, data: &Data) -> Vec<OrderRow> {
        self.own
            .of(data, data.orders.iter().cloned())
            .iter()
            .map(|row| {
                let items = self.items.of(data, data.items.iter().filter(|item| item.order_id == row.id).cloned());
                let owner = data.customers.iter().find(|customer| customer.id == row.customer_id).unwrap();
                let orders = data.orders.iter().filter(|order| order.customer_id == owner.id).cloned();
                let siblings = self.siblings.of(data, orders);
                (
                    row.id,
                    items.iter().map(|item| item.line_no).collect(),
                    owner.id,
                    siblings.iter().map(|order| order.id).collect(),
                    owner.referrer,
                )
            })
            .collect()
    }
}
