//! Gradient-boosted trees, walked by eight rows at a time.

/// Comparisons on the way from the root of a tree to a leaf. Every tree is filled up to it: all rows then take the same
/// number of steps, and no processor has to guess which.
const LEVELS: usize = 7;
/// Leaves of a tree, and places for its nodes.
const LEAVES: usize = 1 << LEVELS;
/// Rows that walk together: enough independent reads to hide how long each takes.
const LANES: usize = 8;
/// Numbers that a row can have: all that a byte can count.
const WIDTH: usize = 1 << u8::BITS;
/// After each so many trees, rows whose sum is outside `DOUBTFUL` keep what they have: most of a page is menus, and most
/// paragraphs are clear. By cross-validation the word F1 is the same, and half of the work is saved.
const STAGE_TREES: usize = 16;
const DOUBTFUL: std::ops::Range<f32> = -2.5..3.5;
/// Marks a leaf in the file.
const LEAF: u8 = 255;

/// A full binary tree: the nodes below place `n` are `2n` and `2n + 1`, the root is at 1, and what follows the last
/// level are the leaves.
#[derive(Clone, Debug)]
struct Tree {
    nodes: [Node; LEAVES],
    leaves: [f32; LEAVES],
}

/// A question to a row.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// Which of its numbers.
    feature: u8,
    /// Rows whose number is above it go to `2n + 1`.
    threshold: f32,
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
            let (&[_, count], after) = rest.split_first_chunk::<2>()?;
            let (nodes, after) = after.split_at_checked(usize::from(count) * 6)?;
            let mut tree = Tree { nodes: [Node::default(); LEAVES], leaves: [0.0; LEAVES] };
            fill(&mut tree, Written { nodes: nodes.as_chunks().0, width }, 0, 1)?;
            forest.trees.push(tree);
            rest = after;
        }
        (rest.is_empty() && width <= WIDTH).then_some(forest)
    }

    /// The probability of each row; `rows` holds them one after another.
    pub(crate) fn probabilities(&self, rows: &[f32]) -> Vec<f32> {
        let table: Vec<&[f32]> = rows.chunks_exact(self.width.max(1)).collect();
        let sums = vec![0f32; table.len()];
        let mut doubtful: Vec<usize> = (0..table.len()).collect();
        let mut walk = Walk { table, lanes: Box::new([[0f32; WIDTH]; LANES]), sums };
        for stage in self.trees.chunks(STAGE_TREES) {
            for places in doubtful.chunks(LANES) {
                walk.add(stage, places);
            }
            doubtful.retain(|row| DOUBTFUL.contains(&walk.sums[*row]));
        }
        walk.sums.iter().map(|sum| 1.0 / (1.0 + (-sum).exp())).collect()
    }
}

/// Rows on their way through the trees.
struct Walk<'a> {
    table: Vec<&'a [f32]>,
    /// The numbers of the rows that walk together; as wide as a byte can count, so that no place in them is outside.
    lanes: Box<[[f32; WIDTH]; LANES]>,
    sums: Vec<f32>,
}

impl Walk<'_> {
    /// Adds what the trees say of at most `LANES` rows to their sums.
    fn add(&mut self, trees: &[Tree], places: &[usize]) {
        // Lanes without a row keep what the last rows left there, and are not counted.
        for (lane, place) in self.lanes.iter_mut().zip(places) {
            let row = self.table[*place];
            lane[..row.len()].copy_from_slice(row);
        }
        let lanes = &self.lanes;
        let mut totals = [0f32; LANES];
        for tree in trees {
            let mut at = [1usize; LANES];
            for _ in 0..LEVELS {
                for lane in 0..LANES {
                    let place = at[lane] % LEAVES;
                    let Node { feature, threshold } = tree.nodes[place];
                    let value = lanes[lane][usize::from(feature)];
                    at[lane] = 2 * place + usize::from(value > threshold);
                }
            }
            for lane in 0..LANES {
                totals[lane] += tree.leaves[at[lane] % LEAVES];
            }
        }
        for (place, total) in places.iter().zip(totals) {
            self.sums[*place] += total;
        }
    }
}

/// A tree as it stands in the file.
#[derive(Clone, Copy)]
struct Written<'a> {
    nodes: &'a [[u8; 6]],
    /// Numbers in a row.
    width: usize,
}

/// Copies what is below a node of the file to what is below place `at`; `None` where the file is not sound.
fn fill(tree: &mut Tree, written: Written, node: usize, at: usize) -> Option<()> {
    let &[feature, right, a, b, c, d] = written.nodes.get(node)?;
    let number = f32::from_le_bytes([a, b, c, d]);
    if at >= LEAVES {
        // Below the last level there are only leaves.
        tree.leaves[at - LEAVES] = Some(number).filter(|_| feature == LEAF)?;
        return Some(());
    }
    if feature == LEAF {
        // Whichever way a row goes from here, it ends in the same leaf.
        fill(tree, written, node, 2 * at)?;
        return fill(tree, written, node, 2 * at + 1);
    }
    if usize::from(feature) >= written.width || usize::from(right) <= node {
        return None;
    }
    tree.nodes[at] = Node { feature, threshold: number };
    fill(tree, written, node + 1, 2 * at)?;
    fill(tree, written, usize::from(right), 2 * at + 1)
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
