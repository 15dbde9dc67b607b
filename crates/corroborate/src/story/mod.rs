//! Which articles are about one event: an index bounded in time that takes each article once, in any order.
//!
//! Two articles are linked when they are of the same weeks and a logistic over their [`Sketch`]es says that they tell of
//! one event. Linked articles form components, and each component is clustered by itself, by average link; then what is
//! left of one or two articles goes to the story to which some of its links are strong. All of that depends on the set of articles alone: whatever the order of arrival, the same articles give the same stories. A new
//! article touches its component only.

mod calendar;
mod cluster;
mod fragment;
mod graph;
mod index;
mod likeness;
mod sketch;
mod weights;

use std::collections::{BTreeMap, BTreeSet};

use model::Annotated;

pub use likeness::{STORY_FEATURES, story_features};
pub use sketch::{Sketch, SketchWord};

use graph::Graph;

/// Days between two articles beyond which nothing links them directly: a story may run on from one to the next.
pub const WINDOW_DAYS: i32 = 90;

/// Stories while articles come in.
///
/// Memory is bounded by the articles of the window, when [`Stories::forget_before`] is called as time goes on.
#[derive(Debug, Default)]
pub struct Stories {
    graph: Graph,
    /// Story of each article.
    story_of: BTreeMap<u64, String>,
    /// Articles of each story.
    articles_of: BTreeMap<String, BTreeSet<u64>>,
}

/// Articles about one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Made of the day and digest of the story's first article, so that it is the same in every run.
    pub id: String,
    /// Their numbers, ascending.
    pub articles: Vec<u64>,
    /// Stories in which some of these articles stood before this change, other than this one: it took them over, or
    /// split from them.
    pub from: Vec<String>,
}

/// What a change did to the stories: no id changes silently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Stories that are new or have other articles than before, by id.
    pub groups: Vec<Group>,
    /// Ids that no longer stand; the stories that hold their articles now name them in [`Group::from`].
    pub gone: Vec<String>,
}

impl Stories {
    /// Files an article under a number of the caller's. An article that is known already is left as it is.
    pub fn add(&mut self, article: u64, sketch: Sketch) -> Changed {
        self.extend([(article, sketch)])
    }

    /// Files several articles and settles their stories once: the same outcome as one by one, for less.
    pub fn extend(&mut self, articles: impl IntoIterator<Item = (u64, Sketch)>) -> Changed {
        let mut touched = BTreeSet::new();
        for (article, sketch) in articles {
            self.graph.add(article, sketch, &mut touched);
        }
        self.settle(touched)
    }

    /// Takes an article out again.
    pub fn remove(&mut self, article: u64) -> Changed {
        let mut left = self.graph.clustered_with(article);
        left.remove(&article);
        self.graph.remove(article);
        let mut changed = Changed::default();
        let before = self.story_of.remove(&article);
        if let Some(id) = before {
            let members = self.articles_of.get_mut(&id).expect("each article's story has its articles");
            members.remove(&article);
            if members.is_empty() {
                self.articles_of.remove(&id);
                changed.gone.push(id);
            }
        }
        let settled = self.settle(left);
        changed.groups = settled.groups;
        changed.gone.extend(settled.gone);
        changed.gone.sort();
        changed
    }

    /// All stories, by id.
    pub fn groups(&self) -> Vec<Group> {
        self.articles_of
            .iter()
            .map(|(id, articles)| Group {
                id: id.clone(),
                articles: articles.iter().copied().collect(),
                from: Vec::new(),
            })
            .collect()
    }

    /// The story of an article; `None` where it is not known, or forgotten.
    pub fn story_of(&self, article: u64) -> Option<&str> {
        self.story_of.get(&article).map(String::as_str)
    }

