//! The archive that grows article by article says what one comparison of all its inputs says.

use rashomon::archive::{self, Paging, Query};
use rashomon::{Archive, CompareOptions, Engine, Raw};

const AT: &str = "2022-03-01T09:00:00Z";

fn options() -> CompareOptions {
    CompareOptions { reports_min: 2, thread_count: 2, reference_date: None }
}

fn line(outlet: &str, day: &str, title: &str, text: &str) -> String {
    format!(
        "{{\"id\":\"{outlet}\",\"outlet\":\"{outlet}\",\"url\":\"https://{outlet}.example/1\",\"published\":\"{day}\",\"title\":\"{title}\",\"text\":\"{text}\"}}\n"
    )
}

#[test]
fn what_is_added_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut archive = Archive::open(&path, Engine::built_in(), options()).unwrap();
    let first = line(
        "herald",
        "2022-02-15",
        "Old bridge in Tornby collapses",
        "TORNBY - The old bridge in Tornby collapsed on Tuesday morning, killing 3 people, police chief Ana Ruiz said. The mayor, Olaf Berg, said the bridge had been inspected in January.",
    );
    let second = line(
        "courier",
        "2022-02-15",
        "Six dead as Tornby bridge collapses",
        "The old bridge in Tornby collapsed on Tuesday, killing 6 people, hospital director Mats Lind said. Olaf Berg, the mayor, denied that the bridge had been inspected in January.",
    );
    for (name, text) in [("a.jsonl", &first), ("b.jsonl", &second), ("copy/a.jsonl", &first)] {
        archive.add(&[Raw { name, bytes: text.as_bytes() }], AT, &|_, _| {}).unwrap();
        archive.settle(AT, &|_, _| {}).unwrap();
    }
    let reader = archive::open_reader(&path).unwrap();
    let health = reader.health().unwrap();
    assert_eq!((health.input_count, health.article_count, health.stale_count), (2, 2, 0));
    let stories = reader.stories(Paging { before: None, limit: 10 }).unwrap();
    assert_eq!(stories.len(), 1, "{stories:#?}");
    let dossier = archive::dossier(&reader, &stories[0].id).unwrap().unwrap();
    assert_eq!(dossier.articles.len(), 2);
    assert!(!dossier.stories[0].discrepancies.is_empty());
    let query = Query {
        words: "bridge killing".to_owned(),
        speakers: vec!["ruiz".to_owned()],
        outlets: vec!["Herald".to_owned()],
        since: Some("2022-02-01".to_owned()),
        kinds: vec!["figure-conflict".to_owned()],
        ..Query::default()
    };
    let hits = reader.search(&query, Paging { before: None, limit: 10 }).unwrap();
    assert_eq!(hits.hits.len(), 1, "{hits:#?}");
    assert!(hits.hits[0].excerpt.iter().any(|piece| piece.found && piece.text == "bridge"));
    let check = archive.check(&|_, _| {}).unwrap();
    assert_eq!(check.complaints, []);
    assert_eq!((check.capture_count, check.article_count), (2, 2));
}
