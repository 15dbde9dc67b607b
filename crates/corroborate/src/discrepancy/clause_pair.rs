//! Clauses of independent articles that say the same but for one thing.

use model::{Clause, Evidence, WordKind};

use crate::align::{Matches, Unit, harmonic};
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
        if !scene.independent(a.place.article, b.place.article) {
            continue;
        }
        let matches = Matches::new(a, b);
        for x in &a.statement.clauses {
            for y in &b.statement.clauses {
                if same_predicate((a, x), (b, y)) {
                    let likeness = likeness(&matches, (a, x), (b, y));
                    found.push(ClausePair { units: [link.a, link.b], clauses: [x, y], likeness });
                }
            }
        }
    }
    found
}

fn same_predicate((a, x): (&Unit<'_>, &Clause), (b, y): (&Unit<'_>, &Clause)) -> bool {
    match (x.predicate, y.predicate) {
        (Some(i), Some(j)) => a.senses[i] == b.senses[j],
        _ => false,
    }
}

fn likeness(matches: &Matches, (a, x): (&Unit<'_>, &Clause), (b, y): (&Unit<'_>, &Clause)) -> f64 {
    let plain = |unit: &Unit<'_>, clause: &Clause| -> Vec<usize> {
        clause
            .words
            .iter()
            .copied()
            .filter(|&word| unit.statement.words[word].kind != WordKind::Number)
            .collect()
    };
    let (rows, columns) = (plain(a, x), plain(b, y));
    let share = |words: &[usize], unit: &Unit<'_>, best: &dyn Fn(usize) -> f32| {
        let all: f32 = words.iter().map(|&word| unit.local[word].max(0.0)).sum();
        words.iter().map(|&word| unit.local[word].max(0.0) * best(word)).sum::<f32>() / (all + 1e-9)
    };
    let left = share(&rows, a, &|i| columns.iter().map(|&j| matches.at(i, j)).fold(0.0, f32::max));
    let right = share(&columns, b, &|j| rows.iter().map(|&i| matches.at(i, j)).fold(0.0, f32::max));
    f64::from(harmonic(left, right))
}
