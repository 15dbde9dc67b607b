//! The one that writes: inputs, articles, which story they belong to, and what a story says.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use model::{ArticleNumber, Event, Evidence, InputNumber, Story, Summary};
use rusqlite::{OptionalExtension, Transaction, params};

use crate::codec::{FORM, Findings, to_bytes};
use crate::packed::compress;
use crate::row::{Begun, Finished, NewInput, StoryNumber};
use crate::{Error, Packed, Reader, captures, schema};

/// What the archive must know of the program that uses it.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Ids of the kinds of discrepancy.
    pub kinds: Vec<&'static str>,
    /// Version of the program.
    pub version: &'static str,
}

/// An archive, opened by its one writer.
///
/// Every method that changes something does so in one transaction: a process that is killed leaves what was before
/// or what is after.
pub struct Store {
    reader: Reader,
    /// Held while the store may write; the system lets it go with the process.
    lock: Option<File>,
    /// What SQLite calls the state of the database when the lock was let go: another number after others wrote.
    left_at: i64,
}

/// An article on its way to the shelf.
#[derive(Clone, Debug)]
pub struct Filing {
    /// The input it came from.
    pub input: InputNumber,
    /// Its place in that input, from 0: articles of an input are filed in order.
    pub place: usize,
    /// The article.
    pub packed: Packed,
}

/// Articles that make up a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouped {
    /// The story's id.
    pub id: String,
    /// All of its articles.
    pub articles: Vec<ArticleNumber>,
    /// Ids of stories in which some of them stood before.
    pub from: Vec<String>,
}

/// A story that was compared.
#[derive(Debug)]
pub struct Compared<'a> {
    /// Which.
    pub story: StoryNumber,
    /// Its articles; `findings` and `events` point here by index.
    pub members: &'a [ArticleNumber],
    /// What was found, its articles numbered by their place in `members`.
    pub findings: &'a Story,
    /// The story in a few lines.
    pub summary: &'a Summary,
    /// What is to be told.
    pub events: &'a [Event],
    /// Now, ISO 8601.
    pub at: &'a str,
}

impl Store {
    /// Opens an archive, and makes it where there is none.
    ///
    /// # Errors
    /// When another process writes to it ([`Error::is_in_use`]), when it was written in another form
    /// ([`Error::is_outdated`]), or when the disk refuses.
    pub fn open(path: &Path, setup: &Setup) -> Result<Store, Error> {
        let store = Store::open_any(path, setup)?;
        if store.reader.has_form()? {
            return Ok(store);
        }
        store.note_version(setup)?;
        Ok(store)
    }

    /// Opens an archive whatever form it is in, forgets all but its inputs and their bytes, and has them read again:
    /// every input is [`Begun::Unfinished`] after it.
    ///
    /// # Errors
    /// As [`Store::open`], but not for another form.
    pub fn open_to_reread(path: &Path, setup: &Setup) -> Result<Store, Error> {
        let mut store = Store::open_any(path, setup)?;
        let transaction = store.reader.connection.transaction()?;
        transaction.execute_batch(
            "DELETE FROM events; DELETE FROM sides; DELETE FROM speakers;
             DELETE FROM readings; DELETE FROM texts; DELETE FROM skipped; DELETE FROM articles;
             DELETE FROM former_ids; DELETE FROM stories; DELETE FROM ids;
             DELETE FROM facts WHERE key = 'overrides';
             UPDATE inputs SET done = 0, refusal = NULL, article_count = 0;",
        )?;
        transaction.commit()?;
        store.note_version(setup)?;
        Ok(store)
    }

    fn open_any(path: &Path, setup: &Setup) -> Result<Store, Error> {
        let (connection, lock) = schema::open_to_write(path)?;
        let reader = Reader::new(connection, path, setup.kinds.clone());
        Ok(Store { reader, lock: Some(lock), left_at: 0 })
    }

