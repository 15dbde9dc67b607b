//! The archive's own form of the model's types: compact bytes, read back equal.
//!
//! Numbers are LEB128, texts and lists begin with their length, an enum is the number of its variant. Nothing
//! names a field: the form changes with the types, so each archive notes the form it was written in
//! ([`FORM`]), and what another form wrote is made again from the captures.

mod finding;
mod reading;
mod statement;
#[cfg(test)]
mod tests;

use rust_decimal::Decimal;

pub(crate) use finding::Findings;
pub(crate) use reading::Page;

/// Number of the form: raised whenever a type of the model, or the way it is written, changes. A test knows the bytes
/// that each form gives, so that none can change in silence.
pub(crate) const FORM: u32 = 3;

/// A type with a form in bytes.
pub(crate) trait Wire: Sized {
    /// Appends the value's bytes.
    fn write(&self, out: &mut Vec<u8>);
    /// Takes a value off the front.
    fn read(input: &mut Input<'_>) -> Result<Self, Damaged>;
}

/// Bytes that no value of ours has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damaged;

/// What is still to be read, and the ids that a `&'static str` may be.
pub(crate) struct Input<'a> {
    bytes: &'a [u8],
    names: &'a [&'static str],
}

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(Damaged)?;
        self.bytes = rest;
        Ok(taken)
    }
}

/// The bytes of a value.
pub(crate) fn to_bytes<T: Wire>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    value.write(&mut out);
    out
}

/// The value of these bytes, all of them. `names` are the ids of discrepancy kinds.
pub(crate) fn from_bytes<T: Wire>(bytes: &[u8], names: &[&'static str]) -> Result<T, Damaged> {
    let mut input = Input { bytes, names };
    let value = T::read(&mut input)?;
    if input.bytes.is_empty() { Ok(value) } else { Err(Damaged) }
}

/// Gives structs their form: their fields in the order named here. A field that is missing does not compile.
macro_rules! wire_struct {
    ($($type:ident { $($field:ident),* $(,)? $(; $left:ident)? })*) => { $(
        impl crate::codec::Wire for $type {
            fn write(&self, out: &mut Vec<u8>) {
                let $type { $($field,)* $($left: _)? } = self;
                $( crate::codec::Wire::write($field, out); )*
            }
            fn read(input: &mut crate::codec::Input<'_>) -> Result<Self, crate::codec::Damaged> {
                $( let $field = crate::codec::Wire::read(input)?; )*
                Ok($type { $($field,)* $($left: Default::default())? })
            }
        }
        #[cfg(test)]
        impl crate::codec::tests::Roll for $type {
            fn roll(dice: &mut crate::codec::tests::Dice) -> Self {
                $( let $field = crate::codec::tests::Roll::roll(dice); )*
                $type { $($field,)* $($left: Default::default())? }
            }
        }
    )* };
}

/// Gives enums without fields their form: the number of the variant, counted from 0 in the order named here.
macro_rules! wire_enum {
    ($($type:ident { $($variant:ident),* $(,)? })*) => { $(
        impl crate::codec::Wire for $type {
            fn write(&self, out: &mut Vec<u8>) {
                const VARIANTS: &[$type] = &[$($type::$variant),*];
                // A variant that is missing above does not compile here.
                match self {
                    $( $type::$variant => {} )*
                }
                let place = VARIANTS.iter().position(|variant| variant == self);
                let number = place.and_then(|place| u8::try_from(place).ok());
                let number = number.expect("every variant is in its table, and there are fewer than 256");
                out.push(number);
            }
            fn read(input: &mut crate::codec::Input<'_>) -> Result<Self, crate::codec::Damaged> {
                const VARIANTS: &[$type] = &[$($type::$variant),*];
                let number = input.take(1)?[0];
                VARIANTS.get(usize::from(number)).copied().ok_or(crate::codec::Damaged)
            }
        }
        #[cfg(test)]
        impl crate::codec::tests::Roll for $type {
            fn roll(dice: &mut crate::codec::tests::Dice) -> Self {
                const VARIANTS: &[$type] = &[$($type::$variant),*];
                VARIANTS[dice.below(VARIANTS.len())]
            }
        }
    )* };
}

pub(crate) use {wire_enum, wire_struct};

impl Wire for u64 {
    fn write(&self, out: &mut Vec<u8>) {
        let mut rest = *self;
        while rest >= 0x80 {
            out.push((rest as u8) | 0x80);
            rest >>= 7;
        }
        out.push(rest as u8);
    }

    fn read(input: &mut Input<'_>) -> Result<u64, Damaged> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = input.take(1)?[0];
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(Damaged);
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Damaged)
    }
}

