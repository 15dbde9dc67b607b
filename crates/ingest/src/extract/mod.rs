//! The extractor: what on a page is its article, and which bytes of the page each byte of the text came from.
//!
//! One pass over the bytes ([`build`]) gives a table of elements and a list of text blocks; [`columns`] describes each
//! block in numbers, trees ([`forest`]) say how likely it is of the article, and [`choose`] takes those blocks that make
//! the best article together. What the head of the page says of itself is read by [`json_ld`] and its neighbours.

pub(crate) mod author;
pub(crate) mod build;
pub(crate) mod choose;
pub(crate) mod columns;
pub(crate) mod context;
pub(crate) mod encoding;
mod forest;
pub(crate) mod heading;
#[cfg(test)]
mod html5lib;
pub(crate) mod json_ld;
pub(crate) mod lexer;
pub(crate) mod limits;
mod microdata;
mod name;
mod nesting;
pub(crate) mod page;
mod raw_text;
pub(crate) mod reference;
pub(crate) mod stats;
mod tag;
mod text;
pub(crate) mod weights;
pub(crate) mod when;
pub(crate) mod whole;

use std::borrow::Cow;

use columns::Describer;
use context::Context;
use encoding::Told;
use json_ld::Described;
use page::Page;
use stats::{Counted, Known, Tokens, runs, words_of};
use weights::Weights;

/// A page with what is its article.
pub(crate) struct Judged<'a> {
    pub page: Page<'a>,
    /// Places of the blocks of the body.
    pub body: Vec<usize>,
    pub described: Described,
    /// Place of the block that is the page's main heading.
    pub heading: Option<usize>,
}

impl Judged<'_> {
    /// Words of the body, counted up to a limit.
    pub(crate) fn word_count(&self, limit: usize) -> usize {
        let words = |place: &usize| self.page.words(&self.page.blocks[*place]).split_whitespace();
        self.body.iter().flat_map(words).take(limit).count()
    }
}

/// Judges a page in an encoding that the lexer knows.
pub(crate) fn judge<'a>(source: &'a [u8], told: Told<'a>, weights: &Weights) -> Judged<'a> {
    let Blocks { page, head, counted, known, context } = read(source, told, weights, None);
    let mut probabilities = Vec::with_capacity(counted.all.len());
    let mut describer = Describer::new(&page, &counted.all, &known, &context);
    while describer.describe_more(ROWS_AT_ONCE) {
        probabilities.extend(weights.forest.probabilities(&describer.rows.values));
    }
    let body = choose::body(&page, &counted, &probabilities);
    Judged { heading: context.heading, page, body, described: head }
}

/// Blocks that are described and judged together: few enough to stay close to the processor, enough to walk every tree
/// often while it is near.
const ROWS_AT_ONCE: usize = 64;

/// A page with all that its blocks are described by.
struct Blocks<'a> {
    page: Page<'a>,
    head: Described,
    counted: Counted,
    known: Known,
    context: Context,
}

/// Reads a page and counts what is in its blocks; the words that training asks for go to `tokens`, block by block.
fn read<'a>(
    source: &'a [u8],
    told: Told<'a>,
    weights: &Weights,
    mut tokens: Option<&mut Vec<Tokens>>,
) -> Blocks<'a> {
    let page = build::build(source, told);
    let head = json_ld::completed(json_ld::described(&page), microdata::described(&page));
    let title = page.title.map(|span| page.value(span)).unwrap_or_default();
    let known = known(&page, &title, &head);
    let mut counted = Counted::default();
    for block in &page.blocks {
        let own = tokens.as_deref_mut().and_then(|all| {
            all.push(Tokens::new());
            all.last_mut()
        });
        counted.add(page.words(block), (weights, &known), own);
    }
    let context = context::context(&page, &counted.all, weights);
    Blocks { page, head, counted, known, context }
}

/// What the head of a page says of its article's words.
fn known(page: &Page, title: &str, described: &Described) -> Known {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let description = page.meta("og:description").or_else(|| page.meta("description")).unwrap_or_default();
    let body = described.body.as_deref().map(without_tags).unwrap_or_default();
    let all_runs = |text: &str| runs(&words_of(text)).collect();
    Known {
        title: words.map(|word| name::hash(name::Kind::Word, word.as_bytes())).collect(),
        description: all_runs(&description),
        body: all_runs(&body),
    }
}

/// The text of an `articleBody`: some sites write it in HTML.
fn without_tags(body: &str) -> Cow<'_, str> {
    if !body.contains('<') && !body.contains('&') {
        return Cow::Borrowed(body);
    }
    Cow::Owned(build::build(body.as_bytes(), Told::utf8(body)).text)
}

/// What training wants to know of a page: see [`crate::training`].
pub(crate) struct Studied<'a> {
    pub page: Page<'a>,
    pub tokens: Vec<Tokens>,
    pub rows: columns::Rows,
}

/// Describes a page for training, with scores of other weights.
pub(crate) fn study<'a>(source: &'a [u8], told: Told<'a>, weights: &Weights) -> Studied<'a> {
    let mut tokens = Vec::new();
    let Blocks { page, counted, known, context, .. } = read(source, told, weights, Some(&mut tokens));
    let mut describer = Describer::new(&page, &counted.all, &known, &context);
    describer.describe_more(usize::MAX);
    let rows = describer.rows;
    Studied { page, tokens, rows }
}
