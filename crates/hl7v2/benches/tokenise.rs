//! Full tokenisation of the sample messages: parse, then touch every field, repetition, component and subcomponent.
//! Prints messages per second on one core, for the flat walk and for the nested one. Run: `cargo bench -p hl7v2`.

mod peer;
#[path = "../tests/shared/mod.rs"]
mod shared;

use hl7v2::Message;
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() {
    let Some(samples) = shared::samples("tokenise") else { return };
    let bytes: usize = samples.iter().map(|(_, bytes)| bytes.len()).sum();
    let leaves: usize = samples.iter().map(|(_, bytes)| flat(bytes)).sum();
    println!("{} messages, {bytes} bytes, {leaves} leaves", samples.len());
    report("parse only", &samples, |bytes| {
        Message::parse(bytes).map(|parsed| parsed.message.segments().len()).unwrap_or(0)
    });
    report("parse and every leaf, flat walk", &samples, flat);
    report("parse and every leaf, nested walk", &samples, nested);
    let taken: Vec<_> = samples.into_iter().filter(|(_, bytes)| peer::takes(bytes)).collect();
    println!("the {} messages that the crate hl7-parser takes:", taken.len());
    let ours = report("  ours, every leaf, nested walk", &taken, nested);
    let theirs = report("  hl7-parser, every leaf", &taken, peer::leaves);
    println!("  ours is {:.1} times as fast", ours / theirs);
}

/// Counts the leaves; a checksum over place, length and first byte of each makes sure that every one is really made.
fn flat(bytes: &[u8]) -> usize {
    let Ok(parsed) = Message::parse(bytes) else { return 0 };
    let (count, checksum) = parsed.message.leaves().fold((0, 0usize), |(count, sum), leaf| {
        let place = leaf.field() ^ leaf.repetition() ^ leaf.component() ^ leaf.subcomponent();
        let first = leaf.raw.first().copied().unwrap_or_default();
        (count + 1, sum.wrapping_add(place + leaf.raw.len() + usize::from(first)))
    });
    black_box(checksum);
    count
}

fn nested(bytes: &[u8]) -> usize {
    let Ok(parsed) = Message::parse(bytes) else { return 0 };
    let mut count = 0;
    for segment in parsed.message.segments() {
        for field in segment.fields() {
            for repetition in field.repetitions() {
                for component in repetition.components() {
                    for subcomponent in component.subcomponents() {
                        black_box(subcomponent.raw());
                        count += 1;
                    }
                }
            }
        }
    }
    count
}

/// The best of five rounds of half a second, by this thread's time on the processor, so that a shared machine does not
/// count what others used.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn report(name: &str, samples: &[(String, Vec<u8>)], work: impl Fn(&[u8]) -> usize) -> f64 {
    let mut best = 0.0f64;
    for _ in 0..5 {
        let (started, used) = (Instant::now(), processor_time());
        let mut messages = 0u32;
        while started.elapsed() < Duration::from_millis(500) {
            for (_, bytes) in samples {
                black_box(work(black_box(bytes)));
                messages += 1;
            }
        }
        let spent = match (used, processor_time()) {
            (Some(before), Some(after)) => after.saturating_sub(before),
            _ => started.elapsed(),
        };
        best = best.max(f64::from(messages) / spent.as_secs_f64());
    }
    println!("{name}: {best:.0} messages/s on one core");
    best
}

/// How long this thread ran so far, where the system tells (Linux).
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}
