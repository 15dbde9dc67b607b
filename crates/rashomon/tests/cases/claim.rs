//! The lines of `must.txt`: one claim each about what was found.
//!
//! ```text
//! one story: 1, 2, 3                        these articles and no other stand in one story
//! copy: 3 of 1      rewrite: 3 of 1         a reprint (either way round is wrong)
//! aligned: 1 "killed 12" / 2 "twelve dead"  voices of one alignment
//! status: 1 "killed 12" denied              how the statement there stands
//! counts: 1 "killed 12" 3 2 1               outlets, reports, sources
//! disputed figure-conflict: 1 "…" / 2 "…"   a discrepancy with these sides; a nature may stand before the colon
//! stance: denies "Ana Ruiz" 2 "…"           who takes what stand, where
//! quotation: 1 "…" "Ana Ruiz"               the words are quoted, from that speaker ("" for none)
//! form: 1 "…" direct                        how they are quoted
//! figure: 1 "at least 12" 12 -              lowest and highest value, - for open
//! counted: 1 "at least 12" "people"         what is counted
//! given: 1 "at least 12" "the mayor"         who gives the figure ("" for the outlet itself)
//! certainty: 1 "collapsed" PR- "may" "not"  how sure the clause with that predicate is (FactBank), and by which words
//! time: 1 "on Tuesday" 2025-03-04           TIMEX3 value
//! published: 1 2025-03-04 inferred          publication date and where it was read
//! entity: 1 "the minister" "Ana Ruiz"       whom the words stand for
//! furniture: 1 "Leave a Reply"              not of the report
//! headline: 1 "…"                           the headline
//! skipped: raw-3 "empty"                    an input is skipped, for a reason that has that word
//! never: CLAIM                              must not be so
//! wish: CLAIM                               is not so yet; fails when it comes true, to become law
//! ```
//! A passage that occurs twice takes `#2` after it.

use model::{EntityKind, Evidence, Span};
use rust_decimal::Decimal;

use crate::story::Outcome;

/// Checks one line.
pub fn check(outcome: &Outcome, line: &str) -> Result<(), String> {
    if let Some(claim) = line.strip_prefix("never:") {
        return match check(outcome, claim.trim()) {
            Ok(()) => Err("it is so, and must not be".to_owned()),
            Err(why) if why.starts_with('!') => Err(why),
            Err(_) => Ok(()),
        };
    }
    if let Some(claim) = line.strip_prefix("wish:") {
        return match check(outcome, claim.trim()) {
            Ok(()) => Err("the wish has come true: take “wish:” away and make it law".to_owned()),
            Err(why) if why.starts_with('!') => Err(why),
            Err(_) => Ok(()),
        };
    }
    let (verb, rest) = line.split_once(':').ok_or("!a claim is a word, a colon, and what it is about")?;
    let mut words = Words { outcome, rest: rest.trim() };
    let mut verb = verb.split_whitespace();
    match verb.next().unwrap_or_default() {
        "one" => one_story(outcome, rest),
        relation @ ("copy" | "rewrite") => reprint(outcome, relation, rest),
        "aligned" => aligned(outcome, &words.places()?),
        "status" => status(outcome, &mut words),
        "counts" => counts(outcome, &mut words),
        "disputed" => disputed(outcome, verb.next().unwrap_or_default(), verb.next(), &words.places()?),
        "stance" => stance(outcome, &mut words),
        "quotation" => quotation(outcome, &mut words),
        "form" => form(outcome, &mut words),
        "figure" => figure(outcome, &mut words),
        "counted" => counted(outcome, &mut words),
        "given" => given(outcome, &mut words),
        "certainty" => certainty(outcome, &mut words),
        "time" => time(outcome, &mut words),
        "published" => published(outcome, &mut words),
        "entity" => entity(outcome, &mut words),
        "furniture" => furniture(outcome, &mut words),
        "headline" => headline(outcome, &mut words),
        "skipped" => skipped(outcome, &mut words),
        other => Err(format!("!no claim is called “{other}”; claim.rs lists them")),
    }
}

/// The rest of a claim, read from the left.
struct Words<'a> {
    outcome: &'a Outcome,
    rest: &'a str,
}

impl<'a> Words<'a> {
    /// The next word, without quotation marks where it has some.
    fn next(&mut self) -> Result<&'a str, String> {
        let rest = self.rest.trim_start();
        let (word, rest) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or("!a quotation mark is not closed")?,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        self.rest = rest.trim_start();
        Ok(word)
    }

    /// An article and a passage in it.
    fn place(&mut self) -> Result<Evidence, String> {
        let article = self.next()?;
        let article = self.outcome.article(article).map_err(|why| format!("!{why}"))?;
        let words = self.next()?;
        let mut number = 0;
        if let Some(rest) = self.rest.strip_prefix('#') {
            let (digits, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            number = digits.parse().map_err(|_| "!# is followed by a number")?;
            self.rest = rest;
        }
        let span = self.outcome.place(article, words, number).map_err(|why| format!("!{why}"))?;
        Ok(Evidence { article, span })
    }

    /// Several, with strokes between them.
    fn places(&mut self) -> Result<Vec<Evidence>, String> {
        let mut places = vec![self.place()?];
        while let Some(rest) = self.rest.strip_prefix('/') {
            self.rest = rest.trim_start();
            places.push(self.place()?);
        }
        Ok(places)
    }
}

