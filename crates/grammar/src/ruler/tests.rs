//! Rules in miniature, applied to words with given tags and labels.

use super::{Ruler, RulerMemory};
use crate::draft::{Draft, NONE};
use crate::msgpack::{Value, encode};
use crate::pack::{Reader, Writer};
use crate::tokenizer::Form;
use proptest::prelude::*;

type Entry<'a> = (&'a str, Value<'a>);

fn map<'a>(entries: Vec<Entry<'a>>) -> Value<'a> {
    Value::Map(entries.into_iter().map(|(key, value)| (Value::Str(key), value)).collect())
}

fn list<'a>(words: &[&'a str]) -> Value<'a> {
    Value::Array(words.iter().map(|word| Value::Str(word)).collect())
}

fn rule<'a>(pattern: Vec<Vec<Entry<'a>>>, index: i64, sets: Vec<Entry<'a>>) -> Value<'a> {
    let pattern = Value::Array(pattern.into_iter().map(map).collect());
    map(vec![("patterns", Value::Array(vec![pattern])), ("attrs", map(sets)), ("index", Value::Int(index))])
}

fn file() -> Vec<u8> {
    let is = Value::Str;
    let rules = vec![
        rule(vec![vec![("TAG", is("IN"))]], 0, vec![("POS", is("ADP")), ("MORPH", is("_"))]),
        rule(
            vec![vec![("TAG", is("MD"))]],
            0,
            vec![("POS", is("AUX")), ("MORPH", is("VerbForm=Fin|Mood=Ind"))],
        ),
        rule(
            vec![vec![("TAG", is("IN")), ("LOWER", map(vec![("IN", list(&["that", "if"]))]))]],
            0,
            vec![("POS", is("SCONJ"))],
        ),
        rule(
            vec![vec![("LOWER", is("wo"))], vec![("LOWER", map(vec![("REGEX", is("^n'?t$"))]))]],
            0,
            vec![("LEMMA", is("will"))],
        ),
        rule(vec![vec![("LOWER", is("wo"))], vec![]], -1, vec![("LEMMA", is("not"))]),
        rule(
            vec![vec![("IS_SPACE", Value::Bool(true)), ("DEP", map(vec![("NOT_IN", list(&[""]))]))]],
            0,
            vec![("TAG", is("_SP")), ("DEP", is("dep"))],
        ),
    ];
    let mut bytes = Vec::new();
    encode(&Value::Array(rules), &mut bytes);
    bytes
}

/// Applies the rules to words given as (form, tag, label); gives tag, label, part, features, lemma of each.
fn apply(ruler: &Ruler, words: &[(&str, &str, &str)]) -> Vec<[String; 5]> {
    let mut draft = Draft::default();
    let mut forms = Vec::new();
    for (form, tag, label) in words {
        forms.push(Form::new(form));
        let (tag, label) = (draft.intern(tag), draft.intern(label));
        let document = &mut draft.document;
        document.spans.push(0..0);
        document.tags.push(tag);
        document.labels.push(label);
        document.parts.push(NONE);
        document.morphs.push(NONE);
        document.lemmas.push(NONE);
    }
    let numbers: Vec<u32> = (0..forms.len() as u32).collect();
    ruler.apply(&mut RulerMemory::default(), (&forms, &numbers), (&mut draft, 0..words.len()));
    let document = draft.finish();
    let row = |token| {
        [
            document.tag(token),
            document.label(token),
            document.part(token),
            document.morph(token),
            document.lemma(token),
        ]
        .map(str::to_owned)
    };
    (0..words.len()).map(row).collect()
}

#[test]
fn later_rules_override_earlier_ones() {
    let ruler = Ruler::from_spacy(&file()).unwrap();
    let found = apply(&ruler, &[("In", "IN", "prep"), ("That", "IN", "mark"), ("that", "DT", "det")]);
    assert_eq!(found[0], ["IN", "prep", "ADP", "", ""]);
    assert_eq!(found[1], ["IN", "mark", "SCONJ", "", ""]);
    assert_eq!(found[2], ["DT", "det", "", "", ""]);
}

#[test]
fn rows_of_tokens_set_the_token_at_their_index() {
    let ruler = Ruler::from_spacy(&file()).unwrap();
    let found =
        apply(&ruler, &[("Wo", "MD", "aux"), ("n't", "RB", "neg"), ("wo", "MD", "aux"), ("x", "", "")]);
    assert_eq!(found[0], ["MD", "aux", "AUX", "Mood=Ind|VerbForm=Fin", "will"]);
    assert_eq!(found[1][4], "not");
    assert_eq!((&*found[2][4], &*found[3][4]), ("", "not"));
    assert_eq!(apply(&ruler, &[("wo", "MD", "aux")])[0][4], "", "a row does not reach beyond the piece");
}

#[test]
fn rules_see_what_was_there_before_all_of_them() {
    let ruler = Ruler::from_spacy(&file()).unwrap();
    assert_eq!(apply(&ruler, &[("\n", "IN", "")])[0], ["IN", "", "ADP", "", ""]);
    assert_eq!(apply(&ruler, &[("\n", "IN", "x")])[0], ["_SP", "dep", "ADP", "", ""]);
}

#[test]
fn what_is_not_supported_is_named() {
    let say = |rule: Value<'_>| {
        let mut bytes = Vec::new();
        encode(&Value::Array(vec![rule]), &mut bytes);
        Ruler::from_spacy(&bytes).unwrap_err()
    };
    let op = rule(vec![vec![("LOWER", Value::Str("a")), ("OP", Value::Str("+"))]], 0, vec![]);
    assert_eq!(say(op), "pattern 0 cannot be used: it asks for \"OP\", which is not supported");
    let far = rule(vec![vec![("LOWER", Value::Str("a"))]], 1, vec![]);
    assert!(say(far).contains("1 tokens does not go with index 1"));
    let fuzzy = rule(vec![vec![("LOWER", map(vec![("FUZZY", Value::Str("a"))]))]], 0, vec![]);
    assert!(say(fuzzy).contains("\"FUZZY\""));
    assert!(say(rule(vec![vec![]], 0, vec![("HEAD", Value::Str("a"))])).contains("\"HEAD\""));
}

const WORDS: [(&str, &str, &str); 4] =
    [("That", "IN", "mark"), ("wo", "MD", "aux"), ("nt", "RB", "neg"), (" ", "", "")];

#[test]
fn what_is_written_is_read() {
    let ruler = Ruler::from_spacy(&file()).unwrap();
    let mut out = Writer::default();
    ruler.write(&mut out);
    let read = Ruler::read(&mut Reader::new(&out.bytes)).unwrap();
    assert_eq!(apply(&read, &WORDS), apply(&ruler, &WORDS));
}

proptest! {
    #[test]
    fn damaged_files_do_not_panic(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut out = Writer::default();
        Ruler::from_spacy(&file()).unwrap().write(&mut out);
        let at = place.index(out.bytes.len());
        out.bytes[at] = byte;
        if let Ok(ruler) = Ruler::read(&mut Reader::new(&out.bytes)) {
            apply(&ruler, &WORDS);
        }
        let mut bytes = file();
        let at = place.index(bytes.len());
        bytes[at] = byte;
        if let Ok(ruler) = Ruler::from_spacy(&bytes) {
            apply(&ruler, &WORDS);
        }
    }
}
