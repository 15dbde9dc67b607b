//! From labelled spans to attributions: which source and which contents belong to a cue.
//!
//! Two logistic regressions over named features say how likely two spans belong together. The features are those
//! of `pair_features` in train/attribution.py, letter by letter: their names are hashed to find the weights.

use std::ops::Range;

use super::field::{Role, Tagged};
use super::sequence::{QuoteState, Sequence};
use super::weights::{Linker, Tagger};

/// Spans that belong together, as indices among the tagged spans.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attribution {
    pub(super) cue: Option<usize>,
    pub(super) source: Option<usize>,
    pub(super) contents: Vec<usize>,
}

/// How many spans of a role are considered on either side.
const NEAR: usize = 4;
/// Spans further off than this are not looked at.
const REACH: usize = 64;
/// Log odds above which a source is taken, a content is taken, and a content is shared with a second cue.
const SOURCE_FLOOR: f32 = -0.5;
const CONTENT_FLOOR: f32 = -1.0;
const SHARED_FLOOR: f32 = 0.0;
const DISTANCES: [usize; 8] = [0, 1, 2, 3, 5, 10, 20, 40];

/// Each cue takes its likeliest source, each content its likeliest cue; a cue left empty shares a content.
pub(super) fn link(tagger: &Tagger, sequence: &Sequence<'_>, spans: &[Tagged]) -> Vec<Attribution> {
    let pairs = Pairs { sequence, spans };
    let mut found: Vec<Option<Attribution>> = vec![None; spans.len()];
    for (cue, _) in spans.iter().enumerate().filter(|(_, span)| span.role == Role::Cue) {
        let scored = pairs.nearest(cue, Role::Source).into_iter();
        let scored = scored
            .map(|(source, rank)| (score(&tagger.source_linker, &pairs.describe(cue, source, rank)), source));
        let source = likeliest(scored).filter(|best| best.0 > SOURCE_FLOOR).map(|best| best.1);
        found[cue] = Some(Attribution { cue: Some(cue), source, contents: Vec::new() });
    }
    let mut alone = Vec::new();
    let mut shared: Vec<Option<(f32, usize)>> = vec![None; spans.len()];
    for (content, _) in spans.iter().enumerate().filter(|(_, span)| span.role == Role::Content) {
        let scored: Vec<(f32, usize)> = pairs
            .nearest(content, Role::Cue)
            .into_iter()
            .map(|(cue, rank)| (score(&tagger.content_linker, &pairs.describe(cue, content, -rank)), cue))
            .collect();
        for &(score, cue) in scored.iter().filter(|(score, _)| *score > SHARED_FLOOR) {
            let best = &mut shared[cue];
            if best.is_none_or(|(other, _)| score > other) {
                *best = Some((score, content));
            }
        }
        match likeliest(scored.into_iter()).filter(|best| best.0 > CONTENT_FLOOR) {
            Some((_, cue)) => found[cue].as_mut().expect("every cue has an entry").contents.push(content),
            None => alone.push(Attribution { cue: None, source: None, contents: vec![content] }),
        }
    }
    for attribution in found.iter_mut().flatten().filter(|attribution| attribution.contents.is_empty()) {
        let content = attribution.cue.and_then(|cue| shared[cue]);
        attribution.contents.extend(content.map(|(_, content)| content));
    }
    let linked = found.into_iter().flatten().filter(|attribution| !attribution.contents.is_empty());
    linked.chain(alone).collect()
}

/// The pair with the highest score, of equals the one that stands first in the text.
fn likeliest(scored: impl Iterator<Item = (f32, usize)>) -> Option<(f32, usize)> {
    scored.fold(None, |best, one| match best {
        Some(best) if best.0 > one.0 || (best.0 == one.0 && best.1 < one.1) => Some(best),
        _ => Some(one),
    })
}

/// Log odds that the two belong together.
fn score(linker: &Linker, pair: &Pair<'_>) -> f32 {
    let mut score = linker.bias();
    pair.features(|feature| score += linker.weight(feature.0));
    score
}

struct Pairs<'a> {
    sequence: &'a Sequence<'a>,
    spans: &'a [Tagged],
}

