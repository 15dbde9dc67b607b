//! An article in the contract's JSON.

use model::{
    Annotated, Article, Certainty, EntityKind, GroundKind, Published, PublishedOrigin, QuotationForm, Span,
    TimeKind,
};
use serde::Serialize;

use crate::KeepText;

/// Where spans are cut: an article's text, and whether its words may be given.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) text: &'a str,
    pub(super) keep: KeepText,
}

impl<'a> At<'a> {
    pub(super) fn whole(self) -> Option<&'a str> {
        match self.keep {
            KeepText::Whole => Some(self.text),
            KeepText::LeftOut => None,
        }
    }

    pub(super) fn span(self, span: Span) -> SpanJson<'a> {
        SpanJson { start: span.start, end: span.end, text: self.whole().map(|text| span.of(text)) }
    }

    /// `part` is the part of the article that is the text here; evidence outside is not shown.
    pub(super) fn published(self, published: &'a Published, part: Span) -> PublishedJson<'a> {
        let inside = published.evidence.iter().filter(|span| part.contains(**span));
        let moved = |span: &Span| Span::new(span.start - part.start, span.end - part.start);
        PublishedJson {
            value: &published.value,
            precision: published.precision,
            origin: origin(published.origin),
            evidence: inside.map(|span| self.span(moved(span))).collect(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct SpanJson<'a> {
    start: usize,
    end: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct PublishedJson<'a> {
    value: &'a str,
    precision: &'a str,
    origin: &'static str,
    evidence: Vec<SpanJson<'a>>,
}

#[derive(Serialize)]
pub(super) struct ArticleJson<'a> {
    id: &'a str,
    input: &'a str,
    outlet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'a str>,
    url: Option<&'a str>,
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    headline: Option<SpanJson<'a>>,
    byline: &'a [String],
    dateline: Option<SpanJson<'a>>,
    credits: Vec<CreditJson<'a>>,
    published: Option<PublishedJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<PublishedJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut_short: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture: Option<CaptureJson<'a>>,
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_map: Option<Vec<[usize; 4]>>,
    furniture: Vec<FurnitureJson<'a>>,
    mentions: Vec<MentionJson<'a>>,
    quotations: Vec<QuotationJson<'a>>,
    figures: Vec<FigureJson<'a>>,
    times: Vec<TimeJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    statements: Vec<StatementJson<'a>>,
}

/// Where in a web archive the page lies.
#[derive(Serialize)]
pub(super) struct CaptureJson<'a> {
    record: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<&'a str>,
    offset: u64,
    #[serde(skip_serializing_if = "is_zero")]
    within: u64,
    payload_digest: Option<&'a str>,
    date: Option<&'a str>,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[derive(Serialize)]
struct CreditJson<'a> {
    #[serde(flatten)]
    span: SpanJson<'a>,
    publisher: &'a str,
}

#[derive(Serialize)]
struct FurnitureJson<'a> {
    #[serde(flatten)]
    span: SpanJson<'a>,
    kind: &'a str,
}

#[derive(Serialize)]
struct MentionJson<'a> {
    #[serde(flatten)]
    span: SpanJson<'a>,
    kind: &'static str,
    entity: &'a str,
}

#[derive(Serialize)]
struct QuotationJson<'a> {
    form: &'static str,
    content: Vec<SpanJson<'a>>,
    cue: Option<SpanJson<'a>>,
    source: Option<SpanJson<'a>>,
    speaker: Option<&'a str>,
}

#[derive(Serialize)]
struct FigureJson<'a> {
    #[serde(flatten)]
    span: SpanJson<'a>,
    low: Option<String>,
    high: Option<String>,
    unit: Option<&'a str>,
    counts: Option<&'a str>,
    hedge: Option<&'a str>,
    /// Who gives it; absent where the outlet does so itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<&'a str>,
}

