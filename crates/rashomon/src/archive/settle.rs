//! Settling: articles find their stories, and stories that changed are compared again.

use std::collections::VecDeque;

use annotate::{DateEvidence, Likeness, WordVectors};
use model::{
    Annotated, ArticleNumber, Difference, Discrepancy, Event, Overrides, PublishedOrigin, Status,
    StatusCount, Story, Summary,
};
use store::{Compared, Error, Packed, Reader, Shelved, Store, StoryNumber};

use super::Archive;
use super::memo::Memo;
use crate::threads::{Next, Pace, in_step};
use crate::{CompareOptions, Engine, Progress};

/// Differences that a story's summary names.
const DIFFERENCES_SHOWN_MAX: usize = 5;
/// Stories that are laid out before the first of them is kept: while a large one is compared, the other threads have small
/// ones to go on with.
const STORIES_AHEAD: usize = 128;
/// Articles of stories that are laid out, beyond which no other story is.
const ARTICLES_AHEAD: usize = 1024;
/// Stories that are asked for at once.
const STALE_BATCH: usize = 100;

/// A story with its articles as they lie on the shelf, ready to be compared.
struct LaidOut {
    number: StoryNumber,
    id: String,
    members: Vec<ArticleNumber>,
    articles: Vec<Shelved>,
    before: Option<Before>,
}

/// What a story said when it was last compared.
struct Before {
    story: Story,
    /// Of each article that it points to, its place among those of now.
    places: Vec<Option<usize>>,
    /// Whether each article of now was compared before.
    compared: Vec<bool>,
}

/// What was found in a story, and what of it is to be told.
struct Found {
    number: StoryNumber,
    members: Vec<ArticleNumber>,
    findings: Story,
    summary: Summary,
    events: Vec<Event>,
}

/// What settling did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Stories that were compared.
    pub story_count: usize,
    /// Events that were told.
    pub event_count: usize,
}

impl Archive {
    /// Files new articles under stories and compares the stories that changed. `at` is now, ISO 8601 in UTC;
    /// `progress` is told how many stories are compared, of how many.
    ///
    /// # Errors
    /// When the disk refuses; stories that are settled stay so.
    pub fn settle(&mut self, at: &str, progress: Progress) -> Result<Settled, Error> {
        let (decisions, are_new) = self.take_decisions()?;
        let overrides = &decisions.overrides;
        self.group(overrides, are_new, at)?;
        if are_new {
            self.note_decisions(&decisions)?;
        }
        let Archive { store, engine, options, .. } = self;
        let all = store.reader().health()?.stale_count;
        let (waiting, settled) = (VecDeque::new(), Settled::default());
        let mut settling = Settling { store, engine, options, waiting, last: 0, ahead_count: 0, settled };
        let compare_options = corroborate::CompareOptions { reports_min: options.reports_min };
        let compare =
            |story: LaidOut| story.compare(engine.likeness(), &decisions.overrides, &compare_options);
        let keep = |settling: &mut Settling<'_>, found: Result<Found, Error>| {
            let found = found?;
            settling.ahead_count -= found.members.len();
            settling.store.put_findings(&found.compared(at))?;
            settling.settled.event_count += found.events.len();
            settling.settled.story_count += 1;
            progress(settling.settled.story_count, all);
            Ok(())
        };
        let thread_count = options.thread_count;
        let pace = Pace { thread_count, jobs_ahead: STORIES_AHEAD };
        in_step((&mut settling, pace), &Settling::next, &|| Box::new(&compare), &keep)?;
        Ok(settling.settled)
    }
}

/// Stories on their way from the shelf and back to it.
struct Settling<'a> {
    store: &'a mut Store,
    engine: &'a Engine,
    options: &'a CompareOptions,
    /// Stories that are to be laid out, and the last that was asked for.
    waiting: VecDeque<(StoryNumber, String)>,
    last: StoryNumber,
    /// Articles that are laid out and not kept yet.
    ahead_count: usize,
    settled: Settled,
}

