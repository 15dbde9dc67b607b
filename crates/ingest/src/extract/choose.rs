//! Which blocks are the article, given how likely each is.

use super::context::heading_tag;
use super::name::{Kind, hash};
use super::page::{Block, NodeId, Page, held};
use super::stats::{Counted, Stats, runs};
use crate::quick::{QuickMap, QuickSet};

/// What a block that belongs to the article is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Body,
    /// The title again.
    Headline,
    /// Under a picture.
    Caption,
}

/// Threshold by expected F1, times this: a little more precision pays, as the probabilities are a little high.
const CAUTION: f32 = 1.05;
/// No page needs more certainty than this.
const THRESHOLD_MAX: f32 = 0.5;
/// Class names of what readers write.
const COMMENT_NAMES: [&[u8]; 8] = [
    b"comment",
    b"comments",
    b"commentlist",
    b"disqus",
    b"respond",
    b"commenter",
    b"commento",
    b"discussion",
];
/// When more of the article than this would go as comments, they are the article.
const COMMENTS_SHARE_MAX: f32 = 0.5;
/// Copies go when they are so much of the article: a refrain is repeated, an article that is there twice is doubled.
const COPIES_SHARE_MIN: f32 = 0.2;
/// A block is a copy when so many of its runs of words stand elsewhere.
const COVERED_SHARE_MIN: f32 = 0.8;
/// Fewest runs of words of a copy, and of a block that others together may cover.
const COPY_RUNS_MIN: usize = 7;
const WHOLE_RUNS_MIN: usize = 150;
/// Size of the filter that tells most pages to hold no copy; a page has about a thousand runs.
const FILTER_BITS: usize = 1 << 16;

/// The blocks of the article's body, in order.
pub(crate) fn body(page: &Page, counted: &Counted, probabilities: &[f32]) -> Vec<usize> {
    let all = &counted.all;
    let threshold = threshold(probabilities, all);
    let is_body = |place: &usize| {
        probabilities[*place] >= threshold && role(page, &page.blocks[*place], &all[*place]) == Role::Body
    };
    let likely: Vec<usize> = (0..all.len()).filter(is_body).collect();
    let kept = without_comments(page, all, likely);
    let single = once(counted, &kept);
    let (before, after) = (words(all, &kept), words(all, &single));
    if before - after >= COPIES_SHARE_MIN * before { single } else { kept }
}

