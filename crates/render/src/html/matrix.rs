//! Statements by outlets: a row a statement, a mark where an outlet gives it, its voices inside.

use std::collections::BTreeMap;

use model::{Alignment, Stance, Story, VoiceForm};

use super::Page;
use super::escape::e;
use crate::telling::{self, Weight};

/// What a statement of one report costs a page, in cells and voices.
const SINGLE_COST: usize = 10;
/// Columns up to which their heads are set upright.
const UPRIGHT_COUNT_MAX: usize = 7;

impl Page<'_> {
    pub(super) fn matrix(&self, index: usize, story: &Story) -> String {
        let stances =
            |i: usize| story.stances.iter().filter(move |s| s.alignment == Some(i)).collect::<Vec<_>>();
        let columns = self.columns(story);
        let cost = |alignment: &Alignment| match alignment.voices.len() {
            0 | 1 => SINGLE_COST,
            voices => columns.len() + voices,
        };
        let costs: Vec<usize> = story.alignments.iter().map(cost).collect();
        let shown = self.window.map_or(0..costs.len(), |window| window.range(&costs));
        let (told, single): (Vec<usize>, Vec<usize>) =
            shown.partition(|&i| story.alignments[i].voices.len() > 1 || !stances(i).is_empty());
        let mut html = String::new();
        if !told.is_empty() {
            let rows: String =
                told.iter().map(|&i| self.statement(&story.alignments[i], &stances(i), &columns)).collect();
            html.push_str(&self.table(index, &columns, &rows));
        }
        if !single.is_empty() {
            html.push_str(&self.single(story, &single));
        }
        html.push_str(&self.window.map(|window| window.ways(&costs)).unwrap_or_default());
        html
    }

    /// Outlets in order of their first report, each with its reports.
    fn columns(&self, story: &Story) -> Vec<(String, Vec<usize>)> {
        let mut columns: Vec<(String, Vec<usize>)> = Vec::new();
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        for &article in &story.articles {
            let outlet = self.dossier.articles[article].article.outlet.as_deref();
            match outlet.and_then(|outlet| known.get(outlet)) {
                Some(&column) => columns[column].1.push(article),
                None => {
                    outlet.map(|outlet| known.insert(outlet, columns.len()));
                    columns.push((self.labels[article].clone(), vec![article]));
                }
            }
        }
        columns
    }

    fn table(&self, index: usize, columns: &[(String, Vec<usize>)], rows: &str) -> String {
        let turned = if columns.len() > UPRIGHT_COUNT_MAX { " turned" } else { "" };
        let heads: String = columns
            .iter()
            .map(|(label, _)| format!("<th scope=\"col\" class=\"o{turned}\"><span>{}</span></th>", e(label)))
            .collect();
        let id = format!("s{}-matrix", index + 1);
        format!(
            "<p class=\"legend\" id=\"{id}\">{} quoted {} reported {} in the outlet’s own voice. A row opens to its voices.</p>\n\
             <div class=\"wide\" role=\"region\" aria-labelledby=\"{id}\" tabindex=\"0\"><table class=\"matrix\">\n\
             <thead><tr><th scope=\"col\">Who says what</th><th scope=\"col\">Stands as</th>{heads}</tr></thead>\n\
             <tbody>\n{rows}</tbody></table></div>\n",
            symbol("quoted", ""),
            symbol("reported", ""),
            symbol("own", "")
        )
    }

    fn statement(
        &self,
        alignment: &Alignment,
        stances: &[&Stance],
        columns: &[(String, Vec<usize>)],
    ) -> String {
        let cells: String =
            columns.iter().map(|(label, articles)| self.cell(alignment, label, articles)).collect();
        let voices: String = alignment.voices.iter().map(|voice| self.voice(alignment, voice)).collect();
        let stances: String = stances.iter().map(|stance| self.stance(stance)).collect();
        let merges: String = alignment.merges.iter().map(|m| format!("<li>{}</li>", e(&m.why))).collect();
        let merges = if merges.is_empty() {
            String::new()
        } else {
            format!("<div class=\"merges\"><p>Counted as one report:</p><ul>{merges}</ul></div>\n")
        };
        format!(
            "<tr><th scope=\"row\"><details><summary>{}</summary>\n<div class=\"inside\"><div><ul class=\"voices\">\n{voices}{stances}</ul>\n{merges}</div></div></details></th>\
             <td>{}</td>{cells}</tr>\n",
            self.gist(alignment),
            stands(alignment),
        )
    }

    fn gist(&self, alignment: &Alignment) -> String {
        let speaker = match &alignment.speaker {
            Some(speaker) => e(speaker),
            None if alignment.counts.sources == 0 => "in the outlet’s own voice".to_owned(),
            None => match alignment.counts.sources {
                1 => "one source".to_owned(),
                n => format!("{n} sources"),
            },
        };
        let words = match self.keep {
            crate::KeepText::Whole => {
                let words = telling::words(self.dossier, alignment.gist);
                let [open, close] = telling::quoted(words);
                format!("{open}{}{close}", e(words.trim()))
            }
            crate::KeepText::LeftOut => e(&alignment.id),
        };
        format!("<span class=\"speaker\">{speaker}</span> <span class=\"gist\" dir=\"auto\">{words}</span>")
    }

    fn cell(&self, alignment: &Alignment, label: &str, articles: &[usize]) -> String {
        let voices = || alignment.voices.iter().filter(|v| articles.contains(&v.evidence.article));
        let strongest = voices().min_by_key(|voice| match voice.form {
            VoiceForm::Direct => 0,
            VoiceForm::Mixed => 1,
            VoiceForm::Indirect => 2,
            VoiceForm::Narration => 3,
        });
        match strongest {
            Some(voice) => {
                let said = format!("{label}: {}", telling::form(voice.form));
                let mark = self.link(voice.evidence, &symbol(shape(voice.form), &said));
                format!("<td class=\"o\">{mark}</td>")
            }
            None => "<td class=\"o\"></td>".to_owned(),
        }
    }

    fn voice(&self, alignment: &Alignment, voice: &model::Voice) -> String {
        let by = match &voice.attributed_to {
            Some(who) if alignment.speaker.as_ref() != Some(who) => {
                format!("<span class=\"source\">{}</span>", self.speaker(who))
            }
            Some(_) | None => String::new(),
        };
        let marks: Vec<model::Span> =
            voice.hedge.iter().filter(|h| h.article == voice.evidence.article).map(|h| h.span).collect();
        format!(
            "<li>{}<span class=\"words\">{} {by}</span>{}</li>\n",
            self.who(voice.evidence),
            self.quote(voice.evidence, &marks),
            symbol(shape(voice.form), telling::form(voice.form)),
        )
    }

    fn stance(&self, stance: &Stance) -> String {
        let by = if stance.by.is_empty() {
            String::new()
        } else {
            format!(" by <b>{}</b>", self.speaker(&stance.by))
        };
        format!(
            "<li class=\"stance\">{}<span class=\"words\"><span class=\"verdict\">{}{by}</span> {}</span></li>\n",
            self.who(stance.evidence),
            telling::stance(stance.kind),
            self.quote(stance.evidence, &[]),
        )
    }

    /// Statements that only one report makes, by report.
    fn single(&self, story: &Story, single: &[usize]) -> String {
        let mut by_article: BTreeMap<usize, Vec<&Alignment>> = BTreeMap::new();
        for &i in single {
            by_article.entry(story.alignments[i].gist.article).or_default().push(&story.alignments[i]);
        }
        let level = self.level + 2;
        let groups: String = by_article
            .iter()
            .map(|(article, alignments)| {
                let items: String = alignments.iter().map(|a| self.lone(a)).collect();
                format!(
                    "<h{level}>{}</h{level}>\n<ul class=\"plain\">\n{items}</ul>\n",
                    e(&self.labels[*article])
                )
            })
            .collect();
        format!(
            "<details class=\"rest\"><summary>{} by one report alone</summary>\n{groups}</details>\n",
            telling::count(single.len(), "statement")
        )
    }

    fn lone(&self, alignment: &Alignment) -> String {
        let speaker =
            alignment.speaker.as_deref().map(|who| format!("<span class=\"speaker\">{}</span> ", e(who)));
        format!(
            "<li>{}{} <span class=\"soft\">{}</span></li>\n",
            speaker.unwrap_or_default(),
            self.quote(alignment.gist, &[]),
            telling::status(alignment.status),
        )
    }
}

fn stands(alignment: &Alignment) -> String {
    let class = match telling::weight(alignment.status) {
        Weight::Contested => "contested",
        Weight::Settled => "settled",
        Weight::Plain => "mid",
    };
    format!(
        "<span class=\"status {class}\" title=\"{}\">{}</span><small class=\"counts\">{}</small>",
        telling::status_meaning(alignment.status),
        telling::status(alignment.status),
        telling::counts(alignment.counts).replacen(" · ", ", ", 1).replace(" · ", ", <br>"),
    )
}

fn shape(form: VoiceForm) -> &'static str {
    match form {
        VoiceForm::Direct => "quoted",
        VoiceForm::Mixed | VoiceForm::Indirect => "reported",
        VoiceForm::Narration => "own",
    }
}

/// A mark with its words; without words where text stands beside it.
fn symbol(shape: &str, said: &str) -> String {
    if said.is_empty() {
        return format!("<svg class=\"m {shape}\" aria-hidden=\"true\"><use href=\"#m-{shape}\"/></svg>");
    }
    let said = e(said);
    format!(
        "<svg class=\"m {shape}\" role=\"img\" aria-label=\"{said}\"><title>{said}</title><use href=\"#m-{shape}\"/></svg>"
    )
}
