//! The program as its users meet it: exit codes, bad input, the same bytes on any number of threads.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn rashomon(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rashomon"))
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the program starts")
}

fn json(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the dossier is JSON")
}

/// A folder of its own for one test, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("rashomon-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder can be made");
        Folder(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).expect("a temporary file can be written");
        path.to_str().expect("temporary paths are UTF-8").to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

const GOOD: &str = "Thieves stole nine paintings from the Kestrel Museum in Saltby on Monday, police said.\n";

#[test]
fn the_same_input_gives_the_same_bytes_on_any_number_of_threads() {
    for format in ["json", "html", "text", "annotations"] {
        let run = |threads: &str| {
            rashomon(&["compare", "examples/ferry", "-f", format, "--threads", threads, "--width", "100"])
                .stdout
        };
        let once = run("1");
        assert!(!once.is_empty());
        assert!(once == run("1"), "{format}: two runs differ");
        assert!(once == run("2"), "{format}: one thread and two differ");
        assert!(once == run("7"), "{format}: one thread and seven differ");
    }
}

#[test]
fn bad_inputs_are_named_and_the_good_ones_beside_them_done() {
    let folder = Folder::new("bad");
    let long_line = vec![b'a'; 100 << 20];
    let inputs = [
        folder.file("good.txt", GOOD.as_bytes()),
        folder.file("empty.txt", b""),
        folder.file("blank.txt", b" \n\t\n"),
        folder.file("binary.txt", &(0..=255u8).cycle().take(5000).collect::<Vec<_>>()),
        folder.file("page.html", b"<!doctype html><html><body><p>A page.</p></body></html>"),
        folder.file("line.txt", &long_line),
        folder.0.join("missing.txt").display().to_string(),
    ];
    let mut arguments = vec!["compare", "-f", "json"];
    arguments.extend(inputs.iter().map(String::as_str));
    let dossier = json(&rashomon(&arguments));
    assert_eq!(dossier["articles"].as_array().map(Vec::len), Some(1), "only the good one was read");
    let skipped = dossier["skipped"].as_array().expect("skipped is a list");
    for bad in &inputs[1..] {
        let reason = skipped.iter().find(|skip| skip["input"] == bad.as_str());
        let reason =
            reason.unwrap_or_else(|| panic!("{bad} is not told of"))["reason"].as_str().unwrap_or_default();
        assert!(reason.len() > 20 && reason.ends_with('.'), "{bad}: “{reason}” is no sentence");
    }
}

