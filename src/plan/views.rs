//! Views: a struct for each, what is read of a row, and the typed calls that say what is read of its relations.
//!
//! Conditions and orders become calls of the columns' own methods, as a person would write them.

use serde::Serialize;

use super::entities::Entity;
use super::naming::{file_module, file_name, type_name, value_name};
use super::relations::emitted;
use super::sql::{self, Dialects};
use super::tables::Tables;
use super::text::{described, described_above, doc_lines, literal};
use super::types::Place;
use super::words::{Words, free_parameter};
use crate::graph::{
    Condition, Graph, Literal, Model, ModelId, Operator, Part, Property, PropertyId, Relation, RelationKind, Scalar,
    Scope, Shown, View, ViewId,
};

/// One declared view's file, with the views that are said in place within it.
#[derive(Debug, Clone, Serialize)]
pub struct ViewFile {
    /// The file, without its folder.
    pub file: String,
    /// The private module of the file.
    pub file_module: String,
    /// The method that gives its rows: `order_cards`.
    pub accessor: String,
    /// Names in the file.
    pub words: Words,
    /// A type parameter that no view of the file hides.
    pub serializer: String,
    /// The declared view first.
    pub views: Vec<ViewPlan>,
}

/// One view.
#[derive(Debug, Clone, Serialize)]
pub struct ViewPlan {
    /// As in the schema, a literal.
    pub schema_name: String,
    /// The struct.
    pub name: String,
    /// Its description.
    pub docs: Vec<String>,
    /// The model, from the file.
    pub model: String,
    /// The private module of the model's file.
    pub model_module: String,
    /// Properties first, in the order of the view.
    pub fields: Vec<FieldPlan>,
    /// What is read of a row, the fields' properties first.
    pub columns: Vec<ColumnPlan>,
    /// What is shown of relations.
    pub parts: Vec<PartPlan>,
    /// Of a declared view, the statements that are known.
    pub sql: Option<ViewStatements>,
}

/// The statements of one view, as literals.
#[derive(Debug, Clone, Serialize)]
pub struct ViewStatements {
    /// What is read, without conditions.
    pub select: Dialects<String>,
    /// … of the row with that primary key.
    pub select_by_key: Dialects<String>,
}

/// A property that is shown.
#[derive(Debug, Clone, Serialize)]
pub struct FieldPlan {
    /// The field.
    pub name: String,
    /// As in the schema, a literal.
    pub json: String,
    /// Its type.
    pub ty: String,
    /// It is serialised.
    pub visible: bool,
    /// Its description.
    pub docs: Vec<String>,
}

/// A property that is read.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnPlan {
    /// Its position among the model's properties.
    pub property: usize,
    /// Its type.
    pub ty: String,
}

/// What is shown of a relation.
#[derive(Debug, Clone, Serialize)]
pub struct PartPlan {
    /// The field.
    pub name: String,
    /// The same without regard to keywords, for parts of names.
    pub stem: String,
    /// As in the schema, a literal.
    pub json: String,
    /// Its type.
    pub ty: String,
    /// Its description.
    pub docs: Vec<String>,
    /// What gives it: `super::order::items().limit(3)`.
    pub scope: String,
}

/// What views are planned with.
#[derive(Clone, Copy)]
struct Context<'a> {
    graph: &'a Graph,
    tables: &'a Tables,
    entities: &'a [Entity],
    place: Place<'a>,
}

/// A file for each declared view, sorted by name.
pub(crate) fn views(graph: &Graph, tables: &Tables, entities: &[Entity]) -> Vec<ViewFile> {
    let declared = graph.views.iter().filter_map(|view| Some((view, view.plural.as_ref()?)));
    declared.map(|(view, plural)| file(graph, tables, entities, view, plural)).collect()
}

fn file(graph: &Graph, tables: &Tables, entities: &[Entity], view: &View, plural: &str) -> ViewFile {
    let mut within = vec![view];
    let mut next = 0;
    while let Some(view) = within.get(next) {
        within.extend(view.parts.iter().filter_map(|part| in_place(graph, part)));
        next += 1;
    }
    let names: Vec<_> = within.iter().map(|view| type_name(&view.name)).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let words = Words::beside(names.iter().copied());
    let place = Place { graph, words: &words, up: "super::" };
    let context = Context { graph, tables, entities, place };
    ViewFile {
        file: file_name(&view.name),
        file_module: file_module(&view.name),
        accessor: value_name(plural),
        serializer: free_parameter("S", &names),
        views: within.into_iter().map(|view| plan(context, view)).collect(),
        words,
    }
}

