//! The rule book.
use crate::diagnostic::Diagnostics;
use crate::graph::Resolved;
use crate::source::SourceMap;
pub(crate) fn check(_resolved: &Resolved, _sources: &SourceMap, _findings: &mut Diagnostics) {}
