//! The outermost shapes of the contract's JSON.

use model::Skipped;
use serde::Serialize;

use super::article::{self, At, PublishedJson, SpanJson};
use super::{SCHEMA, finding};
use crate::{KeepText, RenderOptions};

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

/// A line of `extract`.
#[derive(Serialize)]
pub(super) struct Extract<'a> {
    id: &'a str,
    input: &'a str,
    url: Option<&'a str>,
    outlet: Option<&'a str>,
    headline: Option<SpanJson<'a>>,
    byline: &'a [String],
    published: Option<PublishedJson<'a>>,
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_map: Option<Vec<[usize; 4]>>,
}

impl<'a> Extract<'a> {
    pub(super) fn new(article: &'a model::Article, keep: KeepText) -> Extract<'a> {
        let at = At { text: &article.text, keep };
        Extract {
            id: &article.id,
            input: &article.input,
            url: article.url.as_deref(),
            outlet: article.outlet.as_deref(),
            headline: article.headline.map(|span| at.span(span)),
            byline: &article.byline,
            published: article.published.as_ref().map(|p| at.published(p)),
            language: &article.language,
            text: at.whole(),
            source_map: article::source_map(article),
        }
    }
}

/// A line of `stories`.
#[derive(Serialize)]
pub(super) struct StoryOf<'a> {
    pub(super) id: &'a str,
    pub(super) story: &'a str,
}
