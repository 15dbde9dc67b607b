//! What an archive is asked and what it answers: lists, hits, events.

use crate::{EventKind, Nature, Span, Standing, Status};

/// Number of an article in the archive, in order of arrival.
pub type ArticleNumber = i64;
/// Number of an input in the archive, in order of arrival.
pub type InputNumber = i64;

/// An input as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputRow {
    /// Its number.
    pub number: InputNumber,
    /// As the user named it.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Length in bytes.
    pub size: u64,
    /// When it came, ISO 8601.
    pub added_at: String,
    /// Number of articles it gave.
    pub article_count: usize,
    /// Why it gave none: a sentence.
    pub refusal: Option<String>,
}

/// A page of a list: newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// Only what comes after this cursor, taken from the last row of the page before; `None` for the first page.
    pub before: Option<i64>,
    /// Rows at most.
    pub limit: usize,
}

/// A story in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct StoryRow {
    /// Its id; it stays while the story does.
    pub id: String,
    /// Grows with every change in the archive: the cursor of the list, and what an ETag is made from.
    pub sequence: i64,
    /// When it last changed, ISO 8601.
    pub changed_at: String,
    /// Number of its articles.
    pub article_count: usize,
    /// Whether articles have come that the summary does not know yet.
    pub stale: bool,
    /// What it is about and how it stands; `None` until it was compared for the first time.
    pub summary: Option<Summary>,
}

/// A story in a few lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The headline that stands for it.
    pub headline: String,
    /// Its outlets, sorted.
    pub outlets: Vec<String>,
    /// First and last day of publication, ISO 8601.
    pub days: Option<[String; 2]>,
    /// How many statements stand how.
    pub statuses: Vec<StatusCount>,
    /// How many discrepancies there are.
    pub difference_count: usize,
    /// The most telling of them.
    pub differences: Vec<Difference>,
}

/// How many statements of a story stand so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusCount {
    /// How they stand.
    pub status: Status,
    /// How many.
    pub count: usize,
}

/// A discrepancy in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Id of its kind.
    pub kind: String,
    /// Whether both sides can stand.
    pub nature: Nature,
    /// What differs, in words.
    pub why: String,
}

/// An article in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleRow {
    /// Its number in the archive: the cursor of lists.
    pub number: ArticleNumber,
    /// Its id, unique in the archive.
    pub id: String,
    /// The input it came from.
    pub input: String,
    /// When it came, ISO 8601.
    pub added_at: String,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// When it was published, ISO 8601.
    pub published: Option<String>,
    /// The id of its story.
    pub story: Option<String>,
}

/// What to search for. All parts must hold; an empty one holds always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words (all of them), `"phrases"`, beginnings (`resign*`), `-not` and `OR`.
    pub words: String,
    /// Names that the article mentions.
    pub names: Vec<String>,
    /// Who is quoted.
    pub speakers: Vec<String>,
    /// Outlets, any of them.
    pub outlets: Vec<String>,
    /// First day of publication, `YYYY-MM-DD`.
    pub since: Option<String>,
    /// Last day of publication, `YYYY-MM-DD`.
    pub until: Option<String>,
    /// Kinds of discrepancy in which the article takes a side, any of them.
    pub kinds: Vec<String>,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hits {
    /// Newest arrival first.
    pub hits: Vec<Hit>,
    /// Whether more were found than asked for.
    pub more: bool,
}

/// An article that a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The article.
    pub article: ArticleRow,
    /// Its headline.
    pub headline: String,
    /// A passage with the words searched for.
    pub excerpt: Vec<Piece>,
    /// Where the passage stands in the article's text.
    pub span: Option<Span>,
}

/// A piece of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The words, verbatim.
    pub text: String,
    /// Whether they are what was searched for.
    pub found: bool,
}

/// Something that the desk was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Its number: grows by time, is never used again, and is the cursor of `events`.
    pub number: i64,
    /// When, ISO 8601.
    pub at: String,
    /// The id of the story.
    pub story: String,
    /// The story's headline then.
    pub headline: String,
    /// What changed.
    pub kind: EventKind,
    /// The statement that it is about.
    pub gist: Quoted,
    /// What it was.
    pub old: Option<Standing>,
    /// What it is now.
    pub new: Standing,
    /// Who says so.
    pub by: Option<String>,
    /// The words that show it.
    pub evidence: Vec<Quoted>,
}

/// Words in an article of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// The article's id.
    pub article: String,
    /// Its outlet.
    pub outlet: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Where in its text.
    pub span: Span,
    /// The words, verbatim.
    pub words: String,
}

/// How many of everything there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Inputs kept, refused ones among them.
    pub input_count: usize,
    /// Inputs that gave no article.
    pub refused_count: usize,
    /// Inputs that are not in whole, because a process was stopped.
    pub unfinished_count: usize,
    /// Articles.
    pub article_count: usize,
    /// Outlets.
    pub outlet_count: usize,
    /// Stories.
    pub story_count: usize,
    /// Stories that wait to be compared again.
    pub stale_count: usize,
    /// Events.
    pub event_count: usize,
    /// Bytes of the database, without its log.
    pub database_bytes: u64,
    /// Version of the program that began the archive or last read all of it again.
    pub version: String,
}

/// A feed that is watched, and how it has fared. Times are ISO 8601 in UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedRow {
    /// Its address, as the user named it.
    pub url: String,
    /// What it calls itself.
    pub title: Option<String>,
    /// How often it was asked.
    pub asked_count: u64,
    /// How often it brought something new.
    pub changed_count: u64,
    /// How often it failed.
    pub failed_count: u64,
    /// How often in a row, up to now.
    pub failed_in_a_row: u32,
    /// When it last answered.
    pub answered_at: Option<String>,
    /// When it last brought something new.
    pub changed_at: Option<String>,
    /// Why it failed last: a sentence.
    pub failure: Option<String>,
    /// How long it is left alone, in seconds.
    pub pause_seconds: Option<i64>,
    /// When it is to be asked next.
    pub next_at: Option<String>,
    /// The address that answered last, after all redirects.
    pub answered_from: Option<String>,
    /// `ETag` of the last answer, as it came.
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer, as it came.
    pub modified: Option<String>,
    /// Pages that it named and that are in.
    pub page_count: usize,
    /// Pages that it named and that wait to be fetched.
    pub waiting_count: usize,
    /// Pages that it named and that could not be had.
    pub given_up_count: usize,
}

/// A page that a feed names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedPage {
    /// Its address.
    pub url: String,
    /// The feed's address.
    pub feed: String,
    /// What tells its version from others, where the feed says so: when it was changed.
    pub version: Option<String>,
}
