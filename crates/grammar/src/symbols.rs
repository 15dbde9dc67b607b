//! The numbers of strings in spaCy: small and fixed for its own symbols, a hash for all others.

use crate::hash;

/// Names of spaCy's symbols, in runs of successive numbers.
#[rustfmt::skip]
const SYMBOLS: &[(u64, &[&str])] = &[
    (1, &[
        "IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER", "IS_PUNCT", "IS_SPACE", "IS_TITLE", "IS_UPPER",
        "LIKE_URL", "LIKE_NUM", "LIKE_EMAIL", "IS_STOP", "IS_OOV_DEPRECATED", "IS_BRACKET", "IS_QUOTE",
        "IS_LEFT_PUNCT", "IS_RIGHT_PUNCT", "IS_CURRENCY"
    ]),
    (64, &[
        "ID", "ORTH", "LOWER", "NORM", "SHAPE", "PREFIX", "SUFFIX", "LENGTH", "CLUSTER", "LEMMA", "POS",
        "TAG", "DEP", "ENT_IOB", "ENT_TYPE", "HEAD", "SENT_START", "SPACY", "PROB", "LANG", "ADJ", "ADP",
        "ADV", "AUX", "CONJ", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT",
        "SCONJ", "SYM", "VERB", "X", "EOL", "SPACE"
    ]),
    (380, &[
        "PERSON", "NORP", "FACILITY", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LANGUAGE",
        "LAW", "DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL", "acomp", "advcl",
        "advmod", "agent", "amod", "appos", "attr", "aux", "auxpass", "cc", "ccomp", "complm", "conj",
        "cop", "csubj", "csubjpass", "dep", "det", "dobj", "expl", "hmod", "hyph", "infmod", "intj", "iobj",
        "mark", "meta", "neg", "nmod", "nn", "npadvmod", "nsubj", "nsubjpass", "num", "number", "oprd",
        "obj", "obl", "parataxis", "partmod", "pcomp", "pobj", "poss", "possessive", "preconj", "prep",
        "prt", "punct", "quantmod", "relcl", "rcmod", "root", "xcomp", "acl", "ENT_KB_ID", "MORPH",
        "ENT_ID", "IDX", "_"
    ]),
];

/// Symbols without meaning that are numbered through: what stands before the number, its digits, the number that
/// the first symbol carries, its number in spaCy, and how many there are.
const NUMBERED: &[(&str, usize, u64, u64, u64)] = &[("FLAG", 2, 19, 19, 45), ("DEPRECATED", 3, 1, 104, 276)];

/// spaCy's number of a string, which its hash tables and embeddings go by. The empty string has 0.
pub(crate) fn string_id(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    symbol(text).unwrap_or_else(|| hash::string(text.as_bytes()))
}

/// The names of spaCy's symbols that may be words: they are in no list of a vocabulary's strings.
pub(crate) fn names<'a>() -> impl Iterator<Item = &'a str> {
    SYMBOLS.iter().flat_map(|(_, names)| names.iter().copied())
}

fn symbol(text: &str) -> Option<u64> {
    // Words are asked for all the time and are hardly ever symbols; most are told apart by these two.
    if text.len() > 13 || !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return None;
    }
    for &(prefix, digits, first, id, count) in NUMBERED {
        let number = text.strip_prefix(prefix).filter(|rest| rest.len() == digits);
        if let Some(n) = number.and_then(|rest| rest.parse::<u64>().ok()) {
            return n.checked_sub(first).filter(|&n| n < count).map(|n| id + n);
        }
    }
    SYMBOLS.iter().find_map(|&(first, names)| {
        let place = names.iter().position(|&name| name == text)?;
        Some(first + place as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::string_id;

    /// Numbers from spaCy's own string store.
    #[test]
    fn numbers_are_those_of_spacy() {
        assert_eq!(string_id(""), 0);
        assert_eq!(string_id("X"), 101);
        assert_eq!(string_id("_"), 456);
        assert_eq!(string_id("number"), 432);
        assert_eq!(string_id("FLAG19"), 19);
        assert_eq!(string_id("FLAG63"), 63);
        assert_eq!(string_id("FLAG64"), 1_510_155_025_906_635_710);
        assert_eq!(string_id("DEPRECATED001"), 104);
        assert_eq!(string_id("DEPRECATED276"), 379);
        assert_eq!(string_id("DEPRECATED277"), 3_599_742_205_655_016_057);
        assert_eq!(string_id("IS_ALPHA"), 1);
        assert_eq!(string_id("acl"), 451);
        assert_eq!(string_id("PERSON"), 380);
        assert_eq!(string_id("person"), 14_800_503_047_316_267_216);
        assert_eq!(string_id("toll"), 5_754_576_377_250_172_079);
        assert_eq!(string_id("Brückenzoll"), 15_463_228_047_866_916_339);
        assert_eq!(string_id("corroborate"), 10_505_703_428_652_314_381);
    }
}
