//! Where a reader finds the words: the line in the file, or the article's id where a file holds several.

use std::collections::BTreeSet;

use model::{Dossier, Evidence};

/// Line starts of every article, so that a place is found without reading its text again.
pub(crate) struct LineNumbers {
    starts: Vec<Vec<usize>>,
    /// For each article, whether its lines are those of its input.
    is_file: Vec<bool>,
}

impl LineNumbers {
    /// Of all articles in the dossier.
    pub(crate) fn new(dossier: &Dossier) -> LineNumbers {
        let starts = dossier.articles.iter().map(|annotated| line_starts(&annotated.article.text)).collect();
        let several: BTreeSet<&str> =
            dossier.inputs.iter().filter(|i| i.article_count > 1).map(|i| i.name.as_str()).collect();
        let is_file = dossier
            .articles
            .iter()
            .map(|a| a.article.source_map.is_none() && !several.contains(a.article.input.as_str()))
            .collect();
        LineNumbers { starts, is_file }
    }

    /// Line of the first word, counted from 1.
    pub(crate) fn line(&self, evidence: Evidence) -> usize {
        self.starts[evidence.article].partition_point(|&start| start <= evidence.span.start)
    }

    /// `FILE:LINE`, which editors and terminals open on a click. Where the text is not the file itself the line
    /// would point at other words, so the article's id stands there.
    pub(crate) fn place(&self, dossier: &Dossier, evidence: Evidence) -> String {
        let article = &dossier.articles[evidence.article].article;
        if self.is_file[evidence.article] {
            format!("{}:{}", article.input, self.line(evidence))
        } else {
            article.id.clone()
        }
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0)
        .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::LineNumbers;
    use crate::sample;

    #[test]
    fn names_the_line_of_a_file_and_the_id_of_a_record() {
        let dossier = sample::dossier();
        let numbers = LineNumbers::new(&dossier);
        let file = sample::evidence(&dossier.articles, 0, "Schools in the valley");
        assert_eq!(numbers.place(&dossier, file), "examples/dam/gazette.txt:13");
        let record = sample::evidence(&dossier.articles, 4, "The toll rose to six");
        assert_eq!(numbers.place(&dossier, record), "radio-17");
    }
}
