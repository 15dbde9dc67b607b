//! Dossiers that were asked for lately, with their pages, so that a story opens at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use model::Dossier;
use rashomon::archive::{self, Reader, StoryRow};
use render::{StatementWindow, StoryHtml};

use super::{Answer, Problem};
use crate::pages::Filter;

/// Articles in all dossiers that are kept: what bounds their memory.
const ARTICLES_MAX: usize = 2_000;

/// A story as it stood at one moment.
pub struct Told {
    /// The story in short.
    pub row: StoryRow,
    /// The story and its articles.
    pub dossier: Dossier,
    html: OnceLock<StoryHtml>,
}

impl Told {
    /// Its page without a filter, made when first asked for.
    pub fn html(&self) -> &StoryHtml {
        self.html.get_or_init(|| {
            let story = &self.dossier.stories[0];
            let path = Filter::default().window_path(&self.row.id);
            render::story_html(&self.dossier, story, StatementWindow { first: 0, path: &path })
        })
    }
}

/// The dossiers kept.
#[derive(Default)]
pub struct Kept {
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    /// By the story's id, with when it was last asked for.
    told: BTreeMap<String, (u64, Arc<Told>)>,
    clock: u64,
}

impl Kept {
    /// A story by its id or one that it had before; from memory where nothing has changed since.
    ///
    /// # Errors
    /// When there is no such story, it was not compared yet, or the archive cannot be read.
    pub fn told(&self, reader: &Reader, id: &str) -> Answer<Arc<Told>> {
        let row = reader.story_summary(id)?.ok_or_else(|| {
            Problem::not_found(
                "The archive has no such story. It may have been joined to another: search for it.",
            )
        })?;
        if let Some(told) = self.shelf.lock().unwrap_or_else(PoisonError::into_inner).find(&row) {
            return Ok(told);
        }
        let dossier = archive::dossier(reader, &row.id)?
            .ok_or_else(|| Problem::not_found("This story was not compared yet. Come back in a moment."))?;
        let told = Arc::new(Told { row, dossier, html: OnceLock::new() });
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner).put(Arc::clone(&told));
        Ok(told)
    }
}

impl Shelf {
    fn find(&mut self, row: &StoryRow) -> Option<Arc<Told>> {
        self.clock += 1;
        let (used, told) = self.told.get_mut(&row.id)?;
        if told.row != *row {
            return None;
        }
        *used = self.clock;
        Some(Arc::clone(told))
    }

    /// Keeps one more; those asked for longest ago make room.
    fn put(&mut self, told: Arc<Told>) {
        self.clock += 1;
        self.told.insert(told.row.id.clone(), (self.clock, told));
        while self.told.len() > 1
            && self.told.values().map(|(_, told)| told.dossier.articles.len()).sum::<usize>() > ARTICLES_MAX
        {
            let oldest = self.told.iter().min_by_key(|(_, (used, _))| *used).map(|(id, _)| id.clone());
            oldest.and_then(|id| self.told.remove(&id));
        }
    }
}
