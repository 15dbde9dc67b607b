//! Articles and the links between them; which of them must be clustered together.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::cluster::cluster;
use super::fragment::attach;
use super::index::Index;
use super::likeness::likeness;
use super::sketch::Sketch;
use super::weights::{ATTACH_MIN, JOIN_MIN};

/// Links weaker than this count as none.
const LINK_MIN: f32 = 0.03;
/// A link stands if it is among so many strongest of either of its articles.
const LINKS_MAX: usize = 128;
/// Components with more articles are cut at stronger links first. It bounds what one article can cost.
const COMPONENT_MAX: usize = 1024;
/// Strengths at which components are looked for: at the first that makes them small enough. What is still larger at the
/// last is one story.
const LEVELS: [f32; 6] = [ATTACH_MIN, 0.6, 0.8, 0.9, 0.96, 0.99];

/// What orders articles, whatever the order in which they came: day, text, number.
type Rank = (i32, u64, u64);

#[derive(Debug)]
struct Node {
    article: u64,
    sketch: Sketch,
    /// Linked slots with the strength of the link, strongest first.
    links: Vec<Link>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Link {
    slot: u32,
    strength: f32,
    /// Of the linked article.
    rank: Rank,
}

/// All articles that are kept.
#[derive(Debug, Default)]
pub(super) struct Graph {
    slots: BTreeMap<u64, u32>,
    nodes: Vec<Option<Node>>,
    free: Vec<u32>,
    index: Index,
    by_day: BTreeMap<i32, BTreeSet<u64>>,
    seen: RefCell<Seen>,
}

/// Scratch: in which walk over the links a slot was last seen.
#[derive(Debug, Default)]
struct Seen {
    walk: u64,
    by_slot: Vec<u64>,
}

/// A cluster.
pub(super) struct Grouped {
    pub id: String,
    pub articles: Vec<u64>,
}

impl Graph {
    /// Adds an article, and to `touched` those that must be clustered again. What is in there already came with all that
    /// it was clustered with, so that of many articles none is walked through twice.
    pub(super) fn add(&mut self, article: u64, sketch: Sketch, touched: &mut BTreeSet<u64>) {
        if self.slots.contains_key(&article) {
            return;
        }
        let rank = rank(article, &sketch);
        let mut links: Vec<Link> = Vec::new();
        for slot in self.index.candidates(&sketch) {
            let node = self.node(slot);
            let strength = likeness(&sketch, &node.sketch);
            if strength >= LINK_MIN {
                links.push(Link { slot, strength, rank: self.rank_of(slot) });
            }
        }
        sort(&mut links);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.nodes.push(None);
            (self.nodes.len() - 1) as u32
        });
        self.index.add(slot, &sketch);
        if let Some(day) = sketch.day {
            self.by_day.entry(day).or_default().insert(article);
        }
        self.slots.insert(article, slot);
        self.nodes[slot as usize] = Some(Node { article, sketch, links: Vec::new() });
        // What the neighbours belonged to before is clustered again, too: their component may have grown too large.
        // So is what may lose a link by this one.
        let changes =
            |link: &&Link| link.strength >= ATTACH_MIN || self.node(link.slot).links.len() >= LINKS_MAX;
        let neighbours: Vec<u32> = links.iter().filter(changes).map(|link| link.slot).collect();
        touched.insert(article);
        for neighbour in neighbours {
            if !touched.contains(&self.node(neighbour).article) {
                touched.extend(self.component(neighbour).iter().map(|&slot| self.node(slot).article));
            }
        }
        self.link(slot, rank, links);
    }

    /// Links a new article with others, and keeps the strongest links of each.
    fn link(&mut self, slot: u32, rank: Rank, links: Vec<Link>) {
        for (place, link) in links.into_iter().enumerate() {
            let back = Link { slot, strength: link.strength, rank };
            let other = self.node_mut(link.slot);
            let at = other.links.partition_point(|known| order(known, &back).is_lt());
            if place < LINKS_MAX || at < LINKS_MAX {
                other.links.insert(at, back);
                self.node_mut(slot).links.push(link);
                self.drop_weakest(link.slot);
            }
        }
    }

    /// Drops the link that an article's newest pushed beyond its strongest, unless the other side needs it.
    fn drop_weakest(&mut self, slot: u32) {
        let Some(pushed) = self.node(slot).links.get(LINKS_MAX).copied() else { return };
        let needed = self.node(pushed.slot).links.iter().take(LINKS_MAX).any(|link| link.slot == slot);
        if !needed {
            self.node_mut(slot).links.remove(LINKS_MAX);
            self.node_mut(pushed.slot).links.retain(|link| link.slot != slot);
        }
    }

    /// Those that are clustered together with an article, itself included.
    pub(super) fn clustered_with(&self, article: u64) -> BTreeSet<u64> {
        let Some(&slot) = self.slots.get(&article) else { return BTreeSet::new() };
        self.component(slot).iter().map(|&slot| self.node(slot).article).collect()
    }

    /// The first and the last day of those that are clustered together with some articles, before large components are
    /// cut.
    pub(super) fn reach(&self, articles: &mut dyn Iterator<Item = u64>) -> Option<[i32; 2]> {
        let (mut seen, mut reach): (BTreeSet<u32>, Option<[i32; 2]>) = (BTreeSet::new(), None);
        for article in articles {
            let Some(&slot) = self.slots.get(&article).filter(|slot| !seen.contains(slot)) else { continue };
            for slot in self.reached(slot, JOIN_MIN, COMPONENT_MAX) {
                seen.insert(slot);
                let day = self.node(slot).sketch.day;
                let [first, last] = [day.unwrap_or(i32::MIN), day.unwrap_or(i32::MAX)];
                reach = Some(reach.map_or([first, last], |all| [all[0].min(first), all[1].max(last)]));
            }
        }
        reach
    }

    /// Takes an article out.
    pub(super) fn remove(&mut self, article: u64) {
        let Some(slot) = self.slots.remove(&article) else { return };
        let node = self.nodes[slot as usize].take().expect("a known article has its node");
        for link in &node.links {
            self.node_mut(link.slot).links.retain(|back| back.slot != slot);
        }
        self.index.remove(slot, &node.sketch);
        if let Some(articles) = node.sketch.day.and_then(|day| self.by_day.get_mut(&day)) {
            articles.remove(&article);
        }
        self.free.push(slot);
    }

    /// Articles older than a day, and days without any dropped.
    pub(super) fn stale(&mut self, day: i32) -> Vec<u64> {
        self.by_day.retain(|_, articles| !articles.is_empty());
        self.by_day.range(..day).flat_map(|(_, articles)| articles.iter().copied()).collect()
    }

    /// Whether an article is dated and older than a day.
    pub(super) fn is_before(&self, article: u64, day: i32) -> bool {
        let slot = self.slots.get(&article);
        slot.and_then(|&slot| self.node(slot).sketch.day).is_some_and(|own| own < day)
    }

    /// The clusters of all components that hold one of these articles.
    pub(super) fn regrouped(&self, touched: &BTreeSet<u64>) -> Vec<Grouped> {
        let mut done: BTreeSet<u64> = BTreeSet::new();
        let mut groups = Vec::new();
        for article in touched {
            if done.contains(article) {
                continue;
            }
            let Some(&slot) = self.slots.get(article) else { continue };
            let members = self.component(slot);
            done.extend(members.iter().map(|&slot| self.node(slot).article));
            groups.extend(self.clustered(&members));
        }
        groups
    }

    /// The articles that are clustered together with one, in their order.
    fn component(&self, slot: u32) -> Vec<u32> {
        let mut members = Vec::new();
        for (number, &level) in LEVELS.iter().enumerate() {
            let limit = if number + 1 == LEVELS.len() { usize::MAX } else { COMPONENT_MAX };
            members = self.reached(slot, level, limit);
            if members.len() <= limit {
                break;
            }
        }
        members.sort_by_key(|&slot| self.rank_of(slot));
        members
    }

    /// What is reached over links of a strength, up to one article more than the limit.
    fn reached(&self, slot: u32, level: f32, limit: usize) -> Vec<u32> {
        let Seen { walk, by_slot } = &mut *self.seen.borrow_mut();
        by_slot.resize(self.nodes.len(), 0);
        *walk += 1;
        let mut is_new = |slot: u32| std::mem::replace(&mut by_slot[slot as usize], *walk) != *walk;
        is_new(slot);
        let mut members = vec![slot];
        let mut next = 0;
        while next < members.len() && members.len() <= limit {
            let node = self.node(members[next]);
            next += 1;
            for link in node.links.iter().take_while(|link| link.strength >= level) {
                if is_new(link.slot) {
                    members.push(link.slot);
                }
            }
        }
        members
    }

    fn clustered(&self, members: &[u32]) -> Vec<Grouped> {
        let clusters = if members.len() > COMPONENT_MAX {
            vec![(0..members.len()).collect()]
        } else {
            let place: BTreeMap<u32, usize> =
                members.iter().enumerate().map(|(place, &slot)| (slot, place)).collect();
            let links: Vec<(usize, usize, f64)> = members
                .iter()
                .enumerate()
                .flat_map(|(left, &slot)| self.node(slot).links.iter().map(move |link| (left, link)))
                .filter_map(|(left, link)| {
                    let right = *place.get(&link.slot)?;
                    (left < right).then_some((left, right, f64::from(link.strength)))
                })
                .collect();
            let clusters = cluster(members.len(), &links, f64::from(JOIN_MIN));
            attach(clusters, &links, f64::from(ATTACH_MIN))
        };
        clusters
            .into_iter()
            .map(|cluster: Vec<usize>| {
                let first = self.node(members[cluster[0]]);
                let mut articles: Vec<u64> =
                    cluster.iter().map(|&place| self.node(members[place]).article).collect();
                articles.sort_unstable();
                Grouped { id: id(&first.sketch), articles }
            })
            .collect()
    }

    fn rank_of(&self, slot: u32) -> Rank {
        let node = self.node(slot);
        rank(node.article, &node.sketch)
    }

    fn node(&self, slot: u32) -> &Node {
        self.nodes[slot as usize].as_ref().expect("links and index point at articles that are kept")
    }

    fn node_mut(&mut self, slot: u32) -> &mut Node {
        self.nodes[slot as usize].as_mut().expect("links and index point at articles that are kept")
    }
}

fn rank(article: u64, sketch: &Sketch) -> Rank {
    (sketch.day.unwrap_or(i32::MAX), sketch.digest, article)
}

fn order(one: &Link, other: &Link) -> std::cmp::Ordering {
    other.strength.total_cmp(&one.strength).then(one.rank.cmp(&other.rank))
}

fn sort(links: &mut [Link]) {
    links.sort_by(order);
}

/// A story's id, made of the day and text of its first article.
fn id(first: &Sketch) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    const LENGTH: u32 = 12;
    let day = first.day.unwrap_or(i32::MAX).to_string();
    let hash = crate::words::hash_of([day.as_str(), &format!("{:016x}", first.digest)].into_iter());
    let letter = |place: u32| char::from(LETTERS[(hash >> (5 * place) & 31) as usize]);
    std::iter::once('s').chain((0..LENGTH).map(letter)).collect()
}
