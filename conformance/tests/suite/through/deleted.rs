//! Rows that are deleted softly, of links and of what they lead to; and under a relation to several models. Keys are uuids.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::deleted::{
    Book, Db, NewBook, NewHolding, NewReader, NewRecord, NewReview, NewSleeve, Reader, ReaderOwned, Record,
    ReviewAbout, SleeveOf, book, loan, reader, record, review, sleeve, wish,
};
use relata_conformance::on_every_database;

use super::nowhere;
use crate::support::code;

/// Ann has borrowed and wished for three books, of which the second is deleted and the loan of the third is; Bob has the
/// first two.
struct Library {
    db: Db,
    ann: Reader,
    bob: Reader,
    books: [Book; 3],
}

async fn library(at: &Database) -> Library {
    let db: Db = at.open().await.unwrap();
    let [ann, bob] = db.readers().create_many(["Ann", "Bob"].map(NewReader::new)).await.unwrap().try_into().unwrap();
    let books: [Book; 3] = db.books().create_many(["a", "b", "c"].map(NewBook::new)).await.unwrap().try_into().unwrap();
    for (reader, books) in [(&ann, &books[..]), (&bob, &books[..2])] {
        db.readers().books(reader).set(books).await.unwrap();
        db.readers().wished(reader).set(books).await.unwrap();
    }
    db.books().delete_by_id(books[1].id).await.unwrap();
    db.loans().delete_where(loan::book_id().eq(books[2].id)).await.unwrap();
    Library { db, ann, bob, books }
}

fn titles(books: &[Book]) -> String {
    books.iter().map(|book| book.title.as_str()).collect()
}

#[apply(on_every_database)]
async fn neither_deleted_links_nor_deleted_rows_are_seen(at: &Database) {
    let Library { db, ann, books: [a, b, c], .. } = library(at).await;
    let borrowed = db.readers().books(&ann);
    let found = async |wanted: bool| {
        let find = borrowed.find().order_by(book::title());
        titles(&if wanted { find.with_deleted().await } else { find.await }.unwrap())
    };
    // Asked for, deleted rows are there; what a deleted link led to is not.
    assert_eq!((found(false).await, found(true).await), ("a".to_owned(), "ab".to_owned()));
    assert_eq!(borrowed.count(book::all()).await.unwrap(), 1);
    assert_eq!(borrowed.find_by_id(b.id).await.unwrap(), None);
    assert!(borrowed.find_by_id(b.id).with_deleted().await.unwrap().is_some());
    assert_eq!(borrowed.find_by_id(c.id).with_deleted().await.unwrap(), None);
    assert_eq!(db.books().readers(&b).find().order_by(reader::name()).await.unwrap().len(), 2);
    assert_eq!(db.books().readers(&c).find().await.unwrap(), []);
    // A link that cannot be deleted softly leads to live rows all the same.
    let wished = db.readers().wished(&ann).find().order_by(book::title()).await.unwrap();
    assert_eq!(titles(&wished), "ac");
    assert_eq!(a.deleted_at, None);
}

#[apply(on_every_database)]
async fn includes_and_counts_leave_them_out(at: &Database) {
    let Library { db, .. } = library(at).await;
    let by_title = || reader::books().order_by(book::title());
    for (scope, expected) in [
        (by_title(), ["a", "a"]),
        (by_title().limit(2), ["a", "a"]),
        (by_title().offset(1), ["", ""]),
        (by_title().with_deleted(), ["ab", "ab"]),
        (by_title().with_deleted().offset(1).limit(5), ["b", "b"]),
        (by_title().filter_link(loan::day().gt(1)), ["", ""]),
        (reader::books().order_by(book::title().desc()).with_deleted().limit(1), ["b", "b"]),
    ] {
        let rows = db.readers().find().order_by(reader::name()).include(scope).await.unwrap();
        assert_eq!(rows.iter().map(|row| titles(&row.books)).collect::<Vec<_>>(), expected);
    }
    for (scope, expected) in [(reader::books().count(), [1, 1]), (reader::books().with_deleted().count(), [2, 2])] {
        let rows = db.readers().find().order_by(reader::name()).include(scope).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.books).collect::<Vec<_>>(), expected);
    }
    for (scope, expected) in [(by_title().with_link(), 1), (by_title().with_deleted().with_link(), 2)] {
        for scope in [scope.clone(), scope.limit(9)] {
            let rows = db.readers().find().include(scope).await.unwrap();
            assert!(rows.iter().all(|row| row.books.len() == expected));
            assert!(rows.iter().flat_map(|row| &row.books).all(|book| book.link.deleted_at.is_none()));
        }
    }
    let nested = reader::wished().order_by(book::title()).include(book::readers().count());
    let rows = db.readers().find().order_by(reader::name()).include(nested).await.unwrap();
    let seen = |n: usize| rows[n].wished.iter().map(|book| (&*book.title, book.readers)).collect::<Vec<_>>();
    assert_eq!((seen(0), seen(1)), (vec![("a", 2), ("c", 0)], vec![("a", 2)]));
}

