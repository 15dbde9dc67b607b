//! The library's face, and the pipeline on one page: bytes → articles → statements → dossier.
//!
//! ```no_run
//! let engine = rashomon::Engine::built_in();
//! let bytes = std::fs::read("report.txt").expect("the example's file is there");
//! let input = rashomon::Raw { name: "report.txt", bytes: &bytes };
//! let mut reading = rashomon::Reading::default();
//! rashomon::read(&input, &rashomon::ReadOptions::english(None), &mut reading);
//! let dossier = engine.compare(reading, &rashomon::CompareOptions { reports_min: 2, thread_count: 1, reference_date: None });
//! for story in &dossier.stories {
//!     println!("{} statements", story.alignments.len());
//! }
//! ```

pub mod archive;
mod engine;
mod read;
mod stream;
mod threads;
mod verify;

pub use annotate::Purpose;
pub use archive::{Archive, ArchiveOptions};
pub use engine::{AnnotateOptions, CompareOptions, Engine, EngineError, Progress};
pub use ingest::{
    Forward, Ids, OutletError, Pieces, Position, Raw, Response, Source, Tally, WarcWriter, WriteRecord,
    is_archive, write_opml,
};
pub use model::Dossier;
pub use read::{ReadOptions, Reading, read, read_response, read_source};
pub use stream::{Sink, Step, StreamOptions, annotate_stream, extract_stream};
pub use verify::{Mismatch, Open, Verified, verify};
