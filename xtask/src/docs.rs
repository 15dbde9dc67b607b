//! `cargo xtask docs`: writes the pages that come from the code.

use std::path::Path;

/// Writes `docs/kinds.md` and `docs/outlets.md`.
///
/// # Errors
/// When the disk refuses.
pub fn write(root: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(root.join("docs"))?;
    std::fs::write(root.join("docs/outlets.md"), crate::outlets::page(root))?;
    Ok(std::fs::write(root.join("docs/kinds.md"), kinds(root)?)?)
}

/// The page of all kinds: the opening comment of each kind's file, in the order of the table.
///
/// # Errors
/// When the table or a file cannot be read.
pub fn kinds(root: &Path) -> anyhow::Result<String> {
    let folder = root.join("crates/corroborate/src/discrepancy");
    let table = std::fs::read_to_string(folder.join("mod.rs"))?;
    let mut page = String::from(
        "# How outlets differ\n\nEvery kind of difference that Rashomon reports, most telling first. Written by `cargo xtask docs` from the \
         opening comment of each kind's file; do not edit.\n",
    );
    let rows =
        table.split("KINDS: &[Kind] = &[").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
    for module in rows.split(',').filter_map(|row| row.trim().strip_suffix("::KIND")) {
        let source = std::fs::read_to_string(folder.join(format!("{module}.rs")))?;
        let field = |name: &str| {
            source
                .split(&format!("{name}: \""))
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .unwrap_or_default()
        };
        page += &format!("\n## {}\n\n*{}*\n\n", field("id"), field("title"));
        for line in source.lines().map_while(|line| line.strip_prefix("//!")) {
            page += line.strip_prefix(' ').unwrap_or(line);
            page.push('\n');
        }
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn the_page_of_kinds_is_what_the_code_says() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let written = std::fs::read_to_string(root.join("docs/kinds.md")).unwrap_or_default();
        assert!(written == super::kinds(root).expect("the table can be read"), "run `cargo xtask docs`");
    }
}
