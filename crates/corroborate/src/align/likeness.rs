//! How well the words of a story match each other: worked out once for the story, since it has few words and uses them
//! often.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use model::{Word, WordKind};

use super::unit::Unit;

/// Forms whose matches are known ahead; words that a story brings beyond are compared when they meet.
const FORMS_MAX: usize = 8192;
/// Matches that are known ahead, both ways counted: eight megabytes of them.
const MATCHES_MAX: usize = 1 << 20;
/// Stands for the beginning of a word that is too short to have one.
const NO_BEGINNING: u32 = u32::MAX;

/// What is known of a story's words. Names are only looked up in tables without an order, never walked through; numbers
/// are given in order of first sight.
#[derive(Default)]
pub(crate) struct Likenesses {
    vocabulary: RefCell<Vocabulary>,
    near: OnceCell<Near>,
    scratch: RefCell<Scratch>,
}

/// A word's numbers in its story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Form {
    /// Of its key.
    pub key: u32,
    /// Of its class.
    pub sense: u32,
    /// Of its first letters, or [`NO_BEGINNING`].
    beginning: u32,
    /// Of its vector: equal vectors have one number.
    pub vector: u32,
    /// Whether it only matches itself: a name or a number.
    pub proper: bool,
    number: bool,
}

#[derive(Default)]
struct Vocabulary {
    names: HashMap<Box<str>, u32>,
    vectors: VectorNumbers,
    numbers: HashMap<Form, u32>,
    /// By number.
    forms: Vec<(Form, Arc<[f32]>)>,
}

/// Numbers for vectors of words. Words share theirs, so that most are known by where they lie; each is held, so that nothing
/// else comes to lie there.
#[derive(Default)]
struct VectorNumbers {
    by_place: HashMap<*const f32, (u32, Arc<[f32]>)>,
    by_value: HashMap<Vec<u8>, u32>,
}

/// The matches of each form among the first ones, its own included, by number.
type Near = Vec<Vec<(u32, f32)>>;

/// By form: the last search in which a statement has it, and its best match there.
#[derive(Default)]
struct Scratch {
    search: u32,
    seen: Vec<u32>,
    best: Vec<f32>,
}

impl Likenesses {
    /// A word's number among all that are compared in the same way, and what it is made of.
    pub(super) fn form(&self, word: &Word) -> (u32, Form) {
        let mut vocabulary = self.vocabulary.borrow_mut();
        let Vocabulary { names, vectors, numbers, forms } = &mut *vocabulary;
        let mut name = |text: &str| match names.get(text) {
            Some(&number) => number,
            None => {
                let next = names.len() as u32;
                names.insert(text.into(), next);
                next
            }
        };
        let form = Form {
            key: name(&word.key),
            sense: name(&word.sense),
            beginning: beginning(&word.key).map_or(NO_BEGINNING, &mut name),
            vector: vectors.of(&word.vector),
            proper: matches!(
                word.kind,
                WordKind::Person | WordKind::Place | WordKind::Name | WordKind::Number
            ),
            number: word.kind == WordKind::Number,
        };
        let number = *numbers.entry(form).or_insert_with(|| {
            forms.push((form, Arc::clone(&word.vector)));
            forms.len() as u32 - 1
        });
        (number, form)
    }

    /// How many names of keys and classes there are: their numbers are below it.
    pub(super) fn name_count(&self) -> usize {
        self.vocabulary.borrow().names.len()
    }

    fn near(&self) -> &Near {
        self.near.get_or_init(|| near(&self.vocabulary.borrow().forms))
    }

    /// How well two words match, 0 to 1.
    fn of(&self, one: u32, other: u32) -> f32 {
        let near = self.near();
        if (one.max(other) as usize) < near.len() {
            let near = &near[one as usize];
            return near.binary_search_by_key(&other, |known| known.0).map_or(0.0, |place| near[place].1);
        }
        let forms = &self.vocabulary.borrow().forms;
        let [(one, vector), (other, other_vector)] = [&forms[one as usize], &forms[other as usize]];
        matched(one, other, || dot(vector, other_vector))
    }

