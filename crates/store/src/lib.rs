//! The archive's shelves: articles, stories and findings in one SQLite file, the inputs as they came beside it.
//!
//! The only crate that knows SQL, and it decides nothing: which article belongs to which story, and what a story
//! says, it is told. One [`Store`] writes, any number of [`Reader`]s read, also in other processes.

mod captures;
mod check;
mod codec;
mod error;
mod feeds;
mod packed;
mod reader;
mod row;
mod schema;
mod search;
mod writer;

pub use check::{Check, Complaint};
pub use error::Error;
pub use packed::{Memo, Packed, Shelved};
pub use reader::{Held, Reader};
pub use row::{Begun, Finished, NewInput, StoryNumber};
pub use writer::{Compared, Filing, Grouped, Setup, Store};
