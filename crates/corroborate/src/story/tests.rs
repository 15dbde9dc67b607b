//! Live equals batch; ids are told when they change; time bounds the index.

use super::{Sketch, SketchWord, Stories, WINDOW_DAYS, stories};
use crate::fixture::article;

/// A sketch of an invented article: `event` gives most of its words, `own` the rest.
fn sketch(event: u32, own: u32, day: i32) -> Sketch {
    let word = |key: u32| SketchWord { key, weight: 7_000, opening: 2_000 };
    let mut words: Vec<SketchWord> = (0..14).map(|place| word(event * 100 + place)).collect();
    words.extend((0..4).map(|place| word(1_000_000 + own * 10 + place)));
    Sketch {
        day: Some(day),
        digest: u64::from(event) << 32 | u64::from(own),
        length: 120,
        words,
        opening: vec![(event % 5) as i8 * 20, 100],
        whole: vec![(event % 5) as i8 * 20, 100],
        runs: Vec::new(),
    }
}

/// Numbers that look random and are the same in every run (Knuth's multiplicative hash).
fn shuffled(count: u32, seed: u32) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..count).collect();
    numbers
        .sort_by_key(|number| number.wrapping_add(seed).wrapping_mul(2_654_435_761).rotate_left(seed % 31));
    numbers
}

fn partition(stories: &Stories) -> Vec<(String, Vec<u64>)> {
    stories.groups().into_iter().map(|group| (group.id, group.articles)).collect()
}

#[test]
fn the_order_of_arrival_changes_nothing() {
    let sketches: Vec<Sketch> =
        (0..60).map(|number| sketch(number % 7, number, (number / 9) as i32 * 3)).collect();
    let mut batch = Stories::default();
    batch.extend(sketches.iter().cloned().enumerate().map(|(number, sketch)| (number as u64, sketch)));
    assert!(batch.groups().len() >= 7);
    for seed in [1, 5, 12] {
        let mut live = Stories::default();
        for number in shuffled(60, seed) {
            live.add(u64::from(number), sketches[number as usize].clone());
        }
        assert_eq!(partition(&live), partition(&batch));
    }
}

#[test]
fn what_is_told_adds_up_to_what_stands() {
    let mut stories = Stories::default();
    let mut told: std::collections::BTreeMap<String, Vec<u64>> = std::collections::BTreeMap::new();
    for number in shuffled(40, 3) {
        let changed = stories.add(u64::from(number), sketch(number % 5, number, (number % 4) as i32));
        for group in changed.groups {
            told.insert(group.id, group.articles);
        }
        for id in changed.gone {
            told.remove(&id);
        }
    }
    assert_eq!(partition(&stories), told.into_iter().collect::<Vec<_>>());
}

#[test]
fn an_earlier_article_that_comes_late_gives_the_story_its_id_and_says_so() {
    let mut stories = Stories::default();
    let first = stories.add(1, sketch(3, 1, 100)).groups[0].id.clone();
    let changed = stories.add(2, sketch(3, 2, 99));
    assert_eq!(changed.gone, std::slice::from_ref(&first));
    assert_eq!(changed.groups[0].articles, [1, 2]);
    assert_eq!(changed.groups[0].from, [first]);
    assert!(stories.add(3, sketch(3, 3, 101)).gone.is_empty(), "a later one changes no id");
}

#[test]
fn a_removed_bridge_splits_a_story() {
    let mut stories = Stories::default();
    let mut bridge = sketch(1, 9, 10);
    bridge.words.extend(sketch(2, 9, 10).words);
    bridge.words.sort_unstable();
    bridge.words.dedup();
    stories.extend([(1, sketch(1, 1, 10)), (2, sketch(2, 2, 10)), (3, bridge)]);
    stories.remove(3);
    assert_eq!(stories.groups().len(), 2);
    assert_eq!(stories.len(), 2);
    stories.remove(1);
    assert_eq!(stories.groups().len(), 1);
}

#[test]
fn nothing_links_over_the_window_and_what_is_past_is_forgotten() {
    let mut stories = Stories::default();
    stories.extend([(1, sketch(1, 1, 0)), (2, sketch(1, 2, WINDOW_DAYS + 1))]);
    assert_eq!(stories.groups().len(), 2);
    let kept = stories.story_of(2).map(str::to_owned);
    assert_eq!(stories.forget_before(WINDOW_DAYS).len(), 1);
    assert_eq!((stories.len(), stories.story_of(1)), (1, None));
    assert_eq!(stories.story_of(2).map(str::to_owned), kept);
}

#[test]
fn one_text_published_twice_is_one_story() {
    let lines =
        &["The river wall of Lindholm broke on Monday and 300 people left their homes in the harbour."];
    let groups = stories(&[article("herald", "2024-03-05", lines), article("post", "2024-03-05", lines)]);
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].articles, [0, 1]);
    assert_eq!(groups[0].id.len(), 13);
}
