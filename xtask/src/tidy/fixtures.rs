//! Every fixture is used: a file under a `fixtures` or `snapshots` folder must be named by a Rust or script file.

use super::source::Sources;

pub fn check(sources: &Sources) -> Vec<String> {
    sources
        .paths
        .iter()
        .filter(|path| path.contains("/fixtures/") && !path.ends_with(".rs"))
        .filter(|path| {
            let name = path.rsplit('/').next().unwrap_or(path);
            let stem = name.split('.').next().unwrap_or(name);
            let folder = path.rsplit('/').nth(1).unwrap_or_default();
            !sources.files.iter().any(|file| {
                (file.path.ends_with(".rs") || file.path.ends_with(".mjs"))
                    && (file.text.contains(name)
                        || file.text.contains(&format!("\"{stem}\""))
                        || names_folder(&file.text, folder))
            })
        })
        .map(|path| format!("{path}: no test names it"))
        .collect()
}

/// Whether a test reads the whole folder.
fn names_folder(text: &str, folder: &str) -> bool {
    text.contains(&format!("fixtures/{folder}\"")) || (folder == "fixtures" && text.contains("/fixtures\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_an_orphan() {
        let sources = Sources::of(&[
            ("crates/a/tests/fixtures/used.json", "{}"),
            ("crates/a/tests/fixtures/orphan.json", "{}"),
            ("crates/a/tests/t.rs", "//! x\ninclude_str!(\"fixtures/used.json\")"),
        ]);
        assert_eq!(check(&sources), ["crates/a/tests/fixtures/orphan.json: no test names it"]);
    }
}