#[derive(Serialize)]
struct StatementJson<'a> {
    #[serde(flatten)]
    span: SpanJson<'a>,
    /// FactBank's code: `CT+`, `PR-`, `Uu`.
    certainty: &'static str,
    clauses: Vec<ClauseJson<'a>>,
}

#[derive(Serialize)]
struct ClauseJson<'a> {
    #[serde(flatten)]
    span: SpanJson<'a>,
    certainty: &'static str,
    because: Vec<GroundJson<'a>>,
}

/// A word that decides how sure a clause is.
#[derive(Serialize)]
struct GroundJson<'a> {
    #[serde(flatten)]
    span: SpanJson<'a>,
    kind: &'static str,
}

#[derive(Serialize)]
struct TimeJson<'a> {
    #[serde(flatten)]
    span: SpanJson<'a>,
    kind: &'static str,
    value: &'a str,
}

/// As [`wire`], with what each statement says and how sure it is of it: for an article by itself. A dossier tells its
/// statements as alignments.
pub(super) fn with_statements(annotated: &Annotated, keep: KeepText) -> ArticleJson<'_> {
    let at = At { text: &annotated.article.text, keep };
    let statements = annotated.statements.iter().map(|statement| self::statement(statement, at)).collect();
    ArticleJson { statements, ..wire(annotated, keep) }
}

pub(super) fn wire(annotated: &Annotated, keep: KeepText) -> ArticleJson<'_> {
    let article = &annotated.article;
    let at = At { text: &article.text, keep };
    let whole = Span::new(0, article.text.len());
    ArticleJson {
        id: &article.id,
        input: &article.input,
        outlet: article.outlet.as_deref(),
        owner: article.owner.as_deref(),
        origin: article.origin.as_deref(),
        url: article.url.as_deref(),
        language: &article.language,
        text: at.whole(),
        headline: article.headline.map(|span| at.span(span)),
        byline: &article.byline,
        dateline: article.dateline.map(|span| at.span(span)),
        credits: article
            .credits
            .iter()
            .map(|c| CreditJson { span: at.span(c.span), publisher: &c.publisher })
            .collect(),
        published: article.published.as_ref().map(|p| at.published(p, whole)),
        modified: article.modified.as_ref().map(|p| at.published(p, whole)),
        section: article.section.as_deref(),
        cut_short: article.cut_short.as_deref(),
        capture: article.capture.as_ref().map(capture),
        digest: format!("sha256:{}", article.digest),
        source_map: source_map(article, whole),
        furniture: article
            .furniture
            .iter()
            .map(|f| FurnitureJson { span: at.span(f.span), kind: &f.kind })
            .collect(),
        mentions: mentions(annotated, at),
        quotations: quotations(annotated, at),
        figures: figures(annotated, at),
        times: annotated
            .times
            .iter()
            .map(|t| TimeJson { span: at.span(t.span), kind: time_kind(t.kind), value: &t.value })
            .collect(),
        statements: Vec::new(),
    }
}

fn mentions<'a>(annotated: &'a Annotated, at: At<'a>) -> Vec<MentionJson<'a>> {
    let wire = |m: &model::Mention| {
        let entity = &annotated.entities[m.entity];
        MentionJson { span: at.span(m.span), kind: entity_kind(entity.kind), entity: &entity.name }
    };
    annotated.mentions.iter().map(wire).collect()
}

fn quotations<'a>(annotated: &'a Annotated, at: At<'a>) -> Vec<QuotationJson<'a>> {
    let wire = |q: &'a model::Quotation| QuotationJson {
        form: quotation_form(q.form),
        content: q.content.iter().map(|span| at.span(*span)).collect(),
        cue: q.cue.map(|span| at.span(span)),
        source: q.source.map(|span| at.span(span)),
        speaker: q.speaker.as_deref(),
    };
    annotated.quotations.iter().map(wire).collect()
}

