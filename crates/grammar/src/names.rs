//! Named entities: each token begins, continues, ends or is one, or lies outside.

use crate::product::Arithmetic;
use crate::scorer::{Expected, Scorer, Scratch};
use crate::weights::Transitions;

const BEGIN: u8 = 1;
const IN: u8 = 2;
const LAST: u8 = 3;
const UNIT: u8 = 4;
const OUT: u8 = 5;

/// Tokens in focus: the next one, the first of the open entity, the one before.
pub(crate) const FOCUS: usize = 3;

/// A trained recogniser of names.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) scorer: Scorer,
    /// Action and label of each move; label 0 is none.
    moves: Vec<(u8, usize)>,
    /// Masks while no entity is open, by [`Place`].
    closed: Vec<Vec<i32>>,
    /// Masks while one is open, by its label and whether it may go on.
    open: Vec<[Vec<i32>; 2]>,
    pub(crate) labels: Vec<String>,
}

/// An entity in a piece: its tokens and its label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entity {
    pub(crate) tokens: std::ops::Range<usize>,
    pub(crate) label: usize,
}

/// What the rules ask of a token beside its scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) is_space: bool,
    /// Whether an entity may reach beyond this token: not at the end of the piece or of a sentence.
    pub(crate) may_go_on: bool,
}

impl Names {
    /// `sizes` says how great the numbers of a vector in context are, about.
    pub(crate) fn new(weights: &Transitions, sizes: &[f32], arithmetic: Arithmetic) -> Names {
        // Only while an entity is open is another token in focus than the next one.
        let scorer = Scorer::new(weights, Expected { sizes, common_places: 1 }, arithmetic);
        let mut labels = vec![String::new()];
        let mut number = |label: &str| match labels.iter().position(|known| known == label) {
            Some(at) => at,
            None => {
                labels.push(label.to_string());
                labels.len() - 1
            }
        };
        let moves: Vec<(u8, usize)> =
            weights.moves.iter().map(|one| (one.action, number(&one.label))).collect();
        let masked = |allowed: &dyn Fn(u8, usize) -> bool| {
            scorer.mask(|number| moves.get(number).is_some_and(|one| allowed(one.0, one.1)))
        };
        let closed = (0..4)
            .map(|bits| {
                let place = Place { is_space: bits & 1 == 1, may_go_on: bits & 2 == 2 };
                masked(&|action, label| match action {
                    BEGIN => label != 0 && place.may_go_on && !place.is_space,
                    UNIT => label != 0 && !place.is_space,
                    OUT => true,
                    _ => false,
                })
            })
            .collect();
        let open = (0..labels.len())
            .map(|open| {
                [false, true].map(|may_go_on| {
                    masked(&|action, label| {
                        label != 0 && label == open && (action == LAST || action == IN && may_go_on)
                    })
                })
            })
            .collect();
        Names { scorer, moves, closed, open, labels }
    }

    /// Finds the entities among the tokens from `first` on of those the scorer was prepared for.
    pub(crate) fn run(&self, first: usize, places: &[Place], scratch: &mut Scratch) -> Vec<Entity> {
        let mut entities = Vec::new();
        let mut open: Option<Entity> = None;
        for (token, place) in places.iter().enumerate() {
            let mask = match &open {
                None => &self.closed[usize::from(place.is_space) | usize::from(place.may_go_on) << 1],
                Some(entity) => &self.open[entity.label][usize::from(place.may_go_on)],
            };
            let start = open.as_ref().map(|entity| first + entity.tokens.start);
            let here = first + token;
            // An entity is open only behind its first token.
            let focus = [Some(here), start, start.map(|_| here - 1)];
            let [Some(best)] = self.scorer.best([focus], [mask], scratch) else { break };
            let (action, label) = self.moves[best];
            match action {
                BEGIN => open = Some(Entity { tokens: token..token, label }),
                UNIT => entities.push(Entity { tokens: token..token + 1, label }),
                LAST => entities.extend(open.take().map(|mut entity| {
                    entity.tokens.end = token + 1;
                    entity
                })),
                _ => {}
            }
        }
        entities
    }
}
