//! Reads back what a dossier in JSON claims, so that it can be checked against its inputs.

use std::collections::BTreeMap;
use std::fmt;

use model::{Capture, Span};
use serde_json::{Map, Value};

use crate::json::SCHEMA;

/// All that a dossier claims about its inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// What was read, with its digests.
    pub inputs: Vec<ClaimedInput>,
    /// In order of the dossier.
    pub articles: Vec<ClaimedArticle>,
    /// Every span anywhere in the dossier, in its order.
    pub spans: Vec<ClaimedSpan>,
}

/// One input as the dossier names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedInput {
    /// As the user named it.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Number of articles it gave.
    pub article_count: usize,
}

/// One article as the dossier gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedArticle {
    /// Unique in the dossier.
    pub id: String,
    /// The input it came from.
    pub input: String,
    /// SHA-256 of its text, in hexadecimal, without the `sha256:` before it.
    pub digest: String,
    /// Its text; `None` where the dossier was written without.
    pub text: Option<String>,
    /// From text to raw input bytes; `None` where text is the input itself.
    pub source_map: Option<Vec<[usize; 4]>>,
    /// Where in an archive of pages it lies.
    pub capture: Option<Capture>,
}

/// One span that the dossier claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedSpan {
    /// Where in the dossier, as a JSON pointer: `/stories/0/alignments/2/voices/1`.
    pub pointer: String,
    /// Index in [`Claims::articles`].
    pub article: usize,
    /// Where in that article's text; it may lie outside of it.
    pub span: Span,
    /// The words that are said to stand there; `None` where the dossier was written without.
    pub text: Option<String>,
}

