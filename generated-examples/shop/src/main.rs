//! A tour of the code that Relata generates from `schemas/shop`, on an embedded SQLite file or a server.
//!
//! `cargo run -p shop` makes a fresh file; `cargo run -p shop --features servers -- postgres://…` or `mysql://…`
//! runs the same on a database of that server, which it empties first: it is to be a database of its own.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the tour is printed")]

mod shop {
    relata::include_schema!();
}

use relata::types::{Date, Decimal};
use shop::{
    Address, Category, Customer, Db, NewCategory, NewCustomer, NewProduct, OrderPatch, OrderStatus, Product, category,
    customer, invoice, order, order_item, product,
};

#[tokio::main]
async fn main() -> Result<(), relata::Error> {
    let url = std::env::args().nth(1).unwrap_or_else(fresh_file);
    let db = Db::connect(&url).await?;
    db.create_tables().await?;
    empty(&db).await?;

    let products = fill_shelves(&db).await?;
    let customers = sign_up(&db).await?;
    let first = buy(&db, &customers, &products).await?;

    follow_a_key(&db, first).await?;
    include(&db).await?;
    filter_by_related(&db).await?;
    refuse(&db, &customers[0], first).await?;
    show_json(&db, products[0].id).await
}

/// Takes away what a former run left, all of it or nothing.
async fn empty(db: &Db) -> relata::Result<()> {
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

/// A file of its own for each run, beside the build's other output.
fn fresh_file() -> String {
    let path = std::env::temp_dir().join("relata-shop.db");
    for suffix in ["", "-wal", "-shm"] {
        let mut file = path.clone().into_os_string();
        file.push(suffix);
        // What is not there need not be removed; what cannot be is told when the file is opened.
        let _ = std::fs::remove_file(file);
    }
    eprintln!("A shop in {}", path.display());
    format!("sqlite://{}", path.display())
}

fn title(text: &str) {
    println!("\n── {text} {}", "─".repeat(76_usize.saturating_sub(text.chars().count())));
}

/// Categories nest: a self relation. Children are made through their parent, so that no key is written.
async fn fill_shelves(db: &Db) -> relata::Result<Vec<Product>> {
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

async fn sign_up(db: &Db) -> relata::Result<Vec<Customer>> {
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

/// Orders are made through their customer, items through their order: `customer::NewOrder` has no
/// `customer_id`, so that it cannot be wrong. All in one transaction.
async fn buy(db: &Db, customers: &[Customer], products: &[Product]) -> relata::Result<relata::types::Uuid> {
    title("made through its customer, in one transaction");
    let mut first = None;
    for (n, quantity) in (0_usize..).zip([2, 1, 3, 1, 5, 1]) {
        let buyer = &customers[n % 2];
        let order = db
            .transaction(async |tx| {
                let note = (n == 0).then(|| "as a present".to_owned());
                let order = tx
                    .customers()
                    .orders(buyer)
                    .create(customer::NewOrder { note, ..customer::NewOrder::new() })
                    .await?;
                let lines = products
                    .iter()
                    .take(n % 3 + 1)
                    .zip(1..)
                    .map(|(product, line)| order::NewItem::new(line, quantity, product.price, product.id));
                let items = tx.orders().items(&order).create_many(lines).await?;
                let total = items.iter().map(|item| item.price * Decimal::from(item.quantity)).sum();
                tx.orders().invoice(&order).create(order::NewInvoice::new(format!("2026-{n:03}"), total)).await?;
                Ok::<_, relata::Error>(order)
            })
            .await?;
        println!("  {} bought {} lines, {} each", buyer.name, n % 3 + 1, quantity);
        first.get_or_insert(order.id);
    }
    Ok(first.unwrap_or_default())
}

async fn follow_a_key(db: &Db, order: relata::types::Uuid) -> relata::Result<()> {
    title("belongsTo: db.orders().customer(id), one statement");
    let buyer = db.orders().customer(order).await?;
    println!("  the first order is {}'s, who lives in {}", buyer.name, buyer.address.city);
    Ok(())
}

/// The two newest orders of each customer: limit and order hold for each parent by itself, in one statement.
async fn include(db: &Db) -> relata::Result<()> {
    title("include: each customer with the 2 newest orders, their items and products");
    let rows = db
        .customers()
        .find()
        .order_by(customer::name())
        .include(
            customer::orders()
                .order_by((order::placed_at().desc(), order::id().desc()))
                .limit(2)
                .include(order::invoice())
                .include(order::items().order_by(order_item::line()).include(order_item::product())),
        )
        .await?;
    for row in &rows {
        println!("  {}", row.name);
        for (n, order) in row.orders.iter().enumerate() {
            let (branch, bar) = if n + 1 == row.orders.len() { ("└─", "  ") } else { ("├─", "│ ") };
            let invoice = order.invoice.as_ref().map_or("no invoice", |invoice| invoice.number.as_str());
            println!("  {branch} {:?}, invoice {invoice}", order.status);
            for item in &order.items {
                println!("  {bar}    {} × {:<12} {:>7}", item.quantity, item.product.name, item.price);
            }
        }
        if row.orders.is_empty() {
            println!("  └─ no orders");
        }
    }
    Ok(())
}

async fn filter_by_related(db: &Db) -> relata::Result<()> {
    title("filter by related: who bought rooibos, which shelves are empty");
    let rooibos = order_item::product().matches(product::name().eq("Rooibos"));
    let buyers = db.customers().find().filter(customer::orders().any(order::items().any(rooibos)));
    let buyers = buyers.order_by(customer::name()).await?;
    let empty = db.categories().find().filter(category::products().none(product::all()));
    let empty = empty.order_by(category::name()).await?;
    println!("  rooibos: {}", names(&buyers, |customer| &customer.name));
    println!("  empty:   {}", names(&empty, |category: &Category| &category.name));
    Ok(())
}

fn names<T>(rows: &[T], name: impl Fn(&T) -> &String) -> String {
    rows.iter().map(|row| name(row).as_str()).collect::<Vec<_>>().join(", ")
}

/// Every refusal has a stable code and names what is wrong in the schema's words.
async fn refuse(db: &Db, buyer: &Customer, order: relata::types::Uuid) -> relata::Result<()> {
    title("refused: each with a code, in the schema's words");
    let twice = NewCustomer::new("Freya again", buyer.email.clone(), buyer.address.clone());
    let wrong =
        NewCustomer::new("", "not an address", Address { country: "Norway".to_owned(), ..buyer.address.clone() });
    let shipped = |version| OrderPatch { status: Some(OrderStatus::Shipped), version, ..OrderPatch::default() };
    db.orders().patch_by_id(order, shipped(Some(1))).await?;
    let refusals = [
        ("an email that is taken", db.customers().create(twice).await.err()),
        ("values that are not valid", db.customers().create(wrong).await.err()),
        ("a customer who has orders", db.customers().delete_by_id(buyer.id).await.err()),
        ("a version that is not the last", db.orders().patch_by_id(order, shipped(Some(1))).await.err()),
        ("a customer who is not there", db.customers().get(99).await.err()),
    ];
    for (what, error) in refusals {
        let (code, message) = error.map_or(("accepted", String::new()), |error| (error.code(), error.to_string()));
        println!("  {what:<31} {code:<12} {message}");
    }
    Ok(())
}

async fn show_json(db: &Db, tea: i64) -> relata::Result<()> {
    title("a row with what was included, as JSON; what is hidden is not in it");
    let row = db.products().get(tea).include(product::category().include(category::parent())).await?;
    let json = serde_json::to_string_pretty(&row).unwrap_or_default();
    println!("{json}");
    Ok(())
}
