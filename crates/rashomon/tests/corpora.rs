//! What the fuzzers found worth keeping is read again by every run of the tests, without a fuzzer.

#![allow(clippy::disallowed_methods, reason = "a test reads files")]

#[path = "../../../fuzz/src/checks.rs"]
mod checks;

use std::fs;
use std::path::Path;

#[test]
fn every_input_of_the_corpora_is_read_or_refused() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for (target, check) in checks::TARGETS {
        let folder = corpora.join(target);
        let mut inputs: Vec<_> = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{} has a corpus ({error})", folder.display()))
            .map(|entry| entry.unwrap().path())
            .collect();
        inputs.sort();
        assert!(!inputs.is_empty(), "{target} has a corpus");
        for input in inputs {
            check(&fs::read(&input).unwrap());
        }
    }
}
