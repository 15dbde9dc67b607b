//! A user's decisions in an archive: read from their file, written to it, and replayed on every story that they touch.
//!
//! The file lies beside the archive and is the user's: it may be edited, kept under version control, and given to others.
//! What of it the archive has replayed is kept in the archive, so that readers show what was compared.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ingest::{parse_overrides, undo_override, write_override};
use model::{ArticleNumber, Override, Overrides, Ruling};
use store::{Error, Reader};

use super::Archive;

/// Under which name the archive keeps what it has replayed.
const FACT: &str = "overrides";
/// Articles that are looked at together for one with a digest.
const BATCH: usize = 200;

/// The file of decisions that belongs to an archive: `desk.db` has `desk.db.overrides.toml`.
pub fn overrides_path(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(".overrides.toml");
    path.into()
}

/// A file of decisions as it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decisions {
    /// The decisions, first to last.
    pub overrides: Overrides,
    /// Which of them contradict each other: sentences that name the lines.
    pub conflicts: Vec<String>,
    /// Its text.
    text: String,
}

/// Reads a file of decisions; where there is none, nothing is decided.
///
/// # Errors
/// When it cannot be read or is not in its form: a sentence that names the line.
pub fn decisions(path: &Path) -> Result<Decisions, Error> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Error::disk(path, error)),
    };
    let read = parse_overrides(&text).map_err(|error| {
        Error::query(format!("{}: {error} Until it is mended, nothing is compared again.", path.display()))
    })?;
    Ok(Decisions { overrides: read.value, conflicts: read.warnings, text })
}

/// What was decided when the stories were last compared.
///
/// # Errors
/// When the disk refuses.
pub(super) fn replayed(reader: &Reader) -> Result<Overrides, Error> {
    let text = reader.fact(FACT)?.unwrap_or_default();
    Ok(parse_overrides(&text).map(|read| read.value).unwrap_or_default())
}

/// Writes a decision at the end of its file, which is never seen half written.
///
/// # Errors
/// When the file is not in its form, or the disk refuses.
pub fn decide(path: &Path, entry: &Override) -> Result<(), Error> {
    let before = decisions(path)?.text;
    write(path, &format!("{before}{}", write_override(entry)))
}

/// Takes back the last decision; tells which, or `None` where there is none.
///
/// # Errors
/// When the file is not in its form, or the disk refuses.
pub fn undo(path: &Path) -> Result<Option<Override>, Error> {
    let before = decisions(path)?.text;
    let undone =
        undo_override(&before).map_err(|error| Error::query(format!("{}: {error}", path.display())))?;
    let Some((text, entry)) = undone else { return Ok(None) };
    write(path, &text)?;
    Ok(Some(entry))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".part");
    let draft = PathBuf::from(draft);
    let written = std::fs::write(&draft, text).and_then(|()| std::fs::rename(&draft, path));
    written.map_err(|error| Error::disk(path, error))
}

impl Archive {
    /// Takes up what the user has decided since: stories that it touches wait to be compared again. Returns the decisions,
    /// and whether they are others than before.
    pub(super) fn take_decisions(&mut self) -> Result<(Decisions, bool), Error> {
        let now = decisions(&self.overrides)?;
        let before = self.reader().fact(FACT)?.unwrap_or_default();
        if now.text == before {
            return Ok((now, false));
        }
        let before = parse_overrides(&before).map(|read| read.value).unwrap_or_default();
        let changed = changed(&before, &now.overrides);
        let everywhere =
            changed.iter().any(|ruling| matches!(ruling, Ruling::Alias { .. } | Ruling::Owner { .. }));
        if everywhere {
            self.store.mark_all_stale()?;
        } else {
            let mut touched = Vec::new();
            for ruling in changed {
                let Ruling::Ignore { article, words: Some(_) } = ruling else { continue };
                touched.extend(named(self.reader(), &article)?);
            }
            self.store.mark_stale(&touched)?;
        }
        let left_out = self.left_out(&now.overrides)?;
        self.store.leave_out(&left_out)?;
        // The index knows articles that are left out now, or lacks some that are not any more.
        self.index = None;
        Ok((now, true))
    }

    /// Notes what was taken up, once the stories are grouped by it: the file may say more by now.
    pub(super) fn note_decisions(&mut self, taken: &Decisions) -> Result<(), Error> {
        self.store.put_fact(FACT, &taken.text)
    }

    fn left_out(&self, overrides: &Overrides) -> Result<Vec<ArticleNumber>, Error> {
        let mut found = Vec::new();
        for entry in &overrides.entries {
            let Ruling::Ignore { article, words: None } = &entry.ruling else { continue };
            found.extend(named(self.reader(), article)?);
        }
        Ok(found)
    }
}

/// The articles of a name: an id, an address, or `sha256:` and the beginning of a digest.
pub(super) fn named(reader: &Reader, name: &str) -> Result<Vec<ArticleNumber>, Error> {
    let mut found: BTreeSet<ArticleNumber> = BTreeSet::new();
    found.extend(reader.article_row(name)?.map(|row| row.number));
    found.extend(reader.versions(name)?.into_iter().map(|row| row.number));
    let mut last = 0;
    while name.starts_with("sha256:") {
        let articles = reader.articles_after(last, BATCH)?;
        let Some((row, _)) = articles.last() else { break };
        last = row.number;
        let same = articles.iter().filter(|(_, annotated)| corroborate::is_named(&annotated.article, name));
        found.extend(same.map(|(row, _)| row.number));
    }
    Ok(found.into_iter().collect())
}

/// Rulings of which one file has more than the other.
fn changed(before: &Overrides, now: &Overrides) -> Vec<Ruling> {
    let rulings = |overrides: &Overrides| -> Vec<Ruling> {
        overrides.entries.iter().map(|entry| entry.ruling.clone()).collect()
    };
    let (before, now) = (rulings(before), rulings(now));
    let count = |list: &[Ruling], ruling: &Ruling| list.iter().filter(|known| *known == ruling).count();
    let mut changed: Vec<Ruling> = Vec::new();
    for ruling in before.iter().chain(&now) {
        if count(&before, ruling) != count(&now, ruling) && !changed.contains(ruling) {
            changed.push(ruling.clone());
        }
    }
    changed
}
