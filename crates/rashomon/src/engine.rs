//! The order of the phases, and how many threads share them.

use std::convert::Infallible;
use std::iter::Peekable;
use std::path::Path;

use annotate::{DateEvidence, Likeness, Purpose, Read, Tools, Undated, WordVectors};
use corroborate::Group;
use model::{Annotated, Article, Dossier, Overrides};

use crate::read::Reading;
use crate::stream::Work;
use crate::threads::{Next, Pace, in_step};

/// All that reading a language takes, loaded once: models, words, weights. Shared by threads.
pub struct Engine {
    tools: Tools,
}

/// Why an engine could not be made: a sentence.
#[derive(Debug)]
pub struct EngineError(String);

impl std::fmt::Display for EngineError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EngineError {}

/// How articles are compared.
#[derive(Clone, Debug)]
pub struct CompareOptions {
    /// Independent reports that "corroborated" takes; newsroom custom is 2.
    pub reports_min: usize,
    /// Threads that annotate. The outcome does not depend on it.
    pub thread_count: usize,
    /// The last day that an undated report can be of, `YYYY-MM-DD`.
    pub reference_date: Option<String>,
}

/// How articles are annotated.
#[derive(Clone, Copy, Debug)]
pub struct AnnotateOptions {
    /// What they are annotated for.
    pub purpose: Purpose,
    /// Threads that annotate. The outcome does not depend on it.
    pub thread_count: usize,
}

/// What a thread makes of a reading before it hands it on.
type Make<'a, T> = &'a (dyn Fn(Read) -> T + Sync);
/// What is done with it.
type Take<'a, T, E> = &'a mut dyn FnMut(T) -> Result<(), E>;

/// Articles that are read before the first of them is taken: threads do not wait while some are put on the shelf.
const ARTICLES_AHEAD: usize = 256;

/// Articles that a thread reads together: more would make it no faster.
const TOGETHER_MAX: usize = 8;

/// Bytes of text that a thread reads together, but for a single article that is longer.
const TOGETHER_BYTES_MAX: usize = 16 << 10;

/// Articles that are still to be read.
type Rest = Peekable<std::vec::IntoIter<Article>>;

/// Told how many articles are done, of how many.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

impl Engine {
    /// English, with the models built into the program.
    pub fn built_in() -> Engine {
        Engine { tools: Tools::built_in() }
    }

    /// English, with a pipeline read from disk in place of the built-in one.
    ///
    /// # Errors
    /// When the path holds no pipeline that can be run.
    pub fn with_grammar(path: &Path) -> Result<Engine, EngineError> {
        Tools::with_grammar(path).map(|tools| Engine { tools }).map_err(EngineError)
    }

    /// Sentences are likened by a whole encoder (a folder with `model.onnx` and `vocab.txt`) in place of the built-in
    /// table: some thousand times slower.
    ///
    /// # Errors
    /// When the folder holds no encoder that can be run.
    #[cfg(feature = "sentence-encoder")]
    pub fn with_sentence_encoder(self, folder: &Path) -> Result<Engine, EngineError> {
        self.tools.with_sentence_encoder(folder).map(|tools| Engine { tools }).map_err(EngineError)
    }

    /// Runs `job` with what annotates one article, to be told by itself: a thread's own session of the models.
    pub(crate) fn with_session(&self, job: &mut dyn FnMut(Work<Annotated>)) {
        let mut session = self.tools.session();
        job(&mut |article| {
            annotate::annotate(&self.tools, &mut session, article, Purpose::Telling).value.annotated
        });
    }

    /// What likeness of words and sentences rests on.
    pub(crate) fn likeness(&self) -> &Likeness {
        self.tools.likeness()
    }

    /// Gives the words of articles their vectors, by which those that are compared with each other are likened.
    pub fn liken(&self, articles: &mut [Annotated]) {
        let mut known = WordVectors::default();
        for Annotated { article, statements, .. } in articles {
            self.likeness().give_words(&article.text, (statements, &mut known));
        }
    }

    /// Annotates articles, each by itself, and keeps their order. Their words have no vectors yet: see
    /// [`liken`](Engine::liken).
    pub fn annotate(
        &self,
        articles: Vec<Article>,
        options: &AnnotateOptions,
        progress: Progress,
    ) -> Vec<Annotated> {
        self.read_all(articles, options, progress).into_iter().map(|read| read.annotated).collect()
    }

    /// Annotates articles like [`annotate`](Engine::annotate), and hands each on to `take` as soon as those before it are
    /// taken: only so many are held as the threads are ahead.
    ///
    /// # Errors
    /// Those of `take`; nothing is annotated any more after one.
    pub fn annotate_each<E>(
        &self,
        articles: Vec<Article>,
        options: &AnnotateOptions,
        take: &mut dyn FnMut(Annotated) -> Result<(), E>,
    ) -> Result<(), E> {
        self.read_each(articles, options, (&|read| read.annotated, take))
    }

    /// The main job: annotates, groups, aligns, finds what differs.
    pub fn compare(&self, reading: Reading, options: &CompareOptions) -> Dossier {
        self.compare_with_progress(reading, options, &|_, _| {})
    }

