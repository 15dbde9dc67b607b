//! Tables for spreadsheets (RFC 4180), with the names of the columns in the first line.

use std::io::{self, Write};

use super::{Cell, Column};

/// Writes CSV.
pub(super) struct CsvTable {
    writer: ::csv::Writer<Box<dyn Write + Send>>,
}

impl CsvTable {
    pub(super) fn new(columns: &[Column], out: Box<dyn Write + Send>) -> io::Result<CsvTable> {
        let mut writer = ::csv::Writer::from_writer(out);
        writer.write_record(columns.iter().map(|column| column.name))?;
        Ok(CsvTable { writer })
    }

    pub(super) fn row(&mut self, row: &[Cell]) -> io::Result<()> {
        Ok(self.writer.write_record(row.iter().map(written))?)
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::Text(text) => unarmed(text),
        Cell::Number(number) => number.to_string(),
        Cell::Share(share) => share.to_string(),
    }
}

/// Words that no spreadsheet runs as a formula: what a report begins with is not to be trusted.
fn unarmed(text: &str) -> String {
    let armed = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') || c.is_control();
    if text.starts_with(armed) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::unarmed;

    #[test]
    fn no_cell_is_a_formula() {
        for armed in ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1"] {
            assert_eq!(unarmed(armed), format!("'{armed}"));
        }
        for plain in ["", "Ana = Ruiz", "1-2", "'quoted'", "“=1”"] {
            assert_eq!(unarmed(plain), plain);
        }
    }
}
