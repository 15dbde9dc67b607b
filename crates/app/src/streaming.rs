//! `extract` and `annotate` over inputs of any size: at constant memory, and taken up again where they were stopped.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use model::Article;
use rashomon::{Ids, Pieces, Position, Sink, Step, StreamOptions, Tally};

use crate::checkpoint::Checkpoint;
use crate::cli::{Outcome, ReadArguments};
use crate::outputs::Target;
use crate::{inputs, progress, stop};

/// How often it is written down how far the run is.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(1);
/// A record that takes longer is skipped.
const RECORD_TIME_MAX: Duration = Duration::from_secs(60);
/// Skipped records of one run that are told one by one; the rest are counted.
const SKIPPED_TOLD_MAX: u64 = 1000;

/// What a command does with each article.
pub struct Job<'a, T> {
    /// `extract`, `annotate`.
    pub command: &'static str,
    /// Options that change what is written.
    pub options: String,
    /// Reads the pieces of an input.
    pub stream: &'a dyn Fn(Pieces, &StreamOptions, Sink<T>),
    /// The article in what was made of it.
    pub article: fn(&mut T) -> &mut Article,
    /// Writes its line.
    pub line: &'a dyn Fn(&T, &mut dyn Write) -> std::io::Result<()>,
}

/// Reads all inputs, one record after the other, and writes a line an article.
///
/// # Errors
/// When the output cannot be written.
pub fn run<T>(arguments: &ReadArguments, job: &Job<T>) -> anyhow::Result<Outcome> {
    let files = inputs::list(arguments);
    let job_name = format!("{} {}", job.command, job.options);
    let mut at = Checkpoint::begin(&job_name, &files.paths);
    let mut run = Run {
        output: Output::open(arguments.output.as_deref(), &mut at)?,
        job,
        quiet: arguments.quiet,
        at,
        ids: Ids::default(),
        stop: stop::signal()?,
        written: now(),
        failure: None,
    };
    run.output.note_ids(&mut run.ids)?;
    run.tell_skipped(files.skipped);
    let options = StreamOptions {
        read: inputs::options(arguments)?,
        thread_count: inputs::thread_count(arguments),
        record_time_max: RECORD_TIME_MAX,
    };
    while run.at.input < files.paths.len() {
        run.input(&files.paths[run.at.input], &options)?;
        if run.stop.load(Ordering::Relaxed) {
            return run.stopped();
        }
        run.at.input += 1;
        run.at.position = Position::default();
    }
    run.finish()
}

/// A run while it lasts.
struct Run<'a, T> {
    output: Output,
    job: &'a Job<'a, T>,
    quiet: bool,
    at: Checkpoint,
    ids: Ids,
    stop: Arc<AtomicBool>,
    written: Instant,
    failure: Option<std::io::Error>,
}

impl<T> Run<'_, T> {
    /// Reads one input from where the run stands in it.
    fn input(&mut self, path: &Path, options: &StreamOptions) -> anyhow::Result<()> {
        let name = inputs::shown(path);
        let pieces = inputs::open(path)
            .map_err(|error| format!("It cannot be opened: {error}. Check the path."))
            .and_then(|source| {
                Pieces::open(&name, source, self.at.position).map_err(|rejection| rejection.to_string())
            });
        match pieces {
            Ok(pieces) => {
                (self.job.stream)(pieces, options, &mut |step| self.step(step));
                self.failure.take().map_or(Ok(()), |error| Err(error.into()))
            }
            Err(reason) => {
                self.at.tally.skipped_count += 1;
                self.tell_skipped(vec![model::Skipped { input: name, reason }]);
                Ok(())
            }
        }
    }

    fn step(&mut self, step: Step<T>) -> ControlFlow<()> {
        if let Err(error) = self.write(step) {
            self.failure = Some(error);
            return ControlFlow::Break(());
        }
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn write(&mut self, step: Step<T>) -> std::io::Result<()> {
        for mut made in step.articles {
            let article = (self.job.article)(&mut made);
            article.id = self.ids.give(std::mem::take(&mut article.id));
            (self.job.line)(&made, &mut self.output)?;
            self.at.article_count += 1;
        }
        self.at.tally.add(&step.tally);
        self.at.position = step.position;
        self.tell_skipped(step.skipped);
        if !self.quiet {
            step.warnings.iter().for_each(|warning| progress::complain(&format!("warning: {warning}")));
            progress::tell_count(self.job.command, self.at.article_count);
        }
        if self.written.elapsed() >= CHECKPOINT_EVERY {
            self.output.checkpoint(&mut self.at)?;
            self.written = now();
        }
        Ok(())
    }

    fn tell_skipped(&mut self, skipped: Vec<model::Skipped>) {
        for skip in skipped {
            self.at.told_count += 1;
            if self.at.told_count <= SKIPPED_TOLD_MAX {
                progress::tell_skipped(&[skip], self.quiet);
            }
        }
    }

    /// After Ctrl-C: everything written is kept, and the same command goes on from there.
    fn stopped(mut self) -> anyhow::Result<Outcome> {
        self.output.checkpoint(&mut self.at)?;
        let next = match &self.output.file {
            Some(file) => format!(
                "the same command goes on from here, as {} tells it",
                Checkpoint::path(&file.path).display()
            ),
            None => "name a file with -o to be able to go on from where a run was stopped".to_owned(),
        };
        progress::complain(&format!("rashomon: stopped after {} articles; {next}.", self.at.article_count));
        Ok(Outcome::Stopped)
    }

    fn finish(mut self) -> anyhow::Result<Outcome> {
        self.output.finish()?;
        let untold = self.at.told_count.saturating_sub(SKIPPED_TOLD_MAX);
        if !self.quiet {
            if untold > 0 {
                progress::complain(&format!("skipped {untold} more, for reasons like these."));
            }
            progress::complain(&summary(&self.at.tally, self.at.article_count));
        }
        Ok(if self.at.article_count == 0 { Outcome::Nothing } else { Outcome::Done })
    }
}

