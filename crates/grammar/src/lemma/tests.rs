//! Lemma tables in miniature.

use super::{LemmaMemory, Lemmatizer};
use crate::draft::{Draft, NONE};
use crate::msgpack::{Value, encode};
use crate::pack::{Reader, Writer};
use crate::symbols::string_id;
use crate::tokenizer::Form;
use proptest::prelude::*;

fn list<'a>(words: &[&'a str]) -> Value<'a> {
    Value::Array(words.iter().map(|word| Value::Str(word)).collect())
}

fn file() -> Vec<u8> {
    let noun = |table| Value::Map(vec![(Value::UInt(string_id("noun")), table)]);
    let rules = [["s", ""], ["ses", "s"], ["ies", "y"], ["ves", "f"], ["'", ""]];
    let rules = Value::Array(rules.iter().map(|rule| list(rule)).collect());
    let index = list(&["leaf", "story", "bus", "buse", "gas", "stor"]);
    let exceptions = vec![
        (Value::Str("geese"), list(&["goose"])),
        (Value::Str("axes"), list(&["ax", "axis"])),
        (Value::Str("gasses"), list(&["gas"])),
    ];
    let map = Value::Map(vec![
        (Value::Str("lemma_rules"), noun(rules)),
        (Value::Str("lemma_index"), noun(index)),
        (Value::Str("lemma_exc"), noun(Value::Map(exceptions))),
        (
            Value::Str("lemma_lookup"),
            Value::Map(vec![(Value::UInt(string_id("gingen")), Value::Str("gehen"))]),
        ),
    ]);
    let mut bytes = Vec::new();
    encode(&map, &mut bytes);
    bytes
}

fn rules() -> Lemmatizer {
    Lemmatizer::from_spacy(&file(), "en", "rule").unwrap()
}

#[test]
fn the_form_that_spacy_would_list_first() {
    let rules = rules();
    let lemma = |word| rules.lemma(word, "NOUN", "Number=Plur").into_owned();
    assert_eq!(lemma("Leaves"), "leaf");
    assert_eq!(lemma("stories"), "story");
    assert_eq!(lemma("geese"), "goose");
    assert_eq!(lemma("axes"), "axis", "of two exceptions the later goes to the front");
    // "buse" by one rule and "bus" by another: a word of the index goes before those found earlier.
    assert_eq!(lemma("buses"), "bus");
    assert_eq!(lemma("x9s"), "x9", "what is no word of letters counts as known");
    assert_eq!(lemma("Quadcopters"), "quadcopter", "an unknown form is the last choice");
    assert_eq!(lemma("Sheep"), "Sheep", "without any rule the word stays as written");
}

#[test]
fn what_is_a_lemma_already_stays() {
    let rules = rules();
    assert_eq!(rules.lemma("Buses", "NOUN", "Number=Sing"), "buses");
    assert_eq!(rules.lemma("Sees", "VERB", "Mood=Ind|Tense=Pres|VerbForm=Fin"), "sees");
    assert_eq!(rules.lemma("Lisbon", "PROPN", "Number=Sing"), "Lisbon");
    assert_eq!(rules.lemma("Dr", "", ""), "dr");
    assert_eq!(rules.lemma("Or", "CCONJ", ""), "or");
    let other = Lemmatizer::from_spacy(&file(), "nb", "rule").unwrap();
    assert_eq!(other.lemma("Buses", "NOUN", "Number=Sing"), "bus", "base forms are an English rule");
}

#[test]
fn index_before_exceptions_before_rules() {
    let french = Lemmatizer::from_spacy(&file(), "fr", "rule").unwrap();
    let lemma = |word| french.lemma(word, "NOUN", "Number=Sing").into_owned();
    assert_eq!(lemma("Bus"), "bus");
    assert_eq!(lemma("axes"), "ax");
    assert_eq!(lemma("buses"), "buse");
    assert_eq!(lemma("Quadcopters"), "quadcopter");
    assert_eq!(lemma("Gingen"), "gehen", "what no table knows is looked up in lower case");
    assert_eq!(lemma("Sheep"), "sheep");
    assert_eq!(french.lemma("Buses", "PROPN", ""), "Buses");
    assert_eq!(french.lemma("gingen", "X", ""), "gehen");
}

