//! Settling: articles find their stories, and stories that changed are compared again.

use annotate::DateEvidence;
use model::{
    Annotated, ArticleNumber, Difference, Discrepancy, Event, PublishedOrigin, Status, StatusCount, Story,
    Summary,
};
use store::{Compared, Error, Grouped, Packed, StoryNumber};

use super::{Archive, memo};
use crate::Progress;

/// Differences that a story's summary names.
const DIFFERENCES_SHOWN_MAX: usize = 5;
/// Stories that are asked for at once.
const STALE_BATCH: usize = 100;

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
        self.group(at)?;
        let all = self.reader().health()?.stale_count;
        let mut settled = Settled::default();
        loop {
            let stale = self.reader().stale(STALE_BATCH)?;
            if stale.is_empty() {
                return Ok(settled);
            }
            for (number, id) in stale {
                settled.event_count += self.compare_story(number, &id, at)?;
                settled.story_count += 1;
                progress(settled.story_count, all);
            }
        }
    }

    /// Finds the stories of articles that have none.
    fn group(&mut self, at: &str) -> Result<(), Error> {
        if self.reader().homeless()?.is_empty() {
            return Ok(());
        }
        let mut numbers = Vec::new();
        self.reader().memos(&mut |number, _| {
            numbers.push(number);
            Ok(())
        })?;
        let articles =
            numbers.iter().map(|&number| self.reader().whole(number)).collect::<Result<Vec<_>, _>>()?;
        let groups: Vec<Grouped> = corroborate::stories(&articles)
            .into_iter()
            .map(|group| {
                let articles: Vec<ArticleNumber> =
                    group.into_iter().map(|article| numbers[article]).collect();
                Grouped { id: format!("s{}", articles[0]), articles, from: Vec::new() }
            })
            .collect();
        self.store.assign(&groups, at)
    }

    /// Compares a story and keeps what was found; tells how many events that raised.
    fn compare_story(&mut self, number: StoryNumber, id: &str, at: &str) -> Result<usize, Error> {
        let members = self.reader().members(number)?;
        let mut articles =
            members.iter().map(|&member| self.reader().whole(member)).collect::<Result<Vec<_>, _>>()?;
        self.date_together(&members, &mut articles)?;
        let options = corroborate::CompareOptions { reports_min: self.options.reports_min };
        let mut findings = corroborate::compare_one(&articles, &options);
        findings.id = id.to_owned();
        let summary = summary(&articles, &findings);
        let events = self.events((number, &members), &findings, &articles)?;
        self.store.put_findings(&Compared {
            story: number,
            members: &members,
            findings: &findings,
            summary: &summary,
            events: &events,
            at,
        })?;
        Ok(events.len())
    }

    /// What changed in a story since it was last compared; nothing where it never was.
    fn events(
        &self,
        (number, members): (StoryNumber, &[ArticleNumber]),
        findings: &Story,
        articles: &[Annotated],
    ) -> Result<Vec<Event>, Error> {
        let Some((old_members, story)) = self.reader().findings(number)? else { return Ok(Vec::new()) };
        let places: Vec<Option<usize>> =
            old_members.iter().map(|member| members.binary_search(member).ok()).collect();
        let compared = self.reader().compared(number)?;
        let before = corroborate::Before { story: &story, places: &places, compared: &compared };
        Ok(corroborate::events(before, findings, articles))
    }

    /// Undated reports of one story are dated by all that they print about days, as in one run.
    fn date_together(&mut self, members: &[ArticleNumber], articles: &mut [Annotated]) -> Result<(), Error> {
        let mut undated: Vec<(usize, DateEvidence)> = Vec::new();
        for (place, &member) in members.iter().enumerate() {
            undated.extend(memo::read(&self.reader().memo(member)?).map(|evidence| (place, evidence)));
        }
        let evidence: Vec<&DateEvidence> = undated.iter().map(|(_, evidence)| evidence).collect();
        for (number, (place, own)) in undated.iter().enumerate() {
            let date = annotate::infer_date(&evidence, self.options.reference_date.as_deref(), number)
                .or_else(|| annotate::infer_date(&[own], None, 0));
            let annotated = &mut articles[*place];
            if let Some(date) = date.filter(|date| annotated.article.published.as_ref() != Some(date)) {
                *annotated = self.engine.read_as_of(&annotated.article, date);
                debug_assert_eq!(
                    annotated.article.published.as_ref().map(|published| published.origin),
                    Some(PublishedOrigin::Inferred)
                );
                let packed = Packed::new(annotated.clone(), memo::write(Some(own)));
                self.store.refile(members[*place], &packed)?;
            }
        }
        Ok(())
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
