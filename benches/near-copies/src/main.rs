//! How many copies with changed words are found, and how fast: `corroborate::reprints` beside gaoya's index of minhashes.
//!
//! `cargo run --release -- ARTICLES.jsonl [COPIES.jsonl]`: lines with `text`, and `event` where known (one article of an
//! event is taken, so that what is no planted copy is no copy). With a second argument the texts are written there, for
//! `datasketch_round.py`. Each text is copied with 10, 20 and 30 % of its words changed, one by one or in a block; every
//! method gets words, and gives pairs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use gaoya::minhash::{MinHashIndex, MinHasher, MinHasher32};
use model::{Annotated, Article, Certainty, Relation, Span, Statement, Token, TokenRole};

/// Words of a shingle, for both.
const SHINGLE: usize = 4;
/// Bands and their width of gaoya's index, with the similarity from which it gives a pair: its documentation's choice, at
/// its threshold and at none.
const INDEXES: &[(&str, usize, usize, f64)] = &[
    ("gaoya 42 × 3, from .5", 42, 3, 0.5),
    ("gaoya 42 × 3, from .3", 42, 3, 0.3),
    ("gaoya 42 × 3, all", 42, 3, 0.0),
];
/// Sentences are cut after so many words where no stop comes.
const SENTENCE_MAX: usize = 40;
const ROUNDS: usize = 3;

struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }
}

type Words = Vec<String>;

/// One text an event, in order of the file.
fn texts(path: &str) -> Vec<Words> {
    let file = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"));
    let mut events = BTreeSet::new();
    let mut texts = Vec::new();
    for (number, line) in file.lines().enumerate() {
        let line: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
        let event = line.get("event").map_or_else(|| number.to_string(), ToString::to_string);
        let words: Words =
            line["text"].as_str().unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();
        if words.len() >= 60 && events.insert(event) {
            texts.push(words);
        }
    }
    texts
}

/// A copy with a share of its words changed to others of the same files.
fn changed(
    words: &Words,
    percent: usize,
    block: bool,
    vocabulary: &[&String],
    numbers: &mut Numbers,
) -> Words {
    let mut copy = words.clone();
    let count = words.len() * percent / 100;
    let places: Vec<usize> = if block {
        let first = numbers.below(words.len() - count + 1);
        (first..first + count).collect()
    } else {
        let mut chosen = BTreeSet::new();
        while chosen.len() < count {
            chosen.insert(numbers.below(words.len()));
        }
        chosen.into_iter().collect()
    };
    for place in places {
        copy[place] = vocabulary[numbers.below(vocabulary.len())].clone();
    }
    copy
}

/// An article with these words, a statement a sentence, as the annotators hand it on.
fn article(number: usize, words: &Words) -> Annotated {
    let mut text = String::new();
    let mut statements: Vec<Vec<Token>> = vec![Vec::new()];
    for word in words {
        let start = text.len();
        text.push_str(word);
        let span = Span::new(start, text.len());
        text.push(' ');
        let form = word.trim_matches(|c: char| !c.is_alphanumeric()).into();
        let stream = statements.last_mut().expect("there is one");
        stream.push(Token { form, span, role: TokenRole::Content });
        if word.ends_with('.') || stream.len() >= SENTENCE_MAX {
            statements.push(Vec::new());
        }
    }
    let statement = |(sentence, stream): (usize, Vec<Token>)| Statement {
        span: stream[0].span.hull(stream[stream.len() - 1].span),
        sentence,
        clauses: Vec::new(),
        words: Vec::new(),
        stream,
        vector: Vec::new(),
        quotations: Vec::new(),
        figures: Vec::new(),
        slots: Vec::new(),
        times: Vec::new(),
        negation_count: 0,
        hedges: Vec::new(),
        certainty: Certainty::Certain,
        stances: Vec::new(),
    };
    let statements =
        statements.into_iter().filter(|stream| !stream.is_empty()).enumerate().map(statement).collect();
    Annotated {
        article: Article { id: number.to_string(), text, ..Article::default() },
        sentences: Vec::new(),
        mentions: Vec::new(),
        entities: Vec::new(),
        quotations: Vec::new(),
        figures: Vec::new(),
        times: Vec::new(),
        statements,
    }
}

type Pairs = BTreeSet<(usize, usize)>;

fn ours(articles: &[Annotated]) -> Pairs {
    let found = corroborate::reprints(articles).into_iter();
    let alike = found.filter(|reprint| matches!(reprint.relation, Relation::Copy | Relation::Rewrite));
    alike.map(|reprint| (reprint.article.min(reprint.of), reprint.article.max(reprint.of))).collect()
}

fn gaoya(texts: &[Words], (bands, width, threshold): (usize, usize, f64)) -> Pairs {
    let hasher = MinHasher32::new(bands * width);
    let mut index = MinHashIndex::new(bands, width, threshold);
    let mut pairs = Pairs::new();
    for (number, words) in texts.iter().enumerate() {
        let signature = hasher.create_signature(words.windows(SHINGLE));
        pairs.extend(index.query_owned(&signature).into_iter().map(|other: usize| (other, number)));
        index.insert(number, signature);
    }
    pairs
}

/// The shortest of some rounds in seconds, with what the last gave.
fn timed(mut find: impl FnMut() -> Pairs) -> (f64, Pairs) {
    let mut best = (f64::MAX, Pairs::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let pairs = find();
        best = (best.0.min(began.elapsed().as_secs_f64()), pairs);
    }
    best
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else { panic!("usage: near-copies ARTICLES.jsonl [COPIES.jsonl]") };
    let written = arguments.next();
    let originals = texts(&path);
    let vocabulary: Vec<&String> = originals.iter().flatten().collect();
    println!(
        "{} texts, each with one copy; pairs found of the planted, others, and texts a second on one core",
        originals.len()
    );
    let mut lines: BTreeMap<String, Vec<Words>> = BTreeMap::new();
    for block in [false, true] {
        for percent in [10, 20, 30] {
            let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
            let copies =
                originals.iter().map(|words| changed(words, percent, block, &vocabulary, &mut numbers));
            let all: Vec<Words> = originals.iter().cloned().chain(copies).collect();
            let way = format!("{percent} % {}", if block { "in a block" } else { "scattered" });
            println!("{way}");
            let articles: Vec<Annotated> =
                all.iter().enumerate().map(|(number, words)| article(number, words)).collect();
            tell("rashomon", originals.len(), timed(|| ours(&articles)));
            for &(name, bands, width, threshold) in INDEXES {
                tell(name, originals.len(), timed(|| gaoya(&all, (bands, width, threshold))));
            }
            lines.insert(way, all);
        }
    }
    if let Some(out) = written {
        let lines: String = lines
            .iter()
            .map(|(way, texts)| format!("{}\n", serde_json::json!({"way": way, "texts": texts.iter().map(|words| words.join(" ")).collect::<Vec<_>>()})))
            .collect();
        std::fs::write(&out, lines).unwrap_or_else(|error| panic!("{out} cannot be written: {error}"));
    }
}

fn tell(name: &str, count: usize, (seconds, pairs): (f64, Pairs)) {
    let right = pairs.iter().filter(|(one, other)| one + count == *other).count();
    println!(
        "  {name:24} recall {:.3}   others {:5}   {:8.0} texts/s",
        right as f64 / count as f64,
        pairs.len() - right,
        2.0 * count as f64 / seconds
    );
}
