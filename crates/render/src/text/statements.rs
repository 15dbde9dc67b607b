//! The statements of a story at a terminal: those of several voices in full, the rest in a few lines.

use std::collections::BTreeMap;

use model::{Alignment, Stance, Story, VoiceForm};

use super::page::{Extent, Page, Row};
use super::rich::{Rich, Style};
use super::{LEAD_WIDTH_MAX, Telling};
use crate::telling::{self, Weight};

/// Statements whose voices are listed; further ones are given by their wording alone.
const VOICED_COUNT_MAX: usize = 40;
/// Statements of one report that are given where no statement has several voices.
const SINGLE_COUNT_MAX: usize = 20;
/// Columns for the status: its longest word.
const STATUS_WIDTH: usize = 17;

impl Telling<'_> {
    pub(super) fn statements(&self, story: &Story, page: &mut Page) {
        if story.alignments.is_empty() {
            return;
        }
        page.section("STATEMENTS", Some(story.alignments.len()));
        let stances = |i: usize| story.stances.iter().filter(move |s| s.alignment == Some(i));
        let (told, single): (Vec<usize>, Vec<usize>) = (0..story.alignments.len())
            .partition(|&i| story.alignments[i].voices.len() > 1 || stances(i).next().is_some());
        for (n, &i) in told.iter().enumerate() {
            if n > 0 && n < VOICED_COUNT_MAX {
                page.blank();
            }
            self.statement(&story.alignments[i], page);
            if n < VOICED_COUNT_MAX {
                self.voices(&story.alignments[i], page);
                stances(i).for_each(|stance| self.stance(stance, page));
            }
        }
        if told.is_empty() {
            single.iter().take(SINGLE_COUNT_MAX).for_each(|&i| self.statement(&story.alignments[i], page));
        }
        let shown = if told.is_empty() { SINGLE_COUNT_MAX } else { 0 };
        self.single(story, single.get(shown..).unwrap_or(&[]), page);
    }

    fn statement(&self, alignment: &Alignment, page: &mut Page) {
        let mut body = Rich::new();
        if let Some(speaker) = &alignment.speaker {
            body.push(speaker, Style::Strong);
            body.push(": ", Style::Plain);
        }
        body.append(self.words(alignment.gist, &[], ["", ""]));
        page.row(&Row {
            indent: 2,
            lead_width: STATUS_WIDTH,
            lead: Rich::of(telling::status(alignment.status), weight(alignment)),
            body,
            margin: vec![Rich::of(&telling::counts(alignment.counts), Style::Plain)],
            extent: Extent::Whole,
        });
    }

    fn voices(&self, alignment: &Alignment, page: &mut Page) {
        if alignment.voices.len() < 2 {
            return;
        }
        let labels = alignment.voices.iter().map(|v| self.label(v.evidence.article, Style::Plain).width());
        let lead_width = labels.max().unwrap_or(0).min(LEAD_WIDTH_MAX);
        let gist = telling::words(self.dossier, alignment.gist);
        for voice in &alignment.voices {
            let mut body = Rich::new();
            if let Some(who) = voice.attributed_to.as_ref().filter(|_| alignment.speaker.is_none()) {
                body.push(&format!("{who}: "), Style::Dim);
            }
            let same =
                voice.evidence != alignment.gist && telling::words(self.dossier, voice.evidence) == gist;
            if same {
                body.push("in the same words", Style::Dim);
            } else {
                body.append(self.words(voice.evidence, &[], ["", ""]));
            }
            let mut margin = vec![self.place(voice.evidence)];
            if voice.form == VoiceForm::Narration {
                margin.push(Rich::of("own voice", Style::Dim));
            }
            page.row(&Row {
                indent: 4,
                lead_width,
                lead: self.label(voice.evidence.article, Style::Plain),
                body,
                margin,
                extent: Extent::OneLine,
            });
        }
    }

    fn stance(&self, stance: &Stance, page: &mut Page) {
        let mut body = Rich::of(telling::stance(stance.kind), Style::Accent);
        if !stance.by.is_empty() {
            body.push(" by ", Style::Plain);
            body.push(&stance.by, Style::Strong);
        }
        body.push(": ", Style::Plain);
        body.append(self.words(stance.evidence, &[], ["", ""]));
        page.row(&Row {
            indent: 4,
            lead_width: 0,
            lead: Rich::new(),
            body,
            margin: vec![self.place(stance.evidence)],
            extent: Extent::Whole,
        });
    }

    /// How many statements only one report makes, and which.
    fn single(&self, story: &Story, rest: &[usize], page: &mut Page) {
        if rest.is_empty() {
            return;
        }
        let mut by_article: BTreeMap<usize, usize> = BTreeMap::new();
        for &i in rest {
            *by_article.entry(story.alignments[i].gist.article).or_default() += 1;
        }
        let mut reports: Vec<(usize, usize)> = by_article.into_iter().collect();
        reports.sort_by_key(|(article, number)| (std::cmp::Reverse(*number), *article));
        page.blank();
        let lead = format!("{} by one report alone", telling::count(rest.len(), "statement"));
        let mut pieces = vec![Rich::of(&lead, Style::Strong)];
        pieces.extend(reports.iter().map(|(article, number)| {
            self.label(*article, Style::Plain).with(&format!(" {number}"), Style::Dim)
        }));
        pieces.push(Rich::of("all of them with --format html or json", Style::Dim));
        page.pieces(2, &pieces);
    }
}

fn weight(alignment: &Alignment) -> Style {
    match telling::weight(alignment.status) {
        Weight::Contested => Style::Accent,
        Weight::Settled | Weight::Plain => Style::Strong,
    }
}
