//! A person's inbox: every message in their record as threads, newest first, and how many they have not opened.

use super::document::message;
use super::read::Names;
use super::view::{Inbox, Line, Message, News};
use crate::lookup::{page, section, unseen};
use crate::record::{Whom, numbers};
use crate::view::{Listed, Unseen};
use store::{Actor, Error, Role, Snapshot, Store};

/// Messages on one page of an inbox, and the most that are counted.
pub(super) const PAGE: &str = "100";

/// A person's threads, newest first.
pub(super) async fn inbox(
    store: &Store,
    actor: &Actor,
    (patient, cursor): (&str, Option<&str>),
) -> Result<Inbox, Unseen> {
    let (patient, cursor) = (patient.to_owned(), cursor.map(str::to_owned));
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let threads = listed(snapshot, &patient, cursor.as_deref());
        Ok(Inbox { read_at: now, threads: section(threads) })
    });
    read.await.map_err(|error| unseen(&error))
}

fn listed(snapshot: &mut Snapshot, patient: &str, cursor: Option<&str>) -> Result<Listed<Line>, Error> {
    let ids = Whom::read(snapshot, patient)?.ids;
    let subjects = subjects(&ids);
    let mut pairs = vec![("subject", subjects.as_str()), ("_sort", "-sent"), ("_count", PAGE)];
    pairs.extend(cursor.map(|cursor| ("_page", cursor)));
    let found = page(snapshot, "Communication", &pairs)?;
    let messages: Vec<Message> = found.items.iter().filter_map(message).collect();
    let role = snapshot.actor().role.clone();
    let items = lines(snapshot, &messages, &|one| is_new(one, &role));
    Ok(Listed { items, total: None, next: found.next })
}

/// Ids of Patients as references to search by.
pub(super) fn subjects(ids: &str) -> String {
    let subjects: Vec<String> = ids.split(',').map(|id| format!("Patient/{id}")).collect();
    subjects.join(",")
}

/// Whether a message is new to whoever reads a person's inbox: the person, or somebody who acts for them.
fn is_new(one: &Message, role: &Role) -> bool {
    match role {
        Role::Carer { person, .. } => one.is_new_to_carer(person),
        _ => one.is_new_to_patient(),
    }
}

/// Messages, newest first, as threads.
pub(super) fn lines(
    snapshot: &mut Snapshot,
    messages: &[Message],
    unread: &dyn Fn(&Message) -> bool,
) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut names = Names::default();
    for one in messages {
        let named: Vec<String> =
            one.from.iter().chain(&one.to).filter_map(|party| names.of(snapshot, party)).collect();
        let at = match lines.iter().position(|line| line.thread == one.thread) {
            Some(at) => at,
            None => {
                lines.push(Line {
                    thread: one.thread.clone(),
                    kind: one.kind,
                    subject: None,
                    with: Vec::new(),
                    last_from: one.from.clone(),
                    last_at: one.sent,
                    unread: 0,
                    referral: false,
                    patient: None,
                    waits_since: None,
                    answer_by: None,
                    urgent: false,
                });
                lines.len().saturating_sub(1)
            }
        };
        let Some(line) = lines.get_mut(at) else { continue };
        // The oldest message that was read says what the thread is about.
        line.subject = one.subject.clone().or(line.subject.take());
        line.kind = one.kind;
        line.referral |= one.referral.is_some();
        line.unread += usize::from(unread(one));
        for name in named {
            if !line.with.contains(&name) {
                line.with.push(name);
            }
        }
    }
    lines
}

/// What is new to whoever reads a person's inbox; at most a hundred are counted.
pub(super) async fn news(store: &Store, actor: &Actor, patient: &str) -> Result<News, Unseen> {
    let patient = patient.to_owned();
    let role = actor.role.clone();
    let read = store.read(actor.clone(), move |snapshot| {
        let subject = subjects(&numbers(snapshot, &patient)?);
        let pairs = [
            ("subject", subject.as_str()),
            ("received:missing", "true"),
            ("_sort", "-sent"),
            ("_count", PAGE),
        ];
        let found = page(snapshot, "Communication", &pairs)?.items;
        let new: Vec<Message> = found.iter().filter_map(message).filter(|one| is_new(one, &role)).collect();
        let newest = new.first();
        let from = newest.and_then(|one| one.from.as_ref());
        Ok(News {
            count: u64::try_from(new.len()).unwrap_or(u64::MAX),
            from: from.and_then(|party| Names::default().of(snapshot, party)),
            newest: newest.map(|one| one.sent),
        })
    });
    read.await.map_err(|error| unseen(&error))
}
