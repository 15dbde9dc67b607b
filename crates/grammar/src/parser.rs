//! The arc-eager parser with sentence breaks: from vectors in context to heads and labels.

use std::ops::Range;

use crate::product::Arithmetic;
use crate::scorer::{Expected, Scorer, Scratch};
use crate::tree::{Lifted, Tree};
use crate::weights::Transitions;

const SHIFT: u8 = 0;
const REDUCE: u8 = 1;
const LEFT: u8 = 2;
const RIGHT: u8 = 3;
const BREAK: u8 = 4;
const ACTION_COUNT: u8 = 5;

/// Between a bent arc's own label and that of the head it belongs to.
const LIFTED: &str = "||";

/// The label of a token without a head.
const ROOT: &str = "ROOT";

/// Tokens in focus: two of the buffer, three of the stack, three children.
pub(crate) const FOCUS: usize = 8;

/// Moves for each token at most; a state that has not ended by then is left as it is. Each token is shifted,
/// put back once, shifted again, reduced, and begins a sentence once.
const MOVES_PER_TOKEN_MAX: usize = 8;

/// A trained parser.
#[derive(Clone, Debug)]
pub(crate) struct Parser {
    pub(crate) scorer: Scorer,
    /// Action and label of each move.
    moves: Vec<(u8, u32)>,
    /// One mask for each set of allowed actions.
    masks: Vec<Vec<i32>>,
    /// All labels, each once.
    pub(crate) labels: Vec<String>,
    lifted: Vec<Option<Lifted>>,
    root: u32,
}

impl Parser {
    /// `sizes` says how great the numbers of a vector in context are, about.
    pub(crate) fn new(weights: &Transitions, sizes: &[f32], arithmetic: Arithmetic) -> Parser {
        let scorer = Scorer::new(weights, Expected { sizes, common_places: FOCUS }, arithmetic);
        let mut labels = Vec::new();
        let mut number = |label: &str| match labels.iter().position(|known| known == label) {
            Some(at) => at as u32,
            None => {
                labels.push(label.to_string());
                labels.len() as u32 - 1
            }
        };
        let root = number(ROOT);
        let moves: Vec<(u8, u32)> =
            weights.moves.iter().map(|one| (one.action, number(&one.label))).collect();
        let bent: Vec<(u32, Lifted)> = weights
            .moves
            .iter()
            .filter_map(|one| {
                let (own, head) = one.label.split_once(LIFTED)?;
                Some((number(&one.label), Lifted { own: number(own), head: number(head) }))
            })
            .collect();
        let mut lifted = vec![None; labels.len()];
        for (label, target) in bent {
            lifted[label as usize] = Some(target);
        }
        let masks = (0..1usize << ACTION_COUNT)
            .map(|set| {
                // An action that no parser knows, as in a damaged model, is in no set.
                let has = |action: u8| set.checked_shr(action.into()).is_some_and(|rest| rest & 1 == 1);
                scorer.mask(|number| moves.get(number).is_some_and(|one| has(one.0)))
            })
            .collect();
        Parser { scorer, moves, masks, labels, lifted, root }
    }

    /// Parses pieces of the tokens that the scorer was prepared for.
    pub(crate) fn run(
        &self,
        pieces: &[Range<usize>],
        scratch: &mut Scratch,
        is_space: impl Fn(usize) -> bool,
    ) -> Vec<Tree> {
        let mut trees = vec![Tree::default(); pieces.len()];
        let mut waiting = pieces.iter().enumerate();
        // Two pieces are parsed side by side: what the scorer reads for the one, it has for the other.
        let mut parsed: [Option<Piece>; 2] = [None, None];
        loop {
            for place in &mut parsed {
                while place.as_ref().is_none_or(Piece::is_done) {
                    if let Some(Piece { number, tokens, state, .. }) = place.take() {
                        trees[number] = self.tree(&state);
                        trees[number].lift(&self.lifted, |token| is_space(token + tokens.start));
                    }
                    let Some((number, tokens)) = waiting.next() else { break };
                    *place = Some(Piece::new(number, tokens.clone()));
                }
            }
            match &mut parsed {
                [Some(one), Some(other)] => self.step([one, other], scratch),
                [Some(one), None] | [None, Some(one)] => self.step([one], scratch),
                [None, None] => return trees,
            }
        }
    }

    /// Takes the next move in each of these pieces.
    fn step<const ROWS: usize>(&self, pieces: [&mut Piece; ROWS], scratch: &mut Scratch) {
        let mut focus = [[None; FOCUS]; ROWS];
        let mut allowed: [&[i32]; ROWS] = [&[]; ROWS];
        let mut pieces = pieces;
        for (row, piece) in pieces.iter_mut().enumerate() {
            let start = piece.tokens.start;
            focus[row] = piece.state.focus(|token| token.map(|token| token as usize + start));
            allowed[row] = &self.masks[piece.state.allowed()];
        }
        let best = self.scorer.best(focus, allowed, scratch);
        for (piece, best) in pieces.into_iter().zip(best) {
            piece.moves_left = best.map_or(0, |_| piece.moves_left - 1);
            if let Some(best) = best {
                let (action, label) = self.moves[best];
                piece.state.apply(action, label);
            }
        }
    }

    /// The tree of a piece that has been parsed.
    fn tree(&self, state: &State) -> Tree {
        let length = state.arcs.len();
        let mut tree = Tree { heads: (0..length).collect(), labels: vec![self.root; length] };
        for (token, &(head, label)) in state.arcs.iter().enumerate() {
            if head != NONE {
                tree.heads[token] = head as usize;
                tree.labels[token] = label;
            }
        }
        tree
    }
}

