//! Whatever a value is, it is read back equal; whatever bytes there are, reading them ends without a panic.

use model::{Annotated, Event, Span, Standing, Statement, Status, Summary};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{FORM, Findings, Page, from_bytes, to_bytes};
use crate::captures::sha256;

const KINDS: &[&str] = &["figure-conflict", "date-conflict"];

/// A source of chance, told by a seed.
pub(crate) struct Dice(u64);

impl Dice {
    fn number(&mut self) -> u64 {
        // SplitMix64 (Steele, Lea, Flood 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.number() % count as u64) as usize
    }
}

/// A type of which a value can be made up.
pub(crate) trait Roll {
    fn roll(dice: &mut Dice) -> Self;
}

impl Roll for u64 {
    fn roll(dice: &mut Dice) -> u64 {
        let bits = dice.below(65) as u32;
        dice.number().checked_shr(bits).unwrap_or(0)
    }
}

impl Roll for usize {
    fn roll(dice: &mut Dice) -> usize {
        u64::roll(dice) as usize
    }
}

impl Roll for bool {
    fn roll(dice: &mut Dice) -> bool {
        dice.below(2) == 1
    }
}

impl Roll for f32 {
    fn roll(dice: &mut Dice) -> f32 {
        dice.below(1 << 20) as f32 / 1024.0 - 300.0
    }
}

impl Roll for f64 {
    fn roll(dice: &mut Dice) -> f64 {
        f64::from(f32::roll(dice))
    }
}

impl Roll for Decimal {
    fn roll(dice: &mut Dice) -> Decimal {
        Decimal::new(dice.number() as i64, dice.below(20) as u32)
    }
}

impl Roll for Span {
    fn roll(dice: &mut Dice) -> Span {
        let start = dice.below(1 << 24);
        Span::new(start, start + dice.below(1 << 12))
    }
}

impl Roll for String {
    fn roll(dice: &mut Dice) -> String {
        let pieces = ["", "Ana Ruiz", "14,000", "“quoted”", "\u{0}", "İß🙂", "x"];
        (0..dice.below(4)).map(|_| pieces[dice.below(pieces.len())]).collect()
    }
}

impl Roll for Box<str> {
    fn roll(dice: &mut Dice) -> Box<str> {
        String::roll(dice).into()
    }
}

impl Roll for &'static str {
    fn roll(dice: &mut Dice) -> &'static str {
        ["year", "day", "minute", KINDS[0], KINDS[1]][dice.below(5)]
    }
}

impl<T: Roll> Roll for Option<T> {
    fn roll(dice: &mut Dice) -> Option<T> {
        bool::roll(dice).then(|| T::roll(dice))
    }
}

impl<T: Roll> Roll for Vec<T> {
    fn roll(dice: &mut Dice) -> Vec<T> {
        (0..dice.below(4)).map(|_| T::roll(dice)).collect()
    }
}

impl<T: Roll, const N: usize> Roll for [T; N] {
    fn roll(dice: &mut Dice) -> [T; N] {
        std::array::from_fn(|_| T::roll(dice))
    }
}

impl Roll for Standing {
    fn roll(dice: &mut Dice) -> Standing {
        if bool::roll(dice) {
            Standing::Status(Status::roll(dice))
        } else {
            Standing::Value(Roll::roll(dice))
        }
    }
}

impl Roll for Annotated {
    fn roll(dice: &mut Dice) -> Annotated {
        Annotated {
            article: Roll::roll(dice),
            sentences: Roll::roll(dice),
            mentions: Roll::roll(dice),
            entities: Roll::roll(dice),
            quotations: Roll::roll(dice),
            figures: Roll::roll(dice),
            times: Roll::roll(dice),
            statements: Vec::new(),
        }
    }
}

/// The form, and a digest of what it makes of values that are the same in every run.
const FORM_AND_BYTES: (u32, &str) = (3, "8cc1b727f998f236ccf13d6bd83f349d864fbc80a70a3305dee1fdb77e53d340");

#[test]
fn another_form_has_another_number() {
    let mut bytes = Vec::new();
    for seed in 0..200 {
        let dice = &mut Dice(seed);
        bytes.extend(to_bytes(&Page(Annotated::roll(dice))));
        bytes.extend(to_bytes(&<Vec<Statement>>::roll(dice)));
        bytes.extend(to_bytes(&Findings::roll(dice)));
        bytes.extend(to_bytes(&Event::roll(dice)));
        bytes.extend(to_bytes(&Summary::roll(dice)));
    }
    assert_eq!(
        (FORM, sha256(&bytes).as_str()),
        FORM_AND_BYTES,
        "The bytes of an archive have another form than before: raise FORM in codec/mod.rs, and note the new number and \
         digest here. Archives of the old form are then refused with a sentence, and not misread."
    );
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_equal(seed in any::<u64>()) {
        let dice = &mut Dice(seed);
        let page = Annotated::roll(dice);
        let read: Page = from_bytes(&to_bytes(&Page(page.clone())), KINDS).unwrap();
        prop_assert_eq!(read.0, page);
        let statements: Vec<Statement> = Roll::roll(dice);
        prop_assert_eq!(from_bytes::<Vec<Statement>>(&to_bytes(&statements), KINDS).unwrap(), statements);
        let findings = Findings::roll(dice);
        let read: Findings = from_bytes(&to_bytes(&findings), KINDS).unwrap();
        prop_assert_eq!((read.members, read.story), (findings.members, findings.story));
        let (event, summary) = (Event::roll(dice), Summary::roll(dice));
        prop_assert_eq!(from_bytes::<Event>(&to_bytes(&event), KINDS).unwrap(), event);
        prop_assert_eq!(from_bytes::<Summary>(&to_bytes(&summary), KINDS).unwrap(), summary);
    }

    #[test]
    fn damaged_bytes_are_refused(seed in any::<u64>(), place in any::<usize>(), byte in any::<u8>()) {
        let dice = &mut Dice(seed);
        let mut bytes = to_bytes(&Page(Annotated::roll(dice)));
        let end = place % bytes.len();
        prop_assert!(from_bytes::<Page>(&bytes[..end], KINDS).is_err());
        bytes[end] = byte;
        // Whatever comes out, it comes out.
        drop(from_bytes::<Page>(&bytes, KINDS));
        drop(from_bytes::<Vec<Statement>>(&bytes, KINDS));
        drop(from_bytes::<Findings>(&bytes, KINDS));
    }
}
