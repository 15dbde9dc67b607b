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

use grammar::Session;
use model::{Annotated, Article, Published, PublishedOrigin, Warned};

pub use parse::Parse;
pub use published::{DateEvidence, DateFact, DateFactKind, Side};
pub use tools::Tools;

/// An article as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// All that was found in it.
    pub annotated: Annotated,
    /// What it prints about its day, where it came without a date: reports of one event are dated together.
    pub dates: Option<DateEvidence>,
}

/// Reads an article: cannot fail. `session` is the thread's own, made by [`Tools::session`].
pub fn annotate(tools: &Tools, session: &mut Session<'_>, mut article: Article) -> Warned<Read> {
    let pieces = sentence::paragraphs(&article);
    let document = session.analyze(&article.text, &pieces);
    let parse = Parse::new(&article.text, &document);
    let dates = article.published.is_none().then(|| published::evidence(&parse, &article, &tools.language));
    if let Some(dates) = &dates {
        article.published = infer_date(&[dates], None, 0);
    }
    let sentences = sentence::sentences(&parse, &article);
    let times = time::times(&parse, anchor(&article), &tools.language);
    let figures = figure::figures(&parse, &times, &tools.language);
    let mut quotations = quotation::quotations(&parse, &tools.tagger, &tools.language);
    let (mentions, entities) = mention::entities(&parse, &tools.language);
    let known = speaker::Known { mentions: &mentions, entities: &entities };
    speaker::speakers(&parse, &known, &mut quotations, &tools.language);
    let statements = statement::statements(&statement::Reading {
        parse: &parse,
        sentences: &sentences,
        mentions: &mentions,
        entities: &entities,
        quotations: &quotations,
        figures: &figures,
        times: &times,
        language: &tools.language,
        vectors: Some(&tools.vectors),
    });
    let annotated =
        Annotated { sentences, mentions, entities, quotations, figures, times, statements, article };
    Warned { value: Read { annotated, dates }, warnings: Vec::new() }
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
