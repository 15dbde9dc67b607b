//! A tokenizer in miniature, after spaCy's English one.

use super::{CHUNK_CHARS_MAX, RawToken, TokenCache, Tokenizer};
use crate::msgpack::{Value, encode};
use crate::pack::{Reader, Writer};
use crate::symbols::string_id;
use crate::unicode::is_space;
use proptest::prelude::*;

const PREFIXES: &str = r#"^\(|^"|^\$|^'|^\.\.+|^:"#;
const SUFFIXES: &str = r#"\)$|"$|,$|'s$|'$|\.\.+$|(?<=[0-9])(?:km|m)$|(?<=[a-z])\.$|(?<=[A-Z][A-Z])\.$"#;
const INFIXES: &str = r"\.\.+|(?<=[a-z])\.(?=[A-Z])|(?<=[A-Za-z0-9])(?:-|–)(?=[A-Za-z])";
const ADDRESS: &str = r"(?u)^(?:\w{2,}://)?(?:[a-z0-9]+\.)+[a-z]{2,}(?:/\S*)?$";

/// Exceptions: the chunk, and its tokens with their norms.
const EXCEPTIONS: &[(&str, &[(&str, &str)])] = &[
    ("don't", &[("do", ""), ("n't", "not")]),
    ("'s", &[("'s", "'s")]),
    ("a.m.", &[("a.m.", "")]),
    ("10a.m.", &[("10", ""), ("a.m.", "a.m.")]),
    (":-)", &[(":-)", "")]),
    ("of course", &[("of course", "")]),
];

fn file() -> Vec<u8> {
    let token = |(orth, norm): &(&'static str, &'static str)| {
        let mut entries = vec![(Value::Int(65), Value::Str(orth))];
        if !norm.is_empty() {
            entries.push((Value::Int(67), Value::Str(norm)));
        }
        Value::Map(entries)
    };
    let exception = |(chunk, tokens): &(&'static str, &'static [(&str, &str)])| {
        (Value::Str(chunk), Value::Array(tokens.iter().map(token).collect()))
    };
    let entry = |name, value| (Value::Str(name), value);
    let mut bytes = Vec::new();
    let map = Value::Map(vec![
        entry("prefix_search", Value::Str(PREFIXES)),
        entry("suffix_search", Value::Str(SUFFIXES)),
        entry("infix_finditer", Value::Str(INFIXES)),
        entry("token_match", Value::Nil),
        entry("url_match", Value::Str(ADDRESS)),
        entry("exceptions", Value::Map(EXCEPTIONS.iter().map(exception).collect())),
        entry("faster_heuristics", Value::Bool(true)),
    ]);
    encode(&map, &mut bytes);
    bytes
}

fn tokens(tokenizer: &Tokenizer, text: &str) -> Vec<RawToken> {
    let mut tokens = Vec::new();
    tokenizer.tokenize(&mut TokenCache::new(1000), text, &mut tokens);
    tokens
}

fn words(text: &str) -> Vec<&str> {
    let tokenizer = Tokenizer::from_spacy(&file()).unwrap();
    tokens(&tokenizer, text)
        .iter()
        .map(|token| text.get(token.start as usize..token.end as usize).unwrap())
        .collect()
}

#[test]
fn affixes_come_off_from_outside_in() {
    assert_eq!(words("(\"The dam\"), she"), ["(", "\"", "The", "dam", "\"", ")", ",", "she"]);
    assert_eq!(words("$40 5km km mayor's."), ["$", "40", "5", "km", "km", "mayor", "'s", "."]);
    assert_eq!(words("well... (...)"), ["well", "...", "(", "...", ")"]);
    assert_eq!(words("NATO. U.S."), ["NATO", ".", "U.S."]);
}

#[test]
fn infixes_and_addresses() {
    assert_eq!(
        words("ill-fated toll–booth end.Then -x"),
        ["ill", "-", "fated", "toll", "–", "booth", "end", ".", "Then", "-x"]
    );
    assert_eq!(
        words("(see https://ex-ample.org/a-b)"),
        ["(", "see", "https://ex", "-", "ample.org/a", "-", "b", ")"]
    );
    assert_eq!(words("(see https://example.org/a-b),"), ["(", "see", "https://example.org/a-b", ")", ","]);
}

#[test]
fn exceptions_go_before_affixes_and_bring_norms() {
    assert_eq!(words("(don't) at 10a.m.,"), ["(", "do", "n't", ")", "at", "10", "a.m.", ","]);
    let tokenizer = Tokenizer::from_spacy(&file()).unwrap();
    let mut cache = TokenCache::new(1000);
    let mut out = Vec::new();
    tokenizer.tokenize(&mut cache, "don't a.m. 10a.m.", &mut out);
    let norms: Vec<u64> = out.iter().map(|token| cache.form(token.form).norm).collect();
    assert_eq!(norms, [0, string_id("not"), 0, 0, string_id("a.m.")]);
}

#[test]
fn an_exception_is_also_found_as_a_row_of_tokens() {
    assert_eq!(words("fine:-) (:-)"), ["fine:-", ")", "(", ":-)"]);
    assert_eq!(words("\":-), of course."), ["\"", ":-)", ",", "of course", "."]);
    assert_eq!(words("of  course"), ["of", " ", "course"]);
}

#[test]
fn white_space_is_a_token_except_one_space_after_a_word() {
    assert_eq!(words("  a  b \n\n c\u{2028}d "), ["  ", "a", " ", "b", "\n\n ", "c", "\u{2028}", "d"]);
    let tokenizer = Tokenizer::from_spacy(&file()).unwrap();
    let spaces: Vec<bool> = tokens(&tokenizer, "a  b\n c ").iter().map(|token| token.space_after).collect();
    assert_eq!(spaces, [true, false, false, false, true]);
}

