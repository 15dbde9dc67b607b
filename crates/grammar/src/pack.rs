//! The alphabet of our own model file: little-endian numbers, and everything else with its length in front.

use std::fmt;

/// Appends to the bytes of a model file.
#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn u8(&mut self, n: u8) {
        self.bytes.push(n);
    }

    pub(crate) fn u32(&mut self, n: u32) {
        self.bytes.extend(n.to_le_bytes());
    }

    pub(crate) fn u64(&mut self, n: u64) {
        self.bytes.extend(n.to_le_bytes());
    }

    pub(crate) fn f32(&mut self, x: f32) {
        self.bytes.extend(x.to_le_bytes());
    }

    /// A small number in few bytes: seven bits a byte, the lowest first.
    pub(crate) fn varint(&mut self, n: usize) {
        let mut n = n;
        while n > 0x7f {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.varint(bytes.len());
        self.bytes.extend(bytes);
    }

    pub(crate) fn str(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// A list: its length, then each item by `write`.
    pub(crate) fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Writer, &T)) {
        self.varint(items.len());
        for item in items {
            write(self, item);
        }
    }

    /// Strings in their order, each as what it shares with the one before (in bytes) and its rest: small
    /// for sorted tables.
    pub(crate) fn strings(&mut self, items: &[impl AsRef<str>]) {
        let mut previous: &[u8] = b"";
        self.varint(items.len());
        for item in items {
            let bytes = item.as_ref().as_bytes();
            let shared = previous.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            self.varint(shared);
            self.bytes(&bytes[shared..]);
            previous = bytes;
        }
    }
}

/// Why a model file cannot be read, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Error {
    pub(crate) what: &'static str,
    pub(crate) at: usize,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the model file is damaged: {} at byte {}", self.what, self.at)
    }
}

/// Reads what [`Writer`] wrote; never beyond the end, never more than there is.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    /// Whether everything has been read.
    pub(crate) fn is_done(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// An error at this place, for readers that check what they read.
    pub(crate) fn error(&self, what: &'static str) -> Error {
        Error { what, at: self.at }
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8], Error> {
        let taken = self.bytes[self.at..].get(..len).ok_or(self.error("an end too early"))?;
        self.at += len;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        Ok(self.take(N)?.try_into().expect("as many bytes as were asked for"))
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Error> {
        Ok(self.take(1)?[0])
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Error> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn f32(&mut self) -> Result<f32, Error> {
        self.array().map(f32::from_le_bytes)
    }

    /// At most 32 bits: no length in a model file needs more.
    pub(crate) fn varint(&mut self) -> Result<usize, Error> {
        let mut n = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = self.u8()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return usize::try_from(n)
                    .ok()
                    .filter(|&n| n <= u32::MAX as usize)
                    .ok_or(self.error("a number too great"));
            }
        }
        Err(self.error("a number without end"))
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Error> {
        let len = self.varint()?;
        self.take(len)
    }

    pub(crate) fn str(&mut self) -> Result<&'a str, Error> {
        let bytes = self.bytes()?;
        std::str::from_utf8(bytes).map_err(|_| self.error("a string that is no UTF-8"))
    }

    /// The length of a list whose items take a byte each at least, so that a damaged length reserves no memory.
    pub(crate) fn count(&mut self) -> Result<usize, Error> {
        let len = self.varint()?;
        match len <= self.bytes.len() - self.at {
            true => Ok(len),
            false => Err(self.error("a length beyond the end")),
        }
    }

    /// A list whose items take a byte each at least.
    pub(crate) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let len = self.count()?;
        (0..len).map(|_| read(self)).collect()
    }

    /// What [`Writer::strings`] wrote. The strings of a damaged file may grow by sharing, so their sum has a limit.
    pub(crate) fn strings(&mut self) -> Result<Strings, Error> {
        let len = self.count()?;
        let mut strings = Strings { text: String::new(), ends: Vec::with_capacity(len) };
        let mut current = Vec::new();
        for _ in 0..len {
            let shared = self.varint()?;
            if shared > current.len() {
                return Err(self.error("a string that shares more than there is"));
            }
            current.truncate(shared);
            current.extend(self.bytes()?);
            let text = std::str::from_utf8(&current).map_err(|_| self.error("a string that is no UTF-8"))?;
            strings.push(text).ok_or(self.error("too much text"))?;
        }
        Ok(strings)
    }
}

/// All strings of one table together may take this many bytes.
const TEXT_BYTES_MAX: usize = 1 << 26;

/// Many strings in one allocation, by number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Appends a string; `None` when the table is full.
    pub(crate) fn push(&mut self, text: &str) -> Option<()> {
        if self.text.len() + text.len() > TEXT_BYTES_MAX {
            return None;
        }
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        Some(())
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string of a number; empty when there is none.
    pub(crate) fn get(&self, number: usize) -> &str {
        let start = match number {
            0 => 0,
            _ => self.ends.get(number - 1).copied().unwrap_or(u32::MAX) as usize,
        };
        let end = self.ends.get(number).copied().unwrap_or(0) as usize;
        self.text.get(start..end).unwrap_or("")
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|n| self.get(n))
    }

    /// Number of a string in a table sorted by bytes.
    pub(crate) fn find(&self, text: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle).cmp(text) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// Whether each string is greater than the one before, as [`Strings::find`] needs it.
    pub(crate) fn is_sorted(&self) -> bool {
        (1..self.len()).all(|n| self.get(n - 1) < self.get(n))
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, Strings, Writer};
    use proptest::prelude::*;

    #[test]
    fn numbers_come_back() {
        let mut out = Writer::default();
        out.u8(7);
        out.u32(70_000);
        out.u64(u64::MAX);
        out.f32(-1.5);
        for n in [0, 127, 128, 16_384, u32::MAX as usize] {
            out.varint(n);
        }
        let mut input = Reader::new(&out.bytes);
        assert_eq!(input.u8(), Ok(7));
        assert_eq!(input.u32(), Ok(70_000));
        assert_eq!(input.u64(), Ok(u64::MAX));
        assert_eq!(input.f32(), Ok(-1.5));
        for n in [0, 127, 128, 16_384, u32::MAX as usize] {
            assert_eq!(input.varint(), Ok(n));
        }
        assert!(input.is_done());
        assert!(input.u8().is_err());
    }

    #[test]
    fn a_damaged_length_is_refused() {
        assert!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x7f]).varint().is_err());
        assert!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0xff, 0]).varint().is_err());
        assert!(Reader::new(&[0x7f]).count().is_err());
        assert!(Reader::new(&[1, 5, 0]).strings().is_err());
    }

    #[test]
    fn sorted_strings_are_found() {
        let mut strings = Strings::default();
        for text in ["", "bridge", "bridges", "toll"] {
            strings.push(text).unwrap();
        }
        assert!(strings.is_sorted());
        assert_eq!(strings.find("bridges"), Some(2));
        assert_eq!(strings.find(""), Some(0));
        assert_eq!(strings.find("to"), None);
        assert_eq!(strings.get(4), "");
    }

    proptest! {
        #[test]
        fn strings_come_back(texts in proptest::collection::vec("[aeß]{0,6}", 0..40)) {
            let mut out = Writer::default();
            out.strings(&texts);
            let read = Reader::new(&out.bytes).strings().unwrap();
            prop_assert!(read.iter().eq(texts.iter().map(String::as_str)));
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Reader::new(&bytes).strings();
            let mut input = Reader::new(&bytes);
            while input.list(|input| input.str().map(str::len)).is_ok() && !input.is_done() {}
        }
    }
}
