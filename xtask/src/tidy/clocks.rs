//! Only `bevan` reads the clock, entropy and the environment. Clippy's `disallowed-methods` says the same; this
//! rule also sees the calls clippy cannot resolve and any attempt to switch the lint off.

use super::source::Sources;

const MARKS: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "Uuid::new_v4",
    "getrandom::",
    "thread_rng",
    "std::env::",
    "env::var",
];

pub fn check(sources: &Sources) -> Vec<String> {
    sources
        .rust()
        .filter(|file| file.is_product() && file.krate() != Some("bevan"))
        .flat_map(|file| {
            file.code()
                .filter(|(_, line)| MARKS.iter().any(|mark| line.contains(mark)) || line.contains("#[allow("))
                .map(|(number, line)| format!("{}:{number}: {}", file.path, line.trim()))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_clock_outside_the_binary() {
        let text = "//! x\nlet now = Timestamp::now();\n";
        let sources = Sources::of(&[("crates/care/src/a.rs", text), ("crates/bevan/src/a.rs", text)]);
        assert_eq!(check(&sources), ["crates/care/src/a.rs:2: let now = Timestamp::now();"]);
    }

    #[test]
    fn finds_a_silenced_lint() {
        let sources = Sources::of(&[("crates/care/src/a.rs", "//! x\n#[allow(dead_code)]\nfn f() {}\n")]);
        assert_eq!(check(&sources).len(), 1);
    }
}