impl ClaimedSpan {
    /// Whether the words stand at their place in this text. Without words, whether the place exists.
    pub fn holds_in(&self, text: &str) -> bool {
        match (text.get(self.span.range()), &self.text) {
            (Some(found), Some(claimed)) => found == claimed,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }
}

/// Why bytes are no dossier.
#[derive(Debug)]
pub enum ReadError {
    /// They are no JSON.
    NotJson(serde_json::Error),
    /// They are JSON of another schema; its number, if it has one.
    Schema(Option<u64>),
    /// A field is missing or of another type, at this JSON pointer.
    Malformed(String),
    /// A span or story names an article that the dossier does not hold, at this JSON pointer.
    UnknownArticle(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::NotJson(error) => {
                write!(f, "This is not JSON ({error}). Give a file written with `compare --format json`.")
            }
            ReadError::Schema(Some(found)) => write!(
                f,
                "This dossier has schema {found}; this program reads {SCHEMA}. Use the version that wrote it."
            ),
            ReadError::Schema(None) => {
                write!(
                    f,
                    "This JSON is no dossier: it has no `schema`. Give a file written with `compare --format json`."
                )
            }
            ReadError::Malformed(pointer) => {
                write!(
                    f,
                    "The dossier is damaged at {pointer}: the field is missing or of another type. Write it anew."
                )
            }
            ReadError::UnknownArticle(pointer) => {
                write!(
                    f,
                    "The dossier is damaged at {pointer}: it names an article that is not in it. Write it anew."
                )
            }
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads what a dossier written by `--format json` claims. Fields it does not know are passed over.
///
/// # Errors
/// When the bytes are no dossier of this schema, or a span in it is damaged.
pub fn read_claims(dossier_json: &[u8]) -> Result<Claims, ReadError> {
    let dossier: Value = serde_json::from_slice(dossier_json).map_err(ReadError::NotJson)?;
    let schema = dossier.get("schema").and_then(Value::as_u64);
    if schema != Some(u64::from(SCHEMA)) {
        return Err(ReadError::Schema(schema));
    }
    let inputs = list(&dossier, "inputs", input)?;
    let articles = list(&dossier, "articles", article)?;
    let ids = articles.iter().enumerate().map(|(i, a)| (a.id.clone(), i)).collect();
    let mut reader = Reader { ids, spans: Vec::new() };
    for (i, value) in array(&dossier, "articles")?.iter().enumerate() {
        reader.walk(value, &format!("/articles/{i}"), Some(i))?;
    }
    for (i, value) in array(&dossier, "stories")?.iter().enumerate() {
        reader.walk(value, &format!("/stories/{i}"), None)?;
    }
    Ok(Claims { inputs, articles, spans: reader.spans })
}

fn array<'a>(dossier: &'a Value, key: &str) -> Result<&'a Vec<Value>, ReadError> {
    dossier.get(key).and_then(Value::as_array).ok_or_else(|| ReadError::Malformed(format!("/{key}")))
}

fn list<T>(dossier: &Value, key: &str, read: fn(&Value) -> Option<T>) -> Result<Vec<T>, ReadError> {
    let item = |(i, value)| read(value).ok_or_else(|| ReadError::Malformed(format!("/{key}/{i}")));
    array(dossier, key)?.iter().enumerate().map(item).collect()
}

fn string(value: &Value, key: &str) -> Option<String> {
    Some(value.get(key)?.as_str()?.to_owned())
}

fn number(value: &Value) -> Option<usize> {
    usize::try_from(value.as_u64()?).ok()
}

fn input(value: &Value) -> Option<ClaimedInput> {
    let article_count = number(value.get("articles")?)?;
    Some(ClaimedInput { name: string(value, "input")?, sha256: string(value, "sha256")?, article_count })
}

fn article(value: &Value) -> Option<ClaimedArticle> {
    let source_map = match value.get("source_map") {
        None => None,
        Some(rows) => Some(rows.as_array()?.iter().map(row).collect::<Option<_>>()?),
    };
    Some(ClaimedArticle {
        id: string(value, "id")?,
        input: string(value, "input")?,
        digest: string(value, "digest")?.strip_prefix("sha256:")?.to_owned(),
        text: match value.get("text") {
            None => None,
            Some(text) => Some(text.as_str()?.to_owned()),
        },
        source_map,
        capture: match value.get("capture") {
            None => None,
            Some(value) => Some(capture(value)?),
        },
    })
}

fn capture(value: &Value) -> Option<Capture> {
    Some(Capture {
        record: string(value, "record")?,
        member: string(value, "member"),
        offset: value.get("offset")?.as_u64()?,
        within: value.get("within").map_or(Some(0), Value::as_u64)?,
        payload_digest: string(value, "payload_digest"),
        date: string(value, "date"),
    })
}

fn row(value: &Value) -> Option<[usize; 4]> {
    let ends: Vec<usize> = value.as_array()?.iter().map(number).collect::<Option<_>>()?;
    ends.try_into().ok()
}

struct Reader {
    ids: BTreeMap<String, usize>,
    spans: Vec<ClaimedSpan>,
}

impl Reader {
    /// Takes every object with a `start` for a span: a kind of finding that comes later is checked too.
    /// serde_json bounds the depth of what it reads, so this recursion is bounded.
    fn walk(&mut self, value: &Value, pointer: &str, article: Option<usize>) -> Result<(), ReadError> {
        match value {
            Value::Object(fields) => {
                if fields.contains_key("start") {
                    let span = self.span(fields, pointer, article)?;
                    self.spans.push(span);
                }
                for (key, value) in fields {
                    self.walk(
                        value,
                        &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
                        article,
                    )?;
                }
            }
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.walk(item, &format!("{pointer}/{i}"), article)?;
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        Ok(())
    }

    fn span(
        &self,
        fields: &Map<String, Value>,
        pointer: &str,
        article: Option<usize>,
    ) -> Result<ClaimedSpan, ReadError> {
        let malformed = || ReadError::Malformed(pointer.to_owned());
        let end_of = |key: &str| fields.get(key).and_then(number).ok_or_else(malformed);
        let (start, end) = (end_of("start")?, end_of("end")?);
        if start > end {
            return Err(malformed());
        }
        let text = match fields.get("text") {
            None => None,
            Some(text) => Some(text.as_str().ok_or_else(malformed)?.to_owned()),
        };
        let article = match article {
            Some(index) => index,
            None => {
                let id = fields.get("article").and_then(Value::as_str).ok_or_else(malformed)?;
                self.ids.get(id).copied().ok_or_else(|| ReadError::UnknownArticle(pointer.to_owned()))?
            }
        };
        Ok(ClaimedSpan { pointer: pointer.to_owned(), article, span: Span::new(start, end), text })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{ReadError, read_claims};
    use crate::{Colour, KeepText, OUTPUTS, RenderOptions, sample};

    fn written(text: KeepText) -> String {
        let options = RenderOptions { width: 80, colour: Colour::Never, text, version: "1.2.3" };
        let json = OUTPUTS.iter().find(|o| o.id == "json").unwrap();
        let mut out = Vec::new();
        (json.render)(&sample::dossier(), &options, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn reads_back_every_span_with_and_without_words() {
        for keep in [KeepText::Whole, KeepText::LeftOut] {
            let dossier = sample::dossier();
            let claims = read_claims(written(keep).as_bytes()).unwrap();
            assert_eq!((claims.inputs.len(), claims.articles.len()), (6, 7));
            assert_eq!(claims.inputs[4].article_count, 2);
            assert_eq!(claims.articles[0].digest, "5d".repeat(32));
            assert_eq!(claims.articles[4].source_map.as_ref().unwrap()[0], [0, 21, 40, 61]);
            assert!(claims.spans.len() > 80);
            for span in &claims.spans {
                assert!(span.holds_in(&dossier.articles[span.article].article.text), "{}", span.pointer);
                assert_eq!(span.text.is_some(), keep == KeepText::Whole);
            }
        }
    }

    #[test]
    fn a_changed_word_does_not_hold() {
        let forged = written(KeepText::Whole).replace("\"text\":\"some 1,500\"", "\"text\":\"some 9,500\"");
        let claims = read_claims(forged.as_bytes()).unwrap();
        let dossier = sample::dossier();
        let bad: Vec<&str> = claims
            .spans
            .iter()
            .filter(|span| !span.holds_in(&dossier.articles[span.article].article.text))
            .map(|span| span.pointer.as_str())
            .collect();
        assert_eq!(bad, ["/articles/1/figures/1", "/articles/2/figures/1"]);
    }

    #[test]
    fn damage_is_told_with_its_place() {
        let message = |bytes: &str| read_claims(bytes.as_bytes()).unwrap_err().to_string();
        assert!(message("{").contains("not JSON"));
        assert!(message("[]").contains("no dossier"));
        assert!(message("{\"schema\":9}").contains("schema 9"));
        assert!(message("{\"schema\":1,\"inputs\":[1]}").contains("/inputs/0"));
        let unknown =
            written(KeepText::Whole).replace("\"article\":\"post.txt\"", "\"article\":\"other.txt\"");
        assert!(matches!(read_claims(unknown.as_bytes()), Err(ReadError::UnknownArticle(_))));
        let backwards = written(KeepText::Whole)
            .replace("\"headline\":{\"start\":0,\"end\":", "\"headline\":{\"start\":9999,\"end\":");
        assert!(message(&backwards).contains("/articles/0/headline"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(cut in any::<usize>(), byte in any::<u8>(), at in any::<usize>()) {
            let mut bytes = written(KeepText::Whole).into_bytes();
            let length = bytes.len();
            bytes[at % length] = byte;
            bytes.truncate(length - (cut % 3) * (cut % length) / 3);
            let _ = read_claims(&bytes);
        }
    }
}
