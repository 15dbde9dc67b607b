//! What each fuzzer holds against foreign bytes; `crates/app/tests/corpora.rs` replays the corpora without a fuzzer.

pub mod checks;
