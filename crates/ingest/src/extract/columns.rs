//! The numbers that describe a block to the trees: one row a block, every number with its name.

use super::context::{Context, Under, heading_tag, is_good, link_share, shape_of};
use super::page::{Block, NodeId, Page, held};
use super::stats::{Known, Stats};
use super::tag::Tag;

/// Distances in blocks are counted up to here.
const FAR: f32 = 30.0;
/// Fewest words of a paragraph that a block's distance is measured to.
const PARAGRAPH_WORDS_MIN: f32 = 20.0;
/// Longest block that can be a label of what follows it, in words.
const LABEL_WORDS_MAX: f32 = 8.0;
/// Structured data with fewer runs of words says nothing of the article.
const BODY_RUNS_MIN: usize = 40;
/// Blocks before and after a block that are looked at for short ones and for numbers.
const AROUND: usize = 4;
/// Siblings of one template from which they are a list.
const SIBLINGS_MIN: f32 = 3.0;
/// No main heading, or no place relative to it.
const NOWHERE: f32 = 500.0;

/// Rows of all blocks, one after another, and the names of their numbers.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub values: Vec<f32>,
    pub names: Vec<&'static str>,
    /// Whether the first row is done, and with it the names.
    is_named: bool,
    /// The row that is being filled, and how far.
    row: Row,
    filled: u8,
}

/// Room for one row, of at most 255 numbers: as many as the trees can ask for.
#[derive(Debug)]
struct Row([f32; 256]);

impl Default for Row {
    fn default() -> Row {
        Row([0.0; 256])
    }
}

impl Rows {
    fn put(&mut self, name: &'static str, value: f32) {
        if !self.is_named {
            self.names.push(name);
        }
        self.row.0[usize::from(self.filled)] = value;
        self.filled += 1;
    }

    fn end_row(&mut self) {
        self.values.extend_from_slice(&self.row.0[..usize::from(self.filled)]);
        self.filled = 0;
        self.is_named = true;
    }
}

/// How many numbers a row has, about: memory is asked for once.
const WIDTH: usize = 160;

/// Log2(1 + x) from the float's own bits: monotone, exact at powers of two, all that trees need.
fn log(x: f32) -> f32 {
    let bits = (1.0 + x).to_bits();
    let exponent = ((bits >> 23) as i32 - 127) as f32;
    exponent + f32::from_bits((bits & 0x007f_ffff) | 0x3f80_0000) - 1.0
}

/// A page while its blocks are described.
pub(crate) struct Describer<'a> {
    page: &'a Page<'a>,
    all: &'a [Stats],
    known: &'a Known,
    context: &'a Context,
    /// The rows described last.
    pub rows: Rows,
    /// How many blocks are described.
    done_count: usize,
    running: Running,
    /// Blocks to the next paragraph.
    until_good: Vec<f32>,
    /// Good words in the densest element after each block.
    dense_after: Vec<f32>,
    /// Siblings of the same template, at each element.
    siblings: Vec<f32>,
}

/// What has been seen so far on the way down the page.
struct Running {
    words: f32,
    good: f32,
    since_good: f32,
    since_heading: f32,
    since_label: f32,
    /// Score of the last label, and of the lowest label below the main heading.
    label: f32,
    label_low: f32,
}

fn until_good(page: &Page, all: &[Stats]) -> Vec<f32> {
    let mut distances = vec![FAR; all.len()];
    let mut next = FAR;
    for (place, (block, stats)) in page.blocks.iter().zip(all).enumerate().rev() {
        distances[place] = next;
        next = if is_paragraph(block, stats) { 1.0 } else { (next + 1.0).min(FAR) };
    }
    distances
}

fn is_paragraph(block: &Block, stats: &Stats) -> bool {
    stats.words >= PARAGRAPH_WORDS_MIN && is_good(block, stats)
}

