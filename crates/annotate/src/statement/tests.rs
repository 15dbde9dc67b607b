//! Statements of sentences of our own invention, read by the built-in pipeline.

use model::{Article, Certainty, HedgeKind, StanceKind, Statement, TokenRole};

use crate::{Purpose, Tools};

fn statements(text: &str) -> Vec<Statement> {
    statements_for(Purpose::Comparing, text)
}

fn statements_for(purpose: Purpose, text: &str) -> Vec<Statement> {
    let tools = Tools::built_in();
    let article = Article {
        id: "a".to_string(),
        input: "a.txt".to_string(),
        language: "en".to_string(),
        text: text.to_string(),
        ..Article::default()
    };
    crate::annotate(&tools, &mut tools.session(), article, purpose).value.annotated.statements
}

fn keys(statement: &Statement) -> Vec<&str> {
    statement.words.iter().map(|word| &*word.key).collect()
}

#[test]
fn content_words_have_one_spelling_and_numbers_a_value() {
    let found = statements("The harbour centre was organised by some 14,000 volunteers from the US.");
    let keys = keys(&found[0]);
    assert!(keys.contains(&"center") && keys.contains(&"#14000"), "{keys:?}");
    assert!(keys.contains(&"us") && !keys.contains(&"the"), "{keys:?}");
}

#[test]
fn a_sentence_that_only_announces_what_is_told_states_nothing() {
    let says_something = |text: &str| !statements(text)[0].words.is_empty();
    assert!(!says_something("Passengers gave another account."));
    assert!(!says_something("The captain told a different story."));
    assert!(says_something("The captain gave no account."));
    assert!(says_something("Passengers left the ferry."));
}

#[test]
fn who_says_it_is_no_statement_of_its_own() {
    let last = |text: &str| statements(text).pop().map(|last| last.words.len());
    assert_eq!(
        last("“The pier will be closed until the spring.” Harbour master Ada Brandt said on Tuesday."),
        Some(0)
    );
    assert_ne!(
        last("The pier will be closed until the spring. Harbour master Ada Brandt sang on Tuesday."),
        Some(0)
    );
    let of_clauses = |text: &str| {
        let found = statements(text).remove(0);
        let keys = |clause: &model::Clause| {
            clause.words.iter().map(|&word| found.words[word].key.to_string()).collect()
        };
        found.clauses.iter().map(keys).collect::<Vec<Vec<String>>>()
    };
    let told = of_clauses("The harbour master Ada Brandt said on Tuesday that the pier would close.");
    assert!(told[0].is_empty() && told[1].contains(&"pier".to_string()), "{told:?}");
    let counted = of_clauses("Some 300 residents said that the pier would close.");
    assert!(counted[0].contains(&"#300".to_string()), "{counted:?}");
    let denied = of_clauses("The harbour master did not say that the pier would close.");
    assert!(!denied[0].is_empty(), "{denied:?}");
}

