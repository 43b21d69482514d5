//! Random conditions: as the caller writes them, and as SQL's three-valued logic has them (`None` is unknown).

use proptest::prelude::*;
use relata::{Column, Comparable, Condition, Operand, Record};
use relata_conformance::shop::{self, customer, order, order_item};

use super::data::{Customer, Data, Item, Order, int, text};
use super::is_true;

/// A condition on one column.
#[derive(Debug, Clone)]
pub(super) enum On<T> {
    Eq(T),
    Ne(T),
    Gt(T),
    Ge(T),
    Lt(T),
    Le(T),
    Between(T, T),
    In(Vec<T>),
    NotIn(Vec<T>),
    Null,
    NotNull,
}

impl<T: PartialOrd + Clone> On<T> {
    pub(super) fn of(&self, value: Option<&T>) -> Option<bool> {
        let list = |list: &[T], negated: bool| {
            if list.is_empty() { Some(negated) } else { value.map(|value| list.contains(value) != negated) }
        };
        match self {
            Self::Eq(other) => value.map(|value| value == other),
            Self::Ne(other) => value.map(|value| value != other),
            Self::Gt(other) => value.map(|value| value > other),
            Self::Ge(other) => value.map(|value| value >= other),
            Self::Lt(other) => value.map(|value| value < other),
            Self::Le(other) => value.map(|value| value <= other),
            Self::Between(low, high) => value.map(|value| low <= value && value <= high),
            Self::In(values) => list(values, false),
            Self::NotIn(values) => list(values, true),
            Self::Null => Some(value.is_none()),
            Self::NotNull => Some(value.is_some()),
        }
    }

    pub(super) fn to_condition<M: Record, K>(&self, column: Column<M, T, K>) -> Condition<M>
    where
        T: Comparable + Operand<T>,
    {
        match self.clone() {
            Self::Eq(value) => column.eq(value),
            Self::Ne(value) => column.ne(value),
            Self::Gt(value) => column.gt(value),
            Self::Ge(value) => column.ge(value),
            Self::Lt(value) => column.lt(value),
            Self::Le(value) => column.le(value),
            Self::Between(low, high) => column.between(low, high),
            Self::In(values) => column.is_in(values),
            Self::NotIn(values) => column.not_in(values),
            Self::Null => column.is_null(),
            Self::NotNull => column.is_not_null(),
        }
    }
}

pub(super) fn on<T: std::fmt::Debug + Clone + 'static>(
    value: impl Strategy<Value = T> + Clone + 'static,
) -> BoxedStrategy<On<T>> {
    let list = || prop::collection::vec(value.clone(), 0..4);
    prop_oneof![
        value.clone().prop_map(On::Eq),
        value.clone().prop_map(On::Ne),
        value.clone().prop_map(On::Gt),
        value.clone().prop_map(On::Ge),
        value.clone().prop_map(On::Lt),
        value.clone().prop_map(On::Le),
        (value.clone(), value.clone()).prop_map(|(low, high)| On::Between(low, high)),
        list().prop_map(On::In),
        list().prop_map(On::NotIn),
        Just(On::Null),
        Just(On::NotNull),
    ]
    .boxed()
}

/// A condition on a column of text.
#[derive(Debug, Clone)]
pub(super) enum OnText {
    Plain(On<String>),
    Like(String),
    NotLike(String),
    Ilike(String),
    StartsWith(String),
    EndsWith(String),
    Contains(String),
}

/// LIKE: `%` is any text, `_` any character, a backslash takes the next one literally.
fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|from| like(rest, &text[from..])),
        ['_', rest @ ..] => !text.is_empty() && like(rest, &text[1..]),
        ['\\'] => false,
        ['\\', literal, rest @ ..] | [literal, rest @ ..] => text.first() == Some(literal) && like(rest, &text[1..]),
    }
}

fn likes(pattern: &str, text: &str) -> bool {
    like(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>())
}

