//! A user's decisions replayed: speakers' other names, owners, statements left out, stories merged and split.

use std::collections::BTreeMap;

use model::{Annotated, Article, Overrides, Ruling};

use crate::reprint::same_publisher;
use crate::story::Group;

/// Shortest beginning of a digest by which an article may be named.
const DIGEST_MIN: usize = 8;

/// Whether a name in a user's decision means this article: its id, its address, or the beginning of its digest.
pub fn is_named(article: &Article, name: &str) -> bool {
    let digest = name.strip_prefix("sha256:").filter(|start| start.len() >= DIGEST_MIN);
    article.id == name
        || article.url.as_deref() == Some(name)
        || digest.is_some_and(|start| article.digest.starts_with(start))
}

/// Gives articles the owners and their speakers the names that the user decided on, and drops ignored statements.
pub fn overrule(articles: &mut [Annotated], overrides: &Overrides) {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for entry in &overrides.entries {
        match &entry.ruling {
            Ruling::Alias { name, also } => {
                names.extend(also.iter().map(|alias| (folded(alias), name.as_str())));
            }
            Ruling::Owner { outlet, owner } => {
                for article in articles.iter_mut().map(|annotated| &mut annotated.article) {
                    if article.outlet.as_deref().is_some_and(|known| same_publisher(known, outlet)) {
                        article.owner = Some(owner.clone());
                    }
                }
            }
            Ruling::Ignore { article, words: Some(words) } => {
                for annotated in articles.iter_mut().filter(|annotated| is_named(&annotated.article, article))
                {
                    let text = &annotated.article.text;
                    annotated
                        .statements
                        .retain(|statement| !statement.span.of(text).contains(words.as_str()));
                }
            }
            Ruling::Merge(_) | Ruling::Split(_) | Ruling::Ignore { words: None, .. } => {}
        }
    }
    if !names.is_empty() {
        articles.iter_mut().for_each(|article| rename(article, &names));
    }
}

fn rename(article: &mut Annotated, names: &BTreeMap<String, &str>) {
    let renamed = |name: &mut String| {
        if let Some(&known) = names.get(&folded(name)) {
            *name = known.to_owned();
        }
    };
    article.quotations.iter_mut().filter_map(|quotation| quotation.speaker.as_mut()).for_each(renamed);
    article.entities.iter_mut().for_each(|entity| renamed(&mut entity.name));
    let cues = article.statements.iter_mut().flat_map(|statement| &mut statement.stances);
    cues.filter_map(|cue| cue.by.as_mut()).for_each(renamed);
}

fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Merges and splits stories as the user decided, in the order of the decisions: the later one holds.
///
/// `numbers` finds the articles of a name. A merged story keeps the id of the story of the article that is named first;
/// what is split off gets the id of the story that it leaves and a number.
pub fn regroup(groups: Vec<Group>, overrides: &Overrides, numbers: &dyn Fn(&str) -> Vec<u64>) -> Vec<Group> {
    let mut groups = groups;
    for entry in &overrides.entries {
        let named = |names: &[String]| names.iter().flat_map(|name| numbers(name)).collect::<Vec<u64>>();
        match &entry.ruling {
            Ruling::Merge(articles) => merge(&mut groups, &named(articles)),
            Ruling::Split(articles) => split(&mut groups, &named(articles)),
            Ruling::Alias { .. } | Ruling::Owner { .. } | Ruling::Ignore { .. } => {}
        }
    }
    groups.retain(|group| !group.articles.is_empty());
    groups.sort_by(|x, y| y.articles.len().cmp(&x.articles.len()).then_with(|| x.articles.cmp(&y.articles)));
    groups
}

fn merge(groups: &mut [Group], articles: &[u64]) {
    let place =
        |groups: &[Group], article: &u64| groups.iter().position(|group| group.articles.contains(article));
    let Some(into) = articles.iter().find_map(|article| place(groups, article)) else { return };
    for article in articles {
        let Some(from) = place(groups, article).filter(|&from| from != into) else { continue };
        let taken = std::mem::take(&mut groups[from].articles);
        let id = groups[from].id.clone();
        groups[into].articles.extend(taken);
        groups[into].from.push(id);
    }
    groups[into].articles.sort_unstable();
}

