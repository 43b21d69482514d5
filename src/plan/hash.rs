//! A hash that is the same on every machine and in every version of Rust, to tell whether text changed and
//! to keep shortened names apart. Knows nothing of what is hashed; no defence against forgery.

/// 2^64 divided by the golden ratio: odd, and its bits follow no pattern.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Eight bytes at a time, then the length. Each step is reversible, so that no two states fall together; the shift
/// brings high bits down, which a product modulo 2^64 never does.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let length = (bytes.len() as u64).to_le_bytes();
    words.iter().chain([&last, &length]).fold(FACTOR, |hash, word| {
        let product = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
        product ^ (product >> 32)
    })
}

/// The hash as sixteen hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    format!("{:016x}", hash(bytes))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_bit_and_the_length_show() {
        let text = b"a text of more than eight bytes".to_vec();
        let mut seen = BTreeSet::from([hash(&text)]);
        for (byte, bit) in (0..text.len()).flat_map(|byte| (0..8).map(move |bit| (byte, bit))) {
            let mut other = text.clone();
            other[byte] ^= 1 << bit;
            assert!(seen.insert(hash(&other)), "byte {byte}, bit {bit}");
        }
        for zeros in 0..20 {
            assert!(seen.insert(hash(&vec![0; zeros])), "{zeros} zeros");
        }
    }
}
