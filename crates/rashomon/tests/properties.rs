//! No input makes the pipeline panic, and every span it gives lies on character boundaries of its text.

use model::{Dossier, Span};
use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_assert, proptest};
use rashomon::{CompareOptions, Engine, Raw, ReadOptions, Reading};

/// What news is made of, and what breaks readers of it.
const PIECES: &[&str] = &[
    "“",
    "”",
    "\"",
    "'",
    "‘",
    "’",
    "said",
    "Ana Ruiz",
    "police",
    "at least 12 people",
    "130 000",
    "half a million",
    "on Tuesday",
    "last year",
    "February 30",
    "denied",
    "not",
    "he",
    "the minister",
    ".",
    ",",
    "—",
    "…",
    "(",
    ")",
    "\n",
    "\n\n",
    "\r\n",
    "\u{0}",
    "\u{202e}",
    "\u{2028}",
    "🚢🏽",
    "e\u{301}\u{301}",
    "北京",
    "مرحبا",
    "$1.3m",
    "99%",
    "1/0",
    "99999999999999999999999999999999999999",
    "Related Articles",
    "© 2022",
    "GENEVA (AP) -",
    "according to",
];

fn report() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..120).prop_map(|pieces| pieces.join(" "))
}

fn compare(engine: &Engine, inputs: &[&[u8]]) -> Dossier {
    let options = ReadOptions::english(None);
    let mut reading = Reading::default();
    for (number, bytes) in inputs.iter().enumerate() {
        rashomon::read(&Raw { name: &format!("{number}.txt"), bytes }, &options, &mut reading);
    }
    engine.compare(reading, &CompareOptions { reports_min: 2, thread_count: 1, reference_date: None })
}

/// Every span of a dossier with the article it lies in.
fn spans(dossier: &Dossier) -> Vec<(usize, Span)> {
    let mut found = Vec::new();
    for (number, read) in dossier.articles.iter().enumerate() {
        let quoted =
            read.quotations.iter().flat_map(|said| said.content.iter().chain(&said.cue).chain(&said.source));
        let here = quoted
            .copied()
            .chain(read.sentences.iter().map(|sentence| sentence.span))
            .chain(read.mentions.iter().map(|mention| mention.span))
            .chain(read.figures.iter().flat_map(|figure| [figure.span, figure.number]))
            .chain(read.times.iter().map(|time| time.span))
            .chain(read.article.furniture.iter().map(|piece| piece.span));
        found.extend(here.map(|span| (number, span)));
    }
    for story in &dossier.stories {
        let evidence = story
            .alignments
            .iter()
            .flat_map(|alignment| alignment.voices.iter().map(|voice| voice.evidence))
            .chain(story.discrepancies.iter().flat_map(|row| row.sides.iter().map(|side| side.evidence)))
            .chain(story.stances.iter().map(|stance| stance.evidence));
        found.extend(evidence.map(|evidence| (evidence.article, evidence.span)));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reports_of_shuffled_news_are_compared_with_sound_spans(one in report(), other in report()) {
        let dossier = compare(&Engine::built_in(), &[one.as_bytes(), other.as_bytes()]);
        for (article, span) in spans(&dossier) {
            let text = &dossier.articles[article].article.text;
            prop_assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
        }
    }

    #[test]
    fn arbitrary_bytes_are_read_or_told_of(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let dossier = compare(&Engine::built_in(), &[&bytes]);
        prop_assert!(dossier.articles.len() + dossier.skipped.len() > 0, "read or skipped, never lost");
        for (article, span) in spans(&dossier) {
            prop_assert!(dossier.articles[article].article.text.get(span.range()).is_some());
        }
    }
}
