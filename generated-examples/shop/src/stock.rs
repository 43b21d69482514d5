//! Goods, customers and purchases to try the shop with. Knows nothing of who looks at them.

use relata::types::{Date, Decimal};

use crate::{
    Address, Customer, Db, NewCategory, NewCustomer, NewProduct, Order, Product, category, customer, invoice, order,
    order_item, product,
};

/// How many of each thing are bought, purchase by purchase.
const QUANTITIES: [i64; 6] = [2, 1, 3, 1, 5, 1];

/// Takes away what a former run left, all of it or nothing.
///
/// # Errors
/// When the database refuses it.
pub async fn empty(db: &Db) -> relata::Result<()> {
    db.transaction(async |tx| {
        tx.invoices().delete_where(invoice::all()).await?;
        tx.order_items().delete_where(order_item::all()).await?;
        tx.orders().delete_where(order::all()).await?;
        tx.customers().delete_where(customer::all()).await?;
        tx.products().delete_where(product::all()).await?;
        tx.categories().delete_where(category::all()).await?;
        Ok(())
    })
    .await
}

/// Categories nest: a self relation. Children are made through their parent, so that no key is written.
///
/// # Errors
/// When the database refuses it.
pub async fn fill_shelves(db: &Db) -> relata::Result<Vec<Product>> {
    let kitchen = db.categories().create(NewCategory::new("Kitchen")).await?;
    let tea = db.categories().children(&kitchen).create(category::NewChild::new("Tea")).await?;
    db.categories().children(&kitchen).create(category::NewChild::new("Pots")).await?;

    let priced = |sku: &str, name: &str, cents| NewProduct {
        category_id: Some(tea.id),
        tags: Some(vec!["tea".to_owned()]),
        ..NewProduct::new(sku, name, Decimal::new(cents, 2))
    };
    let new = [priced("T-01", "Darjeeling", 890), priced("T-02", "Sencha", 1250), priced("T-03", "Rooibos", 540)];
    db.products().create_many(new).await
}

/// Three customers, with what is embedded in them.
///
/// # Errors
/// When the database refuses it.
pub async fn sign_up(db: &Db) -> relata::Result<Vec<Customer>> {
    let new =
        [("Freya", "Asgard", "NO"), ("Idun", "Lisbon", "PT"), ("Bragi", "Kyoto", "JP")].map(|(name, city, country)| {
            let address = Address {
                street: "Bridge 1".to_owned(),
                city: city.to_owned(),
                postal_code: None,
                country: country.to_owned(),
            };
            NewCustomer {
                birthday: Date::from_ymd_opt(1990, 4, 1),
                ..NewCustomer::new(name, format!("{}@example.org", name.to_lowercase()), address)
            }
        });
    db.customers().create_many(new).await
}

/// Six purchases, by the first two customers in turn.
///
/// # Errors
/// When the database refuses it.
pub async fn sell(db: &Db, customers: &[Customer], products: &[Product]) -> relata::Result<Vec<Order>> {
    let mut orders = Vec::new();
    for (n, quantity) in QUANTITIES.into_iter().enumerate() {
        let basket = &products[..products.len().min(n % 3 + 1)];
        orders.push(buy(db, &customers[n % 2], n, quantity, basket).await?);
    }
    Ok(orders)
}

/// Orders are made through their customer, items through their order: `customer::NewOrder` has no
/// `customer_id`, so that it cannot be wrong. All in one transaction.
async fn buy(db: &Db, buyer: &Customer, n: usize, quantity: i64, basket: &[Product]) -> relata::Result<Order> {
    db.transaction(async |tx| {
        let note = (n == 0).then(|| "as a present".to_owned());
        let new = customer::NewOrder { note, ..customer::NewOrder::new() };
        let order = tx.customers().orders(buyer).create(new).await?;
        let lines = basket
            .iter()
            .zip(1..)
            .map(|(product, line)| order::NewItem::new(line, quantity, product.price, product.id));
        let items = tx.orders().items(&order).create_many(lines).await?;
        let total = items.iter().map(|item| item.price * Decimal::from(item.quantity)).sum();
        tx.orders().invoice(&order).create(order::NewInvoice::new(format!("2026-{n:03}"), total)).await?;
        Ok(order)
    })
    .await
}
