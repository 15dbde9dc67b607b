//! What times are found in sentences of our own, told from 8 May 2024, a Wednesday.

use model::Time;

use super::times;
use crate::Parse;
use crate::lang::Language;

/// The words and value of each time; each sentence is a text of its own, so that none is told from another.
fn read(sentences: &[&str], anchor: Option<&str>) -> Vec<Vec<String>> {
    let grammar = grammar::Grammar::english();
    let mut session = grammar.session();
    let language = Language::built_in("en").unwrap();
    let mut found = Vec::new();
    for sentence in sentences {
        let document = session.analyze(sentence, &std::iter::once(0..sentence.len()).collect::<Vec<_>>());
        let parse = Parse::new(sentence, &document);
        let times = times(&parse, anchor.and_then(|anchor| anchor.parse().ok()), &language);
        found.push(
            times.iter().map(|time: &Time| format!("{} = {}", time.span.of(sentence), time.value)).collect(),
        );
    }
    found
}

fn check(cases: &[(&str, &[&str])], anchor: Option<&str>) {
    let sentences: Vec<&str> = cases.iter().map(|(sentence, _)| *sentence).collect();
    for ((sentence, wanted), times) in cases.iter().zip(read(&sentences, anchor)) {
        assert_eq!(times, *wanted, "{sentence}");
    }
}

#[test]
fn times_are_counted_from_the_day_of_publication() {
    check(
        &[
            ("The mayor resigned on Tuesday.", &["Tuesday = 2024-05-07"]),
            ("The council will meet on Sunday.", &["Sunday = 2024-05-12"]),
            ("The ferry sank early on Monday.", &["early on Monday = 2024-05-06"]),
            ("It opened last year and closes next month.", &["last year = 2023", "next month = 2024-06"]),
            ("The law was passed in December last year.", &["December last year = 2023-12"]),
            ("The strike began in March.", &["March = 2024-03"]),
            ("The strike began last August.", &["last August = 2023-08"]),
            ("The bridge fell two years ago.", &["two years ago = 2022"]),
            ("He left yesterday morning.", &["yesterday morning = 2024-05-07TMO"]),
            ("Sales fell in the first quarter.", &["the first quarter = 2024-Q1"]),
            ("They met at Easter and again this week.", &["Easter = 2024-03-31", "this week = 2024-W19"]),
            ("The trial was held on April 30.", &["April 30 = 2024-04-30"]),
            ("The train left at 10:30 p.m. Monday.", &["10:30 p.m. Monday = 2024-05-06T22:30"]),
        ],
        Some("2024-05-08"),
    );
}

#[test]
fn times_are_counted_from_a_time_beside_them() {
    check(
        &[
            ("The day before last Tuesday she went home.", &["The day before last Tuesday = 2024-05-06"]),
            ("Hearings begin in the week of June 3.", &["the week of June 3 = 2024-W23"]),
            ("The ferry stopped in the summer of 2003.", &["the summer of 2003 = 2003-SU"]),
            ("The harvest was delayed earlier in the year.", &["earlier in the year = 2024"]),
            ("Losses for the year ended March 31 grew.", &["the year = P1Y", "March 31 = 2024-03-31"]),
            ("Prices rose in recent weeks and months.", &["recent weeks and months = PAST_REF"]),
            ("A summit set for July was called off.", &["July = 2024-07"]),
            ("The session was scheduled for Sunday.", &["Sunday = 2024-05-12"]),
            ("Until Monday they had not called him.", &["Monday = 2024-05-06"]),
            ("The vote was postponed until Monday.", &["Monday = 2024-05-13"]),
            ("Later Tuesday two lawyers resigned.", &["Tuesday = 2024-05-07"]),
            ("It ended a decades-long dispute.", &["decades-long = PXY"]),
        ],
        Some("2024-05-08"),
    );
}

#[test]
fn lengths_and_repetitions_have_values() {
    check(
        &[
            ("The talks lasted three hours.", &["three hours = PT3H"]),
            ("He waited for two and a half years.", &["two and a half years = P2Y6M"]),
            ("The strike went on for weeks.", &["weeks = PXW"]),
            ("It rained every Thursday.", &["every Thursday = XXXX-WXX-4"]),
            ("The paper appears daily.", &["daily = P1D"]),
            ("The briefing is at noon.", &["noon = 2024-05-08T12:00"]),
            ("The cinema showed the film High Noon.", &[]),
            ("The house was built in the 1980s.", &["the 1980s = 198X"]),
        ],
        Some("2024-05-08"),
    );
}

#[test]
fn without_a_date_only_the_unknown_stays_unknown() {
    check(
        &[
            ("The mayor resigned on Tuesday.", &["Tuesday = XXXX-WXX-2"]),
            ("It ends on February 20, 2021.", &["February 20, 2021 = 2021-02-20"]),
            ("It ends on February 20.", &["February 20 = XXXX-02-20"]),
        ],
        None,
    );
}

#[test]
fn what_only_looks_like_a_time_is_none() {
    check(
        &[
            ("You may march if you like.", &[]),
            ("A 15-year-old girl won 2016 coins.", &[]),
            ("A second attempt failed.", &[]),
            ("The two blasts came only minutes apart.", &[]),
            ("Prices fall when leaves fall.", &[]),
        ],
        Some("2024-05-08"),
    );
}