#[apply(on_every_database)]
async fn conditions_look_at_live_rows_by_live_links(at: &Database) {
    let Library { db, .. } = library(at).await;
    let count = async |condition| db.readers().count(condition).await.unwrap();
    let is = |title: &str| book::title().eq(title);
    assert_eq!(count(reader::books().any(is("a"))).await, 2);
    assert_eq!(count(reader::books().any(is("b"))).await, 0);
    assert_eq!(count(reader::books().with_deleted().any(is("b"))).await, 2);
    assert_eq!(count(reader::books().with_deleted().any(is("c"))).await, 0, "the link is deleted");
    assert_eq!(count(reader::wished().any(is("c"))).await, 1);
    assert_eq!(count(reader::books().all(is("a"))).await, 2);
    assert_eq!(count(reader::books().with_deleted().all(is("a"))).await, 0);
    assert_eq!(count(reader::wished().all(is("a"))).await, 1);
    assert_eq!(count(reader::books().none(is("b"))).await, 2);
    assert_eq!(count(reader::books().count().eq(1)).await, 2);
    assert_eq!(count(reader::books().with_deleted().count().eq(2)).await, 2);
}

#[apply(on_every_database)]
async fn what_was_unlinked_softly_is_linked_again(at: &Database) {
    let Library { db, ann, books: [a, b, c], .. } = library(at).await;
    let borrowed = db.readers().books(&ann);
    let rows = async || db.loans().find().with_deleted().filter(loan::reader_id().eq(ann.id)).count().await.unwrap();
    borrowed.unlink(&a).await.unwrap();
    assert_eq!((borrowed.count(book::all()).await.unwrap(), rows().await), (0, 3));
    for _ in 0..2 {
        borrowed.link(&a).await.unwrap();
        borrowed.link(&c).await.unwrap();
    }
    assert_eq!((borrowed.count(book::all()).await.unwrap(), rows().await), (2, 5));
    borrowed.set([&c]).await.unwrap();
    borrowed.set([&a, &c]).await.unwrap();
    assert_eq!((borrowed.count(book::all()).await.unwrap(), rows().await), (2, 6));
    // Nothing is linked to a row that is deleted, and nothing from one.
    assert_eq!(nowhere(borrowed.link(&b).await), "Loan.book");
    assert_eq!(nowhere(borrowed.set([&a, &b]).await), "Loan.book");
    assert_eq!(nowhere(db.books().readers(&b).link(&ann).await), "Loan.book");
    assert_eq!(nowhere(db.books().readers(&b).create(NewReader::new("Cid")).await), "Loan.book");
    assert_eq!((borrowed.count(book::all()).await.unwrap(), rows().await), (2, 6));
    // Those that are live; that of the deleted row went when others were set.
    assert_eq!(borrowed.unlink_all().await.unwrap(), 2);
    assert_eq!(rows().await, 6);
}

#[apply(on_every_database)]
async fn what_is_deleted_through_a_link_keeps_what_cannot_be_marked(at: &Database) {
    let Library { db, ann, bob, books: [a, _, c] } = library(at).await;
    assert_eq!(db.readers().books(&ann).delete(book::all()).await.unwrap(), 1);
    // The row and every link to it are marked, Bob's too.
    assert!(db.books().get(a.id).with_deleted().await.unwrap().deleted_at.is_some());
    assert_eq!(db.loans().find().with_deleted().count().await.unwrap(), 5);
    assert_eq!(db.loans().count(loan::book_id().eq(a.id)).await.unwrap(), 0);
    assert_eq!(db.readers().wished(&ann).delete(book::all()).await.unwrap(), 1);
    assert_eq!(db.readers().wished(&ann).count(book::all()).await.unwrap(), 0);
    assert_eq!(db.wishes().count(wish::all()).await.unwrap(), 5, "rows that are there still are wished still");
    // Restored, a row is linked as its links are.
    db.books().restore_by_id(c.id).await.unwrap();
    db.books().restore_by_id(a.id).await.unwrap();
    assert_eq!(db.readers().wished(&ann).count(book::all()).await.unwrap(), 2);
    assert_eq!(db.readers().books(&bob).count(book::all()).await.unwrap(), 0);
    assert_eq!(db.loans().restore_where(loan::book_id().eq(a.id)).await.unwrap(), 2);
    assert_eq!(titles(&db.readers().books(&bob).find().await.unwrap()), "a");
}

