//! The command line: what can be said, and which part of the program answers.

mod add;
mod annotate;
mod compare;
mod doctor;
mod events;
mod export;
mod extract;
mod search;
mod serve;
mod show;
mod stories;
mod verify;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Reads several outlets' reports of one event and tells who said what, and who says otherwise.
#[derive(Debug, Parser)]
#[command(name = "rashomon", version, about, long_about = LONG_ABOUT, after_help = EXAMPLES, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const LONG_ABOUT: &str = "\
Reads several outlets' reports of one event and tells what stands where: each statement once, with who made it, \
every outlet's wording, who confirms, doubts or denies it; where they differ; and three counts, never one: outlets, \
independent reports, named sources.

It compares, it does not judge: there is no truth score and no verdict. Everything runs on this machine; nothing is \
sent anywhere, and nothing fetched without --fetch.";

const EXAMPLES: &str = "\
Examples:
  rashomon compare examples/ferry/                     read a folder, print the dossier
  rashomon compare a.txt b.txt -f html -o dossier.html one page for the browser, nothing from elsewhere
  rashomon compare *.txt -f json -o dossier.json       for other programs
  rashomon compare --fetch https://a.example/1 https://b.example/2   pages of the web, as their sites allow
  rashomon verify dossier.json                         re-read every quoted word from its source
  cat articles.jsonl | rashomon annotate -             who is quoted in each article, one line each
  rashomon add today/ --database desk.db               keep what was read; again tomorrow
  rashomon watch feeds.opml --database desk.db         the same by itself, from feeds, until Ctrl-C
  rashomon stories --database desk.db                  what there is, newest change first
  rashomon search bridge --speaker Ruiz --database desk.db
  rashomon export --database desk.db -f parquet -o tables/   for DuckDB, pandas, a spreadsheet
  rashomon serve --database desk.db                    the same in the browser

Exit status: 0 done, even if some inputs were skipped (they are listed); 1 nothing could be read, or a check failed;
2 wrong usage.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Compare reports: the dossier of what stands where
    Compare(compare::CompareArguments),
    /// Read each article by itself: names, quotations, figures, times
    Annotate(annotate::AnnotateArguments),
    /// Only the article: text and metadata
    Extract(extract::ExtractArguments),
    /// Only the grouping: which article tells which story
    Stories(stories::StoriesArguments),
    /// Re-read every span of a dossier from its source
    Verify(verify::VerifyArguments),
    /// Put inputs into the archive, and compare the stories that they change
    Add(add::AddArguments),
    /// Ask feeds again and again, and put what is new into the archive
    Watch(watch::WatchArguments),
    /// The dossier of one story of the archive
    Show(show::ShowArguments),
    /// Full text of the archive, by names, outlets, days, speakers and kinds of difference
    Search(search::SearchArguments),
    /// What has changed in the archive's stories: statuses, figures, denials, corrections
    Events(events::EventsArguments),
    /// The archive as tables: JSONL, CSV, Parquet
    Export(export::ExportArguments),
    /// The archive as pages in the browser and as a programming interface
    Serve(serve::ServeArguments),
    /// Whether the archive is whole, and what to do where it is not
    Doctor(doctor::DoctorArguments),
}

