//! Who waits, who can answer, and when a thread is closed: folds over its messages, oldest first. Pure.
//!
//! A message of the patient's waits for an answer until any organisation has answered, or each that it went to has closed
//! its part. An organisation that answers after closing takes part again. A thread is closed to the patient when every
//! organisation that can read answers now has closed its part.

use super::view::{Kind, Message, Party};
use crate::services::bank_holiday;
use fhir::time::default_zone;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

/// Working days within which a patient is to have an answer.
pub const ANSWER_DAYS: u8 = 2;

/// Whether a thread can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Yes.
    Open,
    /// It was closed: by whom last, and when.
    Closed {
        /// The organisation's name, where it is known.
        by: Option<String>,
        /// When.
        at: Timestamp,
    },
    /// Nobody reads answers to it: a notice, or a conversation with those who no longer treat the patient.
    NoReply,
}

/// Whether two name one party.
pub(super) fn same(one: &Party, other: &Party) -> bool {
    one == other || (one.organisation().is_some() && one.organisation() == other.organisation())
}

/// The organisations that take part in a thread.
pub(super) fn organisations(messages: &[Message]) -> Vec<Party> {
    let mut all: Vec<Party> = Vec::new();
    for party in messages.iter().flat_map(|one| one.from.iter().chain(&one.to)) {
        if party.organisation().is_some() && !all.iter().any(|known| same(known, party)) {
            all.push(party.clone());
        }
    }
    all
}

/// Whether a thread can be answered, when `able` are those who can read answers now.
pub(super) fn standing(messages: &[Message], able: &[Party]) -> Standing {
    let talk = messages.first().is_some_and(|one| one.kind.is_talk());
    if !talk || able.is_empty() {
        return Standing::NoReply;
    }
    let mut closed: Vec<(&Party, Timestamp)> = Vec::new();
    for one in messages {
        let Some(from) = &one.from else { continue };
        match (one.kind, from) {
            (Kind::Closed, _) => closed.push((from, one.sent)),
            (_, Party::Patient) => closed.clear(),
            _ => closed.retain(|(known, _)| !same(known, from)),
        }
    }
    let is_closed = |party: &Party| closed.iter().any(|(known, _)| same(known, party));
    match closed.last() {
        Some((by, at)) if able.iter().all(is_closed) => {
            let name = match by {
                Party::Organisation { name, .. } | Party::Other { name } => Some(name.clone()),
                Party::Patient => None,
            };
            Standing::Closed { by: name.filter(|name| !name.is_empty()), at: *at }
        }
        _ => Standing::Open,
    }
}

/// The day by whose end a message that was sent then is to be answered: the second working day after it.
pub(super) fn answer_by(sent: Timestamp) -> Date {
    let mut day = sent.to_zoned(default_zone().clone()).date();
    let mut left = ANSWER_DAYS;
    while left > 0 {
        let Ok(next) = day.tomorrow() else { return day };
        day = next;
        let off = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || bank_holiday(day).is_some();
        left -= u8::from(!off);
    }
    day
}

/// Since when the patient waits for an answer of an organisation.
pub(super) fn waits_since(messages: &[Message], own: &str) -> Option<Timestamp> {
    messages.iter().filter(|one| one.waits_for(own)).map(|one| one.sent).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(id: &str) -> Party {
        Party::Organisation { id: id.into(), ods: String::new(), name: id.to_uppercase() }
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    /// Who wrote in turn: `p` the patient, `g` the surgery, `h` the hospital; a capital closes.
    fn thread(turns: &str) -> Vec<Message> {
        let one = |(minute, who): (usize, char)| {
            let from = match who {
                'p' => Party::Patient,
                who => party(&who.to_ascii_lowercase().to_string()),
            };
            let kind = if who.is_uppercase() { Kind::Closed } else { Kind::Message };
            let to = [Party::Patient, party("g"), party("h")];
            let to = to.into_iter().filter(|one| !same(one, &from)).collect();
            let waits = who == 'p';
            let sent = at(i64::try_from(minute).unwrap());
            Message { from: Some(from), kind, to, waits, sent, ..Message::blank() }
        };
        turns.chars().enumerate().map(one).collect()
    }

    #[test]
    fn a_thread_is_closed_when_all_who_could_answer_have_closed_it() {
        let both = [party("g"), party("h")];
        let (g, h): (&[Party], &[Party]) = (&both[..1], &both[1..]);
        let closed = |by: &str, minute| Standing::Closed { by: Some(by.into()), at: at(minute) };
        for (turns, able, expected) in [
            ("p", &both[..], Standing::Open),
            ("pgG", &both, Standing::Open),
            ("pgGH", &both, closed("H", 3)),
            ("pgGH", g, closed("H", 3)),
            ("pgG", g, closed("G", 2)),
            ("pgG", h, Standing::Open),
            ("pGHh", &both, Standing::Open),
            ("pGg", g, Standing::Open),
            ("pGpH", &both, Standing::Open),
            ("pGpHG", &both, closed("G", 4)),
            ("pg", &[], Standing::NoReply),
        ] {
            assert_eq!(standing(&thread(turns), able), expected, "{turns} {able:?}");
        }
        let notice = vec![Message { kind: Kind::Notice, ..thread("g").remove(0) }];
        assert_eq!(standing(&notice, &both), Standing::NoReply);
        assert_eq!(standing(&[], &both), Standing::NoReply);
    }

    #[test]
    fn the_oldest_message_without_an_answer_says_since_when() {
        let mut messages = thread("ppgp");
        assert_eq!(waits_since(&messages, "g"), Some(at(0)));
        messages[0].waits = false;
        assert_eq!(waits_since(&messages, "g"), Some(at(1)));
        messages[1].done_by.push("g".into());
        assert_eq!((waits_since(&messages, "g"), waits_since(&messages, "h")), (Some(at(3)), Some(at(1))));
        assert_eq!(waits_since(&messages, "x"), None, "another organisation waits for nothing");
    }

    #[test]
    fn an_answer_is_due_on_the_second_working_day() {
        for (sent, due) in [
            ("2026-11-17T09:00:00Z", "2026-11-19"),
            ("2026-11-19T23:00:00Z", "2026-11-23"),
            ("2026-11-20T09:00:00Z", "2026-11-24"),
            ("2026-11-21T09:00:00Z", "2026-11-24"),
            // Christmas Day is a Friday and Boxing Day is kept on the Monday.
            ("2026-12-23T09:00:00Z", "2026-12-29"),
            // In summer a message of half past eleven at night was sent on the day that London had.
            ("2026-07-01T23:30:00Z", "2026-07-06"),
        ] {
            assert_eq!(answer_by(sent.parse().unwrap()).to_string(), due, "{sent}");
        }
    }

    #[test]
    fn what_one_wrote_oneself_is_never_new() {
        let [mine, theirs] = <[Message; 2]>::try_from(thread("pg")).unwrap();
        assert!(!mine.is_new_to_patient() && theirs.is_new_to_patient());
        assert!(mine.is_new_to("g") && !theirs.is_new_to("g") && theirs.is_new_to("h"));
        assert!(!Message { opened: Some(at(9)), ..theirs.clone() }.is_new_to_patient());
        assert!(!Message { read_by: vec!["h".into()], ..theirs.clone() }.is_new_to("h"));
        let by_carer = Message { read_by: vec!["c".into()], ..theirs };
        assert!(by_carer.is_new_to_patient() && by_carer.is_new_to_carer("x"));
        assert!(!by_carer.is_new_to_carer("c"));
    }
}