#[test]
fn looking_up() {
    let lookup = Lemmatizer::from_spacy(&file(), "de", "lookup").unwrap();
    assert_eq!(lookup.lemma("gingen", "", ""), "gehen");
    assert_eq!(lookup.lemma("Gingen", "VERB", ""), "Gingen");
}

#[test]
fn what_is_not_supported_is_said() {
    assert!(Lemmatizer::from_spacy(&file(), "es", "rule").unwrap_err().contains("\"es\""));
    assert!(Lemmatizer::from_spacy(&file(), "ru", "pymorphy3").unwrap_err().contains("\"pymorphy3\""));
}

#[test]
fn lemmas_that_are_there_stay() {
    let mut draft = Draft::default();
    let (noun, gander) = (draft.intern("NOUN"), draft.intern("gander"));
    draft.document.spans = vec![0..0; 3];
    draft.document.parts = vec![noun; 3];
    draft.document.morphs = vec![NONE; 3];
    draft.document.lemmas = vec![NONE, gander, NONE];
    let forms = [Form::new("geese"), Form::new("leaves")];
    rules().apply(&mut LemmaMemory::default(), (&forms, &[0, 0, 1]), (&mut draft, 0..3));
    let document = draft.finish();
    let lemmas: Vec<&str> = (0..3).map(|token| document.lemma(token)).collect();
    assert_eq!(lemmas, ["goose", "gander", "leaf"]);
}

#[test]
fn a_form_has_a_lemma_of_its_own_as_each_part_of_speech() {
    let (mut draft, mut memory) = (Draft::default(), LemmaMemory::default());
    for round in 0..2 {
        draft.begin(0, Vec::new());
        let parts = ["NOUN", "PROPN", "NOUN"].map(|part| draft.intern(part));
        draft.document.parts = parts.to_vec();
        draft.document.morphs = vec![NONE; 3];
        draft.document.lemmas = vec![NONE; 3];
        rules().apply(&mut memory, (&[Form::new("leaves")], &[0; 3]), (&mut draft, 0..3));
        let document = draft.finish();
        let lemmas: Vec<&str> = (0..3).map(|token| document.lemma(token)).collect();
        assert_eq!(lemmas, ["leaf", "leaves", "leaf"], "round {round}");
    }
}

#[test]
fn what_is_written_is_read() {
    let others = [("de", "lookup"), ("fr", "rule"), ("nb", "rule")];
    let others = others.map(|(language, mode)| Lemmatizer::from_spacy(&file(), language, mode).unwrap());
    for lemmatizer in others.into_iter().chain([rules()]) {
        let mut out = Writer::default();
        lemmatizer.write(&mut out);
        assert_eq!(Lemmatizer::read(&mut Reader::new(&out.bytes)), Ok(lemmatizer));
    }
}

proptest! {
    #[test]
    fn damaged_files_do_not_panic(place in any::<prop::sample::Index>(), byte in any::<u8>(), is_lookup in any::<bool>()) {
        let mode = if is_lookup { "lookup" } else { "rule" };
        let mut out = Writer::default();
        Lemmatizer::from_spacy(&file(), "en", mode).unwrap().write(&mut out);
        let mut spacys = file();
        let (at, also_at) = (place.index(out.bytes.len()), place.index(spacys.len()));
        (out.bytes[at], spacys[also_at]) = (byte, byte);
        let ours = Lemmatizer::read(&mut Reader::new(&out.bytes)).ok();
        let spacys = Lemmatizer::from_spacy(&spacys, "en", mode).ok();
        for lemmatizer in [ours, spacys].into_iter().flatten() {
            for word in ["leaves", "axes", "geese", "Gasses", "ß", ""] {
                lemmatizer.lemma(word, "NOUN", "");
            }
        }
    }

    #[test]
    fn no_word_panics(word in "\\PC{0,8}('|s|ies|ses)?", part in "NOUN|VERB|PROPN|X|") {
        rules().lemma(&word, &part, "");
    }
}
