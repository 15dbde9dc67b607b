//! What both faces of a dossier, terminal and page, say in the same words: labels, counts, dates, kinds.

use std::collections::BTreeMap;

use model::{
    Dossier, Evidence, FeedRow, Nature, PublishedOrigin, Relation, StanceKind, Status, Story, VoiceForm,
};

/// Characters of a report's label; a longer name is cut in its middle.
const LABEL_LENGTH_MAX: usize = 26;
/// Characters of a label made from an id, which says less.
const ID_LENGTH_MAX: usize = 14;

/// The words of a piece of evidence, verbatim.
pub(crate) fn words(dossier: &Dossier, evidence: Evidence) -> &str {
    evidence.span.of(&dossier.articles[evidence.article].article.text)
}

/// An article's headline; without one its first line with words, and without any its id.
pub(crate) fn headline(dossier: &Dossier, article: usize) -> &str {
    let article = &dossier.articles[article].article;
    let printed = article.headline.map(|span| span.of(&article.text).trim()).filter(|line| !line.is_empty());
    printed.or_else(|| article.text.lines().map(str::trim).find(|l| !l.is_empty())).unwrap_or(&article.id)
}

/// What each article is called in the dossier: its outlet, else its id; numbered where two of one story would
/// be the same.
pub(crate) fn labels(dossier: &Dossier) -> Vec<String> {
    let mut labels: Vec<String> = dossier.articles.iter().map(|a| label(&a.article)).collect();
    for story in &dossier.stories {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for &article in &story.articles {
            let count = seen.entry(labels[article].clone()).or_default();
            *count += 1;
            if *count > 1 {
                labels[article] = format!("{} ({count})", labels[article]);
            }
        }
    }
    labels
}

fn label(article: &model::Article) -> String {
    match article.outlet.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        Some(outlet) => shortened(outlet, LABEL_LENGTH_MAX),
        None => shortened(file_stem(&article.id), ID_LENGTH_MAX),
    }
}

/// The name of a file without its folders and ending; ids are often made from one.
fn file_stem(id: &str) -> &str {
    let name = id.rsplit(['/', '\\']).next().unwrap_or(id);
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 5 => stem,
        Some(_) | None => name,
    }
}

fn shortened(name: &str, length_max: usize) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= length_max {
        return name.to_owned();
    }
    let head: String = letters.iter().take(length_max / 2).collect();
    let tail: String = letters.iter().skip(letters.len() - (length_max / 2 - 1)).collect();
    format!("{head}…{tail}")
}

/// Stories told by several reports, or the only story there is; the rest stand alone.
pub(crate) fn told(dossier: &Dossier) -> Vec<usize> {
    let several: Vec<usize> =
        (0..dossier.stories.len()).filter(|i| dossier.stories[*i].articles.len() > 1).collect();
    if several.is_empty() && dossier.stories.len() == 1 { vec![0] } else { several }
}

/// Articles of the stories that are not [`told`].
pub(crate) fn alone(dossier: &Dossier) -> Vec<usize> {
    let told = told(dossier);
    let rest = (0..dossier.stories.len()).filter(|i| told.binary_search(i).is_err());
    rest.flat_map(|i| dossier.stories[i].articles.iter().copied()).collect()
}

/// "1 report", "5 reports", "2 stories".
pub fn count(number: usize, noun: &str) -> String {
    match noun.strip_suffix("ry") {
        _ if number == 1 => format!("1 {noun}"),
        Some(stem) => format!("{number} {stem}ries"),
        None => format!("{number} {noun}s"),
    }
}

/// How a feed fares: what came from it, when it last answered, and why it fails, if it does.
pub fn feed_health(feed: &FeedRow) -> String {
    let mut told = count(feed.page_count, "page");
    for (number, what) in [(feed.waiting_count, "waiting"), (feed.given_up_count, "given up")] {
        if number > 0 {
            told += &format!(", {number} {what}");
        }
    }
    let times = count(usize::try_from(feed.asked_count).unwrap_or(usize::MAX), "time");
    told += &format!("; asked {times}");
    match &feed.answered_at {
        Some(at) => told += &format!(", last answer {at}"),
        None => told += ", no answer yet",
    }
    if let Some(at) = &feed.changed_at {
        told += &format!(", last change {at}");
    }
    match &feed.failure {
        Some(why) if feed.failed_in_a_row > 0 => {
            let times = if feed.failed_in_a_row > 1 {
                format!(" the last {} times", feed.failed_in_a_row)
            } else {
                String::new()
            };
            told + &format!("; it failed{times}: {why}")
        }
        _ => told + ".",
    }
}

/// "5 reports", "5 outlets", "3 independent".
pub(crate) fn story_counts(dossier: &Dossier, story: &Story) -> [String; 3] {
    let mut outlets: Vec<&str> = story
        .articles
        .iter()
        .map(|i| &dossier.articles[*i].article)
        .map(|article| article.outlet.as_deref().unwrap_or(&article.id))
        .collect();
    outlets.sort_unstable();
    outlets.dedup();
    [
        count(story.articles.len(), "report"),
        count(outlets.len(), "outlet"),
        format!("{} independent", independent_count(story)),
    ]
}

