//! What `languages/<code>/figures.toml` holds: number words, units, hedges of quantities.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::phrase::Phrases;
use super::word::{WordMap, WordSet};

/// Words by which quantities are told.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Table")]
pub struct FigureWords {
    /// "a", "an".
    pub articles: WordSet,
    /// "and" in "two hundred and six".
    pub joiners: WordSet,
    /// "point" in "two point five".
    pub points: WordSet,
    /// "minus".
    pub minus: WordSet,
    /// "between".
    pub range_openers: WordSet,
    /// "and" after "between 8".
    pub range_joiners: WordSet,
    /// "to" in "10 to 20".
    pub plain_range_joiners: WordSet,
    /// "from": what follows are two values, not a range.
    pub range_breakers: WordSet,
    /// "in" in "one in five".
    pub share_joiners: Phrases<()>,
    /// "of".
    pub of: WordSet,
    /// "them" in "eight of them".
    pub partitives: WordSet,
    /// "old" in "ten years old".
    pub age_words: Phrases<()>,
    /// "aged" before a number.
    pub age_openers: WordSet,
    /// How a counted age is told: "age of".
    pub age_label: String,
    /// The head of figures that are ages.
    pub age_head: String,
    /// The head of figures that count people without a noun.
    pub person: String,
    /// Lemmas of nouns that mean people in general.
    pub person_words: WordSet,
    /// Words after "one" that show it counts nothing.
    pub one_idioms: WordSet,
    /// Words before "one" that show it counts nothing.
    pub one_breakers: WordSet,
    /// Words before a number that is a name: "page 3".
    pub labels: WordSet,
    /// Last words of addresses.
    pub streets: WordSet,
    /// Counting nouns to look through at "of".
    pub containers: WordSet,
    /// "killed", "missing": what happens to people, said without a noun.
    pub casualty_words: WordSet,
    /// Lemmas of verbs whose bare number object is people.
    pub casualty_verbs: WordSet,
    /// Values of number words below a hundred.
    pub numbers: WordMap<i64>,
    /// Values of words that multiply.
    pub scales: WordMap<i64>,
    /// Signs after digits that multiply.
    pub scale_signs: WordMap<i64>,
    /// Lower parts of fractions, singular and plural.
    pub denominators: WordMap<i64>,
    /// What follows digits in an ordinal.
    pub ordinal_endings: WordSet,
    /// Numerals without a number: "dozens".
    pub vague: Phrases<Vague>,
    /// Vague numerals before a scale: "several" hundred.
    pub vague_factors: Phrases<Vague>,
    /// Before a number.
    pub hedges: Phrases<Sense>,
    /// After a number.
    pub late_hedges: Phrases<Sense>,
    /// Unit names in running text, with their canonical names.
    pub units: Phrases<String>,
    /// Signs that are units straight after a number.
    pub unit_signs: Phrases<String>,
    /// Lengths that "a" alone can measure.
    pub lengths: Lengths,
    /// How many of the second unit make one of the first, by "first second".
    pub compound: WordMap<i64>,
    /// Names of currencies, with their codes.
    pub currency_words: Phrases<String>,
    /// Signs and codes of currencies.
    pub currency_signs: Phrases<String>,
    /// Every word with which a quantity can begin.
    pub quantities: WordSet,
    /// Parts of currencies.
    pub small_money: WordMap<SmallMoney>,
    /// Units that are told in another: a decade is ten years.
    pub multiples: WordMap<Multiple>,
    /// The unit of an age without one.
    pub age_unit: String,
    /// "s" after a decade.
    pub decade_endings: WordSet,
    /// "ago".
    pub ago: WordSet,
    /// Units of which "ago" tells a date.
    pub ago_dates: WordSet,
    /// Names of money that are weights too: "pound".
    pub weights: WordSet,
    /// "the" before a number that stands for what was named.
    pub pronoun_openers: WordSet,
    /// Words after "half" that show a part is meant: "half of", "half the".
    pub half_openers: WordSet,
    /// Words before "half" that make it a period: "the first half".
    pub half_breakers: WordSet,
}

/// A numeral that gives no number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vague {
    /// The least it can mean.
    pub low: i64,
    /// The most it can mean, where there is such a bound.
    pub high: Option<i64>,
    /// What must follow: `noun`, `of` or nothing.
    #[serde(default)]
    pub needs: Needs,
}

/// What must follow a vague numeral for it to be one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needs {
    /// Nothing.
    #[default]
    #[serde(rename = "")]
    Nothing,
    /// Something counted.
    Noun,
    /// "of", a number or something counted, or what happens to people.
    Of,
}

/// What a hedge makes of a number N.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sense {
    /// N or more.
    Minimum,
    /// N or less.
    Maximum,
    /// 90 to 110 % of N.
    About,
    /// 90 to 100 % of N.
    Nearly,
    /// N itself.
    Exact,
}

/// Lengths that "a" alone can measure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lengths {
    /// Canonical units.
    pub units: WordSet,
    /// Words that show that a length is measured: "for a month".
    pub spans: WordSet,
    /// Words after a unit that make it one: "month-long".
    pub closers: WordSet,
}

/// A part of a currency.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmallMoney {
    /// Code of the currency.
    pub currency: String,
    /// How many make one of it.
    pub parts: i64,
}

