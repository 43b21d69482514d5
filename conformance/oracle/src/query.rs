//! Queries made at random: conditions, orders and cuts at every level, includes to depth 3.

use fastrand::Rng;

use crate::condition::{Condition, condition};
use crate::schema::{Cardinality, Relation, Schema, Tie};

/// Rows of one model.
#[derive(Debug)]
pub struct Query {
    /// Its position.
    pub model: usize,
    /// Which of them, and what with.
    pub scope: Scope,
}

/// Which rows, in which order, and what is included in them.
#[derive(Debug, Default)]
pub struct Scope {
    /// Those that match.
    pub condition: Option<Condition>,
    /// By this property, downwards or not, before the primary key.
    pub order: Option<(String, bool)>,
    /// In the order of the primary key at least; otherwise as the relation has them.
    pub ordered: bool,
    /// At most so many.
    pub limit: Option<u64>,
    /// Without so many.
    pub offset: Option<u64>,
    /// Those that are deleted softly too.
    pub deleted: bool,
    /// In the order of the relations.
    pub includes: Vec<Include>,
}

/// A relation that is included.
#[derive(Debug)]
pub struct Include {
    /// Its position among the model's relations.
    pub relation: usize,
    /// What of it.
    pub shape: Shape,
}

/// What of a relation is included.
#[derive(Debug)]
pub enum Shape {
    /// Its rows.
    Rows(Scope),
    /// The rows of each target of a polymorphic one.
    Arms(Vec<Scope>),
    /// How many rows match.
    Count(Option<Condition>),
}

/// Queries of that seed, so many on each model.
pub fn queries(schema: &Schema, seed: u64, each: usize) -> Vec<Query> {
    let mut rng = Rng::with_seed(seed);
    let models = (0..schema.models.len()).flat_map(|model| std::iter::repeat_n(model, each));
    let query = |model| {
        let mut scope = Scope { ordered: true, ..Scope::default() };
        fill(&mut rng, schema, model, &mut scope, 3);
        cut(&mut rng, schema, model, &mut scope);
        Query { model, scope }
    };
    models.map(query).collect()
}

/// What every scope may have.
fn fill(rng: &mut Rng, schema: &Schema, model: usize, scope: &mut Scope, depth: usize) {
    if rng.u8(0..3) > 0 {
        scope.condition = Some(condition(rng, schema, model, 2));
    }
    scope.deleted = schema.model(model).soft_delete && rng.u8(0..4) == 0;
    if depth == 0 {
        return;
    }
    for (at, relation) in schema.model(model).relations.iter().enumerate() {
        if scope.includes.len() < 3 && rng.u8(0..3) > 0 {
            scope.includes.push(Include { relation: at, shape: shape(rng, schema, relation, depth - 1) });
        }
    }
}

fn shape(rng: &mut Rng, schema: &Schema, relation: &Relation, depth: usize) -> Shape {
    if relation.is_polymorphic() {
        let arm = |&target: &usize| {
            let mut scope = Scope::default();
            fill(rng, schema, target, &mut scope, depth.min(1));
            scope
        };
        return Shape::Arms(relation.targets.iter().map(arm).collect());
    }
    let many = relation.cardinality == Cardinality::Many;
    let lists = matches!(relation.tie, Tie::References(_));
    if many && rng.u8(0..6) == 0 {
        let condition = rng.bool().then(|| condition(rng, schema, relation.targets[0], 1));
        return Shape::Count(condition);
    }
    // Rows of a list have an order by themselves.
    let mut scope = Scope { ordered: many && !(lists && rng.bool()), ..Scope::default() };
    fill(rng, schema, relation.targets[0], &mut scope, depth);
    if matches!(relation.tie, Tie::Through(..)) {
        scope.deleted = false;
    }
    if many {
        cut(rng, schema, relation.targets[0], &mut scope);
    }
    Shape::Rows(scope)
}

/// Order, limit and offset, for rows of which there may be many.
fn cut(rng: &mut Rng, schema: &Schema, model: usize, scope: &mut Scope) {
    let model = schema.model(model);
    if scope.ordered && rng.bool() {
        scope.order = Some((model.properties[rng.usize(0..2.min(model.properties.len()))].name.clone(), rng.bool()));
    }
    if rng.u8(0..3) == 0 {
        scope.limit = Some(rng.u64(0..4));
    }
    if rng.u8(0..4) == 0 {
        scope.offset = Some(rng.u64(0..3));
    }
}
