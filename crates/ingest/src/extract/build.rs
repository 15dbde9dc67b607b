//! One pass over the tokens of a page into its table of elements and its list of text blocks.
//!
//! Tags open and close elements as the HTML standard has it where that moves text (implied end tags, scopes, raw
//! text, templates, drawings), and not where it does not: formatting elements are not opened again in the next
//! block, and text in the wrong part of a table stays where it was written.

use encoding_rs::Encoding;
use memchr::memmem;
use model::Span;

use super::encoding::Told;
use super::lexer::{Content, Lexer, Token, bytes_of};
use super::limits::{DEPTH_MAX, MARKS_MAX, NODES_MAX};
use super::name::{Kind, Seen, hash};
use super::page::{Block, Fragment, Item, Meta, Node, NodeId, Page, Property, TimeMark, held};
use super::tag::{BLOCK, CLOSES_P, RAW, SKIP, TAG_COUNT, Tag, VOID};

/// A page while it is read.
pub(super) struct Builder<'a> {
    pub page: Page<'a>,
    /// The open elements, the page itself first.
    pub stack: Vec<NodeId>,
    /// How many open elements there are of each kind.
    pub open_count: [u32; TAG_COUNT],
    /// Elements that are open but nested too deep to have a row.
    pub too_deep: u32,
    /// Open `svg` and `math` elements.
    pub drawings: u32,
    /// Steps up the open elements so far.
    pub lookups: usize,
    /// The block that is being filled, if there is one.
    pub block: Option<Block>,
    /// Where white space began that is to be written before the next word.
    pub space_from: Option<usize>,
    /// Line breaks since the last word.
    pub breaks: u32,
    pub images: u16,
    /// Class names of earlier elements.
    seen: Seen,
}

/// Reads a page in an encoding that the lexer knows.
pub(crate) fn build<'a>(source: &'a [u8], told: Told<'a>) -> Page<'a> {
    let mut builder = builder(source, told.encoding, told.utf8);
    builder.run(told.mark_bytes);
    builder.page
}

/// The text of an attribute or a raw element of a page, with where it comes from.
pub(crate) fn fragment(page: &Page, span: Span) -> Fragment {
    let mut builder = builder(page.source, page.encoding, page.utf8);
    builder.text(span);
    builder.flush();
    builder.page.blocks.first().map(|block| builder.page.fragment_of(block)).unwrap_or_default()
}

fn builder<'a>(source: &'a [u8], encoding: &'static Encoding, utf8: Option<&'a str>) -> Builder<'a> {
    let root = Node { parent: 0, tag: Tag::Root, depth: 0, held: 0, names_from: 0, shape: 0 };
    let mut nodes = Vec::with_capacity(source.len() / 256);
    nodes.push(root);
    let page = Page {
        source,
        utf8,
        encoding,
        text: String::with_capacity(source.len() / 8),
        pieces: Vec::with_capacity(source.len() / 512),
        nodes,
        blocks: Vec::new(),
        names: Vec::new(),
        title: None,
        language: None,
        canonical: None,
        metas: Vec::new(),
        scripts: Vec::new(),
        times: Vec::new(),
        items: Vec::new(),
        is_cut: false,
        broken_count: 0,
    };
    Builder {
        page,
        stack: vec![0],
        open_count: [0; TAG_COUNT],
        too_deep: 0,
        drawings: 0,
        lookups: 0,
        block: None,
        space_from: None,
        breaks: 0,
        images: 0,
        seen: Seen::new(),
    }
}

