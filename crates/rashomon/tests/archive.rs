//! The archive: what is added is found again, one comparison of all inputs says the same, and news is told once.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the message")]

use std::path::Path;

use model::{EventKind, EventRow, RevisionKind, Standing, Status};
use rashomon::archive::{self, Paging, Query, Reader};
use rashomon::{Archive, ArchiveOptions, CompareOptions, Engine, Raw, ReadOptions, Reading};
use render::{Colour, KeepText, OUTPUTS, RenderOptions};
use serde_json::Value;

const AT: &str = "2022-03-01T09:00:00Z";

/// An input: its name and its bytes.
type Input = (String, Vec<u8>);

fn options() -> CompareOptions {
    CompareOptions { reports_min: 2, thread_count: 2, reference_date: None }
}

fn archive_options(folder: &Path) -> ArchiveOptions {
    let overrides = archive::overrides_path(&folder.join("desk.db"));
    ArchiveOptions { read: ReadOptions::english(None), compare: options(), overrides }
}

fn archive_in(folder: &Path) -> Archive {
    Archive::open(&folder.join("desk.db"), Engine::built_in(), archive_options(folder)).unwrap()
}

fn add(archive: &mut Archive, (name, bytes): &Input) -> Vec<EventRow> {
    let before = archive.reader().last_event().unwrap();
    archive.add(&[Raw { name, bytes }], AT, &|_, _| {}).unwrap();
    archive.settle(AT, &|_, _| {}).unwrap();
    archive.reader().events(before, 100).unwrap()
}

fn report(outlet: &str, page: &str, title: &str, text: &str) -> Input {
    let record = serde_json::json!({
        "id": format!("{outlet}-{page}"), "outlet": outlet, "url": format!("https://{outlet}.example/{page}"),
        "published": "2022-02-15", "title": title, "text": text,
    });
    (format!("{outlet}-{page}.jsonl"), format!("{record}\n").into_bytes())
}

fn herald() -> Input {
    report(
        "herald",
        "1",
        "Old bridge in Tornby collapses",
        "The old bridge in Tornby collapsed on Tuesday morning, killing 3 people, police chief Ana Ruiz said. The mayor of Tornby, Olaf Berg, said the bridge had been inspected in January.",
    )
}

fn courier() -> Input {
    report(
        "courier",
        "7",
        "Six dead as Tornby bridge collapses",
        "The old bridge in Tornby collapsed on Tuesday, killing 6 people, hospital director Mats Lind said. Divers were still searching the river.",
    )
}

