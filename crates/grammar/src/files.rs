//! Where a spaCy pipeline lies: a folder, or a wheel, which is a zip archive with that folder in it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use crate::error::Error;

/// A file of a pipeline beyond this many bytes is refused; the greatest known, vectors, stay below one gibibyte.
const FILE_BYTES_MAX: u64 = 1 << 31;

/// How far below the given folder a pipeline is looked for: an installed package holds it two folders down.
const DEPTH_MAX: usize = 2;

/// The file every pipeline has.
const CONFIG: &str = "config.cfg";

/// A pipeline's files by their names within it.
pub(crate) enum Files {
    Folder(PathBuf),
    Wheel { archive: Box<ZipArchive<File>>, root: String, path: PathBuf },
}

impl Files {
    /// Opens a folder or a wheel.
    pub(crate) fn open(path: &Path) -> Result<Files, Error> {
        if path.is_dir() {
            let folder = find_folder(path, DEPTH_MAX).ok_or_else(|| {
                Error::new(format!("There is no spaCy pipeline (no `{CONFIG}`) in `{}`.", path.display()))
            })?;
            return Ok(Files::Folder(folder));
        }
        let bad = |error: &dyn std::fmt::Display| {
            Error::new(format!("`{}` is neither our model file nor a wheel: {error}.", path.display()))
        };
        let file = File::open(path).map_err(|error| bad(&error))?;
        let archive = ZipArchive::new(file).map_err(|error| bad(&error))?;
        // The config nearest to the archive's root; of equals, the first by name.
        let root = archive
            .file_names()
            .filter_map(|name| Some(name.ok()?.strip_suffix(CONFIG)?.to_string()))
            .filter(|root| root.is_empty() || root.ends_with('/'))
            .min_by_key(|root| (root.matches('/').count(), root.clone()))
            .ok_or_else(|| bad(&"there is no pipeline in it"))?;
        Ok(Files::Wheel { archive: Box::new(archive), root, path: path.to_path_buf() })
    }

    /// The bytes of a file, `None` if the pipeline has none of that name.
    pub(crate) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let unreadable = |path: &Path, error: &dyn std::fmt::Display| {
            Error::new(format!(
                "The file `{name}` of the pipeline `{}` cannot be read: {error}.",
                path.display()
            ))
        };
        match self {
            Files::Folder(folder) => {
                let path = folder.join(name);
                if !path.is_file() {
                    return Ok(None);
                }
                let file = File::open(&path).map_err(|error| unreadable(folder, &error))?;
                read_bounded(file).map(Some).map_err(|error| unreadable(folder, &error))
            }
            Files::Wheel { archive, root, path } => {
                let Some(at) = archive.index_for_name(&format!("{root}{name}")) else { return Ok(None) };
                let file = archive.by_index(at).map_err(|error| unreadable(path, &error))?;
                read_bounded(file).map(Some).map_err(|error| unreadable(path, &error))
            }
        }
    }

    /// The bytes of a file that the pipeline must have.
    pub(crate) fn require(&mut self, name: &str) -> Result<Vec<u8>, Error> {
        self.read(name)?.ok_or_else(|| Error::within(name, "it is missing"))
    }
}

fn read_bounded(file: impl Read) -> Result<Vec<u8>, std::io::Error> {
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 <= FILE_BYTES_MAX {
        true => Ok(bytes),
        false => Err(std::io::Error::other(format!("it has more than {FILE_BYTES_MAX} bytes"))),
    }
}

/// The folder itself or, of those below it, the first by name that holds a pipeline.
fn find_folder(folder: &Path, depth: usize) -> Option<PathBuf> {
    if folder.join(CONFIG).is_file() {
        return Some(folder.to_path_buf());
    }
    if depth == 0 {
        return None;
    }
    let mut below: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    below.sort();
    below.iter().filter(|path| path.is_dir()).find_map(|path| find_folder(path, depth - 1))
}
