//! The sample's reports, as ingest and annotate would hand them over.

use model::{
    Annotated, Article, Credit, Entity, EntityKind, Evidence, Figure, Furniture, Mention, Published,
    PublishedOrigin, Quotation, QuotationForm, Span, Time, TimeKind, Trace,
};

const GAZETTE: &str = "Dam gates jam above Lower Marrow, four dead

By Ida Renfield

LOWER MARROW — Four people died and at least 1,200 were moved from their homes on Tuesday after two gates of the Ansel dam jammed open during the night, officials said.

“We had no warning that the second gate would fail, and we will not rest until we know why,” Water Minister Tomas Aldane told reporters below the dam.

The regional water board rejected the charge that repairs had been put off. “Every inspection was carried out on schedule,” said its director, Petra Voss.

Police said a contractor may have left a safety pin out of the lifting gear.

Schools in the valley will stay shut until Friday.

© 2024 Marrow Valley Gazette
Leave a comment
Your name will not be shown
More from the valley: Bakery wins county prize
More from the valley: Choir seeks tenors
";

const WIRE: &str = "Four killed as dam gates jam in Marrow valley

LOWER MARROW (Northern Wire) — Four people were killed and some 1,500 taken to safety on Tuesday when two spill gates of the Ansel dam jammed open, the emergency service said.

“We had no notice that the second gate would fail, and we shall not rest until we know the reason,” said Water Minister Tomas Aldane.

Repairs to the gates had been put off twice since autumn, the engineers’ union said.

A contractor may have left a safety pin out of the lifting gear, police said.

The reservoir stood at 96 percent of its capacity before the gates opened at about 2 a.m.
";

const LEDGER: &str = "Four killed as dam gates jam

LOWER MARROW (Northern Wire) — Four people were killed and some 1,500 taken to safety on Tuesday when two spill gates of the Ansel dam jammed open, the emergency service said.

“We had no notice that the second gate would fail, and we shall not rest until we know the reason,” said Water Minister Tomas Aldane.

Repairs to the gates had been put off twice since autumn, the engineers’ union said.
";

const OBSERVER: &str = "Marrow valley under water

Two spill gates of the Ansel dam jammed open on Tuesday and four people were killed.

A contractor left a safety pin out of the lifting gear. Repairs to the gates had been put off twice since autumn, according to the engineers’ union.
";

const RADIO: &str = "Dam toll rises to six

The toll rose to six on Wednesday morning as divers reached two more houses in Lower Marrow, the emergency service said.

“We had no warning that the second gate would fail,” said Petra Voss, director of the regional water board.
";

const POST: &str = "What we know about the Ansel dam

Several thousand people left their homes below the Ansel dam. The emergency service has counted four dead.

The engineers’ union says that repairs to the gates were postponed two times since the autumn. The ministry declined to comment on the repairs.
";

const FERRY: &str = "Ferry crews on the Sound strike for a second day

Crews of the Sound ferries stayed ashore on Tuesday over rosters.
";

/// Where `words` first stand in an article, which must hold them.
pub fn evidence(articles: &[Annotated], article: usize, words: &str) -> Evidence {
    Evidence { article, span: span(&articles[article].article.text, words) }
}

pub(super) fn span(text: &str, words: &str) -> Span {
    let start = text.find(words).expect("a sample's words stand in its text");
    Span::new(start, start + words.len())
}

/// An article with nothing read in it yet.
pub fn annotated(id: &str, input: &str, outlet: Option<&str>, text: &str) -> Annotated {
    let first = text.lines().next().unwrap_or("");
    Annotated {
        article: Article {
            id: id.to_owned(),
            input: input.to_owned(),
            outlet: outlet.map(str::to_owned),
            language: "en".to_owned(),
            text: text.to_owned(),
            headline: (!first.is_empty()).then(|| Span::new(0, first.len())),
            digest: "5d".repeat(32),
            ..Article::default()
        },
        sentences: Vec::new(),
        mentions: Vec::new(),
        entities: Vec::new(),
        quotations: Vec::new(),
        figures: Vec::new(),
        times: Vec::new(),
        statements: Vec::new(),
    }
}

pub(super) fn published(article: &mut Annotated, value: &str, origin: PublishedOrigin, words: &[&str]) {
    let evidence = words.iter().map(|w| span(&article.article.text, w)).collect();
    article.article.published =
        Some(Published { value: value.to_owned(), precision: "day", origin, evidence });
}

struct Read<'a> {
    phrase: &'a str,
    number: &'a str,
    low: Option<&'a str>,
    high: Option<&'a str>,
}

fn figure(article: &mut Annotated, read: &Read) {
    let text = &article.article.text;
    let phrase = span(text, read.phrase);
    let inner = span(read.phrase, read.number);
    let number = Span::new(phrase.start + inner.start, phrase.start + inner.end);
    let decimal = |value: Option<&str>| value.map(|v| v.parse().expect("a sample's numbers are decimal"));
    article.figures.push(Figure {
        span: phrase,
        number,
        low: decimal(read.low),
        high: decimal(read.high),
        unit: read.phrase.contains("percent").then(|| "percent".to_owned()),
        counts: None,
        head: None,
        hedge: (inner.start > 0)
            .then(|| Span::new(0, inner.start).trimmed(read.phrase).of(read.phrase).to_owned()),
        quotation: None,
    });
}

