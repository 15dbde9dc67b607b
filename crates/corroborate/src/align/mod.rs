//! The same statement in several articles: pairs, groups, and each article's wording.

mod clause;
mod features;
mod group;
mod likeness;
mod pair;
mod part;
mod unit;
mod voice;
mod weights;

use std::collections::{BTreeMap, BTreeSet};

use model::{Alignment, Annotated, Counts, Span, Status, Voice};

pub(crate) use clause::clause_matches;
pub use features::FEATURES;
pub(crate) use features::harmonic;
pub(crate) use likeness::{Matches, dot, same_beginning};
pub(crate) use pair::Link;
pub(crate) use unit::{Unit, units};
pub(crate) use voice::speaker;

use crate::saying::Sayings;
use features::Features;
use group::Least;
use pair::{Search, Take};
use part::{Parts, Row};

/// How likely two sentences must be to say the same.
const SENTENCES_LEAST: Least = Least { start: 0.36, pair: 0.45 };
/// That two sentences which quote one utterance say the same, whatever else they say.
const UTTERANCE_PROBABILITY: f64 = 0.9;
/// Links less likely than this are forgotten.
const KEPT_MIN: f64 = 0.1;

/// How likely two units say the same, the lower number first; pairs that are not in it do not.
pub(crate) type Likely = BTreeMap<(usize, usize), f64>;

/// Alignments with the units that each is made of.
pub(crate) struct Aligned {
    pub links: Vec<Link>,
    pub likely: Likely,
    /// Units of each alignment, in the same order.
    pub groups: Vec<Vec<usize>>,
    pub alignments: Vec<Alignment>,
}

/// Aligns the statements of a story; most voices first. Counts and status are filled in later, when it is known
/// what differs.
pub(crate) fn align(articles: &[Annotated], units: &[Unit<'_>], sayings: &Sayings<'_>) -> Aligned {
    let mut links = Vec::new();
    let mut quoting: BTreeSet<(usize, usize)> = sayings.statements().collect();
    sentence_links(units, &mut |mut link, _| {
        if quoting.remove(&(link.a, link.b)) {
            link.probability = link.probability.max(UTTERANCE_PROBABILITY);
        }
        if link.probability >= KEPT_MIN {
            links.push(link);
        }
    });
    // Those that the search by words and vectors left out.
    let probability = UTTERANCE_PROBABILITY;
    links.extend(quoting.into_iter().map(|(a, b)| Link { a, b, probability, twin: false }));
    let article_of: Vec<usize> = units.iter().map(|unit| unit.place.article).collect();
    let likely: Likely = links.iter().map(|link| ((link.a, link.b), link.probability)).collect();
    let groups = group::groups(&article_of, (&links, &likely), &SENTENCES_LEAST);
    let mut rows = Parts::new(units).rows(units, (&links, &groups));
    rows.extend(groups.into_iter().map(|group| {
        let spans = voice::places(articles, units, &group);
        Row { units: group, spans }
    }));
    let breadth =
        |row: &Row| row.units.iter().map(|&unit| article_of[unit]).collect::<BTreeSet<usize>>().len();
    rows.sort_by(|x, y| {
        breadth(y).cmp(&breadth(x)).then_with(|| (&x.units, &x.spans).cmp(&(&y.units, &y.spans)))
    });
    let alignments = rows
        .iter()
        .enumerate()
        .map(|(number, row)| {
            let place = |(&unit, &span): (&usize, &Span)| voice::voice(articles, &units[unit], span);
            let voices = row.units.iter().zip(&row.spans).map(place).collect();
            let lead = voice::lead(units, &likely, &row.units);
            Alignment { id: format!("a{}", number + 1), ..uncounted(voices, lead) }
        })
        .collect();
    let groups = rows.into_iter().map(|row| row.units).collect();
    Aligned { links, likely, groups, alignments }
}

/// Pairs of sentences that may say the same.
fn sentence_links(units: &[Unit<'_>], take: Take<'_>) {
    let likely = |features: &_, _| weights::SENTENCES.probability(features, 0.0);
    pair::links(units, Search::WordsAndVectors, (&likely, take));
}

/// An alignment whose counts and status are not known yet.
fn uncounted(voices: Vec<Voice>, lead: usize) -> Alignment {
    Alignment {
        id: String::new(),
        gist: voices[lead].evidence,
        speaker: voice::common_speaker(&voices),
        status: Status::Unattributed,
        counts: Counts { outlets: 0, reports: 0, sources: 0 },
        merges: Vec::new(),
        voices,
    }
}

/// A statement that one report alone attributes to somebody; `None` for what no source is named for.
pub(crate) fn single(articles: &[Annotated], units: &[Unit<'_>], unit: usize) -> Option<Alignment> {
    let whole = voice::voice(articles, &units[unit], units[unit].statement.span);
    let alignment = uncounted(vec![whole], 0);
    alignment.voices[0].attributed_to.is_some().then_some(alignment)
}

/// A pair of statements with what was measured on it, for the trainer of the weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Places in the two articles.
    pub evidence: [model::Evidence; 2],
    /// Values of [`FEATURES`].
    pub features: Vec<f64>,
    /// Whether the two are nearly word for word the same.
    pub twin: bool,
    /// What the present weights say, 0 to 1.
    pub probability: f64,
    /// Sentences that the two stand in, where they are parts of sentences.
    pub sentences: Option<[model::Evidence; 2]>,
}

/// Measures every pair of statements that may say the same in these articles of one story: first the sentences, then
/// their parts.
pub fn measure(articles: &[Annotated]) -> Vec<Measured> {
    let members: Vec<usize> = (0..articles.len()).collect();
    let units = units(articles, &members);
    let parts = Parts::new(&units);
    let ready = parts.ready(&units);
    let evidence = |unit: &Unit<'_>| model::Evidence {
        article: unit.place.article,
        span: articles[unit.place.article].statements[unit.place.statement].span,
    };
    let measured = |units: &[Unit<'_>], (link, features): (Link, &Features), is_part: bool| {
        let pair = [&units[link.a], &units[link.b]];
        Measured {
            evidence: pair
                .map(|unit| model::Evidence { article: unit.place.article, span: unit.statement.span }),
            features: features.to_vec(),
            twin: link.twin,
            probability: link.probability,
            sentences: is_part.then(|| pair.map(evidence)),
        }
    };
    let mut pairs = Vec::new();
    sentence_links(&units, &mut |link, features| pairs.push(measured(&units, (link, features), false)));
    parts.links(&ready, &mut |link, features| pairs.push(measured(&ready, (link, features), true)));
    pairs
}
