//! What happened when, a date once with all that is told of it.

use model::{Moment, Story};

use super::Page;
use super::escape::e;
use crate::telling;

impl Page<'_> {
    pub(super) fn timeline(&self, story: &Story) -> String {
        let groups = story.timeline.chunk_by(|a, b| a.date == b.date);
        let items: String = groups.map(|moments| self.moments(moments)).collect();
        format!("<ol class=\"timeline\">\n{items}</ol>\n")
    }

    fn moments(&self, moments: &[Moment]) -> String {
        let lines: String = moments
            .iter()
            .map(|m| {
                format!(
                    "<li>{}<span class=\"words\">{}</span></li>\n",
                    self.who(m.evidence),
                    self.quote(m.evidence, &[])
                )
            })
            .collect();
        let date = moments.first().map(|m| telling::date(&m.date)).unwrap_or_default();
        format!("<li><b class=\"date\">{}</b>\n<ul class=\"voices\">\n{lines}</ul></li>\n", e(&date))
    }
}
