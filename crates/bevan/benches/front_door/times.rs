//! Times by kind of page.

use std::collections::BTreeMap;
use std::time::Duration;

/// What browsers saw.
#[derive(Default)]
pub struct Times {
    by_page: BTreeMap<&'static str, Vec<f64>>,
    errors: BTreeMap<String, usize>,
    /// Sessions that began more than 100 ms after they were due, because every browser was busy.
    pub late: usize,
}

impl Times {
    /// A page took so long.
    pub fn took(&mut self, page: &'static str, time: Duration) {
        self.by_page.entry(page).or_default().push(time.as_secs_f64() * 1000.0);
    }

    /// A visit ended with an error.
    pub fn failed(&mut self, why: &str) {
        *self.errors.entry(why.to_owned()).or_default() += 1;
    }

    /// Adds what another browser saw.
    pub fn add(&mut self, other: Self) {
        for (page, times) in other.by_page {
            self.by_page.entry(page).or_default().extend(times);
        }
        for (why, count) in other.errors {
            *self.errors.entry(why).or_default() += count;
        }
        self.late += other.late;
    }

    /// Answers there were.
    pub fn count(&self) -> usize {
        self.by_page.values().map(Vec::len).sum()
    }

    /// Prints a line a page, and one for all.
    pub fn print(&self) {
        println!(
            "{:<24} {:>8} {:>9} {:>9} {:>9} {:>9}",
            "page", "answers", "p50 ms", "p95 ms", "p99 ms", "max ms"
        );
        for (page, times) in &self.by_page {
            line(page, times.clone());
        }
        line("all", self.by_page.values().flatten().copied().collect());
        println!("errors: {}", self.errors.values().sum::<usize>());
        for (why, count) in &self.errors {
            println!("  {count} × {why}");
        }
    }
}

fn line(name: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let last = times.len().saturating_sub(1) as f64;
    let at = |share: f64| times.get((last * share).round() as usize).copied().unwrap_or(f64::NAN);
    println!(
        "{name:<24} {:>8} {:>9.1} {:>9.1} {:>9.1} {:>9.1}",
        times.len(),
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0)
    );
}
