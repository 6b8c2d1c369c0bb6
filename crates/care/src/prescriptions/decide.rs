//! What comes of a request for repeat medicines: which are ordered and which are not, each with its reason. Pure.

use super::authorisation::{Authorisation, Why};
use jiff::civil::Date;

/// Characters of a note to the surgery at most.
pub const NOTE_MAX: usize = 500;
/// Medicines in one request at most.
pub const MEDICINES_MAX: usize = 40;

/// What somebody asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// Ids of the medicines.
    pub medicines: Vec<String>,
    /// A note for the surgery; empty for none.
    pub note: String,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<'a> {
    /// What goes to the surgery.
    pub ordered: Vec<&'a Authorisation>,
    /// What does not, and why.
    pub refused: Vec<(&'a Authorisation, Why)>,
}

/// Why nothing comes of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No medicine was chosen.
    #[error("no medicine was chosen")]
    NothingSelected,
    /// The note is too long.
    #[error("the note is too long")]
    NoteTooLong,
    /// A medicine is not one of this person's.
    #[error("a medicine is not one of this person's")]
    UnknownMedicine,
    /// None of what was chosen can be ordered: each medicine's name and why.
    #[error("nothing of it can be ordered")]
    NothingOrdered(Vec<(String, Why)>),
}

/// Decides a request on a day.
///
/// # Errors
/// [`Refusal`].
pub fn decide<'a>(known: &'a [Authorisation], ask: &Ask, today: Date) -> Result<Decision<'a>, Refusal> {
    let mut chosen: Vec<&str> = ask.medicines.iter().map(String::as_str).collect();
    chosen.sort_unstable();
    chosen.dedup();
    if chosen.is_empty() {
        return Err(Refusal::NothingSelected);
    }
    if ask.note.chars().count() > NOTE_MAX {
        return Err(Refusal::NoteTooLong);
    }
    let is_known = |id: &&str| known.iter().any(|one| one.id == **id);
    if chosen.len() > MEDICINES_MAX || !chosen.iter().all(is_known) {
        return Err(Refusal::UnknownMedicine);
    }
    let mut decision = Decision { ordered: Vec::new(), refused: Vec::new() };
    for one in known.iter().filter(|one| chosen.contains(&one.id.as_str())) {
        match one.orderable(today) {
            Ok(()) => decision.ordered.push(one),
            Err(why) => decision.refused.push((one, why)),
        }
    }
    if decision.ordered.is_empty() {
        let refused = decision.refused.into_iter().map(|(one, why)| (one.name.clone(), why)).collect();
        return Err(Refusal::NothingOrdered(refused));
    }
    Ok(decision)
}

#[cfg(test)]
mod tests {
    use super::super::authorisation::tests::repeat;
    use super::*;
    use crate::prescriptions::Reason;
    use jiff::civil::date;

    fn ask(medicines: &[&str]) -> Ask {
        Ask { medicines: medicines.iter().map(ToString::to_string).collect(), note: String::new() }
    }

    #[test]
    fn requests_are_decided_medicine_by_medicine() {
        let today = date(2026, 11, 22);
        let due = repeat();
        let early = Authorisation { id: "2".into(), issued_on: Some(today), ..repeat() };
        let known = [due, early];
        let decision = decide(&known, &ask(&["2", "1", "1"]), today).unwrap();
        assert_eq!(decision.ordered.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["1"]);
        assert_eq!(decision.refused[0].1.reason, Reason::TooEarly);
        for (asked, refusal) in [
            (ask(&[]), Refusal::NothingSelected),
            (ask(&["1", "9"]), Refusal::UnknownMedicine),
            (Ask { note: "x".repeat(NOTE_MAX + 1), ..ask(&["1"]) }, Refusal::NoteTooLong),
        ] {
            assert_eq!(decide(&known, &asked, today), Err(refusal));
        }
        let Err(Refusal::NothingOrdered(refused)) = decide(&known, &ask(&["2"]), today) else { panic!() };
        assert_eq!(refused.len(), 1);
        assert!(decide(&known, &Ask { note: "é".repeat(NOTE_MAX), ..ask(&["1"]) }, today).is_ok());
    }
}
