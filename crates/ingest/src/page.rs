//! Which lines of a page are the headline, the report, and furniture.

use model::{Furniture, Span};

use crate::line::Line;
use crate::phrases::{Opens, Phrase};
use crate::words::{PageWords, bare};

/// What the lines of a text are.
pub(crate) struct Page {
    /// The line that is the headline.
    pub headline: Option<usize>,
    /// Kind of furniture of each line.
    pub kinds: Vec<Option<String>>,
    /// The first line of the report proper.
    pub first_prose: Option<usize>,
}

/// Longest line before the headline that is taken for a label or menu entry, in words.
const LABEL_WORDS_MAX: usize = 3;
/// So many headlines in a row are a list of other reports.
const RUN_MIN: usize = 3;
/// Comments come after so many words of a report.
const REPORT_WORDS_MIN: usize = 40;
/// Longest line about another report, in words.
const TEASER_WORDS_MAX: usize = 30;
/// Lines at the top of a page among which its headline is looked for.
const HEAD_LINES_MAX: usize = 60;

/// A page while it is judged.
struct Ctx<'a> {
    text: &'a str,
    lines: &'a [Line],
    words: &'a PageWords,
    phrases: Vec<Option<&'a Phrase>>,
    kinds: Vec<Option<String>>,
}

/// Judges the lines of a text; `headline` is the line that is known to be it.
pub(crate) fn judge(text: &str, lines: &[Line], words: &PageWords, headline: Option<usize>) -> Page {
    let phrases: Vec<Option<&Phrase>> =
        (0..lines.len()).map(|place| phrase_of(lines, place, words, headline)).collect();
    let kinds = phrases.iter().map(|phrase| phrase.map(|phrase| phrase.kind.clone())).collect();
    let mut ctx = Ctx { text, lines, words, phrases, kinds };
    let first_prose = (headline.map_or(0, |place| place + 1)..lines.len())
        .find(|&place| lines[place].is_prose() && ctx.phrases[place].is_none());
    let headline = headline.or_else(|| ctx.find_headline(first_prose));
    ctx.mark_head(headline, first_prose);
    if let Some(first) = first_prose {
        ctx.mark_tail(first);
        ctx.mark_runs(first);
    }
    if let Some(place) = headline {
        ctx.kinds[place] = None;
    }
    ctx.spare_galleries();
    Page { headline, kinds: ctx.kinds, first_prose }
}

fn phrase_of<'w>(
    lines: &[Line],
    place: usize,
    words: &'w PageWords,
    headline: Option<usize>,
) -> Option<&'w Phrase> {
    let line = &lines[place];
    if headline == Some(place) || line.plain.is_empty() {
        return None;
    }
    words.phrases.kind_of(&line.plain, line.word_count)
}

