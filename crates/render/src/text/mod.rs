//! The dossier for a terminal: what differs first, then statements, reprints, time, and what was left aside.

mod archive;
mod page;
mod rich;
mod statements;

use std::io::{self, Write};

use model::{Discrepancy, Dossier, Evidence, Span, Story};

use crate::line_numbers::LineNumbers;
use crate::{KeepText, Output, RenderOptions, marks, telling};
pub use archive::{event_line, events_text, hits_text, stories_text};
use page::{Extent, Page, Row};
use rich::{Rich, Style};

/// `--format text`.
pub(crate) const OUTPUT: Output =
    Output { id: "text", media_type: "text/plain", title: "the dossier for a terminal", render };

/// Widest lead beside a body; a longer one is broken.
const LEAD_WIDTH_MAX: usize = 22;

fn render(dossier: &Dossier, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let telling = Telling {
        dossier,
        labels: telling::labels(dossier),
        lines: LineNumbers::new(dossier),
        keep: options.text,
    };
    let mut page = Page::new(options.width, telling.place_width(), options.colour);
    for (i, story) in telling::told(dossier).into_iter().enumerate() {
        if i > 0 {
            page.blank();
            page.blank();
        }
        telling.story(&dossier.stories[story], &mut page);
    }
    telling.alone(&mut page);
    telling.skipped(&mut page);
    // Nothing before the first section leaves an empty first line.
    out.write_all(page.out.trim_start_matches('\n').as_bytes())
}

/// What all sections need.
struct Telling<'a> {
    dossier: &'a Dossier,
    labels: Vec<String>,
    lines: LineNumbers,
    keep: KeepText,
}

