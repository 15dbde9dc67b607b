//! Which words of several wordings differ: a longest common subsequence of words, side against side.

use std::collections::BTreeMap;

use model::Span;

/// Words of one wording that are compared; a quotation is shorter, and the table is quadratic.
const WORD_COUNT_MAX: usize = 300;
/// Wordings compared with one another; further ones are shown unmarked.
const SIDE_COUNT_MAX: usize = 8;
/// Share of the shorter wording's words that must stand in the other, else marks would cover all of it.
const SHARED_MIN: f64 = 0.4;

/// For each wording, the runs of words that do not stand in all the others, in bytes of that wording.
/// Case, punctuation and typography are no difference. Wordings that share little are left unmarked.
pub(crate) fn differing(texts: &[&str]) -> Vec<Vec<Span>> {
    let mut keys = BTreeMap::new();
    let sides: Vec<Vec<(usize, Span)>> =
        texts.iter().take(SIDE_COUNT_MAX).map(|text| words(text, &mut keys)).collect();
    let mut shared: Vec<Vec<bool>> = sides.iter().map(|side| vec![true; side.len()]).collect();
    let mut compared = vec![false; sides.len()];
    for left in 0..sides.len() {
        for right in left + 1..sides.len() {
            let pairs = common(&sides[left], &sides[right]);
            let shorter = sides[left].len().min(sides[right].len());
            if shorter == 0 || (pairs.len() as f64) < SHARED_MIN * shorter as f64 {
                continue;
            }
            keep(&mut shared[left], pairs.iter().map(|pair| pair[0]));
            keep(&mut shared[right], pairs.iter().map(|pair| pair[1]));
            compared[left] = true;
            compared[right] = true;
        }
    }
    let mut marks: Vec<Vec<Span>> = sides
        .iter()
        .enumerate()
        .map(|(i, side)| if compared[i] { runs(side, &bridge(&shared[i])) } else { Vec::new() })
        .collect();
    marks.resize(texts.len(), Vec::new());
    marks
}

/// Words with their key; the same key means the same word.
fn words(text: &str, keys: &mut BTreeMap<String, usize>) -> Vec<(usize, Span)> {
    let mut found: Vec<(usize, Span)> = Vec::new();
    let mut start = None;
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    for (i, &(at, letter)) in letters.iter().enumerate() {
        let next = letters.get(i + 1).is_some_and(|(_, c)| c.is_alphanumeric());
        let joins = start.is_some() && next && matches!(letter, '\'' | '’' | '-' | '.' | ',');
        if letter.is_alphanumeric() || joins {
            start.get_or_insert(at);
        } else if let Some(first) = start.take() {
            push(text, Span::new(first, at), keys, &mut found);
        }
        if found.len() == WORD_COUNT_MAX {
            return found;
        }
    }
    if let Some(first) = start {
        push(text, Span::new(first, text.len()), keys, &mut found);
    }
    found
}

fn push(text: &str, span: Span, keys: &mut BTreeMap<String, usize>, found: &mut Vec<(usize, Span)>) {
    let key = span.of(text).to_lowercase().replace('’', "'");
    let next = keys.len();
    found.push((*keys.entry(key).or_insert(next), span));
}

/// Pairs of positions of a longest common subsequence.
fn common(left: &[(usize, Span)], right: &[(usize, Span)]) -> Vec<[usize; 2]> {
    let width = right.len() + 1;
    let mut table = vec![0u16; (left.len() + 1) * width];
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            table[i * width + j] = if left[i].0 == right[j].0 {
                table[(i + 1) * width + j + 1] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < left.len() && j < right.len() {
        if left[i].0 == right[j].0 {
            pairs.push([i, j]);
            (i, j) = (i + 1, j + 1);
        } else if table[(i + 1) * width + j] >= table[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

fn keep(flags: &mut [bool], positions: impl Iterator<Item = usize>) {
    let mut also = vec![false; flags.len()];
    for position in positions {
        also[position] = true;
    }
    for (flag, also) in flags.iter_mut().zip(also) {
        *flag &= also;
    }
}

/// One shared word in the middle of a rewritten passage reads as part of it: "the result of" between two runs
/// of other words is no island worth showing.
fn bridge(shared: &[bool]) -> Vec<bool> {
    const RUN_MIN: usize = 2;
    let mut bridged = shared.to_vec();
    for i in 1..shared.len().saturating_sub(1) {
        let before = shared[..i].iter().rev().take_while(|s| !**s).count();
        let after = shared[i + 1..].iter().take_while(|s| !**s).count();
        if shared[i] && before >= RUN_MIN && after >= RUN_MIN {
            bridged[i] = false;
        }
    }
    bridged
}

fn runs(side: &[(usize, Span)], shared: &[bool]) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    let mut open = false;
    for ((_, span), shared) in side.iter().zip(shared) {
        match runs.last_mut() {
            Some(last) if open && !shared => *last = last.hull(*span),
            _ if !shared => runs.push(*span),
            _ => {}
        }
        open = !shared;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::differing;

    fn marked(texts: &[&str]) -> Vec<Vec<String>> {
        let marks = differing(texts);
        marks
            .iter()
            .zip(texts)
            .map(|(spans, text)| spans.iter().map(|span| span.of(text).to_owned()).collect())
            .collect()
    }

    #[test]
    fn marks_only_the_words_that_differ() {
        let marks = marked(&[
            "“We had no warning, and we will not rest until we know why,”",
            "\"we had no notice and we shall not rest until we know the reason.\"",
        ]);
        assert_eq!(marks, [vec!["warning", "will", "why"], vec!["notice", "shall", "the reason"]]);
    }

    #[test]
    fn punctuation_case_and_apostrophes_are_no_difference() {
        assert_eq!(marked(&["It’s over, she said.", "it's over she said"]), [vec![""; 0], vec![]]);
    }

    #[test]
    fn wordings_that_share_little_stay_unmarked() {
        assert_eq!(
            marked(&["tens of thousands of men", "some 130 000 troops", ""]),
            [vec![""; 0], vec![], vec![]]
        );
    }

    #[test]
    fn long_texts_and_many_sides_are_bounded() {
        let long = "word ".repeat(100_000);
        assert_eq!(differing(&[long.as_str(); 20]).len(), 20);
    }
}