    /// Forgets the stories whose last article is older than a day (see [`Sketch::day`]), and returns their ids. Nothing
    /// else changes by that: a story that goes on is kept whole. Articles without a day are never forgotten; give them
    /// the day on which they were captured.
    pub fn forget_before(&mut self, day: i32) -> Vec<String> {
        let old: Vec<String> = self
            .graph
            .stale(day)
            .into_iter()
            .filter_map(|article| self.story_of.get(&article).cloned())
            .collect::<BTreeSet<String>>()
            .into_iter()
            .filter(|id| self.articles_of[id].iter().all(|&article| self.graph.is_before(article, day)))
            .collect();
        for id in &old {
            for article in self.articles_of.remove(id).into_iter().flatten() {
                self.story_of.remove(&article);
                self.graph.remove(article);
            }
        }
        old
    }

    /// The first and the last day of all articles that are clustered together with some; days beyond all where one of
    /// them has no date. `None` where they are not known.
    pub fn reach(&self, mut articles: impl Iterator<Item = u64>) -> Option<[i32; 2]> {
        self.graph.reach(&mut articles)
    }

    /// Number of articles that are kept.
    pub fn len(&self) -> usize {
        self.story_of.len()
    }

    /// Whether no article is kept.
    pub fn is_empty(&self) -> bool {
        self.story_of.is_empty()
    }

    /// Clusters the components of touched articles again and tells what that changed.
    fn settle(&mut self, touched: BTreeSet<u64>) -> Changed {
        let groups = self.graph.regrouped(&touched);
        let members: BTreeSet<u64> = groups.iter().flat_map(|group| group.articles.iter().copied()).collect();
        let mut before: BTreeMap<u64, String> = BTreeMap::new();
        let mut old: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        for &article in &members {
            let Some(id) = self.story_of.remove(&article) else { continue };
            if let Some(articles) = self.articles_of.remove(&id) {
                old.insert(id.clone(), articles);
            }
            before.insert(article, id);
        }
        let mut changed = Changed::default();
        for group in groups {
            let id = self.free_id(group.id);
            let articles: BTreeSet<u64> = group.articles.iter().copied().collect();
            for &article in &articles {
                self.story_of.insert(article, id.clone());
            }
            if old.get(&id) != Some(&articles) {
                let from: BTreeSet<&String> = articles
                    .iter()
                    .filter_map(|article| before.get(article))
                    .filter(|&other| *other != id)
                    .collect();
                changed.groups.push(Group {
                    id: id.clone(),
                    articles: group.articles,
                    from: from.into_iter().cloned().collect(),
                });
            }
            self.articles_of.insert(id, articles);
        }
        changed.gone = old.into_keys().filter(|id| !self.articles_of.contains_key(id)).collect();
        changed.groups.sort_by(|x, y| x.id.cmp(&y.id));
        changed
    }

    /// The id itself, or with a number where another story has it: two stories may begin with the same text on one day
    /// when the user has split them.
    fn free_id(&self, id: String) -> String {
        if !self.articles_of.contains_key(&id) {
            return id;
        }
        let mut number = 2;
        while self.articles_of.contains_key(&format!("{id}-{number}")) {
            number += 1;
        }
        format!("{id}-{number}")
    }
}

/// The stories of a whole collection, the largest first, then by first article; an article's number is its place.
pub fn stories(articles: &[Annotated]) -> Vec<Group> {
    let mut stories = Stories::default();
    stories.extend(articles.iter().enumerate().map(|(number, article)| (number as u64, Sketch::of(article))));
    let mut groups = stories.groups();
    groups.sort_by(|x, y| y.articles.len().cmp(&x.articles.len()).then_with(|| x.articles.cmp(&y.articles)));
    groups
}

/// The article whose headline stands for a story: the first that has one.
pub(crate) fn lead(articles: &[Annotated], members: &[usize]) -> usize {
    members
        .iter()
        .copied()
        .find(|&article| articles[article].article.headline.is_some())
        .unwrap_or(members[0])
}

#[cfg(test)]
mod tests;
