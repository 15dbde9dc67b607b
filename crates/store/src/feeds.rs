//! Feeds that are watched: how they fare, which pages they have named, and what became of those.

use model::{FeedPage, FeedRow};
use rusqlite::{OptionalExtension, Row, params};

use crate::reader::{collect, limit};
use crate::{Error, Reader, Store};

const WAITS: i64 = 0;
const IS_IN: i64 = 1;
const GIVEN_UP: i64 = 2;

const FEED_COLUMNS: &str =
    "SELECT url, title, asked_count, changed_count, failed_count, failed_in_a_row, answered_at,
    changed_at, failure, pause_seconds, next_at, answered_from, etag, modified,
    (SELECT count(*) FROM pages p WHERE p.feed = feeds.url AND state = 1),
    (SELECT count(*) FROM pages p WHERE p.feed = feeds.url AND state = 0),
    (SELECT count(*) FROM pages p WHERE p.feed = feeds.url AND state = 2) FROM feeds";

impl Reader {
    /// All feeds that were ever watched, by address.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn feeds(&self) -> Result<Vec<FeedRow>, Error> {
        let mut find = self.connection.prepare_cached(&format!("{FEED_COLUMNS} ORDER BY url"))?;
        collect(find.query([])?, feed_row)
    }

    /// A feed that was watched before.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn feed(&self, url: &str) -> Result<Option<FeedRow>, Error> {
        let mut find = self.connection.prepare_cached(&format!("{FEED_COLUMNS} WHERE url = ?1"))?;
        Ok(collect(find.query([url])?, feed_row)?.pop())
    }

    /// Pages that may be fetched now (ISO 8601), those that wait longest first: the address and its feed's.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn pages_due(&self, now: &str, count: usize) -> Result<Vec<FeedPage>, Error> {
        let sql = "SELECT url, feed, version FROM pages WHERE state = 0 AND next_at <= ?1
                   ORDER BY next_at, url LIMIT ?2";
        let mut find = self.connection.prepare_cached(sql)?;
        collect(find.query(params![now, limit(count)])?, |row| {
            Ok(FeedPage { url: row.get(0)?, feed: row.get(1)?, version: row.get(2)? })
        })
    }

    /// Whether a page that waits came in already, because a process ended between adding it and noting that.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn page_came(&self, url: &str) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM inputs i JOIN pages p ON p.url = i.name
                   WHERE i.name = ?1 AND i.added_at >= p.met_at";
        Ok(self.connection.prepare_cached(sql)?.exists([url])?)
    }
}

impl Store {
    /// Keeps how a feed fares, and the pages that it names and were not known, or are known in another version. All
    /// or nothing: what the feed is asked with next time must not be kept without what it said this time. Returns
    /// how many pages are new.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put_feed(&mut self, feed: &FeedRow, pages: &[FeedPage], now: &str) -> Result<usize, Error> {
        let transaction = self.reader_mut().connection.transaction()?;
        let sql = "INSERT OR REPLACE INTO feeds VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
        transaction.prepare_cached(sql)?.execute(params![
            feed.url,
            feed.title,
            feed.asked_count as i64,
            feed.changed_count as i64,
            feed.failed_count as i64,
            feed.failed_in_a_row,
            feed.answered_at,
            feed.changed_at,
            feed.failure,
            feed.pause_seconds,
            feed.next_at,
            feed.answered_from,
            feed.etag,
            feed.modified,
        ])?;
        let mut count = 0;
        for page in pages {
            // A page that was given up is tried again when its feed says that it is another version.
            let sql = "INSERT INTO pages (url, feed, version, met_at, next_at) VALUES (?1, ?2, ?3, ?4, ?4)
                       ON CONFLICT DO UPDATE SET version = excluded.version, met_at = excluded.met_at,
                           next_at = excluded.next_at, state = 0, tries = 0, failure = NULL
                       WHERE excluded.version IS NOT NULL AND excluded.version IS NOT version AND state <> 0";
            count +=
                transaction.prepare_cached(sql)?.execute(params![page.url, page.feed, page.version, now])?;
        }
        transaction.commit()?;
        Ok(count)
    }

    /// Forgets a feed; what came from it stays. Returns whether it was known.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn forget_feed(&mut self, url: &str) -> Result<bool, Error> {
        let transaction = self.reader_mut().connection.transaction()?;
        transaction.execute("DELETE FROM pages WHERE feed = ?1 AND state = 0", [url])?;
        let count = transaction.execute("DELETE FROM feeds WHERE url = ?1", [url])?;
        transaction.commit()?;
        Ok(count > 0)
    }

    /// Notes that pages are in.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn pages_are_in(&mut self, urls: &[&str]) -> Result<(), Error> {
        let transaction = self.reader_mut().connection.transaction()?;
        for url in urls {
            let sql = "UPDATE pages SET state = ?2, failure = NULL WHERE url = ?1";
            transaction.prepare_cached(sql)?.execute(params![url, IS_IN])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Notes why a page did not come: it is tried again at `next`, or given up.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn page_failed(&mut self, url: &str, failure: &str, next: Option<&str>) -> Result<(), Error> {
        let sql =
            "UPDATE pages SET state = ?2, failure = ?3, next_at = coalesce(?4, next_at), tries = tries + 1
                   WHERE url = ?1";
        let state = if next.is_some() { WAITS } else { GIVEN_UP };
        self.reader_mut().connection.prepare_cached(sql)?.execute(params![url, state, failure, next])?;
        Ok(())
    }

    /// How often a page was tried in vain.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn page_tries(&self, url: &str) -> Result<u32, Error> {
        let mut find = self.reader().connection.prepare_cached("SELECT tries FROM pages WHERE url = ?1")?;
        Ok(find.query_row([url], |row| row.get(0)).optional()?.unwrap_or(0))
    }
}

