//! Conditions: every operator, NULL, and what related rows say about a row.

use macro_rules_attribute::apply;
use relata::Condition;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::shop::{
    Customer, CustomerPatch, Db, NewCategory, NewCustomer, Order, category, customer, order, order_item, product,
};

use crate::support::{empty_shop, items, shop};

/// No ids.
const NONE: [i64; 0] = [];

/// The ids of the customers that match, in order.
async fn ids(db: &Db, condition: Condition<Customer>) -> Vec<i64> {
    let rows = db.customers().find().filter(condition).order_by(customer::id()).await.unwrap();
    rows.iter().map(|row| row.id).collect()
}

/// Customers 1 to n with these cities and scores.
async fn customers(at: &Database, rows: &[(Option<&str>, Option<i64>)]) -> Db {
    let db = empty_shop(at).await;
    let new = rows.iter().enumerate().map(|(n, &(city, score))| NewCustomer {
        city: city.map(Into::into),
        score,
        ..NewCustomer::new(format!("c{n}"), format!("c{n}@x"))
    });
    db.customers().create_many(new).await.unwrap();
    db
}

async fn scores(at: &Database) -> Db {
    customers(at, &[(None, Some(-1)), (None, Some(0)), (None, Some(1)), (None, None), (None, Some(i64::MAX))]).await
}

#[apply(on_every_database)]
async fn comparisons_do_not_match_null(at: &Database) {
    let db = scores(at).await;
    let score = customer::score;
    assert_eq!(ids(&db, score().eq(0)).await, [2]);
    assert_eq!(ids(&db, score().ne(0)).await, [1, 3, 5]);
    assert_eq!(ids(&db, score().gt(0)).await, [3, 5]);
    assert_eq!(ids(&db, score().ge(0)).await, [2, 3, 5]);
    assert_eq!(ids(&db, score().lt(0)).await, [1]);
    assert_eq!(ids(&db, score().le(0)).await, [1, 2]);
    assert_eq!(ids(&db, score().between(0, 1)).await, [2, 3]);
    assert_eq!(ids(&db, score().between(1, 0)).await, NONE);
    assert_eq!(ids(&db, score().is_null()).await, [4]);
    assert_eq!(ids(&db, score().is_not_null()).await, [1, 2, 3, 5]);
    let reference = 0;
    assert_eq!(ids(&db, score().eq(&reference)).await, [2]);
}

#[apply(on_every_database)]
async fn negation_of_a_comparison_does_not_match_null_either(at: &Database) {
    let db = scores(at).await;
    let score = customer::score;
    assert_eq!(ids(&db, !score().eq(0)).await, [1, 3, 5]);
    assert_eq!(ids(&db, score().eq(0).not().not()).await, [2]);
    assert_eq!(ids(&db, !score().between(0, 1)).await, [1, 5]);
    assert_eq!(ids(&db, !score().is_null()).await, [1, 2, 3, 5]);
    assert_eq!(ids(&db, !customer::all()).await, NONE);
    assert_eq!(ids(&db, !score().gt(0).or(score().is_null())).await, [1, 2]);
    assert_eq!(ids(&db, !score().gt(0).and(score().is_not_null())).await, [1, 2, 4]);
}

#[apply(on_every_database)]
async fn and_or_and_not_group_as_they_are_written(at: &Database) {
    let db = scores(at).await;
    let score = customer::score;
    let id = customer::id;
    assert_eq!(ids(&db, id().eq(1).or(id().eq(2)).and(score().ge(0))).await, [2]);
    assert_eq!(ids(&db, id().eq(1).or(id().eq(2).and(score().ge(0)))).await, [1, 2]);
    assert_eq!(ids(&db, id().eq(1).and(id().eq(2)).or(id().eq(3))).await, [3]);
    assert_eq!(ids(&db, id().eq(3).and(score().eq(1).or(score().eq(9)))).await, [3]);
    assert_eq!(ids(&db, customer::all().and(id().eq(3))).await, [3]);
    assert_eq!(ids(&db, customer::all().or(id().eq(3))).await, [1, 2, 3, 4, 5]);
    assert_eq!(ids(&db, !id().eq(1).or(id().eq(2))).await, [3, 4, 5]);
}

