//! What may be done to a relationship. Pure: state, wish and time in, the changed relationship or a reason out.

use super::relationship::{Basis, Category, EndedBy, Kin, Relationship, Review, Stage};
use super::standing::{
    ATTORNEY_AGE, Ages, Cared, OWN_AGE, REVIEW_FROM, Standing, Why, birthday, bounds, standing, today,
};
use fhir::nhs_number::{NhsNumber, NhsNumberError};
use jiff::Timestamp;
use jiff::civil::Date;

/// What somebody wants who applies to act for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Name of the person, as the applicant calls them.
    pub name: String,
    /// NHS number of the person: ten digits.
    pub nhs_number: String,
    /// Date of birth of the person.
    pub born: Date,
    /// What the applicant is to them.
    pub kin: Kin,
    /// By what right.
    pub basis: Basis,
    /// What they need.
    pub categories: Vec<Category>,
}

impl Application {
    /// The ten digits of an NHS number as somebody typed it.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn number(typed: &str) -> Result<String, NhsNumberError> {
        NhsNumber::parse(typed).map(|number| number.as_str().to_owned())
    }
}

/// Applications of one person that wait at once at most.
pub const WAITING_MAX: usize = 20;
/// Applications of one person in 24 hours at most: enough for a large family, too few for trying numbers out.
pub const DAY_MAX: usize = 5;

/// Why something is not done, in reasons that a person can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// One cannot act for oneself.
    #[error("that is the applicant's own record")]
    Yourself,
    /// Nothing was chosen to be opened.
    #[error("nothing is chosen")]
    NothingChosen,
    /// They have sent as many today as anybody may.
    #[error("more than {DAY_MAX} applications in a day")]
    TooManyToday,
    /// As many as anybody may have wait for an answer.
    #[error("more than {WAITING_MAX} applications wait")]
    TooManyWaiting,
    /// The day of birth has not come.
    #[error("the date of birth is in the future")]
    NotBorn,
    /// From sixteen a person gives access themselves.
    #[error("they are sixteen or over")]
    SixteenOrOver,
    /// Under sixteen a person cannot give access by themselves.
    #[error("they are under sixteen")]
    UnderSixteen,
    /// Under eighteen nobody can have given a power of attorney.
    #[error("they are under eighteen")]
    UnderEighteen,
    /// The surgery answered before.
    #[error("it was answered before")]
    Answered,
    /// It is not running.
    #[error("it is not running")]
    NotRunning,
    /// Under eleven there is nothing to review.
    #[error("a review is not due before eleven")]
    TooEarlyToReview,
    /// A review has to be recorded first.
    #[error("a review has to be recorded first")]
    ReviewFirst,
    /// Reviews are for a parent's access to a child's record.
    #[error("there is nothing to review")]
    NothingToReview,
    /// The record says how old the person is, and does not.
    #[error("the date of birth is not recorded")]
    BirthUnknown,
    /// The person has died.
    #[error("the person has died")]
    Died,
}

/// Whether an application makes sense by itself.
pub(super) fn apply(application: &Application, now: Timestamp) -> Result<(), Refusal> {
    let today = today(now);
    let has = |age: i16| birthday(application.born, age).is_none_or(|day| day <= today);
    if application.categories.is_empty() {
        return Err(Refusal::NothingChosen);
    }
    if application.born > today {
        return Err(Refusal::NotBorn);
    }
    match application.basis {
        Basis::Parental if has(OWN_AGE) => Err(Refusal::SixteenOrOver),
        Basis::Agreement | Basis::Deputy if !has(OWN_AGE) => Err(Refusal::UnderSixteen),
        Basis::Attorney if !has(ATTORNEY_AGE) => Err(Refusal::UnderEighteen),
        _ => Ok(()),
    }
}

/// Whether somebody may make one more application. It says nothing of whether records fit those that they made.
pub(super) fn room(waiting: usize, today: usize) -> Result<(), Refusal> {
    if today >= DAY_MAX {
        return Err(Refusal::TooManyToday);
    }
    if waiting >= WAITING_MAX {
        return Err(Refusal::TooManyWaiting);
    }
    Ok(())
}

