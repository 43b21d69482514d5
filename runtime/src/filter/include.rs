//! The `include` of a filter.

use super::mistakes::Path;
use super::resolve::{Resolver, relations};
use super::tree::{Tree, listed};
use crate::Error;
use crate::meta::{Form, RelationMeta};
use crate::query::expr::Expr;
use crate::query::node::{Include, Node};

impl Resolver<'_> {
    pub(super) fn inclusions(&mut self, node: &mut Node, path: Path<'_>, value: &Tree) {
        let Tree::List(included) = value else {
            let message = format!(
                "a list of relations stands here, `[\"name\"]` or `[{{\"relation\": \"name\"}}]`, not {}",
                value.kind()
            );
            return self.mistakes.add(path, message);
        };
        for (n, one) in included.iter().enumerate() {
            self.inclusion(node, path.at(n), one);
        }
    }

    fn inclusion(&mut self, node: &mut Node, path: Path<'_>, value: &Tree) {
        let none = Tree::Object(Vec::new());
        let (mut name, mut scope, mut target) = (None, (path, &none), None);
        let scope_path = path.key("scope");
        let target_path = path.key("targetType");
        match value {
            Tree::Object(members) => {
                for (member, value) in members {
                    match (member.as_str(), value.text()) {
                        ("relation", Some(text)) => name = Some(text),
                        ("targetType", Some(text)) => target = Some(text),
                        ("scope", _) => scope = (scope_path, value),
                        ("relation" | "targetType", None) => {
                            self.mistakes.add(path.key(member), format!("a name stands here, not {}", value.kind()));
                            return;
                        }
                        _ => {
                            let names = ["relation", "scope", "targetType"];
                            self.mistakes.add(path.key(member), format!("an inclusion has {}", listed(names)));
                        }
                    }
                }
            }
            other => name = other.text(),
        }
        let Some(name) = name else {
            return self.mistakes.add(path, "the name of a relation stands here, or an object with `relation`");
        };
        let Some(relation) = relations(node.model).find(|relation| relation.name == name) else {
            if let Some(relation) = node.model.relations.iter().find(|relation| relation.name == name) {
                let (model, relation, reason) = (node.model.name, relation.name, "its schema says `includable: false`");
                let refused = Error::InclusionNotAllowed { model, relation, reason: reason.to_owned() };
                self.refused.get_or_insert(refused);
                return;
            }
            let names = relations(node.model).map(|relation| relation.name);
            return self
                .mistakes
                .add(path, format!("{} has no such relation; it has {}", node.model.name, listed(names)));
        };
        let index = node.model.relations.iter().position(|other| std::ptr::eq(other, relation)).unwrap_or_default();
        if node.includes.iter().any(|include| include.index == index) {
            return self.mistakes.add(path, format!("`{}` is included twice", relation.name));
        }
        if !self.has_room(path) {
            return;
        }
        let mut below = Node::of(relation);
        self.depth += 1;
        if let Form::Polymorphic(arms) = relation.form {
            self.arms(&mut below, arms, target.map(|target| (target_path, target)), scope);
        } else {
            if target.is_some() {
                self.mistakes.add(target_path, format!("`{}` leads to one model only", relation.name));
            }
            self.scope(scope.1, scope.0, &mut below, relation.is_many());
        }
        self.depth -= 1;
        let include = Include { index, relation, asked: Some(relation), node: below, counted: false };
        if let Some(refused) = self.inclusion.and_then(|inclusion| inclusion.allow(node.model, &include).err()) {
            self.refused.get_or_insert(refused);
        }
        node.include(include);
    }

    fn has_room(&mut self, path: Path<'_>) -> bool {
        self.includes += 1;
        let (most, depth) = (self.limits.includes, self.limits.depth);
        if self.depth >= depth {
            self.mistakes.add(path, format!("relations are included at most {depth} deep"));
        } else if self.includes == most.saturating_add(1) {
            self.mistakes.add(path, format!("a filter includes at most {most} relations"));
        }
        self.depth < depth && self.includes <= most
    }

    /// The scope holds for each of the models, or for the one that is named: then no other is given.
    fn arms(
        &mut self,
        node: &mut Node,
        arms: &'static [RelationMeta],
        target: Option<(Path<'_>, &str)>,
        (path, scope): (Path<'_>, &Tree),
    ) {
        if let Some((at, name)) = target
            && !arms.iter().any(|arm| arm.target.name == name)
        {
            let names = arms.iter().map(|arm| arm.target.name);
            return self.mistakes.add(at, format!("it leads to no such model, but to {}", listed(names)));
        }
        for arm in &mut node.arms {
            let is_meant = target.is_none_or(|(_, name)| arm.relation.target.name == name);
            if is_meant {
                self.scope(scope, path, &mut arm.node, arm.relation.is_many());
            } else {
                arm.node.filter(Expr::Not(Box::new(Expr::All)));
            }
        }
    }
}
