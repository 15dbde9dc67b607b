//! Python's regular expressions, as tokenizers use them: with looks ahead and behind, and in linear time.
//!
//! A match is the one that Python's backtracking finds, so a trained pipeline sees the words it was trained on. The
//! search remembers at which step and place it failed; so it takes at most steps × characters, whatever the text.

mod program;
mod set;
mod syntax;

use crate::unicode::is_word;
use program::{Program, Step, StepId, bucket};
use std::ops::Range;

/// An expression. Texts and places are in characters.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    source: Box<str>,
    program: Program,
}

/// Memory for searches, kept between them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    /// A bit for each (step that branches, place): tried, and failed or under way.
    tried: Vec<u64>,
    /// The bits that are set, in the order of time.
    log: Vec<usize>,
    pending: Vec<(StepId, usize)>,
}

impl Pattern {
    /// An error is a phrase that says what is not understood, and where.
    pub(crate) fn new(source: &str) -> Result<Pattern, String> {
        let program = Program::new(syntax::parse(source)?)?;
        Ok(Pattern { source: source.into(), program })
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The first match anywhere, as `re.search` finds it.
    pub(crate) fn search(&self, scratch: &mut Scratch, text: &[char]) -> Option<Range<usize>> {
        match self.may_match(text) {
            true => Run::new(&self.program, scratch, text).search(0, false),
            false => None,
        }
    }

    /// Whether it matches from the first character on, as `re.match` does.
    pub(crate) fn matches_start(&self, scratch: &mut Scratch, text: &[char]) -> bool {
        self.may_match(text) && Run::new(&self.program, scratch, text).at(0, false).is_some()
    }

    /// All matches from left to right, as `re.finditer` finds them.
    pub(crate) fn find_all(&self, scratch: &mut Scratch, text: &[char]) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        if !self.may_match(text) {
            return found;
        }
        let mut run = Run::new(&self.program, scratch, text);
        let (mut from, mut advance) = (0, false);
        while let Some(range) = run.search(from, advance) {
            // Python looks on at the end of a match, and does not take the same empty match twice.
            (from, advance) = (range.end, range.is_empty());
            found.push(range);
            run.forget_since(0);
        }
        found
    }

    fn may_match(&self, text: &[char]) -> bool {
        self.program.required.iter().all(|c| text.contains(c))
    }
}

struct Run<'a> {
    program: &'a Program,
    scratch: &'a mut Scratch,
    text: &'a [char],
}

