//! What a page says of its article in JSON-LD (schema.org): lists, graphs and broken scripts included.

use serde_json::{Map, Value};

use super::limits::JSON_BYTES_MAX;
use super::page::Page;

/// Elements of the scripts of one page that are looked at.
const THINGS_MAX: usize = 4_000;
/// How deep an element may lie in others.
const DEPTH_MAX: usize = 8;
/// Authors of one article.
const AUTHORS_MAX: usize = 20;
/// Kinds of elements that are articles: those that end so.
const ARTICLE_KINDS: [&str; 5] = ["Article", "Posting", "Report", "Review", "Recipe"];
/// Kinds that hold an article, and stand for one where there is none.
const PAGE_KINDS: [&str; 3] = ["WebPage", "ItemPage", "AboutPage"];

/// What structured data says of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Described {
    pub headline: Option<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    pub authors: Vec<String>,
    pub publisher: Option<String>,
    pub section: Option<String>,
    pub url: Option<String>,
    pub description: Option<String>,
    pub body: Option<String>,
    /// Whether all may read it (`isAccessibleForFree`).
    pub is_free: Option<bool>,
}

/// The article that the page's scripts describe: the first that is one, with what others of its kind add.
pub(crate) fn described(page: &Page) -> Described {
    let (mut things, mut found) = (Vec::new(), Vec::new());
    for script in &page.scripts {
        let bytes = &page.source[script.range()];
        if bytes.len() > JSON_BYTES_MAX {
            continue;
        }
        let text = match page.utf8 {
            Some(page) => page.get(script.range()).unwrap_or_default().into(),
            None => page.encoding.decode_without_bom_handling(bytes).0,
        };
        match parse(&text) {
            Some(value) => things.push(value),
            None => found.push(scanned(&text)),
        }
    }
    let mut elements = Elements { all: Vec::new(), count: 0 };
    for thing in &things {
        elements.gather(thing, 0);
    }
    let of_kind = |kinds: &[&str]| -> Vec<&Map<String, Value>> {
        elements.all.iter().copied().filter(|element| is_of(element, kinds)).collect()
    };
    let people = People { elements: &elements.all };
    let articles = of_kind(&ARTICLE_KINDS).into_iter().map(|element| read(element, &people));
    let pages = of_kind(&PAGE_KINDS).into_iter().map(|element| read(element, &people));
    let mut all = articles.chain(found).chain(pages);
    let first = all.next().unwrap_or_default();
    all.fold(first, completed)
}

/// Reads a script. Comment marks around it, line breaks in its strings and commas before brackets are forgiven.
fn parse(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->");
    let text = text.trim().trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let text = text.trim_end_matches("]]>").trim_end().trim_end_matches("//").trim().trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&mended(text)).ok())
}

fn mended(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let (mut in_string, mut is_escaped) = (false, false);
    for c in text.chars() {
        let bare = c == '}' || c == ']';
        if !in_string && bare {
            let end = mended.trim_end();
            if end.ends_with(',') {
                mended.truncate(end.len() - 1);
            }
        }
        if c == '"' && !is_escaped {
            in_string = !in_string;
        }
        is_escaped = c == '\\' && !is_escaped;
        mended.push(if c.is_control() { ' ' } else { c });
    }
    mended
}

/// What can be told from a script that is no JSON: the first string of each key.
fn scanned(text: &str) -> Described {
    let string = |key: &str| {
        let quoted = format!("\"{key}\"");
        let after = text.split_once(quoted.as_str())?.1.trim_start().strip_prefix(':')?;
        let inner = after.trim_start().strip_prefix('"')?;
        let mut is_escaped = false;
        let end = inner.find(|c: char| {
            let ends = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        })?;
        let whole = format!("\"{}\"", inner.get(..end)?);
        serde_json::from_str(&mended(&whole)).ok()
    };
    Described {
        headline: string("headline"),
        published: string("datePublished"),
        modified: string("dateModified"),
        section: string("articleSection"),
        body: string("articleBody"),
        ..Described::default()
    }
}

/// All elements of all scripts, in their order.
struct Elements<'v> {
    all: Vec<&'v Map<String, Value>>,
    count: usize,
}

