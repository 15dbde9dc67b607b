//! Articles for tests, made from plain words: no language model is needed to test what compares.

use model::{
    Annotated, Article, Certainty, Clause, Entity, EntityKind, Figure, Hedge, HedgeKind, Mention, Published,
    PublishedOrigin, Quotation, QuotationForm, Sentence, Slot, Span, Statement, Token, TokenRole, Word,
    WordKind,
};

const FILLERS: &[&str] = &["a", "an", "the", "that"];
const FUNCTION: &[&str] =
    &["of", "in", "on", "at", "to", "was", "were", "is", "and", "by", "we", "they", "it", "will", "had"];
const NEGATIONS: &[&str] = &["not", "never", "no"];
const HEDGES: &[&str] = &["allegedly", "reportedly"];
const SPEECH: &[&str] = &["said", "told"];
const DAYS: &[&str] = &["monday", "tuesday", "friday"];

/// An article of one paragraph a line; each sentence ends with a stop. What stands between curly quotation marks is
/// a direct quotation of the capitalised words before "said" in its sentence.
pub(crate) fn article(id: &str, published: &str, lines: &[&str]) -> Annotated {
    let text = lines.join("\n");
    let mut made = Annotated {
        article: Article {
            id: id.to_string(),
            input: id.to_string(),
            outlet: Some(format!("{id}.example")),
            language: "en".to_string(),
            published: Some(Published {
                value: published.to_string(),
                precision: "day",
                origin: PublishedOrigin::Given,
                evidence: Vec::new(),
            }),
            text,
            ..Article::default()
        },
        sentences: Vec::new(),
        mentions: Vec::new(),
        entities: Vec::new(),
        quotations: Vec::new(),
        figures: Vec::new(),
        times: Vec::new(),
        statements: Vec::new(),
    };
    let mut start = 0;
    for (paragraph, line) in lines.iter().enumerate() {
        let mut at = start;
        for sentence in line.split_inclusive(". ") {
            let span = Span::new(at, at + sentence.trim_end().len());
            at += sentence.len();
            made.sentences.push(Sentence { span, paragraph, headline: false });
            add(&mut made, span);
        }
        start += line.len() + 1;
    }
    made
}

/// Adds what a sentence says.
fn add(made: &mut Annotated, span: Span) {
    let text = made.article.text.clone();
    let words = split(span, &text);
    let lower = |word: &Span| word.of(&text).to_lowercase();
    let stream: Vec<Token> =
        words.iter().enumerate().map(|(place, word)| token(place, *word, &text)).collect();
    let content: Vec<Word> = stream
        .iter()
        .filter(|token| matches!(token.role, TokenRole::Content | TokenRole::Name | TokenRole::Number))
        .map(word)
        .collect();
    for token in stream.iter().filter(|token| token.role == TokenRole::Name) {
        made.entities.push(Entity { name: token.span.of(&text).to_string(), kind: EntityKind::Person });
        made.mentions.push(Mention { span: token.span, entity: made.entities.len() - 1, is_name: true });
    }
    let quotations = quotation(made, span, &stream);
    let numbers: Vec<&Token> = stream.iter().filter(|token| token.role == TokenRole::Number).collect();
    let figures: Vec<usize> = numbers.iter().map(|number| figure(made, number, &text)).collect();
    let clause = Clause {
        span,
        predicate: words
            .iter()
            .find(|word| lower(word).ends_with("ed"))
            .and_then(|verb| content.iter().position(|word| word.span == *verb)),
        subject: (!content.is_empty()).then_some(0),
        words: (0..content.len()).collect(),
        negated: stream.iter().any(|token| token.role == TokenRole::Negation),
        certainty: Certainty::Certain,
        grounds: Vec::new(),
    };
    let slots = slots(&figures, (&clause, &content), &words.iter().map(lower).collect::<Vec<_>>());
    let hedges = stream
        .iter()
        .filter(|token| token.role == TokenRole::Hedge)
        .map(|token| Hedge { span: token.span, kind: HedgeKind::Word })
        .collect();
    made.statements.push(Statement {
        span,
        sentence: made.sentences.len() - 1,
        negation_count: usize::from(clause.negated),
        clauses: vec![clause],
        words: content,
        vector: Vec::new(),
        quotations,
        figures,
        slots,
        times: Vec::new(),
        hedges,
        certainty: Certainty::Certain,
        stances: Vec::new(),
        stream,
    });
}