impl Telling<'_> {
    /// Columns of the longest place: the last line of some article.
    fn place_width(&self) -> usize {
        let last = |(article, a): (usize, &model::Annotated)| {
            let end = a.article.text.len();
            self.place(Evidence { article, span: Span::new(end, end) }).width()
        };
        self.dossier.articles.iter().enumerate().map(last).max().unwrap_or(0)
    }

    fn story(&self, story: &Story, page: &mut Page) {
        page.paragraph(0, &Rich::of(telling::headline(self.dossier, story.lead), Style::Strong));
        let mut facts: Vec<Rich> =
            telling::story_counts(self.dossier, story).iter().map(|c| Rich::of(c, Style::Plain)).collect();
        let [when, how] = telling::story_date(self.dossier, story);
        let how = if how.is_empty() { String::new() } else { format!(" ({how})") };
        facts.push(Rich::of(&when, Style::Plain).with(&how, Style::Dim));
        page.pieces(0, &facts);
        self.differences(story, page);
        self.statements(story, page);
        self.reprints(story, page);
        self.timeline(story, page);
        self.left_aside(story, page);
    }

    /// The words of evidence, marked; only its place where words are left out.
    fn words(&self, evidence: Evidence, marks: &[Span], brackets: [&str; 2]) -> Rich {
        match self.keep {
            KeepText::Whole => {
                let text = &self.dossier.articles[evidence.article].article.text;
                Rich::evidence(text, evidence.span, marks, brackets)
            }
            KeepText::LeftOut => {
                Rich::of(&format!("bytes {}–{}", evidence.span.start, evidence.span.end), Style::Plain)
            }
        }
    }

    fn place(&self, evidence: Evidence) -> Rich {
        Rich::of(&self.lines.place(self.dossier, evidence), Style::Dim)
    }

    fn label(&self, article: usize, style: Style) -> Rich {
        Rich::of(&self.labels[article], style)
    }

    fn differences(&self, story: &Story, page: &mut Page) {
        if story.discrepancies.is_empty() {
            return;
        }
        page.section("WHERE THEY DIFFER", Some(story.discrepancies.len()));
        let kinds = story.discrepancies.iter().map(kind).collect::<Vec<Rich>>();
        let kind_width = kinds.iter().map(Rich::width).max().unwrap_or(0).min(LEAD_WIDTH_MAX + 4);
        for (i, (discrepancy, kind)) in story.discrepancies.iter().zip(kinds).enumerate() {
            if i > 0 {
                page.blank();
            }
            page.row(&Row {
                indent: 2,
                lead_width: kind_width,
                lead: kind,
                body: Rich::of(&discrepancy.why, Style::Strong),
                margin: Vec::new(),
                extent: Extent::Whole,
            });
            self.sides(discrepancy, page);
        }
    }

    fn sides(&self, discrepancy: &Discrepancy, page: &mut Page) {
        // A value says what differs; only where there is none do the words need signs around them.
        let has_values = discrepancy.sides.iter().any(|side| !side.value.is_empty());
        let brackets = if page.is_plain() && !has_values { ["‹", "›"] } else { ["", ""] };
        let marks = marks::marks(self.dossier, discrepancy);
        let lead = |side: &model::Side| {
            if has_values {
                Rich::of(&side.value, Style::Strong)
            } else {
                self.label(side.evidence.article, Style::Strong)
            }
        };
        let lead_width = discrepancy.sides.iter().map(|side| lead(side).width()).max().unwrap_or(0);
        for (side, marks) in discrepancy.sides.iter().zip(&marks) {
            let mut margin = Vec::new();
            // A label made from the file's name says no more than the place.
            let outlet = &self.dossier.articles[side.evidence.article].article.outlet;
            if has_values && outlet.is_some() {
                margin.push(self.label(side.evidence.article, Style::Plain));
            }
            match &side.attributed_to {
                Some(who) if *who != side.value => margin.push(Rich::of(who, Style::Dim)),
                None if discrepancy.kind == "figure-conflict" => {
                    margin.push(Rich::of("no source", Style::Dim))
                }
                Some(_) | None => {}
            }
            margin.push(self.place(side.evidence));
            page.row(&Row {
                indent: 4,
                lead_width: lead_width.min(LEAD_WIDTH_MAX),
                lead: lead(side),
                body: self.words(side.evidence, marks, brackets),
                margin,
                extent: Extent::Whole,
            });
        }
    }

    fn reprints(&self, story: &Story, page: &mut Page) {
        if story.reprints.is_empty() {
            return;
        }
        page.section("REPRINTS", Some(story.reprints.len()));
        for reprint in &story.reprints {
            let said = format!(" {} {}.", telling::relation(reprint.relation), self.labels[reprint.of]);
            let mut text = self.label(reprint.article, Style::Strong);
            text.push(&said, Style::Plain);
            text.push(&format!(" {}", reprint.why), Style::Dim);
            page.paragraph(2, &text);
        }
    }

    fn timeline(&self, story: &Story, page: &mut Page) {
        if story.timeline.is_empty() {
            return;
        }
        page.section("TIMELINE", Some(story.timeline.len()));
        let dates: Vec<String> = story.timeline.iter().map(|moment| telling::date(&moment.date)).collect();
        let lead_width = dates.iter().map(|date| Rich::of(date, Style::Plain).width()).max().unwrap_or(0);
        for (moment, date) in story.timeline.iter().zip(&dates) {
            page.row(&Row {
                indent: 2,
                lead_width: lead_width.min(LEAD_WIDTH_MAX + 6),
                lead: Rich::of(date, Style::Strong),
                body: self.words(moment.evidence, &[], ["", ""]),
                margin: vec![self.label(moment.evidence.article, Style::Plain), self.place(moment.evidence)],
                extent: Extent::OneLine,
            });
        }
    }

    fn left_aside(&self, story: &Story, page: &mut Page) {
        let mut rows = Vec::new();
        for &article in &story.articles {
            let furniture = telling::furniture(&self.dossier.articles[article].article);
            if !furniture.is_empty() {
                let mut text = self.label(article, Style::Strong);
                text.push(&format!(": {}", furniture.join(", ")), Style::Plain);
                rows.push(text);
            }
        }
        if rows.is_empty() {
            return;
        }
        page.section("LEFT ASIDE", None);
        page.pieces(2, &rows);
    }

    fn alone(&self, page: &mut Page) {
        let alone = telling::alone(self.dossier);
        if alone.is_empty() {
            return;
        }
        page.section("STANDING ALONE", Some(alone.len()));
        for article in alone {
            let start = Evidence { article, span: Span::new(0, 0) };
            page.row(&Row {
                indent: 2,
                lead_width: LEAD_WIDTH_MAX,
                lead: self.label(article, Style::Strong),
                body: Rich::of(telling::headline(self.dossier, article), Style::Plain),
                margin: vec![self.place(start)],
                extent: Extent::OneLine,
            });
        }
    }

    fn skipped(&self, page: &mut Page) {
        if self.dossier.skipped.is_empty() {
            return;
        }
        page.section("SKIPPED", Some(self.dossier.skipped.len()));
        for skipped in &self.dossier.skipped {
            let name = Rich::of(&skipped.input, Style::Strong);
            page.paragraph(2, &name.with(" — ", Style::Dim).with(&skipped.reason, Style::Plain));
        }
    }
}

