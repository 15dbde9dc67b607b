//! The same statement in several articles: pairs, groups, and each article's wording.

mod clause;
mod features;
mod group;
mod pair;
mod unit;
mod voice;
mod weights;

use std::collections::{BTreeMap, BTreeSet};

use model::{Alignment, Annotated, Counts, Status, Voice};

pub(crate) use clause::clause_matches;
pub use features::FEATURES;
pub(crate) use features::harmonic;
pub(crate) use pair::Link;
pub(crate) use unit::{Matches, Unit, dot, same_beginning, units};
pub(crate) use voice::speaker;

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
pub(crate) fn align(articles: &[Annotated], units: &[Unit<'_>]) -> Aligned {
    let mut links = pair::links(units);
    links.retain(|link| link.probability >= KEPT_MIN);
    let article_of: Vec<usize> = units.iter().map(|unit| unit.place.article).collect();
    let likely: Likely = links.iter().map(|link| ((link.a, link.b), link.probability)).collect();
    let mut groups = group::groups(&article_of, &links, &likely);
    groups.extend(clause_rows(units, &links, &groups));
    let breadth =
        |group: &[usize]| group.iter().map(|&unit| article_of[unit]).collect::<BTreeSet<usize>>().len();
    groups.sort_by(|x, y| breadth(y).cmp(&breadth(x)).then_with(|| x.cmp(y)));
    let alignments = groups
        .iter()
        .enumerate()
        .map(|(number, group)| {
            let voices = voice::voices(articles, units, group);
            let lead = voice::lead(units, &likely, group);
            Alignment { id: format!("a{}", number + 1), ..uncounted(voices, lead) }
        })
        .collect();
    Aligned { links, likely, groups, alignments }
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
    let voices = voice::voices(articles, units, &[unit]);
    let alignment = uncounted(voices, 0);
    alignment.voices[0].attributed_to.is_some().then_some(alignment)
}

/// Pairs of sentences that say different things as wholes but share a clause: a sentence may carry two statements.
fn clause_rows(units: &[Unit<'_>], links: &[Link], groups: &[Vec<usize>]) -> Vec<Vec<usize>> {
    /// Clauses that share less say something else.
    const LIKENESS_MIN: f64 = 0.9;
    /// Weight in the story below which a clause says too little to be told from others.
    const MASS_MIN: f32 = 4.0;
    let together: BTreeSet<(usize, usize)> = groups
        .iter()
        .flat_map(|group| group.iter().flat_map(|&x| group.iter().map(move |&y| (x, y))))
        .collect();
    let shares_clause = |link: &&Link| {
        clause_matches(&units[link.a], &units[link.b]).iter().any(|same| {
            same.likeness >= LIKENESS_MIN && same.mass >= MASS_MIN && same.left.negated == same.right.negated
        })
    };
    let apart = links.iter().filter(|link| !together.contains(&(link.a, link.b)));
    apart.filter(shares_clause).map(|link| vec![link.a, link.b]).collect()
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
}

/// Measures every pair of statements that may say the same in these articles of one story.
pub fn measure(articles: &[Annotated]) -> Vec<Measured> {
    let members: Vec<usize> = (0..articles.len()).collect();
    let units = units(articles, &members);
    let evidence = |unit: usize| model::Evidence {
        article: units[unit].place.article,
        span: units[unit].statement.span,
    };
    pair::links(&units)
        .iter()
        .map(|link| Measured {
            evidence: [evidence(link.a), evidence(link.b)],
            features: link.features.to_vec(),
            twin: link.twin,
            probability: link.probability,
        })
        .collect()
}