#[apply(on_every_database)]
async fn lists_of_nothing_match_nothing_and_everything(at: &Database) {
    let db = scores(at).await;
    let none: [i64; 0] = [];
    let score = customer::score;
    assert_eq!(ids(&db, score().is_in(none)).await, NONE);
    assert_eq!(ids(&db, score().not_in(none)).await, [1, 2, 3, 4, 5]);
    assert_eq!(ids(&db, !score().is_in(none)).await, [1, 2, 3, 4, 5]);
    assert_eq!(ids(&db, score().is_in([0, 0, 1, 7])).await, [2, 3]);
    assert_eq!(ids(&db, score().not_in([0, 1])).await, [1, 5]);
    assert_eq!(ids(&db, score().is_in(vec![i64::MAX, i64::MIN])).await, [5]);
    assert_eq!(ids(&db, customer::email().is_in(["c0@x", "c1@x"])).await, [1, 2]);
    let references = [String::from("c0@x")];
    assert_eq!(ids(&db, customer::email().is_in(&references)).await, [1]);
}

#[apply(on_every_database)]
async fn lists_have_any_length(at: &Database) {
    let db = scores(at).await;
    assert_eq!(ids(&db, customer::id().is_in(3..100_003)).await, [3, 4, 5]);
    assert_eq!(ids(&db, customer::id().not_in(3..100_003)).await, [1, 2]);
    assert_eq!(ids(&db, customer::email().is_in((1..10_000).map(|n| format!("c{n}@x")))).await, [2, 3, 4, 5]);
    let twice = customer::id().is_in(0..10_000).and(customer::id().not_in(2..10_000));
    assert_eq!(ids(&db, twice).await, [1]);
    assert_eq!(db.customers().delete_where(customer::id().is_in(2..50_000)).await.unwrap(), 4);
}

#[apply(on_every_database)]
async fn long_chains_of_conditions_work(at: &Database) {
    let db = scores(at).await;
    let any = (0..3_000).map(|n| customer::id().eq(n)).reduce(Condition::or).unwrap();
    assert_eq!(ids(&db, any).await, [1, 2, 3, 4, 5]);
    let all = (6..3_000).map(|n| customer::id().ne(n)).reduce(Condition::and).unwrap();
    assert_eq!(ids(&db, all).await, [1, 2, 3, 4, 5]);
}

#[apply(on_every_database)]
async fn null_is_first_ascending_and_last_descending(at: &Database) {
    let db = scores(at).await;
    let order = async |order: relata::OrderBy<Customer>| {
        let rows = db.customers().find().order_by(order).await.unwrap();
        rows.iter().map(|row| row.score).collect::<Vec<_>>()
    };
    let up = [None, Some(-1), Some(0), Some(1), Some(i64::MAX)];
    assert_eq!(order(customer::score().asc()).await, up);
    let mut down = up;
    down.reverse();
    assert_eq!(order(customer::score().desc()).await, down);
}

#[apply(on_every_database)]
async fn strings_compare_and_sort_by_code_point(at: &Database) {
    let cities = ["a", "B", "b", "", " ", "a ", "Z", "ä", "é", "e\u{301}", "ß", "\u{ffff}", "🦀", "aa", "A"];
    let rows: Vec<_> = cities.iter().map(|&city| (Some(city), None)).collect();
    let db = customers(at, &rows).await;
    let found = db.customers().find().order_by(customer::city()).await.unwrap();
    let mut expected = cities.to_vec();
    expected.sort_unstable();
    assert_eq!(found.iter().map(|row| row.city.as_deref().unwrap()).collect::<Vec<_>>(), expected);
    for (n, city) in (1..).zip(cities) {
        assert_eq!(ids(&db, customer::city().eq(city)).await, [n], "{city:?}");
    }
    let after: Vec<_> = expected.iter().filter(|&&city| city > "a").collect();
    assert_eq!(ids(&db, customer::city().gt("a")).await.len(), after.len());
}

