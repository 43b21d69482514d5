//! Values within rows, bases, and what models and properties say besides.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::forms::{
    NewBarn, NewMap, NewSample, NewShed, Point, SamplePatch, Tone, barn, map, sample, shed, town,
};
use relata_conformance::on_every_database;

use super::{World, world};
use crate::support::code;

#[apply(on_every_database)]
async fn embedded_values(at: &Database) {
    let World { db, .. } = world(at).await;
    let point = |east| Point { east, north: None };
    let plain = db.maps().create(NewMap::new(point(1))).await.unwrap();
    assert_eq!((plain.point, plain.middle, plain.points, plain.corners), (None, point(1), vec![], vec![]));
    let new = NewMap {
        point: Some(point(2)),
        points: Some(vec![point(3), point(4)]),
        corners: Some(vec![point(5)]),
        ..NewMap::new(point(6))
    };
    let full = db.maps().create(new).await.unwrap();
    assert_eq!(db.maps().get(full.id).await.unwrap(), full);
    for condition in [
        map::point().matches(relata_conformance::forms::point::east().eq(2)),
        map::middle().matches(relata_conformance::forms::point::east().eq(6)),
        map::points().any(relata_conformance::forms::point::east().eq(4)),
        map::corners().any(relata_conformance::forms::point::east().eq(5)),
    ] {
        assert_eq!(db.maps().find().filter(condition).await.unwrap(), [full.clone()]);
    }
}

#[apply(on_every_database)]
async fn a_model_with_a_table_is_extended(at: &Database) {
    let World { db, here, .. } = world(at).await;
    let one = db.barns().create(NewBarn::new(1, here.id)).await.unwrap();
    assert_eq!((one.part, one.created_at), (Some(1), one.updated_at));
    assert_eq!(code(db.barns().create(NewBarn::new(1, here.id)).await), "conflict");
    // Its rows, its keys and its index are its own.
    let shed = db.sheds().create(NewShed { tool: Some("rake".into()), ..NewShed::new(1, here.id) }).await.unwrap();
    assert_eq!(code(db.sheds().create(NewShed::new(1, here.id)).await), "conflict");
    let row = db.sheds().get(shed.id).include(shed::town()).await.unwrap();
    assert_eq!((row.town.id, db.barns().town(&one).await.unwrap().id), (here.id, here.id));
    assert_eq!(db.barns().count(barn::town().matches(town::code().eq("here"))).await.unwrap(), 1);
    db.sheds().delete_by_id(shed.id).await.unwrap();
    assert_eq!(db.sheds().count(shed::all()).await.unwrap(), 0);
    assert_eq!(db.sheds().find().with_deleted().count().await.unwrap(), 1);
    assert_eq!(db.sheds().restore_by_id(shed.id).await.unwrap().tool.as_deref(), Some("rake"));
}

#[apply(on_every_database)]
async fn every_type(at: &Database) {
    let World { db, .. } = world(at).await;
    let plain = db.samples().create(NewSample::new(1, "a")).await.unwrap();
    assert_eq!((plain.boolean, plain.tone, plain.version), (Some(true), Some(Tone::ThreeD), 1));
    assert!(plain.date.is_some() && plain.datetime.is_some() && plain.uuid.is_some() && plain.time.is_none());
    let point = Point { east: 1, north: Some(2) };
    let new = NewSample {
        text: Some("t".into()),
        integer: Some(9),
        number: Some(0.5),
        decimal: Some("1.25".parse().unwrap()),
        time: Some("01:02:03".parse().unwrap()),
        json: Some(serde_json::json!({ "a": [1] })),
        any: Some(serde_json::json!(null)),
        bytes: Some(vec![0, 255]),
        buffer: Some(Vec::new()),
        tone: Some(Tone::Low),
        point: Some(point.clone()),
        secret: Some("s".into()),
        strings: Some(vec!["a".into()]),
        texts: Some(vec![String::new()]),
        integers: Some(vec![i64::MAX]),
        wholes: Some(vec![1, 2]),
        smalls: Some(vec![i32::MIN]),
        numbers: Some(vec![1.5]),
        decimals: Some(vec!["0.01".parse().unwrap()]),
        booleans: Some(vec![true, false]),
        dates: Some(vec!["2024-02-29".parse().unwrap()]),
        times: Some(vec!["23:59:59".parse().unwrap()]),
        datetimes: Some(vec!["2024-02-29T12:00:00Z".parse().unwrap()]),
        uuids: Some(vec![uuid::Uuid::nil()]),
        jsons: Some(vec![serde_json::json!(null), serde_json::json!({})]),
        bytes_list: Some(vec![vec![1]]),
        tones: Some(vec![Tone::Low, Tone::ThreeD]),
        points: Some(vec![point]),
        ..NewSample::new(2, "b")
    };
    let full = db.samples().create(new.clone()).await.unwrap();
    assert_eq!(db.samples().get(2).await.unwrap(), full);
    assert_eq!((full.points.len(), full.integers[0], &full.jsons[1]), (1, i64::MAX, &serde_json::json!({})));
    assert!(!serde_json::to_string(&full).unwrap().contains("secret"));
    assert_eq!(code(db.samples().create(NewSample { id: 3, ..new }).await), "conflict");
    let raised = SamplePatch { integer: Some(Some(10)), ..Default::default() };
    assert_eq!(code(db.samples().patch_by_id(2, raised).await), "validation");
    assert_eq!(db.samples().count(sample::integer().eq(9)).await.unwrap(), 1);
}