impl Settling<'_> {
    fn reader(&self) -> &Reader {
        self.store.reader()
    }

    /// The next story that waits to be compared: its articles from the shelf, dated by all of them.
    fn next(&mut self) -> Result<Next<LaidOut>, Error> {
        if self.ahead_count >= ARTICLES_AHEAD {
            return Ok(Next::Later);
        }
        if self.waiting.is_empty() {
            self.waiting = self.reader().stale(self.last, STALE_BATCH)?.into();
        }
        let Some((number, id)) = self.waiting.pop_front() else { return Ok(Next::Nothing) };
        self.last = number;
        let members = self.reader().members(number)?;
        self.date_together(&members)?;
        let articles =
            members.iter().map(|&member| self.reader().shelved(member)).collect::<Result<Vec<_>, _>>()?;
        let before = match self.reader().findings(number)? {
            None => None,
            Some((old_members, story)) => {
                let place = |member| members.binary_search(member).ok();
                let places = old_members.iter().map(place).collect();
                Some(Before { story, places, compared: self.reader().compared(number)? })
            }
        };
        self.ahead_count += members.len();
        Ok(Next::Job(LaidOut { number, id, members, articles, before }))
    }

    /// Undated reports of one story are dated by all that they print about days, as in one run.
    fn date_together(&mut self, members: &[ArticleNumber]) -> Result<(), Error> {
        let mut undated: Vec<(ArticleNumber, store::Memo, DateEvidence)> = Vec::new();
        for &member in members {
            let memo = Memo::read(&self.reader().memo(member)?);
            let kept = memo.as_ref().map(Memo::kept).unwrap_or_default();
            undated.extend(memo.and_then(|memo| memo.evidence).map(|evidence| (member, kept, evidence)));
        }
        let evidence: Vec<&DateEvidence> = undated.iter().map(|(_, _, evidence)| evidence).collect();
        for (number, (member, memo, own)) in undated.iter().enumerate() {
            let date = annotate::infer_date(&evidence, self.options.reference_date.as_deref(), number)
                .or_else(|| annotate::infer_date(&[own], None, 0));
            let Some(date) = date else { continue };
            let article = self.reader().shelved(*member)?.unpack()?.article;
            if article.published.as_ref() != Some(&date) {
                let annotated = self.engine.read_as_of(&article, date);
                debug_assert_eq!(
                    annotated.article.published.as_ref().map(|published| published.origin),
                    Some(PublishedOrigin::Inferred)
                );
                self.store.refile(*member, &Packed::new(annotated, memo.clone()))?;
            }
        }
        Ok(())
    }
}

impl LaidOut {
    /// Compares the story, and tells what has changed since it was last compared; nothing where it never was.
    fn compare(
        self,
        likeness: &Likeness,
        overrides: &Overrides,
        options: &corroborate::CompareOptions,
    ) -> Result<Found, Error> {
        let LaidOut { number, id, members, articles, before } = self;
        let mut articles =
            articles.into_iter().map(Shelved::unpack).collect::<Result<Vec<Annotated>, _>>()?;
        let mut known = WordVectors::default();
        for Annotated { article, statements, .. } in &mut articles {
            likeness.give(&article.text, (statements, &mut known));
        }
        corroborate::overrule(&mut articles, overrides);
        let findings = Story { id, ..corroborate::compare_one(&articles, options) };
        let events = before.map_or_else(Vec::new, |Before { story, places, compared }| {
            let before = corroborate::Before { story: &story, places: &places, compared: &compared };
            corroborate::events(before, &findings, &articles)
        });
        Ok(Found { number, members, summary: summary(&articles, &findings), findings, events })
    }
}

impl Found {
    /// As the store takes it.
    fn compared<'f>(&'f self, at: &'f str) -> Compared<'f> {
        let Found { number, members, findings, summary, events } = self;
        Compared { story: *number, members, findings, summary, events, at }
    }
}

/// A story in a few lines.
fn summary(articles: &[Annotated], story: &Story) -> Summary {
    let lead = &articles[story.lead].article;
    let headline = lead.headline.map(|span| span.of(&lead.text).trim()).filter(|line| !line.is_empty());
    let first_line = || lead.text.lines().map(str::trim).find(|line| !line.is_empty());
    let mut outlets: Vec<String> =
        articles.iter().filter_map(|annotated| annotated.article.outlet.clone()).collect();
    outlets.sort();
    outlets.dedup();
    let days = || {
        articles
            .iter()
            .filter_map(|annotated| annotated.article.published.as_ref())
            .map(|published| published.value.get(..10).unwrap_or(&published.value))
    };
    let mut statuses: Vec<StatusCount> = Vec::new();
    let mut found: Vec<Status> = story.alignments.iter().map(|alignment| alignment.status).collect();
    found.sort();
    for same in found.chunk_by(|left, right| left == right) {
        statuses.push(StatusCount { status: same[0], count: same.len() });
    }
    let difference = |discrepancy: &Discrepancy| Difference {
        kind: discrepancy.kind.to_owned(),
        nature: discrepancy.nature,
        why: discrepancy.why.clone(),
    };
    Summary {
        headline: headline.or_else(first_line).unwrap_or(&lead.id).to_owned(),
        outlets,
        days: days().min().zip(days().max()).map(|(first, last)| [first.to_owned(), last.to_owned()]),
        statuses,
        difference_count: story.discrepancies.len(),
        differences: story.discrepancies.iter().take(DIFFERENCES_SHOWN_MAX).map(difference).collect(),
    }
}