#[apply(on_every_database)]
async fn changes_reach_live_rows_only(at: &Database) {
    let Library { db, ann, books: [_, b, _], .. } = library(at).await;
    let patch = || relata_conformance::deleted::BookPatch { title: Some("x".into()) };
    assert_eq!(db.readers().books(&ann).patch(book::all(), patch()).await.unwrap(), 1);
    assert_eq!(db.readers().wished(&ann).patch(book::title().ne("x"), patch()).await.unwrap(), 1);
    assert_eq!(db.books().get(b.id).with_deleted().await.unwrap().title, "b");
    assert_eq!(db.readers().wished(&ann).unlink_all().await.unwrap(), 3);
}

#[apply(on_every_database)]
async fn lists_leave_deleted_rows_out(at: &Database) {
    let Library { db, ann, books, .. } = library(at).await;
    let shelf = db.readers().shelf(&ann);
    assert_eq!(code(shelf.set(books.iter()).await), "foreign_key");
    shelf.set([&books[2], &books[0]]).await.unwrap();
    db.books().delete_by_id(books[0].id).await.unwrap();
    assert_eq!(titles(&shelf.find().await.unwrap()), "c");
    assert_eq!(titles(&shelf.find().with_deleted().await.unwrap()), "ca");
    assert_eq!(titles(&shelf.find().with_deleted().offset(1).await.unwrap()), "a");
    for (scope, expected) in [
        (reader::shelf(), "c"),
        (reader::shelf().with_deleted(), "ca"),
        (reader::shelf().with_deleted().limit(1), "c"),
        (reader::shelf().offset(1), ""),
    ] {
        assert_eq!(titles(&db.readers().get(ann.id).include(scope).await.unwrap().shelf), expected);
    }
    let any = |scope: relata::Scope<reader::shelf>| db.readers().count(scope.any(book::title().eq("a")));
    assert_eq!(any(reader::shelf()).await.unwrap(), 0);
    assert_eq!(any(reader::shelf().with_deleted()).await.unwrap(), 1);
    let row = db.readers().get(ann.id).include(reader::shelf().count()).await.unwrap();
    assert_eq!(row.shelf, 1);
    shelf.remove(&books[0]).await.unwrap();
    assert_eq!(db.readers().get(ann.id).await.unwrap().shelf_ids, [books[2].id]);
}

#[apply(on_every_database)]
async fn deleted_rows_of_one_of_several_models_are_left_out(at: &Database) {
    let Library { db, ann, books: [a, b, _], .. } = library(at).await;
    let tune: Record = db.records().create(NewRecord::new("tune")).await.unwrap();
    let owned = db.readers().owned(&ann);
    owned.books().link(&a).await.unwrap();
    owned.records().link(&tune).await.unwrap();
    assert_eq!(nowhere(owned.books().link(&b).await), "Holding.Reader.owned");
    let stray = NewHolding::new(ann.id, b.id, "Book");
    db.holdings().create(stray).await.unwrap();
    let [has_a, has_tune] = [ReaderOwned::Book(a.clone()), ReaderOwned::Record(tune.clone())];
    assert_eq!(owned.find().await.unwrap(), [has_a.clone(), has_tune.clone()]);
    let row = db.readers().get(ann.id).include(reader::owned()).await.unwrap();
    assert_eq!(row.owned, [has_a, has_tune.clone()]);
    let all = reader::owned().of(reader::owned::book().with_deleted().order_by(book::title()));
    assert_eq!(db.readers().get(ann.id).include(all).await.unwrap().owned.len(), 3);
    assert_eq!(db.readers().count(reader::owned::book().any(book::title().eq("b"))).await.unwrap(), 0);
    let deleted = reader::owned::book().with_deleted().any(book::title().eq("b"));
    assert_eq!(db.readers().count(deleted).await.unwrap(), 1);
    owned.books().unlink(&a).await.unwrap();
    assert_eq!(owned.find().await.unwrap(), [has_tune]);
    owned.books().link(&a).await.unwrap();
    assert_eq!(owned.delete().await.unwrap(), 2);
    assert_eq!(db.records().find_by_id(tune.id).await.unwrap(), None);
    assert!(db.books().get(a.id).with_deleted().await.unwrap().deleted_at.is_some());
}

