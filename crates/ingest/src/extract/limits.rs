//! How much of a page is read: no page can take more time or memory than these allow.

/// Largest page, in bytes.
pub const PAGE_BYTES_MAX: usize = 64 << 20;
/// Elements of a page; of a longer one the beginning is read. The largest pages of newspapers have 30,000.
pub(crate) const NODES_MAX: usize = 1 << 18;
/// Elements within one another; deeper ones count as part of the one that holds them. Browsers stop at 512.
pub(crate) const DEPTH_MAX: usize = 384;
/// Attributes of one tag that are looked at.
pub(crate) const ATTRIBUTES_MAX: usize = 64;
/// Class names of one element that are looked at.
pub(crate) const CLASSES_MAX: usize = 24;
/// Parts of one class name that are looked at.
pub(crate) const CLASS_PARTS_MAX: usize = 6;
/// Open elements that are looked at for end tags, in all; after that, end tags close what is innermost.
pub(crate) const LOOKUPS_MAX: usize = 1 << 26;
/// `meta` elements, scripts of structured data and `time` elements of a page that are kept, each.
pub(crate) const MARKS_MAX: usize = 400;
/// Longest script of structured data that is read, in bytes.
pub(crate) const JSON_BYTES_MAX: usize = 4 << 20;
