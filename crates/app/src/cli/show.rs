//! `rashomon show`: the dossier of one story of the archive.

use std::path::PathBuf;

use clap::Args;
use rashomon::archive;

use crate::archive::DatabaseArgument;
use crate::cli::{ColourChoice, Outcome, compare};
use crate::{outputs, progress};

/// `rashomon show`
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// The story's id, as `rashomon stories --database` lists it
    #[arg(value_name = "STORY")]
    story: String,
    #[command(flatten)]
    database: DatabaseArgument,
    /// What to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = compare::formats())]
    format: String,
    /// Write here instead of standard output; the file appears when it is whole
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Leave out the articles' words, keep their places
    #[arg(long)]
    no_text: bool,
    /// Columns of the text dossier [default: the terminal's, or 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(20..=1000))]
    width: Option<u16>,
    /// When to colour the text dossier
    #[arg(long, value_enum, default_value = "auto", visible_alias = "color")]
    colour: ColourChoice,
}

/// Prints the story as it was last compared.
///
/// # Errors
/// When there is no archive, or the result cannot be written.
pub fn run(arguments: &ShowArguments) -> anyhow::Result<Outcome> {
    let reader = arguments.database.reader()?;
    let Some(dossier) = archive::dossier(&reader, &arguments.story)? else {
        progress::complain(&format!(
            "rashomon: the archive has no story {}. `rashomon stories --database` lists them.",
            arguments.story
        ));
        return Ok(Outcome::Nothing);
    };
    let output = render::OUTPUTS
        .iter()
        .find(|output| output.id == arguments.format)
        .expect("the command line only takes formats from the table");
    let colour = outputs::colour(arguments.colour, arguments.output.is_some());
    let options = outputs::options(arguments.no_text, arguments.width, colour);
    outputs::write(arguments.output.as_deref(), |out| (output.render)(&dossier, &options, out))?;
    Ok(Outcome::Done)
}
