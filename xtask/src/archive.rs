//! `cargo xtask archive`: how fast an archive is filled and searched, how large it gets, and how much memory it takes.

#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use rashomon::archive::{Paging, Query, open_reader};

use crate::invented::{Dice, report};
use crate::varied::Boards;

/// Reports of one input.
const REPORTS_PER_INPUT: usize = 250;
/// Readers that search while the archive is written.
const READERS: u64 = 8;
/// Share of the inputs that are in before the search is measured.
const FIRST_SHARE: usize = 2;

/// What a run of the program took.
struct Run {
    seconds: f64,
    /// Of all its threads together.
    processor_seconds: f64,
    memory_kib: u64,
}

/// Fills an archive with reports, and searches it while the second half comes: varied from the boards where they are,
/// else invented, which have fewer and larger stories.
///
/// # Errors
/// When the program fails.
pub fn run(root: &Path, program: &Path, article_count: u64) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let archive = folder.path().join("desk.db");
    let half = write_inputs((root, folder.path()), article_count)?;
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    let bare = measured(
        Command::new(program)
            .args(["annotate", "--quiet", "-o"])
            .arg(folder.path().join("bare.jsonl"))
            .arg(&first),
    )?;
    let add = |from: &Path| {
        let mut command = Command::new(program);
        command.args(["add", "--quiet", "--database"]).arg(&archive).arg(from);
        command
    };
    let filled = measured(&mut add(&first))?;
    let done = AtomicBool::new(false);
    let (grown, mut times) = std::thread::scope(|scope| {
        let (archive, done) = (&archive, &done);
        let readers: Vec<_> =
            (0..READERS).map(|seed| scope.spawn(move || search(archive, done, seed))).collect();
        let grown = measured(&mut add(&second));
        done.store(true, Ordering::Relaxed);
        let times: anyhow::Result<Vec<Vec<Duration>>> =
            readers.into_iter().map(|reader| reader.join().expect("a reader does not panic")).collect();
        (grown, times.map(|times| times.concat()))
    });
    let (grown, times) = (grown?, times.as_mut().map_err(|error| anyhow::anyhow!("{error:#}"))?);
    times.sort_unstable();
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
    println!("annotate: {:.1} articles/s, {} MB", half as f64 / bare.seconds, bare.memory_kib / 1024);
    println!(
        "add: {:.1} articles/s ({:.0} % of annotate by the clock, {:.0} % by processor time, comparing included), {} MB",
        half as f64 / filled.seconds,
        100.0 * bare.seconds / filled.seconds,
        100.0 * bare.processor_seconds / filled.processor_seconds,
        filled.memory_kib / 1024
    );
    println!(
        "add to a filled archive beside {READERS} readers: {:.1} articles/s, {} MB",
        (article_count - half) as f64 / grown.seconds,
        grown.memory_kib / 1024
    );
    println!(
        "search: {} questions, median {:?}, p99 {:?}, slowest {:?}",
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0 - f64::EPSILON)
    );
    let size = fs::metadata(&archive)?.len();
    let captures = folder_size(&folder.path().join("desk.db.captures"))?;
    println!(
        "{article_count} articles: database {:.0} MB ({:.1} kB an article), captures {:.0} MB",
        size as f64 / 1e6,
        size as f64 / 1e3 / article_count as f64,
        captures as f64 / 1e6
    );
    Ok(())
}

/// Writes the reports into two folders, `first` and `second`; returns how many are in the first.
fn write_inputs((root, folder): (&Path, &Path), article_count: u64) -> anyhow::Result<u64> {
    let reports = match Boards::read(root)? {
        Some(boards) => boards.reports(article_count),
        None => {
            println!("../shared/boards is not there: the reports are invented.");
            (0..article_count).map(report).collect()
        }
    };
    let inputs: Vec<&[String]> = reports.chunks(REPORTS_PER_INPUT).collect();
    let (first, second) = inputs.split_at(inputs.len() / FIRST_SHARE);
    for (name, inputs) in [("first", first), ("second", second)] {
        fs::create_dir_all(folder.join(name))?;
        for (number, input) in inputs.iter().enumerate() {
            fs::write(folder.join(name).join(format!("{number:05}-{name}.jsonl")), input.concat())?;
        }
    }
    Ok(first.iter().map(|input| input.len() as u64).sum())
}

/// Runs a command to its end, and looks at its memory while it runs.
fn measured(command: &mut Command) -> anyhow::Result<Run> {
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().context("the program starts")?;
    let status = format!("/proc/{}/status", child.id());
    let (mut memory_kib, mut processor_seconds) = (0, 0.0);
    let ended = loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok());
        memory_kib = memory_kib.max(peak.unwrap_or(0));
        processor_seconds = processor_time(child.id()).unwrap_or(processor_seconds);
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    ensure!(ended.success(), "the program failed: {ended}");
    Ok(Run { seconds: begun.elapsed().as_secs_f64(), processor_seconds, memory_kib })
}

/// Seconds that a process has spent on processors; `None` once it has ended.
fn processor_time(process: u32) -> Option<f64> {
    /// Linux tells the time of processes in hundredths of a second.
    const TICKS: f64 = 100.0;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // A name in brackets comes first; user and system time are the twelfth and thirteenth word after it.
    let (_, words) = stat.rsplit_once(')')?;
    let words: Vec<f64> = words.split(' ').skip(12).take(2).filter_map(|word| word.parse().ok()).collect();
    Some(words.iter().sum::<f64>() / TICKS).filter(|&seconds| seconds > 0.0)
}

/// Searches until it is told to stop; how long each question took.
fn search(archive: &Path, done: &AtomicBool, seed: u64) -> anyhow::Result<Vec<Duration>> {
    let reader = open_reader(archive)?;
    let mut dice = Dice(seed);
    let words = [
        "bridge",
        "police said",
        "\"passed its last inspection\"",
        "inquiry -ferry",
        "flood*",
        "thunder OR parliament",
    ];
    let mut times = Vec::new();
    while !done.load(Ordering::Relaxed) {
        let mut query =
            Query { words: words[dice.below(words.len() as u64) as usize].to_owned(), ..Query::default() };
        match dice.below(5) {
            0 => query.since = Some(format!("{}-03-05", 2020 + dice.below(6))),
            1 => query.kinds = vec!["figure-conflict".to_owned()],
            2 => query.speakers = vec!["Ana".to_owned()],
            _ => {}
        }
        let begun = Instant::now();
        reader.search(&query, Paging { before: None, limit: 20 })?;
        times.push(begun.elapsed());
        // A person reads before asking again; eight that never rest would measure the machine.
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(times)
}

fn folder_size(folder: &Path) -> anyhow::Result<u64> {
    let mut size = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        size += if entry.path().is_dir() { folder_size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(size)
}
