//! Everything that looks at one article: text → names, quotations, figures, times, statements.

mod figure;
pub mod lang;
mod mention;
mod parse;
mod published;
mod quotation;
mod sentence;
mod speaker;
mod statement;
mod time;
mod tools;
mod vectors;

use grammar::{Document, Session};
use model::{Annotated, Article, Published, PublishedOrigin, Warned};

pub use parse::Parse;
pub use published::{DateEvidence, DateFact, DateFactKind, Side};
pub use tools::Tools;

/// An article as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// All that was found in it.
    pub annotated: Annotated,
    /// What it takes to date it, where it came without a date: reports of one event are dated together.
    pub undated: Option<Undated>,
}

/// A report that came without a date.
#[derive(Clone, Debug, PartialEq)]
pub struct Undated {
    /// What it prints about its day.
    pub evidence: DateEvidence,
    document: Document,
}

/// Reads an article: cannot fail. `session` is the thread's own, made by [`Tools::session`].
pub fn annotate(tools: &Tools, session: &mut Session<'_>, mut article: Article) -> Warned<Read> {
    let pieces = sentence::paragraphs(&article);
    let mut document = session.analyze(&article.text, &pieces);
    let parse = Parse::new(&article.text, &document);
    let evidence =
        article.published.is_none().then(|| published::evidence(&parse, &article, &tools.language));
    if let Some(evidence) = &evidence {
        article.published = infer_date(&[evidence], None, 0);
    }
    let sentences = sentence::sentences(&parse, &article);
    let mut quotations = quotation::quotations(&parse, &tools.tagger, &tools.language);
    let (mentions, entities) = mention::entities(&parse, &tools.language);
    let known = speaker::Known { mentions: &mentions, entities: &entities };
    speaker::speakers(&parse, &known, &mut quotations, &tools.language);
    let (figures, times, statements) = (Vec::new(), Vec::new(), Vec::new());
    let mut annotated =
        Annotated { sentences, mentions, entities, quotations, figures, times, statements, article };
    tell(tools, &document, &mut annotated);
    document.vectors = Vec::new();
    let undated = evidence.map(|evidence| Undated { evidence, document });
    Warned { value: Read { annotated, undated }, warnings: Vec::new() }
}

/// Gives a report the date that was worked out for it, and tells its times from that day.
pub fn date(tools: &Tools, undated: &Undated, annotated: &mut Annotated, published: Published) {
    annotated.article.published = Some(published);
    tell(tools, &undated.document, annotated);
}

/// What depends on the day of the report: its times, and what is made with them.
fn tell(tools: &Tools, document: &Document, annotated: &mut Annotated) {
    let parse = Parse::new(&annotated.article.text, document);
    let times = time::times(&parse, anchor(&annotated.article), &tools.language);
    let mut figures = figure::figures(&parse, &times, &tools.language);
    figure::sources(&mut figures, &annotated.quotations);
    let statements = statement::statements(&statement::Reading {
        parse: &parse,
        sentences: &annotated.sentences,
        mentions: &annotated.mentions,
        entities: &annotated.entities,
        quotations: &annotated.quotations,
        figures: &figures,
        times: &times,
        language: &tools.language,
        vectors: &tools.vectors,
    });
    (annotated.times, annotated.figures, annotated.statements) = (times, figures, statements);
}

/// The date that undated reports of one event tell together, as one of them (index `article`) shows it: the
/// evidence are the words that it prints itself. `reference` (`YYYY-MM-DD`) is the last day that it can be.
pub fn infer_date(reports: &[&DateEvidence], reference: Option<&str>, article: usize) -> Option<Published> {
    let inferred = published::infer(reports, reference.and_then(|day| day.parse().ok()))?;
    let own = inferred.evidence.iter().filter(|evidence| evidence.article == article);
    Some(Published {
        value: inferred.value,
        precision: inferred.precision,
        origin: PublishedOrigin::Inferred,
        evidence: own.map(|evidence| evidence.span).collect(),
    })
}

/// The day that the article's times are told from.
fn anchor(article: &Article) -> Option<jiff::civil::Date> {
    let value = &article.published.as_ref()?.value;
    value.get(..10)?.parse().ok()
}
