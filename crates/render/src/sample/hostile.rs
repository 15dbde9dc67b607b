//! A dossier that tries to break out of every output.

use model::{
    Alignment, Annotated, Counts, Discrepancy, Dossier, Evidence, Furniture, Input, Merge, Moment, Nature,
    PublishedOrigin, Relation, Reprint, Side, Skipped, Span, Stance, StanceKind, Status, Story, Voice,
    VoiceForm,
};

use super::reports::{annotated, published, span};

const BAD: &str = "</style></title><script>alert('x')</script>\u{0}\u{1b}[31m\u{202e}txet\u{2066} \"' onclick=x &amp; \u{9b}1m";

/// A dossier whose every foreign string tries to break out of its place.
pub fn hostile() -> Dossier {
    let articles = articles();
    Dossier {
        stories: vec![story(articles[0].article.text.len())],
        inputs: vec![Input { name: BAD.to_owned(), sha256: BAD.to_owned(), article_count: 3 }],
        articles,
        skipped: vec![Skipped { input: BAD.to_owned(), reason: BAD.to_owned() }],
    }
}

fn articles() -> Vec<Annotated> {
    let text = format!(
        "{BAD}\n\n“{BAD}” said {BAD}.\r\n\u{301}\u{1f469}\u{200d}\u{1f680} ☺\u{fe0f} 中文中文\n\n{}\n",
        "unbroken".repeat(60)
    );
    let mut articles: Vec<Annotated> =
        (0..3).map(|i| annotated(&format!("{BAD}{i}"), BAD, Some(BAD), &text)).collect();
    articles[0].article.url = Some(format!("javascript:alert(1)//{BAD}"));
    articles[1].article.url = Some(format!("https://x.example/{BAD}"));
    articles[2].article.language = BAD.to_owned();
    for article in &mut articles {
        article.article.byline = vec![BAD.to_owned()];
        article.article.furniture = vec![Furniture { span: span(BAD, "</style>"), kind: BAD.to_owned() }];
        published(article, BAD, PublishedOrigin::Inferred, &["said"]);
    }
    articles
}

fn alignment(ranges: [Evidence; 3], merges: Vec<Merge>) -> Alignment {
    let voice = |evidence: &Evidence| Voice {
        evidence: *evidence,
        form: VoiceForm::Mixed,
        attributed_to: Some(BAD.to_owned()),
        hedge: Some(*evidence),
    };
    Alignment {
        id: BAD.to_owned(),
        gist: ranges[0],
        speaker: Some(BAD.to_owned()),
        status: Status::Denied,
        counts: Counts { outlets: 3, reports: 3, sources: 1 },
        merges,
        voices: ranges.iter().map(voice).collect(),
    }
}

fn story(length: usize) -> Story {
    let part = |article, start, end| Evidence { article, span: Span::new(start, end) };
    let whole = |article| part(article, 0, length);
    let merges = vec![Merge { articles: [0, 1], why: BAD.to_owned(), evidence: Vec::new() }];
    let side = |i| Side { evidence: whole(i), value: BAD.to_owned(), attributed_to: None };
    let reprint = Reprint {
        article: 1,
        of: 0,
        relation: Relation::Copy,
        share: 1.0,
        why: BAD.to_owned(),
        evidence: vec![whole(1)],
    };
    let discrepancy = Discrepancy {
        kind: "figure-conflict",
        nature: Nature::Conflict,
        alignment: Some(0),
        why: BAD.to_owned(),
        sides: (0..3).map(side).collect(),
    };
    let doubt =
        Stance { alignment: Some(1), kind: StanceKind::Doubts, by: BAD.to_owned(), evidence: part(2, 0, 9) };
    Story {
        id: BAD.to_owned(),
        lead: 0,
        articles: vec![0, 1, 2],
        reprints: vec![reprint],
        // Spans that cross, nest, are empty, and run over line ends.
        alignments: vec![
            alignment([whole(0), part(1, 0, 20), part(2, 3, 10)], merges),
            alignment([part(0, 5, 30), part(0, 10, 40), part(1, 0, 0)], Vec::new()),
        ],
        discrepancies: vec![discrepancy],
        stances: vec![doubt],
        timeline: vec![Moment { date: BAD.to_owned(), evidence: whole(2) }],
    }
}
