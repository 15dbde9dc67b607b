//! Who says what: quotations with source, cue and content.
//!
//! A trained tagger labels sources, cues and contents, and a linker joins them. What stands between marks and was
//! left alone is added by rule, so that no quotation in marks is lost; where the tagger does not fit (another
//! language), rules do all the work.

mod field;
mod form;
mod linker;
mod marks;
mod network;
mod quoted;
mod relayed;
pub(crate) mod rules;
mod sequence;
mod signature;
mod terms;
mod voice;
mod weights;

use grammar::Room;
use model::{Quotation, Span};

use self::marks::Marked;
use self::network::{Cut, Scores};
use self::sequence::Sequence;
pub use self::weights::Tagger;
use crate::Parse;
use crate::lang::Language;

/// A quotation before its form is known.
#[derive(Clone, Debug, PartialEq)]
struct Draft {
    content: Vec<Span>,
    cue: Option<Span>,
    source: Option<Span>,
}

/// All quotations of each text, in order of their first content. Who the speakers are is not resolved here.
pub(crate) fn quotations(
    parses: &[Parse<'_>],
    tagger: &Tagger,
    language: &Language,
    room: &mut Room,
) -> Vec<Vec<Quotation>> {
    let marked: Vec<Vec<Marked>> =
        parses.iter().map(|parse| marks::marked(parse, &language.speech.elisions)).collect();
    let texts = || parses.iter().zip(&marked);
    let drafts: Vec<Vec<Draft>> = match parses.iter().all(|parse| tagger.fits(parse, language)) {
        true => {
            let sequences: Vec<Sequence<'_>> =
                texts().map(|(parse, marked)| Sequence::new(parse, marked)).collect();
            tagged(&sequences, tagger, room)
        }
        false => texts().map(|(parse, marked)| rules::reported(parse, language, marked)).collect(),
    };
    let found = texts().zip(drafts).map(|((parse, marked), drafts)| {
        let drafts = quoted::completed(parse, language, marked, drafts);
        let mut drafts = relayed::told_apart(parse, language, marked, drafts);
        drafts.iter_mut().for_each(|draft| voice::settle(parse, language, draft));
        let drafts = signature::signed(parse, marked, drafts);
        let mut found: Vec<Quotation> =
            drafts.into_iter().map(|draft| form::quotation(parse, marked, draft)).collect();
        found.sort_by_key(|quotation| (quotation.content[0], quotation.cue));
        found
    });
    found.collect()
}

/// What tagger and linker find in each text.
fn tagged(sequences: &[Sequence<'_>], tagger: &Tagger, room: &mut Room) -> Vec<Vec<Draft>> {
    let cuts: Vec<Cut<'_>> = sequences.iter().map(Cut::new).collect();
    let scores = network::emissions(tagger, &cuts, room);
    cuts.iter().zip(&scores).map(|(cut, scores)| linked(cut, scores, tagger)).collect()
}

fn linked(Cut { sequence, units }: &Cut<'_>, scores: &[Scores], tagger: &Tagger) -> Vec<Draft> {
    let spans = field::spans(&tagger.field, scores, units);
    let span = |index: usize| {
        let places = &spans[index].places;
        sequence.parse.span_of(sequence.tokens[places.start]..sequence.tokens[places.end - 1] + 1)
    };
    linker::link(tagger, sequence, &spans)
        .into_iter()
        .map(|found| Draft {
            content: found.contents.into_iter().map(span).collect(),
            cue: found.cue.map(span),
            source: found.source.map(span),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use grammar::{Grammar, Room};
    use model::{Quotation, QuotationForm};

    use super::{Tagger, quotations};
    use crate::Parse;
    use crate::lang::Language;

    struct Reader {
        grammar: Grammar,
        tagger: Tagger,
        language: Language,
    }

    impl Reader {
        fn new() -> Reader {
            let language = Language::built_in("en").expect("English is built in");
            Reader { grammar: Grammar::english(), tagger: Tagger::built_in(), language }
        }

        /// Form, contents, cue and source of each quotation; without the tagger if `by_rule`.
        fn read(&self, text: &str, by_rule: bool) -> Vec<String> {
            let mut at = 0;
            let mut pieces = Vec::new();
            for line in text.split_inclusive('\n') {
                pieces.push(at..at + line.trim_end().len());
                at += line.len();
            }
            let mut document = self.grammar.session().analyze(text, &pieces);
            if by_rule {
                document.vector_width = 0;
            }
            let parse = Parse::new(text, &document);
            let texts = std::slice::from_ref(&parse);
            let found = quotations(texts, &self.tagger, &self.language, &mut Room::default()).concat();
            found.iter().map(|quotation| shown(text, quotation)).collect()
        }
    }

    fn shown(text: &str, quotation: &Quotation) -> String {
        let content: Vec<&str> = quotation.content.iter().map(|span| span.of(text)).collect();
        let words = |span: Option<model::Span>| span.map_or("", |span| span.of(text)).to_owned();
        let form = match quotation.form {
            QuotationForm::Direct => "direct",
            QuotationForm::Indirect => "indirect",
            QuotationForm::Mixed => "mixed",
            QuotationForm::Scare => "scare",
        };
        [form, &content.join(" + "), &words(quotation.cue), &words(quotation.source)].join(" | ")
    }

    #[test]
    fn an_interrupted_quotation_is_one() {
        let text = "“The bridge is safe,” the engineer said, “and it will stay open.”";
        let expected = "direct | “The bridge is safe,” + “and it will stay open.” | said | the engineer";
        assert_eq!(Reader::new().read(text, false), [expected]);
        assert_eq!(Reader::new().read(text, true), [expected]);
    }

    #[test]
    fn a_quotation_runs_on_over_paragraphs() {
        let text = "“We began at dawn. Nobody had slept.\n“By noon the second pylon stood,” Ilse Morrow told the inquiry.";
        let expected = "direct | “We began at dawn. Nobody had slept. + “By noon the second pylon stood,” | told | Ilse Morrow";
        assert_eq!(Reader::new().read(text, false), [expected]);
        assert_eq!(Reader::new().read(text, true), [expected]);
    }

    #[test]
    fn a_term_in_marks_is_held_at_arms_length() {
        let found = Reader::new().read("Mayor 'furious' at delay to harbour bridge", false);
        assert_eq!(found, ["scare | 'furious' |  | "]);
    }

    #[test]
    fn speech_without_marks_is_indirect() {
        let reader = Reader::new();
        assert_eq!(
            reader.read("Brandt denied that she had been warned.", false),
            ["indirect | that she had been warned | denied | Brandt"]
        );
        assert!(reader.read("The bridge opened in June.", false).is_empty());
    }

    #[test]
    fn who_passes_words_on_has_not_spoken_them() {
        let reader = Reader::new();
        assert_eq!(
            reader.read(
                "\"We will begin the repairs.\" According to several papers, President Mara Quill said.",
                false
            ),
            ["direct | \"We will begin the repairs.\" | said | President Mara Quill"]
        );
        assert_eq!(
            reader.read(
                "The mayor spoke on Monday.\n\"We are ready to begin the repairs. \"According to several local papers, Mayor Mara \
                 Quill said.\n",
                false
            ),
            ["direct | \"We are ready to begin the repairs. \" | said | Mayor Mara Quill"]
        );
        assert_eq!(
            reader.read(
                "\"The road is open,\" according to the Courier, Chief Lena Korb told residents.",
                false
            ),
            ["direct | \"The road is open,\" | told | Chief Lena Korb"]
        );
        assert_eq!(
            reader.read("According to the paper, \"the repairs will begin on Monday,\" Quill said.", false),
            ["direct | \"the repairs will begin on Monday,\" | said | Quill"]
        );
        assert_eq!(
            reader
                .read("According to the Courier, Mara Quill said the repairs would begin on Monday.", false),
            [
                "indirect | Mara Quill said the repairs would begin on Monday | According to | the Courier",
                "indirect | the repairs would begin on Monday | said | Mara Quill"
            ]
        );
        assert_eq!(
            reader
                .read("The ferry sank in fog, according to police, who said that nobody had drowned.", false),
            [
                "indirect | The ferry sank in fog | according to | police",
                "indirect | that nobody had drowned | said | who"
            ]
        );
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        let reader = Reader::new();
        assert!(reader.read("", false).is_empty());
        assert!(reader.read(" \n\u{a0}\n", false).is_empty());
        reader.read("\"\"\"''“”’‘ \" ' “\n”", false);
        reader.read("\"\"\"''“”’‘ \" ' “\n”", true);
    }
}
