//! Clauses of independent articles that say the same but for one thing.

use model::{Clause, Evidence};

use crate::align::clause_matches;
use crate::scene::Scene;

/// Two clauses of linked sentences.
pub(super) struct ClausePair<'a> {
    pub units: [usize; 2],
    pub clauses: [&'a Clause; 2],
    /// How much of each clause stands in the other, 0 to 1.
    pub likeness: f64,
}

impl ClausePair<'_> {
    pub(super) fn evidence(&self, scene: &Scene<'_>) -> [Evidence; 2] {
        [0, 1].map(|side| Evidence {
            article: scene.units[self.units[side]].place.article,
            span: self.clauses[side].span,
        })
    }
}

/// Clauses with the same predicate in linked sentences of independent articles.
pub(super) fn clause_pairs<'a>(scene: &Scene<'a>, likely_min: f64) -> Vec<ClausePair<'a>> {
    let mut found = Vec::new();
    for link in scene.links.iter().filter(|link| link.probability >= likely_min) {
        let (a, b) = (&scene.units[link.a], &scene.units[link.b]);
        if scene.independent(a.place.article, b.place.article) {
            found.extend(clause_matches(a, b).into_iter().map(|same| ClausePair {
                units: [link.a, link.b],
                clauses: [same.left, same.right],
                likeness: same.likeness,
            }));
        }
    }
    found
}
