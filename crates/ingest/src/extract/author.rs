//! Who signs the article of a page: people before sites, what data says before what is shown.

use super::Judged;
use super::name::{Kind, hash};
use super::page::held;
use crate::words::{PageWords, plain};

/// Names of `meta` elements that name the author.
const KEYS: [&str; 10] = [
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "cxenseparse:author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "article:author_name",
    "byl",
];
/// Class names of elements that hold the author.
const CLASS_NAMES: [&[u8]; 6] = [b"author", b"authors", b"byline", b"writer", b"authorname", b"contributor"];
/// How far up a class name still tells of a block.
const HOLDERS_MAX: usize = 3;
/// So many blocks before and after the main heading may sign the article.
const BEFORE_HEADING: usize = 3;
const AFTER_HEADING: usize = 16;
/// Longest block that signs, in words, and longest name.
const BYLINE_WORDS_MAX: usize = 14;
const NAME_WORDS_MAX: usize = 6;
const NAME_CHARS_MAX: usize = 60;
/// Authors of one article.
const AUTHORS_MAX: usize = 12;

/// The authors of a page's article, as names.
pub(crate) fn authors(judged: &Judged, words: &PageWords) -> Vec<String> {
    let page = &judged.page;
    let sites: Vec<String> = [judged.described.publisher.clone(), page.meta("og:site_name")]
        .into_iter()
        .flatten()
        .map(|site| plain(&site))
        .collect();
    let is_site = |name: &String| sites.contains(&plain(name));
    let told = cleaned(judged.described.authors.iter().map(String::as_str), words);
    if told.iter().any(|name| !is_site(name)) {
        return told.into_iter().filter(|name| !is_site(name)).collect();
    }
    let metas: Vec<String> = KEYS.iter().filter_map(|key| page.meta(key)).collect();
    let meta = metas
        .iter()
        .map(|value| cleaned(std::iter::once(value.as_str()), words))
        .find(|names| names.iter().any(|name| !is_site(name)));
    meta.or_else(|| shown(judged, words)).unwrap_or(told)
}

/// The names in a block by the main heading that signs: it begins so, or its element is named so.
fn shown(judged: &Judged, words: &PageWords) -> Option<Vec<String>> {
    let page = &judged.page;
    let heading = judged.heading.or(judged.body.first().copied())?;
    let window = heading.saturating_sub(BEFORE_HEADING)..page.blocks.len().min(heading + AFTER_HEADING);
    let mut after_label = false;
    for place in window.filter(|place| *place != heading) {
        let block = &page.blocks[place];
        let text = page.words(block);
        if text.split_whitespace().count() > BYLINE_WORDS_MAX {
            after_label = false;
            continue;
        }
        let rest = after_cue(text, words);
        if rest.is_some_and(str::is_empty) {
            // "Written by" with the name in the next block.
            after_label = true;
            continue;
        }
        let is_named = after_label || is_author(judged, place);
        let found = match rest {
            Some(rest) => cleaned(std::iter::once(rest), words),
            None if is_named => cleaned(std::iter::once(text), words),
            None => Vec::new(),
        };
        after_label = false;
        if !found.is_empty() {
            return Some(found);
        }
    }
    None
}

/// Whether a block's element, or one close around it, is for the author.
fn is_author(judged: &Judged, place: usize) -> bool {
    let page = &judged.page;
    let leaf = page.blocks[place].leaf;
    let names = CLASS_NAMES.map(|name| hash(Kind::Part, name));
    page.nodes[leaf as usize].held & held::AUTHOR != 0
        || page
            .upwards(leaf)
            .take(HOLDERS_MAX)
            .any(|id| page.names_of(id).iter().any(|name| names.contains(name)))
}

/// What follows a word such as "by" at the beginning; empty when nothing does.
fn after_cue<'t>(text: &'t str, words: &PageWords) -> Option<&'t str> {
    let folded = plain(text);
    let bare = folded.trim_end_matches(':');
    let cue = words
        .cues
        .byline
        .iter()
        .filter(|cue| {
            bare.strip_prefix(cue.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':']))
        })
        .max_by_key(|cue| cue.len())?;
    let mut rest = text;
    for _ in cue.split(' ') {
        rest = rest.trim_start();
        let end = rest.find(|c: char| c.is_whitespace() || c == ':').unwrap_or(rest.len());
        rest = rest.get(end..).unwrap_or_default();
    }
    Some(rest.trim_start_matches(|c: char| c.is_whitespace() || c == ':'))
}

