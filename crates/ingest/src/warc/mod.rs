//! Records of web archives (WARC 1.0 and 1.1, ISO 28500): cut out of files that may be packed, cut off or damaged.

mod cutter;
mod head;
mod page;
mod write;

pub(crate) use cutter::Records;
pub(crate) use page::Page;
pub use page::{Captured, read_captured};
pub use write::{WarcWriter, WriteRecord};
