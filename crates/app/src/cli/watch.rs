//! `rashomon watch`: asks feeds again and again, and adds what is new.

use std::path::Path;

use anyhow::Context;
use app::watch::{DeskOptions, Rounds, Told, WatchOptions, watch};
use clap::Args;
use jiff::SignedDuration;
use model::AddressKind;
use rashomon::{Archive, Raw, ReadOptions, Reading};
use render::telling::count;

use crate::archive::ArchiveArguments;
use crate::cli::Outcome;
use crate::{clock, outputs, progress, stop, web};

/// `rashomon watch`
#[derive(Debug, Args)]
#[command(after_help = TEACHING)]
pub struct WatchArguments {
    /// Feeds: their addresses, or files that list them (OPML as feed readers export it, or an address a line). Without
    /// any, those that this archive knows
    #[arg(value_name = "FEED")]
    feeds: Vec<String>,
    #[command(flatten)]
    archive: ArchiveArguments,
    /// Ask each feed once, add what is new, and end: for cron
    #[arg(long)]
    once: bool,
    /// Minutes between two requests of a feed that brings something new each time; others are asked less often
    #[arg(long, value_name = "MINUTES", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1440))]
    every: u16,
    /// Let feeds, pages and webhooks be on machines of private networks too (localhost, 10.…, 192.168.…)
    #[arg(long)]
    allow_private: bool,
    /// Send each change to this address, as JSON, in order; what is not taken is sent again later. May be given again
    #[arg(long, value_name = "URL")]
    webhook: Vec<String>,
    /// Forget these feeds; what came from them stays
    #[arg(long)]
    forget: bool,
    /// What to print of each change: a line for people, or a JSON record
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "jsonl"])]
    format: String,
}

const TEACHING: &str = "\
Each feed is asked at its own pace: sooner while it brings something new, up to every six hours while it is silent or \
fails, never before the site allows it, and with what it needs to say \"nothing new\" (304). The pages that it names are \
fetched once each, a page a second from each host, as its robots.txt and reservations of rights allow, and added to the \
archive; stories that they change are compared, and what has changed is printed. Ctrl-C ends it; a run that was stopped \
in any way goes on where it was. `rashomon doctor` and the page \"Sources\" of `rashomon serve` show how each feed fares.

Examples:
  rashomon watch feeds.opml --database desk.db                  until Ctrl-C
  rashomon watch https://www.example.org/rss --once             one round
  rashomon watch --database desk.db                             the feeds that it knows
  rashomon watch --forget https://www.example.org/rss           no more of this one";

/// Longest pause of a feed, in hours.
const PAUSE_HOURS_MAX: i64 = 6;

/// Watches until it is stopped, or once.
///
/// # Errors
/// When no feed is named or known, or the archive cannot be written.
pub fn run(arguments: &WatchArguments) -> anyhow::Result<Outcome> {
    let stop = stop::signal()?;
    let mut archive = arguments.archive.open()?;
    let urls = feeds(arguments, &archive)?;
    if arguments.forget {
        for url in &urls {
            if !archive.forget_feed(url)? {
                progress::complain(&format!("{url} was not watched."));
            }
        }
        return Ok(Outcome::Done);
    }
    let pause_min = SignedDuration::from_mins(i64::from(arguments.every));
    let pause_max = SignedDuration::from_hours(PAUSE_HOURS_MAX).max(pause_min);
    let options = DeskOptions {
        fetch: web::fetch_options(arguments.allow_private),
        watch: WatchOptions { pause_min, pause_max, ..WatchOptions::polite() },
        webhooks: arguments.webhook.clone(),
        rounds: if arguments.once { Rounds::One } else { Rounds::Endless },
    };
    let quiet = arguments.archive.quiet;
    if !quiet {
        progress::complain(&format!("rashomon: {} {}.", clock::now(), count(urls.len(), "feed")));
    }
    let mut broken = None;
    let mut tell = |told: Told<'_>| {
        if let Err(error) = say(&told, quiet, arguments.format == "jsonl") {
            broken = Some(error);
            // Nobody reads any more what has changed.
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    };
    watch((&mut archive, &urls), &options, (&stop, &mut tell))?;
    match broken {
        Some(error) => Err(error),
        None if stop.load(std::sync::atomic::Ordering::Relaxed) => Ok(Outcome::Stopped),
        None => Ok(Outcome::Done),
    }
}

/// Changes go to standard output, everything else to standard error.
fn say(told: &Told<'_>, quiet: bool, json: bool) -> anyhow::Result<()> {
    if let Told::Events(events) = told {
        let options = outputs::options(false, None, render::Colour::Never);
        return outputs::write(None, |out| {
            if json {
                events.iter().try_for_each(|event| render::event_json(event, out))?;
            } else {
                render::events_text(events, &options, out)?;
            }
            out.flush()
        });
    }
    let line = match told {
        Told::Named(feed, new) => format!("{}: {}", feed.url, count(*new, "new page")),
        Told::Failed(feed) => format!("{}: {}", feed.url, feed.failure.as_deref().unwrap_or_default()),
        Told::Missing(page, why) => format!("skipped {page}: {why}"),
        Told::Added(pages, articles) => {
            format!("added {}: {}", count(*pages, "page"), count(*articles, "article"))
        }
        Told::Unsent(url, why) => format!("not told to {url}: {why}"),
        Told::InUse => "another process adds to this archive; what has come waits for it".to_owned(),
        Told::Events(_) => return Ok(()),
    };
    if !quiet {
        progress::complain(&format!("rashomon: {} {line}", clock::now()));
    }
    Ok(())
}

/// The addresses of the feeds that are meant, each once.
fn feeds(arguments: &WatchArguments, archive: &Archive) -> anyhow::Result<Vec<String>> {
    let mut urls: Vec<String> = Vec::new();
    for name in &arguments.feeds {
        let found = if web::is_address(name) { vec![name.clone()] } else { listed(Path::new(name))? };
        urls.extend(found);
    }
    if arguments.feeds.is_empty() {
        urls.extend(archive.reader().feeds()?.into_iter().map(|feed| feed.url));
    }
    let mut seen = std::collections::BTreeSet::new();
    urls.retain(|url| seen.insert(url.clone()));
    anyhow::ensure!(
        !urls.is_empty(),
        "no feed is named, and the archive knows none. Name feeds, or a file that lists them"
    );
    Ok(urls)
}

/// The feeds that a file lists.
fn listed(path: &Path) -> anyhow::Result<Vec<String>> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).with_context(|| {
        format!("{name} cannot be read. Name a feed's address, or a file that lists feeds")
    })?;
    let mut reading = Reading::default();
    rashomon::read(&Raw { name: &name, bytes: &bytes }, &ReadOptions::english(None), &mut reading);
    let is_opml = reading.addresses.iter().any(|address| address.kind == AddressKind::Feed);
    let wanted = |kind| kind == if is_opml { AddressKind::Feed } else { AddressKind::Page };
    let urls: Vec<String> = reading
        .addresses
        .into_iter()
        .filter(|address| wanted(address.kind))
        .map(|address| address.url)
        .collect();
    anyhow::ensure!(!urls.is_empty(), "{name} lists no feed. It should be OPML, or have an address a line");
    Ok(urls)
}
