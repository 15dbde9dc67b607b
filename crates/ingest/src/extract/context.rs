//! What holds for a page as a whole and for its elements, before single blocks are described.

use super::page::{Block, NodeId, Page, held};
use super::stats::Stats;
use super::tag::Tag;
use super::weights::Weights;
use crate::quick::QuickMap;

/// Fewest words of a paragraph that speaks for an article.
const GOOD_WORDS_MIN: f32 = 15.0;
/// Highest share of link text in such a paragraph.
const GOOD_LINKS_MAX: f32 = 0.34;
/// Blocks with fewer words are short.
const SHORT_WORDS: f32 = 6.0;
/// How much the scores of an element's holders count, each step up.
const FADE: f32 = 0.6;

/// Sums over the text in an element.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Under {
    pub words: f32,
    pub link_words: f32,
    pub blocks: f32,
    /// Words in paragraphs that speak for an article.
    pub good: f32,
    pub good_blocks: f32,
    pub short_blocks: f32,
    pub commas: f32,
    /// Words that structured data has in the article's body.
    pub body: f32,
}

impl Under {
    fn add(&mut self, other: Under) {
        self.words += other.words;
        self.link_words += other.link_words;
        self.blocks += other.blocks;
        self.good += other.good;
        self.good_blocks += other.good_blocks;
        self.short_blocks += other.short_blocks;
        self.commas += other.commas;
        self.body += other.body;
    }
}

/// What an element's class names say, with those of its holders.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NameScore {
    pub own: f32,
    pub low: f32,
    pub high: f32,
    pub sum: f32,
    /// Sum in which holders further up count less.
    pub near: f32,
}

/// What blocks of one template add up to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ShapeSum {
    pub count: f32,
    pub words: f32,
    pub link_words: f32,
    pub good: f32,
}

/// The page as a whole.
pub(crate) struct Context {
    pub under: Vec<Under>,
    pub name_scores: Vec<NameScore>,
    pub shapes: QuickMap<u32, ShapeSum>,
    /// How often each text stands on the page.
    pub texts: QuickMap<u32, u32>,
    /// The block that is the page's main heading.
    pub heading: Option<usize>,
    /// Elements that hold the main heading.
    pub holds_heading: Vec<bool>,
    /// From the page down to the element in which most of the good text is, as long as one child has most of it.
    pub is_dense: Vec<bool>,
    /// The last of those.
    pub densest: NodeId,
}

/// How much of a block is link text.
pub(crate) fn link_share(block: &Block, stats: &Stats) -> f32 {
    (block.link_bytes as f32 / stats.bytes.max(1.0)).min(1.0)
}

/// Whether a block is a paragraph that speaks for an article.
pub(crate) fn is_good(block: &Block, stats: &Stats) -> bool {
    stats.words >= GOOD_WORDS_MIN && link_share(block, stats) < GOOD_LINKS_MAX
}

/// What a block shares with those that the same template made.
pub(crate) fn shape_of(page: &Page, block: &Block) -> u32 {
    let node = &page.nodes[block.node as usize];
    node.shape ^ page.nodes[node.parent as usize].shape.rotate_left(9)
}

/// The heading element around a block's first word.
pub(crate) fn heading_tag(page: &Page, block: &Block) -> Option<Tag> {
    if page.held(block) & held::HEADING == 0 {
        return None;
    }
    page.upwards(block.leaf).map(|id| page.nodes[id as usize].tag).find(|tag| tag.is_heading())
}

/// Looks over a page; `all` has the counts of its blocks.
pub(crate) fn context(page: &Page, all: &[Stats], weights: &Weights) -> Context {
    let under = sums(page, all);
    let (is_dense, densest) = densest(page, &under);
    let heading = main_heading(page, all);
    let mut holds_heading = vec![false; page.nodes.len()];
    holds_heading[0] = true;
    for id in heading.into_iter().flat_map(|place| page.upwards(page.blocks[place].node)) {
        holds_heading[id as usize] = true;
    }
    let (mut texts, mut shapes) = (QuickMap::default(), QuickMap::default());
    for (block, stats) in page.blocks.iter().zip(all) {
        *texts.entry(stats.hash).or_insert(0) += 1;
        let sum: &mut ShapeSum = shapes.entry(shape_of(page, block)).or_default();
        sum.count += 1.0;
        sum.words += stats.words;
        sum.link_words += stats.words * link_share(block, stats);
        sum.good += if is_good(block, stats) { stats.words } else { 0.0 };
    }
    let name_scores = name_scores(page, weights);
    Context { under, name_scores, shapes, texts, heading, holds_heading, is_dense, densest }
}

fn sums(page: &Page, all: &[Stats]) -> Vec<Under> {
    let mut under = vec![Under::default(); page.nodes.len()];
    for (block, stats) in page.blocks.iter().zip(all) {
        let is_good = is_good(block, stats);
        under[block.node as usize].add(Under {
            words: stats.words,
            link_words: stats.words * link_share(block, stats),
            blocks: 1.0,
            good: if is_good { stats.words } else { 0.0 },
            good_blocks: f32::from(is_good),
            short_blocks: f32::from(stats.words < SHORT_WORDS),
            commas: stats.commas,
            body: stats.in_body * stats.words,
        });
    }
    for id in (1..page.nodes.len()).rev() {
        let own = under[id];
        under[page.nodes[id].parent as usize].add(own);
    }
    under
}

fn name_scores(page: &Page, weights: &Weights) -> Vec<NameScore> {
    let mut scores = vec![NameScore::default(); page.nodes.len()];
    for (id, node) in page.nodes.iter().enumerate() {
        let above = scores[node.parent as usize];
        let (mut sum, mut count, mut low, mut high) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
        for score in page.names_of(id as NodeId).iter().filter_map(|name| weights.score(*name)) {
            sum += score;
            count += 1.0;
            low = low.min(score);
            high = high.max(score);
        }
        let own = if count > 0.0 { sum / (count + 0.5) } else { 0.0 };
        scores[id] = NameScore {
            own,
            low: above.low.min(low),
            high: above.high.max(high),
            sum: above.sum + own,
            near: above.near * FADE + own,
        };
    }
    scores
}

/// The `h1` or `h2` that shares most words with the title, `h1` before `h2`.
fn main_heading(page: &Page, all: &[Stats]) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (place, (block, stats)) in page.blocks.iter().zip(all).enumerate() {
        let rank = match heading_tag(page, block) {
            Some(Tag::H1) => 4.0,
            Some(Tag::H2) => 0.0,
            _ => continue,
        };
        let value = stats.in_title * stats.words.min(12.0) + rank;
        if best.is_none_or(|(_, highest)| value > highest) {
            best = Some((place, value));
        }
    }
    best.map(|(place, _)| place)
}

fn densest(page: &Page, under: &[Under]) -> (Vec<bool>, NodeId) {
    let mut heaviest: Vec<(f32, usize)> = vec![(0.0, 0); page.nodes.len()];
    for (id, own) in under.iter().enumerate().skip(1) {
        let parent = page.nodes[id].parent as usize;
        if own.good > heaviest[parent].0 {
            heaviest[parent] = (own.good, id);
        }
    }
    let mut is_dense = vec![false; page.nodes.len()];
    let mut at = 0;
    is_dense[0] = true;
    while heaviest[at].0 > 0.5 * under[at].good {
        at = heaviest[at].1;
        is_dense[at] = true;
    }
    (is_dense, at as NodeId)
}
