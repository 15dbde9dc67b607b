//! `cargo xtask kill`: stops `rashomon add` and `rashomon watch` at random moments, again and again; nothing may be lost, nothing doubled.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};

use crate::invented::{Dice, report};
use crate::newsroom::Newsroom;

/// Inputs that come between two kills; each holds this many reports too.
const INPUTS_BETWEEN: u64 = 3;
/// The longest a run may go on before it is killed, in milliseconds: starting takes half of that.
const RUN_MS_MAX: u64 = 2500;

/// Kills `times` runs, half of them adding and half watching, lets one of each end, and looks at the archives.
///
/// # Errors
/// When anything was lost, doubled or damaged.
pub fn run(program: &Path, times: u64) -> anyhow::Result<()> {
    adding(program, times.div_ceil(2))?;
    watching(program, times / 2)
}

/// Kills `add`, and holds the archive against one that was never disturbed.
fn adding(program: &Path, times: u64) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (inputs, archive) = (folder.path().join("inputs"), folder.path().join("desk.db"));
    fs::create_dir_all(&inputs)?;
    let mut dice = Dice(times);
    let mut killed_count = 0;
    for round in 0..times {
        for number in round * INPUTS_BETWEEN..(round + 1) * INPUTS_BETWEEN {
            let text: String =
                (0..INPUTS_BETWEEN).map(|line| report(number * INPUTS_BETWEEN + line)).collect();
            fs::write(inputs.join(format!("{number:05}.jsonl")), text)?;
        }
        let mut add = command(program, &["add", "--quiet"], &archive);
        killed_count += u64::from(killed(add.arg(&inputs), &mut dice)?);
    }
    let last = command(program, &["add", "--quiet"], &archive).arg(&inputs).output()?;
    ensure!(last.status.success(), "{}", String::from_utf8_lossy(&last.stderr));
    let undisturbed = folder.path().join("undisturbed.db");
    let whole = command(program, &["add", "--quiet"], &undisturbed).arg(&inputs).output()?;
    ensure!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stderr));
    let told = healthy((program, &archive), times * INPUTS_BETWEEN * INPUTS_BETWEEN)?;
    ensure!(
        stories(program, &archive)? == stories(program, &undisturbed)?,
        "the stories are not those of an archive that was never disturbed"
    );
    println!("add: {killed_count} of {times} runs were killed before they ended. {told}");
    Ok(())
}

/// Kills `watch` on a feed that grows.
fn watching(program: &Path, times: u64) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let archive = folder.path().join("desk.db");
    let newsroom = Newsroom::open()?;
    let feed = newsroom.feed();
    let words = ["watch", feed.as_str(), "--once", "--allow-private", "--quiet"];
    let mut dice = Dice(!times);
    let mut killed_count = 0;
    for _ in 0..times {
        newsroom.publish(INPUTS_BETWEEN);
        killed_count += u64::from(killed(&mut command(program, &words, &archive), &mut dice)?);
    }
    let last = command(program, &words, &archive).output()?;
    ensure!(last.status.success(), "{}", String::from_utf8_lossy(&last.stderr));
    let told = healthy((program, &archive), times * INPUTS_BETWEEN)?;
    println!("watch: {killed_count} of {times} runs were killed before they ended. {told}");
    Ok(())
}

/// Starts a run and kills it after a while; tells whether it had not ended by itself.
fn killed(command: &mut Command, dice: &mut Dice) -> anyhow::Result<bool> {
    let mut child =
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("the program starts")?;
    std::thread::sleep(Duration::from_millis(dice.below(RUN_MS_MAX)));
    let running = child.try_wait()?.is_none();
    if running {
        // `Child::kill` is SIGKILL: the program cannot know that it ends.
        child.kill()?;
    }
    child.wait()?;
    Ok(running)
}

/// What `doctor` says of an archive that is whole and has so many articles.
fn healthy((program, archive): (&Path, &Path), article_count: u64) -> anyhow::Result<String> {
    let check = command(program, &["doctor", "--quiet"], archive).output()?;
    let told = String::from_utf8_lossy(&check.stdout).into_owned();
    ensure!(check.status.success(), "doctor complains:\n{told}");
    ensure!(
        told.contains(&format!(" {article_count} articles of ")),
        "{article_count} articles were added, doctor says:\n{told}"
    );
    Ok(told)
}

/// The program that `--program` names, else one built as users have it.
///
/// # Errors
/// When it cannot be built.
pub fn program(root: &Path, named: Option<&str>) -> anyhow::Result<PathBuf> {
    if let Some(named) = named {
        return Ok(PathBuf::from(named));
    }
    let done =
        Command::new(env!("CARGO")).args(["build", "--release", "-p", "app"]).current_dir(root).status()?;
    ensure!(done.success(), "the program cannot be built");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    Ok(target.join("release/rashomon"))
}

fn command(program: &Path, words: &[&str], archive: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(words).arg("--database").arg(archive).stderr(Stdio::piped());
    command
}

/// Every story's id, size and statuses: all but when it changed.
fn stories(program: &Path, archive: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut before = i64::MAX;
    loop {
        let listed = command(program, &["stories", "--format", "jsonl", "--limit", "1000"], archive)
            .args(["--before", &before.to_string()])
            .output()?;
        let mut any = false;
        for line in String::from_utf8_lossy(&listed.stdout).lines() {
            let row: serde_json::Value = serde_json::from_str(line)?;
            before = row["sequence"].as_i64().context("a story has a sequence")?;
            found.push(format!(
                "{} {} {} {}",
                row["id"], row["articles"], row["statuses"], row["differences"]
            ));
            any = true;
        }
        if !any {
            found.sort();
            return Ok(found);
        }
    }
}
