//! A story with its findings in the contract's JSON.

use model::{
    Alignment, Discrepancy, Dossier, Evidence, Nature, Relation, Reprint, Stance, StanceKind, Status, Story,
    VoiceForm,
};
use serde::Serialize;

use super::article::{At, SpanJson};
use crate::{KeepText, telling};

#[derive(Serialize)]
pub(super) struct StoryJson<'a> {
    id: &'a str,
    headline: &'a str,
    articles: Vec<&'a str>,
    reprints: Vec<ReprintJson<'a>>,
    alignments: Vec<AlignmentJson<'a>>,
    discrepancies: Vec<DiscrepancyJson<'a>>,
    stances: Vec<StanceJson<'a>>,
    timeline: Vec<MomentJson<'a>>,
}

#[derive(Serialize)]
struct EvidenceJson<'a> {
    article: &'a str,
    #[serde(flatten)]
    span: SpanJson<'a>,
}

#[derive(Serialize)]
struct ReprintJson<'a> {
    article: &'a str,
    of: &'a str,
    relation: &'static str,
    share: f64,
    why: &'a str,
    evidence: Vec<EvidenceJson<'a>>,
}

#[derive(Serialize)]
struct AlignmentJson<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    gist: Option<&'a str>,
    gist_span: EvidenceJson<'a>,
    speaker: Option<&'a str>,
    status: &'static str,
    counts: CountsJson,
    merges: Vec<MergeJson<'a>>,
    voices: Vec<VoiceJson<'a>>,
}

#[derive(Serialize)]
struct CountsJson {
    outlets: usize,
    reports: usize,
    sources: usize,
}

#[derive(Serialize)]
struct MergeJson<'a> {
    articles: [&'a str; 2],
    why: &'a str,
}

#[derive(Serialize)]
struct VoiceJson<'a> {
    #[serde(flatten)]
    evidence: EvidenceJson<'a>,
    form: &'static str,
    attributed_to: Option<&'a str>,
    hedge: Option<&'a str>,
}

#[derive(Serialize)]
struct DiscrepancyJson<'a> {
    kind: &'a str,
    nature: &'static str,
    alignment: Option<&'a str>,
    why: &'a str,
    sides: Vec<SideJson<'a>>,
}

#[derive(Serialize)]
struct SideJson<'a> {
    #[serde(flatten)]
    evidence: EvidenceJson<'a>,
    value: &'a str,
    attributed_to: Option<&'a str>,
}

#[derive(Serialize)]
struct StanceJson<'a> {
    alignment: Option<&'a str>,
    stance: &'static str,
    by: &'a str,
    #[serde(flatten)]
    evidence: EvidenceJson<'a>,
}

#[derive(Serialize)]
struct MomentJson<'a> {
    date: &'a str,
    #[serde(flatten)]
    evidence: EvidenceJson<'a>,
}

/// What a finding is written from: its dossier and story, and whether words may be given.
struct Ctx<'a> {
    dossier: &'a Dossier,
    story: &'a Story,
    keep: KeepText,
}

pub(super) fn story<'a>(dossier: &'a Dossier, story: &'a Story, keep: KeepText) -> StoryJson<'a> {
    let ctx = Ctx { dossier, story, keep };
    StoryJson {
        id: &story.id,
        headline: telling::headline(dossier, story.lead),
        articles: story.articles.iter().map(|article| ctx.id(*article)).collect(),
        reprints: story.reprints.iter().map(|r| ctx.reprint(r)).collect(),
        alignments: story.alignments.iter().map(|a| ctx.alignment(a)).collect(),
        discrepancies: story.discrepancies.iter().map(|d| ctx.discrepancy(d)).collect(),
        stances: story.stances.iter().map(|s| ctx.stance(s)).collect(),
        timeline: story
            .timeline
            .iter()
            .map(|m| MomentJson { date: &m.date, evidence: ctx.evidence(m.evidence) })
            .collect(),
    }
}