/// The surgery says yes, for these categories.
pub(super) fn approve(
    relationship: &Relationship,
    categories: Vec<Category>,
    (cared, ages): (Cared, Ages),
    (by, now): (String, Timestamp),
) -> Result<Relationship, Refusal> {
    if relationship.stage != Stage::Applied {
        return Err(Refusal::Answered);
    }
    if categories.is_empty() {
        return Err(Refusal::NothingChosen);
    }
    let approved =
        Relationship { categories, stage: Stage::Approved, decided: Some((now, by)), ..relationship.clone() };
    match standing(&approved, cared, now, ages) {
        Standing::Suspended(Why::ReviewDue) => Err(Refusal::ReviewFirst),
        Standing::Suspended(Why::Sixteen) => Err(Refusal::SixteenOrOver),
        Standing::Suspended(Why::TooYoung) if approved.basis == Basis::Attorney => {
            Err(Refusal::UnderEighteen)
        }
        Standing::Suspended(Why::TooYoung) => Err(Refusal::UnderSixteen),
        Standing::Suspended(Why::BirthUnknown) => Err(Refusal::BirthUnknown),
        Standing::Suspended(Why::Died) => Err(Refusal::Died),
        Standing::Ended => Err(Refusal::NotRunning),
        _ => Ok(approved),
    }
}

/// The surgery says no.
pub(super) fn refuse(
    relationship: &Relationship,
    (by, now): (String, Timestamp),
) -> Result<Relationship, Refusal> {
    if relationship.stage != Stage::Applied {
        return Err(Refusal::Answered);
    }
    Ok(Relationship { stage: Stage::Refused, decided: Some((now, by)), ..relationship.clone() })
}

/// A clinician records what came of talking with the young person. A competent one who does not want it ends it.
pub(super) fn review(
    relationship: &Relationship,
    review: Review,
    (cared, now): (Cared, Timestamp),
) -> Result<Relationship, Refusal> {
    if !matches!(relationship.stage, Stage::Applied | Stage::Approved) {
        return Err(Refusal::NotRunning);
    }
    if relationship.basis != Basis::Parental {
        return Err(Refusal::NothingToReview);
    }
    let (eldest, youngest) = cared.born.and_then(bounds).ok_or(Refusal::BirthUnknown)?;
    if birthday(eldest, OWN_AGE).is_none_or(|day| day <= review.on) {
        return Err(Refusal::SixteenOrOver);
    }
    if birthday(youngest, REVIEW_FROM).is_none_or(|day| day > review.on) {
        return Err(Refusal::TooEarlyToReview);
    }
    let goes_on = review.goes_on();
    let reviewed = Relationship { review: Some(review), ..relationship.clone() };
    if goes_on { Ok(reviewed) } else { end(&reviewed, EndedBy::Person, now) }
}

/// Somebody ends it.
pub(super) fn end(relationship: &Relationship, by: EndedBy, now: Timestamp) -> Result<Relationship, Refusal> {
    if !matches!(relationship.stage, Stage::Applied | Stage::Approved) {
        return Err(Refusal::NotRunning);
    }
    Ok(Relationship { stage: Stage::Ended, ended: Some((now, by)), ..relationship.clone() })
}

