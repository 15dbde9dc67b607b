//! W3C Web Annotations: each piece of evidence with three ways to find it again, and what was found there.
//!
//! Web Annotation Data Model, W3C Recommendation of 23 February 2017. One annotation has one target, although
//! the model allows several, because the programs that people read annotations with show one.

use std::io::{self, Write};

use model::{Alignment, Discrepancy, Dossier, Evidence, Span, Story};
use serde_json::{Value, json};

use crate::{KeepText, Output, RenderOptions, telling};

/// `--format annotations`.
pub(crate) const OUTPUT: Output = Output {
    id: "annotations",
    media_type: "application/ld+json;profile=\"http://www.w3.org/ns/anno.jsonld\"",
    title: "the evidence as W3C Web Annotations",
    render,
};

/// Characters of context before and after the words.
const CONTEXT_LENGTH: usize = 32;

fn render(dossier: &Dossier, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let writer = Writer {
        dossier,
        keep: options.text,
        characters: dossier.articles.iter().map(|a| Characters::new(&a.article.text)).collect(),
        labels: telling::labels(dossier),
    };
    let items: Vec<Value> =
        dossier.stories.iter().enumerate().flat_map(|(i, story)| writer.story(i, story)).collect();
    let collection = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "urn:rashomon:dossier",
        "type": "AnnotationCollection",
        "label": "Evidence of a dossier",
        "generator": { "type": "Software", "name": format!("rashomon {}", options.version) },
        "total": items.len(),
        "first": {
            "id": "urn:rashomon:dossier:page:1",
            "type": "AnnotationPage",
            "partOf": "urn:rashomon:dossier",
            "startIndex": 0,
            "items": items,
        },
    });
    let mut bytes = serde_json::to_vec_pretty(&collection).map_err(io::Error::other)?;
    bytes.push(b'\n');
    out.write_all(&bytes)
}

struct Writer<'a> {
    dossier: &'a Dossier,
    keep: KeepText,
    characters: Vec<Characters>,
    labels: Vec<String>,
}

/// One annotation before it is written.
struct Note {
    /// Unique in the collection.
    id: String,
    /// `assessing` for a judgement on the words, `describing` for what they are.
    motivation: &'static str,
    body: String,
    evidence: Evidence,
}