    /// Lets other processes write until [`Store::wake`]; nothing may be written in between.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn rest(&mut self) -> Result<(), Error> {
        self.left_at = self.state()?;
        self.lock = None;
        Ok(())
    }

    /// Takes up writing again; tells whether others have written since.
    ///
    /// # Errors
    /// When another process writes now ([`Error::is_in_use`]).
    pub fn wake(&mut self) -> Result<bool, Error> {
        if self.lock.is_some() {
            return Ok(false);
        }
        self.lock = Some(schema::lock(&self.reader.path)?);
        Ok(self.state()? != self.left_at)
    }

    /// A number that is another one after another connection has written.
    fn state(&self) -> Result<i64, Error> {
        Ok(self.reader.connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    pub(crate) fn reader_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }

    fn note_version(&self, setup: &Setup) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO facts (key, value) VALUES ('form', ?1), ('version', ?2)";
        self.reader.connection.execute(sql, params![FORM.to_string(), setup.version])?;
        Ok(())
    }

    /// What the writer sees, its own changes included.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Notes an input and keeps its bytes. The same bytes under the same file name are the same input.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn begin(&mut self, input: &NewInput) -> Result<Begun, Error> {
        let digest = captures::sha256(input.bytes);
        let base = base(input.name);
        let sql = "SELECT id, done FROM inputs WHERE sha256 = ?1 AND base = ?2";
        let known = self
            .reader
            .connection
            .query_row(sql, params![digest, base], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match known {
            Some((number, true)) => Ok(Begun::Known(number)),
            Some((number, false)) => {
                self.reader.captures.keep(&digest, input.bytes)?;
                Ok(Begun::Unfinished { input: number, filed_count: self.reader.filed_count(number)? })
            }
            None => {
                // The row first: what lies on the disk without a row would never be looked at again.
                let sql =
                    "INSERT INTO inputs (name, base, sha256, size, added_at) VALUES (?1, ?2, ?3, ?4, ?5)";
                let size = input.bytes.len() as i64;
                self.reader.connection.execute(sql, params![input.name, base, digest, size, input.at])?;
                let number = self.reader.connection.last_insert_rowid();
                self.reader.captures.keep(&digest, input.bytes)?;
                Ok(Begun::New(number))
            }
        }
    }

    /// Forgets inputs that a killed process noted before it could keep their bytes. Whoever added them was not told
    /// that they are in.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn forget_unkept(&mut self) -> Result<usize, Error> {
        let mut count = 0;
        for input in self.reader.unfinished()? {
            if !self.reader.captures.holds(&input.sha256) && self.reader.filed_count(input.number)? == 0 {
                self.reader.connection.execute("DELETE FROM inputs WHERE id = ?1", [input.number])?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// Puts articles on the shelf, in this order, and closes inputs. Returns the articles' numbers.
    ///
    /// # Errors
    /// When the disk refuses; then nothing of it is filed.
    pub fn file(&mut self, filings: &[Filing], finished: &[Finished]) -> Result<Vec<ArticleNumber>, Error> {
        let transaction = self.reader.connection.transaction()?;
        let mut numbers = Vec::with_capacity(filings.len());
        for filing in filings {
            numbers.push(insert(&transaction, filing)?);
        }
        for end in finished {
            let sql = "UPDATE inputs SET done = 1, refusal = ?2,
                       article_count = (SELECT count(*) FROM articles WHERE input = ?1) WHERE id = ?1";
            transaction.prepare_cached(sql)?.execute(params![end.input, end.refusal])?;
            for skip in &end.skipped {
                let sql = "INSERT INTO skipped (input, part, reason) VALUES (?1, ?2, ?3)";
                transaction.prepare_cached(sql)?.execute(params![end.input, skip.input, skip.reason])?;
            }
        }
        transaction.commit()?;
        Ok(numbers)
    }

    /// Puts another reading of an article in the place of its old one: it was dated by its story.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn refile(&mut self, article: ArticleNumber, packed: &Packed) -> Result<(), Error> {
        let transaction = self.reader.connection.transaction()?;
        let outlet = outlet(&transaction, packed)?;
        let sql = "UPDATE articles SET published = ?2, page = ?3 WHERE id = ?1";
        transaction.execute(sql, params![article, packed.published, packed.page])?;
        let sql = "UPDATE readings SET statements = ?2, memo = ?3 WHERE article = ?1";
        transaction.execute(sql, params![article, packed.statements, packed.memo.bytes])?;
        let sql = "UPDATE texts SET keys = ?2 WHERE article = ?1";
        transaction.execute(sql, params![article, packed.keys(outlet)])?;
        transaction.commit()?;
        Ok(())
    }

    /// Says which articles make up which stories. Stories that win or lose an article wait to be compared again; those
    /// that lose their last are gone, and their ids lead to the story that took them over.
    ///
    /// # Errors
    /// When the disk refuses; then nothing is moved.
    pub fn assign(&mut self, groups: &[Grouped], at: &str) -> Result<(), Error> {
        let transaction = self.reader.connection.transaction()?;
        let mut touched: BTreeSet<StoryNumber> = BTreeSet::new();
        let kept: BTreeSet<&str> = groups.iter().map(|group| group.id.as_str()).collect();
        for group in groups {
            let story = story_of(&transaction, (group, &kept), at)?;
            touched.insert(story);
            for article in &group.articles {
                let sql = "SELECT story FROM articles WHERE id = ?1";
                let before: Option<StoryNumber> =
                    transaction.prepare_cached(sql)?.query_row([article], |row| row.get(0))?;
                touched.extend(before);
                transaction
                    .prepare_cached("UPDATE articles SET story = ?2 WHERE id = ?1")?
                    .execute(params![article, story])?;
            }
        }
        for story in touched {
            let sql = "UPDATE stories SET stale = 1,
                       article_count = (SELECT count(*) FROM articles WHERE story = ?1) WHERE id = ?1";
            transaction.prepare_cached(sql)?.execute([story])?;
        }
        for group in groups {
            for former in group.from.iter().filter(|id| !kept.contains(id.as_str())) {
                lead_on(&transaction, former, &group.id)?;
            }
        }
        transaction.execute("DELETE FROM stories WHERE stale = 1 AND article_count = 0", [])?;
        transaction.commit()?;
        Ok(())
    }

    /// Has every story compared again, because something outside the archive changed: options, overrides.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn mark_all_stale(&mut self) -> Result<(), Error> {
        self.reader.connection.execute("UPDATE stories SET stale = 1", [])?;
        Ok(())
    }

    /// Has the stories of these articles compared again.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn mark_stale(&mut self, articles: &[ArticleNumber]) -> Result<(), Error> {
        let transaction = self.reader.connection.transaction()?;
        for article in articles {
            let sql = "UPDATE stories SET stale = 1 WHERE id = (SELECT story FROM articles WHERE id = ?1)";
            transaction.prepare_cached(sql)?.execute([article])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Leaves these articles out of all stories, and no others: those that were left out before wait for a story again.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn leave_out(&mut self, articles: &[ArticleNumber]) -> Result<(), Error> {
        let transaction = self.reader.connection.transaction()?;
        transaction.execute("UPDATE articles SET left_out = 0 WHERE left_out = 1", [])?;
        for article in articles {
            let sql = "UPDATE stories SET stale = 1, article_count = article_count - 1
                       WHERE id = (SELECT story FROM articles WHERE id = ?1)";
            transaction.prepare_cached(sql)?.execute([article])?;
            let sql = "UPDATE articles SET left_out = 1, story = NULL, compared = 0 WHERE id = ?1";
            transaction.prepare_cached(sql)?.execute([article])?;
            transaction.prepare_cached("DELETE FROM sides WHERE article = ?1")?.execute([article])?;
        }
        transaction.execute("DELETE FROM stories WHERE stale = 1 AND article_count = 0", [])?;
        transaction.commit()?;
        Ok(())
    }

    /// Notes something about the archive as a whole under a name.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put_fact(&self, key: &str, value: &str) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO facts (key, value) VALUES (?1, ?2)";
        self.reader.connection.execute(sql, params![key, value])?;
        Ok(())
    }

    /// Keeps what was found in a story, and tells the events: both or neither.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put_findings(&mut self, compared: &Compared) -> Result<(), Error> {
        let transaction = self.reader.connection.transaction()?;
        let members = compared.members.iter().map(|&member| member as u64).collect();
        let kept = Findings { members, story: compared.findings.clone() };
        let findings = compress(&to_bytes(&kept));
        let sql = "UPDATE stories SET stale = 0, summary = ?2, findings = ?3, changed_at = ?4, sequence = ?5
                   WHERE id = ?1";
        let sequence = next_sequence(&transaction)?;
        let summary = to_bytes(compared.summary);
        transaction.prepare_cached(sql)?.execute(params![
            compared.story,
            summary,
            findings,
            compared.at,
            sequence
        ])?;
        for (place, &article) in compared.members.iter().enumerate() {
            transaction
                .prepare_cached("UPDATE articles SET compared = 1 WHERE id = ?1")?
                .execute([article])?;
            transaction.prepare_cached("DELETE FROM sides WHERE article = ?1")?.execute([article])?;
            for kind in compared.findings.discrepancies.iter().filter_map(|discrepancy| {
                discrepancy
                    .sides
                    .iter()
                    .any(|side| side.evidence.article == place)
                    .then_some(discrepancy.kind)
            }) {
                transaction
                    .prepare_cached("INSERT OR IGNORE INTO sides (article, kind) VALUES (?1, ?2)")?
                    .execute(params![article, kind])?;
            }
        }
        for event in compared.events {
            insert_event(&transaction, compared, event)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Removes captures that no input names, and drafts of a killed process.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn sweep(&mut self) -> Result<usize, Error> {
        let mut statement = self.reader.connection.prepare("SELECT 1 FROM inputs WHERE sha256 = ?1")?;
        let named = std::cell::RefCell::new(&mut statement);
        self.reader.captures.sweep(&|digest| named.borrow_mut().exists([digest]).unwrap_or(true))
    }

    /// Has the database tidy its statistics; worth a call when a long run ends.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn optimize(&self) -> Result<(), Error> {
        Ok(self.reader.connection.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);")?)
    }
}

