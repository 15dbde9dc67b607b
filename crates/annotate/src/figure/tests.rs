//! What figures are found in sentences of our own, and what is none.

use model::Figure;

use super::atom::paragraphs;
use super::figures;
use crate::Parse;
use crate::lang::Language;
use crate::time::times;

/// Each sentence is a paragraph of one text, so that the language model is loaded once.
fn read(sentences: &[&str]) -> Vec<Vec<(String, Figure)>> {
    let text = sentences.join("\n");
    let grammar = grammar::Grammar::english();
    let mut start = 0;
    let mut pieces = Vec::new();
    for sentence in sentences {
        pieces.push(start..start + sentence.len());
        start += sentence.len() + 1;
    }
    let document = grammar.session().analyze(&text, &pieces);
    let parse = Parse::new(&text, &document);
    let language = Language::built_in("en").unwrap();
    let atoms = paragraphs(&parse, &language);
    let times = times(&parse, &atoms, "2024-05-06".parse().ok(), &language);
    let found = figures(&parse, &atoms, &times, &language);
    let mut by_piece: Vec<Vec<(String, Figure)>> = vec![Vec::new(); pieces.len()];
    for figure in found {
        let piece = pieces.iter().position(|piece| piece.contains(&figure.span.start)).unwrap();
        by_piece[piece].push((figure.span.of(&text).to_owned(), figure));
    }
    by_piece
}

/// "low..high unit" of each figure, ends as printed, `-` where open.
fn values(figures: &[(String, Figure)]) -> Vec<String> {
    let end = |value: Option<rust_decimal::Decimal>| value.map_or("-".to_owned(), |value| value.to_string());
    let one = |figure: &Figure| match &figure.unit {
        Some(unit) => format!("{}..{} {unit}", end(figure.low), end(figure.high)),
        None => format!("{}..{}", end(figure.low), end(figure.high)),
    };
    figures.iter().map(|(_, figure)| one(figure)).collect()
}

#[test]
fn quantities_are_ranges_of_exact_decimals() {
    let cases: &[(&str, &[&str])] = &[
        ("Some 130 000 litres of oil ran into the harbour.", &["117000..143000 litre"]),
        ("The repair cost 1.3 million euros.", &["1300000..1300000 EUR"]),
        ("The repair cost $2.5bn and £103k.", &["2500000000..2500000000 USD", "103000..103000 GBP"]),
        ("At least a dozen fishermen were rescued.", &["12..-"]),
        ("Dozens of boats left the harbour.", &["24..-"]),
        ("Tens of thousands of birds are in danger.", &["20000..99999"]),
        ("Nearly 100 houses burned down.", &["90..100"]),
        ("Between 10 and 20 boats helped.", &["10..20"]),
        ("The firm sold 10-20 boats and kept five.", &["10..20", "5..5"]),
        ("Half a million people live there.", &["500000..500000"]),
        ("Two thirds of the voters stayed at home.", &["0.666666666667..0.666666666667"]),
        ("One in five children walks to school.", &["0.2..0.2"]),
        ("Up to 40 per cent of the crop was lost.", &["-..40 percent"]),
        ("The flight took two and a half hours.", &["2.5..2.5 hour"]),
        ("He is 5 feet 10 inches tall.", &["5.833333..5.833333 foot"]),
        (
            "The loan was worth 35 lakh rupees, or 12,34,567 dollars.",
            &["3500000..3500000 INR", "1234567..1234567 USD"],
        ),
        (
            "The tower is 25-metre high and weighs more than 300 tonnes.",
            &["25..25 metre", "300..- metric ton"],
        ),
        ("The bridge carried two hundred and six carts.", &["206..206"]),
        ("Several hundred guests came.", &["300..-"]),
    ];
    let found = read(&cases.iter().map(|(sentence, _)| *sentence).collect::<Vec<_>>());
    for ((sentence, wanted), figures) in cases.iter().zip(&found) {
        assert_eq!(values(figures), *wanted, "{sentence}");
    }
}

#[test]
fn what_only_looks_like_a_quantity_is_none() {
    let sentences = [
        "The council met on 4 March 2021 at 10:30 a.m.",
        "The match ended 3-2 in the 1980s.",
        "A Boeing 737 landed on runway B12.",
        "Call 0207 555 0199 or write to desk7@example.org.",
        "See page 3 of the report and Section 12.",
        "It was the third time, he said.",
        "One of the guests left; this one stayed.",
        "The ministry is at 10 Harbour Street.",
        "Covid-19 closed the school two years ago.",
    ];
    for (sentence, figures) in sentences.iter().zip(read(&sentences)) {
        assert!(figures.is_empty(), "{sentence} has {:?}", values(&figures));
    }
}

#[test]
fn what_is_counted_is_told() {
    let found = read(&[
        "At least 12 people were killed and three wounded in the fire.",
        "Thousands of armed guards stood in the square.",
        "Ana Ruiz, 56, was hurt, and so was a 15-year-old girl.",
        "The port ships 130 million tons of cargo.",
    ]);
    let counts = |at: usize| {
        found[at].iter().map(|(_, figure)| figure.counts.as_deref().unwrap_or("-")).collect::<Vec<_>>()
    };
    assert_eq!(counts(0), ["people", "people"]);
    assert_eq!(found[0][0].0, "At least 12 people");
    assert_eq!(found[0][0].1.hedge.as_deref(), Some("At least"));
    assert_eq!(counts(1), ["armed guards"]);
    assert_eq!(found[1][0].1.head.as_deref(), Some("guard"));
    assert_eq!(counts(2), ["age of Ana Ruiz", "age of girl"]);
    assert_eq!(counts(3), ["cargo"]);
}

/// Words and signs of quantities and times.
const WORDS: &str = "early|the|end|of|a|half|two|-|million|trillion|quadrillion|5|1990|3/4|$|%|½|,|.|'|s|km|years|ago|last|May|Friday|10:30|p.m.|and|in|\
    between|to|one|hundred|thirds|€2.5bn|999999999999999999|every|quarter|at least|dozens|—|०१२|第3|Q3|©|31|February|century|next|12,34,567|old|killed";

/// Words and signs with which quantities and times begin, go on and end, in any order: nothing may panic, spans
/// stay sound, and the same text gives the same figures.
#[test]
fn no_order_of_words_does_harm() {
    let words: Vec<&str> = WORDS.split('|').collect();
    let mut seed = 12345_u64;
    let mut pick = || {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        usize::try_from(seed >> 33).unwrap()
    };
    let texts: Vec<String> = (0..200)
        .map(|_| {
            let glue = if pick() % 5 == 0 { "" } else { " " };
            (0..30).map(|_| words[pick() % words.len()]).collect::<Vec<_>>().join(glue)
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for (text, figures) in texts.iter().zip(read(&texts)) {
        for (words, figure) in figures {
            assert!(text.contains(&words) && figure.span.contains(figure.number), "{text}: {words}");
            assert!(figure.low.zip(figure.high).is_none_or(|(low, high)| low <= high), "{text}: {words}");
        }
    }
}
