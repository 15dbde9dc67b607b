//! What `languages/<code>/compare.toml` holds.

use serde::Deserialize;

/// Words for this part of reading an article.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareWords {}
