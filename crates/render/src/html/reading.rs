//! One report on a page of its own: its text with everything that was read in it, and what other reports dispute.

use std::collections::BTreeSet;

use model::{Annotated, Article, Dossier, EntityKind, Evidence, Figure, QuotationForm, Span, TimeKind};

use super::articles::{Mark, paragraphs};
use super::escape::e;
use super::served::story_path;
use crate::telling;

/// What a report's page shows beside the report.
#[derive(Clone, Copy, Debug)]
pub struct ArticleView<'a> {
    /// The dossier of its story, where it is in one that was compared, and the report's index in it.
    pub story: Option<(&'a Dossier, usize)>,
    /// Words that the reader came for; left aside where they are no whole characters of the text.
    pub at: Option<Span>,
}

/// A kind of mark: what it is called, and how its element tells itself.
struct Reading {
    class: &'static str,
    title: String,
}

/// All marks of a report. Where places are the same, later ones are the inner ones, and their ground is seen.
struct Readings {
    all: Vec<Reading>,
}

impl Mark for Readings {
    fn attributes(&self, number: usize, is_first: bool) -> String {
        let reading = &self.all[number];
        let id = if is_first && reading.class == "here" { " id=\"at\"" } else { "" };
        format!("{id} class=\"{}\" title=\"{}\"", reading.class, e(&reading.title))
    }
}

/// A report's text with all that was read in it: quotations with who is quoted, figures, times, names, what other reports
/// dispute. Furniture is set apart. Markup; foreign text in it is escaped.
pub fn article_html(annotated: &Annotated, view: &ArticleView) -> String {
    let article = &annotated.article;
    let mut places: Vec<Span> = Vec::new();
    let mut readings = Readings { all: Vec::new() };
    let mut add = |span: Span, class: &'static str, title: String| {
        places.push(span);
        readings.all.push(Reading { class, title });
    };
    quotations(annotated, &mut add);
    disputed(view, &mut add);
    figures(annotated, &mut add);
    for time in &annotated.times {
        add(time.span, "time", format!("{}: {}", time_kind(time.kind), telling::date(&time.value)));
    }
    for mention in annotated.mentions.iter().filter(|mention| mention.is_name) {
        let entity = &annotated.entities[mention.entity];
        add(mention.span, "name", format!("{}: {}", entity_kind(entity.kind), entity.name));
    }
    if let Some(span) = view.at.filter(|span| article.text.get(span.range()).is_some_and(|w| !w.is_empty())) {
        add(span, "here", "the words that you came for".to_owned());
    }
    let text = text(article, &places, &readings);
    let language = if article.language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        format!(" lang=\"{}\"", article.language)
    } else {
        String::new()
    };
    format!("<div class=\"text\"{language}>\n{text}</div>\n")
}

type Add<'a> = &'a mut dyn FnMut(Span, &'static str, String);

fn quotations(annotated: &Annotated, add: Add) {
    for quotation in &annotated.quotations {
        let said = match quotation.form {
            QuotationForm::Direct => "quoted",
            QuotationForm::Mixed => "partly quoted",
            QuotationForm::Indirect => "reported",
            QuotationForm::Scare => "held at arm’s length",
        };
        let by = quotation.speaker.as_ref().map(|speaker| format!(": {speaker}")).unwrap_or_default();
        for &span in &quotation.content {
            add(span, "said", format!("{said}{by}"));
        }
        if let Some(span) = quotation.source {
            add(span, "speaks", format!("who says it{by}"));
        }
        if let Some(span) = quotation.cue {
            add(span, "cue", "the reporting words".to_owned());
        }
    }
}

/// The words by which this report takes a side.
fn disputed(view: &ArticleView, add: Add) {
    let Some((dossier, index)) = view.story else { return };
    for found in dossier.stories.iter().flat_map(|story| &story.discrepancies) {
        for side in found.sides.iter().filter(|side| side.evidence.article == index) {
            add(side.evidence.span, "disputed", format!("{}: {}", telling::kind(found.kind), found.why));
        }
    }
}

fn figures(annotated: &Annotated, add: Add) {
    for figure in &annotated.figures {
        add(figure.span, "figure", format!("figure: {}", quantity(figure)));
    }
}

fn quantity(figure: &Figure) -> String {
    let low = figure.low.map(|value| value.normalize().to_string());
    let high = figure.high.map(|value| value.normalize().to_string());
    let range = match (low, high) {
        (Some(low), Some(high)) if low == high => low,
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) => format!("{high} or fewer"),
        (None, None) => "a number".to_owned(),
    };
    let unit = figure.unit.as_ref().or(figure.counts.as_ref());
    unit.map(|unit| format!("{range} {unit}")).unwrap_or(range)
}

