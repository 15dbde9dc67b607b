//! Re-reads every span of a dossier from its source.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

use ingest::{PAGE_BYTES_MAX, Retraced, Source};
use model::Article;
use render::{ClaimedArticle, ClaimedInput, ClaimedSpan, Claims, ReadError};

use crate::read::{ReadOptions, Reading, read_source};

/// What a check of a dossier found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Spans that were checked.
    pub span_count: usize,
    /// Articles that were checked.
    pub article_count: usize,
    /// Inputs that were read again.
    pub input_count: usize,
    /// Runs of the text of web pages that were read again from the pages' own bytes.
    pub run_count: usize,
    /// What does not match, in order of the dossier.
    pub mismatches: Vec<Mismatch>,
    /// What could not be checked, and why.
    pub notes: Vec<String>,
}

/// One thing in a dossier that its source does not bear out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Which input or article, and where in the dossier.
    pub place: String,
    /// What is wrong: a sentence.
    pub why: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.why)
    }
}

/// Opens an input by the name that the dossier gives it.
pub type Open<'a> = &'a dyn Fn(&str) -> Result<Box<dyn Source>, String>;

/// Reads each input of a dossier again, through `open`, and checks its digest, its articles' texts and every span.
/// Pages of an archive are looked up at their records, whose own digests are checked too. Standard input cannot be
/// read again: its spans are held against the text that the dossier keeps.
///
/// # Errors
/// When the bytes are no dossier.
pub fn verify(dossier_json: &[u8], open: Open) -> Result<Verified, ReadError> {
    let claims = render::read_claims(dossier_json)?;
    let mut verified = Verified::default();
    let sources = reread(&claims, open, &mut verified);
    let texts: Vec<Option<&str>> =
        claims.articles.iter().map(|article| check_article(article, &sources, &mut verified)).collect();
    for span in &claims.spans {
        verified.span_count += 1;
        check_span(span, &claims.articles[span.article], texts[span.article], &mut verified.mismatches);
    }
    verified.article_count = claims.articles.len();
    Ok(verified)
}

/// The articles of every input, by id; an input that cannot be read or has changed is a mismatch.
fn reread(claims: &Claims, open: Open, verified: &mut Verified) -> BTreeMap<String, Article> {
    let options = ReadOptions::english(None);
    let mut reading = Reading::default();
    let mut captured = BTreeMap::new();
    for input in &claims.inputs {
        if input.name == "-" {
            verified.notes.push(
                "standard input cannot be read again; its spans were held against the text in the dossier"
                    .to_owned(),
            );
            continue;
        }
        if input.name.contains("://") {
            verified.notes.push(format!(
                "{} was fetched and may have changed since; its spans were held against the text in the dossier",
                input.name
            ));
            continue;
        }
        let own = || claims.articles.iter().filter(|article| article.input == input.name);
        let again = if own().next().is_some() && own().all(|article| article.capture.is_some()) {
            check_digest(input, open, verified).map(|()| {
                for article in own() {
                    captured.extend(recapture(article, open, &options, verified));
                }
            })
        } else {
            check_digest(input, open, verified).and_then(|()| {
                let first = reading.articles.len();
                let mut source = open(&input.name)?;
                read_source(&input.name, &mut source, &options, &mut reading)
                    .map_err(|error| error.to_string())?;
                retrace(&reading.articles[first..], open, verified)
            })
        };
        match again {
            Ok(()) => verified.input_count += 1,
            Err(error) => {
                let why = format!("it cannot be read again: {error}.");
                verified.mismatches.push(Mismatch { place: input.name.clone(), why });
            }
        }
    }
    captured.extend(reading.articles.into_iter().map(|article| (article.id.clone(), article)));
    captured
}

/// Holds an input's bytes against its digest.
fn check_digest(input: &ClaimedInput, open: Open, verified: &mut Verified) -> Result<(), String> {
    let mut source = open(&input.name)?;
    let digest = ingest::sha256_of(&mut source).map_err(|error| error.to_string())?;
    if digest != input.sha256 {
        let why = format!("its bytes have changed: SHA-256 is {digest}, the dossier says {}.", input.sha256);
        verified.mismatches.push(Mismatch { place: input.name.clone(), why });
    }
    Ok(())
}

/// Reads the runs of a page's text again, straight from its bytes: a page has one article.
fn retrace(articles: &[Article], open: Open, verified: &mut Verified) -> Result<(), String> {
    let [article] = articles else { return Ok(()) };
    let mut page = Vec::new();
    let mut source = open(&article.input)?.take(PAGE_BYTES_MAX as u64);
    source.read_to_end(&mut page).map_err(|error| error.to_string())?;
    note_runs(&article.input, article, ingest::retraced(&page, None, article), verified);
    Ok(())
}

/// Counts runs that were read again, and lists those that are not as their bytes.
fn note_runs(place: &str, article: &Article, retraced: Retraced, verified: &mut Verified) {
    verified.run_count += retraced.run_count;
    for span in retraced.wrong {
        let why = format!(
            "the bytes from which “{}” (bytes {}–{} of the text) is said to come say something else.",
            span.of(&article.text),
            span.start,
            span.end
        );
        verified.mismatches.push(Mismatch { place: place.to_owned(), why });
    }
}

