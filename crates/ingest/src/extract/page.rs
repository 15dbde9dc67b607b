//! What one pass over a page leaves: a table of elements, a list of text blocks, and what the head says.

use encoding_rs::Encoding;
use model::Span;

use super::tag::Tag;

/// Row of an element in [`Page::nodes`]; parents come before their children, the page itself is row 0.
pub(crate) type NodeId = u32;

/// What an element, or one of those that hold it, is.
pub(crate) mod held {
    pub(crate) const ARTICLE: u32 = 1;
    pub(crate) const MAIN: u32 = 1 << 1;
    pub(crate) const NAV: u32 = 1 << 2;
    pub(crate) const ASIDE: u32 = 1 << 3;
    pub(crate) const FOOTER: u32 = 1 << 4;
    pub(crate) const HEADER: u32 = 1 << 5;
    pub(crate) const FORM: u32 = 1 << 6;
    pub(crate) const FIGURE: u32 = 1 << 7;
    pub(crate) const LI: u32 = 1 << 8;
    pub(crate) const TABLE: u32 = 1 << 9;
    pub(crate) const BUTTON: u32 = 1 << 10;
    pub(crate) const QUOTE: u32 = 1 << 11;
    pub(crate) const HIDDEN: u32 = 1 << 12;
    pub(crate) const NOSCRIPT: u32 = 1 << 13;
    pub(crate) const LINK: u32 = 1 << 14;
    pub(crate) const HEADING: u32 = 1 << 15;
    pub(crate) const P: u32 = 1 << 16;
    pub(crate) const SECTION: u32 = 1 << 17;
    pub(crate) const BODY_PROP: u32 = 1 << 18;
    pub(crate) const EMPHASIS: u32 = 1 << 19;
    pub(crate) const DL: u32 = 1 << 20;
    pub(crate) const DETAILS: u32 = 1 << 21;
    pub(crate) const PRE: u32 = 1 << 22;
    pub(crate) const CUSTOM: u32 = 1 << 23;
    /// Never read: scripts, drawings, menus of a form.
    pub(crate) const SKIP: u32 = 1 << 24;
    /// In a link to an author's page.
    pub(crate) const AUTHOR: u32 = 1 << 25;
    /// Every flag but the last two.
    pub(crate) const COUNT: usize = 24;
}

/// An element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub parent: NodeId,
    pub tag: Tag,
    pub depth: u16,
    /// Flags of [`held`].
    pub held: u32,
    /// First of its class names in [`Page::names`]; they end where the next element's begin.
    pub names_from: u32,
    /// Hash of element and class: what one template made agrees in it.
    pub shape: u32,
}

/// How a run of text relates to its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Byte for byte.
    Same,
    /// One character reference.
    Reference,
    /// Characters of one width, decoded from characters of one width.
    Decoded,
}

/// A run of block text that is one run of source bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub text: [u32; 2],
    pub source: [u32; 2],
    pub origin: Origin,
}

/// A run of text between the starts and ends of block elements.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Block {
    /// In [`Page::text`].
    pub text: [u32; 2],
    /// In [`Page::pieces`].
    pub pieces: [u32; 2],
    /// The block element that holds it.
    pub node: NodeId,
    /// The innermost element around its first word.
    pub leaf: NodeId,
    /// How much of it is link text, in bytes.
    pub link_bytes: u32,
    /// How much of it is set bold or slanted, in bytes.
    pub emphasis_bytes: u32,
    /// Single line breaks in it.
    pub break_count: u16,
    /// Images between the block before and this one.
    pub image_count: u16,
}

/// A piece of text with where it comes from, by itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fragment {
    pub text: String,
    /// Places in `text`.
    pub pieces: Vec<Piece>,
}

impl Fragment {
    /// A part of it, on character boundaries. Runs that are not wholly in the part are left out where they cannot be
    /// cut.
    pub(crate) fn cut(&self, part: Span) -> Fragment {
        let [start, end] = [part.start as u32, part.end as u32];
        let cut = |piece: &Piece| {
            let [from, to] = [piece.text[0].max(start), piece.text[1].min(end)];
            if from >= to || (piece.origin != Origin::Same && [from, to] != piece.text) {
                return None;
            }
            let source = match piece.origin {
                Origin::Same => {
                    [piece.source[0] + from - piece.text[0], piece.source[1] - (piece.text[1] - to)]
                }
                Origin::Reference | Origin::Decoded => piece.source,
            };
            Some(Piece { text: [from - start, to - start], source, origin: piece.origin })
        };
        let text = self.text.get(part.range()).unwrap_or_default().to_owned();
        Fragment { text, pieces: self.pieces.iter().filter_map(cut).collect() }
    }
}

