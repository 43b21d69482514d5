//! Last pass: declared indexes, inherited ones first. Knows nothing of whether an index is sensible.

use super::resolve::Builder;
use super::{Index, ModelId, PropertyId};
use crate::ast::{Name, did_you_mean};
use crate::diagnostic::{Diagnostic, codes};

/// Resolves the properties that indexes name; those of an abstract model are for its heirs too.
pub(super) fn resolve(builder: &mut Builder<'_>, id: ModelId) {
    builder.resolve_indexes(id);
}

impl Builder<'_> {
    fn resolve_indexes(&mut self, id: ModelId) {
        let schema = self.schema;
        let mut chain = vec![id];
        while let Some(base) = chain.last().and_then(|last| self.graph.model(*last).base) {
            chain.push(base);
        }
        for declaring in chain.into_iter().rev() {
            if self.graph.model(id).is_abstract && declaring != id {
                continue;
            }
            for decl in &schema.models[declaring.0 as usize].indexes {
                let properties: Vec<_> = decl.properties.iter().filter_map(|name| self.indexed(id, name)).collect();
                if properties.len() != decl.properties.len() {
                    continue;
                }
                let prefix =
                    if declaring == id { String::new() } else { format!("{}_", self.graph.model(id).table.name) };
                let name = decl.name.as_ref().map(|name| format!("{prefix}{}", name.value));
                self.model_mut(id).indexes.push(Index { span: decl.span, properties, unique: decl.unique, name });
            }
        }
    }

    fn indexed(&mut self, id: ModelId, name: &Name) -> Option<PropertyId> {
        let found = self.find(id, &name.value);
        // An abstract model's keys are added to its heirs only.
        if found.is_none() && !self.sites.of(id).incomplete && !self.graph.model(id).is_abstract {
            let model = self.graph.model(id);
            let nearest =
                self.findings.suggest(&name.value, model.properties.iter().map(|property| property.name.as_str()));
            let fix = did_you_mean(name, nearest);
            let message = format!("`{}` has no property `{}` to index", model.name, name.value);
            self.findings.push(
                Diagnostic::new(&codes::UNKNOWN_INDEX_PROPERTY, message)
                    .primary(name.span, "no property has this name")
                    .fix_if(fix),
            );
        }
        found
    }
}
