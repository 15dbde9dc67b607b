//! Who signs a report: "By Ana Ruiz and Bo Li", "Reporting by Ana Ruiz; editing by Bo Li".

use crate::IngestOptions;
use crate::line::Line;
use crate::words::plain;

/// Longest byline, in words.
const BYLINE_WORDS_MAX: usize = 24;
/// Longest name, in words.
const NAME_WORDS_MAX: usize = 5;

/// A line that says who wrote the report.
pub(crate) struct Byline {
    /// Its place among the lines.
    pub line: usize,
    /// The names in it.
    pub names: Vec<String>,
}

/// The byline above the report or at its head.
pub(crate) fn byline(text: &str, lines: &[Line], options: &IngestOptions, until: usize) -> Option<Byline> {
    lines.iter().enumerate().take(until).find_map(|(place, line)| {
        if line.word_count > BYLINE_WORDS_MAX || line.ends_sentence && line.word_count > 8 {
            return None;
        }
        let rest = after_cue(line.span.of(text), &options.words.cues.byline)?;
        let names = names(rest, options);
        (!names.is_empty()).then_some(Byline { line: place, names })
    })
}

/// The names in a line that credits reporters at the foot of a report.
pub(crate) fn reporters(text: &str, line: &Line, options: &IngestOptions) -> Vec<String> {
    let shown = line.span.of(text).trim_start_matches(['(', '—', '–', '-', ' ']);
    let Some(rest) = after_cue(shown, &options.words.cues.reporting) else { return Vec::new() };
    let first = rest.split([';', ')', '.']).next().unwrap_or_default();
    names(first, options)
}

/// What follows one of the cues at the start of a line.
fn after_cue<'t>(line: &'t str, cues: &[String]) -> Option<&'t str> {
    let folded = plain(line);
    let cue = cues
        .iter()
        .filter(|cue| folded.strip_prefix(cue.as_str()).is_some_and(|rest| rest.starts_with([' ', ':'])))
        .max_by_key(|cue| cue.len())?;
    let mut rest = line;
    for _ in cue.split(' ') {
        rest = rest.trim_start();
        rest = rest.get(rest.find([' ', ':', '\u{a0}', '\t'])?..)?;
    }
    Some(rest.trim_start_matches([' ', ':', '\u{a0}', '\t']))
}

/// The names in a list of names, roles, dates and outlets.
fn names(list: &str, options: &IngestOptions) -> Vec<String> {
    let mut found = Vec::new();
    let list = list.split(['|', '•', '·', '(', '\u{2022}']).next().unwrap_or_default();
    let list = list.split(" / ").next().unwrap_or_default();
    let mut current: Vec<&str> = Vec::new();
    for word in list.split_whitespace() {
        let bare = word.trim_matches([',', ';', '.']);
        let lower = bare.to_lowercase();
        let joins = options.words.cues.joining.contains(&lower);
        let foreign = options.words.cues.byline_roles.contains(&lower)
            || options.words.month(&lower).is_some()
            || bare.starts_with(char::is_numeric);
        if joins || foreign {
            finish(&mut current, &mut found, options);
            if foreign {
                break;
            }
            continue;
        }
        current.push(if word.ends_with(',') || word.ends_with(';') { bare } else { word });
        if word.ends_with([',', ';']) {
            finish(&mut current, &mut found, options);
        }
    }
    finish(&mut current, &mut found, options);
    found
}

/// Takes the words gathered so far as a name, if they can be one.
fn finish(current: &mut Vec<&str>, found: &mut Vec<String>, options: &IngestOptions) {
    let name = current.join(" ");
    let capitals = current.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    let agency = options.outlets.by_credit(&name).is_some();
    let named = (2..=NAME_WORDS_MAX).contains(&current.len())
        && capitals >= 2
        && current[0].starts_with(char::is_uppercase);
    current.clear();
    if (named || agency) && !name.contains('@') && !found.contains(&name) {
        found.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::{byline, reporters};
    use crate::IngestOptions;
    use crate::line::lines;

    fn read(line: &str) -> Vec<String> {
        let options = IngestOptions::english(None);
        byline(line, &lines(line, &options.words), &options, 1).map(|byline| byline.names).unwrap_or_default()
    }

    #[test]
    fn reads_names_without_roles_and_dates() {
        assert_eq!(read("By Ana Ruiz and Bo Li"), ["Ana Ruiz", "Bo Li"]);
        assert_eq!(read("BY ANA RUIZ, STAFF WRITER"), ["ANA RUIZ"]);
        assert_eq!(
            read("By Ana de la Cruz, Bo Li and Zoë Ōe in Arlesford"),
            ["Ana de la Cruz", "Bo Li", "Zoë Ōe"]
        );
        assert_eq!(read("Written by: Ana Ruiz | February 15, 2022"), ["Ana Ruiz"]);
        assert_eq!(read("By The Associated Press"), ["The Associated Press"]);
    }

    #[test]
    fn sentences_that_begin_so_are_none() {
        assert!(read("By noon the bridge was closed to all.").is_empty());
        assert!(read("By then Ana Ruiz had left the town, and nobody knew where she was going.").is_empty());
    }

    #[test]
    fn reads_reporters_at_the_foot() {
        let options = IngestOptions::english(None);
        let line = "(Reporting by Ana Ruiz and Bo Li; Editing by Cy Dow)";
        assert_eq!(reporters(line, &lines(line, &options.words)[0], &options), ["Ana Ruiz", "Bo Li"]);
    }
}
