//! The page as a whole: whole links, no way out, sound structure, whatever a newspaper sent.

use std::collections::BTreeSet;

use crate::{Colour, KeepText, OUTPUTS, RenderOptions, sample};

fn page(dossier: &model::Dossier, text: KeepText) -> String {
    let options = RenderOptions { width: 80, colour: Colour::Never, text, version: "1.2.3" };
    let html = OUTPUTS.iter().find(|o| o.id == "html").unwrap();
    let mut out = Vec::new();
    (html.render)(dossier, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn pages() -> Vec<String> {
    let mut none = sample::dossier();
    none.stories.remove(0);
    let mut pages = Vec::new();
    for dossier in [sample::dossier(), sample::hostile(), sample::large(3), none] {
        pages.push(page(&dossier, KeepText::Whole));
        pages.push(page(&dossier, KeepText::LeftOut));
    }
    pages
}

/// Tags as they stand, `<` and `>` left out; the style sheet is no markup.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(tag, _)| tag).collect()
}

fn attributes<'a>(tag: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    tag.split(start.as_str())
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(value, _)| value)
        .collect()
}

#[test]
fn every_inner_link_has_its_place_and_every_id_stands_once() {
    for page in pages() {
        let ids: Vec<&str> = tags(&page).into_iter().flat_map(|tag| attributes(tag, "id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "an id stands twice");
        for tag in tags(&page) {
            for target in attributes(tag, "href").into_iter().chain(attributes(tag, "aria-labelledby")) {
                let inner = target.strip_prefix('#').or((!tag.contains("href=")).then_some(target));
                if let Some(id) = inner {
                    assert!(unique.contains(id), "{id} is linked and stands nowhere");
                }
            }
        }
    }
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    for page in pages() {
        for tag in tags(&page) {
            let name = tag.split([' ', '\n']).next().unwrap_or("").to_ascii_lowercase();
            assert!(
                !["script", "link", "img", "iframe", "object", "embed", "base", "form"]
                    .contains(&name.as_str())
            );
            assert!(attributes(tag, "src").is_empty() && attributes(tag, "onclick").is_empty());
            for href in attributes(tag, "href") {
                assert!(href.starts_with('#') || (name == "a" && href.starts_with("https://")), "{href}");
            }
        }
        assert!(!page.contains("url(") && !page.contains("@import"));
        assert_eq!(page.matches("<style>").count(), 1);
        assert!(page.contains("default-src 'none'"));
        assert!(!page.contains(['\u{0}', '\u{1b}', '\u{202e}', '\u{2066}', '\u{9b}']));
    }
}

#[test]
fn tags_are_closed_in_order() {
    const VOID: [&str; 6] = ["!doctype", "meta", "br", "col", "hr", "input"];
    for page in pages() {
        let mut open = Vec::new();
        for tag in tags(&page) {
            let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap_or("");
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name), "closes what is open");
            } else if !VOID.contains(&name) && !tag.ends_with('/') {
                open.push(name);
            }
        }
        assert_eq!(open, Vec::<&str>::new());
    }
}

#[test]
fn headings_go_down_one_level_at_a_time_from_one_first() {
    for page in pages() {
        let levels: Vec<usize> = tags(&page)
            .into_iter()
            .filter_map(|tag| tag.strip_prefix('h')?.chars().next()?.to_digit(10))
            .map(|level| level as usize)
            .collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
        assert_eq!(levels.first(), Some(&1));
        for pair in levels.windows(2) {
            assert!(pair[1] <= pair[0] + 1, "from h{} to h{}", pair[0], pair[1]);
        }
    }
}

#[test]
fn tables_and_drawings_can_be_heard() {
    let page = page(&sample::dossier(), KeepText::Whole);
    for tag in tags(&page) {
        if tag.starts_with("th ") || tag == "th" {
            assert!(tag.contains("scope="), "{tag}");
        }
        if tag.starts_with("svg") && !tag.contains("aria-hidden") && !tag.contains("height=\"18\"") {
            assert!(tag.contains("role=\"img\"") && tag.contains("aria-label=\""), "{tag}");
        }
    }
    for landmark in ["<main", "<nav aria-label", "<footer", "<header"] {
        assert!(page.contains(landmark), "{landmark}");
    }
}

#[test]
fn the_page_shows_what_differs_word_by_word_and_opens_the_live_page_at_the_words() {
    let page = page(&sample::dossier(), KeepText::Whole);
    assert!(page.contains("We had no <mark class=\"d\">notice</mark> that"));
    assert!(page.contains("https://radio.example/dam?id=17&amp;part=a#:~:text=The%20toll%20rose"));
    assert!(
        page.contains("inferred: no report prints its date") || page.contains("inferred for 5 of 6 reports")
    );
    assert!(page.contains("It is an image (PNG), not a text."));
}

#[test]
fn without_text_no_article_is_printed() {
    let page = page(&sample::dossier(), KeepText::LeftOut);
    assert!(!page.contains("put off twice since autumn"));
    assert!(page.contains("bytes "));
}

/// Colours of one theme: the declarations after `--name:` up to the end of its block.
fn colours(block: &str) -> Vec<(&str, [f64; 3])> {
    block
        .split("--")
        .skip(1)
        .filter_map(|declaration| declaration.split_once(":#"))
        .map(|(name, rest)| {
            let hex: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
            let wide: String = if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex };
            let part =
                |i: usize| f64::from(u8::from_str_radix(wide.get(i..i + 2).unwrap(), 16).unwrap()) / 255.0;
            (name, [part(0), part(2), part(4)])
        })
        .collect()
}

/// Contrast as WCAG 2.1 defines it.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let linear = |c: f64| if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    let luminance = |[r, g, b]: [f64; 3]| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

#[test]
fn text_stands_out_from_its_ground_in_light_dark_and_print() {
    let style = include_str!("style.css");
    let blocks: Vec<&str> =
        style.split(":root{").skip(1).filter_map(|b| b.split_once('}')).map(|b| b.0).collect();
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        let colours = colours(block);
        let of = |name: &str| colours.iter().find(|(n, _)| *n == name).unwrap().1;
        for text in ["ink", "soft", "gone", "new", "accent", "blue"] {
            for ground in ["paper", "band"] {
                let found = contrast(of(text), of(ground));
                assert!(found >= 4.5, "{text} on {ground}: {found:.2}");
            }
        }
        assert!(contrast(of("ink"), of("mark")) >= 4.5);
    }
}
