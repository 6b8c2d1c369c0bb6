//! How fast people and messages are made: `cargo bench -p synth`. One thread, nothing written to disk.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
#![expect(clippy::unwrap_used, reason = "a benchmark may stop at what it did not expect")]

use std::io::Write;
use std::time::Instant;
use synth::{Detail, Plan, Stream, World, output, record};

/// Counts bytes and keeps none.
#[derive(Default)]
struct Sink(u64);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn main() {
    let plan = Plan { seed: 42, people: 1_000_000, start: "2026-11-02T08:00:00Z".parse().unwrap() };
    let world = World::new(plan);
    for (detail, people) in [(Detail::Lean, 20_000), (Detail::Full, 10_000)] {
        let (mut sink, mut resources) = (Sink::default(), 0);
        let begun = Instant::now();
        for index in 0..people {
            let made = record(&world, &world.person(index), detail);
            resources += made.len();
            output::write_ndjson(&mut sink, &made).unwrap();
        }
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "{detail:?}: {:.0} people/s, {:.0} resources/s, {:.1} resources and {:.1} kB a person",
            people as f64 / seconds,
            resources as f64 / seconds,
            resources as f64 / people as f64,
            sink.0 as f64 / 1_000.0 / people as f64
        );
    }
    for people in [2_000, 1_000_000] {
        let world = World::new(Plan { people, ..plan });
        let begun = Instant::now();
        let mut stream = Stream::new(&world, 42, plan.start);
        let opening = begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        let (count, bytes) = stream
            .by_ref()
            .take(50_000)
            .fold((0_u64, 0), |(count, bytes), one| (count + 1, bytes + one.bytes.len()));
        let seconds = begun.elapsed().as_secs_f64();
        let simulated = stream.census().taken_at.duration_since(plan.start).as_hours();
        println!(
            "stream of {people}: opening in {opening:.2} s, then {:.0} messages/s of {} bytes, {simulated} simulated hours",
            count as f64 / seconds,
            bytes as u64 / count.max(1)
        );
    }
}
