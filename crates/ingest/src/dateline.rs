//! The place and agency line before the first sentence: "GENEVA (AP) —", "Moscow, Feb 15 (Reuters) -".

use model::Span;

use crate::words::PageWords;

/// Longest dateline, in bytes.
const DATELINE_BYTES_MAX: usize = 100;
/// Most words in it, brackets not counted.
const DATELINE_WORDS_MAX: usize = 8;
/// What ends it, longest first.
const DASHES: &[&str] = &[" — ", " – ", " -- ", " - ", "— ", "– ", " —", " –", ") -", ")-", "—"];

/// The dateline at the start of a paragraph, with its dash.
pub(crate) fn dateline(text: &str, paragraph: Span, words: &PageWords) -> Option<Span> {
    let line = paragraph.of(text);
    let (start, dash) = DASHES
        .iter()
        .filter_map(|dash| {
            line.find(dash).map(|at| (at + usize::from(dash.starts_with(')')), dash.trim_start_matches(')')))
        })
        .min_by_key(|(at, dash)| (*at, std::cmp::Reverse(dash.len())))?;
    let after = line.get(start + dash.len()..)?;
    if start > DATELINE_BYTES_MAX
        || !after
            .trim_start()
            .starts_with(|c: char| c.is_uppercase() || c.is_numeric() || matches!(c, '“' | '"' | '‘'))
    {
        return None;
    }
    let place = line.get(..start)?;
    is_dateline(place, words)
        .then(|| Span::new(paragraph.start, paragraph.start + start + dash.trim_end().len()))
}

/// Whether the words before a dash are a place, with or without date and agency.
fn is_dateline(line: &str, words: &PageWords) -> bool {
    let (place, agency) = match (line.find('('), line.find(')')) {
        (Some(open), Some(close))
            if open < close && line.get(close + 1..).is_some_and(|rest| rest.trim().is_empty()) =>
        {
            (line.get(..open).unwrap_or_default(), line.get(open + 1..close))
        }
        (None, None) => (line, None),
        _ => return false,
    };
    let mut parts = place.split([',', '/']);
    let city = parts.next().unwrap_or_default();
    let city_words: Vec<&str> = city.split_whitespace().collect();
    let dated =
        place.split_whitespace().any(|word| words.month(&word.trim_matches(',').to_lowercase()).is_some());
    let loud = city_words.iter().all(|word| !word.chars().any(char::is_lowercase))
        && city.chars().filter(|c| c.is_uppercase()).count() >= 3;
    let named = city_words.iter().all(|word| word.starts_with(char::is_uppercase));
    let short = !city_words.is_empty() && place.split_whitespace().count() <= DATELINE_WORDS_MAX;
    let rest = place
        .split_whitespace()
        .all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_numeric()) || dated);
    short
        && rest
        && !place.contains(['.', '!', '?', ':', '"', '“']) | dated
        && (loud || (named && (agency.is_some() || dated)))
}

#[cfg(test)]
mod tests {
    use super::dateline;
    use crate::words::PageWords;
    use model::Span;

    fn read(line: &str) -> Option<&str> {
        dateline(line, Span::new(0, line.len()), &PageWords::built_in("en").unwrap())
            .map(|span| span.of(line))
    }

    #[test]
    fn reads_the_usual_forms() {
        assert_eq!(read("GENEVA (AP) — The talks ended."), Some("GENEVA (AP) —"));
        assert_eq!(
            read("Arlesford, Feb 15 (Reuters) - The bridge fell."),
            Some("Arlesford, Feb 15 (Reuters) -")
        );
        assert_eq!(read("NEW ARLE — Twelve were hurt."), Some("NEW ARLE —"));
        assert_eq!(read("SEOUL, South Korea — “No,” he said."), Some("SEOUL, South Korea —"));
        assert_eq!(read("PORT ARLE - Divers searched it."), Some("PORT ARLE -"));
    }

    #[test]
    fn leaves_dashes_within_sentences() {
        for line in [
            "The mayor — Ana Ruiz — said no.",
            "The bridge, 1,200 metres long - the longest - fell.",
            "Ana Ruiz – Mayor of Arlesford – said no.",
            "NASA — which owns the ship — said no.",
            "No dash here.",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
