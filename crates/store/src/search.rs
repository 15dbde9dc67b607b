//! Full text: what a person types becomes a question to the index, and its answer passages of reports.

use model::{ArticleNumber, Hit, Hits, Paging, Piece, Query, Span};
use rusqlite::{OptionalExtension, Row, params_from_iter};

use crate::packed::outlet_key;
use crate::reader::{ARTICLE_COLUMNS, article_row, collect, limit};
use crate::{Error, Reader};

/// Words of a question that are looked at; nobody types more.
const TERMS_MAX: usize = 64;
/// Words of a passage.
const EXCERPT_WORDS: u32 = 40;
/// Marks around found words inside the database; no report has them, since control characters are no text.
const FOUND: [char; 2] = ['\u{2}', '\u{3}'];
/// Years that an open end of a period reaches to.
const YEARS: std::ops::RangeInclusive<u16> = 1800..=2199;

impl Reader {
    /// Articles that answer a question, those that came last first.
    ///
    /// # Errors
    /// When there is nothing to look for ([`Error::is_query`]), or the disk refuses.
    pub fn search(&self, query: &Query, page: Paging) -> Result<Hits, Error> {
        let Some(question) = self.question(query)? else {
            return Ok(Hits { hits: Vec::new(), more: false });
        };
        let kinds = vec!["?"; query.kinds.len()].join(", ");
        let taking_sides = match query.kinds.len() {
            0 => String::new(),
            _ => format!(
                " AND EXISTS (SELECT 1 FROM sides WHERE article = search.rowid AND kind IN ({kinds}))"
            ),
        };
        let sql = format!(
            "SELECT rowid, snippet(search, 0, char(2), char(3), '', {EXCERPT_WORDS}) FROM search
             WHERE search MATCH ? AND rowid < ?{taking_sides} ORDER BY rowid DESC LIMIT ?"
        );
        let before = page.before.unwrap_or(i64::MAX).to_string();
        // One more than asked for tells whether there are more.
        let count = limit(page.limit) + 1;
        let mut values = vec![question, before];
        values.extend(query.kinds.iter().cloned());
        values.push(count.to_string());
        let mut find = self.connection.prepare_cached(&sql)?;
        let found = collect(find.query(params_from_iter(values))?, |row: &Row| {
            Ok((row.get::<_, ArticleNumber>(0)?, row.get::<_, String>(1)?))
        })?;
        let more = found.len() as i64 >= count;
        let shown = found.into_iter().take(count as usize - 1);
        let hits = shown.map(|(number, marked)| self.hit(number, &marked)).collect::<Result<_, _>>()?;
        Ok(Hits { hits, more })
    }

    fn hit(&self, number: ArticleNumber, marked: &str) -> Result<Hit, Error> {
        let mut find = self.connection.prepare_cached(&format!("{ARTICLE_COLUMNS} WHERE a.id = ?1"))?;
        let article = collect(find.query([number])?, article_row)?
            .pop()
            .ok_or_else(|| Error::damaged("The index of words"))?;
        let (body, headline): (String, Option<String>) = self
            .connection
            .prepare_cached("SELECT body, headline FROM texts JOIN articles ON id = article WHERE id = ?1")?
            .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let first_line = || body.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let headline = headline.unwrap_or_else(|| first_line().to_owned());
        let plain: String = marked.chars().filter(|letter| !FOUND.contains(letter)).collect();
        let span = body.find(&plain).map(|start| Span::new(start, start + plain.len()));
        Ok(Hit { article, headline, excerpt: pieces(marked), span })
    }

    /// The question in the index's own words; `None` when nothing can answer it.
    fn question(&self, query: &Query) -> Result<Option<String>, Error> {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(words(&query.words).map(|words| format!("body : ({words})")));
        parts.extend(query.names.iter().filter_map(|name| column("names", name)));
        parts.extend(query.speakers.iter().filter_map(|name| column("speakers", name)));
        if !query.outlets.is_empty() {
            let keys = self.outlet_keys(&query.outlets)?;
            if keys.is_empty() {
                return Ok(None);
            }
            parts.push(any("keys", &keys));
        }
        if query.since.is_some() || query.until.is_some() {
            let keys = day_range(query.since.as_deref(), query.until.as_deref());
            let keys = keys.ok_or_else(|| {
                Error::query("A day is written year-month-day, and the first is no later than the last.")
            })?;
            parts.push(any("keys", &keys));
        }
        if parts.is_empty() {
            return Err(Error::query(
                "There is nothing to look for. Give a word, a name, an outlet or a day.",
            ));
        }
        Ok(Some(parts.join(" AND ")))
    }

    /// The index's words for outlets; letter case does not matter.
    fn outlet_keys(&self, names: &[String]) -> Result<Vec<String>, Error> {
        let mut find =
            self.connection.prepare_cached("SELECT id FROM outlets WHERE name = ?1 COLLATE NOCASE")?;
        let mut keys = Vec::new();
        for name in names {
            let id: Option<i64> = find.query_row([name], |row| row.get(0)).optional()?;
            keys.extend(id.map(outlet_key));
        }
        Ok(keys)
    }
}

/// A phrase that must stand in a column; `None` when it has no letter.
fn column(name: &str, words: &str) -> Option<String> {
    has_word(words).then(|| format!("{name} : {}", quoted(words)))
}

/// One of several words in a column.
fn any(column: &str, words: &[String]) -> String {
    format!("{column} : ({})", words.join(" OR "))
}

/// A phrase that the index takes as nothing else, whatever stands in it.
fn quoted(words: &str) -> String {
    format!("\"{}\"", words.replace(['"', '\0'], " "))
}