/// Whether two passages are about the same words: they share half of the shorter one.
fn meet(a: Evidence, b: Evidence) -> bool {
    let shared = a.span.end.min(b.span.end).saturating_sub(a.span.start.max(b.span.start));
    a.article == b.article && 2 * shared >= a.span.len().min(b.span.len()).max(1)
}

fn require(holds: bool, why: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why.to_owned()) }
}

fn one_story(outcome: &Outcome, rest: &str) -> Result<(), String> {
    let ids: Vec<&str> = rest.split(',').map(str::trim).collect();
    let mut wanted = ids.iter().map(|id| outcome.article(id)).collect::<Result<Vec<_>, _>>()?;
    wanted.sort_unstable();
    require(
        outcome.dossier.stories.iter().any(|story| story.articles == wanted),
        "no story has just these articles",
    )
}

fn reprint(outcome: &Outcome, relation: &str, rest: &str) -> Result<(), String> {
    let (article, of) = rest.split_once(" of ").ok_or("!write: 3 of 1")?;
    let (article, of) = (outcome.article(article.trim())?, outcome.article(of.trim())?);
    let mut reprints = outcome.dossier.stories.iter().flat_map(|story| &story.reprints);
    let found = reprints.find(|reprint| (reprint.article, reprint.of) == (article, of));
    let found = found.ok_or("no such reprint was found")?;
    let is = format!("{:?}", found.relation).to_lowercase();
    require(is == relation, &format!("it is a {is}: {}", found.why))
}

fn alignment_at(outcome: &Outcome, place: Evidence) -> Result<&model::Alignment, String> {
    let mut alignments = outcome.dossier.stories.iter().flat_map(|story| &story.alignments);
    alignments
        .find(|alignment| alignment.voices.iter().any(|voice| meet(voice.evidence, place)))
        .ok_or_else(|| "no statement stands there".to_owned())
}

fn aligned(outcome: &Outcome, places: &[Evidence]) -> Result<(), String> {
    let holds = outcome.dossier.stories.iter().flat_map(|story| &story.alignments).any(|alignment| {
        places.iter().all(|&place| alignment.voices.iter().any(|voice| meet(voice.evidence, place)))
    });
    require(holds, "no alignment has all of them as voices")
}

fn status(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let (place, wanted) = (words.place()?, words.next()?);
    let is = kebab(&format!("{:?}", alignment_at(outcome, place)?.status));
    require(is == wanted, &format!("it stands as {is}"))
}

fn counts(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let counts = alignment_at(outcome, words.place()?)?.counts;
    let is = format!("{} {} {}", counts.outlets, counts.reports, counts.sources);
    require(is == words.rest, &format!("the counts are {is}"))
}

fn disputed(outcome: &Outcome, kind: &str, nature: Option<&str>, places: &[Evidence]) -> Result<(), String> {
    let mut found = outcome.dossier.stories.iter().flat_map(|story| &story.discrepancies);
    let found = found.find(|found| {
        found.kind == kind
            && places.iter().all(|&place| found.sides.iter().any(|side| meet(side.evidence, place)))
    });
    let is = kebab(&format!("{:?}", found.ok_or("no such discrepancy was found")?.nature));
    require(nature.is_none_or(|wanted| wanted == is), &format!("its nature is {is}"))
}

fn stance(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let (kind, by, place) = (words.next()?, words.next()?, words.place()?);
    let holds = outcome.dossier.stories.iter().flat_map(|story| &story.stances).any(|stance| {
        kebab(&format!("{:?}", stance.kind)) == kind && stance.by == by && meet(stance.evidence, place)
    });
    require(holds, "nobody of that name takes that stand there")
}

fn quotation_at(outcome: &Outcome, place: Evidence) -> Result<&model::Quotation, String> {
    let touches = |span: &Span| meet(Evidence { article: place.article, span: *span }, place);
    let mut quotations = outcome.dossier.articles[place.article].quotations.iter();
    quotations
        .find(|quotation| quotation.content.iter().any(touches))
        .ok_or_else(|| "no quotation stands there".to_owned())
}

fn quotation(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let (place, speaker) = (words.place()?, words.next()?);
    let is = quotation_at(outcome, place)?.speaker.as_deref().unwrap_or_default();
    require(is == speaker, &format!("its speaker is “{is}”"))
}

fn form(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let (place, wanted) = (words.place()?, words.next()?);
    let is = kebab(&format!("{:?}", quotation_at(outcome, place)?.form));
    require(is == wanted, &format!("its form is {is}"))
}

