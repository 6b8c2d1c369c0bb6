//! `/metrics` in the Prometheus text format. Numbers only: no ids, names, addresses as they were asked for, or query strings.

mod requests;
mod text;

pub use requests::Requests;
pub use text::TYPE;

use interop::mllp;
use store::inbox::State;
use store::{Actor, Health, Store, backup};
use text::{Page, Unit};

/// The page.
pub async fn text(store: &Store, hl7: &mllp::Door<mllp::Record>, requests: &Requests) -> String {
    let mut page = Page::default();
    let ready = u64::from(store.health() == Health::Ready);
    page.one(("bevan_store_ready", "gauge"), "1 while the record reads, writes and audits.", ready);
    let read = store
        .read(Actor::system("metrics"), |snapshot| Ok((snapshot.position()?.0, snapshot.inbox_counts()?)));
    if let Ok((position, counts)) = read.await {
        page.one(("bevan_store_position", "counter"), "Newest change of the record.", position);
        for (name, state, help) in [
            ("bevan_inbox_waiting", State::Received, "HL7 v2 messages kept and not yet applied."),
            ("bevan_inbox_applied", State::Applied, "HL7 v2 messages applied."),
            ("bevan_inbox_ignored", State::Ignored, "HL7 v2 messages that say nothing for the record."),
            ("bevan_inbox_dead", State::Dead, "HL7 v2 messages that could not be applied: dead letters."),
        ] {
            let count: u64 = counts.iter().filter(|one| one.state == state).map(|one| one.count).sum();
            page.one((name, "gauge"), help, count);
        }
        let oldest = counts.iter().filter(|one| one.state == State::Received).map(|one| one.oldest_at).min();
        let now = store.environment().clock.now().as_microsecond();
        let age = oldest.map_or(0, |oldest| u64::try_from((now - oldest) / 1_000_000).unwrap_or(0));
        let help = "Age of the oldest HL7 v2 message that is not yet applied.";
        page.one(("bevan_inbox_oldest_waiting_seconds", "gauge"), help, age);
    }
    writer(store, &mut page);
    files(store, &mut page);
    for (name, count) in hl7.counters.counts().named() {
        let help = format!("HL7 v2 listener: {}.", name.replace('_', " "));
        page.one((&format!("bevan_mllp_{name}_total"), "counter"), &help, count);
    }
    requests.print(&mut page);
    page.text()
}

/// How commits go.
fn writer(store: &Store, page: &mut Page) {
    let effort = store.effort();
    for (name, histogram, unit, help) in [
        (
            "bevan_store_commit_duration_seconds",
            &effort.commits,
            Unit::Seconds,
            "Time of a commit with its sync.",
        ),
        ("bevan_store_commit_writes", &effort.writes, Unit::One, "Writes that shared a commit."),
        ("bevan_store_commit_reads", &effort.reads, Unit::One, "Reads whose audit rows shared a commit."),
    ] {
        page.family(name, "histogram", help);
        page.histogram(name, &[], (&histogram.read(), unit));
    }
    page.one(("bevan_store_commits_failed_total", "counter"), "Commits that failed.", effort.failed());
}

/// What lies in the directory of the record.
fn files(store: &Store, page: &mut Page) {
    let directory = store.directory();
    let now = store.environment().clock.now();
    // Without a backup the age is endless, so that an alarm on it goes off.
    let age = backup::last(directory)
        .map_or_else(|| String::from("+Inf"), |begun| now.duration_since(begun).as_secs().max(0).to_string());
    let help =
        "Age of the last backup by `bevan backup` that was compared and found equal; +Inf without one.";
    page.one(("bevan_backup_age_seconds", "gauge"), help, age);
    for (name, file, help) in [
        ("bevan_store_database_bytes", "bevan.sqlite", "Size of the database."),
        ("bevan_store_log_bytes", "bevan.sqlite-wal", "Size of the database's write-ahead log."),
    ] {
        let bytes = directory.join(file).metadata().map_or(0, |about| about.len());
        page.one((name, "gauge"), help, bytes);
    }
}
