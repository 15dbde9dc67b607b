//! A story as part of a server's page: the sections of the dossier, each line opening its words on the report's own page.

use model::{Dossier, Span, Story};

use super::anchors::Anchors;
use super::escape::percent;
use super::{Links, Page, SYMBOLS};
use crate::line_numbers::LineNumbers;
use crate::{KeepText, telling};

/// A story's page in pieces; all of it is markup, foreign text in it is escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryHtml {
    /// The headline as plain text, for the window's title.
    pub title: String,
    /// Kicker, headline, standfirst.
    pub head: String,
    /// Links to the sections.
    pub nav: String,
    /// What differs, statements, timeline, copies, reports.
    pub sections: String,
}

/// The first story of a dossier for a server's page. `shown` is the story itself or what a reader's filter left of it; the
/// head always tells the whole. The dossier has at least one story.
pub fn story_html(dossier: &Dossier, shown: &Story) -> StoryHtml {
    let page = Page {
        dossier,
        labels: telling::labels(dossier),
        lines: LineNumbers::new(dossier),
        anchors: Anchors::none(),
        keep: KeepText::Whole,
        links: Links::Served,
        level: 1,
    };
    let whole = &dossier.stories[0];
    let [nav, sections] = page.sections(0, shown);
    StoryHtml {
        title: telling::headline(dossier, whole.lead).to_owned(),
        head: format!("{}</header>\n", page.story_head(whole, "s1")),
        nav,
        sections: format!("{SYMBOLS}\n{sections}"),
    }
}

/// Where a server shows a story.
pub fn story_path(id: &str) -> String {
    format!("/stories/{}", percent(id))
}

/// Where a server shows an article.
pub fn article_path(id: &str) -> String {
    format!("/articles/{}", percent(id))
}

/// Where a server shows an article, opened at the words of a span.
pub fn place_path(id: &str, span: Span) -> String {
    format!("{}?at={}-{}#at", article_path(id), span.start, span.end)
}

/// Where a server shows all that somebody is reported to have said.
pub fn speaker_path(name: &str) -> String {
    format!("/speakers/{}", percent(name))
}

#[cfg(test)]
mod tests {
    use super::{place_path, story_html};
    use crate::sample;

    #[test]
    fn every_line_opens_its_words_on_the_reports_page_and_nothing_acts() {
        for dossier in [sample::dossier(), sample::hostile()] {
            let page = story_html(&dossier, &dossier.stories[0]);
            let all = format!("{}{}{}", page.head, page.nav, page.sections);
            assert!(!all.contains("<script") && !all.contains(" style=") && !all.contains("href=\"#e"));
            assert_eq!(all.matches("<h1").count(), 1);
        }
        let page = story_html(&sample::dossier(), &sample::dossier().stories[0]);
        assert!(page.sections.contains("href=\"/articles/") && page.sections.contains("#at\""));
    }

    #[test]
    fn an_id_is_one_part_of_an_address() {
        assert_eq!(
            place_path("a/b?#%.txt", model::Span::new(3, 9)),
            "/articles/a%2Fb%3F%23%25.txt?at=3-9#at"
        );
    }

    #[test]
    fn what_is_filtered_out_is_not_shown_and_the_head_tells_the_whole() {
        let dossier = sample::dossier();
        let mut shown = dossier.stories[0].clone();
        shown.discrepancies.clear();
        let [whole, less] = [&dossier.stories[0], &shown].map(|shown| story_html(&dossier, shown));
        assert_eq!(whole.head, less.head);
        assert!(whole.sections.contains("Where they differ") && !less.sections.contains("Where they differ"));
    }
}
