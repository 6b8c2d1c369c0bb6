//! Facts that say of a person what a later fact of the source says in the same words. Pure.
//!
//! Every message repeats the person's demographics, so a person's stream would grow with each one and be folded whole each
//! time. Of facts with the same words only the latest in source order can be seen in the fold (each value is the last one
//! stated, a mention gives way to any statement), so the others are ended in the stream. It must never end a fact that
//! could be seen again when a message comes late, and never a link: what is ended is decided by words and order alone, so
//! that every order of arrival leaves the same stream. The ended fact stays in the stream's history.

use super::event::{Event, Kind};
use super::person::PatientKey;
use super::sequence::source_key;

/// What an event does to the facts of a person's stream.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Echo {
    /// The stream says it all already.
    pub silent: bool,
    /// Keys of the facts that the event makes superfluous.
    pub superseded: Vec<String>,
}

/// How loudly a fact speaks of a person: a mention gives way to any statement.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Voice {
    Mention,
    Statement,
}

/// Compares an event with the facts of the stream of `key`.
#[must_use]
pub fn echo(key: &PatientKey, known: &[Event], event: &Event) -> Echo {
    let mut echo = Echo::default();
    let Some(voice) = voice(key, event) else { return echo };
    let own = event.key();
    let order = source_key(event);
    for fact in known {
        let Some(other) = self::voice(key, fact).filter(|_| same_words(fact, event)) else { continue };
        let fact_key = fact.key();
        if fact_key == own {
            continue;
        }
        if (other, source_key(fact)) < (voice, order.clone()) {
            echo.superseded.push(fact_key);
        } else {
            echo.silent = true;
        }
    }
    echo
}

/// `None` for what links people, ends a record or speaks of two, and for times of the repeated autumn hour, which are read
/// by their neighbours.
fn voice(key: &PatientKey, event: &Event) -> Option<Voice> {
    let times = &event.times;
    let doubtful = [&times.specific, &times.occurred, &times.recorded, &times.sent];
    if event.subject.key != *key || doubtful.into_iter().flatten().any(|moment| moment.repeated) {
        return None;
    }
    match event.kind {
        Kind::Mention => Some(Voice::Mention),
        Kind::Person | Kind::Flow(_) => Some(Voice::Statement),
        _ => None,
    }
}

fn same_words(a: &Event, b: &Event) -> bool {
    a.source == b.source && a.subject == b.subject && a.allergies == b.allergies
}

#[cfg(test)]
mod tests {
    use super::super::event::Action;
    use super::super::person::Field;
    use super::super::scenarios::{flow, message, patient};
    use super::super::world::person;
    use super::*;

    fn heard(known: &[Event], event: &Event) -> (bool, usize) {
        let echo = echo(&patient("1").key, known, event);
        (echo.silent, echo.superseded.len())
    }

    #[test]
    fn of_the_same_words_the_latest_stays() {
        let (early, late) = (flow("1", 600, Action::Admit, Some("A")), flow("2", 700, Action::Update, None));
        assert_eq!(heard(std::slice::from_ref(&early), &late), (false, 1));
        assert_eq!(heard(std::slice::from_ref(&late), &early), (true, 0));
        assert_eq!(heard(std::slice::from_ref(&late), &late), (false, 0), "itself is no echo");
    }

    #[test]
    fn a_mention_gives_way_to_a_statement_of_any_time() {
        let (mention, statement) = (message("1", 900, Kind::Mention), message("2", 600, Kind::Person));
        assert_eq!(heard(std::slice::from_ref(&mention), &statement), (false, 1));
        assert_eq!(heard(&[statement], &mention), (true, 0));
    }

    #[test]
    fn other_words_other_senders_links_and_doubtful_hours_are_no_echo() {
        let known = [flow("1", 600, Action::Admit, Some("A"))];
        assert_eq!(heard(&known, &person("2", "1")), (false, 0), "a name is news");
        let mut elsewhere = flow("2", 700, Action::Update, None);
        elsewhere.source.facility = "ZA2".into();
        assert_eq!(heard(&known, &elsewhere), (false, 0));
        assert_eq!(heard(&known, &message("2", 700, Kind::Deactivate)), (false, 0));
        let mut doubtful = flow("2", 700, Action::Update, None);
        doubtful.times.recorded.as_mut().unwrap().repeated = true;
        assert_eq!(heard(&known, &doubtful), (false, 0));
        let mut moved = flow("2", 700, Action::Update, None);
        moved.subject.demographics.gender = Field::Delete;
        assert_eq!(heard(&known, &moved), (false, 0), "a deletion is news");
    }
}
