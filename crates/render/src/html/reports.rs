//! The reports of a story: where each came from, when, what it reprints, what was left aside in it.

use model::{Evidence, Story};

use super::Page;
use super::escape::e;
use crate::telling;

impl Page<'_> {
    pub(super) fn reports(&self, story: &Story) -> String {
        let items: String = story.articles.iter().map(|&article| self.report(story, article)).collect();
        format!("<div class=\"reports\">\n{items}</div>\n")
    }

    fn report(&self, story: &Story, article: usize) -> String {
        let reprints: String = story
            .reprints
            .iter()
            .filter(|reprint| reprint.article == article)
            .map(|reprint| {
                let of = e(&self.labels[reprint.of]);
                let places: Vec<String> =
                    reprint.evidence.iter().map(|e| self.quote(*e, &[])).take(1).collect();
                let relation = telling::relation(reprint.relation);
                format!(
                    "<p><b class=\"verdict\">{relation} {of}</b>: {} {}</p>\n",
                    e(&reprint.why),
                    places.concat()
                )
            })
            .collect();
        let level = self.level + 2;
        let headline = e(telling::headline(self.dossier, article));
        let headline = self.report_link(article, headline);
        format!(
            "<div class=\"report\"><h{level}><span class=\"who\"><b>{}</b></span> {headline}</h{level}>\n{}{reprints}{}</div>\n",
            e(&self.labels[article]),
            self.dated(article),
            self.left_aside(article),
        )
    }

    /// When it was published, and how that is known.
    fn dated(&self, index: usize) -> String {
        let article = &self.dossier.articles[index].article;
        let byline = if article.byline.is_empty() {
            String::new()
        } else {
            format!("By {}. ", e(&article.byline.join(", ")))
        };
        let Some(published) = &article.published else {
            return format!("<p>{byline}No date.</p>\n");
        };
        let words: Vec<String> = published
            .evidence
            .iter()
            .map(|span| self.quote(Evidence { article: index, span: *span }, &[]))
            .collect();
        let from = if words.is_empty() { String::new() } else { format!(" from {}", words.join(", ")) };
        let date = e(&telling::date(&published.value));
        format!("<p>{byline}{date}, {}{from}.</p>\n", telling::origin(published.origin))
    }

    fn left_aside(&self, index: usize) -> String {
        let article = &self.dossier.articles[index].article;
        let kinds = telling::furniture(article);
        match article.furniture.first() {
            None => String::new(),
            Some(first) => {
                let place = Evidence { article: index, span: first.span };
                format!("<p>Left aside: {}.</p>\n", self.link(place, &e(&kinds.join(", "))))
            }
        }
    }
}
