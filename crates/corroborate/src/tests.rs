//! Every kind found, and its counter-case not found, on stories of our own invention.

use model::{Annotated, Discrepancy, Nature, Relation, Story};

use crate::fixture::article;
use crate::{CompareOptions, compare, reprints, stories};

const FERRY: &[&str] = &[
    "The night ferry Aurora sank off the northern coast after a collision with a freighter in thick fog.",
    "Rescue boats reached the place within an hour and brought survivors to the harbour of Lindholm.",
    "“We heard a loud bang and every light went out at once” said passenger Marta Olsen.",
    "Divers were searching the wreck on Tuesday while relatives waited in a school near the harbour.",
    "The owner of the ferry said the crew was experienced and the ship had passed all inspections.",
    "Officials counted 12 people killed and 40 people missing after the first night of the search.",
    "The captain was allegedly asleep when the freighter crossed the path of the ferry.",
];

fn edited(from: &str, to: &str) -> Vec<Annotated> {
    let changed: Vec<String> = FERRY.iter().map(|line| line.replace(from, to)).collect();
    let changed: Vec<&str> = changed.iter().map(String::as_str).collect();
    vec![article("herald", "2024-03-05", FERRY), article("post", "2024-03-05", &changed)]
}

fn told(articles: &[Annotated]) -> Vec<Story> {
    compare(articles, &CompareOptions { reports_min: 2 })
}

fn differences(from: &str, to: &str) -> Vec<(&'static str, Nature)> {
    let stories = told(&edited(from, to));
    assert_eq!(stories.len(), 1, "a reprint is of the same story");
    stories[0].discrepancies.iter().map(|row: &Discrepancy| (row.kind, row.nature)).collect()
}

#[test]
fn a_copy_is_told_with_its_share_and_direction() {
    let mut articles = edited("thick fog", "dense fog");
    articles[0].article.published.as_mut().expect("fixtures are dated").value = "2024-03-06".to_string();
    let found = reprints(&articles);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].article, found[0].of), (0, 1), "the later one derives");
    assert_eq!(found[0].relation, Relation::Copy);
    assert!(found[0].share > 0.9 && found[0].why.contains("herald.example"));
}

#[test]
fn other_words_are_no_copy() {
    let other =
        article("post", "2024-03-05", &["A ship went down in fog on Monday, and many are still missing."]);
    assert!(reprints(&[article("herald", "2024-03-05", FERRY), other]).is_empty());
}

#[test]
fn harmless_edits_differ_in_nothing() {
    assert!(differences("thick fog", "thick  fog").is_empty());
    assert!(differences("The night ferry", "A night ferry").is_empty());
    assert!(differences("was experienced", "was seasoned").is_empty());
}

#[test]
fn a_changed_figure_is_a_conflict_and_on_another_day_an_update() {
    assert_eq!(differences("12 people", "14 people"), [("figure-conflict", Nature::Conflict)]);
    let mut articles = edited("12 people", "14 people");
    articles[1].article.published.as_mut().expect("fixtures are dated").value = "2024-03-06".to_string();
    assert_eq!(told(&articles)[0].discrepancies[0].nature, Nature::Update);
}

#[test]
fn a_changed_day_is_a_date_conflict() {
    assert_eq!(differences("on Tuesday", "on Friday"), [("date-conflict", Nature::Conflict)]);
}

#[test]
fn a_changed_quotation_is_altered() {
    assert_eq!(differences("every light", "some light"), [("quote-altered", Nature::Conflict)]);
}

#[test]
fn a_shortened_quotation_is_not_altered() {
    assert!(
        differences(
            "“We heard a loud bang and every light went out at once”",
            "“We heard a loud bang and every light went out”"
        )
        .is_empty()
    );
}

#[test]
fn a_changed_speaker_is_an_attribution_conflict() {
    assert_eq!(
        differences("passenger Marta Olsen", "passenger Jonas Webb"),
        [("attribution-conflict", Nature::Conflict)]
    );
}

#[test]
fn a_negation_turns_polarity() {
    assert_eq!(
        differences("ship had passed", "ship had not passed"),
        [("polarity-conflict", Nature::Conflict)]
    );
}

#[test]
fn a_dropped_hedge_is_told() {
    assert_eq!(differences("was allegedly asleep", "was asleep"), [("hedge-dropped", Nature::Precision)]);
}

#[test]
fn the_same_quotation_of_two_people_is_found_in_independent_reports() {
    let one = article(
        "herald",
        "2024-03-05",
        &["“Nobody warned us of the ice on the river bridge” said Ruth Adler."],
    );
    let other =
        article("post", "2024-03-05", &["“Nobody warned us of the ice on the river bridge” said Tom Hale."]);
    let rows = &told(&[one, other])[0].discrepancies;
    assert!(
        rows.iter().any(|row| row.kind == "attribution-conflict" && row.why.contains("Tom Hale")),
        "{rows:?}"
    );
    assert!(!rows.iter().any(|row| row.kind == "quote-altered"));
}

#[test]
fn two_people_who_say_alike_things_do_not_conflict() {
    let one = article(
        "herald",
        "2024-03-05",
        &["“Nobody warned us of the ice on the river bridge” said Ruth Adler."],
    );
    let other =
        article("post", "2024-03-05", &["“The ice on the bridge took all of us by surprise” said Tom Hale."]);
    assert!(told(&[one, other]).iter().all(|story| story.discrepancies.is_empty()));
}

#[test]
fn tolls_of_independent_reports_are_weighed() {
    let one = article(
        "herald",
        "2024-03-05",
        &["An explosion in the Lindholm mine killed 12 people on the lower level."],
    );
    let other = article(
        "post",
        "2024-03-05",
        &["The Lindholm mine explosion killed 15 people, a union leader found."],
    );
    let rows = &told(&[one, other])[0].discrepancies;
    assert!(
        rows.iter().any(|row| row.kind == "figure-conflict" && row.nature == Nature::Conflict),
        "{rows:?}"
    );
}

#[test]
fn the_same_toll_is_no_conflict() {
    let one = article(
        "herald",
        "2024-03-05",
        &["An explosion in the Lindholm mine killed 12 people on the lower level."],
    );
    let other = article(
        "post",
        "2024-03-05",
        &["The Lindholm mine explosion killed 12 people, a union leader found."],
    );
    assert!(told(&[one, other]).iter().all(|story| story.discrepancies.is_empty()));
}

#[test]
fn copies_count_as_one_report_with_the_reason() {
    let stories = told(&edited("thick fog", "dense fog"));
    let alignment = &stories[0].alignments[0];
    assert_eq!((alignment.counts.outlets, alignment.counts.reports), (2, 1));
    assert!(alignment.merges[0].why.contains("nearly the same text"));
}

#[test]
fn an_article_about_something_else_stands_alone() {
    // In a fixture all words weigh the same, "the" as much as "Parliament": these two share none.
    let other = article("post", "2024-03-05", &["Parliament adopted its budget by two votes."]);
    let groups = stories(&[article("herald", "2024-03-05", FERRY), other]);
    assert_eq!(groups.iter().map(|group| group.articles.as_slice()).collect::<Vec<_>>(), [[0], [1]]);
}

#[test]
fn nothing_and_one_article_are_no_trouble() {
    assert!(told(&[]).is_empty());
    assert_eq!(told(&[article("herald", "2024-03-05", FERRY)]).len(), 1);
    assert_eq!(told(&[article("herald", "2024-03-05", &[""])]).len(), 1);
}