fn slots(figures: &[usize], (clause, content): (&Clause, &[Word]), lower: &[String]) -> Vec<Slot> {
    let has = |wanted: &str| lower.iter().any(|word| word == wanted);
    let after_number = content.iter().position(|word| word.kind == WordKind::Number).map(|place| place + 1);
    let slot = |&figure: &usize| Slot {
        figure,
        clause: Some(0),
        head: after_number.filter(|&place| place < content.len()),
        verb: clause.predicate,
        class: has("killed").then(|| "death".into()),
        people: has("people"),
    };
    figures.iter().map(slot).collect()
}

fn split(span: Span, text: &str) -> Vec<Span> {
    let mut words = Vec::new();
    let mut start = None;
    let end = [(span.len(), ' ')];
    for (place, letter) in span.of(text).char_indices().chain(end) {
        match (letter.is_alphanumeric(), start) {
            (true, None) => start = Some(place),
            (false, Some(first)) => {
                words.push(Span::new(span.start + first, span.start + place));
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn token(place: usize, span: Span, text: &str) -> Token {
    let printed = span.of(text);
    let form = printed.to_lowercase();
    let has = |list: &[&str]| list.contains(&form.as_str());
    let role = if form.starts_with(|first: char| first.is_ascii_digit()) {
        TokenRole::Number
    } else if has(FILLERS) {
        TokenRole::Filler
    } else if has(FUNCTION) {
        TokenRole::Function
    } else if has(NEGATIONS) {
        TokenRole::Negation
    } else if has(HEDGES) {
        TokenRole::Hedge
    } else if has(SPEECH) {
        TokenRole::Speech
    } else if has(DAYS) {
        TokenRole::Calendar
    } else if place > 0 && printed.starts_with(char::is_uppercase) {
        TokenRole::Name
    } else {
        TokenRole::Content
    };
    Token { form: form.into(), span, role }
}

fn word(token: &Token) -> Word {
    let (key, kind): (String, WordKind) = match token.role {
        TokenRole::Number => (format!("#{}", token.form), WordKind::Number),
        TokenRole::Name => (token.form.to_string(), WordKind::Person),
        _ => (token.form.to_string(), WordKind::Noun),
    };
    Word {
        sense: key.as_str().into(),
        key: key.into(),
        span: token.span,
        kind,
        weight: 4.0,
        vector: [].into(),
        contrast: None,
    }
}

fn quotation(made: &mut Annotated, span: Span, stream: &[Token]) -> Vec<usize> {
    let text = &made.article.text;
    let sentence = span.of(text);
    let (Some(open), Some(close)) = (sentence.find('“'), sentence.find('”')) else { return Vec::new() };
    let names: Vec<&str> = stream
        .iter()
        .filter(|token| token.role == TokenRole::Name && token.span.start > span.start + close)
        .map(|token| token.span.of(text))
        .collect();
    made.quotations.push(Quotation {
        form: QuotationForm::Direct,
        content: vec![Span::new(span.start + open, span.start + close + '”'.len_utf8())],
        cue: None,
        source: None,
        speaker: (!names.is_empty()).then(|| names.join(" ")),
        speaker_entity: None,
    });
    vec![made.quotations.len() - 1]
}

fn figure(made: &mut Annotated, number: &Token, text: &str) -> usize {
    let value = number.span.of(text).parse().ok();
    made.figures.push(Figure {
        span: number.span,
        number: number.span,
        low: value,
        high: value,
        unit: None,
        counts: None,
        head: None,
        hedge: None,
        quotation: None,
    });
    made.figures.len() - 1
}
