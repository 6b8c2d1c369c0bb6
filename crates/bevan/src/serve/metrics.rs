//! `/metrics` in the Prometheus text format. Numbers only: no ids, names or query strings.

use interop::mllp;
use std::fmt::Write as _;
use store::inbox::State;
use store::{Actor, Health, Store};

/// The content type of the format.
pub const TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The page.
pub async fn text(store: &Store, hl7: &mllp::Door<mllp::Record>) -> String {
    let mut page = String::new();
    line(&mut page, "bevan_store_ready", "gauge", u64::from(store.health() == Health::Ready));
    let read = store
        .read(Actor::system("metrics"), |snapshot| Ok((snapshot.position()?.0, snapshot.inbox_counts()?)));
    if let Ok((position, counts)) = read.await {
        line(&mut page, "bevan_store_position", "counter", position);
        let now = store.environment().clock.now().as_microsecond();
        for (name, state) in [
            ("waiting", State::Received),
            ("applied", State::Applied),
            ("ignored", State::Ignored),
            ("dead", State::Dead),
        ] {
            let count = counts.iter().filter(|one| one.state == state).map(|one| one.count).sum();
            line(&mut page, &format!("bevan_inbox_{name}"), "gauge", count);
        }
        let oldest = counts.iter().filter(|one| one.state == State::Received).map(|one| one.oldest_at).min();
        let age = oldest.map_or(0, |oldest| u64::try_from((now - oldest) / 1_000_000).unwrap_or(0));
        line(&mut page, "bevan_inbox_oldest_waiting_seconds", "gauge", age);
    }
    for (name, count) in hl7.counters.counts().named() {
        line(&mut page, &format!("bevan_mllp_{name}_total"), "counter", count);
    }
    page
}

fn line(page: &mut String, name: &str, kind: &str, value: u64) {
    // Writing to a String cannot fail.
    let _ = writeln!(page, "# TYPE {name} {kind}\n{name} {value}");
}
