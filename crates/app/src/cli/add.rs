//! `rashomon add`: puts inputs into the archive.

use clap::Args;
use model::Skipped;
use rashomon::archive::Added;
use rashomon::{Archive, Raw};

use crate::archive::ArchiveArguments;
use crate::cli::Outcome;
use crate::{clock, inputs, outputs, progress};

/// `rashomon add`
#[derive(Debug, Args)]
pub struct AddArguments {
    /// Files, folders, or - for standard input: everything that `compare` reads
    #[arg(value_name = "INPUT")]
    inputs: Vec<String>,
    #[command(flatten)]
    archive: ArchiveArguments,
}

/// Inputs that are read together, so that small ones share the threads.
const BATCH_INPUTS_MAX: usize = 256;
/// Bytes of inputs that are read together.
const BATCH_BYTES_MAX: usize = 32 << 20;

/// Inputs that wait to be added.
#[derive(Default)]
struct Batch {
    inputs: Vec<(String, Vec<u8>)>,
    size: usize,
}

impl Batch {
    fn push(&mut self, name: &str, bytes: Vec<u8>) {
        self.size += bytes.len();
        self.inputs.push((name.to_owned(), bytes));
    }

    fn is_full(&self) -> bool {
        self.inputs.len() >= BATCH_INPUTS_MAX || self.size >= BATCH_BYTES_MAX
    }
}

/// Adds what was named, finishes what a stopped run left, and compares the stories that changed.
///
/// # Errors
/// When the archive cannot be opened or written.
pub fn run(arguments: &AddArguments) -> anyhow::Result<Outcome> {
    let quiet = arguments.archive.quiet;
    let mut archive = arguments.archive.open()?;
    let bar = progress::Bar::new("reading", quiet);
    let mut all = archive.resume(&|done, count| bar.set(done, count))?;
    let mut batch = Batch::default();
    let mut failed = None;
    let mut skipped = Vec::new();
    inputs::each(&arguments.inputs, &mut |name, bytes| {
        match bytes {
            Ok(bytes) => batch.push(name, bytes),
            Err(reason) => skipped.push(Skipped { input: name.to_owned(), reason }),
        }
        if batch.is_full() {
            failed = add(&mut archive, &mut batch, (&mut all, &bar)).err();
        }
        failed.is_none()
    });
    if let Some(error) = failed {
        return Err(error);
    }
    add(&mut archive, &mut batch, (&mut all, &bar))?;
    all.skipped.extend(skipped);
    bar.finish();
    let events_before = archive.reader().last_event()?;
    let bar = progress::Bar::of("comparing", "stories", quiet);
    let settled = archive.settle(&clock::now(), &|done, count| bar.set(done, count))?;
    bar.finish();
    progress::tell_skipped(&all.skipped, quiet);
    if !quiet {
        all.warnings.iter().for_each(|warning| progress::complain(&format!("warning: {warning}")));
    }
    let events = archive.reader().events(events_before, usize::MAX)?;
    let options = outputs::options(false, None, render::Colour::Never);
    outputs::write(None, |out| {
        writeln!(
            out,
            "{} new inputs, {} known; {} articles; {} stories compared, {} events.",
            all.input_count, all.known_count, all.article_count, settled.story_count, settled.event_count
        )?;
        render::events_text(&events, &options, out)
    })?;
    let nothing = all.input_count + all.known_count == 0 && !arguments.inputs.is_empty();
    Ok(if nothing { Outcome::Nothing } else { Outcome::Done })
}

fn add(archive: &mut Archive, batch: &mut Batch, told: (&mut Added, &progress::Bar)) -> anyhow::Result<()> {
    let (all, bar) = told;
    let Batch { inputs, .. } = std::mem::take(batch);
    let raws: Vec<Raw> = inputs.iter().map(|(name, bytes)| Raw { name, bytes }).collect();
    let before = all.article_count;
    let added = archive.add(&raws, &clock::now(), &|done, count| bar.set(before + done, before + count))?;
    all.input_count += added.input_count;
    all.known_count += added.known_count;
    all.article_count += added.article_count;
    all.skipped.extend(added.skipped);
    all.warnings.extend(added.warnings);
    Ok(())
}
