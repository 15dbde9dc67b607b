//! Where results go: standard output, or a file that appears only when it is whole.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use render::{Colour, KeepText, RenderOptions};

use crate::cli::ColourChoice;

/// Columns where no terminal says otherwise.
const WIDTH_DEFAULT: usize = 100;

/// Writes through `print` to the file, or to standard output when there is none.
///
/// # Errors
/// When the disk or the pipe refuses.
pub fn write(
    path: Option<&Path>,
    print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let Some(path) = path else {
        let mut out = BufWriter::new(io::stdout().lock());
        print(&mut out)?;
        return Ok(out.flush()?);
    };
    // A reader never sees half a dossier: the file takes its name when it is whole.
    let draft = draft(path)?;
    let written = std::fs::File::create(&draft).and_then(|file| {
        let mut out = BufWriter::new(file);
        print(&mut out)?;
        out.flush()?;
        std::fs::rename(&draft, path)
    });
    written
        .inspect_err(|_| drop(std::fs::remove_file(&draft)))
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// Writes through `fill`, which takes what it writes to, to the file, or to standard output when there is none.
///
/// # Errors
/// When the disk or the pipe refuses.
pub fn fill(
    path: Option<&Path>,
    fill: impl FnOnce(Box<dyn Write + Send>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let Some(path) = path else { return fill(Box::new(BufWriter::new(io::stdout()))) };
    let draft = draft(path)?;
    let shown = || format!("{} cannot be written", path.display());
    let file = std::fs::File::create(&draft).with_context(shown)?;
    fill(Box::new(BufWriter::new(file))).inspect_err(|_| drop(std::fs::remove_file(&draft)))?;
    std::fs::rename(&draft, path).with_context(shown)
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
