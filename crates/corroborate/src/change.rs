//! Word differences between an article and its reprint, each with what it changes.
//!
//! Only reprints are compared word by word. What agencies and outlets change without changing anything said is
//! folded in the normal form already; of the rest, only differences of a known kind are kept.

use std::collections::{BTreeMap, BTreeSet};

use model::{Annotated, EntityKind, Evidence, QuotationForm, Reprint, Span, Token, TokenRole};

use crate::diff::{Hunk, common_count, hunks};

/// What a difference changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ChangeKind {
    Figure,
    Date,
    Polarity,
    Quotation,
    Hedge,
    Source,
    Attribution,
    Place,
    Name,
}

/// A difference between two near-identical passages.
pub(crate) struct Change<'a> {
    pub kind: ChangeKind,
    pub sides: [ChangeSide<'a>; 2],
}

/// One side of a change.
pub(crate) struct ChangeSide<'a> {
    /// The sentence that it stands in.
    pub evidence: Evidence,
    /// The words that were changed; empty where they were left out.
    pub words: &'a str,
}

/// Words of a paragraph or sentence.
struct Passage<'a> {
    tokens: Vec<Placed<'a>>,
    counts: BTreeMap<&'a str, usize>,
    /// Sentence-wise, for what finds no like paragraph.
    sentences: Vec<usize>,
}

#[derive(Clone, Copy)]
struct Placed<'a> {
    token: &'a Token,
    statement: usize,
}

/// Share of common words from which two paragraphs are one.
const PARAGRAPH_SHARE: f64 = 0.55;
/// The same for sentences of paragraphs that found no other.
const SENTENCE_SHARE: f64 = 0.5;
/// Longer articles are compared in their first so many paragraphs.
const PASSAGES_MAX: usize = 400;
/// Shorter passages are not matched.
const WORDS_MIN: usize = 3;
/// A longer difference is a cut or another sentence, no change of this one.
const REPLACED_MAX: usize = 12;
/// The same where words only come or go.
const INSERTED_MAX: usize = 6;

/// The changes between all articles of which one reprints the other, in order.
pub(crate) fn changes<'a>(articles: &'a [Annotated], reprints: &[Reprint]) -> Vec<Change<'a>> {
    let mut found = Vec::new();
    for reprint in reprints {
        // In order of input, whoever copied whom.
        let (a, b) = (reprint.article.min(reprint.of), reprint.article.max(reprint.of));
        for (left, right) in matched(&articles[a], &articles[b]) {
            let forms =
                |side: &[Placed<'a>]| side.iter().map(|placed| &*placed.token.form).collect::<Vec<&str>>();
            for hunk in hunks(&forms(&left), &forms(&right)) {
                let sides = [
                    Side { articles, article: a, tokens: &left, range: hunk.left.clone() },
                    Side { articles, article: b, tokens: &right, range: hunk.right.clone() },
                ];
                for kind in kinds(&sides, &hunk) {
                    found.push(Change { kind, sides: [sides[0].made(), sides[1].made()] });
                }
            }
        }
    }
    found
}

/// Matched passages of two reprints, moved ones too.
fn matched<'a>(a: &'a Annotated, b: &'a Annotated) -> Vec<(Vec<Placed<'a>>, Vec<Placed<'a>>)> {
    let (left, right) = (paragraphs(a), paragraphs(b));
    let (mut found, lone_left, lone_right) = paired(left, right, PARAGRAPH_SHARE);
    let (more, _, _) = paired(sentences(lone_left), sentences(lone_right), SENTENCE_SHARE);
    found.extend(more);
    found
}

fn paragraphs(article: &Annotated) -> Vec<Passage<'_>> {
    let mut by_paragraph: BTreeMap<usize, Vec<Placed<'_>>> = BTreeMap::new();
    for (number, statement) in article.statements.iter().enumerate() {
        let paragraph = article.sentences.get(statement.sentence).map_or(0, |sentence| sentence.paragraph);
        let placed = statement.stream.iter().map(|token| Placed { token, statement: number });
        by_paragraph.entry(paragraph).or_default().extend(placed);
    }
    by_paragraph.into_values().take(PASSAGES_MAX).map(passage).collect()
}

