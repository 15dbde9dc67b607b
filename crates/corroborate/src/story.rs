//! Which articles are about one event.

use std::collections::BTreeMap;

use model::{Annotated, Reprint};

/// Groups of articles about one event, each in order of input, in order of their first.
pub fn stories(articles: &[Annotated]) -> Vec<Vec<usize>> {
    grouped(articles, &crate::reprint::reprints(articles))
}

pub(crate) fn grouped(articles: &[Annotated], _reprints: &[Reprint]) -> Vec<Vec<usize>> {
    vec![(0..articles.len()).collect()]
}

/// The article whose headline stands for a story: the first that has one.
pub(crate) fn lead(articles: &[Annotated], members: &[usize]) -> usize {
    members
        .iter()
        .copied()
        .find(|&article| articles[article].article.headline.is_some())
        .unwrap_or(members[0])
}
