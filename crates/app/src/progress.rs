//! What is told on standard error: progress, warnings, complaints.

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use model::Skipped;

/// Articles from which a bar is worth looking at.
const BAR_ARTICLES_MIN: usize = 50;
/// Where standard error is no terminal, a line every so many articles.
const LINE_ARTICLES: usize = 10_000;

/// Progress of one long piece of work.
pub struct Bar {
    bar: ProgressBar,
    what: &'static str,
    counted: &'static str,
    lines: bool,
}

impl Bar {
    /// A bar on a terminal, lines elsewhere, nothing when quiet.
    pub fn new(what: &'static str, quiet: bool) -> Bar {
        Bar::of(what, "articles", quiet)
    }

    /// The same where something other than articles is counted.
    pub fn of(what: &'static str, counted: &'static str, quiet: bool) -> Bar {
        let terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(
            ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {prefix}, {eta} left")
                .expect("the template is a constant that indicatif takes"),
        );
        bar.set_message(what);
        bar.set_prefix(counted);
        if terminal && !quiet {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        }
        Bar { bar, what, counted, lines: !terminal && !quiet }
    }

    /// `done` of `all` articles are done.
    pub fn set(&self, done: usize, all: usize) {
        if all >= BAR_ARTICLES_MIN {
            self.bar.set_length(all as u64);
            self.bar.set_position(done as u64);
        }
        if self.lines && done.is_multiple_of(LINE_ARTICLES) {
            complain(&format!("rashomon: {} {done} of {all} {}", self.what, self.counted));
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Says now and then how many articles of an unknown number are done.
pub fn tell_count(what: &str, done: u64) {
    if done > 0 && done.is_multiple_of(LINE_ARTICLES as u64) {
        complain(&format!("rashomon: {what}: {done} articles"));
    }
}

/// Lists what was not read, unless told to be quiet.
pub fn tell_skipped(skipped: &[Skipped], quiet: bool) {
    if quiet {
        return;
    }
    for skip in skipped {
        complain(&format!("skipped {}: {}", skip.input, skip.reason));
    }
}

/// A line on standard error. When even that is closed there is nobody left to tell.
pub fn complain(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}
