//! Gradient-boosted trees, walked by eight rows at a time.

/// Nodes of one tree at most, leaves included: a power of two, so that a masked place needs no check.
const NODES_MAX: usize = 128;
/// Rows that walk together: enough independent reads to hide how long each takes.
const LANES: usize = 8;
/// Rows that go through all trees together: they fit the processor's nearest memory.
const GROUP: usize = 32;
/// After so many trees, a row below `HOPELESS` keeps what it has: most of a page is menus.
const FIRST_TREES: usize = 24;
const HOPELESS: f32 = -3.5;
/// Marks a leaf in the file.
const LEAF: u8 = 255;

#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// Rows whose value is not above it go to the next node. A leaf has NaN here, so that its rows go right, which
    /// is the leaf itself: all rows take the same number of steps.
    threshold: f32,
    feature: u16,
    right: u16,
}

#[derive(Clone, Debug)]
struct Tree {
    nodes: Box<[Node; NODES_MAX]>,
    values: Box<[f32; NODES_MAX]>,
    depth: u32,
}

/// Trees whose leaves add up to the log odds of a row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forest {
    trees: Vec<Tree>,
    /// Numbers in a row.
    pub width: usize,
}

impl Forest {
    /// Reads what `train/extract.py` wrote: the width and number of trees (16 bits each), then for each tree its depth
    /// and number of nodes (8 bits each), then nodes in preorder: feature and right child (8 bits each), threshold or
    /// leaf value (32 bits).
    pub(crate) fn read(bytes: &[u8]) -> Option<Forest> {
        let (head, mut rest) = bytes.split_first_chunk::<4>()?;
        let width = usize::from(u16::from_le_bytes([head[0], head[1]]));
        let mut forest = Forest { trees: Vec::new(), width };
        for _ in 0..u16::from_le_bytes([head[2], head[3]]) {
            let (&[depth, count], after) = rest.split_first_chunk::<2>()?;
            let (nodes, after) = after.split_at_checked(usize::from(count) * 6)?;
            forest.trees.push(tree(u32::from(depth), nodes, width)?);
            rest = after;
        }
        rest.is_empty().then_some(forest)
    }

    /// The probability of each row; `rows` holds them one after another.
    pub(crate) fn probabilities(&self, rows: &[f32]) -> Vec<f32> {
        let count = rows.len() / self.width.max(1);
        let mut sums = vec![0f32; count];
        let table: Vec<&[f32]> = rows.chunks_exact(self.width.max(1)).collect();
        let (first, rest) = self.trees.split_at(FIRST_TREES.min(self.trees.len()));
        let everything: Vec<usize> = (0..count).collect();
        for group in everything.chunks(GROUP) {
            walk(first, &table, group, &mut sums);
        }
        let hopeful: Vec<usize> = (0..count).filter(|row| sums[*row] > HOPELESS).collect();
        for group in hopeful.chunks(GROUP) {
            walk(rest, &table, group, &mut sums);
        }
        sums.iter().map(|sum| 1.0 / (1.0 + (-sum).exp())).collect()
    }
}

/// Adds what the trees say of the rows of a group to their sums.
fn walk(trees: &[Tree], table: &[&[f32]], group: &[usize], sums: &mut [f32]) {
    for lanes in group.chunks(LANES) {
        // The last lanes repeat the last row and are not counted.
        let row = |lane: usize| table[lanes[lane.min(lanes.len() - 1)]];
        let lane_rows: [&[f32]; LANES] = std::array::from_fn(row);
        let mut totals = [0f32; LANES];
        for tree in trees {
            let mut places = [0u16; LANES];
            for _ in 0..tree.depth {
                for (place, row) in places.iter_mut().zip(&lane_rows) {
                    let node = tree.nodes[usize::from(*place) & (NODES_MAX - 1)];
                    let goes_on = row[usize::from(node.feature)] <= node.threshold;
                    *place = if goes_on { *place + 1 } else { node.right };
                }
            }
            for (total, place) in totals.iter_mut().zip(places) {
                *total += tree.values[usize::from(place) & (NODES_MAX - 1)];
            }
        }
        for (row, total) in lanes.iter().zip(totals) {
            sums[*row] += total;
        }
    }
}

fn tree(depth: u32, bytes: &[u8], width: usize) -> Option<Tree> {
    let (rows, _) = bytes.as_chunks::<6>();
    let mut tree =
        Tree { nodes: Box::new([Node::default(); NODES_MAX]), values: Box::new([0.0; NODES_MAX]), depth };
    for (place, &[feature, right, a, b, c, d]) in rows.iter().enumerate() {
        let number = f32::from_le_bytes([a, b, c, d]);
        let (node, value) = if feature == LEAF {
            (Node { threshold: f32::NAN, feature: 0, right: place as u16 }, number)
        } else {
            (Node { threshold: number, feature: u16::from(feature), right: u16::from(right) }, 0.0)
        };
        let is_sound = usize::from(node.feature) < width && usize::from(node.right) < rows.len();
        *tree.nodes.get_mut(place).filter(|_| is_sound)? = node;
        tree.values[place] = value;
    }
    Some(tree)
}

#[cfg(test)]
mod tests {
    use super::{Forest, LEAF};

    /// One tree: row[1] <= 0.5 → -1, else 3.
    fn bytes() -> Vec<u8> {
        let mut bytes = vec![2, 0, 1, 0, 1, 3];
        for (feature, right, number) in [(1, 2, 0.5f32), (LEAF, 0, -1.0), (LEAF, 0, 3.0)] {
            bytes.extend([feature, right]);
            bytes.extend(number.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn rows_end_in_their_leaves() {
        let forest = Forest::read(&bytes()).unwrap();
        let rows: Vec<f32> = (0..20).flat_map(|row| [9.0, if row % 3 == 0 { 0.0 } else { 1.0 }]).collect();
        for (row, found) in forest.probabilities(&rows).into_iter().enumerate() {
            let sum = if row % 3 == 0 { -1.0f32 } else { 3.0 };
            assert!((found - 1.0 / (1.0 + (-sum).exp())).abs() < 1e-6);
        }
        assert!(forest.probabilities(&[]).is_empty());
    }

    #[test]
    fn damaged_trees_are_refused() {
        let whole = bytes();
        for end in 0..whole.len() {
            assert!(Forest::read(&whole[..end]).is_none());
        }
        let mut wrong = whole.clone();
        wrong[6] = 7;
        assert!(Forest::read(&wrong).is_none());
    }
}
