//! When a page says that its article was published and changed, each date with where it was read.

use model::{Published, PublishedOrigin};

use super::Judged;
use super::page::held;
use crate::line::lines;
use crate::published::{Cue, Printed, all_printed, given};
use crate::words::PageWords;

/// Names of `meta` elements that say when the article was published, most trusted first.
const PUBLISHED_KEYS: [&str; 26] = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "article.published",
    "rnews:datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "dc.created",
    "publish-date",
    "publish_date",
    "publication_date",
    "publicationdate",
    "pubdate",
    "originalpublicationdate",
    "article_date_original",
    "cxenseparse:recs:publishtime",
    "article:published",
    "datecreated",
    "date",
];
/// Names of those that say when it was last changed.
const MODIFIED_KEYS: [&str; 8] = [
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "article:modified",
    "lastmod",
    "last-modified",
];
/// So many blocks around the main heading may hold the date of the article.
const NEAR_BLOCKS: usize = 12;
const BEFORE_HEADING: usize = 3;

/// When an article was published and changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct When {
    pub published: Option<Published>,
    pub modified: Option<Published>,
}

/// The dates of a page. `latest`, as `2022-02-15`, is the day after which it cannot say anything: what claims so is
/// left out.
pub(crate) fn when(judged: &Judged, url: Option<&str>, latest: Option<&str>, words: &PageWords) -> When {
    let read = |text: &str, origin: PublishedOrigin| {
        let found = given(text, words).map(|date| Published { origin, ..date })?;
        let day = found.value.get(..10).unwrap_or(&found.value);
        latest.is_none_or(|latest| day <= latest).then_some(found)
    };
    let described = &judged.described;
    let by_data = |text: &Option<String>| read(text.as_deref()?, PublishedOrigin::JsonLd);
    let by_meta =
        |keys: &[&str]| keys.iter().find_map(|key| read(&judged.page.meta(key)?, PublishedOrigin::Meta));
    let by_element = |property: &[&str]| {
        let page = &judged.page;
        let is_it = |mark: &&super::page::TimeMark| {
            mark.property
                .is_some_and(|span| property.contains(&page.value(span).to_ascii_lowercase().as_str()))
        };
        page.times.iter().find(is_it).and_then(|mark| read(&page.value(mark.value), PublishedOrigin::Meta))
    };
    let modified = by_data(&described.modified)
        .or_else(|| by_meta(&MODIFIED_KEYS))
        .or_else(|| by_element(&["datemodified", "dateupdated"]));
    let told = by_data(&described.published)
        .or_else(|| by_meta(&PUBLISHED_KEYS))
        .or_else(|| by_element(&["datepublished", "datecreated", "pubdate"]))
        .or_else(|| read(&near_heading(judged)?, PublishedOrigin::Meta));
    let shown = shown(judged, words);
    let on_page = |is_wanted: fn(Cue) -> bool| {
        let found = shown.iter().find(|date| is_wanted(date.cue))?;
        read(&found.published.value, PublishedOrigin::Text)
    };
    let plain = on_page(|cue| cue != Cue::Updated);
    let is_told = told.is_some();
    let published = told
        .filter(|told| !plain.as_ref().is_some_and(|shown| outdoes(shown, told, modified.as_ref())))
        .or(plain)
        .or_else(|| read(&url_date(url?)?, PublishedOrigin::Url))
        .or_else(|| if is_told { None } else { on_page(|cue| cue == Cue::Updated) });
    When { published, modified }
}

/// Whether the date that readers see stands against what the head of the page says: it is earlier, or it is the day
/// of the change, for which the page then does not give another.
fn outdoes(shown: &Published, told: &Published, modified: Option<&Published>) -> bool {
    let day = |date: &Published| date.value.get(..10).unwrap_or(&date.value).to_owned();
    day(shown) < day(told) || modified.is_some_and(|modified| day(modified) == day(shown))
}

