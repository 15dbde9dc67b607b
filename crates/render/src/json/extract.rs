//! A line of `extract`: the article of an input, and nothing that was found in it.

use model::{Article, Span};
use serde::Serialize;

use super::article::{self, At, PublishedJson, SpanJson};
use crate::KeepText;

/// A line of `extract`. Of a web page, `text` is the report alone, and the headline stands beside it with a source map
/// of its own: on the page, too, they stand apart.
#[derive(Serialize)]
pub(super) struct Extract<'a> {
    id: &'a str,
    input: &'a str,
    url: Option<&'a str>,
    outlet: Option<&'a str>,
    headline: Option<Headline<'a>>,
    byline: &'a [String],
    published: Option<PublishedJson<'a>>,
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_map: Option<Vec<[usize; 4]>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Headline<'a> {
    /// In `text`.
    Within(SpanJson<'a>),
    /// Beside it.
    Apart(Apart<'a>),
}

#[derive(Serialize)]
struct Apart<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    /// From the headline's own first byte.
    source_map: Vec<[usize; 4]>,
}

impl<'a> Extract<'a> {
    pub(super) fn new(article: &'a Article, keep: KeepText) -> Extract<'a> {
        let whole = Span::new(0, article.text.len());
        let body = article.body.unwrap_or(whole);
        let at = At { text: body.of(&article.text), keep };
        let within = |headline: Span| {
            if article.body.is_none() {
                return Headline::Within(at.span(headline));
            }
            let own = At { text: headline.of(&article.text), keep };
            Headline::Apart(Apart {
                text: own.whole(),
                source_map: article::source_map(article, headline).unwrap_or_default(),
            })
        };
        Extract {
            id: &article.id,
            input: &article.input,
            url: article.url.as_deref(),
            outlet: article.outlet.as_deref(),
            headline: article.headline.map(within),
            byline: &article.byline,
            published: article.published.as_ref().map(|published| at.published(published, body)),
            language: &article.language,
            text: at.whole(),
            source_map: article::source_map(article, body),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{Article, Published, PublishedOrigin, Span, Trace};
    use serde_json::{Value, json};

    use super::Extract;
    use crate::KeepText;

    fn line(body: Option<Span>, keep: KeepText) -> Value {
        let trace = |text: [usize; 2], from: usize| Trace {
            text: Span::new(text[0], text[1]),
            source: Span::new(from, from + text[1] - text[0]),
        };
        let article = Article {
            text: "Ferry aground\n\nPosted 14 March 2021\n\nIt ran aground.".to_owned(),
            headline: Some(Span::new(0, 13)),
            body,
            published: Some(Published {
                value: "2021-03-14".to_owned(),
                precision: "day",
                origin: PublishedOrigin::Text,
                evidence: vec![Span::new(22, 35)],
            }),
            source_map: Some(vec![trace([0, 13], 40), trace([15, 35], 70), trace([37, 52], 100)]),
            ..Article::default()
        };
        serde_json::to_value(Extract::new(&article, keep)).unwrap()
    }

    #[test]
    fn the_headline_of_a_page_stands_beside_its_text() {
        let found = line(Some(Span::new(15, 52)), KeepText::Whole);
        assert_eq!(found["text"], "Posted 14 March 2021\n\nIt ran aground.");
        assert_eq!(found["headline"], json!({"text": "Ferry aground", "source_map": [[0, 13, 40, 53]]}));
        assert_eq!(found["source_map"], json!([[0, 20, 70, 90], [22, 37, 100, 115]]));
        let evidence = &found["published"]["evidence"][0];
        assert_eq!(*evidence, json!({"start": 7, "end": 20, "text": "14 March 2021"}));
        assert!(line(Some(Span::new(15, 52)), KeepText::LeftOut)["headline"].get("text").is_none());
    }

    #[test]
    fn elsewhere_it_is_part_of_the_text() {
        let found = line(None, KeepText::Whole);
        assert_eq!(found["headline"], json!({"start": 0, "end": 13, "text": "Ferry aground"}));
        assert_eq!(found["source_map"].as_array().unwrap().len(), 3);
        assert_eq!(found["published"]["evidence"][0]["start"], 22);
    }
}