fn dense_after(page: &Page, all: &[Stats], context: &Context) -> Vec<f32> {
    let mut is_inside = vec![false; page.nodes.len()];
    is_inside[context.densest as usize] = true;
    for id in context.densest as usize + 1..page.nodes.len() {
        is_inside[id] = is_inside[page.nodes[id].parent as usize];
    }
    let total = context.under[context.densest as usize].good.max(1.0);
    let mut after = vec![0.0; all.len()];
    let mut sum = 0.0;
    for (place, (block, stats)) in page.blocks.iter().zip(all).enumerate().rev() {
        after[place] = sum / total;
        if is_inside[block.node as usize] && is_good(block, stats) {
            sum += stats.words;
        }
    }
    after
}

/// At each element: the most siblings of its template that it, or an element that holds it, has.
fn siblings(page: &Page, under: &[Under]) -> Vec<f32> {
    let boxes = page.nodes.iter().enumerate().skip(1).filter(|(id, _)| under[*id].blocks >= 2.0);
    let mut boxes: Vec<(NodeId, u32, usize)> =
        boxes.map(|(id, node)| (node.parent, node.shape, id)).collect();
    boxes.sort_unstable();
    let mut most = vec![0.0f32; page.nodes.len()];
    for alike in boxes.chunk_by(|one, next| (one.0, one.1) == (next.0, next.1)) {
        let count = alike.len() as f32;
        for (_, _, id) in alike.iter().filter(|_| count >= SIBLINGS_MIN) {
            most[*id] = count;
        }
    }
    for (id, node) in page.nodes.iter().enumerate().skip(1) {
        most[id] = most[id].max(most[node.parent as usize]);
    }
    most
}