/// What is left of a path when its folders are gone; an address stays whole.
fn base(name: &str) -> &str {
    if name.contains("://") { name } else { name.rsplit(['/', '\\']).next().unwrap_or(name) }
}

fn insert(transaction: &Transaction, filing: &Filing) -> Result<ArticleNumber, Error> {
    let packed = &filing.packed;
    let name = unique_name(transaction, &packed.given)?;
    let outlet = outlet(transaction, packed)?;
    let sql = "INSERT INTO articles (name, input, place, outlet, url, published, page, headline)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let place = filing.place as i64;
    transaction.prepare_cached(sql)?.execute(params![
        name,
        filing.input,
        place,
        outlet,
        packed.url,
        packed.published,
        packed.page,
        packed.headline
    ])?;
    let number = transaction.last_insert_rowid();
    transaction
        .prepare_cached("INSERT INTO readings (article, statements, memo, day) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![number, packed.statements, packed.memo.bytes, packed.memo.day])?;
    let speakers: Vec<&str> = packed.speakers.iter().map(|(name, _)| name.as_str()).collect();
    transaction
        .prepare_cached(
            "INSERT INTO texts (article, body, names, speakers, keys) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![number, packed.text, packed.names, speakers.join("\n"), packed.keys(outlet)])?;
    for (name, count) in &packed.speakers {
        // "Ana Ruiz" and "ANA RUIZ" are one name to the index.
        let sql = "INSERT INTO speakers (name, article, count) VALUES (?1, ?2, ?3)
                   ON CONFLICT DO UPDATE SET count = count + excluded.count";
        transaction.prepare_cached(sql)?.execute(params![name, number, *count as i64])?;
    }
    Ok(number)
}

/// An id that no other article has: the second `a` is called `a#2`, as in a dossier of one run.
fn unique_name(transaction: &Transaction, given: &str) -> Result<String, Error> {
    let mut find = transaction.prepare_cached("SELECT count FROM ids WHERE given = ?1")?;
    let mut note = transaction.prepare_cached("INSERT OR REPLACE INTO ids (given, count) VALUES (?1, ?2)")?;
    let before: i64 = find.query_row([given], |row| row.get(0)).optional()?.unwrap_or(0);
    let mut count = before + 1;
    let mut name = given.to_owned();
    if count > 1 {
        name = format!("{given}#{count}");
        while find.exists([&name])? {
            count += 1;
            name = format!("{given}#{count}");
        }
        note.execute(params![name, 1])?;
    }
    note.execute(params![given, count])?;
    Ok(name)
}

fn outlet(transaction: &Transaction, packed: &Packed) -> Result<Option<i64>, Error> {
    let Some(name) = &packed.outlet else { return Ok(None) };
    let mut find = transaction.prepare_cached("SELECT id FROM outlets WHERE name = ?1")?;
    if let Some(known) = find.query_row([name], |row| row.get(0)).optional()? {
        return Ok(Some(known));
    }
    transaction.prepare_cached("INSERT INTO outlets (name) VALUES (?1)")?.execute([name])?;
    Ok(Some(transaction.last_insert_rowid()))
}

/// The story of a group: the one of its id, else the one that goes on in it under another id, else a new one.
fn story_of(
    transaction: &Transaction,
    (group, kept): (&Grouped, &BTreeSet<&str>),
    at: &str,
) -> Result<StoryNumber, Error> {
    let mut find = transaction.prepare_cached("SELECT id FROM stories WHERE name = ?1")?;
    if let Some(known) = find.query_row([&group.id], |row| row.get(0)).optional()? {
        return Ok(known);
    }
    for former in group.from.iter().filter(|id| !kept.contains(id.as_str())) {
        let known: Option<StoryNumber> = find.query_row([former], |row| row.get(0)).optional()?;
        if let Some(known) = known {
            let sql = "UPDATE stories SET name = ?2 WHERE id = ?1";
            transaction.prepare_cached(sql)?.execute(params![known, group.id])?;
            return Ok(known);
        }
    }
    let sequence = next_sequence(transaction)?;
    let sql =
        "INSERT INTO stories (name, sequence, changed_at, stale, article_count) VALUES (?1, ?2, ?3, 1, 0)";
    transaction.prepare_cached(sql)?.execute(params![group.id, sequence, at])?;
    Ok(transaction.last_insert_rowid())
}

/// Notes that an id that no longer stands leads to a story, and so do the ids that led to it.
fn lead_on(transaction: &Transaction, former: &str, id: &str) -> Result<(), Error> {
    let sql = "UPDATE former_ids SET story = (SELECT id FROM stories WHERE name = ?2)
               WHERE story = (SELECT id FROM stories WHERE name = ?1)";
    transaction.prepare_cached(sql)?.execute(params![former, id])?;
    let sql = "INSERT OR REPLACE INTO former_ids (name, story) SELECT ?1, id FROM stories WHERE name = ?2";
    transaction.prepare_cached(sql)?.execute(params![former, id])?;
    Ok(())
}

/// The next number of change in the archive.
fn next_sequence(transaction: &Transaction) -> Result<i64, Error> {
    let sql = "UPDATE changes SET last = last + 1 RETURNING last";
    Ok(transaction.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

fn insert_event(transaction: &Transaction, compared: &Compared, event: &Event) -> Result<(), Error> {
    // An event outlives its story: it points to articles by their numbers in the archive.
    let place =
        |evidence: Evidence| Evidence { article: compared.members[evidence.article] as usize, ..evidence };
    let kept = Event {
        gist: place(event.gist),
        evidence: event.evidence.iter().copied().map(place).collect(),
        ..event.clone()
    };
    let sql = "INSERT INTO events (at, story, headline, event)
               VALUES (?1, (SELECT name FROM stories WHERE id = ?2), ?3, ?4)";
    transaction.prepare_cached(sql)?.execute(params![
        compared.at,
        compared.story,
        compared.summary.headline,
        to_bytes(&kept)
    ])?;
    Ok(())
}
