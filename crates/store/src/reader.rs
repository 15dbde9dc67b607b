//! What can be asked of the archive. Reading never changes it.

use std::path::{Path, PathBuf};

use model::{
    Annotated, ArticleNumber, ArticleRow, Event, EventRow, Evidence, Health, InputNumber, InputRow, Paging,
    Quoted, Story, StoryRow,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::captures::Captures;
use crate::codec::{FORM, Findings, from_bytes};
use crate::packed::{Shelved, decompress, unpack_page};
use crate::row::StoryNumber;
use crate::{Error, schema};

/// Rows that a page of a list has at most, whatever is asked for.
pub(crate) const PAGE_ROWS_MAX: usize = 1000;

/// An archive, opened to be read: one connection, for one thread at a time. Open as many as there are threads.
pub struct Reader {
    pub(crate) connection: Connection,
    pub(crate) captures: Captures,
    pub(crate) path: PathBuf,
    kinds: Vec<&'static str>,
}

/// An archive that is held still for a reader; see [`Reader::hold`].
pub struct Held<'r> {
    _transaction: Option<rusqlite::Transaction<'r>>,
}

impl Reader {
    /// Opens an archive that exists. `kinds` are the ids of the kinds of discrepancy.
    ///
    /// # Errors
    /// When there is none, or one of another form or schema ([`Error::is_outdated`]).
    pub fn open(path: &Path, kinds: Vec<&'static str>) -> Result<Reader, Error> {
        let reader = Reader::new(schema::open_to_read(path)?, path, kinds);
        reader.has_form()?;
        Ok(reader)
    }

    pub(crate) fn new(connection: Connection, path: &Path, kinds: Vec<&'static str>) -> Reader {
        connection.set_prepared_statement_cache_capacity(64);
        Reader { connection, captures: Captures::beside(path), path: path.to_owned(), kinds }
    }

    /// Whether the archive notes in which form it is written: a new one does not yet.
    ///
    /// # Errors
    /// When it is another form than this program's, or the disk refuses.
    pub(crate) fn has_form(&self) -> Result<bool, Error> {
        match self.fact("form")? {
            Some(found) if found != FORM.to_string() => {
                Err(Error::outdated(&self.path, &format!("form {found}"), &format!("form {FORM}")))
            }
            found => Ok(found.is_some()),
        }
    }

