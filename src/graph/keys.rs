//! How the properties of a relation's key are named, found and added.

use std::collections::{BTreeSet, HashMap};

use super::resolve::{Builder, PropertySite, added};
use super::{ModelId, Origin, Property, PropertyId, RelationId, words};
use crate::ast::{ModelDecl, Name, RelationDecl, did_you_mean, list};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, codes, suggest};
use crate::patch::Value;
use crate::source::Span;

/// Properties that one key has: MySQL takes 16 columns in an index, PostgreSQL and MariaDB 32.
pub(crate) const MAX_KEY_PROPERTIES: usize = 16;

/// What became of a step that may have to wait for another relation's keys.
pub(super) enum Step<T> {
    Done(T),
    /// Reported, or a consequence of what is reported elsewhere.
    Failed,
    /// The property may still be added by a relation that is not resolved yet.
    Later,
}

/// How many places one finding points at beside its own.
const MAX_LABELS: usize = 6;

/// How many models a note names.
const MAX_NAMED: usize = 12;

impl Builder<'_> {
    /// The fix that lets a model belong to another one, which brings the key.
    pub(super) fn add_belongs_to(&self, holder: ModelId, target: ModelId) -> Option<Fix> {
        let (holder, target) = (self.graph.model(holder), self.graph.model(target));
        let relation = Value::map([("belongsTo", Value::word(&target.name))]);
        let edit = self.patches.below(holder.span)?.append_item("relations", &relation, "properties");
        self.patches.likely(format!("add `belongsTo: {}` to `{}`", target.name, holder.name), [edit])
    }

    /// The model of that name, as the target of a relation; `wanted` are those that can be one.
    pub(super) fn target(&mut self, name: &Name, what: &str, wanted: fn(&ModelDecl) -> bool) -> Option<ModelId> {
        let found = self.names.models.get(&name.value).copied();
        if found.is_none() {
            let like = self.like(&name.value).filter(|id| wanted(&self.schema.models[id.0 as usize]));
            let fix = if let Some(id) = like {
                let meant = self.graph.model(id).name.as_str();
                Some(Fix::certain(format!("did you mean `{meant}`?"), [Edit::replace(name.span, meant)]))
            } else {
                let names =
                    self.schema.models.iter().filter(|model| wanted(model)).map(|model| model.name.value.as_str());
                did_you_mean(name, self.findings.suggest(&name.value, names))
            };
            let code = if what == "link model" { &codes::UNKNOWN_THROUGH } else { &codes::UNKNOWN_TARGET };
            let finding = Diagnostic::new(code, format!("there is no model `{}`", name.value))
                .primary(name.span, "no model has this name");
            let finding = match self.names.enums.get(&name.value) {
                Some(found) => finding
                    .label(self.graph.enumeration(*found).span, "this is an enum; use it as the type of a property"),
                None if fix.is_none() && self.schema.models.len() <= MAX_NAMED => {
                    let models = self.schema.models.iter().filter(|model| wanted(model));
                    finding
                        .note(format!("the models are {}", list(models.map(|model| model.name.value.as_str()), "and")))
                }
                None => finding.fix_if(fix),
            };
            self.unknown.entry((name.value.clone(), code.code)).or_default().push(finding);
        }
        found
    }

    /// One name that is not known is one finding, wherever it stands.
    pub(super) fn report_unknown(&mut self) {
        let mut names_of_copies = BTreeSet::new();
        for ((name, code), mut places) in std::mem::take(&mut self.unknown) {
            // A model that was copied may have this name as soon as its own is no longer that of another.
            let may_be_copy =
                code != codes::UNKNOWN_DATASOURCE.code && places.iter().all(|place| place.fixes.is_empty());
            if may_be_copy && (names_of_copies.contains(&name) || names_of_copies.len() < self.names.copies) {
                names_of_copies.insert(name);
                continue;
            }
            places.sort_by_key(Diagnostic::place);
            places.dedup_by_key(|finding| finding.place());
            let more = places.split_off(1);
            let Some(mut finding) = places.pop() else { continue };
            for other in more.iter().filter_map(Diagnostic::place).take(MAX_LABELS) {
                finding = finding.label(other, "and here");
            }
            if more.len() > MAX_LABELS {
                finding = finding.note(format!("in {} places in all", more.len() + 1));
            }
            // Where several agree, the one that differs from them may be the one misspelt.
            if !more.is_empty()
                && code != codes::UNKNOWN_DATASOURCE.code
                && let Some(nearest) =
                    suggest::nearest(&name, self.graph.models.iter().map(|model| model.name.as_str()))
                && let Some(id) = self.names.models.get(nearest)
            {
                finding = finding.label(self.graph.model(*id).span, "is this the model that is meant?");
            }
            for fix in &mut finding.fixes {
                fix.edits.extend(more.iter().flat_map(|other| &other.fixes).flat_map(|fix| fix.edits.iter().cloned()));
            }
            // Of several words that agree and one that does not, the one is misspelt.
            if !more.is_empty()
                && code != codes::UNKNOWN_DATASOURCE.code
                && let Some(rename) = self.rename_declaration(&name, &finding)
            {
                finding.fixes.insert(0, rename);
            }
            self.findings.push(finding);
        }
    }

    /// The fix that gives a model the name by which it is referred to, where nothing refers to it by its own.
    fn rename_declaration(&self, name: &str, finding: &Diagnostic) -> Option<Fix> {
        let [Fix { applicability: Applicability::Likely, edits, .. }] = finding.fixes.as_slice() else { return None };
        let declared = edits.first()?.text.as_str();
        let id = self.names.models.get(declared)?;
        let is_used = |model: &ModelDecl| {
            let links = model.relations.iter().filter_map(|relation| Some(&relation.through.as_ref()?.model));
            let targets = model.relations.iter().flat_map(|relation| &relation.targets);
            targets.chain(links).chain(&model.extends).any(|word| word.value == declared)
        };
        if !self.findings.are_few() || self.schema.models.iter().any(is_used) {
            return None;
        }
        let edit = self.patches.replace(self.graph.model(*id).span, &Value::word(name));
        self.patches.likely(format!("call the model `{name}`"), [edit])
    }

    /// The model that a plural, a table's name or a decorated name stands for: `order_items`, `OrderItem[]`,
    /// `Customer?`.
    fn like(&mut self, word: &str) -> Option<ModelId> {
        let bare = word.trim_matches(['?', '!', '[', ']', ' ']);
        let alike = self.alike.get_or_insert_with(|| {
            let mut alike = HashMap::new();
            for (id, model) in self.graph.models() {
                for name in [&model.name, &model.plural, &model.table.name] {
                    alike.entry(suggest::folded_word(name)).or_insert(id);
                }
            }
            alike
        });
        alike
            .get(&suggest::folded_word(bare))
            .or_else(|| alike.get(&suggest::folded_word(&words::plural(bare))))
            .copied()
    }

    /// The target of a relation that reads rows, which an abstract model has none of.
    pub(super) fn target_with_table(&mut self, name: &Name, what: &str) -> Option<ModelId> {
        let id = self.target(name, what, |model| !model.is_abstract)?;
        if self.graph.model(id).is_abstract {
            let heirs = self.graph.models().filter(|(_, model)| model.base == Some(id) && !model.is_abstract);
            let heirs: Vec<&str> = heirs.map(|(_, model)| model.name.as_str()).collect();
            let note = if heirs.is_empty() {
                "embed it with `embedsOne` or `embedsMany`, or give it a table: leave `abstract` out".to_owned()
            } else {
                format!("relate to a model that extends it: {}", list(heirs.iter().copied(), "or"))
            };
            let heir = match heirs.as_slice() {
                [only] => {
                    let edit = self.patches.replace(name.span, &Value::word(*only));
                    self.patches.likely(format!("relate to `{only}`"), [edit])
                }
                _ => None,
            };
            self.findings.push(
                Diagnostic::new(
                    &codes::ABSTRACT_TARGET,
                    format!("`{}` is abstract and has no rows to relate to", name.value),
                )
                .primary(name.span, format!("the {what} must have a table"))
                .label(self.graph.model(id).span, "declared `abstract: true`")
                .note(note)
                .fix_if(heir),
            );
            return None;
        }
        Some(id)
    }

    /// Properties that a relation names and that must exist.
    pub(super) fn named(&mut self, model: ModelId, names: &[Name], may_wait: bool) -> Step<Vec<PropertyId>> {
        let mut found = Vec::with_capacity(names.len());
        for name in names {
            match self.find(model, &name.value) {
                Some(id) => found.push(id),
                None if may_wait => return Step::Later,
                None => {
                    self.unknown_key_property(model, name);
                    return Step::Failed;
                }
            }
        }
        Step::Done(found)
    }

    fn unknown_key_property(&mut self, model: ModelId, name: &Name) {
        if self.sites.of(model).incomplete {
            return;
        }
        let owner = self.graph.model(model);
        let nearest =
            self.findings.suggest(&name.value, owner.properties.iter().map(|property| property.name.as_str()));
        let finding =
            Diagnostic::new(&codes::UNKNOWN_KEY_PROPERTY, format!("`{}` has no property `{}`", owner.name, name.value))
                .primary(name.span, format!("not a property of `{}`", owner.name))
                .fix_if(did_you_mean(name, nearest));
        self.findings.push(finding);
    }

    /// `Customer` → `customerId`; `OrderLine` with a key of two → `orderLineOrderId`, `orderLineLineNo`.
    pub(super) fn default_key(&self, stem: &str, referenced: ModelId, key: &[PropertyId]) -> Vec<String> {
        let stem = words::camel(stem);
        match key {
            [_] => vec![format!("{stem}Id")],
            several => several
                .iter()
                .map(|id| format!("{stem}{}", words::pascal(&self.graph.model(referenced).property(*id).name)))
                .collect(),
        }
    }

    /// The property of that name, added in the likeness of the one it refers to where it is not declared.
    pub(super) fn find_or_add(&mut self, add: &Addition<'_>) -> PropertyId {
        if let Some(found) = self.find(add.source, add.name) {
            return found;
        }
        let template = self.graph.model(add.like.0).property(add.like.1).clone();
        let origin = Origin::Relation(add.relation);
        let ty = super::Type { list: add.list, ..template.ty };
        let property = Property {
            max_length: template.max_length,
            precision: template.precision,
            scale: template.scale,
            ..added(add.name, add.place, origin, ty, add.required)
        };
        let sound = self.sites.of(add.like.0).properties[add.like.1.0 as usize].sound;
        self.add_property(add.source, property, PropertySite { declaration: None, sound })
    }
}

