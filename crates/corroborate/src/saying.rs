//! Quotations of several articles side by side: which are the same utterance, in the same or in other words.

use std::collections::BTreeMap;

use model::{Annotated, Evidence, Quotation, QuotationForm, Span, Token};

use crate::align::{Matches, Unit, harmonic, speaker};
use crate::diff::{Hunk, hunks};
use crate::scene::Derived;
use crate::speaker::{different_speakers, same_speaker};

/// A quotation, or as much of it as stands in one sentence.
pub(crate) struct Saying<'a> {
    pub article: usize,
    /// Number of the unit it stands in.
    pub unit: usize,
    /// The quoted words.
    pub span: Span,
    pub tokens: Vec<&'a Token>,
    pub speaker: Option<String>,
    /// Numbers of its content words in the unit.
    words: Vec<usize>,
}

/// Two sayings that are one utterance.
pub(crate) struct Same {
    pub left: usize,
    pub right: usize,
    /// Whether the wording differs within what both quote, beyond fillers.
    pub altered: bool,
    /// Share of the shorter one's words that both have, in order.
    pub common_share: f64,
    /// How much of the content they share, synonyms and near words included, 0 to 1.
    pub likeness: f64,
}

/// Shorter quotations are said by many.
const TOKENS_MIN: usize = 4;
const CONTENT_MIN: usize = 2;

/// What is quoted in a story, and which of it is one utterance.
pub(crate) struct Sayings<'a> {
    /// In order of the statements.
    pub all: Vec<Saying<'a>>,
    /// Pairs of sayings of independent articles that are one utterance.
    pub same: Vec<Same>,
}

impl<'a> Sayings<'a> {
    /// Looks for them among the statements of a story.
    pub(crate) fn new(articles: &'a [Annotated], units: &[Unit<'a>], derived: &Derived) -> Sayings<'a> {
        let all = sayings(articles, units);
        let same = same_sayings(units, &all, derived);
        Sayings { all, same }
    }

    /// Pairs of statements that quote one utterance, the lower number first.
    pub(crate) fn statements(&self) -> impl Iterator<Item = (usize, usize)> {
        let units = |same: &Same| {
            let (left, right) = (self.all[same.left].unit, self.all[same.right].unit);
            (left.min(right), left.max(right))
        };
        self.same.iter().map(units)
    }
}

fn sayings<'a>(articles: &'a [Annotated], units: &[Unit<'a>]) -> Vec<Saying<'a>> {
    let mut found = Vec::new();
    for (number, unit) in units.iter().enumerate() {
        for &quotation in &unit.statement.quotations {
            let quotation = &articles[unit.place.article].quotations[quotation];
            if !matches!(quotation.form, QuotationForm::Direct | QuotationForm::Mixed) {
                continue;
            }
            for content in &quotation.content {
                found.extend(saying(articles, (number, unit), (quotation, *content)));
            }
        }
    }
    found
}

fn saying<'a>(
    articles: &[Annotated],
    (unit, here): (usize, &Unit<'a>),
    (quotation, content): (&Quotation, Span),
) -> Option<Saying<'a>> {
    let (statement, article) = (here.statement, here.place.article);
    let tokens: Vec<&Token> = statement.stream.iter().filter(|token| content.contains(token.span)).collect();
    let words: Vec<usize> =
        (0..statement.words.len()).filter(|&word| content.contains(statement.words[word].span)).collect();
    if tokens.len() < TOKENS_MIN || words.len() < CONTENT_MIN {
        return None;
    }
    let span = tokens[0].span.hull(tokens[tokens.len() - 1].span);
    let speaker = speaker(&articles[article], quotation);
    Some(Saying { article, unit, span, tokens, speaker, words })
}

impl Saying<'_> {
    pub(crate) fn evidence(&self) -> Evidence {
        Evidence { article: self.article, span: self.span }
    }
}

fn same_sayings(units: &[Unit<'_>], sayings: &[Saying<'_>], derived: &Derived) -> Vec<Same> {
    let mut measured = Vec::new();
    for left in 0..sayings.len() {
        for right in left + 1..sayings.len() {
            if derived.independent(sayings[left].article, sayings[right].article) {
                measured.push(measure(units, sayings, (left, right)));
            }
        }
    }
    // Other words for the same are told from other statements by being each other's best match there.
    let mut best: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for same in &measured {
        for (one, other) in [(same.left, same.right), (same.right, same.left)] {
            let known = best.entry((one, sayings[other].article)).or_insert(0.0);
            *known = known.max(same.likeness);
        }
    }
    measured.retain(|same| {
        let mutual = same.likeness >= best[&(same.left, sayings[same.right].article)]
            && same.likeness >= best[&(same.right, sayings[same.left].article)];
        let (left, right) = (&sayings[same.left], &sayings[same.right]);
        same_words(same, left.tokens.len().min(right.tokens.len())) || (mutual && reworded(same, left, right))
    });
    measured
}