    /// Holds the archive still: until the outcome is dropped, this reader sees it as it is now, whatever others write.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn hold(&self) -> Result<Held<'_>, Error> {
        // Whoever holds it already goes on doing so.
        let is_held = !self.connection.is_autocommit();
        let transaction = if is_held { None } else { Some(self.connection.unchecked_transaction()?) };
        if transaction.is_some() {
            // A transaction sees what stands when it first reads.
            self.connection.query_row("SELECT count(*) FROM facts", [], |_| Ok(()))?;
        }
        Ok(Held { _transaction: transaction })
    }

    /// Something about the archive as a whole that was noted under a name.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn fact(&self, key: &str) -> Result<Option<String>, Error> {
        let mut find = self.connection.prepare_cached("SELECT value FROM facts WHERE key = ?1")?;
        Ok(find.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Stories, those that changed last first.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn stories(&self, page: Paging) -> Result<Vec<StoryRow>, Error> {
        let sql = format!("{STORY_COLUMNS} WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?2");
        let mut find = self.connection.prepare_cached(&sql)?;
        let rows = find.query(params![page.before.unwrap_or(i64::MAX), limit(page.limit)])?;
        collect(rows, |row| self.story_row(row))
    }

    /// The id under which a story goes on that was known by another; the id itself for any other.
    fn current_id(&self, id: &str) -> Result<String, Error> {
        let sql = "SELECT s.name FROM former_ids f JOIN stories s ON s.id = f.story
                   WHERE f.name = ?1 AND NOT EXISTS (SELECT 1 FROM stories WHERE name = ?1)";
        let current = self.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
        Ok(current.unwrap_or_else(|| id.to_owned()))
    }

    /// One story in a few lines, by its id or one that it had before.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn story_summary(&self, id: &str) -> Result<Option<StoryRow>, Error> {
        let id = self.current_id(id)?;
        let mut find = self.connection.prepare_cached(&format!("{STORY_COLUMNS} WHERE name = ?1"))?;
        Ok(collect(find.query([id])?, |row| self.story_row(row))?.pop())
    }

    /// What was found in a story, with its articles as they are shown: without their statements, which only
    /// comparing needs. Findings point to the articles by index. `None` when there is no such story, or it was
    /// never compared.
    ///
    /// # Errors
    /// When the disk refuses or the findings are damaged.
    pub fn story(&self, id: &str) -> Result<Option<(Story, Vec<Annotated>)>, Error> {
        // The articles are those that the findings speak of.
        let _held = self.hold()?;
        let id = &self.current_id(id)?;
        let found: Option<(StoryNumber, Option<Vec<u8>>)> = self
            .connection
            .prepare_cached("SELECT id, findings FROM stories WHERE name = ?1")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((_, Some(findings))) = found else { return Ok(None) };
        let (members, mut story) = self.findings_of(id, &findings)?;
        story.id = id.to_owned();
        let articles = members.iter().map(|&member| self.page(member)).collect::<Result<_, _>>()?;
        Ok(Some((story, articles)))
    }

    /// What was found in a story when it was last compared, and the numbers of the articles it points to.
    ///
    /// # Errors
    /// When the disk refuses or the findings are damaged.
    pub fn findings(&self, story: StoryNumber) -> Result<Option<(Vec<ArticleNumber>, Story)>, Error> {
        let found: Option<Option<Vec<u8>>> = self
            .connection
            .prepare_cached("SELECT findings FROM stories WHERE id = ?1")?
            .query_row([story], |row| row.get(0))
            .optional()?;
        found.flatten().map(|bytes| self.findings_of("a story", &bytes)).transpose()
    }

    fn findings_of(&self, id: &str, bytes: &[u8]) -> Result<(Vec<ArticleNumber>, Story), Error> {
        let kept: Findings = from_bytes(&decompress(bytes)?, &self.kinds)
            .map_err(|_| Error::damaged(format!("What was found in {id}")))?;
        Ok((kept.members.into_iter().map(|number| number as ArticleNumber).collect(), kept.story))
    }

    /// Stories that wait to be compared: number and id, in order of their numbers, those after one (0 for the first).
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn stale(&self, after: StoryNumber, count: usize) -> Result<Vec<(StoryNumber, String)>, Error> {
        let sql = "SELECT id, name FROM stories WHERE stale = 1 AND id > ?1 ORDER BY id LIMIT ?2";
        let mut find = self.connection.prepare_cached(sql)?;
        collect(find.query([after, limit(count)])?, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// The id of an article's story, where it has one, and how many articles that has.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn story_of(&self, article: ArticleNumber) -> Result<Option<(String, usize)>, Error> {
        let sql =
            "SELECT name, article_count FROM stories WHERE id = (SELECT story FROM articles WHERE id = ?1)";
        let mut find = self.connection.prepare_cached(sql)?;
        let found = find.query_row([article], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as usize)));
        Ok(found.optional()?)
    }

    /// Numbers of a story's articles, in order of arrival.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn members(&self, story: StoryNumber) -> Result<Vec<ArticleNumber>, Error> {
        let mut find =
            self.connection.prepare_cached("SELECT id FROM articles WHERE story = ?1 ORDER BY id")?;
        collect(find.query([story])?, |row| Ok(row.get(0)?))
    }

    /// Whether each of a story's articles was compared before, in order of arrival.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn compared(&self, story: StoryNumber) -> Result<Vec<bool>, Error> {
        let mut find =
            self.connection.prepare_cached("SELECT compared FROM articles WHERE story = ?1 ORDER BY id")?;
        collect(find.query([story])?, |row| Ok(row.get(0)?))
    }

    /// Articles that belong to no story yet and are not left out, each with its memo's day: in order of the days, those
    /// without one first, then of arrival.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn homeless(&self) -> Result<Vec<(ArticleNumber, Option<i32>)>, Error> {
        let sql = "SELECT id, day FROM articles JOIN readings ON article = id
                   WHERE story IS NULL AND left_out = 0 ORDER BY day, id";
        collect(self.connection.prepare_cached(sql)?.query([])?, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// The memo's bytes of every article that belongs to a story and whose day lies within these, or that has none, in
    /// order of arrival, through `take`.
    ///
    /// # Errors
    /// When the disk refuses, or `take` does.
    pub fn memos(&self, days: [i32; 2], take: TakeMemo) -> Result<(), Error> {
        let mut find = self.connection.prepare(
            "SELECT article, memo FROM readings JOIN articles ON id = article
             WHERE (day BETWEEN ?1 AND ?2 OR day IS NULL) AND story IS NOT NULL ORDER BY article",
        )?;
        let mut rows = find.query(days)?;
        while let Some(row) = rows.next()? {
            take(row.get(0)?, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        }
        Ok(())
    }

    /// The first and the last day of the articles that belong to a story; `None` where none has one.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn days(&self) -> Result<Option<[i32; 2]>, Error> {
        let day = |order: &str| {
            let sql = format!(
                "SELECT day FROM readings JOIN articles ON id = article
                 WHERE day IS NOT NULL AND story IS NOT NULL ORDER BY day {order} LIMIT 1"
            );
            self.connection.prepare_cached(&sql)?.query_row([], |row| row.get(0)).optional()
        };
        Ok(day("ASC")?.zip(day("DESC")?).map(|(first, last)| [first, last]))
    }

    /// An article's memo.
    ///
    /// # Errors
    /// When the disk refuses or there is no such article.
    pub fn memo(&self, article: ArticleNumber) -> Result<Vec<u8>, Error> {
        let sql = "SELECT memo FROM readings WHERE article = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([article], |row| row.get(0))?)
    }

    /// An article as it lies on the shelf, with all that was read in it.
    ///
    /// # Errors
    /// When the disk refuses, or there is no such article.
    pub fn shelved(&self, article: ArticleNumber) -> Result<Shelved, Error> {
        let sql = "SELECT name, body, page, statements FROM articles a JOIN texts t ON t.article = a.id
                   JOIN readings r ON r.article = a.id WHERE a.id = ?1";
        let shelved = self.connection.prepare_cached(sql)?.query_row([article], |row| {
            Ok(Shelved { id: row.get(0)?, text: row.get(1)?, page: row.get(2)?, statements: row.get(3)? })
        })?;
        Ok(shelved)
    }

    /// An article as it is shown: without its statements.
    fn page(&self, article: ArticleNumber) -> Result<Annotated, Error> {
        let sql = "SELECT page, name, body FROM articles JOIN texts ON article = id WHERE id = ?1";
        let (page, name, body): (Vec<u8>, String, String) = self
            .connection
            .prepare_cached(sql)?
            .query_row([article], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        unpack_page(&page, name, body)
    }

    /// An input's articles, statements without vectors included, in its order.
    ///
    /// # Errors
    /// When the disk refuses or a reading is damaged.
    pub fn articles_of(&self, input: InputNumber) -> Result<Vec<Annotated>, Error> {
        let mut find =
            self.connection.prepare_cached("SELECT id FROM articles WHERE input = ?1 ORDER BY place")?;
        collect(find.query([input])?, |row| self.shelved(row.get(0)?)?.unpack())
    }

    /// An article by its id, statements without vectors included; `None` when there is none.
    ///
    /// # Errors
    /// When the disk refuses or its reading is damaged.
    pub fn article(&self, id: &str) -> Result<Option<(ArticleRow, Annotated)>, Error> {
        let Some(row) = self.article_row(id)? else { return Ok(None) };
        let whole = self.shelved(row.number)?.unpack()?;
        Ok(Some((row, whole)))
    }

    /// An article in a line, by its id.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn article_row(&self, id: &str) -> Result<Option<ArticleRow>, Error> {
        let mut find = self.connection.prepare_cached(&format!("{ARTICLE_COLUMNS} WHERE a.name = ?1"))?;
        Ok(collect(find.query([id])?, article_row)?.pop())
    }

    /// Articles, those that came last first.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn articles(&self, page: Paging) -> Result<Vec<ArticleRow>, Error> {
        let sql = format!("{ARTICLE_COLUMNS} WHERE a.id < ?1 ORDER BY a.id DESC LIMIT ?2");
        let mut find = self.connection.prepare_cached(&sql)?;
        collect(find.query(params![page.before.unwrap_or(i64::MAX), limit(page.limit)])?, article_row)
    }

    /// Articles as they are shown, without their statements, in order of arrival: those that came after one of a number
    /// (0 for the first).
    ///
    /// # Errors
    /// When the disk refuses or a reading is damaged.
    pub fn articles_after(
        &self,
        after: ArticleNumber,
        count: usize,
    ) -> Result<Vec<(ArticleRow, Annotated)>, Error> {
        let sql = format!("{ARTICLE_COLUMNS} WHERE a.id > ?1 ORDER BY a.id LIMIT ?2");
        let mut find = self.connection.prepare_cached(&sql)?;
        let rows = collect(find.query(params![after, limit(count)])?, article_row)?;
        rows.into_iter().map(|row| self.page(row.number).map(|page| (row, page))).collect()
    }

    /// Ids of compared stories in their order as words: those after one ("" for the first).
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn stories_after(&self, after: &str, count: usize) -> Result<Vec<String>, Error> {
        let sql = "SELECT name FROM stories WHERE name > ?1 AND findings IS NOT NULL ORDER BY name LIMIT ?2";
        let mut find = self.connection.prepare_cached(sql)?;
        collect(find.query(params![after, limit(count)])?, |row| Ok(row.get(0)?))
    }

    /// Articles read at one address, those that came first first: versions, where their texts differ.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn versions(&self, url: &str) -> Result<Vec<ArticleRow>, Error> {
        let sql = format!("{ARTICLE_COLUMNS} WHERE a.url = ?1 ORDER BY a.id LIMIT ?2");
        let mut find = self.connection.prepare_cached(&sql)?;
        collect(find.query(params![url, limit(usize::MAX)])?, article_row)
    }

    /// Articles that quote a speaker, those that came last first. Case does not matter.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn quoting(&self, speaker: &str, page: Paging) -> Result<Vec<ArticleRow>, Error> {
        let sql = format!(
            "{ARTICLE_COLUMNS} JOIN speakers p ON p.article = a.id
             WHERE p.name = ?1 AND a.id < ?2 ORDER BY a.id DESC LIMIT ?3"
        );
        let mut find = self.connection.prepare_cached(&sql)?;
        let rows = find.query(params![speaker, page.before.unwrap_or(i64::MAX), limit(page.limit)])?;
        collect(rows, article_row)
    }

    /// Names of speakers that begin so, those with most articles first, with the number of articles.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn speakers(&self, beginning: &str, count: usize) -> Result<Vec<(String, usize)>, Error> {
        let sql = "SELECT name, count(*) FROM speakers WHERE name >= ?1 AND name < ?1 || char(1114111)
                   GROUP BY name ORDER BY 2 DESC, 1 LIMIT ?2";
        let mut find = self.connection.prepare_cached(sql)?;
        collect(find.query(params![beginning, limit(count)])?, |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)? as usize))
        })
    }

    /// Outlets with the number of their articles, most first.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn outlets(&self) -> Result<Vec<(String, usize)>, Error> {
        let sql = "SELECT o.name, count(*) FROM outlets o JOIN articles a ON a.outlet = o.id
                   GROUP BY o.id ORDER BY 2 DESC, 1";
        let mut find = self.connection.prepare_cached(sql)?;
        collect(find.query([])?, |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as usize)))
    }

    /// What was told after an event (its number; 0 for the first), oldest first.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn events(&self, since: i64, count: usize) -> Result<Vec<EventRow>, Error> {
        let sql = "SELECT id, at, story, headline, event FROM events WHERE id > ?1 ORDER BY id LIMIT ?2";
        let mut find = self.connection.prepare_cached(sql)?;
        collect(find.query(params![since, limit(count)])?, |row| self.event(row))
    }

    /// The number of the last event; 0 when there is none.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn last_event(&self) -> Result<i64, Error> {
        let sql = "SELECT coalesce(max(id), 0) FROM events";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// Inputs, those that came last first.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn inputs(&self, page: Paging) -> Result<Vec<InputRow>, Error> {
        let sql = format!("{INPUT_COLUMNS} WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
        let mut find = self.connection.prepare_cached(&sql)?;
        collect(find.query(params![page.before.unwrap_or(i64::MAX), limit(page.limit)])?, input_row)
    }

    /// Inputs that are not in whole, oldest first.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn unfinished(&self) -> Result<Vec<InputRow>, Error> {
        let mut find =
            self.connection.prepare_cached(&format!("{INPUT_COLUMNS} WHERE done = 0 ORDER BY id"))?;
        collect(find.query([])?, input_row)
    }

    /// An input by its number.
    ///
    /// # Errors
    /// When the disk refuses or there is none.
    pub fn input(&self, number: InputNumber) -> Result<InputRow, Error> {
        let mut find = self.connection.prepare_cached(&format!("{INPUT_COLUMNS} WHERE id = ?1"))?;
        let found = collect(find.query([number])?, input_row)?.pop();
        found.ok_or_else(|| Error::query(format!("There is no input {number}.")))
    }

    /// The input that an article came from.
    ///
    /// # Errors
    /// When the disk refuses or there is no such article.
    pub fn input_of(&self, article: ArticleNumber) -> Result<InputRow, Error> {
        let sql = "SELECT input FROM articles WHERE id = ?1";
        let number = self.connection.prepare_cached(sql)?.query_row([article], |row| row.get(0))?;
        self.input(number)
    }

    /// An input's bytes as they came, held against their digest.
    ///
    /// # Errors
    /// When they are gone or changed.
    pub fn bytes(&self, input: &InputRow) -> Result<Vec<u8>, Error> {
        self.captures.bytes(&input.sha256, input.size)
    }

    /// Parts of inputs that were not read, with reasons.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn skipped(&self, input: InputNumber) -> Result<Vec<model::Skipped>, Error> {
        let mut find = self.connection.prepare_cached("SELECT part, reason FROM skipped WHERE input = ?1")?;
        collect(find.query([input])?, |row| Ok(model::Skipped { input: row.get(0)?, reason: row.get(1)? }))
    }

    /// How many of everything there are.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn health(&self) -> Result<Health, Error> {
        let count = |sql: &str| -> Result<usize, Error> {
            let found: i64 = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
            Ok(found as usize)
        };
        Ok(Health {
            input_count: count("SELECT count(*) FROM inputs")?,
            refused_count: count("SELECT count(*) FROM inputs WHERE refusal IS NOT NULL")?,
            unfinished_count: count("SELECT count(*) FROM inputs WHERE done = 0")?,
            article_count: count("SELECT count(*) FROM texts")?,
            outlet_count: count("SELECT count(*) FROM outlets")?,
            story_count: count("SELECT count(*) FROM stories")?,
            stale_count: count("SELECT count(*) FROM stories WHERE stale = 1")?,
            event_count: count("SELECT count(*) FROM events")?,
            database_bytes: std::fs::metadata(&self.path).map_or(0, |found| found.len()),
            version: self.fact("version")?.unwrap_or_default(),
        })
    }

    /// How many of an input's articles are on the shelf.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn filed_count(&self, input: InputNumber) -> Result<usize, Error> {
        let sql = "SELECT count(*) FROM articles WHERE input = ?1";
        let count: i64 = self.connection.prepare_cached(sql)?.query_row([input], |row| row.get(0))?;
        Ok(count as usize)
    }

    fn story_row(&self, row: &Row) -> Result<StoryRow, Error> {
        let summary: Option<Vec<u8>> = row.get(5)?;
        let id: String = row.get(0)?;
        let summary = summary
            .map(|bytes| {
                from_bytes(&bytes, &self.kinds).map_err(|_| Error::damaged(format!("The summary of {id}")))
            })
            .transpose()?;
        Ok(StoryRow {
            id,
            sequence: row.get(1)?,
            changed_at: row.get(2)?,
            article_count: row.get::<_, i64>(3)? as usize,
            stale: row.get(4)?,
            summary,
        })
    }

    fn event(&self, row: &Row) -> Result<EventRow, Error> {
        let number = row.get(0)?;
        let bytes: Vec<u8> = row.get(4)?;
        let event: Event =
            from_bytes(&bytes, &self.kinds).map_err(|_| Error::damaged(format!("Event {number}")))?;
        Ok(EventRow {
            number,
            at: row.get(1)?,
            story: row.get(2)?,
            headline: row.get(3)?,
            kind: event.kind,
            gist: self.quoted(event.gist)?,
            old: event.old,
            new: event.new,
            by: event.by,
            evidence: event.evidence.into_iter().map(|place| self.quoted(place)).collect::<Result<_, _>>()?,
        })
    }

    /// The words at a place; its article is a number in the archive.
    fn quoted(&self, place: Evidence) -> Result<Quoted, Error> {
        let sql = "SELECT a.name, o.name, a.url, t.body FROM articles a JOIN texts t ON t.article = a.id
                   LEFT JOIN outlets o ON o.id = a.outlet WHERE a.id = ?1";
        let (name, outlet, url, body): (String, Option<String>, Option<String>, String) =
            self.connection.prepare_cached(sql)?.query_row([place.article as i64], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
        let words = body.get(place.span.range());
        let words = words.ok_or_else(|| Error::damaged(format!("A span in {name}")))?.to_owned();
        Ok(Quoted { article: name, outlet, url, span: place.span, words })
    }
}

