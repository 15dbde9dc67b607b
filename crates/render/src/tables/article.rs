//! Tables of which each row belongs to one article.

use super::{ArticleOf, Cell, Column, END, Rows, START, Table, WORDS};
use crate::json::{origin, quotation_form};

const ARTICLE: Column = Column::text("article", "the article's id, as in every other table");

pub(super) const ARTICLES: Table = Table {
    name: "articles",
    about: "One version of one article as it came.",
    key: &["article"],
    columns: &[
        ARTICLE,
        Column::text("input", "the input it came from, as the user named it"),
        Column::text("story", "the id of its story; empty until it was filed"),
        Column::text("outlet", "who publishes it"),
        Column::text("owner", "who owns the outlet, where that is known"),
        Column::text("url", "where it was published"),
        Column::text("language", "BCP 47"),
        Column::text("headline", "the headline"),
        Column::text("byline", "who signs, separated by `; `"),
        Column::text("published", "ISO 8601, as precise as it is known"),
        Column::text("published_precision", "`year`, `month`, `day` or `minute`"),
        Column::text(
            "published_origin",
            "where the date was read: `json-ld`, `meta`, `url`, `feed`, `text`, `inferred`, `given`",
        ),
        Column::text("digest", "SHA-256 of the text, in hexadecimal"),
        Column::number("length", "bytes of the text"),
        Column::text("text", "the text; every `start` and `end` points here"),
    ],
    rows: Rows::Article(articles),
};

fn articles(of: &ArticleOf) -> Vec<Vec<Cell>> {
    let article = &of.annotated.article;
    let published = article.published.as_ref();
    let byline = article.byline.join("; ");
    vec![vec![
        Cell::from(&*article.id),
        Cell::from(&*article.input),
        of.story.into(),
        article.outlet.as_deref().into(),
        article.owner.as_deref().into(),
        article.url.as_deref().into(),
        Cell::from(&*article.language),
        article.headline.map(|span| Cell::words(of.text, &article.text, span)).unwrap_or(Cell::Nothing),
        Some(&*byline).filter(|byline| !byline.is_empty()).into(),
        published.map(|published| &*published.value).into(),
        published.map(|published| published.precision).into(),
        published.map(|published| origin(published.origin)).into(),
        Cell::from(&*article.digest),
        Cell::from(article.text.len()),
        Cell::kept(of.text, &article.text),
    ]]
}

pub(super) const QUOTATIONS: Table = Table {
    name: "quotations",
    about: "What an article attributes to somebody; where the reporting clause interrupts it, one row for all its parts.",
    key: &["article", "quotation"],
    columns: &[
        ARTICLE,
        Column::number("quotation", "its number in the article, from 0"),
        Column::text("form", "`direct`, `indirect`, `mixed` or `scare`"),
        START,
        END,
        Column::number("parts", "number of its parts"),
        Column::text("text", "its parts, verbatim, separated by ` … `"),
        Column::text("cue", "the reporting word"),
        Column::text("source", "who says it, as printed"),
        Column::text("speaker", "who says it, by the fullest name that the article has"),
    ],
    rows: Rows::Article(quotations),
};

fn quotations(of: &ArticleOf) -> Vec<Vec<Cell>> {
    let text = &of.annotated.article.text;
    let words = |span| Cell::words(of.text, text, span);
    let all = of.annotated.quotations.iter().enumerate().filter_map(|(number, quotation)| {
        let (first, last) = (quotation.content.first()?, quotation.content.last()?);
        let parts: Vec<&str> = quotation.content.iter().map(|span| span.of(text)).collect();
        Some(vec![
            Cell::from(&*of.annotated.article.id),
            Cell::from(number),
            Cell::from(quotation_form(quotation.form)),
            Cell::from(first.start),
            Cell::from(last.end),
            Cell::from(parts.len()),
            Cell::kept(of.text, &parts.join(" … ")),
            quotation.cue.map(words).unwrap_or(Cell::Nothing),
            quotation.source.map(words).unwrap_or(Cell::Nothing),
            quotation.speaker.as_deref().into(),
        ])
    });
    all.collect()
}

pub(super) const FIGURES: Table = Table {
    name: "figures",
    about: "A quantity in an article: a range of exact decimals.",
    key: &["article", "figure"],
    columns: &[
        ARTICLE,
        Column::number("figure", "its number in the article, from 0"),
        START,
        END,
        WORDS,
        Column::text("low", "decimal: the lowest value meant; empty where it is open below"),
        Column::text("high", "decimal: the highest value meant; empty where it is open above"),
        Column::text("unit", "`USD`, `percent`, `kilometre`, …; empty for plain counts"),
        Column::text("counts", "what is counted, as printed"),
        Column::text("hedge", "the words that make it inexact"),
    ],
    rows: Rows::Article(figures),
};

fn figures(of: &ArticleOf) -> Vec<Vec<Cell>> {
    let text = &of.annotated.article.text;
    let all = of.annotated.figures.iter().enumerate().map(|(number, figure)| {
        vec![
            Cell::from(&*of.annotated.article.id),
            Cell::from(number),
            Cell::from(figure.span.start),
            Cell::from(figure.span.end),
            Cell::words(of.text, text, figure.span),
            figure.low.map(|value| value.normalize().to_string()).into(),
            figure.high.map(|value| value.normalize().to_string()).into(),
            figure.unit.as_deref().into(),
            figure.counts.as_deref().map_or(Cell::Nothing, |counts| Cell::kept(of.text, counts)),
            figure.hedge.as_deref().map_or(Cell::Nothing, |hedge| Cell::kept(of.text, hedge)),
        ]
    });
    all.collect()
}
