//! Why two articles count as one report. Fails closed: where derivation is likely, independence is not assumed.

use model::{Annotated, Article, Credit, Evidence, Merge, Reprint};

use crate::reprint::{is_publisher, same_publisher};
use crate::words::outlet_name;

/// Why two articles count as one report, for each pair that does.
pub(crate) fn merges(articles: &[Annotated], members: &[usize], reprints: &[Reprint]) -> Vec<Merge> {
    let mut merges = Vec::new();
    for (number, &a) in members.iter().enumerate() {
        for &b in &members[number + 1..] {
            if let Some((why, evidence)) = reason(articles, (a, b), reprints) {
                merges.push(Merge { articles: [a, b], why, evidence });
            }
        }
    }
    merges
}

/// In words, and where it can be read; the surest reason there is.
fn reason(
    articles: &[Annotated],
    (a, b): (usize, usize),
    reprints: &[Reprint],
) -> Option<(String, Vec<Evidence>)> {
    let (one, other) = (&articles[a].article, &articles[b].article);
    let derives = |reprint: &&Reprint| [(a, b), (b, a)].contains(&(reprint.article, reprint.of));
    if let Some(reprint) = reprints.iter().find(derives) {
        return Some((reprint.why.clone(), reprint.evidence.clone()));
    }
    let unprinted = |why: String| (why, Vec::new());
    same_page(one, other)
        .map(|page| unprinted(format!("Both are versions of {page}.")))
        .or_else(|| same_house(one, other).map(unprinted))
        .or_else(|| same_credit((a, one), (b, other)))
        .or_else(|| names_outlet((a, one), other))
        .or_else(|| names_outlet((b, other), one))
}

/// The address that two articles share, however it is written.
pub(crate) fn same_page<'a>(one: &'a Article, other: &Article) -> Option<&'a str> {
    let (left, right) = (one.url.as_deref()?, other.url.as_deref()?);
    let plain = |url: &str| {
        let bare = url.split_once("://").map_or(url, |parts| parts.1);
        let bare = bare.split('#').next().unwrap_or_default();
        bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches('/').to_owned()
    };
    (!plain(left).is_empty() && plain(left) == plain(right)).then_some(left)
}

/// The same outlet, or two of one owner.
fn same_house(one: &Article, other: &Article) -> Option<String> {
    if let (Some(left), Some(right)) = (&one.outlet, &other.outlet)
        && same_publisher(left, right)
    {
        return Some(format!("Both were published by {left}."));
    }
    match (&one.owner, &other.owner) {
        (Some(left), Some(right)) if left == right => {
            Some(format!("Both outlets have the same owner: {left}."))
        }
        _ => None,
    }
}

/// Whom an article names as where it has its text from: what it prints first, then what its page or feed says.
fn origins(article: &Article) -> impl Iterator<Item = (&str, Option<&Credit>)> {
    let printed = article.credits.iter().map(|credit| (credit.publisher.as_str(), Some(credit)));
    printed.chain(article.origin.as_deref().map(|origin| (origin, None)))
}

fn printed_at(article: usize, credit: Option<&Credit>) -> Option<Evidence> {
    credit.map(|credit| Evidence { article, span: credit.span })
}

/// Both name one publisher: an agency, a press release, a third paper.
fn same_credit(
    (a, one): (usize, &Article),
    (b, other): (usize, &Article),
) -> Option<(String, Vec<Evidence>)> {
    origins(one).find_map(|(publisher, credit)| {
        let (_, same) = origins(other).find(|(named, _)| same_publisher(publisher, named))?;
        let evidence = printed_at(a, credit).into_iter().chain(printed_at(b, same)).collect();
        Some((format!("Both credit {publisher}."), evidence))
    })
}

/// One names the other's outlet.
fn names_outlet((a, from): (usize, &Article), to: &Article) -> Option<(String, Vec<Evidence>)> {
    let (publisher, credit) = origins(from).find(|(publisher, _)| is_publisher(publisher, to))?;
    let why = match credit {
        Some(_) => format!("{} credits {publisher}.", outlet_name(from)),
        None => format!("{} was taken from {publisher}, its page or feed says.", outlet_name(from)),
    };
    Some((why, printed_at(a, credit).into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use model::{Annotated, Credit, Span};

    use super::merges;
    use crate::fixture::article;

    fn pair(change: impl Fn(&mut [Annotated])) -> Vec<String> {
        let line = &["The old mill by the river burned down on Monday."];
        let mut articles = [article("herald", "2024-03-05", line), article("post", "2024-03-05", line)];
        change(&mut articles);
        merges(&articles, &[0, 1], &[]).into_iter().map(|merge| merge.why).collect()
    }

    #[test]
    fn nothing_in_common_is_no_reason() {
        assert!(pair(|_| {}).is_empty());
        assert!(
            pair(|articles| {
                articles[0].article.owner = Some("Nordal Press".into());
                articles[1].article.owner = Some("Vale Media".into());
            })
            .is_empty()
        );
    }

    #[test]
    fn one_owner_is_one_voice() {
        let why = pair(|articles| {
            for article in articles {
                article.article.owner = Some("Nordal Press".into());
            }
        });
        assert_eq!(why, ["Both outlets have the same owner: Nordal Press."]);
    }

    #[test]
    fn versions_of_one_page_are_one_report() {
        let why = pair(|articles| {
            articles[0].article.url = Some("https://www.herald.example/mill/".into());
            articles[1].article.url = Some("http://herald.example/mill#top".into());
        });
        assert_eq!(why, ["Both are versions of https://www.herald.example/mill/."]);
    }

    #[test]
    fn what_a_feed_names_counts_like_what_is_printed() {
        let why = pair(|articles| articles[1].article.origin = Some("Herald".into()));
        assert_eq!(why, ["post.example was taken from Herald, its page or feed says."]);
        let why = pair(|articles| {
            articles[0].article.origin = Some("Coast Wire".into());
            let span = Span::new(0, 7);
            articles[1].article.credits.push(Credit { span, publisher: "Coast Wire".into() });
        });
        assert_eq!(why, ["Both credit Coast Wire."]);
    }
}