fn passage(tokens: Vec<Placed<'_>>) -> Passage<'_> {
    let mut counts = BTreeMap::new();
    for placed in &tokens {
        *counts.entry(&*placed.token.form).or_insert(0) += 1;
    }
    let sentences =
        tokens.iter().map(|placed| placed.statement).collect::<BTreeSet<_>>().into_iter().collect();
    Passage { tokens, counts, sentences }
}

fn sentences(passages: Vec<Passage<'_>>) -> Vec<Passage<'_>> {
    let mut found = Vec::new();
    for whole in passages {
        for sentence in &whole.sentences {
            found.push(passage(
                whole.tokens.iter().filter(|placed| placed.statement == *sentence).copied().collect(),
            ));
        }
    }
    found
}

/// Two matched passages.
type Matched<'a> = (Vec<Placed<'a>>, Vec<Placed<'a>>);

/// Pairs passages greedily, most alike first; returns what is left on both sides too.
fn paired<'a>(
    left: Vec<Passage<'a>>,
    right: Vec<Passage<'a>>,
    share_min: f64,
) -> (Vec<Matched<'a>>, Vec<Passage<'a>>, Vec<Passage<'a>>) {
    let mut scored = Vec::new();
    for (i, x) in left.iter().enumerate() {
        for (j, y) in right.iter().enumerate() {
            let longer = x.tokens.len().max(y.tokens.len());
            if x.tokens.len().min(y.tokens.len()) < WORDS_MIN {
                continue;
            }
            let common: usize =
                x.counts.iter().map(|(form, count)| count.min(y.counts.get(form).unwrap_or(&0))).sum();
            let share = common as f64 / longer as f64;
            if share >= share_min {
                scored.push((share, i, j));
            }
        }
    }
    scored.sort_by(|x, y| {
        y.0.total_cmp(&x.0).then_with(|| (x.1.abs_diff(x.2), x.1).cmp(&(y.1.abs_diff(y.2), y.1)))
    });
    let mut partner = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (_, i, j) in scored {
        if !partner.contains_key(&i) && taken.insert(j) {
            partner.insert(i, j);
        }
    }
    let mut rest_right: Vec<Option<Passage<'a>>> = right.into_iter().map(Some).collect();
    let (mut found, mut rest_left) = (Vec::new(), Vec::new());
    for (i, x) in left.into_iter().enumerate() {
        match partner.get(&i).and_then(|&j| rest_right[j].take()) {
            Some(y) => found.push((x.tokens, y.tokens)),
            None => rest_left.push(x),
        }
    }
    (found, rest_left, rest_right.into_iter().flatten().collect())
}

/// One side of a hunk while it is being judged.
struct Side<'a, 'b> {
    articles: &'a [Annotated],
    article: usize,
    tokens: &'b [Placed<'a>],
    range: std::ops::Range<usize>,
}

impl<'a> Side<'a, '_> {
    fn changed(&self) -> impl Iterator<Item = &'a Token> {
        self.tokens[self.range.clone()].iter().map(|placed| placed.token)
    }

    /// Up to that many words before and after.
    fn near(&self, count: usize) -> impl Iterator<Item = &'a Token> {
        let before = self.tokens[self.range.start.saturating_sub(count)..self.range.start].iter();
        let after = self.tokens[self.range.end..(self.range.end + count).min(self.tokens.len())].iter();
        before.chain(after).map(|placed| placed.token)
    }

    fn forms(&self, role: TokenRole) -> BTreeSet<&'a str> {
        self.changed().filter(|token| token.role == role).map(|token| &*token.form).collect()
    }

    /// The word at the end of the hunk, or the one before which something is missing.
    fn host(&self) -> Placed<'a> {
        let last = if self.range.is_empty() { self.range.start } else { self.range.end - 1 };
        self.tokens[last.min(self.tokens.len() - 1)]
    }

    /// Where the change stands: its words, or the place where they are missing.
    fn span(&self) -> Span {
        match (self.tokens[self.range.clone()].first(), self.tokens[self.range.clone()].last()) {
            (Some(first), Some(last)) => first.token.span.hull(last.token.span),
            _ => self.host().token.span,
        }
    }

    fn quoted(&self) -> bool {
        self.articles[self.article].quotations.iter().any(|quotation| {
            quotation.form != QuotationForm::Indirect
                && quotation.content.iter().any(|content| content.contains(self.span()))
        })
    }

    fn entity_kinds(&self) -> BTreeSet<EntityKind> {
        let article = &self.articles[self.article];
        let mentions =
            article.mentions.iter().filter(|mention| mention.is_name && mention.span.overlaps(self.span()));
        mentions.map(|mention| article.entities[mention.entity].kind).collect()
    }

    /// Whether the change stands after the first word of its sentence.
    fn inside_sentence(&self) -> bool {
        let statement = &self.articles[self.article].statements[self.host().statement];
        statement.stream.first().is_some_and(|first| first.span.end <= self.span().start)
    }

    /// Whether its sentence reports speech.
    fn reports_speech(&self) -> bool {
        let statement = &self.articles[self.article].statements[self.host().statement];
        statement.stream.iter().any(|token| token.role == TokenRole::Speech)
    }

    fn made(&self) -> ChangeSide<'a> {
        let article = &self.articles[self.article];
        let statement = &article.statements[self.host().statement];
        let words = if self.range.is_empty() { "" } else { self.span().of(&article.article.text) };
        ChangeSide { evidence: Evidence { article: self.article, span: statement.span }, words }
    }
}

