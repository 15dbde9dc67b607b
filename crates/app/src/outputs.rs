//! Where results go: standard output, or a file that appears only when it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use render::{Colour, KeepText, RenderOptions};

use crate::cli::ColourChoice;

/// Columns where no terminal says otherwise.
const WIDTH_DEFAULT: usize = 100;

/// What an output is written to.
pub enum Target {
    /// Standard output, or a path to something that is no plain file, such as a pipe or `/dev/null`: as it comes.
    Stream(Box<dyn Write + Send>),
    /// A file, which takes its name when it is whole: a reader never sees half a dossier.
    File { path: PathBuf, draft: PathBuf },
}

impl Target {
    /// What the path names; standard output when there is none. A link stays a link: the file it leads to is written.
    ///
    /// # Errors
    /// When the path names a folder, or something that cannot be written to.
    pub fn of(path: Option<&Path>) -> anyhow::Result<Target> {
        let Some(path) = path else { return Ok(Target::Stream(Box::new(io::stdout()))) };
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        match path.metadata() {
            // Taking its name would put a file in the place of the device.
            Ok(found) if !found.is_file() && !found.is_dir() => {
                let device = File::options().write(true).open(&path);
                Ok(Target::Stream(Box::new(device.with_context(|| refused(&path))?)))
            }
            Ok(found) if found.is_dir() => {
                bail!("The output {} must be a file, not a folder", path.display())
            }
            _ => Ok(Target::File { draft: draft(&path)?, path }),
        }
    }
}

fn refused(path: &Path) -> String {
    format!("{} cannot be written", path.display())
}

/// Writes through `print` to the file, or to standard output when there is none.
///
/// # Errors
/// When the disk or the pipe refuses.
pub fn write(
    path: Option<&Path>,
    print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    fill(path, |mut out| {
        print(&mut out)?;
        Ok(out.flush()?)
    })
}

/// Writes through `fill`, which takes what it writes to, to the file, or to standard output when there is none.
///
/// # Errors
/// When the disk or the pipe refuses.
pub fn fill(
    path: Option<&Path>,
    fill: impl FnOnce(Box<dyn Write + Send>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    match Target::of(path)? {
        Target::Stream(out) => fill(Box::new(BufWriter::new(out))),
        Target::File { path, draft } => {
            let file = File::create(&draft).with_context(|| refused(&path))?;
            fill(Box::new(BufWriter::new(file)))
                .and_then(|()| Ok(fs::rename(&draft, &path)?))
                .inspect_err(|_| drop(fs::remove_file(&draft)))
                .with_context(|| refused(&path))
        }
    }
}

/// Where an output is written until it is whole.
///
/// # Errors
/// When the path names no file.
pub fn draft(path: &Path) -> anyhow::Result<PathBuf> {
    let name = path.file_name().context("The output must be a file, not a folder")?;
    Ok(path.with_file_name(format!(".{}.part", name.to_string_lossy())))
}

/// How to print.
pub fn options(no_text: bool, width: Option<u16>, colour: Colour) -> RenderOptions {
    let terminal = || terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
    RenderOptions {
        width: width.map(usize::from).or_else(terminal).unwrap_or(WIDTH_DEFAULT).max(20),
        colour,
        text: if no_text { KeepText::LeftOut } else { KeepText::Whole },
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// Whether to colour: only on a terminal, unless told; `NO_COLOR` (no-color.org) is obeyed.
pub fn colour(choice: ColourChoice, to_file: bool) -> Colour {
    let wished = match choice {
        ColourChoice::Always => true,
        ColourChoice::Never => false,
        ColourChoice::Auto => {
            !to_file
                && io::stdout().is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    };
    if wished { Colour::Always } else { Colour::Never }
}

/// Whether the reader of our output went away (`rashomon … | head`): no error of ours.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
