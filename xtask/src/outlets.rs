//! `outlets/`: what must hold of its files, and the page that lists them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What an outlet can be.
const KINDS: &[&str] = &["agency", "broadcaster", "magazine", "newspaper", "website"];
/// Keys of a file.
const KEYS: &[&str] = &["name", "domains", "owner", "kind", "language", "credits", "aliases"];
/// Forms of companies and articles: an owner is spelled one way, with or without them.
const FORMS: &[&str] = &["the", "plc", "inc", "ltd", "limited", "llc", "gmbh", "ag", "sa", "co", "corp"];

/// Every file of `outlets/`: its place below the folder without the ending, and what it says or why it cannot be read.
fn files(root: &Path) -> Vec<(String, Result<toml::Table, String>)> {
    let listed = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        paths
    };
    let root = root.join("outlets");
    let mut found = Vec::new();
    for path in listed(&root).into_iter().filter(|path| path.is_dir()).flat_map(|folder| listed(&folder)) {
        let id = path.strip_prefix(&root).unwrap_or(&path).with_extension("").display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| error.to_string());
        found.push((id, text.and_then(|text| text.parse().map_err(|error| format!("{error}")))));
    }
    found
}

fn string<'t>(outlet: &'t toml::Table, key: &str) -> &'t str {
    outlet.get(key).and_then(toml::Value::as_str).unwrap_or_default()
}

fn strings<'t>(outlet: &'t toml::Table, key: &str) -> Vec<&'t str> {
    let list = outlet.get(key).and_then(toml::Value::as_array);
    list.into_iter().flatten().filter_map(toml::Value::as_str).collect()
}

/// What is wrong with the files: each must be read, no domain and no name stand twice, an owner is spelled one way.
pub fn complaints(root: &Path, found: &mut Vec<String>) {
    let (mut domains, mut names, mut owners) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (id, read) in files(root) {
        let path = format!("outlets/{id}.toml");
        let outlet = match read {
            Ok(outlet) => outlet,
            Err(error) => {
                found.push(format!("{path} cannot be read: {error}"));
                continue;
            }
        };
        form(&path, &outlet, found);
        let mut once = |what: &str, key: String, known: &mut BTreeMap<String, String>| {
            if let Some(other) = known.insert(key.clone(), path.clone()) {
                found.push(format!("{path} and {other} have the same {what}: {key}."));
            }
        };
        for domain in strings(&outlet, "domains") {
            once("domain", domain.to_owned(), &mut domains);
        }
        once("name", string(&outlet, "name").to_owned(), &mut names);
        let owner = string(&outlet, "owner").to_owned();
        let (spelled, other) =
            owners.entry(folded(&owner)).or_insert_with(|| (owner.clone(), path.clone())).clone();
        if spelled != owner {
            found.push(format!("{path} spells its owner “{owner}”, and {other} “{spelled}”: choose one."));
        }
    }
}

/// What a single file must look like.
fn form(path: &str, outlet: &toml::Table, found: &mut Vec<String>) {
    if let Some(key) = outlet.keys().find(|key| !KEYS.contains(&key.as_str())) {
        found.push(format!("{path} has a key {key}; outlets/_template.toml shows those that there are."));
    }
    if !KINDS.contains(&string(outlet, "kind")) {
        found.push(format!("{path} has no `kind` of {}.", KINDS.join(", ")));
    }
    for key in ["name", "language"] {
        if string(outlet, key).is_empty() {
            found.push(format!("{path} has no `{key}`."));
        }
    }
    let domains = strings(outlet, "domains");
    let plain = |domain: &&str| {
        domain.contains('.')
            && !domain.starts_with("www.")
            && domain.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'))
    };
    if domains.is_empty() || !domains.iter().all(plain) {
        found.push(format!("{path} needs `domains` in lower case, without www and without paths."));
    }
}

/// An owner's name without what may be left out of it.
fn folded(owner: &str) -> String {
    let lower = owner.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.filter(|word| !FORMS.contains(word)).collect::<Vec<_>>().join(" ")
}

/// `docs/outlets.md`: every outlet by country.
pub fn page(root: &Path) -> String {
    let files = files(root);
    let owner_count = files
        .iter()
        .filter(|(_, read)| read.as_ref().is_ok_and(|outlet| !string(outlet, "owner").is_empty()))
        .count();
    let mut page = format!(
        "# Outlets\n\nThe {} outlets and agencies that Rashomon knows by address and name, and the owners of {owner_count} of them: two \
         outlets of one owner are one voice. Written by `cargo xtask docs` from `outlets/`; to add one, copy \
         `outlets/_template.toml` there, or into a folder of your own that is named with `--outlets`.\n",
        files.len()
    );
    let mut country = String::new();
    for (id, read) in &files {
        let Ok(outlet) = read else { continue };
        let code = id.split(['/', '\\']).next().unwrap_or_default();
        if code != country {
            code.clone_into(&mut country);
            let _ = write!(
                page,
                "\n## {}\n\n| outlet | kind | language | domains | owner | credited as |\n|---|---|---|---|---|---|\n",
                code.to_uppercase()
            );
        }
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            string(outlet, "name"),
            string(outlet, "kind"),
            string(outlet, "language"),
            strings(outlet, "domains").join(", "),
            string(outlet, "owner"),
            strings(outlet, "credits").join(", "),
        );
    }
    page
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{complaints, folded, page};

    #[test]
    fn the_page_of_outlets_is_what_the_files_say() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let written = std::fs::read_to_string(root.join("docs/outlets.md")).unwrap_or_default();
        assert!(written == page(root), "run `cargo xtask docs`");
    }

    #[test]
    fn twins_and_odd_spellings_are_told() {
        let root = std::env::temp_dir().join(format!("rashomon-outlets-{}", std::process::id()));
        let folder = root.join("outlets/xx");
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let file = |name: &str, owner: &str, domain: &str| {
            let text = format!(
                "name = \"{name}\"\ndomains = [\"{domain}\"]\nowner = \"{owner}\"\nkind = \"agency\"\nlanguage = \"en\"\n"
            );
            std::fs::write(folder.join(format!("{name}.toml")), text)
                .expect("a temporary file can be written");
        };
        file("a", "Arle Press plc", "arle.example");
        file("b", "The Arle Press", "arle.example");
        file("c", "Selm", "www.selm.example");
        std::fs::write(folder.join("d.toml"), "name = ").expect("a temporary file can be written");
        let mut found = Vec::new();
        complaints(&root, &mut found);
        drop(std::fs::remove_dir_all(&root));
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[0].contains("same domain") && found[1].contains("spells its owner"), "{found:#?}");
        assert_ne!(folded("Guardian Media Group"), folded("Guardian Media Limited"));
    }
}