impl<'a> Ctx<'a> {
    fn id(&self, article: usize) -> &'a str {
        &self.dossier.articles[article].article.id
    }

    fn evidence(&self, evidence: Evidence) -> EvidenceJson<'a> {
        let at = At { text: &self.dossier.articles[evidence.article].article.text, keep: self.keep };
        EvidenceJson { article: self.id(evidence.article), span: at.span(evidence.span) }
    }

    /// Words outside a span, such as a hedge, are left out with the rest.
    fn words(&self, evidence: Evidence) -> Option<&'a str> {
        match self.keep {
            KeepText::Whole => Some(telling::words(self.dossier, evidence)),
            KeepText::LeftOut => None,
        }
    }

    fn alignment_id(&self, index: Option<usize>) -> Option<&'a str> {
        index.map(|i| self.story.alignments[i].id.as_str())
    }

    fn reprint(&self, reprint: &'a Reprint) -> ReprintJson<'a> {
        ReprintJson {
            article: self.id(reprint.article),
            of: self.id(reprint.of),
            relation: relation(reprint.relation),
            // Three places say all there is to say, and do not change with the last bit of a sum.
            share: (reprint.share * 1000.0).round() / 1000.0,
            why: &reprint.why,
            evidence: reprint.evidence.iter().map(|e| self.evidence(*e)).collect(),
        }
    }

    fn alignment(&self, alignment: &'a Alignment) -> AlignmentJson<'a> {
        let counts = alignment.counts;
        let merge = |m: &'a model::Merge| MergeJson { articles: m.articles.map(|i| self.id(i)), why: &m.why };
        let voice = |v: &'a model::Voice| VoiceJson {
            evidence: self.evidence(v.evidence),
            form: form(v.form),
            attributed_to: v.attributed_to.as_deref(),
            hedge: v.hedge.and_then(|hedge| self.words(hedge)),
        };
        AlignmentJson {
            id: &alignment.id,
            gist: self.words(alignment.gist),
            gist_span: self.evidence(alignment.gist),
            speaker: alignment.speaker.as_deref(),
            status: status(alignment.status),
            counts: CountsJson { outlets: counts.outlets, reports: counts.reports, sources: counts.sources },
            merges: alignment.merges.iter().map(merge).collect(),
            voices: alignment.voices.iter().map(voice).collect(),
        }
    }

    fn discrepancy(&self, discrepancy: &'a Discrepancy) -> DiscrepancyJson<'a> {
        let side = |s: &'a model::Side| SideJson {
            evidence: self.evidence(s.evidence),
            value: &s.value,
            attributed_to: s.attributed_to.as_deref(),
        };
        DiscrepancyJson {
            kind: discrepancy.kind,
            nature: nature(discrepancy.nature),
            alignment: self.alignment_id(discrepancy.alignment),
            why: &discrepancy.why,
            sides: discrepancy.sides.iter().map(side).collect(),
        }
    }

    fn stance(&self, given: &'a Stance) -> StanceJson<'a> {
        StanceJson {
            alignment: self.alignment_id(given.alignment),
            stance: stance(given.kind),
            by: &given.by,
            evidence: self.evidence(given.evidence),
        }
    }
}

/// The contract's word for how closely a reprint follows.
pub(crate) fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Copy => "copy",
        Relation::Rewrite => "rewrite",
    }
}

/// The contract's word for how a statement stands.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Corroborated => "corroborated",
        Status::MultiplyReported => "multiply-reported",
        Status::SingleSource => "single-source",
        Status::Unconfirmed => "unconfirmed",
        Status::Unattributed => "unattributed",
        Status::Disputed => "disputed",
        Status::Denied => "denied",
        Status::Confirmed => "confirmed",
        Status::Corrected => "corrected",
        Status::Superseded => "superseded",
    }
}

/// The contract's word for how an outlet gives a statement.
pub(crate) fn form(form: VoiceForm) -> &'static str {
    match form {
        VoiceForm::Direct => "direct",
        VoiceForm::Indirect => "indirect",
        VoiceForm::Mixed => "mixed",
        VoiceForm::Narration => "narration",
    }
}

/// The contract's word for whether both sides can stand.
pub(crate) fn nature(nature: Nature) -> &'static str {
    match nature {
        Nature::Conflict => "conflict",
        Nature::Update => "update",
        Nature::Precision => "precision",
    }
}

/// The contract's word for a stand.
pub(super) fn stance(kind: StanceKind) -> &'static str {
    match kind {
        StanceKind::Denies => "denies",
        StanceKind::Doubts => "doubts",
        StanceKind::Confirms => "confirms",
        StanceKind::Declines => "declines",
    }
}
