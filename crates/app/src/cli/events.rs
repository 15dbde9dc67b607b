//! `rashomon events`: what the desk was told.

use std::path::PathBuf;

use clap::Args;
use render::FeedOptions;

use crate::archive::DatabaseArgument;
use crate::cli::{ColourChoice, Outcome};
use crate::{clock, outputs};

/// `rashomon events`
#[derive(Debug, Args)]
pub struct EventsArguments {
    #[command(flatten)]
    database: DatabaseArgument,
    /// Only what was told after the event of this number
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    since: i64,
    /// Events at most
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u16,
    /// What to print: for people, one JSON record a line, or a feed, newest first
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "jsonl", "json-feed", "atom"])]
    format: String,
    /// Write here instead of standard output; the file appears when it is whole
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where the archive's pages are served: a feed's items link there
    #[arg(long, value_name = "URL")]
    home: Option<String>,
    /// When to colour the text
    #[arg(long, value_enum, default_value = "auto", visible_alias = "color")]
    colour: ColourChoice,
}

/// Prints events, oldest first; feeds have the newest first.
///
/// # Errors
/// When there is no archive or the result cannot be written.
pub fn run(arguments: &EventsArguments) -> anyhow::Result<Outcome> {
    let reader = arguments.database.reader()?;
    let mut events = reader.events(arguments.since, usize::from(arguments.limit))?;
    let colour = outputs::colour(arguments.colour, arguments.output.is_some());
    let options = outputs::options(false, None, colour);
    let home = arguments.home.as_ref().map(|home| home.trim_end_matches('/').to_owned());
    let feed = FeedOptions { title: "What has changed".to_owned(), home, address: None };
    let is_feed = matches!(arguments.format.as_str(), "json-feed" | "atom");
    if is_feed {
        events.reverse();
    }
    outputs::write(arguments.output.as_deref(), |out| match arguments.format.as_str() {
        "jsonl" => events.iter().try_for_each(|event| render::event_json(event, out)),
        "json-feed" => render::json_feed(&events, &feed, out),
        "atom" => render::atom(&events, &feed, &clock::now(), out),
        _ => render::events_text(&events, &options, out),
    })?;
    Ok(Outcome::Done)
}
