//! Heads and sentences as spaCy derives them from the parser's arcs.

/// What the parser found in one piece: the head and the label's number of each token.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tree {
    /// A root is its own head.
    pub(crate) heads: Vec<usize>,
    /// Index into the parser's labels.
    pub(crate) labels: Vec<u32>,
}

/// First and last token of what hangs on each token.
struct Edges {
    first: Vec<usize>,
    last: Vec<usize>,
}

/// After this many rounds spaCy takes the edges as they are; only crossing arcs need more than one.
const ROUNDS_MAX: usize = 12;

impl Tree {
    /// Whether a sentence begins at each token: where the leftmost token under a root stands.
    pub(crate) fn sentence_starts(&self) -> Vec<bool> {
        starts(&self.heads, &edges(&self.heads))
    }

    /// Moves arcs that the training data had bent, so that no two arcs cross, back to where they belong.
    ///
    /// Such an arc's label names the label of the head it came from; the first token of that label below the
    /// present head is the true one.
    pub(crate) fn lift(&mut self, lifted: &[Option<Lifted>], is_space: impl Fn(usize) -> bool) {
        if !self.labels.iter().any(|&label| lifted[label as usize].is_some()) {
            return;
        }
        let edges = edges(&self.heads);
        let mut children = vec![Vec::new(); self.heads.len()];
        for (token, &head) in self.heads.iter().enumerate() {
            if head != token {
                children[head].push(token);
            }
        }
        for token in 0..self.heads.len() {
            let Some(true_label) = lifted[self.labels[token] as usize] else { continue };
            let visible = |head: usize, child: usize| (edges.first[head]..=edges.last[head]).contains(&child);
            let search = Search { token, label: true_label.head, labels: &self.labels, children: &children };
            let old = self.heads[token];
            let new = search.run(old, &visible, &is_space);
            self.labels[token] = true_label.own;
            if new != old {
                children[old].retain(|&child| child != token);
                let at = children[new].partition_point(|&child| child < token);
                children[new].insert(at, token);
                self.heads[token] = new;
            }
        }
    }
}

/// A label that an arc was given when it was bent: its own, and that of the head it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Lifted {
    pub(crate) own: u32,
    pub(crate) head: u32,
}

struct Search<'a> {
    token: usize,
    label: u32,
    labels: &'a [u32],
    children: &'a [Vec<usize>],
}

impl Search<'_> {
    /// Top-down, left to right, breadth first from `start`; `start` itself if there is none of that label.
    fn run(
        &self,
        start: usize,
        visible: &impl Fn(usize, usize) -> bool,
        is_space: &impl Fn(usize) -> bool,
    ) -> usize {
        let mut queue = vec![start];
        let mut next = 0;
        // A tree has no token twice; the bound holds even if a damaged one had.
        while next < queue.len() && queue.len() <= self.labels.len() {
            let head = queue[next];
            next += 1;
            for &child in &self.children[head] {
                if child == self.token || is_space(child) || !visible(head, child) {
                    continue;
                }
                if self.labels[child] == self.label {
                    return child;
                }
                queue.push(child);
            }
        }
        start
    }
}

fn edges(heads: &[usize]) -> Edges {
    let mut edges = Edges { first: (0..heads.len()).collect(), last: (0..heads.len()).collect() };
    for _ in 0..ROUNDS_MAX {
        for token in (0..heads.len()).chain((0..heads.len()).rev()) {
            let head = heads[token];
            edges.first[head] = edges.first[head].min(edges.first[token]);
            edges.last[head] = edges.last[head].max(edges.last[token]);
        }
        if heads_stay_inside(heads, &starts(heads, &edges)) {
            break;
        }
    }
    edges
}

fn starts(heads: &[usize], edges: &Edges) -> Vec<bool> {
    let mut starts = vec![false; heads.len()];
    for (token, &head) in heads.iter().enumerate() {
        if head == token {
            starts[edges.first[token]] = true;
        }
    }
    starts
}

/// Whether each head stands in its token's sentence. As in spaCy, the last token is not looked at and a head
/// may be the next sentence's first token.
fn heads_stay_inside(heads: &[usize], starts: &[bool]) -> bool {
    let mut sentence = 0;
    for token in 0..heads.len() {
        if token > 0 && starts[token] || token + 1 == heads.len() {
            if heads[sentence..token].iter().any(|&head| head < sentence || head > token) {
                return false;
            }
            sentence = token;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Lifted, Tree};

    #[test]
    fn a_sentence_begins_at_the_leftmost_token_under_a_root() {
        let tree = Tree { heads: vec![1, 1, 1, 4, 4], labels: vec![0; 5] };
        assert_eq!(tree.sentence_starts(), [true, false, false, true, false]);
    }

    #[test]
    fn crossing_arcs_stay_in_one_sentence() {
        // Token 1 hangs on 4, across the root at 2.
        let tree = Tree { heads: vec![2, 4, 2, 2, 3], labels: vec![0; 5] };
        assert_eq!(tree.sentence_starts(), [true, false, false, false, false]);
    }

    #[test]
    fn a_bent_arc_goes_back_to_the_head_its_label_names() {
        // Label 3 stands for "1 under a 2"; token 3 was hung on the root, and token 1 has label 2.
        let mut tree = Tree { heads: vec![0, 0, 1, 0], labels: vec![0, 2, 0, 3] };
        tree.lift(&[None, None, None, Some(Lifted { own: 1, head: 2 })], |_| false);
        assert_eq!(tree, Tree { heads: vec![0, 0, 1, 1], labels: vec![0, 2, 0, 1] });
    }

    #[test]
    fn a_bent_arc_stays_where_no_head_has_the_label() {
        let mut tree = Tree { heads: vec![0, 0, 0], labels: vec![0, 2, 3] };
        tree.lift(&[None, None, None, Some(Lifted { own: 1, head: 2 })], |token| token == 1);
        assert_eq!(tree, Tree { heads: vec![0, 0, 0], labels: vec![0, 2, 1] });
    }
}
