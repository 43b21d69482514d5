//! Serves the shop from memory, with something in it: `cargo run -p shop-server`, or with an address to listen at,
//! `cargo run -p shop-server -- 127.0.0.1:8080`.

#![allow(clippy::print_stdout, reason = "what to try is printed")]

use std::error::Error;

use shop::{Db, stock};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let db = Db::connect("sqlite::memory:").await?;
    db.create_tables().await?;
    let products = stock::fill_shelves(&db).await?;
    let customers = stock::sign_up(&db).await?;
    let orders = stock::sell(&db, &customers, &products).await?;

    let listener = TcpListener::bind(&address).await.map_err(|error| format!("cannot listen at {address}: {error}"))?;
    let at = format!("http://{}", listener.local_addr()?);
    let (order, buyer, newcomer) = (orders[0].id, customers[0].id, customers[2].id);
    let json = "-H 'content-type: application/json'";
    println!("The shop is open at {at} until Ctrl-C, and forgets everything then. Try:\n");
    for (what, call) in [
        ("orders with their customers", format!("'{at}/orders?filter[include][]=customer&filter[limit]=2'")),
        ("from an order to its customer", format!("'{at}/orders/{order}/customer'")),
        ("a customer's orders with their items", format!("'{at}/customers/{buyer}/orders?filter[include][]=items'")),
        (
            "an order for one who has none",
            format!("-X POST '{at}/customers/{newcomer}/orders' {json} -d '{{\"note\": \"soon\"}}'"),
        ),
        (
            "every order of a customer, changed",
            format!("-X PATCH '{at}/customers/{newcomer}/orders' {json} -d '{{\"status\": \"paid\"}}'"),
        ),
        ("every order of a customer, deleted", format!("-X DELETE '{at}/customers/{newcomer}/orders'")),
        ("refused: invoices hold these", format!("-X DELETE '{at}/customers/{buyer}/orders'")),
        ("refused: where is not known here", format!("'{at}/orders?filter[where][status]=paid'")),
    ] {
        println!("  # {what}\n  curl -gs {call}");
    }
    axum::serve(listener, shop_server::router(db)).await?;
    Ok(())
}
