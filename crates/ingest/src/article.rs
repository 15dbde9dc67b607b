//! From a text and what is given with it to an article: headline, byline, dateline, credits, date, furniture.

use model::{Article, Published, Span, Trace};

use crate::IngestOptions;
use crate::byline::{byline, reporters};
use crate::credit::{Place, credits};
use crate::dateline::dateline;
use crate::digest::sha256;
use crate::language::language;
use crate::line::{Line, lines};
use crate::page::{Page, furniture, judge};
use crate::published::printed;

/// Lines of the report's beginning that may hold byline, date and dateline.
const OPENING_LINES_MAX: usize = 5;
/// Lines at the foot of a report that may credit reporters.
const FOOT_LINES_MAX: usize = 6;

/// What an input says about an article besides its text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pub id: Option<String>,
    pub outlet: Option<String>,
    pub url: Option<String>,
    pub headline: Option<Span>,
    pub byline: Vec<String>,
    pub published: Option<Published>,
    pub source_map: Option<Vec<Trace>>,
    pub origin: Option<String>,
    pub cut_short: Option<String>,
}

/// Reads what a text says about itself.
pub(crate) fn article(input: &str, text: String, given: Given, options: &IngestOptions) -> Article {
    let words = &options.words;
    let lines = lines(&text, words);
    let known = given.headline.and_then(|span| lines.iter().position(|line| line.span.overlaps(span)));
    let mut page = judge(&text, &lines, words, known);
    mark_repeated_headline(&text, &lines, &mut page);
    let first = page.first_prose.unwrap_or(0);
    let report_lines = (first..lines.len()).filter(|&line| page.kinds[line].is_none());
    let head = report_lines.take(OPENING_LINES_MAX).last().map_or(lines.len(), |line| line + 1);
    let mut names = given.byline;
    if let Some(found) = byline(&text, &lines, options, head) {
        page.kinds[found.line] = Some("byline".to_owned());
        if names.is_empty() {
            names = found.names;
        }
    }
    let foot = lines.len().saturating_sub(FOOT_LINES_MAX);
    if names.is_empty() {
        names = lines[foot..].iter().flat_map(|line| reporters(&text, line, options)).collect();
    }
    let mut published = given.published;
    if let Some((line, found)) = printed(&text, &lines, words, head)
        && Some(line) != page.headline
    {
        if !lines[line].is_prose() && page.kinds[line].is_none() {
            page.kinds[line] = Some("date-line".to_owned());
        }
        published = published.or(Some(found));
    }
    let is_report = |line: usize| page.kinds[line].is_none() && page.headline != Some(line);
    let opening = (0..lines.len()).filter(|&line| is_report(line)).take(OPENING_LINES_MAX);
    let dateline = opening.filter_map(|line| dateline(&text, lines[line].span, words)).next();
    let report: Vec<&Line> =
        page.kinds.iter().zip(&lines).filter(|(kind, _)| kind.is_none()).map(|(_, line)| line).collect();
    let place_of = |line: usize| match page.kinds[line].as_deref() {
        Some(kind) if kind.starts_with("image") => Place::Image,
        Some(_) | None if line < head || line >= foot => Place::Edge,
        Some(_) | None => Place::Inside,
    };
    let credits = credits(&text, &lines, options, place_of);
    let known = options.outlets.of(given.outlet.as_deref(), given.url.as_deref());
    Article {
        id: given.id.unwrap_or_else(|| id_of(input)),
        input: input.to_owned(),
        owner: known.and_then(|outlet| outlet.owner.clone()),
        outlet: given.outlet.or_else(|| known.map(|outlet| outlet.name.clone())),
        url: given.url,
        language: language(&text, &report, options.language),
        headline: given.headline.or_else(|| page.headline.map(|line| lines[line].span)),
        byline: names,
        dateline,
        credits,
        published,
        digest: sha256(text.as_bytes()),
        furniture: furniture(&lines, &page.kinds),
        source_map: given.source_map,
        origin: given.origin,
        cut_short: given.cut_short,
        text,
        ..Article::default()
    }
}

/// A text that opens with its own headline once more says it only once.
fn mark_repeated_headline(text: &str, lines: &[Line], page: &mut Page) {
    let Some(headline) = page.headline else { return };
    let again = lines
        .get(headline + 1)
        .filter(|line| line.plain == lines[headline].plain && !line.span.of(text).is_empty());
    if again.is_some() {
        page.kinds[headline + 1] = Some("repeated-headline".to_owned());
    }
}

/// An id from the name of an input: the file's name without folder and ending.
pub(crate) fn id_of(name: &str) -> String {
    let name = name.trim_end_matches('/');
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| if stem.is_empty() { file } else { stem });
    match stem {
        "" | "-" => "stdin".to_owned(),
        stem => stem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Given, article, id_of};
    use crate::IngestOptions;

    #[test]
    fn a_text_says_who_wrote_it_where_and_after_whom() {
        let text = "Ferry runs aground off Port Selm\nForty were brought ashore; nobody was hurt at all.\n\
            By Ana Ruiz and Bo Li\nPublished: 14 March 2021\nPORT SELM (AP) — The ferry ran aground on Sunday in fog, \
            the coast guard said.\nImage: Cy Dow/AP\n“We felt a long scrape and then nothing,” said Mara Quill.\n\
            © 2021 The Selm Courier";
        let article = article("a.txt", text.to_owned(), Given::default(), &IngestOptions::english(None));
        assert_eq!(article.byline, ["Ana Ruiz", "Bo Li"]);
        assert_eq!(article.dateline.unwrap().of(text), "PORT SELM (AP) —");
        let publishers: Vec<&str> = article.credits.iter().map(|credit| credit.publisher.as_str()).collect();
        assert_eq!(publishers, ["Associated Press", "The Selm Courier"]);
        let published = article.published.unwrap();
        assert_eq!(
            (published.value.as_str(), published.evidence[0].of(text)),
            ("2021-03-14", "14 March 2021")
        );
    }

    #[test]
    fn ids_come_from_file_names() {
        assert_eq!(id_of("news/2022/bridge.txt"), "bridge");
        assert_eq!(id_of(r"news\bridge"), "bridge");
        assert_eq!(id_of("-"), "stdin");
        assert_eq!(id_of("https://arle.example/news/bridge/"), "bridge");
        assert_eq!(id_of(".txt"), ".txt");
    }
}
