//! An expression's tree → a list of small steps, with the branches of an alternation sorted by first character.

use super::set::Set;
use super::syntax::{Look, Node, Parsed, Repeat, SetId};

/// Expressions that grow beyond this many steps are refused. spaCy's stay below two thousand, but for the list of
/// words in its French one.
const STEPS_MAX: usize = 200_000;

/// Number of a step.
pub(super) type StepId = usize;

/// What a program does next. `memo` numbers the steps that branch: there, a search remembers having failed.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Char(char),
    Set(SetId),
    /// Goes on behind it with what may come first, else with the second.
    Split {
        first: StepId,
        second: StepId,
        memo: usize,
    },
    /// Goes on with the branches that may begin with the character here, in order.
    Branch {
        table: usize,
        memo: usize,
    },
    Jump(StepId),
    /// The next character, or the one before, is (not) in the set.
    Near {
        set: SetId,
        behind: bool,
        wanted: bool,
    },
    /// The steps from the next one up to `end` (not) match here, or `behind` characters back.
    Look {
        end: StepId,
        behind: Option<usize>,
        wanted: bool,
    },
    Start,
    End,
    VeryEnd,
    Boundary(bool),
    Match,
}

/// A bucket for each ASCII character, one for all others, one for the end of the text.
pub(super) const BUCKETS: usize = 130;
const BEYOND_ASCII: usize = 128;
const AT_END: usize = 129;

/// The bucket of what stands at a place.
pub(super) fn bucket(next: Option<&char>) -> usize {
    match next {
        Some(c) if c.is_ascii() => *c as usize,
        Some(_) => BEYOND_ASCII,
        None => AT_END,
    }
}

/// Where the branches of an alternation begin, by bucket, in order.
#[derive(Clone, Debug)]
pub(super) struct Table {
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Table {
    pub(super) fn branches(&self, bucket: usize) -> &[u32] {
        let start = if bucket == 0 { 0 } else { self.ends[bucket - 1] as usize };
        &self.starts[start..self.ends[bucket] as usize]
    }
}

/// What a text that matches a node may begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct First {
    ascii: u128,
    beyond: bool,
    /// It may match without a character.
    empty: bool,
}

impl First {
    fn or(self, other: First) -> First {
        First {
            ascii: self.ascii | other.ascii,
            beyond: self.beyond || other.beyond,
            empty: self.empty || other.empty,
        }
    }

    pub(super) fn allows(self, bucket: usize) -> bool {
        self.empty
            || match bucket {
                BEYOND_ASCII => self.beyond,
                AT_END => false,
                ascii => self.ascii >> ascii & 1 == 1,
            }
    }
}

/// An expression ready to run.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    pub(super) sets: Vec<Set>,
    pub(super) tables: Vec<Table>,
    /// How many steps have a `memo`.
    pub(super) memo_count: usize,
    /// What a match may begin with.
    pub(super) first: First,
    /// What a match longer than `reach` may begin with.
    pub(super) far_first: First,
    /// Matches that begin further from the end than this begin with `far_first`.
    pub(super) reach: usize,
    /// What stands between the start of such a match and the end of the text, when it has to reach the end.
    pub(super) far_alphabet: Option<First>,
    /// Matches only at the start of the text.
    pub(super) anchored: bool,
    /// Every match contains one of each of these characters.
    pub(super) required: Vec<char>,
}