#[apply(on_every_database)]
async fn like_is_case_sensitive_and_ilike_is_not(at: &Database) {
    let db = customers(
        at,
        &[
            (Some("Asgard"), None),
            (Some("asgard"), None),
            (Some("a%b"), None),
            (Some("a_b"), None),
            (Some(r"a\b"), None),
            (None, None),
            (Some(""), None),
            (Some("a\nb"), None),
            (Some("🦀x"), None),
        ],
    )
    .await;
    let city = customer::city;
    assert_eq!(ids(&db, city().like("As%")).await, [1]);
    assert_eq!(ids(&db, city().ilike("AS%")).await, [1, 2]);
    assert_eq!(ids(&db, city().like("a_b")).await, [3, 4, 5, 8]);
    assert_eq!(ids(&db, city().like(r"a\_b")).await, [4]);
    assert_eq!(ids(&db, city().like(r"a\%b")).await, [3]);
    assert_eq!(ids(&db, city().like(r"a\\b")).await, [5]);
    assert_eq!(ids(&db, city().ilike(r"A\_B")).await, [4]);
    assert_eq!(ids(&db, city().like("_x")).await, [9], "a character, not a byte");
    assert_eq!(ids(&db, city().like("")).await, [7]);
    assert_eq!(ids(&db, city().like("%")).await, [1, 2, 3, 4, 5, 7, 8, 9]);
    assert_eq!(ids(&db, city().not_like("%a%")).await, [7, 9]);
    assert_eq!(ids(&db, !city().like("%a%")).await, [7, 9]);
}

#[apply(on_every_database)]
async fn starts_with_and_its_like_take_text_literally(at: &Database) {
    let db = customers(
        at,
        &[
            (Some("100%"), None),
            (Some("100 percent"), None),
            (Some("under_score"), None),
            (Some("underXscore"), None),
            (Some(r"back\slash"), None),
            (Some("back%slash"), None),
            (None, None),
        ],
    )
    .await;
    let city = customer::city;
    assert_eq!(ids(&db, city().starts_with("100%")).await, [1]);
    assert_eq!(ids(&db, city().ends_with("%")).await, [1]);
    assert_eq!(ids(&db, city().contains("r_s")).await, [3]);
    assert_eq!(ids(&db, city().contains(r"k\s")).await, [5]);
    assert_eq!(ids(&db, city().starts_with("100")).await, [1, 2]);
    assert_eq!(ids(&db, city().starts_with("UNDER")).await, NONE);
    assert_eq!(ids(&db, city().contains("")).await, [1, 2, 3, 4, 5, 6]);
    assert_eq!(ids(&db, city().contains("\\")).await, [5]);
}

#[apply(on_every_database)]
async fn ilike_ignores_the_case_of_ascii_letters_among_others(at: &Database) {
    let db =
        customers(at, &[(Some("Ärger in MÜNCHEN"), None), (Some("İstanbul ß"), None), (Some("日本 K"), None)]).await;
    let city = customer::city;
    assert_eq!(ids(&db, city().ilike("Ärger in MÜNCHEN")).await, [1]);
    assert_eq!(ids(&db, city().ilike("ÄRGER IN mÜnchen")).await, [1]);
    assert_eq!(ids(&db, city().ilike("%IN m_nchen")).await, [1]);
    assert_eq!(ids(&db, city().ilike("İSTANBUL ß")).await, [2]);
    assert_eq!(ids(&db, city().ilike("İ%")).await, [2]);
    assert_eq!(ids(&db, city().ilike("日% k")).await, [3]);
    assert_eq!(ids(&db, city().ilike("Arger%")).await, NONE);
    assert_eq!(ids(&db, !city().ilike("日%")).await, [1, 2]);
}

