//! Tables of an archive: every format has the same rows, every column that is documented, and what the dossiers say.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the message")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use parquet::file::reader::{FileReader, SerializedFileReader};
use render::tables::{RECORD, TABLES, Table};
use serde_json::Value;

fn program(words: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let done = Command::new(env!("CARGO_BIN_EXE_rashomon")).args(words).current_dir(root).output().unwrap();
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
    done
}

/// The README's story in an archive, and the folders in which its tables are, in each format.
fn exported(folder: &Path) -> (String, [PathBuf; 3]) {
    let archive = folder.join("desk.db").display().to_string();
    program(&["add", "examples/ferry", "--quiet", "--database", &archive]);
    let folders = ["jsonl", "csv", "parquet"].map(|format| {
        let tables = folder.join(format);
        let path = tables.display().to_string();
        program(&["export", "--quiet", "--database", &archive, "--format", format, "--output", &path]);
        tables
    });
    (archive, folders)
}

fn lines(folder: &Path, table: &Table) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join(format!("{}.jsonl", table.name))).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn parquet_of(path: &Path) -> (Vec<String>, i64, SerializedFileReader<File>) {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let meta = reader.metadata().file_metadata();
    let columns = meta.schema().get_fields().iter().map(|field| field.name().to_owned()).collect();
    let count = meta.num_rows();
    (columns, count, reader)
}

#[test]
fn all_formats_hold_the_same_rows_and_the_documented_columns() {
    let folder = tempfile::tempdir().unwrap();
    let (_, [jsonl, csv, parquet]) = exported(folder.path());
    for table in TABLES {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let rows = lines(&jsonl, table);
        assert!(!rows.is_empty(), "{} is empty", table.name);
        let keys: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
        assert_eq!(keys, names, "{}", table.name);

        let mut read = csv::Reader::from_path(csv.join(format!("{}.csv", table.name))).unwrap();
        assert_eq!(read.headers().unwrap().iter().collect::<Vec<_>>(), names);
        let csv_rows: Vec<csv::StringRecord> = read.records().map(Result::unwrap).collect();
        assert_eq!(csv_rows.len(), rows.len(), "{}", table.name);
        assert!(csv_rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));

        let (columns, count, reader) = parquet_of(&parquet.join(format!("{}.parquet", table.name)));
        assert_eq!(
            (columns, count),
            (names.iter().map(|&name| name.to_owned()).collect(), rows.len() as i64)
        );
        for (row, line) in reader.get_row_iter(None).unwrap().zip(&rows) {
            let row = row.unwrap().to_json_value();
            assert_eq!(row, *line, "{}", table.name);
        }
    }
}

#[test]
fn the_tables_say_what_the_dossier_says() {
    let folder = tempfile::tempdir().unwrap();
    let (archive, [jsonl, ..]) = exported(folder.path());
    let of = |name: &str| lines(&jsonl, TABLES.iter().find(|table| table.name == name).unwrap());
    let articles = of("articles");
    let story = articles.iter().find_map(|row| row["story"].as_str()).unwrap().to_owned();
    let shown = program(&["show", &story, "--format", "json", "--database", &archive]);
    let dossier: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let told = &dossier["stories"][0];
    let of_story = |rows: Vec<Value>| rows.into_iter().filter(|row| row["story"] == story.as_str()).count();
    let sum = |list: &Value, part: &str| -> usize {
        list.as_array().unwrap().iter().map(|one| one[part].as_array().unwrap().len()).sum()
    };
    assert_eq!(of_story(of("statements")), told["alignments"].as_array().unwrap().len());
    assert_eq!(of_story(of("voices")), sum(&told["alignments"], "voices"));
    assert_eq!(of_story(of("discrepancies")), sum(&told["discrepancies"], "sides"));
    assert_eq!(of_story(of("reprints")), told["reprints"].as_array().unwrap().len());
    for row in of("figures") {
        let article = articles.iter().find(|article| article["article"] == row["article"]).unwrap();
        let place = |name: &str| row[name].as_u64().unwrap() as usize;
        let words = article["text"].as_str().unwrap().get(place("start")..place("end")).unwrap();
        assert_eq!(row["text"], words);
    }
}

#[test]
fn annotate_writes_parquet_and_one_table_goes_to_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.parquet");
    program(&["annotate", "examples/ferry", "--quiet", "-f", "parquet", "-o", &path.display().to_string()]);
    let (columns, count, _) = parquet_of(&path);
    let names: Vec<String> = RECORD.columns.iter().map(|column| column.name.to_owned()).collect();
    assert_eq!((columns, count), (names, 7));
    let (archive, [tables, ..]) = exported(folder.path());
    let printed = program(&["export", "voices", "--no-text", "--quiet", "--database", &archive]);
    let text = String::from_utf8(printed.stdout).unwrap();
    assert!(text.lines().count() > 10 && text.lines().all(|line| line.contains("\"text\":null")));
    // A folder gets a file of the table's name, also when it is one table.
    let named = tables.display().to_string();
    let into = ["export", "voices", "--no-text", "--quiet", "--database", &archive, "--output", &named];
    assert!(program(&into).stdout.is_empty());
    assert_eq!(std::fs::read_to_string(tables.join("voices.jsonl")).unwrap(), text);
}