/// What is done with an article's number and its memo.
type TakeMemo<'a> = &'a mut dyn FnMut(ArticleNumber, &[u8]) -> Result<(), Error>;

const STORY_COLUMNS: &str = "SELECT name, sequence, changed_at, article_count, stale, summary FROM stories";
const INPUT_COLUMNS: &str = "SELECT id, name, sha256, size, added_at, article_count, refusal FROM inputs";
pub(crate) const ARTICLE_COLUMNS: &str =
    "SELECT a.id, a.name, i.name, i.added_at, o.name, a.url, a.published, s.name FROM articles a
     JOIN inputs i ON i.id = a.input LEFT JOIN outlets o ON o.id = a.outlet
     LEFT JOIN stories s ON s.id = a.story";

pub(crate) fn article_row(row: &Row) -> Result<ArticleRow, Error> {
    Ok(ArticleRow {
        number: row.get(0)?,
        id: row.get(1)?,
        input: row.get(2)?,
        added_at: row.get(3)?,
        outlet: row.get(4)?,
        url: row.get(5)?,
        published: row.get(6)?,
        story: row.get(7)?,
    })
}

fn input_row(row: &Row) -> Result<InputRow, Error> {
    Ok(InputRow {
        number: row.get(0)?,
        name: row.get(1)?,
        sha256: row.get(2)?,
        size: row.get::<_, i64>(3)? as u64,
        added_at: row.get(4)?,
        article_count: row.get::<_, i64>(5)? as usize,
        refusal: row.get(6)?,
    })
}

pub(crate) fn collect<T>(
    mut rows: rusqlite::Rows<'_>,
    read: impl Fn(&Row) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

pub(crate) fn limit(count: usize) -> i64 {
    count.min(PAGE_ROWS_MAX) as i64
}
