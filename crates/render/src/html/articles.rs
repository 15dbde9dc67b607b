//! The reports in full at the end of the page, line by line, with a mark for every piece of evidence.

use std::collections::{BTreeMap, BTreeSet};

use model::{Article, Evidence, Span};

use super::Page;
use super::escape::e;
use crate::{KeepText, telling};

/// The articles, and the style rules that light up marks cut in several pieces.
pub(super) struct Articles {
    pub(super) html: String,
    pub(super) rules: String,
}

/// Part of something marked that lies in one line.
struct Piece {
    span: Span,
    number: usize,
    /// Whether what is marked starts here, so that its id belongs here.
    is_first: bool,
}

/// How something marked is written: attributes of its element.
pub(super) trait Mark {
    /// Of its first piece, or of a later one.
    fn attributes(&self, number: usize, is_first: bool) -> String;
}

/// Evidence, which has its number as id; its later pieces have it as class.
struct Numbered;

impl Mark for Numbered {
    fn attributes(&self, number: usize, is_first: bool) -> String {
        if is_first { format!(" id=\"e{number}\"") } else { format!(" class=\"c{number}\"") }
    }
}

impl Page<'_> {
    pub(super) fn articles(&self) -> Articles {
        let mut all = Articles { html: String::new(), rules: String::new() };
        if self.keep == KeepText::LeftOut || self.dossier.articles.is_empty() {
            return all;
        }
        all.html.push_str("<section aria-labelledby=\"full\">\n<h2 id=\"full\">The reports in full</h2>\n");
        for index in 0..self.dossier.articles.len() {
            self.article(index, &mut all);
        }
        all.html.push_str("</section>\n");
        all
    }

    fn article(&self, index: usize, all: &mut Articles) {
        let article = &self.dossier.articles[index].article;
        let id = format!("r{}", index + 1);
        let mut cut = BTreeSet::new();
        let text = paragraphs(article, &self.anchors.of(index), &Numbered, &mut cut);
        for number in cut {
            all.rules
                .push_str(&format!("#{id}:has(#e{number}:target) .c{number}{{background:var(--mark)}}\n"));
        }
        let language = if article.language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            format!(" lang=\"{}\"", article.language)
        } else {
            String::new()
        };
        all.html.push_str(&format!(
            "<details open class=\"article\" id=\"{id}\"><summary><h3>{}</h3> <span class=\"soft\">{}</span></summary>\n<div class=\"text\"{language}>\n{text}</div>\n</details>\n",
            e(&self.labels[index]),
            self.provenance(article),
        ));
    }

    fn provenance(&self, article: &Article) -> String {
        let date = article.published.as_ref().map(|p| format!(" · {}", e(&telling::date(&p.value))));
        let digest: String = article.digest.chars().take(12).collect();
        format!("{}{} · sha256 {}…", e(&article.input), date.unwrap_or_default(), e(&digest))
    }
}

/// The lines of an article's text, each a paragraph with its number in the file and the marks of its evidence.
/// Numbers of what was cut are put into `cut`.
pub(super) fn paragraphs(
    article: &Article,
    evidence: &[(Evidence, usize)],
    mark: &dyn Mark,
    cut: &mut BTreeSet<usize>,
) -> String {
    let lines = lines(&article.text);
    let mut pieces = pieces(&lines, evidence);
    let furniture = FurnitureLines::new(article);
    let mut html = String::new();
    for (number, line) in lines.iter().enumerate() {
        let here = pieces.remove(&number).unwrap_or_default();
        if here.is_empty() && line.of(&article.text).trim().is_empty() {
            continue;
        }
        let class = match furniture.kind(*line) {
            Some(kind) => {
                format!(" class=\"furniture\" title=\"left aside: {}\"", e(&kind.replace('-', " ")))
            }
            None if article.headline.is_some_and(|headline| headline.overlaps(*line)) => {
                " class=\"first\"".to_owned()
            }
            None => String::new(),
        };
        let words = marked((&article.text, *line), here, mark, cut);
        html.push_str(&format!("<p{class} data-n=\"{}\" dir=\"auto\">{words}</p>\n", number + 1));
    }
    html
}

/// Lines without their breaks; their numbers are those of the file.
fn lines(text: &str) -> Vec<Span> {
    let mut start = 0;
    text.split('\n')
        .map(|line| {
            let span = Span::new(start, start + line.len());
            start = span.end + 1;
            span
        })
        .collect()
}

/// Evidence cut at line ends, by line.
fn pieces(lines: &[Span], evidence: &[(Evidence, usize)]) -> BTreeMap<usize, Vec<Piece>> {
    let mut by_line: BTreeMap<usize, Vec<Piece>> = BTreeMap::new();
    for (evidence, number) in evidence {
        let span = evidence.span;
        let first = lines.partition_point(|line| line.end < span.start).min(lines.len() - 1);
        for (i, line) in lines.iter().enumerate().skip(first) {
            if i > first && line.start >= span.end {
                break;
            }
            let start = span.start.clamp(line.start, line.end);
            let piece = Span::new(start, span.end.clamp(start, line.end));
            if i == first || !piece.is_empty() {
                by_line.entry(i).or_default().push(Piece {
                    span: piece,
                    number: *number,
                    is_first: i == first,
                });
            }
        }
    }
    by_line
}

