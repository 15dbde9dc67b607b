//! Reports of events that never were, as many as wanted, the same for the same seed: something to fill an archive with.

use std::fmt::Write;

/// Articles that tell of one event, on average.
const REPORTS_PER_EVENT: u64 = 8;
/// Of so many reports one is a copy of another outlet's.
const COPY_OF: u64 = 4;
/// Paragraphs of a report: this many and up to twice as many.
const PARAGRAPHS_MIN: u64 = 8;

const ONSETS: &[&str] =
    &["B", "Br", "D", "F", "G", "H", "K", "L", "M", "N", "P", "R", "S", "T", "V", "St", "Tr"];
const MIDDLES: &[&str] =
    &["al", "en", "or", "ir", "un", "am", "el", "ost", "ard", "ev", "ol", "ik", "as", "ern"];
const ENDS: &[&str] =
    &["ton", "by", "ford", "wick", "holm", "stad", "ona", "ia", "mere", "berg", "field", "port"];
const FIRST_NAMES: &[&str] =
    &["Ana", "Olaf", "Mats", "Lea", "Piet", "Ruth", "Jonas", "Mirela", "Emil", "Sofia", "Tom", "Hanna"];
const OUTLETS: &[&str] =
    &["Herald", "Courier", "Post", "Gazette", "Ledger", "Lantern", "Observer", "Tribune", "Wire", "Echo"];
const EVENTS: &[(&str, &str)] = &[
    ("bridge", "collapsed"),
    ("ferry", "caught fire"),
    ("warehouse", "exploded"),
    ("dam", "burst"),
    ("train", "derailed"),
    ("mine", "flooded"),
    ("hospital", "lost power"),
    ("market hall", "burned down"),
];
const PLAIN: &[&str] = &[
    "Rescue teams from {town} and two neighbouring towns were sent to the {thing} before dawn.",
    "The {thing} was built {old} years ago and had passed its last inspection in {month}.",
    "Residents said they had complained about the state of the {thing} for {few} years.",
    "\"We heard a noise like thunder and ran outside,\" said {witness}, who lives across the street.",
    "The mayor of {town}, {mayor}, said the {thing} had been inspected in {month}.",
    "{mayor} denied that warnings about the {thing} had been ignored.",
    "Schools in {town} will stay closed on Wednesday, the council said.",
    "The company that runs the {thing} said it would pay for the repairs, which may cost {cost} million euros.",
    "Police chief {chief} said {hurt} people had been taken to hospital, {few} of them in a serious condition.",
    "\"Nobody here is ready to give up,\" {chief} told reporters at the scene.",
    "The government in the capital promised help and an inquiry within {few} weeks.",
    "Opposition leader {rival} said the accident could have been prevented.",
    "\"This was no act of nature,\" {rival} told parliament. \"Somebody saved money where none should be saved.\"",
    "Engineers were still looking for the cause on Tuesday evening.",
    "Traffic was diverted through {other}, where queues of several kilometres were reported.",
    "It could not be independently confirmed whether the alarms had been switched off.",
];

/// A source of chance, told by a seed (SplitMix64, Steele, Lea, Flood 2014).
pub struct Dice(pub u64);

impl Dice {
    /// A number below `count`.
    pub fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % count
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    fn name(&mut self) -> String {
        format!("{}{}{}", self.pick(ONSETS), self.pick(MIDDLES), self.pick(ENDS))
    }
}

/// Report number `number`, a line of JSONL.
pub fn report(number: u64) -> String {
    // Reports of one event are strewn over the archive, as they come in on one day from everywhere.
    let event = number % (number / REPORTS_PER_EVENT + 1).next_power_of_two();
    let mut chance = Dice(number ^ 0xa5a5);
    let outlet = chance.below(OUTLETS.len() as u64 * 30);
    let told_by = if chance.below(COPY_OF) == 0 { event ^ 0x77 } else { number };
    let (title, text) = telling(event, told_by);
    let name = OUTLETS[outlet as usize % OUTLETS.len()];
    let town = Dice(outlet).name();
    let day = event % 28 + 1;
    let month = event / 28 % 12 + 1;
    let record = serde_json::json!({
        "id": format!("r{number}"), "outlet": format!("{town} {name}"),
        "url": format!("https://{}-{}.example/{number}", town.to_lowercase(), name.to_lowercase()),
        "title": title, "published": format!("{}-{month:02}-{day:02}", 2020 + event / 336 % 6), "text": text,
    });
    format!("{record}\n")
}

/// An event as somebody tells it.
fn telling(event: u64, told_by: u64) -> (String, String) {
    let mut of_event = Dice(event.wrapping_mul(0x1234_5678_9abc_def1));
    let (thing, happened) = EVENTS[of_event.below(EVENTS.len() as u64) as usize];
    let [town, other] = [of_event.name(), of_event.name()];
    let mut person = || format!("{} {}", of_event.pick(FIRST_NAMES), of_event.name());
    let [chief, mayor, rival, witness] = [person(), person(), person(), person()];
    let dead = of_event.below(40) + 2;
    let mut own = Dice(told_by);
    let told = if own.below(3) == 0 { dead + own.below(5) } else { dead };
    let title = format!("{told} dead after {thing} {happened} in {town}");
    let mut text = format!(
        "{} (Wire) - The {thing} in {town} {happened} on Tuesday, killing {told} people, police chief {chief} said.",
        town.to_uppercase()
    );
    let mut left: Vec<&str> = PLAIN.to_vec();
    let mut kept = Vec::new();
    for _ in 0..(PARAGRAPHS_MIN + own.below(PARAGRAPHS_MIN)).min(PLAIN.len() as u64) {
        kept.push(left.remove(own.below(left.len() as u64) as usize));
    }
    for sentence in kept {
        let facts = [
            ("{town}", town.clone()),
            ("{other}", other.clone()),
            ("{thing}", thing.to_owned()),
            ("{chief}", chief.clone()),
            ("{mayor}", mayor.clone()),
            ("{rival}", rival.clone()),
            ("{witness}", witness.clone()),
            ("{month}", "January".to_owned()),
            ("{old}", (event % 80 + 10).to_string()),
            ("{few}", (event % 7 + 2).to_string()),
            ("{hurt}", (dead * 3).to_string()),
            ("{cost}", (event % 90 + 3).to_string()),
        ];
        let told = facts.iter().fold(sentence.to_owned(), |told, (slot, fact)| told.replace(slot, fact));
        let _ = write!(text, "\n\n{told}");
    }
    (title, text)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_same_number_tells_the_same_and_another_tells_another() {
        assert_eq!(super::report(7), super::report(7));
        assert_ne!(super::report(7), super::report(8));
        assert!(super::report(123_456).len() > 800);
    }
}
