//! What a reader wants to see of a story: differences of one kind, one outlet's reports, one speaker's statements.

use std::collections::{BTreeMap, BTreeSet};

use model::{Alignment, Discrepancy, Dossier, Stance, Story};

use crate::serve::Parameters;

/// Speakers that are offered.
const SPEAKERS_MAX: usize = 12;

/// What is wanted; all of it must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Id of a kind of difference.
    pub kind: Option<String>,
    /// Name of an outlet.
    pub outlet: Option<String>,
    /// Name of a speaker.
    pub speaker: Option<String>,
}

/// A row of choices.
pub struct Choices {
    /// What is chosen.
    pub title: &'static str,
    /// The choices.
    pub choices: Vec<Choice>,
}

/// One choice, as a link.
pub struct Choice {
    /// What it is called.
    pub name: String,
    /// How many there are.
    pub count: usize,
    /// Where it leads: to the story with this choice made, or taken back.
    pub path: String,
    /// Whether it is made.
    pub chosen: bool,
}

impl Filter {
    /// As the address says.
    pub fn of(parameters: &Parameters) -> Filter {
        let one = |name| parameters.one(name).map(str::to_owned);
        Filter { kind: one("kind"), outlet: one("outlet"), speaker: one("speaker") }
    }

    /// Whether nothing is left out.
    pub fn is_empty(&self) -> bool {
        *self == Filter::default()
    }

    fn path(&self, story: &str) -> String {
        let pairs = [("kind", &self.kind), ("outlet", &self.outlet), ("speaker", &self.speaker)];
        let pairs: Vec<String> = pairs
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", render::percent(value.as_deref()?))))
            .collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", render::story_path(story), pairs.join("&"))
    }

    /// The address of a story's page with the same filter, but for the number of the first statement on it.
    pub fn window_path(&self, story: &str) -> String {
        format!("{}{}from=", self.path(story), if self.is_empty() { "?" } else { "&" })
    }

    /// What a story offers to choose from.
    pub fn choices(&self, dossier: &Dossier) -> Vec<Choices> {
        let story = &dossier.stories[0];
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        story.discrepancies.iter().for_each(|found| *kinds.entry(found.kind).or_default() += 1);
        let mut outlets: BTreeMap<&str, usize> = BTreeMap::new();
        let named = story.articles.iter().filter_map(|&article| outlet(dossier, article));
        named.for_each(|outlet| *outlets.entry(outlet).or_default() += 1);
        let mut speakers: BTreeMap<&str, usize> = BTreeMap::new();
        let named = story.alignments.iter().filter_map(|alignment| alignment.speaker.as_deref());
        named.for_each(|speaker| *speakers.entry(speaker).or_default() += 1);
        let mut speakers: Vec<(&str, usize)> = speakers.into_iter().collect();
        speakers.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        speakers.truncate(SPEAKERS_MAX);
        let rows = [
            self.row(("Kind", |filter| &mut filter.kind), kinds.into_iter().collect(), &story.id),
            self.row(("Outlet", |filter| &mut filter.outlet), outlets.into_iter().collect(), &story.id),
            self.row(("Speaker", |filter| &mut filter.speaker), speakers, &story.id),
        ];
        rows.into_iter()
            .filter(|row| row.choices.len() > 1 || row.choices.iter().any(|choice| choice.chosen))
            .collect()
    }

    fn row(
        &self,
        (title, part): (&'static str, fn(&mut Filter) -> &mut Option<String>),
        counted: Vec<(&str, usize)>,
        story: &str,
    ) -> Choices {
        let choice = |(name, count): (&str, usize)| {
            let mut other = self.clone();
            let chosen = part(&mut other).as_deref() == Some(name);
            *part(&mut other) = if chosen { None } else { Some(name.to_owned()) };
            let shown = if title == "Kind" { render::telling::kind(name) } else { name.to_owned() };
            Choice { name: shown, count, path: other.path(story), chosen }
        };
        Choices { title, choices: counted.into_iter().map(choice).collect() }
    }

    /// What is left of the first story of a dossier.
    pub fn apply(&self, dossier: &Dossier) -> Story {
        let story = &dossier.stories[0];
        let by = |article: usize| {
            self.outlet.as_deref().is_none_or(|wanted| outlet(dossier, article) == Some(wanted))
        };
        let differ = |found: &&Discrepancy| {
            self.kind.as_deref().is_none_or(|kind| found.kind == kind)
                && found.sides.iter().any(|side| by(side.evidence.article))
                && self.speaker.as_deref().is_none_or(|speaker| {
                    let about = found.alignment.and_then(|index| story.alignments[index].speaker.as_deref());
                    let named = found.sides.iter().filter_map(|side| side.attributed_to.as_deref());
                    about.into_iter().chain(named).any(|name| name == speaker)
                })
        };
        let discrepancies: Vec<&Discrepancy> = story.discrepancies.iter().filter(differ).collect();
        let disputed: BTreeSet<usize> = discrepancies.iter().filter_map(|found| found.alignment).collect();
        let kept: Vec<usize> = (0..story.alignments.len())
            .filter(|&index| {
                let alignment = &story.alignments[index];
                (self.kind.is_none() || disputed.contains(&index))
                    && alignment.voices.iter().any(|voice| by(voice.evidence.article))
                    && (self.speaks(alignment) || self.answers(story, index))
            })
            .collect();
        let place = |index: Option<usize>| index.and_then(|index| kept.binary_search(&index).ok());
        let all = self.kind.is_none() && self.speaker.is_none();
        let moments = story.timeline.iter().filter(|moment| all && by(moment.evidence.article));
        Story {
            id: story.id.clone(),
            lead: story.lead,
            articles: story.articles.iter().copied().filter(|&article| all && by(article)).collect(),
            reprints: story
                .reprints
                .iter()
                .filter(|reprint| all && (by(reprint.article) || by(reprint.of)))
                .cloned()
                .collect(),
            alignments: kept.iter().map(|&index| story.alignments[index].clone()).collect(),
            discrepancies: discrepancies
                .into_iter()
                .map(|found| Discrepancy { alignment: place(found.alignment), ..found.clone() })
                .collect(),
            stances: story
                .stances
                .iter()
                .filter(|stance| place(stance.alignment).is_some())
                .map(|stance| Stance { alignment: place(stance.alignment), ..stance.clone() })
                .collect(),
            timeline: moments.cloned().collect(),
        }
    }

    fn speaks(&self, alignment: &Alignment) -> bool {
        self.speaker.as_deref().is_none_or(|speaker| {
            alignment.speaker.as_deref() == Some(speaker)
                || alignment.voices.iter().any(|voice| voice.attributed_to.as_deref() == Some(speaker))
        })
    }

    fn answers(&self, story: &Story, alignment: usize) -> bool {
        let mut stances = story.stances.iter().filter(|stance| stance.alignment == Some(alignment));
        self.speaker.as_deref().is_some_and(|speaker| stances.any(|stance| stance.by == speaker))
    }
}

fn outlet(dossier: &Dossier, article: usize) -> Option<&str> {
    dossier.articles[article].article.outlet.as_deref()
}
