//! MessagePack, as spaCy and thinc write their files: bytes → a tree of borrowed values.

use std::fmt;

/// Nesting beyond this is refused; spaCy's files stay below ten.
const DEPTH_MAX: usize = 64;

/// Files beyond this many bytes are refused; large pipelines with vectors stay below one gibibyte.
const BYTES_MAX: usize = 1 << 31;

/// One value; strings and bytes borrow from the file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Nil,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Float(f64),
    Str(&'a str),
    Bin(&'a [u8]),
    Array(Vec<Value<'a>>),
    Map(Vec<(Value<'a>, Value<'a>)>),
    /// Application types: no spaCy file needs their content.
    Ext,
}

/// Why bytes are no MessagePack, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Error {
    what: &'static str,
    at: usize,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "not readable as MessagePack: {} at byte {}", self.what, self.at)
    }
}

impl<'a> Value<'a> {
    /// The entry of a map under a key, which may be a string or the bytes of one (numpy's writer makes those).
    pub(crate) fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.map()?.iter().find(|(k, _)| k.text() == Some(key)).map(|(_, v)| v)
    }

    /// A string, or bytes that are one.
    pub(crate) fn text(&self) -> Option<&'a str> {
        match self {
            Value::Str(s) => Some(s),
            Value::Bin(b) => std::str::from_utf8(b).ok(),
            _ => None,
        }
    }

    /// Bytes, or a string's.
    pub(crate) fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Value::Str(s) => Some(s.as_bytes()),
            Value::Bin(b) => Some(b),
            _ => None,
        }
    }

    pub(crate) fn array(&self) -> Option<&[Value<'a>]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn map(&self) -> Option<&[(Value<'a>, Value<'a>)]> {
        match self {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub(crate) fn uint(&self) -> Option<u64> {
        match *self {
            Value::UInt(n) => Some(n),
            Value::Int(n) => u64::try_from(n).ok(),
            _ => None,
        }
    }

    /// A whole number within `i64`.
    pub(crate) fn int(&self) -> Option<i64> {
        match *self {
            Value::Int(n) => Some(n),
            Value::UInt(n) => i64::try_from(n).ok(),
            _ => None,
        }
    }
}

/// Reads one value that fills all the bytes.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value<'_>, Error> {
    if bytes.len() > BYTES_MAX {
        return Err(Error { what: "too many bytes", at: BYTES_MAX });
    }
    let mut input = Input { bytes, at: 0 };
    let value = input.value(0)?;
    match input.at == bytes.len() {
        true => Ok(value),
        false => Err(input.error("bytes after the end")),
    }
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn error(&self, what: &'static str) -> Error {
        Error { what, at: self.at }
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Error> {
        let rest = &self.bytes[self.at..];
        let taken = rest.get(..len).ok_or(self.error("an end too early"))?;
        self.at += len;
        Ok(taken)
    }

    /// A big-endian number of `width` bytes.
    fn number(&mut self, width: usize) -> Result<u64, Error> {
        Ok(self.take(width)?.iter().fold(0, |n, &byte| n << 8 | u64::from(byte)))
    }

    fn size(&mut self, width: usize) -> Result<usize, Error> {
        let n = self.number(width)?;
        usize::try_from(n).map_err(|_| self.error("a length too great"))
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, Error> {
        if depth > DEPTH_MAX {
            return Err(self.error("too deep a nesting"));
        }
        let marker = self.take(1)?[0];
        let low = usize::from(marker);
        match marker {
            0x00..=0x7f => Ok(Value::Int(i64::from(marker))),
            0x80..=0x8f => self.map(low & 15, depth),
            0x90..=0x9f => self.array(low & 15, depth),
            0xa0..=0xbf => self.text(low & 31),
            0xe0..=0xff => Ok(Value::Int(i64::from(marker as i8))),
            0xc0..=0xdf => self.marked(marker, depth),
        }
    }

    /// A value whose marker stands by itself.
    fn marked(&mut self, marker: u8, depth: usize) -> Result<Value<'a>, Error> {
        Ok(match marker {
            0xc0 => Value::Nil,
            0xc1 => return Err(self.error("the byte that is never used")),
            0xc2 | 0xc3 => Value::Bool(marker == 0xc3),
            0xc4..=0xc6 => {
                let len = self.size(1 << (marker - 0xc4))?;
                Value::Bin(self.take(len)?)
            }
            0xc7..=0xc9 => {
                let len = self.size(1 << (marker - 0xc7))?;
                self.ext(len)?
            }
            0xca => Value::Float(f64::from(f32::from_bits(self.number(4)? as u32))),
            0xcb => Value::Float(f64::from_bits(self.number(8)?)),
            0xcc..=0xcf => Value::UInt(self.number(1 << (marker - 0xcc))?),
            0xd0 => Value::Int(i64::from(self.number(1)? as i8)),
            0xd1 => Value::Int(i64::from(self.number(2)? as i16)),
            0xd2 => Value::Int(i64::from(self.number(4)? as i32)),
            0xd3 => Value::Int(self.number(8)? as i64),
            0xd4..=0xd8 => self.ext(1 << (marker - 0xd4))?,
            0xd9..=0xdb => {
                let len = self.size(1 << (marker - 0xd9))?;
                return self.text(len);
            }
            0xdc | 0xdd => {
                let len = self.size(2 << (marker - 0xdc))?;
                return self.array(len, depth);
            }
            _ => {
                let len = self.size(if marker == 0xde { 2 } else { 4 })?;
                return self.map(len, depth);
            }
        })
    }

    fn ext(&mut self, len: usize) -> Result<Value<'a>, Error> {
        self.take(1)?;
        self.take(len)?;
        Ok(Value::Ext)
    }

    fn text(&mut self, len: usize) -> Result<Value<'a>, Error> {
        let bytes = self.take(len)?;
        std::str::from_utf8(bytes).map(Value::Str).map_err(|_| self.error("a string that is no UTF-8"))
    }

    /// Each item takes a byte at least, so a length beyond the rest is refused before anything is reserved.
    fn plausible(&self, len: usize, item_bytes: usize) -> Result<(), Error> {
        match len <= (self.bytes.len() - self.at) / item_bytes {
            true => Ok(()),
            false => Err(self.error("a length beyond the end")),
        }
    }

    fn array(&mut self, len: usize, depth: usize) -> Result<Value<'a>, Error> {
        self.plausible(len, 1)?;
        let items: Result<_, _> = (0..len).map(|_| self.value(depth + 1)).collect();
        Ok(Value::Array(items?))
    }

    fn map(&mut self, len: usize, depth: usize) -> Result<Value<'a>, Error> {
        self.plausible(len, 2)?;
        let entries: Result<_, _> =
            (0..len).map(|_| Ok((self.value(depth + 1)?, self.value(depth + 1)?))).collect();
        Ok(Value::Map(entries?))
    }
}

