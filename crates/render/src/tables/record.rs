//! An article with all that was read in it as one row, for `annotate --format parquet`: lists are JSON, as in its lines.

use std::io;

use model::Annotated;
use serde_json::Value;

use super::{Cell, Column, Rows, Table};
use crate::{RenderOptions, article_line};

/// The table of whole articles; its rows are made by [`record_row`].
pub const RECORD: Table = Table {
    name: "annotations",
    about: "What `annotate --format parquet` writes: a row an article, lists and spans as JSON in the form of its lines.",
    key: &["id"],
    columns: &[
        Column::text("id", "the article's id"),
        Column::text("input", "the input it came from"),
        Column::text("outlet", "who publishes it"),
        Column::text("url", "where it was published"),
        Column::text("language", "BCP 47"),
        Column::text("text", "the text; every span points here"),
        Column::text("digest", "SHA-256 of the text"),
        Column::text("headline", "JSON: a span"),
        Column::text("byline", "JSON: who signs"),
        Column::text("published", "JSON: value, precision, origin, evidence"),
        Column::text("furniture", "JSON: what is on the page and not of the report"),
        Column::text("mentions", "JSON: names as written, and whom they name"),
        Column::text("quotations", "JSON: who is quoted"),
        Column::text("figures", "JSON: quantities"),
        Column::text("times", "JSON: time expressions with TIMEX3 values"),
        Column::text("statements", "JSON: what is said to be so, and how surely"),
    ],
    rows: Rows::Article(|_| Vec::new()),
};

/// The row of an article.
///
/// # Errors
/// Never, as memory takes every byte; the signature is that of its line.
pub fn record_row(annotated: &Annotated, options: &RenderOptions) -> io::Result<Vec<Cell>> {
    let mut line = Vec::new();
    article_line(annotated, options, &mut line)?;
    let record: Value = serde_json::from_slice(&line)?;
    let cell = |column: &Column| match &record[column.name] {
        Value::Null => Cell::Nothing,
        Value::String(text) => Cell::from(&**text),
        other => Cell::Text(other.to_string()),
    };
    Ok(RECORD.columns.iter().map(cell).collect())
}

#[cfg(test)]
mod tests {
    use super::{Cell, RECORD, record_row};
    use crate::{Colour, KeepText, RenderOptions, sample};

    #[test]
    fn a_row_has_what_the_line_has() {
        let options = RenderOptions { width: 80, colour: Colour::Never, text: KeepText::Whole, version: "1" };
        let dossier = sample::dossier();
        let mut filled = vec![false; RECORD.columns.len()];
        for annotated in &dossier.articles {
            let row = record_row(annotated, &options).unwrap();
            assert_eq!(row[0], Cell::from(&*annotated.article.id));
            for (seen, cell) in filled.iter_mut().zip(&row) {
                *seen |= *cell != Cell::Nothing;
            }
        }
        let empty: Vec<&str> = RECORD
            .columns
            .iter()
            .zip(filled)
            .filter(|(_, seen)| !seen)
            .map(|(column, _)| column.name)
            .collect();
        // The sample's articles have no statements of their own.
        assert_eq!(empty, ["statements"]);
    }
}