#[test]
fn foreign_encodings_are_read_and_every_span_matches_its_source() {
    let folder = Folder::new("encodings");
    let text = "“We were lucky – by sixty minutes,” headmaster Zoë Wick told parents on Tuesday.\n";
    let utf16: Vec<u8> =
        [0xFEFF_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let windows: Vec<u8> = text
        .chars()
        .map(|letter| match letter {
            '“' => 0x93,
            '”' => 0x94,
            '–' => 0x96,
            'ë' => 0xEB,
            plain => plain as u8,
        })
        .collect();
    let mut broken = text.as_bytes().to_vec();
    broken.extend(b"\xFF\xC3 The roof is gone.\n");
    let inputs = [
        folder.file("utf16.txt", &utf16),
        folder.file("windows.txt", &windows),
        folder.file("broken.txt", &broken),
    ];
    let dossier = folder.file("dossier.json", b"");
    let mut arguments = vec!["compare", "-f", "json", "-o", &dossier];
    arguments.extend(inputs.iter().map(String::as_str));
    assert_eq!(rashomon(&arguments).status.code(), Some(0));
    let read: Value =
        serde_json::from_slice(&std::fs::read(&dossier).expect("it was written")).expect("it is JSON");
    for article in read["articles"].as_array().expect("articles is a list") {
        assert!(
            article["text"].as_str().is_some_and(|text| text.contains("headmaster Zoë Wick")),
            "{}",
            article["input"]
        );
    }
    let verified = rashomon(&["verify", &dossier]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[test]
fn verify_finds_a_changed_source_and_a_changed_dossier() {
    let folder = Folder::new("verify");
    let input = folder.file("report.txt", GOOD.as_bytes());
    let dossier = folder.file("dossier.json", b"");
    assert_eq!(rashomon(&["compare", &input, "-f", "json", "-o", &dossier]).status.code(), Some(0));
    assert_eq!(rashomon(&["verify", &dossier]).status.code(), Some(0));
    folder.file("report.txt", GOOD.replace("nine", "five").as_bytes());
    let changed = rashomon(&["verify", &dossier]);
    assert_eq!(changed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&changed.stdout).contains("report.txt"), "it says which input changed");
    folder.file("report.txt", GOOD.as_bytes());
    let text = std::fs::read_to_string(&dossier).expect("it was written");
    folder.file("dossier.json", text.replacen("\"start\":", "\"start\": 1", 1).as_bytes());
    assert_eq!(rashomon(&["verify", &dossier]).status.code(), Some(1));
    folder.file("dossier.json", b"{}");
    assert_eq!(rashomon(&["verify", &dossier]).status.code(), Some(1));
}

#[test]
fn exit_codes_tell_nothing_read_from_wrong_usage() {
    let folder = Folder::new("codes");
    folder.file("empty.txt", b"");
    let path = folder.0.display().to_string();
    for command in ["compare", "annotate", "extract", "stories"] {
        assert_eq!(rashomon(&[command, &path]).status.code(), Some(1), "{command}: nothing could be read");
        assert_eq!(
            rashomon(&[command, "/nowhere/at/all"]).status.code(),
            Some(1),
            "{command}: a missing path"
        );
        assert_eq!(rashomon(&[command]).status.code(), Some(2), "{command}: no input");
        assert_eq!(rashomon(&[command, "examples/ferry", "--threads", "none"]).status.code(), Some(2));
        assert_eq!(rashomon(&[command, "examples/ferry", "--reference-date", "soon"]).status.code(), Some(2));
    }
    assert_eq!(rashomon(&["compare", "examples/ferry", "-f", "pdf"]).status.code(), Some(2));
    assert_eq!(rashomon(&[]).status.code(), Some(2));
}

#[test]
fn standard_input_is_read_and_a_closed_pipe_is_no_error() {
    let run = |arguments: &[&str], input: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rashomon"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("it was piped").write_all(input.as_bytes()).expect("the program reads");
        child.wait_with_output().expect("the program ends")
    };
    let line = format!(
        "{}\n",
        serde_json::json!({"id": "a", "outlet": "Vale Tribune", "title": "Theft in Saltby", "text": GOOD})
    );
    let done = run(&["annotate", "-"], &line.repeat(3));
    let ids: Vec<Value> = String::from_utf8_lossy(&done.stdout)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON")["id"].clone())
        .collect();
    assert_eq!(ids, ["a", "a#2", "a#3"], "an id stands once");
}

#[test]
fn without_text_no_word_of_the_articles_leaves() {
    let dossier = rashomon(&["compare", "examples/ferry", "-f", "json", "--no-text"]);
    assert_eq!(dossier.status.code(), Some(0));
    let printed = String::from_utf8_lossy(&dossier.stdout).into_owned();
    assert!(printed.contains("\"start\""), "places are kept");
    assert!(!printed.contains("holding on to one another"), "words are not");
}

/// As root, a draft that takes the name of `/dev/null` would replace it, and with it every program's idea of nothing.
#[cfg(unix)]
#[test]
fn a_pipe_that_is_named_as_output_is_written_to_and_stays_a_pipe() {
    use std::os::unix::fs::FileTypeExt;

    let folder = Folder::new("pipe");
    let pipe = folder.0.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
    let named = pipe.to_str().expect("temporary paths are UTF-8");
    for command in ["extract", "annotate", "compare"] {
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe).expect("the pipe can be read")
        });
        let output = rashomon(&[command, "examples/ferry", "--output", named]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let expected = rashomon(&[command, "examples/ferry"]).stdout;
        assert!(reader.join().expect("the reader ends") == expected, "{command}: other bytes than printed");
        assert!(pipe.metadata().expect("the pipe is there").file_type().is_fifo(), "{command}");
    }
    let left: Vec<_> = std::fs::read_dir(&folder.0).expect("the folder is there").collect();
    assert_eq!(left.len(), 1, "no draft is left");
}

#[cfg(unix)]
#[test]
fn a_link_that_is_named_as_output_stays_a_link() {
    let folder = Folder::new("link");
    let file = folder.file("dossier.json", b"old");
    let link = folder.0.join("latest.json");
    std::os::unix::fs::symlink(&file, &link).expect("a link can be made");
    let named = link.to_str().expect("temporary paths are UTF-8");
    let output = rashomon(&["extract", "examples/ferry", "--output", named]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(link.symlink_metadata().expect("the link is there").file_type().is_symlink());
    assert!(std::fs::read(file).expect("the file is there").len() > 100, "what it leads to is new");
}