fn quote(article: &mut Annotated, content: &str, source: &str, speaker: &str) {
    let text = &article.article.text;
    let entity = article.entities.len();
    article.quotations.push(Quotation {
        form: QuotationForm::Direct,
        content: vec![span(text, content)],
        cue: text.find("said").map(|at| Span::new(at, at + 4)),
        source: Some(span(text, source)),
        speaker: Some(speaker.to_owned()),
        speaker_entity: Some(entity),
    });
    article.mentions.push(Mention { span: span(text, speaker), entity, is_name: true });
    article.entities.push(Entity { name: speaker.to_owned(), kind: EntityKind::Person });
}

fn gazette() -> Annotated {
    let mut a = annotated("gazette.txt", "examples/dam/gazette.txt", Some("Marrow Valley Gazette"), GAZETTE);
    a.article.byline = vec!["Ida Renfield".to_owned()];
    a.article.dateline = Some(span(GAZETTE, "LOWER MARROW —"));
    for (words, kind) in [
        ("© 2024 Marrow Valley Gazette", "copyright"),
        ("Leave a comment", "comment-form"),
        ("Your name will not be shown", "comment-form"),
        ("More from the valley: Bakery wins county prize", "related-headlines"),
        ("More from the valley: Choir seeks tenors", "related-headlines"),
    ] {
        a.article.furniture.push(Furniture { span: span(GAZETTE, words), kind: kind.to_owned() });
    }
    published(&mut a, "2024-04-09", PublishedOrigin::Inferred, &["Tuesday", "© 2024"]);
    figure(&mut a, &Read { phrase: "Four people", number: "Four", low: Some("4"), high: Some("4") });
    figure(&mut a, &Read { phrase: "at least 1,200", number: "1,200", low: Some("1200"), high: None });
    quote(
        &mut a,
        "“We had no warning that the second gate would fail, and we will not rest until we know why,”",
        "Tomas Aldane",
        "Tomas Aldane",
    );
    quote(
        &mut a,
        "“Every inspection was carried out on schedule,”",
        "its director, Petra Voss",
        "Petra Voss",
    );
    a.times.push(Time {
        span: span(GAZETTE, "Tuesday"),
        kind: TimeKind::Date,
        value: "2024-04-09".to_owned(),
    });
    a
}

fn wire(id: &str, input: &str, outlet: &str, text: &str) -> Annotated {
    let mut a = annotated(id, input, Some(outlet), text);
    a.article
        .credits
        .push(Credit { span: span(text, "(Northern Wire)"), publisher: "Northern Wire".to_owned() });
    published(&mut a, "2024-04-09", PublishedOrigin::Inferred, &["Tuesday"]);
    figure(&mut a, &Read { phrase: "Four people", number: "Four", low: Some("4"), high: Some("4") });
    figure(&mut a, &Read { phrase: "some 1,500", number: "1,500", low: Some("1500"), high: Some("1500") });
    quote(
        &mut a,
        "“We had no notice that the second gate would fail, and we shall not rest until we know the reason,”",
        "Water Minister Tomas Aldane",
        "Tomas Aldane",
    );
    a
}

fn radio() -> Annotated {
    let mut a = annotated("radio-17", "examples/dam/broadcasts.jsonl", Some("Radio Estmark"), RADIO);
    a.article.url = Some("https://radio.example/dam?id=17&part=a".to_owned());
    a.article.source_map = Some(vec![
        Trace { text: Span::new(0, 21), source: Span::new(40, 61) },
        Trace { text: Span::new(23, RADIO.len()), source: Span::new(80, RADIO.len() + 57) },
    ]);
    published(&mut a, "2024-04-10", PublishedOrigin::Given, &[]);
    figure(&mut a, &Read { phrase: "six on Wednesday", number: "six", low: Some("6"), high: Some("6") });
    quote(&mut a, "“We had no warning that the second gate would fail,”", "Petra Voss", "Petra Voss");
    a
}

fn post() -> Annotated {
    let mut a = annotated("post.txt", "examples/dam/post.txt", Some("Capital Post"), POST);
    published(&mut a, "2024-04-09", PublishedOrigin::Inferred, &["autumn"]);
    figure(
        &mut a,
        &Read {
            phrase: "Several thousand people",
            number: "Several thousand",
            low: Some("2000"),
            high: Some("9999"),
        },
    );
    figure(&mut a, &Read { phrase: "four dead", number: "four", low: Some("4"), high: Some("4") });
    a
}

/// All of them, in order of input.
pub(super) fn articles() -> Vec<Annotated> {
    let mut observer =
        annotated("observer.txt", "examples/dam/observer.txt", Some("Tarn Observer"), OBSERVER);
    published(&mut observer, "2024-04-09", PublishedOrigin::Inferred, &["Tuesday"]);
    vec![
        gazette(),
        wire("wire.txt", "examples/dam/wire.txt", "Northern Wire", WIRE),
        wire("ledger.txt", "examples/dam/ledger.txt", "The Ledger", LEDGER),
        observer,
        radio(),
        post(),
        annotated("coast-3", "examples/dam/broadcasts.jsonl", None, FERRY),
    ]
}
