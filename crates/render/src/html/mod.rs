//! The dossier as one page: no script, no file from elsewhere, readable by eye, by keyboard and by ear.

mod anchors;
mod articles;
mod differ;
mod escape;
mod figures;
mod lineage;
mod matrix;
mod reading;
mod reports;
mod served;
mod timeline;

use std::io::{self, Write};

use model::{Dossier, Evidence, Span, Status, Story};

use crate::line_numbers::LineNumbers;
use crate::{KeepText, Output, RenderOptions, telling};
use anchors::Anchors;
use escape::{e, live_url};
pub use escape::{e as escape, percent};
pub use reading::{ArticleView, article_html, disputes_html};
pub use served::{
    StatementWindow, StoryHtml, article_path, place_path, speaker_path, story_html, story_path,
};

/// `--format html`.
pub(crate) const OUTPUT: Output =
    Output { id: "html", media_type: "text/html; charset=utf-8", title: "the dossier as one page", render };

/// The style sheet of a dossier's page, which the server's pages build on.
pub const STYLE: &str = include_str!("style.css");

fn render(dossier: &Dossier, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let told = telling::told(dossier);
    let page = Page {
        dossier,
        labels: telling::labels(dossier),
        lines: LineNumbers::new(dossier),
        anchors: Anchors::new(dossier),
        keep: options.text,
        links: Links::Here,
        window: None,
        level: if told.len() == 1 { 1 } else { 2 },
    };
    out.write_all(page.document(&told, options.version).as_bytes())
}

/// Where a line opens its words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    /// In the report at the end of the page.
    Here,
    /// On the report's own page.
    Served,
}

/// What all sections need.
struct Page<'a> {
    dossier: &'a Dossier,
    labels: Vec<String>,
    lines: LineNumbers,
    anchors: Anchors,
    keep: KeepText,
    links: Links,
    /// Which statements are shown, where not all are.
    window: Option<StatementWindow<'a>>,
    /// Level of a story's headline: the page's own heading where there is one story, else below it.
    level: usize,
}