#[test]
fn a_megabyte_without_a_space_is_cut_soon() {
    for part in ["a", "(", "..(", "a.", "'\"", "a-", "5km", "://", "a.a/", "😀"] {
        let text = part.repeat((1 << 20) / part.len());
        let tokenizer = Tokenizer::from_spacy(&file()).unwrap();
        let tokens = tokens(&tokenizer, &text);
        let longest = tokens.iter().map(|token| token.end - token.start).max();
        assert!(longest.unwrap() as usize <= CHUNK_CHARS_MAX * 4, "{part}");
    }
}

#[test]
fn forms_keep_their_numbers_until_the_cache_is_full() {
    let tokenizer = Tokenizer::from_spacy(&file()).unwrap();
    let mut cache = TokenCache::new(3);
    let mut out = Vec::new();
    tokenizer.tokenize(&mut cache, "the bridge", &mut out);
    let (first, generation) = (out.clone(), cache.generation());
    tokenizer.tokenize(&mut cache, "the bridge", &mut out);
    assert_eq!((&out, cache.generation()), (&first, generation));
    tokenizer.tokenize(&mut cache, "a toll of four", &mut out);
    assert_eq!(cache.generation(), generation);
    tokenizer.tokenize(&mut cache, "bridge", &mut out);
    assert_ne!(cache.generation(), generation);
    assert_eq!(&*cache.form(out[0].form).text, "bridge");
    assert_eq!(cache.forms().len(), 1);
}

#[test]
fn a_file_that_cannot_be_used_is_said_why() {
    let say = |name: &'static str, value| {
        let mut bytes = Vec::new();
        encode(&Value::Map(vec![(Value::Str(name), value)]), &mut bytes);
        Tokenizer::from_spacy(&bytes).unwrap_err()
    };
    assert_eq!(
        say("prefix_search", Value::Str(r"(a)\1")),
        "its expression `prefix_search` has a reference to a group at character 5"
    );
    let exception = Value::Map(vec![(Value::Str("don't"), Value::Array(vec![]))]);
    assert_eq!(
        say("exceptions", exception),
        "its exception for \"don't\" is no list of tokens that spell it"
    );
}

/// Text of what tokenizers stumble over.
fn odd_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-zA-Z0-9]{1,5}",
        "[ \\t\\n\\x00\\x1c\u{a0}\u{2028}\u{3000}]{1,3}",
        "[.,:;'\"()$/-]{1,4}",
        "\\PC",
        Just("don't".to_owned()),
        Just(":-)".to_owned()),
        Just("a.m.".to_owned()),
        Just("\u{301}".to_owned()),
    ];
    proptest::collection::vec(part, 0..20).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn tokens_cover_everything_but_single_spaces(text in odd_text()) {
        let tokenizer = Tokenizer::from_spacy(&file()).unwrap();
        let mut at = 0;
        for token in tokens(&tokenizer, &text) {
            prop_assert_eq!(token.start as usize, at);
            prop_assert!(token.start < token.end);
            prop_assert!(text.get(token.start as usize..token.end as usize).is_some());
            at = token.end as usize;
            if token.space_after {
                prop_assert_eq!(text.get(at..at + 1), Some(" "));
                at += 1;
            }
        }
        prop_assert_eq!(at, text.len());
    }

    #[test]
    fn the_cache_changes_nothing(texts in proptest::collection::vec(odd_text(), 1..8)) {
        let tokenizer = Tokenizer::from_spacy(&file()).unwrap();
        let mut cache = TokenCache::new(4);
        let mut out = Vec::new();
        for text in texts.iter().chain(&texts) {
            tokenizer.tokenize(&mut cache, text, &mut out);
            let anew = tokens(&tokenizer, text);
            prop_assert_eq!(out.len(), anew.len());
            for (token, anew) in out.iter().zip(anew) {
                prop_assert_eq!((token.start, token.end, token.space_after), (anew.start, anew.end, anew.space_after));
                let form = cache.form(token.form);
                prop_assert_eq!(Some(&*form.text), text.get(token.start as usize..token.end as usize));
                prop_assert_eq!(form.is_space, form.text.chars().all(is_space));
            }
        }
    }

    #[test]
    fn what_is_written_cuts_as_before(text in odd_text()) {
        let tokenizer = Tokenizer::from_spacy(&file()).unwrap();
        let mut out = Writer::default();
        tokenizer.write(&mut out);
        let read = Tokenizer::read(&mut Reader::new(&out.bytes)).unwrap();
        prop_assert_eq!(tokens(&read, &text), tokens(&tokenizer, &text));
    }

    #[test]
    fn damaged_files_do_not_panic(
        places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        text in odd_text(),
    ) {
        let mut out = Writer::default();
        Tokenizer::from_spacy(&file()).unwrap().write(&mut out);
        let (mut ours, mut spacys) = (out.bytes, file());
        for (place, byte) in places {
            let (at, also_at) = (place.index(ours.len()), place.index(spacys.len()));
            (ours[at], spacys[also_at]) = (byte, byte);
        }
        if let Ok(tokenizer) = Tokenizer::read(&mut Reader::new(&ours)) {
            tokens(&tokenizer, &text);
        }
        if let Ok(tokenizer) = Tokenizer::from_spacy(&spacys) {
            tokens(&tokenizer, &text);
        }
    }
}
