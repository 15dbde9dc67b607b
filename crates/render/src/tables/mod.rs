//! What an archive holds as flat tables with documented keys, for spreadsheets, DuckDB and pandas.
//!
//! A table is a row of [`TABLES`]; its page in `docs/export.md` is made from it. Spans are byte offsets in UTF-8.

mod article;
mod cell;
mod csv;
mod jsonl;
mod parquet;
mod record;
mod story;
mod writer;

use model::{Annotated, Dossier, Story};

use crate::KeepText;

pub use cell::{Cell, Kind};
pub use writer::{TABLE_FORMATS, TableFormat, TableWriter};

pub use record::{RECORD, record_row};

/// A table: its columns, and how its rows are made.
#[derive(Debug)]
pub struct Table {
    /// As `export` and file names call it.
    pub name: &'static str,
    /// What a row is: a sentence.
    pub about: &'static str,
    /// The columns that name a row.
    pub key: &'static [&'static str],
    /// In order.
    pub columns: &'static [Column],
    /// Where its rows come from.
    pub rows: Rows,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name: the contract's, where the JSON has the same.
    pub name: &'static str,
    /// What stands in it.
    pub kind: Kind,
    /// What it means, with its unit and the values that it may have.
    pub about: &'static str,
}

impl Column {
    const fn text(name: &'static str, about: &'static str) -> Column {
        Column { name, kind: Kind::Text, about }
    }

    const fn number(name: &'static str, about: &'static str) -> Column {
        Column { name, kind: Kind::Number, about }
    }

    const fn share(name: &'static str, about: &'static str) -> Column {
        Column { name, kind: Kind::Share, about }
    }
}

const START: Column = Column::number("start", "its first byte in the article's text");
const END: Column = Column::number("end", "the byte after its last");
const WORDS: Column = Column::text("text", "the words, verbatim");

/// Where the rows of a table come from.
#[derive(Clone, Copy, Debug)]
pub enum Rows {
    /// Some from each article.
    Article(fn(&ArticleOf) -> Vec<Vec<Cell>>),
    /// Some from each story.
    Story(fn(&StoryOf) -> Vec<Vec<Cell>>),
}

/// An article whose rows are wanted.
#[derive(Clone, Copy, Debug)]
pub struct ArticleOf<'a> {
    /// The article; its statements are not looked at.
    pub annotated: &'a Annotated,
    /// The id of its story, where it has one.
    pub story: Option<&'a str>,
    /// Whether the reports' words are given.
    pub text: KeepText,
}

/// A story whose rows are wanted.
#[derive(Clone, Copy, Debug)]
pub struct StoryOf<'a> {
    /// Its articles.
    pub dossier: &'a Dossier,
    /// The story.
    pub story: &'a Story,
    /// Whether the reports' words are given.
    pub text: KeepText,
}

/// Every table, those of single articles first.
pub const TABLES: &[Table] = &[
    article::ARTICLES,
    article::QUOTATIONS,
    article::FIGURES,
    story::STATEMENTS,
    story::VOICES,
    story::DISCREPANCIES,
    story::REPRINTS,
];

/// The page about all tables, in Markdown.
pub fn tables_page() -> String {
    let mut page = String::from(include_str!("page.md"));
    for table in TABLES.iter().chain([&RECORD]) {
        page += &format!("\n## {}\n\n{} Key: {}.\n\n", table.name, table.about, keys(table));
        page += "| column | kind | what it means |\n|---|---|---|\n";
        for Column { name, kind, about } in table.columns {
            page += &format!("| `{name}` | {} | {about} |\n", kind.name());
        }
    }
    page
}

fn keys(table: &Table) -> String {
    table.key.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ArticleOf, Cell, Rows, StoryOf, TABLES, Table};
    use crate::KeepText;
    use crate::sample;

    /// All rows of a table of the sample.
    pub(super) fn rows(table: &Table, text: KeepText) -> Vec<Vec<Cell>> {
        let dossier = sample::dossier();
        match table.rows {
            Rows::Article(rows) => dossier
                .articles
                .iter()
                .flat_map(|annotated| rows(&ArticleOf { annotated, story: Some("s1"), text }))
                .collect(),
            Rows::Story(rows) => dossier
                .stories
                .iter()
                .flat_map(|story| rows(&StoryOf { dossier: &dossier, story, text }))
                .collect(),
        }
    }

    #[test]
    fn every_row_has_every_column_and_a_key_of_its_own() {
        for table in TABLES {
            let rows = rows(table, KeepText::Whole);
            assert!(!rows.is_empty(), "the sample has no row for {}", table.name);
            let places: Vec<usize> = table
                .key
                .iter()
                .map(|key| table.columns.iter().position(|column| column.name == *key).unwrap())
                .collect();
            let mut keys = BTreeSet::new();
            for row in &rows {
                assert_eq!(row.len(), table.columns.len(), "{}: {row:?}", table.name);
                for (cell, column) in row.iter().zip(table.columns) {
                    assert!(cell.is(column.kind), "{} {}: {cell:?}", table.name, column.name);
                }
                let key: Vec<String> = places.iter().map(|&place| format!("{:?}", row[place])).collect();
                assert!(keys.insert(key), "{}: two rows have one key: {row:?}", table.name);
            }
        }
    }

    #[test]
    fn words_can_be_left_out() {
        for table in TABLES {
            for (place, column) in table.columns.iter().enumerate() {
                let is_words =
                    matches!(column.name, "text" | "gist" | "cue" | "source" | "headline" | "hedge");
                if is_words {
                    assert!(
                        rows(table, KeepText::LeftOut).iter().all(|row| row[place] == Cell::Nothing),
                        "{} {}",
                        table.name,
                        column.name
                    );
                }
            }
        }
    }
}