impl Page<'_> {
    fn document(&self, told: &[usize], version: &str) -> String {
        let title = match told {
            [only] => telling::headline(self.dossier, self.dossier.stories[*only].lead).to_owned(),
            _ => self.title(told),
        };
        let articles = self.articles();
        let mut body = String::new();
        if told.len() != 1 {
            body.push_str(&self.contents(told));
        }
        for &story in told {
            body.push_str(&self.story(story));
        }
        body.push_str(&self.rest());
        body.push_str(&articles.html);
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta name=\"generator\" content=\"rashomon {}\">\n<title>Dossier: {}</title>\n\
             <style>\n{STYLE}{}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the dossier</a>\n\
             {SYMBOLS}\n<div class=\"page\">\n<main id=\"main\">\n{body}</main>\n\
             <footer><p>Written by rashomon {}. It compares what outlets print and judges none of it; every line \
             opens the words it rests on.</p></footer>\n</div>\n</body>\n</html>\n",
            e(version),
            e(&title),
            articles.rules,
            e(version)
        )
    }

    fn title(&self, told: &[usize]) -> String {
        let reports = telling::count(self.dossier.articles.len(), "report");
        match told.len() {
            0 => format!("{reports}, no two of one event"),
            n => format!("{n} stories in {reports}"),
        }
    }

    /// The head of a page with several stories, or none.
    fn contents(&self, told: &[usize]) -> String {
        let items: String = told
            .iter()
            .map(|&i| {
                let story = &self.dossier.stories[i];
                let headline = e(telling::headline(self.dossier, story.lead));
                let count = telling::count(story.articles.len(), "report");
                format!(
                    "<li><a href=\"#s{}\">{headline}</a> <span class=\"soft\">{count}</span></li>\n",
                    i + 1
                )
            })
            .collect();
        let list = if items.is_empty() {
            String::new()
        } else {
            format!("<nav aria-label=\"Stories\"><ol class=\"contents\">\n{items}</ol></nav>\n")
        };
        format!(
            "<header><p class=\"kicker\"><span>Dossier</span></p>\n<h1>{}</h1>\n{list}</header>\n",
            e(&self.title(told))
        )
    }

    fn story(&self, index: usize) -> String {
        let story = &self.dossier.stories[index];
        let id = format!("s{}", index + 1);
        let [nav, sections] = self.sections(index, story);
        format!(
            "<section class=\"story\" id=\"{id}\" aria-labelledby=\"{id}-title\">\n{}{nav}</header>\n{sections}</section>\n",
            self.story_head(story, &id)
        )
    }

    /// The list of a story's sections, and the sections.
    fn sections(&self, index: usize, story: &Story) -> [String; 2] {
        let id = format!("s{}", index + 1);
        let sections = [
            ("differ", "Where they differ", story.discrepancies.len(), self.differ(story)),
            ("statements", "Statements", story.alignments.len(), self.matrix(index, story)),
            ("time", "Timeline", story.timeline.len(), self.timeline(story)),
            ("copies", "Who copied whom", story.reprints.len(), self.lineage(story)),
            ("reports", "The reports", story.articles.len(), self.reports(story)),
        ];
        let shown = || sections.iter().filter(|(_, _, count, _)| *count > 0);
        let links: String = shown()
            .map(|(key, title, count, _)| format!("<a href=\"#{id}-{key}\">{title} <b>{count}</b></a>\n"))
            .collect();
        let contents = shown()
            .map(|(key, title, _, content)| {
                let heading = self.heading(1, title, &format!("{id}-{key}"));
                format!("<section aria-labelledby=\"{id}-{key}\">\n{heading}{content}</section>\n")
            })
            .collect();
        let nav = if links.is_empty() {
            String::new()
        } else {
            format!("<nav aria-label=\"Sections\">\n{links}</nav>\n")
        };
        [nav, contents]
    }

    fn story_head(&self, story: &Story, id: &str) -> String {
        let [reports, outlets, independent] = telling::story_counts(self.dossier, story);
        let [when, how] = telling::story_date(self.dossier, story);
        let how = if how.is_empty() {
            String::new()
        } else {
            format!(" <span class=\"soft\">({})</span>", e(&how))
        };
        let level = self.level;
        let dossier = if level == 1 { "<span>Dossier</span>" } else { "" };
        format!(
            "<header>\n<p class=\"kicker\">{dossier}<span>{reports} from {outlets}</span><span>{independent}</span>\
             <span>{}{how}</span></p>\n<h{level} class=\"headline\" id=\"{id}-title\">{}</h{level}>\n\
             <p class=\"standfirst\">{}</p>\n",
            e(&when),
            e(telling::headline(self.dossier, story.lead)),
            e(&standfirst(story)),
        )
    }

    /// A heading `below` levels under the story's headline.
    fn heading(&self, below: usize, text: &str, id: &str) -> String {
        let level = self.level + below;
        format!("<h{level} id=\"{id}\">{}</h{level}>\n", e(text))
    }

    /// What belongs to no story: reports standing alone, and inputs that were skipped.
    fn rest(&self) -> String {
        let mut html = String::new();
        let alone = telling::alone(self.dossier);
        if !alone.is_empty() {
            let items: String = alone
                .iter()
                .map(|&i| {
                    let headline = e(telling::headline(self.dossier, i));
                    let link = self.report_link(i, headline);
                    format!("<li><b class=\"who\">{}</b> {link}</li>\n", e(&self.labels[i]))
                })
                .collect();
            html.push_str(&format!(
                "<section aria-labelledby=\"alone\">\n<h2 id=\"alone\">Standing alone</h2>\n<p class=\"soft\">No other report tells of these.</p>\n<ul class=\"plain\">\n{items}</ul>\n</section>\n"
            ));
        }
        if !self.dossier.skipped.is_empty() {
            let item = |s: &model::Skipped| {
                format!("<li><b class=\"who\">{}</b> {}</li>\n", e(&s.input), e(&s.reason))
            };
            let items: String = self.dossier.skipped.iter().map(item).collect();
            html.push_str(&format!(
                "<section aria-labelledby=\"skipped\">\n<h2 id=\"skipped\">Not read</h2>\n<ul class=\"plain\">\n{items}</ul>\n</section>\n"
            ));
        }
        html
    }

    /// Evidence as a quotation that opens its article at the words, those that differ marked.
    fn quote(&self, evidence: Evidence, marks: &[Span]) -> String {
        if self.keep == KeepText::LeftOut {
            return format!(
                "<span class=\"soft\">bytes {}–{}</span>",
                evidence.span.start, evidence.span.end
            );
        }
        let text = &self.dossier.articles[evidence.article].article.text;
        let shown = evidence.span.trimmed(text);
        let [open, close] = telling::quoted(shown.of(text));
        let mut words = String::new();
        let mut at = shown.start;
        for mark in marks.iter().filter(|mark| shown.contains(**mark)) {
            if mark.start >= at {
                let before = e(Span::new(at, mark.start).of(text));
                words.push_str(&format!("{before}<mark class=\"d\">{}</mark>", e(mark.of(text))));
                at = mark.end;
            }
        }
        words.push_str(&e(Span::new(at, shown.end).of(text)));
        format!("<q dir=\"auto\">{open}{}{close}</q>{}", self.link(evidence, &words), self.live(evidence))
    }

    /// Links `html` to the words in the article: at the end of the page, or on a page of its own.
    fn link(&self, evidence: Evidence, html: &str) -> String {
        if self.keep == KeepText::LeftOut {
            return html.to_owned();
        }
        match (self.links, self.anchors.number(evidence)) {
            (Links::Served, _) => {
                let path = place_path(&self.dossier.articles[evidence.article].article.id, evidence.span);
                format!("<a class=\"at\" href=\"{}\">{html}</a>", e(&path))
            }
            (Links::Here, Some(number)) => format!("<a class=\"at\" href=\"#e{number}\">{html}</a>"),
            (Links::Here, None) => html.to_owned(),
        }
    }

    /// Links `html` to a report.
    fn report_link(&self, article: usize, html: String) -> String {
        match (self.keep, self.links) {
            (KeepText::LeftOut, _) => html,
            (KeepText::Whole, Links::Here) => {
                format!("<a class=\"at\" href=\"#r{}\">{html}</a>", article + 1)
            }
            (KeepText::Whole, Links::Served) => {
                let path = article_path(&self.dossier.articles[article].article.id);
                format!("<a class=\"at\" href=\"{}\">{html}</a>", e(&path))
            }
        }
    }

    /// A name; on a server, the way to all that its bearer is reported to have said.
    fn speaker(&self, name: &str) -> String {
        match self.links {
            Links::Here => e(name),
            Links::Served => format!("<a class=\"at\" href=\"{}\">{}</a>", e(&speaker_path(name)), e(name)),
        }
    }

    /// A link to the words where they were published.
    fn live(&self, evidence: Evidence) -> String {
        let url = self.dossier.articles[evidence.article].article.url.as_deref();
        match url.and_then(|url| live_url(url, telling::words(self.dossier, evidence))) {
            Some(url) => {
                let label = e(&self.labels[evidence.article]);
                format!(
                    " <a class=\"live\" href=\"{url}\" rel=\"noreferrer\" aria-label=\"These words at {label}\">live</a>"
                )
            }
            None => String::new(),
        }
    }

    /// Outlet and line, as a link.
    fn who(&self, evidence: Evidence) -> String {
        let line = self.lines.line(evidence);
        let label = e(&self.labels[evidence.article]);
        let line = format!("<span class=\"line\">line {line}</span>");
        format!("<span class=\"who\"><b>{label}</b> {}</span>", self.link(evidence, &line))
    }
}

