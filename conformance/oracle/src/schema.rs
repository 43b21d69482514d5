//! Schemas made at random: every kind of relation, in shapes that rows can be made for.

use fastrand::Rng;

/// Models that lead only to themselves and to those before, so that rows can be stored in their order.
#[derive(Debug)]
pub struct Schema {
    /// In the order in which their rows are stored.
    pub models: Vec<Model>,
}

/// One model.
#[derive(Debug)]
pub struct Model {
    /// One word.
    pub name: &'static str,
    /// Its primary key: `id`, or `a` and `b`.
    pub key: &'static [&'static str],
    /// What rows hold besides keys of relations.
    pub properties: Vec<Property>,
    /// In declaration order.
    pub relations: Vec<Relation>,
    /// Deleting sets `deletedAt`.
    pub soft_delete: bool,
    /// Rows tie two others, and nothing else is asked of them.
    pub links: bool,
}

/// One property.
#[derive(Debug, Clone)]
pub struct Property {
    /// One letter, or a word.
    pub name: String,
    /// What it holds.
    pub ty: Type,
    /// Never null.
    pub required: bool,
}

/// What a property holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// `integer`
    Integer,
    /// `string`
    Text,
    /// `boolean`
    Flag,
    /// `Point`, an embedded value: `x`, required, and `s`.
    Point,
    /// `Point[]`
    Points,
}

/// One relation.
#[derive(Debug)]
pub struct Relation {
    /// `r` and a number.
    pub name: String,
    /// How many rows it gives.
    pub cardinality: Cardinality,
    /// Positions of the models that it leads to: one, but for a polymorphic belongsTo.
    pub targets: Vec<usize>,
    /// What ties source and target.
    pub tie: Tie,
    /// A foreign key holds it, where the relation could have one.
    pub strong: bool,
    /// A belongsTo whose key is never null.
    pub required: bool,
}

/// How many rows a relation gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cardinality {
    /// Any number.
    Many,
    /// One, or none.
    Maybe,
    /// One.
    One,
}

/// What ties source and target.
#[derive(Debug, Clone)]
pub enum Tie {
    /// belongsTo: properties of the source hold the target's primary key.
    Belongs(Vec<String>),
    /// hasMany, hasOne: properties of the target hold the source's primary key.
    Has(Vec<String>),
    /// Rows of the model at that position hold both keys, by these properties.
    Through(usize, Vec<String>, Vec<String>),
    /// referencesMany: the property holds a list of ids of the target.
    References(String),
    /// belongsTo with several targets: an id, and the name of the model that has it.
    Polymorphic(String, String),
    /// hasMany that answers such a relation.
    Answers(String, String),
}

const NAMES: &[&str] = &["Alpha", "Beta", "Gamma", "Delta", "Kappa"];
const LINKS: &[&str] = &["Link", "Bond"];

impl Schema {
    /// The model at that position.
    pub fn model(&self, at: usize) -> &Model {
        &self.models[at]
    }
}

impl Relation {
    /// Several models, of which each row names one.
    pub fn is_polymorphic(&self) -> bool {
        matches!(self.tie, Tie::Polymorphic(..))
    }
}

/// The schema of that seed.
pub fn schema(seed: u64) -> Schema {
    let mut rng = Rng::with_seed(seed);
    let mut schema = Schema { models: NAMES.iter().map(|name| model(&mut rng, name)).collect() };
    let mut names = (0..).map(|n| format!("r{n}"));
    let mut name = || names.next().unwrap_or_default();
    for source in 0..schema.models.len() {
        for _ in 0..rng.usize(1..=2) {
            let target = rng.usize(0..=source);
            belongs(&mut schema, &mut rng, &mut name, source, target);
        }
        if rng.bool() {
            let target = rng.usize(0..=source);
            references(&mut schema, &mut name, source, target);
        }
    }
    for link in LINKS {
        through(&mut schema, &mut rng, &mut name, link);
    }
    polymorphic(&mut schema, &mut rng, &mut name);
    schema
}

fn model(rng: &mut Rng, name: &'static str) -> Model {
    let optional = |name: &str, ty| Property { name: name.to_owned(), ty, required: false };
    let mut properties = vec![optional("n", Type::Integer), optional("t", Type::Text), optional("f", Type::Flag)];
    for property in &mut properties {
        property.required = rng.u8(0..4) == 0;
    }
    if rng.bool() {
        properties.push(optional("place", Type::Point));
    }
    if rng.bool() {
        properties.push(Property { name: "places".to_owned(), ty: Type::Points, required: true });
    }
    let key: &[_] = if rng.u8(0..4) == 0 { &["a", "b"] } else { &["id"] };
    let soft_delete = key.len() == 1 && rng.u8(0..3) == 0;
    Model { name, key, properties, relations: Vec::new(), soft_delete, links: false }
}