fn figure_at(outcome: &Outcome, place: Evidence) -> Result<&model::Figure, String> {
    let mut figures = outcome.dossier.articles[place.article].figures.iter();
    let touches =
        |figure: &&model::Figure| meet(Evidence { article: place.article, span: figure.span }, place);
    figures.find(touches).ok_or_else(|| "no figure stands there".to_owned())
}

fn figure(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let (place, low, high) = (words.place()?, words.next()?, words.next()?);
    let figure = figure_at(outcome, place)?;
    let same = |is: Option<Decimal>, wanted: &str| is == wanted.parse().ok();
    require(
        same(figure.low, low) && same(figure.high, high),
        &format!("its range is {:?} to {:?}", figure.low, figure.high),
    )
}

fn counted(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let (place, wanted) = (words.place()?, words.next()?);
    let is = figure_at(outcome, place)?.counts.as_deref().unwrap_or_default();
    require(is == wanted, &format!("it counts “{is}”"))
}

fn given(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let (place, wanted) = (words.place()?, words.next()?);
    let article = &outcome.dossier.articles[place.article];
    let quotation = figure_at(outcome, place)?.quotation.map(|number| &article.quotations[number]);
    let is = quotation.and_then(|quotation| {
        let printed = quotation.source.map(|source| source.of(&article.article.text));
        quotation.speaker.as_deref().or(printed)
    });
    let is = is.unwrap_or_default();
    require(is == wanted, &format!("“{is}” gives it"))
}

fn certainty(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let (place, wanted) = (words.place()?, words.next()?);
    let article = &outcome.dossier.articles[place.article];
    let mut clauses = article.statements.iter().flat_map(|statement| {
        let predicate = |clause: &model::Clause| clause.predicate.map(|word| statement.words[word].span);
        statement
            .clauses
            .iter()
            .filter(move |clause| predicate(clause).is_some_and(|span| place.span.contains(span)))
    });
    let clause = clauses.next().ok_or("no clause has its predicate there")?;
    let code = match kebab(&format!("{:?}", clause.certainty)).as_str() {
        "certain" => "CT+",
        "certain-not" => "CT-",
        "probable" => "PR+",
        "probable-not" => "PR-",
        "possible" => "PS+",
        "possible-not" => "PS-",
        _ => "Uu",
    };
    let grounds: Vec<&str> =
        clause.grounds.iter().map(|ground| ground.span.of(&article.article.text)).collect();
    require(code == wanted, &format!("it is {code}, by {grounds:?}"))?;
    while !words.rest.is_empty() {
        let word = words.next()?;
        require(grounds.contains(&word), &format!("the words that make it so are {grounds:?}"))?;
    }
    Ok(())
}

fn time(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let (place, wanted) = (words.place()?, words.next()?);
    let mut times = outcome.dossier.articles[place.article].times.iter();
    let found = times.find(|time| time.span.overlaps(place.span)).ok_or("no time stands there")?;
    require(found.value == wanted, &format!("its value is {}", found.value))
}

fn published(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let (article, value, origin) = (words.next()?, words.next()?, words.next()?);
    let published = &outcome.dossier.articles[outcome.article(article)?].article.published;
    let published = published.as_ref().ok_or("it has no publication date")?;
    let is = kebab(&format!("{:?}", published.origin));
    require(published.value == value && is == origin, &format!("it is {} ({is})", published.value))
}

fn entity(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let (place, name) = (words.place()?, words.next()?);
    let article = &outcome.dossier.articles[place.article];
    let mention = article
        .mentions
        .iter()
        .find(|mention| meet(Evidence { article: place.article, span: mention.span }, place));
    let entity = &article.entities[mention.ok_or("no name stands there")?.entity];
    let kind: EntityKind = entity.kind;
    require(entity.name == name, &format!("it stands for {} ({kind:?})", entity.name))
}

fn furniture(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let place = words.place()?;
    let mut furniture = outcome.dossier.articles[place.article].article.furniture.iter();
    require(furniture.any(|piece| piece.span.contains(place.span)), "it is taken for part of the report")
}

fn headline(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let place = words.place()?;
    let is = outcome.dossier.articles[place.article].article.headline;
    require(is == Some(place.span), &format!("the headline is {is:?}"))
}

fn skipped(outcome: &Outcome, words: &mut Words) -> Result<(), String> {
    let (input, reason) = (words.next()?, words.next()?);
    let found = outcome.dossier.skipped.iter().filter(|skipped| skipped.input.starts_with(input));
    let reasons: Vec<&str> = found.map(|skipped| skipped.reason.as_str()).collect();
    match reasons.as_slice() {
        [] => Err("it was not skipped".to_owned()),
        all => require(all.iter().any(|is| is.contains(reason)), &format!("the reasons are {all:?}")),
    }
}

/// `QuoteAltered` → `quote-altered`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.extend(letter.to_lowercase());
    }
    out
}
