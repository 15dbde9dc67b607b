//! A source read through a buffer, with the place of each byte.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use crate::stream::Source;

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 64 << 10;

/// Buffered bytes; unlike the standard library's reader it knows where it is, and can look further ahead.
pub(crate) struct Buffered<'a> {
    source: Box<dyn Source + 'a>,
    buffer: Vec<u8>,
    start: usize,
    /// Place of the buffer's end in the source.
    end_offset: u64,
}

impl<'a> Buffered<'a> {
    /// From where the source stands, which is its beginning.
    pub(crate) fn new(source: Box<dyn Source + 'a>) -> Buffered<'a> {
        Buffered { source, buffer: Vec::new(), start: 0, end_offset: 0 }
    }

    /// Place of the next byte.
    pub(crate) fn offset(&self) -> u64 {
        self.end_offset - (self.buffer.len() - self.start) as u64
    }

    /// All bytes that are left, or a little more than `limit` where there are more.
    pub(crate) fn rest(mut self, limit: usize) -> io::Result<Vec<u8>> {
        self.buffer.drain(..self.start);
        let missing = limit.saturating_sub(self.buffer.len()) as u64 + 1;
        let mut all = self.buffer;
        // A pipe cannot say how much is left.
        if let Ok(end) = self.source.seek(SeekFrom::End(0)) {
            self.source.seek(SeekFrom::Start(self.end_offset))?;
            all.reserve_exact(end.saturating_sub(self.end_offset).min(missing) as usize + 1);
        }
        self.source.take(missing).read_to_end(&mut all)?;
        Ok(all)
    }

    /// The next bytes, up to `count` of them: fewer only at the end.
    pub(crate) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.buffer.len() - self.start < count {
            if self.start > 0 {
                self.buffer.drain(..self.start);
                self.start = 0;
            }
            let before = self.buffer.len();
            self.buffer.resize(before + count.max(CHUNK_BYTES), 0);
            let read = loop {
                match self.source.read(&mut self.buffer[before..]) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other,
                }
            };
            self.buffer.truncate(before + *read.as_ref().unwrap_or(&0));
            let read = read?;
            self.end_offset += read as u64;
            if read == 0 {
                break;
            }
        }
        let end = self.buffer.len().min(self.start + count);
        Ok(&self.buffer[self.start..end])
    }
}

/// What `Read` asks of a source that has a buffer.
pub(crate) fn read_ready(source: &mut impl BufRead, into: &mut [u8]) -> io::Result<usize> {
    let ready = source.fill_buf()?;
    let count = ready.len().min(into.len());
    into[..count].copy_from_slice(&ready[..count]);
    source.consume(count);
    Ok(count)
}

impl Read for Buffered<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        read_ready(self, into)
    }
}

impl BufRead for Buffered<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.peek(1)?;
        Ok(&self.buffer[self.start..])
    }

    fn consume(&mut self, count: usize) {
        self.start += count;
    }
}

impl Seek for Buffered<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => offset,
            SeekFrom::Current(by) => {
                self.offset().checked_add_signed(by).ok_or(io::ErrorKind::InvalidInput)?
            }
            SeekFrom::End(_) => {
                self.end_offset = self.source.seek(to)?;
                self.buffer.clear();
                self.start = 0;
                return Ok(self.end_offset);
            }
        };
        let buffer_start = self.end_offset - self.buffer.len() as u64;
        if (buffer_start..=self.end_offset).contains(&target) {
            self.start = (target - buffer_start) as usize;
        } else {
            self.end_offset = self.source.seek(SeekFrom::Start(target))?;
            self.buffer.clear();
            self.start = 0;
        }
        Ok(target)
    }
}

#[cfg(test)]
mod tests {
    use super::Buffered;
    use std::io::{BufRead, Cursor, Read, Seek, SeekFrom};

    #[test]
    fn knows_its_place_through_looking_ahead_and_going_back() {
        let bytes: Vec<u8> = (0..200_000u32).map(|place| (place % 251) as u8).collect();
        let mut buffered = Buffered::new(Box::new(Cursor::new(&bytes)));
        assert_eq!(buffered.peek(100_000).unwrap(), &bytes[..100_000]);
        buffered.consume(70_000);
        assert_eq!(buffered.offset(), 70_000);
        buffered.seek(SeekFrom::Start(5)).unwrap();
        assert_eq!(buffered.peek(3).unwrap(), &bytes[5..8]);
        buffered.seek(SeekFrom::Start(190_000)).unwrap();
        assert_eq!(buffered.peek(3).unwrap(), &bytes[190_000..190_003]);
        let mut rest = Vec::new();
        buffered.read_to_end(&mut rest).unwrap();
        assert_eq!((rest.len(), buffered.offset()), (10_000, 200_000));
    }
}