impl Program {
    pub(super) fn new(parsed: Parsed) -> Result<Program, String> {
        let sets = parsed.sets.into_iter().map(Set::new).collect();
        let mut compiler = Compiler { sets, steps: Vec::new(), tables: Vec::new(), memo_count: 0 };
        let node = parsed.node;
        compiler.node(&node)?;
        compiler.push(Step::Match)?;
        let branches = match &node {
            Node::Alternate(branches) => &branches[..],
            _ => std::slice::from_ref(&node),
        };
        let (mut far_first, mut far_alphabet) = (First::default(), Some(First::default()));
        let mut reach = 0;
        for branch in branches {
            match most_chars(branch).filter(|_| ends_at_end(branch)) {
                // The final newline, before which `$` matches too, counts as well.
                Some(chars) => reach = reach.max(chars + 1),
                None => {
                    far_first = far_first.or(compiler.first(branch));
                    let alphabet = far_alphabet.filter(|_| ends_at_end(branch));
                    far_alphabet = alphabet.map(|all| all.or(compiler.alphabet(branch)));
                }
            }
        }
        let first = compiler.first(&node);
        let Compiler { sets, steps, tables, memo_count } = compiler;
        let anchored = branches.iter().all(starts_at_start);
        Ok(Program {
            steps,
            sets,
            tables,
            memo_count,
            first,
            far_first,
            reach,
            far_alphabet,
            anchored,
            required: required(&node),
        })
    }
}

struct Compiler {
    sets: Vec<Set>,
    steps: Vec<Step>,
    tables: Vec<Table>,
    memo_count: usize,
}

impl Compiler {
    fn push(&mut self, step: Step) -> Result<StepId, String> {
        if self.steps.len() == STEPS_MAX {
            return Err(format!("an expression of more than {STEPS_MAX} steps"));
        }
        self.steps.push(step);
        Ok(self.steps.len() - 1)
    }

    fn memo(&mut self) -> usize {
        self.memo_count += 1;
        self.memo_count - 1
    }

    fn node(&mut self, node: &Node) -> Result<(), String> {
        let step = match node {
            Node::Char(c) => Step::Char(*c),
            Node::Set(set) => Step::Set(*set),
            Node::Concat(parts) => return parts.iter().try_for_each(|part| self.node(part)),
            Node::Alternate(branches) => return self.alternate(branches),
            Node::Repeat(repeat) => return self.repeat(repeat),
            Node::Look(look) => return self.look(look),
            Node::Start => Step::Start,
            Node::End => Step::End,
            Node::VeryEnd => Step::VeryEnd,
            Node::Boundary(wanted) => Step::Boundary(*wanted),
        };
        self.push(step).map(|_| ())
    }

    fn alternate(&mut self, branches: &[Node]) -> Result<(), String> {
        let (table, memo) = (self.tables.len(), self.memo());
        self.tables.push(Table { starts: Vec::new(), ends: Vec::new() });
        self.push(Step::Branch { table, memo })?;
        let mut starts = Vec::with_capacity(branches.len());
        let mut jumps = Vec::with_capacity(branches.len());
        for branch in branches {
            starts.push((self.steps.len() as u32, self.first(branch)));
            self.node(branch)?;
            jumps.push(self.push(Step::Jump(0))?);
        }
        for jump in jumps {
            self.steps[jump] = Step::Jump(self.steps.len());
        }
        let by_bucket = &mut self.tables[table];
        for bucket in 0..BUCKETS {
            let fitting = starts.iter().filter(|(_, first)| first.allows(bucket));
            by_bucket.starts.extend(fitting.map(|&(start, _)| start));
            by_bucket.ends.push(by_bucket.starts.len() as u32);
        }
        Ok(())
    }

    fn repeat(&mut self, repeat: &Repeat) -> Result<(), String> {
        for _ in 0..repeat.min {
            self.node(&repeat.node)?;
        }
        let Some(max) = repeat.max else {
            let split = self.split()?;
            self.node(&repeat.node)?;
            self.push(Step::Jump(split))?;
            self.join(split, repeat.greedy);
            return Ok(());
        };
        let mut splits = Vec::new();
        for _ in repeat.min..max {
            splits.push(self.split()?);
            self.node(&repeat.node)?;
        }
        for split in splits {
            self.join(split, repeat.greedy);
        }
        Ok(())
    }

    fn split(&mut self) -> Result<StepId, String> {
        let memo = self.memo();
        self.push(Step::Split { first: 0, second: 0, memo })
    }

    /// Leads a split into what follows it, or around it to here.
    fn join(&mut self, split: StepId, greedy: bool) {
        let end = self.steps.len();
        if let Step::Split { first, second, .. } = &mut self.steps[split] {
            (*first, *second) = if greedy { (split + 1, end) } else { (end, split + 1) };
        }
    }

