//! What the schema in `schemas/library.yaml` gives, on an embedded SQLite database.

mod library {
    relata::include_schema!();
}

use library::{Db, Genre, NewAuthor, author, book, review};

#[tokio::main]
async fn main() -> Result<(), relata::Error> {
    // In memory; `cargo run -- sqlite:library.db` keeps the rows in a file.
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".to_owned());
    let db = Db::connect(&url).await?;
    db.create_tables().await?;

    // Made through their author, books cannot have a wrong key, and reviews neither.
    let tove = db.authors().create(NewAuthor::new("Tove Jansson")).await?;
    for (title, stars) in [("The Summer Book", 5), ("Fair Play", 4), ("The True Deceiver", 5)] {
        let book = db.authors().books(&tove).create(author::NewBook::new(title)).await?;
        db.books().reviews(&book).create(book::NewReview::new(stars)).await?;
    }

    // Each author with the novels that have five stars: one statement a relation, whatever the number of rows.
    let praised = book::genre().eq(Genre::Novel).and(book::reviews().any(review::stars().eq(5)));
    let authors = db
        .authors()
        .find()
        .include(author::books().filter(praised).order_by(book::title()).include(book::reviews()))
        .await?;
    for author in authors {
        println!("{}", author.name);
        for book in author.books {
            println!("  {}, reviews: {}", book.title, book.reviews.len());
        }
    }
    Ok(())
}
