//! The built-in model finds in our own sentences what spaCy finds; `evals/grammar_oracle.py golden` asked it.
#![allow(clippy::single_range_in_vec_init, reason = "a text of one piece is meant")]

use grammar::{Document, Grammar, golden};

const TEXT: &str = include_str!("golden/news.txt");
const TABLE: &str = include_str!("golden/news.tsv");

fn pieces(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut start = 0;
    let mut pieces = Vec::new();
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            pieces.push(start..start + line.trim_end_matches('\n').len());
        }
        start += line.len();
    }
    pieces
}

fn analysis() -> Document {
    let grammar = Grammar::english();
    let mut session = grammar.session();
    session.analyze(TEXT, &pieces(TEXT))
}

#[test]
fn our_sentences_come_out_as_spacy_analyses_them() {
    let ours = golden::write(&analysis());
    for (number, (ours, theirs)) in ours.lines().zip(TABLE.lines()).enumerate() {
        assert_eq!(ours, theirs, "token {number}");
    }
    assert_eq!(ours.lines().count(), TABLE.lines().count());
}

#[test]
fn a_table_that_is_read_is_written_as_it_was() {
    let read = golden::read(TABLE).unwrap();
    assert_eq!(golden::write(&read), TABLE);
    assert!(golden::read("0\t1\ttoll\n").unwrap_err().contains("Line 1"));
}

#[test]
fn what_a_session_remembers_changes_nothing() {
    let grammar = Grammar::english();
    let mut session = grammar.session();
    let first = session.analyze(TEXT, &pieces(TEXT));
    // Another text in between, and the same pieces in other company.
    session.analyze("Troops withdrew.", &[0..16]);
    assert_eq!(session.analyze(TEXT, &pieces(TEXT)), first);
    let width = first.vector_width;
    for (piece, tokens) in pieces(TEXT).into_iter().zip(&first.pieces) {
        let alone = grammar.session().analyze(TEXT, &[piece]);
        assert_eq!(alone.len(), tokens.len());
        assert_eq!(alone.vectors, first.vectors[tokens.start * width..tokens.end * width], "to the last bit");
        for token in 0..alone.len() {
            let other = tokens.start + token;
            assert_eq!(alone.heads[token] + tokens.start, first.heads[other]);
            assert_eq!(alone.label(token), first.label(other));
            assert_eq!(alone.lemma(token), first.lemma(other));
            assert_eq!(alone.entity(token), first.entity(other));
        }
    }
}

#[test]
fn odd_text_is_analysed_in_bounded_time() {
    let grammar = Grammar::english();
    let mut session = grammar.session();
    let odd = [
        String::new(),
        "\u{0}\u{7}\u{1b}[31m\u{feff}".to_string(),
        "👩‍👩‍👧 🇺🇳 عاجل: قُتل شخصان שלום 中文新闻".to_string(),
        " \t \u{a0}\u{2028} ".to_string(),
        "a".repeat(1_000_000),
        "a-b/c.".repeat(30_000),
        "((((".repeat(5_000),
        "he said that ".repeat(2_000),
    ];
    for text in &odd {
        let document = session.analyze(text, &[0..text.len()]);
        let heads_in_range = document.heads.iter().all(|&head| head < document.len());
        assert!(heads_in_range && document.pieces == [0..document.len()]);
        assert_eq!(document.vectors.len(), document.len() * document.vector_width);
    }
}

#[test]
fn a_piece_that_cuts_a_character_is_left_empty() {
    let grammar = Grammar::english();
    let document = grammar.session().analyze("é bridge", &[1..2, 3..9, 5..99]);
    assert_eq!(document.pieces, [0..0, 0..1, 1..1]);
    assert_eq!(document.lemma(0), "bridge");
}