/// What became of every record, in a sentence whose numbers add up.
fn summary(tally: &Tally, article_count: u64) -> String {
    let passed: Vec<String> =
        tally.passed_over.iter().map(|(what, count)| format!("{count} {what}")).collect();
    let passed_count: u64 = tally.passed_over.values().sum();
    let kinds = if passed.is_empty() { String::new() } else { format!(" ({})", passed.join(", ")) };
    format!(
        "rashomon: {} records = {} read + {} skipped + {passed_count} passed over{kinds}; {article_count} articles.",
        tally.record_count(),
        tally.read_count,
        tally.skipped_count,
    )
}

/// Where lines go: standard output, or a draft beside the file that they become.
struct Output {
    file: Option<Draft>,
    out: BufWriter<Box<dyn Write + Send>>,
    byte_count: u64,
}

struct Draft {
    path: PathBuf,
    draft: PathBuf,
    handle: File,
}

impl Output {
    /// Opens the draft: where an earlier run of the same command was broken off, at the last place that it noted.
    fn open(path: Option<&Path>, at: &mut Checkpoint) -> anyhow::Result<Output> {
        let (path, draft) = match Target::of(path)? {
            Target::Stream(out) => {
                return Ok(Output { file: None, out: BufWriter::new(out), byte_count: 0 });
            }
            Target::File { path, draft } => (path, draft),
        };
        let earlier = Checkpoint::read(&path).and_then(|earlier| match earlier {
            Some(earlier) => earlier.fits(at, &draft).map(|()| Some(earlier)),
            None => Ok(None),
        });
        match earlier {
            Ok(Some(earlier)) => {
                progress::complain(&format!(
                    "rashomon: going on after {} articles of an earlier run.",
                    earlier.article_count
                ));
                *at = earlier;
            }
            Ok(None) => {}
            Err(why) => progress::complain(&format!("rashomon: starting anew: {why}.")),
        }
        let shown = || format!("{} cannot be written", path.display());
        let handle = File::options().create(true).append(true).read(true).open(&draft).with_context(shown)?;
        handle.set_len(at.output_bytes).with_context(shown)?;
        let out = BufWriter::new(Box::new(handle.try_clone().with_context(shown)?) as Box<dyn Write + Send>);
        let file = Draft { path, draft, handle };
        Ok(Output { file: Some(file), out, byte_count: at.output_bytes })
    }

    /// Notes the ids of the lines that an earlier run wrote.
    fn note_ids(&self, ids: &mut Ids) -> anyhow::Result<()> {
        let Some(file) = self.file.as_ref().filter(|_| self.byte_count > 0) else { return Ok(()) };
        let mut lines = BufReader::new(File::open(&file.draft)?);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            if let Some(id) = render::line_id(&line) {
                ids.note(&id);
            }
            line.clear();
        }
        Ok(())
    }

    /// Writes down how far the run is, once all lines before are on the disk.
    fn checkpoint(&mut self, at: &mut Checkpoint) -> std::io::Result<()> {
        self.out.flush()?;
        at.output_bytes = self.byte_count;
        match &self.file {
            Some(file) => {
                file.handle.sync_data()?;
                at.write(&file.path)
            }
            None => Ok(()),
        }
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        self.out.flush()?;
        if let Some(file) = &self.file {
            fs::rename(&file.draft, &file.path)
                .with_context(|| format!("{} cannot be written", file.path.display()))?;
            // Without a checkpoint the run begins anew, so that one which cannot be removed must not be left over.
            match fs::remove_file(Checkpoint::path(&file.path)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.byte_count += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// The clock, which only says when it is time to write down how far the run is: never what is written.
#[expect(clippy::disallowed_methods, reason = "the clock is read in `app`")]
fn now() -> Instant {
    Instant::now()
}