impl Wire for usize {
    fn write(&self, out: &mut Vec<u8>) {
        (*self as u64).write(out);
    }

    fn read(input: &mut Input<'_>) -> Result<usize, Damaged> {
        u64::read(input)?.try_into().map_err(|_| Damaged)
    }
}

impl Wire for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn read(input: &mut Input<'_>) -> Result<bool, Damaged> {
        match input.take(1)? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err(Damaged),
        }
    }
}

impl Wire for f32 {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }

    fn read(input: &mut Input<'_>) -> Result<f32, Damaged> {
        input.take(4)?.try_into().map(f32::from_le_bytes).map_err(|_| Damaged)
    }
}

impl Wire for f64 {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }

    fn read(input: &mut Input<'_>) -> Result<f64, Damaged> {
        input.take(8)?.try_into().map(f64::from_le_bytes).map_err(|_| Damaged)
    }
}

impl Wire for Decimal {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.serialize());
    }

    fn read(input: &mut Input<'_>) -> Result<Decimal, Damaged> {
        input.take(16)?.try_into().map(Decimal::deserialize).map_err(|_| Damaged)
    }
}

impl Wire for String {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        out.extend(self.as_bytes());
    }

    fn read(input: &mut Input<'_>) -> Result<String, Damaged> {
        let length = usize::read(input)?;
        String::from_utf8(input.take(length)?.to_vec()).map_err(|_| Damaged)
    }
}

impl Wire for Box<str> {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        out.extend(self.as_bytes());
    }

    fn read(input: &mut Input<'_>) -> Result<Box<str>, Damaged> {
        String::read(input).map(String::into_boxed_str)
    }
}

/// Ids of tables that are constants of the program: read back as the constant itself.
impl Wire for &'static str {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        out.extend(self.as_bytes());
    }

    fn read(input: &mut Input<'_>) -> Result<&'static str, Damaged> {
        let length = usize::read(input)?;
        let found = input.take(length)?;
        let known = reading::PRECISIONS.iter().chain(input.names).find(|name| name.as_bytes() == found);
        known.copied().ok_or(Damaged)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            None => out.push(0),
            Some(value) => {
                out.push(1);
                value.write(out);
            }
        }
    }

    fn read(input: &mut Input<'_>) -> Result<Option<T>, Damaged> {
        Ok(if bool::read(input)? { Some(T::read(input)?) } else { None })
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        for value in self {
            value.write(out);
        }
    }

    fn read(input: &mut Input<'_>) -> Result<Vec<T>, Damaged> {
        let count = usize::read(input)?;
        // Every value of ours takes a byte or more: a longer list is damaged, and must not take memory.
        if count > input.bytes.len() {
            return Err(Damaged);
        }
        let mut values = Vec::with_capacity(count.min(1024));
        for _ in 0..count {
            values.push(T::read(input)?);
        }
        Ok(values)
    }
}

impl<T: Wire, const N: usize> Wire for [T; N] {
    fn write(&self, out: &mut Vec<u8>) {
        for value in self {
            value.write(out);
        }
    }

    fn read(input: &mut Input<'_>) -> Result<[T; N], Damaged> {
        let mut values = Vec::with_capacity(N);
        for _ in 0..N {
            values.push(T::read(input)?);
        }
        values.try_into().map_err(|_| Damaged)
    }
}
