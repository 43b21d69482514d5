//! The examples of `docs/guide/first.md`.

/// The schema of that page.
#[allow(missing_docs, reason = "a schema of examples")]
mod shop {
    include!(concat!(env!("OUT_DIR"), "/first/mod.rs"));
}

mod program {
    use super::shop as blog;

    use blog::{Db, NewAuthor, author, post};

    #[tokio::main]
    async fn main() -> Result<(), relata::Error> {
        let db = Db::connect("sqlite::memory:").await?;
        db.create_tables().await?;

        let ann = db.authors().create(NewAuthor::new("Ann")).await?;
        let posts = db.authors().posts(&ann);
        posts.create(author::NewPost::new("Hello", "First words.")).await?;
        posts.create(author::NewPost::new("Again", "More words.")).await?;

        let found = db.posts().find()
            .filter(post::title().contains("llo"))
            .include(post::author())
            .await?;
        for post in found {
            println!("{}, by {}", post.title, post.author.name);
        }
        Ok(())
    }

    #[test]
    fn the_program_runs() {
        main().unwrap();
    }
}