    fn look(&mut self, look: &Look) -> Result<(), String> {
        let &Look { ref node, behind, wanted } = look;
        if let (&Node::Set(set), None | Some(1)) = (node, behind) {
            return self.push(Step::Near { set, behind: behind.is_some(), wanted }).map(|_| ());
        }
        let at = self.push(Step::Look { end: 0, behind, wanted })?;
        self.node(node)?;
        self.push(Step::Match)?;
        self.steps[at] = Step::Look { end: self.steps.len(), behind, wanted };
        Ok(())
    }

    /// The characters that a match of one character may be.
    fn one(&self, node: &Node) -> First {
        match node {
            Node::Char(c) if c.is_ascii() => First { ascii: 1 << u32::from(*c), ..First::default() },
            Node::Char(_) => First { beyond: true, ..First::default() },
            Node::Set(set) => {
                let set = &self.sets[*set];
                First { ascii: set.ascii, beyond: set.reaches_beyond_ascii(), empty: false }
            }
            _ => First::default(),
        }
    }

    /// The characters that may stand anywhere in a match.
    fn alphabet(&self, node: &Node) -> First {
        match node {
            Node::Concat(parts) | Node::Alternate(parts) => {
                parts.iter().fold(First::default(), |all, part| all.or(self.alphabet(part)))
            }
            Node::Repeat(repeat) => self.alphabet(&repeat.node),
            _ => self.one(node),
        }
    }

    fn first(&self, node: &Node) -> First {
        let empty = First { empty: true, ..First::default() };
        match node {
            Node::Char(_) | Node::Set(_) => self.one(node),
            Node::Concat(parts) => {
                let mut all = empty;
                for part in parts {
                    if !all.empty {
                        break;
                    }
                    all.empty = false;
                    all = all.or(self.first(part));
                }
                all
            }
            Node::Alternate(branches) => {
                branches.iter().fold(First::default(), |all, branch| all.or(self.first(branch)))
            }
            Node::Repeat(repeat) if repeat.min == 0 => empty.or(self.first(&repeat.node)),
            Node::Repeat(repeat) => self.first(&repeat.node),
            Node::Look(_) | Node::Start | Node::End | Node::VeryEnd | Node::Boundary(_) => empty,
        }
    }
}

fn most_chars(node: &Node) -> Option<usize> {
    match node {
        Node::Char(_) | Node::Set(_) => Some(1),
        Node::Concat(parts) => parts.iter().map(most_chars).sum(),
        Node::Alternate(branches) => {
            branches.iter().map(most_chars).try_fold(0, |most, chars| Some(most.max(chars?)))
        }
        Node::Repeat(repeat) => most_chars(&repeat.node)?.checked_mul(repeat.max? as usize),
        Node::Look(_) | Node::Start | Node::End | Node::VeryEnd | Node::Boundary(_) => Some(0),
    }
}

fn ends_at_end(node: &Node) -> bool {
    match node {
        Node::End | Node::VeryEnd => true,
        Node::Concat(parts) => parts.last().is_some_and(ends_at_end),
        Node::Alternate(branches) => branches.iter().all(ends_at_end),
        _ => false,
    }
}

fn starts_at_start(node: &Node) -> bool {
    match node {
        Node::Start => true,
        Node::Concat(parts) => parts.first().is_some_and(starts_at_start),
        Node::Alternate(branches) => branches.iter().all(starts_at_start),
        _ => false,
    }
}

/// Characters without which nothing matches.
fn required(node: &Node) -> Vec<char> {
    match node {
        Node::Char(c) => vec![*c],
        Node::Concat(parts) => {
            let mut all: Vec<char> = parts.iter().flat_map(required).collect();
            all.sort_unstable();
            all.dedup();
            all
        }
        Node::Alternate(branches) => {
            let mut all = required(&branches[0]);
            for branch in &branches[1..] {
                let other = required(branch);
                all.retain(|c| other.contains(c));
            }
            all
        }
        Node::Repeat(repeat) if repeat.min > 0 => required(&repeat.node),
        _ => Vec::new(),
    }
}
