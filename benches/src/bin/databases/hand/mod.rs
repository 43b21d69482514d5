//! The workloads as somebody writes them who knows the database and its driver. Knows nothing of Relata.

/// The columns of `orders`, in the order of the struct.
macro_rules! order {
    () => {
        "o.id, o.customer_id, o.description, o.quantity, o.total"
    };
}

/// The columns of `customers`.
macro_rules! customer {
    () => {
        "c.id, c.name, c.email, c.city, c.created_at"
    };
}

/// The columns of `order_items`.
macro_rules! item {
    () => {
        "i.id, i.order_id, i.product_id, i.qty, i.price"
    };
}

pub(crate) mod mariadb;
pub(crate) mod postgres;
pub(crate) mod sqlite;

/// What is inserted.
const DESCRIPTION: &str = "A new order of the shop";

/// As many marks as a list has elements.
fn marks(count: i64) -> String {
    (0..count).map(|n| if n == 0 { "?" } else { ",?" }).collect()
}
