//! Tables as a JSON object a row, with all columns in order.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::{Cell, Column};

/// Writes JSONL.
pub(super) struct JsonlTable {
    columns: &'static [Column],
    out: Box<dyn Write + Send>,
}

impl JsonlTable {
    pub(super) fn new(columns: &'static [Column], out: Box<dyn Write + Send>) -> JsonlTable {
        JsonlTable { columns, out }
    }

    pub(super) fn row(&mut self, row: &[Cell]) -> io::Result<()> {
        let record: Map<String, Value> = self
            .columns
            .iter()
            .zip(row)
            .map(|(column, cell)| (column.name.to_owned(), value(cell)))
            .collect();
        serde_json::to_writer(&mut self.out, &record)?;
        self.out.write_all(b"\n")
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Nothing => Value::Null,
        Cell::Text(text) => Value::from(&**text),
        Cell::Number(number) => Value::from(*number),
        Cell::Share(share) => Value::from(*share),
    }
}