/// What every command that reads articles takes.
#[derive(Debug, Args)]
pub struct ReadArguments {
    /// Files, folders, addresses (with --fetch), or - for standard input: plain text or JSONL (id, outlet, url, title, published, text)
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// Write here instead of standard output; the file appears when it is whole. `extract` and `annotate` of archives
    /// note beside it how far they are (FILE.progress): the same command goes on where it was stopped
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Threads that read; the outcome is the same for any number [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// What "today" means where an article has no date
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub reference_date: Option<String>,
    /// A file of your own decisions, replayed on every run: stories to merge or split, speakers' other names, outlets'
    /// owners, articles and statements to ignore
    #[arg(long, value_name = "FILE")]
    pub overrides: Option<PathBuf>,
    /// Leave out the articles' words, keep their places: for sharing tables without republishing texts
    #[arg(long)]
    pub no_text: bool,
    /// No progress and no warnings on standard error
    #[arg(short, long)]
    pub quiet: bool,
    /// A spaCy pipeline (folder, wheel or packed file) to read English with, in place of the built-in one
    #[arg(long, value_name = "PATH")]
    pub grammar: Option<PathBuf>,
    /// A sentence encoder (folder with model.onnx and vocab.txt) to liken sentences with: slow
    #[cfg(feature = "sentence-encoder")]
    #[arg(long, value_name = "FOLDER")]
    pub sentence_model: Option<PathBuf>,
    /// A folder of outlets of your own, a small TOML file each, as outlets/_template.toml shows: who publishes under
    /// which address, and who owns whom. They stand before those built in; two outlets of one owner are one voice
    #[arg(long, value_name = "FOLDER")]
    pub outlets: Option<PathBuf>,
    /// Fetch inputs that are addresses (https://…): a page a second from each host, only what its robots.txt allows
    /// and whose rights are not reserved (TDMRep); nothing else ever goes out. What is refused is listed with its reason
    #[arg(long)]
    pub fetch: bool,
    /// Let --fetch ask machines of private networks too (localhost, 10.…, 192.168.…), which it refuses otherwise
    #[arg(long, requires = "fetch")]
    pub allow_private: bool,
}

impl ReadArguments {
    /// The options that change what is written for an article: a run that is taken up must have the same.
    pub fn what_changes_lines(&self) -> String {
        format!(
            "no_text={} reference_date={:?} grammar={:?}",
            self.no_text, self.reference_date, self.grammar
        )
    }
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColourChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How a command ended, when it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done, even if some inputs were skipped.
    Done,
    /// Nothing could be read, or a check failed.
    Nothing,
    /// The user stopped it.
    Stopped,
}

impl Outcome {
    /// What shells expect of a program that was interrupted.
    pub const STOPPED_CODE: u8 = 130;

    /// As the shell sees it.
    pub fn exit_code(self) -> ExitCode {
        match self {
            Outcome::Done => ExitCode::SUCCESS,
            Outcome::Nothing => ExitCode::from(1),
            Outcome::Stopped => ExitCode::from(Outcome::STOPPED_CODE),
        }
    }
}

/// Carries out what was asked.
///
/// # Errors
/// When the disk refuses, or a model cannot be loaded.
pub fn run(cli: &Cli) -> anyhow::Result<Outcome> {
    match &cli.command {
        Command::Compare(arguments) => compare::run(arguments),
        Command::Annotate(arguments) => annotate::run(arguments),
        Command::Extract(arguments) => extract::run(arguments),
        Command::Stories(arguments) => stories::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Add(arguments) => add::run(arguments),
        Command::Watch(arguments) => watch::run(arguments),
        Command::Show(arguments) => show::run(arguments),
        Command::Search(arguments) => search::run(arguments),
        Command::Events(arguments) => events::run(arguments),
        Command::Export(arguments) => export::run(arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
    }
}

/// A calendar day in ISO 8601.
///
/// # Errors
/// When it is none: a sentence.
pub fn day(text: &str) -> Result<String, String> {
    let digits: Vec<&str> = text.split('-').collect();
    let number = |at: usize, width: usize| -> Option<u32> {
        let part = digits.get(at)?;
        (part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok())?
    };
    match (digits.len(), number(0, 4), number(1, 2), number(2, 2)) {
        (3, Some(_), Some(1..=12), Some(1..=31)) => Ok(text.to_owned()),
        _ => Err("write a day as year-month-day, for example 2022-02-15".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::{Cli, day};

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_day_is_written_in_full() {
        assert!(day("2022-02-15").is_ok());
        for wrong in ["2022-2-15", "15.02.2022", "2022-13-01", "2022-02", ""] {
            assert!(day(wrong).is_err(), "{wrong} passed for a day");
        }
    }
}
