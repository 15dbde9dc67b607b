//! Rules that set a token's annotation from its word, tag, label and neighbours: spaCy's attribute ruler.
//!
//! All rules look at the annotation as it was before any rule; then a later rule overrides an earlier one.

mod condition;
mod memory;

pub(crate) use condition::Attribute;
pub(crate) use memory::RulerMemory;

use crate::msgpack::{self, Value};
use crate::pack::{self, Reader, Writer};
use condition::{Condition, FormValues};
use std::collections::BTreeMap;

/// More rules, or tokens in their patterns, than this are refused; spaCy's rulers have fewer than two hundred.
const RULES_MAX: usize = 10_000;

/// A token pattern of more tokens than this is refused.
const PATTERN_TOKENS_MAX: usize = 16;

/// A set of numbers, as bits.
type Bits = Vec<u64>;

/// What rules can set, in the order of spaCy's names in [`TARGETS`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    Part,
    Morph,
    Lemma,
    Tag,
    Label,
}

const TARGETS: &[(&str, Target)] = &[
    ("POS", Target::Part),
    ("MORPH", Target::Morph),
    ("LEMMA", Target::Lemma),
    ("TAG", Target::Tag),
    ("DEP", Target::Label),
];

/// A rule: what it sets, on which token of a match.
#[derive(Clone, Debug, PartialEq)]
struct Rule {
    /// What is set, and the number of its value among the ruler's strings.
    sets: Vec<(Target, usize)>,
    /// Place of the token in the match; from the end when negative.
    index: i64,
}

/// A row of tokens that a rule applies to.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    rule: usize,
    /// Numbers of the token conditions, one for each token.
    tokens: Vec<usize>,
}

/// A pipeline's attribute ruler.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ruler {
    rules: Vec<Rule>,
    rows: Vec<Row>,
    /// For each token in a row: its conditions, all of which have to hold. The first tokens of all rows come
    /// first, in the order of the rows.
    tokens: Vec<Vec<Condition>>,
    strings: Vec<Box<str>>,
    index: Index,
}

/// Which token conditions a word form needs to be asked about; made from them.
#[derive(Clone, Debug, Default)]
struct Index {
    /// Those that ask nothing of the form.
    formless: Bits,
    /// Those that want the form in lower case to be one of a few words, by word.
    by_word: BTreeMap<Box<str>, Vec<usize>>,
    /// All others.
    others: Vec<usize>,
    /// Which attributes are asked for that are not of the form.
    of_token: Vec<Attribute>,
}

impl Index {
    fn new(tokens: &[Vec<Condition>]) -> Index {
        let mut index = Index { formless: vec![0; tokens.len().div_ceil(64)], ..Index::default() };
        for (number, token) in tokens.iter().enumerate() {
            if let Some(words) = token.iter().find_map(Condition::words) {
                for word in words {
                    index.by_word.entry(word.clone()).or_default().push(number);
                }
            } else if token.iter().any(|condition| condition.attribute.is_of_form()) {
                index.others.push(number);
            } else {
                index.formless[number / 64] |= 1 << (number % 64);
            }
            let attributes = token.iter().map(|condition| condition.attribute);
            index.of_token.extend(attributes.filter(|attribute| !attribute.is_of_form()));
        }
        index.of_token.sort_unstable();
        index.of_token.dedup();
        index
    }
}

impl Ruler {
    /// From the file `attribute_ruler/patterns` of a pipeline.
    pub(crate) fn from_spacy(bytes: &[u8]) -> Result<Ruler, String> {
        let file = msgpack::parse(bytes).map_err(|error| error.to_string())?;
        let rules = file.array().ok_or("it is no list of patterns")?;
        if rules.len() > RULES_MAX {
            return Err(format!("it has {} patterns", rules.len()));
        }
        let mut ruler = Ruler::default();
        let mut rows = Vec::new();
        for (number, rule) in rules.iter().enumerate() {
            let wrong = |what| format!("pattern {number} cannot be used: {what}");
            let rule_rows = ruler.add(rule).map_err(wrong)?;
            rows.extend(rule_rows.into_iter().map(|row| (number, row)));
        }
        ruler.set_rows(rows)?;
        ruler.index = Index::new(&ruler.tokens);
        Ok(ruler)
    }

    /// Adds what a rule sets; returns its rows.
    fn add(&mut self, rule: &Value<'_>) -> Result<Vec<Vec<Vec<Condition>>>, String> {
        let mut sets = Vec::new();
        for (key, value) in rule.get("attrs").and_then(Value::map).ok_or("it sets nothing")? {
            let key = key.text().unwrap_or("");
            let target = TARGETS.iter().find(|(name, _)| *name == key);
            let &(_, target) = target.ok_or_else(|| format!("it sets {key:?}, which is not supported"))?;
            let value =
                value.text().ok_or_else(|| format!("it sets {key} to something that is no string"))?;
            let value = if target == Target::Morph { normal_morph(value) } else { value.to_owned() };
            sets.push((target, self.string(&value)));
        }
        let index = match rule.get("index") {
            None => 0,
            Some(index) => index.int().ok_or("its index is no number")?,
        };
        self.rules.push(Rule { sets, index });
        let patterns = rule.get("patterns").and_then(Value::array).ok_or("it has no token patterns")?;
        patterns.iter().map(|tokens| row(tokens, index)).collect()
    }

    fn string(&mut self, text: &str) -> usize {
        let known = self.strings.iter().position(|known| **known == *text);
        known.unwrap_or_else(|| {
            self.strings.push(text.into());
            self.strings.len() - 1
        })
    }