fn has_word(words: &str) -> bool {
    words.chars().any(char::is_alphanumeric)
}

/// What a person typed: words, phrases, beginnings, `-not`, `OR`. `None` when there is nothing to find.
fn words(typed: &str) -> Option<String> {
    let mut wanted = String::new();
    let mut unwanted: Vec<String> = Vec::new();
    let mut or = false;
    for term in terms(typed).into_iter().take(TERMS_MAX) {
        if term == "OR" {
            or = !wanted.is_empty();
            continue;
        }
        let (not, term) = match term.strip_prefix('-') {
            Some(rest) if has_word(rest) => (true, rest),
            Some(_) | None => (false, term),
        };
        if !has_word(term) {
            continue;
        }
        let beginning = if term.ends_with('*') { " *" } else { "" };
        let phrase = format!("{}{beginning}", quoted(term.trim_end_matches('*')));
        if not {
            unwanted.push(phrase);
        } else {
            let joint = match (wanted.is_empty(), or) {
                (true, _) => "",
                (false, true) => " OR ",
                (false, false) => " AND ",
            };
            wanted = format!("{wanted}{joint}{phrase}");
        }
        or = false;
    }
    if wanted.is_empty() {
        return None;
    }
    Some(unwanted.into_iter().fold(format!("({wanted})"), |all, phrase| format!("{all} NOT {phrase}")))
}

/// Pieces between blanks; what stands between quotation marks is one, with the sign before it.
fn terms(typed: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = None;
    let mut inside = false;
    for (place, letter) in typed.char_indices() {
        match letter {
            '"' => {
                inside = !inside;
                start = start.or(Some(place));
            }
            letter if letter.is_whitespace() && !inside => {
                found.extend(start.take().and_then(|start: usize| typed.get(start..place)));
            }
            _ => start = start.or(Some(place)),
        }
    }
    found.extend(start.and_then(|start| typed.get(start..)));
    found
}

/// The index's words for the days from one to another: whole years and months where they are whole.
fn day_range(since: Option<&str>, until: Option<&str>) -> Option<Vec<String>> {
    let first = since.map_or(Some([*YEARS.start(), 1, 1]), day)?;
    let last = until.map_or(Some([*YEARS.end(), 12, 31]), day)?;
    if first > last {
        return None;
    }
    let mut keys = Vec::new();
    for year in first[0]..=last[0] {
        let (from, to) = (first.max([year, 1, 1]), last.min([year, 12, 31]));
        if (from, to) == ([year, 1, 1], [year, 12, 31]) {
            keys.push(format!("day{year:04}"));
            continue;
        }
        for month in from[1]..=to[1] {
            let (from, to) = (from.max([year, month, 1]), to.min([year, month, 31]));
            if (from, to) == ([year, month, 1], [year, month, 31]) {
                keys.push(format!("day{year:04}{month:02}"));
                continue;
            }
            keys.extend((from[2]..=to[2]).map(|day| format!("day{year:04}{month:02}{day:02}")));
        }
    }
    Some(keys)
}

/// Year, month and day; days that no month has are let pass, since no article has them.
fn day(value: &str) -> Option<[u16; 3]> {
    let parts: Vec<u16> = value.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let day: [u16; 3] = parts.try_into().ok()?;
    (YEARS.contains(&day[0]) && (1..=12).contains(&day[1]) && (1..=31).contains(&day[2])).then_some(day)
}

/// A marked passage in pieces.
fn pieces(marked: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut found = false;
    for part in marked.split_inclusive(FOUND) {
        let text = part.trim_end_matches(FOUND);
        if !text.is_empty() {
            pieces.push(Piece { text: text.to_owned(), found });
        }
        found = match part.chars().next_back() {
            Some('\u{2}') => true,
            Some('\u{3}') => false,
            Some(_) | None => found,
        };
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{day_range, pieces, terms, words};

    #[test]
    fn what_is_typed_is_never_taken_for_the_index_s_own_words() {
        assert_eq!(words("bridge closed").unwrap(), "(\"bridge\" AND \"closed\")");
        assert_eq!(words("\"old bridge\" OR ferr*").unwrap(), "(\" old bridge \" OR \"ferr\" *)");
        assert_eq!(words("bridge -toll").unwrap(), "(\"bridge\") NOT \"toll\"");
        assert_eq!(
            words("NEAR(a, b) NOT col:x").unwrap(),
            "(\"NEAR(a,\" AND \"b)\" AND \"NOT\" AND \"col:x\")"
        );
        assert_eq!(words("OR -- \" *"), None);
        assert_eq!(terms("a  \"b c\" d\"e"), ["a", "\"b c\"", "d\"e"]);
    }

    #[test]
    fn a_period_is_told_in_few_words() {
        assert_eq!(
            day_range(Some("2022-01-30"), Some("2022-03-01")).unwrap(),
            ["day20220130", "day20220131", "day202202", "day20220301"]
        );
        assert_eq!(day_range(Some("2021-12-31"), Some("2023-12-31")).unwrap().len(), 3);
        assert_eq!(day_range(None, Some("1801-01-01")).unwrap(), ["day1800", "day18010101"]);
        assert!(day_range(Some("2022-02-02"), Some("2022-02-01")).is_none());
        assert!(day_range(Some("2022"), None).is_none());
    }

    #[test]
    fn found_words_are_told_apart() {
        let pieces = pieces("the \u{2}old\u{3} bridge");
        let told: Vec<(&str, bool)> = pieces.iter().map(|piece| (piece.text.as_str(), piece.found)).collect();
        assert_eq!(told, [("the ", false), ("old", true), (" bridge", false)]);
    }
}