fn json(dossier: &model::Dossier) -> Value {
    let output = OUTPUTS.iter().find(|output| output.id == "json").unwrap();
    let options =
        RenderOptions { width: 100, colour: Colour::Never, text: KeepText::Whole, version: "1.2.3" };
    let mut out = Vec::new();
    (output.render)(dossier, &options, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn what_is_added_is_found_again_and_adding_it_twice_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = archive_in(folder.path());
    add(&mut archive, &herald());
    add(&mut archive, &courier());
    let stories = archive.reader().stories(Paging { before: None, limit: 10 }).unwrap();
    let again = (format!("elsewhere/{}", herald().0), herald().1);
    assert_eq!(add(&mut archive, &again), []);
    assert_eq!(archive.reader().stories(Paging { before: None, limit: 10 }).unwrap(), stories);
    let reader = archive::open_reader(&folder.path().join("desk.db")).unwrap();
    let health = reader.health().unwrap();
    assert_eq!((health.input_count, health.article_count, health.stale_count), (2, 2, 0));
    assert_eq!(stories.len(), 1, "{stories:#?}");
    let summary = stories[0].summary.as_ref().unwrap();
    assert_eq!(summary.outlets, ["courier", "herald"]);
    assert!(
        summary.differences.iter().any(|difference| difference.kind == "figure-conflict"),
        "{summary:#?}"
    );
    let dossier = archive::dossier(&reader, &stories[0].id).unwrap().unwrap();
    assert_eq!((dossier.articles.len(), dossier.inputs.len()), (2, 2));
    let check = archive.check(&|_, _| {}).unwrap();
    assert_eq!(check.complaints, []);
    assert_eq!((check.capture_count, check.article_count), (2, 2));
    searches(&reader);
}

fn searches(reader: &Reader) {
    let all = Query {
        words: "bridge killing".to_owned(),
        names: vec!["Tornby".to_owned()],
        speakers: vec!["ruiz".to_owned()],
        outlets: vec!["Herald".to_owned()],
        since: Some("2022-02-01".to_owned()),
        until: Some("2022-02-15".to_owned()),
        kinds: vec!["figure-conflict".to_owned()],
    };
    let page = Paging { before: None, limit: 10 };
    let hits = reader.search(&all, page).unwrap();
    assert_eq!(hits.hits.len(), 1, "{hits:#?}");
    let hit = &hits.hits[0];
    assert_eq!(hit.article.id, "herald-1");
    assert!(hit.excerpt.iter().any(|piece| piece.found && piece.text == "killing"));
    let text = reader.article("herald-1").unwrap().unwrap().1.article.text;
    let plain: String = hit.excerpt.iter().map(|piece| piece.text.as_str()).collect();
    assert_eq!(hit.span.unwrap().of(&text), plain);
    let none = |change: &dyn Fn(&mut Query)| {
        let mut query = all.clone();
        change(&mut query);
        reader.search(&query, page).unwrap().hits.is_empty()
    };
    assert!(none(&|query| query.words = "bridge -killing".to_owned()));
    assert!(none(&|query| query.speakers = vec!["Lind".to_owned()]));
    assert!(none(&|query| query.outlets = vec!["Nobody".to_owned()]));
    assert!(none(&|query| query.until = Some("2022-02-14".to_owned())));
    assert!(none(&|query| query.kinds = vec!["date-conflict".to_owned()]));
    let both = Query { words: "\"old bridge\"".to_owned(), ..Query::default() };
    let first = reader.search(&both, Paging { before: None, limit: 1 }).unwrap();
    assert!(first.more);
    let next = Paging { before: Some(first.hits[0].article.number), limit: 1 };
    assert_eq!(reader.search(&both, next).unwrap().hits[0].article.id, "herald-1");
    assert!(reader.search(&Query::default(), page).unwrap_err().is_query());
}

/// All articles of the repository's own stories: the README's, and those of the cases.
fn inputs() -> Vec<Input> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    let mut folders =
        vec![root.join("examples/ferry"), root.join("cases/stories"), root.join("cases/discrepancy")];
    while let Some(folder) = folders.pop() {
        let mut paths: Vec<_> =
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let name = path.strip_prefix(&root).unwrap().display().to_string().replace('/', "-");
            let is_case = path.file_stem().is_some_and(|stem| stem.to_str().unwrap().parse::<u8>().is_ok());
            if path.is_dir() {
                folders.push(path);
            } else if is_case {
                found.push((name.clone(), record(&name, &std::fs::read_to_string(&path).unwrap())));
            } else if path.ends_with(Path::new("ferry").join(path.file_name().unwrap())) {
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found
}

/// A case's article as a line of JSONL.
fn record(id: &str, text: &str) -> Vec<u8> {
    let (header, body) = text.split_once("\n\n").unwrap_or(("", text));
    let mut record = serde_json::Map::new();
    record.insert("id".to_owned(), id.into());
    for (key, value) in header.lines().filter_map(|line| line.split_once(':')) {
        record.insert(key.trim().to_owned(), value.trim().into());
    }
    record.insert("text".to_owned(), body.trim_end().into());
    format!("{}\n", Value::Object(record)).into_bytes()
}

/// The same inputs in another order, told by a number.
fn shuffled(mut inputs: Vec<Input>, seed: u64) -> Vec<Input> {
    let mut state = seed;
    for place in (1..inputs.len()).rev() {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        inputs.swap(place, (state >> 33) as usize % (place + 1));
    }
    inputs
}

#[test]
fn an_archive_that_grew_says_what_one_comparison_of_its_captures_says() {
    let engine = Engine::built_in();
    // A few at a time in one order, all at once in the other, one by one in the last.
    for (seed, step) in [(0, 7), (1, 1000), (2, 1)] {
        let inputs = shuffled(inputs(), seed);
        assert!(inputs.len() > 20, "the cases are there");
        let folder = tempfile::tempdir().unwrap();
        let mut archive = archive_in(folder.path());
        for some in inputs.chunks(step) {
            let raws: Vec<Raw> = some.iter().map(|(name, bytes)| Raw { name, bytes }).collect();
            archive.add(&raws, AT, &|_, _| {}).unwrap();
            archive.settle(AT, &|_, _| {}).unwrap();
        }
        let reader = archive.reader();
        let mut captured = reader.inputs(Paging { before: None, limit: 1000 }).unwrap();
        captured.reverse();
        let mut reading = Reading::default();
        for input in &captured {
            let bytes = reader.bytes(input).unwrap();
            rashomon::read(
                &Raw { name: &input.name, bytes: &bytes },
                &ReadOptions::english(None),
                &mut reading,
            );
        }
        let batch = json(&engine.compare(reading, &options()));
        let stories = batch["stories"].as_array().unwrap();
        assert_eq!(reader.health().unwrap().story_count, stories.len());
        for story in stories {
            let id = story["id"].as_str().unwrap();
            let dossier = archive::dossier(reader, id).unwrap();
            let live =
                json(&dossier.unwrap_or_else(|| panic!("order {seed}: the archive has no story {id}")));
            assert_eq!(&live["stories"][0], story, "order {seed}, story {id}");
            for article in live["articles"].as_array().unwrap() {
                let same =
                    batch["articles"].as_array().unwrap().iter().find(|other| other["id"] == article["id"]);
                assert_eq!(Some(article), same, "order {seed}");
            }
        }
    }
}

#[test]
fn each_change_is_told_once_and_a_fortieth_copy_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = archive_in(folder.path());
    assert_eq!(add(&mut archive, &herald()), []);
    let told = add(&mut archive, &courier());
    let figure: Vec<&EventRow> = told.iter().filter(|event| event.kind == EventKind::Difference).collect();
    assert_eq!(figure.len(), 1, "{told:#?}");
    assert_eq!(figure[0].old, Some(Standing::Value("3 people".to_owned())));
    assert_eq!(figure[0].new, Standing::Value("6 people".to_owned()));
    assert_eq!(figure[0].by.as_deref(), Some("Mats Lind"));
    assert!(figure[0].evidence[0].words.contains("killing 6 people"), "{figure:#?}");
    let (_, original) = courier();
    for number in 0..40 {
        let text = String::from_utf8(original.clone()).unwrap().replace("courier", &format!("copy{number}"));
        assert_eq!(
            add(&mut archive, &(format!("copy{number}.jsonl"), text.into_bytes())),
            [],
            "copy {number}"
        );
    }
    let confirming = report(
        "post",
        "3",
        "Bridge in Tornby had been inspected",
        "The old bridge in Tornby that collapsed on Tuesday had been inspected in January, engineer Lea Holm said. Divers searched the river on Tuesday.",
    );
    let told = add(&mut archive, &confirming);
    let statuses: Vec<_> = told.iter().filter(|event| event.kind == EventKind::Status).collect();
    // It says two things that others said before: that the bridge collapsed, and that it had been inspected.
    let about = |words: &str| statuses.iter().filter(|event| event.gist.words.contains(words)).count();
    assert_eq!((about("collapsed"), about("inspected"), statuses.len()), (1, 1, 2), "{told:#?}");
    let corroborated = |event: &&EventRow| event.new == Standing::Status(Status::Corroborated);
    assert!(statuses.iter().copied().all(|event| corroborated(&event)), "{told:#?}");
    // Nothing is told again by a process that opens the archive anew.
    let last = archive.reader().last_event().unwrap();
    drop(archive);
    let mut archive = archive_in(folder.path());
    archive.resume(&|_, _| {}).unwrap();
    assert_eq!(archive.settle(AT, &|_, _| {}).unwrap().event_count, 0);
    assert_eq!(archive.reader().last_event().unwrap(), last);
}

#[test]
fn a_new_version_of_a_page_is_compared_by_statement_and_its_correction_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = archive_in(folder.path());
    let (name, first) = herald();
    add(&mut archive, &(name, first.clone()));
    let second = String::from_utf8(first)
        .unwrap()
        .replace("killing 3 people", "killing 5 people")
        .replace("said the bridge had been inspected", "said the bridge had allegedly been inspected");
    let told = add(&mut archive, &("herald-1-later.jsonl".to_owned(), second.into_bytes()));
    let corrections = told.iter().filter(|event| event.kind == EventKind::Correction).count();
    assert_eq!(corrections, 1, "{told:#?}");
    let versions = archive::versions(archive.reader(), "https://herald.example/1").unwrap();
    assert_eq!(versions.len(), 2);
    let kinds: Vec<RevisionKind> = versions[1].revisions.iter().map(|revision| revision.kind).collect();
    assert_eq!(kinds, [RevisionKind::Figure, RevisionKind::Softened], "{:#?}", versions[1].revisions);
}

