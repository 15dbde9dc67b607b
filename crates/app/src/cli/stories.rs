//! `rashomon stories`: which article tells which story.

use std::path::{Path, PathBuf};

use clap::Args;
use rashomon::archive::{self, Paging};

use crate::cli::{ColourChoice, Outcome, ReadArguments};
use crate::{inputs, outputs, progress};

/// `rashomon stories`
#[derive(Debug, Args)]
#[command(mut_arg("inputs", |inputs| inputs.required(false).required_unless_present("database")))]
pub struct StoriesArguments {
    #[command(flatten)]
    read: ReadArguments,
    /// List the stories of this archive instead, newest change first
    #[arg(long, value_name = "FILE", conflicts_with = "inputs")]
    database: Option<PathBuf>,
    /// Stories of the archive at most
    #[arg(long, value_name = "N", default_value_t = 50, requires = "database")]
    limit: u16,
    /// Only stories of the archive that changed before this one's sequence number: the next page
    #[arg(long, value_name = "NUMBER", requires = "database")]
    before: Option<i64>,
    /// What to print: one JSON record a line, or, for an archive, text [default: jsonl, for an archive text]
    #[arg(short, long, value_name = "FORMAT", value_parser = ["jsonl", "text"])]
    format: Option<String>,
}

/// Reads, groups, prints a line an article.
///
/// # Errors
/// When a model cannot be loaded or the result cannot be written.
pub fn run(arguments: &StoriesArguments) -> anyhow::Result<Outcome> {
    if let Some(database) = &arguments.database {
        return list(database, arguments);
    }
    if arguments.format.as_deref() == Some("text") {
        anyhow::bail!("without an archive there is only `--format jsonl`");
    }
    let reading = inputs::read(&arguments.read)?;
    progress::tell_skipped(&reading.skipped, arguments.read.quiet);
    if reading.articles.is_empty() {
        return Ok(Outcome::Nothing);
    }
    let engine = inputs::engine(&arguments.read)?;
    let bar = progress::Bar::new("grouping", arguments.read.quiet);
    let (articles, stories) =
        engine.stories(reading, inputs::thread_count(&arguments.read), &|done, all| bar.set(done, all));
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

/// Lists the stories of an archive.
fn list(database: &Path, arguments: &StoriesArguments) -> anyhow::Result<Outcome> {
    let page = Paging { before: arguments.before, limit: usize::from(arguments.limit) };
    let stories = archive::open_reader(database)?.stories(page)?;
    let to_file = arguments.read.output.is_some();
    let options = outputs::options(false, None, outputs::colour(ColourChoice::Auto, to_file));
    outputs::write(arguments.read.output.as_deref(), |out| match arguments.format.as_deref() {
        Some("jsonl") => stories.iter().try_for_each(|story| render::story_row_line(story, out)),
        _ => render::stories_text(&stories, &options, out),
    })?;
    Ok(if stories.is_empty() { Outcome::Nothing } else { Outcome::Done })
}
