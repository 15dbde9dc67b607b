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
/// Unpacked bytes of a page's payload, in bytes: what a small packed page may grow to.
pub(crate) const PAYLOAD_BYTES_MAX: usize = RECORD_BYTES_MAX;
/// Content codings laid over one another on one payload, and packings on one file.
pub(crate) const CODING_DEPTH_MAX: usize = 3;
/// Largest Zstandard window, in bytes: what unpacking may hold in memory.
pub(crate) const PACKED_WINDOW_BYTES_MAX: u64 = 32 << 20;
/// Largest Zstandard dictionary of an archive, in bytes; tools make them of 100 kB to 1 MB.
pub(crate) const DICTIONARY_BYTES_MAX: u64 = 16 << 20;
/// Longest file name in a gzip header, in bytes.
pub(crate) const PACKED_NAME_BYTES_MAX: usize = 64 << 10;
/// Longest header block of an archive's record, or of HTTP, in bytes.
pub(crate) const HEAD_BYTES_MAX: usize = 64 << 10;
/// Damaged places of one archive that are got past; after these the rest is given up.
pub(crate) const DAMAGES_MAX: usize = 10_000;
/// Bytes of one archive that are read twice to find the record after a damaged one; later searches go only forward.
pub(crate) const RESCAN_BYTES_MAX: u64 = 1 << 30;
/// Line breaks between two records of an archive.
pub(crate) const GAP_BYTES_MAX: usize = 4 << 10;
/// Longest tag of a feed or list, in bytes; longer ones are taken for text.
pub(crate) const TAG_BYTES_MAX: usize = 64 << 10;
/// Elements within elements of a feed or list that are told apart.
pub(crate) const DEPTH_MAX: usize = 100;
/// Entries of one feed, and addresses of one list; the rest are counted.
pub(crate) const ENTRIES_MAX: usize = 100_000;
/// Files of a package of archives (WACZ) that are looked at.
pub(crate) const PACKAGE_FILES_MAX: usize = 100_000;
/// How many times its size an archive that is packed (`.warc.gz`) and packed again in a package may grow by taking off the
/// outer packing: hardly at all, unless a few kilobytes are to become terabytes.
pub(crate) const REPACKED_GROWTH_MAX: u64 = 8;
/// Parts of a saved page (MHTML) that are looked at.
pub(crate) const PARTS_MAX: usize = 10_000;