impl Writer<'_> {
    fn story(&self, index: usize, story: &Story) -> Vec<Value> {
        let id = format!("urn:rashomon:story:{}", index + 1);
        let mut notes = Vec::new();
        for (i, found) in story.discrepancies.iter().enumerate() {
            notes.extend(self.discrepancy(&format!("{id}:discrepancy:{}", i + 1), found));
        }
        for (i, found) in story.alignments.iter().enumerate() {
            notes.extend(self.alignment(&format!("{id}:statement:{}", i + 1), found));
        }
        for (i, stance) in story.stances.iter().enumerate() {
            let statement = stance.alignment.map(|i| telling::words(self.dossier, story.alignments[i].gist));
            let of = match (statement, self.keep) {
                (Some(words), KeepText::Whole) => format!(" Of the statement: {words}"),
                (Some(_), KeepText::LeftOut) | (None, _) => String::new(),
            };
            let by = if stance.by.is_empty() { String::new() } else { format!(" by {}", stance.by) };
            notes.push(Note {
                id: format!("{id}:stance:{}", i + 1),
                motivation: "assessing",
                body: format!("Here a statement is {}{by}.{of}", telling::stance(stance.kind)),
                evidence: stance.evidence,
            });
        }
        for (i, moment) in story.timeline.iter().enumerate() {
            notes.push(Note {
                id: format!("{id}:moment:{}", i + 1),
                motivation: "describing",
                body: format!("Happened on {}.", telling::date(&moment.date)),
                evidence: moment.evidence,
            });
        }
        for (i, reprint) in story.reprints.iter().enumerate() {
            let [from, of] = [reprint.article, reprint.of].map(|article| self.labels[article].as_str());
            let body = format!("{from} {} {of}. {}", telling::relation(reprint.relation), reprint.why);
            for (j, evidence) in reprint.evidence.iter().enumerate() {
                let id = format!("{id}:reprint:{}:{}", i + 1, j + 1);
                notes.push(Note { id, motivation: "linking", body: body.clone(), evidence: *evidence });
            }
        }
        notes.into_iter().map(|note| self.annotation(note)).collect()
    }

    fn discrepancy(&self, id: &str, found: &Discrepancy) -> Vec<Note> {
        let title = format!("{} ({})", telling::kind(found.kind), telling::nature(found.nature));
        let note = |(i, side): (usize, &model::Side)| {
            let others = found.sides.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| {
                let label = &self.labels[other.evidence.article];
                if other.value.is_empty() { label.clone() } else { format!("{label}: {}", other.value) }
            });
            let here = if side.value.is_empty() { String::new() } else { format!(" Here: {}.", side.value) };
            let others = others.collect::<Vec<_>>().join("; ");
            Note {
                id: format!("{id}:{}", i + 1),
                motivation: "assessing",
                body: format!("Outlets differ, {title}: {}{here} Elsewhere: {others}.", found.why),
                evidence: side.evidence,
            }
        };
        found.sides.iter().enumerate().map(note).collect()
    }

    fn alignment(&self, id: &str, found: &Alignment) -> Vec<Note> {
        let stands = format!("{} ({})", telling::status(found.status), telling::counts(found.counts));
        let note = |(i, voice): (usize, &model::Voice)| {
            let by = voice.attributed_to.as_deref().map(|who| format!(", {who}")).unwrap_or_default();
            Note {
                id: format!("{id}:{}", i + 1),
                motivation: "describing",
                body: format!("A statement, {}{by}. It stands as {stands}.", telling::form(voice.form)),
                evidence: voice.evidence,
            }
        };
        found.voices.iter().enumerate().map(note).collect()
    }

    fn annotation(&self, note: Note) -> Value {
        let article = &self.dossier.articles[note.evidence.article].article;
        let span = note.evidence.span;
        let characters = &self.characters[note.evidence.article];
        let mut selectors = Vec::new();
        if self.keep == KeepText::Whole {
            let [prefix, suffix] = context(&article.text, span);
            selectors.push(json!({
                "type": "TextQuoteSelector", "exact": span.of(&article.text), "prefix": prefix, "suffix": suffix,
            }));
        }
        selectors.push(json!({
            "type": "TextPositionSelector",
            "start": characters.before(&article.text, span.start),
            "end": characters.before(&article.text, span.end),
        }));
        if let Some(bytes) = source_bytes(article, span) {
            selectors.push(json!({ "type": "DataPositionSelector", "start": bytes.start, "end": bytes.end }));
        }
        json!({
            "id": note.id,
            "type": "Annotation",
            "motivation": note.motivation,
            "body": { "type": "TextualBody", "value": note.body, "format": "text/plain", "language": "en" },
            "target": {
                "source": article.url.clone().unwrap_or_else(|| reference(&article.input)),
                "selector": selectors,
            },
        })
    }
}

/// Byte offsets to character offsets, with a known count every so often: the specification counts characters,
/// and counting from the start for each span would be quadratic.
struct Characters {
    /// Characters before each `STRIDE`-th byte.
    known: Vec<usize>,
}

const STRIDE: usize = 256;

impl Characters {
    fn new(text: &str) -> Characters {
        let mut known = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut count = 0;
        for (i, byte) in text.bytes().enumerate() {
            if i.is_multiple_of(STRIDE) {
                known.push(count);
            }
            count += usize::from(is_first_byte(byte));
        }
        if text.len().is_multiple_of(STRIDE) {
            known.push(count);
        }
        Characters { known }
    }

    fn before(&self, text: &str, offset: usize) -> usize {
        let block = offset / STRIDE;
        let rest = &text.as_bytes()[block * STRIDE..offset];
        self.known[block] + rest.iter().filter(|b| is_first_byte(**b)).count()
    }
}