/// A report of the flood of a day, written on another.
fn followed_up(outlet: &str, published: &str) -> Input {
    let (name, bytes) = report(
        outlet,
        "flood",
        "Flood of Tornby: inquiry goes on",
        "The inquiry into the flood of Tornby goes on, judge Lea Holm said. The flood of Tornby killed 9 people in the old town, police chief Ana Ruiz said. The dam of Tornby had been inspected by Mats Lind.",
    );
    (name, String::from_utf8(bytes).unwrap().replace("2022-02-15", published).into_bytes())
}

#[test]
fn stories_that_run_on_for_years_are_those_of_one_comparison_whichever_report_comes_last() {
    let days = [
        "2020-01-10",
        "2020-03-20",
        "2020-05-30",
        "2020-08-10",
        "2020-10-20",
        "2020-12-30",
        "2021-03-10",
        "2021-05-20",
        "2021-07-30",
        "2021-10-10",
        "2021-12-20",
        "2022-02-28",
    ];
    let inputs: Vec<Input> =
        (0..).zip(days).map(|(number, day)| followed_up(&format!("paper{number}"), day)).collect();
    for seed in 0..3 {
        let inputs = shuffled(inputs.clone(), seed);
        let folder = tempfile::tempdir().unwrap();
        for input in &inputs {
            // Opened anew each time: only the weeks around the report are looked at, and what they lead to.
            add(&mut archive_in(folder.path()), input);
        }
        let archive = archive_in(folder.path());
        let told = live(&archive);
        assert!((2..days.len()).contains(&told.len()), "the story runs on, and is cut: {}", told.len());
        assert_eq!(told, batch_with(&inputs, ""), "order {seed}");
    }
}

