//! Keys that an owner does not have: misspelt ones, those of other tools, those of another place.
//!
//! Where it is clear which key is meant, reading goes on with that, so that one run finds everything.

use super::owners::{Owner, Say, owner_of};
use super::reader::{Reader, did_you_mean, list};
use crate::diagnostic::{Diagnostic, Edit, Fix, codes, suggest};
use crate::syntax::{Entry, Kind};

impl Reader<'_> {
    /// The entries under the keys of their owner. An unknown key is reported; where it is clear which one is meant,
    /// its entry is read as that.
    pub(super) fn keys(&mut self, entries: Vec<Entry>, owner: &Owner) -> Vec<(&'static str, Entry)> {
        let unknown = entries.iter().any(|entry| owner.key(&entry.key.value).is_none());
        let mut given: Vec<&'static str> = Vec::new();
        if unknown {
            given.extend(entries.iter().filter_map(|entry| owner.key(&entry.key.value)));
        }
        let mut read = Vec::with_capacity(entries.len());
        let mut instead: Vec<(&'static str, Diagnostic)> = Vec::new();
        for mut entry in entries {
            let key = owner.key(&entry.key.value);
            if let (None, Some(Say::Instead(how))) = (key, owner.say(&entry.key.value)) {
                say_instead(&entry, how, owner, &mut instead);
                continue;
            }
            let key = key.or_else(|| self.meant(&mut entry, owner, &mut given));
            read.extend(key.map(|key| (key, entry)));
        }
        for (_, finding) in instead {
            self.findings.push(finding);
        }
        read
    }

    /// Reports a key that the owner does not have, and says which it is, if that is clear.
    fn meant(&mut self, entry: &mut Entry, owner: &Owner, given: &mut Vec<&'static str>) -> Option<&'static str> {
        let key = &entry.key;
        let finding = Diagnostic::new(&codes::UNKNOWN_KEY, format!("`{}` is not a key of {}", key.value, owner.phrase));
        let phrase = owner.phrase;
        let (finding, meant) = match (owner.say(&key.value), &mut entry.value.kind) {
            (Some(Say::Is(ours)), _) if !given.contains(&ours) => {
                let fix = Fix::certain(format!("write `{ours}`"), [Edit::replace(key.span, ours)]);
                (finding.primary(key.span, format!("here it is called `{ours}`")).fix_if(Some(fix)), Some(ours))
            }
            (Some(Say::Not(ours)), Kind::Bool(value)) if !given.contains(&ours) => {
                *value = !*value;
                let finding = finding.primary(key.span, format!("the opposite of `{ours}`"));
                let edits = [Edit::replace(key.span, ours), Edit::replace(entry.value.span, value.to_string())];
                let finding = finding.fix(format!("write `{ours}: {value}`"), edits);
                let silent = "where `required` is silent, a value is optional";
                (if ours == "required" { finding.note(silent) } else { finding }, Some(ours))
            }
            (Some(Say::Is(ours) | Say::Not(ours)), _) => {
                let finding = finding.primary(key.span, format!("here there is `{ours}`"));
                let is_given = given.contains(&ours);
                (
                    if is_given { finding.note(format!("`{ours}` is given already: leave one out")) } else { finding },
                    None,
                )
            }
            (_, kind) => {
                let nearest = suggest::nearest(&key.value, owner.keys.iter().copied());
                let finding = finding.primary(key.span, format!("{phrase} has no such key"));
                let clear = nearest.filter(|nearest| {
                    !given.contains(nearest)
                        && (suggest::is_same_word(&key.value, nearest) || matches!(kind, Kind::Map(_) | Kind::List(_)))
                });
                let finding = match (nearest, owner_of(&key.value)) {
                    (Some(nearest), _) if given.contains(&nearest) => {
                        finding.note(format!("like `{nearest}`, which is given already: put the two together"))
                    }
                    (Some(_), _) => finding.fix_if(did_you_mean(key, nearest)),
                    (None, Some(other)) if other.phrase != phrase => {
                        finding.note(format!("`{}` is a key of {}", key.value, other.phrase))
                    }
                    (None, _) => finding.note(keys_of(owner)),
                };
                (finding, clear)
            }
        };
        self.findings.push(finding);
        given.extend(meant);
        meant
    }
}

/// Several words that have one answer are one finding.
fn say_instead(entry: &Entry, how: &'static str, owner: &Owner, said: &mut Vec<(&'static str, Diagnostic)>) {
    let span = entry.key.span;
    if let Some(at) = said.iter().position(|(known, _)| *known == how) {
        let (_, finding) = said.remove(at);
        said.push((how, finding.label(span, "nor this one")));
        return;
    }
    let message = format!("`{}` is not a key of {}", entry.key.value, owner.phrase);
    let finding = Diagnostic::new(&codes::UNKNOWN_KEY, message);
    said.push((how, finding.primary(span, format!("{} has no such key", owner.phrase)).note(how)));
}

fn keys_of(owner: &Owner) -> String {
    match owner.keys {
        [only] => format!("the only key of {} is `{only}`", owner.phrase),
        keys => format!("the keys of {} are {}", owner.phrase, list(keys.iter().copied(), "and")),
    }
}
