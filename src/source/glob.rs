//! Path patterns: `*` and `?` within a name, `**` for any folders. Does no I/O.

/// Whether a path argument is a pattern rather than a path.
pub(super) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?'])
}

/// Splits `schemas/**/*.yaml` into the folder to walk (`schemas`) and the pattern below it (`**/*.yaml`).
pub(super) fn split(pattern: &str) -> (&str, &str) {
    let first = pattern.find(['*', '?']).unwrap_or(pattern.len());
    match pattern[..first].rfind('/') {
        Some(0) => ("/", &pattern[1..]),
        Some(slash) => (&pattern[..slash], &pattern[slash + 1..]),
        None => (".", pattern),
    }
}

/// Whether the pattern describes a path, both with forward slashes.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    // `reached[i]`: the first `i` parts of the pattern describe the folders seen so far.
    let mut reached = vec![false; pattern.len() + 1];
    reached[0] = true;
    skip_empty_folders(&pattern, &mut reached);
    for name in path {
        let mut next = vec![false; pattern.len() + 1];
        for (at, part) in pattern.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match *part {
                "**" => next[at] = true,
                part if name_matches(part, name) => next[at + 1] = true,
                _ => {}
            }
        }
        skip_empty_folders(&pattern, &mut next);
        reached = next;
    }
    reached[pattern.len()]
}

/// `**` also stands for no folder at all.
fn skip_empty_folders(pattern: &[&str], reached: &mut [bool]) {
    for (at, part) in pattern.iter().enumerate() {
        if reached[at] && *part == "**" {
            reached[at + 1] = true;
        }
    }
}

/// `*` and `?` in one name, without backtracking further than to the last `*`.
fn name_matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut read) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while read < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(expected) if *expected == '?' || *expected == name[read] => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((star_at, star_read)) = star else {
                    return false;
                };
                star = Some((star_at, star_read + 1));
                (at, read) = (star_at + 1, star_read + 1);
            }
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, path, expected) in [
            ("*.yaml", "a.yaml", true),
            ("*.yaml", "b/a.yaml", false),
            ("**/*.yaml", "a.yaml", true),
            ("**/*.yaml", "b/c/a.yaml", true),
            ("b/**", "b/c/a.yaml", true),
            ("?.y*l", "a.yml", true),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} against {path}");
        }
        assert_eq!(split("schemas/**/*.yaml"), ("schemas", "**/*.yaml"));
        assert_eq!(split("*.yaml"), (".", "*.yaml"));
    }
}