    /// The best match of each word of one statement in another, and of the other's in it.
    pub(super) fn best(&self, one: &[u32], other: &[u32]) -> [Vec<f32>; 2] {
        let near = self.near();
        if one.iter().chain(other).any(|&form| form as usize >= near.len()) {
            let best = |form: u32, others: &[u32]| {
                others.iter().map(|&other| self.of(form, other)).fold(0.0, f32::max)
            };
            return [
                one.iter().map(|&form| best(form, other)).collect(),
                other.iter().map(|&form| best(form, one)).collect(),
            ];
        }
        let Scratch { search, seen, best } = &mut *self.scratch.borrow_mut();
        seen.resize(near.len(), 0);
        best.resize(near.len(), 0.0);
        *search = search.wrapping_add(1);
        if *search == 0 {
            // After four billion searches the numbers begin again.
            seen.fill(0);
            *search = 1;
        }
        for &form in other {
            (seen[form as usize], best[form as usize]) = (*search, 0.0);
        }
        let row = |&form: &u32| {
            let mut row = 0.0_f32;
            let is_there = |(other, _): &&(u32, f32)| seen[*other as usize] == *search;
            for &(other, value) in near[form as usize].iter().filter(is_there) {
                row = row.max(value);
                best[other as usize] = best[other as usize].max(value);
            }
            row
        };
        let rows = one.iter().map(row).collect();
        [rows, other.iter().map(|&form| best[form as usize]).collect()]
    }
}

impl VectorNumbers {
    fn of(&mut self, vector: &Arc<[f32]>) -> u32 {
        let by_value = &mut self.by_value;
        let mut numbered = || {
            let next = by_value.len() as u32;
            *by_value.entry(bits(vector)).or_insert(next)
        };
        if vector.is_empty() {
            // It lies nowhere.
            return numbered();
        }
        self.by_place.entry(vector.as_ptr()).or_insert_with(|| (numbered(), Arc::clone(vector))).0
    }
}

/// A vector's numbers as bytes.
pub(super) fn bits(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|value| value.to_bits().to_le_bytes()).collect()
}

/// The matches of forms among each other, as far as they are known ahead.
fn near(forms: &[(Form, Arc<[f32]>)]) -> Near {
    let mut near: Near = Vec::new();
    // Those before that may match: by the same key, class or beginning, and whatever is compared by its vector.
    let mut same: BTreeMap<(u8, u32), Vec<u32>> = BTreeMap::new();
    let mut likened: Vec<(u32, &[f32])> = Vec::new();
    let mut count = 0;
    for (number, (form, vector)) in (0_u32..).zip(forms).take(FORMS_MAX) {
        let mut matches: BTreeMap<u32, f32> = BTreeMap::new();
        let names = [(0, form.key), (1, form.sense), (2, form.beginning)];
        for name in names.into_iter().filter(|name| name.1 != NO_BEGINNING) {
            let holders = same.entry(name).or_default();
            matches.extend(holders.iter().map(|&other| (other, 0.0)));
            holders.push(number);
        }
        for (other, value) in &mut matches {
            let (other, other_vector) = &forms[*other as usize];
            *value = matched(form, other, || dot(vector, other_vector));
        }
        if !form.proper && !vector.is_empty() {
            for some in likened.chunks(AT_ONCE) {
                let likenesses = dots(vector, some);
                let alike = some.iter().zip(likenesses).filter(|(_, likeness)| *likeness > LIKENESS_MIN);
                for (&(other, _), likeness) in alike {
                    matches.entry(other).or_insert(likeness * SAME_CLASS);
                }
            }
            likened.push((number, vector));
        }
        matches.retain(|_, value| *value > 0.0);
        count += 2 * matches.len() + 1;
        if count > MATCHES_MAX {
            break;
        }
        for (&other, &value) in &matches {
            near[other as usize].push((number, value));
        }
        near.push(matches.into_iter().chain([(number, 1.0)]).collect());
    }
    near
}

const SAME_CLASS: f32 = 0.9;
const LIKENESS_MIN: f32 = 0.5;

/// Likeness of two words: the same 1, of one class .9, a name of the same beginning .8 ("Russia", "Russian"),
/// any other word by its vector; names and numbers match nothing else.
fn matched(one: &Form, other: &Form, likeness: impl FnOnce() -> f32) -> f32 {
    const SAME_BEGINNING: f32 = 0.8;
    if one.key == other.key {
        return 1.0;
    }
    if one.sense == other.sense {
        return SAME_CLASS;
    }
    if one.proper || other.proper {
        let both_words = !one.number && !other.number;
        let same_beginning = one.beginning == other.beginning && one.beginning != NO_BEGINNING;
        return if both_words && same_beginning { SAME_BEGINNING } else { 0.0 };
    }
    let likeness = likeness();
    if likeness > LIKENESS_MIN { likeness * SAME_CLASS } else { 0.0 }
}

