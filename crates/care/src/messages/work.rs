//! What an organisation has been written: what sounds as if it could not wait, then what waits longest for an answer, then
//! what is new, then the rest of the last messages. What waits is never cut off: too much of it is a failure that is shown.

use super::decide::sounds_urgent;
use super::document::message;
use super::lists::{PAGE, lines};
use super::read::{Names, organisation};
use super::rules::{answer_by, waits_since};
use super::view::{Inbox, Line, Message, Party};
use crate::lookup::{Page, all, listed, page, section, unseen};
use crate::view::Unseen;
use crate::words;
use fhir::views::Resource;
use std::collections::HashMap;
use store::{Actor, Error, Snapshot, Store};

/// The threads that an organisation takes part in.
pub(super) async fn of_organisation(store: &Store, actor: &Actor) -> Result<Inbox, Unseen> {
    let own = organisation(actor).ok_or(Unseen::NoAccess)?;
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let threads = threads(snapshot, &own).map(listed);
        Ok(Inbox { read_at: now, threads: section(threads) })
    });
    read.await.map_err(|error| unseen(&error))
}

fn threads(snapshot: &mut Snapshot, own: &str) -> Result<Vec<Line>, Error> {
    let reference = format!("Organization/{own}");
    let mut known = Known::default();
    let waiting = [
        ("recipient", reference.as_str()),
        ("status", "in-progress"),
        ("_sort", "sent"),
        ("_include", "Communication:subject"),
    ];
    known.take(all(snapshot, "Communication", &waiting)?);
    for side in ["recipient", "sender"] {
        let last = [
            (side, reference.as_str()),
            ("_sort", "-sent"),
            ("_count", PAGE),
            ("_include", "Communication:subject"),
        ];
        known.take(page(snapshot, "Communication", &last)?);
    }
    let Known { mut messages, patients } = known;
    messages.retain(|one| one.kind.is_talk() || one.kind == super::view::Kind::Closed);
    messages.sort_by_key(|one| std::cmp::Reverse(one.sent));
    let mut threads = lines(snapshot, &messages, &|one| one.is_new_to(own));
    let is_own = |party: &&Party| party.organisation() == Some(own);
    let mut parties = messages.iter().flat_map(|one| one.from.iter().chain(&one.to));
    let name = parties.find(is_own).and_then(|own| Names::default().of(snapshot, own));
    for line in &mut threads {
        line.with.retain(|one| Some(one) != name.as_ref());
        let of: Vec<Message> = messages.iter().filter(|one| one.thread == line.thread).cloned().collect();
        line.patient = of.first().and_then(|one| patients.get(&one.patient)).cloned();
        line.waits_since = waits_since(&of, own);
        line.answer_by = line.waits_since.map(answer_by);
        line.urgent = of.iter().any(|one| one.waits_for(own) && sounds_urgent(&one.text));
    }
    order(&mut threads);
    Ok(threads)
}

/// What needs somebody first stands first.
fn order(threads: &mut [Line]) {
    threads.sort_by_key(|line| {
        (
            !line.urgent,
            line.waits_since.is_none(),
            line.waits_since,
            line.unread == 0,
            std::cmp::Reverse(line.last_at),
        )
    });
}

/// Messages, each once, and the names of the patients.
#[derive(Default)]
struct Known {
    messages: Vec<Message>,
    patients: HashMap<String, String>,
}

impl Known {
    fn take(&mut self, found: Page) {
        for one in found.items.iter().filter_map(message) {
            if !self.messages.iter().any(|known| known.id == one.id) {
                self.messages.push(one);
            }
        }
        let people = found.included.iter().filter(|one| one.text_at(&["resourceType"]) == Some("Patient"));
        self.patients.extend(people.filter_map(|one| Some((one.id()?.to_owned(), words::name(one)))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn who_waits_longest_stands_first_and_what_may_be_urgent_before_all() {
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        let line = |name: &str, waits: Option<i64>, (unread, urgent): (usize, bool), last: i64| Line {
            thread: name.into(),
            waits_since: waits.map(at),
            unread,
            urgent,
            last_at: at(last),
            ..Line::sample()
        };
        let mut all = vec![
            line("old", None, (0, false), 5),
            line("answered", None, (0, false), 50),
            line("new", None, (1, false), 10),
            line("waits", Some(20), (1, false), 60),
            line("waits longest", Some(10), (0, false), 10),
            line("urgent", Some(90), (1, true), 90),
        ];
        order(&mut all);
        let names: Vec<&str> = all.iter().map(|line| line.thread.as_str()).collect();
        assert_eq!(names, ["urgent", "waits longest", "waits", "new", "answered", "old"]);
    }
}