/// Lines that are furniture, found without looking at all of it for each line.
struct FurnitureLines<'a> {
    sorted: Vec<(Span, &'a str)>,
}

impl<'a> FurnitureLines<'a> {
    fn new(article: &'a Article) -> FurnitureLines<'a> {
        let mut sorted: Vec<(Span, &str)> =
            article.furniture.iter().map(|f| (f.span, f.kind.as_str())).collect();
        sorted.sort();
        FurnitureLines { sorted }
    }

    fn kind(&self, line: Span) -> Option<&'a str> {
        let before = self.sorted.partition_point(|(span, _)| span.start <= line.start);
        let (span, kind) = self.sorted.get(before.checked_sub(1)?)?;
        span.overlaps(line).then_some(*kind)
    }
}

/// A line with its marks properly nested: where two cross, the outer is closed, and opened again without its id.
/// Numbers of what was cut are put into `cut`.
fn marked(
    (text, line): (&str, Span),
    mut pieces: Vec<Piece>,
    mark: &dyn Mark,
    cut: &mut BTreeSet<usize>,
) -> String {
    pieces.sort_by_key(|p| (p.span.start, std::cmp::Reverse(p.span.end), p.number));
    let mut places: Vec<usize> = pieces.iter().flat_map(|p| [p.span.start, p.span.end]).collect();
    places.push(line.end);
    places.sort_unstable();
    places.dedup();
    let mut out = String::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut at = line.start;
    let mut next = pieces.into_iter().peekable();
    for place in places {
        out.push_str(&e(Span::new(at, place).of(text)));
        at = place;
        // Close all that ends here, and what stands inside of it; the latter goes on after.
        if let Some(lowest) = open.iter().position(|(end, _)| *end <= place) {
            let closed = open.split_off(lowest);
            out.push_str(&"</mark>".repeat(closed.len()));
            for (end, number) in closed.into_iter().filter(|(end, _)| *end > place) {
                cut.insert(number);
                out.push_str(&format!("<mark{}>", mark.attributes(number, false)));
                open.push((end, number));
            }
        }
        while let Some(piece) = next.next_if(|p| p.span.start == place) {
            let number = piece.number;
            if !piece.is_first {
                cut.insert(number);
            }
            out.push_str(&format!("<mark{}>", mark.attributes(number, piece.is_first)));
            if piece.span.end > place {
                open.push((piece.span.end, number));
            } else {
                out.push_str("</mark>");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::{Evidence, Span};
    use proptest::collection::vec;
    use proptest::prelude::proptest;

    use super::{Numbered, Piece, lines, marked, pieces};

    #[test]
    fn crossing_marks_are_cut_and_nested() {
        let mut cut = BTreeSet::new();
        let piece = |start, end, number| Piece { span: Span::new(start, end), number, is_first: true };
        let html = marked(
            ("abcdef", Span::new(0, 6)),
            vec![piece(0, 4, 1), piece(2, 6, 2), piece(3, 3, 3)],
            &Numbered,
            &mut cut,
        );
        assert_eq!(
            html,
            "<mark id=\"e1\">ab<mark id=\"e2\">c<mark id=\"e3\"></mark>d</mark></mark><mark class=\"c2\">ef</mark>"
        );
        assert_eq!(cut, BTreeSet::from([2]));
    }

    proptest! {
        #[test]
        fn any_spans_nest_and_leave_the_text_whole(spans in vec((0usize..40, 0usize..40), 0..12)) {
            let text = "one\n\ntwo three\nfour five six\nseven\n\neight";
            let evidence: Vec<(Evidence, usize)> = spans
                .iter()
                .enumerate()
                .map(|(n, (a, b))| (Evidence { article: 0, span: Span::new(*a.min(b), *a.max(b)) }, n))
                .collect();
            let lines = lines(text);
            let mut by_line = pieces(&lines, &evidence);
            let mut cut = BTreeSet::new();
            let mut ids = 0;
            for (i, line) in lines.iter().enumerate() {
                let html = marked((text, *line), by_line.remove(&i).unwrap_or_default(), &Numbered, &mut cut);
                ids += html.matches(" id=").count();
                let mut depth = 0i32;
                let mut bare = String::new();
                for (n, part) in html.split('<').enumerate() {
                    let (tag, rest) = if n == 0 { ("", part) } else { part.split_once('>').unwrap() };
                    depth += i32::from(tag.starts_with("mark")) - i32::from(tag == "/mark");
                    assert!(depth >= 0);
                    bare.push_str(rest);
                }
                assert_eq!(depth, 0);
                assert_eq!(bare, line.of(text));
            }
            assert_eq!(ids, evidence.len(), "every id stands once");
        }
    }
}