impl OnText {
    pub(super) fn of(&self, value: Option<&String>) -> Option<bool> {
        match self {
            Self::Plain(on) => on.of(value),
            Self::Like(pattern) => value.map(|value| likes(pattern, value)),
            Self::NotLike(pattern) => value.map(|value| !likes(pattern, value)),
            Self::Ilike(pattern) => {
                value.map(|value| likes(&pattern.to_ascii_lowercase(), &value.to_ascii_lowercase()))
            }
            Self::StartsWith(text) => value.map(|value| value.starts_with(text)),
            Self::EndsWith(text) => value.map(|value| value.ends_with(text)),
            Self::Contains(text) => value.map(|value| value.contains(text)),
        }
    }

    pub(super) fn to_condition<M: Record, K>(&self, column: Column<M, String, K>) -> Condition<M> {
        match self {
            Self::Plain(on) => on.to_condition(column),
            Self::Like(pattern) => column.like(pattern),
            Self::NotLike(pattern) => column.not_like(pattern),
            Self::Ilike(pattern) => column.ilike(pattern),
            Self::StartsWith(text) => column.starts_with(text),
            Self::EndsWith(text) => column.ends_with(text),
            Self::Contains(text) => column.contains(text),
        }
    }
}

pub(super) fn on_text() -> BoxedStrategy<OnText> {
    prop_oneof![
        4 => on(text()).prop_map(OnText::Plain),
        1 => text().prop_map(OnText::Like),
        1 => text().prop_map(OnText::NotLike),
        1 => text().prop_map(OnText::Ilike),
        1 => text().prop_map(OnText::StartsWith),
        1 => text().prop_map(OnText::EndsWith),
        1 => text().prop_map(OnText::Contains),
    ]
    .boxed()
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Quantifier {
    Any,
    None,
    All,
}

impl Quantifier {
    /// Never unknown: rows of unknown truth are not among those that match.
    pub(super) fn of(self, mut related: impl Iterator<Item = Option<bool>>) -> bool {
        match self {
            Self::Any => related.any(is_true),
            Self::None => !related.any(is_true),
            Self::All => related.all(is_true),
        }
    }
}

pub(super) fn quantifier() -> impl Strategy<Value = Quantifier> {
    prop::sample::select(vec![Quantifier::Any, Quantifier::None, Quantifier::All])
}

/// Conditions of one model, put together.
#[derive(Debug, Clone)]
pub(super) enum Tree<L> {
    All,
    Leaf(L),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
}

impl<L> Tree<L> {
    pub(super) fn truth(&self, leaf: &impl Fn(&L) -> Option<bool>) -> Option<bool> {
        match self {
            Self::All => Some(true),
            Self::Leaf(inner) => leaf(inner),
            Self::And(first, second) => match (first.truth(leaf), second.truth(leaf)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(first, second) => match (first.truth(leaf), second.truth(leaf)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Self::Not(inner) => inner.truth(leaf).map(|truth| !truth),
        }
    }

    pub(super) fn written<M>(&self, all: fn() -> Condition<M>, leaf: &impl Fn(&L) -> Condition<M>) -> Condition<M> {
        match self {
            Self::All => all(),
            Self::Leaf(inner) => leaf(inner),
            Self::And(first, second) => first.written(all, leaf).and(second.written(all, leaf)),
            Self::Or(first, second) => first.written(all, leaf).or(second.written(all, leaf)),
            Self::Not(inner) => !inner.written(all, leaf),
        }
    }
}

pub(super) fn tree<L: std::fmt::Debug + Clone + 'static>(leaf: BoxedStrategy<L>) -> BoxedStrategy<Tree<L>> {
    let base = prop_oneof![1 => Just(Tree::All), 9 => leaf.prop_map(Tree::Leaf)];
    base.prop_recursive(3, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Tree::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Tree::Or(Box::new(a), Box::new(b))),
            inner.prop_map(|inner| Tree::Not(Box::new(inner))),
        ]
    })
    .boxed()
}

