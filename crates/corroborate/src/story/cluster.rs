//! Average-link clustering over the links of one component.

use std::collections::{BTreeMap, BinaryHeap};

/// Joins the two clusters whose articles are most alike on average, until no two are alike enough; pairs without a link
/// count as nothing. Each cluster's places ascend; clusters are in order of their first.
///
/// The order of `links` matters nothing, that of the places only where likenesses are equal.
pub(super) fn cluster(count: usize, links: &[(usize, usize, f64)], least: f64) -> Vec<Vec<usize>> {
    let mut clusters: Vec<Option<Cluster>> =
        (0..count).map(|place| Some(Cluster { members: vec![place], sums: BTreeMap::new() })).collect();
    let mut heap = BinaryHeap::new();
    for &(left, right, likeness) in links {
        for (one, other) in [(left, right), (right, left)] {
            let cluster = clusters[one].as_mut().expect("nothing is joined yet");
            cluster.sums.insert(other, likeness);
        }
        heap.push(Join { likeness, left: left.min(right), right: left.max(right), sizes: (1, 1) });
    }
    while let Some(join) = heap.pop() {
        if join.likeness < least {
            break;
        }
        let size = |place: usize| clusters[place].as_ref().map_or(0, |cluster| cluster.members.len());
        if (size(join.left), size(join.right)) != join.sizes {
            continue;
        }
        let taken = clusters[join.right].take().expect("a cluster of that size is there");
        let mut grown = clusters[join.left].take().expect("a cluster of that size is there");
        grown.members.extend(taken.members);
        grown.sums.remove(&join.right);
        for (other, sum) in taken.sums {
            if other != join.left {
                *grown.sums.entry(other).or_insert(0.0) += sum;
                let neighbour = clusters[other].as_mut().expect("sums point at clusters that are there");
                neighbour.sums.remove(&join.right);
            }
        }
        for (&other, &sum) in &grown.sums {
            let neighbour = clusters[other].as_mut().expect("sums point at clusters that are there");
            neighbour.sums.insert(join.left, sum);
            let (own, its) = (grown.members.len(), neighbour.members.len());
            let likeness = sum / (own * its) as f64;
            if likeness >= least {
                let sizes = if join.left < other { (own, its) } else { (its, own) };
                heap.push(Join { likeness, left: join.left.min(other), right: join.left.max(other), sizes });
            }
        }
        clusters[join.left] = Some(grown);
    }
    clusters
        .into_iter()
        .flatten()
        .map(|mut cluster| {
            cluster.members.sort_unstable();
            cluster.members
        })
        .collect()
}

struct Cluster {
    members: Vec<usize>,
    /// Sum of likenesses to each other cluster, by its first place.
    sums: BTreeMap<usize, f64>,
}

/// Two clusters that may be joined, valid while they have these sizes: a cluster only grows.
struct Join {
    likeness: f64,
    left: usize,
    right: usize,
    sizes: (usize, usize),
}

impl Ord for Join {
    fn cmp(&self, other: &Join) -> std::cmp::Ordering {
        self.likeness
            .total_cmp(&other.likeness)
            .then_with(|| (other.left, other.right).cmp(&(self.left, self.right)))
    }
}

impl PartialOrd for Join {
    fn partial_cmp(&self, other: &Join) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Join {
    fn eq(&self, other: &Join) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Join {}

#[cfg(test)]
mod tests {
    use super::cluster;

    #[test]
    fn a_chain_of_weak_links_is_not_one_story() {
        let chain = [(0, 1, 0.9), (1, 2, 0.5), (2, 3, 0.9)];
        assert_eq!(cluster(4, &chain, 0.4), [vec![0, 1], vec![2, 3]]);
    }

    #[test]
    fn nothing_is_nothing() {
        assert!(cluster(0, &[], 0.5).is_empty());
        assert_eq!(cluster(2, &[], 0.5), [vec![0], vec![1]]);
    }
}
