//! Which words of each side of a discrepancy carry the difference.

use model::{Discrepancy, Dossier, Figure, Side, Span};

use crate::diff;

/// For each side, the spans to mark, in its article's text and inside its evidence.
pub(crate) fn marks(dossier: &Dossier, discrepancy: &Discrepancy) -> Vec<Vec<Span>> {
    let named: Vec<Vec<Span>> =
        discrepancy.sides.iter().map(|side| named(dossier, discrepancy, side)).collect();
    if named.iter().all(|spans| !spans.is_empty()) {
        return named;
    }
    let texts: Vec<&str> = discrepancy.sides.iter().map(|side| words(dossier, side)).collect();
    let moved = |spans: &Vec<Span>, start: usize| {
        spans.iter().map(|span| Span::new(span.start + start, span.end + start)).collect()
    };
    diff::differing(&texts)
        .iter()
        .zip(&discrepancy.sides)
        .map(|(s, side)| moved(s, side.evidence.span.start))
        .collect()
}

/// The words of a side.
fn words<'a>(dossier: &'a Dossier, side: &Side) -> &'a str {
    side.evidence.span.of(&dossier.articles[side.evidence.article].article.text)
}

/// The number or date itself, where the kind is about one.
fn named(dossier: &Dossier, discrepancy: &Discrepancy, side: &Side) -> Vec<Span> {
    let inside = |span: &Span| side.evidence.span.contains(*span);
    match discrepancy.kind {
        "figure-conflict" => figure(dossier, side).map(|f| f.number).filter(inside).into_iter().collect(),
        "date-conflict" => {
            let times = &dossier.articles[side.evidence.article].times;
            times
                .iter()
                .find(|t| inside(&t.span) && t.value == side.value)
                .map(|t| t.span)
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The figure that a side is about: the one in its evidence whose digits are those of its value, else the
/// first there.
pub(crate) fn figure<'a>(dossier: &'a Dossier, side: &Side) -> Option<&'a Figure> {
    let figures = &dossier.articles[side.evidence.article].figures;
    let inside = || figures.iter().filter(|f| side.evidence.span.contains(f.number));
    let value = digits(&side.value);
    let tells = |f: &&Figure| {
        let ends: Vec<String> = [f.low, f.high].iter().flatten().map(|v| v.normalize().to_string()).collect();
        !ends.is_empty() && ends.iter().any(|end| value.contains(end))
    };
    inside().find(tells).or_else(|| inside().next())
}

/// The numbers in a value, without separators: "20,000–99,999" gives 20000 and 99999.
fn digits(value: &str) -> Vec<String> {
    let plain: String = value.chars().filter(|c| !matches!(c, ',' | '\u{a0}' | '\u{202f}')).collect();
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    plain.split(|c| !is_number(c)).filter(|n| !n.is_empty()).map(|n| n.trim_matches('.').to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::marks;
    use crate::sample;

    #[test]
    fn a_figure_marks_its_number_and_a_quotation_its_words() {
        let dossier = sample::dossier();
        let story = &dossier.stories[0];
        let shown = |kind: &str| -> Vec<Vec<&str>> {
            let found = story.discrepancies.iter().find(|d| d.kind == kind).unwrap();
            marks(&dossier, found)
                .iter()
                .zip(&found.sides)
                .map(|(spans, side)| {
                    let text = &dossier.articles[side.evidence.article].article.text;
                    spans.iter().map(|span| span.of(text)).collect()
                })
                .collect()
        };
        assert_eq!(shown("figure-conflict"), [["1,200"], ["1,500"], ["Several thousand"]]);
        assert_eq!(shown("quote-altered")[0], ["warning", "will", "why"]);
        assert_eq!(shown("quote-altered")[1], ["notice", "shall", "the reason"]);
    }
}
