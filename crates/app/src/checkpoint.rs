//! How far a long run is, in a file beside its output: what it takes to go on as if it had never stopped.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rashomon::{Position, Tally};
use serde_json::{Map, Value, json};

/// A place in a run at which everything before is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Version, command, options and inputs: only the same run can go on.
    run: Value,
    /// Which input comes next or is being read.
    pub input: usize,
    /// Where in it.
    pub position: Position,
    /// Bytes of the output up to here.
    pub output_bytes: u64,
    /// Articles written.
    pub article_count: u64,
    /// Skipped things that were told.
    pub told_count: u64,
    /// What became of the records.
    pub tally: Tally,
}

impl Checkpoint {
    /// The beginning of a run.
    pub fn begin(job: &str, inputs: &[PathBuf]) -> Checkpoint {
        let inputs: Vec<Value> = inputs.iter().map(|path| identity(path)).collect();
        Checkpoint {
            run: json!({"rashomon": env!("CARGO_PKG_VERSION"), "job": job, "inputs": inputs}),
            input: 0,
            position: Position::default(),
            output_bytes: 0,
            article_count: 0,
            told_count: 0,
            tally: Tally::default(),
        }
    }

    /// Where the checkpoint of an output lies.
    pub fn path(output: &Path) -> PathBuf {
        let mut name = output.file_name().unwrap_or_default().to_owned();
        name.push(".progress");
        output.with_file_name(name)
    }

    /// The checkpoint of an earlier run with this output, if there is one.
    ///
    /// # Errors
    /// When there is one that cannot be read: why, as the end of a sentence.
    pub fn read(output: &Path) -> Result<Option<Checkpoint>, String> {
        let path = Checkpoint::path(output);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("{} cannot be read ({error})", path.display())),
        };
        let value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let found = Checkpoint::from_value(&value);
        found.map(Some).ok_or_else(|| format!("{} is no checkpoint of this program", path.display()))
    }

    /// Whether the run that begins now can go on from here, with this draft of its output.
    ///
    /// # Errors
    /// Why it has to start anew, as the end of a sentence.
    pub fn fits(&self, now: &Checkpoint, draft: &Path) -> Result<(), String> {
        if self.run != now.run {
            return Err(
                "the checkpoint beside the output is of another version, command or inputs".to_owned()
            );
        }
        match fs::metadata(draft) {
            Ok(found) if found.len() >= self.output_bytes => Ok(()),
            Ok(_) | Err(_) => Err(format!("what was written so far is gone from {}", draft.display())),
        }
    }

    fn from_value(value: &Value) -> Option<Checkpoint> {
        let number = |name: &str| value.get(name)?.as_u64();
        let position: Vec<u64> =
            value.get("position")?.as_array()?.iter().filter_map(Value::as_u64).collect();
        let &[member, offset, within, record_count] = position.as_slice() else { return None };
        let passed: &Map<String, Value> = value.get("passed_over")?.as_object()?;
        let passed_over = passed.iter().filter_map(|(what, count)| Some((what.clone(), count.as_u64()?)));
        Some(Checkpoint {
            run: value.get("run")?.clone(),
            input: usize::try_from(number("input")?).ok()?,
            position: Position { member, offset, within, record_count },
            output_bytes: number("output_bytes")?,
            article_count: number("article_count")?,
            told_count: number("told_count")?,
            tally: Tally {
                read_count: number("read_count")?,
                skipped_count: number("skipped_count")?,
                passed_over: passed_over.collect(),
            },
        })
    }

    /// Writes it beside the output: whole or not at all.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, output: &Path) -> std::io::Result<()> {
        let Position { member, offset, within, record_count } = self.position;
        let value = json!({
            "run": self.run,
            "input": self.input,
            "position": [member, offset, within, record_count],
            "output_bytes": self.output_bytes,
            "article_count": self.article_count,
            "told_count": self.told_count,
            "read_count": self.tally.read_count,
            "skipped_count": self.tally.skipped_count,
            "passed_over": self.tally.passed_over,
        });
        let path = Checkpoint::path(output);
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let draft = path.with_file_name(name);
        let mut file = fs::File::create(&draft)?;
        writeln!(file, "{value}")?;
        file.sync_data()?;
        fs::rename(&draft, &path)
    }
}

/// An input as it was when the run began: its name, size and time of change.
fn identity(path: &Path) -> Value {
    let found = fs::metadata(path).ok();
    let changed = found.as_ref().and_then(|found| found.modified().ok());
    let changed = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    json!({
        "name": path.to_string_lossy(),
        "size": found.map(|found| found.len()),
        "changed_ns": changed.map(|time| time.as_nanos().to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::Checkpoint;
    use rashomon::{Position, Tally};
    use std::path::PathBuf;

    #[test]
    fn is_read_as_it_was_written_and_fits_only_its_own_run() {
        let folder = std::env::temp_dir().join(format!("rashomon-checkpoint-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let (output, draft) = (folder.join("out.jsonl"), folder.join("draft"));
        let passed_over = [("request".to_owned(), 7)].into();
        let begun = Checkpoint::begin("extract", &[PathBuf::from("a.warc")]);
        let at = Checkpoint {
            input: 3,
            position: Position { member: 1, offset: u64::MAX, within: 2, record_count: 4 },
            output_bytes: 9,
            article_count: 5,
            told_count: 6,
            tally: Tally { read_count: 5, skipped_count: 6, passed_over },
            ..begun.clone()
        };
        assert_eq!(Checkpoint::read(&output), Ok(None));
        at.write(&output).expect("a temporary file can be written");
        let read = Checkpoint::read(&output).unwrap().unwrap();
        assert_eq!(read, at);
        assert!(read.fits(&begun, &draft).is_err(), "its draft is gone");
        std::fs::write(&draft, "123456789").expect("a temporary file can be written");
        assert_eq!(read.fits(&begun, &draft), Ok(()));
        assert!(read.fits(&Checkpoint::begin("annotate", &[PathBuf::from("a.warc")]), &draft).is_err());
        std::fs::write(Checkpoint::path(&output), "{\"run\": 1").expect("a temporary file can be written");
        assert!(Checkpoint::read(&output).is_err());
        std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
    }
}
