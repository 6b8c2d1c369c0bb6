//! What an import did, and what it refused and why: counts at the end, and one line a refusal in the report file. The
//! report names places and reasons and never repeats the content.

use super::files::Source;
use anyhow::{Context, Result};
use fhir::issue::Issue;
use fhir::json::Value;
use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;

/// What came of one unit.
#[derive(Default)]
pub struct Outcome {
    /// Resources or messages written.
    pub written: u64,
    /// In the record already from an earlier run.
    pub passed_over: u64,
    /// Refused, each with its place in the file and the reason.
    pub refused: Vec<Refusal>,
    /// The number in the inbox of a message that came before.
    pub known: Option<i64>,
}

/// One refusal.
pub struct Refusal {
    /// Where in the file: `line 17`, `entry 3`, `message 1`.
    pub place: String,
    /// Why.
    pub reason: String,
}

impl Refusal {
    /// Of one item: a document is alone in its file and needs no number.
    pub fn at(word: &str, number: u64, reason: String) -> Self {
        let place = if word == "document" { word.to_owned() } else { format!("{word} {number}") };
        Self { place, reason }
    }
}

/// A file that cannot be read on after so many lines.
pub fn breaks_off(lines: u64, error: &std::io::Error) -> Outcome {
    let why = match error.kind() {
        ErrorKind::UnexpectedEof => "the file ends in the middle, so it was cut off".to_owned(),
        _ => error.to_string(),
    };
    let kept = match lines {
        0 => "no line could be read".to_owned(),
        1 => "1 line was read and is kept, the rest cannot be read".to_owned(),
        _ => format!("{lines} lines were read and are kept, the rest cannot be read"),
    };
    Outcome::refused(format!("after line {lines}"), format!("{kept}: {why}"))
}

/// The first issues in one line.
pub fn reason(issues: &[Issue]) -> String {
    let one = |issue: &Issue| match &issue.expression {
        Some(at) => format!("{at}: {}", issue.diagnostics),
        None => issue.diagnostics.clone(),
    };
    let shown: Vec<String> = issues.iter().take(3).map(one).collect();
    let more = issues.len().saturating_sub(3);
    let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{rest}", shown.join("; "))
}

impl Outcome {
    /// A unit that an earlier run did.
    pub fn passed_over(items: u64) -> Self {
        Self { passed_over: items, ..Self::default() }
    }

    /// Whether nothing of it is in the record.
    pub fn is_refused_whole(&self) -> bool {
        !self.refused.is_empty() && self.written == 0 && self.passed_over == 0
    }

    /// A unit that was refused whole.
    pub fn refused(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { refused: vec![Refusal { place: place.into(), reason: reason.into() }], ..Self::default() }
    }
}

/// The sums, and the open report file.
pub struct Report {
    summary: Summary,
    /// Messages that came before, by their number in the inbox, and how often they came in this import.
    known: HashMap<i64, u64>,
    file: Option<BufWriter<File>>,
}

/// The sums of an import.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Written.
    pub written: u64,
    /// There already.
    pub passed_over: u64,
    /// Refused.
    pub refused: u64,
    /// The first refusals, for the screen.
    examples: Vec<String>,
}

/// Refusals shown on the screen.
const EXAMPLES: usize = 10;

impl Report {
    /// Opens the report.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let create = |path: &Path| {
            File::create(path).with_context(|| format!("cannot write the report {}", path.display()))
        };
        Ok(Self {
            summary: Summary::default(),
            known: HashMap::new(),
            file: path.map(create).transpose()?.map(BufWriter::new),
        })
    }

    /// Adds what came of a unit.
    pub fn add(&mut self, source: &Source, outcome: Outcome) -> Result<()> {
        self.summary.written += outcome.written;
        self.summary.passed_over += outcome.passed_over;
        if let Some(known) = outcome.known {
            *self.known.entry(known).or_default() += 1;
        }
        for refusal in outcome.refused {
            self.refuse(&source.path.display().to_string(), &refusal)?;
        }
        Ok(())
    }

    /// Whether a message of this import had come before. What was taken for "there already" is no longer, as it is refused.
    pub fn was_known(&mut self, message: i64) -> bool {
        let Some(times) = self.known.remove(&message) else { return false };
        self.summary.passed_over = self.summary.passed_over.saturating_sub(times);
        true
    }

    /// Adds a refusal.
    pub fn refuse(&mut self, file: &str, refusal: &Refusal) -> Result<()> {
        self.summary.refused += 1;
        if self.summary.examples.len() < EXAMPLES {
            self.summary.examples.push(format!("{file}, {}: {}", refusal.place, refusal.reason));
        }
        if let Some(report) = &mut self.file {
            let line = Value::object([
                ("file", Value::from(file)),
                ("place", Value::from(refusal.place.as_str())),
                ("reason", Value::from(refusal.reason.as_str())),
            ]);
            writeln!(report, "{}", fhir::json::to_string(&line)).context("cannot write the report")?;
        }
        Ok(())
    }

    /// The sums.
    pub fn close(mut self) -> Summary {
        if let Some(Err(error)) = self.file.as_mut().map(Write::flush) {
            self.summary.examples.push(format!("the report could not be written: {error}"));
        }
        self.summary
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} written, {} there already, {} refused", self.written, self.passed_over, self.refused)?;
        for example in &self.examples {
            write!(f, "\n  {example}")?;
        }
        if self.refused > self.examples.len() as u64 {
            write!(
                f,
                "\n  … and {} more; --report FILE lists them all",
                self.refused - self.examples.len() as u64
            )?;
        }
        Ok(())
    }
}