pub(super) type OnCustomer = Tree<CustomerLeaf>;
pub(super) type OnOrder = Tree<OrderLeaf>;
pub(super) type OnItem = Tree<ItemLeaf>;

#[derive(Debug, Clone)]
pub(super) enum CustomerLeaf {
    Id(On<i64>),
    Score(On<i64>),
    City(OnText),
    Referrer(Box<OnCustomer>),
    Referrals(Quantifier, Box<OnCustomer>),
    Orders(Quantifier, Box<OnOrder>),
}

#[derive(Debug, Clone)]
pub(super) enum OrderLeaf {
    Quantity(On<i64>),
    Note(OnText),
    Customer(Box<OnCustomer>),
    Items(Quantifier, Box<OnItem>),
}

#[derive(Debug, Clone)]
pub(super) enum ItemLeaf {
    LineNo(On<i64>),
    Sku(OnText),
    Order(Box<OnOrder>),
}

/// Conditions on customers, with conditions on related rows to that depth.
pub(super) fn on_customer(depth: u32) -> BoxedStrategy<OnCustomer> {
    let own = prop_oneof![
        on(int()).prop_map(CustomerLeaf::Id),
        on(int()).prop_map(CustomerLeaf::Score),
        on_text().prop_map(CustomerLeaf::City),
    ];
    tree(if depth == 0 {
        own.boxed()
    } else {
        let related = prop_oneof![
            on_customer(depth - 1).prop_map(|inner| CustomerLeaf::Referrer(Box::new(inner))),
            (quantifier(), on_customer(depth - 1)).prop_map(|(n, inner)| CustomerLeaf::Referrals(n, Box::new(inner))),
            (quantifier(), on_order(depth - 1)).prop_map(|(n, inner)| CustomerLeaf::Orders(n, Box::new(inner))),
        ];
        prop_oneof![own, related].boxed()
    })
}

/// Conditions on orders, with conditions on related rows to that depth.
pub(super) fn on_order(depth: u32) -> BoxedStrategy<OnOrder> {
    let own = prop_oneof![on(int()).prop_map(OrderLeaf::Quantity), on_text().prop_map(OrderLeaf::Note)];
    tree(if depth == 0 {
        own.boxed()
    } else {
        let related = prop_oneof![
            on_customer(depth - 1).prop_map(|inner| OrderLeaf::Customer(Box::new(inner))),
            (quantifier(), on_item(depth - 1)).prop_map(|(n, inner)| OrderLeaf::Items(n, Box::new(inner))),
        ];
        prop_oneof![own, related].boxed()
    })
}

/// Conditions on items, with conditions on related rows to that depth.
pub(super) fn on_item(depth: u32) -> BoxedStrategy<OnItem> {
    let own = prop_oneof![on(0_i64..21).prop_map(ItemLeaf::LineNo), on_text().prop_map(ItemLeaf::Sku)];
    tree(if depth == 0 {
        own.boxed()
    } else {
        prop_oneof![own, on_order(depth - 1).prop_map(|inner| ItemLeaf::Order(Box::new(inner)))].boxed()
    })
}

impl OnCustomer {
    pub(super) fn of(&self, data: &Data, row: &Customer) -> Option<bool> {
        self.truth(&|leaf| match leaf {
            CustomerLeaf::Id(on) => on.of(Some(&row.id)),
            CustomerLeaf::Score(on) => on.of(row.score.as_ref()),
            CustomerLeaf::City(on) => on.of(row.city.as_ref()),
            CustomerLeaf::Referrer(inner) => {
                let referrers = data.customers.iter().filter(|other| Some(other.id) == row.referrer);
                Some(Quantifier::Any.of(referrers.map(|other| inner.of(data, other))))
            }
            CustomerLeaf::Referrals(quantifier, inner) => {
                let referrals = data.customers.iter().filter(|other| other.referrer == Some(row.id));
                Some(quantifier.of(referrals.map(|other| inner.of(data, other))))
            }
            CustomerLeaf::Orders(quantifier, inner) => {
                let orders = data.orders.iter().filter(|order| order.customer_id == row.id);
                Some(quantifier.of(orders.map(|order| inner.of(data, order))))
            }
        })
    }

