//! `rashomon export`: the archive as tables.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use clap::builder::PossibleValuesParser;
use rashomon::archive::{self, Reader};
use render::KeepText;
use render::tables::{ArticleOf, Rows, StoryOf, TABLE_FORMATS, TABLES, Table, TableFormat, TableWriter};

use crate::archive::DatabaseArgument;
use crate::cli::Outcome;
use crate::{outputs, progress};

/// `rashomon export`
#[derive(Debug, Args)]
#[command(after_help = "Columns, keys and kinds of every table: docs/export.md")]
pub struct ExportArguments {
    /// Which tables; all without any
    #[arg(value_name = "TABLE", value_parser = PossibleValuesParser::new(TABLES.iter().map(|table| table.name)))]
    tables: Vec<String>,
    #[command(flatten)]
    database: DatabaseArgument,
    /// As what
    #[arg(short, long, value_name = "FORMAT", default_value = "jsonl", value_parser = PossibleValuesParser::new(TABLE_FORMATS.iter().map(|format| format.0)))]
    format: String,
    /// A folder for the tables, a file each; one table alone may go to a file or, without this, to standard output
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Leave out the reports' words, keep their places: for sharing tables without republishing texts
    #[arg(long)]
    no_text: bool,
    /// No progress on standard error
    #[arg(short, long)]
    quiet: bool,
}

/// Articles and stories that are asked for at once.
const BATCH: usize = 200;

/// Writes tables.
///
/// # Errors
/// When there is no archive, or the result cannot be written.
pub fn run(arguments: &ExportArguments) -> anyhow::Result<Outcome> {
    let reader = arguments.database.reader()?;
    let wanted = |table: &&Table| {
        arguments.tables.is_empty() || arguments.tables.iter().any(|name| name == table.name)
    };
    let tables: Vec<&Table> = TABLES.iter().filter(wanted).collect();
    let format = TABLE_FORMATS.iter().find(|format| format.0 == arguments.format);
    let (ending, format) = *format.context("the format is one of those listed")?;
    let text = if arguments.no_text { KeepText::LeftOut } else { KeepText::Whole };
    let bar = progress::Bar::of("writing", "articles and stories", arguments.quiet);
    let job = Job { reader: &reader, format, text, bar: &bar };
    match (tables.as_slice(), arguments.output.as_deref()) {
        (&[table], output) if output.is_none_or(|path| !path.is_dir()) => outputs::fill(output, |out| {
            let mut open = [(table, TableWriter::new(table, format, out)?)];
            job.write(&mut open)?;
            open.into_iter().try_for_each(|(_, writer)| Ok(writer.finish()?))
        })?,
        (_, Some(folder)) => job.write_all(&tables, (folder, ending))?,
        _ => bail!("several tables need a folder: name one with --output, or one table"),
    }
    bar.finish();
    Ok(Outcome::Done)
}

/// What is to be written.
struct Job<'j> {
    reader: &'j Reader,
    format: TableFormat,
    text: KeepText,
    bar: &'j progress::Bar,
}

impl Job<'_> {
    /// Writes a file a table; each takes its name when it is whole.
    fn write_all(&self, tables: &[&Table], (folder, ending): (&Path, &str)) -> anyhow::Result<()> {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let path = |table: &Table| folder.join(format!("{}.{ending}", table.name));
        let mut open = Vec::new();
        for &table in tables {
            let draft = outputs::draft(&path(table))?;
            let file = std::fs::File::create(&draft)
                .with_context(|| format!("{} cannot be written", draft.display()))?;
            let out: Box<dyn Write + Send> = Box::new(BufWriter::new(file));
            open.push((table, TableWriter::new(table, self.format, out)?));
        }
        self.write(&mut open)?;
        for (table, writer) in open {
            writer.finish()?;
            std::fs::rename(outputs::draft(&path(table))?, path(table))?;
        }
        Ok(())
    }

    /// Walks through the archive once, in order of arrival and then story by story, and gives each table its rows.
    fn write(&self, open: &mut [(&Table, TableWriter)]) -> anyhow::Result<()> {
        // Keys of one table lead to rows of another, also when others add at the same time.
        let _held = self.reader.hold()?;
        let health = self.reader.health()?;
        if open.iter().any(|(table, _)| matches!(table.rows, Rows::Article(_))) {
            self.write_articles(health.article_count, open)?;
        }
        if open.iter().any(|(table, _)| matches!(table.rows, Rows::Story(_))) {
            self.write_stories(health.story_count, open)?;
        }
        Ok(())
    }

    fn write_articles(&self, count: usize, open: &mut [(&Table, TableWriter)]) -> anyhow::Result<()> {
        let (mut last, mut done) = (0, 0);
        loop {
            let articles = self.reader.articles_after(last, BATCH)?;
            let Some((row, _)) = articles.last() else { return Ok(()) };
            last = row.number;
            for (row, annotated) in &articles {
                let of = ArticleOf { annotated, story: row.story.as_deref(), text: self.text };
                for (table, writer) in open.iter_mut() {
                    let Rows::Article(rows) = table.rows else { continue };
                    rows(&of).into_iter().try_for_each(|row| writer.row(row))?;
                }
                done += 1;
                self.bar.set(done, count);
            }
        }
    }

    fn write_stories(&self, count: usize, open: &mut [(&Table, TableWriter)]) -> anyhow::Result<()> {
        let (mut last, mut done) = (String::new(), 0);
        loop {
            let stories = self.reader.stories_after(&last, BATCH)?;
            let Some(id) = stories.last() else { return Ok(()) };
            last.clone_from(id);
            for id in &stories {
                let dossier = archive::dossier(self.reader, id)?.context("a compared story has a dossier")?;
                let of = StoryOf { dossier: &dossier, story: &dossier.stories[0], text: self.text };
                for (table, writer) in open.iter_mut() {
                    let Rows::Story(rows) = table.rows else { continue };
                    rows(&of).into_iter().try_for_each(|row| writer.row(row))?;
                }
                done += 1;
                self.bar.set(done, count);
            }
        }
    }
}