impl<'v> Elements<'v> {
    fn gather(&mut self, value: &'v Value, depth: usize) {
        self.count += 1;
        if depth > DEPTH_MAX || self.count > THINGS_MAX {
            return;
        }
        match value {
            Value::Array(list) => list.iter().for_each(|value| self.gather(value, depth + 1)),
            Value::Object(element) => {
                self.all.push(element);
                // What is only mentioned in an article is not the article: related ones, comments, parts.
                for inner in
                    ["@graph", "mainEntity", "mainEntityOfPage"].iter().filter_map(|key| element.get(*key))
                {
                    self.gather(inner, depth + 1);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

fn is_of(element: &Map<String, Value>, kinds: &[&str]) -> bool {
    let is_kind =
        |value: &Value| value.as_str().is_some_and(|kind| kinds.iter().any(|end| kind.ends_with(end)));
    match element.get("@type") {
        Some(Value::Array(list)) => list.iter().any(is_kind),
        Some(value) => is_kind(value),
        None => false,
    }
}

/// Elements that others name by their `@id`.
struct People<'v> {
    elements: &'v [&'v Map<String, Value>],
}

impl<'v> People<'v> {
    fn by_id(&self, id: &str) -> Option<&'v Map<String, Value>> {
        let is_it = |element: &&&Map<String, Value>| {
            element.get("@id").and_then(Value::as_str) == Some(id) && element.contains_key("name")
        };
        self.elements.iter().find(is_it).copied()
    }

    /// The names in a value: a string, an element with a name or with an id, or a list of such.
    fn names(&self, value: &Value, names: &mut Vec<String>) {
        match value {
            Value::String(name) => names.push(plain(name)),
            Value::Array(list) => list.iter().take(AUTHORS_MAX).for_each(|value| self.names(value, names)),
            Value::Object(element) => {
                let id = element.get("@id").and_then(Value::as_str);
                let named = element.get("name").or_else(|| self.by_id(id?)?.get("name"));
                match named {
                    Some(Value::String(name)) => names.push(plain(name)),
                    Some(Value::Array(list)) => {
                        names.extend(list.iter().take(AUTHORS_MAX).filter_map(Value::as_str).map(plain));
                    }
                    Some(_) | None => {}
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Text without references, on one line.
fn plain(text: &str) -> String {
    let mut resolved = String::with_capacity(text.len());
    super::reference::resolve(text, super::reference::Within::Text, &mut resolved);
    resolved.split_whitespace().collect::<Vec<&str>>().join(" ")
}

fn read(element: &Map<String, Value>, people: &People) -> Described {
    let string = |key: &str| match element.get(key) {
        Some(Value::String(text)) => Some(plain(text)),
        Some(Value::Array(list)) => list.first().and_then(Value::as_str).map(plain),
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(_) | None => None,
    };
    let string = |key: &str| string(key).filter(|text| !text.is_empty());
    let names = |key: &str| {
        let mut names = Vec::new();
        if let Some(value) = element.get(key) {
            people.names(value, &mut names);
        }
        names.retain(|name| !name.is_empty());
        names
    };
    let mut authors = names("author");
    if authors.is_empty() {
        authors = names("creator");
    }
    Described {
        headline: string("headline").or_else(|| string("name")),
        published: string("datePublished").or_else(|| string("dateCreated")),
        modified: string("dateModified"),
        authors,
        publisher: names("publisher").into_iter().next(),
        section: string("articleSection"),
        url: string("url").or_else(|| string("@id")).filter(|url| url.starts_with("http")),
        description: string("description"),
        body: element.get("articleBody").and_then(Value::as_str).map(str::to_owned),
        is_free: match element.get("isAccessibleForFree") {
            Some(Value::Bool(is_free)) => Some(*is_free),
            Some(Value::String(word)) => Some(!word.to_ascii_lowercase().ends_with("false")),
            Some(_) | None => None,
        },
    }
}

/// What one element says, and where it says nothing, another.
pub(crate) fn completed(first: Described, second: Described) -> Described {
    Described {
        headline: first.headline.or(second.headline),
        published: first.published.or(second.published),
        modified: first.modified.or(second.modified),
        authors: if first.authors.is_empty() { second.authors } else { first.authors },
        publisher: first.publisher.or(second.publisher),
        section: first.section.or(second.section),
        url: first.url.or(second.url),
        description: first.description.or(second.description),
        body: first.body.or(second.body),
        is_free: first.is_free.or(second.is_free),
    }
}

#[cfg(test)]
mod tests {
    use super::{Described, described};
    use crate::extract::build::build;
    use crate::extract::encoding::Told;

    fn read(scripts: &[&str]) -> Described {
        let page: String = scripts
            .iter()
            .map(|script| format!("<script type=\"application/ld+json\">{script}</script>"))
            .collect();
        described(&build(page.as_bytes(), Told::utf8(&page)))
    }

    #[test]
    fn reads_an_article_in_a_graph_with_people_by_id() {
        let found = read(&[r##"{"@graph":[
            {"@type":"WebPage","name":"Ferry - Selm Courier","datePublished":"2020-01-01"},
            {"@type":["NewsArticle"],"headline":"Ferry &amp; quay","datePublished":"2021-03-14T10:00:00Z",
             "author":[{"@id":"#ana"},{"name":"Bo Li"}],"publisher":{"@id":"#us"},"isAccessibleForFree":"False",
             "articleSection":["Harbour","News"]},
            {"@type":"Person","@id":"#ana","name":"Ana Ruiz"},{"@type":"Organization","@id":"#us","name":"Selm Courier"}]}"##]);
        assert_eq!(found.headline.as_deref(), Some("Ferry & quay"));
        assert_eq!(found.published.as_deref(), Some("2021-03-14T10:00:00Z"));
        assert_eq!(found.authors, ["Ana Ruiz", "Bo Li"]);
        assert_eq!(found.publisher.as_deref(), Some("Selm Courier"));
        assert_eq!((found.section.as_deref(), found.is_free), (Some("Harbour"), Some(false)));
    }

    #[test]
    fn broken_scripts_give_what_they_can() {
        let found = read(&["<!-- [{\"@type\":\"Article\",\"headline\":\"A\nb\",}] -->"]);
        assert_eq!(found.headline.as_deref(), Some("A b"));
        let found = read(&["{\"headline\": \"He said \\\"no\\\"\", \"datePublished\":\"2021-03-14\" oops"]);
        assert_eq!(found.headline.as_deref(), Some("He said \"no\""));
        assert_eq!(found.published.as_deref(), Some("2021-03-14"));
        assert_eq!(read(&["", "]", "{}", "nonsense"]), Described::default());
    }

    #[test]
    fn related_articles_are_not_the_article() {
        let found =
            read(&[r#"{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","headline":"Other"}]}"#]);
        assert_eq!(found, Described::default());
    }
}
