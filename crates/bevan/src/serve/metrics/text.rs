//! The Prometheus text format, version 0.0.4
//! (<https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md>).

use std::fmt::{Display, Write as _};
use store::Reading;

/// The content type of the format.
pub const TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A page that grows by families, each of them whole before the next begins.
#[derive(Default)]
pub struct Page(String);

/// What one number or histogram is about.
pub type Labels<'a> = &'a [(&'a str, &'a str)];

/// What values are divided by.
#[derive(Clone, Copy)]
pub enum Unit {
    /// Counted as they are.
    One,
    /// Counted in microseconds, shown in seconds.
    Seconds,
}

impl Page {
    /// Begins a family: its name, its kind, and what it says.
    pub fn family(&mut self, name: &str, kind: &str, help: &str) {
        self.put(format_args!("# HELP {name} {}\n# TYPE {name} {kind}\n", escaped(help, false)));
    }

    /// A number of the family that was begun last.
    pub fn sample(&mut self, name: &str, labels: Labels<'_>, value: impl Display) {
        self.put(format_args!("{name}{} {value}\n", in_braces(labels, None)));
    }

    /// A family of one number.
    pub fn one(&mut self, (name, kind): (&str, &str), help: &str, value: impl Display) {
        self.family(name, kind, help);
        self.sample(name, &[], value);
    }

    /// A histogram of the family that was begun last.
    pub fn histogram(&mut self, name: &str, labels: Labels<'_>, (reading, unit): (&Reading, Unit)) {
        for (bound, count) in &reading.at_most {
            let bound = shown(*bound, unit);
            self.put(format_args!("{name}_bucket{} {count}\n", in_braces(labels, Some(&bound))));
        }
        let Reading { count, sum, .. } = reading;
        self.put(format_args!("{name}_bucket{} {count}\n", in_braces(labels, Some("+Inf"))));
        self.put(format_args!("{name}_sum{} {}\n", in_braces(labels, None), shown(*sum, unit)));
        self.put(format_args!("{name}_count{} {count}\n", in_braces(labels, None)));
    }

    /// The page.
    pub fn text(self) -> String {
        self.0
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.0.write_fmt(text);
    }
}

fn shown(value: u64, unit: Unit) -> String {
    match unit {
        Unit::One => value.to_string(),
        // Microseconds of years are exact in a double.
        Unit::Seconds => (value as f64 / 1e6).to_string(),
    }
}

fn in_braces(labels: Labels<'_>, at_most: Option<&str>) -> String {
    let le = at_most.map(|bound| ("le", bound));
    let all: Vec<String> = labels
        .iter()
        .copied()
        .chain(le)
        .map(|(name, value)| format!("{name}=\"{}\"", escaped(value, true)))
        .collect();
    if all.is_empty() { String::new() } else { format!("{{{}}}", all.join(",")) }
}

fn escaped(text: &str, quoted: bool) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n");
    if quoted { text.replace('"', "\\\"") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::Histogram;

    #[test]
    fn a_page_is_written_as_the_format_says() {
        let mut page = Page::default();
        page.one(("up", "gauge"), "Whether it runs.", 1);
        page.family("took_seconds", "histogram", "A\\B\nC");
        let histogram = Histogram::new(&[500, 1_000_000]);
        histogram.add(200);
        histogram.add(2_500_000);
        page.histogram("took_seconds", &[("route", "/a\"\\\n{b}")], (&histogram.read(), Unit::Seconds));
        let wanted = "# HELP up Whether it runs.\n# TYPE up gauge\nup 1\n\
                      # HELP took_seconds A\\\\B\\nC\n# TYPE took_seconds histogram\n\
                      took_seconds_bucket{route=\"/a\\\"\\\\\\n{b}\",le=\"0.0005\"} 1\n\
                      took_seconds_bucket{route=\"/a\\\"\\\\\\n{b}\",le=\"1\"} 1\n\
                      took_seconds_bucket{route=\"/a\\\"\\\\\\n{b}\",le=\"+Inf\"} 2\n\
                      took_seconds_sum{route=\"/a\\\"\\\\\\n{b}\"} 2.5002\n\
                      took_seconds_count{route=\"/a\\\"\\\\\\n{b}\"} 2\n";
        assert_eq!(page.text(), wanted);
    }
}