/// The person hides their record from the carer at once, or shows it again. Doing it twice changes nothing.
pub(super) fn hide(
    relationship: &Relationship,
    hidden: bool,
    now: Timestamp,
) -> Result<Relationship, Refusal> {
    if !matches!(relationship.stage, Stage::Applied | Stage::Approved) {
        return Err(Refusal::NotRunning);
    }
    let hidden_at = if hidden { relationship.hidden_at.or(Some(now)) } else { None };
    Ok(Relationship { hidden_at, ..relationship.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::samples;
    use crate::view::When;
    use jiff::civil::date;

    const NOW: &str = "2026-11-22T12:00:00Z";

    fn now() -> Timestamp {
        NOW.parse().unwrap()
    }

    fn cared(born: Date) -> Cared {
        Cared { born: Some(When::Day(born)), died: false }
    }

    fn applied(basis: Basis) -> Relationship {
        Relationship { basis, stage: Stage::Applied, decided: None, ..samples::relationship() }
    }

    #[test]
    fn an_application_must_fit_the_age() {
        let with = |basis, born, categories: &[Category]| {
            let application = Application {
                name: String::from("A"),
                nhs_number: String::from("9990000018"),
                born,
                kin: Kin::Parent,
                basis,
                categories: categories.to_vec(),
            };
            apply(&application, now())
        };
        let all = Category::ALL;
        for (basis, born, categories, expected) in [
            (Basis::Parental, date(2018, 1, 1), all, Ok(())),
            (Basis::Parental, date(2018, 1, 1), &[][..], Err(Refusal::NothingChosen)),
            (Basis::Parental, date(2026, 11, 22), all, Ok(())),
            (Basis::Parental, date(2026, 11, 23), all, Err(Refusal::NotBorn)),
            (Basis::Parental, date(2010, 11, 23), all, Ok(())),
            (Basis::Parental, date(2010, 11, 22), all, Err(Refusal::SixteenOrOver)),
            (Basis::Agreement, date(2010, 11, 22), all, Ok(())),
            (Basis::Agreement, date(2010, 11, 23), all, Err(Refusal::UnderSixteen)),
            (Basis::Attorney, date(2008, 11, 22), all, Ok(())),
            (Basis::Attorney, date(2008, 11, 23), all, Err(Refusal::UnderEighteen)),
        ] {
            assert_eq!(with(basis, born, categories), expected, "{basis:?} {born}");
        }
    }

    #[test]
    fn nobody_applies_without_end() {
        for (waiting, today, expected) in [
            (0, 0, Ok(())),
            (19, 4, Ok(())),
            (0, 5, Err(Refusal::TooManyToday)),
            (20, 0, Err(Refusal::TooManyWaiting)),
        ] {
            assert_eq!(room(waiting, today), expected, "{waiting} {today}");
        }
    }

    #[test]
    fn the_surgery_answers_once_and_only_what_will_stand() {
        let say = |relationship: &Relationship, born| {
            let answer = approve(
                relationship,
                vec![Category::Record],
                (cared(born), Ages::default()),
                (String::from("Dr"), now()),
            );
            answer.map(|one| one.stage)
        };
        assert_eq!(say(&applied(Basis::Parental), date(2018, 1, 1)), Ok(Stage::Approved));
        assert_eq!(say(&applied(Basis::Parental), date(2013, 1, 1)), Err(Refusal::ReviewFirst));
        assert_eq!(say(&applied(Basis::Parental), date(2009, 1, 1)), Err(Refusal::SixteenOrOver));
        assert_eq!(say(&applied(Basis::Agreement), date(2018, 1, 1)), Err(Refusal::UnderSixteen));
        let refused = refuse(&applied(Basis::Parental), (String::from("Dr"), now())).unwrap();
        assert_eq!(say(&refused, date(2018, 1, 1)), Err(Refusal::Answered));
        assert_eq!(refuse(&refused, (String::new(), now())), Err(Refusal::Answered));
    }

    #[test]
    fn a_review_is_for_eleven_to_fifteen() {
        let heard = |relationship: &Relationship, born, competent, agrees| {
            let one = Review { on: date(2026, 11, 22), competent, agrees, by: String::from("Dr") };
            review(relationship, one, (cared(born), now())).map(|one| one.stage)
        };
        let parent = Relationship { stage: Stage::Approved, ..applied(Basis::Parental) };
        assert_eq!(heard(&parent, date(2013, 1, 1), true, true), Ok(Stage::Approved));
        assert_eq!(heard(&parent, date(2013, 1, 1), true, false), Ok(Stage::Ended));
        assert_eq!(heard(&parent, date(2013, 1, 1), false, false), Ok(Stage::Approved));
        assert_eq!(heard(&parent, date(2015, 11, 22), true, true), Ok(Stage::Approved));
        assert_eq!(heard(&parent, date(2015, 11, 23), true, true), Err(Refusal::TooEarlyToReview));
        assert_eq!(heard(&parent, date(2010, 11, 22), true, true), Err(Refusal::SixteenOrOver));
        assert_eq!(
            heard(&applied(Basis::Agreement), date(2013, 1, 1), true, true),
            Err(Refusal::NothingToReview)
        );
    }

    #[test]
    fn what_is_over_stays_over() {
        let running = Relationship { stage: Stage::Approved, ..applied(Basis::Agreement) };
        let ended = end(&running, EndedBy::Helper, now()).unwrap();
        assert_eq!(end(&ended, EndedBy::Person, now()), Err(Refusal::NotRunning));
        assert_eq!(hide(&ended, true, now()), Err(Refusal::NotRunning));
        let hidden = hide(&running, true, now()).unwrap();
        assert_eq!(
            hide(&hidden, true, Timestamp::UNIX_EPOCH).unwrap(),
            hidden,
            "hiding twice is hiding once"
        );
        assert_eq!(hide(&hidden, false, now()).unwrap(), running);
    }
}