impl Ctx<'_> {
    /// The headline of a plain text: the first line above the report that can be one.
    fn find_headline(&self, first_prose: Option<usize>) -> Option<usize> {
        let head = 0..first_prose?.min(HEAD_LINES_MAX);
        let fits = |place: &usize| {
            let line = &self.lines[*place];
            self.phrases[*place].is_none()
                && line.is_title_like(self.text)
                && !self.is_section(*place)
                && !self.goes_on(*place)
                && !self.is_byline(*place)
        };
        let long = head.clone().find(|place| fits(place) && self.lines[*place].word_count > LABEL_WORDS_MAX);
        long.or_else(|| head.clone().find(fits))
    }

    /// Whether the line was broken in the middle of a sentence: the next one, without a gap, begins small.
    fn goes_on(&self, place: usize) -> bool {
        self.lines.get(place + 1).is_some_and(|next| {
            next.blank_count == 0 && next.span.of(self.text).chars().next().is_some_and(char::is_lowercase)
        })
    }

    fn is_byline(&self, place: usize) -> bool {
        let plain = &self.lines[place].plain;
        self.words
            .cues
            .byline
            .iter()
            .any(|cue| plain.strip_prefix(cue.as_str()).is_some_and(|rest| rest.starts_with([' ', ':'])))
    }

    /// Whether the line names a section, or the way to it.
    fn is_section(&self, place: usize) -> bool {
        let line = &self.lines[place];
        let mut step_count = 0;
        let all_known = line.plain.split(' ').all(|word| {
            let step = self.words.step_marks.iter().any(|mark| mark == word);
            step_count += usize::from(step);
            let word = bare(word);
            step || word.is_empty() || self.words.section_words.contains(word)
        });
        let way = step_count >= 2 && line.word_count <= 14 && !line.ends_sentence;
        line.word_count <= 14 && !line.plain.is_empty() && ((all_known && line.word_count <= 6) || way)
    }

    /// Marks what stands above the report and is neither headline nor standfirst.
    fn mark_head(&mut self, headline: Option<usize>, first_prose: Option<usize>) {
        let end = headline.or(first_prose).unwrap_or(0);
        for place in 0..end {
            let line = &self.lines[place];
            if self.kinds[place].is_none()
                && (self.is_section(place) || (line.word_count <= LABEL_WORDS_MAX && !line.ends_sentence))
            {
                self.kinds[place] = Some("section-label".to_owned());
            }
        }
        for place in end + usize::from(headline.is_some())..first_prose.unwrap_or(0) {
            if self.kinds[place].is_none() && self.is_section(place) {
                self.kinds[place] = Some("section-label".to_owned());
            }
        }
    }

    /// Marks what stands below the report: from a line that opens comments or other reports, and from the first
    /// mark after the last paragraph.
    fn mark_tail(&mut self, first: usize) {
        let (end, opens) = self.tail_start(first);
        let last = (first..end).rev().find(|&place| self.is_report(place));
        let title_count = (end..self.lines.len()).filter(|&place| self.is_other_title(place)).count();
        let mut seen = false;
        for place in last.map_or(first, |last| last + 1)..self.lines.len() {
            seen |= self.kinds[place].is_some() || place >= end;
            let line = &self.lines[place];
            let teaser = !line.is_prose() || (title_count >= RUN_MIN && line.word_count < TEASER_WORDS_MAX);
            if seen && self.kinds[place].is_none() && (opens == Opens::Comments || teaser) {
                self.kinds[place] = Some(self.tail_kind(place));
            }
        }
    }

    /// Where the report ends because comments or other reports begin, and which of them.
    fn tail_start(&self, first: usize) -> (usize, Opens) {
        let count = |place: usize| if self.is_report(place) { self.lines[place].word_count } else { 0 };
        let total: usize = (first..self.lines.len()).map(count).sum();
        let opens = |place: usize| self.phrases[place].map_or(Opens::Nothing, |phrase| phrase.opens);
        let mut forms = (first..self.lines.len()).filter(|&place| opens(place) == Opens::Comments).count();
        let mut before = 0;
        for place in first..self.lines.len() {
            let after = total - before;
            let far_enough = match opens(place) {
                Opens::Nothing => false,
                // Comments may be longer than the report, but then their form shows more than once.
                Opens::Comments => {
                    before >= REPORT_WORDS_MIN && (after <= before || (forms >= 2 && after <= 4 * before))
                }
                Opens::More => after * 7 <= before,
            };
            if far_enough {
                return (place, opens(place));
            }
            forms -= usize::from(opens(place) == Opens::Comments);
            before += count(place);
        }
        (self.lines.len(), Opens::Nothing)
    }

    /// Whether the line reads as prose and holds no phrase of furniture.
    fn is_report(&self, place: usize) -> bool {
        self.lines[place].is_prose() && self.phrases[place].is_none()
    }

    /// What an unknown line below the report is.
    fn tail_kind(&self, place: usize) -> String {
        let line = &self.lines[place];
        let before = place.checked_sub(1).and_then(|place| self.kinds[place].as_deref());
        let kind = match before {
            Some("comment-form" | "comment") if line.ends_sentence => "comment",
            Some("related-headlines") if line.is_title_like(self.text) => "related-headlines",
            _ => "page-furniture",
        };
        kind.to_owned()
    }

    /// Marks lists of other reports' headlines: below the report any run of titles; within it only after a line
    /// that announces them, or when all of them are set as titles.
    fn mark_runs(&mut self, first: usize) {
        let last = (first..self.lines.len())
            .rev()
            .find(|&place| self.lines[place].is_prose() && self.kinds[place].is_none());
        let mut place = first;
        while place < self.lines.len() {
            let length = (place..self.lines.len()).take_while(|&at| self.is_other_title(at)).count();
            if length == 0 {
                place += 1;
                continue;
            }
            let run = place..place + length;
            let announced =
                place > 0 && self.phrases[place - 1].is_some_and(|phrase| phrase.opens == Opens::More);
            let below = last.is_none_or(|last| place > last);
            let set = run
                .clone()
                .filter(|&at| self.lines[at].capital_share >= 0.6 && self.lines[at].word_count >= 5)
                .count();
            if announced || (length >= RUN_MIN && (below || set == length)) {
                for at in run {
                    self.kinds[at] = Some("related-headlines".to_owned());
                }
            }
            place += length;
        }
    }

    /// A gallery's captions are its report.
    fn spare_galleries(&mut self) {
        let size = |wanted: &dyn Fn(&str) -> bool| -> usize {
            let kinds = self.kinds.iter().zip(self.lines);
            kinds
                .filter(|(kind, _)| wanted(kind.as_deref().unwrap_or_default()))
                .map(|(_, line)| line.span.len())
                .sum()
        };
        let is_caption = |kind: &str| matches!(kind, "image-caption" | "image-credit");
        let captions = size(&is_caption);
        let report = size(&str::is_empty);
        if captions > report {
            for kind in &mut self.kinds {
                kind.take_if(|kind| is_caption(kind));
            }
        }
    }

    /// Whether an unmarked line could be another report's headline.
    fn is_other_title(&self, place: usize) -> bool {
        let line = &self.lines[place];
        let shown = line.span.of(self.text);
        self.kinds[place].is_none()
            && !line.is_prose()
            && line.word_count >= 4
            && line.is_title_like(self.text)
            && !self.goes_on(place)
            && !shown.starts_with(['"', '“', '‘', '\''])
            && shown.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
    }
}

