//! Where two lists of words differ.

use std::ops::Range;

/// A stretch of one list that stands in place of a stretch of the other; one of them may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hunk {
    pub left: Range<usize>,
    pub right: Range<usize>,
}

/// Longer lists are not compared: the table of lengths would outgrow its use.
pub(crate) const WORDS_MAX: usize = 600;

/// The stretches outside a longest common subsequence, in order; nothing for lists that are too long.
pub(crate) fn hunks(left: &[&str], right: &[&str]) -> Vec<Hunk> {
    if left.len() > WORDS_MAX || right.len() > WORDS_MAX {
        return Vec::new();
    }
    let width = right.len() + 1;
    let mut lengths = vec![0_u16; (left.len() + 1) * width];
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            lengths[i * width + j] = if left[i] == right[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let mut hunks: Vec<Hunk> = Vec::new();
    let (mut i, mut j) = (0, 0);
    let (mut from_left, mut from_right) = (0, 0);
    loop {
        let ended = i == left.len() || j == right.len();
        if ended || left[i] == right[j] {
            let (to_left, to_right) = if ended { (left.len(), right.len()) } else { (i, j) };
            if from_left < to_left || from_right < to_right {
                hunks.push(Hunk { left: from_left..to_left, right: from_right..to_right });
            }
            if ended {
                return hunks;
            }
            i += 1;
            j += 1;
            (from_left, from_right) = (i, j);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
}

/// Number of words in a longest common subsequence.
pub(crate) fn common_count(left: &[&str], right: &[&str]) -> usize {
    left.len() - hunks(left, right).iter().map(|hunk| hunk.left.len()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::{common_count, hunks};

    fn words(text: &str) -> Vec<&str> {
        text.split(' ').collect()
    }

    #[test]
    fn finds_what_was_replaced() {
        let found =
            hunks(&words("police said twelve people died"), &words("police said fourteen people died"));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].left.clone(), found[0].right.clone()), (2..3, 2..3));
    }

    #[test]
    fn finds_what_was_left_out_at_the_end() {
        let found = hunks(&words("the bridge fell , police said"), &words("the bridge fell"));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].left.clone(), found[0].right.clone()), (3..6, 3..3));
    }

    #[test]
    fn the_same_words_have_no_hunk() {
        assert!(hunks(&words("a b c"), &words("a b c")).is_empty());
        assert_eq!(common_count(&words("a b c d"), &words("b x d")), 2);
    }
}
