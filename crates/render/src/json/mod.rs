//! JSON by the contract: one value for a dossier, one line for an article or a story.

mod archive;
mod article;
mod extract;
mod finding;
mod served;
mod wire;

use std::io::{self, Write};

use model::{Annotated, Dossier};
use serde::Serialize;

use crate::{Output, RenderOptions};
pub(crate) use archive::{EventJson, event, event_kind};
pub use archive::{event_json, hit_line, revision_kind, revision_line, story_row_line};
pub(crate) use article::{origin, quotation_form};
use extract::Extract;
pub(crate) use finding::{form, nature, relation, status};
pub use served::{events_json, health_json, hits_json, problem_json, stories_json};
use wire::{Dossier as WireDossier, StoryOf};

/// `--format json`.
pub(crate) const OUTPUT: Output =
    Output { id: "json", media_type: "application/json", title: "the dossier as one JSON value", render };

/// The line of an article read is at most so many times as long as its text, as a rule.
const LINE_PER_TEXT: usize = 12;

/// Bytes of room that a line is given before it is written: longer ones grow.
const LINE_ROOM_MAX: usize = 1 << 20;

/// Version of the dossier's fields; it changes when one is renamed or removed, never when one is added.
pub(crate) const SCHEMA: u32 = 1;

fn render(dossier: &Dossier, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    line(&WireDossier::new(dossier, options), out)
}

/// One line of `annotate`: an article with all that was read in it.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn article_line(annotated: &Annotated, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let room = annotated.article.text.len().saturating_mul(LINE_PER_TEXT).min(LINE_ROOM_MAX);
    write_line(&article::with_statements(annotated, options.text), Vec::with_capacity(room), out)
}

/// One line of `extract`: an article's text and metadata, nothing read in it.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn extract_line(
    article: &model::Article,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    line(&Extract::new(article, options.text), out)
}

/// One line of `stories`: which story an article belongs to.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn story_line(article_id: &str, story_id: &str, out: &mut dyn Write) -> io::Result<()> {
    line(&StoryOf { id: article_id, story: story_id }, out)
}

/// The id in a line that [`article_line`] or [`extract_line`] wrote.
pub fn line_id(line: &[u8]) -> Option<String> {
    let after = line.strip_prefix(b"{\"id\":")?;
    serde_json::Deserializer::from_slice(after).into_iter::<String>().next()?.ok()
}

fn line<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    write_line(value, Vec::new(), out)
}

