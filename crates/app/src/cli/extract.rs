//! `rashomon extract`: only the article, its text and metadata.

use clap::Args;

use crate::cli::{Outcome, ReadArguments};
use crate::{inputs, outputs, progress, streaming};

/// `rashomon extract`
#[derive(Debug, Args)]
pub struct ExtractArguments {
    #[command(flatten)]
    read: ReadArguments,
    /// What to print: one JSON record a line
    #[arg(short, long, value_name = "FORMAT", default_value = "jsonl", value_parser = ["jsonl"])]
    format: String,
}

/// Reads and prints a line an article.
///
/// # Errors
/// When the result cannot be written.
pub fn run(arguments: &ExtractArguments) -> anyhow::Result<Outcome> {
    let files = inputs::list(&arguments.read);
    let options = outputs::options(arguments.read.no_text, None, render::Colour::Never);
    if inputs::are_streamed(&files) {
        return streaming::run(
            &arguments.read,
            &streaming::Job {
                command: "extract",
                options: arguments.read.what_changes_lines(),
                stream: &rashomon::extract_stream,
                article: |article| article,
                line: &|article, out| render::extract_line(article, &options, out),
            },
        );
    }
    let reading = inputs::read_files(files, &arguments.read)?;
    progress::tell_skipped(&reading.skipped, arguments.read.quiet);
    outputs::write(arguments.read.output.as_deref(), |out| {
        reading.articles.iter().try_for_each(|article| render::extract_line(article, &options, out))
    })?;
    Ok(if reading.articles.is_empty() { Outcome::Nothing } else { Outcome::Done })
}