/// Writes a value, for tests that need a file of spaCy's.
#[cfg(test)]
pub(crate) fn encode(value: &Value<'_>, out: &mut Vec<u8>) {
    let mut head = |marker: u8, len: usize| {
        out.push(marker);
        out.extend((len as u32).to_be_bytes());
    };
    match value {
        Value::Nil => out.push(0xc0),
        Value::Bool(yes) => out.push(if *yes { 0xc3 } else { 0xc2 }),
        Value::Int(n) => {
            out.push(0xd3);
            out.extend(n.to_be_bytes());
        }
        Value::UInt(n) => {
            out.push(0xcf);
            out.extend(n.to_be_bytes());
        }
        Value::Float(x) => {
            out.push(0xcb);
            out.extend(x.to_be_bytes());
        }
        Value::Str(text) => {
            head(0xdb, text.len());
            out.extend(text.as_bytes());
        }
        Value::Bin(bytes) => {
            head(0xc6, bytes.len());
            out.extend(*bytes);
        }
        Value::Array(items) => {
            head(0xdd, items.len());
            items.iter().for_each(|item| encode(item, out));
        }
        Value::Map(entries) => {
            head(0xdf, entries.len());
            for (key, value) in entries {
                encode(key, out);
                encode(value, out);
            }
        }
        Value::Ext => out.extend([0xd4, 0, 0]),
    }
}

#[cfg(test)]
mod tests {
    use super::{DEPTH_MAX, Value, encode, parse};
    use proptest::prelude::*;

    #[test]
    fn every_family_of_markers() {
        let read = |bytes: &'static [u8]| parse(bytes).unwrap();
        assert_eq!(read(&[0x07]), Value::Int(7));
        assert_eq!(read(&[0xff]), Value::Int(-1));
        assert_eq!(read(&[0xd1, 0xff, 0x00]), Value::Int(-256));
        assert_eq!(read(&[0xcd, 0x01, 0x00]).uint(), Some(256));
        assert_eq!(read(&[0xcf, 255, 255, 255, 255, 255, 255, 255, 255]), Value::UInt(u64::MAX));
        assert_eq!(read(&[0xca, 0x3f, 0xc0, 0, 0]), Value::Float(1.5));
        assert_eq!(read(b"\xa2ab"), Value::Str("ab"));
        assert_eq!(read(b"\xd9\x02ab"), Value::Str("ab"));
        assert_eq!(read(b"\xc4\x02ab").text(), Some("ab"));
        assert_eq!(read(&[0xd4, 1, 2]), Value::Ext);
        assert_eq!(read(&[0x92, 0xc0, 0xc3]), Value::Array(vec![Value::Nil, Value::Bool(true)]));
        assert_eq!(read(&[0xdc, 0, 1, 0xc2]), Value::Array(vec![Value::Bool(false)]));
        assert_eq!(read(b"\x82\xa1a\x01\xc4\x01b\x02").get("b"), Some(&Value::Int(2)));
    }

    #[test]
    fn damage_is_a_sentence() {
        let say = |bytes: &[u8]| parse(bytes).unwrap_err().to_string();
        assert_eq!(say(b"\xa2a"), "not readable as MessagePack: an end too early at byte 1");
        assert!(say(&[0xdd, 0xff, 0xff, 0xff, 0xff]).contains("beyond the end"));
        assert!(say(&[0xa1, 0xff]).contains("UTF-8"));
        assert!(say(&[0x01, 0x01]).contains("after the end"));
        assert!(say(&[0x91; DEPTH_MAX + 2]).contains("nesting"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn nested_bytes_do_not_panic(
            bytes in proptest::collection::vec(prop_oneof![0x80u8..0xa4, 0xc0u8..0xe0, any::<u8>()], 0..300)
        ) {
            let _ = parse(&bytes);
        }

        #[test]
        fn values_come_back(n in any::<i64>(), u in any::<u64>(), text in "\\PC{0,40}", bytes in any::<[u8; 5]>()) {
            let list = Value::Array(vec![Value::Int(n), Value::UInt(u), Value::Nil, Value::Float(0.5)]);
            let map = Value::Map(vec![(Value::Str(&text), list), (Value::Bin(&bytes), Value::Bool(true))]);
            let mut file = Vec::new();
            encode(&map, &mut file);
            prop_assert_eq!(parse(&file), Ok(map));
        }
    }
}
