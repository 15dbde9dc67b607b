//! The sample's findings, as corroborate would hand them over.

use model::{
    Alignment, Annotated, Counts, Discrepancy, Merge, Moment, Nature, Relation, Reprint, Side, Stance,
    StanceKind, Status, Story, Voice, VoiceForm,
};

use super::reports::evidence;

const ALDANE: Option<&str> = Some("Tomas Aldane");
const VOSS: Option<&str> = Some("Petra Voss");
const UNION: Option<&str> = Some("the engineers’ union");
const SERVICE: Option<&str> = Some("the emergency service");
const POLICE: Option<&str> = Some("police");
const WARNING: &str =
    "“We had no warning that the second gate would fail, and we will not rest until we know why,”";
const NOTICE: &str =
    "“We had no notice that the second gate would fail, and we shall not rest until we know the reason,”";
const SHORT: &str = "“We had no warning that the second gate would fail,”";
const REPAIRS: &str = "Repairs to the gates had been put off twice since autumn";

/// A statement before its words are looked up: id, status, the three counts, speaker, voices.
struct Stand {
    id: &'static str,
    status: Status,
    counts: [usize; 3],
    speaker: Option<&'static str>,
    voices: &'static [Said],
}

struct Said {
    article: usize,
    words: &'static str,
    form: VoiceForm,
    who: Option<&'static str>,
}

const fn said(article: usize, words: &'static str, form: VoiceForm, who: Option<&'static str>) -> Said {
    Said { article, words, form, who }
}

const STATEMENTS: &[Stand] = &[
    Stand {
        id: "a4",
        status: Status::Corroborated,
        counts: [5, 3, 2],
        speaker: None,
        voices: &[
            said(0, "Four people died", VoiceForm::Indirect, Some("officials")),
            said(1, "Four people were killed", VoiceForm::Indirect, SERVICE),
            said(2, "Four people were killed", VoiceForm::Indirect, SERVICE),
            said(3, "four people were killed", VoiceForm::Narration, None),
            said(5, "The emergency service has counted four dead", VoiceForm::Indirect, SERVICE),
        ],
    },
    Stand {
        id: "a1",
        status: Status::Denied,
        counts: [4, 2, 1],
        speaker: UNION,
        voices: &[
            said(1, REPAIRS, VoiceForm::Indirect, UNION),
            said(2, REPAIRS, VoiceForm::Indirect, UNION),
            said(3, REPAIRS, VoiceForm::Indirect, UNION),
            said(
                5,
                "repairs to the gates were postponed two times since the autumn",
                VoiceForm::Indirect,
                UNION,
            ),
        ],
    },
    Stand {
        id: "a2",
        status: Status::Disputed,
        counts: [4, 3, 2],
        speaker: None,
        voices: &[
            said(0, WARNING, VoiceForm::Direct, ALDANE),
            said(1, NOTICE, VoiceForm::Direct, ALDANE),
            said(2, NOTICE, VoiceForm::Direct, ALDANE),
            said(4, SHORT, VoiceForm::Direct, VOSS),
        ],
    },
    Stand {
        id: "a3",
        status: Status::MultiplyReported,
        counts: [3, 2, 1],
        speaker: None,
        voices: &[
            said(
                0,
                "a contractor may have left a safety pin out of the lifting gear",
                VoiceForm::Indirect,
                POLICE,
            ),
            said(
                1,
                "A contractor may have left a safety pin out of the lifting gear",
                VoiceForm::Indirect,
                POLICE,
            ),
            said(3, "A contractor left a safety pin out of the lifting gear", VoiceForm::Narration, None),
        ],
    },
    Stand {
        id: "a5",
        status: Status::SingleSource,
        counts: [1, 1, 1],
        speaker: VOSS,
        voices: &[said(0, "“Every inspection was carried out on schedule,”", VoiceForm::Direct, VOSS)],
    },
    Stand {
        id: "a6",
        status: Status::Unattributed,
        counts: [1, 1, 0],
        speaker: None,
        voices: &[said(
            1,
            "The reservoir stood at 96 percent of its capacity before the gates opened at about 2 a.m.",
            VoiceForm::Narration,
            None,
        )],
    },
    Stand {
        id: "a7",
        status: Status::Unattributed,
        counts: [1, 1, 0],
        speaker: None,
        voices: &[said(0, "Schools in the valley will stay shut until Friday.", VoiceForm::Narration, None)],
    },
];

fn alignment(a: &[Annotated], stand: &Stand) -> Alignment {
    let [outlets, reports, sources] = stand.counts;
    let voice = |said: &Said| Voice {
        evidence: evidence(a, said.article, said.words),
        form: said.form,
        attributed_to: said.who.map(str::to_owned),
        hedge: said.words.contains("may have").then(|| evidence(a, said.article, "may have")),
    };
    let voices: Vec<Voice> = stand.voices.iter().map(voice).collect();
    let merge = |articles, why: &str| Merge { articles, why: why.to_owned(), evidence: Vec::new() };
    let merges = vec![
        merge([1, 2], "The Ledger prints Northern Wire’s text (97 % of its words)."),
        merge([1, 3], "Tarn Observer rewrites Northern Wire: ten of the same words in a row."),
    ];
    Alignment {
        id: stand.id.to_owned(),
        gist: voices[0].evidence,
        speaker: stand.speaker.map(str::to_owned),
        status: stand.status,
        counts: Counts { outlets, reports, sources },
        merges: if stand.id == "a1" { merges } else { Vec::new() },
        voices,
    }
}

