//! Everything that looks at more than one article: reprints, stories, alignments, findings.
//!
//! Sees annotated articles only: it parses no text and names no language.

mod align;
mod change;
mod copies;
mod count;
mod diff;
mod discrepancy;
mod event;
mod merge;
mod overrule;
mod reprint;
mod revision;
mod saying;
mod scene;
mod speaker;
mod stance;
mod story;
mod timeline;
mod words;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use model::{Annotated, Reprint, Story};

pub use align::{FEATURES, Measured, measure};
pub use copies::Copies;
pub use discrepancy::{KINDS, Kind};
pub use event::{Before, events};
pub use overrule::{is_named, overrule, regroup};
pub use reprint::reprints;
pub use revision::revisions;
pub use story::{
    Changed, Group, STORY_FEATURES, Sketch, SketchWord, Stories, WINDOW_DAYS, stories, story_features,
};

/// What the user may set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareOptions {
    /// Independent reports that it takes to call a statement corroborated; newsrooms ask for two.
    pub reports_min: usize,
}

/// Groups articles into stories and says for each what its articles share and where they differ.
///
/// Largest story first, then by its first article. The same articles give the same stories.
pub fn compare(articles: &[Annotated], options: &CompareOptions) -> Vec<Story> {
    compare_groups(articles, &stories(articles), options)
}

/// One story that these articles are known to tell; its id is left empty.
///
/// # Panics
/// When there is no article.
pub fn compare_one(articles: &[Annotated], options: &CompareOptions) -> Story {
    let members: Vec<usize> = (0..articles.len()).collect();
    compare_story((articles, &members), &reprints(articles), options)
}

/// Groups that are known: says for each what its articles share and where they differ. In the order of the groups.
pub fn compare_groups(articles: &[Annotated], groups: &[Group], options: &CompareOptions) -> Vec<Story> {
    let reprints = reprints(articles);
    groups
        .iter()
        .map(|group| {
            let members: Vec<usize> = group.articles.iter().map(|&article| article as usize).collect();
            Story { id: group.id.clone(), ..compare_story((articles, &members), &reprints, options) }
        })
        .collect()
}

/// One story but for its id.
fn compare_story(
    (articles, members): (&[Annotated], &[usize]),
    reprints: &[Reprint],
    options: &CompareOptions,
) -> Story {
    let reprints: Vec<Reprint> = reprints
        .iter()
        .filter(|reprint| members.contains(&reprint.article) && members.contains(&reprint.of))
        .cloned()
        .collect();
    let mut scene = scene::Scene::new((articles, members), &reprints);
    let discrepancies = discrepancy::discrepancies(&scene);
    let stances = stance::stances(&scene, &discrepancies);
    scene.add_single_voices();
    count::count(&mut scene, (&discrepancies, &stances), (&reprints, options));
    Story {
        id: String::new(),
        lead: story::lead(articles, members),
        articles: members.to_vec(),
        timeline: timeline::timeline(articles, members),
        reprints,
        alignments: scene.alignments,
        discrepancies,
        stances,
    }
}