fn feed_row(row: &Row) -> Result<FeedRow, Error> {
    let count = |column: usize| -> Result<u64, Error> { Ok(row.get::<_, i64>(column)? as u64) };
    Ok(FeedRow {
        url: row.get(0)?,
        title: row.get(1)?,
        asked_count: count(2)?,
        changed_count: count(3)?,
        failed_count: count(4)?,
        failed_in_a_row: row.get(5)?,
        answered_at: row.get(6)?,
        changed_at: row.get(7)?,
        failure: row.get(8)?,
        pause_seconds: row.get(9)?,
        next_at: row.get(10)?,
        answered_from: row.get(11)?,
        etag: row.get(12)?,
        modified: row.get(13)?,
        page_count: count(14)? as usize,
        waiting_count: count(15)? as usize,
        given_up_count: count(16)? as usize,
    })
}

#[cfg(test)]
mod tests {
    use model::{FeedPage, FeedRow};

    use crate::{Setup, Store};

    const NOW: &str = "2022-03-01T09:00:00Z";

    fn page(version: Option<&str>) -> FeedPage {
        FeedPage {
            url: "https://a.example/1".to_owned(),
            feed: "https://a.example/feed".to_owned(),
            version: version.map(str::to_owned),
        }
    }

    #[test]
    fn a_page_is_wanted_once_and_again_when_it_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup { kinds: Vec::new(), version: "1" };
        let mut store = Store::open(&folder.path().join("a.db"), &setup).unwrap();
        let feed = FeedRow { url: page(None).feed, asked_count: 1, ..FeedRow::default() };
        assert_eq!(store.put_feed(&feed, &[page(None)], NOW).unwrap(), 1);
        assert_eq!(store.put_feed(&feed, &[page(Some("1"))], NOW).unwrap(), 0, "it waits already");
        assert_eq!(store.reader().pages_due(NOW, 10).unwrap(), [page(None)]);
        store.pages_are_in(&["https://a.example/1"]).unwrap();
        assert_eq!(store.reader().pages_due(NOW, 10).unwrap(), []);
        assert_eq!(store.put_feed(&feed, &[page(None)], NOW).unwrap(), 0);
        assert_eq!(store.put_feed(&feed, &[page(Some("2"))], NOW).unwrap(), 1, "another version");
        store.page_failed("https://a.example/1", "It is gone.", Some("2022-03-01T10:00:00Z")).unwrap();
        assert_eq!(store.reader().pages_due(NOW, 10).unwrap(), []);
        store.page_failed("https://a.example/1", "It is gone.", None).unwrap();
        let known = store.reader().feeds().unwrap();
        assert_eq!((known[0].waiting_count, known[0].given_up_count, known[0].asked_count), (0, 1, 1));
        assert_eq!(store.page_tries("https://a.example/1").unwrap(), 2);
        assert!(store.forget_feed(&feed.url).unwrap() && !store.forget_feed(&feed.url).unwrap());
    }
}
