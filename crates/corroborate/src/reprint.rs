//! Which articles copy or rewrite which, found through shared runs of words, never by looking at all pairs.

use std::collections::BTreeMap;

use model::{Annotated, Article, Evidence, Relation, Reprint, Span, Token};

use crate::copies::Copies;
use crate::story::Sketch;
use crate::words::{hash_of, outlet_name};

/// Words of a run that is looked up.
const RUN_LENGTH: usize = 4;
/// Shared runs below which nothing is said: short texts share that many by chance.
const SHARED_MIN: usize = 15;
/// Runs an article must have to be judged at all.
const RUNS_MIN: usize = 25;
/// Share of the shorter article's runs from which one is a copy. On the development events copies share .94 or more.
const COPY_SHARE: f64 = 0.88;
/// The same for a rewrite: rewrites share .33 to .79, independent reports .14 at most.
const REWRITE_SHARE: f64 = 0.22;
/// With an explicit credit to the other's publisher less will do.
const CREDITED_SHARE: f64 = 0.12;

/// An article's words in normal form with their runs.
struct Runs<'a> {
    tokens: Vec<&'a Token>,
    /// Hash of each run, by its first word; runs do not cross statements.
    at: Vec<(u64, usize)>,
    /// The same hashes, each once, sorted.
    distinct: Vec<u64>,
}

/// Every pair of which one derives from the other, in order.
pub fn reprints(articles: &[Annotated]) -> Vec<Reprint> {
    let runs: Vec<Runs<'_>> = articles.iter().map(runs_of).collect();
    let mut found = Vec::new();
    for (a, b) in candidates(&runs) {
        let least = runs[a].distinct.len().min(runs[b].distinct.len());
        if least < RUNS_MIN {
            continue;
        }
        let shared = shared_count(&runs[a], &runs[b]);
        if shared < SHARED_MIN {
            continue;
        }
        let share = shared as f64 / least as f64;
        let credit = credit(articles, a, b);
        let relation = if share >= COPY_SHARE {
            Relation::Copy
        } else if share >= REWRITE_SHARE || (credit.is_some() && share >= CREDITED_SHARE) {
            Relation::Rewrite
        } else {
            continue;
        };
        found.push(verdict(articles, &runs, Pair { a, b, share, relation, credit }));
    }
    found.sort_by_key(|reprint| (reprint.article, reprint.of));
    found
}

/// Pairs whose samples share enough to be looked at, the earlier one first.
fn candidates(runs: &[Runs<'_>]) -> Vec<(usize, usize)> {
    let mut copies = Copies::default();
    let mut pairs = Vec::new();
    for (number, runs) in runs.iter().enumerate() {
        let sketch = Sketch { runs: sampled(&runs.distinct), ..Sketch::default() };
        pairs.extend(copies.add(number as u64, &sketch).into_iter().map(|other| (other as usize, number)));
    }
    pairs
}

fn runs_of(article: &Annotated) -> Runs<'_> {
    let mut tokens = Vec::new();
    let mut at = Vec::new();
    for statement in &article.statements {
        let first = tokens.len();
        tokens.extend(statement.stream.iter());
        for start in first..(tokens.len() + 1).saturating_sub(RUN_LENGTH).max(first) {
            let forms = tokens[start..start + RUN_LENGTH].iter().map(|token| &*token.form);
            at.push((hash_of(forms), start));
        }
    }
    let mut distinct: Vec<u64> = at.iter().map(|run| run.0).collect();
    distinct.sort_unstable();
    distinct.dedup();
    Runs { tokens, at, distinct }
}

/// One run of so many is kept in an article's sketch.
const SAMPLED_OF: u64 = 4;
/// Sampled runs that are kept, those of the smallest hashes.
const SAMPLE_MAX: usize = 160;

/// A sample of the hashes of an article's runs, ascending. The same run is sampled in every article, so that the share
/// of common runs can be estimated, and an article that holds another's text holds its sample.
pub(crate) fn sampled_runs(article: &Annotated) -> Vec<u32> {
    sampled(&runs_of(article).distinct)
}

fn sampled(runs: &[u64]) -> Vec<u32> {
    let mut sample: Vec<u32> =
        runs.iter().filter(|&run| run % SAMPLED_OF == 0).map(|run| (run >> 32) as u32).collect();
    sample.sort_unstable();
    sample.dedup();
    sample.truncate(SAMPLE_MAX);
    sample
}

/// Number of runs that two articles share.
fn shared_count(one: &Runs<'_>, other: &Runs<'_>) -> usize {
    let (mut left, mut right) = (one.distinct.as_slice(), other.distinct.as_slice());
    let mut count = 0;
    while let ([x, rest @ ..], [y, others @ ..]) = (left, right) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => left = rest,
            std::cmp::Ordering::Greater => right = others,
            std::cmp::Ordering::Equal => {
                count += 1;
                (left, right) = (rest, others);
            }
        }
    }
    count
}

struct Pair {
    a: usize,
    b: usize,
    share: f64,
    relation: Relation,
    credit: Option<Credited>,
}

