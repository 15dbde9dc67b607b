//! What a rule asks of one token.

use crate::lexeme::shape;
use crate::msgpack::Value;
use crate::pack::{self, Reader, Writer};
use crate::pattern::{Pattern, Scratch};
use crate::unicode::{is_digit, is_letter};
use std::cell::OnceCell;

/// What a condition looks at: of the word form, or of what has been found out about the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Attribute {
    Orth,
    Lower,
    Shape,
    Prefix,
    Suffix,
    IsSpace,
    IsAlpha,
    IsDigit,
    IsAscii,
    Tag,
    Part,
    Morph,
    Label,
}

/// spaCy's names, in the order of [`Attribute`].
const ATTRIBUTES: &[(&str, Attribute)] = &[
    ("ORTH", Attribute::Orth),
    ("LOWER", Attribute::Lower),
    ("SHAPE", Attribute::Shape),
    ("PREFIX", Attribute::Prefix),
    ("SUFFIX", Attribute::Suffix),
    ("IS_SPACE", Attribute::IsSpace),
    ("IS_ALPHA", Attribute::IsAlpha),
    ("IS_DIGIT", Attribute::IsDigit),
    ("IS_ASCII", Attribute::IsAscii),
    ("TAG", Attribute::Tag),
    ("POS", Attribute::Part),
    ("MORPH", Attribute::Morph),
    ("DEP", Attribute::Label),
    ("TEXT", Attribute::Orth),
];

impl Attribute {
    /// Whether it is known from the word form alone.
    pub(super) fn is_of_form(self) -> bool {
        self < Attribute::Tag
    }
}

/// How the attribute's value has to be. Yes and no are "1" and "0".
#[derive(Clone, Debug)]
enum Test {
    In(Vec<Box<str>>),
    NotIn(Vec<Box<str>>),
    Matches(Box<Pattern>),
}

/// A condition on one attribute of a token.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) attribute: Attribute,
    test: Test,
}

impl Condition {
    /// The conditions of one entry of a token pattern, such as `"LOWER": {"IN": […]}`.
    pub(super) fn from_spacy(key: &Value<'_>, value: &Value<'_>) -> Result<Vec<Condition>, String> {
        let key = key.text().unwrap_or("");
        let name = key.to_ascii_uppercase();
        let found = ATTRIBUTES.iter().find(|(known, _)| *known == name);
        let &(_, attribute) = found.ok_or_else(|| format!("it asks for {key:?}, which is not supported"))?;
        let is = |test| Ok(vec![Condition { attribute, test }]);
        match value {
            Value::Str(text) => is(Test::In(vec![(*text).into()])),
            Value::Bool(yes) => is(Test::In(vec![if *yes { "1" } else { "0" }.into()])),
            Value::Map(tests) => tests
                .iter()
                .map(|(operator, operand)| Ok(Condition { attribute, test: test(operator, operand)? }))
                .collect(),
            _ => Err(format!("it compares {key:?} with something that is no string")),
        }
    }

    /// The words that the form in lower case has to be one of, if that is asked.
    pub(super) fn words(&self) -> Option<&[Box<str>]> {
        match &self.test {
            Test::In(words) if self.attribute == Attribute::Lower => Some(words),
            _ => None,
        }
    }

    pub(super) fn holds(&self, value: &str) -> bool {
        let lists = |list: &[Box<str>]| list.iter().any(|listed| **listed == *value);
        match &self.test {
            Test::In(list) => lists(list),
            Test::NotIn(list) => !lists(list),
            Test::Matches(pattern) => {
                let chars: Vec<char> = value.chars().collect();
                pattern.search(&mut Scratch::default(), &chars).is_some()
            }
        }
    }

    pub(super) fn write(&self, out: &mut Writer) {
        let place = ATTRIBUTES.iter().position(|&(_, attribute)| attribute == self.attribute);
        out.u8(place.expect("every attribute has a name") as u8);
        let write_list = |out: &mut Writer, list: &[Box<str>]| out.list(list, |out, item| out.str(item));
        match &self.test {
            Test::In(list) => {
                out.u8(0);
                write_list(out, list);
            }
            Test::NotIn(list) => {
                out.u8(1);
                write_list(out, list);
            }
            Test::Matches(pattern) => {
                out.u8(2);
                out.str(pattern.source());
            }
        }
    }

    pub(super) fn read(input: &mut Reader<'_>) -> Result<Condition, pack::Error> {
        let place = usize::from(input.u8()?);
        let &(_, attribute) = ATTRIBUTES.get(place).ok_or(input.error("an attribute that is not there"))?;
        let kind = input.u8()?;
        if kind == 2 {
            let pattern =
                Pattern::new(input.str()?).map_err(|_| input.error("an expression that is none"))?;
            return Ok(Condition { attribute, test: Test::Matches(Box::new(pattern)) });
        }
        let list = input.list(|input| Ok(input.str()?.into()))?;
        let test = match kind {
            0 => Test::In(list),
            1 => Test::NotIn(list),
            _ => return Err(input.error("a test that is not there")),
        };
        Ok(Condition { attribute, test })
    }
}

fn test(operator: &Value<'_>, operand: &Value<'_>) -> Result<Test, String> {
    let operator = operator.text().unwrap_or("");
    let strings = || {
        let items = operand.array().into_iter().flatten();
        let list: Option<Vec<Box<str>>> = items.map(|item| Some(item.text()?.into())).collect();
        list.ok_or_else(|| format!("its {operator} lists something that is no string"))
    };
    match operator {
        "IN" => strings().map(Test::In),
        "NOT_IN" => strings().map(Test::NotIn),
        "REGEX" => Pattern::new(operand.text().unwrap_or(""))
            .map(|pattern| Test::Matches(Box::new(pattern)))
            .map_err(|what| format!("its expression has {what}")),
        _ => Err(format!("it tests by {operator:?}, which is not supported")),
    }
}

/// The values of the attributes of a word form.
pub(super) struct FormValues<'a> {
    orth: &'a str,
    lower: String,
    /// Worked out when a rule asks for it; few do.
    shape: OnceCell<String>,
    is_space: bool,
}

impl<'a> FormValues<'a> {
    pub(super) fn new(orth: &'a str, is_space: bool) -> FormValues<'a> {
        FormValues { orth, lower: orth.to_lowercase(), shape: OnceCell::new(), is_space }
    }

    /// The value of an attribute of the form; empty for those of the token.
    pub(super) fn get(&self, attribute: Attribute) -> &str {
        let orth = self.orth;
        let yes_or_no = |yes: bool| if yes { "1" } else { "0" };
        match attribute {
            Attribute::Orth => orth,
            Attribute::Lower => &self.lower,
            Attribute::Shape => self.shape.get_or_init(|| shape(orth)),
            Attribute::Prefix => orth.get(..orth.chars().next().map_or(0, char::len_utf8)).unwrap_or(""),
            Attribute::Suffix => {
                orth.get(orth.char_indices().rev().nth(2).map_or(0, |(at, _)| at)..).unwrap_or("")
            }
            Attribute::IsSpace => yes_or_no(self.is_space),
            Attribute::IsAlpha => yes_or_no(orth.chars().all(is_letter)),
            Attribute::IsDigit => yes_or_no(orth.chars().all(is_digit)),
            Attribute::IsAscii => yes_or_no(orth.is_ascii()),
            Attribute::Tag | Attribute::Part | Attribute::Morph | Attribute::Label => "",
        }
    }
}