impl<'a> Run<'a> {
    fn new(program: &'a Program, scratch: &'a mut Scratch, text: &'a [char]) -> Run<'a> {
        let mut run = Run { program, scratch, text };
        run.forget();
        run
    }

    /// Forgets what was tried since the log had this length.
    fn forget_since(&mut self, logged: usize) {
        for bit in self.scratch.log.drain(logged..) {
            self.scratch.tried[bit / 64] &= !(1 << (bit % 64));
        }
    }

    /// Forgets everything; setting back what was set is quicker than clearing what may be megabytes.
    fn forget(&mut self) {
        self.forget_since(0);
        let bits = self.program.memo_count * (self.text.len() + 1);
        if bits.div_ceil(64) > self.scratch.tried.len() {
            self.scratch.tried.resize(bits.div_ceil(64), 0);
        }
    }

    /// The first match that begins at `from` or later; with `advance`, one at `from` must not be empty.
    fn search(&mut self, from: usize, advance: bool) -> Option<Range<usize>> {
        let program = self.program;
        let len = self.text.len();
        let last = if program.anchored { 0 } else { len };
        for start in from.max(self.earliest())..=last {
            let is_far = len - start > program.reach;
            let first = if is_far { program.far_first } else { program.first };
            if !first.allows(bucket(self.text.get(start))) {
                continue;
            }
            if let Some(end) = self.at(start, advance && start == from) {
                return Some(start..end);
            }
        }
        None
    }

    /// Where a match can begin at the earliest, if it has to reach the end: without this, taking suffixes off one
    /// by one would look through the whole text for each.
    fn earliest(&self) -> usize {
        let Some(alphabet) = self.program.far_alphabet.filter(|_| self.text.last() != Some(&'\n')) else {
            return 0;
        };
        let run = self.text.iter().rev().take_while(|c| alphabet.allows(bucket(Some(c)))).count();
        self.text.len() - run.max(self.program.reach).min(self.text.len())
    }

    /// The end of the match that begins at `start`.
    fn at(&mut self, start: usize, advance: bool) -> Option<usize> {
        self.scratch.pending.clear();
        self.scratch.pending.push((0, start));
        let not_at = advance.then_some(start);
        self.pending(0, not_at)
    }

    /// Runs what is pending above `floor` until something matches, elsewhere than `not_at`.
    fn pending(&mut self, floor: usize, not_at: Option<usize>) -> Option<usize> {
        while self.scratch.pending.len() > floor {
            let (step, at) = self.scratch.pending.pop()?;
            if let Some(end) = self.thread(step, at).filter(|&end| Some(end) != not_at) {
                self.scratch.pending.truncate(floor);
                return Some(end);
            }
        }
        None
    }

    /// Follows one way until it matches or fails; other ways become pending.
    fn thread(&mut self, mut step: StepId, mut at: usize) -> Option<usize> {
        let program = self.program;
        loop {
            let next = self.text.get(at);
            match &program.steps[step] {
                Step::Char(c) if next == Some(c) => at += 1,
                Step::Set(set) if next.is_some_and(|&c| program.sets[*set].contains(c)) => at += 1,
                Step::Char(_) | Step::Set(_) => return None,
                &Step::Split { first, second, memo } => {
                    if !self.try_first_time(memo, at) {
                        return None;
                    }
                    self.scratch.pending.push((second, at));
                    step = first;
                    continue;
                }
                &Step::Branch { table, memo } => {
                    let (&first, others) = program.tables[table].branches(bucket(next)).split_first()?;
                    if !self.try_first_time(memo, at) {
                        return None;
                    }
                    let others = others.iter().rev().map(|&step| (step as StepId, at));
                    self.scratch.pending.extend(others);
                    step = first as StepId;
                    continue;
                }
                &Step::Jump(to) => {
                    step = to;
                    continue;
                }
                &Step::Look { end, behind, wanted } => {
                    if self.look(step + 1, at, behind) != wanted {
                        return None;
                    }
                    step = end;
                    continue;
                }
                Step::Match => return Some(at),
                assertion => {
                    if !self.holds(assertion, at) {
                        return None;
                    }
                }
            }
            step += 1;
        }
    }

    fn holds(&self, assertion: &Step, at: usize) -> bool {
        let len = self.text.len();
        let before = at.checked_sub(1).and_then(|at| self.text.get(at));
        let next = self.text.get(at);
        match *assertion {
            Step::Near { set, behind, wanted } => {
                let near = if behind { before } else { next };
                near.is_some_and(|&c| self.program.sets[set].contains(c)) == wanted
            }
            Step::Start => at == 0,
            Step::End => at == len || at + 1 == len && next == Some(&'\n'),
            Step::VeryEnd => at == len,
            Step::Boundary(wanted) => {
                let word = |c: Option<&char>| c.is_some_and(|&c| is_word(c));
                (word(before) != word(next)) == wanted
            }
            _ => false,
        }
    }

    /// Whether the steps from `step` on match here, or `behind` characters back. What they tried is forgotten:
    /// having succeeded once is no reason to fail the next time.
    fn look(&mut self, step: StepId, at: usize, behind: Option<usize>) -> bool {
        let Some(start) = at.checked_sub(behind.unwrap_or(0)) else {
            return false;
        };
        let (floor, logged) = (self.scratch.pending.len(), self.scratch.log.len());
        self.scratch.pending.push((step, start));
        let found = self.pending(floor, None).is_some();
        self.forget_since(logged);
        found
    }

    fn try_first_time(&mut self, memo: usize, at: usize) -> bool {
        let bit = memo * (self.text.len() + 1) + at;
        let word = &mut self.scratch.tried[bit / 64];
        let is_first = *word >> (bit % 64) & 1 == 0;
        if is_first {
            *word |= 1 << (bit % 64);
            self.scratch.log.push(bit);
        }
        is_first
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Scratch};
    use proptest::prelude::*;

    fn all(source: &str, text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let found = Pattern::new(source).unwrap().find_all(&mut Scratch::default(), &chars);
        found.into_iter().map(|range| chars[range].iter().collect()).collect()
    }

    #[test]
    fn the_first_branch_that_fits_wins_as_in_python() {
        assert_eq!(all("a|ab", "abab"), ["a", "a"]);
        assert_eq!(all("(?:a|ab)(?:c|bcd)", "abcd"), ["abcd"]);
        assert_eq!(all("a{2,3}?|b+", "aaaabb"), ["aa", "aa", "bb"]);
        assert_eq!(all(r"\.\.+|…", "a...b…."), ["...", "…"]);
    }

    #[test]
    fn looks_ahead_and_behind() {
        assert_eq!(all("(?<=[0-9])(?:km|m)$", "12km"), ["km"]);
        assert_eq!(all("(?<=[0-9])(?:km|m)$", "km"), [""; 0]);
        assert_eq!(all("(?<=ab|cd)x", "abxcdxx"), ["x", "x"]);
        assert_eq!(all("(?<!a)b(?!c)", "ab bc bd"), ["b"]);
        assert_eq!(all(r"\+(?![0-9])", "+1 +a +"), ["+", "+"]);
        assert_eq!(all(r"(?!(?:10|127)(?:\.\d{1,3}){3})\d+", "10.0.0.1"), ["0", "0", "0", "1"]);
    }

    #[test]
    fn ends_and_boundaries() {
        assert_eq!(all("a$", "a\n"), ["a"]);
        assert_eq!(all(r"a\Z", "a\n"), [""; 0]);
        assert_eq!(all(r"\bto\b", "to into to"), ["to", "to"]);
        assert_eq!(all(r"\Bto", "to into"), ["to"]);
    }

    #[test]
    fn empty_matches_advance_as_in_python() {
        assert_eq!(all("a*", "baac"), ["", "aa", "", ""]);
        assert_eq!(all("(?:a*)*b", "aab"), ["aab"]);
    }

    #[test]
    fn classes_and_flags() {
        assert_eq!(all(r"[]a\-z-]+", "-]zab"), ["-]za"]);
        assert_eq!(all(r"[^\W\d]+", "ab1_é"), ["ab", "_é"]);
        assert_eq!(all("(?iu)straße[a-z]", "STRAßEN"), ["STRAßEN"]);
        assert_eq!(all(r"\u0041\x42", "AB"), ["AB"]);
        assert_eq!(all("a{,2}b{x", "aab{x"), ["aab{x"]);
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let say = |source: &str| Pattern::new(source).unwrap_err();
        assert_eq!(say(r"(a)\1"), "a reference to a group at character 5");
        assert!(say("(?<=a+)b").contains("fixed width"));
        assert!(say("(a").contains("parenthesis"));
        assert!(say("a**").contains("count"));
        assert!(say(&"(".repeat(100)).contains("nesting"));
        assert!(say("(((a{1000}){1000}){1000})").contains("steps"));
    }

    #[test]
    fn a_trap_for_backtracking_ends() {
        let text: Vec<char> = "a".repeat(5_000).chars().collect();
        let pattern = Pattern::new("(?:a|a)*(?:a*)*b|(?:a+a+)+c").unwrap();
        assert_eq!(pattern.search(&mut Scratch::default(), &text), None);
    }

    proptest! {
        #[test]
        fn agrees_with_the_regex_crate(source in "([ab.]|\\[ab\\]|a\\?|b\\*|\\(a\\|b\\)|a\\+\\?|\\||\\^|\\$){1,8}", text in "[abc]{0,12}") {
            prop_assume!(!source.contains("^?") && !source.contains("$?"));
            let Ok(pattern) = Pattern::new(&source) else { return Ok(()) };
            let expected = regex::Regex::new(&source).unwrap().find(&text).map(|found| found.range());
            let chars: Vec<char> = text.chars().collect();
            prop_assert_eq!(pattern.search(&mut Scratch::default(), &chars), expected);
        }

        #[test]
        fn ends_are_found_as_the_regex_crate_finds_them(
            source in "([ab.]|\\[ab\\]|a\\?|b\\*|a\\+){1,4}\\$(\\|([ab]|ab\\+){1,4}\\$){0,2}",
            text in "[abc]{0,12}",
        ) {
            let expected = regex::Regex::new(&source).unwrap().find(&text).map(|found| found.range());
            let chars: Vec<char> = text.chars().collect();
            let found = Pattern::new(&source).unwrap().search(&mut Scratch::default(), &chars);
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn no_source_panics(source in "[a-c()|?*+{},0-9\\[\\]\\\\^$<=!:iPwd-]{0,30}", text in "[abc0-9 ]{0,12}") {
            if let Ok(pattern) = Pattern::new(&source) {
                let chars: Vec<char> = text.chars().collect();
                pattern.find_all(&mut Scratch::default(), &chars);
            }
        }
    }
}
