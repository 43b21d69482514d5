//! Second pass: `extends`, and the order in which bases come before their heirs.

use super::ModelId;
use super::cycles;
use super::names::Names;
use crate::ast::{Schema, did_you_mean, path};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::patch::Patches;

/// What the second pass finds out.
pub(super) struct Bases {
    /// The base of each model.
    pub(super) of: Vec<Option<ModelId>>,
    /// Whether something is wrong with the base, so that names may be missing.
    pub(super) broken: Vec<bool>,
    /// Every model, bases before heirs.
    pub(super) order: Vec<ModelId>,
}

/// What every model of other tools extends.
const FOREIGN: &[&str] =
    &["PersistedModel", "Model", "Entity", "BaseEntity", "BaseModel", "Base", "KeyValueModel", "ActiveRecord"];

/// Resolves every `extends`; a base that does not exist or leads back is dropped and reported.
pub(super) fn resolve(schema: &Schema, names: &Names, patches: &Patches<'_>, findings: &mut Diagnostics) -> Bases {
    let mut broken = vec![false; schema.models.len()];
    let mut of: Vec<Option<ModelId>> = Vec::with_capacity(schema.models.len());
    for (model, broken) in schema.models.iter().zip(&mut broken) {
        of.push(model.extends.as_ref().and_then(|base| {
            let found = names.models.get(&base.value).copied();
            if found.is_none() {
                *broken = true;
                let nearest = findings
                    .suggest(&base.value, schema.models.iter().map(|model| model.name.value.as_str()))
                    // A model is no base of itself.
                    .filter(|nearest| *nearest != model.name.value);
                let is_foreign = nearest.is_none() && FOREIGN.contains(&base.value.as_str());
                let finding =
                    Diagnostic::new(&codes::UNKNOWN_BASE, format!("there is no model `{}` to extend", base.value))
                        .primary(base.span, "no model has this name")
                        .fix_if(did_you_mean(base, nearest));
                findings.push(if is_foreign {
                    let fix = patches.likely("remove it", [patches.remove_entry(base.span)]);
                    finding.note("leave it out: a model needs no base to have a table").fix_if(fix)
                } else {
                    finding
                });
            }
            found
        }));
    }
    let edges: Vec<Vec<usize>> = of.iter().map(|base| base.iter().map(|base| base.0 as usize).collect()).collect();
    for cycle in cycles::all(&edges) {
        report_cycle(&cycle, schema, patches, findings);
        for member in cycle {
            of[member] = None;
            broken[member] = true;
        }
    }
    let order = base_first(&of);
    limit_copies(schema, &order, &mut of, &mut broken, findings);
    for model in &order {
        if let Some(base) = of[model.0 as usize] {
            broken[model.0 as usize] |= broken[base.0 as usize];
        }
    }
    Bases { of, broken, order }
}

fn report_cycle(cycle: &[usize], schema: &Schema, patches: &Patches<'_>, findings: &mut Diagnostics) {
    let name = |at: usize| schema.models[at].name.value.as_str();
    let path = path(cycle.iter().chain(cycle.first()).map(|at| name(*at)));
    let mut finding = Diagnostic::new(&codes::EXTENDS_CYCLE, format!("a model cannot extend itself: {path}"));
    let mut edges = cycle.iter().filter_map(|at| {
        let base = schema.models[*at].extends.as_ref()?;
        Some((base.span, format!("`{}` extends `{}`", name(*at), base.value)))
    });
    if let Some((span, text)) = edges.next() {
        finding = finding.primary(span, text);
    }
    let finding = edges.fold(finding, |finding, (span, text)| finding.label(span, text));
    let last = cycle.last().and_then(|at| Some((name(*at), schema.models[*at].extends.as_ref()?)));
    let fix = last.and_then(|(name, base)| {
        patches.likely(format!("remove `extends: {}` from `{name}`", base.value), [patches.remove_entry(base.span)])
    });
    findings.push(finding.fix_if(fix));
}

/// What all heirs together may take over; a few lines could ask for more than fits into memory.
const MAX_COPIES: usize = 200_000;

/// Drops the bases of heirs beyond the limit and reports the first of them.
fn limit_copies(
    schema: &Schema,
    order: &[ModelId],
    of: &mut [Option<ModelId>],
    broken: &mut [bool],
    findings: &mut Diagnostics,
) {
    let mut parts = vec![0_usize; schema.models.len()];
    let mut copies = 0_usize;
    for model in order {
        let at = model.0 as usize;
        let decl = &schema.models[at];
        parts[at] = 1 + decl.properties.len() + decl.relations.len() + decl.indexes.len();
        let Some(base) = of[at] else { continue };
        parts[at] += parts[base.0 as usize];
        let reported = copies > MAX_COPIES;
        copies = copies.saturating_add(parts[base.0 as usize]);
        if copies <= MAX_COPIES {
            continue;
        }
        (of[at], broken[at]) = (None, true);
        let place = decl.extends.as_ref().map_or(decl.name.span, |base| base.span);
        if !reported {
            findings.push(
                Diagnostic::new(&codes::INHERITANCE_BUDGET, "the heirs of this schema take over too much")
                    .primary(place, format!("with this one, more than {MAX_COPIES} properties, relations and indexes")),
            );
        }
    }
}

/// Depth first without recursion: chains of bases may be as long as a file.
fn base_first(of: &[Option<ModelId>]) -> Vec<ModelId> {
    let mut done = vec![false; of.len()];
    let mut order = Vec::with_capacity(of.len());
    for start in (0..).map(ModelId).take(of.len()) {
        let mut chain = vec![start];
        while let Some(base) = chain.last().and_then(|last| of[last.0 as usize])
            && !done[base.0 as usize]
        {
            chain.push(base);
        }
        for model in chain.into_iter().rev() {
            if !std::mem::replace(&mut done[model.0 as usize], true) {
                order.push(model);
            }
        }
    }
    order
}