/// The view that is said in place.
fn in_place<'g>(graph: &'g Graph, part: &Part) -> Option<&'g View> {
    match part.shown {
        Shown::View(id) => Some(graph.view(id)).filter(|view| view.plural.is_none()),
        Shown::Count | Shown::Rows => None,
    }
}

fn plan(context: Context<'_>, view: &View) -> ViewPlan {
    let Context { graph, tables, place, .. } = context;
    let model = graph.model(view.model);
    let columns = columns(graph, view);
    let table = tables.of(view.model).expect("a view shows a model with a table");
    let positions: Vec<_> = columns.iter().map(|id| id.0 as usize).collect();
    let key = &table.primary_key.columns;
    let ty = |id: &PropertyId| place.field(model.property(*id), false);
    ViewPlan {
        schema_name: literal(&view.name),
        name: type_name(&view.name),
        docs: described(view.description.as_deref(), || format!("What is shown of a row of `{}`.", table.flat_name())),
        model: format!("super::{}", type_name(&model.name)),
        model_module: file_module(&model.name),
        fields: view.fields.iter().map(|id| field(model.property(*id), ty(id))).collect(),
        columns: columns.iter().map(|id| ColumnPlan { property: id.0 as usize, ty: ty(id) }).collect(),
        parts: view.parts.iter().map(|shown| part(context, view.model, shown)).collect(),
        sql: view.plural.is_some().then(|| ViewStatements {
            select: Dialects::say(|dialect| literal(&sql::columns_of(dialect, table, &positions, &[]))),
            select_by_key: Dialects::say(|dialect| literal(&sql::columns_of(dialect, table, &positions, key))),
        }),
    }
}

/// What is read of a row: what is shown, the primary key, and the keys by which related rows are found. Keys that are
/// listed elsewhere are compared with what was read.
fn columns(graph: &Graph, view: &View) -> Vec<PropertyId> {
    let model = graph.model(view.model);
    let mut columns = view.fields.clone();
    let mut add = |ids: &[PropertyId]| {
        for id in ids {
            if !columns.contains(id) {
                columns.push(*id);
            }
        }
    };
    add(&model.key);
    for part in view.parts.iter().filter(|part| part.shown != Shown::Count) {
        let relation = model.relation(part.relation);
        add(&relation.key_from);
        if let Some(named) =
            relation.discriminator.filter(|_| relation.leads_to_several() && relation.through.is_none())
        {
            add(&[named]);
        }
    }
    let listed = graph.models.iter().flat_map(|model| &model.relations);
    let listed = listed.filter(|relation| relation.kind == RelationKind::ReferencesMany);
    for relation in listed.filter(|relation| relation.target() == view.model) {
        add(&relation.key_to);
    }
    columns
}

fn field(property: &Property, ty: String) -> FieldPlan {
    FieldPlan {
        name: value_name(&property.name),
        json: literal(&property.name),
        ty,
        visible: !property.hidden,
        docs: doc_lines(property.description.as_deref().unwrap_or_default()),
    }
}

fn part(context: Context<'_>, source: ModelId, part: &Part) -> PartPlan {
    let Context { graph, place, .. } = context;
    let model = graph.model(source);
    let relation = model.relation(part.relation);
    let description = part.description.as_deref();
    let (ty, docs) = match part.shown {
        Shown::Count => {
            let what = if part.scope.condition.is_some() { "of the chosen kind there are" } else { "there are" };
            let doc = format!("How many `{}` {what}.", value_name(&relation.name));
            (place.words.u64.to_owned(), described(description, || doc))
        }
        Shown::Rows | Shown::View(_) => related(context, model, relation, part),
    };
    PartPlan {
        name: value_name(&part.name),
        stem: super::naming::snake(&part.name),
        json: literal(&part.name),
        ty,
        docs,
        scope: scope(graph, place, model, relation, part),
    }
}

/// The type of what is included, and what it is.
fn related(context: Context<'_>, model: &Model, relation: &Relation, part: &Part) -> (String, Vec<String>) {
    let Context { graph, entities, place, .. } = context;
    let name = literal(&model.name);
    let at = emitted(model).position(|other| other.name == relation.name);
    let entity = entities.iter().find(|entity| entity.schema_name == name);
    let plan = entity.zip(at).map(|(entity, at)| &entity.relations[at]).expect("an included relation is emitted");
    let row = match (part.shown, &plan.one_of) {
        (Shown::View(id), _) => view_name(graph, id),
        (_, Some(one_of)) => format!("super::{}", one_of.name),
        _ => format!("super::{}", type_name(&graph.model(relation.target()).name)),
    };
    let ty = match plan.cardinality {
        "Many" => format!("{}<{row}>", place.words.vec),
        "One" if part.scope.condition.is_none() => row,
        _ => place.optional(&row),
    };
    let what = plan.docs.last().cloned().unwrap_or_default();
    (ty, described_above(part.description.as_deref(), what))
}

