//! Why the archive could not do what was asked.

use std::fmt;
use std::path::{Path, PathBuf};

/// An archive's refusal. What it means for the caller is asked through its predicates; its text is a sentence.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Sql(rusqlite::Error),
    Disk { path: PathBuf, error: std::io::Error },
    InUse(PathBuf),
    Newer { path: PathBuf, found: i64, known: i64 },
    Outdated { path: PathBuf, found: String, known: String },
    Damaged(String),
    Query(String),
}

impl Error {
    /// Whether trying again may help: another process holds the archive for a moment.
    pub fn is_transient(&self) -> bool {
        match &self.kind {
            Kind::InUse(_) => true,
            Kind::Sql(error) => matches!(
                error.sqlite_error_code(),
                Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
            ),
            Kind::Disk { .. }
            | Kind::Newer { .. }
            | Kind::Outdated { .. }
            | Kind::Damaged(_)
            | Kind::Query(_) => false,
        }
    }

    /// Whether another process writes to the archive.
    pub fn is_in_use(&self) -> bool {
        matches!(self.kind, Kind::InUse(_))
    }

    /// Whether what is kept was written by another version of the program, in a form that this one does not read: all of
    /// it is to be read again from its captures.
    pub fn is_outdated(&self) -> bool {
        matches!(self.kind, Kind::Outdated { .. })
    }

    /// Whether something kept is not as it was written.
    pub fn is_damaged(&self) -> bool {
        matches!(self.kind, Kind::Damaged(_))
    }

    /// Whether the caller asked for something that cannot be asked.
    pub fn is_query(&self) -> bool {
        matches!(self.kind, Kind::Query(_))
    }

    /// The disk refuses a file.
    pub fn disk(path: &Path, error: std::io::Error) -> Error {
        Error { kind: Kind::Disk { path: path.to_owned(), error } }
    }

    pub(crate) fn in_use(path: &Path) -> Error {
        Error { kind: Kind::InUse(path.to_owned()) }
    }

    pub(crate) fn newer(path: &Path, found: i64, known: i64) -> Error {
        Error { kind: Kind::Newer { path: path.to_owned(), found, known } }
    }

    pub(crate) fn outdated(path: &Path, found: &str, known: &str) -> Error {
        let kind = Kind::Outdated { path: path.to_owned(), found: found.to_owned(), known: known.to_owned() };
        Error { kind }
    }

    /// Something that the caller found damaged in what it had kept here; `what` begins a sentence.
    pub fn damaged(what: impl Into<String>) -> Error {
        Error { kind: Kind::Damaged(what.into()) }
    }

    /// Something that cannot be done as asked: a sentence.
    pub fn query(what: impl Into<String>) -> Error {
        Error { kind: Kind::Query(what.into()) }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        Error { kind: Kind::Sql(error) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Sql(error) => {
                write!(f, "The archive's database refuses: {error}. `rashomon doctor` looks at it.")
            }
            Kind::Disk { path, error } => {
                write!(
                    f,
                    "{} cannot be used: {error}. Check the path, its permissions and the disk.",
                    path.display()
                )
            }
            Kind::InUse(path) => write!(
                f,
                "{} is written to by another process. Wait for it, or stop it: an archive has one writer.",
                path.display()
            ),
            Kind::Newer { path, found, known } => write!(
                f,
                "{} has schema {found}, this program knows {known}. Use the newer program that made it.",
                path.display()
            ),
            Kind::Outdated { path, found, known } => write!(
                f,
                "{} was written in {found}, by another version of this program, which reads {known}. Nothing that \
                 came in is lost: `rashomon doctor --reread --database {}` reads all captures again.",
                path.display(),
                path.display()
            ),
            Kind::Damaged(what) => write!(
                f,
                "{what} is not as it was written. `rashomon doctor --reread` makes it again from the captures."
            ),
            Kind::Query(what) => f.write_str(what),
        }
    }
}

// No source: the sentence says the cause, which would otherwise be printed twice.
impl std::error::Error for Error {}
