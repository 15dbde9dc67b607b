//! The elements of HTML and what their tags do to the text around them.

/// An element by its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
#[rustfmt::skip]
pub(crate) enum Tag {
    Root, Other, Custom, Html, Head, Body, Div, P, Article, Section, Main, Nav, Aside, Header, Footer, Form,
    Figure, Figcaption, H1, H2, H3, H4, H5, H6, Hgroup, Ul, Ol, Menu, Li, Dl, Dt, Dd, Blockquote, Pre,
    Address, Center, Fieldset, Details, Summary, Dialog, Search, Hr, Table, Caption, Thead, Tbody, Tfoot, Tr,
    Td, Th, Colgroup, Col, A, Span, Bold, I, Em, Strong, Small, Cite, Q, Time, Label, Sup, Sub, Abbr, Code,
    Font, U, Mark, Button, Br, Img, Input, Link, Meta, Base, Source, Track, Wbr, Area, Embed, Param, Script,
    Style, Title, Textarea, Iframe, Xmp, Noembed, Noframes, Noscript, Template, Svg, Math, Select, Option,
    Optgroup, Object, Canvas, Video, Audio, Picture, Map, Datalist,
}

/// Nothing of the below.
const INLINE: u8 = 0;
/// Starts and ends a block of text.
pub(crate) const BLOCK: u8 = 1;
/// Its start tag closes an open `p`.
pub(crate) const CLOSES_P: u8 = 2;
/// Has no content and no end tag.
pub(crate) const VOID: u8 = 4;
/// Its content is not markup.
pub(crate) const RAW: u8 = 8;
/// End tags do not look past it.
pub(crate) const SCOPE: u8 = 16;
/// "Special" in the standard: unmatched inline end tags stop here.
pub(crate) const SPECIAL: u8 = 32;
/// Its text is never read.
pub(crate) const SKIP: u8 = 64;
/// What makes up a page: `div`, `p`, `article`, …
const SECTION: u8 = BLOCK | CLOSES_P | SPECIAL;

/// Names and flags, in the order of [`Tag`]. The first three stand for the page, for elements that are not in the
/// standard, and for custom elements, which have a dash in their name.
#[rustfmt::skip]
const ROWS: [(&str, u8); TAG_COUNT] = [
    ("", INLINE), ("", INLINE), ("", BLOCK), ("html", SCOPE | SPECIAL), ("head", SPECIAL), ("body", SPECIAL),
    ("div", SECTION), ("p", SECTION), ("article", SECTION), ("section", SECTION), ("main", SECTION),
    ("nav", SECTION), ("aside", SECTION), ("header", SECTION), ("footer", SECTION), ("form", SECTION),
    ("figure", SECTION), ("figcaption", SECTION), ("h1", SECTION), ("h2", SECTION), ("h3", SECTION),
    ("h4", SECTION), ("h5", SECTION), ("h6", SECTION), ("hgroup", SECTION), ("ul", SECTION), ("ol", SECTION),
    ("menu", SECTION), ("li", BLOCK | SPECIAL), ("dl", SECTION), ("dt", BLOCK | SPECIAL),
    ("dd", BLOCK | SPECIAL), ("blockquote", SECTION), ("pre", SECTION), ("address", SECTION),
    ("center", SECTION), ("fieldset", SECTION), ("details", SECTION), ("summary", SECTION),
    ("dialog", SECTION), ("search", SECTION), ("hr", SECTION | VOID), ("table", SECTION | SCOPE),
    ("caption", BLOCK | SCOPE | SPECIAL), ("thead", BLOCK | SPECIAL), ("tbody", BLOCK | SPECIAL),
    ("tfoot", BLOCK | SPECIAL), ("tr", BLOCK | SPECIAL), ("td", BLOCK | SCOPE | SPECIAL),
    ("th", BLOCK | SCOPE | SPECIAL), ("colgroup", SPECIAL), ("col", VOID | SPECIAL), ("a", INLINE),
    ("span", INLINE), ("b", INLINE), ("i", INLINE), ("em", INLINE), ("strong", INLINE), ("small", INLINE),
    ("cite", INLINE), ("q", INLINE), ("time", INLINE), ("label", BLOCK), ("sup", INLINE), ("sub", INLINE),
    ("abbr", INLINE), ("code", INLINE), ("font", INLINE), ("u", INLINE), ("mark", INLINE),
    ("button", BLOCK | SCOPE | SPECIAL), ("br", VOID), ("img", VOID), ("input", VOID), ("link", VOID),
    ("meta", VOID), ("base", VOID), ("source", VOID), ("track", VOID), ("wbr", VOID), ("area", VOID),
    ("embed", VOID), ("param", VOID), ("script", RAW | SKIP), ("style", RAW | SKIP), ("title", RAW | SKIP),
    ("textarea", RAW | SKIP), ("iframe", RAW | SKIP), ("xmp", RAW | BLOCK), ("noembed", RAW | SKIP),
    ("noframes", RAW | SKIP), ("noscript", INLINE), ("template", SCOPE | SPECIAL | SKIP), ("svg", SKIP),
    ("math", SKIP), ("select", SKIP | SPECIAL), ("option", INLINE), ("optgroup", INLINE),
    ("object", SCOPE | SPECIAL), ("canvas", SKIP), ("video", SKIP), ("audio", SKIP), ("picture", INLINE),
    ("map", INLINE), ("datalist", SKIP),
];
/// Number of elements in [`Tag`].
pub(crate) const TAG_COUNT: usize = Tag::Datalist as usize + 1;

