//! Writes a table, row by row, in any of the formats.

use std::io::{self, Write};

use super::csv::CsvTable;
use super::jsonl::JsonlTable;
use super::parquet::ParquetTable;
use super::{Cell, Table};

/// A form in which a table can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// A JSON object a row.
    Jsonl,
    /// For spreadsheets.
    Csv,
    /// For DuckDB, pandas and other engines: typed, by column, compressed.
    Parquet,
}

/// Every format, by the name that `--format` takes and files end in.
pub const TABLE_FORMATS: &[(&str, TableFormat)] =
    &[("jsonl", TableFormat::Jsonl), ("csv", TableFormat::Csv), ("parquet", TableFormat::Parquet)];

/// Writes one table.
pub struct TableWriter(Form);

enum Form {
    Jsonl(JsonlTable),
    Csv(Box<CsvTable>),
    Parquet(Box<ParquetTable>),
}

impl TableWriter {
    /// Begins a table.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(table: &Table, format: TableFormat, out: Box<dyn Write + Send>) -> io::Result<TableWriter> {
        Ok(TableWriter(match format {
            TableFormat::Jsonl => Form::Jsonl(JsonlTable::new(table.columns, out)),
            TableFormat::Csv => Form::Csv(Box::new(CsvTable::new(table.columns, out)?)),
            TableFormat::Parquet => Form::Parquet(Box::new(ParquetTable::new(table, out)?)),
        }))
    }

    /// Adds a row: a cell for each column.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub fn row(&mut self, row: Vec<Cell>) -> io::Result<()> {
        match &mut self.0 {
            Form::Jsonl(table) => table.row(&row),
            Form::Csv(table) => table.row(&row),
            Form::Parquet(table) => table.row(row),
        }
    }

    /// Ends the table.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Form::Jsonl(table) => table.finish(),
            Form::Csv(table) => table.finish(),
            Form::Parquet(table) => table.finish(),
        }
    }
}