/// Reports left when each counts as one with what it reprints.
fn independent_count(story: &Story) -> usize {
    let mut group: BTreeMap<usize, usize> = story.articles.iter().map(|i| (*i, *i)).collect();
    for reprint in &story.reprints {
        let (Some(&from), Some(&to)) = (group.get(&reprint.article), group.get(&reprint.of)) else {
            continue;
        };
        group.values_mut().filter(|g| **g == from).for_each(|g| *g = to);
    }
    let mut groups: Vec<usize> = group.into_values().collect();
    groups.sort_unstable();
    groups.dedup();
    groups.len()
}

/// The days on which the story was told, and how they are known where the reports do not print them.
pub(crate) fn story_date(dossier: &Dossier, story: &Story) -> [String; 2] {
    let all: Vec<&model::Published> =
        story.articles.iter().filter_map(|i| dossier.articles[*i].article.published.as_ref()).collect();
    let mut days: Vec<String> = all.iter().map(|p| day_of(&p.value)).collect();
    days.sort();
    let when = match (days.first(), days.last()) {
        (Some(first), Some(last)) if first == last => date(first),
        (Some(first), Some(last)) => format!("{} to {}", date(first), date(last)),
        _ => return ["no date".to_owned(), String::new()],
    };
    let inferred = all.iter().filter(|p| p.origin == PublishedOrigin::Inferred).count();
    let how = match (inferred, story.articles.len()) {
        (0, _) => String::new(),
        (n, total) if n == total => "inferred: no report prints its date".to_owned(),
        (n, total) => format!("inferred for {n} of {total} reports"),
    };
    [when, how]
}

fn day_of(value: &str) -> String {
    value.split('T').next().unwrap_or(value).to_owned()
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A TIMEX3 or ISO 8601 value as people write it: "15 February 2022, 14:30"; as it is where it is no date.
pub fn date(value: &str) -> String {
    let (day, time) = match value.split_once('T') {
        Some((day, time)) => (day, Some(time)),
        None => (value, None),
    };
    let parts: Vec<&str> = day.split('-').collect();
    let number = |part: &str| part.parse::<usize>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit()));
    let month = |part: &str| number(part).and_then(|m| MONTHS.get(m.wrapping_sub(1)).copied());
    let is_year = |part: &str| part.len() == 4 && number(part).is_some();
    let written = match parts.as_slice() {
        [year, m, d] if is_year(year) => {
            month(m).zip(number(d)).map(|(month, d)| format!("{d} {month} {year}"))
        }
        [year, week] if is_year(year) && week.starts_with('W') => {
            week.strip_prefix('W').and_then(number).map(|week| format!("week {week} of {year}"))
        }
        [year, m] if is_year(year) => month(m).map(|month| format!("{month} {year}")),
        _ => None,
    };
    match (written, time) {
        (Some(day), None) => day,
        (Some(day), Some(time)) => format!("{day}, {}", hour(time)),
        (None, _) => value.to_owned(),
    }
}

fn hour(time: &str) -> &str {
    match time {
        "MO" => "morning",
        "MI" => "midday",
        "AF" => "afternoon",
        "EV" => "evening",
        "NI" => "night",
        clock => clock,
    }
}

/// A kind as a label: `figure-conflict` is "figure", `quote-altered` is "quote altered".
pub fn kind(id: &str) -> String {
    id.strip_suffix("-conflict").unwrap_or(id).replace('-', " ")
}

/// Whether both sides can stand, in a word.
pub fn nature(nature: Nature) -> &'static str {
    match nature {
        Nature::Conflict => "conflict",
        Nature::Update => "update",
        Nature::Precision => "precision",
    }
}

/// How a statement stands, in the field's words.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Corroborated => "corroborated",
        Status::MultiplyReported => "multiply reported",
        Status::SingleSource => "single source",
        Status::Unconfirmed => "unconfirmed",
        Status::Unattributed => "unattributed",
        Status::Disputed => "disputed",
        Status::Denied => "denied",
        Status::Confirmed => "confirmed",
        Status::Corrected => "corrected",
        Status::Superseded => "superseded",
    }
}

/// What a status means, for those who meet it first.
pub fn status_meaning(status: Status) -> &'static str {
    match status {
        Status::Corroborated => "two or more independent reports with two or more sources behind them",
        Status::MultiplyReported => "several independent reports, one source behind them all",
        Status::SingleSource => "one independent report",
        Status::Unconfirmed => "an outlet says that it could not confirm it",
        Status::Unattributed => "in the outlet’s own voice, no source given",
        Status::Disputed => "independent reports differ on it",
        Status::Denied => "a named party says that it is not so",
        Status::Confirmed => "a named party says expressly that it is so",
        Status::Corrected => "the outlet has corrected it",
        Status::Superseded => "a later value from the same source replaces it",
    }
}

