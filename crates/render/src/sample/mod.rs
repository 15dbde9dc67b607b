//! A dossier made by hand: six invented outlets on an invented spill at a dam, and one on something else.
//! Tests read it, and `examples/sample.rs` prints it, so that a change of look can be looked at.

mod findings;
mod hostile;
mod reports;

use model::{Dossier, Input, Skipped, Story};

pub use hostile::hostile;
#[cfg(test)]
pub use reports::{annotated, evidence};

/// The whole sample.
pub fn dossier() -> Dossier {
    let articles = reports::articles();
    let alone = Story {
        id: "ferry-crews".to_owned(),
        lead: 6,
        articles: vec![6],
        reprints: Vec::new(),
        alignments: Vec::new(),
        discrepancies: Vec::new(),
        stances: Vec::new(),
        timeline: Vec::new(),
    };
    let files = ["gazette.txt", "wire.txt", "ledger.txt", "observer.txt", "broadcasts.jsonl", "post.txt"];
    let input = |name: &&str| Input {
        name: format!("examples/dam/{name}"),
        sha256: "a7".repeat(32),
        article_count: if name.ends_with("jsonl") { 2 } else { 1 },
    };
    Dossier {
        stories: vec![findings::story(&articles), alone],
        inputs: files.iter().map(input).collect(),
        articles,
        skipped: vec![
            Skipped {
                input: "examples/dam/map.png".to_owned(),
                reason: "It is an image (PNG), not a text. Give the article itself.".to_owned(),
            },
            Skipped {
                input: "examples/dam/broadcasts.jsonl:2".to_owned(),
                reason: "The line is not JSON: expected `,` at column 88. Repair the line or leave it out."
                    .to_owned(),
            },
        ],
    }
}

/// The sample's story told over and over: `times` stories of six articles each, to measure with.
pub fn large(times: usize) -> Dossier {
    let one = dossier();
    let mut large =
        Dossier { inputs: one.inputs, articles: Vec::new(), stories: Vec::new(), skipped: one.skipped };
    for _ in 0..times {
        let shift = large.articles.len();
        large.articles.extend(one.articles.iter().take(6).cloned());
        large.stories.push(shifted(&one.stories[0], shift));
    }
    large
}

fn shifted(story: &Story, shift: usize) -> Story {
    let mut story = story.clone();
    let evidence = story.alignments.iter_mut().flat_map(|a| {
        let voices = a.voices.iter_mut().flat_map(|v| std::iter::once(&mut v.evidence).chain(&mut v.hedge));
        std::iter::once(&mut a.gist).chain(voices)
    });
    evidence
        .chain(story.discrepancies.iter_mut().flat_map(|d| &mut d.sides).map(|s| &mut s.evidence))
        .chain(story.stances.iter_mut().map(|s| &mut s.evidence))
        .chain(story.timeline.iter_mut().map(|m| &mut m.evidence))
        .chain(story.reprints.iter_mut().flat_map(|r| &mut r.evidence))
        .for_each(|e| e.article += shift);
    story.articles.iter_mut().for_each(|article| *article += shift);
    for reprint in &mut story.reprints {
        reprint.article += shift;
        reprint.of += shift;
    }
    for merge in story.alignments.iter_mut().flat_map(|a| &mut a.merges) {
        merge.articles = merge.articles.map(|article| article + shift);
    }
    story.lead += shift;
    story
}
