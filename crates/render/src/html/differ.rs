//! What differs: a plain sentence, then the sides under each other, only the differing words marked.

use model::{Discrepancy, Side, Story};

use super::Page;
use super::escape::e;
use crate::{marks, telling};

impl Page<'_> {
    pub(super) fn differ(&self, story: &Story) -> String {
        story.discrepancies.iter().map(|found| self.card(story, found)).collect()
    }

    fn card(&self, story: &Story, found: &Discrepancy) -> String {
        let marks = marks::marks(self.dossier, found);
        let chart = self.scale(found);
        let content = chart.unwrap_or_else(|| {
            let sides: String =
                found.sides.iter().zip(&marks).map(|(s, marks)| self.side(s, marks)).collect();
            format!("<ul class=\"sides\">\n{sides}</ul>\n")
        });
        let level = self.level + 2;
        let about = found.alignment.and_then(|i| story.alignments[i].speaker.as_deref());
        let about =
            about.map(|who| format!("<p class=\"about\">{}</p>", self.speaker(who))).unwrap_or_default();
        format!(
            "<article class=\"card\">\n<div><p class=\"label\">{} <span class=\"nature\">· {}</span></p>{about}</div>\n\
             <div><h{level} class=\"why\">{}</h{level}>\n{content}</div>\n</article>\n",
            e(&capitalised(&telling::kind(found.kind))),
            telling::nature(found.nature),
            e(&found.why),
        )
    }

    fn side(&self, side: &Side, marks: &[model::Span]) -> String {
        let who = side.attributed_to.as_deref().filter(|who| *who != side.value);
        let who =
            who.map(|who| format!("<span class=\"source\">{}</span>", self.speaker(who))).unwrap_or_default();
        let value = if side.value.is_empty() { String::new() } else { format!("<b>{}</b>", e(&side.value)) };
        format!(
            "<li>{}<span class=\"words\">{}</span><span class=\"val\">{value}{who}</span></li>\n",
            self.who(side.evidence),
            self.quote(side.evidence, marks),
        )
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