    pub(super) fn to_condition(&self) -> Condition<shop::Customer> {
        self.written(customer::all, &|leaf| match leaf {
            CustomerLeaf::Id(on) => on.to_condition(customer::id()),
            CustomerLeaf::Score(on) => on.to_condition(customer::score()),
            CustomerLeaf::City(on) => on.to_condition(customer::city()),
            CustomerLeaf::Referrer(inner) => customer::referrer().matches(inner.to_condition()),
            CustomerLeaf::Referrals(Quantifier::Any, inner) => customer::referrals().any(inner.to_condition()),
            CustomerLeaf::Referrals(Quantifier::None, inner) => customer::referrals().none(inner.to_condition()),
            CustomerLeaf::Referrals(Quantifier::All, inner) => customer::referrals().all(inner.to_condition()),
            CustomerLeaf::Orders(Quantifier::Any, inner) => customer::orders().any(inner.to_condition()),
            CustomerLeaf::Orders(Quantifier::None, inner) => customer::orders().none(inner.to_condition()),
            CustomerLeaf::Orders(Quantifier::All, inner) => customer::orders().all(inner.to_condition()),
        })
    }
}

impl OnOrder {
    pub(super) fn of(&self, data: &Data, row: &Order) -> Option<bool> {
        self.truth(&|leaf| match leaf {
            OrderLeaf::Quantity(on) => on.of(Some(&row.quantity)),
            OrderLeaf::Note(on) => on.of(row.note.as_ref()),
            OrderLeaf::Customer(inner) => {
                let owner = data.customers.iter().filter(|customer| customer.id == row.customer_id);
                Some(Quantifier::Any.of(owner.map(|customer| inner.of(data, customer))))
            }
            OrderLeaf::Items(quantifier, inner) => {
                let items = data.items.iter().filter(|item| item.order_id == row.id);
                Some(quantifier.of(items.map(|item| inner.of(data, item))))
            }
        })
    }

    pub(super) fn to_condition(&self) -> Condition<shop::Order> {
        self.written(order::all, &|leaf| match leaf {
            OrderLeaf::Quantity(on) => on.to_condition(order::quantity()),
            OrderLeaf::Note(on) => on.to_condition(order::note()),
            OrderLeaf::Customer(inner) => order::customer().matches(inner.to_condition()),
            OrderLeaf::Items(Quantifier::Any, inner) => order::items().any(inner.to_condition()),
            OrderLeaf::Items(Quantifier::None, inner) => order::items().none(inner.to_condition()),
            OrderLeaf::Items(Quantifier::All, inner) => order::items().all(inner.to_condition()),
        })
    }
}

impl OnItem {
    pub(super) fn of(&self, data: &Data, row: &Item) -> Option<bool> {
        self.truth(&|leaf| match leaf {
            ItemLeaf::LineNo(on) => on.of(Some(&row.line_no)),
            ItemLeaf::Sku(on) => on.of(row.sku.as_ref()),
            ItemLeaf::Order(inner) => {
                let orders = data.orders.iter().filter(|order| order.id == row.order_id);
                Some(Quantifier::Any.of(orders.map(|order| inner.of(data, order))))
            }
        })
    }

    pub(super) fn to_condition(&self) -> Condition<shop::OrderItem> {
        self.written(order_item::all, &|leaf| match leaf {
            ItemLeaf::LineNo(on) => on.to_condition(order_item::line_no()),
            ItemLeaf::Sku(on) => on.to_condition(order_item::product_sku()),
            ItemLeaf::Order(inner) => order_item::order().matches(inner.to_condition()),
        })
    }
}
