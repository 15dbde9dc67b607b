//! The parts of the program that are tested from outside; the program itself is `main.rs`.

pub mod fetch;
pub mod watch;
