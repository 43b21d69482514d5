//! The examples of `docs/views.md`.

use cards::{Db, NewCustomer, NewOrder, OrderCard, CustomerPage, Status, customer, item, order};
use rust_decimal::Decimal;

/// The schema of that page.
#[allow(missing_docs, reason = "a schema of examples")]
mod cards {
    include!(concat!(env!("OUT_DIR"), "/cards/mod.rs"));
}

/// The struct as it is emitted, word for word.
#[allow(unreachable_pub, reason = "shown as it is emitted")]
mod shown {
    use super::cards::{CustomerName, OrderCardDearest, Status};

/// What a list of orders shows.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderCard {
    pub id: i64,
    pub status: Status,
    pub placed_at: relata::types::DateTime,
    /// How many `items` there are.
    pub items_count: u64,
    /// belongsTo Customer: `Order.customerId` is `Customer.id`.
    pub customer: CustomerName,
    /// hasMany Item: `Item.orderId` is `Order.id`.
    pub dearest: Vec<OrderCardDearest>,
}
}

#[test]
fn the_struct_is_the_emitted_one() {
    let emitted = include_str!(concat!(env!("OUT_DIR"), "/cards/order_card.rs"));
    let emitted = emitted.replace("super::", "").replace("::relata::types", "relata::types");
    let (_, here) = include_str!("views.rs").split_once("OrderCardDearest, Status};\n\n").unwrap();
    let (here, _) = here.split_once("\n}\n}").unwrap();
    assert!(emitted.contains(&format!("{here}\n}}\n")), "{emitted}");
}

#[tokio::test]
async fn views() -> Result<(), Box<dyn std::error::Error>> {
    let db = Db::connect("sqlite::memory:").await?;
    db.create_tables().await?;
    let ann = db.customers().create(NewCustomer::new("Ann", "ann@example.org")).await?;
    let first = db.orders().create(NewOrder::new(ann.id)).await?;
    db.orders().items(&first).create(order::NewItem::new(1, 2, Decimal::new(150, 2))).await?;

    let cards: Vec<OrderCard> = db.order_cards().find()
        .filter(order::status().ne(Status::Shipped))
        .order_by(order::placed_at().desc())
        .limit(20)
        .await?;
    println!("{} ordered {} items", cards[0].customer.name, cards[0].items_count);

    let card: OrderCard = db.order_cards().get(cards[0].id).await?;
    let page: Option<CustomerPage> = db.customer_pages().find_by_id(1).await?;

    assert_eq!(card, cards[0]);
    let statements = db.order_cards().find()
        .filter(order::status().ne(Status::Shipped))
        .order_by(order::placed_at().desc())
        .limit(20)
        .explain();
    let (_, shown) = super::VIEWS.split_once("```sql\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    let told: Vec<_> = statements.iter().map(|statement| statement.sql.as_str()).collect();
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(one_line(shown), one_line(&told.join(";\n")));

    let hers = db.customers().orders(&ann).find().view::<OrderCard>().await?;
    let customers = db.customers().find()
        .include(customer::orders().limit(1).view::<OrderCard>())
        .await?;
    assert_eq!(customers[0].orders[0], hers[0]);

    let filter = order::Filter::from_query("filter[where][status]=open&filter[order]=placedAt DESC")?;
    let open: Vec<OrderCard> = db.order_cards().find_with(filter).await?;
    assert_eq!(open, cards);

    let json = serde_json::to_value(&page)?;
    assert_eq!(json["openOrders"], 1);
    assert_eq!(json["recent"][0]["customer"]["name"], "Ann");
    drop(item::all());
    Ok(())
}