/// A belongsTo, and nearly always its other side.
fn belongs(schema: &mut Schema, rng: &mut Rng, name: &mut impl FnMut() -> String, source: usize, target: usize) {
    let (here, there) = (name(), name());
    let keys: Vec<_> = match schema.model(target).key {
        [_] => vec![format!("{here}Id")],
        key => key.iter().map(|part| format!("{here}{}", part.to_uppercase())).collect(),
    };
    let required = source != target && rng.bool();
    // What is weak may point at nothing, unless it must be there.
    let strong = required || rng.bool();
    let sure = required && !schema.model(target).soft_delete;
    let one = source != target && !required && keys.len() == 1 && rng.bool();
    schema.models[source].relations.push(Relation {
        name: here,
        cardinality: if sure { Cardinality::One } else { Cardinality::Maybe },
        targets: vec![target],
        tie: Tie::Belongs(keys.clone()),
        strong,
        required,
    });
    if one || rng.u8(0..5) > 0 {
        let cardinality = if one { Cardinality::Maybe } else { Cardinality::Many };
        schema.models[target].relations.push(Relation {
            name: there,
            cardinality,
            targets: vec![source],
            tie: Tie::Has(keys),
            strong,
            required: false,
        });
    }
}

fn references(schema: &mut Schema, name: &mut impl FnMut() -> String, source: usize, target: usize) {
    if schema.model(target).key.len() > 1 {
        return;
    }
    let name = name();
    schema.models[source].relations.push(Relation {
        tie: Tie::References(format!("{name}Ids")),
        name,
        cardinality: Cardinality::Many,
        targets: vec![target],
        strong: false,
        required: false,
    });
}

/// Two models tied by a third, seen from both; the same one twice is a relation to itself.
fn through(schema: &mut Schema, rng: &mut Rng, name: &mut impl FnMut() -> String, link: &'static str) {
    let (first, second) = (rng.usize(0..NAMES.len()), rng.usize(0..NAMES.len()));
    let at = schema.models.len();
    let mut ties = Vec::new();
    let mut relations = Vec::new();
    for target in [first, second] {
        let name = name();
        let keys: Vec<_> =
            schema.model(target).key.iter().map(|part| format!("{name}{}", part.to_uppercase())).collect();
        ties.push(keys.clone());
        relations.push(Relation {
            name,
            cardinality: if schema.model(target).soft_delete { Cardinality::Maybe } else { Cardinality::One },
            targets: vec![target],
            tie: Tie::Belongs(keys),
            strong: true,
            required: true,
        });
    }
    let properties = vec![Property { name: "n".to_owned(), ty: Type::Integer, required: false }];
    let soft_delete = rng.u8(0..3) == 0;
    schema.models.push(Model { name: link, key: &["id"], properties, relations, soft_delete, links: true });
    for (source, target, from, to) in [(first, second, 0, 1), (second, first, 1, 0)] {
        schema.models[source].relations.push(Relation {
            name: name(),
            cardinality: Cardinality::Many,
            targets: vec![target],
            tie: Tie::Through(at, ties[from].clone(), ties[to].clone()),
            strong: false,
            required: false,
        });
    }
}

/// A model that belongs to one of several others, and what they have of it.
fn polymorphic(schema: &mut Schema, rng: &mut Rng, name: &mut impl FnMut() -> String) {
    let targets: Vec<_> = (0..NAMES.len()).filter(|&at| schema.model(at).key.len() == 1).take(3).collect();
    let (here, at) = (name(), schema.models.len());
    let (key, discriminator) = (format!("{here}Id"), format!("{here}Type"));
    let mut note = model(rng, "Note");
    note.key = &["id"];
    if targets.len() > 1 {
        note.relations.push(Relation {
            name: here,
            cardinality: Cardinality::Maybe,
            targets: targets.clone(),
            tie: Tie::Polymorphic(key.clone(), discriminator.clone()),
            strong: false,
            required: false,
        });
        for target in targets {
            schema.models[target].relations.push(Relation {
                name: name(),
                cardinality: Cardinality::Many,
                targets: vec![at],
                tie: Tie::Answers(key.clone(), discriminator.clone()),
                strong: false,
                required: false,
            });
        }
    }
    schema.models.push(note);
}
