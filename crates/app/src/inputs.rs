//! Files, folders and standard input, in a fixed order.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use model::Skipped;
use rashomon::{Engine, Forward, Raw, ReadOptions, Reading, Source};

use crate::cli::ReadArguments;
use crate::progress;
use crate::web::{self, Web};

/// Bytes of all inputs up to which they are read as a whole.
const WHOLE_BYTES_MAX: u64 = 64 << 20;
/// How much of a file is looked at to tell whether it is an archive.
const SNIFF_BYTES_MAX: u64 = 8 << 10;
/// Bytes that standard input may have where it is read as a whole, so that it cannot take all memory.
const INPUT_BYTES_MAX: u64 = 2 << 30;
/// Folders within folders that are followed.
const FOLDER_DEPTH_MAX: usize = 64;

/// The files that were named, in their order, and what could not be found.
#[derive(Default)]
pub struct Files {
    /// Paths; `-` is standard input, and addresses stand among them as they were given.
    pub paths: Vec<PathBuf>,
    /// What is no file, with its reason.
    pub skipped: Vec<Skipped>,
}

impl Files {
    fn skip(&mut self, name: &str, reason: String) {
        self.skipped.push(Skipped { input: name.to_owned(), reason });
    }
}

/// Lists the files that were named, folders one by one, without opening them.
pub fn list(arguments: &ReadArguments) -> Files {
    list_names(&arguments.inputs)
}

fn list_names(names: &[String]) -> Files {
    let mut files = Files::default();
    for name in names {
        if name == "-" {
            files.paths.push(PathBuf::from("-"));
        } else if web::is_address(name) {
            files.paths.push(PathBuf::from(name));
        } else {
            list_path(Path::new(name), 0, &mut files);
        }
    }
    files
}

/// Whether inputs are read record by record, because there is an archive among them or more than fits in memory.
/// Smaller ones are read as a whole, so that what repeats on an outlet's pages can be learned from all of them.
pub fn are_streamed(files: &Files) -> bool {
    if files.paths.iter().any(|path| web::is_address(&shown(path))) {
        return false;
    }
    let mut byte_count = 0;
    files.paths.iter().any(|path| {
        byte_count += fs::metadata(path).map_or(0, |found| found.len());
        byte_count > WHOLE_BYTES_MAX || is_archive(path)
    })
}

fn is_archive(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(SNIFF_BYTES_MAX).read_to_end(&mut head));
    read.is_ok() && rashomon::is_archive(&shown(path), &head)
}

/// Opens an input to be read piece by piece.
///
/// # Errors
/// When the disk refuses.
pub fn open(path: &Path) -> std::io::Result<Box<dyn Source>> {
    if path == Path::new("-") {
        return Ok(Box::new(Forward::new(std::io::stdin())));
    }
    Ok(Box::new(fs::File::open(path)?))
}

/// A path as messages and articles name it.
pub fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Reads everything that was named. What cannot be read is in `skipped` with its reason.
///
/// # Errors
/// When `--outlets` names something that is no folder of outlets.
pub fn read(arguments: &ReadArguments) -> anyhow::Result<Reading> {
    read_files(list(arguments), arguments)
}

/// Reads these files. What cannot be read is in `skipped` with its reason.
///
/// # Errors
/// When `--outlets` names something that is no folder of outlets.
pub fn read_files(files: Files, arguments: &ReadArguments) -> anyhow::Result<Reading> {
    let options = options(arguments)?;
    let mut reading = Reading::default();
    reading.skipped = files.skipped;
    let mut web = Web::new(arguments, &options);
    let names: Vec<String> = files.paths.iter().map(|path| shown(path)).collect();
    for names in names.chunk_by(|one, next| web::is_address(one) == web::is_address(next)) {
        if web::is_address(&names[0]) {
            web.read(names, &mut reading);
        } else {
            names.iter().for_each(|name| read_file(name, &options, &mut reading));
        }
    }
    web.follow(&mut reading);
    reading.mark_repeated();
    if let Some(path) = &arguments.overrides {
        let shown = path.display().to_string();
        let text = fs::read_to_string(path).with_context(|| format!("--overrides {shown}"))?;
        reading.overrule(&shown, &text).with_context(|| format!("--overrides {shown}"))?;
    }
    if !arguments.quiet {
        reading.warnings.iter().for_each(|warning| progress::complain(&format!("warning: {warning}")));
    }
    Ok(reading)
}

/// Reads a file, or standard input.
fn read_file(name: &str, options: &ReadOptions, reading: &mut Reading) {
    let outcome = if name == "-" {
        read_limited(std::io::stdin().lock())
            .map(|bytes| rashomon::read(&Raw { name, bytes: &bytes }, options, reading))
    } else {
        fs::File::open(name)
            .and_then(|mut file| rashomon::read_source(name, &mut file, options, reading))
            .map_err(|error| error.to_string())
    };
    if let Err(error) = outcome {
        reading.skip(name, format!("It cannot be read: {error}."));
    }
}

