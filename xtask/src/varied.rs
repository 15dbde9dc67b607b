//! Reports made from those of the score boards in `../shared`: as many as wanted, in stories of one to some fifty, with copies.
//!
//! Each round takes all events of the boards again, months later, with every name put in the place of another and the
//! numbers moved, so that the stories of two rounds have nothing in common but their grammar.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

use crate::invented::Dice;

/// The boards, below `../shared`.
const BOARDS: [&str; 3] = ["lookalikes-1-35", "outlets-dev", "roundups-a"];
/// Days between two rounds: more than the window in which reports find their story.
const ROUND_DAYS: u64 = 120;
/// The events of a round begin on these days of it.
const SPREAD_DAYS: u64 = 25;
/// Of ten events so many have copies.
const COPIED_OF_TEN: u64 = 3;
/// How many copies an event that has some may have.
const COPIES: [u64; 9] = [1, 1, 2, 2, 3, 5, 8, 13, 25];
/// Outlets in all.
const OUTLETS: u64 = 400;

/// A report as a board has it.
struct Report {
    title: String,
    text: String,
}

/// The boards' reports by event, and the names in them; `None` where the boards are not there.
pub struct Boards {
    events: Vec<Vec<Report>>,
    names: Vec<String>,
}

impl Boards {
    /// Reads the boards.
    ///
    /// # Errors
    /// When one is there and cannot be read.
    pub fn read(root: &Path) -> anyhow::Result<Option<Boards>> {
        let folder = root.join("../shared/boards/stories");
        if !folder.is_dir() {
            return Ok(None);
        }
        let mut events: BTreeMap<String, Vec<Report>> = BTreeMap::new();
        for board in BOARDS {
            let path = folder.join(format!("{board}.jsonl"));
            let lines = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            for line in lines.lines() {
                let row: Value = serde_json::from_str(line)?;
                let of = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
                let report = Report { title: of("title"), text: of("text") };
                events.entry(format!("{board} {}", row["event"])).or_default().push(report);
            }
        }
        let events: Vec<Vec<Report>> = events.into_values().collect();
        let names = names(&events);
        Ok(Some(Boards { events, names }))
    }

    /// So many reports as lines of JSONL, in order of their days.
    pub fn reports(&self, count: u64) -> Vec<String> {
        let mut lines: Vec<(u64, String)> = Vec::new();
        for round in 0.. {
            let renamed = self.renamed(round);
            for (number, event) in self.events.iter().enumerate() {
                let mut dice = Dice(round << 20 | number as u64);
                let first_day = round * ROUND_DAYS + dice.below(SPREAD_DAYS);
                for (place, (title, text)) in told(event, &mut dice).into_iter().enumerate() {
                    if lines.len() as u64 == count {
                        lines.sort_by_key(|(day, _)| *day);
                        return lines.into_iter().map(|(_, line)| line).collect();
                    }
                    let day = first_day + (place as u64 / 4).min(6);
                    let [title, text] = [title, text].map(|words| renamed.apply(&words));
                    lines.push((day, line(lines.len(), dice.below(OUTLETS), (day, &title, &text))));
                }
            }
        }
        unreachable!("the rounds do not end before there are enough")
    }

    /// Which name stands for which in a round.
    fn renamed(&self, round: u64) -> Renamed<'_> {
        let mut dice = Dice(round ^ 0x5eed);
        let mut others: Vec<&str> = self.names.iter().map(String::as_str).collect();
        for last in (1..others.len()).rev() {
            others.swap(last, dice.below(last as u64 + 1) as usize);
        }
        Renamed { names: self.names.iter().map(String::as_str).zip(others).collect(), moved_by: round % 9 }
    }
}

/// An event's reports, and copies of some: their beginnings, as agencies' subscribers print them.
fn told(event: &[Report], dice: &mut Dice) -> Vec<(String, String)> {
    let mut told: Vec<(String, String)> =
        event.iter().map(|report| (report.title.clone(), report.text.clone())).collect();
    if dice.below(10) < COPIED_OF_TEN {
        for _ in 0..COPIES[dice.below(COPIES.len() as u64) as usize] {
            let (title, text) = told[dice.below(event.len() as u64) as usize].clone();
            let lines: Vec<&str> = text.split('\n').collect();
            let kept = (lines.len() * (50 + dice.below(50) as usize) / 100).max(2).min(lines.len());
            told.push((title, lines[..kept].join("\n")));
        }
    }
    told
}

fn line(number: usize, outlet: u64, (day, title, text): (u64, &str, &str)) -> String {
    // Months of 28 days: no calendar is needed, and every day exists.
    let published = format!("{}-{:02}-{:02}", 1980 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
    let record = serde_json::json!({
        "id": format!("r{number}"), "outlet": format!("Outlet {outlet}"),
        "url": format!("https://outlet{outlet}.example/{number}"),
        "title": title, "published": published, "text": text,
    });
    format!("{record}\n")
}

/// Names and numbers of a round.
struct Renamed<'n> {
    names: BTreeMap<&'n str, &'n str>,
    moved_by: u64,
}

impl Renamed<'_> {
    fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for word in words(text) {
            let number: Option<u64> = word.parse().ok().filter(|number| !(1900..2100).contains(number));
            match (self.names.get(word), number) {
                (Some(other), _) => out += other,
                (None, Some(number)) => out += &(number + self.moved_by).to_string(),
                (None, None) => out += word,
            }
        }
        out
    }
}

/// A text's words and what stands between them, in order.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(|c: char| !c.is_alphanumeric()).flat_map(|piece| {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let (word, rest) = piece.split_at(word.len());
        [word, rest]
    })
}

/// Words that stand capitalised and nowhere in lower case.
fn names(events: &[Vec<Report>]) -> Vec<String> {
    let calendar = "January February March April May June July August September October November December Monday \
        Tuesday Wednesday Thursday Friday Saturday Sunday";
    let (mut lower, mut upper) = (BTreeSet::new(), BTreeSet::new());
    for report in events.iter().flatten() {
        for word in words(&report.text) {
            let mut letters = word.chars();
            let Some(first) = letters.next() else { continue };
            if first.is_lowercase() {
                lower.insert(word.to_owned());
            } else if word.len() > 2 && first.is_uppercase() && letters.all(char::is_lowercase) {
                upper.insert(word.to_owned());
            }
        }
    }
    let is_name = |word: &String| {
        !lower.contains(&word.to_lowercase()) && !calendar.split_whitespace().any(|known| known == word)
    };
    upper.into_iter().filter(is_name).collect()
}

#[cfg(test)]
mod tests {
    use super::{Boards, Report};

    #[test]
    fn rounds_differ_and_the_same_count_gives_the_same() {
        let report = |text: &str| Report { title: "Fire".to_owned(), text: text.to_owned() };
        let events = vec![
            vec![report("In Tornby 3 people met Ana Ruiz."), report("Three met in Tornby.")],
            vec![report("A ship left Merrow with Olaf Berg.\nIt sank.\nNobody drowned.")],
        ];
        let names = super::names(&events);
        assert_eq!(names, ["Ana", "Berg", "Merrow", "Nobody", "Olaf", "Ruiz", "Three", "Tornby"]);
        let boards = Boards { events, names };
        let lines = boards.reports(50);
        assert_eq!((lines.len(), &lines), (50, &boards.reports(50)));
        assert!(lines.iter().any(|line| !line.contains("Tornby") && !line.contains("Merrow")));
    }
}
