//! Re-reads every span of a dossier from its source.

use std::collections::BTreeMap;
use std::fmt;

use ingest::Raw;
use model::Article;
use render::{ClaimedArticle, ClaimedSpan, Claims, ReadError};

use crate::read::{ReadOptions, Reading, read};

/// What a check of a dossier found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Spans that were checked.
    pub span_count: usize,
    /// Articles that were checked.
    pub article_count: usize,
    /// Inputs that were read again.
    pub input_count: usize,
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

/// Reads each input of a dossier again, through `load`, and checks its digest, its articles' texts and every span.
/// Standard input cannot be read again: its spans are held against the text that the dossier keeps.
///
/// # Errors
/// When the bytes are no dossier.
pub fn verify(
    dossier_json: &[u8],
    load: &dyn Fn(&str) -> Result<Vec<u8>, String>,
) -> Result<Verified, ReadError> {
    let claims = render::read_claims(dossier_json)?;
    let mut verified = Verified::default();
    let sources = reread(&claims, load, &mut verified);
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
fn reread(
    claims: &Claims,
    load: &dyn Fn(&str) -> Result<Vec<u8>, String>,
    verified: &mut Verified,
) -> BTreeMap<String, Article> {
    let options = ReadOptions::english(None);
    let mut reading = Reading::default();
    for input in &claims.inputs {
        let place = input.name.clone();
        if input.name == "-" {
            verified.notes.push(
                "standard input cannot be read again; its spans were held against the text in the dossier"
                    .to_owned(),
            );
            continue;
        }
        if input.name.contains("://") {
            verified.notes.push(format!(
                "{place} was fetched and may have changed since; its spans were held against the text in the dossier"
            ));
            continue;
        }
        match load(&input.name) {
            Err(error) => verified
                .mismatches
                .push(Mismatch { place, why: format!("it cannot be read again: {error}.") }),
            Ok(bytes) => {
                verified.input_count += 1;
                let digest = ingest::sha256(&bytes);
                if digest != input.sha256 {
                    let why = format!(
                        "its bytes have changed: SHA-256 is {digest}, the dossier says {}.",
                        input.sha256
                    );
                    verified.mismatches.push(Mismatch { place, why });
                }
                read(&Raw { name: &input.name, bytes: &bytes }, &options, &mut reading);
            }
        }
    }
    reading.articles.into_iter().map(|article| (article.id.clone(), article)).collect()
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
    if claimed.input == "-" {
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
