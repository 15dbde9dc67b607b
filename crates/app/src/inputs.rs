//! Files, folders and standard input, in a fixed order.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::Context;
use rashomon::{Engine, Raw, ReadOptions, Reading};

use crate::cli::ReadArguments;
use crate::{progress, web};

/// Bytes that one input may have; larger ones are skipped with a reason, so that one file cannot take all memory.
const INPUT_BYTES_MAX: u64 = 2 << 30;
/// Folders within folders that are followed.
const FOLDER_DEPTH_MAX: usize = 64;

/// Reads everything that was named. What cannot be read is in `skipped` with its reason.
///
/// # Errors
/// When `--outlets` names something that is no folder of outlets.
pub fn read(arguments: &ReadArguments) -> anyhow::Result<Reading> {
    let options = options(arguments)?;
    let mut reading = Reading::default();
    for names in arguments.inputs.chunk_by(|one, next| web::is_address(one) == web::is_address(next)) {
        if web::is_address(&names[0]) {
            web::read(names, arguments, &options, &mut reading);
            continue;
        }
        each(names, &mut |name, bytes| {
            match bytes {
                Ok(bytes) => rashomon::read(&Raw { name, bytes: &bytes }, &options, &mut reading),
                Err(reason) => reading.skip(name, reason),
            }
            true
        });
    }
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

/// Walks through everything that was named, folders file by file.
pub fn each(names: &[String], take: Take) {
    for name in names {
        let go_on = if name == "-" {
            let bytes = read_limited(std::io::stdin().lock());
            take("-", bytes.map_err(|error| format!("It cannot be read: {error}.")))
        } else {
            each_below(Path::new(name), 0, take)
        };
        if !go_on {
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

fn each_below(path: &Path, depth: usize, take: Take) -> bool {
    let name = path.display().to_string();
    match fs::metadata(path) {
        Err(error) => take(&name, Err(format!("It cannot be opened: {error}. Check the path."))),
        Ok(found) if found.is_dir() => each_in_folder(path, depth, take),
        Ok(found) if !found.is_file() => {
            let reason = "It is neither a file nor a folder. Name a file, a folder, or - for standard input.";
            take(&name, Err(reason.to_owned()))
        }
        Ok(_) => {
            let bytes = fs::File::open(path).map_err(|error| error.to_string()).and_then(read_limited);
            take(&name, bytes.map_err(|error| format!("It cannot be read: {error}.")))
        }
    }
}

/// A folder's files by name, then its folders; hidden ones are passed over.
fn each_in_folder(path: &Path, depth: usize, take: Take) -> bool {
    let name = path.display().to_string();
    if depth > FOLDER_DEPTH_MAX {
        let reason = format!("It lies more than {FOLDER_DEPTH_MAX} folders deep. Name it by itself.");
        return take(&name, Err(reason));
    }
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => {
            return take(&name, Err(format!("The folder cannot be opened: {error}. Check its permissions.")));
        }
    };
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
    paths.sort();
    if paths.is_empty() {
        return take(&name, Err("The folder is empty. Name one that holds reports.".to_owned()));
    }
    paths.iter().all(|path| each_below(path, depth + 1, take))
}

fn read_limited(from: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    from.take(INPUT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > INPUT_BYTES_MAX {
        return Err(format!("it has more than {INPUT_BYTES_MAX} bytes; split it"));
    }
    Ok(bytes)
}
