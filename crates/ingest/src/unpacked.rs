//! Bytes out of gzip and Zstandard, member by member, with the place of each: what archives and packed files share.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use flate2::{Crc, Decompress, FlushDecompress, Status};
use ruzstd::decoding::{BlockDecodingStrategy, Dictionary, FrameDecoder};

use crate::buffered::{Buffered, read_ready};
use crate::limits::{DICTIONARY_BYTES_MAX, PACKED_NAME_BYTES_MAX, PACKED_WINDOW_BYTES_MAX};

/// Bytes that are unpacked at once.
const CHUNK_BYTES: usize = 64 << 10;
const GZIP: &[u8] = b"\x1f\x8b\x08";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
/// The Zstandard frame that holds the dictionary of a web archive (`.warc.zst`), and any other skippable frame.
const ZSTD_DICTIONARY: &[u8] = b"\x5d\x2a\x4d\x18";
const ZSTD_SKIPPABLE: &[u8] = b"\x2a\x4d\x18";
/// What a dictionary begins with when it is not itself packed.
const PLAIN_DICTIONARY: &[u8] = b"\x37\xa4\x30\xec";

/// How bytes are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

/// How bytes that begin so are packed.
pub(crate) fn packing(head: &[u8]) -> Packing {
    if head.starts_with(GZIP) {
        Packing::Gzip
    } else if head.starts_with(ZSTD) || skippable(head) {
        Packing::Zstd
    } else {
        Packing::Plain
    }
}

/// Whether bytes begin with the dictionary that only web archives carry.
pub(crate) fn has_dictionary(head: &[u8]) -> bool {
    head.starts_with(ZSTD_DICTIONARY)
}

fn skippable(head: &[u8]) -> bool {
    head.get(1..4) == Some(ZSTD_SKIPPABLE) && head[0] & 0xf0 == 0x50
}

/// Where a byte lies: its member's first byte in the input, and how far into the unpacked member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub offset: u64,
    pub within: u64,
}

/// An input unpacked. Errors of kind `InvalidData` are damage that [`Unpacked::recover`] may get past.
pub(crate) struct Unpacked<'a> {
    source: Buffered<'a>,
    packing: Packing,
    inflate: Decompress,
    crc: Crc,
    zstd: Box<FrameDecoder>,
    dictionary: Option<u32>,
    /// First byte of the member that is being read, and whether more is to come of it.
    member: u64,
    inside: bool,
    out: Vec<u8>,
    start: usize,
    /// How far into the member the first byte of `out` lies.
    out_within: u64,
    /// What went wrong, told again until reading goes elsewhere: damage must not be read over.
    failure: Option<(io::ErrorKind, String)>,
}

