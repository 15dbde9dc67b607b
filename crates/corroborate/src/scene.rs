//! A story laid out for the rules that look for differences: statements, links, alignments, changes in reprints.

use std::collections::BTreeSet;

use model::{Alignment, Annotated, Evidence, Reprint};

use crate::align::{Aligned, Likely, Link, Unit};
use crate::change::Change;
use crate::saying::Sayings;

/// Which articles derive from each other.
pub(crate) struct Derived(BTreeSet<(usize, usize)>);

impl Derived {
    pub(crate) fn new(reprints: &[Reprint]) -> Derived {
        let both = |reprint: &Reprint| [(reprint.article, reprint.of), (reprint.of, reprint.article)];
        Derived(reprints.iter().flat_map(both).collect())
    }

    /// Whether neither of two articles reprints the other.
    pub(crate) fn independent(&self, one: usize, other: usize) -> bool {
        one != other && !self.0.contains(&(one, other))
    }
}

/// All that a rule may look at.
pub(crate) struct Scene<'a> {
    /// All articles that are compared; places point here.
    pub articles: &'a [Annotated],
    /// Those of this story.
    pub members: &'a [usize],
    /// Its statements.
    pub units: Vec<Unit<'a>>,
    /// Pairs of units that may say the same.
    pub links: Vec<Link>,
    /// Units of each alignment.
    pub groups: Vec<Vec<usize>>,
    /// Statements with their voices.
    pub alignments: Vec<Alignment>,
    /// What is quoted, and which of it is one utterance.
    pub sayings: Sayings<'a>,
    /// Word differences between articles of which one reprints the other.
    pub changes: Vec<Change<'a>>,
    likely: Likely,
    derived: Derived,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(
        (articles, members): (&'a [Annotated], &'a [usize]),
        reprints: &[Reprint],
    ) -> Scene<'a> {
        let units = crate::align::units(articles, members);
        let derived = Derived::new(reprints);
        let sayings = Sayings::new(articles, &units, &derived);
        let aligned = crate::align::align(articles, &units, &sayings);
        let changes = crate::change::changes(articles, reprints);
        let Aligned { links, likely, groups, alignments } = aligned;
        Scene { articles, members, units, links, groups, alignments, sayings, changes, likely, derived }
    }

    /// Adds what only one report attributes to somebody: a statement too, with a single voice. Called when stances
    /// have their targets, since no denial is a statement that denies itself.
    pub(crate) fn add_single_voices(&mut self) {
        let known: BTreeSet<usize> = self.groups.iter().flatten().copied().collect();
        for unit in (0..self.units.len()).filter(|unit| !known.contains(unit)) {
            let Some(alignment) = crate::align::single(self.articles, &self.units, unit) else { continue };
            self.alignments.push(Alignment { id: format!("a{}", self.alignments.len() + 1), ..alignment });
            self.groups.push(vec![unit]);
        }
    }

    /// That two units say the same, 0 to 1.
    pub(crate) fn likely(&self, one: usize, other: usize) -> f64 {
        self.likely.get(&(one.min(other), one.max(other))).copied().unwrap_or(0.0)
    }

    /// Whether neither of two articles reprints the other.
    pub(crate) fn independent(&self, one: usize, other: usize) -> bool {
        self.derived.independent(one, other)
    }

    /// A unit's article.
    pub(crate) fn article_of(&self, unit: usize) -> &'a Annotated {
        &self.articles[self.units[unit].place.article]
    }

    /// A unit's whole sentence as evidence.
    pub(crate) fn evidence(&self, unit: usize) -> Evidence {
        Evidence { article: self.units[unit].place.article, span: self.units[unit].statement.span }
    }

    /// The words at a place.
    pub(crate) fn words(&self, evidence: Evidence) -> &'a str {
        evidence.span.of(&self.articles[evidence.article].article.text)
    }

    /// How an article's publisher is called in a sentence.
    pub(crate) fn outlet(&self, article: usize) -> &'a str {
        crate::words::outlet_name(&self.articles[article].article)
    }

    /// The alignment in which two places are voices, else one in which the first is.
    pub(crate) fn alignment_of(&self, places: &[Evidence]) -> Option<usize> {
        let voiced = |alignment: &Alignment, place: &Evidence| {
            alignment.voices.iter().any(|voice| {
                voice.evidence.article == place.article && voice.evidence.span.overlaps(place.span)
            })
        };
        let count = |alignment: &Alignment| places.iter().filter(|place| voiced(alignment, place)).count();
        let counts: Vec<usize> = self.alignments.iter().map(count).collect();
        let most = counts.iter().copied().max().filter(|&most| most > 0)?;
        counts.iter().position(|&count| count == most)
    }
}
