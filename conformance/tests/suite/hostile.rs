//! Models, properties, tables and columns whose names mean something elsewhere.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::hostile::{
    self, Db, NewANameOfSixtyThreeBytesWhichIsTheLongestThatAnyDatabaseAcceptsOk as NewLongOne, NewOption, NewResult,
    NewRowless, NewSelf2, NewString, NewVec, into, option, result, rowless, self2, string, vec,
};
use relata_conformance::on_every_database;

#[apply(on_every_database)]
async fn a_model_may_be_called_option_or_string(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let made: hostile::Option = db.options().create(NewOption::new()).await.unwrap();
    let strings = db.options().strings(&made).create_many([option::NewString::new(), option::NewString::new()]);
    let strings: Vec<hostile::String> = strings.await.unwrap();
    assert_eq!(db.options().get(made.id).include(option::strings()).await.unwrap().strings, strings);
    assert_eq!(db.strings().option(&strings[0]).await.unwrap(), Some(made));
}

#[apply(on_every_database)]
async fn keywords_are_properties(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let word = |text: &str| Some(text.to_owned());
    let new = NewOption {
        r#type: word("type"),
        r#match: word("match"),
        r#fn: word("fn"),
        r#async: word("async"),
        r#loop: word("loop"),
        select: word("select"),
        order: word("order"),
        row: word("row"),
        key: word("key"),
        value: word("value"),
        handle: word("handle"),
        meta: word("meta"),
    };
    let row = db.options().create(new).await.unwrap();
    let all = option::r#type()
        .eq("type")
        .and(option::r#match().eq("match"))
        .and(option::r#loop().like("lo%"))
        .and(option::select().is_in(["select"]))
        .and(option::order().starts_with("o"));
    let order = (option::order().desc(), option::select().asc(), option::value().asc());
    assert_eq!(db.options().find().filter(all).order_by(order).limit(1).await.unwrap(), [row.clone()]);
    let json = serde_json::to_value(&row).unwrap();
    assert_eq!((&json["type"], &json["fn"]), (&"type".into(), &"fn".into()));
    assert_eq!(db.options().replace(row.clone()).await.unwrap(), row);
}

#[apply(on_every_database)]
async fn columns_may_hide_the_names_of_the_row_id(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let parent = db.options().create(NewOption::new()).await.unwrap();
    let new = |n: i32| NewString {
        rowid: Some(format!("r{n}")),
        oid: Some("o".into()),
        row_number: Some("n".into()),
        option_id: Some(parent.id),
        ..NewString::new()
    };
    db.strings().create_many((0..4).map(new)).await.unwrap();
    let scope = option::strings().order_by(string::rowid().desc()).limit(2);
    let rows = db.options().find().include(scope).await.unwrap();
    let names: Vec<_> = rows[0].strings.iter().map(|row| row.rowid.as_deref().unwrap()).collect();
    assert_eq!(names, ["r3", "r2"]);

    let make = |code: &str, up: Option<&str>| NewRowless { up_code: up.map(Into::into), ..NewRowless::new(code) };
    let rows = [make("a", None), make("b", None), make("a1", Some("a")), make("a2", Some("a")), make("b1", Some("b"))];
    db.rowlesses().create_many(rows).await.unwrap();
    let scope = rowless::downs().order_by(rowless::code().desc()).limit(1);
    let rows = db.rowlesses().find().order_by(rowless::code()).include(scope).await.unwrap();
    let downs: Vec<_> = rows.iter().map(|row| row.downs.first().map(|down| down.code.as_str())).collect();
    assert_eq!(downs, [Some("a2"), None, None, Some("b1"), None]);
}

#[apply(on_every_database)]
async fn a_composite_self_relation_of_keywords(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.vecs().create(NewVec::new("a", "b")).await.unwrap();
    let children =
        (0..3).map(|n| vec::NewVec { group: Some(format!("g{n}")), ..vec::NewVec::new("c", format!("d{n}")) });
    db.vecs().vecs(("a", "b")).create_many(children).await.unwrap();
    let scope = vec::vecs().order_by(vec::r#where().desc()).limit(2).include(vec::up());
    let row = db.vecs().get(("a", "b")).include(scope).await.unwrap();
    let below: Vec<_> = row.vecs.iter().map(|row| (&*row.r#where, row.up.is_some())).collect();
    assert_eq!(below, [("d2", true), ("d1", true)]);
    assert_eq!(db.vecs().count(vec::up().matches(vec::from().eq("a"))).await.unwrap(), 3);
    assert_eq!(db.vecs().delete_where(vec::group().is_not_null()).await.unwrap(), 3);
}

#[apply(on_every_database)]
async fn names_like_the_aliases_of_statements(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let root = db.self2s().create(NewSelf2 { t0: Some("x".into()), ..NewSelf2::new() }).await.unwrap();
    let down = db.self2s().k(&root).create(self2::NewK { t1: Some("y".into()), ..self2::NewK::new() }).await.unwrap();
    let row = db.self2s().get(down.id).include(self2::t2().include(self2::k().limit(1))).await.unwrap();
    let above = row.t2.as_ref().unwrap();
    assert_eq!((above.t0.as_deref(), above.k.len()), (Some("x"), 1));
    let found = self2::t2().matches(self2::t0().eq("x").and(self2::k().any(self2::t1().eq("y"))));
    assert_eq!(db.self2s().find().filter(found).await.unwrap(), [down]);
}

#[apply(on_every_database)]
async fn keywords_lie_within_rows(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let plain = |text: &str| hostile::Into {
        r#type: Some(text.into()),
        from: Some("from".into()),
        value: Some(1),
        v: Some(2),
        t0: Some("t0".into()),
        all2: vec!["v".into()],
        self2: None,
    };
    let made = db.results().create(NewResult::new()).await.unwrap();
    let option = db.options().create(NewOption::new()).await.unwrap();
    db.results()
        .r#match(&made)
        .push(hostile::Into { self2: Some(Box::new(plain("inner"))), ..plain("outer") })
        .await
        .unwrap();
    db.results().str(&made).set(plain("one")).await.unwrap();
    db.results().r#type(&made).add(&option).await.unwrap();
    let inner = into::self2().matches(into::r#type().eq("inner").and(into::t0().eq("t0")));
    let list = result::r#match().any(inner.and(into::from().eq("from")).and(into::all2().has("v")));
    let one = result::str().matches(into::value().eq(1).and(into::v().eq(2)));
    let condition = list.and(one).and(result::r#type().any(option::id().eq(option.id))).and(result::v().has(option.id));
    let found = db.results().find().filter(condition).include(result::r#type()).one().await.unwrap();
    assert_eq!(found.r#type, [option]);
}

#[apply(on_every_database)]
async fn names_of_63_bytes(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let new =
        NewLongOne { a_property_whose_name_is_very_long_indeed_so_that_its_column_is_sixty_three_ok: Some("x".into()) };
    let row = db.long_ones().create(new).await.unwrap();
    assert_eq!(db.long_ones().get(row.id).await.unwrap(), row);
}

#[apply(on_every_database)]
async fn tables_of_hostile_names_are_recognised_as_they_were_made(at: &Database) {
    let _: Db = at.open().await.unwrap();
    let again: Db = at.open().await.unwrap();
    again.create_tables().await.unwrap();
    assert_eq!(again.results().count(result::all()).await.unwrap(), 0);
}
