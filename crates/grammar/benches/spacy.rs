//! Our speed beside spaCy's: the same text, one thread each, in turns, so that both meet the same machine.
//!
//! `cargo bench -p grammar --bench spacy -- PYTHON PIPELINE FILE…`: a Python that has spaCy, the unpacked pipeline,
//! and texts. What counts is processor time, which other programs on the machine disturb less than the clock.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a bench reads the clock and prints")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use grammar::{Grammar, Session};

/// Rounds; the best one of each side counts.
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [python, pipeline, paths @ ..] = words.as_slice() else {
        println!("usage: cargo bench -p grammar --bench spacy -- PYTHON PIPELINE FILE…");
        return Ok(());
    };
    let texts: Vec<String> = paths.iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/spacy_round.py");
    let mut spacy = Command::new(python)
        .arg(script)
        .arg(pipeline)
        .args(paths)
        .envs(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"].map(|name| (name, "1")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut ask = spacy.stdin.take().ok_or("spaCy has no input")?;
    let mut answers = BufReader::new(spacy.stdout.take().ok_or("spaCy has no output")?).lines();
    answers.next().ok_or("spaCy did not start")??;

    let (start, clock) = (processor_seconds(), Instant::now());
    let built_in = Grammar::english();
    println!(
        "load built-in      {:6.1} ms ({:.1} ms by the clock)",
        (processor_seconds() - start) * 1e3,
        clock.elapsed().as_secs_f64() * 1e3
    );
    let full = Grammar::load(Path::new(pipeline))?;
    let mut sessions = [built_in.session(), full.session()];
    let mut best = [f64::INFINITY; 4];
    let mut tokens = 0;
    for _ in 0..ROUNDS {
        ask.write_all(b"\n")?;
        let answer = answers.next().ok_or("spaCy has ended")??;
        let mut fields = answer.split(' ').map(str::parse::<f64>);
        tokens = fields.next().ok_or("spaCy counts")?? as usize;
        best[0] = best[0].min(fields.next().ok_or("spaCy measures")??);
        for (at, session) in sessions.iter_mut().enumerate() {
            let (count, seconds) = round(session, &texts);
            assert_eq!(count, tokens, "both see the same tokens");
            best[at + 1] = best[at + 1].min(seconds);
        }
    }
    drop(ask);
    spacy.wait()?;
    best[3] = article(&built_in, &texts);
    report(tokens, best);
    Ok(())
}

fn report(tokens: usize, [spacy, built_in, full, article]: [f64; 4]) {
    println!("tokens             {tokens}");
    for (name, seconds) in [("spaCy", spacy), ("built-in", built_in), ("full precision", full)] {
        println!(
            "{name:<18} {:6.1} µs a token, {:7.0} tokens a second, {:5.1} × spaCy",
            seconds * 1e6 / tokens as f64,
            tokens as f64 / seconds,
            spacy / seconds
        );
    }
    println!(
        "600-token article  {:6.2} ms (median over the texts, met by a new session one after another)",
        article * 1e3
    );
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM")) {
        println!(
            "peak memory       {} (both models and the texts included)",
            peak.trim_start_matches("VmHWM:")
        );
    }
}

/// One pass over all texts. As spaCy does, a session remembers the words of the passes before.
fn round(session: &mut Session<'_>, texts: &[String]) -> (usize, f64) {
    let start = processor_seconds();
    let count = texts.iter().map(|text| session.analyze(text, &pieces(text)).len()).sum();
    (count, processor_seconds() - start)
}

/// Seconds for 600 tokens, each text taken once as an article of a stream that a new session meets.
fn article(grammar: &Grammar, texts: &[String]) -> f64 {
    let mut session = grammar.session();
    let mut seconds: Vec<f64> = texts
        .iter()
        .map(|text| {
            let start = processor_seconds();
            let count = session.analyze(text, &pieces(text)).len();
            (processor_seconds() - start) * 600.0 / count.max(1) as f64
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or(0.0)
}

/// Seconds this process has had of a processor; where the system does not tell, of the clock.
fn processor_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds = told.and_then(|line| line.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(
        || {
            std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0.0, |time| time.as_secs_f64())
        },
        |nanoseconds| nanoseconds * 1e-9,
    )
}

/// Byte ranges of the lines that are not blank.
fn pieces(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let piece = line.trim_end_matches(['\n', '\r']);
        if !piece.trim().is_empty() {
            pieces.push(start..start + piece.len());
        }
        start += line.len();
    }
    pieces
}