impl Pairs<'_> {
    /// The nearest spans of a role on either side, each with a signed rank.
    fn nearest(&self, index: usize, role: Role) -> Vec<(usize, isize)> {
        let is_role = |&other: &usize| self.spans[other].role == role;
        let left = (index.saturating_sub(REACH)..index).rev().filter(is_role).take(NEAR);
        let right = (index + 1..self.spans.len().min(index + 1 + REACH)).filter(is_role).take(NEAR);
        let left = left.enumerate().map(|(rank, other)| (other, -(rank as isize) - 1));
        left.chain(right.enumerate().map(|(rank, other)| (other, rank as isize + 1))).collect()
    }

    fn describe(&self, cue: usize, other: usize, rank: isize) -> Pair<'_> {
        let (of, verb_of) = (&self.spans[other].places, &self.spans[cue].places);
        let role = self.spans[other].role;
        let before = of.end <= verb_of.start;
        let between = &self.spans[cue.min(other) + 1..cue.max(other)];
        let count =
            |wanted: &dyn Fn(Role) -> bool| between.iter().filter(|span| wanted(span.role)).count().min(2);
        let gap = if before { verb_of.start - of.end } else { of.start.saturating_sub(verb_of.end) };
        let (left, right) = if before { (of.end - 1, verb_of.start) } else { (verb_of.end - 1, of.start) };
        let sequence = self.sequence;
        let (root, verb) = (self.root(of), self.root(verb_of));
        Pair {
            before: usize::from(before),
            gap: DISTANCES.partition_point(|&distance| distance < gap),
            cues: count(&|role| role == Role::Cue),
            same: count(&|other| other == role),
            rest: count(&|other| other != role && other != Role::Cue),
            breaks: (sequence.paragraphs[right] - sequence.paragraphs[left]).min(2),
            sentences: (sequence.sentences[right] - sequence.sentences[left]).min(3),
            up: self.climb(root, verb_of),
            down: self.climb(verb, of),
            siblings: usize::from(sequence.heads[root] == sequence.heads[verb] && root != verb),
            opens: usize::from(sequence.quotes[of.start] == QuoteState::Opens),
            closes: usize::from(sequence.quotes[of.end - 1] == QuoteState::Closes),
            inside: usize::from(sequence.quotes[verb_of.start] == QuoteState::Inside),
            tag: sequence.parse.tag(sequence.tokens[verb]),
            verb: &sequence.lemmas[verb],
            verb_label: sequence.parse.label(sequence.tokens[verb]),
            label: sequence.parse.label(sequence.tokens[root]),
            rank,
            begins: usize::from(
                of.start == 0 || sequence.paragraphs[of.start - 1] != sequence.paragraphs[of.start],
            ),
            previous: of.start.checked_sub(1).map_or("^", |place| &sequence.lemmas[place]),
            following: sequence.lemmas.get(of.end).map_or("$", |lemma| lemma),
            beside: [cue.checked_sub(1), Some(cue + 1)].map(|index| self.letter(index)),
        }
    }

    /// The third letter of a span's role, in which the three differ.
    fn letter(&self, index: Option<usize>) -> char {
        match index.and_then(|index| self.spans.get(index)).map(|span| span.role) {
            Some(Role::Source) => 'u',
            Some(Role::Cue) => 'e',
            Some(Role::Content) => 'n',
            None => '-',
        }
    }

    /// The first word of a span whose head lies outside.
    fn root(&self, span: &Range<usize>) -> usize {
        let heads = &self.sequence.heads;
        span.clone()
            .find(|&place| !span.contains(&heads[place]) || heads[place] == place)
            .unwrap_or(span.start)
    }

    /// How many arcs lead from a place up into a span, with the label of the last one.
    fn climb(&self, mut place: usize, span: &Range<usize>) -> Option<(usize, &str)> {
        for steps in 1..5 {
            let head = self.sequence.heads[place];
            if head == place {
                return None;
            }
            let label = self.sequence.parse.label(self.sequence.tokens[place]);
            place = head;
            if span.contains(&place) {
                return Some((steps, label));
            }
        }
        None
    }
}

