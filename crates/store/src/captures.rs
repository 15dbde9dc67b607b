//! The inputs as they came, beside the database: each once, under the digest of its bytes, compressed.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Error;

/// Compression that costs little beside reading an article, and halves a page or better.
const LEVEL: i32 = 3;
/// Letters of a digest that name its folder: no folder has more than a 256th of all captures.
const FOLDER_LETTERS: usize = 2;
/// What a capture's file is called while it is written.
const DRAFT_ENDING: &str = "part";
/// What a capture's file is called when it is whole.
const ENDING: &str = "zst";

/// The folder of captures.
#[derive(Clone, Debug)]
pub(crate) struct Captures {
    folder: PathBuf,
}

impl Captures {
    /// The folder that belongs to a database: `desk.db` has `desk.db.captures`.
    pub(crate) fn beside(database: &Path) -> Captures {
        let mut folder = database.as_os_str().to_owned();
        folder.push(".captures");
        Captures { folder: folder.into() }
    }

    /// Keeps bytes under their digest. What is already there is left as it is.
    pub(crate) fn keep(&self, digest: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.path(digest)?;
        if path.exists() {
            return Ok(());
        }
        let folder = path.parent().expect("a capture lies in a folder");
        fs::create_dir_all(folder).map_err(|error| Error::disk(folder, error))?;
        let draft = path.with_extension(DRAFT_ENDING);
        let written = zstd::bulk::compress(bytes, LEVEL).and_then(|packed| {
            let mut file = File::create(&draft)?;
            file.write_all(&packed)?;
            // The database may name a capture only when its bytes are safe.
            file.sync_data()?;
            fs::rename(&draft, &path)
        });
        written.map_err(|error| Error::disk(&path, error))
    }

    /// The bytes under a digest, held against it.
    pub(crate) fn bytes(&self, digest: &str, size: u64) -> Result<Vec<u8>, Error> {
        let path = self.path(digest)?;
        let file = File::open(&path).map_err(|error| Error::disk(&path, error))?;
        let mut bytes = Vec::new();
        // A damaged file must not unpack to more than was packed.
        let read = zstd::stream::read::Decoder::new(file)
            .and_then(|decoder| decoder.take(size.saturating_add(1)).read_to_end(&mut bytes));
        if read.is_err() || bytes.len() as u64 != size || sha256(&bytes) != digest {
            return Err(Error::damaged(format!("The capture {}", path.display())));
        }
        Ok(bytes)
    }

    /// Whether there is a capture under this digest.
    pub(crate) fn holds(&self, digest: &str) -> bool {
        self.path(digest).is_ok_and(|path| path.is_file())
    }

    /// Digests of all captures, sorted, and the number of files that are none.
    pub(crate) fn digests(&self) -> Result<(Vec<String>, usize), Error> {
        let (mut digests, mut other_count) = (Vec::new(), 0);
        for folder in entries(&self.folder)? {
            for path in entries(&folder)? {
                let whole = path.extension().is_some_and(|ending| ending == ENDING);
                match path.file_stem().and_then(|stem| stem.to_str()).filter(|_| whole) {
                    Some(digest) => digests.push(digest.to_owned()),
                    None => other_count += 1,
                }
            }
        }
        digests.sort();
        Ok((digests, other_count))
    }

    /// Removes captures that nothing names, and drafts left by a process that was killed.
    pub(crate) fn sweep(&self, named: &dyn Fn(&str) -> bool) -> Result<usize, Error> {
        let mut count = 0;
        for folder in entries(&self.folder)? {
            for path in entries(&folder)? {
                let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
                let whole = path.extension().is_some_and(|ending| ending == ENDING);
                if !whole || !named(stem) {
                    fs::remove_file(&path).map_err(|error| Error::disk(&path, error))?;
                    count += 1;
                }
            }
        }
        Ok(count)
    }

    fn path(&self, digest: &str) -> Result<PathBuf, Error> {
        let folder =
            digest.get(..FOLDER_LETTERS).filter(|_| digest.bytes().all(|b| b.is_ascii_alphanumeric()));
        let folder = folder.ok_or_else(|| Error::damaged("A capture's digest"))?;
        Ok(self.folder.join(folder).join(digest).with_extension(ENDING))
    }
}

/// What lies in a folder, sorted; nothing where there is none.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let listed = fs::read_dir(folder).map_err(|error| Error::disk(folder, error))?;
    let mut paths: Vec<PathBuf> = listed.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    Ok(paths)
}

/// SHA-256 of some bytes, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Captures, sha256};

    #[test]
    fn bytes_come_back_and_damage_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let captures = Captures::beside(&folder.path().join("a.db"));
        let digest = sha256(b"One fell.");
        captures.keep(&digest, b"One fell.").unwrap();
        captures.keep(&digest, b"One fell.").unwrap();
        assert_eq!(captures.bytes(&digest, 9).unwrap(), b"One fell.");
        assert!(captures.bytes(&digest, 8).unwrap_err().is_damaged());
        assert_eq!(captures.digests().unwrap(), (vec![digest.clone()], 0));
        std::fs::write(captures.path(&digest).unwrap(), b"else").unwrap();
        assert!(captures.bytes(&digest, 9).unwrap_err().is_damaged());
        assert!(captures.bytes("../../etc/passwd", 9).unwrap_err().is_damaged());
        assert_eq!(captures.sweep(&|_| false).unwrap(), 1);
        assert!(!captures.holds(&digest));
    }
}