/// A `meta` element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meta {
    /// `property`, `name` or `itemprop`.
    pub key: Span,
    /// `content`, as written.
    pub content: Span,
}

/// An element that says when something was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeMark {
    /// `datetime`, as written.
    pub value: Span,
    /// The element.
    pub node: NodeId,
    /// How many blocks stand before it.
    pub block: u32,
    /// `itemprop`, as written.
    pub property: Option<Span>,
}

/// What an element says that it holds (`itemprop`), as far as it is read as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Property {
    Headline,
    Author,
    Name,
    Section,
}

/// An element with such a property.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub property: Property,
    /// The element.
    pub node: NodeId,
    /// How many blocks stand before it.
    pub block: u32,
}

/// A page as read.
pub(crate) struct Page<'a> {
    /// Its bytes.
    pub source: &'a [u8],
    /// The same, where all of it is UTF-8.
    pub utf8: Option<&'a str>,
    pub encoding: &'static Encoding,
    /// The text of all blocks, each followed by a line break.
    pub text: String,
    pub pieces: Vec<Piece>,
    pub nodes: Vec<Node>,
    pub blocks: Vec<Block>,
    /// Hashes of class names and the like.
    pub names: Vec<u32>,
    /// The `title` element, as written.
    pub title: Option<Span>,
    /// `lang` of the `html` element.
    pub language: Option<Span>,
    /// `href` of `link rel=canonical`.
    pub canonical: Option<Span>,
    pub metas: Vec<Meta>,
    /// Scripts of JSON-LD.
    pub scripts: Vec<Span>,
    pub times: Vec<TimeMark>,
    pub items: Vec<Item>,
    /// Whether it had more elements than are read.
    pub is_cut: bool,
    /// Places that are not in the page's encoding.
    pub broken_count: usize,
}

impl Page<'_> {
    /// The text of a block.
    pub(crate) fn words(&self, block: &Block) -> &str {
        let [start, end] = block.text;
        self.text.get(start as usize..end as usize).expect("blocks lie on character boundaries of the text")
    }

    /// The class names of an element, hashed.
    pub(crate) fn names_of(&self, node: NodeId) -> &[u32] {
        let from = self.nodes[node as usize].names_from as usize;
        let to = self.nodes.get(node as usize + 1).map_or(self.names.len(), |next| next.names_from as usize);
        &self.names[from..to]
    }

    /// An element and those that hold it, innermost first, without the page itself.
    pub(crate) fn upwards(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let next = |id: &NodeId| Some(self.nodes[*id as usize].parent).filter(|up| *up != 0);
        std::iter::successors(Some(node).filter(|id| *id != 0), next)
    }

    /// What a block, or an element that holds its first word, is.
    pub(crate) fn held(&self, block: &Block) -> u32 {
        self.nodes[block.leaf as usize].held
    }

    /// Words of an attribute or raw element, decoded, references resolved, white space as single spaces.
    pub(crate) fn value(&self, span: Span) -> String {
        let text = match self.utf8 {
            Some(page) => std::borrow::Cow::Borrowed(page.get(span.range()).unwrap_or_default()),
            None => {
                let bytes = super::lexer::bytes_of(self.source, span);
                self.encoding.decode_without_bom_handling(bytes).0
            }
        };
        let mut resolved = String::with_capacity(text.len());
        super::reference::resolve(&text, super::reference::Within::Attribute, &mut resolved);
        let mut value = String::with_capacity(resolved.len());
        for word in resolved.split_whitespace() {
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(word);
        }
        value
    }

    /// The value of the first `meta` element of that name.
    pub(crate) fn meta(&self, key: &str) -> Option<String> {
        self.meta_span(key).map(|span| self.value(span)).filter(|value| !value.is_empty())
    }

    /// Where the value of the first `meta` element of that name stands.
    pub(crate) fn meta_span(&self, key: &str) -> Option<Span> {
        let named = |meta: &&Meta| {
            super::lexer::bytes_of(self.source, meta.key).trim_ascii().eq_ignore_ascii_case(key.as_bytes())
        };
        self.metas.iter().find(named).map(|meta| meta.content)
    }

    /// A block by itself.
    pub(crate) fn fragment_of(&self, block: &Block) -> Fragment {
        let [from, to] = block.pieces;
        let shift = block.text[0];
        let moved = |piece: &Piece| Piece { text: piece.text.map(|at| at - shift), ..*piece };
        let pieces = self.pieces[from as usize..to as usize].iter().map(moved).collect();
        Fragment { text: self.words(block).to_owned(), pieces }
    }
}
