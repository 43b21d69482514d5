//! A tour of the code that Relata generates from `schemas/shop`, on an embedded SQLite file or a server.
//!
//! `cargo run -p shop` makes a fresh file; `cargo run -p shop --features servers -- postgres://…` or `mysql://…`
//! runs the same on a database of that server, which it empties first: it is to be a database of its own.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the tour is printed")]

use relata::types::Uuid;
use shop::{
    Address, Category, Customer, Db, NewCustomer, OrderPatch, OrderStatus, Product, category, customer, order,
    order_item, product, stock,
};

#[tokio::main]
async fn main() -> Result<(), relata::Error> {
    let url = std::env::args().nth(1).unwrap_or_else(fresh_file);
    let db = Db::connect(&url).await?;
    db.create_tables().await?;
    stock::empty(&db).await?;

    let products = stock::fill_shelves(&db).await?;
    let customers = stock::sign_up(&db).await?;
    let first = buy(&db, &customers, &products).await?;

    follow_a_key(&db, first).await?;
    include(&db).await?;
    view(&db).await?;
    filter_by_related(&db).await?;
    refuse(&db, &customers[0], first).await?;
    show_json(&db, products[0].id).await
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

/// `stock.rs` makes orders through their customer and items through their order.
async fn buy(db: &Db, customers: &[Customer], products: &[Product]) -> relata::Result<Uuid> {
    title("made through its customer, in one transaction");
    let first = stock::sell(db, customers, products).await?.remove(0);
    let in_turn = (order::placed_at(), order::id());
    for order in db.orders().find().order_by(in_turn).include(order::customer()).include(order::items()).await? {
        println!("  {} bought {} lines, {} each", order.customer.name, order.items.len(), order.items[0].quantity);
    }
    Ok(first.id)
}

async fn follow_a_key(db: &Db, order: Uuid) -> relata::Result<()> {
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

/// What the schema names is read, and nothing else: some columns, a count, one line of each order.
async fn view(db: &Db) -> relata::Result<()> {
    title("a view: db.order_cards().find(), two statements");
    for card in db.order_cards().find().order_by((order::placed_at(), order::id())).await? {
        let dearest = card.dearest.iter().map(|item| format!("{} × {}", item.quantity, item.product.name));
        let dearest = dearest.collect::<String>();
        println!("  {:<8} {:?}, {} lines, the dearest {dearest}", card.customer.name, card.status, card.items_count);
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
async fn refuse(db: &Db, buyer: &Customer, order: Uuid) -> relata::Result<()> {
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
