//! Tables as Parquet: every column optional, text as UTF-8, compressed with Zstandard.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::{Cell, Column, Kind, Table};

/// Rows that are written together.
const GROUP_ROWS_MAX: usize = 50_000;
/// Bytes of text that are written together, if they come to so much before.
const GROUP_BYTES_MAX: usize = 64 << 20;

/// Writes Parquet.
pub(super) struct ParquetTable {
    columns: &'static [Column],
    writer: SerializedFileWriter<Box<dyn Write + Send>>,
    rows: Vec<Vec<Cell>>,
    size: usize,
}

impl ParquetTable {
    pub(super) fn new(table: &Table, out: Box<dyn Write + Send>) -> io::Result<ParquetTable> {
        let fields = table.columns.iter().map(field).collect::<Result<_, _>>().map_err(refused)?;
        let schema = Type::group_type_builder(table.name).with_fields(fields).build().map_err(refused)?;
        let level = ZstdLevel::try_new(3).map_err(refused)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            // The library's own version and nothing of ours: the same rows give the same bytes.
            .build();
        let writer =
            SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(refused)?;
        Ok(ParquetTable { columns: table.columns, writer, rows: Vec::new(), size: 0 })
    }

    pub(super) fn row(&mut self, row: Vec<Cell>) -> io::Result<()> {
        let length = |cell: &Cell| if let Cell::Text(text) = cell { text.len() } else { 8 };
        self.size += row.iter().map(length).sum::<usize>();
        self.rows.push(row);
        if self.rows.len() >= GROUP_ROWS_MAX || self.size >= GROUP_BYTES_MAX {
            self.write().map_err(refused)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        if !self.rows.is_empty() {
            self.write().map_err(refused)?;
        }
        self.writer.close().map_err(refused)?;
        Ok(())
    }

    fn write(&mut self) -> Result<(), ParquetError> {
        let rows = std::mem::take(&mut self.rows);
        self.size = 0;
        let mut group = self.writer.next_row_group()?;
        for (place, column) in self.columns.iter().enumerate() {
            let cells = rows.iter().map(|row| &row[place]);
            match column.kind {
                Kind::Text => put::<ByteArrayType>(&mut group, cells, |cell| match cell {
                    Cell::Text(text) => Some(ByteArray::from(text.as_bytes().to_vec())),
                    Cell::Nothing | Cell::Number(_) | Cell::Share(_) => None,
                })?,
                Kind::Number => put::<Int64Type>(&mut group, cells, |cell| match cell {
                    Cell::Number(number) => Some(*number),
                    Cell::Nothing | Cell::Text(_) | Cell::Share(_) => None,
                })?,
                Kind::Share => put::<DoubleType>(&mut group, cells, |cell| match cell {
                    Cell::Share(share) => Some(*share),
                    Cell::Nothing | Cell::Text(_) | Cell::Number(_) => None,
                })?,
            }
        }
        group.close()?;
        Ok(())
    }
}

/// Writes the next column of a group; an empty cell has level 0 and no value.
fn put<'c, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Box<dyn Write + Send>>,
    cells: impl Iterator<Item = &'c Cell>,
    value: impl Fn(&Cell) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for cell in cells {
        let value = value(cell);
        levels.push(i16::from(value.is_some()));
        values.extend(value);
    }
    let mut column = group
        .next_column()?
        .ok_or_else(|| ParquetError::General("there are fewer columns than the table has".to_owned()))?;
    column.typed::<T>().write_batch(&values, Some(&levels), None)?;
    column.close()
}

fn field(column: &Column) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Number => (Physical::INT64, None),
        Kind::Share => (Physical::DOUBLE, None),
    };
    let field = Type::primitive_type_builder(column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()?;
    Ok(Arc::new(field))
}

fn refused(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}
