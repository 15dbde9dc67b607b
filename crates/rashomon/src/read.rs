//! From inputs to articles: what was read, what was skipped, and no id twice.

use std::io::{self, Cursor, SeekFrom};

use ingest::{
    Ids, IngestOptions, Ingested, OutletError, OverridesError, Raw, Rejection, Response, Source, Tally,
};
use model::{Address, Article, Input, Overrides, Ruling, Skipped};

/// How inputs are read: made once, since it holds the phrases by which page furniture is told.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    pub(crate) ingest: IngestOptions,
}

impl ReadOptions {
    /// For reports in English. `reference_date` (`YYYY-MM-DD`) is what "today" means where an article has no date.
    pub fn english(reference_date: Option<String>) -> ReadOptions {
        ReadOptions { ingest: IngestOptions::english(reference_date) }
    }

    /// Adds an outlet in the form of `outlets/_template.toml`; it stands before those built in.
    ///
    /// # Errors
    /// When the text is not in that form.
    pub fn add_outlet(&mut self, id: &str, text: &str) -> Result<(), OutletError> {
        self.ingest.outlets.add(id, text)
    }
}

/// All that was read so far.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The inputs that gave articles, with their digests.
    pub inputs: Vec<Input>,
    /// Their articles, in order, each id once.
    pub articles: Vec<Article>,
    /// What was not read.
    pub skipped: Vec<Skipped>,
    /// What was odd in what was read, as sentences.
    pub warnings: Vec<String>,
    /// What the user decided otherwise; see [`Reading::overrule`].
    pub overrides: Overrides,
    /// What the inputs name and do not hold.
    pub addresses: Vec<Address>,
    /// What became of the records of all inputs.
    pub tally: Tally,
    ids: Ids,
    /// Places in `skipped` of inputs that hold addresses only.
    lists: Vec<usize>,
}

impl Reading {
    /// Notes that an input could not even be opened.
    pub fn skip(&mut self, input: &str, reason: String) {
        self.skipped.push(Skipped { input: input.to_owned(), reason });
    }

    /// The addresses that were named since the last call, for a caller that reads them: the inputs that hold nothing
    /// else are then no longer told as skipped.
    pub fn take_addresses(&mut self) -> Vec<Address> {
        for place in self.lists.drain(..).rev() {
            self.skipped.remove(place);
        }
        std::mem::take(&mut self.addresses)
    }

    /// Marks what stands on many pages of one outlet: no report, but its page. Call it when all inputs are read.
    pub fn mark_repeated(&mut self) {
        ingest::mark_repeated(&mut self.articles);
    }

    /// Replays a user's decisions on what was read: ignored articles are left out now, the rest when articles are
    /// compared. Contradictions and articles that are not there become warnings. Call it when all inputs are read.
    ///
    /// # Errors
    /// When the text is not in the form of a file of decisions.
    pub fn overrule(&mut self, name: &str, text: &str) -> Result<(), OverridesError> {
        let read = ingest::parse_overrides(text)?;
        self.warnings.extend(read.warnings.iter().map(|warning| format!("{name}: {warning}")));
        for entry in &read.value.entries {
            let named =
                |article: &str| self.articles.iter().any(|known| corroborate::is_named(known, article));
            let articles: Vec<&String> = match &entry.ruling {
                Ruling::Merge(articles) | Ruling::Split(articles) => articles.iter().collect(),
                Ruling::Ignore { article, .. } => vec![article],
                Ruling::Alias { .. } | Ruling::Owner { .. } => Vec::new(),
            };
            for article in articles.into_iter().filter(|article| !named(article)) {
                let line = entry.line;
                self.warnings.push(format!(
                    "{name}: line {line} names {article}, which is not among what was read. It changes nothing there."
                ));
            }
        }
        for entry in &read.value.entries {
            let Ruling::Ignore { article, words: None } = &entry.ruling else { continue };
            let reason = format!("It is left out by line {} of {name}.", entry.line);
            for known in self.articles.extract_if(.., |known| corroborate::is_named(known, article)) {
                self.skipped.push(Skipped { input: known.id, reason: reason.clone() });
            }
        }
        self.overrides = read.value;
        Ok(())
    }
}