fn figures<'a>(annotated: &'a Annotated, at: At<'a>) -> Vec<FigureJson<'a>> {
    let speaker = |f: &'a model::Figure| {
        let quotation = annotated.quotations.get(f.quotation?)?;
        let printed = quotation.source.and_then(|source| at.whole().map(|text| source.of(text)));
        quotation.speaker.as_deref().or(printed)
    };
    let wire = |f: &'a model::Figure| FigureJson {
        span: at.span(f.span),
        low: f.low.map(|value| value.normalize().to_string()),
        high: f.high.map(|value| value.normalize().to_string()),
        unit: f.unit.as_deref(),
        counts: f.counts.as_deref(),
        hedge: f.hedge.as_deref(),
        speaker: speaker(f),
    };
    annotated.figures.iter().map(wire).collect()
}

fn statement<'a>(statement: &'a model::Statement, at: At<'a>) -> StatementJson<'a> {
    let because = |clause: &model::Clause| {
        let ground = |g: &model::Ground| GroundJson { span: at.span(g.span), kind: ground_kind(g.kind) };
        clause.grounds.iter().map(ground).collect()
    };
    let clause = |c: &model::Clause| ClauseJson {
        span: at.span(c.span),
        certainty: certainty(c.certainty),
        because: because(c),
    };
    StatementJson {
        span: at.span(statement.span),
        certainty: certainty(statement.certainty),
        clauses: statement.clauses.iter().map(clause).collect(),
    }
}

/// The runs of a part of the text, counted from the part's beginning.
pub(super) fn source_map(article: &Article, part: Span) -> Option<Vec<[usize; 4]>> {
    let from = part.start;
    let row = |t: &model::Trace| [t.text.start - from, t.text.end - from, t.source.start, t.source.end];
    let map = article.source_map.as_ref()?;
    Some(map.iter().filter(|trace| part.contains(trace.text)).map(row).collect())
}

pub(super) fn capture(capture: &model::Capture) -> CaptureJson<'_> {
    CaptureJson {
        record: &capture.record,
        member: capture.member.as_deref(),
        offset: capture.offset,
        within: capture.within,
        payload_digest: capture.payload_digest.as_deref(),
        date: capture.date.as_deref(),
    }
}

/// The contract's word for where a date was read.
pub(crate) fn origin(origin: PublishedOrigin) -> &'static str {
    match origin {
        PublishedOrigin::JsonLd => "json-ld",
        PublishedOrigin::Meta => "meta",
        PublishedOrigin::Url => "url",
        PublishedOrigin::Feed => "feed",
        PublishedOrigin::Text => "text",
        PublishedOrigin::Inferred => "inferred",
        PublishedOrigin::Given => "given",
    }
}

fn entity_kind(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "person",
        EntityKind::Organization => "organization",
        EntityKind::Place => "place",
        EntityKind::Group => "group",
        EntityKind::Other => "other",
    }
}

/// FactBank's code.
fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "CT+",
        Certainty::CertainNot => "CT-",
        Certainty::Probable => "PR+",
        Certainty::ProbableNot => "PR-",
        Certainty::Possible => "PS+",
        Certainty::PossibleNot => "PS-",
        Certainty::Uncommitted => "Uu",
    }
}

fn ground_kind(kind: GroundKind) -> &'static str {
    match kind {
        GroundKind::Negation => "negation",
        GroundKind::Modal => "modal",
        GroundKind::Adverb => "adverb",
        GroundKind::Frame => "frame",
        GroundKind::Condition => "condition",
        GroundKind::Question => "question",
    }
}

pub(crate) fn quotation_form(form: QuotationForm) -> &'static str {
    match form {
        QuotationForm::Direct => "direct",
        QuotationForm::Indirect => "indirect",
        QuotationForm::Mixed => "mixed",
        QuotationForm::Scare => "scare",
    }
}

fn time_kind(kind: TimeKind) -> &'static str {
    match kind {
        TimeKind::Date => "date",
        TimeKind::Time => "time",
        TimeKind::Duration => "duration",
        TimeKind::Set => "set",
    }
}