/// A word's first five letters, where it has so many.
fn beginning(word: &str) -> Option<&str> {
    const LETTERS: usize = 5;
    let (last, letter) = word.char_indices().nth(LETTERS - 1)?;
    word.get(..last + letter.len_utf8())
}

/// Whether two words of five letters or more begin with the same five.
pub(crate) fn same_beginning(one: &str, other: &str) -> bool {
    beginning(one).is_some_and(|begins| beginning(other) == Some(begins))
}

/// How well each word of one statement matches each of another, 0 to 1.
pub(crate) struct Matches {
    width: usize,
    values: Vec<f32>,
}

impl Matches {
    pub(crate) fn new(a: &Unit<'_>, b: &Unit<'_>) -> Matches {
        let value = |&one: &u32| b.forms.iter().map(move |&other| a.likenesses.of(one, other));
        Matches { width: b.forms.len(), values: a.forms.iter().flat_map(value).collect() }
    }

    pub(crate) fn at(&self, row: usize, column: usize) -> f32 {
        self.values[row * self.width + column]
    }

    /// Best match of each word of the first statement.
    pub(crate) fn rows(&self) -> Vec<f32> {
        if self.width == 0 {
            return Vec::new();
        }
        self.values.chunks(self.width).map(|row| row.iter().copied().fold(0.0, f32::max)).collect()
    }
}

/// Numbers that processors multiply and add side by side.
const LANES: usize = 8;
/// Vectors that are multiplied with one at once, so that no sum waits for the one before.
pub(super) const AT_ONCE: usize = 4;

/// Scalar product; zero where a vector is missing. Summed in lanes: always in the same order.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let length = a.len().min(b.len());
    let ((a, a_rest), (b, b_rest)) = (a[..length].as_chunks::<LANES>(), b[..length].as_chunks::<LANES>());
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    let mut sums = [0.0_f32; LANES];
    for (x, y) in a.iter().zip(b) {
        add_products(&mut sums, x, y);
    }
    sums.iter().sum::<f32>() + rest
}

/// The products of [`dot`] of one vector with some, [`AT_ONCE`] at most.
pub(super) fn dots<T>(vector: &[f32], others: &[(T, &[f32])]) -> [f32; AT_ONCE] {
    let mut products = [0.0; AT_ONCE];
    let (x, rest) = vector.as_chunks::<LANES>();
    if let [(_, a), (_, b), (_, c), (_, d)] = others
        && rest.is_empty()
        && [a, b, c, d].iter().all(|other| other.len() == vector.len())
    {
        let [a, b, c, d] = [a, b, c, d].map(|other| other.as_chunks::<LANES>().0);
        let mut sums = [[0.0_f32; LANES]; AT_ONCE];
        for ((((x, a), b), c), d) in x.iter().zip(a).zip(b).zip(c).zip(d) {
            add_products(&mut sums[0], x, a);
            add_products(&mut sums[1], x, b);
            add_products(&mut sums[2], x, c);
            add_products(&mut sums[3], x, d);
        }
        products = sums.map(|sums| sums.iter().sum());
    } else {
        products.iter_mut().zip(others).for_each(|(product, (_, other))| *product = dot(vector, other));
    }
    products
}

#[inline]
fn add_products(sums: &mut [f32; LANES], x: &[f32; LANES], y: &[f32; LANES]) {
    for lane in 0..LANES {
        sums[lane] += x[lane] * y[lane];
    }
}

#[cfg(test)]
mod tests {
    use super::{AT_ONCE, dot, dots};

    #[test]
    fn products_of_several_are_those_of_each() {
        for width in [0, 7, 8, 24, 30] {
            let vector = |seed: u32| -> Vec<f32> {
                (0..width).map(|place: u32| ((place * 37 + seed * 101) % 19) as f32 / 7.0 - 1.0).collect()
            };
            let vectors: Vec<Vec<f32>> = (0..5).map(vector).collect();
            let others: Vec<((), &[f32])> = vectors[1..].iter().map(|other| ((), &**other)).collect();
            for count in 0..=AT_ONCE {
                for (product, (_, other)) in dots(&vectors[0], &others[..count]).iter().zip(&others[..count])
                {
                    assert_eq!(product.to_bits(), dot(&vectors[0], other).to_bits());
                }
            }
        }
    }
}