/// A piece that is being parsed.
struct Piece {
    number: usize,
    tokens: Range<usize>,
    state: State,
    moves_left: usize,
}

impl Piece {
    fn new(number: usize, tokens: Range<usize>) -> Piece {
        let moves_left = tokens.len() * MOVES_PER_TOKEN_MAX;
        Piece { number, state: State::new(tokens.len()), tokens, moves_left }
    }

    fn is_done(&self) -> bool {
        self.moves_left == 0 || self.state.is_final()
    }
}

const NONE: u32 = u32::MAX;

/// A half-parsed piece. Tokens are numbered within it.
struct State {
    length: u32,
    /// The first token that was never shifted.
    next: u32,
    stack: Vec<u32>,
    /// Tokens that were taken back from the stack, the next one last.
    returned: Vec<u32>,
    was_returned: Vec<bool>,
    sentence_starts: Vec<bool>,
    /// Head and label of each token.
    arcs: Vec<(u32, u32)>,
    left: Children,
    right: Children,
}

/// The last child of each token and what stood before it. A child that has got another head since stays in
/// the list and is passed over.
struct Children {
    last: Vec<u32>,
    links: Vec<(u32, u32)>,
}

impl Children {
    fn new(length: usize) -> Children {
        Children { last: vec![NONE; length], links: Vec::with_capacity(length) }
    }

    fn push(&mut self, head: u32, child: u32) {
        self.links.push((child, self.last[head as usize]));
        self.last[head as usize] = self.links.len() as u32 - 1;
    }

    fn last(&mut self, head: Option<u32>, arcs: &[(u32, u32)]) -> Option<u32> {
        let head = head?;
        while let Some(&(child, before)) = self.links.get(self.last[head as usize] as usize) {
            if arcs[child as usize].0 == head {
                return Some(child);
            }
            self.last[head as usize] = before;
        }
        None
    }
}

impl State {
    fn new(length: usize) -> State {
        State {
            length: length as u32,
            next: 0,
            stack: Vec::new(),
            returned: Vec::new(),
            was_returned: vec![false; length],
            sentence_starts: vec![false; length],
            arcs: vec![(NONE, NONE); length],
            left: Children::new(length),
            right: Children::new(length),
        }
    }

    fn buffer_len(&self) -> usize {
        (self.length - self.next) as usize + self.returned.len()
    }

    fn is_final(&self) -> bool {
        self.stack.is_empty() && self.buffer_len() == 0
    }

    fn buffer(&self, at: usize) -> Option<u32> {
        let back = self.returned.len();
        match at < back {
            true => Some(self.returned[back - 1 - at]),
            false => Some(self.next + (at - back) as u32).filter(|&token| token < self.length),
        }
    }

    fn stacked(&self, at: usize) -> Option<u32> {
        self.stack.len().checked_sub(at + 1).map(|at| self.stack[at])
    }

    /// The tokens in focus, as the scorer numbers them.
    fn focus(&mut self, scored: impl Fn(Option<u32>) -> Option<usize>) -> [Option<usize>; FOCUS] {
        let (buffer, stack) = (self.buffer(0), self.stacked(0));
        [
            scored(buffer),
            scored(self.buffer(1)),
            scored(stack),
            scored(self.stacked(1)),
            scored(self.stacked(2)),
            scored(self.left.last(buffer, &self.arcs)),
            scored(self.left.last(stack, &self.arcs)),
            scored(self.right.last(stack, &self.arcs)),
        ]
    }

    /// The actions that may be taken, as bits.
    fn allowed(&self) -> usize {
        let (depth, buffer_len) = (self.stack.len(), self.buffer_len());
        let begins = self.buffer(0).is_some_and(|token| self.sentence_starts[token as usize]);
        let was_returned = self.buffer(0).is_some_and(|token| self.was_returned[token as usize]);
        let shift = depth == 0 || buffer_len >= 2 && !begins && !was_returned;
        let arc = depth > 0 && buffer_len > 0 && !begins;
        let breaks = match (self.buffer(0), self.buffer(1)) {
            (Some(first), Some(second)) => second == first + 1 && !self.sentence_starts[second as usize],
            _ => false,
        };
        let bit = |allowed: bool, action: u8| usize::from(allowed) << action;
        bit(shift, SHIFT) | bit(depth > 0, REDUCE) | bit(arc, LEFT) | bit(arc, RIGHT) | bit(breaks, BREAK)
    }

    fn push(&mut self) {
        let token = self.returned.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        self.stack.push(token);
    }

    fn attach(&mut self, [head, child]: [u32; 2], label: u32) {
        self.arcs[child as usize] = (head, label);
        if head > child { &mut self.left } else { &mut self.right }.push(head, child);
    }

    /// Takes an action that [`State::allowed`] allows.
    fn apply(&mut self, action: u8, label: u32) {
        match (action, self.stacked(0), self.buffer(0)) {
            (SHIFT, _, Some(_)) => self.push(),
            (REDUCE, Some(top), _) => {
                self.stack.pop();
                if self.arcs[top as usize].0 == NONE && !self.stack.is_empty() {
                    self.was_returned[top as usize] = true;
                    self.returned.push(top);
                }
            }
            (LEFT, Some(top), Some(next)) => {
                self.attach([next, top], label);
                // The stack has changed, so that putting it back again cannot go on for ever.
                self.was_returned[next as usize] = false;
                self.stack.pop();
            }
            (RIGHT, Some(top), Some(next)) => {
                self.attach([top, next], label);
                self.push();
            }
            (BREAK, _, Some(next)) => self.sentence_starts[next as usize + 1] = true,
            _ => {}
        }
    }
}