/// Furniture as spans: neighbouring lines of one kind are one.
pub(crate) fn furniture(lines: &[Line], kinds: &[Option<String>]) -> Vec<Furniture> {
    let mut found: Vec<Furniture> = Vec::new();
    let mut last_line = None;
    for (place, (line, kind)) in lines.iter().zip(kinds).enumerate() {
        let Some(kind) = kind else { continue };
        match found.last_mut() {
            Some(last) if last.kind == *kind && last_line == place.checked_sub(1) => {
                last.span = Span::new(last.span.start, line.span.end);
            }
            _ => found.push(Furniture { span: line.span, kind: kind.clone() }),
        }
        last_line = Some(place);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{furniture, judge};
    use crate::line::lines;
    use crate::words::PageWords;

    const STORY: &str = "The old bridge over the Arle was closed on Monday after a ship struck one of its pillars.\n\
        Twelve people were taken to hospital, and the mayor said that repairs would take at least a year.\n\
        “We will build it again,” she told reporters at the quay, and thanked those who had helped.\n";

    /// Headline and furniture of a page.
    fn read(page: &str) -> (Option<String>, Vec<(String, String)>) {
        let words = PageWords::built_in("en").unwrap();
        let lines = lines(page, &words);
        let judged = judge(page, &lines, &words, None);
        let headline = judged.headline.map(|place| lines[place].span.of(page).to_owned());
        let found = furniture(&lines, &judged.kinds);
        (headline, found.into_iter().map(|piece| (piece.kind, piece.span.of(page).to_owned())).collect())
    }

    #[test]
    fn a_clean_report_has_a_headline_and_no_furniture() {
        let page = format!("Ship strikes bridge in Arlesford\n\n{STORY}");
        assert_eq!(read(&page), (Some("Ship strikes bridge in Arlesford".to_owned()), Vec::new()));
    }

    #[test]
    fn a_report_that_begins_with_a_sentence_has_no_headline() {
        assert_eq!(read(STORY), (None, Vec::new()));
    }

    #[test]
    fn a_sentence_broken_over_two_lines_is_no_headline() {
        let page = format!(
            "The harbour of Arlesford stayed shut for a third\nday on Thursday, as divers searched it.\n{STORY}"
        );
        assert_eq!(read(&page).0, None);
    }

    #[test]
    fn a_section_label_is_not_the_headline() {
        let (headline, found) = read(&format!("World News\n\nShip strikes bridge in Arlesford\n\n{STORY}"));
        assert_eq!(headline.as_deref(), Some("Ship strikes bridge in Arlesford"));
        assert_eq!(found, [("section-label".to_owned(), "World News".to_owned())]);
    }

    #[test]
    fn other_headlines_below_the_report_are_furniture() {
        let tail = "Council Votes to Ban Cars From Old Town\nFlorists Fear a Poor Spring After Late Frost\nSchool Wins Prize for Its Orchestra";
        let (_, found) = read(&format!("{STORY}\n\n{tail}\n"));
        assert_eq!(found, [("related-headlines".to_owned(), tail.to_owned())]);
    }

    #[test]
    fn subheads_and_lists_within_the_report_are_not() {
        let page = format!(
            "{STORY}Who pays for the repairs\n{STORY}Key points:\n- Twelve people hurt\n- Bridge shut for a year\n- Ferry to run daily\n{STORY}"
        );
        assert_eq!(read(&page).1, Vec::new());
    }

    #[test]
    fn what_readers_wrote_below_is_furniture() {
        let tail = "Leave a Reply\nI drove over it only yesterday and thought that it looked quite safe to me!\nEnd of comments";
        let (_, found) = read(&format!("{STORY}{STORY}{tail}"));
        let kinds: Vec<&str> = found.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["comment-form", "comment", "comment-form"]);
    }

    #[test]
    fn a_link_within_the_report_hides_none_of_it() {
        let (_, found) = read(&format!("{STORY}Read more: Ferry to run daily\n{STORY}"));
        assert_eq!(found, [("related-headlines".to_owned(), "Read more: Ferry to run daily".to_owned())]);
    }
}
