//! Changes of schema text: the fixes that findings bring, made until nothing certain is left, and new relations.
//!
//! Text in, text out: comments, layout, line ends and byte order marks stay, and so does every line that no edit is
//! about. Does no I/O; [`output::rewrite`](crate::output::rewrite) writes what comes out.

mod add;
mod apply;
mod fix;
mod inverse;
mod settings;

use crate::diagnostic::Fix;
use crate::source::SourceMap;

pub use add::{AddError, Added, NewRelation, Through, add};
pub(crate) use apply::Selection;
pub use fix::{Fixed, Mended, fix};
pub use settings::fix_settings;

/// A file with other text than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The path as it was given.
    pub name: String,
    /// Everything that was in it, byte order mark included.
    pub before: String,
    /// Everything that shall be in it.
    pub after: String,
}

/// Makes fixes, in order; one that touches an earlier one is left out.
pub fn apply<'a>(sources: &SourceMap, fixes: impl IntoIterator<Item = &'a Fix>) -> Vec<Rewritten> {
    let mut selection = Selection::default();
    for fix in fixes {
        selection.take(fix);
    }
    rewritten(sources, &selection.apply(sources))
}

/// The files that differ, sorted by path.
pub(crate) fn rewritten(before: &SourceMap, after: &SourceMap) -> Vec<Rewritten> {
    let pairs = before.files().zip(after.files()).filter(|((_, old), (_, new))| old.text() != new.text());
    let whole = |file: &crate::source::SourceFile| {
        let mark = if file.has_bom() { "\u{feff}" } else { "" };
        format!("{mark}{}", file.text())
    };
    pairs
        .map(|((_, old), (_, new))| Rewritten { name: old.display().to_owned(), before: whole(old), after: whole(new) })
        .collect()
}
