//! Statements: what comparing needs of each sentence, so that it never has to read text again.

mod certainty;
mod clause;
mod distance;
mod frame;
mod slot;
mod stance;
mod stream;
mod word;

#[cfg(test)]
mod tests;

use model::{Entity, Figure, Mention, Quotation, Sentence, Span, Statement, Time};

use self::clause::Built;
use self::word::Content;
use crate::lang::Language;
use crate::{Parse, Purpose};

/// What has been read in an article before its statements are made.
pub(crate) struct Reading<'a> {
    /// The analysed text.
    pub parse: &'a Parse<'a>,
    /// In order of the text.
    pub sentences: &'a [Sentence],
    /// Names, pronouns, role nouns.
    pub mentions: &'a [Mention],
    /// What the mentions stand for.
    pub entities: &'a [Entity],
    /// Who says what.
    pub quotations: &'a [Quotation],
    /// Quantities.
    pub figures: &'a [Figure],
    /// Time expressions.
    pub times: &'a [Time],
    /// The words of the article's language.
    pub language: &'a Language,
}

/// One sentence with its tokens.
struct Unit<'a> {
    reading: &'a Reading<'a>,
    span: Span,
    /// Tokens of the sentence, white space left out.
    tokens: Vec<usize>,
    nearby: &'a Nearby,
}

/// The statements of an article, without their vectors: one a sentence. Finer units were tried and aligned worse; parts of a sentence
/// are told apart by its clauses.
pub(crate) fn statements(reading: &Reading<'_>, purpose: Purpose) -> Vec<Statement> {
    let mut statements = Vec::with_capacity(reading.sentences.len());
    let nearby = nearby(reading);
    for (number, sentence) in reading.sentences.iter().enumerate() {
        let parse = reading.parse;
        let mut tokens: Vec<usize> = parse.tokens_in(sentence.span).collect();
        tokens.retain(|&token| {
            !parse.word(token).trim().is_empty() && sentence.span.contains(parse.span(token))
        });
        let unit = Unit { reading, span: sentence.span, tokens, nearby: &nearby[number] };
        let statement = match purpose {
            Purpose::Telling => told(&unit, number),
            Purpose::Comparing => compared(&unit, number),
        };
        statements.extend(statement);
    }
    statements
}

/// Sentences with fewer words say nothing: a lone word, a row of signs.
const WORDS_MIN: usize = 2;

/// How a statement stands when it is told by itself; `None` when its sentence says nothing.
fn told(unit: &Unit<'_>, sentence: usize) -> Option<Statement> {
    if !stream::has_words(unit, WORDS_MIN) {
        return None;
    }
    let is_content = |token| word::is_content(unit, token);
    let clauses = if frame::announces(unit) { Vec::new() } else { clause::clauses(unit, &is_content) };
    Some(statement(unit, sentence, clauses))
}

/// What one sentence says, with all that comparing needs; `None` when it says nothing.
fn compared(unit: &Unit<'_>, sentence: usize) -> Option<Statement> {
    let stream = stream::stream(unit);
    if stream.len() < WORDS_MIN {
        return None;
    }
    let figures = &unit.nearby.figures;
    // What only announces is copied like the rest, but there is nothing in it to be said in other words.
    let content = if frame::announces(unit) { Content::default() } else { word::content(unit, figures) };
    let mut clauses = clause::clauses(unit, &|token| content.of_token.contains_key(&token));
    clauses.iter_mut().for_each(|clause| clause::give_words(unit, clause, &content));
    let slots = figures.iter().map(|&figure| slot::slot(unit, figure, (&content, &clauses))).collect();
    Some(Statement {
        stream,
        slots,
        negation_count: distance::negations(unit).count(),
        hedges: distance::hedges(unit),
        stances: stance::stances(unit),
        words: content.words,
        ..statement(unit, sentence, clauses)
    })
}