impl<'a> Describer<'a> {
    pub(crate) fn new(
        page: &'a Page,
        all: &'a [Stats],
        known: &'a Known,
        context: &'a Context,
    ) -> Describer<'a> {
        let running = Running {
            words: 0.0,
            good: 0.0,
            since_good: FAR,
            since_heading: FAR,
            since_label: FAR,
            label: 0.0,
            label_low: 0.0,
        };
        Describer {
            page,
            all,
            known,
            context,
            rows: Rows::default(),
            done_count: 0,
            running,
            until_good: until_good(page, all),
            dense_after: dense_after(page, all, context),
            siblings: siblings(page, &context.under),
        }
    }

    /// Describes at most so many more blocks, in order, in place of those described before; false at the end.
    pub(crate) fn describe_more(&mut self, count: usize) -> bool {
        let end = self.all.len().min(self.done_count.saturating_add(count));
        self.rows.values.clear();
        self.rows.values.reserve((end - self.done_count) * WIDTH);
        let is_more = self.done_count < end;
        for place in self.done_count..end {
            self.describe(place);
        }
        self.done_count = end;
        is_more
    }

    fn describe(&mut self, place: usize) {
        let (block, stats) = (&self.page.blocks[place], &self.all[place]);
        self.put_text(block, stats);
        self.put_marks(block, stats);
        self.put_element(block);
        self.put_place(place);
        self.put_template(place);
        self.put_holders(block);
        self.put_distance(block);
        self.put_page();
        self.put_neighbours(place);
        self.put_sequence(place);
        self.rows.end_row();
        self.advance(place);
    }

    fn put_text(&mut self, block: &Block, stats: &Stats) {
        let rows = &mut self.rows;
        let words = stats.words.max(1.0);
        rows.put("words", stats.words);
        rows.put("bytes_per_word", stats.bytes / words);
        rows.put("link_share", link_share(block, stats));
        rows.put("emphasis", block.emphasis_bytes as f32 / stats.bytes.max(1.0));
        rows.put("capital_letters", stats.capital_letters / stats.bytes.max(1.0));
        rows.put("capital_words", stats.capital_words / words);
        rows.put("digits", stats.digits / stats.bytes.max(1.0));
        rows.put("commas", stats.commas / words);
        rows.put("common_words", stats.common_words / words);
        rows.put("quotes", stats.quotes);
        rows.put("marks", stats.marks / words);
        rows.put("sentences", stats.sentences);
        rows.put("long_words", stats.long_words / words);
        rows.put("last", last_class(stats.last));
        rows.put("begins_capital", f32::from(stats.begins_capital));
    }

    fn put_marks(&mut self, block: &Block, stats: &Stats) {
        let rows = &mut self.rows;
        rows.put("word_low", stats.word_low);
        rows.put("word_high", stats.word_high);
        rows.put("word_mean", stats.word_mean);
        rows.put("first_pair", stats.first_pair);
        rows.put("whole", stats.whole);
        rows.put("in_title", stats.in_title);
        rows.put("of_title", stats.of_title);
        rows.put("in_description", stats.in_description);
        rows.put("in_body", if self.known.body.len() > BODY_RUNS_MIN { stats.in_body } else { -1.0 });
        rows.put("breaks", f32::from(block.break_count));
        rows.put("images", f32::from(block.image_count.min(9)));
    }

    fn put_element(&mut self, block: &Block) {
        let node = &self.page.nodes[block.node as usize];
        let leaf = &self.page.nodes[block.leaf as usize];
        let scores = &self.context.name_scores;
        self.rows.put("tag", tag_class(node.tag));
        self.rows.put("leaf_tag", tag_class(leaf.tag));
        self.rows.put("depth", f32::from(node.depth));
        for (place, name) in HELD.iter().enumerate() {
            self.rows.put(name, f32::from(leaf.held & 1 << place != 0));
        }
        let (own, around) = (scores[block.node as usize], scores[block.leaf as usize]);
        self.rows.put("name_own", own.own);
        self.rows.put("name_parent", scores[node.parent as usize].own);
        self.rows.put("name_low", around.low);
        self.rows.put("name_high", around.high);
        self.rows.put("name_sum", around.sum);
        self.rows.put("name_near", around.near);
    }

    fn put_place(&mut self, place: usize) {
        let all = &self.context.under[0];
        let from_heading = self.context.heading.map_or(NOWHERE, |heading| place as f32 - heading as f32);
        let rows = &mut self.rows;
        rows.put("words_before", self.running.words / all.words.max(1.0));
        rows.put("good_before", self.running.good / all.good.max(1.0));
        rows.put("blocks_before", place as f32);
        rows.put("blocks_after", (self.all.len() - place) as f32);
        rows.put("since_good", self.running.since_good);
        rows.put("until_good", self.until_good[place]);
        rows.put("since_heading", self.running.since_heading);
        rows.put("from_heading", from_heading);
    }

    fn put_template(&mut self, place: usize) {
        let (block, all) = (&self.page.blocks[place], &self.context.under[0]);
        let shape = self.context.shapes.get(&shape_of(self.page, block)).copied().unwrap_or_default();
        let copies = self.context.texts.get(&self.all[place].hash).copied().unwrap_or(1);
        let rows = &mut self.rows;
        rows.put("copies", copies as f32);
        rows.put("shape_count", shape.count);
        rows.put("shape_share", shape.words / all.words.max(1.0));
        rows.put("shape_good", shape.good / all.good.max(1.0));
        rows.put("shape_mean", shape.words / shape.count.max(1.0));
        rows.put("shape_link", shape.link_words / shape.words.max(1.0));
        rows.put("siblings", log(self.siblings[block.node as usize]));
    }

    /// The elements that hold the block and more than it, four steps up.
    fn put_holders(&mut self, block: &Block) {
        let under = &self.context.under;
        let all_good = under[0].good.max(1.0);
        let parent = |id: NodeId| self.page.nodes[id as usize].parent;
        let mut id = if under[block.node as usize].blocks > 1.0 { block.node } else { parent(block.node) };
        for [words, links, good, paragraphs, mean, short] in HOLDERS {
            let sum = &under[id as usize];
            self.rows.put(words, log(sum.words));
            self.rows.put(links, sum.link_words / sum.words.max(1.0));
            self.rows.put(good, sum.good / all_good);
            self.rows.put(paragraphs, sum.good_blocks / sum.blocks.max(1.0));
            self.rows.put(mean, sum.words / sum.blocks.max(1.0));
            self.rows.put(short, sum.short_blocks / sum.blocks.max(1.0));
            let mut up = parent(id);
            while up != 0 && under[up as usize].blocks == sum.blocks {
                up = parent(up);
            }
            id = up;
        }
    }

    /// How far the block is from where most of the good text is, and from the main heading.
    fn put_distance(&mut self, block: &Block) {
        let (page, context) = (self.page, self.context);
        let own_depth = f32::from(page.nodes[block.node as usize].depth);
        let up = |holds: &[bool]| page.upwards(block.node).find(|id| holds[*id as usize]).unwrap_or(0);
        let dense = up(&context.is_dense);
        let dense_depth = f32::from(page.nodes[dense as usize].depth);
        let all = &context.under[0];
        self.rows.put("dense_miss", f32::from(page.nodes[context.densest as usize].depth) - dense_depth);
        self.rows.put("dense_below", own_depth - dense_depth);
        self.rows.put("dense_share", context.under[dense as usize].good / all.good.max(1.0));
        let common = context.under[up(&context.holds_heading) as usize].words / all.words.max(1.0);
        self.rows.put("with_heading", if context.heading.is_some() { common } else { -1.0 });
        let is_article = |id: &NodeId| page.nodes[*id as usize].tag == Tag::Article;
        let mut articles = page.upwards(block.node).filter(is_article);
        let share = |id: NodeId| context.under[id as usize].good / all.good.max(1.0);
        let near = articles.next().map_or(0.0, share);
        self.rows.put("article_near", near);
        self.rows.put("article_far", articles.last().map_or(near, share));
    }

    fn put_page(&mut self) {
        let all = self.context.under[0];
        let total = all.words.max(1.0);
        self.rows.put("page_words", log(total));
        self.rows.put("page_good", all.good / total);
        self.rows.put("page_link", all.link_words / total);
        self.rows.put("page_body", all.body / total);
    }

    fn put_neighbours(&mut self, place: usize) {
        let parent = |block: &Block| self.page.nodes[block.node as usize].parent;
        let own = parent(&self.page.blocks[place]);
        for (step, names) in [-2isize, -1, 1, 2].into_iter().zip(NEIGHBOURS) {
            let near = place.checked_add_signed(step).filter(|near| *near < self.all.len());
            let values = near.map_or([-1.0; 8], |near| {
                let (block, stats) = (&self.page.blocks[near], &self.all[near]);
                [
                    stats.words,
                    link_share(block, stats),
                    tag_class(self.page.nodes[block.node as usize].tag),
                    f32::from(parent(block) == own),
                    self.context.name_scores[block.leaf as usize].near,
                    stats.common_words / stats.words.max(1.0),
                    stats.word_mean,
                    stats.whole,
                ]
            });
            for (name, value) in names.into_iter().zip(values) {
                self.rows.put(name, value);
            }
        }
    }

    /// The block in the order of the text: what stood before it, and whether the article is over.
    fn put_sequence(&mut self, place: usize) {
        let around = &self.all[place.saturating_sub(AROUND)..self.all.len().min(place + AROUND + 1)];
        let share = |is: fn(&Stats) -> bool| {
            around.iter().filter(|stats| is(stats)).count() as f32 / around.len() as f32
        };
        let (short, dated) =
            (share(|stats| stats.words < 6.0), share(|stats| stats.digits > 0.0 && stats.words < 12.0));
        let rows = &mut self.rows;
        rows.put("around_short", short);
        rows.put("around_dated", dated);
        rows.put("label", self.running.label);
        rows.put("label_low", self.running.label_low);
        rows.put("since_label", self.running.since_label);
        rows.put("dense_after", self.dense_after[place]);
    }

    fn advance(&mut self, place: usize) {
        let (block, stats) = (&self.page.blocks[place], &self.all[place]);
        let running = &mut self.running;
        running.words += stats.words;
        running.good += if is_good(block, stats) { stats.words } else { 0.0 };
        let step = |since: f32, is_here: bool| if is_here { 1.0 } else { (since + 1.0).min(FAR) };
        running.since_good = step(running.since_good, is_paragraph(block, stats));
        let is_heading = heading_tag(self.page, block).is_some();
        running.since_heading = step(running.since_heading, is_heading);
        let is_label = stats.words <= LABEL_WORDS_MAX && (is_heading || stats.sentences == 0.0);
        running.since_label = step(running.since_label, is_label);
        if is_label {
            running.label = stats.whole + stats.word_mean;
            let is_below = self.context.heading.is_some_and(|heading| place > heading);
            running.label_low = if is_below { running.label_low.min(running.label) } else { 0.0 };
        }
    }
}

