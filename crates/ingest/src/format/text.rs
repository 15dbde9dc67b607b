//! Plain text: one article a file, its text the file's own bytes decoded.

use super::html::{self, Response};
use super::{Format, format_of, is_archive};
use crate::article::{Given, article, id_of};
use crate::decode::decode_as;
use crate::limits::{ARTICLE_BYTES_MAX, SNIFF_BYTES_MAX, WHOLE_BYTES_MAX};
use crate::trace::compose;
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// Plain text, and every other format in an encoding other than UTF-8.
pub(crate) const FORMAT: Format = Format { id: "text", name_ends: &[], claims, read, cut: None };

fn claims(_: &[u8]) -> bool {
    true
}

fn read(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    read_as(raw, None, options)
}

/// Reads text that came with the name of its encoding.
pub(crate) fn read_as(
    raw: &Raw,
    charset: Option<&str>,
    options: &IngestOptions,
) -> Result<Ingested, Rejection> {
    let input = || raw.name.to_owned();
    let over = |size, limit| Rejection::OverBudget { input: input(), what: "text", size, limit };
    if raw.bytes.len() > WHOLE_BYTES_MAX {
        return Err(over(raw.bytes.len(), WHOLE_BYTES_MAX));
    }
    // No encoding takes less than half as many bytes as UTF-8 for the same text by more than this.
    if raw.bytes.len() > 2 * ARTICLE_BYTES_MAX
        && format_of(raw.name, &raw.bytes[..SNIFF_BYTES_MAX]).id == FORMAT.id
    {
        return Err(over(raw.bytes.len(), ARTICLE_BYTES_MAX));
    }
    let decoded = decode_as(raw.bytes, charset).ok_or_else(|| Rejection::Binary { input: input() })?;
    let head = &decoded.text.as_bytes()[..decoded.text.len().min(SNIFF_BYTES_MAX)];
    let format = format_of(raw.name, head);
    if is_archive(raw.name, head) {
        return Err(Rejection::Binary { input: input() });
    }
    if decoded.source_map.is_some() && format.id == html::FORMAT.id {
        // A page says itself in which encoding it is, and is decoded once.
        return html::read(raw, &Response { charset, ..Response::default() }, options);
    }
    if decoded.source_map.is_some() && format.id != FORMAT.id {
        let mut ingested = (format.read)(&Raw { name: raw.name, bytes: decoded.text.as_bytes() }, options)?;
        for article in &mut ingested.articles {
            article.source_map =
                compose(&article.text, article.source_map.as_deref(), decoded.source_map.as_deref());
        }
        return Ok(ingested);
    }
    if decoded.text.trim().is_empty() {
        return Err(Rejection::Empty { input: input() });
    }
    if decoded.text.len() > ARTICLE_BYTES_MAX {
        return Err(over(decoded.text.len(), ARTICLE_BYTES_MAX));
    }
    if !decoded.text.chars().any(char::is_alphabetic) {
        return Err(Rejection::NoArticle { input: input(), why: "there is no word in it".to_owned() });
    }
    let mut warnings = Vec::new();
    if decoded.broken_count > 0 {
        warnings.push(format!(
            "{}: {} places are not {} and stand as \u{fffd}; save it again from its origin to have them right.",
            raw.name, decoded.broken_count, decoded.encoding
        ));
    }
    let given = Given { id: Some(id_of(raw.name)), source_map: decoded.source_map, ..Given::default() };
    let articles = vec![article(raw.name, decoded.text, given, options)];
    Ok(Ingested { articles, warnings, ..Ingested::default() })
}
