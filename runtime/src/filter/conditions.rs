//! The `where` of a filter.

use serde::de::DeserializeSeed;

use super::mistakes::Path;
use super::resolve::{Resolver, relations, visible};
use super::tree::{Tree, listed};
use crate::json::{Given, from_text};
use crate::meta::{EmbeddedMeta, Form, Kind, ModelMeta, PropertyMeta, RelationMeta};
use crate::query::expr::{Comparison, Expr, Quantifier};
use crate::query::node::Node;
use crate::value::Value;

/// Whether its values have an order.
pub(super) fn is_ordered(property: &PropertyMeta) -> bool {
    !property.list && !matches!(property.kind, Kind::Json | Kind::Bytes | Kind::Embedded(_))
}

fn is_text(property: &PropertyMeta) -> bool {
    !property.list && matches!(property.kind, Kind::String | Kind::Text)
}

const COMPARISONS: [(&str, Comparison); 6] = [
    ("eq", Comparison::Eq),
    ("neq", Comparison::Ne),
    ("gt", Comparison::Gt),
    ("gte", Comparison::Ge),
    ("lt", Comparison::Lt),
    ("lte", Comparison::Le),
];

/// Each with whether letters of both cases are equal, and whether it is negated.
const PATTERNS: [(&str, bool, bool); 4] =
    [("like", false, false), ("nlike", false, true), ("ilike", true, false), ("nilike", true, true)];

const QUANTIFIERS: [(&str, Quantifier); 3] =
    [("some", Quantifier::Any), ("none", Quantifier::None), ("every", Quantifier::All)];

/// What conditions are about: rows of a model, or embedded values.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    name: &'static str,
    properties: &'static [PropertyMeta],
    /// With relations.
    model: Option<&'static ModelMeta>,
}

impl Subject {
    pub(super) fn rows(model: &'static ModelMeta) -> Self {
        Self { name: model.name, properties: model.properties, model: Some(model) }
    }

    fn values(embedded: &'static EmbeddedMeta) -> Self {
        Self { name: embedded.name, properties: embedded.properties, model: None }
    }

    fn relations(self) -> impl Iterator<Item = &'static RelationMeta> {
        self.model.into_iter().flat_map(relations)
    }
}

/// Conditions, and of how many things of several they hold.
struct Quantified<'t> {
    quantifier: Quantifier,
    /// As it is written; of one thing, not at all.
    name: Option<&'t str>,
    members: &'t [(String, Tree)],
}

/// What may be asked of a property.
fn operators(property: &PropertyMeta, with_regexp: bool) -> String {
    let mut names = vec!["exists"];
    if is_ordered(property) {
        names.splice(0..0, COMPARISONS.map(|(name, _)| name).into_iter().chain(["between", "inq", "nin"]));
    }
    if is_text(property) {
        names.extend(PATTERNS.map(|(name, ..)| name));
        names.extend(with_regexp.then_some("regexp"));
    }
    listed(names)
}

