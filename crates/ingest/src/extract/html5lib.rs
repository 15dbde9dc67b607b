//! The tokenizer's tests of html5lib, run where they are at hand: `HTML5LIB_TESTS=…/testdata cargo test -p ingest html5lib`.
//!
//! They are others' work and lie outside of the project (the source package of html5lib on PyPI holds them). Document types
//! are compared by their being there, which is all that is read of them; lone surrogates cannot stand in a page's bytes.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::lexer::{Content, Lexer, Token, bytes_of};
use super::reference::{Within, resolve};
use model::Span;

/// A test's tokens, adjacent characters in one.
#[derive(Default)]
struct Tokens(Vec<Value>);

impl Tokens {
    fn characters(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Value::Array(last)) = self.0.last_mut()
            && last[0] == "Character"
        {
            let whole = format!("{}{text}", last[1].as_str().unwrap_or_default());
            last[1] = Value::String(whole);
            return;
        }
        self.0.push(json!(["Character", text]));
    }
}

/// Line breaks are one byte, and a NUL is what stands for it: the reader of the blocks does that, not the lexer.
fn plain(source: &[u8], span: Span) -> String {
    String::from_utf8_lossy(bytes_of(source, span))
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\0', "\u{fffd}")
}

fn resolved(source: &[u8], span: Span, within: Within) -> String {
    let mut text = String::new();
    resolve(&plain(source, span), within, &mut text);
    text.replace('\0', "\u{fffd}")
}

fn tokens(input: &str, state: &str, last_tag: &str) -> Vec<Value> {
    let source = input.as_bytes();
    let mut lexer = Lexer::new(source);
    let mut found = Tokens::default();
    if state != "Data state" {
        let span = lexer.raw_text(last_tag.as_bytes());
        let text =
            if state == "RCDATA state" { resolved(source, span, Within::Text) } else { plain(source, span) };
        found.characters(&text);
    }
    while let Some(token) = lexer.next(Content::Html) {
        match token {
            Token::Text(span) => found.characters(&resolved(source, span, Within::Text)),
            Token::Verbatim(span) => found.characters(&plain(source, span)),
            Token::Start { name, self_closing } => {
                let mut attributes = Map::new();
                for attribute in &lexer.attributes {
                    let name = plain(source, attribute.name).to_ascii_lowercase();
                    let value = resolved(source, attribute.value, Within::Attribute);
                    attributes.entry(name).or_insert(Value::String(value));
                }
                let mut start = vec![
                    json!("StartTag"),
                    json!(plain(source, name).to_ascii_lowercase()),
                    Value::Object(attributes),
                ];
                if self_closing {
                    start.push(json!(true));
                }
                found.0.push(Value::Array(start));
            }
            Token::End { name } => found.0.push(json!(["EndTag", plain(source, name).to_ascii_lowercase()])),
            Token::Comment(span) => found.0.push(json!(["Comment", plain(source, span)])),
            Token::Doctype => found.0.push(json!(["DOCTYPE"])),
        }
    }
    found.0
}

/// What a test expects, in the form of [`tokens`].
fn expected(output: &Value) -> Vec<Value> {
    let mut found = Tokens::default();
    for token in output.as_array().into_iter().flatten() {
        match token[0].as_str() {
            Some("Character") => {
                found.characters(&token[1].as_str().unwrap_or_default().replace('\0', "\u{fffd}"))
            }
            Some("DOCTYPE") => found.0.push(json!(["DOCTYPE"])),
            Some(_) => found.0.push(token.clone()),
            // Parse errors stand between the tokens of old tests.
            None => {}
        }
    }
    found.0
}

/// `\uXXXX` in a string of a test that is escaped twice; `None` for half a surrogate pair.
fn unescaped(value: &Value) -> Option<Value> {
    let text = value.to_string().replace("\\\\u", "\\u");
    serde_json::from_str(&text).ok()
}

#[test]
fn html5lib_agrees_on_every_page() {
    let Some(folder) = std::env::var_os("HTML5LIB_TESTS") else {
        println!("skipped: HTML5LIB_TESTS names no folder with html5lib's testdata.");
        return;
    };
    let (mut right, mut wrong) = (0, Vec::new());
    let mut paths: Vec<_> = fs::read_dir(Path::new(&folder).join("tokenizer"))
        .expect("the folder holds tokenizer/")
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "test"))
        .collect();
    paths.sort();
    for path in paths {
        let file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).expect("tests are JSON");
        for test in file["tests"].as_array().into_iter().flatten() {
            let test = if test["doubleEscaped"] == true { unescaped(test) } else { Some(test.clone()) };
            let Some(test) = test else { continue };
            let (input, about) =
                (test["input"].as_str().unwrap_or_default(), test["description"].to_string());
            let states =
                test["initialStates"].as_array().cloned().unwrap_or_else(|| vec![json!("Data state")]);
            for state in states.iter().filter_map(Value::as_str) {
                // In a section of CDATA and after <plaintext> the lexer is never begun.
                if state.starts_with("CDATA") || state.starts_with("PLAINTEXT") {
                    continue;
                }
                let last = test["lastStartTag"].as_str().unwrap_or(if state.starts_with("Script") {
                    "script"
                } else {
                    "title"
                });
                let (ours, theirs) = (tokens(input, state, last), expected(&test["output"]));
                if ours == theirs {
                    right += 1;
                } else {
                    wrong.push(format!(
                        "{about}, {state}: {input:?}\n  ours   {}\n  theirs {}",
                        json!(ours),
                        json!(theirs)
                    ));
                }
            }
        }
    }
    println!("{right} agree, {} do not", wrong.len());
    assert!(right > 0 && wrong.is_empty(), "{}", wrong.join("\n"));
}
