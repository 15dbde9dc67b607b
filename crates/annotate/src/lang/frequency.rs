//! In how many news articles a lemma occurs: how much it says when two statements share it.

/// A table of document frequencies, sorted by lemma.
#[derive(Clone, Debug)]
pub struct Frequencies {
    article_count: u32,
    rows: Vec<(&'static str, u32)>,
}

impl Frequencies {
    /// Reads the table as `train/frequencies.py` writes it.
    pub(super) fn read(table: &'static str) -> Frequencies {
        let mut lines = table.lines();
        let article_count =
            lines.next().and_then(|line| line.parse().ok()).expect("the built-in table begins with a number");
        let mut rows: Vec<(&str, u32)> = lines
            .map(|line| {
                let (lemma, count) =
                    line.split_once('\t').expect("a row of the built-in table has two columns");
                (lemma, count.parse().expect("the second column is a number"))
            })
            .collect();
        // The script sorts by character, this by byte; the two differ beyond ASCII.
        rows.sort_unstable();
        Frequencies { article_count, rows }
    }

    /// Inverse document frequency in nats; a lemma that is not in the table counts as seen once.
    pub fn weight(&self, lemma: &str) -> f32 {
        let count = self.rows.binary_search_by(|row| row.0.cmp(lemma)).map_or(1, |row| self.rows[row].1);
        (f64::from(self.article_count + 1) / (f64::from(count) + 0.5)).ln() as f32
    }
}

#[cfg(test)]
mod tests {
    use super::Frequencies;

    #[test]
    fn rare_words_weigh_more() {
        let table = Frequencies::read("100\nbridge\t4\nofficial\t60\n");
        assert!(table.weight("bridge") > table.weight("official"));
        assert!(table.weight("zeppelin") > table.weight("bridge"));
    }
}
