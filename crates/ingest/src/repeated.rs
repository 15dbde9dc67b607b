//! What stands on many pages of one outlet is no report: found across articles, without phrases.

use std::collections::BTreeMap;

use model::{Article, Furniture, Span};

/// A line is repeated when so many articles of an outlet have it.
const ARTICLES_MIN: usize = 3;
/// Articles with more of their words in repeated lines than this are versions of one report, and prove nothing.
const REPEATED_SHARE_MAX: f64 = 0.4;
/// Longest repeated line, in bytes; longer ones are reports printed again.
const LINE_BYTES_MAX: usize = 1000;

/// Marks lines that three or more articles of one outlet have in common, as furniture of the kind
/// `repeated-line`. Articles without an outlet are left alone: texts of several outlets share what they copied.
pub fn mark_repeated(articles: &mut [Article]) {
    let everything: Vec<usize> = (0..articles.len()).collect();
    let first = counts(articles, &everything);
    let apart: Vec<usize> = everything
        .iter()
        .copied()
        .filter(|&place| share(&articles[place], &first) <= REPEATED_SHARE_MAX)
        .collect();
    let second: BTreeMap<(String, String), usize> = counts(articles, &apart);
    for article in articles {
        let Some(outlet) = article.outlet.clone() else { continue };
        let headline = article.headline;
        let repeated: Vec<Span> = lines(&article.text)
            .filter(|span| headline.is_none_or(|headline| !headline.overlaps(*span)))
            .filter(|span| article.furniture.iter().all(|known| !known.span.overlaps(*span)))
            .filter(|span| {
                second
                    .get(&(outlet.clone(), span.of(&article.text).to_owned()))
                    .is_some_and(|&count| count >= ARTICLES_MIN)
            })
            .collect();
        article
            .furniture
            .extend(repeated.into_iter().map(|span| Furniture { span, kind: "repeated-line".to_owned() }));
        article.furniture.sort_by_key(|furniture| furniture.span);
    }
}

/// In how many of these articles each line of each outlet stands.
fn counts(articles: &[Article], places: &[usize]) -> BTreeMap<(String, String), usize> {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for &place in places {
        let article = &articles[place];
        let Some(outlet) = &article.outlet else { continue };
        let mut own: Vec<&str> = lines(&article.text).map(|span| span.of(&article.text)).collect();
        own.sort_unstable();
        own.dedup();
        for line in own {
            *counts.entry((outlet.clone(), line.to_owned())).or_insert(0) += 1;
        }
    }
    counts
}

/// Share of an article's bytes in repeated lines.
fn share(article: &Article, counts: &BTreeMap<(String, String), usize>) -> f64 {
    let Some(outlet) = &article.outlet else { return 0.0 };
    let (mut repeated, mut all) = (0usize, 0usize);
    for span in lines(&article.text) {
        all += span.len();
        let key = (outlet.clone(), span.of(&article.text).to_owned());
        repeated += if counts.get(&key).is_some_and(|&count| count >= ARTICLES_MIN) { span.len() } else { 0 };
    }
    repeated as f64 / all.max(1) as f64
}

/// Lines with a letter that are short enough to be furniture.
fn lines(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    text.split_inclusive('\n').filter_map(move |piece| {
        let span = Span::new(start, start + piece.len()).trimmed(text);
        start += piece.len();
        (!span.is_empty() && span.len() <= LINE_BYTES_MAX && span.of(text).chars().any(char::is_alphabetic))
            .then_some(span)
    })
}

#[cfg(test)]
mod tests {
    use super::mark_repeated;
    use crate::{IngestOptions, Raw, ingest};
    use model::Article;

    fn articles(texts: &[&str]) -> Vec<Article> {
        let lines: Vec<String> = texts
            .iter()
            .map(|text| format!("{{\"outlet\":\"Arle Herald\",\"text\":\"{}\"}}", text.replace('\n', "\\n")))
            .collect();
        ingest(&Raw { name: "a.jsonl", bytes: lines.join("\n").as_bytes() }, &IngestOptions::english(None))
            .unwrap()
            .articles
    }

    #[test]
    fn what_three_different_reports_share_is_furniture() {
        let mut found = articles(&[
            "The bridge over the Arle was closed on Monday after a ship struck it.\nThe Herald of Arlesford, since 1871.",
            "Florists fear a poor spring after frosts that came late in the year.\nThe Herald of Arlesford, since 1871.",
            "A school won a prize for the orchestra that it founded two years ago.\nThe Herald of Arlesford, since 1871.",
        ]);
        mark_repeated(&mut found);
        for article in &found {
            let words: Vec<&str> =
                article.furniture.iter().map(|furniture| furniture.span.of(&article.text)).collect();
            assert_eq!(words, ["The Herald of Arlesford, since 1871."]);
        }
    }

    #[test]
    fn versions_of_one_report_share_their_report() {
        let report =
            "The bridge over the Arle was closed on Monday after a ship struck it.\nTwelve people were hurt.";
        let mut found = articles(&[report, report, report, report]);
        mark_repeated(&mut found);
        assert!(found.iter().all(|article| article.furniture.is_empty()));
    }
}
