//! What an article costs as the archive grows: grouping and the search for copies over invented articles.
//!
//! `cargo bench -p corroborate [-- COUNT...]`, by default 10,000, 100,000 and 1,000,000 articles, a thousand a day, on one
//! core. Older articles than the window are forgotten as the days go by.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a bench reads the clock and prints")]

use std::time::Instant;

use corroborate::{Copies, Sketch, SketchWord, Stories, WINDOW_DAYS};

const ARTICLES_A_DAY: u64 = 1_000;
/// Words of the invented language; rank decides how often one is used (Zipf).
const VOCABULARY: u64 = 200_000;
const WORDS: usize = 120;
/// Words of an article that its event gives.
const EVENT_WORDS: usize = 60;

/// A small generator of numbers (xorshift64*), the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 11) % limit
    }

    /// A word: the lower its number, the commoner.
    fn word(&mut self) -> u64 {
        let part = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((VOCABULARY as f64).powf(part)) as u64
    }
}

/// One article of an invented event; one in five copies the article before it with small edits.
fn article(number: u64, before: &Sketch) -> Sketch {
    let mut own = Numbers(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let day = (number / ARTICLES_A_DAY) as i32;
    if own.below(5) == 0 && !before.words.is_empty() {
        let mut copy = Sketch { day: Some(day), digest: own.next(), ..before.clone() };
        copy.runs.retain(|_| own.below(10) > 0);
        return copy;
    }
    // Some three hundred events a day; the larger ones run on for days.
    let event = u64::from(day as u32 / 3) * 1_000 + own.below(1_000).min(own.below(1_000));
    let mut of_event = Numbers(event.wrapping_mul(0xd134_2543_de82_ef95) | 1);
    let theme: Vec<u64> = (0..EVENT_WORDS).map(|_| of_event.word() * 3 % VOCABULARY).collect();
    let mut keys: Vec<u64> = (0..WORDS)
        .map(|place| if place < EVENT_WORDS && own.below(3) > 0 { theme[place] } else { own.word() })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let weights: Vec<f64> = keys.iter().map(|&key| ((key + 2) as f64).ln()).collect();
    let length = weights.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
    let mut words: Vec<SketchWord> = keys
        .iter()
        .zip(&weights)
        .map(|(&key, weight)| SketchWord {
            key: (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32,
            weight: (weight / length * 32_768.0) as u16,
            opening: if own.below(4) == 0 { 1_000 } else { 0 },
        })
        .collect();
    words.sort_unstable();
    words.dedup_by_key(|word| word.key);
    let vector = |numbers: &mut Numbers| (0..256).map(|_| numbers.below(15) as i8 - 7).collect::<Vec<i8>>();
    let mut runs: Vec<u32> = (0..100).map(|_| own.next() as u32).collect();
    runs.sort_unstable();
    Sketch {
        day: Some(day),
        digest: own.next(),
        length: 200,
        words,
        opening: vector(&mut of_event),
        whole: vector(&mut of_event),
        runs,
    }
}

/// Groups so many articles and prints what the last tenth of them cost each, beside the first.
fn measure(count: u64) {
    let (mut stories, mut copies) = (Stories::default(), Copies::default());
    let mut before = Sketch::default();
    let (mut grouping, mut copying, mut kept_max, mut pairs) = (Vec::new(), Vec::new(), 0, 0_usize);
    let step = (count / 10).max(1);
    let mut number = 0;
    while number < count {
        let (mut group_time, mut copy_time) = (0.0, 0.0);
        for _ in 0..step {
            let sketch = article(number, &before);
            before = sketch.clone();
            let began = Instant::now();
            pairs += copies.add(number, &sketch).len();
            copy_time += began.elapsed().as_secs_f64();
            let began = Instant::now();
            stories.add(number, sketch);
            group_time += began.elapsed().as_secs_f64();
            number += 1;
            if number.is_multiple_of(ARTICLES_A_DAY) {
                let day = (number / ARTICLES_A_DAY) as i32 - WINDOW_DAYS;
                let began = Instant::now();
                stories.forget_before(day);
                group_time += began.elapsed().as_secs_f64();
                let began = Instant::now();
                copies.forget_before(day);
                copy_time += began.elapsed().as_secs_f64();
                kept_max = kept_max.max(stories.len());
            }
        }
        grouping.push(group_time / step as f64 * 1e6);
        copying.push(copy_time / step as f64 * 1e6);
    }
    let total: f64 = grouping.iter().sum::<f64>() / 10.0;
    println!(
        "{count:>9} articles: {:>6.0} articles/s grouped; microseconds an article by tenth: {}; at most {kept_max} kept",
        1e6 / total,
        listed(&grouping)
    );
    println!(
        "{:>9} copies looked for: {:>6.0} articles/s; microseconds by tenth: {}; {pairs} pairs to compare",
        "",
        1e6 * 10.0 / copying.iter().sum::<f64>(),
        listed(&copying)
    );
}

fn listed(times: &[f64]) -> String {
    times.iter().map(|time| format!("{time:.0}")).collect::<Vec<_>>().join(" ")
}

fn main() {
    let counts: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![10_000, 100_000, 1_000_000] } else { counts };
    counts.into_iter().for_each(measure);
}