fn kind(discrepancy: &Discrepancy) -> Rich {
    let nature = telling::nature(discrepancy.nature);
    Rich::of(&telling::kind(discrepancy.kind), Style::Accent).with(&format!(" · {nature}"), Style::Dim)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Just, prop_oneof, proptest};
    use unicode_width::UnicodeWidthStr;

    use crate::{Colour, KeepText, OUTPUTS, RenderOptions, sample};

    fn printed(dossier: &model::Dossier, options: &RenderOptions) -> String {
        let text = OUTPUTS.iter().find(|o| o.id == "text").unwrap();
        let mut out = Vec::new();
        (text.render)(dossier, options, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn options(width: usize, colour: Colour) -> RenderOptions {
        RenderOptions { width, colour, text: KeepText::Whole, version: "1.2.3" }
    }

    fn without_colour(text: &str) -> String {
        let mut parts = text.split("\u{1b}[");
        let first = parts.next().unwrap_or("").to_owned();
        parts.fold(first, |out, part| out + part.split_once('m').unwrap().1)
    }

    #[test]
    fn what_differs_comes_first_and_every_place_can_be_clicked() {
        let page = printed(&sample::dossier(), &options(80, Colour::Never));
        let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words} is missing"));
        assert!(at("WHERE THEY DIFFER") < at("STATEMENTS"));
        assert!(at("STATEMENTS") < at("LEFT ASIDE"));
        assert!(at("LEFT ASIDE") < at("STANDING ALONE"));
        at("examples/dam/gazette.txt:7");
        at("We had no ‹notice› that");
        at("denied by Petra Voss");
        at("3 statements by one report alone");
    }

    #[test]
    fn a_place_is_never_broken_where_a_line_holds_it() {
        let dossier = sample::dossier();
        for width in 60..220 {
            let page = printed(&dossier, &options(width, Colour::Never));
            for place in
                page.lines().flat_map(str::split_whitespace).filter(|word| word.starts_with("examples/"))
            {
                let line = place.rsplit_once(':').map_or("", |(_, line)| line);
                assert!(line.parse::<usize>().is_ok() || place.ends_with(".png"), "{place} at {width}");
            }
        }
    }

    #[test]
    fn colour_changes_no_character_but_the_signs_it_makes_needless() {
        let plain = printed(&sample::dossier(), &options(100, Colour::Never));
        let coloured = printed(&sample::dossier(), &options(100, Colour::Always));
        assert!(!plain.contains('\u{1b}') && coloured.contains("\u{1b}[0;31m"));
        let words = |text: &str| {
            text.replace(['‹', '›'], "").split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(words(&without_colour(&coloured)), words(&plain));
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_window(
            width in 20usize..300,
            colour in prop_oneof![Just(Colour::Never), Just(Colour::Always)],
        ) {
            for dossier in [sample::dossier(), sample::hostile()] {
                for line in without_colour(&printed(&dossier, &options(width, colour))).lines() {
                    assert!(line.width() <= width, "{} columns of {width}: {line}", line.width());
                    assert!(!line.ends_with(' '), "{line:?}");
                }
            }
        }
    }
}
