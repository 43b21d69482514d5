//! The examples of `docs/usage.md` on what finds are besides lists of rows.

use relata::Result;

use super::usage::shop::{Db, OrderPatch, OrderStatus, customer, order, order_item};
use super::usage::with_ann;

#[tokio::test]
async fn orders_by_related_rows() -> Result<()> {
    let (db, ..) = with_ann().await?;
    let by_customer = order::customer().order((customer::city(), customer::name().desc()));
    let orders = db.orders().find().order_by((by_customer, order::id())).await?;
    let lines = db.order_items().find().order_by(order_item::order().order(order::customer().order(customer::name()))).await?;
    assert_eq!((orders.len(), lines.len()), (1, 1));
    Ok(())
}

#[tokio::test]
async fn aggregates() -> Result<()> {
    let (db, ann, _) = with_ann().await?;
    use relata::count;

    let (orders, pieces) = db.orders().aggregate()
        .filter(order::status().ne(OrderStatus::Pending))
        .select((count(), order::quantity().sum()))
        .await?;                                                             // (u64, Option<i64>)

    let busiest = db.orders().aggregate()
        .group_by((order::customer_id(), order::status()))
        .having(count().gt(1).or(order::quantity().max().ge(5)))
        .order_by((order::quantity().sum().desc(), order::customer_id()))
        .limit(10)
        .select((count(), order::quantity().sum(), order::quantity().avg()))
        .await?;
    for ((customer, status), (orders, pieces, average)) in busiest {
        println!("{customer} has {orders} orders that are {status:?}, of {pieces:?} pieces, {average:?} on average");
    }

    let cities = db.customers().distinct(customer::city()).order_by(customer::city()).await?;    // Vec<Option<String>>
    let hers = db.customers().orders(&ann).aggregate().select(order::quantity().max()).await?;
    assert_eq!((orders, pieces, cities, hers), (0, None, vec![None], Some(2)));
    Ok(())
}

#[tokio::test]
async fn streams() -> Result<()> {
    let (db, ..) = with_ann().await?;

    use futures_util::TryStreamExt;

    let mut orders = db.orders().find()
        .filter(order::status().ne(OrderStatus::Shipped))
        .order_by(order::quantity().desc())
        .include(order::items())
        .stream();
    while let Some(order) = orders.try_next().await? {
        println!("{} waits with {} lines", order.id, order.items.len());
    }
    Ok(())
}

fn print_names(db: &Db) -> relata::Result<()> {
    for customer in db.customers().find().stream().wait() {
        println!("{}", customer?.name);
    }
    Ok(())
}

#[tokio::test]
async fn streams_on_this_thread() -> Result<()> {
    let (db, ..) = with_ann().await?;
    print_names(&db)
}

#[tokio::test]
async fn pages() -> Result<()> {
    let (db, ..) = with_ann().await?;
    let find = || db.orders().find().filter(order::quantity().gt(0)).order_by((order::status(), order::quantity().desc()));

    let first = find().page(None, 20).await?;                                // Page<Order>
    for order in &first.rows {
        println!("{}", order.id);
    }
    if let Some(next) = first.next {                                         // none after the last row
        let second = find().page(Some(&next), 20).await?;
        let again = find().page(second.previous.as_deref(), 20).await?;
        assert_eq!(again.rows, first.rows);
    }
    Ok(())
}

#[tokio::test]
async fn page_keys() -> Result<()> {
    let secret = [7; 32];                                                    // in truth: std::fs::read("/run/secrets/pages")?
    let db: Db = Db::builder().url("sqlite::memory:").page_key(secret).connect().await?;
    db.create_tables().await?;
    assert!(db.orders().find().page(None, 1).await?.rows.is_empty());
    Ok(())
}

#[tokio::test]
async fn locks() -> Result<()> {
    let (db, ..) = with_ann().await?;
    db.transaction(async |tx| {
        let job = tx.orders().find()
            .filter(order::status().eq(OrderStatus::Pending))
            .order_by(order::id())
            .for_update()
            .skip_locked()
            .first()
            .await?;
        if let Some(job) = job {
            let paid = OrderPatch { status: Some(OrderStatus::Paid), ..Default::default() };
            tx.orders().patch_by_id(job.id, paid).await?;
        }
        Ok::<_, relata::Error>(())
    })
    .await?;
    assert_eq!(db.orders().count(order::status().eq(OrderStatus::Paid)).await?, 1);
    Ok(())
}