#[apply(on_every_database)]
async fn a_relation_to_one_of_several_models_leads_to_live_rows(at: &Database) {
    let Library { db, ann, books: [a, b, _], .. } = library(at).await;
    let tune = db.records().create(NewRecord::new("tune")).await.unwrap();
    let of_a = db.books().reviews(&a).create(book::NewReview::new("fine")).await.unwrap();
    let of_tune = db.records().reviews(&tune).create(record::NewReview::new("loud")).await.unwrap();
    let of_ann = db.readers().reviews(&ann).create(reader::NewReview::new("kind")).await.unwrap();
    let of_b = db.reviews().create(NewReview::new("gone", b.id, "Book")).await.unwrap();
    assert_eq!(code(db.books().reviews(&b).create(book::NewReview::new("late")).await), "foreign_key");
    assert_eq!((of_a.about_id, &*of_a.about_type), (a.id, "Book"));

    // Required, and yet there may be none: what it leads to can be deleted.
    let rows = db.reviews().find().order_by(review::id()).include(review::about()).await.unwrap();
    let found: Vec<Option<ReviewAbout>> = rows.into_iter().map(|row| row.about).collect();
    let [book, record] = [ReviewAbout::Book(a.clone()), ReviewAbout::Record(tune.clone())];
    assert_eq!(found, [Some(book.clone()), Some(record.clone()), Some(ReviewAbout::Reader(ann.clone())), None]);
    let all = review::about().of(review::about::book().with_deleted());
    let rows = db.reviews().find().order_by(review::id()).include(all).await.unwrap();
    assert!(rows.iter().all(|row| row.about.is_some()));
    assert_eq!(db.reviews().about(&of_tune).await.unwrap(), Some(record));
    assert_eq!(db.reviews().about(&of_b).await.unwrap(), None, "deleted, and not lost");
    let count = async |condition| db.reviews().count(condition).await.unwrap();
    assert_eq!(count(review::about::book().matches(book::all())).await, 1);
    assert_eq!(count(review::about::book().with_deleted().matches(book::all())).await, 2);
    assert_eq!(count(!review::about::book().matches(book::all())).await, 3);

    // Answers that are deleted themselves.
    db.reviews().delete_where(review::id().is_in([of_a.id, of_ann.id])).await.unwrap();
    let books = db.books().find().order_by(book::title()).include(book::reviews()).await.unwrap();
    assert!(books.iter().all(|book| book.reviews.is_empty()));
    let books = db.books().find().order_by(book::title()).include(book::reviews().with_deleted()).await.unwrap();
    assert_eq!(books.iter().map(|book| book.reviews.len()).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(db.books().count(book::reviews().any(review::all())).await.unwrap(), 0);
    assert_eq!(db.books().reviews(&a).find().with_deleted().await.unwrap().len(), 1);
    assert_eq!(db.books().reviews(&a).delete(review::all()).await.unwrap(), 0);
    assert_eq!(code(db.reviews().about(&of_a).await), "not_found");

    // One answer at most, of live ones.
    let first = db.records().sleeve(&tune).create(record::NewSleeve {}).await.unwrap();
    assert_eq!(code(db.records().sleeve(&tune).create(record::NewSleeve {}).await), "conflict");
    assert_eq!(db.records().sleeve(&tune).delete().await.unwrap(), 1);
    let second = db.records().sleeve(&tune).create(record::NewSleeve {}).await.unwrap();
    assert_ne!(first.id, second.id);
    let row = db.records().get(tune.id).include(record::sleeve()).await.unwrap();
    assert_eq!(row.sleeve, Some(second.clone()));
    assert_eq!(db.sleeves().of(&second).await.unwrap(), Some(SleeveOf::Record(tune)));
    assert_eq!(db.sleeves().create(NewSleeve::new()).await.unwrap().of_id, None);
    assert_eq!(db.sleeves().count(sleeve::all()).await.unwrap(), 2);
}

#[apply(on_every_database)]
async fn links_are_chosen_by_how_many_there_are(at: &Database) {
    let Library { db, ann, books: [_, _, c], .. } = library(at).await;
    db.readers().books(&ann).link(&c).await.unwrap();
    // The condition reads the table that is changed.
    let of_many = || loan::reader().matches(reader::books().count().gt(1));
    let patch = relata_conformance::deleted::LoanPatch { day: Some(Some(7)), ..Default::default() };
    assert_eq!(db.loans().patch_where(of_many(), patch).await.unwrap(), 3);
    let late = reader::books().filter_link(loan::day().eq(7)).count();
    assert_eq!(db.loans().delete_where(loan::reader().matches(late.gt(0))).await.unwrap(), 3);
    let of_many = wish::reader().matches(reader::wished().count().gt(1));
    assert_eq!(db.wishes().delete_where(of_many).await.unwrap(), 3);
}
