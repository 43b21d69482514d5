//! What a finding is known by from one run to the next: it stays when lines move.

use std::collections::BTreeMap;

use super::Diagnostic;
use crate::source::SourceMap;

/// A name for each finding: of its code, its file, its message and the words that it points at. Equal ones are
/// numbered in their order, so that no two findings of a run share one.
pub(super) fn all(findings: &[Diagnostic], sources: &SourceMap) -> Vec<String> {
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    let named = findings.iter().map(|finding| {
        let (file, words) =
            finding.place().map_or(("", ""), |span| (sources.file(span.file).display(), sources.slice(span)));
        let hash = fnv1a([finding.code.code, file, &finding.message, words]);
        let count = seen.entry(hash).or_default();
        *count += 1;
        format!("{hash:016x}:{count}")
    });
    named.collect()
}

/// The 64-bit FNV-1a hash: unlike the standard library's, it is the same in every release.
fn fnv1a<'a>(parts: impl IntoIterator<Item = &'a str>) -> u64 {
    let bytes = parts.into_iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::fnv1a;

    #[test]
    fn the_hash_is_the_published_one() {
        // Of the byte 0 alone, which ends the empty part.
        assert_eq!(fnv1a([""]), 0xaf63_bd4c_8601_b7df);
        assert_ne!(fnv1a(["ab", "c"]), fnv1a(["a", "bc"]));
    }
}