/// That one article credits the other's publisher.
struct Credited {
    derived: usize,
    evidence: Evidence,
}

fn credit(articles: &[Annotated], a: usize, b: usize) -> Option<Credited> {
    [(a, b), (b, a)].into_iter().find_map(|(derived, origin)| {
        let mut credits = articles[derived].article.credits.iter();
        let named = credits.find(|credit| is_publisher(&credit.publisher, &articles[origin].article))?;
        Some(Credited { derived, evidence: Evidence { article: derived, span: named.span } })
    })
}

/// Whether a printed publisher is who published an article: its outlet, or the owner that an agency goes by.
pub(crate) fn is_publisher(publisher: &str, article: &Article) -> bool {
    let names = article.outlet.iter().chain(&article.owner);
    names.into_iter().any(|name| same_publisher(publisher, name))
}

/// Whether a printed publisher and an outlet are one, "Reuters" and "reuters.com" included.
pub(crate) fn same_publisher(one: &str, other: &str) -> bool {
    let plain = |name: &str| {
        let lower = name.to_lowercase();
        let bare =
            lower.strip_prefix("www.").unwrap_or(&lower).split('.').next().unwrap_or_default().to_string();
        bare.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>()
    };
    let (one, other) = (plain(one), plain(other));
    !one.is_empty() && one == other
}

fn verdict(articles: &[Annotated], runs: &[Runs<'_>], pair: Pair) -> Reprint {
    let Pair { a, b, share, relation, credit } = pair;
    let (article, of) = match &credit {
        Some(credit) if credit.derived == a => (a, b),
        Some(_) => (b, a),
        None => direction(articles, runs, (a, b)),
    };
    let (here, there) = longest_run(articles, runs, (article, of));
    let words = words_in(&runs[article], here);
    let percent = (share * 100.0).round();
    let way = match relation {
        Relation::Copy => "has nearly the same text as",
        Relation::Rewrite => "shares long passages with",
    };
    let mut why = format!(
        "{} {way} {}: {percent} % of the four-word runs of the shorter one stand in both, the longest shared passage has {words} words",
        outlet_name(&articles[article].article),
        outlet_name(&articles[of].article),
    );
    let mut evidence = vec![Evidence { article, span: here }, Evidence { article: of, span: there }];
    match credit {
        Some(credit) => {
            let line = credit.evidence.span.of(&articles[article].article.text);
            why.push_str(&format!(", and it credits it (“{line}”)."));
            evidence.push(credit.evidence);
        }
        None => why.push('.'),
    }
    Reprint { article, of, relation, share, why, evidence }
}

/// Who derives from whom: the later, else the one that is more contained in the other, else the one further down.
fn direction(articles: &[Annotated], runs: &[Runs<'_>], (a, b): (usize, usize)) -> (usize, usize) {
    let published =
        |article: usize| articles[article].article.published.as_ref().map(|date| date.value.as_str());
    if let (Some(first), Some(second)) = (published(a), published(b)) {
        // Dates of one precision compare as text; where one is only longer, neither is later.
        let length = first.len().min(second.len());
        match first.get(..length).cmp(&second.get(..length)) {
            std::cmp::Ordering::Less => return (b, a),
            std::cmp::Ordering::Greater => return (a, b),
            std::cmp::Ordering::Equal => {}
        }
    }
    if runs[a].distinct.len() < runs[b].distinct.len() { (a, b) } else { (b, a) }
}

/// The longest passage that both have, in each.
fn longest_run(articles: &[Annotated], runs: &[Runs<'_>], (a, b): (usize, usize)) -> (Span, Span) {
    let mut places: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    /// Places of one run that are tried; a run that occurs more often is a refrain.
    const PLACES_MAX: usize = 4;
    for &(run, start) in &runs[b].at {
        let known = places.entry(run).or_default();
        if known.len() < PLACES_MAX {
            known.push(start);
        }
    }
    let (left, right) = (&runs[a].tokens, &runs[b].tokens);
    let mut best = (0, 0, 0);
    let mut at = 0;
    while at < runs[a].at.len() {
        let (run, start) = runs[a].at[at];
        let mut longest_here = 0;
        for &other in places.get(&run).map_or(&[][..], Vec::as_slice) {
            let length =
                left[start..].iter().zip(&right[other..]).take_while(|(x, y)| x.form == y.form).count();
            longest_here = longest_here.max(length);
            if length > best.0 {
                best = (length, start, other);
            }
        }
        // A run that begins inside this one is shorter.
        at += longest_here.saturating_sub(RUN_LENGTH).max(1);
    }
    let (length, start, other) = best;
    let span = |tokens: &[&Token], from: usize, article: usize| match length {
        0 => Span::new(0, 0).trimmed(&articles[article].article.text),
        _ => tokens[from].span.hull(tokens[from + length - 1].span),
    };
    (span(left, start, a), span(right, other, b))
}

fn words_in(runs: &Runs<'_>, span: Span) -> usize {
    runs.tokens.iter().filter(|token| span.contains(token.span)).count()
}
