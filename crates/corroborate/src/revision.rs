//! What changed between two versions of one article, statement by statement. Commas and moved paragraphs are no change.

use std::collections::{BTreeMap, BTreeSet};

use model::{Annotated, Certainty, Revision, RevisionKind, Span, Statement, TokenRole, WordKind};

/// What furniture is called in which an outlet corrects itself.
const CORRECTION: &str = "correction-notice";
/// Share of the weight of two statements' words that they have in common, from which one is the other reworded.
const SAME_SHARE_MIN: f32 = 0.5;
/// Words that more statements than this hold tell none of them from the others.
const HOLDERS_MAX: usize = 40;

/// What the newer version changed, in order of its text; what it left out comes last.
pub fn revisions(old: &Annotated, new: &Annotated) -> Vec<Revision> {
    let mut found = corrections(old, new);
    let mut pairs = Pairs::unchanged(old, new);
    pairs.reworded(old, new);
    for (number, statement) in new.statements.iter().enumerate() {
        let Some(before) = pairs.old_of[number] else {
            found.push(Revision {
                kind: RevisionKind::Added,
                old: None,
                new: Some(statement.span),
                why: "The newer version says this, the older did not.".to_owned(),
            });
            continue;
        };
        found.extend(change((old, &old.statements[before]), (new, statement)));
    }
    for (number, statement) in old.statements.iter().enumerate() {
        if !pairs.taken[number] {
            found.push(Revision {
                kind: RevisionKind::Removed,
                old: Some(statement.span),
                new: None,
                why: "The older version said this, the newer does not.".to_owned(),
            });
        }
    }
    found
}

/// Notices of correction that the older version did not carry.
fn corrections(old: &Annotated, new: &Annotated) -> Vec<Revision> {
    let notices = |of: &Annotated| -> Vec<Span> {
        of.article.furniture.iter().filter(|piece| piece.kind == CORRECTION).map(|piece| piece.span).collect()
    };
    let known: BTreeSet<&str> = notices(old).into_iter().map(|span| span.of(&old.article.text)).collect();
    notices(new)
        .into_iter()
        .filter(|span| !known.contains(span.of(&new.article.text)))
        .map(|span| Revision {
            kind: RevisionKind::Correction,
            old: None,
            new: Some(span),
            why: "The outlet says that it has changed what it wrote.".to_owned(),
        })
        .collect()
}

/// Which statement of the older version each of the newer is.
struct Pairs {
    old_of: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Pairs {
    /// Statements whose words are the same, but for words that change nothing.
    fn unchanged(old: &Annotated, new: &Annotated) -> Pairs {
        let mut places: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
        for (number, statement) in old.statements.iter().enumerate().rev() {
            places.entry(forms(statement)).or_default().push(number);
        }
        let mut taken = vec![false; old.statements.len()];
        let old_of = new.statements.iter().map(|statement| {
            let place = places.get_mut(&forms(statement)).and_then(Vec::pop);
            if let Some(place) = place {
                taken[place] = true;
            }
            place
        });
        Pairs { old_of: old_of.collect(), taken }
    }

    /// Of the rest, those that share most of their words; the best pairs first.
    fn reworded(&mut self, old: &Annotated, new: &Annotated) {
        let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, statement) in
            old.statements.iter().enumerate().filter(|(number, _)| !self.taken[*number])
        {
            for word in statement.words.iter().filter(|word| word.kind != WordKind::Number) {
                holders.entry(&word.sense).or_default().push(number);
            }
        }
        let mut likely: Vec<(f32, usize, usize)> = Vec::new();
        for (number, statement) in
            new.statements.iter().enumerate().filter(|(n, _)| self.old_of[*n].is_none())
        {
            let mut candidates: BTreeSet<usize> = BTreeSet::new();
            for word in &statement.words {
                let held = holders.get(&*word.sense).filter(|held| held.len() <= HOLDERS_MAX);
                candidates.extend(held.into_iter().flatten());
            }
            for before in candidates {
                let share = common_share(&old.statements[before], statement);
                if share >= SAME_SHARE_MIN {
                    likely.push((share, number, before));
                }
            }
        }
        likely.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        for (_, number, before) in likely {
            if self.old_of[number].is_none() && !self.taken[before] {
                self.old_of[number] = Some(before);
                self.taken[before] = true;
            }
        }
    }
}

