//! Pictures as committed: `UPDATE_EXPECT=1` renews them, except where `CI` is set.

use std::fs;
use std::path::{Path, PathBuf};

use relata_compiler::picture::PictureFormat;

use crate::schemas::{committed, drawn, root};

const FORMATS: [(PictureFormat, &str); 3] =
    [(PictureFormat::Mermaid, "mmd"), (PictureFormat::Dot, "dot"), (PictureFormat::Svg, "svg")];

#[track_caller]
fn holds(file: &Path, text: &str) {
    let committed = fs::read_to_string(file).map(|text| text.replace("\r\n", "\n")).unwrap_or_default();
    if committed == text {
        return;
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none() {
        fs::create_dir_all(file.parent().expect("it is in a folder")).expect("a folder can be made");
        fs::write(file, text).expect("a picture can be written");
        return;
    }
    let same = committed.lines().zip(text.lines()).take_while(|(old, new)| old == new).count();
    panic!(
        "{} is stale; renew it with `UPDATE_EXPECT=1 cargo test --test graph`\nline {}: {:?}\nnow {:?}",
        file.display(),
        same + 1,
        committed.lines().nth(same),
        text.lines().nth(same)
    );
}

#[test]
fn committed_pictures_are_what_the_schemas_give() {
    for (name, path) in committed() {
        for (format, extension) in FORMATS {
            let file = root().join(format!("tests/fixtures/picture/out/{name}.{extension}"));
            holds(&file, &drawn(&path, format));
        }
    }
}

#[test]
fn the_page_shows_what_the_shop_gives() {
    let shop = &committed()[0].1;
    holds(&root().join("docs/shop.svg"), &drawn(shop, PictureFormat::Svg));
    let page: PathBuf = root().join("docs/graph.md");
    let text = fs::read_to_string(&page).expect("the page is there").replace("\r\n", "\n");
    let (before, rest) = text.split_once("```mermaid\n").expect("the page shows the shop");
    let (_, after) = rest.split_once("```\n").expect("its block ends");
    holds(&page, &format!("{before}```mermaid\n{}```\n{after}", drawn(shop, PictureFormat::Mermaid)));
}

#[test]
fn the_order_of_files_does_not_show() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shop = root().join("schemas/shop");
    let mut files: Vec<_> = fs::read_dir(&shop).expect("readable").map(|file| file.expect("a file").path()).collect();
    files.sort();
    for (number, file) in files.iter().rev().enumerate() {
        fs::copy(file, folder.path().join(format!("{number}.yaml"))).expect("a copy can be made");
    }
    for (format, _) in FORMATS {
        assert_eq!(drawn(folder.path(), format), drawn(&shop, format));
    }
}

/// The heart of the picture, spelt out: each line with what stands at its ends.
#[test]
fn lines_say_how_many_and_how_strong() {
    let text = drawn(&committed()[1].1, PictureFormat::Mermaid);
    for (line, why) in [
        (r#"Person ||--o{ Post : "posts / author""#, "both directions of a required belongsTo"),
        (r#"Person |o--o{ Person : "team / boss""#, "an optional self relation, its two directions once"),
        (r#"Person ||--o| Passport : "passport / person""#, "a hasOne"),
        (r#"Person |o..o{ Bill : "payer""#, "weak across datasources"),
        (r#"Bill ||--o{ Reminder : "bill""#, "a composite key"),
        (r#"Post ||..o{ Comment : "comments / subject [subjectType]""#, "polymorphic, with its answer"),
        (r#"Photo ||..o{ Comment : "comments / subject [subjectType]""#, "one line to each target"),
        (r#"Person |o..o| Card : "wallet [walletType]""#, "a polymorphic hasOne"),
        (r#"Post ||--o{ PostTag : "tags → Tag / post""#, "the way through a link"),
        (r#"Person ||..o{ Friendship : "friends → Person""#, "through a link without relations of its own"),
        (r#"Tag }o..o{ Person : "interests""#, "referencesMany"),
        (r#"Person ||--o{ Place : "home, holidays (embedded)""#, "values, one of them a list"),
        (r#"Entry ||..|| Post : "extends""#, "a base"),
    ] {
        let found = text.lines().filter(|written| written.trim() == line).count();
        assert_eq!(found, 1, "{why}: {line}\n{text}");
    }
    assert_eq!(text.matches(" : \"").count(), 17, "and nothing is drawn twice\n{text}");
}