fn split(groups: &mut Vec<Group>, articles: &[u64]) {
    let place =
        groups.iter().position(|group| group.articles.iter().any(|article| articles.contains(article)));
    let Some(left) = place else { return };
    let mut own: Vec<u64> = articles.to_vec();
    own.sort_unstable();
    own.dedup();
    for group in groups.iter_mut() {
        group.articles.retain(|article| !own.contains(article));
    }
    let id = groups[left].id.clone();
    if groups[left].articles.is_empty() {
        // The whole story was named: it is one of its own already.
        groups[left].articles = own;
        return;
    }
    let numbered = (2_usize..).map(|number| format!("{id}-{number}"));
    let free = numbered.into_iter().find(|name| groups.iter().all(|group| group.id != *name));
    groups.push(Group { id: free.expect("numbers do not end"), articles: own, from: vec![id] });
}

#[cfg(test)]
mod tests {
    use model::{Override, Overrides, Ruling};

    use super::{is_named, overrule, regroup};
    use crate::fixture::article;
    use crate::story::Group;

    fn decided(rulings: Vec<Ruling>) -> Overrides {
        let entry = |(line, ruling)| Override { line, by: None, at: None, ruling };
        Overrides { entries: rulings.into_iter().enumerate().map(entry).collect() }
    }

    fn groups() -> Vec<Group> {
        let group = |id: &str, articles: &[u64]| Group {
            id: id.into(),
            articles: articles.to_vec(),
            from: Vec::new(),
        };
        vec![group("sx", &[0, 1, 2]), group("sy", &[3])]
    }

    fn regrouped(rulings: Vec<Ruling>) -> Vec<(String, Vec<u64>)> {
        let numbers = |name: &str| name.parse().into_iter().collect();
        let made = regroup(groups(), &decided(rulings), &numbers);
        made.into_iter().map(|group| (group.id, group.articles)).collect()
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn stories_are_merged_and_split_and_the_later_decision_holds() {
        assert_eq!(regrouped(vec![Ruling::Merge(names(&["3", "0"]))]), [("sy".into(), vec![0, 1, 2, 3])]);
        let apart = Ruling::Split(names(&["1"]));
        let whole = regrouped(vec![apart.clone()]);
        assert_eq!(whole, [("sx".into(), vec![0, 2]), ("sx-2".into(), vec![1]), ("sy".into(), vec![3])]);
        let both = regrouped(vec![apart, Ruling::Merge(names(&["0", "1"]))]);
        assert_eq!(both, [("sx".into(), vec![0, 1, 2]), ("sy".into(), vec![3])]);
        assert_eq!(regrouped(vec![Ruling::Merge(names(&["nobody"]))]).len(), 2);
    }

    #[test]
    fn a_whole_story_that_is_split_off_stays_what_it_is() {
        assert_eq!(regrouped(vec![Ruling::Split(names(&["3"]))])[1], ("sy".into(), vec![3]));
    }

    #[test]
    fn speakers_owners_and_statements_are_overruled() {
        let line = "“The bridge was old” said Tom Hale. Nobody was hurt in Lindholm.";
        let mut articles = [article("herald", "2024-03-05", &[line])];
        let rulings = vec![
            Ruling::Alias { name: "Thomas Hale".into(), also: vec!["tom  hale".into()] },
            Ruling::Owner { outlet: "herald.example".into(), owner: "Nordal Press".into() },
            Ruling::Ignore { article: "herald".into(), words: Some("Nobody was hurt".into()) },
        ];
        overrule(&mut articles, &decided(rulings));
        assert_eq!(articles[0].quotations[0].speaker.as_deref(), Some("Thomas Hale"));
        assert_eq!(articles[0].article.owner.as_deref(), Some("Nordal Press"));
        assert_eq!(articles[0].statements.len(), 1);
    }

    #[test]
    fn an_article_goes_by_id_address_and_digest() {
        let mut one = article("herald", "2024-03-05", &["A bridge fell."]).article;
        one.digest = "9f86d081884c7d65".into();
        one.url = Some("https://herald.example/1".into());
        for name in ["herald", "https://herald.example/1", "sha256:9f86d081"] {
            assert!(is_named(&one, name), "{name}");
        }
        assert!(!is_named(&one, "sha256:9f"), "too short to tell articles apart");
    }
}
