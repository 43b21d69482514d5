//! Random values within rows, and conditions on them.

use proptest::prelude::*;
use relata::Condition;
use relata_conformance::database::Database;
use relata_conformance::embeds::{Db, NewPerson, Person, Place, Point, person, place, point};

use super::condition::{On, OnText, Quantifier, Tree, on, on_text, quantifier, tree};
use super::data::{int, text};

/// A person as it is to be stored.
#[derive(Debug, Clone)]
pub(super) struct Holder {
    home: Place,
    work: Option<Place>,
    places: Vec<Place>,
}

fn a_place() -> impl Strategy<Value = Place> + Clone {
    let point = (int(), prop::option::weighted(0.7, int())).prop_map(|(x, y)| Point { x, y });
    let tags = prop::collection::vec(text(), 0..3);
    (text(), prop::option::weighted(0.7, point), tags).prop_map(|(city, point, tags)| Place {
        street: "s".into(),
        city,
        zip: None,
        point,
        tags,
    })
}

/// Some people.
pub(super) fn holders() -> impl Strategy<Value = Vec<Holder>> {
    let holder = (a_place(), prop::option::weighted(0.7, a_place()), prop::collection::vec(a_place(), 0..4));
    prop::collection::vec(holder.prop_map(|(home, work, places)| Holder { home, work, places }), 1..6)
}

/// The people in a table that holds nothing else; ids count from 1.
pub(super) async fn store(at: &Database, holders: &[Holder]) -> Db {
    let db: Db = at.open_empty().await.unwrap();
    let new = holders.iter().map(|holder| NewPerson {
        work: holder.work.clone(),
        places: Some(holder.places.clone()),
        ..NewPerson::new("name", holder.home.clone())
    });
    db.people().create_many(new).await.unwrap();
    db
}

pub(super) type OnPerson = Tree<PersonLeaf>;
type OnPlace = Tree<PlaceLeaf>;
type OnPoint = Tree<PointLeaf>;

#[derive(Debug, Clone)]
pub(super) enum PersonLeaf {
    Home(OnPlace),
    Work(OnPlace),
    NoWork,
    Places(Quantifier, OnPlace),
}

#[derive(Debug, Clone)]
pub(super) enum PlaceLeaf {
    City(OnText),
    Tag(String),
    Point(OnPoint),
    NoPoint,
}

#[derive(Debug, Clone)]
pub(super) enum PointLeaf {
    X(On<i64>),
    Y(On<i64>),
}

/// Conditions on people.
pub(super) fn on_person() -> BoxedStrategy<OnPerson> {
    let point = tree(prop_oneof![on(int()).prop_map(PointLeaf::X), on(int()).prop_map(PointLeaf::Y)].boxed());
    let place = prop_oneof![
        on_text().prop_map(PlaceLeaf::City),
        text().prop_map(PlaceLeaf::Tag),
        point.prop_map(PlaceLeaf::Point),
        Just(PlaceLeaf::NoPoint),
    ];
    let place = tree(place.boxed());
    let person = prop_oneof![
        place.clone().prop_map(PersonLeaf::Home),
        place.clone().prop_map(PersonLeaf::Work),
        Just(PersonLeaf::NoWork),
        (quantifier(), place).prop_map(|(quantifier, place)| PersonLeaf::Places(quantifier, place)),
    ];
    tree(person.boxed())
}

impl OnPerson {
    pub(super) fn of(&self, holder: &Holder) -> Option<bool> {
        self.truth(&|leaf| {
            Some(match leaf {
                PersonLeaf::Home(inner) => inner.of(&holder.home) == Some(true),
                PersonLeaf::Work(inner) => holder.work.as_ref().is_some_and(|work| inner.of(work) == Some(true)),
                PersonLeaf::NoWork => holder.work.is_none(),
                PersonLeaf::Places(quantifier, inner) => {
                    quantifier.of(holder.places.iter().map(|place| inner.of(place)))
                }
            })
        })
    }

    pub(super) fn to_condition(&self) -> Condition<Person> {
        self.written(person::all, &|leaf| match leaf {
            PersonLeaf::Home(inner) => person::home().matches(inner.to_condition()),
            PersonLeaf::Work(inner) => person::work().matches(inner.to_condition()),
            PersonLeaf::NoWork => person::work().is_null(),
            PersonLeaf::Places(Quantifier::Any, inner) => person::places().any(inner.to_condition()),
            PersonLeaf::Places(Quantifier::None, inner) => person::places().none(inner.to_condition()),
            PersonLeaf::Places(Quantifier::All, inner) => person::places().all(inner.to_condition()),
        })
    }
}

impl OnPlace {
    fn of(&self, place: &Place) -> Option<bool> {
        self.truth(&|leaf| match leaf {
            PlaceLeaf::City(on) => on.of(Some(&place.city)),
            PlaceLeaf::Tag(tag) => Some(place.tags.contains(tag)),
            PlaceLeaf::Point(inner) => Some(place.point.as_ref().is_some_and(|point| inner.of(point) == Some(true))),
            PlaceLeaf::NoPoint => Some(place.point.is_none()),
        })
    }

    fn to_condition(&self) -> Condition<Place> {
        self.written(place::all, &|leaf| match leaf {
            PlaceLeaf::City(on) => on.to_condition(place::city()),
            PlaceLeaf::Tag(tag) => place::tags().has(tag),
            PlaceLeaf::Point(inner) => place::point().matches(inner.to_condition()),
            PlaceLeaf::NoPoint => place::point().is_null(),
        })
    }
}

impl OnPoint {
    fn of(&self, point: &Point) -> Option<bool> {
        self.truth(&|leaf| match leaf {
            PointLeaf::X(on) => on.of(Some(&point.x)),
            PointLeaf::Y(on) => on.of(point.y.as_ref()),
        })
    }

    fn to_condition(&self) -> Condition<Point> {
        self.written(point::all, &|leaf| match leaf {
            PointLeaf::X(on) => on.to_condition(point::x()),
            PointLeaf::Y(on) => on.to_condition(point::y()),
        })
    }
}
