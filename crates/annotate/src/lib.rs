//! Everything that looks at one article: text → names, quotations, figures, times, statements.

mod figure;
pub mod lang;
mod letters;
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
use jiff::civil::Date;
use model::{
    Annotated, Article, Entity, Figure, Mention, Published, PublishedOrigin, Quotation, Sentence, Statement,
    Time, Warned,
};

pub use parse::Parse;
pub use published::{DateEvidence, DateFact, DateFactKind, Side};
pub use tools::Tools;
pub use vectors::{Likeness, WordVectors};

/// What an article is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be told by itself: of its statements only where they stand, their clauses and how sure each is.
    Telling,
    /// To be compared with others, or grouped with them: all that a statement has, but for the vectors of its words, which
    /// [`Likeness::give_words`] gives to those that are compared.
    Comparing,
}

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
pub fn annotate(
    tools: &Tools,
    session: &mut Session<'_>,
    article: Article,
    purpose: Purpose,
) -> Warned<Read> {
    let read = annotate_all(tools, session, vec![article], purpose).pop().expect("one for each article");
    Warned { value: read, warnings: Vec::new() }
}

/// Reads articles, each by itself, with the same outcome as [`annotate`], and sooner: their words go through the tagger's
/// network side by side. All are held together, with about 3 kB a word.
pub fn annotate_all(
    tools: &Tools,
    session: &mut Session<'_>,
    articles: Vec<Article>,
    purpose: Purpose,
) -> Vec<Read> {
    let analyze = |article: &Article| session.analyze(&article.text, &sentence::paragraphs(article));
    let documents: Vec<Document> = articles.iter().map(analyze).collect();
    let texts = articles.iter().zip(&documents);
    let parses: Vec<Parse<'_>> =
        texts.map(|(article, document)| Parse::new(&article.text, document)).collect();
    let quotations = quotation::quotations(&parses, &tools.tagger, &tools.language, session.room());
    let told: Vec<(Dated, Known, Told)> = articles
        .iter()
        .zip(&parses)
        .zip(quotations)
        .map(|((article, parse), quotations)| {
            let dated = dated(tools, article, parse);
            let known = known(tools, (article, parse), quotations);
            let told = tell(tools, parse, (anchor(dated.published.as_ref()), purpose), &known);
            (dated, known, told)
        })
        .collect();
    drop(parses);
    let read = |((mut article, mut document), (dated, known, told)): ((Article, Document), _)| {
        session.reuse_vectors(&mut document);
        let Dated { published, evidence } = dated;
        article.published = published;
        let undated = evidence.map(|evidence| Undated { evidence, document });
        Read { annotated: annotated(article, known, told), undated }
    };
    articles.into_iter().zip(documents).zip(told).map(read).collect()
}

/// The date of an article, and what it was inferred from if it came without one.
struct Dated {
    published: Option<Published>,
    evidence: Option<DateEvidence>,
}

fn dated(tools: &Tools, article: &Article, parse: &Parse<'_>) -> Dated {
    if article.published.is_some() {
        return Dated { published: article.published.clone(), evidence: None };
    }
    let evidence = published::evidence(parse, article, &tools.language);
    Dated { published: infer_date(&[&evidence], None, 0), evidence: Some(evidence) }
}

/// What an article tells whatever its day is.
fn known(tools: &Tools, (article, parse): (&Article, &Parse<'_>), mut quotations: Vec<Quotation>) -> Known {
    let sentences = sentence::sentences(parse, article);
    let (mentions, entities) = mention::entities(parse, &tools.language);
    let known = speaker::Known { mentions: &mentions, entities: &entities };
    speaker::speakers(parse, &known, &mut quotations, &tools.language);
    Known { sentences, mentions, entities, quotations }
}

fn annotated(article: Article, known: Known, told: Told) -> Annotated {
    let Known { sentences, mentions, entities, quotations } = known;
    let Told { times, figures, statements } = told;
    Annotated { sentences, mentions, entities, quotations, figures, times, statements, article }
}

/// Gives a report that is compared the date that was worked out for it, and tells its times from that day.
pub fn date(tools: &Tools, undated: &Undated, annotated: &mut Annotated, published: Published) {
    annotated.article.published = Some(published);
    let parse = Parse::new(&annotated.article.text, &undated.document);
    let known = Known {
        sentences: std::mem::take(&mut annotated.sentences),
        mentions: std::mem::take(&mut annotated.mentions),
        entities: std::mem::take(&mut annotated.entities),
        quotations: std::mem::take(&mut annotated.quotations),
    };
    let told =
        tell(tools, &parse, (anchor(annotated.article.published.as_ref()), Purpose::Comparing), &known);
    Known {
        sentences: annotated.sentences,
        mentions: annotated.mentions,
        entities: annotated.entities,
        quotations: annotated.quotations,
    } = known;
    (annotated.times, annotated.figures, annotated.statements) = (told.times, told.figures, told.statements);
}

/// What an article tells whatever its day is.
struct Known {
    sentences: Vec<Sentence>,
    mentions: Vec<Mention>,
    entities: Vec<Entity>,
    quotations: Vec<Quotation>,
}

/// What depends on the day of the report: its times, and what is made with them.
struct Told {
    times: Vec<Time>,
    figures: Vec<Figure>,
    statements: Vec<Statement>,
}

fn tell(tools: &Tools, parse: &Parse<'_>, (day, purpose): (Option<Date>, Purpose), known: &Known) -> Told {
    let atoms = figure::atom::paragraphs(parse, &tools.language);
    let times = time::times(parse, &atoms, day, &tools.language);
    let mut figures = figure::figures(parse, &atoms, &times, &tools.language);
    figure::sources(&mut figures, &known.quotations);
    let reading = statement::Reading {
        parse,
        sentences: &known.sentences,
        mentions: &known.mentions,
        entities: &known.entities,
        quotations: &known.quotations,
        figures: &figures,
        times: &times,
        language: &tools.language,
    };
    let mut statements = statement::statements(&reading, purpose);
    match purpose {
        Purpose::Telling => {}
        Purpose::Comparing => tools.vectors.give_sentences(parse.text, &mut statements),
    }
    Told { times, figures, statements }
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

/// The day that the times of an article of this date are told from.
fn anchor(published: Option<&Published>) -> Option<Date> {
    published?.value.get(..10)?.parse().ok()
}