impl Resolver<'_> {
    /// What may be asked of a property.
    fn operators(&self, property: &PropertyMeta) -> String {
        operators(property, self.has_regexp())
    }

    pub(super) fn condition(&mut self, of: Subject, path: Path<'_>, tree: &Tree) -> Expr {
        if let Tree::Object(members) = tree {
            return self.members(of, path, members);
        }
        self.mistakes.add(path, format!("an object of conditions stands here, not {}", tree.kind()));
        Expr::All
    }

    fn members(&mut self, of: Subject, path: Path<'_>, members: &[(String, Tree)]) -> Expr {
        let mut all = Expr::All;
        for (name, value) in members {
            if !self.counted(path) {
                break;
            }
            all = all.and(self.member(of, path.key(name), name, value));
        }
        all
    }

    /// Whether there may be one condition more.
    fn counted(&mut self, path: Path<'_>) -> bool {
        self.conditions += 1;
        let most = self.limits.conditions;
        if self.conditions == most.saturating_add(1) {
            self.mistakes.add(path, format!("a filter has at most {most} conditions"));
        }
        self.conditions <= most
    }

    fn member(&mut self, of: Subject, path: Path<'_>, name: &str, value: &Tree) -> Expr {
        match name {
            "and" => self.conditions(of, path, value).into_iter().fold(Expr::All, Expr::and),
            "or" => any(self.conditions(of, path, value)),
            "not" => Expr::Not(Box::new(self.condition(of, path, value))),
            _ => {
                if let Some(property) = visible(of.properties).find(|&property| of.properties[property].name == name) {
                    return self.property(of.properties, path, property, value);
                }
                if let Some((model, relation)) = of.model.zip(of.relations().find(|relation| relation.name == name)) {
                    return if self.is_near(model, relation) {
                        self.nested(path, |this| this.relation(path, relation, value))
                    } else {
                        Expr::All
                    };
                }
                let properties = visible(of.properties).map(|property| of.properties[property].name);
                let names = properties.chain(of.relations().map(|relation| relation.name)).chain(["and", "or", "not"]);
                self.mistakes.add(path, format!("{} has nothing of that name; it has {}", of.name, listed(names)));
                Expr::All
            }
        }
    }

    fn conditions(&mut self, of: Subject, path: Path<'_>, value: &Tree) -> Vec<Expr> {
        let Tree::List(conditions) = value else {
            self.mistakes.add(path, format!("a list of conditions stands here, not {}", value.kind()));
            return Vec::new();
        };
        conditions.iter().enumerate().map(|(n, one)| self.condition(of, path.at(n), one)).collect()
    }

    /// What is asked of a property of a model or an embedded value.
    fn property(&mut self, of: &'static [PropertyMeta], path: Path<'_>, property: usize, value: &Tree) -> Expr {
        let meta = &of[property];
        match (value, meta.kind) {
            (Tree::Null, _) => Expr::Null { property, negated: false },
            (Tree::Object(members), Kind::Embedded(embedded)) => {
                self.nested(path, |this| this.embedded(path, property, meta.list, Subject::values(embedded), members))
            }
            (Tree::Object(members), _) if members.is_empty() => {
                self.mistakes.add(path, format!("a value or an operator stands here: {}", self.operators(meta)));
                Expr::All
            }
            (Tree::Object(members), _) => {
                let mut all = Expr::All;
                for (n, (name, value)) in members.iter().enumerate() {
                    if n > 0 && !self.counted(path) {
                        break;
                    }
                    all = all.and(self.operator(of, path.key(name), property, name, value));
                }
                all
            }
            (Tree::List(_), _) => {
                self.mistakes.add(
                    path,
                    format!("one value stands here, not a list; of several, `inq`: {}", self.operators(meta)),
                );
                Expr::All
            }
            _ if !is_ordered(meta) => {
                self.mistakes
                    .add(path, format!("its values are not compared; what can be asked is {}", self.operators(meta)));
                Expr::All
            }
            _ => self.compare(of, path, property, Comparison::Eq, value),
        }
    }

    fn operator(
        &mut self,
        of: &'static [PropertyMeta],
        path: Path<'_>,
        property: usize,
        name: &str,
        value: &Tree,
    ) -> Expr {
        let meta = &of[property];
        if name == "exists" {
            let Some(exists) = value.flag() else {
                self.mistakes.add(path, format!("true or false stands here, not {}", value.kind()));
                return Expr::All;
            };
            return Expr::Null { property, negated: exists };
        }
        let comparison = COMPARISONS.iter().find(|(other, _)| *other == name).map(|(_, comparison)| *comparison);
        if let (Some(comparison @ (Comparison::Eq | Comparison::Ne)), Tree::Null) = (comparison, value) {
            return Expr::Null { property, negated: comparison == Comparison::Ne };
        }
        if is_ordered(meta) {
            if let Some(comparison) = comparison {
                return self.compare(of, path, property, comparison, value);
            }
            match name {
                "between" => return self.between(of, path, property, value),
                "inq" | "nin" => return self.list(of, path, property, name == "nin", value),
                _ => {}
            }
        }
        if is_text(meta)
            && let Some(&(_, fold, negated)) = PATTERNS.iter().find(|(other, ..)| *other == name)
        {
            return self.like(path, property, fold, negated, value);
        }
        let is_regexp = is_text(meta) && name == "regexp";
        if is_regexp && self.has_regexp() {
            return self.regexp(path, property, value);
        }
        let unless = if is_regexp { " unless the program says `Db::builder().allow_regexp()`" } else { "" };
        let operators = self.operators(meta);
        self.mistakes.add(path, format!("no operator of `{}`{unless}; it has {operators}", meta.name));
        Expr::All
    }

    /// A value of the property, or nothing where it is none.
    fn value(&mut self, meta: &'static PropertyMeta, path: Path<'_>, tree: &Tree) -> Option<Value<'static>> {
        let given = PropertyMeta { required: true, ..*meta };
        let read = match tree {
            Tree::Raw(text) => from_text(text, &given).map_err(|expected| match given.kind {
                Kind::Enum(of) => format!("it must be one of {}", listed(of.values.iter().copied())),
                _ => format!("it must be {expected}"),
            }),
            tree => Given(&given).deserialize(tree).map_err(|error| error.to_string()),
        };
        match read {
            Ok(value) => Some(value),
            Err(message) => {
                self.mistakes.add(path, message);
                None
            }
        }
    }

    fn compare(
        &mut self,
        of: &'static [PropertyMeta],
        path: Path<'_>,
        property: usize,
        comparison: Comparison,
        value: &Tree,
    ) -> Expr {
        let value = self.value(&of[property], path, value);
        value.map_or(Expr::All, |value| Expr::compare(of, property, comparison, value))
    }

    fn between(&mut self, of: &'static [PropertyMeta], path: Path<'_>, property: usize, value: &Tree) -> Expr {
        let Tree::List(values) = value else {
            self.mistakes.add(path, format!("a list of two values stands here, not {}", value.kind()));
            return Expr::All;
        };
        let [low, high] = &**values else {
            self.mistakes.add(path, format!("two values stand here, not {}", values.len()));
            return Expr::All;
        };
        let low = self.compare(of, path.at(0), property, Comparison::Ge, low);
        low.and(self.compare(of, path.at(1), property, Comparison::Le, high))
    }

    fn list(
        &mut self,
        of: &'static [PropertyMeta],
        path: Path<'_>,
        property: usize,
        negated: bool,
        value: &Tree,
    ) -> Expr {
        let Tree::List(values) = value else {
            self.mistakes.add(path, format!("a list of values stands here, not {}", value.kind()));
            return Expr::All;
        };
        let most = self.limits.list;
        if values.len() > most {
            self.mistakes.add(path, format!("at most {most} values stand here, not {}", values.len()));
            return Expr::All;
        }
        let values: Vec<_> =
            values.iter().enumerate().filter_map(|(n, one)| self.value(&of[property], path.at(n), one)).collect();
        Expr::list(of, property, values.into_iter(), negated)
    }

    /// What is asked of an embedded value, or of a list of them.
    fn embedded(
        &mut self,
        path: Path<'_>,
        property: usize,
        list: bool,
        of: Subject,
        members: &[(String, Tree)],
    ) -> Expr {
        if let [(name, value)] = members
            && name == "exists"
        {
            let exists = value.flag();
            if exists.is_none() {
                self.mistakes.add(path.key(name), format!("true or false stands here, not {}", value.kind()));
            }
            return exists.map_or(Expr::All, |negated| Expr::Null { property, negated });
        }
        let mut all = Expr::All;
        for Quantified { quantifier, name, members } in self.quantified(path, list, members) {
            let at = name.map_or(path, |name| path.key(name));
            let condition = Box::new(self.members(of, at, members));
            all = all.and(Expr::Embedded { property, quantifier, condition });
        }
        all
    }

    /// `some`, `none` and `every` with what they are said of; of one thing, what is said of it.
    fn quantified<'t>(&mut self, path: Path<'_>, many: bool, members: &'t [(String, Tree)]) -> Vec<Quantified<'t>> {
        if !many {
            return vec![Quantified { quantifier: Quantifier::Any, name: None, members }];
        }
        if members.is_empty() {
            self.mistakes.add(path, "`some`, `none` or `every` stands here, with conditions");
        }
        let mut quantified = Vec::new();
        for (name, value) in members {
            let at = path.key(name);
            let quantifier = QUANTIFIERS.iter().find(|(other, _)| other == name);
            match (quantifier, value) {
                (Some(&(_, quantifier)), Tree::Object(members)) => {
                    quantified.push(Quantified { quantifier, name: Some(name), members });
                }
                (Some(_), other) => {
                    self.mistakes.add(at, format!("an object of conditions stands here, not {}", other.kind()));
                }
                (None, _) => self.mistakes.add(at, "of several rows, `some`, `none` or `every` is said"),
            }
        }
        quantified
    }

    /// What is asked of related rows.
    fn relation(&mut self, path: Path<'_>, relation: &'static RelationMeta, value: &Tree) -> Expr {
        let Tree::Object(members) = value else {
            self.mistakes.add(path, format!("an object of conditions stands here, not {}", value.kind()));
            return Expr::All;
        };
        if let Form::Polymorphic(arms) = relation.form {
            return self.one_of(path, arms, members);
        }
        let mut all = Expr::All;
        for Quantified { quantifier, name, members } in self.quantified(path, relation.is_many(), members) {
            let at = name.map_or(path, |name| path.key(name));
            let condition = self.members(Subject::rows(relation.target), at, members);
            all = all.and(Node::of(relation).related(relation, quantifier, condition));
        }
        all
    }

    /// What is asked of a relation to several models, by the model's name.
    fn one_of(&mut self, path: Path<'_>, arms: &'static [RelationMeta], members: &[(String, Tree)]) -> Expr {
        let mut all = Expr::All;
        for (name, value) in members {
            let at = path.key(name);
            if let Some(arm) = arms.iter().find(|arm| arm.target.name == name) {
                all = all.and(self.relation(at, arm, value));
            } else {
                let names = arms.iter().map(|arm| arm.target.name);
                self.mistakes.add(at, format!("it leads to no such model, but to {}", listed(names)));
            }
        }
        all
    }
}

/// One of these at least: of none, never.
fn any(conditions: Vec<Expr>) -> Expr {
    let mut conditions = conditions.into_iter();
    match conditions.next() {
        Some(first) => conditions.fold(first, Expr::or),
        None => Expr::Not(Box::new(Expr::All)),
    }
}
