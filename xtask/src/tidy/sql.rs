//! `store` is the only crate that knows a database: no SQL text and no database crate elsewhere.

use super::source::Sources;

const MARKS: &[&str] =
    &["rusqlite", "\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE FROM", "\"CREATE TABLE", "\"PRAGMA "];

pub fn check(sources: &Sources) -> Vec<String> {
    sources
        .rust()
        .filter(|file| file.is_product() && file.krate() != Some("store"))
        .flat_map(|file| {
            file.code()
                .filter(|(_, line)| MARKS.iter().any(|mark| line.contains(mark)))
                .map(|(number, _)| format!("{}:{number}: only `store` speaks to the database", file.path))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_sql_in_a_door() {
        let text = "//! x\nlet rows = \"SELECT id FROM resource\";\n// a comment about \"SELECT \n";
        let sources = Sources::of(&[("crates/web/src/page.rs", text), ("crates/store/src/read.rs", text)]);
        assert_eq!(check(&sources), ["crates/web/src/page.rs:2: only `store` speaks to the database"]);
    }
}