/// Adds every TOML file of a folder and of the folders in it, by name; those that begin with `_` are templates.
fn add_outlets(folder: &Path, depth: usize, options: &mut ReadOptions) -> anyhow::Result<()> {
    anyhow::ensure!(depth <= FOLDER_DEPTH_MAX, "it lies more than {FOLDER_DEPTH_MAX} folders deep");
    let entries = fs::read_dir(folder).with_context(|| {
        format!("{} cannot be opened. Name a folder of TOML files, one an outlet", folder.display())
    })?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            add_outlets(&path, depth + 1, options)?;
        } else if name.ends_with(".toml") && !name.starts_with('_') {
            let shown = path.display().to_string();
            let text = fs::read_to_string(&path).with_context(|| format!("{shown} cannot be read"))?;
            options.add_outlet(&shown, &text)?;
        }
    }
    Ok(())
}

/// How inputs are read, as asked for.
///
/// # Errors
/// When `--outlets` names something that is no folder of outlets.
pub fn options(arguments: &ReadArguments) -> anyhow::Result<ReadOptions> {
    let mut options = ReadOptions::english(arguments.reference_date.clone());
    if let Some(folder) = &arguments.outlets {
        let added = add_outlets(folder, 0, &mut options);
        added.with_context(|| format!("--outlets {}", folder.display()))?;
    }
    Ok(options)
}

/// What is done with an input's name and its bytes, or the reason why it cannot be read; `false` ends the walk.
type Take<'a> = &'a mut dyn FnMut(&str, Result<Vec<u8>, String>) -> bool;

/// Walks through everything that was named, folders file by file; what is no file comes first.
pub fn each(names: &[String], take: Take) {
    let files = list_names(names);
    for skipped in files.skipped {
        if !take(&skipped.input, Err(skipped.reason)) {
            return;
        }
    }
    for path in files.paths {
        let name = shown(&path);
        let bytes = if name == "-" {
            read_limited(std::io::stdin().lock())
        } else {
            fs::File::open(&path).map_err(|error| error.to_string()).and_then(read_limited)
        };
        if !take(&name, bytes.map_err(|error| format!("It cannot be read: {error}."))) {
            return;
        }
    }
}

/// The models, as asked for.
///
/// # Errors
/// When `--grammar` or `--sentence-model` names something that cannot be loaded.
pub fn engine(arguments: &ReadArguments) -> anyhow::Result<Engine> {
    let engine = match &arguments.grammar {
        None => Engine::built_in(),
        Some(path) => Engine::with_grammar(path).with_context(|| format!("--grammar {}", path.display()))?,
    };
    #[cfg(feature = "sentence-encoder")]
    if let Some(folder) = &arguments.sentence_model {
        let told = || format!("--sentence-model {}", folder.display());
        return engine.with_sentence_encoder(folder).with_context(told);
    }
    Ok(engine)
}

/// Threads to use: as asked for, else one a core.
pub fn thread_count(arguments: &ReadArguments) -> usize {
    match arguments.threads {
        Some(count) => usize::from(count),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    }
}

fn list_path(path: &Path, depth: usize, files: &mut Files) {
    let name = path.display().to_string();
    match fs::metadata(path) {
        Err(error) => files.skip(&name, format!("It cannot be opened: {error}. Check the path.")),
        Ok(found) if found.is_dir() => list_folder(path, depth, files),
        Ok(found) if !found.is_file() => {
            files.skip(
                &name,
                "It is neither a file nor a folder. Name a file, a folder, or - for standard input."
                    .to_owned(),
            );
        }
        Ok(_) => files.paths.push(path.to_owned()),
    }
}

/// Lists a folder's files by name, then its folders; hidden ones are passed over.
fn list_folder(path: &Path, depth: usize, files: &mut Files) {
    let name = path.display().to_string();
    if depth > FOLDER_DEPTH_MAX {
        return files
            .skip(&name, format!("It lies more than {FOLDER_DEPTH_MAX} folders deep. Name it by itself."));
    }
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => {
            return files
                .skip(&name, format!("The folder cannot be opened: {error}. Check its permissions."));
        }
    };
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
    paths.sort();
    if paths.is_empty() {
        files.skip(&name, "The folder is empty. Name one that holds reports.".to_owned());
    }
    for path in paths {
        list_path(&path, depth + 1, files);
    }
}

fn read_limited(from: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    from.take(INPUT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > INPUT_BYTES_MAX {
        return Err(format!("it has more than {INPUT_BYTES_MAX} bytes; split it"));
    }
    Ok(bytes)
}
