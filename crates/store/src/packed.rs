//! An article in the form in which it is kept: made by any thread, filed by the one that writes.

use std::collections::BTreeSet;

use model::{Annotated, Article, Statement};

use crate::Error;
use crate::codec::{Page, from_bytes, to_bytes};

/// Compression of readings: they are written once and read with every story they belong to.
const LEVEL: i32 = 3;
/// Bytes that a reading may unpack to; the longest article of [`model`] stays far below.
const UNPACKED_BYTES_MAX: usize = 4 << 30;

/// An article as it lies on the shelf: taken down by the one that holds the archive, unpacked by any thread.
#[derive(Clone, Debug)]
pub struct Shelved {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) page: Vec<u8>,
    pub(crate) statements: Vec<u8>,
}

impl Shelved {
    /// The article with all that was read in it; its statements' vectors, which follow from its text, are empty.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn unpack(self) -> Result<Annotated, Error> {
        let statements = unpack_statements(&self.statements)?;
        let page = unpack_page(&self.page, self.id, self.text)?;
        Ok(Annotated { statements, ..page })
    }
}

/// What the pipeline wants to find again beside an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memo {
    /// The day by which it finds its story, counted in days of the Gregorian calendar.
    pub day: Option<i32>,
    /// The rest, in a form of the pipeline's own.
    pub bytes: Vec<u8>,
}

/// An article, encoded and compressed.
#[derive(Clone, Debug)]
pub struct Packed {
    pub(crate) given: String,
    pub(crate) outlet: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) published: Option<String>,
    pub(crate) headline: Option<String>,
    pub(crate) page: Vec<u8>,
    pub(crate) statements: Vec<u8>,
    pub(crate) memo: Memo,
    pub(crate) text: String,
    pub(crate) names: String,
    pub(crate) speakers: Vec<(String, usize)>,
}

impl Packed {
    /// Packs an article, its statements without their vectors. `memo` is what the pipeline wants to find beside it.
    pub fn new(mut annotated: Annotated, memo: Memo) -> Packed {
        let statements = std::mem::take(&mut annotated.statements);
        let text = std::mem::take(&mut annotated.article.text);
        let given = std::mem::take(&mut annotated.article.id);
        let (names, speakers) = (names(&annotated), speakers(&annotated));
        let Article { outlet, url, published, headline, .. } = &annotated.article;
        let headline = headline.map(|span| span.of(&text).trim().to_owned()).filter(|line| !line.is_empty());
        let (outlet, url) = (outlet.clone(), url.clone());
        let published = published.as_ref().map(|published| published.value.clone());
        let page = compress(&to_bytes(&Page(annotated)));
        let statements = compress(&to_bytes(&statements));
        Packed { given, outlet, url, published, headline, page, statements, memo, text, names, speakers }
    }

    /// Words by which the index finds the outlet and the day.
    pub(crate) fn keys(&self, outlet: Option<i64>) -> String {
        let mut keys = outlet.map(outlet_key).unwrap_or_default();
        for key in self.published.iter().flat_map(|day| day_keys(day)) {
            keys.push(' ');
            keys += &key;
        }
        keys
    }
}

/// The word by which the index finds an outlet.
pub(crate) fn outlet_key(outlet: i64) -> String {
    format!("outlet{outlet}")
}

/// The words by which the index finds a date: its year, month and day, as far as it has them.
pub(crate) fn day_keys(value: &str) -> Vec<String> {
    let ends = [4, 7, 10];
    ends.iter()
        .filter_map(|&end| value.get(..end))
        .map(|part| format!("day{}", part.replace('-', "")))
        .collect()
}

/// Each name once, a line each.
fn names(annotated: &Annotated) -> String {
    let names: BTreeSet<&str> = annotated.entities.iter().map(|entity| entity.name.as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join("\n")
}

/// Who is quoted, and how often, sorted.
fn speakers(annotated: &Annotated) -> Vec<(String, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for speaker in annotated.quotations.iter().filter_map(|quotation| quotation.speaker.as_ref()) {
        *counts.entry(speaker.clone()).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

/// What showing an article takes; its statements are left empty.
pub(crate) fn unpack_page(page: &[u8], id: String, text: String) -> Result<Annotated, Error> {
    let damaged = || Error::damaged(format!("The reading of {id}"));
    let Page(mut annotated) = from_bytes(&decompress(page)?, &[]).map_err(|_| damaged())?;
    annotated.article.id = id;
    annotated.article.text = text;
    Ok(annotated)
}

/// What comparing takes besides.
fn unpack_statements(bytes: &[u8]) -> Result<Vec<Statement>, Error> {
    from_bytes(&decompress(bytes)?, &[]).map_err(|_| Error::damaged("An article's statements"))
}

pub(crate) fn compress(bytes: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(bytes, LEVEL).expect("memory is the only thing that compressing asks for")
}

pub(crate) fn decompress(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let damaged = || Error::damaged("A compressed reading");
    // The frame says how much it holds, since it was compressed in one piece.
    let size = zstd::zstd_safe::get_frame_content_size(bytes).ok().flatten().ok_or_else(damaged)?;
    let size = usize::try_from(size).ok().filter(|&size| size <= UNPACKED_BYTES_MAX).ok_or_else(damaged)?;
    zstd::bulk::decompress(bytes, size).map_err(|_| damaged())
}
