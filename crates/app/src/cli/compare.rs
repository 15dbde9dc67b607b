//! `rashomon compare`: the main job.

use clap::Args;
use rashomon::CompareOptions;

use crate::cli::{ColourChoice, Outcome, ReadArguments};
use crate::{inputs, outputs, progress};

/// `rashomon compare`
#[derive(Debug, Args)]
pub struct CompareArguments {
    #[command(flatten)]
    read: ReadArguments,
    /// What to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = formats())]
    format: String,
    /// Independent reports that "corroborated" takes; newsrooms ask for two
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1000))]
    reports: u16,
    /// Columns of the text dossier [default: the terminal's, or 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(20..=1000))]
    width: Option<u16>,
    /// When to colour the text dossier
    #[arg(long, value_enum, default_value = "auto", visible_alias = "color")]
    colour: ColourChoice,
}

/// The outputs that there are, for the command line's help.
pub fn formats() -> clap::builder::PossibleValuesParser {
    render::OUTPUTS
        .iter()
        .map(|output| clap::builder::PossibleValue::new(output.id).help(output.title))
        .collect::<Vec<_>>()
        .into()
}

/// Reads, compares, prints.
///
/// # Errors
/// When a model cannot be loaded or the result cannot be written.
pub fn run(arguments: &CompareArguments) -> anyhow::Result<Outcome> {
    let reading = inputs::read(&arguments.read)?;
    let nothing = reading.articles.is_empty();
    let engine = inputs::engine(&arguments.read)?;
    let options = CompareOptions {
        reports_min: usize::from(arguments.reports),
        thread_count: inputs::thread_count(&arguments.read),
        reference_date: arguments.read.reference_date.clone(),
    };
    let bar = progress::Bar::new("reading", arguments.read.quiet);
    let dossier = engine.compare_with_progress(reading, &options, &|done, all| bar.set(done, all));
    bar.finish();
    let output = render::OUTPUTS
        .iter()
        .find(|output| output.id == arguments.format)
        .expect("the command line only takes formats from the table");
    let colour = outputs::colour(arguments.colour, arguments.read.output.is_some());
    let options = outputs::options(arguments.read.no_text, arguments.width, colour);
    outputs::write(arguments.read.output.as_deref(), |out| (output.render)(&dossier, &options, out))?;
    if arguments.format != "text" || arguments.read.output.is_some() {
        progress::tell_skipped(&dossier.skipped, arguments.read.quiet);
    }
    Ok(if nothing { Outcome::Nothing } else { Outcome::Done })
}
