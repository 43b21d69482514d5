//! The examples of `docs/filters.md`.

use std::error::Error;

use relata::{FilterLimits, Related};

use super::usage::{shop, with_ann};
use shop::{Db, OrderStatus, order};

#[tokio::test]
async fn reading() -> Result<(), Box<dyn Error>> {
    let (db, ann, _) = with_ann().await?;

    let filter: order::Filter = serde_json::from_str(r#"{ "where": { "quantity": { "gt": 1 } }, "limit": 10 }"#)?;
    let orders = db.orders().find_with(filter).await?;

    let filter = order::Filter::from_query("filter[where][quantity][gt]=1&filter[include][]=customer")?;
    let orders = db.orders().find_with(filter).await?;

    assert_eq!(orders.len(), 1);
    let filter: order::Filter = serde_json::from_str(r#"{ "where": { "or": [{ "customerId": 7 }, {}] } }"#)?;
    let hers = db.customers().orders(&ann).find_with(filter).await?;            // Ann's orders, whatever it says
    assert!(hers.iter().all(|order| order.customer_id == ann.id));

    let filter = order::Filter::from_query("filter[order]=id&filter[limit]=10")?;
    let open = db.orders().find_with(filter).filter(order::status().eq(OrderStatus::Pending)).await?;

    assert_eq!(open.len(), 1);
    Ok(())
}

#[tokio::test]
async fn rows() -> Result<(), Box<dyn Error>> {
    let (db, ..) = with_ann().await?;

    let filter = order::Filter::from_query("filter[include][]=customer&filter[include][]=items")?;
    let rows = db.orders().find_with(filter).await?;
    if let Related::Included(items) = rows[0].related(order::items()) {
        println!("{} lines", items.len());
    }
    let customer = rows[0].related(order::customer()).included().and_then(Option::as_ref);
    assert_eq!(customer.map(|customer| customer.name.as_str()), Some("Ann"));
    Ok(())
}

#[tokio::test]
async fn refused() -> Result<(), Box<dyn Error>> {
    let (db, ..) = with_ann().await?;

    let filter: order::Filter = serde_json::from_str(r#"{ "where": { "quantty": 5 }, "limit": 0 }"#)?;
    let error = db.orders().find_with(filter).await.unwrap_err();
    let relata::Error::InvalidFilter { mistakes } = &error else { panic!("{error}") };
    assert_eq!(mistakes[0].path, "where.quantty");
    assert!(mistakes[0].message.starts_with("Order has nothing of that name; it has `id`, `status`, `quantity`"));
    assert_eq!(mistakes[1].path, "limit");
    Ok(())
}

#[tokio::test]
async fn limits() -> Result<(), Box<dyn Error>> {
    let limits = FilterLimits { default_rows: 20, rows: 200, ..FilterLimits::default() };
    let db = Db::builder().url("sqlite::memory:").filter_limits(limits).connect().await?;
    Ok(())
}

#[tokio::test]
async fn pages() -> Result<(), Box<dyn Error>> {
    let (db, ..) = with_ann().await?;
    let text = r#"{ "where": { "quantity": { "gt": 0 } }, "order": "customer.name DESC", "include": ["items"] }"#;
    let asked = || serde_json::from_str::<order::Filter>(text);
    let after: Option<String> = None;                                       // from the client: the text of a cursor

    let page = db.orders().find_with(asked()?).page(after.as_deref(), 50).await?;
    let body = serde_json::to_value(&page)?;                                 // { "rows": […], "next": "…", "previous": null }
    let next = db.orders().find_with(asked()?).page(page.next.as_deref(), 50).await?;
    assert_eq!((page.rows.len(), next.rows.len()), (1, 1));
    Ok(())
}

/// Every filter that the page shows is one.
#[tokio::test]
async fn the_filters_shown_are_filters() -> Result<(), Box<dyn Error>> {
    let db = Db::builder().url("sqlite::memory:").allow_regexp().connect().await?;
    db.create_tables().await?;
    let page = include_str!("../../../docs/filters.md");
    let shown = super::blocks(page, "json");
    assert!(shown.len() > 4, "their fences are read");
    for json in shown {
        let filter: order::Filter = serde_json::from_str(&json)?;
        db.orders().find_with(filter).await.map_err(|error| format!("{error}\n{json}"))?;
    }
    let urls = page.split('`').skip(1).step_by(2).filter(|code| code.starts_with("filter[") || code.starts_with("filter=%"));
    let urls: Vec<_> = urls.collect();
    assert!(urls.len() > 4, "the table of URLs is read");
    for url in urls {
        db.orders().find_with(order::Filter::from_query(url)?).await.map_err(|error| format!("{error}\n{url}"))?;
    }
    Ok(())
}