/// The three marks of the matrix: shapes as well as fills, so that they survive print and high contrast.
const SYMBOLS: &str = "<svg width=\"0\" height=\"0\" class=\"symbols\" aria-hidden=\"true\">\
<symbol id=\"m-quoted\" viewBox=\"0 0 14 14\"><circle cx=\"7\" cy=\"7\" r=\"6\" fill=\"currentColor\" stroke=\"currentColor\" stroke-width=\"2\"/></symbol>\
<symbol id=\"m-reported\" viewBox=\"0 0 14 14\"><circle cx=\"7\" cy=\"7\" r=\"6\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/><path d=\"M7 1a6 6 0 0 0 0 12z\" fill=\"currentColor\"/></symbol>\
<symbol id=\"m-own\" viewBox=\"0 0 14 14\"><circle cx=\"7\" cy=\"7\" r=\"6\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/></symbol>\
</svg>";

/// What a reader should know before reading on, from the counts alone.
fn standfirst(story: &Story) -> String {
    let number = |status: Status| story.alignments.iter().filter(|a| a.status == status).count();
    let mut sentences = Vec::new();
    match story.discrepancies.len() {
        0 => sentences
            .push("The reports do not contradict one another in anything that was compared.".to_owned()),
        1 => sentences.push("The reports differ in one place.".to_owned()),
        n => sentences.push(format!("The reports differ in {n} places.")),
    }
    let stands: Vec<String> =
        [(Status::Denied, "denied"), (Status::Disputed, "disputed"), (Status::Corroborated, "corroborated")]
            .into_iter()
            .filter(|(status, _)| number(*status) > 0)
            .map(|(status, word)| format!("{} {word}", number(status)))
            .collect();
    if !stands.is_empty() {
        sentences.push(format!(
            "Of {}: {}.",
            telling::count(story.alignments.len(), "statement"),
            stands.join(", ")
        ));
    }
    match story.reprints.len() {
        0 => {}
        1 => sentences.push("One report reprints another and is not counted again.".to_owned()),
        n => sentences.push(format!("{n} reports reprint another and are not counted again.")),
    }
    sentences.join(" ")
}

#[cfg(test)]
mod tests;