/// Names from values that may hold several, roles, dates and addresses.
fn cleaned<'t>(values: impl Iterator<Item = &'t str>, words: &PageWords) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let is_address = |value: &str| value.contains("://") || value.contains("www.") || value.contains('@');
    for value in values.filter(|value| !is_address(value)) {
        let value = after_cue(value, words).unwrap_or(value);
        let value = value.split(['|', '•', '·', '\n', '(', '—', '–']).next().unwrap_or_default();
        let value = value.split(" - ").next().unwrap_or_default();
        for part in value.split([',', ';', '/']) {
            for part in joined(part, words) {
                let name = name(&part, words);
                names.extend(name.filter(|name| !names.contains(name)));
            }
        }
    }
    names.truncate(AUTHORS_MAX);
    names
}

/// A list of names at its "and".
fn joined(list: &str, words: &PageWords) -> Vec<String> {
    let is_joining = |word: &&str| words.cues.joining.iter().any(|joining| *joining == word.to_lowercase());
    let all: Vec<&str> = list.split_whitespace().collect();
    let parts: Vec<&[&str]> = all.split(is_joining).collect();
    // "Ruiz and Sons" is one name.
    if parts.iter().any(|part| part.len() < 2) {
        return vec![all.join(" ")];
    }
    parts.into_iter().map(|words| words.join(" ")).collect()
}

/// A name, if the words can be one: without what follows it (dates, "on", "in Selm").
fn name(part: &str, words: &PageWords) -> Option<String> {
    let is_foreign = |word: &&str| {
        let lower = word.trim_end_matches('.').to_lowercase();
        word.starts_with(char::is_numeric) || words.month(&lower).is_some() && word.len() > 2
    };
    let mut kept: Vec<&str> = part.split_whitespace().take_while(|word| !is_foreign(word)).collect();
    while kept.last().is_some_and(|word| words.stop_words.has(word)) {
        kept.pop();
    }
    let is_role = |word: &&&str| {
        let lower = word.to_lowercase();
        let one = lower.strip_suffix('s').unwrap_or(&lower);
        words.cues.byline_roles.contains(&lower) || words.cues.byline_roles.contains(one)
    };
    let role_count = kept.iter().filter(is_role).count();
    let name = kept.join(" ");
    let is_phrase = words.phrases.kind_of(&plain(&name), kept.len()).is_some();
    let fits = (1..=NAME_WORDS_MAX).contains(&kept.len())
        && name.chars().count() <= NAME_CHARS_MAX
        && name.chars().any(char::is_alphabetic)
        && !is_phrase
        && role_count < kept.len();
    fits.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::authors;
    use crate::extract::encoding::encoding_of;
    use crate::extract::judge;
    use crate::extract::weights::Weights;
    use crate::words::PageWords;

    fn read(page: &str) -> Vec<String> {
        let judged = judge(page.as_bytes(), encoding_of(page.as_bytes(), None), &Weights::built_in());
        authors(&judged, &PageWords::built_in("en").unwrap())
    }

    #[test]
    fn reads_bylines_in_every_place() {
        assert_eq!(
            read("<meta name=author content='By Ana Ruiz and Bo Li, Staff Writers'>"),
            ["Ana Ruiz", "Bo Li"]
        );
        assert_eq!(read("<h1>Ferry</h1><p>By <a href=/x>Ana Ruiz</a> on March 14, 2021</p>"), ["Ana Ruiz"]);
        assert_eq!(read("<h1>Ferry</h1><div>Written by</div><div>Ana Ruiz</div>"), ["Ana Ruiz"]);
        assert_eq!(read("<h1>Ferry</h1><span class=author-name>Ana Ruiz</span>"), ["Ana Ruiz"]);
        assert_eq!(read("<h1>Ferry</h1><a href='/authors/ana-ruiz'>Ana Ruiz</a>"), ["Ana Ruiz"]);
        assert!(read("<h1>Ferry</h1><p>By noon the ferry was afloat again, the harbour master of Selm told the Courier.</p>").is_empty());
    }

    #[test]
    fn people_come_before_sites() {
        let page = "<meta property=og:site_name content='Selm Courier'><h1>Ferry</h1><p>By Ana Ruiz</p>\
            <script type=application/ld+json>{\"@type\":\"NewsArticle\",\"author\":{\"name\":\"Selm Courier\"}}</script>";
        assert_eq!(read(page), ["Ana Ruiz"]);
        assert_eq!(read(&page.replace("By Ana Ruiz", "A ferry")), ["Selm Courier"]);
        assert!(read("<meta name=author content='https://courier.example/ana'>").is_empty());
    }
}