/// What one comparison of inputs says, with the user's decisions: the stories' JSON by id, dates and decisions applied.
fn batch_with(inputs: &[Input], decisions: &str) -> Vec<Value> {
    let mut reading = Reading::default();
    for (name, bytes) in inputs {
        rashomon::read(&Raw { name, bytes }, &ReadOptions::english(None), &mut reading);
    }
    reading.overrule("decisions", decisions).unwrap();
    let dossier = Engine::built_in().compare(reading, &options());
    let mut told: Vec<Value> = json(&dossier)["stories"].as_array().unwrap().clone();
    told.sort_by_key(|story| story["id"].as_str().unwrap().to_owned());
    told
}

fn live(archive: &Archive) -> Vec<Value> {
    let stories = archive.reader().stories(Paging { before: None, limit: 100 }).unwrap();
    let mut told: Vec<Value> = stories
        .iter()
        .map(|row| {
            let dossier = archive::dossier(archive.reader(), &row.id).unwrap().unwrap();
            json(&dossier)["stories"][0].clone()
        })
        .collect();
    told.sort_by_key(|story| story["id"].as_str().unwrap().to_owned());
    told
}

#[test]
fn decisions_are_replayed_as_in_one_run_and_can_be_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let other = report(
        "ledger",
        "3",
        "Apple growers of Merrow expect an early spring",
        "Apple growers around Merrow expect an early spring, said their chairman Piet Roth on Tuesday. Blossoms were seen in January.",
    );
    let inputs = [herald(), courier(), other];
    let mut archive = archive_in(folder.path());
    inputs.iter().for_each(|input| drop(add(&mut archive, input)));
    let before = live(&archive);
    let path = archive::overrides_path(&folder.path().join("desk.db"));
    let merge = model::Ruling::Merge(vec!["herald-1".to_owned(), "ledger-3".to_owned()]);
    let alias = model::Ruling::Alias { name: "Chief Ruiz".to_owned(), also: vec!["Ana Ruiz".to_owned()] };
    let ignore = model::Ruling::Ignore { article: "https://courier.example/7".to_owned(), words: None };
    let split = model::Ruling::Split(vec!["courier-7".to_owned(), "ledger-3".to_owned()]);
    let owner = model::Ruling::Owner { outlet: "courier".to_owned(), owner: "Tornby Press".to_owned() };
    let words = Some("inspected in January".to_owned());
    let unsaid = model::Ruling::Ignore { article: "herald-1".to_owned(), words };
    for (number, ruling) in [merge, split, alias, owner, unsaid, ignore].into_iter().enumerate() {
        let entry = model::Override { line: 0, by: Some("lea".to_owned()), at: Some(AT.to_owned()), ruling };
        archive::decide(&path, &entry).unwrap();
        archive.settle(AT, &|_, _| {}).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(live(&archive), batch_with(&inputs, &text), "after decision {number}");
    }
    assert_eq!(archive.check(&|_, _| {}).unwrap().complaints, []);
    let known = archive::decisions(&path).unwrap();
    assert_eq!(known.overrides.entries.len(), 6);
    assert_eq!(known.overrides.entries[0].by.as_deref(), Some("lea"));
    let undone: Vec<_> = std::iter::from_fn(|| archive::undo(&path).unwrap()).collect();
    assert_eq!(undone.len(), 6);
    archive.settle(AT, &|_, _| {}).unwrap();
    assert_eq!(live(&archive), before);
    // A file that is not in its form holds up what compares, and is told.
    std::fs::write(&path, "[[merge]]\narticles = 3\n").unwrap();
    assert!(archive.settle(AT, &|_, _| {}).unwrap_err().is_query());
}

