//! Parts of sentences that say the same though the sentences do not: a long sentence carries several statements.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use model::{Clause, Span, Statement};

use super::group::{Least, groups};
use super::pair::{Link, Search, Take, links};
use super::unit::{Unit, ready};
use super::{Likely, weights};

/// How likely two parts must be to say the same. More is asked than of sentences: they have fewer words to differ in.
const LEAST: Least = Least { start: 0.46, pair: 0.46 };
/// Parts of a story up to which they are looked for by vectors, too: some ten reports. Each is compared with each, which
/// took a third of the time in large stories.
const VECTOR_SEARCH_MAX: usize = 640;
/// A clause with fewer content words of its own says too little to be told from others.
const WORDS_MIN: usize = 3;

/// Parts of several articles' sentences that say the same.
pub(super) struct Row {
    /// Numbers of the sentences among the units.
    pub units: Vec<usize>,
    /// The part of each.
    pub spans: Vec<Span>,
}

/// Clauses by themselves, and sentences that have but one.
pub(super) struct Parts<'a> {
    /// Number of the sentence that each stands in, and what it says.
    parts: Vec<(usize, Cow<'a, Statement>)>,
}

impl<'a> Parts<'a> {
    /// The parts of all sentences, in order.
    pub(super) fn new(units: &[Unit<'a>]) -> Parts<'a> {
        let mut parts = Vec::new();
        for (number, unit) in units.iter().enumerate() {
            let statement = unit.statement;
            let clauses = &statement.clauses;
            let full = || clauses.iter().filter(|clause| clause.words.len() >= WORDS_MIN);
            // "The mayor said that" has no words: what is said under it stands by itself.
            let is_framed = clauses.iter().any(|clause| clause.words.is_empty());
            if full().count() > usize::from(!is_framed) {
                parts.extend(full().map(|clause| (number, Cow::Owned(part(statement, clause)))));
            } else {
                parts.push((number, Cow::Borrowed(statement)));
            }
        }
        Parts { parts }
    }

    /// The parts made ready to be compared, in the same order.
    pub(super) fn ready(&self, units: &[Unit<'_>]) -> Vec<Unit<'_>> {
        let likenesses = units.first().map(|unit| Rc::clone(&unit.likenesses)).unwrap_or_default();
        let parts = self.parts.iter();
        let parts = parts.map(|(of, statement)| (units[*of].place, &**statement, units[*of].headline));
        ready(parts, &likenesses)
    }

    /// Pairs of parts that may say the same: looked for by the words that they share, and where there are few by vectors,
    /// too, which finds one pair in three hundred more.
    pub(super) fn links(&self, ready: &[Unit<'_>], take: Take<'_>) {
        let whole = |part: usize| matches!(self.parts[part].1, Cow::Borrowed(_));
        let likely = |features: &_, pair: [usize; 2]| {
            weights::PARTS.probability(features, pair.iter().filter(|&&part| whole(part)).count() as f64)
        };
        let search = if ready.len() <= VECTOR_SEARCH_MAX { Search::WordsAndVectors } else { Search::Words };
        links(ready, search, (&likely, take));
    }

    /// What parts say together beyond the groups of their sentences. A sentence that has its twin in another article is
    /// compared with nothing else there, nor are its parts.
    pub(super) fn rows(&self, units: &[Unit<'_>], (links, known): (&[Link], &[Vec<usize>])) -> Vec<Row> {
        let article = |unit: usize| units[unit].place.article;
        let twins: BTreeSet<(usize, usize)> = links
            .iter()
            .filter(|link| link.twin)
            .flat_map(|link| [(link.a, article(link.b)), (link.b, article(link.a))])
            .collect();
        let together: BTreeSet<(usize, usize)> = known
            .iter()
            .flat_map(|group| group.iter().flat_map(|&x| group.iter().map(move |&y| (x, y))))
            .collect();
        let ready = self.ready(units);
        let of = |part: usize| self.parts[part].0;
        // All of them are weighed when rows are joined: what copies say in the same words belongs to one row.
        let (mut all, mut links) = (Vec::new(), Vec::new());
        self.links(&ready, &mut |link, _| {
            all.push(((link.a, link.b), link.probability));
            let (a, b) = (of(link.a), of(link.b));
            let is_ruled_out = || twins.contains(&(a, article(b))) || twins.contains(&(b, article(a)));
            if link.probability >= LEAST.start && !is_ruled_out() && !together.contains(&(a, b)) {
                links.push(link);
            }
        });
        let likely: Likely = all.into_iter().collect();
        let article_of: Vec<usize> = ready.iter().map(|part| part.place.article).collect();
        let row = |group: Vec<usize>| Row {
            units: group.iter().map(|&part| of(part)).collect(),
            spans: group.iter().map(|&part| ready[part].statement.span).collect(),
        };
        groups(&article_of, (&links, &likely), &LEAST).into_iter().map(row).collect()
    }
}

/// A clause as a statement of its own, without the clauses below it. What only concerns whole sentences is left out.
fn part(statement: &Statement, clause: &Clause) -> Statement {
    let words: Vec<_> = clause.words.iter().map(|&word| statement.words[word].clone()).collect();
    let span = words.iter().map(|word| word.span).reduce(Span::hull).unwrap_or(clause.span);
    let stream = statement.stream.iter().filter(|token| span.contains(token.span)).cloned().collect();
    Statement {
        span,
        sentence: statement.sentence,
        clauses: Vec::new(),
        vector: mean(&words),
        words,
        stream,
        quotations: Vec::new(),
        figures: Vec::new(),
        slots: Vec::new(),
        times: Vec::new(),
        negation_count: usize::from(clause.negated),
        hedges: Vec::new(),
        certainty: clause.certainty,
        stances: Vec::new(),
    }
}

/// Mean direction of words' vectors, the rarer ones counting for more.
fn mean(words: &[model::Word]) -> Vec<f32> {
    let mut sum: Vec<f32> = Vec::new();
    for word in words {
        sum.resize(sum.len().max(word.vector.len()), 0.0);
        for (total, value) in sum.iter_mut().zip(word.vector.iter()) {
            *total += value * word.weight;
        }
    }
    let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length <= f32::EPSILON {
        return Vec::new();
    }
    sum.iter_mut().for_each(|value| *value /= length);
    sum
}