/// Whether a byte of UTF-8 begins a character.
fn is_first_byte(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn context(text: &str, span: Span) -> [&str; 2] {
    let before = Span::new(0, span.start).of(text);
    let from = before.char_indices().rev().nth(CONTEXT_LENGTH - 1).map_or(0, |(i, _)| i);
    let after = Span::new(span.end, text.len()).of(text);
    let to = after.char_indices().nth(CONTEXT_LENGTH).map_or(after.len(), |(i, _)| i);
    [Span::new(from, span.start).of(text), Span::new(0, to).of(after)]
}

/// The raw bytes that a span came from: the hull of the traces it touches, narrowed at both ends where a trace
/// copies bytes one to one. `None` where no byte of it is traced.
fn source_bytes(article: &model::Article, span: Span) -> Option<Span> {
    let Some(map) = &article.source_map else { return Some(span) };
    let first = map.partition_point(|trace| trace.text.end <= span.start);
    let touched = || map[first..].iter().take_while(|trace| trace.text.start < span.end);
    let ends = |trace: &model::Trace| {
        if trace.text.len() != trace.source.len() {
            return trace.source;
        }
        let shift =
            |at: usize| trace.source.start + at.clamp(trace.text.start, trace.text.end) - trace.text.start;
        Span::new(shift(span.start), shift(span.end))
    };
    touched().map(ends).reduce(Span::hull)
}

/// An input's name as a relative reference: a name may hold what an address must not.
fn reference(input: &str) -> String {
    let mut out = String::new();
    for letter in input.chars() {
        if letter.is_control() || letter.is_whitespace() || "<>\"{}|\\^`%#?:".contains(letter) {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::{any, proptest};
    use serde_json::Value;

    use super::{Characters, reference};
    use crate::{Colour, KeepText, OUTPUTS, RenderOptions, sample};

    fn items(dossier: &model::Dossier, text: KeepText) -> Vec<Value> {
        let options = RenderOptions { width: 80, colour: Colour::Never, text, version: "1.2.3" };
        let annotations = OUTPUTS.iter().find(|o| o.id == "annotations").unwrap();
        let mut out = Vec::new();
        (annotations.render)(dossier, &options, &mut out).unwrap();
        let collection: Value = serde_json::from_slice(&out).unwrap();
        let items = collection["first"]["items"].as_array().unwrap().clone();
        assert_eq!(collection["total"], items.len());
        items
    }

    fn at(selector: &Value, key: &str) -> usize {
        usize::try_from(selector[key].as_u64().unwrap()).unwrap()
    }

    #[test]
    fn every_selector_points_to_the_exact_words() {
        let dossier = sample::dossier();
        let items = items(&dossier, KeepText::Whole);
        let ids: BTreeSet<&str> = items.iter().map(|i| i["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), items.len(), "ids are unique");
        assert!(items.len() > 30);
        for item in &items {
            let target = &item["target"];
            let source = target["source"].as_str().unwrap();
            let article = dossier
                .articles
                .iter()
                .map(|a| &a.article)
                .find(|a| a.url.as_deref() == Some(source) || a.input == source)
                .unwrap();
            let [quote, position, data] = [0, 1, 2].map(|i| &target["selector"][i]);
            let exact = quote["exact"].as_str().unwrap();
            let letters: Vec<char> = article.text.chars().collect();
            let (start, end) = (at(position, "start"), at(position, "end"));
            assert_eq!(letters[start..end].iter().collect::<String>(), exact);
            let before: String = letters[..start].iter().collect();
            let after: String = letters[end..].iter().collect();
            assert!(before.ends_with(quote["prefix"].as_str().unwrap()));
            assert!(after.starts_with(quote["suffix"].as_str().unwrap()));
            let (start, end) = (at(data, "start"), at(data, "end"));
            let shift = if article.source_map.is_some() { 57 } else { 0 };
            assert_eq!(article.text.get(start - shift..end - shift), Some(exact));
        }
    }

    #[test]
    fn without_text_no_words_of_a_report_are_given() {
        let dossier = sample::dossier();
        for item in items(&dossier, KeepText::LeftOut) {
            assert_eq!(item["target"]["selector"][0]["type"], "TextPositionSelector");
            assert!(!item["body"]["value"].as_str().unwrap().contains("put off twice"));
        }
    }

    #[test]
    fn a_name_of_a_file_becomes_a_reference() {
        assert_eq!(reference("a b/ü#1.txt"), "a%20b/ü%231.txt");
    }

    proptest! {
        #[test]
        fn counts_characters_at_any_boundary(text in "(?s).{0,700}", at in any::<usize>()) {
            let boundaries: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            let offset = boundaries[at % boundaries.len()];
            assert_eq!(Characters::new(&text).before(&text, offset), text.get(..offset).unwrap().chars().count());
        }
    }
}
