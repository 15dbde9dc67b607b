//! `rashomon search`: full text of the archive.

use clap::Args;
use rashomon::archive::{Paging, Query};

use crate::archive::DatabaseArgument;
use crate::cli::{ColourChoice, Outcome, day};
use crate::{outputs, progress};

/// `rashomon search`
#[derive(Debug, Args)]
pub struct SearchArguments {
    /// Words (all must stand there), "phrases" in quotation marks, beginnings (resign*), -not, OR: best as one, 'fire -toll'
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    #[command(flatten)]
    database: DatabaseArgument,
    /// Only articles that mention this name; may be given again
    #[arg(long, value_name = "NAME")]
    name: Vec<String>,
    /// Only articles that quote this speaker; may be given again
    #[arg(long, value_name = "NAME")]
    speaker: Vec<String>,
    /// Only this outlet; given again, any of them
    #[arg(long, value_name = "NAME")]
    outlet: Vec<String>,
    /// Only from this day on
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    since: Option<String>,
    /// Only up to this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    until: Option<String>,
    /// Only articles that take a side in a difference of this kind (docs/kinds.md); given again, any of them
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// Articles at most, those that came last first
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u16,
    /// Only what came before this article's number: the next page
    #[arg(long, value_name = "NUMBER")]
    before: Option<i64>,
    /// What to print: for people, or one JSON record a line
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "jsonl"])]
    format: String,
    /// When to colour the text
    #[arg(long, value_enum, default_value = "auto", visible_alias = "color")]
    colour: ColourChoice,
}

/// Searches and prints.
///
/// # Errors
/// When there is no archive, nothing to look for, or the result cannot be written.
pub fn run(arguments: &SearchArguments) -> anyhow::Result<Outcome> {
    let query = Query {
        words: arguments.words.join(" "),
        names: arguments.name.clone(),
        speakers: arguments.speaker.clone(),
        outlets: arguments.outlet.clone(),
        since: arguments.since.clone(),
        until: arguments.until.clone(),
        kinds: arguments.kind.clone(),
    };
    let page = Paging { before: arguments.before, limit: usize::from(arguments.limit) };
    let found = arguments.database.reader()?.search(&query, page)?;
    let options = outputs::options(false, None, outputs::colour(arguments.colour, false));
    outputs::write(None, |out| match arguments.format.as_str() {
        "jsonl" => found.hits.iter().try_for_each(|hit| render::hit_line(hit, out)),
        _ => render::hits_text(&found.hits, &options, out),
    })?;
    if let Some(last) = found.hits.last().filter(|_| found.more) {
        progress::complain(&format!("There are more: --before {}", last.article.number));
    }
    Ok(if found.hits.is_empty() { Outcome::Nothing } else { Outcome::Done })
}