/// The same words, give or take some.
fn same_words(same: &Same, shorter: usize) -> bool {
    const SHARE_MIN: f64 = 0.6;
    const SHORT: usize = 7;
    const SHORT_SHARE_MIN: f64 = 0.75;
    /// "We have not seen any" alone is no utterance: what is said must be shared too.
    const LIKENESS_MIN: f64 = 0.4;
    same.likeness >= LIKENESS_MIN
        && same.common_share >= if shorter < SHORT { SHORT_SHARE_MIN } else { SHARE_MIN }
}

/// One speaker, other words for the same: another translation, or a change. Where one outlet names nobody, or only
/// "officials", more must be shared.
fn reworded(same: &Same, left: &Saying<'_>, right: &Saying<'_>) -> bool {
    const LIKENESS_MIN: f64 = 0.5;
    const UNNAMED_LIKENESS_MIN: f64 = 0.55;
    const CONTENT_MIN: usize = 3;
    let least = match (&left.speaker, &right.speaker) {
        (Some(one), Some(other)) if same_speaker(one, other) => LIKENESS_MIN,
        _ if differently_attributed(left, right) => return false,
        _ => UNNAMED_LIKENESS_MIN,
    };
    left.words.len().min(right.words.len()) >= CONTENT_MIN && same.likeness >= least
}

/// Whether both are surely by different people.
pub(crate) fn differently_attributed(left: &Saying<'_>, right: &Saying<'_>) -> bool {
    match (&left.speaker, &right.speaker) {
        (Some(one), Some(other)) => different_speakers(one, other),
        _ => false,
    }
}

fn measure(units: &[Unit<'_>], sayings: &[Saying<'_>], (left, right): (usize, usize)) -> Same {
    let (a, b) = (&sayings[left], &sayings[right]);
    fn forms<'a>(saying: &Saying<'a>) -> Vec<&'a str> {
        saying.tokens.iter().map(|token| &*token.form).collect()
    }
    let (x, y) = (forms(a), forms(b));
    let differing = hunks(&x, &y);
    let common = x.len() - differing.iter().map(|hunk| hunk.left.len()).sum::<usize>();
    let shorter = x.len().min(y.len()).max(1);
    Same {
        left,
        right,
        altered: differing.iter().any(|hunk| alters(a, b, hunk)),
        common_share: common as f64 / shorter as f64,
        likeness: f64::from(likeness(units, a, b)),
    }
}

/// Whether a difference lies within what both quote: not one that only cuts the beginning or end, nor fillers.
fn alters(a: &Saying<'_>, b: &Saying<'_>, hunk: &Hunk) -> bool {
    let cut = hunk.left.is_empty() || hunk.right.is_empty();
    let at_start = hunk.left.start == 0 && hunk.right.start == 0;
    let at_end = hunk.left.end == a.tokens.len() && hunk.right.end == b.tokens.len();
    let telling = |token: &&Token| token.role != model::TokenRole::Filler;
    let words = a.tokens[hunk.left.clone()].iter().chain(&b.tokens[hunk.right.clone()]);
    !(cut && (at_start || at_end)) && words.copied().any(|token| telling(&token))
}

/// Harmonic mean of the shares of content that each has of the other; where one is much longer, the share of the
/// shorter one counts for most.
fn likeness(units: &[Unit<'_>], a: &Saying<'_>, b: &Saying<'_>) -> f32 {
    let (left, right) = (&units[a.unit], &units[b.unit]);
    let matches = Matches::new(left, right);
    let cover = |words: &[usize],
                 others: &[usize],
                 at: &dyn Fn(usize, usize) -> f32,
                 weight: &dyn Fn(usize) -> f32| {
        let all: f32 = words.iter().map(|&word| weight(word)).sum::<f32>() + f32::EPSILON;
        let held: f32 = words
            .iter()
            .map(|&word| weight(word) * others.iter().map(|&other| at(word, other)).fold(0.0, f32::max))
            .sum();
        held / all
    };
    let one = cover(&a.words, &b.words, &|i, j| matches.at(i, j), &|word| left.statement.words[word].weight);
    let other =
        cover(&b.words, &a.words, &|j, i| matches.at(i, j), &|word| right.statement.words[word].weight);
    harmonic(one, other)
}
