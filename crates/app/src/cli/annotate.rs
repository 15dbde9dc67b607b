//! `rashomon annotate`: each article by itself.

use std::io;
use std::sync::Arc;

use clap::Args;
use model::{Annotated, Article};
use rashomon::{AnnotateOptions, Engine, Purpose};
use render::tables::{RECORD, TableFormat, TableWriter, record_row};

use crate::cli::{Outcome, ReadArguments};
use crate::{inputs, outputs, progress, streaming};

/// `rashomon annotate`
#[derive(Debug, Args)]
pub struct AnnotateArguments {
    #[command(flatten)]
    read: ReadArguments,
    /// What to print: one JSON record a line, or a Parquet file with a row an article (columns: docs/export.md)
    #[arg(short, long, value_name = "FORMAT", default_value = "jsonl", value_parser = ["jsonl", "parquet"])]
    format: String,
}

/// Reads, annotates, prints a line an article.
///
/// # Errors
/// When a model cannot be loaded or the result cannot be written.
pub fn run(arguments: &AnnotateArguments) -> anyhow::Result<Outcome> {
    let files = inputs::list(&arguments.read);
    let options = outputs::options(arguments.read.no_text, None, render::Colour::Never);
    if arguments.format == "parquet" {
        return tables(arguments, files, &options);
    }
    if inputs::are_streamed(&files) {
        let engine = Arc::new(inputs::engine(&arguments.read)?);
        return streaming::run(
            &arguments.read,
            &streaming::Job {
                command: "annotate",
                options: arguments.read.what_changes_lines(),
                stream: &|pieces, options, sink| rashomon::annotate_stream(&engine, pieces, options, sink),
                article: |annotated| &mut annotated.article,
                line: &|annotated, out| render::article_line(annotated, &options, out),
            },
        );
    }
    let Some(work) = Work::read(files, &arguments.read)? else { return Ok(Outcome::Nothing) };
    outputs::write(arguments.read.output.as_deref(), |out| {
        work.each(&mut |annotated| render::article_line(annotated, &options, out))
    })?;
    Ok(Outcome::Done)
}

/// The same as one Parquet file. Its end holds where everything is, so it cannot be taken up again like lines.
fn tables(
    arguments: &AnnotateArguments,
    files: inputs::Files,
    options: &render::RenderOptions,
) -> anyhow::Result<Outcome> {
    let Some(work) = Work::read(files, &arguments.read)? else { return Ok(Outcome::Nothing) };
    outputs::fill(arguments.read.output.as_deref(), |out| {
        let mut table = TableWriter::new(&RECORD, TableFormat::Parquet, out)?;
        work.each(&mut |annotated| table.row(record_row(annotated, options)?))?;
        Ok(table.finish()?)
    })?;
    Ok(Outcome::Done)
}

/// Articles that are to be annotated, with what annotates them.
struct Work {
    articles: Vec<Article>,
    engine: Engine,
    threads: usize,
    bar: progress::Bar,
}

impl Work {
    /// Reads the inputs; `None` when they hold no article.
    fn read(files: inputs::Files, arguments: &ReadArguments) -> anyhow::Result<Option<Work>> {
        let reading = inputs::read_files(files, arguments)?;
        progress::tell_skipped(&reading.skipped, arguments.quiet);
        if reading.articles.is_empty() {
            return Ok(None);
        }
        let engine = inputs::engine(arguments)?;
        let threads = inputs::thread_count(arguments);
        let bar = progress::Bar::new("annotating", arguments.quiet);
        Ok(Some(Work { articles: reading.articles, engine, threads, bar }))
    }

    /// Annotates the articles, and hands each on in their order.
    fn each(self, take: &mut dyn FnMut(&Annotated) -> io::Result<()>) -> io::Result<()> {
        let Work { articles, engine, threads, bar } = self;
        let (mut done, all) = (0, articles.len());
        let options = AnnotateOptions { purpose: Purpose::Telling, thread_count: threads };
        engine.annotate_each(articles, &options, &mut |annotated| {
            done += 1;
            bar.set(done, all);
            take(&annotated)
        })?;
        bar.finish();
        Ok(())
    }
}