    /// The main job, telling how far it is.
    pub fn compare_with_progress(
        &self,
        reading: Reading,
        options: &CompareOptions,
        progress: Progress,
    ) -> Dossier {
        let annotate = AnnotateOptions { purpose: Purpose::Comparing, thread_count: options.thread_count };
        let reads = self.read_all(reading.articles, &annotate, progress);
        let (mut articles, undated): (Vec<Annotated>, Vec<Option<Undated>>) =
            reads.into_iter().map(|read| (read.annotated, read.undated)).unzip();
        let groups = grouped(&mut articles, &reading.overrides);
        self.date_together(&mut articles, &undated, (&groups, options.reference_date.as_deref()));
        self.liken(&mut articles);
        // What was dated was read again, and knows nothing of the user's decisions.
        corroborate::overrule(&mut articles, &reading.overrides);
        let stories = corroborate::compare_groups(
            &articles,
            &groups,
            &corroborate::CompareOptions { reports_min: options.reports_min },
        );
        Dossier { inputs: reading.inputs, articles, stories, skipped: reading.skipped }
    }

    /// Only the grouping: the articles, and the stories that they tell.
    pub fn stories(
        &self,
        reading: Reading,
        thread_count: usize,
        progress: Progress,
    ) -> (Vec<Annotated>, Vec<Group>) {
        let options = AnnotateOptions { purpose: Purpose::Comparing, thread_count };
        let mut articles = self.annotate(reading.articles, &options, progress);
        let groups = grouped(&mut articles, &reading.overrides);
        (articles, groups)
    }

    /// Undated reports of one event share what they print about days, and are dated by all of it.
    fn date_together(
        &self,
        articles: &mut [Annotated],
        undated: &[Option<Undated>],
        (groups, reference): (&[Group], Option<&str>),
    ) {
        for group in groups {
            let group: Vec<(usize, &Undated)> = group
                .articles
                .iter()
                .filter_map(|&article| Some((article as usize, undated[article as usize].as_ref()?)))
                .collect();
            let evidence: Vec<&DateEvidence> = group.iter().map(|(_, undated)| &undated.evidence).collect();
            for (number, &(article, undated)) in group.iter().enumerate() {
                let date = annotate::infer_date(&evidence, reference, number);
                if let Some(date) =
                    date.filter(|date| articles[article].article.published.as_ref() != Some(date))
                {
                    annotate::date(&self.tools, undated, &mut articles[article], date);
                }
            }
        }
    }

    fn read_all(&self, articles: Vec<Article>, options: &AnnotateOptions, progress: Progress) -> Vec<Read> {
        let count = articles.len();
        let mut reads = Vec::with_capacity(count);
        let mut keep = |read| {
            reads.push(read);
            progress(reads.len(), count);
            Ok::<(), Infallible>(())
        };
        let Ok(()) = self.read_each(articles, options, (&|read| read, &mut keep));
        reads
    }

    /// Reads articles on several threads, has each thread make of its readings what is wanted, and gives them to
    /// `take` on this thread, in the order of the articles.
    ///
    /// # Errors
    /// Those of `take`; nothing is read any more after one.
    pub(crate) fn read_each<T: Send, E>(
        &self,
        articles: Vec<Article>,
        options: &AnnotateOptions,
        (make, take): (Make<'_, T>, Take<'_, T, E>),
    ) -> Result<(), E> {
        let AnnotateOptions { purpose, thread_count } = *options;
        let thread_count = thread_count.clamp(1, articles.len().max(1));
        let together = articles.len().div_ceil(thread_count).min(TOGETHER_MAX);
        let pace = Pace { thread_count, jobs_ahead: ARTICLES_AHEAD / TOGETHER_MAX };
        let begin = || -> Box<dyn FnMut(Vec<Article>) -> Vec<T> + '_> {
            let mut session = self.tools.session();
            Box::new(move |articles| {
                let reads = annotate::annotate_all(&self.tools, &mut session, articles, purpose);
                reads.into_iter().map(make).collect()
            })
        };
        let mut state = (articles.into_iter().peekable(), take);
        let next = |(rest, _): &mut (Rest, _)| {
            Ok(match side_by_side(rest, together) {
                articles if articles.is_empty() => Next::Nothing,
                articles => Next::Job(articles),
            })
        };
        in_step((&mut state, pace), &next, &begin, &|(_, take), made| {
            made.into_iter().try_for_each(&mut **take)
        })
    }

    /// Reads an article that was read before, as if it had no date, and gives it one.
    pub(crate) fn read_as_of(&self, article: &Article, published: model::Published) -> Annotated {
        let article = Article { published: None, ..article.clone() };
        let mut session = self.tools.session();
        let read = annotate::annotate(&self.tools, &mut session, article, Purpose::Comparing).value;
        let mut annotated = read.annotated;
        if let Some(undated) = read.undated {
            annotate::date(&self.tools, &undated, &mut annotated, published);
        }
        annotated
    }
}

/// The next articles that are read together: as many as that, and no more text than is soon read.
fn side_by_side(rest: &mut Rest, count_max: usize) -> Vec<Article> {
    let mut articles = Vec::new();
    let mut bytes = 0;
    while articles.len() < count_max
        && let Some(article) =
            rest.next_if(|next| bytes == 0 || bytes + next.text.len() <= TOGETHER_BYTES_MAX)
    {
        bytes += article.text.len().max(1);
        articles.push(article);
    }
    articles
}

/// The stories of articles, with all that the user decided otherwise.
fn grouped(articles: &mut [Annotated], overrides: &Overrides) -> Vec<Group> {
    corroborate::overrule(articles, overrides);
    let numbers = |name: &str| {
        let named = |annotated: &Annotated| corroborate::is_named(&annotated.article, name);
        (0_u64..)
            .zip(articles.iter())
            .filter(|(_, article)| named(article))
            .map(|(number, _)| number)
            .collect()
    };
    corroborate::regroup(corroborate::stories(articles), overrides, &numbers)
}
