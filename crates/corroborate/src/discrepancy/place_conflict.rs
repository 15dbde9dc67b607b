//! # Place conflict
//!
//! **What it finds** The same passage with another place in it.
//!
//! **Why it matters** Where something happened decides who can confirm it.
//!
//! **Example** The Example Herald: "The ferry sank off Port Alma." The Sample Post, otherwise word for word: "The ferry
//! sank off Port Brenn."
//!
//! **What it ignores** A place given more or less exactly, datelines, two forms of one name.
//!
//! **Sources** The five Ws of news reporting.

use model::Discrepancy;

use super::Kind;
use super::rows::{self, RowOptions, Telling};
use crate::change::ChangeKind;
use crate::scene::Scene;

pub(super) const KIND: Kind = Kind { id: ID, title: "Where", find };
const ID: &str = "place-conflict";

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    rows::rows(scene, &[ChangeKind::Place], &RowOptions { kind: ID, nature: rows::conflict, why })
}

fn why(telling: &Telling<'_>) -> String {
    let [one, other] = telling.outlets;
    let [here, there] = telling.words;
    format!("{one} puts it in {here}, {other} in {there}; the rest of the passage is the same.")
}