    /// Numbers the tokens of all rows, first tokens first.
    fn set_rows(&mut self, rows: Vec<(usize, Vec<Vec<Condition>>)>) -> Result<(), String> {
        let count: usize = rows.iter().map(|(_, tokens)| tokens.len()).sum();
        if count > RULES_MAX {
            return Err(format!("its patterns have {count} tokens"));
        }
        let mut rests = Vec::with_capacity(rows.len());
        for (number, (rule, mut tokens)) in rows.into_iter().enumerate() {
            let rest = tokens.split_off(1);
            self.tokens.append(&mut tokens);
            self.rows.push(Row { rule, tokens: vec![number] });
            rests.push(rest);
        }
        for (row, rest) in self.rows.iter_mut().zip(rests) {
            for token in rest {
                row.tokens.push(self.tokens.len());
                self.tokens.push(token);
            }
        }
        Ok(())
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.list(&self.strings, |out, string| out.str(string));
        out.list(&self.rules, |out, rule| {
            out.u64(rule.index as u64);
            out.list(&rule.sets, |out, &(target, string)| {
                let place = TARGETS.iter().position(|&(_, known)| known == target);
                out.u8(place.expect("every target has a name") as u8);
                out.varint(string);
            });
        });
        out.list(&self.rows, |out, row| {
            out.varint(row.rule);
            out.list(&row.tokens, |out, &token| out.varint(token));
        });
        out.list(&self.tokens, |out, token| out.list(token, |out, condition| condition.write(out)));
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Result<Ruler, pack::Error> {
        let strings = input.list(|input| Ok(input.str()?.into()))?;
        let rules = input.list(|input| {
            let index = input.u64()? as i64;
            let sets = input.list(|input| {
                let place = usize::from(input.u8()?);
                let &(_, target) = TARGETS.get(place).ok_or(input.error("a target that is not there"))?;
                Ok((target, input.varint()?))
            })?;
            Ok(Rule { sets, index })
        })?;
        let rows =
            input.list(|input| Ok(Row { rule: input.varint()?, tokens: input.list(Reader::varint)? }))?;
        let tokens = input.list(|input| input.list(Condition::read))?;
        let index = Index::new(&tokens);
        let ruler = Ruler { rules, rows, tokens, strings, index };
        match ruler.is_sound() {
            true => Ok(ruler),
            false => Err(input.error("rules that do not fit together")),
        }
    }

    fn is_sound(&self) -> bool {
        let rules =
            self.rules.iter().flat_map(|rule| &rule.sets).all(|&(_, string)| string < self.strings.len());
        let rows = self.rows.iter().enumerate().all(|(number, row)| {
            let index = self.rules.get(row.rule).and_then(|rule| place(rule.index, row.tokens.len()));
            index.is_some()
                && row.tokens.first() == Some(&number)
                && row.tokens.len() <= PATTERN_TOKENS_MAX
                && row.tokens.iter().all(|&token| token < self.tokens.len())
        });
        rules && rows && self.rules.len() <= RULES_MAX && self.tokens.len() <= RULES_MAX
    }

    /// Appends the token conditions that a word form does not fail.
    fn of_form(&self, text: &str, is_space: bool, sets: &mut Bits) {
        let values = FormValues::new(text, is_space);
        let by_word = self.index.by_word.get(values.get(Attribute::Lower));
        let first = sets.len();
        sets.extend_from_slice(&self.index.formless);
        let bits = &mut sets[first..];
        for &number in by_word.into_iter().flatten().chain(&self.index.others) {
            let holds = |condition: &Condition| {
                !condition.attribute.is_of_form() || condition.holds(values.get(condition.attribute))
            };
            if self.tokens[number].iter().all(holds) {
                bits[number / 64] |= 1 << (number % 64);
            }
        }
    }

    /// The token conditions that a value of an attribute does not fail.
    fn of_value(&self, attribute: Attribute, value: &str) -> Bits {
        let mut bits = vec![0; self.tokens.len().div_ceil(64)];
        for (number, token) in self.tokens.iter().enumerate() {
            if token.iter().all(|condition| condition.attribute != attribute || condition.holds(value)) {
                bits[number / 64] |= 1 << (number % 64);
            }
        }
        bits
    }
}

fn row(tokens: &Value<'_>, index: i64) -> Result<Vec<Vec<Condition>>, String> {
    let tokens = tokens.array().ok_or("a token pattern is no list")?;
    if tokens.len() > PATTERN_TOKENS_MAX || place(index, tokens.len()).is_none() {
        return Err(format!("a token pattern of {} tokens does not go with index {index}", tokens.len()));
    }
    let conditions = |token: &Value<'_>| {
        let entries = token.map().ok_or("a token pattern lists something that is no map")?;
        let conditions: Result<Vec<_>, String> =
            entries.iter().map(|(key, value)| Condition::from_spacy(key, value)).collect();
        Ok(conditions?.into_iter().flatten().collect())
    };
    tokens.iter().map(conditions).collect()
}

/// The place in a row of this many tokens that an index means, which counts from the end when it is negative.
fn place(index: i64, count: usize) -> Option<usize> {
    let count = i64::try_from(count).ok()?;
    let place = if index < 0 { index.checked_add(count)? } else { index };
    usize::try_from(place).ok().filter(|_| place < count)
}

/// Features as spaCy orders them; "_" is none.
fn normal_morph(features: &str) -> String {
    if features == "_" {
        return String::new();
    }
    let mut fields: Vec<(&str, Vec<&str>)> = features
        .split('|')
        .filter_map(|feature| feature.split_once('='))
        .map(|(field, values)| (field, values.split(',').collect()))
        .collect();
    fields.sort();
    let feature = |(field, mut values): (&str, Vec<&str>)| {
        values.sort_unstable();
        format!("{field}={}", values.join(","))
    };
    fields.into_iter().map(feature).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests;