fn last_class(last: u8) -> f32 {
    match last {
        b'.' => 0.0,
        b'?' | b'!' => 1.0,
        b':' => 2.0,
        b'"' | 0x9d => 3.0,
        b')' | b']' => 4.0,
        0xa6 => 5.0,
        b'a'..=b'z' => 6.0,
        b'0'..=b'9' => 7.0,
        _ => 8.0,
    }
}

fn tag_class(tag: Tag) -> f32 {
    match tag {
        Tag::P => 0.0,
        Tag::H1 => 1.0,
        Tag::H2 => 2.0,
        Tag::H3 => 3.0,
        Tag::H4 | Tag::H5 | Tag::H6 => 4.0,
        Tag::Li => 5.0,
        Tag::Blockquote => 6.0,
        Tag::Div => 7.0,
        Tag::Td | Tag::Th => 8.0,
        Tag::Figcaption => 9.0,
        Tag::Pre | Tag::Xmp => 10.0,
        Tag::Dt | Tag::Dd => 11.0,
        Tag::Article | Tag::Section | Tag::Main => 12.0,
        Tag::Button | Tag::Label => 13.0,
        Tag::Custom => 14.0,
        _ => 15.0,
    }
}

/// Names of the flags of [`held`], in the order of their bits.
#[rustfmt::skip]
const HELD: [&str; held::COUNT] = [
    "in_article", "in_main", "in_nav", "in_aside", "in_footer", "in_header", "in_form", "in_figure", "in_li", "in_table",
    "in_button", "in_quote", "in_hidden", "in_noscript", "in_link", "in_heading", "in_p", "in_section", "in_body_prop",
    "in_emphasis", "in_dl", "in_details", "in_pre", "in_custom",
];
#[rustfmt::skip]
const HOLDERS: [[&str; 6]; 4] = [
    ["up1_words", "up1_link", "up1_good", "up1_paragraphs", "up1_mean", "up1_short"],
    ["up2_words", "up2_link", "up2_good", "up2_paragraphs", "up2_mean", "up2_short"],
    ["up3_words", "up3_link", "up3_good", "up3_paragraphs", "up3_mean", "up3_short"],
    ["up4_words", "up4_link", "up4_good", "up4_paragraphs", "up4_mean", "up4_short"],
];
#[rustfmt::skip]
const NEIGHBOURS: [[&str; 8]; 4] = [
    ["b2_words", "b2_link", "b2_tag", "b2_same", "b2_name", "b2_common", "b2_word", "b2_whole"],
    ["b1_words", "b1_link", "b1_tag", "b1_same", "b1_name", "b1_common", "b1_word", "b1_whole"],
    ["n1_words", "n1_link", "n1_tag", "n1_same", "n1_name", "n1_common", "n1_word", "n1_whole"],
    ["n2_words", "n2_link", "n2_tag", "n2_same", "n2_name", "n2_common", "n2_word", "n2_whole"],
];
