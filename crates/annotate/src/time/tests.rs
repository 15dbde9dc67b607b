//! What times are found in sentences of our own, told from 8 May 2024, a Wednesday.

use model::Time;

use super::times;
use crate::Parse;
use crate::figure::atom::paragraphs;
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
        let atoms = paragraphs(&parse, &language);
        let times = times(&parse, &atoms, anchor.and_then(|anchor| anchor.parse().ok()), &language);
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
            ("They feared future losses.", &["future = FUTURE_REF"]),
            ("Today's vote was close.", &["Today = 2024-05-08"]),
            ("It failed, most recently last August.", &["last August = 2023-08"]),
            ("It failed recently.", &["recently = PAST_REF"]),
            ("Until Monday they had not called him.", &["Monday = 2024-05-06"]),
            ("The vote was postponed until Monday.", &["Monday = 2024-05-13"]),
            ("Later Tuesday two lawyers resigned.", &["Tuesday = 2024-05-07"]),
            ("It ended a decades-long dispute.", &["decades-long = PXY"]),
        ],
        Some("2024-05-08"),
    );
}

#[test]
fn what_comes_first_is_no_week_old() {
    check(
        &[
            // Told where it is Thursday already; but of the future, Thursday is the next one anyway.
            ("The rebels freed the miners Thursday.", &["Thursday = 2024-05-09"]),
            ("The ferry stopped. The rebels freed the miners Thursday.", &["Thursday = 2024-05-02"]),
            ("The rebels freed the miners Friday.", &["Friday = 2024-05-03"]),
        ],
        Some("2024-05-08"),
    );
}

#[test]
fn plans_told_of_as_past_are_of_the_nearest_day() {
    check(
        &[
            ("A vigil planned for Monday was called off.", &["Monday = 2024-05-06"]),
            ("A vigil planned for Friday was called off.", &["Friday = 2024-05-10"]),
            ("The town prepared a vigil planned for Monday.", &["Monday = 2024-05-13"]),
        ],
        Some("2024-05-08"),
    );
}

#[test]
fn months_without_a_year_are_near() {
    check(
        &[
            ("The union warned of a stoppage in June.", &["June = 2024-06"]),
            ("He was buried in June.", &["June = 2023-06"]),
            ("The union warned of a stoppage in March.", &["March = 2024-03"]),
        ],
        Some("2024-05-08"),
    );
    check(&[("No date for the January talks.", &["January = 2025-01"])], Some("2024-12-08"));
}

#[test]
fn times_of_times_are_told_apart() {
    check(
        &[
            (
                "The raid began at 10:35 a.m. (0735 GMT) Monday.",
                &["10:35 a.m. (0735 GMT) = 2024-05-06T10:35", "Monday = 2024-05-06"],
            ),
            (
                "He was shot in March. That same day a guard died.",
                &["March = 2024-03", "That same day = 2024-03-XX"],
            ),
            ("He was shot in March. On that day a guard died.", &["March = 2024-03"]),
            (
                "She was ill in each of the last three winters and of the last two years.",
                &["the last two years = P2Y"],
            ),
            ("She ran in each of the last three years.", &["each of the last three years = P1Y"]),
            ("The gate is watched 24 hours a day.", &[]),
            ("The gate was watched for 24 hours a day ago.", &["24 hours = PT24H", "a day ago = 2024-05-07"]),
        ],
        Some("2024-05-08"),
    );
}

#[test]
fn a_year_earlier_is_as_long_as_what_is_compared() {
    check(
        &[
            (
                "In the first quarter it earned 3 pounds, down from 4 a year earlier.",
                &["the first quarter = 2024-Q1", "a year earlier = 2023-Q1"],
            ),
            (
                "It told of the third quarter. In the nine months it earned 3 pounds, down from 4 a year earlier.",
                &["the third quarter = 2023-Q3", "the nine months = P9M", "a year earlier = 2022"],
            ),
            (
                "It lost in the first quarter. A second-quarter loss will follow, after the latest quarter.",
                &["the first quarter = 2024-Q1", "second-quarter = 2024-Q2", "the latest quarter = 2024-Q1"],
            ),
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
            ("The report is no comfort for today's youth.", &[]),
            ("She said so on \"This Week\" with a smile.", &[]),
            ("She told Norport Today that she knew.", &[]),
            ("He drove a 1987 Toyota Corolla.", &[]),
            ("Her future is bleak.", &[]),
        ],
        Some("2024-05-08"),
    );
}
