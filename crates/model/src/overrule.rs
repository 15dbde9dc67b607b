//! What a user decided otherwise, to be replayed on every run.

/// A user's decisions, in the order of their file. Where two contradict each other, the later one holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// First to last.
    pub entries: Vec<Override>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Its line in the file, from 1.
    pub line: usize,
    /// Who decided.
    pub by: Option<String>,
    /// When, as written there.
    pub at: Option<String>,
    /// What is so.
    pub ruling: Ruling,
}

/// What a user may decide. Articles go by their id, their address, or `sha256:` and the beginning of their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// These articles tell one story, and so do all that are grouped with them.
    Merge(Vec<String>),
    /// These articles tell a story of their own.
    Split(Vec<String>),
    /// A speaker goes by other names, too.
    Alias {
        /// The name to show.
        name: String,
        /// The names that mean the same.
        also: Vec<String>,
    },
    /// An outlet belongs to somebody.
    Owner {
        /// The outlet, by name or address.
        outlet: String,
        /// Whose it is.
        owner: String,
    },
    /// An article is left out, or only its statements that hold these words.
    Ignore {
        /// The article.
        article: String,
        /// Words of the statement; `None` for the whole article.
        words: Option<String>,
    },
}
