//! Bytes to text: tells the encoding, decodes, and keeps from which bytes each character came.

use chardetng::{EncodingDetector, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use model::{Span, Trace};

use crate::limits::GUESS_BYTES_MAX;
use crate::trace::Tracer;

/// A decoded file.
pub(crate) struct Decoded {
    /// Its text, without a byte order mark.
    pub text: String,
    /// From text to bytes; `None` when the text is the bytes.
    pub source_map: Option<Vec<Trace>>,
    /// Name of the encoding.
    pub encoding: &'static str,
    /// Number of places that could not be decoded; each became U+FFFD.
    pub broken_count: usize,
}

/// Decodes a file; `None` when it is not text.
pub(crate) fn decode(bytes: &[u8]) -> Option<Decoded> {
    decode_as(bytes, None)
}

/// Decodes a file that came with the name of its encoding, which a byte order mark overrules.
pub(crate) fn decode_as(bytes: &[u8], label: Option<&str>) -> Option<Decoded> {
    let told = label.and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()));
    let (encoding, mark) = match (Encoding::for_bom(bytes), told) {
        (Some((encoding, length)), _) => (encoding, length),
        (None, Some(encoding)) => (encoding, 0),
        (None, None) => (guess(bytes), 0),
    };
    let decoded = if encoding == UTF_8 && mark == 0 && std::str::from_utf8(bytes).is_ok() {
        let text = String::from_utf8(bytes.to_vec()).expect("it was just found to be UTF-8");
        Decoded { text, source_map: None, encoding: UTF_8.name(), broken_count: 0 }
    } else {
        traced(encoding, bytes, mark)
    };
    is_readable(&decoded.text).then_some(decoded)
}

/// The encoding of bytes without a byte order mark.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let head = &bytes[..bytes.len().min(GUESS_BYTES_MAX)];
    if let Some(encoding) = wide(head) {
        return encoding;
    }
    if std::str::from_utf8(bytes).is_ok() || mostly_utf8(bytes) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(head, head.len() == bytes.len());
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-16 without a mark: zero bytes (those of spaces and Latin letters) on one side only.
pub(crate) fn wide(head: &[u8]) -> Option<&'static Encoding> {
    memchr::memchr(0, head)?;
    let zeros = |side: usize| head.iter().skip(side).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let enough = head.len() / 2 / 30 + 1;
    match (even, odd) {
        (0, odd) if odd >= enough => Some(UTF_16LE),
        (even, 0) if even >= enough => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether what is not ASCII is UTF-8 in most places, so that the rest is damage and not another encoding.
pub(crate) fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 0 && good >= bad
}

/// Decodes byte by byte, so that each character is known with its bytes.
pub(crate) struct Stepper {
    decoder: Decoder,
    /// The first byte that nothing was told of yet.
    pub(crate) pending: usize,
    text: String,
    /// Number of places that could not be decoded; each became U+FFFD.
    pub(crate) broken_count: usize,
}

impl Stepper {
    /// Begins at a byte.
    pub(crate) fn new(encoding: &'static Encoding, start: usize) -> Stepper {
        let decoder = encoding.new_decoder_without_bom_handling();
        Stepper { decoder, pending: start, text: String::with_capacity(32), broken_count: 0 }
    }

    /// Decodes the byte at a place and tells what it ends: a character, or several that can only be told together, with
    /// the bytes that they came from.
    pub(crate) fn step(
        &mut self,
        bytes: &[u8],
        (mut at, last): (usize, bool),
        found: &mut dyn FnMut(&str, Span),
    ) {
        let end = at + 1;
        loop {
            self.text.clear();
            let (result, read) =
                self.decoder.decode_to_string_without_replacement(&bytes[at..end], &mut self.text, last);
            at += read;
            // What is no character may have been taken for the beginning of one, and bytes after it read already.
            let (bad, after) = match result {
                DecoderResult::Malformed(bad, after) => (usize::from(bad), usize::from(after)),
                DecoderResult::InputEmpty | DecoderResult::OutputFull => (0, 0),
            };
            if !self.text.is_empty() {
                let source = self.take(at.saturating_sub(after + bad));
                found(&self.text, source);
            }
            if bad == 0 {
                return;
            }
            self.broken_count += 1;
            let source = self.take(at.saturating_sub(after));
            found("\u{fffd}", source);
        }
    }