/// Serialises into memory first: a value is written whole, and in few calls.
fn write_line<T: Serialize>(value: &T, mut bytes: Vec<u8>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut bytes, value).map_err(io::Error::other)?;
    bytes.push(b'\n');
    out.write_all(&bytes)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{article_line, extract_line, story_line};
    use crate::{Colour, KeepText, OUTPUTS, RenderOptions, sample};

    fn options(text: KeepText) -> RenderOptions {
        RenderOptions { width: 80, colour: Colour::Never, text, version: "1.2.3" }
    }

    fn parsed(text: KeepText) -> Value {
        let json = OUTPUTS.iter().find(|o| o.id == "json").unwrap();
        let mut out = Vec::new();
        (json.render)(&sample::dossier(), &options(text), &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    fn keys(value: &Value) -> Vec<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn a_dossier_has_the_fields_of_the_contract_in_its_order() {
        let dossier = parsed(KeepText::Whole);
        assert_eq!(keys(&dossier), ["schema", "rashomon", "inputs", "articles", "stories", "skipped"]);
        assert_eq!(dossier["schema"], 1);
        assert_eq!(keys(&dossier["inputs"][0]), ["input", "sha256", "articles"]);
        assert_eq!(
            keys(&dossier["articles"][4]),
            [
                "id",
                "input",
                "outlet",
                "url",
                "language",
                "text",
                "headline",
                "byline",
                "dateline",
                "credits",
                "published",
                "digest",
                "source_map",
                "furniture",
                "mentions",
                "quotations",
                "figures",
                "times"
            ]
        );
        let story = &dossier["stories"][0];
        assert_eq!(
            keys(story),
            ["id", "headline", "articles", "reprints", "alignments", "discrepancies", "stances", "timeline"]
        );
        assert_eq!(
            keys(&story["alignments"][0]),
            ["id", "gist", "gist_span", "speaker", "status", "counts", "merges", "voices"]
        );
        assert_eq!(
            keys(&story["alignments"][0]["voices"][0]),
            ["article", "start", "end", "text", "form", "attributed_to", "hedge"]
        );
        assert_eq!(keys(&story["discrepancies"][0]), ["kind", "nature", "alignment", "why", "sides"]);
        assert_eq!(
            keys(&story["stances"][0]),
            ["alignment", "stance", "by", "article", "start", "end", "text"]
        );
    }

    #[test]
    fn figures_are_decimals_in_strings_and_enums_words_of_the_contract() {
        let dossier = parsed(KeepText::Whole);
        let figure = &dossier["articles"][0]["figures"][1];
        assert_eq!((&figure["low"], &figure["high"]), (&Value::from("1200"), &Value::Null));
        assert_eq!(figure["hedge"], "at least");
        assert_eq!(dossier["articles"][0]["digest"], format!("sha256:{}", "5d".repeat(32)));
        assert_eq!(dossier["articles"][0]["published"]["origin"], "inferred");
        assert_eq!(dossier["articles"][4]["source_map"][0], serde_json::json!([0, 21, 40, 61]));
        assert!(dossier["articles"][0].get("source_map").is_none());
        let story = &dossier["stories"][0];
        assert_eq!(story["alignments"][3]["status"], "multiply-reported");
        assert_eq!(story["discrepancies"][4]["nature"], "update");
        assert_eq!(story["reprints"][0]["share"], 0.971);
        assert_eq!(story["stances"][2]["stance"], "declines");
        assert_eq!(story["discrepancies"][0]["alignment"], "a2");
    }

    fn spans<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
        match value {
            Value::Object(fields) => {
                if fields.contains_key("start") {
                    found.push(value);
                }
                fields.values().for_each(|v| spans(v, found));
            }
            Value::Array(items) => items.iter().for_each(|v| spans(v, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn every_span_holds_the_words_at_its_place() {
        let dossier = parsed(KeepText::Whole);
        let mut count = 0;
        let mut check = |text: &str, span: &Value| {
            let at = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
            assert_eq!(text.get(at("start")..at("end")), span["text"].as_str());
            count += 1;
        };
        for article in dossier["articles"].as_array().unwrap() {
            let mut found = Vec::new();
            spans(article, &mut found);
            found.iter().for_each(|span| check(article["text"].as_str().unwrap(), span));
        }
        let mut found = Vec::new();
        spans(&dossier["stories"], &mut found);
        for span in found {
            let articles = dossier["articles"].as_array().unwrap();
            let article = articles.iter().find(|a| a["id"] == span["article"]).unwrap();
            check(article["text"].as_str().unwrap(), span);
        }
        assert!(count > 80, "{count}");
    }

    #[test]
    fn without_text_only_offsets_are_left() {
        let dossier = parsed(KeepText::LeftOut);
        assert!(dossier["articles"][0].get("text").is_none());
        let mut found = Vec::new();
        spans(&dossier, &mut found);
        assert!(found.iter().all(|span| span.get("text").is_none()));
        assert!(dossier["stories"][0]["alignments"][0].get("gist").is_none());
    }

    #[test]
    fn lines_end_with_their_only_line_break() {
        let dossier = sample::dossier();
        let mut out = Vec::new();
        article_line(&dossier.articles[0], &options(KeepText::Whole), &mut out).unwrap();
        extract_line(&dossier.articles[4].article, &options(KeepText::Whole), &mut out).unwrap();
        let ids: Vec<Option<String>> =
            out.split_inclusive(|&byte| byte == b'\n').map(super::line_id).collect();
        assert_eq!(ids, [0, 4].map(|place| Some(dossier.articles[place].article.id.clone())));
        story_line("a\n\"", "s", &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[2], r#"{"id":"a\n\"","story":"s"}"#);
        let extract: Value = serde_json::from_str(lines[1]).unwrap();
        assert_eq!(
            keys(&extract),
            [
                "id",
                "input",
                "url",
                "outlet",
                "headline",
                "byline",
                "published",
                "language",
                "text",
                "source_map"
            ]
        );
    }
}
