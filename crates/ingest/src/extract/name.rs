//! Class names as hashes: whole, and cut at dashes and capitals, as sites make them from words.

use std::hash::Hasher;

use model::Span;

use super::limits::{CLASS_PARTS_MAX, CLASSES_MAX};
use crate::quick::Quick;

/// What is hashed: the same bytes mean different things in different places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A whole class name.
    Whole = 1,
    /// A word in a class name.
    Part = 2,
    /// A word of the text.
    Word = 3,
    /// A short text as a whole.
    Text = 5,
    /// An element's name.
    Element = 7,
}

/// The beginning of a hash.
pub(crate) const fn basis(kind: Kind) -> u32 {
    0x811c_9dc5 ^ (kind as u32).wrapping_mul(0x9e37_79b1)
}

/// A hash with one more byte, in lower case (FNV-1a).
const fn add(hash: u32, byte: u8) -> u32 {
    add_lower(hash, byte.to_ascii_lowercase())
}

/// The same for a byte that is in lower case already.
pub(crate) const fn add_lower(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

/// The hash of some bytes, in lower case.
pub(crate) const fn hash(kind: Kind, bytes: &[u8]) -> u32 {
    let mut hash = basis(kind);
    let mut at = 0;
    while at < bytes.len() {
        hash = add(hash, bytes[at]);
        at += 1;
    }
    hash
}

/// Several hashes as one; their order counts.
pub(crate) fn mix(hashes: &[u32]) -> u32 {
    hashes.iter().fold(17, |mixed: u32, hash| (mixed.rotate_left(7) ^ hash).wrapping_mul(0x9e37_79b1))
}

/// Adds the names in an attribute's value and their parts.
fn add_names(value: &[u8], out: &mut Vec<u32>) {
    let names = value.split(u8::is_ascii_whitespace).filter(|name| !name.is_empty());
    for name in names.take(CLASSES_MAX) {
        add_name(name, out);
    }
}

/// Adds one name and its parts, in one walk over its bytes.
fn add_name(name: &[u8], out: &mut Vec<u32>) {
    let at_whole = out.len();
    out.push(0);
    let (mut whole, mut part) = (const { basis(Kind::Whole) }, const { basis(Kind::Part) });
    let (mut start, mut before) = (0, 0);
    let mut end_part = |start: usize, at: usize, part: u32| {
        let length = at - start;
        let is_word = length > 2 && length < name.len() && !name[start].is_ascii_digit();
        if is_word && out.len() <= at_whole + CLASS_PARTS_MAX {
            out.push(part);
        }
    };
    for (at, &byte) in name.iter().enumerate() {
        whole = add(whole, byte);
        let is_mark = !byte.is_ascii_alphanumeric();
        // A mark at the beginning belongs to the first part.
        if at > 0 && (is_mark || byte.is_ascii_uppercase() && u8::is_ascii_lowercase(&before)) {
            end_part(start, at, part);
            start = at + usize::from(is_mark);
            part = const { basis(Kind::Part) };
        }
        if at == 0 || !is_mark {
            part = add(part, byte);
        }
        before = byte;
    }
    if start < name.len() {
        end_part(start, name.len(), part);
    }
    out[at_whole] = whole;
    if out.len() == at_whole + 1 {
        out.push(hash(Kind::Part, name));
    }
}

/// Places for values that are remembered.
const REMEMBERED: usize = 512;

/// A value whose names are known.
#[derive(Clone, Copy, Debug)]
struct Known {
    value: Span,
    /// Where its names are.
    names: [u32; 2],
    /// Hash of the whole value.
    classes: u32,
}

/// The values of a page that were cut into names last: most elements have the classes of another. A value has one
/// place, from which the next one with that place drives it out, so that no page makes the search long.
#[derive(Debug)]
pub(crate) struct Seen {
    places: Vec<Known>,
}

impl Seen {
    pub(crate) fn new() -> Seen {
        let nothing = Known { value: Span::new(0, 0), names: [0, 0], classes: 0 };
        Seen { places: vec![nothing; REMEMBERED] }
    }

    /// Adds the names in an attribute's value: the hash of the value as a whole.
    pub(crate) fn add_names(&mut self, source: &[u8], value: Span, out: &mut Vec<u32>) -> u32 {
        let bytes = &source[value.range()];
        let mut quick = Quick::default();
        quick.write(bytes);
        let classes = quick.finish();
        let known = &mut self.places[classes as usize % REMEMBERED];
        if bytes.is_empty() || source[known.value.range()] != *bytes {
            let from = out.len() as u32;
            add_names(bytes, out);
            *known = Known { value, names: [from, out.len() as u32], classes: (classes >> 32) as u32 };
        } else {
            out.extend_from_within(known.names[0] as usize..known.names[1] as usize);
        }
        known.classes
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Seen, add_names, hash};
    use model::Span;

    #[test]
    fn what_was_seen_before_gives_the_same_names() {
        let source = b"big-box small big-box";
        let (mut seen, mut names) = (Seen::new(), Vec::new());
        let values = [Span::new(0, 7), Span::new(8, 13), Span::new(14, 21), Span::new(3, 3)];
        let classes = values.map(|value| seen.add_names(source, value, &mut names));
        assert_eq!(classes[0], classes[2]);
        assert_eq!(names[..3], names[5..]);
    }

    #[test]
    fn names_are_cut_where_sites_join_them() {
        let mut found = Vec::new();
        add_names(b"article-body  relatedPosts", &mut found);
        let part = |word: &str| hash(Kind::Part, word.as_bytes());
        let whole = |word: &str| hash(Kind::Whole, word.as_bytes());
        assert_eq!(
            found,
            [
                whole("article-body"),
                part("article"),
                part("body"),
                whole("relatedposts"),
                part("related"),
                part("posts")
            ]
        );
        found.clear();
        add_names(b"comments", &mut found);
        assert_eq!(found, [whole("comments"), part("comments")]);
    }
}
