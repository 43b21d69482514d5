//! The nearest known name to one that is not known.

/// The candidate that a reader most likely meant, if one is near enough; the first of equals.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(word);
    // Of one letter, any other would be near.
    let limit = if wanted.len() < 2 { 0 } else { (wanted.len() / 3).max(1) };
    candidates
        .into_iter()
        .map(|candidate| (distance(&wanted, &fold(candidate), limit), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether two names differ in case and separators only.
pub(crate) fn is_same_word(word: &str, other: &str) -> bool {
    folded(word).eq(folded(other))
}

/// A word such that two that differ in case and separators only are equal.
pub(crate) fn folded_word(word: &str) -> String {
    folded(word).collect()
}

/// Case and underscores are the commonest difference and cost nothing.
fn folded(word: &str) -> impl Iterator<Item = char> {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase)
}

/// As much of a word as is compared letter by letter.
fn fold(word: &str) -> Vec<char> {
    folded(word).take(64).collect()
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other;
/// anything above `limit` where it cannot be less.
fn distance(from: &[char], to: &[char], limit: usize) -> usize {
    if from.len().abs_diff(to.len()) > limit {
        return limit + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let replaced = above[j] + usize::from(a != b);
            let mut best = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[to.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let known = ["Customer", "Order", "OrderItem"];
        assert_eq!(nearest("Custmer", known), Some("Customer"));
        assert_eq!(nearest("order_item", known), Some("OrderItem"));
        assert_eq!(nearest("Ordre", known), Some("Order"));
        assert_eq!(nearest("Invoice", known), None);
    }
}