impl Builder<'_> {
    fn run(&mut self, start: usize) {
        let mut lexer = Lexer::new(self.page.source);
        lexer.at = start;
        loop {
            let content = if self.drawings > 0 { Content::Foreign } else { Content::Html };
            match lexer.next(content) {
                Some(Token::Text(span)) => self.text(span),
                Some(Token::Verbatim(span)) => self.verbatim(span),
                Some(Token::Start { name, self_closing }) => self.open(&mut lexer, name, self_closing),
                Some(Token::End { name }) => self.close(Tag::named(bytes_of(lexer.source, name))),
                Some(Token::Comment(_) | Token::Doctype) => {}
                None => break,
            }
            if self.page.nodes.len() >= NODES_MAX {
                self.page.is_cut = lexer.at < lexer.source.len();
                break;
            }
        }
        self.flush();
    }

    pub(super) fn top(&self) -> NodeId {
        *self.stack.last().expect("the page itself is never closed")
    }

    pub(super) fn tag_of(&self, place: usize) -> Tag {
        self.page.nodes[self.stack[place] as usize].tag
    }

    fn open(&mut self, lexer: &mut Lexer, name: Span, self_closing: bool) {
        let tag = Tag::named(bytes_of(lexer.source, name));
        if self.drawings > 0 {
            if !self_closing {
                self.push(lexer, tag, name);
            }
            return;
        }
        match tag {
            Tag::Html | Tag::Head | Tag::Body if self.stack.len() > 4 => return,
            Tag::Html => self.page.language = self.page.language.or(attribute(lexer, b"lang")),
            Tag::Br => return self.line_break(),
            Tag::Img => return self.images = self.images.saturating_add(1),
            Tag::Meta => return self.meta(lexer),
            Tag::Link => return self.link(lexer),
            _ => {}
        }
        if tag.is(CLOSES_P) {
            self.close_paragraph();
        }
        self.close_implied(tag);
        if tag.is(BLOCK) {
            self.flush();
        }
        if tag.is(VOID) {
            return;
        }
        if tag.is(RAW) {
            return self.raw(lexer, tag, name);
        }
        if self_closing && matches!(tag, Tag::Svg | Tag::Math) {
            return;
        }
        self.push(lexer, tag, name);
        let property = lexer.attribute(b"itemprop");
        if tag == Tag::Time || property.is_some_and(is_date) {
            self.time(lexer);
        } else if let Some(property) = property.and_then(property_of)
            && self.page.items.len() < MARKS_MAX
        {
            let block = self.page.blocks.len() as u32;
            self.page.items.push(Item { property, node: self.top(), block });
        }
    }

    /// An element whose content is no markup: most of it is nothing to read.
    fn raw(&mut self, lexer: &mut Lexer, tag: Tag, name: Span) {
        let is_data = tag == Tag::Script
            && lexer
                .attribute(b"type")
                .is_some_and(|kind| kind.trim_ascii().eq_ignore_ascii_case(b"application/ld+json"));
        let span = lexer.raw_text(bytes_of(lexer.source, name));
        match tag {
            Tag::Script if is_data && self.page.scripts.len() < MARKS_MAX => self.page.scripts.push(span),
            Tag::Title if self.page.title.is_none() => self.page.title = Some(span),
            Tag::Xmp => {
                self.push(lexer, tag, name);
                self.verbatim(span);
            }
            _ => {}
        }
    }

    fn meta(&mut self, lexer: &Lexer) {
        let key = attribute(lexer, b"property")
            .or_else(|| attribute(lexer, b"name"))
            .or_else(|| attribute(lexer, b"itemprop"));
        if let (Some(key), Some(content)) = (key, attribute(lexer, b"content"))
            && self.page.metas.len() < MARKS_MAX
        {
            self.page.metas.push(Meta { key, content });
        }
    }

    fn link(&mut self, lexer: &Lexer) {
        let is_canonical =
            lexer.attribute(b"rel").is_some_and(|rel| rel.trim_ascii().eq_ignore_ascii_case(b"canonical"));
        if is_canonical && self.page.canonical.is_none() {
            self.page.canonical = attribute(lexer, b"href");
        }
    }

    fn time(&mut self, lexer: &Lexer) {
        let value = attribute(lexer, b"datetime").or_else(|| attribute(lexer, b"content"));
        let Some(value) = value else { return };
        if self.page.times.len() < MARKS_MAX {
            let property = attribute(lexer, b"itemprop");
            let block = self.page.blocks.len() as u32;
            self.page.times.push(TimeMark { value, node: self.top(), block, property });
        }
    }

    /// Opens an element.
    fn push(&mut self, lexer: &Lexer, tag: Tag, name: Span) {
        if self.stack.len() >= DEPTH_MAX {
            self.too_deep += 1;
            return;
        }
        let parent = self.top();
        let above = self.page.nodes[parent as usize];
        let mut held = above.held | flags_of(tag);
        if tag.is(SKIP) || self.drawings > 0 {
            held |= held::SKIP;
        }
        let names_from = self.page.names.len() as u32;
        let mut shape = hash(Kind::Element, bytes_of(lexer.source, name));
        for attribute in &lexer.attributes {
            let key = bytes_of(lexer.source, attribute.name);
            if names_element(key) {
                let classes = self.seen.add_names(lexer.source, attribute.value, &mut self.page.names);
                if key == b"class" {
                    shape = shape.rotate_left(5) ^ classes;
                }
            }
            if key == b"shadowrootmode" && tag == Tag::Template {
                held &= !held::SKIP;
            }
            held |= flags_of_attribute(key, bytes_of(lexer.source, attribute.value));
        }
        let id = self.page.nodes.len() as NodeId;
        self.page.nodes.push(Node { parent, tag, depth: above.depth + 1, held, names_from, shape });
        self.stack.push(id);
        self.open_count[tag as usize] += 1;
        if matches!(tag, Tag::Svg | Tag::Math) {
            self.drawings += 1;
        }
    }
}

