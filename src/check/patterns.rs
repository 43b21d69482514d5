//! Patterns compiled within a budget: equal ones once, and together no more than a build can wait for.
//!
//! Knows nothing of the properties that have them.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use regex::{Error, Regex, RegexBuilder};

/// Few characters may ask for a large automaton. What a pattern may take in memory, in bytes, is tried from small to
/// what the runtime allows, and the first that suffices is what it costs.
const SIZES: [usize; 7] = [8 << 10, 32 << 10, 128 << 10, 512 << 10, 2 << 20, 8 << 20, 10 << 20];

/// What the patterns of a run may cost together.
const MAX_COST: usize = 192 << 20;

/// The patterns of a run.
#[derive(Default)]
pub(super) struct Patterns {
    known: RefCell<HashMap<String, Result<Regex, String>>>,
    cost: Cell<usize>,
}

/// Why there is nothing to match with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is no regular expression, or too large a one.
    Wrong(String),
    /// All before it took what there is; said of one pattern only.
    First,
    /// Another one said so.
    Later,
}

impl Patterns {
    pub(super) fn compiled(&self, pattern: &str) -> Result<Regex, Refusal> {
        if let Some(known) = self.known.borrow().get(pattern) {
            return known.clone().map_err(Refusal::Wrong);
        }
        let spent = self.cost.get();
        if spent > MAX_COST {
            return Err(Refusal::Later);
        }
        let left = MAX_COST - spent;
        let (compiled, cost) = compile(pattern, left);
        self.cost.set(spent + cost);
        if cost > left {
            return Err(Refusal::First);
        }
        let compiled = compiled.map_err(|error| reason(&error));
        self.known.borrow_mut().insert(pattern.to_owned(), compiled.clone());
        compiled.map_err(Refusal::Wrong)
    }
}

/// The outcome, with what it cost; more than is `left` where that does not suffice.
fn compile(pattern: &str, left: usize) -> (Result<Regex, Error>, usize) {
    let mut outcome = (Err(Error::CompiledTooBig(0)), 0);
    for size in SIZES {
        outcome = (RegexBuilder::new(pattern).size_limit(size).build(), size);
        if size > left || !matches!(outcome.0, Err(Error::CompiledTooBig(_))) {
            break;
        }
    }
    outcome
}

fn reason(error: &Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