/// What every statement has.
fn statement(unit: &Unit<'_>, sentence: usize, clauses: Vec<Built>) -> Statement {
    let Nearby { quotations, figures, times, .. } = unit.nearby;
    Statement {
        span: unit.span,
        sentence,
        certainty: distance::certainty(unit, &clauses),
        clauses: clauses.into_iter().map(|clause| clause.made).collect(),
        quotations: quotations.clone(),
        figures: figures.clone(),
        times: times.clone(),
        stream: Vec::new(),
        vector: Vec::new(),
        slots: Vec::new(),
        negation_count: 0,
        hedges: Vec::new(),
        stances: Vec::new(),
        words: Vec::new(),
    }
}

/// What of an article lies in a sentence, by number.
#[derive(Clone, Debug, Default)]
struct Nearby {
    /// Quotations with words in it.
    quotations: Vec<usize>,
    /// Figures that lie wholly in it.
    figures: Vec<usize>,
    /// Times likewise.
    times: Vec<usize>,
    /// Reporting words of quotations, wherever these are.
    cues: Vec<Span>,
}

/// What lies in each sentence: each thing is looked up once, by where it begins.
fn nearby(reading: &Reading<'_>) -> Vec<Nearby> {
    let sentences = reading.sentences;
    let mut nearby = vec![Nearby::default(); sentences.len()];
    let first = |span: Span| sentences.partition_point(|sentence| sentence.span.end <= span.start);
    for (number, quotation) in reading.quotations.iter().enumerate() {
        for content in &quotation.content {
            let overlapped = sentences[first(*content)..].iter().zip(first(*content)..);
            for (_, at) in overlapped.take_while(|(sentence, _)| sentence.span.start < content.end) {
                let here = &mut nearby[at].quotations;
                if sentences[at].span.overlaps(*content) && here.last() != Some(&number) {
                    here.push(number);
                }
            }
        }
    }
    let holder = |span: Span| {
        let at = first(span);
        sentences.get(at).is_some_and(|sentence| sentence.span.contains(span)).then_some(at)
    };
    for cue in reading.quotations.iter().filter_map(|quotation| quotation.cue) {
        holder(cue).into_iter().for_each(|at| nearby[at].cues.push(cue));
    }
    for (number, figure) in reading.figures.iter().enumerate() {
        holder(figure.span).into_iter().for_each(|at| nearby[at].figures.push(number));
    }
    for (number, time) in reading.times.iter().enumerate() {
        holder(time.span).into_iter().for_each(|at| nearby[at].times.push(number));
    }
    nearby
}

impl Unit<'_> {
    /// The quotations that have words in this sentence.
    fn quotations(&self) -> impl Iterator<Item = &Quotation> {
        self.nearby.quotations.iter().map(|&number| &self.reading.quotations[number])
    }

    /// Whether the token lies in quoted words.
    fn quoted(&self, token: usize) -> bool {
        use model::QuotationForm::{Direct, Mixed};
        let span = self.reading.parse.span(token);
        self.quotations().any(|quotation| {
            matches!(quotation.form, Direct | Mixed)
                && quotation.content.iter().any(|content| content.contains(span))
        })
    }

    /// Whether the token is a reporting word of a quotation.
    fn cues(&self, token: usize) -> bool {
        let span = self.reading.parse.span(token);
        self.nearby.cues.iter().any(|cue| cue.contains(span))
    }

    /// Whether the token belongs to a date or time.
    fn dates(&self, token: usize) -> bool {
        let span = self.reading.parse.span(token);
        self.nearby.times.iter().any(|&time| self.reading.times[time].span.contains(span))
    }

    /// The token that all of its sentence hangs from.
    fn root(&self) -> Option<usize> {
        let parse = self.reading.parse;
        self.tokens.iter().copied().find(|&token| parse.head(token) == token)
    }

    /// Whether the token is one of this sentence.
    fn holds(&self, token: usize) -> bool {
        let (Some(&first), Some(&last)) = (self.tokens.first(), self.tokens.last()) else { return false };
        // Few sentences have white space among their tokens.
        let is_whole = last - first + 1 == self.tokens.len();
        (first..=last).contains(&token) && (is_whole || self.tokens.binary_search(&token).is_ok())
    }
}
