//! How likely two articles tell of one event, from their sketches alone.

use super::sketch::Sketch;
use super::weights;

/// What is measured on a pair of sketches, in order.
pub const STORY_FEATURES: [&str; 11] = [
    "words",
    "opening-vector",
    "whole-vector",
    "told",
    "days",
    "undated",
    "length",
    "shared",
    "words-length",
    "told-length",
    "days-length",
];

/// Days after which being apart says hardly more.
const APART_DAYS: f64 = 2.0;

/// Values of [`STORY_FEATURES`]: the same for either order.
///
/// - words: cosine of the weighted words;
/// - opening-vector, whole-vector: cosine of the mean sentence vectors;
/// - told: the share of one's opening that the other has, the smaller of the two ways round;
/// - days: from 0 on one day to nearly 1 a week apart; undated: 1 where a date is missing;
/// - length: logarithm of the shorter one's length in content words; shared: of the number of words they share;
/// - and products of the length with words, told and days: in short texts likeness may be chance.
pub fn story_features(one: &Sketch, other: &Sketch) -> [f64; STORY_FEATURES.len()] {
    let shared = shared(one, other);
    let told = f64::from(shared.left_told.min(shared.right_told)) / 32_768.0;
    let words = shared.product as f64 / (32_768.0 * 32_768.0);
    let (days, undated) = match (one.day, other.day) {
        (Some(left), Some(right)) => (1.0 - (-f64::from((left - right).abs()) / APART_DAYS).exp(), 0.0),
        _ => (0.0, 1.0),
    };
    let length = f64::from(one.length.min(other.length).max(5)).ln();
    [
        words,
        cosine(&one.opening, &other.opening),
        cosine(&one.whole, &other.whole),
        told,
        days,
        undated,
        length,
        f64::from(shared.count).ln_1p(),
        words * length,
        told * length,
        days * length,
    ]
}

/// That two sketches are of one event, 0 to 1.
pub(super) fn likeness(one: &Sketch, other: &Sketch) -> f32 {
    weights::probability(&story_features(one, other)) as f32
}

/// What two sketches share, in whole numbers: no rounding depends on the order.
#[derive(Default)]
struct Shared {
    product: u64,
    left_told: u32,
    right_told: u32,
    count: u32,
}

fn shared(one: &Sketch, other: &Sketch) -> Shared {
    let mut shared = Shared::default();
    let (mut left, mut right) = (0, 0);
    while let (Some(x), Some(y)) = (one.words.get(left), other.words.get(right)) {
        if x.key == y.key {
            shared.product += u64::from(x.weight) * u64::from(y.weight);
            shared.left_told += u32::from(x.opening);
            shared.right_told += u32::from(y.opening);
            shared.count += 1;
        }
        // Without a branch: which of two keys is the lower cannot be foretold.
        left += usize::from(x.key <= y.key);
        right += usize::from(y.key <= x.key);
    }
    shared
}

fn cosine(one: &[i8], other: &[i8]) -> f64 {
    let product: i32 = one.iter().zip(other).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum();
    f64::from(product) / (127.0 * 127.0)
}
