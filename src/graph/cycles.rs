//! Cycles in a directed graph: each strongly connected component once, as a shortest loop through its smallest
//! member. Knows nothing of models; nodes are numbers.

use std::collections::VecDeque;

/// One loop for each component that has one, in order of its first node; an edge from a node to itself counts.
pub(crate) fn all(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let component = components(edges);
    let mut reported = vec![false; edges.len()];
    let mut loops = Vec::new();
    for start in 0..edges.len() {
        if reported[component[start]] {
            continue;
        }
        if let Some(found) = shortest_loop(start, edges, &component) {
            reported[component[start]] = true;
            loops.push(found);
        }
    }
    loops
}

/// Breadth first from a node back to itself, inside its component.
fn shortest_loop(start: usize, edges: &[Vec<usize>], component: &[usize]) -> Option<Vec<usize>> {
    if !edges[start].iter().any(|next| component[*next] == component[start]) {
        return None;
    }
    let mut from = std::collections::HashMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &next in edges[at].iter().filter(|next| component[**next] == component[start]) {
            if next == start {
                let mut path = vec![at];
                while let Some(&before) = from.get(path.last()?) {
                    path.push(before);
                }
                path.reverse();
                return Some(path);
            }
            if next != start && !from.contains_key(&next) {
                from.insert(next, at);
                queue.push_back(next);
            }
        }
    }
    None
}

/// Tarjan's algorithm with a stack of its own, so that long chains cannot overflow the machine's.
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    const NEW: usize = usize::MAX;
    let mut component = vec![NEW; edges.len()];
    let mut index = vec![NEW; edges.len()];
    let mut low = vec![0; edges.len()];
    let mut open: Vec<usize> = Vec::new();
    let (mut next_index, mut next_component) = (0, 0);
    for root in 0..edges.len() {
        if index[root] != NEW {
            continue;
        }
        let mut work = vec![(root, 0)];
        while let Some((at, edge)) = work.pop() {
            if edge == 0 {
                (index[at], low[at]) = (next_index, next_index);
                next_index += 1;
                open.push(at);
            }
            if let Some(&next) = edges[at].get(edge) {
                work.push((at, edge + 1));
                if index[next] == NEW {
                    work.push((next, 0));
                } else if component[next] == NEW {
                    low[at] = low[at].min(index[next]);
                }
                continue;
            }
            if low[at] == index[at] {
                while let Some(member) = open.pop() {
                    component[member] = next_component;
                    if member == at {
                        break;
                    }
                }
                next_component += 1;
            }
            if let Some(&(parent, _)) = work.last() {
                low[parent] = low[parent].min(low[at]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn each_loop_once_by_its_smallest_member() {
        let edges = vec![vec![1], vec![2], vec![1, 3], vec![3], vec![0]];
        assert_eq!(all(&edges), [vec![1, 2], vec![3]]);
    }

    #[test]
    fn long_chains_do_not_overflow() {
        let edges: Vec<Vec<usize>> = (0..200_000).map(|at| vec![(at + 1) % 200_000]).collect();
        assert_eq!(all(&edges).len(), 1);
    }
}