/// What a hunk changes; nothing where it changes nothing that we know.
fn kinds(sides: &[Side<'_, '_>; 2], hunk: &Hunk) -> Vec<ChangeKind> {
    let [a, b] = sides;
    let (p, q) = (hunk.left.len(), hunk.right.len());
    let replaced = p > 0 && q > 0;
    if p > REPLACED_MAX
        || q > REPLACED_MAX
        || (!replaced && p + q > INSERTED_MAX)
        || a.tokens.is_empty()
        || b.tokens.is_empty()
    {
        return Vec::new();
    }
    if let Some(kind) = number_or_date(a, b) {
        return vec![kind];
    }
    let quoted = a.quoted() && b.quoted();
    /// A longer difference with a negation in it is another wording.
    const NEGATION_WORDS_MAX: usize = 4;
    if a.forms(TokenRole::Negation).is_empty() != b.forms(TokenRole::Negation).is_empty()
        && p.max(q) <= NEGATION_WORDS_MAX
    {
        return if quoted {
            vec![ChangeKind::Quotation, ChangeKind::Polarity]
        } else {
            vec![ChangeKind::Polarity]
        };
    }
    if quoted && alters_quotation(a, b) {
        return vec![ChangeKind::Quotation];
    }
    hedge_or_name(a, b, p.max(q)).into_iter().collect()
}

/// Numbers or days on both sides that differ.
fn number_or_date(a: &Side<'_, '_>, b: &Side<'_, '_>) -> Option<ChangeKind> {
    let (left, right) = (a.forms(TokenRole::Number), b.forms(TokenRole::Number));
    if !left.is_empty() && !right.is_empty() && left != right {
        let beside_month = a.near(2).any(|token| token.role == TokenRole::Calendar);
        let years = left.iter().chain(&right).all(|form| is_year(form));
        return Some(if beside_month || years { ChangeKind::Date } else { ChangeKind::Figure });
    }
    let (left, right) = (a.forms(TokenRole::Calendar), b.forms(TokenRole::Calendar));
    (!left.is_empty() && !right.is_empty() && left != right).then_some(ChangeKind::Date)
}

fn is_year(form: &str) -> bool {
    form.len() == 4 && form.parse::<u32>().is_ok_and(|year| (1900..=2100).contains(&year))
}

/// More than a filler or a letter or two differs.
fn alters_quotation(a: &Side<'_, '_>, b: &Side<'_, '_>) -> bool {
    const LIKENESS_MAX: f64 = 0.9;
    let telling = a.changed().chain(b.changed()).any(|token| token.role != TokenRole::Filler);
    let letters = |side: &Side<'_, '_>| {
        side.changed().flat_map(|token| token.form.chars()).map(String::from).collect::<Vec<_>>()
    };
    let (left, right) = (letters(a), letters(b));
    fn plain(list: &[String]) -> Vec<&str> {
        list.iter().map(String::as_str).collect()
    }
    let common = common_count(&plain(&left), &plain(&right));
    telling && 2.0 * common as f64 / ((left.len() + right.len()).max(1) as f64) < LIKENESS_MAX
}

fn hedge_or_name(a: &Side<'_, '_>, b: &Side<'_, '_>, longest: usize) -> Option<ChangeKind> {
    const HEDGE_WORDS_MAX: usize = 5;
    let has = |side: &Side<'_, '_>, role: TokenRole| !side.forms(role).is_empty();
    if has(a, TokenRole::Hedge) != has(b, TokenRole::Hedge) && longest <= HEDGE_WORDS_MAX {
        return Some(ChangeKind::Hedge);
    }
    if has(a, TokenRole::Speech) != has(b, TokenRole::Speech) && (a.range.is_empty() || b.range.is_empty()) {
        let other = if a.range.is_empty() { a } else { b };
        // Else the reporting clause only moved.
        return (longest >= 2 && !other.reports_speech()).then_some(ChangeKind::Source);
    }
    const NAME_WORDS_MAX: usize = 4;
    const NEAR: usize = 3;
    let all_names = |side: &Side<'_, '_>| {
        !side.range.is_empty() && side.changed().all(|token| token.role == TokenRole::Name)
    };
    let shared = a.forms(TokenRole::Name).intersection(&b.forms(TokenRole::Name)).next().is_some();
    if !all_names(a) || !all_names(b) || shared || longest > NAME_WORDS_MAX {
        return None;
    }
    let kinds: BTreeSet<EntityKind> = a.entity_kinds().union(&b.entity_kinds()).copied().collect();
    let speaks = a.near(NEAR).chain(b.near(NEAR)).any(|token| token.role == TokenRole::Speech);
    let inside = a.inside_sentence() && b.inside_sentence();
    if speaks && (longest >= 2 || kinds.contains(&EntityKind::Person)) {
        Some(ChangeKind::Attribution)
    } else if kinds.contains(&EntityKind::Place)
        && !kinds.contains(&EntityKind::Person)
        && inside
        && !alike(a, b)
    {
        Some(ChangeKind::Place)
    } else if kinds.contains(&EntityKind::Person) && a.range.len() == b.range.len() && inside {
        Some(ChangeKind::Name)
    } else {
        None
    }
}

/// Whether the first words begin alike: "Kyiv" and "Kyivan" are one place.
fn alike(a: &Side<'_, '_>, b: &Side<'_, '_>) -> bool {
    const LETTERS: usize = 4;
    let begin = |side: &Side<'_, '_>| {
        side.changed().next().map(|token| token.form.chars().take(LETTERS).collect::<String>())
    };
    begin(a) == begin(b)
}
