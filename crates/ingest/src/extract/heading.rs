//! The headline: where on the page it stands, chosen among its headings, its title and what its head says.

use model::Span;

use super::Judged;
use super::build::fragment;
use super::page::{Fragment, Page};

/// What parts the title of an article from the name of its site.
const PARTINGS: [&str; 9] = [" | ", " - ", " – ", " — ", " « ", " » ", " :: ", " · ", " • "];
/// Longest headline, in characters.
const HEADLINE_CHARS_MAX: usize = 300;
/// Fewest words in the headline's part of a title.
const PART_WORDS_MIN: usize = 2;
/// A heading is the article's when so many of its words are in what the head of the page calls it.
const CONFIRMED_MIN: f32 = 0.3;

/// A headline in letters and digits only, in lower case.
fn folded(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<String>>().join(" ")
}

/// The headline of a page, with where it stands.
pub(crate) fn headline(judged: &Judged) -> Option<Fragment> {
    let page = &judged.page;
    let heading = judged.heading.map(|place| page.fragment_of(&page.blocks[place]));
    let meta = ["og:title", "twitter:title", "headline"]
        .iter()
        .find_map(|key| page.meta_span(key))
        .map(|span| without_site(fragment(page, span), page));
    let title = page.title.map(|span| without_site(fragment(page, span), page));
    let told = judged.described.headline.as_deref().map(folded).filter(|told| !told.is_empty());
    let fits = |candidate: &Fragment| {
        let count = candidate.text.chars().count();
        (1..=HEADLINE_CHARS_MAX).contains(&count) && candidate.text.chars().any(char::is_alphabetic)
    };
    let heading = heading.filter(fits);
    let has_heading = heading.is_some();
    let mut candidates: Vec<Fragment> =
        heading.into_iter().chain(meta.filter(fits)).chain(title.filter(fits)).collect();
    // What the reader sees, where the head of the page speaks of the same; else what most of them say.
    let shared = |a: &str, b: &str| {
        let (a, b) = (folded(a), folded(b));
        let words: Vec<&str> = a.split(' ').collect();
        words.iter().filter(|word| b.split(' ').any(|other| other == **word)).count() as f32
            / words.len() as f32
    };
    let is_confirmed = |seen: &Fragment| {
        let others = candidates
            .iter()
            .skip(1)
            .map(|other| other.text.as_str())
            .chain(judged.described.headline.as_deref());
        others.into_iter().any(|other| shared(&seen.text, other) >= CONFIRMED_MIN)
    };
    if has_heading && candidates.first().is_some_and(is_confirmed) {
        return Some(candidates.swap_remove(0));
    }
    let votes = |candidate: &Fragment| {
        let own = folded(&candidate.text);
        let same = candidates.iter().filter(|other| folded(&other.text) == own).count();
        same + usize::from(told.as_ref() == Some(&own))
    };
    let best =
        (0..candidates.len()).max_by_key(|place| (votes(&candidates[*place]), std::cmp::Reverse(*place)))?;
    Some(candidates.swap_remove(best))
}

/// A title without the name of its site.
fn without_site(title: Fragment, page: &Page) -> Fragment {
    let site = page.meta("og:site_name").map(|site| folded(&site)).filter(|site| !site.is_empty());
    let Some((at, parting)) = PARTINGS
        .iter()
        .filter_map(|parting| title.text.rfind(parting).map(|at| (at, parting)))
        .max_by_key(|(at, _)| *at)
    else {
        return title;
    };
    let (before, after) =
        (title.text.get(..at).unwrap_or_default(), title.text.get(at + parting.len()..).unwrap_or_default());
    let word_count = |text: &str| text.split_whitespace().count();
    if site.as_ref().is_some_and(|site| folded(before) == *site) {
        let end = title.text.len();
        return title.cut(Span::new(at + parting.len(), end));
    }
    let is_site = site.as_ref().is_some_and(|site| folded(after) == *site);
    // Sites have capitals, or a full stop where they are called by their address.
    let is_name = after.starts_with(char::is_uppercase) || after.contains('.');
    if is_site || (is_name && word_count(before) >= PART_WORDS_MIN.max(word_count(after))) {
        let cut = title.cut(Span::new(0, at));
        // "Headline - Section | Site"
        return if is_site { cut } else { without_site(cut, page) };
    }
    title
}

#[cfg(test)]
mod tests {
    use super::headline;
    use crate::extract::encoding::encoding_of;
    use crate::extract::judge;
    use crate::extract::weights::Weights;

    fn read(page: &str) -> Option<String> {
        let judged = judge(page.as_bytes(), encoding_of(page.as_bytes(), None), &Weights::built_in());
        headline(&judged).map(|found| found.text)
    }

    #[test]
    fn a_title_loses_its_site() {
        assert_eq!(
            read("<title>Ferry runs aground off Port Selm | Selm Courier</title>").as_deref(),
            Some("Ferry runs aground off Port Selm")
        );
        assert_eq!(
            read("<meta property=og:site_name content='The Selm Courier'><title>The Selm Courier - Ferry runs aground</title>").as_deref(),
            Some("Ferry runs aground")
        );
        assert_eq!(
            read("<title>Ferry – and quay – shut</title>").as_deref(),
            Some("Ferry – and quay – shut")
        );
        assert_eq!(read("<p>Nothing</p>"), None);
    }

    #[test]
    fn what_most_say_is_the_headline() {
        let page = "<title>Ferry &amp; quay shut | Selm</title><meta property='og:title' content='Ferry &amp; quay shut'>\
            <h1>Selm Courier</h1><h1>Ferry &amp; quay shut</h1>";
        assert_eq!(read(page).as_deref(), Some("Ferry & quay shut"));
    }
}
