//! `rashomon add`: puts inputs into the archive.

use app::fetch::{Answer, Fetcher, Memory, SystemClock, fetch_all};
use app::watch::{Hooks, capture};
use clap::Args;
use model::Skipped;
use rashomon::archive::Added;
use rashomon::{Archive, Raw};
use render::telling::count;

use crate::archive::ArchiveArguments;
use crate::cli::Outcome;
use crate::{clock, inputs, outputs, progress, web};

/// `rashomon add`
#[derive(Debug, Args)]
pub struct AddArguments {
    /// Files, folders, addresses (with --fetch), or - for standard input: everything that `compare` reads
    #[arg(value_name = "INPUT")]
    inputs: Vec<String>,
    /// Fetch inputs that are addresses (https://…), as their sites allow; each is kept as the record of a web archive
    #[arg(long)]
    fetch: bool,
    /// Let pages and webhooks be on machines of private networks too (localhost, 10.…, 192.168.…)
    #[arg(long)]
    allow_private: bool,
    /// Send each change to this address, as JSON, in order; what is not taken is sent again later. May be given again
    #[arg(long, value_name = "URL")]
    webhook: Vec<String>,
    #[command(flatten)]
    archive: ArchiveArguments,
}

/// Inputs that are read together, so that small ones share the threads.
const BATCH_INPUTS_MAX: usize = 256;
/// Bytes of inputs that are read together: with their articles and readings, what bounds memory.
const BATCH_BYTES_MAX: usize = 8 << 20;

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
    let hooks = Hooks::new(web::fetch_options(arguments.allow_private), arguments.webhook.clone());
    let mut unsent = hooks.deliver(&mut archive)?;
    let bar = progress::Bar::new("reading", quiet);
    let mut all = archive.resume(&|done, count| bar.set(done, count))?;
    let mut batch = Batch::default();
    let mut failed = None;
    let mut skipped = Vec::new();
    each(arguments, &mut |name, bytes| {
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
    unsent.extend(hooks.deliver(&mut archive)?);
    for (url, why) in &unsent {
        progress::complain(&format!("warning: {url} was not told: {why} It is told later."));
    }
    progress::tell_skipped(&all.skipped, quiet);
    if !quiet {
        all.warnings.iter().for_each(|warning| progress::complain(&format!("warning: {warning}")));
    }
    let events = archive.reader().events(events_before, usize::MAX)?;
    let options = outputs::options(false, None, render::Colour::Never);
    outputs::write(None, |out| {
        writeln!(
            out,
            "{}, {} known; {}; {} compared, {}.",
            count(all.input_count, "new input"),
            all.known_count,
            count(all.article_count, "article"),
            count(settled.story_count, "story"),
            count(settled.event_count, "event")
        )?;
        render::events_text(&events, &options, out)
    })?;
    let nothing = all.input_count + all.known_count == 0 && !arguments.inputs.is_empty();
    Ok(if nothing { Outcome::Nothing } else { Outcome::Done })
}

/// What is done with an input's name and its bytes, or the reason why it cannot be read; `false` ends the walk.
type Take<'a> = &'a mut dyn FnMut(&str, Result<Vec<u8>, String>) -> bool;

/// Walks through all inputs: files first, then addresses.
fn each(arguments: &AddArguments, take: Take) {
    let (addresses, files): (Vec<String>, Vec<String>) =
        arguments.inputs.iter().cloned().partition(|name| web::is_address(name));
    let mut goes_on = true;
    inputs::each(&files, &mut |name, bytes| {
        goes_on = take(name, bytes);
        goes_on
    });
    if !arguments.fetch {
        addresses.iter().all(|address| goes_on && take(address, Err(web::NOT_FETCHED.to_owned())));
        return;
    }
    let fetcher = Fetcher::new(web::fetch_options(arguments.allow_private), &SystemClock);
    fetch_all(&fetcher, &addresses, &Memory::default(), &mut |place, answer| {
        let captured = match answer {
            Ok(Answer::Fetched(page)) => {
                capture(&page).map_err(|error| format!("It cannot be kept: {error}."))
            }
            Ok(Answer::Unchanged) => Err(web::UNCHANGED.to_owned()),
            Err(refusal) => Err(refusal.to_string()),
        };
        goes_on = goes_on && take(&addresses[place], captured);
    });
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