/// All that is asked about a cue and another span.
struct Pair<'a> {
    before: usize,
    gap: usize,
    cues: usize,
    same: usize,
    rest: usize,
    breaks: usize,
    sentences: usize,
    up: Option<(usize, &'a str)>,
    down: Option<(usize, &'a str)>,
    siblings: usize,
    opens: usize,
    closes: usize,
    inside: usize,
    tag: &'a str,
    verb: &'a str,
    verb_label: &'a str,
    label: &'a str,
    rank: isize,
    begins: usize,
    previous: &'a str,
    following: &'a str,
    beside: [char; 2],
}

impl Pair<'_> {
    /// The features' names, hashed.
    fn features(&self, mut feature: impl FnMut(Hash)) {
        let Pair { before: b, gap, cues, same, rest, breaks, sentences, up, down, .. } = *self;
        let Pair { siblings, opens, closes, inside, tag, verb, verb_label, label, .. } = *self;
        let Pair { rank, begins, previous, following, beside: [left, right], .. } = *self;
        let of = |name: char| Hash::default().sign(name);
        let side = |name: char| of(name).digit(b);
        feature(side('a'));
        feature(side('b').digit(gap));
        feature(side('c').digit(cues));
        feature(side('d').digit(same));
        feature(side('e').digit(rest));
        feature(side('f').digit(breaks));
        feature(side('g').digit(sentences));
        feature(of('h').path(up));
        feature(of('i').path(down));
        feature(side('j').digit(siblings));
        feature(side('k').digit(opens).digit(closes).digit(inside));
        feature(side('l').text(tag));
        feature(side('m').text(verb));
        feature(side('n').digit(cues).digit(same).digit(gap));
        feature(of('o').path(up).sign(' ').text(verb));
        feature(side('p').digit(cues).digit(same).digit(rest).digit(breaks).digit(sentences));
        feature(side('q').digit(cues).digit(same).text(verb));
        feature(if rank < 0 { side('r').sign('-') } else { side('r') }.digit(rank.unsigned_abs()));
        feature(side('s').digit(sentences).digit(begins));
        feature(side('t').digit(cues).text(previous));
        feature(side('u').digit(cues).text(following));
        feature(side('v').text(label));
        feature(side('w').digit(cues).text(verb_label));
        feature(side('x').sign(left).sign(right));
        feature(side('y').digit(cues).digit(same).digit(sentences).sign(left).sign(right));
        feature(side('z').digit(cues).digit(sentences).digit(opens).digit(closes));
    }
}

/// FNV-1a, 32 bits, of the letters of a feature's name.
#[derive(Clone, Copy)]
struct Hash(u32);

impl Default for Hash {
    fn default() -> Hash {
        Hash(0x811C_9DC5)
    }
}

impl Hash {
    fn byte(self, byte: u8) -> Hash {
        Hash((self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }

    fn text(self, text: &str) -> Hash {
        text.bytes().fold(self, Hash::byte)
    }

    fn sign(self, sign: char) -> Hash {
        self.text(sign.encode_utf8(&mut [0; 4]))
    }

    /// A number below ten.
    fn digit(self, number: usize) -> Hash {
        debug_assert!(number < 10, "{number} has more than a digit");
        self.byte(b'0' + number as u8)
    }

    /// A path of arcs: how many, and the label of the last.
    fn path(self, path: Option<(usize, &str)>) -> Hash {
        path.map_or(self.sign('-'), |(steps, label)| self.digit(steps).text(label))
    }
}

#[cfg(test)]
mod tests {
    use super::{Hash, likeliest};

    #[test]
    fn hashes_are_those_of_the_training_script() {
        let hash = Hash::default().sign('f').text("oo").text("bar");
        assert_eq!(hash.0, 0xBF9C_F968);
        let of = |text: &str| Hash::default().text(text).0;
        let path = |path| Hash::default().path(path).0;
        assert_eq!((path(Some((2, "ccomp"))), path(None)), (of("2ccomp"), of("-")));
    }

    #[test]
    fn of_equals_the_first_in_the_text_wins() {
        assert_eq!(likeliest([(0.5, 9), (1.5, 7), (1.5, 3)].into_iter()), Some((1.5, 3)));
        assert_eq!(likeliest(std::iter::empty()), None);
    }
}
