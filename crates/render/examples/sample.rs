//! Prints the invented sample: `cargo run -p render --example sample -- FORMAT [WIDTH] [colour|hostile|large]`.
//! A change of look is looked at with it, and `cases/render` is written with it.

use std::io;

use render::{Colour, KeepText, OUTPUTS, RenderOptions};

#[path = "../src/sample/mod.rs"]
mod sample;

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| words.iter().any(|w| w == word);
    let options = RenderOptions {
        width: words.get(1).and_then(|w| w.parse().ok()).unwrap_or(80),
        colour: if has("colour") { Colour::Always } else { Colour::Never },
        text: KeepText::Whole,
        version: "0.1.0",
    };
    let dossier = if has("hostile") {
        sample::hostile()
    } else if has("large") {
        sample::large(9)
    } else {
        sample::dossier()
    };
    let format = words.first().map_or("text", String::as_str);
    match OUTPUTS.iter().find(|output| output.id == format) {
        Some(output) => (output.render)(&dossier, &options, &mut io::stdout().lock()),
        None => Err(io::Error::other(format!("There is no output `{format}`."))),
    }
}