fn time_kind(kind: TimeKind) -> &'static str {
    match kind {
        TimeKind::Date => "date",
        TimeKind::Time => "time",
        TimeKind::Duration => "duration",
        TimeKind::Set => "repeated",
    }
}

fn entity_kind(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "person",
        EntityKind::Organization => "organization",
        EntityKind::Place => "place",
        EntityKind::Group => "group",
        EntityKind::Other => "name",
    }
}

/// The lines of the text, each a paragraph with its number in the file.
fn text(article: &Article, places: &[Span], readings: &Readings) -> String {
    let evidence: Vec<(Evidence, usize)> =
        places.iter().enumerate().map(|(number, &span)| (Evidence { article: 0, span }, number)).collect();
    paragraphs(article, &evidence, readings, &mut BTreeSet::new())
}

/// What other reports of its story say otherwise: a line each, which opens the words in this report. Empty where nothing
/// is disputed.
pub fn disputes_html(dossier: &Dossier, index: usize) -> String {
    let mut html = String::new();
    for story in &dossier.stories {
        for found in &story.discrepancies {
            let Some(side) = found.sides.iter().find(|side| side.evidence.article == index) else { continue };
            let place = super::served::place_path(&dossier.articles[index].article.id, side.evidence.span);
            html.push_str(&format!(
                "<li><span class=\"label\">{}</span> <a class=\"at\" href=\"{}\">{}</a></li>\n",
                e(&telling::kind(found.kind)),
                e(&place),
                e(&found.why)
            ));
        }
        if !html.is_empty() {
            let all = e(&story_path(&story.id));
            return format!(
                "<ul class=\"plain\">\n{html}</ul>\n<p><a href=\"{all}\">What each of the others says</a></p>\n"
            );
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::{ArticleView, article_html, disputes_html};
    use crate::sample;
    use model::Span;

    #[test]
    fn a_report_is_shown_whole_with_the_words_one_came_for() {
        let dossier = sample::dossier();
        let annotated = &dossier.articles[0];
        let view = ArticleView { story: Some((&dossier, 0)), at: Some(Span::new(2, 30)) };
        let html = article_html(annotated, &view);
        assert_eq!(html.matches(" id=\"at\"").count(), 1);
        for class in ["said", "figure", "name", "disputed"] {
            assert!(html.contains(&format!("class=\"{class}\"")), "{class}");
        }
        let bare: String =
            html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
        let words = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(words(&bare), words(&super::e(&annotated.article.text)));
        assert!(disputes_html(&dossier, 0).contains("#at"));
    }

    #[test]
    fn a_place_that_is_none_is_left_aside_and_nothing_foreign_acts() {
        let dossier = sample::hostile();
        for (index, annotated) in dossier.articles.iter().enumerate() {
            for at in [Span::new(0, usize::MAX), Span::new(1, 2), Span::new(9, 9)] {
                let view = ArticleView { story: Some((&dossier, index)), at: Some(at) };
                let html = article_html(annotated, &view);
                assert!(!html.contains("<script") && !html.contains("<img"));
            }
        }
    }
}
