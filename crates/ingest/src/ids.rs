//! No id twice in a run: the second `a` becomes `a#2`. Serves one input, many inputs and endless streams alike.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

/// Gives out ids that no other article of the run has.
///
/// It keeps eight bytes an id, so that a run over an archive stays small, and depends only on which ids were given
/// out: a run that is taken up again notes those and goes on as if it had never stopped.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    taken: BTreeSet<u64>,
    /// For ids that came twice: the number from which one may be free.
    next: BTreeMap<u64, usize>,
}

impl Ids {
    /// The id itself when it is free, else the first free of `id#2`, `id#3`, …
    pub fn give(&mut self, id: String) -> String {
        let base = fingerprint(&id);
        if self.taken.insert(base) {
            return id;
        }
        let mut number = self.next.get(&base).copied().unwrap_or(2);
        loop {
            let numbered = format!("{id}#{number}");
            number += 1;
            if self.taken.insert(fingerprint(&numbered)) {
                self.next.insert(base, number);
                return numbered;
            }
        }
    }

    /// Notes an id that was given out before this run was taken up again.
    pub fn note(&mut self, id: &str) {
        self.taken.insert(fingerprint(id));
    }
}

/// Eight bytes of SHA-256. Should two ids ever share them, one is called `#2` without need.
fn fingerprint(id: &str) -> u64 {
    let digest = Sha256::digest(id.as_bytes());
    u64::from_be_bytes(digest[..8].try_into().expect("a digest has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn an_id_stands_once_whatever_the_inputs_call_their_articles() {
        let mut ids = Ids::default();
        let given: Vec<String> =
            ["a", "a#2", "a", "a", "b", "a#2"].iter().map(|id| ids.give((*id).to_owned())).collect();
        assert_eq!(given, ["a", "a#2", "a#3", "a#4", "b", "a#2#2"]);
    }

    #[test]
    fn a_run_that_is_taken_up_goes_on_as_if_it_had_not_stopped() {
        let asked = ["a", "b", "a", "a", "a#2", "b", "a"];
        let mut whole = Ids::default();
        let unbroken: Vec<String> = asked.iter().map(|id| whole.give((*id).to_owned())).collect();
        for stop in 0..asked.len() {
            let mut ids = Ids::default();
            unbroken[..stop].iter().for_each(|id| ids.note(id));
            let rest: Vec<String> = asked[stop..].iter().map(|id| ids.give((*id).to_owned())).collect();
            assert_eq!(rest, unbroken[stop..]);
        }
    }
}
