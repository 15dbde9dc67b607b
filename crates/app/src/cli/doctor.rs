//! `rashomon doctor`: whether the archive is whole, and what to do where it is not.

use clap::Args;

use crate::archive::ArchiveArguments;
use crate::cli::Outcome;
use crate::{clock, outputs, progress};

/// `rashomon doctor`
#[derive(Debug, Args)]
pub struct DoctorArguments {
    #[command(flatten)]
    archive: ArchiveArguments,
    /// Read all captures again: after a new version of the program, or where something kept is damaged. Events that
    /// were told are forgotten
    #[arg(long)]
    reread: bool,
    /// Remove captures that nothing names, and make the index of words again
    #[arg(long)]
    mend: bool,
}

/// Checks, after mending or reading again where that was asked for.
///
/// # Errors
/// When the archive cannot be opened.
pub fn run(arguments: &DoctorArguments) -> anyhow::Result<Outcome> {
    let quiet = arguments.archive.quiet;
    if !arguments.archive.database.database.is_file() {
        anyhow::bail!(
            "there is no archive at {}. `rashomon add` makes one",
            arguments.archive.database.database.display()
        );
    }
    let mut archive =
        if arguments.reread { arguments.archive.open_to_reread()? } else { arguments.archive.open()? };
    if arguments.reread {
        let bar = progress::Bar::new("reading", quiet);
        archive.resume(&|done, all| bar.set(done, all))?;
        bar.finish();
        let bar = progress::Bar::of("comparing", "stories", quiet);
        archive.settle(&clock::now(), &|done, all| bar.set(done, all))?;
        bar.finish();
    }
    let removed = if arguments.mend { Some(archive.mend()?) } else { None };
    let bar = progress::Bar::of("checking", "inputs", quiet);
    let check = archive.check(&|done, all| bar.set(done, all))?;
    bar.finish();
    let health = archive.reader().health()?;
    let feeds = archive.reader().feeds()?;
    outputs::write(None, |out| {
        for complaint in &check.complaints {
            writeln!(out, "{}: {}", complaint.place, complaint.why)?;
        }
        if let Some(count) = removed {
            writeln!(out, "removed {count} files that nothing names")?;
        }
        writeln!(
            out,
            "{} inputs ({} refused), {} articles of {} outlets, {} stories, {} events; {:.1} MB, begun with version {}.",
            health.input_count,
            health.refused_count,
            health.article_count,
            health.outlet_count,
            health.story_count,
            health.event_count,
            health.database_bytes as f64 / 1e6,
            health.version
        )?;
        for feed in &feeds {
            writeln!(out, "{}: {}", feed.url, render::telling::feed_health(feed))?;
        }
        if check.complaints.is_empty() {
            writeln!(
                out,
                "All is well: {} captures and {} articles were read again and are as they were.",
                check.capture_count, check.article_count
            )?;
        }
        Ok(())
    })?;
    Ok(if check.complaints.is_empty() { Outcome::Done } else { Outcome::Nothing })
}