/// Reads one input into `reading`. What cannot be read is noted there with its reason; nothing else is lost.
pub fn read(raw: &Raw, options: &ReadOptions, reading: &mut Reading) {
    if let Err(error) = read_source(raw.name, &mut Cursor::new(raw.bytes), options, reading) {
        reading.skip(raw.name, format!("It cannot be read: {error}."));
    }
}

/// Reads one input into `reading` without holding more of it than a record, however large it is.
///
/// # Errors
/// When the source cannot be read or gone back in.
pub fn read_source(
    name: &str,
    mut source: &mut dyn Source,
    options: &ReadOptions,
    reading: &mut Reading,
) -> io::Result<()> {
    let sha256 = ingest::sha256_of(&mut source)?;
    source.seek(SeekFrom::Start(0))?;
    let outcome = ingest::ingest_source(name, Box::new(source), &options.ingest);
    take(name, sha256, outcome, reading);
    Ok(())
}

/// Reads what was fetched, like [`read`], knowing its address and what the server said about it.
pub fn read_response(raw: &Raw, response: &Response, options: &ReadOptions, reading: &mut Reading) {
    let outcome = ingest::ingest_response(raw, response, &options.ingest);
    take(raw.name, ingest::sha256(raw.bytes), outcome, reading);
}

fn take(name: &str, sha256: String, outcome: Result<Ingested, Rejection>, reading: &mut Reading) {
    match outcome {
        Ok(mut ingested) => {
            let article_count = ingested.articles.len();
            reading.inputs.push(Input { name: name.to_owned(), sha256, article_count });
            reading.skipped.append(&mut ingested.skipped);
            reading.warnings.append(&mut ingested.warnings);
            reading.tally.add(&ingested.tally);
            for mut article in ingested.articles {
                article.id = reading.ids.give(article.id);
                reading.articles.push(article);
            }
            if article_count == 0 {
                reading.lists.push(reading.skipped.len());
                reading.skip(name, not_fetched(ingested.addresses.len()));
            }
            reading.addresses.append(&mut ingested.addresses);
        }
        Err(rejection) => reading.skip(name, rejection.to_string()),
    }
}

/// Why an input that only lists addresses gives no article.
pub(crate) fn not_fetched(count: usize) -> String {
    format!("It holds no article, only {count} addresses of pages or feeds; these have to be fetched.")
}

#[cfg(test)]
mod tests {
    use ingest::Raw;

    use super::{ReadOptions, Reading, read};

    #[test]
    fn lists_are_skipped_unless_their_addresses_are_taken() {
        let mut reading = Reading::default();
        let list = Raw { name: "list.csv", bytes: b"https://courier.example/ferry\n" };
        let text = Raw { name: "none.txt", bytes: b" " };
        for raw in [&list, &text, &list] {
            read(raw, &ReadOptions::english(None), &mut reading);
        }
        assert_eq!(reading.skipped.len(), 3);
        let urls: Vec<String> = reading.take_addresses().into_iter().map(|address| address.url).collect();
        assert_eq!(urls, ["https://courier.example/ferry"; 2]);
        assert_eq!(reading.skipped.iter().map(|skipped| &*skipped.input).collect::<Vec<_>>(), ["none.txt"]);
        assert!(reading.take_addresses().is_empty());
    }

    #[test]
    fn an_id_stands_once_whatever_the_inputs_call_their_articles() {
        let mut reading = Reading::default();
        for id in ["a", "a#2", "a", "a"] {
            let line =
                format!("{{\"id\":\"{id}\",\"text\":\"The bridge was closed on Monday, police said.\"}}\n");
            let raw = Raw { name: "one.jsonl", bytes: line.as_bytes() };
            read(&raw, &ReadOptions::english(None), &mut reading);
        }
        let ids: Vec<&str> = reading.articles.iter().map(|article| article.id.as_str()).collect();
        assert_eq!(ids, ["a", "a#2", "a#3", "a#4"]);
    }
}
