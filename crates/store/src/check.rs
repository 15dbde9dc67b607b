//! Whether the archive is whole: the database, the index, the captures, and every span.

use std::collections::BTreeSet;

use crate::reader::collect;
use crate::{Error, Reader};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// Captures whose bytes were read and held against their digests.
    pub capture_count: usize,
    /// Articles that were unpacked.
    pub article_count: usize,
    /// What is not as it should be.
    pub complaints: Vec<Complaint>,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Where.
    pub place: String,
    /// What is wrong and what to do: a sentence.
    pub why: String,
}

impl Check {
    /// Notes something that is wrong.
    pub fn complain(&mut self, place: impl Into<String>, why: impl Into<String>) {
        self.complaints.push(Complaint { place: place.into(), why: why.into() });
    }
}

impl Reader {
    /// Looks at the database, its index of words, rows that belong to nothing, and captures that are missing,
    /// damaged or named by nothing. `progress` is told how many captures are read, of how many.
    ///
    /// # Errors
    /// When the disk refuses to be read at all.
    pub fn check(&self, progress: &dyn Fn(usize, usize)) -> Result<Check, Error> {
        let mut check = Check::default();
        self.check_database(&mut check)?;
        self.check_captures(&mut check, progress)?;
        Ok(check)
    }

    fn check_database(&self, check: &mut Check) -> Result<(), Error> {
        let mut find = self.connection.prepare("PRAGMA integrity_check")?;
        for line in collect(find.query([])?, |row| Ok(row.get::<_, String>(0)?))? {
            if line != "ok" {
                check.complain("the database", format!("{line}."));
            }
        }
        let mut find = self.connection.prepare("PRAGMA foreign_key_check")?;
        for table in collect(find.query([])?, |row| Ok(row.get::<_, String>(0)?))? {
            check.complain(format!("table {table}"), "A row belongs to something that is not there.");
        }
        for (sql, why) in [
            (
                "SELECT a.name FROM articles a LEFT JOIN readings r ON r.article = a.id WHERE r.article IS NULL",
                "It has no statements.",
            ),
            (
                "SELECT a.name FROM articles a LEFT JOIN texts t ON t.article = a.id WHERE t.article IS NULL",
                "It has no text.",
            ),
            (
                "SELECT name FROM articles WHERE story IS NULL AND left_out = 0",
                "It belongs to no story: `rashomon add` files it.",
            ),
            (
                "SELECT name FROM stories WHERE id NOT IN (SELECT story FROM articles WHERE story IS NOT NULL)",
                "The story has no article.",
            ),
            (
                "SELECT name FROM inputs WHERE done = 0",
                "It is not in whole, since a process was stopped: `rashomon add` goes on with it.",
            ),
            (
                "SELECT i.name FROM inputs i WHERE done = 1 AND article_count <> (SELECT count(*) FROM articles WHERE input = i.id)",
                "It gave another number of articles.",
            ),
            (
                "SELECT name FROM stories WHERE stale = 1",
                "The story waits to be compared: `rashomon add` goes on with it.",
            ),
        ] {
            let mut find = self.connection.prepare(sql)?;
            for name in collect(find.query([])?, |row| Ok(row.get::<_, String>(0)?))? {
                check.complain(name, why);
            }
        }
        Ok(())
    }

    fn check_captures(&self, check: &mut Check, progress: &dyn Fn(usize, usize)) -> Result<(), Error> {
        let mut find = self.connection.prepare("SELECT name, sha256, size FROM inputs ORDER BY id")?;
        let inputs = collect(find.query([])?, |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)? as u64))
        })?;
        let mut named = BTreeSet::new();
        for (number, (name, digest, size)) in inputs.iter().enumerate() {
            if named.insert(digest) {
                match self.captures.bytes(digest, *size) {
                    Ok(_) => check.capture_count += 1,
                    Err(error) => check.complain(name, error.to_string()),
                }
            }
            progress(number + 1, inputs.len());
        }
        let (kept, other_count) = self.captures.digests()?;
        for digest in kept.iter().filter(|digest| !named.contains(digest)) {
            check.complain(digest, "No input names this capture: `rashomon doctor --mend` removes it.");
        }
        if other_count > 0 {
            let why = format!("{other_count} files are no captures: `rashomon doctor --mend` removes them.");
            check.complain("the captures' folder", why);
        }
        Ok(())
    }
}

impl crate::Store {
    /// Holds the index of words against the texts.
    ///
    /// # Errors
    /// When they do not agree, or the disk refuses.
    pub fn check_index(&self) -> Result<(), Error> {
        let sql = "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)";
        self.reader()
            .connection
            .execute(sql, [])
            .map_err(|error| Error::damaged(format!("The index of words ({error})")))?;
        Ok(())
    }

    /// Makes the index of words again from the texts.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn rebuild_index(&self) -> Result<(), Error> {
        self.reader().connection.execute("INSERT INTO search (search) VALUES ('rebuild')", [])?;
        Ok(())
    }
}
