//! A story as part of a server's page: the sections of the dossier, each line opening its words on the report's own page.

use std::ops::Range;

use model::{Dossier, Span, Story};

use super::anchors::Anchors;
use super::escape::{e, percent};
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

/// The statements that a page shows, of a story that may have thousands: the most told come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementWindow<'a> {
    /// Number of the first, from 0.
    pub first: usize,
    /// The address of the page that shows others, but for the number of the first of them.
    pub path: &'a str,
}

impl StatementWindow<'_> {
    /// What the statements of a page may cost together, in cells and voices: what a browser shows at once.
    pub const COST_MAX: usize = 1_000;

    /// Those shown, one at least, where each costs so much.
    pub(super) fn range(&self, costs: &[usize]) -> Range<usize> {
        let first = if self.first < costs.len() { self.first } else { before(costs, costs.len()) };
        first..first + fitting(costs[first..].iter())
    }

    /// Which these are, and the ways to the others; nothing where they are all.
    pub(super) fn ways(&self, costs: &[usize]) -> String {
        let shown = self.range(costs);
        if shown.len() == costs.len() {
            return String::new();
        }
        let path = e(self.path);
        let way = |first: usize, relation: &str, name: &str| {
            format!(" <a href=\"{path}{first}#s1-statements\" rel=\"{relation}\">{name}</a>")
        };
        let earlier = (shown.start > 0).then(|| way(before(costs, shown.start), "prev", "Those before"));
        let later = (shown.end < costs.len()).then(|| way(shown.end, "next", "Those after"));
        format!(
            "<p class=\"next\">Statements {} to {} of {}, the most told first.{}{}</p>\n",
            shown.start + 1,
            shown.end,
            costs.len(),
            earlier.unwrap_or_default(),
            later.unwrap_or_default(),
        )
    }
}

/// Where the page begins that ends before a place.
fn before(costs: &[usize], end: usize) -> usize {
    end - fitting(costs[..end].iter().rev())
}

/// How many fit on a page.
fn fitting<'c>(costs: impl Iterator<Item = &'c usize>) -> usize {
    let mut sum = 0;
    let fits = |cost: &&usize| {
        let fits = sum == 0 || sum + **cost <= StatementWindow::COST_MAX;
        sum += **cost;
        fits
    };
    costs.take_while(fits).count()
}

/// The first story of a dossier for a server's page. `shown` is the story itself or what a reader's filter left of it; the
/// head always tells the whole. The dossier has at least one story.
pub fn story_html(dossier: &Dossier, shown: &Story, window: StatementWindow<'_>) -> StoryHtml {
    let page = Page {
        dossier,
        labels: telling::labels(dossier),
        lines: LineNumbers::new(dossier),
        anchors: Anchors::none(),
        keep: KeepText::Whole,
        links: Links::Served,
        window: Some(window),
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
    use super::{StatementWindow, StoryHtml, place_path};
    use crate::sample;
    use model::{Dossier, Story};

    const ALL: StatementWindow<'_> = StatementWindow { first: 0, path: "/stories/x?from=" };

    fn story_html(dossier: &Dossier, shown: &Story) -> StoryHtml {
        super::story_html(dossier, shown, ALL)
    }

    #[test]
    fn a_page_shows_some_statements_and_the_way_to_the_others() {
        let mut dossier = sample::dossier();
        let one = dossier.stories[0].alignments[0].clone();
        dossier.stories[0].stances.clear();
        dossier.stories[0].alignments = vec![one; 1000];
        let shown = |first| {
            let window = StatementWindow { first, ..ALL };
            let sections = super::story_html(&dossier, &dossier.stories[0], window).sections;
            let told = sections.split("<p class=\"next\">").nth(1).unwrap();
            let told = told.split("</p>").next().unwrap().to_owned();
            (sections.matches("<th scope=\"row\"><details>").count(), told)
        };
        let (size, told) = shown(0);
        assert!(
            (50..1000).contains(&size) && told.contains(&format!("Statements 1 to {size} of 1000")),
            "{told}"
        );
        assert!(told.contains(&format!("?from={size}#s1-statements")) && !told.contains("before"), "{told}");
        let (count, told) = shown(size);
        assert!(count == size && told.contains("?from=0#"), "{count} {told}");
        assert!(told.contains(&format!("?from={}#", 2 * size)), "{told}");
        for first in [1000 - size, 1000, usize::MAX] {
            let (count, told) = shown(first);
            assert!(
                count == size && told.contains("to 1000 of") && !told.contains("after"),
                "{first} {told}"
            );
        }
        let few = story_html(&sample::dossier(), &sample::dossier().stories[0]).sections;
        assert!(!few.contains("Statements 1 to"));
    }

    #[test]
    fn what_costs_more_than_a_page_has_one_of_its_own() {
        let much = StatementWindow::COST_MAX + 1;
        let window = |first| StatementWindow { first, ..ALL }.range(&[much, 1, 1, much]);
        assert_eq!((window(0), window(1), window(3)), (0..1, 1..3, 3..4));
        assert_eq!(StatementWindow { first: 5, ..ALL }.range(&[]), 0..0);
    }

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