impl<'a> Unpacked<'a> {
    /// Tells the packing by the first bytes, and reads the dictionary where there is one.
    pub(crate) fn new(mut source: Buffered<'a>) -> io::Result<Unpacked<'a>> {
        let packing = packing(source.peek(4)?);
        let mut zstd = Box::new(FrameDecoder::new());
        zstd.set_max_window_size(PACKED_WINDOW_BYTES_MAX);
        let mut unpacked = Unpacked {
            source,
            packing,
            inflate: Decompress::new(false),
            crc: Crc::new(),
            zstd,
            dictionary: None,
            member: 0,
            inside: false,
            out: Vec::new(),
            start: 0,
            out_within: 0,
            failure: None,
        };
        if unpacked.source.peek(4)? == ZSTD_DICTIONARY {
            unpacked.read_dictionary()?;
        }
        Ok(unpacked)
    }

    pub(crate) fn packing(&self) -> Packing {
        self.packing
    }

    /// Place of the next byte. At the end of a member that is the member's end: fill the buffer to be in the next one.
    pub(crate) fn place(&self) -> Place {
        if self.packing != Packing::Plain && (self.inside || self.start < self.out.len()) {
            Place { offset: self.member, within: self.out_within + self.start as u64 }
        } else {
            Place { offset: self.source.offset(), within: 0 }
        }
    }

    /// Bytes of the input that were taken so far.
    pub(crate) fn taken(&self) -> u64 {
        self.source.offset()
    }

    /// Goes to a place, which must be one that was given out for this input, or lie in a member that was.
    pub(crate) fn go_to(&mut self, place: Place) -> io::Result<()> {
        self.source.seek(SeekFrom::Start(place.offset))?;
        self.forget();
        let mut ahead = place.within;
        while ahead > 0 {
            let ready = self.fill_buf()?.len();
            if ready == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let count = ready.min(usize::try_from(ahead).unwrap_or(usize::MAX));
            self.consume(count);
            ahead -= count as u64;
        }
        Ok(())
    }

    /// After damage: goes to the next byte from `from` on at which a member seems to begin; `false` when none does.
    /// Where the source cannot go back, the search begins where it stands.
    pub(crate) fn recover(&mut self, from: u64) -> io::Result<bool> {
        self.forget();
        // A pipe cannot go back: what it has already given is lost, and the search goes on from there.
        let _ = self.source.seek(SeekFrom::Start(from));
        let mark = if self.packing == Packing::Gzip { GZIP } else { ZSTD };
        loop {
            let ready = self.source.peek(CHUNK_BYTES)?;
            match memchr::memmem::find(ready, mark) {
                Some(at) => {
                    // Three bits of a gzip header's flags are always zero; chance hits seldom have that.
                    let plausible = self.packing != Packing::Gzip
                        || ready.get(at + 3).is_none_or(|flags| flags & 0xe0 == 0);
                    self.source.consume(if plausible { at } else { at + 1 });
                    if plausible {
                        return Ok(true);
                    }
                }
                None if ready.len() < CHUNK_BYTES => return Ok(false),
                None => {
                    let keep = mark.len() - 1;
                    let count = ready.len() - keep;
                    self.source.consume(count);
                }
            }
        }
    }

    fn forget(&mut self) {
        self.failure = None;
        self.inside = false;
        self.out_within = 0;
        self.out.clear();
        self.start = 0;
    }

    /// Begins the next member; `false` at the end of the input.
    fn begin(&mut self) -> io::Result<bool> {
        loop {
            self.member = self.source.offset();
            self.out_within = 0;
            let head = self.source.peek(5)?;
            let (first, bare) = (head.first().copied(), head.get(4).is_none_or(|flags| flags & 3 == 0));
            match (first, self.packing) {
                (None, _) => return Ok(false),
                // Tapes and some writers fill up with zeros.
                (Some(0), _) => self.source.consume(1),
                (Some(_), Packing::Zstd) if skippable(head) => self.skip_frame()?,
                (Some(_), Packing::Zstd) if head.starts_with(ZSTD) => {
                    self.zstd.init(&mut self.source).map_err(damaged)?;
                    if let (true, Some(id)) = (bare, self.dictionary) {
                        self.zstd.force_dict(id).map_err(damaged)?;
                    }
                    break;
                }
                (Some(_), Packing::Gzip) if head.starts_with(GZIP) => {
                    self.gzip_header()?;
                    self.inflate.reset(false);
                    self.crc.reset();
                    break;
                }
                (Some(_), _) => {
                    return Err(damaged(format!("no packed member begins at byte {}", self.member)));
                }
            }
        }
        self.inside = true;
        Ok(true)
    }

    /// Takes the header of a gzip member (RFC 1952).
    fn gzip_header(&mut self) -> io::Result<()> {
        let mut fixed = [0; 10];
        self.source.read_exact(&mut fixed)?;
        let flags = fixed[3];
        if flags & 4 != 0 {
            let mut length = [0; 2];
            self.source.read_exact(&mut length)?;
            let length = u64::from(u16::from_le_bytes(length));
            io::copy(&mut (&mut self.source).take(length), &mut io::sink())?;
        }
        for text in [8, 16] {
            if flags & text != 0 {
                self.skip_name()?;
            }
        }
        if flags & 2 != 0 {
            self.source.read_exact(&mut [0; 2])?;
        }
        Ok(())
    }

    /// Takes a text of a gzip header with the zero that ends it.
    fn skip_name(&mut self) -> io::Result<()> {
        for _ in 0..PACKED_NAME_BYTES_MAX {
            let mut byte = [0];
            self.source.read_exact(&mut byte)?;
            if byte[0] == 0 {
                return Ok(());
            }
        }
        Err(damaged("a name in the gzip header has no end"))
    }

    /// Fills `out`, from the next member where one is at its end; `false` at the end of the input.
    fn refill(&mut self) -> io::Result<bool> {
        if !self.inside && !self.begin()? {
            return Ok(false);
        }
        self.unpack().map(|()| true)
    }

    /// Unpacks the next bytes of the member into `out`.
    fn unpack(&mut self) -> io::Result<()> {
        match self.packing {
            Packing::Plain => Ok(()),
            Packing::Gzip => self.inflate(),
            Packing::Zstd => self.decode_zstd(),
        }
    }

    fn inflate(&mut self) -> io::Result<()> {
        let (taken, given) = (self.inflate.total_in(), self.inflate.total_out());
        let ready = self.source.fill_buf()?;
        if ready.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.out.resize(CHUNK_BYTES, 0);
        let status = self.inflate.decompress(ready, &mut self.out, FlushDecompress::None);
        let taken = (self.inflate.total_in() - taken) as usize;
        let given = (self.inflate.total_out() - given) as usize;
        self.source.consume(taken);
        self.out.truncate(given);
        self.crc.update(&self.out);
        match status.map_err(damaged)? {
            Status::StreamEnd => {
                self.inside = false;
                let mut trailer = [0; 8];
                self.source.read_exact(&mut trailer)?;
                let sum = u32::from_le_bytes(trailer[..4].try_into().expect("four of eight bytes"));
                if sum != self.crc.sum() {
                    return Err(damaged("its checksum is wrong"));
                }
            }
            Status::Ok | Status::BufError if taken == 0 && given == 0 => {
                return Err(damaged("the packed bytes lead nowhere"));
            }
            Status::Ok | Status::BufError => {}
        }
        Ok(())
    }

    fn decode_zstd(&mut self) -> io::Result<()> {
        if !self.zstd.is_finished() {
            let strategy = BlockDecodingStrategy::UptoBytes(CHUNK_BYTES);
            let at_end = self.zstd.decode_blocks(&mut self.source, strategy);
            if at_end.is_err() && self.source.peek(1)?.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            at_end.map_err(damaged)?;
        }
        self.zstd.collect_to_writer(&mut self.out)?;
        if self.zstd.is_finished() && self.zstd.can_collect() == 0 {
            self.inside = false;
            let written = self.zstd.get_checksum_from_data();
            if written.is_some() && written != self.zstd.get_calculated_checksum() {
                return Err(damaged("its checksum is wrong"));
            }
        }
        Ok(())
    }

    /// The content's length of a skippable frame, whose header is taken.
    fn frame_length(&mut self) -> io::Result<u64> {
        let mut header = [0; 8];
        self.source.read_exact(&mut header)?;
        Ok(u64::from(u32::from_le_bytes(header[4..].try_into().expect("four of eight bytes"))))
    }

    fn skip_frame(&mut self) -> io::Result<()> {
        let length = self.frame_length()?;
        io::copy(&mut (&mut self.source).take(length), &mut io::sink()).map(|_| ())
    }

    /// Takes the dictionary frame at the beginning of a `.warc.zst` (IIPC's proposal for WARC with Zstandard).
    fn read_dictionary(&mut self) -> io::Result<()> {
        let length = self.frame_length()?;
        if length > DICTIONARY_BYTES_MAX {
            return Err(damaged(format!("its dictionary has more than {DICTIONARY_BYTES_MAX} bytes")));
        }
        let mut bytes = Vec::new();
        (&mut self.source).take(length).read_to_end(&mut bytes)?;
        if !bytes.starts_with(PLAIN_DICTIONARY) {
            let mut frame = FrameDecoder::new();
            frame.set_max_window_size(PACKED_WINDOW_BYTES_MAX);
            let mut packed = &bytes[..];
            frame.init(&mut packed).map_err(damaged)?;
            let mut plain = Vec::new();
            while !frame.is_finished() && (plain.len() as u64) <= DICTIONARY_BYTES_MAX {
                frame
                    .decode_blocks(&mut packed, BlockDecodingStrategy::UptoBytes(CHUNK_BYTES))
                    .map_err(damaged)?;
                frame.collect_to_writer(&mut plain)?;
            }
            frame.collect_to_writer(&mut plain)?;
            bytes = plain;
        }
        let dictionary = Dictionary::decode_dict(&bytes).map_err(damaged)?;
        self.dictionary = Some(dictionary.id);
        self.zstd.add_dict(dictionary).map_err(damaged)
    }
}

/// Damage to packed bytes, with what was said of it.
fn damaged(why: impl ToString) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_string())
}

impl Read for Unpacked<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        read_ready(self, into)
    }
}

impl BufRead for Unpacked<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.packing == Packing::Plain {
            return self.source.fill_buf();
        }
        if let Some((kind, why)) = &self.failure {
            return Err(io::Error::new(*kind, why.clone()));
        }
        while self.start >= self.out.len() {
            self.out_within += self.out.len() as u64;
            self.out.clear();
            self.start = 0;
            match self.refill() {
                Ok(true) => {}
                Ok(false) => return Ok(&[]),
                Err(error) => {
                    self.out.clear();
                    self.inside = true;
                    self.failure = Some((error.kind(), error.to_string()));
                    return Err(error);
                }
            }
        }
        Ok(&self.out[self.start..])
    }

    fn consume(&mut self, count: usize) {
        if self.packing == Packing::Plain {
            self.source.consume(count);
        } else {
            self.start += count;
        }
    }
}
