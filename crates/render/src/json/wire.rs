//! The outermost shapes of the contract's JSON.

use model::Skipped;
use serde::Serialize;

use super::article;
use super::{SCHEMA, finding};
use crate::RenderOptions;

#[derive(Serialize)]
pub(super) struct Dossier<'a> {
    schema: u32,
    rashomon: &'a str,
    inputs: Vec<InputJson<'a>>,
    articles: Vec<article::ArticleJson<'a>>,
    stories: Vec<finding::StoryJson<'a>>,
    skipped: Vec<SkippedJson<'a>>,
}

#[derive(Serialize)]
struct InputJson<'a> {
    input: &'a str,
    sha256: &'a str,
    articles: usize,
}

#[derive(Serialize)]
struct SkippedJson<'a> {
    input: &'a str,
    reason: &'a str,
}

impl<'a> Dossier<'a> {
    pub(super) fn new(dossier: &'a model::Dossier, options: &RenderOptions) -> Dossier<'a> {
        let input =
            |i: &'a model::Input| InputJson { input: &i.name, sha256: &i.sha256, articles: i.article_count };
        let skipped = |s: &'a Skipped| SkippedJson { input: &s.input, reason: &s.reason };
        Dossier {
            schema: SCHEMA,
            rashomon: options.version,
            inputs: dossier.inputs.iter().map(input).collect(),
            articles: dossier.articles.iter().map(|a| article::wire(a, options.text)).collect(),
            stories: dossier.stories.iter().map(|s| finding::story(dossier, s, options.text)).collect(),
            skipped: dossier.skipped.iter().map(skipped).collect(),
        }
    }
}

/// A line of `stories`.
#[derive(Serialize)]
pub(super) struct StoryOf<'a> {
    pub(super) id: &'a str,
    pub(super) story: &'a str,
}
