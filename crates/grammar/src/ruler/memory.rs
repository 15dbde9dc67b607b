//! Applying the rules to the tokens of a document, with what is known of words and labels kept.

use super::{Attribute, Bits, Ruler, Target, place};
use crate::document::Symbol;
use crate::draft::Draft;
use crate::tokenizer::{Form, FormId};
use std::ops::Range;

/// Which rules' conditions words and labels meet, as sets of bits. It changes no result.
#[derive(Clone, Debug, Default)]
pub(crate) struct RulerMemory {
    /// By number of form, each as many words as a set needs.
    forms: Bits,
    form_count: usize,
    /// For tags, parts, features and labels, by number of the string: the number of its set + 1.
    values: [Vec<u32>; 4],
    /// The sets of the values, one after the other.
    sets: Bits,
    /// Numbers of the ruler's strings.
    strings: Vec<Option<Symbol>>,
    /// For each token, which conditions it meets, and which rows set something on it.
    met: Bits,
    hits: Bits,
}

impl RulerMemory {
    /// Forgets the forms, because they are numbered anew.
    pub(crate) fn clear_forms(&mut self) {
        self.forms.clear();
        self.form_count = 0;
    }

    /// Forgets the strings, because they are numbered anew.
    pub(crate) fn clear_strings(&mut self) {
        self.values.iter_mut().for_each(Vec::clear);
        self.sets.clear();
        self.strings.clear();
    }

    fn learn_forms(&mut self, ruler: &Ruler, forms: &[Form]) {
        for form in &forms[self.form_count.min(forms.len())..] {
            ruler.of_form(&form.text, form.is_space, &mut self.forms);
        }
        self.form_count = self.form_count.max(forms.len());
    }

    /// Strikes out of the conditions a token meets those that its tag, part, features or label fail.
    fn strike(&mut self, ruler: &Ruler, (draft, token): (&Draft, usize), met: Range<usize>) {
        for &attribute in &ruler.index.of_token {
            let document = &draft.document;
            let (column, number) = match attribute {
                Attribute::Tag => (0, document.tags[token]),
                Attribute::Part => (1, document.parts[token]),
                Attribute::Morph => (2, document.morphs[token]),
                _ => (3, document.labels[token]),
            };
            let known = &mut self.values[column];
            let place = number as usize;
            if place >= known.len() {
                known.resize(place + 1, 0);
            }
            if known[place] == 0 {
                self.sets.extend(ruler.of_value(attribute, draft.string(number)));
                known[place] = (self.sets.len() / met.len()) as u32;
            }
            let set = (known[place] as usize - 1) * met.len();
            let set = &self.sets[set..set + met.len()];
            self.met[met.clone()].iter_mut().zip(set).for_each(|(met, bits)| *met &= *bits);
        }
    }
}

impl Ruler {
    /// Applies the rules to tokens of a document, which have tags, parts, morphs, labels and lemmas (empty ones, it
    /// may be). They are one piece: no match reaches beyond.
    pub(crate) fn apply(
        &self,
        memory: &mut RulerMemory,
        (all_forms, forms): (&[Form], &[FormId]),
        (draft, tokens): (&mut Draft, Range<usize>),
    ) {
        memory.learn_forms(self, all_forms);
        let width = self.tokens.len().div_ceil(64);
        let hit_width = self.rows.len().div_ceil(64);
        memory.met.clear();
        memory.hits.clear();
        memory.hits.resize(hit_width * tokens.len(), 0);
        for (at, &form) in forms.iter().enumerate() {
            let first = form as usize * width;
            let of_form = first..first + width;
            memory.met.extend_from_slice(&memory.forms[of_form]);
            memory.strike(self, (draft, tokens.start + at), at * width..(at + 1) * width);
        }
        for at in 0..tokens.len() {
            self.find_rows(memory, at, (width, hit_width));
        }
        for at in 0..tokens.len() {
            self.set(memory, at * hit_width..(at + 1) * hit_width, (draft, tokens.start + at));
        }
    }

    /// Marks the rows that match from a token on, at the tokens they set.
    fn find_rows(&self, memory: &mut RulerMemory, at: usize, (width, hit_width): (usize, usize)) {
        for word in 0..hit_width {
            let mut bits = memory.met[at * width + word];
            while bits != 0 {
                let number = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                // First tokens have the numbers of their rows; those behind them are no rows.
                let Some(row) = self.rows.get(number) else {
                    return;
                };
                let meets = |(further, &token): (usize, &usize)| {
                    let place = (at + further) * width + token / 64;
                    memory.met.get(place).is_some_and(|met| met >> (token % 64) & 1 == 1)
                };
                if !row.tokens.iter().enumerate().skip(1).all(meets) {
                    continue;
                }
                if let Some(place) = place(self.rules[row.rule].index, row.tokens.len()) {
                    memory.hits[(at + place) * hit_width + word] |= 1 << (number % 64);
                }
            }
        }
    }

    /// Sets on a token what the rows that hit it say, in their order.
    fn set(&self, memory: &mut RulerMemory, hits: Range<usize>, (draft, token): (&mut Draft, usize)) {
        memory.strings.resize(self.strings.len(), None);
        for (word, place) in hits.enumerate() {
            let mut bits = memory.hits[place];
            while bits != 0 {
                let number = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                for &(target, string) in &self.rules[self.rows[number].rule].sets {
                    let symbol =
                        *memory.strings[string].get_or_insert_with(|| draft.intern(&self.strings[string]));
                    let document = &mut draft.document;
                    let column = match target {
                        Target::Part => &mut document.parts,
                        Target::Morph => &mut document.morphs,
                        Target::Lemma => &mut document.lemmas,
                        Target::Tag => &mut document.tags,
                        Target::Label => &mut document.labels,
                    };
                    column[token] = symbol;
                }
            }
        }
    }
}
