//! The program `rashomon`: command line, files, terminal. No news logic lives here.

mod api;
mod archive;
mod checkpoint;
mod cli;
mod clock;
mod inputs;
mod outputs;
mod pages;
mod progress;
mod serve;
mod stop;
mod streaming;
mod web;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

/// Reading an article takes and gives back memory some thousand times; the system's allocator costs 7 % of it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match cli::run(&cli) {
        Ok(outcome) => outcome.exit_code(),
        Err(error) if outputs::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            progress::complain(&format!("rashomon: {error:#}"));
            ExitCode::from(1)
        }
    }
}
