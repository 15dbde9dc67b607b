//! The archive as every command that needs one opens it.

use std::path::PathBuf;

use clap::Args;
use rashomon::archive::{self, Reader};
use rashomon::{Archive, ArchiveOptions, CompareOptions, Engine};

use crate::cli::ReadArguments;
use crate::inputs;

/// Where the archive is.
#[derive(Clone, Debug, Args)]
pub struct DatabaseArgument {
    /// The archive: one file, with the inputs as they came in a folder beside it
    #[arg(long, value_name = "FILE", default_value = "rashomon.db")]
    pub database: PathBuf,
}

impl DatabaseArgument {
    /// Opens the archive to read it.
    ///
    /// # Errors
    /// When there is none.
    pub fn reader(&self) -> anyhow::Result<Reader> {
        Ok(archive::open_reader(&self.database)?)
    }
}

/// How an archive reads and compares.
#[derive(Clone, Debug, Args)]
pub struct ArchiveArguments {
    #[command(flatten)]
    pub database: DatabaseArgument,
    /// Threads that read; the outcome is the same for any number [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// What "today" means where an article has no date
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = crate::cli::day)]
    pub reference_date: Option<String>,
    /// Independent reports that "corroborated" takes; newsrooms ask for two
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub reports: u16,
    /// No progress and no warnings on standard error
    #[arg(short, long)]
    pub quiet: bool,
    /// A spaCy pipeline (folder, wheel or packed file) to read English with, in place of the built-in one
    #[arg(long, value_name = "PATH")]
    pub grammar: Option<PathBuf>,
    /// The file of your decisions (merge, split, alias, owner, ignore), replayed on every story that they touch [default: the
    /// archive's name and .overrides.toml]
    #[arg(long, value_name = "FILE")]
    pub overrides: Option<PathBuf>,
    /// A folder of outlets of your own, as outlets/_template.toml shows; they stand before those built in
    #[arg(long, value_name = "FOLDER")]
    pub outlets: Option<PathBuf>,
}

impl ArchiveArguments {
    /// Opens the archive to add to it, and makes it where there is none.
    ///
    /// # Errors
    /// When another process adds to it, the disk refuses, or a model cannot be loaded.
    pub fn open(&self) -> anyhow::Result<Archive> {
        let (engine, options) = self.engine()?;
        Ok(Archive::open(&self.database.database, engine, options)?)
    }

    /// Opens the archive to read all its captures again.
    ///
    /// # Errors
    /// As [`ArchiveArguments::open`].
    pub fn open_to_reread(&self) -> anyhow::Result<Archive> {
        let (engine, options) = self.engine()?;
        Ok(Archive::open_to_reread(&self.database.database, engine, options)?)
    }

    /// The file of the user's decisions; it need not be there.
    pub fn overrides(&self) -> PathBuf {
        self.overrides.clone().unwrap_or_else(|| archive::overrides_path(&self.database.database))
    }

    fn engine(&self) -> anyhow::Result<(Engine, ArchiveOptions)> {
        let arguments = self.read_arguments();
        let compare = CompareOptions {
            reports_min: usize::from(self.reports),
            thread_count: inputs::thread_count(&arguments),
            reference_date: self.reference_date.clone(),
        };
        let read = inputs::options(&arguments)?;
        let overrides = self.overrides();
        Ok((inputs::engine(&arguments)?, ArchiveOptions { read, compare, overrides }))
    }

    /// The same as what commands take that read without an archive.
    fn read_arguments(&self) -> ReadArguments {
        ReadArguments {
            inputs: Vec::new(),
            output: None,
            threads: self.threads,
            reference_date: self.reference_date.clone(),
            overrides: None,
            no_text: false,
            quiet: self.quiet,
            grammar: self.grammar.clone(),
            #[cfg(feature = "sentence-encoder")]
            sentence_model: None,
            outlets: self.outlets.clone(),
            fetch: false,
            allow_private: false,
        }
    }
}
