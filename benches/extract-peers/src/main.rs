//! Times our extractor beside those on crates.io, on a folder of web pages, in one process and by turns.
//!
//!     cargo run --release -- FOLDER [ROUNDS] [EXTRACTOR]
//!
//! FOLDER holds `.html` files. In every round each extractor reads all pages once, one after another, before the next
//! one does; the time is the processor's, of this one thread, so that a loaded machine says the same. The median round
//! counts. Ours starts from bytes and ends with text, metadata and source map; the others get the page decoded.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use cpu_time::ThreadTime;
use ingest::{IngestOptions, Raw, ingest};

/// Where the pages are said to come from.
const ADDRESS: &str = "https://courier.example/";
const ROUNDS: usize = 5;

/// A page as bytes and as text.
struct Page {
    bytes: Vec<u8>,
    text: String,
}

/// Takes the article of a page: how long its text is, 0 where there is none.
type Extract = Box<dyn Fn(&Page) -> usize>;

fn extractors() -> Vec<(&'static str, Extract)> {
    let options = IngestOptions::english(None);
    let ours = move |page: &Page| {
        let found = ingest(&Raw { name: "page.html", bytes: &page.bytes }, &options);
        found.map_or(0, |found| found.articles.iter().map(|article| article.text.len()).sum())
    };
    let dom_smoothie = |page: &Page| {
        let reader = dom_smoothie::Readability::new(page.text.as_str(), Some(ADDRESS), None);
        let found = reader.and_then(|mut reader| reader.parse());
        found.map_or(0, |article| article.text_content.len())
    };
    let libreadability = |page: &Page| {
        libreadability::extract(&page.text, Some(ADDRESS)).map_or(0, |article| article.text_content.len())
    };
    let trafilatura = |page: &Page| {
        trafilatura::extract(&page.text, &trafilatura::Options::default())
            .map_or(0, |found| found.content_text.len())
    };
    let rs_trafilatura =
        |page: &Page| rs_trafilatura::extract(&page.text).map_or(0, |found| found.content_text.len());
    vec![
        ("rashomon", Box::new(ours)),
        ("dom_smoothie", Box::new(dom_smoothie)),
        ("libreadability", Box::new(libreadability)),
        ("trafilatura", Box::new(trafilatura)),
        ("rs-trafilatura", Box::new(rs_trafilatura)),
    ]
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = words.first() else {
        eprintln!("usage: extract-peers FOLDER [ROUNDS] [EXTRACTOR]");
        std::process::exit(2);
    };
    let rounds = words.get(1).and_then(|count| count.parse().ok()).unwrap_or(ROUNDS).max(1);
    let pages = pages(folder);
    let bytes: usize = pages.iter().map(|page| page.bytes.len()).sum();
    println!("{} pages, {:.1} MB, {rounds} rounds, processor time of one thread", pages.len(), bytes as f64 / 1e6);
    // What panics has found nothing, and says nothing here.
    std::panic::set_hook(Box::new(|_| {}));
    let wanted = |name: &str| words.get(2).is_none_or(|only| only == name);
    let extractors: Vec<(&str, Extract)> = extractors().into_iter().filter(|(name, _)| wanted(name)).collect();
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); extractors.len()];
    let mut found = vec![0; extractors.len()];
    for _ in 0..rounds {
        for (place, (_, extract)) in extractors.iter().enumerate() {
            let start = ThreadTime::now();
            let sizes = pages.iter().map(|page| catch_unwind(AssertUnwindSafe(|| extract(page))).unwrap_or(0));
            found[place] = sizes.filter(|size| *size > 0).count();
            times[place].push(start.elapsed());
        }
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64()
    };
    let ours = times.first_mut().map_or(0.0, median);
    for (((name, _), times), found) in extractors.iter().zip(&mut times).zip(found) {
        let seconds = median(times);
        println!(
            "{name:15} {:7.1} pages/s  {:6.1} MB/s  rashomon is {:5.2} times as fast  ({found} pages with text)",
            pages.len() as f64 / seconds,
            bytes as f64 / 1e6 / seconds,
            seconds / ours,
        );
    }
}

/// The pages of a folder, by name.
fn pages(folder: &str) -> Vec<Page> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder} cannot be read: {error}"));
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "html"));
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let bytes = fs::read(path).unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
        Page { text: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    };
    paths.iter().map(read).collect()
}
