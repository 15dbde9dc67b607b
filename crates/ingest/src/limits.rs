//! How much of a foreign input is read: every loop over it ends at one of these.

/// Longest text of one article, in bytes. The longest news texts are under 200 kB; this leaves room for books.
pub(crate) const ARTICLE_BYTES_MAX: usize = 16 << 20;
/// Longest line of a JSONL file, in bytes: an article with its other fields, escaped.
pub(crate) const RECORD_BYTES_MAX: usize = 2 * ARTICLE_BYTES_MAX;
/// Longest file that has to be decoded or parsed as a whole, in bytes.
pub(crate) const WHOLE_BYTES_MAX: usize = 8 * ARTICLE_BYTES_MAX;
/// How much of a file is looked at to tell its format, in bytes.
pub(crate) const SNIFF_BYTES_MAX: usize = 8 << 10;
/// How much of a file is looked at to tell its encoding, in bytes.
pub(crate) const GUESS_BYTES_MAX: usize = 256 << 10;
/// How much of the prose is looked at to tell its language, in bytes.
pub(crate) const LANGUAGE_BYTES_MAX: usize = 4 << 10;
/// Bad lines of one file that are listed one by one; the rest are counted.
pub(crate) const SKIPPED_LISTED_MAX: usize = 100;
/// Longest line that is held against phrases, in bytes; longer lines are paragraphs.
pub(crate) const PHRASE_LINE_BYTES_MAX: usize = 1200;
/// Words of an input that are repeated in a message, in characters.
pub(crate) const EXCERPT_CHARS_MAX: usize = 60;
