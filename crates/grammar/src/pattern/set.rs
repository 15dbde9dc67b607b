//! A set of characters, as a class of an expression describes it.

use crate::unicode::{is_decimal, is_space, is_word};

/// The classes with a letter: `\d`, `\s`, `\w`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Decimal,
    Space,
    Word,
}

impl Kind {
    fn contains(self, c: char) -> bool {
        match self {
            Kind::Decimal => is_decimal(c),
            Kind::Space => is_space(c),
            Kind::Word => is_word(c),
        }
    }
}

/// What a class lists; [`Set::new`] makes it quick to ask.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Listing {
    pub(super) ranges: Vec<(char, char)>,
    /// Classes with a letter, and whether the small letter (`\d`) or the capital one (`\D`) stands there.
    pub(super) kinds: Vec<(Kind, bool)>,
    pub(super) negated: bool,
    pub(super) any_case: bool,
}

/// A set of characters.
#[derive(Clone, Debug)]
pub(super) struct Set {
    /// The answer for the 128 ASCII characters.
    pub(super) ascii: u128,
    listing: Listing,
}

impl Set {
    pub(super) fn new(mut listing: Listing) -> Set {
        listing.ranges.sort_unstable();
        let mut merged: Vec<(char, char)> = Vec::with_capacity(listing.ranges.len());
        for (first, last) in listing.ranges {
            match merged.last_mut() {
                Some(before) if first <= before.1 => before.1 = before.1.max(last),
                _ => merged.push((first, last)),
            }
        }
        listing.ranges = merged;
        let mut set = Set { ascii: 0, listing };
        for n in 0..128u8 {
            if set.look_up(char::from(n)) {
                set.ascii |= 1 << n;
            }
        }
        set
    }

    pub(super) fn contains(&self, c: char) -> bool {
        match c.is_ascii() {
            true => self.ascii >> u32::from(c) & 1 == 1,
            false => self.look_up(c),
        }
    }

    /// Whether some character beyond ASCII may be in it.
    pub(super) fn reaches_beyond_ascii(&self) -> bool {
        let Listing { ranges, kinds, negated, any_case } = &self.listing;
        // The Kelvin sign, the long s and the i's of Turkish: the only ones whose other case is in ASCII.
        let folds = ['\u{212a}', '\u{17f}', '\u{131}', '\u{130}'];
        *negated
            || !kinds.is_empty()
            || ranges.iter().any(|&(_, last)| !last.is_ascii())
            || *any_case && folds.into_iter().any(|c| self.look_up(c))
    }

    fn look_up(&self, c: char) -> bool {
        let mut found = self.lists(c);
        if self.listing.any_case && !found {
            let other = |mut cases: Box<dyn Iterator<Item = char>>| match (cases.next(), cases.next()) {
                (Some(other), None) => self.lists(other),
                _ => false,
            };
            found = other(Box::new(c.to_lowercase())) || other(Box::new(c.to_uppercase()));
        }
        found != self.listing.negated
    }

    fn lists(&self, c: char) -> bool {
        let ranges = &self.listing.ranges;
        let after = ranges.partition_point(|&(first, _)| first <= c);
        after > 0 && c <= ranges[after - 1].1
            || self.listing.kinds.iter().any(|&(kind, wanted)| kind.contains(c) == wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Listing, Set};

    #[test]
    fn ranges_kinds_and_their_contrary() {
        let listing = Listing {
            ranges: vec![('x', 'z'), ('а', 'я'), ('y', 'y')],
            kinds: vec![(Kind::Decimal, true)],
            negated: false,
            any_case: false,
        };
        let set = Set::new(listing.clone());
        assert!("xz5жя٣".chars().all(|c| set.contains(c)));
        assert!("wЖ ½".chars().all(|c| !set.contains(c)));
        let rest = Set::new(Listing { negated: true, ..listing.clone() });
        assert!("wЖ ½".chars().all(|c| rest.contains(c)));
        let folded = Set::new(Listing { any_case: true, ..listing });
        assert!("XyЖ".chars().all(|c| folded.contains(c)));
    }

    #[test]
    fn only_some_sets_without_regard_to_case_reach_beyond_ascii() {
        let reaches = |c| {
            let listing = Listing { ranges: vec![(c, c)], any_case: true, ..Listing::default() };
            let set = Set::new(listing);
            let found = ('\u{80}'..=char::MAX).any(|c| set.contains(c));
            assert_eq!(set.reaches_beyond_ascii(), found, "{c}");
            found
        };
        assert!(reaches('k') && reaches('S') && reaches('ä'));
        assert!(('a'..='h').all(|c| !reaches(c)));
    }
}
