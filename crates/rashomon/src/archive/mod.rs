//! The archive: what was read is kept, what it tells is brought up to date, and whoever asks gets a dossier.
//!
//! One [`Archive`] writes; any number of [`Reader`]s read, from other threads and processes too. Adding has two
//! steps, so that a thousand articles of one event are compared once: [`Archive::add`] keeps and reads inputs,
//! [`Archive::settle`] files them under stories and compares those that changed. A process may be killed in either:
//! what [`Archive::resume`] finds unfinished it finishes.

mod add;
mod doctor;
mod group;
mod memo;
mod overrule;
mod settle;
mod watch;

use std::path::{Path, PathBuf};

use annotate::{Likeness, WordVectors};
use model::{Dossier, Input};

pub use add::Added;
pub use model::{
    ArticleNumber, ArticleRow, Difference, EventRow, FeedPage, FeedRow, Health, Hit, Hits, InputRow, Paging,
    Piece, Query, Quoted, StatusCount, StoryRow, Summary,
};
pub use overrule::{Decisions, decide, decisions, overrides_path, undo};
pub use settle::Settled;
pub use store::{Check, Complaint, Error, Held, Reader};
pub use watch::{FeedRead, read_feed};

use crate::read::ReadOptions;
use crate::{CompareOptions, Engine};

/// How an archive reads and compares.
#[derive(Clone, Debug)]
pub struct ArchiveOptions {
    /// How inputs are read.
    pub read: ReadOptions,
    /// How stories are compared.
    pub compare: CompareOptions,
    /// The file of the user's decisions; it need not be there. See [`overrides_path`].
    pub overrides: PathBuf,
}

/// An archive, opened by the one that adds to it.
pub struct Archive {
    store: store::Store,
    engine: Engine,
    read: ReadOptions,
    options: CompareOptions,
    overrides: PathBuf,
    /// The index of stories; made when the first article wants one.
    index: Option<group::Index>,
}

impl Archive {
    /// Opens an archive, and makes it where there is none: the file and, beside it, the folder of captures.
    ///
    /// # Errors
    /// When another process adds to it, when another version of the program wrote it in another form, or when the
    /// disk refuses.
    pub fn open(path: &Path, engine: Engine, options: ArchiveOptions) -> Result<Archive, Error> {
        let store = store::Store::open(path, &setup())?;
        Ok(Archive::with(store, engine, options))
    }

    /// Opens an archive to read all its captures again: of what was there, only they are left. Call
    /// [`Archive::resume`] and [`Archive::settle`] next.
    ///
    /// # Errors
    /// As [`Archive::open`], but not for another form.
    pub fn open_to_reread(path: &Path, engine: Engine, options: ArchiveOptions) -> Result<Archive, Error> {
        let store = store::Store::open_to_reread(path, &setup())?;
        Ok(Archive::with(store, engine, options))
    }

    fn with(store: store::Store, engine: Engine, options: ArchiveOptions) -> Archive {
        let ArchiveOptions { read, compare, overrides } = options;
        Archive { store, engine, read, options: compare, overrides, index: None }
    }

    /// What is in it, its own latest changes included.
    pub fn reader(&self) -> &Reader {
        self.store.reader()
    }
}

fn setup() -> store::Setup {
    store::Setup { kinds: kinds(), version: env!("CARGO_PKG_VERSION") }
}

/// Ids of all kinds of discrepancy.
pub fn kinds() -> Vec<&'static str> {
    corroborate::KINDS.iter().map(|kind| kind.id).collect()
}

/// Opens an archive to read it, beside whoever adds to it: one reader a thread.
///
/// # Errors
/// When there is none, or one in another form ([`Error::is_outdated`]).
pub fn open_reader(path: &Path) -> Result<Reader, Error> {
    Reader::open(path, kinds())
}

/// The dossier of one story by its id, as it was last compared: `None` when there is no such story, or it was not
/// compared yet. Its articles come without their statements, which no output shows.
///
/// # Errors
/// When the disk refuses or what was found is damaged.
pub fn dossier(reader: &Reader, story: &str) -> Result<Option<Dossier>, Error> {
    let _held = reader.hold()?;
    let Some((mut story, mut articles)) = reader.story(story)? else { return Ok(None) };
    corroborate::overrule(&mut articles, &overrule::replayed(reader)?);
    // The story's articles by their places in this dossier: all of them, in order.
    story.articles = (0..articles.len()).collect();
    let mut inputs: Vec<Input> = Vec::new();
    for annotated in &articles {
        let row = reader.article_row(&annotated.article.id)?;
        let Some(row) = row else { continue };
        let input = reader.input_of(row.number)?;
        if inputs.iter().all(|known| known.name != input.name || known.sha256 != input.sha256) {
            inputs.push(Input { name: input.name, sha256: input.sha256, article_count: input.article_count });
        }
    }
    Ok(Some(Dossier { inputs, articles, stories: vec![story], skipped: Vec::new() }))
}

/// One version of an article, and what it changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The article.
    pub row: ArticleRow,
    /// Its text and all that was read in it.
    pub annotated: model::Annotated,
    /// What it changed in the version before it; nothing in the first. Spans are of the text before and of this one.
    pub revisions: Vec<model::Revision>,
}

/// Versions of one address that are looked at, the first ones: a live page may have hundreds.
const VERSIONS_MAX: usize = 100;

/// The versions of one address in order of arrival, each compared with the one before by statement. A version whose text
/// is that of the one before is left out.
///
/// # Errors
/// When the disk refuses or a reading is damaged.
pub fn versions(reader: &Reader, url: &str) -> Result<Vec<Version>, Error> {
    let mut versions: Vec<Version> = Vec::new();
    let (likeness, mut known) = (Likeness::built_in(), WordVectors::default());
    for row in reader.versions(url)?.into_iter().take(VERSIONS_MAX) {
        let mut annotated = reader.shelved(row.number)?.unpack()?;
        likeness.give(&annotated.article.text, (&mut annotated.statements, &mut known));
        let before = versions.last().map(|version| &version.annotated);
        if before.is_some_and(|before| before.article.digest == annotated.article.digest) {
            continue;
        }
        let revisions = before.map(|before| corroborate::revisions(before, &annotated)).unwrap_or_default();
        versions.push(Version { row, annotated, revisions });
    }
    Ok(versions)
}