/// Whether a status calls for a reader's attention, or is settled, or neither.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Contested,
    Settled,
    Plain,
}

/// How a status weighs in colour; its word says it too.
pub(crate) fn weight(status: Status) -> Weight {
    match status {
        Status::Disputed | Status::Denied | Status::Corrected | Status::Superseded => Weight::Contested,
        Status::Corroborated | Status::Confirmed => Weight::Settled,
        Status::MultiplyReported | Status::SingleSource | Status::Unconfirmed | Status::Unattributed => {
            Weight::Plain
        }
    }
}

/// A stand as said of the statement: "denied".
pub fn stance(kind: StanceKind) -> &'static str {
    match kind {
        StanceKind::Denies => "denied",
        StanceKind::Doubts => "doubted",
        StanceKind::Confirms => "confirmed",
        StanceKind::Declines => "not commented on",
    }
}

/// How an outlet gives a statement, as said of the outlet.
pub fn form(form: VoiceForm) -> &'static str {
    match form {
        VoiceForm::Direct => "quoted",
        VoiceForm::Mixed => "partly quoted",
        VoiceForm::Indirect => "reported",
        VoiceForm::Narration => "in the outlet’s own voice",
    }
}

/// "copies", "rewrites".
pub(crate) fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Copy => "copies",
        Relation::Rewrite => "rewrites",
    }
}

/// The three counts of a statement.
pub(crate) fn counts(counts: model::Counts) -> String {
    let [outlets, reports, sources] = [counts.outlets, counts.reports, counts.sources];
    let named = if sources == 0 { "no source named".to_owned() } else { count(sources, "source") };
    format!("{} · {} · {named}", count(outlets, "outlet"), count(reports, "report"))
}

/// How the date of an article is known.
pub(crate) fn origin(origin: PublishedOrigin) -> &'static str {
    match origin {
        PublishedOrigin::JsonLd | PublishedOrigin::Meta => "from the page’s metadata",
        PublishedOrigin::Url => "from the address",
        PublishedOrigin::Feed => "from the feed",
        PublishedOrigin::Text => "printed in the text",
        PublishedOrigin::Inferred => "inferred",
        PublishedOrigin::Given => "given with the input",
    }
}

/// What was marked as furniture in an article: kinds with their number, most first.
pub(crate) fn furniture(article: &model::Article) -> Vec<String> {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for piece in &article.furniture {
        *kinds.entry(&piece.kind).or_default() += 1;
    }
    let mut kinds: Vec<(&str, usize)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(kind, number)| (std::cmp::Reverse(*number), *kind));
    let told = |(kind, number): (&str, usize)| {
        let name = kind.replace('-', " ");
        if number == 1 { name } else { format!("{name} ×{number}") }
    };
    kinds.into_iter().map(told).collect()
}

/// White space as one space, and evidence between quotation marks unless it brings its own.
pub fn quoted(words: &str) -> [&'static str; 2] {
    let has_marks = words.contains(['“', '”', '"', '„', '«', '»']);
    if has_marks { ["", ""] } else { ["“", "”"] }
}

/// Whether a character could change how the text around it is shown: control characters and those that turn
/// the direction of writing. Every face replaces them.
pub(crate) fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::{alone, date, independent_count, labels, story_counts, story_date, told};
    use crate::sample;

    #[test]
    fn dates_are_written_out_and_odd_ones_left() {
        assert_eq!(date("2022-02-15"), "15 February 2022");
        assert_eq!(date("2022-02"), "February 2022");
        assert_eq!(date("2022-W07"), "week 7 of 2022");
        assert_eq!(date("2024-04-10TMO"), "10 April 2024, morning");
        assert_eq!(date("2024-04-10T02:00"), "10 April 2024, 02:00");
        for odd in ["2022", "2022-13-01", "P3H", "+1-+2-+3", "", "T", "199X"] {
            assert_eq!(date(odd), odd);
        }
    }

    #[test]
    fn a_story_counts_reprints_as_one_report() {
        let dossier = sample::dossier();
        let story = &dossier.stories[0];
        assert_eq!(story_counts(&dossier, story), ["6 reports", "6 outlets", "4 independent"]);
        assert_eq!(independent_count(story), 4);
        assert_eq!(
            story_date(&dossier, story),
            ["9 April 2024 to 10 April 2024", "inferred for 5 of 6 reports"]
        );
        assert_eq!((told(&dossier), alone(&dossier)), (vec![0], vec![6]));
    }

    #[test]
    fn labels_are_unique_and_short() {
        let long = "a/very/long/path/000_57c6f618b57d03d3.txt";
        let mut dossier = sample::dossier();
        dossier.stories.truncate(1);
        dossier.stories[0].articles = vec![0, 1];
        dossier.articles = (0..2).map(|_| sample::annotated(long, long, None, "Words.\n")).collect();
        assert_eq!(labels(&dossier), ["000_57c…7d03d3", "000_57c…7d03d3 (2)"]);
    }
}