/// A unit as so many of another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multiple {
    /// The other unit.
    pub unit: String,
    /// How many of it.
    pub times: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Currency {
    words: Vec<String>,
    signs: Vec<String>,
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    articles: WordSet,
    joiners: WordSet,
    points: WordSet,
    minus: WordSet,
    range_openers: WordSet,
    range_joiners: WordSet,
    plain_range_joiners: WordSet,
    range_breakers: WordSet,
    share_joiners: Vec<String>,
    of: WordSet,
    partitives: WordSet,
    age_words: Vec<String>,
    age_openers: WordSet,
    age_label: String,
    age_head: String,
    person: String,
    person_words: WordSet,
    one_idioms: WordSet,
    one_breakers: WordSet,
    labels: WordSet,
    streets: WordSet,
    containers: WordSet,
    casualty_words: WordSet,
    casualty_verbs: WordSet,
    numbers: WordMap<i64>,
    scales: WordMap<i64>,
    scale_signs: WordMap<i64>,
    denominators: WordMap<i64>,
    ordinal_endings: WordSet,
    vague: Phrases<Vague>,
    vague_factors: Phrases<Vague>,
    hedges: Phrases<Sense>,
    late_hedges: Phrases<Sense>,
    units: BTreeMap<String, Vec<String>>,
    unit_signs: BTreeMap<String, Vec<String>>,
    lengths: Lengths,
    compound: WordMap<i64>,
    currencies: BTreeMap<String, Currency>,
    small_money: WordMap<SmallMoney>,
    multiples: WordMap<Multiple>,
    age_unit: String,
    decade_endings: WordSet,
    ago: WordSet,
    ago_dates: WordSet,
    weights: WordSet,
    pronoun_openers: WordSet,
    half_openers: WordSet,
    half_breakers: WordSet,
}

impl From<Table> for FigureWords {
    fn from(mut table: Table) -> FigureWords {
        let mut currency_words = Vec::new();
        let mut currency_signs = Vec::new();
        for (code, currency) in std::mem::take(&mut table.currencies) {
            currency_words.extend(currency.words.into_iter().map(|word| (word, code.clone())));
            currency_signs.extend(currency.signs.into_iter().map(|sign| (sign, code.clone())));
        }
        let currency_signs = Phrases::new(currency_signs);
        let quantities = quantities(&table, &currency_signs);
        FigureWords {
            quantities,
            articles: table.articles,
            joiners: table.joiners,
            points: table.points,
            minus: table.minus,
            range_openers: table.range_openers,
            range_joiners: table.range_joiners,
            plain_range_joiners: table.plain_range_joiners,
            range_breakers: table.range_breakers,
            share_joiners: plain(table.share_joiners),
            of: table.of,
            partitives: table.partitives,
            age_words: plain(table.age_words),
            age_openers: table.age_openers,
            age_label: table.age_label,
            age_head: table.age_head,
            person: table.person,
            person_words: table.person_words,
            one_idioms: table.one_idioms,
            one_breakers: table.one_breakers,
            labels: table.labels,
            streets: table.streets,
            containers: table.containers,
            casualty_words: table.casualty_words,
            casualty_verbs: table.casualty_verbs,
            numbers: table.numbers,
            scales: table.scales,
            scale_signs: table.scale_signs,
            denominators: table.denominators,
            ordinal_endings: table.ordinal_endings,
            vague: table.vague,
            vague_factors: table.vague_factors,
            hedges: table.hedges,
            late_hedges: table.late_hedges,
            units: by_form(table.units),
            unit_signs: by_form(table.unit_signs),
            lengths: table.lengths,
            compound: table.compound,
            currency_words: Phrases::new(currency_words),
            currency_signs,
            small_money: table.small_money,
            multiples: table.multiples,
            age_unit: table.age_unit,
            decade_endings: table.decade_endings,
            ago: table.ago,
            ago_dates: table.ago_dates,
            weights: table.weights,
            pronoun_openers: table.pronoun_openers,
            half_openers: table.half_openers,
            half_breakers: table.half_breakers,
        }
    }
}

impl FigureWords {
    /// Words with which a number can begin, whatever follows them.
    pub(super) fn numbers(&self) -> impl Iterator<Item = &str> {
        let whole = self.numbers.keys().chain(self.scales.keys()).chain(self.denominators.keys());
        let vague = self.vague.lone().chain(self.vague_factors.lone());
        whole.chain(vague).chain(self.minus.iter())
    }
}

fn quantities(table: &Table, signs: &Phrases<String>) -> WordSet {
    let words = table.articles.iter().chain(table.minus.iter()).chain(table.range_openers.iter());
    let numbers = table.numbers.keys().chain(table.scales.keys()).chain(table.denominators.keys());
    let vague = table.vague.firsts().chain(table.vague_factors.firsts());
    let units = table.units.values().flatten().map(String::as_str).filter(|form| !form.contains(' '));
    let all = words.chain(numbers).chain(vague).chain(units).chain(signs.firsts());
    all.map(str::to_owned).collect()
}

/// Phrases of which only their presence counts.
fn plain(phrases: Vec<String>) -> Phrases<()> {
    Phrases::new(phrases.into_iter().map(|phrase| (phrase, ())))
}

/// From lists of forms by name to names by form.
fn by_form(names: BTreeMap<String, Vec<String>>) -> Phrases<String> {
    Phrases::new(
        names.into_iter().flat_map(|(name, forms)| forms.into_iter().map(move |form| (form, name.clone()))),
    )
}