    /// The bytes of which nothing was told, up to one.
    fn take(&mut self, end: usize) -> Span {
        let span = Span::new(self.pending, end.max(self.pending));
        self.pending = span.end;
        span
    }
}

/// Decodes a whole file with its traces; runs of ASCII are taken at once.
pub(crate) fn traced(encoding: &'static Encoding, bytes: &[u8], mark: usize) -> Decoded {
    let mut stepper = Stepper::new(encoding, mark);
    let mut text = String::with_capacity(bytes.len());
    let mut tracer = Tracer::default();
    let mut at = mark;
    while at < bytes.len() {
        if stepper.pending == at && encoding.is_ascii_compatible() && bytes[at].is_ascii() {
            let length = bytes[at..].iter().take_while(|byte| byte.is_ascii()).count();
            // The last byte goes through the decoder, which may have something left to say.
            let length = if at + length == bytes.len() { length - 1 } else { length };
            let run = std::str::from_utf8(&bytes[at..at + length]).expect("ASCII is UTF-8");
            tracer.push_plain(text.len(), at, length);
            text.push_str(run);
            at += length;
            stepper.pending = at;
        }
        stepper.step(bytes, (at, at + 1 == bytes.len()), &mut |decoded, source| {
            let start = text.len();
            text.push_str(decoded);
            tracer.push(Span::new(start, text.len()), source, decoded.chars().count());
        });
        at += 1;
    }
    let broken_count = stepper.broken_count;
    Decoded { text, source_map: tracer.finish(), encoding: encoding.name(), broken_count }
}

/// Whether decoded characters look like text: hardly any control characters, and not mostly gaps.
fn is_readable(text: &str) -> bool {
    let (mut count, mut controls, mut gaps) = (0usize, 0usize, 0usize);
    for c in text.chars().take(GUESS_BYTES_MAX) {
        count += 1;
        controls += usize::from(c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}'));
        gaps += usize::from(c == '\u{fffd}');
    }
    controls * 50 <= count && gaps * 4 <= count
}

#[cfg(test)]
mod tests {
    use super::decode;
    use crate::trace::source_of;
    use encoding_rs::{
        BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_8859_2, ISO_8859_5, ISO_8859_7, KOI8_R,
        SHIFT_JIS, UTF_8, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255,
        WINDOWS_1256,
    };
    use model::Span;
    use proptest::prelude::*;

    /// Every character must come from the bytes that its encoding writes for it.
    fn check(encoding: &'static Encoding, text: &str) {
        let (bytes, _, unmappable) = encoding.encode(text);
        assert!(!unmappable, "{} cannot write the sample", encoding.name());
        let decoded = super::traced(encoding, &bytes, 0);
        assert_eq!(decoded.text, text, "{}", encoding.name());
        for (start, c) in text.char_indices() {
            let span = Span::new(start, start + c.len_utf8());
            let source = source_of(decoded.source_map.as_deref(), span).unwrap();
            let (again, _) = encoding.decode_without_bom_handling(&bytes[source.range()]);
            assert_eq!(again, span.of(text), "{} at {start}", encoding.name());
        }
    }