#[test]
fn the_stream_folds_what_agencies_change() {
    let forms = |text: &str| {
        statements(text)[0].stream.iter().map(|token| token.form.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        forms("The U.S. didn’t pay 14 000 workers, or 3 per cent."),
        forms("The US did not pay 14,000 workers, or three percent.")
    );
}

#[test]
fn tokens_know_what_a_change_of_them_would_mean() {
    let found = statements("Police said on Tuesday that the driver was allegedly not drunk.");
    let roles = |role| {
        found[0]
            .stream
            .iter()
            .filter(|token| token.role == role)
            .map(|token| &*token.form)
            .collect::<Vec<_>>()
    };
    assert_eq!(roles(TokenRole::Speech), ["said"]);
    assert_eq!(roles(TokenRole::Calendar), ["tuesday"]);
    assert_eq!(roles(TokenRole::Hedge), ["allegedly"]);
    assert_eq!(roles(TokenRole::Negation), ["not"]);
    assert_eq!(roles(TokenRole::Filler), ["that", "the"]);
}

#[test]
fn what_befalls_those_counted_is_read_from_verb_and_noun() {
    let class = |text: &str| statements(text)[0].slots.first().and_then(|slot| slot.class.clone());
    assert_eq!(class("At least 12 people were killed in the fire.").as_deref(), Some("death"));
    assert_eq!(class("The fire left 30 residents injured.").as_deref(), Some("injury"));
    assert_eq!(class("The fire destroyed 12 houses."), None);
}

#[test]
fn negation_and_hedges_decide_certainty() {
    let certainty = |text: &str| statements(text)[0].certainty;
    assert_eq!(certainty("The bridge collapsed at dawn."), Certainty::Certain);
    assert_eq!(certainty("The bridge did not collapse."), Certainty::CertainNot);
    assert_eq!(certainty("The bridge may collapse."), Certainty::Possible);
    assert_eq!(certainty("The bridge will probably collapse."), Certainty::Probable);
    assert_eq!(certainty("The report could not be independently verified."), Certainty::Uncommitted);
}

#[test]
fn a_generic_source_is_a_hedge_and_a_person_is_none() {
    let sources = |text: &str| {
        statements(text)[0].hedges.iter().filter(|hedge| hedge.kind == HedgeKind::Source).count()
    };
    assert_eq!(sources("Police said that the driver fled on foot."), 1);
    assert_eq!(sources("Ana Ruiz said that the driver fled on foot."), 0);
}

#[test]
fn stances_have_a_holder() {
    let stance = |text: &str| statements(text)[0].stances.first().map(|cue| (cue.kind, cue.by.clone()));
    let denied = stance("The ministry denied that it had ordered the raid.").expect("a denial is found");
    assert_eq!(denied.0, StanceKind::Denies);
    assert!(denied.1.is_some_and(|by| by.contains("ministry")));
    let doubt = stance("Inspectors have not seen any evidence of a leak.").expect("a doubt is found");
    assert_eq!(doubt.0, StanceKind::Doubts);
    assert_eq!(stance("The guards denied her entry to the hall."), None, "nothing said is denied here");
    assert_eq!(
        stance("The company did not confirm the sale.").map(|stance| stance.0),
        Some(StanceKind::Declines)
    );
    assert_eq!(stance("The minister does not deny that he signed it."), None, "he denies nothing");
    assert_eq!(
        stance("The mayor called the report complete nonsense.").map(|stance| stance.0),
        Some(StanceKind::Denies)
    );
    assert_eq!(
        stance("The harbour office was not in a position to confirm the sinking.").map(|stance| stance.0),
        Some(StanceKind::Doubts)
    );
    assert_eq!(stance("The company declined to comment.").map(|stance| stance.0), Some(StanceKind::Declines));
}

#[test]
fn a_statement_told_by_itself_is_as_sure_as_one_that_is_compared() {
    let text = "Storm over Norland\n\nPer cent. Don't! The mayor said on Tuesday that the pier, which may collapse, had \
                not been closed. Passengers gave another account. It could not be independently verified whether 12 \
                boats, or 3 per cent, sank in the U.S. harbour.";
    let (told, compared) = (statements_for(Purpose::Telling, text), statements(text));
    let shown = |statement: &Statement| {
        let clauses =
            statement.clauses.iter().map(|clause| (clause.span, clause.certainty, clause.grounds.clone()));
        (statement.span, statement.sentence, statement.certainty, clauses.collect::<Vec<_>>())
    };
    assert_eq!(told.iter().map(shown).collect::<Vec<_>>(), compared.iter().map(shown).collect::<Vec<_>>());
    assert!(told.iter().all(|told| told.words.is_empty() && told.stream.is_empty()));
    assert_eq!(told.len(), 5, "the first sentence is one word");
}

#[test]
fn odd_texts_are_no_trouble() {
    for text in ["", "\u{a0}", "!!! ???", "“", "1", "a\u{301}\u{301} 1,0,0,0 5:", "…"] {
        assert_eq!(statements_for(Purpose::Telling, text).len(), statements(text).len());
    }
}