/// A view's struct: of its own file, or said in place here.
fn view_name(graph: &Graph, id: ViewId) -> String {
    let view = graph.view(id);
    let name = type_name(&view.name);
    if view.plural.is_some() { format!("super::{name}") } else { name }
}

/// What a person would write to include it: `super::order::items().filter(…).limit(3).view::<OrderCardItem>()`.
fn scope(graph: &Graph, place: Place<'_>, model: &Model, relation: &Relation, part: &Part) -> String {
    let target = graph.model(relation.target());
    let Scope { condition: wanted, order, limit, offset } = &part.scope;
    let mut calls = vec![format!("super::{}::{}()", value_name(&model.name), value_name(&relation.name))];
    calls.extend(wanted.iter().map(|wanted| format!("filter({})", condition(graph, place, target, wanted))));
    calls.extend(order.iter().map(|(property, descending)| {
        let direction = if *descending { "desc" } else { "asc" };
        format!("order_by({}.{direction}())", column(target, *property))
    }));
    calls.extend(limit.iter().map(|rows| format!("limit({rows})")));
    calls.extend(offset.iter().map(|rows| format!("offset({rows})")));
    calls.extend(match part.shown {
        Shown::Count => Some("count()".to_owned()),
        Shown::View(id) => Some(format!("view::<{}>()", view_name(graph, id))),
        Shown::Rows => None,
    });
    calls.join(".")
}

fn column(model: &Model, property: PropertyId) -> String {
    format!("super::{}::{}()", value_name(&model.name), value_name(&model.property(property).name))
}

fn condition(graph: &Graph, place: Place<'_>, model: &Model, wanted: &Condition) -> String {
    let joined = |all: &[Condition], word: &str| {
        let all: Vec<_> = all.iter().map(|one| condition(graph, place, model, one)).collect();
        let (first, rest) = all.split_first().expect("an empty condition is refused");
        rest.iter().fold(first.clone(), |text, next| format!("{text}.{word}({next})"))
    };
    match wanted {
        Condition::And(all) => joined(all, "and"),
        Condition::Or(any) => joined(any, "or"),
        Condition::Not(inner) => format!("{}.not()", condition(graph, place, model, inner)),
        Condition::Compare { property, operator, values } => {
            let column = column(model, *property);
            let values: Vec<_> = values
                .iter()
                .map(|value| self::value(graph, place, model.property(*property), &column, value))
                .collect();
            let method = |name: &str| format!("{column}.{name}({})", values.join(", "));
            match operator {
                Operator::Eq => method("eq"),
                Operator::Neq => method("ne"),
                Operator::Gt => method("gt"),
                Operator::Gte => method("ge"),
                Operator::Lt => method("lt"),
                Operator::Lte => method("le"),
                Operator::Between => method("between"),
                Operator::Inq => format!("{column}.is_in([{}])", values.join(", ")),
                Operator::Nin => format!("{column}.not_in([{}])", values.join(", ")),
                Operator::Like => method("like"),
                Operator::Nlike => method("not_like"),
                Operator::Ilike => method("ilike"),
                Operator::Nilike => format!("{}.not()", method("ilike")),
                Operator::Exists => method("is_not_null"),
                Operator::Missing => method("is_null"),
            }
        }
    }
}

/// A literal of Rust where there is one; else the schema's own, read by the column.
fn value(graph: &Graph, place: Place<'_>, property: &Property, column: &str, value: &Literal) -> String {
    match (property.ty.scalar, value) {
        (Scalar::Integer | Scalar::Int32, Literal::Number(text)) => text.clone(),
        (Scalar::Number, Literal::Number(text)) if text.contains(['.', 'e', 'E']) => text.clone(),
        (Scalar::Number, Literal::Number(text)) => format!("{text}.0"),
        (_, Literal::Boolean(value)) => value.to_string(),
        (Scalar::String | Scalar::Text, Literal::String(text)) => literal(text),
        (Scalar::Enum(id), Literal::String(text)) => {
            let variants = &graph.enumeration(id).variants;
            let variant = variants.iter().find(|variant| variant.value == *text);
            let name = variant.map_or(text, |variant| &variant.name);
            format!("{}::{name}", place.value(property.ty))
        }
        (_, Literal::Number(text) | Literal::Json(text)) => format!("{column}.literal({})", literal(text)),
        (_, Literal::String(text)) => {
            format!("{column}.literal({})", literal(&serde_json::Value::from(text.as_str()).to_string()))
        }
    }
}