/// The value of an attribute of the last start tag, if it says something.
fn attribute(lexer: &Lexer, name: &[u8]) -> Option<Span> {
    let is_it = |known: &Span| bytes_of(lexer.source, *known).eq_ignore_ascii_case(name);
    let found = lexer.attributes.iter().find(|attribute| is_it(&attribute.name))?;
    (!found.value.is_empty()).then_some(found.value)
}

/// Attributes whose words say what an element is for.
fn names_element(key: &[u8]) -> bool {
    matches!(
        key,
        b"class" | b"id" | b"role" | b"itemprop" | b"rel" | b"data-testid" | b"data-component" | b"data-type"
    )
}

/// Whether a property is a date: `datePublished`, `dateModified`.
fn is_date(property: &[u8]) -> bool {
    property.trim_ascii().get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"date"))
}

fn property_of(property: &[u8]) -> Option<Property> {
    Some(match property.trim_ascii() {
        b"headline" => Property::Headline,
        b"author" | b"creator" => Property::Author,
        b"name" => Property::Name,
        b"articleSection" => Property::Section,
        _ => return None,
    })
}

fn flags_of(tag: Tag) -> u32 {
    match tag {
        Tag::Article => held::ARTICLE,
        Tag::Main => held::MAIN,
        Tag::Nav | Tag::Menu => held::NAV,
        Tag::Aside => held::ASIDE,
        Tag::Footer => held::FOOTER,
        Tag::Header => held::HEADER,
        Tag::Form => held::FORM,
        Tag::Figure | Tag::Figcaption => held::FIGURE,
        Tag::Li => held::LI,
        Tag::Table => held::TABLE,
        Tag::Button => held::BUTTON,
        Tag::Blockquote => held::QUOTE,
        Tag::Noscript => held::NOSCRIPT,
        Tag::A => held::LINK,
        Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => held::HEADING,
        Tag::P => held::P,
        Tag::Section => held::SECTION,
        Tag::Bold | Tag::I | Tag::Em | Tag::Strong => held::EMPHASIS,
        Tag::Dl => held::DL,
        Tag::Details | Tag::Dialog => held::DETAILS,
        Tag::Pre => held::PRE,
        Tag::Custom => held::CUSTOM,
        _ => 0,
    }
}

fn flags_of_attribute(key: &[u8], value: &[u8]) -> u32 {
    match (key, value) {
        (b"role", b"main") => held::MAIN,
        (b"role", b"navigation") => held::NAV,
        (b"role", b"complementary") => held::ASIDE,
        (b"role", b"contentinfo") => held::FOOTER,
        (b"itemprop", b"articleBody") => held::BODY_PROP,
        (b"href", href) if memmem::find(href, b"/author").is_some() => held::AUTHOR,
        (b"rel" | b"itemprop", b"author") => held::AUTHOR,
        (b"hidden", _) | (b"aria-hidden", b"true") => held::HIDDEN,
        (b"style", style) if hides(style) => held::HIDDEN,
        _ => 0,
    }
}

/// Whether a style says that the element is not shown.
fn hides(style: &[u8]) -> bool {
    let hides = |property: &[u8], value: &[u8]| {
        memmem::find(style, property).is_some_and(|at| {
            let rest = style[at + property.len()..].trim_ascii_start();
            rest.strip_prefix(b":").is_some_and(|rest| rest.trim_ascii_start().starts_with(value))
        })
    };
    hides(b"display", b"none") || hides(b"visibility", b"hidden")
}
