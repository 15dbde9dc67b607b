//! Everything that looks outward: findings become text, JSON, a page, annotations.
//!
//! An output is a file that exports one [`Output`], and its row in [`OUTPUTS`]. It writes what was found and
//! decides nothing; the words of a newspaper are never trusted: each output escapes them in its own way.

mod annotations;
#[cfg(test)]
mod cases;
mod claims;
mod diff;
mod feed;
mod html;
mod json;
mod line_numbers;
mod marks;
#[cfg(test)]
mod sample;
pub mod tables;
pub mod telling;
mod text;

use std::io::{self, Write};

use model::Dossier;

pub use claims::{ClaimedArticle, ClaimedInput, ClaimedSpan, Claims, ReadError, read_claims};
pub use feed::{FeedOptions, atom, json_feed};
pub use html::{
    ArticleView, STYLE, StatementWindow, StoryHtml, article_html, article_path, disputes_html, escape,
    percent, place_path, speaker_path, story_html, story_path,
};
pub use json::{
    article_line, event_json, events_json, extract_line, health_json, hit_line, hits_json, line_id,
    problem_json, revision_kind, revision_line, stories_json, story_line, story_row_line,
};
pub use text::{event_line, events_text, hits_text, stories_text};

/// A form in which a dossier can be given.
pub struct Output {
    /// What `--format` takes.
    pub id: &'static str,
    /// Internet media type of what is written.
    pub media_type: &'static str,
    /// One line for the list of formats.
    pub title: &'static str,
    /// Writes the whole dossier; fails only when `Write` does.
    pub render: fn(&Dossier, &RenderOptions, &mut dyn Write) -> io::Result<()>,
}

/// Every output, the one for people at a terminal first.
pub const OUTPUTS: &[Output] = &[text::OUTPUT, json::OUTPUT, html::OUTPUT, annotations::OUTPUT];

/// What the reader's side decides about an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderOptions {
    /// Columns of the window; only `text` looks at it. Taken as at least 20.
    pub width: usize,
    /// Whether `text` may use colour.
    pub colour: Colour,
    /// Whether the reports' words are given.
    pub text: KeepText,
    /// Version of the program, printed beside the findings.
    pub version: &'static str,
}

/// Whether a terminal's colours may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain characters only.
    Never,
    /// ANSI sequences: bold, dim, underline and one accent.
    Always,
}

/// Whether the words of the reports are given, or only where they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepText {
    /// Articles whole, and the words of every span.
    Whole,
    /// Only offsets (`--no-text`): for results that are passed on where the text may not be.
    LeftOut,
}

#[cfg(test)]
mod tests {
    use super::{Colour, KeepText, OUTPUTS, RenderOptions, sample};

    #[test]
    fn every_output_writes_the_same_bytes_twice() {
        let dossier = sample::dossier();
        let options =
            RenderOptions { width: 80, colour: Colour::Always, text: KeepText::Whole, version: "1.2.3" };
        for output in OUTPUTS {
            let mut first = Vec::new();
            let mut second = Vec::new();
            (output.render)(&dossier, &options, &mut first).unwrap();
            (output.render)(&dossier, &options, &mut second).unwrap();
            assert!(first.len() > 1000, "{} says too little", output.id);
            assert!(first == second, "{} is not deterministic", output.id);
        }
    }

    #[test]
    fn an_empty_dossier_and_a_hostile_one_are_rendered_too() {
        let empty = model::Dossier { inputs: vec![], articles: vec![], stories: vec![], skipped: vec![] };
        for dossier in [empty, sample::hostile()] {
            for text in [KeepText::Whole, KeepText::LeftOut] {
                let options = RenderOptions { width: 0, colour: Colour::Never, text, version: "1.2.3" };
                for output in OUTPUTS {
                    let mut out = Vec::new();
                    (output.render)(&dossier, &options, &mut out).unwrap();
                    assert!(std::str::from_utf8(&out).is_ok());
                }
            }
        }
    }
}
