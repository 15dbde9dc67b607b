//! Clusters of a few articles that belong to a larger one: a short notice is like the two reports that tell what it tells,
//! and unlike the long ones that tell everything else.

use std::collections::BTreeMap;

/// Articles that are a fragment beside any story.
const NOTICES_MAX: usize = 2;
/// Articles that are a fragment beside a much larger story. More that are alike are a story: with larger fragments, two
/// stories of one topic ran together.
const ARTICLES_MAX: usize = 3;
/// So many times as large is much larger.
const MUCH_LARGER: usize = 3;
/// How strong the links to the much larger story must be, on average.
const MUCH_LARGER_LEAST: f64 = 0.6;
/// For each of a fragment's articles, so many of the strongest links to the other cluster count.
const LINKS_COUNTED: usize = 2;
/// A fragment that grew may be taken up by a larger one; more rounds change nothing.
const ROUNDS_MAX: usize = 3;

/// The articles that one is linked to, and how strongly.
type Linked = Vec<(usize, f64)>;

/// Joins each fragment with the cluster to which its strongest links are strongest on average, if those of one or two
/// articles are at least so strong. Smallest first, so that two fragments meet before either is taken up. The places of each cluster ascend;
/// clusters are in order of their first.
pub(super) fn attach(
    mut clusters: Vec<Vec<usize>>,
    links: &[(usize, usize, f64)],
    least: f64,
) -> Vec<Vec<usize>> {
    let count = clusters.iter().map(Vec::len).sum();
    let mut home = vec![0; count];
    for (number, cluster) in clusters.iter().enumerate() {
        for &place in cluster {
            home[place] = number;
        }
    }
    let mut linked: Vec<Linked> = vec![Vec::new(); count];
    for &(left, right, likeness) in links {
        linked[left].push((right, likeness));
        linked[right].push((left, likeness));
    }
    for _ in 0..ROUNDS_MAX {
        let mut fragments: Vec<usize> =
            (0..clusters.len()).filter(|&number| is_fragment(&clusters[number])).collect();
        fragments.sort_by_key(|&number| (clusters[number].len(), clusters[number].iter().min().copied()));
        let mut is_settled = true;
        for fragment in fragments {
            // It may have been taken up, or have taken up another, since.
            if !is_fragment(&clusters[fragment]) {
                continue;
            }
            let Some((likeness, larger)) = nearest(&clusters, (&home, &linked), fragment) else { continue };
            if likeness >= if clusters[fragment].len() > NOTICES_MAX { MUCH_LARGER_LEAST } else { least } {
                let moved = std::mem::take(&mut clusters[fragment]);
                for &place in &moved {
                    home[place] = larger;
                }
                clusters[larger].extend(moved);
                is_settled = false;
            }
        }
        if is_settled {
            break;
        }
    }
    clusters.retain(|cluster| !cluster.is_empty());
    for cluster in &mut clusters {
        cluster.sort_unstable();
    }
    clusters.sort();
    clusters
}

fn is_fragment(cluster: &[usize]) -> bool {
    (1..=ARTICLES_MAX).contains(&cluster.len())
}

/// The cluster that a fragment is most like, and how much, among those as large as it must be; of equals the one whose
/// first article is first.
fn nearest(
    clusters: &[Vec<usize>],
    (home, linked): (&[usize], &[Linked]),
    fragment: usize,
) -> Option<(f64, usize)> {
    let articles = &clusters[fragment];
    let size_min = articles.len() * if articles.len() > NOTICES_MAX { MUCH_LARGER } else { 1 };
    let mut strengths: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for &(other, likeness) in articles.iter().flat_map(|&place| &linked[place]) {
        if home[other] != fragment && clusters[home[other]].len() >= size_min {
            strengths.entry(home[other]).or_default().push(likeness);
        }
    }
    let first = |cluster: usize| clusters[cluster].iter().min().copied();
    let mean = |(cluster, mut strengths): (usize, Vec<f64>)| {
        strengths.sort_by(|x, y| y.total_cmp(x));
        let counted = LINKS_COUNTED.min(clusters[cluster].len()) * articles.len();
        (strengths.iter().take(counted).sum::<f64>() / counted as f64, cluster)
    };
    strengths
        .into_iter()
        .map(mean)
        .max_by(|x, y| x.0.total_cmp(&y.0).then_with(|| first(y.1).cmp(&first(x.1))))
}

#[cfg(test)]
mod tests {
    use super::attach;

    /// Two stories of three, whose articles are alike.
    const STORIES: [(usize, usize, f64); 6] =
        [(0, 1, 0.9), (0, 2, 0.9), (1, 2, 0.9), (3, 4, 0.9), (3, 5, 0.9), (4, 5, 0.9)];

    fn attached(more: &[(usize, usize, f64)], fragment: &[usize]) -> Vec<Vec<usize>> {
        let links: Vec<(usize, usize, f64)> = STORIES.iter().chain(more).copied().collect();
        attach(vec![vec![0, 1, 2], vec![3, 4, 5], fragment.to_vec()], &links, 0.4)
    }

    #[test]
    fn a_notice_goes_to_the_story_of_which_some_reports_are_like_it() {
        let notice = [(0, 6, 0.8), (1, 6, 0.3), (3, 6, 0.5)];
        assert_eq!(attached(&notice, &[6]), [vec![0, 1, 2, 6], vec![3, 4, 5]]);
    }

    #[test]
    fn what_is_like_one_report_only_stays_by_itself() {
        assert_eq!(attached(&[(0, 6, 0.7)], &[6]).len(), 3);
    }

    #[test]
    fn three_alike_are_a_story() {
        let links: Vec<(usize, usize, f64)> =
            (0..3).flat_map(|left| (3..6).map(move |right| (left, right, 0.6))).collect();
        assert_eq!(attach(vec![vec![0, 1, 2], vec![3, 4, 5]], &links, 0.4).len(), 2);
    }

    #[test]
    fn three_beside_many_are_a_fragment_if_they_are_much_alike() {
        let joined = |strength: f64| {
            let links: Vec<(usize, usize, f64)> =
                (0..9).flat_map(|left| (9..12).map(move |right| (left, right, strength))).collect();
            attach(vec![(0..9).collect(), vec![9, 10, 11]], &links, 0.4).len()
        };
        assert_eq!((joined(0.65), joined(0.5)), (1, 2));
    }

    #[test]
    fn nothing_is_nothing() {
        assert!(attach(Vec::new(), &[], 0.4).is_empty());
    }
}
