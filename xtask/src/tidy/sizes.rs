//! A file is one idea: no Rust source beyond 600 lines, tests tables and generated files apart.

use super::source::Sources;

const LIMIT: usize = 600;

pub fn check(sources: &Sources) -> Vec<String> {
    sources
        .rust()
        .filter(|file| !file.is_generated())
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LIMIT)
        .map(|(file, lines)| format!("{}: {lines} lines, at most {LIMIT}", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_long_file_and_spares_a_generated_one() {
        let long = "//! x\n".repeat(601);
        let generated = format!("// @generated\n{long}");
        let sources = Sources::of(&[("crates/a/src/a.rs", &long), ("crates/a/src/b.rs", &generated)]);
        assert_eq!(check(&sources), ["crates/a/src/a.rs: 601 lines, at most 600"]);
    }
}
