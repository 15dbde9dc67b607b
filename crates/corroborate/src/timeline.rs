//! What happened when: the dated statements of a story.

use std::collections::BTreeSet;

use model::{Annotated, Evidence, Moment, TimeKind};

/// Statements with a calendar date, earliest first; each date once a sentence.
pub(crate) fn timeline(articles: &[Annotated], members: &[usize]) -> Vec<Moment> {
    let mut moments = BTreeSet::new();
    for &article in members {
        for statement in &articles[article].statements {
            for &time in &statement.times {
                let time = &articles[article].times[time];
                let dated = matches!(time.kind, TimeKind::Date | TimeKind::Time)
                    && time.value.get(..4).is_some_and(|year| year.bytes().all(|sign| sign.is_ascii_digit()));
                if dated {
                    moments.insert((time.value.clone(), article, statement.span));
                }
            }
        }
    }
    moments
        .into_iter()
        .map(|(date, article, span)| Moment { date, evidence: Evidence { article, span } })
        .collect()
}