    #[test]
    fn traces_every_character_through_every_kind_of_encoding() {
        for encoding in [WINDOWS_1252, WINDOWS_1250, WINDOWS_1254] {
            check(encoding, "The mayor said: “We’ll rebuild – for €3 million – by März.”\r\nÖ");
        }
        check(ISO_8859_2, "Starosta Łódź powiedział, że most zostanie odbudowany.");
        for encoding in [WINDOWS_1251, KOI8_R, ISO_8859_5, IBM866] {
            check(encoding, "Мэр сказал, что мост (1,5 км) построят заново.\n");
        }
        for encoding in [WINDOWS_1253, ISO_8859_7] {
            check(encoding, "Ο δήμαρχος είπε ότι η γέφυρα θα ξαναχτιστεί.");
        }
        check(WINDOWS_1255, "ראש העיר אמר שהגשר ייבנה מחדש.");
        check(WINDOWS_1256, "قال العمدة إن الجسر سيعاد بناؤه.");
        for encoding in [GBK, GB18030] {
            check(encoding, "市长说,大桥(1.5公里)将重建。ok\n");
        }
        check(BIG5, "市長說,大橋將重建。ok");
        for encoding in [SHIFT_JIS, EUC_JP] {
            check(encoding, "市長は「橋は再建される」と述べた。ok");
        }
        check(EUC_KR, "시장은 다리가 다시 건설될 것이라고 말했다. ok");
        check(UTF_8, "naïve 橋 👍 ok");
    }

    #[test]
    fn tells_windows_1252_from_broken_utf8() {
        let legacy = decode(b"The caf\xe9 owner\x92s son said it was \x93fine\x94.").unwrap();
        assert_eq!(
            (legacy.text.as_str(), legacy.broken_count),
            ("The café owner’s son said it was “fine”.", 0)
        );
        let broken =
            decode("“We will rebuild,” she said. “Soon.”".as_bytes()[..].split_last().unwrap().1).unwrap();
        assert_eq!((broken.encoding, broken.broken_count), ("UTF-8", 1));
        assert!(broken.text.ends_with("Soon.\u{fffd}"));
    }

    #[test]
    fn reads_utf16_with_and_without_a_mark() {
        let text = "Twelve people were hurt.\r\nДвенадцать";
        for (mark, big) in [(true, true), (true, false), (false, true), (false, false)] {
            let mut bytes = Vec::new();
            for unit in mark.then_some(0xfeff).into_iter().chain(text.encode_utf16()) {
                bytes.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
            }
            let decoded = decode(&bytes).unwrap();
            assert_eq!(decoded.text, text);
            let source = source_of(decoded.source_map.as_deref(), Span::new(7, 13)).unwrap();
            assert_eq!(source, Span::new(14 + 2 * usize::from(mark), 26 + 2 * usize::from(mark)));
        }
    }

    #[test]
    fn a_mark_is_no_text_and_plain_utf8_is_itself() {
        let marked = decode("\u{feff}Rain".as_bytes()).unwrap();
        assert_eq!(marked.text, "Rain");
        assert_eq!(source_of(marked.source_map.as_deref(), Span::new(0, 4)), Some(Span::new(3, 7)));
        assert!(decode("Räin\r\n".as_bytes()).unwrap().source_map.is_none());
    }

    #[test]
    fn what_is_broken_is_traced_to_its_own_bytes() {
        let decoded = super::traced(UTF_8, b"a \xd7\xe7S b\xe2\x82", 0);
        assert_eq!((decoded.text.as_str(), decoded.broken_count), ("a \u{fffd}\u{fffd}S b\u{fffd}", 3));
        let source = |start, end| source_of(decoded.source_map.as_deref(), Span::new(start, end)).unwrap();
        assert_eq!(
            (source(2, 5), source(5, 8), source(8, 9)),
            (Span::new(2, 3), Span::new(3, 4), Span::new(4, 5))
        );
        assert_eq!(source(11, 14), Span::new(7, 9));
    }

    #[test]
    fn binary_is_no_text() {
        assert!(decode(&[0, 159, 146, 150, 0, 1, 2, 3, 255, 0, 7, 8]).is_none());
        assert!(decode(b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff").is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_decode_with_sound_traces(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            for encoding in [super::guess(&bytes), SHIFT_JIS, GB18030, UTF_8, encoding_rs::UTF_16LE, encoding_rs::ISO_2022_JP] {
                let decoded = super::traced(encoding, &bytes, 0);
                let mut end = 0;
                for trace in decoded.source_map.iter().flatten() {
                    prop_assert!(decoded.text.get(trace.text.range()).is_some());
                    prop_assert!(trace.text.start >= end && trace.source.end <= bytes.len());
                    end = trace.text.end;
                }
            }
        }
    }
}
