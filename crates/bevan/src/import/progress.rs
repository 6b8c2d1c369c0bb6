//! The progress bar: bytes of all files, on stderr, and silent when stderr is no terminal.

use super::files::Source;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar over the bytes of all files.
pub fn bar(sources: &[Source]) -> ProgressBar {
    let bar = ProgressBar::new(sources.iter().map(|source| source.bytes).sum());
    let style = "{wide_bar} {percent}% {bytes_per_sec} {eta} left · {msg}";
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
