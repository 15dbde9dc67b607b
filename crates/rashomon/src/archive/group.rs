//! Grouping: new articles find their stories among the articles of the same weeks, however many the archive holds.

use std::collections::{BTreeMap, BTreeSet};

use corroborate::{Group, Sketch, Stories, WINDOW_DAYS};
use model::{ArticleNumber, Overrides, Ruling};
use store::{Error, Grouped};

use super::memo::Memo;
use super::{Archive, overrule};

/// Days around an article within which lies all that tells its links: those who may be linked with it, and theirs, since a
/// link counts when it is among the strongest of either.
const MARGIN_DAYS: i32 = 2 * WINDOW_DAYS;
/// New articles that find their stories together.
const ARTICLES_AT_ONCE: usize = 4096;
/// An index that has grown to so many articles forgets the stories that ended before the days that are asked for next.
const INDEXED_MAX: usize = 4096;
/// All days.
const EVER: [i32; 2] = [i32::MIN, i32::MAX];

/// The index of stories, of a stretch of days: it knows all articles of these that have a story, and those without a day.
pub(super) struct Index {
    stories: Stories,
    days: [i32; 2],
}

impl Archive {
    /// Finds the stories of articles that have none. What that does to the stories of others is done to them too, and what
    /// the user decided is done to all.
    pub(super) fn group(&mut self, overrides: &Overrides, are_new: bool, at: &str) -> Result<(), Error> {
        let homeless = self.reader().homeless()?;
        let regroups = |ruling: &Ruling| matches!(ruling, Ruling::Merge(_) | Ruling::Split(_));
        if are_new || (overrides.entries.iter().any(|entry| regroups(&entry.ruling)) && !homeless.is_empty())
        {
            // A decision may touch any story.
            let mut index = self.index_of(EVER)?;
            index.stories.extend(self.sketches(&homeless)?);
            let groups = self.decided(index.stories.groups(), overrides)?;
            self.store.assign(&self.moved(groups)?, at)?;
            self.index = Some(index);
            return Ok(());
        }
        for some in homeless.chunks(ARTICLES_AT_ONCE) {
            let groups = self.grouped(some)?;
            let index = self.index.take();
            self.store.assign(&self.moved(groups)?, at)?;
            // Where assigning fails, the index is gone with what it knows too early.
            self.index = index;
        }
        Ok(())
    }

    /// The stories that these articles change or make.
    fn grouped(&mut self, homeless: &[(ArticleNumber, Option<i32>)]) -> Result<Vec<Group>, Error> {
        let mut needed = None;
        for (_, day) in homeless {
            needed = Some(hull(needed, day.map_or(EVER, |day| [day, day])));
        }
        let mut needed = with_margin(needed.unwrap_or(EVER));
        loop {
            let mut index = self.index_of(needed)?;
            let changed = index.stories.extend(self.sketches(homeless)?);
            let articles = changed.groups.iter().flat_map(|group| group.articles.iter().copied());
            if let Some(reach) = index.stories.reach(articles) {
                needed = hull(Some(needed), with_margin(reach));
            }
            if index.knows(needed) {
                self.index = Some(index);
                return Ok(changed.groups);
            }
            // A story reaches further than was looked: it is looked again, from there.
        }
    }

    /// An index that knows the articles of these days: the one at hand, or a new one.
    fn index_of(&mut self, days: [i32; 2]) -> Result<Index, Error> {
        if let Some(mut index) = self.index.take().filter(|index| index.knows(days)) {
            index.forget_before(days[0]);
            return Ok(index);
        }
        let mut sketches = Vec::new();
        self.reader().memos(days, &mut |article, memo| {
            sketches.push((article as u64, sketch(article, memo)?));
            Ok(())
        })?;
        let mut stories = Stories::default();
        stories.extend(sketches);
        // Beyond the first and the last day there is nothing to know.
        let [first, last] = self.reader().days()?.unwrap_or([i32::MAX, i32::MIN]);
        let first = if days[0] <= first { i32::MIN } else { days[0] };
        let last = if days[1] >= last { i32::MAX } else { days[1] };
        Ok(Index { stories, days: [first, last] })
    }

    fn sketches(&self, articles: &[(ArticleNumber, Option<i32>)]) -> Result<Vec<(u64, Sketch)>, Error> {
        let read = |&(article, _): &(ArticleNumber, _)| {
            Ok((article as u64, sketch(article, &self.reader().memo(article)?)?))
        };
        articles.iter().map(read).collect()
    }

    /// All stories as the user decided.
    fn decided(&self, groups: Vec<Group>, overrides: &Overrides) -> Result<Vec<Group>, Error> {
        let grouped: BTreeSet<u64> = groups.iter().flat_map(|group| group.articles.iter().copied()).collect();
        let mut named: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for entry in &overrides.entries {
            let (Ruling::Merge(names) | Ruling::Split(names)) = &entry.ruling else { continue };
            for name in names {
                let numbers = overrule::named(self.reader(), name)?.into_iter().map(|number| number as u64);
                // What is left out stands in no story.
                named.insert(name, numbers.filter(|number| grouped.contains(number)).collect());
            }
        }
        let numbers = |name: &str| named.get(name).cloned().unwrap_or_default();
        Ok(if named.is_empty() { groups } else { corroborate::regroup(groups, overrides, &numbers) })
    }

    /// Those of the stories that are not in the archive as they are here.
    fn moved(&self, groups: Vec<Group>) -> Result<Vec<Grouped>, Error> {
        let mut moved = Vec::new();
        for group in groups {
            let articles: Vec<ArticleNumber> =
                group.articles.iter().map(|&article| article as ArticleNumber).collect();
            let mut before: BTreeSet<Option<(String, usize)>> = BTreeSet::new();
            for &article in &articles {
                before.insert(self.reader().story_of(article)?);
            }
            let is_kept = before.len() == 1
                && before.first().is_some_and(|kept| {
                    kept.as_ref().is_some_and(|(id, count)| *id == group.id && *count == articles.len())
                });
            if !is_kept {
                let from =
                    before.into_iter().flatten().map(|(id, _)| id).filter(|id| *id != group.id).collect();
                moved.push(Grouped { id: group.id, articles, from });
            }
        }
        Ok(moved)
    }
}

impl Index {
    fn knows(&self, days: [i32; 2]) -> bool {
        self.days[0] <= days[0] && days[1] <= self.days[1]
    }

    /// Forgets what ended before a day, where that makes a large index smaller.
    fn forget_before(&mut self, day: i32) {
        if self.stories.len() > INDEXED_MAX && day > self.days[0] {
            self.stories.forget_before(day);
            self.days[0] = day;
        }
    }
}

fn hull(some: Option<[i32; 2]>, days: [i32; 2]) -> [i32; 2] {
    some.map_or(days, |some| [some[0].min(days[0]), some[1].max(days[1])])
}

fn with_margin(days: [i32; 2]) -> [i32; 2] {
    [days[0].saturating_sub(MARGIN_DAYS), days[1].saturating_add(MARGIN_DAYS)]
}

fn sketch(article: ArticleNumber, memo: &[u8]) -> Result<Sketch, Error> {
    // Its runs of words find reprints, not stories.
    Memo::read(memo)
        .map(|memo| Sketch { runs: Vec::new(), ..memo.sketch })
        .ok_or_else(|| Error::damaged(format!("The memo of article {article}")))
}