/// Longest name in `ROWS`.
const NAME_BYTES_MAX: usize = 16;
/// Room of the hash table over the names: a power of two, several times their number.
const SLOT_COUNT: usize = 512;
/// Row numbers by the hash of their names; zero is an empty slot.
static SLOTS: [u8; SLOT_COUNT] = slots();
const KEYS: [u128; TAG_COUNT] = keys();

/// A name in lower case as one number.
const fn key(name: &[u8]) -> u128 {
    let mut key = 0;
    let mut at = 0;
    while at < name.len() && at < NAME_BYTES_MAX {
        key = key << 8 | name[at].to_ascii_lowercase() as u128;
        at += 1;
    }
    key
}

const fn slot(key: u128) -> usize {
    let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(29);
    (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 55) as usize
}

const fn keys() -> [u128; TAG_COUNT] {
    let mut keys = [0; TAG_COUNT];
    let mut row = 0;
    while row < TAG_COUNT {
        keys[row] = key(ROWS[row].0.as_bytes());
        row += 1;
    }
    keys
}

const fn slots() -> [u8; SLOT_COUNT] {
    let mut slots = [0; SLOT_COUNT];
    let mut row = Tag::Html as usize;
    while row < TAG_COUNT {
        let mut at = slot(KEYS[row]);
        while slots[at] != 0 {
            at = (at + 1) % SLOT_COUNT;
        }
        slots[at] = row as u8;
        row += 1;
    }
    slots
}

/// All elements, by row.
const TAGS: [Tag; TAG_COUNT] = {
    use Tag::*;
    [
        Root, Other, Custom, Html, Head, Body, Div, P, Article, Section, Main, Nav, Aside, Header, Footer,
        Form, Figure, Figcaption, H1, H2, H3, H4, H5, H6, Hgroup, Ul, Ol, Menu, Li, Dl, Dt, Dd, Blockquote,
        Pre, Address, Center, Fieldset, Details, Summary, Dialog, Search, Hr, Table, Caption, Thead, Tbody,
        Tfoot, Tr, Td, Th, Colgroup, Col, A, Span, Bold, I, Em, Strong, Small, Cite, Q, Time, Label, Sup,
        Sub, Abbr, Code, Font, U, Mark, Button, Br, Img, Input, Link, Meta, Base, Source, Track, Wbr, Area,
        Embed, Param, Script, Style, Title, Textarea, Iframe, Xmp, Noembed, Noframes, Noscript, Template,
        Svg, Math, Select, Option, Optgroup, Object, Canvas, Video, Audio, Picture, Map, Datalist,
    ]
};

impl Tag {
    /// The element of a name, in any case.
    pub(crate) fn named(name: &[u8]) -> Tag {
        let wanted = key(name);
        let mut at = slot(wanted);
        while name.len() <= NAME_BYTES_MAX && SLOTS[at] != 0 {
            if KEYS[SLOTS[at] as usize] == wanted {
                return TAGS[SLOTS[at] as usize];
            }
            at = (at + 1) % SLOT_COUNT;
        }
        if name.contains(&b'-') { Tag::Custom } else { Tag::Other }
    }

    /// Whether the element has one of these flags.
    pub(crate) fn is(self, flags: u8) -> bool {
        ROWS[self as usize].1 & flags != 0
    }

    /// Whether it is `h1` to `h6`.
    pub(crate) fn is_heading(self) -> bool {
        (Tag::H1 as u8..=Tag::H6 as u8).contains(&(self as u8))
    }
}

#[cfg(test)]
mod tests {
    use super::{ROWS, TAGS, Tag};

    #[test]
    fn every_name_finds_its_element() {
        for (row, (name, _)) in ROWS.iter().enumerate().skip(Tag::Html as usize) {
            let tag = Tag::named(name.to_uppercase().as_bytes());
            let shown = format!("{tag:?}").to_lowercase();
            assert_eq!((tag as usize, TAGS[row]), (row, tag));
            assert!(shown == *name || shown == "bold", "{shown} is {name}");
        }
        assert_eq!(Tag::named(b"my-card"), Tag::Custom);
        assert_eq!(Tag::named(b"blockquotes"), Tag::Other);
        assert_eq!(Tag::named(b"blockquoteblockquote"), Tag::Other);
    }
}
