//! Who copied whom, as a tree: a report, and below it those that copy or rewrite it.

use std::collections::{BTreeMap, BTreeSet};

use model::{Reprint, Story};

use super::Page;
use super::escape::e;
use crate::telling;

/// Copies of copies that are set in; a longer chain goes on at the last indent.
const DEPTH_MAX: usize = 24;

/// The tree while it is written.
struct Tree<'a> {
    /// What derives from each report, by the report it follows most closely.
    below: BTreeMap<usize, Vec<&'a Reprint>>,
    told: BTreeSet<usize>,
    html: String,
}

impl Page<'_> {
    pub(super) fn lineage(&self, story: &Story) -> String {
        let mut closest: BTreeMap<usize, &Reprint> = BTreeMap::new();
        for reprint in &story.reprints {
            let known = closest.entry(reprint.article).or_insert(reprint);
            if reprint.share > known.share {
                *known = reprint;
            }
        }
        let mut tree = Tree { below: BTreeMap::new(), told: BTreeSet::new(), html: String::new() };
        for reprint in closest.values() {
            tree.below.entry(reprint.of).or_default().push(reprint);
        }
        let copied: Vec<usize> = tree.below.keys().copied().collect();
        let origins = copied.iter().filter(|article| !closest.contains_key(article));
        // Where reports copy one another in a circle, none is an origin: the rest begins anywhere in it.
        for &article in origins.chain(&copied) {
            if tree.told.insert(article) {
                tree.html.push_str(&format!("<li>{}", self.named(article)));
                self.derived(article, 0, &mut tree);
                tree.html.push_str("</li>\n");
            }
        }
        format!("<ul class=\"lineage\">\n{}</ul>\n", tree.html)
    }

    /// Those that derive from a report, and what derives from them.
    fn derived(&self, of: usize, depth: usize, tree: &mut Tree) {
        let mut fresh = tree.below.get(&of).cloned().unwrap_or_default();
        fresh.retain(|reprint| tree.told.insert(reprint.article));
        if fresh.is_empty() {
            return;
        }
        tree.html.push_str("<ul>\n");
        // Beyond the last indent the rest of a chain stands in one list.
        let mut rest = std::collections::VecDeque::from(fresh);
        while let Some(reprint) = rest.pop_front() {
            tree.html.push_str(&format!("<li>{}", self.derivation(reprint)));
            if depth < DEPTH_MAX {
                self.derived(reprint.article, depth + 1, tree);
            } else {
                let more = tree.below.get(&reprint.article).cloned().unwrap_or_default();
                rest.extend(more.into_iter().filter(|reprint| tree.told.insert(reprint.article)));
            }
            tree.html.push_str("</li>\n");
        }
        tree.html.push_str("</ul>\n");
    }

    fn derivation(&self, reprint: &Reprint) -> String {
        let percent = (reprint.share.clamp(0.0, 1.0) * 100.0).round();
        format!(
            "{} <span class=\"verdict\">{} it</span> <span class=\"share\"><svg class=\"bar\" aria-hidden=\"true\">\
             <rect class=\"all\" width=\"100%\" height=\"100%\"/><rect class=\"part\" width=\"{percent}%\" height=\"100%\"/></svg> \
             {percent}\u{a0}% of its words</span> <span class=\"soft\">{}</span>",
            self.named(reprint.article),
            telling::relation(reprint.relation),
            e(&reprint.why),
        )
    }

    fn named(&self, article: usize) -> String {
        let label = self.report_link(article, format!("<b>{}</b>", e(&self.labels[article])));
        let date = self.dossier.articles[article].article.published.as_ref();
        let date = date.map(|published| format!(" {}", e(&telling::date(&published.value))));
        format!("<span class=\"who\">{label}{}</span>", date.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use crate::html::{StatementWindow, story_html};
    use crate::sample;

    #[test]
    fn a_circle_and_a_long_chain_of_copies_end_and_name_each_report_once() {
        for circle in [true, false] {
            let mut dossier = sample::dossier();
            let count = 200;
            let one = dossier.articles[0].clone();
            dossier.articles = (0..count).map(|_| one.clone()).collect();
            let story = &mut dossier.stories[0];
            let reprint = story.reprints[0].clone();
            *story = model::Story { articles: (0..count).collect(), ..story.clone() };
            story.alignments.clear();
            story.discrepancies.clear();
            story.stances.clear();
            story.timeline.clear();
            let step = |i: usize| model::Reprint { article: i, of: (i + 1) % count, ..reprint.clone() };
            story.reprints = (0..if circle { count } else { count - 1 }).map(step).collect();
            story.reprints.iter_mut().for_each(|reprint| reprint.evidence.clear());
            dossier.stories.truncate(1);
            let html =
                story_html(&dossier, &dossier.stories[0], StatementWindow { first: 0, path: "" }).sections;
            let tree = html.split("class=\"lineage\"").nth(1).unwrap().split("</section>").next().unwrap();
            assert_eq!(tree.matches("<li>").count(), count);
        }
    }
}