/// Reads the page of an article again, at its record in the archive.
fn recapture(
    claimed: &ClaimedArticle,
    open: Open,
    options: &ReadOptions,
    verified: &mut Verified,
) -> Option<(String, Article)> {
    let capture = claimed.capture.as_ref()?;
    let place = format!("{} record {} at byte {}", claimed.input, capture.record, capture.offset);
    let found = open(&claimed.input)
        .and_then(|source| ingest::read_captured(&claimed.input, source, capture, &options.ingest));
    let mut wrong = |why: String| verified.mismatches.push(Mismatch { place: place.clone(), why });
    let captured = match found {
        Ok(captured) => captured,
        Err(why) => {
            wrong(format!("the record cannot be read again: {why}."));
            return None;
        }
    };
    if let Err(why) = captured.digests {
        wrong(format!("{why}."));
    }
    let same = captured.articles.iter().position(|article| article.digest == claimed.digest).unwrap_or(0);
    let article = captured.articles.into_iter().nth(same)?;
    if article.capture.as_ref() != Some(capture) {
        wrong("the archive gives the record another id, date or digest than the dossier.".to_owned());
    }
    if let Some(retraced) = captured.retraced.into_iter().nth(same) {
        note_runs(&place, &article, retraced, verified);
    }
    Some((claimed.id.clone(), article))
}

/// The text to hold an article's spans against: its source's, or the dossier's own where there is no source.
fn check_article<'a>(
    claimed: &'a ClaimedArticle,
    sources: &'a BTreeMap<String, Article>,
    verified: &mut Verified,
) -> Option<&'a str> {
    let mut wrong = |why: &str| {
        verified
            .mismatches
            .push(Mismatch { place: format!("{} ({})", claimed.input, claimed.id), why: why.to_owned() });
    };
    let kept = claimed.text.as_deref();
    if kept.is_some_and(|text| ingest::sha256(text.as_bytes()) != claimed.digest) {
        wrong("the text in the dossier is not the one its digest was made of.");
    }
    if claimed.input == "-" || claimed.input.contains("://") {
        return kept;
    }
    let Some(source) = sources.get(&claimed.id).filter(|source| source.input == claimed.input) else {
        wrong("the input no longer holds this article.");
        return kept;
    };
    if source.digest != claimed.digest {
        wrong("the article's text has changed since the dossier was written.");
    }
    let traced = source.source_map.as_ref().map(|map| {
        map.iter()
            .map(|trace| [trace.text.start, trace.text.end, trace.source.start, trace.source.end])
            .collect()
    });
    if traced != claimed.source_map {
        wrong("the way from its text to the input's bytes is not the one in the dossier.");
    }
    Some(&source.text)
}

fn check_span(
    span: &ClaimedSpan,
    article: &ClaimedArticle,
    text: Option<&str>,
    mismatches: &mut Vec<Mismatch>,
) {
    if text.is_none_or(|text| span.holds_in(text)) {
        return;
    }
    let place = format!("{} bytes {}–{} ({})", article.input, span.span.start, span.span.end, span.pointer);
    let found = text.and_then(|text| text.get(span.span.range())).unwrap_or("nothing");
    let why = format!(
        "the dossier quotes “{}”, the source has “{found}”.",
        span.text.as_deref().unwrap_or_default()
    );
    mismatches.push(Mismatch { place, why });
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use model::{Article, Span, Trace};

    use super::{Verified, retrace};

    #[test]
    fn runs_of_a_page_are_read_from_its_bytes() {
        let page = "<!doctype html><p>The ferry ran aground &amp; sank.</p>";
        let run = |text: [usize; 2], source: [usize; 2]| Trace {
            text: Span::new(text[0], text[1]),
            source: Span::new(source[0], source[1]),
        };
        let mut article = Article {
            input: "ferry.html".to_owned(),
            text: "The ferry ran aground & sank.".to_owned(),
            source_map: Some(vec![run([0, 21], [18, 39]), run([22, 23], [40, 45]), run([24, 29], [46, 51])]),
            ..Article::default()
        };
        let check = |article: &Article| {
            let mut verified = Verified::default();
            let open = |_: &str| Ok(Box::new(Cursor::new(page.as_bytes())) as Box<dyn ingest::Source>);
            retrace(std::slice::from_ref(article), &open, &mut verified).unwrap();
            verified
        };
        let all_well = check(&article);
        assert_eq!((all_well.run_count, all_well.mismatches.len()), (3, 0));
        article.source_map.as_mut().unwrap()[2] = run([24, 29], [45, 50]);
        let moved = check(&article);
        assert_eq!(moved.mismatches.len(), 1);
        assert!(moved.mismatches[0].why.contains("“sank.” (bytes 24–29 of the text)"), "{moved:?}");
    }
}