/// The dates printed by the main heading, in order.
fn shown(judged: &Judged, words: &PageWords) -> Vec<Printed> {
    let page = &judged.page;
    let Some(heading) = judged.heading.or(judged.body.first().copied()) else { return Vec::new() };
    let from = heading.saturating_sub(BEFORE_HEADING);
    let mut text = String::new();
    for block in page.blocks.iter().take(heading + NEAR_BLOCKS).skip(from) {
        text.extend(page.words(block).chars().map(|c| if c == '\n' { ' ' } else { c }));
        text.push('\n');
    }
    let lines = lines(&text, words);
    all_printed(&text, &lines, words, lines.len())
}

/// The `time` element nearest to the main heading, not among other articles.
fn near_heading(judged: &Judged) -> Option<String> {
    let page = &judged.page;
    let heading = judged.heading?;
    let distance = |block: u32| (block as usize).abs_diff(heading);
    let first = page
        .times
        .iter()
        .filter(|mark| page.nodes[mark.node as usize].held & (held::NAV | held::ASIDE | held::FOOTER) == 0)
        .filter(|mark| mark.block as usize + 1 >= heading && distance(mark.block) <= NEAR_BLOCKS)
        .min_by_key(|mark| distance(mark.block))?;
    Some(page.value(first.value))
}

/// A day in an address: `/2022/02/15/`, `/2022-02-15-`, `/20220215/`.
fn url_date(url: &str) -> Option<String> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split(['/', '-', '_', '.']).collect();
    let number =
        |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let of_year = |part: &str| number(part, 4) && ("1990".."2100").contains(&part);
    let apart =
        parts.windows(3).find(|three| of_year(three[0]) && number(three[1], 2) && number(three[2], 2));
    if let Some([year, month, day]) = apart {
        return Some(format!("{year}-{month}-{day}"));
    }
    let whole = parts.iter().find(|part| number(part, 8) && part.get(..4).is_some_and(of_year))?;
    Some(format!("{}-{}-{}", whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?))
}

#[cfg(test)]
mod tests {
    use super::{url_date, when};
    use crate::extract::encoding::encoding_of;
    use crate::extract::judge;
    use crate::extract::weights::Weights;
    use crate::words::PageWords;
    use model::PublishedOrigin;

    fn read(page: &str, latest: Option<&str>) -> Option<(String, PublishedOrigin)> {
        let judged = judge(page.as_bytes(), encoding_of(page.as_bytes(), None), &Weights::built_in());
        let words = PageWords::built_in("en").unwrap();
        let url = Some("https://courier.example/2021/03/14/ferry");
        when(&judged, url, latest, &words).published.map(|date| (date.value, date.origin))
    }

    #[test]
    fn data_comes_before_meta_before_the_address() {
        let meta = "<meta property=article:published_time content=2021-03-13T09:00:00Z>";
        let data = "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"datePublished\":\"2021-03-12\"}</script>";
        let day = |value: &str, origin| Some((value.to_owned(), origin));
        assert_eq!(read(&format!("{meta}{data}"), None), day("2021-03-12", PublishedOrigin::JsonLd));
        assert_eq!(read(meta, None), day("2021-03-13T09:00Z", PublishedOrigin::Meta));
        assert_eq!(
            read("<h1>Ferry</h1><time datetime=2021-03-11>x</time>", None),
            day("2021-03-11", PublishedOrigin::Meta)
        );
        assert_eq!(read("<p>Ferry", None), day("2021-03-14", PublishedOrigin::Url));
    }

    #[test]
    fn nothing_is_later_than_its_capture() {
        let page = "<meta property=article:published_time content=2099-01-01>";
        assert_eq!(read(page, Some("2021-03-14")).unwrap().1, PublishedOrigin::Url);
        assert_eq!(read(page, Some("2021-03-13")), None);
    }

    #[test]
    fn days_in_addresses() {
        assert_eq!(url_date("https://a.example/news/2022-02-15-bridge.html").as_deref(), Some("2022-02-15"));
        assert_eq!(url_date("https://a.example/20220215/bridge?x=1").as_deref(), Some("2022-02-15"));
        assert_eq!(url_date("https://a.example/2022/bridge-12345678"), None);
    }
}
