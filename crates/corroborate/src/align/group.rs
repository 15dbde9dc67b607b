//! Groups of statements that say the same, from the likelihood of pairs.

use std::collections::{BTreeMap, BTreeSet};

use super::Likely;
use super::pair::Link;

/// How likely pairs must be.
pub(super) struct Least {
    /// A pair this likely starts a group or joins two, where the mean likelihood between the two is as high.
    pub start: f64,
    /// A pair this likely that grouping kept apart is a row of its own: a sentence may carry two statements.
    pub pair: f64,
}

/// Groups of units, each sorted, in order of their first unit; `units_of` tells each unit's article.
pub(super) fn groups(
    units_of: &[usize],
    (links, likely): (&[Link], &Likely),
    least: &Least,
) -> Vec<Vec<usize>> {
    let mut order: Vec<&Link> = links.iter().filter(|link| link.probability >= least.start).collect();
    order.sort_by(|x, y| y.probability.total_cmp(&x.probability).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut group_of: BTreeMap<usize, usize> = BTreeMap::new();
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for link in order {
        let left = *group_of.entry(link.a).or_insert(link.a);
        let right = *group_of.entry(link.b).or_insert(link.b);
        members.entry(left).or_insert_with(|| vec![link.a]);
        members.entry(right).or_insert_with(|| vec![link.b]);
        if left == right || mean_link(units_of, likely, (&members[&left], &members[&right])) < least.start {
            continue;
        }
        let moved = members.remove(&right).expect("every group has members");
        for &unit in &moved {
            group_of.insert(unit, left);
        }
        members.get_mut(&left).expect("every group has members").extend(moved);
    }
    let mut groups: Vec<Vec<usize>> =
        members.into_values().filter(|group| articles(units_of, group) > 1).collect();
    for link in links.iter().filter(|link| link.probability >= least.pair) {
        let together = group_of.get(&link.a).is_some_and(|group| group_of.get(&link.b) == Some(group));
        if !together {
            groups.push(vec![link.a, link.b]);
        }
    }
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort();
    groups.dedup();
    groups
}

/// Mean likelihood over pairs of different articles.
fn mean_link(units_of: &[usize], likely: &Likely, (left, right): (&[usize], &[usize])) -> f64 {
    let (mut sum, mut count) = (0.0, 0);
    for &x in left {
        for &y in right {
            if units_of[x] != units_of[y] {
                sum += likely.get(&(x.min(y), x.max(y))).copied().unwrap_or(0.0);
                count += 1;
            }
        }
    }
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}

fn articles(units_of: &[usize], group: &[usize]) -> usize {
    group.iter().map(|&unit| units_of[unit]).collect::<BTreeSet<usize>>().len()
}