#[apply(on_every_database)]
async fn a_dangling_escape_in_like_is_no_failure(at: &Database) {
    let db = customers(at, &[(Some("a\\"), None), (Some("a"), None)]).await;
    assert_eq!(ids(&db, customer::city().like("a\\")).await, NONE);
    assert_eq!(ids(&db, customer::city().not_like("a\\")).await, [1, 2]);
    assert_eq!(ids(&db, !customer::city().ilike("a\\")).await, [1, 2]);
    assert_eq!(ids(&db, customer::city().like("a\\\\")).await, [1]);
    assert_eq!(ids(&db, customer::city().ilike("a\\\\\\")).await, NONE);
}

#[apply(on_every_database)]
async fn text_of_a_megabyte_is_a_value_like_another(at: &Database) {
    let db = customers(at, &[(Some("x"), None)]).await;
    let long = "%_\\'".repeat(250_000);
    let city = customer::city;
    assert_eq!(ids(&db, city().eq(&*long)).await, NONE);
    assert_eq!(ids(&db, city().is_in([&*long, "x"])).await, [1]);
    // SQLite takes patterns of up to 50,000 bytes.
    let pattern = "%_\\'".repeat(6_000);
    assert_eq!(ids(&db, city().starts_with(&pattern)).await, NONE);
    assert_eq!(ids(&db, city().contains(&pattern)).await, NONE);
    assert_eq!(ids(&db, city().ends_with(&pattern)).await, NONE);
}

#[apply(on_every_database)]
async fn a_row_is_found_by_what_it_belongs_to(at: &Database) {
    let (db, [ann, ..]) = shop(at).await;
    let of = async |condition: Condition<Order>| db.orders().count(condition).await.unwrap();
    assert_eq!(of(order::customer().matches(customer::city().eq("Asgard"))).await, 3);
    assert_eq!(of(order::customer().matches(customer::city().is_null())).await, 1);
    assert_eq!(of(!order::customer().matches(customer::city().eq("Asgard"))).await, 1);
    assert_eq!(of(order::coupon().matches(relata_conformance::shop::coupon::all())).await, 0);
    assert_eq!(of(!order::coupon().matches(relata_conformance::shop::coupon::all())).await, 4);
    let refer = CustomerPatch { referrer_id: Some(Some(ann.id)), ..Default::default() };
    db.customers().patch_where(customer::name().eq("Bob"), refer).await.unwrap();
    assert_eq!(of(order::customer().matches(customer::referrer().matches(customer::name().eq("Ann")))).await, 1);
}

#[apply(on_every_database)]
async fn a_row_is_found_by_what_belongs_to_it(at: &Database) {
    let (db, _) = shop(at).await;
    let orders = customer::orders;
    let big = || order::quantity().ge(3);
    assert_eq!(ids(&db, orders().any(big())).await, [1, 2]);
    assert_eq!(ids(&db, orders().none(big())).await, [3]);
    assert_eq!(ids(&db, orders().all(big())).await, [2, 3], "all of none is true");
    assert_eq!(ids(&db, orders().any(order::all())).await, [1, 2]);
    assert_eq!(ids(&db, orders().none(order::all())).await, [3]);
    assert_eq!(ids(&db, orders().all(order::all())).await, [1, 2, 3]);
    assert_eq!(ids(&db, !orders().any(big())).await, [3]);
    assert_eq!(ids(&db, customer::account().matches(relata_conformance::shop::account::all())).await, NONE);
}