/// The threshold that makes the expected word F1 of a page highest: half of that F1. So it is near one half where the
/// blocks are clear, and lower where they are not.
fn threshold(probabilities: &[f32], all: &[Stats]) -> f32 {
    let mut order: Vec<(f32, f32)> =
        probabilities.iter().zip(all).map(|(probability, stats)| (*probability, stats.words)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let total: f32 = order.iter().map(|(probability, words)| probability * words).sum();
    let (mut taken, mut right, mut best) = (0.0, 0.0, 0.0f32);
    for (probability, words) in order {
        taken += words;
        right += probability * words;
        best = best.max(2.0 * right / (taken + total).max(1.0));
    }
    (best / 2.0 * CAUTION).min(THRESHOLD_MAX)
}

/// What a block is in an article that it belongs to.
pub(crate) fn role(page: &Page, block: &Block, stats: &Stats) -> Role {
    let flags = page.held(block);
    if flags & held::FIGURE != 0 && flags & held::TABLE == 0 {
        Role::Caption
    } else if stats.in_title > 0.8
        && stats.words >= 4.0
        && stats.of_title > 0.5
        && heading_tag(page, block).is_some()
    {
        Role::Headline
    } else {
        Role::Body
    }
}

fn words(all: &[Stats], places: &[usize]) -> f32 {
    places.iter().map(|place| all[*place].words).sum()
}

fn without_comments(page: &Page, all: &[Stats], kept: Vec<usize>) -> Vec<usize> {
    let names = COMMENT_NAMES.map(|name| hash(Kind::Part, name));
    // What is known of the elements met so far: those of one article share most of what holds them.
    let mut known: Vec<Option<bool>> = vec![None; page.nodes.len()];
    let (comments, body): (Vec<usize>, Vec<usize>) =
        kept.iter().partition(|place| is_comment(page, page.blocks[**place].leaf, (&names, &mut known)));
    if words(all, &comments) < COMMENTS_SHARE_MAX * words(all, &kept) { body } else { kept }
}

/// Whether an element, or one that holds it, is named for what readers write.
fn is_comment(page: &Page, leaf: NodeId, (names, known): (&[u32], &mut [Option<bool>])) -> bool {
    let mut found = false;
    let mut path = Vec::new();
    for id in page.upwards(leaf) {
        if let Some(is_comment) = known[id as usize] {
            found = is_comment;
            break;
        }
        path.push(id);
    }
    for id in path.into_iter().rev() {
        found |= page.names_of(id).iter().any(|name| names.contains(name));
        known[id as usize] = Some(found);
    }
    found
}

/// Whether a run of words may stand twice: a certain no from one walk over them, as a filter of Bloom tells it.
fn may_repeat(all_runs: &[Vec<u32>]) -> bool {
    let mut bits = vec![0u64; FILTER_BITS / 64];
    let mut hits = 0;
    for list in all_runs {
        let before = hits;
        for run in list {
            let (place, bit) = (*run as usize % FILTER_BITS / 64, 1 << (run % 64));
            hits += usize::from(bits[place] & bit != 0);
            bits[place] |= bit;
        }
        let own = (hits - before) as f32;
        if own >= COVERED_SHARE_MIN * list.len() as f32 && list.len() >= COPY_RUNS_MIN {
            return true;
        }
    }
    hits as f32 >= COVERED_SHARE_MIN * WHOLE_RUNS_MIN as f32
}

/// Each text once. Pages carry articles twice: for small screens, for search engines, for a slide show. A long block
/// that the others cover goes first, for they keep its paragraphs apart.
fn once(counted: &Counted, kept: &[usize]) -> Vec<usize> {
    let all_runs: Vec<Vec<u32>> = kept.iter().map(|place| runs(counted.words_of(*place)).collect()).collect();
    if !may_repeat(&all_runs) {
        return kept.to_vec();
    }
    let is_covered = |list: &[u32], by: &dyn Fn(&u32) -> bool| {
        list.iter().filter(|run| by(run)).count() as f32 >= COVERED_SHARE_MIN * list.len() as f32
    };
    let mut counts = QuickMap::<u32, u32>::default();
    let own = |list: &[u32]| -> Vec<u32> {
        let mut own = list.to_vec();
        own.sort_unstable();
        own.dedup();
        own
    };
    if all_runs.iter().any(|list| list.len() >= WHOLE_RUNS_MIN) {
        for run in all_runs.iter().flat_map(|list| own(list)) {
            *counts.entry(run).or_insert(0) += 1;
        }
    }
    let mut is_whole = vec![false; kept.len()];
    for (place, list) in all_runs.iter().enumerate() {
        if list.len() >= WHOLE_RUNS_MIN && is_covered(list, &|run| counts[run] > 1) {
            is_whole[place] = true;
            for run in own(list) {
                *counts.get_mut(&run).expect("it was counted") -= 1;
            }
        }
    }
    let run_count = all_runs.iter().map(Vec::len).sum();
    let mut seen = QuickSet::<u32>::with_capacity_and_hasher(run_count, Default::default());
    let mut single = Vec::with_capacity(kept.len());
    for (place, list) in all_runs.iter().enumerate() {
        let is_copy = list.len() >= COPY_RUNS_MIN && is_covered(list, &|run| seen.contains(run));
        if !is_whole[place] && !is_copy {
            seen.extend(list);
            single.push(kept[place]);
        }
    }
    single
}