/// A statement's words without those that come and go.
fn forms(statement: &Statement) -> Vec<&str> {
    statement
        .stream
        .iter()
        .filter(|token| token.role != TokenRole::Filler)
        .map(|token| &*token.form)
        .collect()
}

/// Share of two statements' weight that both have, numbers left aside: they are what may have changed.
fn common_share(old: &Statement, new: &Statement) -> f32 {
    let weights = |statement: &Statement| -> BTreeMap<Box<str>, f32> {
        let words = statement.words.iter().filter(|word| word.kind != WordKind::Number);
        words.map(|word| (word.sense.clone(), word.weight)).collect()
    };
    let (old, new) = (weights(old), weights(new));
    let common: f32 =
        old.iter().filter(|(sense, _)| new.contains_key(*sense)).map(|(_, weight)| weight).sum();
    let all: f32 = old.values().sum::<f32>().max(new.values().sum::<f32>());
    if all > 0.0 { common / all } else { 0.0 }
}

/// What changed in a statement; nothing where it was only put in other words.
fn change(
    (before, old): (&Annotated, &Statement),
    (after, new): (&Annotated, &Statement),
) -> Option<Revision> {
    let told = |kind, why: String| Some(Revision { kind, old: Some(old.span), new: Some(new.span), why });
    let (gone, come) = (numbers(before, old), numbers(after, new));
    let lost: Vec<&String> = gone.difference(&come).collect();
    let won: Vec<&String> = come.difference(&gone).collect();
    if !lost.is_empty() && !won.is_empty() {
        let list =
            |numbers: &[&String]| numbers.iter().map(|text| text.as_str()).collect::<Vec<_>>().join(", ");
        return told(RevisionKind::Figure, format!("“{}” has become “{}”.", list(&lost), list(&won)));
    }
    if old.negation_count % 2 != new.negation_count % 2 {
        return told(RevisionKind::Reversed, "One of the two denies what the other says.".to_owned());
    }
    match distance(new).cmp(&distance(old)) {
        std::cmp::Ordering::Greater => {
            told(RevisionKind::Softened, "The newer version keeps more distance from it.".to_owned())
        }
        std::cmp::Ordering::Less => {
            told(RevisionKind::Hardened, "The newer version keeps less distance from it.".to_owned())
        }
        std::cmp::Ordering::Equal => None,
    }
}

/// The quantities of a statement, as values with their units.
fn numbers(annotated: &Annotated, statement: &Statement) -> BTreeSet<String> {
    let figures = statement.figures.iter().map(|&figure| &annotated.figures[figure]);
    figures
        .map(|figure| {
            let value = |value: Option<rust_decimal::Decimal>| {
                value.map_or_else(String::new, |v| v.normalize().to_string())
            };
            let (low, high) = (value(figure.low), value(figure.high));
            let range = if low == high { low } else { format!("{low}–{high}") };
            figure.unit.as_ref().map_or_else(|| range.clone(), |unit| format!("{range} {unit}"))
        })
        .collect()
}

/// How much distance a statement is told with: kinds of hedge, and how sure its source is.
fn distance(statement: &Statement) -> usize {
    let kinds: BTreeSet<_> = statement.hedges.iter().map(|hedge| hedge.kind).collect();
    let doubt = match statement.certainty {
        Certainty::Certain | Certainty::CertainNot => 0,
        Certainty::Probable | Certainty::ProbableNot => 1,
        Certainty::Possible | Certainty::PossibleNot => 2,
        Certainty::Uncommitted => 0,
    };
    kinds.len() + doubt
}
