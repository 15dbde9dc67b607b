//! `rashomon verify`: re-reads every span of a dossier from its source.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use crate::cli::Outcome;
use crate::{inputs, outputs, progress};

/// `rashomon verify`
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// A dossier as `rashomon compare --format json` wrote it
    #[arg(value_name = "DOSSIER.json")]
    dossier: PathBuf,
    /// Say nothing when all is well
    #[arg(short, long)]
    quiet: bool,
}

/// Reads the dossier and its inputs, and lists what does not match.
///
/// # Errors
/// When the dossier cannot be read or is none.
pub fn run(arguments: &VerifyArguments) -> anyhow::Result<Outcome> {
    let name = arguments.dossier.display();
    let bytes = std::fs::read(&arguments.dossier).with_context(|| {
        format!("{name} cannot be opened. Name a file that `rashomon compare --format json` wrote")
    })?;
    let open = |input: &str| inputs::open(Path::new(input)).map_err(|error| error.to_string());
    let verified =
        rashomon::verify(&bytes, &open).map_err(|error| anyhow::anyhow!("{name} is no dossier: {error}"))?;
    outputs::write(None, |out| {
        for mismatch in &verified.mismatches {
            writeln!(out, "{mismatch}")?;
        }
        for note in &verified.notes {
            writeln!(out, "note: {note}")?;
        }
        if verified.mismatches.is_empty() && !arguments.quiet {
            writeln!(
                out,
                "{} spans in {} articles from {} inputs: every one matches its source.",
                verified.span_count, verified.article_count, verified.input_count
            )?;
            if verified.run_count > 0 {
                writeln!(
                    out,
                    "{} runs of the text of web pages were read again from the pages' own bytes.",
                    verified.run_count
                )?;
            }
        }
        Ok(())
    })?;
    if verified.mismatches.is_empty() {
        return Ok(Outcome::Done);
    }
    progress::complain(&format!(
        "rashomon: {} of {} checks failed.",
        verified.mismatches.len(),
        verified.span_count
    ));
    Ok(Outcome::Nothing)
}
