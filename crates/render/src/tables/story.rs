//! Tables of which each row belongs to one story.

use model::{Annotated, Evidence};

use super::{Cell, Column, END, Rows, START, StoryOf, Table, WORDS};
use crate::json::{form, nature, relation, status};

const STORY: Column = Column::text("story", "the story's id");
const STATEMENT: Column = Column::text("statement", "its id in the story: `a1`, `a2`, …");
const ARTICLE: Column = Column::text("article", "the article's id");
const ATTRIBUTED_TO: Column = Column::text("attributed_to", "who is named as saying so");

/// The cells of a place: article, start, end, words.
fn place(of: &StoryOf, evidence: Evidence) -> [Cell; 4] {
    let article = &article(of, evidence.article).article;
    [
        Cell::from(&*article.id),
        Cell::from(evidence.span.start),
        Cell::from(evidence.span.end),
        Cell::words(of.text, &article.text, evidence.span),
    ]
}

fn article<'a>(of: &StoryOf<'a>, number: usize) -> &'a Annotated {
    &of.dossier.articles[number]
}

pub(super) const STATEMENTS: Table = Table {
    name: "statements",
    about: "One thing that a story's articles say to be so, and how it stands.",
    key: &["story", "statement"],
    columns: &[
        STORY,
        STATEMENT,
        Column::text(
            "status",
            "how it stands, in the words of the JSON: `corroborated`, `single-source`, `denied`, …",
        ),
        Column::text("speaker", "who says it, where all voices name the same"),
        Column::number("outlets", "mastheads that carry it"),
        Column::number("reports", "independent reports: copies, rewrites and common owners taken together"),
        Column::number("sources", "people and bodies that are named as saying so"),
        Column::text("article", "the article whose wording stands for all"),
        START,
        END,
        Column::text("gist", "that wording, verbatim"),
    ],
    rows: Rows::Story(statements),
};

fn statements(of: &StoryOf) -> Vec<Vec<Cell>> {
    let all = of.story.alignments.iter().map(|alignment| {
        let counts = alignment.counts;
        let mut row = vec![
            Cell::from(&*of.story.id),
            Cell::from(&*alignment.id),
            Cell::from(status(alignment.status)),
            alignment.speaker.as_deref().into(),
            Cell::from(counts.outlets),
            Cell::from(counts.reports),
            Cell::from(counts.sources),
        ];
        row.extend(place(of, alignment.gist));
        row
    });
    all.collect()
}

pub(super) const VOICES: Table = Table {
    name: "voices",
    about: "One article's wording of a statement.",
    key: &["story", "statement", "voice"],
    columns: &[
        STORY,
        STATEMENT,
        Column::number("voice", "its number in the statement, from 0"),
        Column::text("form", "`direct`, `indirect`, `mixed` or `narration`"),
        ATTRIBUTED_TO,
        Column::text("hedge", "the words by which the outlet keeps its distance"),
        ARTICLE,
        START,
        END,
        WORDS,
    ],
    rows: Rows::Story(voices),
};

fn voices(of: &StoryOf) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for alignment in &of.story.alignments {
        for (number, voice) in alignment.voices.iter().enumerate() {
            let hedge = voice
                .hedge
                .map(|hedge| Cell::words(of.text, &article(of, hedge.article).article.text, hedge.span));
            let mut row = vec![
                Cell::from(&*of.story.id),
                Cell::from(&*alignment.id),
                Cell::from(number),
                Cell::from(form(voice.form)),
                voice.attributed_to.as_deref().into(),
                hedge.unwrap_or(Cell::Nothing),
            ];
            row.extend(place(of, voice.evidence));
            rows.push(row);
        }
    }
    rows
}

pub(super) const DISCREPANCIES: Table = Table {
    name: "discrepancies",
    about: "One side of a difference between outlets; a difference has two or more.",
    key: &["story", "discrepancy", "side"],
    columns: &[
        STORY,
        Column::number("discrepancy", "its number in the story, from 0"),
        Column::number("side", "the side's number in it, from 0"),
        Column::text("kind", "`figure-conflict`, `quote-altered`, …: see kinds.md"),
        Column::text("nature", "`conflict`, `update` or `precision`"),
        Column::text("statement", "the statement that it is about, where it is about one"),
        Column::text("why", "what differs, in a sentence; empty with `--no-text`, since it quotes"),
        Column::text("value", "what this side has: a figure, a name, a day; empty with `--no-text`"),
        ATTRIBUTED_TO,
        ARTICLE,
        START,
        END,
        WORDS,
    ],
    rows: Rows::Story(discrepancies),
};

fn discrepancies(of: &StoryOf) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for (number, discrepancy) in of.story.discrepancies.iter().enumerate() {
        let statement = discrepancy.alignment.and_then(|place| of.story.alignments.get(place));
        for (side_number, side) in discrepancy.sides.iter().enumerate() {
            let mut row = vec![
                Cell::from(&*of.story.id),
                Cell::from(number),
                Cell::from(side_number),
                Cell::from(discrepancy.kind),
                Cell::from(nature(discrepancy.nature)),
                statement.map(|statement| &*statement.id).into(),
                Cell::kept(of.text, &discrepancy.why),
                Cell::kept(of.text, &side.value),
                side.attributed_to.as_deref().into(),
            ];
            row.extend(place(of, side.evidence));
            rows.push(row);
        }
    }
    rows
}

pub(super) const REPRINTS: Table = Table {
    name: "reprints",
    about: "That an article copies or rewrites another of its story.",
    key: &["story", "article", "of"],
    columns: &[
        STORY,
        Column::text("article", "the article that derives"),
        Column::text("of", "the article that it derives from"),
        Column::text("relation", "`copy` or `rewrite`"),
        Column::share("share", "share of its words that stand in the other"),
        Column::text("why", "why we think so, in a sentence"),
    ],
    rows: Rows::Story(reprints),
};

fn reprints(of: &StoryOf) -> Vec<Vec<Cell>> {
    let all = of.story.reprints.iter().map(|reprint| {
        vec![
            Cell::from(&*of.story.id),
            Cell::from(&*article(of, reprint.article).article.id),
            Cell::from(&*article(of, reprint.of).article.id),
            Cell::from(relation(reprint.relation)),
            Cell::Share(reprint.share),
            Cell::from(&*reprint.why),
        ]
    });
    all.collect()
}