/// A key property that a relation brings with it.
pub(super) struct Addition<'a> {
    pub(super) source: ModelId,
    pub(super) relation: RelationId,
    pub(super) name: &'a str,
    pub(super) place: Span,
    /// The property it refers to.
    pub(super) like: (ModelId, PropertyId),
    pub(super) list: bool,
    pub(super) required: bool,
}

/// The names that a key is written with, or its default.
pub(super) fn written_or(written: Option<&Vec<Name>>, default: impl FnOnce() -> Vec<String>) -> Vec<String> {
    written.map_or_else(default, |names| names.iter().map(|name| name.value.clone()).collect())
}

/// The place of a key, or of the relation that leaves it to the default.
pub(super) fn place_of(written: Option<&Vec<Name>>, relation: &RelationDecl) -> Span {
    written.and_then(|names| Some(names.first()?.span.to(names.last()?.span))).unwrap_or(relation.span)
}

/// Both halves of a key have as many members; `default` is what `keyFrom` is where it is not written.
pub(super) fn same_count(
    decl: &RelationDecl,
    from: (&str, usize),
    to: (&str, usize),
    default: impl FnOnce() -> Option<Vec<String>>,
) -> Result<(), Diagnostic> {
    if from.1 == to.1 {
        return Ok(());
    }
    let place = place_of(decl.key_from.as_ref().or(decl.key_to.as_ref()), decl);
    let count = |count: usize| {
        if count == 1 { "1 property".to_owned() } else { format!("{count} properties") }
    };
    let finding = Diagnostic::new(
        &codes::KEY_COUNT_MISMATCH,
        format!("the key has {} on `{}` and {} on `{}`", count(from.1), from.0, count(to.1), to.0),
    )
    .primary(place, "the two sides are paired one by one");
    let default = default().filter(|default| decl.key_from.is_some() && decl.key_to.is_none() && default.len() == to.1);
    Err(match default {
        Some(default) => {
            let names =
                if let [only] = default.as_slice() { only.clone() } else { format!("[{}]", default.join(", ")) };
            finding.note(format!("write `keyFrom: {names}`, or other names, for the primary key of `{}`", to.0))
        }
        None if decl.key_from.is_some() && decl.key_to.is_some() => {
            finding.note("name as many properties with `keyFrom` as with `keyTo`, in the same order")
        }
        None => finding,
    })
}
