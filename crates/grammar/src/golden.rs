//! Analyses written down as tables, so that a test can hold ours against those of another program.
//!
//! One token a line, fields split by tabs: start, end (bytes), lemma, tag, part, features, label, head (token
//! index), entity type or empty, `B` where an entity begins, `S` where a sentence begins, `P` where a piece
//! begins (the last three may be empty). The table is of one text.

use crate::Document;
use crate::draft::Draft;

/// Reads a table.
///
/// # Errors
/// A sentence that names the line that is not of that form.
pub fn read(table: &str) -> Result<Document, String> {
    let mut draft = Draft::default();
    for (number, line) in table.lines().enumerate() {
        let fields: Vec<&str> = line.split('\t').collect();
        let bad = || {
            format!("Line {} of the golden table does not have twelve fields of the right form.", number + 1)
        };
        let [start, end, lemma, tag, part, morph, label, head, entity, begins, sentence, piece] = fields[..]
        else {
            return Err(bad());
        };
        let document = &mut draft.document;
        document.spans.push(start.parse().map_err(|_| bad())?..end.parse().map_err(|_| bad())?);
        document.heads.push(head.parse().map_err(|_| bad())?);
        document.entity_starts.push(begins == "B");
        document.sentence_starts.push(sentence == "S");
        if piece == "P" {
            document.pieces.push(number..number);
        }
        if let Some(last) = document.pieces.last_mut() {
            last.end = number + 1;
        }
        let numbers = [tag, part, morph, label, lemma, entity].map(|string| draft.intern(string));
        for (column, number) in draft.document.columns().into_iter().zip(numbers) {
            column.push(number);
        }
    }
    Ok(draft.finish())
}

/// Writes a table; tabs and line ends within a lemma become spaces.
pub fn write(document: &Document) -> String {
    let mut table = String::new();
    let mut begins = vec![false; document.len()];
    for piece in document.pieces.iter().filter(|piece| !piece.is_empty()) {
        begins[piece.start] = true;
    }
    let mark = |is_set: bool, letter: &'static str| if is_set { letter } else { "" };
    for (token, span) in document.spans.iter().enumerate() {
        let strings = [
            &document.lemma(token).replace(['\t', '\n'], " "),
            document.tag(token),
            document.part(token),
            document.morph(token),
            document.label(token),
        ];
        table += &format!("{}\t{}\t{}\t", span.start, span.end, strings.join("\t"));
        table += &format!("{}\t{}\t", document.heads[token], document.entity(token));
        let marks = [
            mark(document.entity_starts[token], "B"),
            mark(document.sentence_starts[token], "S"),
            mark(begins[token], "P"),
        ];
        table += &marks.join("\t");
        table.push('\n');
    }
    table
}
