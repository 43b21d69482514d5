//! Changes of one declaration's text, as edits in the layout it has. Knows not when they are called for.

use super::{ModelDecl, PropertyDecl, RelationDecl};
use crate::diagnostic::{Edit, Fix};
use crate::patch::{Patches, Value};

impl RelationDecl {
    /// Writes a key behind the kind's own.
    pub(crate) fn with_key(&self, patches: &Patches<'_>, key: &str, value: &Value) -> Option<Edit> {
        patches.around(self.span)?.insert_after(self.kind.key(), key, value)
    }

    /// Takes a key out.
    pub(crate) fn without_key(&self, patches: &Patches<'_>, key: &str) -> Option<Edit> {
        patches.around(self.span)?.remove(key)
    }

    /// The fix that writes the names of a key, or another name.
    pub(crate) fn name_key(&self, patches: &Patches<'_>, key: &str, names: &[&str]) -> Option<Fix> {
        let shown = if let [only] = names { (*only).to_owned() } else { format!("[{}]", names.join(", ")) };
        let edit = self.with_key(patches, key, &Value::words(names.iter().copied()));
        patches.certain(format!("add `{key}: {shown}`"), [edit])
    }
}

impl PropertyDecl {
    /// Gives a key a value; the short form `name: type` becomes the long one.
    pub(crate) fn with_key(&self, patches: &Patches<'_>, key: &str, value: &Value) -> Option<Edit> {
        patches.below(self.name.span)?.set(key, value, "type")
    }

    /// Takes a key out.
    pub(crate) fn without_key(&self, patches: &Patches<'_>, key: &str) -> Option<Edit> {
        patches.below(self.name.span)?.remove(key)
    }
}

impl ModelDecl {
    /// Writes a key before all others.
    pub(crate) fn with_key(&self, patches: &Patches<'_>, key: &str, value: &Value) -> Option<Edit> {
        patches.below(self.name.span)?.prepend(key, value)
    }
}
