//! `rashomon stories`: which article tells which story.

use clap::Args;

use crate::cli::{Outcome, ReadArguments};
use crate::{inputs, outputs, progress};

/// `rashomon stories`
#[derive(Debug, Args)]
pub struct StoriesArguments {
    #[command(flatten)]
    read: ReadArguments,
    /// What to print: one JSON record a line
    #[arg(short, long, value_name = "FORMAT", default_value = "jsonl", value_parser = ["jsonl"])]
    format: String,
}

/// Reads, groups, prints a line an article.
///
/// # Errors
/// When a model cannot be loaded or the result cannot be written.
pub fn run(arguments: &StoriesArguments) -> anyhow::Result<Outcome> {
    let reading = inputs::read(&arguments.read)?;
    progress::tell_skipped(&reading.skipped, arguments.read.quiet);
    if reading.articles.is_empty() {
        return Ok(Outcome::Nothing);
    }
    let engine = inputs::engine(&arguments.read)?;
    let bar = progress::Bar::new("grouping", arguments.read.quiet);
    let (articles, stories) =
        engine.stories(reading.articles, inputs::thread_count(&arguments.read), &|done, all| {
            bar.set(done, all)
        });
    bar.finish();
    outputs::write(arguments.read.output.as_deref(), |out| {
        for story in &stories {
            for &article in &story.articles {
                render::story_line(&articles[article as usize].article.id, &story.id, out)?;
            }
        }
        Ok(())
    })?;
    Ok(Outcome::Done)
}
