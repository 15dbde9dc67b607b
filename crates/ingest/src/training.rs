//! What `train/extract.py` learns from: the extractor's own view of a page. Nothing else needs it.

use crate::extract::encoding::encoding_of;
use crate::extract::study;
use crate::extract::weights::Weights;

/// A page as the extractor sees it.
#[derive(Clone, Debug)]
pub struct StudiedPage {
    /// Names of the numbers in a row.
    pub columns: Vec<&'static str>,
    /// A row of numbers for each block, one after another.
    pub rows: Vec<f32>,
    /// The text blocks, in order.
    pub blocks: Vec<StudiedBlock>,
    /// The elements; parents come before their children.
    pub elements: Vec<StudiedElement>,
}

/// A text block.
#[derive(Clone, Debug)]
pub struct StudiedBlock {
    /// Its text.
    pub text: String,
    /// Place of the innermost element around its first word.
    pub element: u32,
    /// Hashes of its first words, of the first two, and of a short text as a whole.
    pub tokens: Vec<u32>,
}

/// An element.
#[derive(Clone, Debug)]
pub struct StudiedElement {
    /// Place of the element that holds it.
    pub parent: u32,
    /// Hashes of its class names and their parts.
    pub names: Vec<u32>,
}

/// Describes a page. `weights` is a file as `train/extract.py` writes it, whose scores are used instead of those in
/// the program; `None` when it is no such file.
pub fn studied_page(bytes: &[u8], weights: &[u8]) -> Option<StudiedPage> {
    let weights = Weights::read(weights)?;
    let studied = study(bytes, encoding_of(bytes, None), &weights);
    let page = &studied.page;
    let blocks = page.blocks.iter().zip(studied.tokens);
    Some(StudiedPage {
        columns: studied.rows.names.clone(),
        rows: studied.rows.values.clone(),
        blocks: blocks
            .map(|(block, tokens)| StudiedBlock {
                text: page.words(block).to_owned(),
                element: block.leaf,
                tokens,
            })
            .collect(),
        elements: (0..page.nodes.len() as u32)
            .map(|id| StudiedElement {
                parent: page.nodes[id as usize].parent,
                names: page.names_of(id).to_vec(),
            })
            .collect(),
    })
}