#[test]
fn an_archive_in_another_form_is_refused_with_a_sentence_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut archive = archive_in(folder.path());
    add(&mut archive, &herald());
    add(&mut archive, &courier());
    let before = live(&archive);
    archive.put_fact("form", "1").unwrap();
    drop(archive);
    let opened = Archive::open(&path, Engine::built_in(), archive_options(folder.path()));
    for error in [opened.err().unwrap(), archive::open_reader(&path).err().unwrap()] {
        assert!(error.is_outdated(), "{error}");
        let told = error.to_string();
        assert!(told.contains("desk.db was written in form 1"), "{told}");
        assert!(told.contains("`rashomon doctor --reread --database "), "{told}");
    }
    let mut archive =
        Archive::open_to_reread(&path, Engine::built_in(), archive_options(folder.path())).unwrap();
    assert_eq!(archive.resume(&|_, _| {}).unwrap().article_count, 2);
    archive.settle(AT, &|_, _| {}).unwrap();
    assert_eq!(live(&archive), before);
    drop(archive);
    archive::open_reader(&path).unwrap();
    archive_in(folder.path());
}

#[test]
fn an_archive_that_is_held_still_stays_as_it_is_while_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = archive_in(folder.path());
    add(&mut archive, &herald());
    let reader = archive::open_reader(&folder.path().join("desk.db")).unwrap();
    let held = reader.hold().unwrap();
    add(&mut archive, &courier());
    assert_eq!(reader.health().unwrap().article_count, 1);
    let story = reader.stories(Paging { before: None, limit: 10 }).unwrap().remove(0);
    assert_eq!(archive::dossier(&reader, &story.id).unwrap().unwrap().articles.len(), 1);
    drop(held);
    assert_eq!(reader.health().unwrap().article_count, 2);
}
