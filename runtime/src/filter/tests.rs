//! Shapes of filters, as JSON and in URLs.

use super::query::read;
use super::tree::Tree;

fn shown(tree: &Tree) -> String {
    match tree {
        Tree::Null => "null".to_owned(),
        Tree::Bool(value) => value.to_string(),
        Tree::Int(value) => value.to_string(),
        Tree::Large(value) => value.to_string(),
        Tree::Real(value) => value.to_string(),
        Tree::Text(text) => format!("{text:?}"),
        Tree::Raw(text) => format!("‹{text}›"),
        Tree::List(list) => format!("[{}]", list.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Tree::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name}: {}", shown(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

fn of(query: &str) -> String {
    read(query).map_or_else(|mistake| mistake.to_string(), |tree| shown(&tree))
}

#[test]
fn brackets_name_members_and_lists() {
    for (query, expected) in [
        ("", "{}"),
        ("page=2&other[where]=x", "{}"),
        ("filter=", "{}"),
        ("filter[where][name]=Ann", "{where: {name: ‹Ann›}}"),
        ("?filter[where][age][gt]=20&filter[where][age][lt]=30", "{where: {age: {gt: ‹20›, lt: ‹30›}}}"),
        ("filter[where][age][inq][]=20&filter[where][age][inq][]=30", "{where: {age: {inq: [‹20›, ‹30›]}}}"),
        ("filter[where][or][1][a]=2&filter[where][or][0][a]=1", "{where: {or: [{a: ‹1›}, {a: ‹2›}]}}"),
        ("filter%5Bwhere%5D%5Bname%5D=%C3%89ve+B%2B", "{where: {name: ‹Éve B+›}}"),
        ("filter[include][]=a&filter[include][]=b", "{include: [‹a›, ‹b›]}"),
        (
            "filter[include][][relation]=a&filter[include][][scope][limit]=1&filter[include][][relation]=b",
            "{include: [{relation: ‹a›, scope: {limit: ‹1›}}, {relation: ‹b›}]}",
        ),
        ("filter[limit]", "{limit: ‹›}"),
        // A list has no gaps.
        ("filter[include][0]=a&filter[include][2]=b", "{include: {0: ‹a›, 2: ‹b›}}"),
        ("filter[include][]=a&filter[include][x]=b", "{include: {: ‹a›, x: ‹b›}}"),
    ] {
        assert_eq!(of(query), expected, "{query}");
    }
}

#[test]
fn what_is_no_form_of_a_filter_is_refused() {
    let deep = format!("filter{}=1", "[a]".repeat(65));
    for (query, expected) in [
        ("filter[where=1", "in the name of a parameter, brackets do not match"),
        ("filter[where]x=1", "in the name of a parameter, brackets do not match"),
        (deep.as_str(), "in the name of a parameter, brackets are nested too deep"),
        ("filter[limit]=1&filter[limit]=2", "`filter[limit]` is given twice"),
        ("filter[where][a]=1&filter[where][a][gt]=2", "`filter[where][a][gt]` is given twice, or with members"),
        ("filter={}&filter={}", "`filter` is given twice"),
        ("filter={}&filter[limit]=1", "as a whole and in parts"),
        ("filter[where][a]=%ff", "percent-encoded"),
        ("filter[where][a]=%4", "percent-encoded"),
    ] {
        let found = of(query);
        assert!(found.contains(expected), "{query}: {found}");
    }
    let many = "filter[where][a][inq][]=1&".repeat(2_001);
    assert!(of(&many).contains("at most 2000 parameters"));
}

#[cfg(feature = "json")]
#[test]
fn json_stands_in_one_parameter() {
    assert_eq!(of("filter=%7B%22limit%22%3A1%2C%22where%22%3A%7B%22a%22%3Anull%7D%7D"), "{limit: 1, where: {a: null}}");
    for (query, expected) in [
        ("filter={bad", "`filter` is no JSON: line 1, column 2"),
        (
            "filter=[]",
            "a filter is an object with `where`, `order`, `limit`, `skip`, `offset`, `fields`, `include`, not a list",
        ),
        ("filter=\"x\"", "not a string"),
        ("filter=null", "not null"),
        (r#"filter={"limit":1,"limit":2}"#, "a name stands twice in one object"),
    ] {
        let found = of(query);
        assert!(found.contains(expected), "{query}: {found}");
    }
    // Nothing in it overflows a stack.
    assert!(of(&format!("filter={}", r#"{"and":["#.repeat(100_000))).contains("no JSON"));
}
