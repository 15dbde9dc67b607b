//! The syntax of Python's regular expressions, as far as tokenizers use it: source → tree.

use super::set::{Kind, Listing};
use std::collections::BTreeMap;

/// Groups may nest this deep.
const DEPTH_MAX: usize = 60;

/// A count in braces may be this great.
const COUNT_MAX: u32 = 1000;

/// Sources beyond this many characters are refused. The list of words in spaCy's French one has a million and a half.
const SOURCE_CHARS_MAX: usize = 1 << 23;

/// Number of a set in [`Parsed::sets`].
pub(super) type SetId = usize;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Char(char),
    Set(SetId),
    Concat(Vec<Node>),
    Alternate(Vec<Node>),
    Repeat(Box<Repeat>),
    Look(Box<Look>),
    /// `^`, `\A`
    Start,
    /// `$`: the end, or before the newline that ends the text.
    End,
    /// `\Z`
    VeryEnd,
    /// `\b`, or `\B` when false.
    Boundary(bool),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Repeat {
    pub(super) node: Node,
    pub(super) min: u32,
    /// `None` is without limit.
    pub(super) max: Option<u32>,
    pub(super) greedy: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Look {
    pub(super) node: Node,
    /// How many characters back it begins; `None` looks ahead.
    pub(super) behind: Option<usize>,
    pub(super) wanted: bool,
}

pub(super) struct Parsed {
    pub(super) node: Node,
    pub(super) sets: Vec<Listing>,
}

/// Reads an expression; an error is a phrase about what is not understood, and at which character.
pub(super) fn parse(source: &str) -> Result<Parsed, String> {
    let chars: Vec<char> = source.chars().collect();
    if chars.len() > SOURCE_CHARS_MAX {
        return Err(format!("an expression of {} characters", chars.len()));
    }
    let mut parser =
        Parser { chars: &chars, at: 0, any_case: false, depth: 0, sets: Vec::new(), known: BTreeMap::new() };
    let node = parser.alternatives()?;
    match parser.peek() {
        None => Ok(Parsed { node, sets: parser.sets }),
        Some(_) => Err(parser.error("a parenthesis too many")),
    }
}

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
    any_case: bool,
    depth: usize,
    sets: Vec<Listing>,
    /// Sets by their source: the large classes of letters recur many times.
    known: BTreeMap<(bool, &'a [char]), SetId>,
}

impl<'a> Parser<'a> {
    fn error(&self, what: &str) -> String {
        format!("{what} at character {}", self.at)
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Result<char, String> {
        let c = self.peek().ok_or_else(|| self.error("an end too early"))?;
        self.at += 1;
        Ok(c)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = text.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c));
        if found {
            self.at += text.chars().count();
        }
        found
    }

    fn alternatives(&mut self) -> Result<Node, String> {
        let mut branches = vec![self.sequence()?];
        while self.eat("|") {
            branches.push(self.sequence()?);
        }
        Ok(match branches.len() {
            1 => branches.remove(0),
            _ => Node::Alternate(branches),
        })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            if let Some(part) = self.item()? {
                parts.push(self.repeated(part)?);
            }
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Node::Concat(parts),
        })
    }

    /// One item without its count; `None` is a comment or a flag.
    fn item(&mut self) -> Result<Option<Node>, String> {
        let start = self.at;
        Ok(Some(match self.next()? {
            '(' => return self.group(),
            '[' => self.class(start)?,
            '.' => {
                self.set(start, Listing { ranges: vec![('\n', '\n')], negated: true, ..Listing::default() })
            }
            '^' => Node::Start,
            '$' => Node::End,
            '\\' => self.escape(start)?,
            '*' | '+' | '?' => return Err(self.error("a count of nothing")),
            c => self.literal(start, c),
        }))
    }

    fn literal(&mut self, start: usize, c: char) -> Node {
        match self.any_case && c.is_alphabetic() {
            false => Node::Char(c),
            true => self.set(start, Listing { ranges: vec![(c, c)], ..Listing::default() }),
        }
    }

    /// A set whose source began at `start`; the same source gives the same set.
    fn set(&mut self, start: usize, mut listing: Listing) -> Node {
        listing.any_case = self.any_case;
        let source = (self.any_case, &self.chars[start..self.at]);
        let sets = &mut self.sets;
        Node::Set(*self.known.entry(source).or_insert_with(|| {
            sets.push(listing);
            sets.len() - 1
        }))
    }

    fn repeated(&mut self, node: Node) -> Result<Node, String> {
        let Some((min, max)) = self.count()? else {
            return Ok(node);
        };
        let greedy = !self.eat("?");
        if self.peek() == Some('+') {
            return Err(self.error("a possessive count"));
        }
        if let Node::Start | Node::End | Node::VeryEnd | Node::Boundary(_) = node {
            return Err(self.error("a count of nothing"));
        }
        let node = Node::Repeat(Box::new(Repeat { node, min, max, greedy }));
        match self.count()? {
            None => Ok(node),
            Some(_) => Err(self.error("a count of a count")),
        }
    }

    fn count(&mut self) -> Result<Option<(u32, Option<u32>)>, String> {
        if self.eat("*") {
            return Ok(Some((0, None)));
        }
        if self.eat("+") {
            return Ok(Some((1, None)));
        }
        if self.eat("?") {
            return Ok(Some((0, Some(1))));
        }
        let start = self.at;
        if !self.eat("{") {
            return Ok(None);
        }
        let low = self.number();
        let comma = self.eat(",");
        let high = if comma { self.number() } else { low };
        // A brace that opens no count stands for itself.
        if !self.eat("}") || low.is_none() && !comma {
            self.at = start;
            return Ok(None);
        }
        let min = low.unwrap_or(0);
        match min <= high.unwrap_or(min) && min.max(high.unwrap_or(0)) <= COUNT_MAX {
            true => Ok(Some((min, high))),
            false => Err(self.error("a count out of bounds")),
        }
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            let n = number.unwrap_or(0u32).saturating_mul(10).saturating_add(digit);
            number = Some(n);
            self.at += 1;
        }
        number
    }

    fn group(&mut self) -> Result<Option<Node>, String> {
        if self.depth == DEPTH_MAX {
            return Err(self.error("too deep a nesting"));
        }
        let outer_case = self.any_case;
        let mut look = None;
        if self.eat("?") {
            if self.eat("#") {
                while self.next()? != ')' {}
                return Ok(None);
            }
            look = match self.next()? {
                ':' => None,
                '=' => Some((false, true)),
                '!' => Some((false, false)),
                '<' if self.eat("=") => Some((true, true)),
                '<' if self.eat("!") => Some((true, false)),
                'P' if self.eat("<") => {
                    while self.next()? != '>' {}
                    None
                }
                c @ ('a'..='z' | '-') => {
                    if self.flags(c)? {
                        return Ok(None);
                    }
                    None
                }
                _ => return Err(self.error("an unknown kind of group")),
            };
        }
        self.depth += 1;
        let node = self.alternatives()?;
        self.depth -= 1;
        if !self.eat(")") {
            return Err(self.error("a parenthesis too few"));
        }
        self.any_case = outer_case;
        let Some((behind, wanted)) = look else {
            return Ok(Some(node));
        };
        let behind = match behind {
            true => Some(width(&node).ok_or_else(|| self.error("a look behind of no fixed width"))?),
            false => None,
        };
        Ok(Some(Node::Look(Box::new(Look { node, behind, wanted }))))
    }

    /// Flags of a group, the first of which has been read; whether they are for all that follows.
    fn flags(&mut self, first: char) -> Result<bool, String> {
        let (mut c, mut on) = (first, true);
        loop {
            match c {
                'i' => self.any_case = on,
                'u' => {}
                '-' => on = false,
                ')' => return Ok(true),
                ':' => return Ok(false),
                _ => return Err(self.error("an unknown flag")),
            }
            c = self.next()?;
        }
    }

    fn escape(&mut self, start: usize) -> Result<Node, String> {
        let c = self.next()?;
        if let Some(kind) = kind(c) {
            return Ok(self.set(start, Listing { kinds: vec![kind], ..Listing::default() }));
        }
        Ok(match c {
            'A' => Node::Start,
            'Z' => Node::VeryEnd,
            'b' => Node::Boundary(true),
            'B' => Node::Boundary(false),
            '1'..='9' => return Err(self.error("a reference to a group")),
            _ => {
                let c = self.escaped_char(c)?;
                self.literal(start, c)
            }
        })
    }

    /// The character that an escape stands for, whose letter has been read.
    fn escaped_char(&mut self, c: char) -> Result<char, String> {
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            'n' => return Ok('\n'),
            't' => return Ok('\t'),
            'r' => return Ok('\r'),
            'f' => return Ok('\u{c}'),
            'v' => return Ok('\u{b}'),
            'a' => return Ok('\u{7}'),
            '0' => return Ok('\0'),
            c if c.is_ascii_alphanumeric() => return Err(self.error("an unknown escape")),
            c => return Ok(c),
        };
        let mut n = 0u32;
        for _ in 0..digits {
            let digit = self.next()?.to_digit(16).ok_or_else(|| self.error("a digit too few"))?;
            n = n << 4 | digit;
        }
        // Half of a surrogate pair occurs in no text; the nearest character keeps a range of them harmless.
        Ok(char::from_u32(n).unwrap_or('\u{e000}'))
    }

    fn class(&mut self, start: usize) -> Result<Node, String> {
        let mut listing = Listing { negated: self.eat("^"), ..Listing::default() };
        let body = self.at;
        loop {
            let c = self.next()?;
            if c == ']' && self.at > body + 1 {
                return Ok(self.set(start, listing));
            }
            let first = match c {
                '\\' => {
                    let c = self.next()?;
                    if let Some(kind) = kind(c) {
                        listing.kinds.push(kind);
                        continue;
                    }
                    if c == 'b' { '\u{8}' } else { self.escaped_char(c)? }
                }
                c => c,
            };
            let is_range = self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|&c| c != ']');
            let mut last = first;
            if is_range {
                self.at += 1;
                last = self.next()?;
                if last == '\\' {
                    let c = self.next()?;
                    last = self.escaped_char(c)?;
                }
            }
            match first <= last {
                true => listing.ranges.push((first, last)),
                false => return Err(self.error("a range backwards")),
            }
        }
    }
}

fn kind(letter: char) -> Option<(Kind, bool)> {
    let kind = match letter.to_ascii_lowercase() {
        'd' => Kind::Decimal,
        's' => Kind::Space,
        'w' => Kind::Word,
        _ => return None,
    };
    Some((kind, letter.is_ascii_lowercase()))
}

/// How many characters a node always takes.
fn width(node: &Node) -> Option<usize> {
    match node {
        Node::Char(_) | Node::Set(_) => Some(1),
        Node::Concat(parts) => parts.iter().map(width).sum(),
        Node::Alternate(branches) => {
            let first = width(&branches[0])?;
            branches.iter().all(|branch| width(branch) == Some(first)).then_some(first)
        }
        Node::Repeat(repeat) if repeat.max == Some(repeat.min) => {
            width(&repeat.node)?.checked_mul(repeat.min as usize)
        }
        Node::Repeat(_) => None,
        Node::Look(_) | Node::Start | Node::End | Node::VeryEnd | Node::Boundary(_) => Some(0),
    }
}
