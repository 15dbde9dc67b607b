//! Packs `outlets/` into one file, a line of JSON for each outlet, so that a start of the program parses no TOML.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    // Asked when it runs, not when it is compiled: the house may have been moved since.
    let own = env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the package's folder");
    let root = Path::new(&own).join("../../outlets");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut packed = String::new();
    for folder in listed(&root).into_iter().filter(|path| path.is_dir()) {
        for path in listed(&folder) {
            let text = fs::read_to_string(&path).expect("a file of outlets/ can be read");
            let mut outlet: serde_json::Map<String, serde_json::Value> = toml::from_str(&text)
                .unwrap_or_else(|error| panic!("{} is no TOML: {error}", path.display()));
            let id = path.strip_prefix(&root).expect("it was found below the root").with_extension("");
            let id = id.to_str().expect("files of outlets/ have names in ASCII").replace('\\', "/");
            outlet.insert("id".to_owned(), id.into());
            packed += &serde_json::Value::Object(outlet).to_string();
            packed.push('\n');
        }
    }
    let target = env::var_os("OUT_DIR").expect("cargo names a folder for what build scripts write");
    fs::write(Path::new(&target).join("outlets.jsonl"), packed).expect("that folder can be written");
}

/// What a folder holds, in a fixed order.
fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of outlets/ can be listed");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