#[apply(on_every_database)]
async fn all_does_not_take_unknown_for_true(at: &Database) {
    let (db, _) = shop(at).await;
    // Every note is NULL: "note is 'x'" is neither true nor false.
    let known = || order::note().eq("x");
    assert_eq!(ids(&db, customer::orders().any(known())).await, NONE);
    assert_eq!(ids(&db, customer::orders().all(known())).await, [3]);
    assert_eq!(ids(&db, customer::orders().none(known())).await, [1, 2, 3]);
    assert_eq!(ids(&db, customer::orders().all(!known())).await, [3]);
    assert_eq!(ids(&db, !customer::orders().all(known())).await, [1, 2]);
}

#[apply(on_every_database)]
async fn conditions_on_related_rows_nest(at: &Database) {
    let (db, _) = shop(at).await;
    items(&db, &db.orders().get(4).await.unwrap()).await;
    let named = |name: &str| order::items().any(order_item::product().matches(product::name().eq(name)));
    assert_eq!(ids(&db, customer::orders().any(named("product 4"))).await, [2]);
    assert_eq!(ids(&db, customer::orders().any(named("product 1"))).await, NONE);
    assert_eq!(ids(&db, customer::orders().none(named("product 4"))).await, [1, 3]);
    let back = customer::orders().any(order::customer().matches(customer::orders().any(order::quantity().eq(2))));
    assert_eq!(ids(&db, back).await, [1]);
    let or_outside = customer::orders().any(named("product 4")).or(customer::name().eq("Cid"));
    assert_eq!(ids(&db, or_outside).await, [2, 3]);
    let or_inside = customer::orders().any(order::quantity().eq(10).or(order::quantity().eq(1)));
    assert_eq!(ids(&db, or_inside).await, [1, 2]);
    let both = customer::orders().any(order::quantity().eq(1)).and(customer::orders().any(order::quantity().eq(2)));
    assert_eq!(ids(&db, both).await, [1]);
}

#[apply(on_every_database)]
async fn a_self_relation_is_asked_about_from_both_sides(at: &Database) {
    let db = empty_shop(at).await;
    let root = db.categories().create(NewCategory::new("root")).await.unwrap();
    let leaf = db.categories().children(&root).create(category::NewChild::new("leaf")).await.unwrap();
    db.categories().children(&leaf).create(category::NewChild::new("bud")).await.unwrap();
    let of = async |condition| {
        let rows = db.categories().find().filter(condition).order_by(category::id()).await.unwrap();
        rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(of(category::parent().matches(category::name().eq("root"))).await, ["leaf"]);
    assert_eq!(of(category::children().any(category::name().eq("leaf"))).await, ["root"]);
    assert_eq!(of(category::children().none(category::all())).await, ["bud"]);
    assert_eq!(of(category::parent().matches(category::parent().matches(category::all()))).await, ["bud"]);
    let uncle = category::children().any(category::children().any(category::name().eq("bud")));
    assert_eq!(of(uncle).await, ["root"]);
}

#[apply(on_every_database)]
async fn writes_take_conditions_on_related_rows(at: &Database) {
    let (db, _) = shop(at).await;
    let of_bob = || order::customer().matches(customer::name().eq("Bob"));
    let note = relata_conformance::shop::OrderPatch { note: Some(Some("b".into())), ..Default::default() };
    assert_eq!(db.orders().patch_where(of_bob(), note).await.unwrap(), 1);
    assert_eq!(db.orders().count(order::note().eq("b")).await.unwrap(), 1);
    assert_eq!(db.orders().delete_where(of_bob()).await.unwrap(), 1);
    assert_eq!(db.customers().delete_where(customer::orders().none(order::all())).await.unwrap(), 2);
    assert_eq!(ids(&db, customer::all()).await, [1]);
}

#[apply(on_every_database)]
async fn conditions_and_scopes_show_no_values(at: &Database) {
    let shown = format!(
        "{:?} {:?} {:?}",
        customer::city().eq("s3cret"),
        customer::orders().filter(order::note().eq("s3cret")),
        empty_shop(at).await.customers().find().filter(customer::city().eq("s3cret"))
    );
    assert!(!shown.contains("s3cret"), "{shown}");
}