/// One side before its words are looked up: article, words, value, who.
type Given = (usize, &'static str, &'static str, Option<&'static str>);

struct Differs {
    kind: &'static str,
    nature: Nature,
    alignment: Option<usize>,
    why: &'static str,
    sides: &'static [Given],
}

const DIFFERENCES: &[Differs] = &[
    Differs {
        kind: "attribution-conflict",
        nature: Nature::Conflict,
        alignment: Some(2),
        why: "The same words are given to two people.",
        sides: &[(0, WARNING, "Tomas Aldane", ALDANE), (4, SHORT, "Petra Voss", VOSS)],
    },
    Differs {
        kind: "figure-conflict",
        nature: Nature::Conflict,
        alignment: None,
        why: "Three reports give three numbers of people moved from their homes; one names no source.",
        sides: &[
            (0, "at least 1,200 were moved", "1,200 or more", Some("officials")),
            (1, "some 1,500 taken to safety", "~1,500", SERVICE),
            (5, "Several thousand people left their homes", "2,000–9,999", None),
        ],
    },
    Differs {
        kind: "quote-altered",
        nature: Nature::Conflict,
        alignment: Some(2),
        why: "One utterance of Tomas Aldane stands in two wordings.",
        sides: &[(0, WARNING, "", ALDANE), (1, NOTICE, "", ALDANE)],
    },
    Differs {
        kind: "hedge-dropped",
        nature: Nature::Conflict,
        alignment: Some(3),
        why: "Tarn Observer gives as a fact what its original gives as what police think possible.",
        sides: &[
            (
                1,
                "A contractor may have left a safety pin out of the lifting gear, police said",
                "may have; police said",
                POLICE,
            ),
            (3, "A contractor left a safety pin out of the lifting gear", "a fact", None),
        ],
    },
    Differs {
        kind: "figure-conflict",
        nature: Nature::Update,
        alignment: Some(0),
        why: "Radio Estmark’s toll is a day later and from the same source: the number rose.",
        sides: &[
            (1, "Four people were killed", "4", SERVICE),
            (4, "The toll rose to six on Wednesday morning", "6", SERVICE),
        ],
    },
];

fn discrepancy(a: &[Annotated], differs: &Differs) -> Discrepancy {
    let side = |&(article, words, value, who): &Given| Side {
        evidence: evidence(a, article, words),
        value: value.to_owned(),
        attributed_to: who.map(str::to_owned),
    };
    Discrepancy {
        kind: differs.kind,
        nature: differs.nature,
        alignment: differs.alignment,
        why: differs.why.to_owned(),
        sides: differs.sides.iter().map(side).collect(),
    }
}

fn reprints(a: &[Annotated]) -> Vec<Reprint> {
    vec![
        Reprint {
            article: 2,
            of: 1,
            relation: Relation::Copy,
            share: 0.9712,
            why: "97 % of its words stand in Northern Wire’s report, and it credits the agency.".to_owned(),
            evidence: vec![evidence(a, 2, "(Northern Wire)")],
        },
        Reprint {
            article: 3,
            of: 1,
            relation: Relation::Rewrite,
            share: 0.58,
            why: "Its longest run of the same words has ten of them.".to_owned(),
            evidence: vec![evidence(a, 3, REPAIRS), evidence(a, 1, REPAIRS)],
        },
    ]
}

/// The story with all that was found.
pub(super) fn story(a: &[Annotated]) -> Story {
    let stance = |kind, by: &str, article, words| Stance {
        alignment: Some(1),
        kind,
        by: by.to_owned(),
        evidence: evidence(a, article, words),
    };
    let moment =
        |date: &str, article, words| Moment { date: date.to_owned(), evidence: evidence(a, article, words) };
    let denial = "“Every inspection was carried out on schedule,” said its director, Petra Voss";
    let rejection = "The regional water board rejected the charge that repairs had been put off";
    let silence = "The ministry declined to comment on the repairs";
    let deaths = "Four people died and at least 1,200 were moved from their homes on Tuesday";
    let rise = "The toll rose to six on Wednesday morning as divers reached two more houses";
    Story {
        id: "dam-gates-jam".to_owned(),
        lead: 0,
        articles: vec![0, 1, 2, 3, 4, 5],
        reprints: reprints(a),
        alignments: STATEMENTS.iter().map(|stand| alignment(a, stand)).collect(),
        discrepancies: DIFFERENCES.iter().map(|differs| discrepancy(a, differs)).collect(),
        stances: vec![
            stance(StanceKind::Denies, "Petra Voss", 0, denial),
            stance(StanceKind::Denies, "the regional water board", 0, rejection),
            stance(StanceKind::Declines, "the ministry", 5, silence),
        ],
        timeline: vec![
            moment("2024-04-09T02:00", 1, "the gates opened at about 2 a.m."),
            moment("2024-04-09", 0, deaths),
            moment("2024-04-10TMO", 4, rise),
            moment("2024-04-12", 0, "Schools in the valley will stay shut until Friday."),
        ],
    }
}
