//! A row of the site map: an address, who may open it, and the function that answers it. Each area of the site keeps its
//! own rows beside its pages (`pages::AREAS` lists the areas); the router, the access matrix and the page tests are made
//! from them. Who sees what inside a page is decided by the store, never here.

use crate::planted::{Bug, planted};
use crate::session::Level;
use crate::state::State;
use crate::visit::{Outcome, Visit};
use care::Role;
use std::pin::Pin;

/// GET (and HEAD) or POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Reads; safe and bookmarkable.
    Get,
    /// Changes something; answers 303.
    Post,
}

/// Who may open an address. What they see there is decided by the store, not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Anyone,
    /// Whoever is signed in, at any level of proof.
    SignedIn,
    /// Patients who have proved who they are (P9), for themselves or for somebody they may act for. Those who have not
    /// are led to where they can.
    Patient,
    /// Whoever is signed in and not as a patient.
    Staff,
    /// Ward staff.
    Ward,
    /// Staff of a GP surgery.
    Surgery,
    /// Ward staff and staff of a GP surgery.
    WardOrSurgery,
    /// Ward staff and receptionists.
    WardOrReception,
    /// Ward staff, receptionists and staff of a GP surgery: whoever patients ask to do something for them.
    Helper,
    /// Operators.
    Operator,
    /// Ward staff and operators: sums of an organisation that name nobody.
    WardOrOperator,
    /// Privacy officers.
    Privacy,
}

/// Whether somebody may open an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Yes.
    Open,
    /// Not before signing in.
    SignIn,
    /// Not before proving who they are.
    Prove,
    /// Never in this role.
    Closed,
}

impl Who {
    /// Whether a role at a level of proof may open the address; `None` is nobody signed in.
    pub fn admits(self, person: Option<(&Role, Level)>) -> Admission {
        if self == Who::Anyone {
            return Admission::Open;
        }
        let Some((role, level)) = person else { return Admission::SignIn };
        let patient = matches!(role, Role::Patient { .. } | Role::Unproven);
        let ward = matches!(role, Role::WardStaff { .. });
        let surgery = matches!(role, Role::Surgery { .. });
        let open = match (self, role) {
            // Nobody signs in as a carer: acting for somebody is asked about at every request.
            (_, Role::Backend { .. } | Role::System | Role::Carer { .. }) => false,
            (Who::Anyone | Who::SignedIn, _) => true,
            (Who::Patient, Role::Unproven) => return Admission::Prove,
            (Who::Patient, _) if patient && level < Level::P9 => return Admission::Prove,
            (Who::Patient, _) => patient,
            (Who::Staff, _) => !patient,
            (Who::Ward, Role::Receptionist) if planted(Bug::Role) => true,
            (Who::Ward, _) => ward,
            (Who::WardOrSurgery, _) => ward || surgery,
            (Who::Surgery, _) => surgery,
            (Who::WardOrReception, role) => ward || matches!(role, Role::Receptionist),
            (Who::Helper, role) => ward || surgery || matches!(role, Role::Receptionist),
            (Who::WardOrOperator, role) => ward || matches!(role, Role::Operator),
            (Who::Operator, role) => matches!(role, Role::Operator),
            (Who::Privacy, role) => matches!(role, Role::Privacy),
        };
        if open { Admission::Open } else { Admission::Closed }
    }
}

/// What a page function returns to the door.
pub type Served<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// A function that answers an address.
pub type Serve = for<'a> fn(&'a State, &'a Visit) -> Served<'a>;

/// One address.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// GET or POST.
    pub verb: Verb,
    /// The path, with its open parts in braces.
    pub path: &'static str,
    /// Who may open it.
    pub who: Who,
    /// Whether it also stands under `/as/{relationship}`, for somebody who acts for another person.
    pub mirrored: bool,
    /// Whether it stands there only for staff who do something in a patient's place.
    pub in_place: bool,
    /// Whether it is the same for everybody: served without asking who reads or what the record holds, so that it is there
    /// when nothing else is; browsers may keep it.
    pub still: bool,
    /// What answers.
    pub(crate) serve: Serve,
}

/// Where everything stands that a person does for another.
pub const MIRROR: &str = "/as/{relationship}";

impl Route {
    /// An address that shows something: `Route::get("/home", Who::Patient, |state, visit| Box::pin(home(state, visit)))`.
    pub(crate) const fn get(path: &'static str, who: Who, serve: Serve) -> Self {
        Self { verb: Verb::Get, path, who, mirrored: false, in_place: false, still: false, serve }
    }

    /// An address that changes something.
    pub(crate) const fn post(path: &'static str, who: Who, serve: Serve) -> Self {
        Self { verb: Verb::Post, path, who, mirrored: false, in_place: false, still: false, serve }
    }

    /// The same, also for somebody who acts for another person.
    pub(crate) const fn mirrored(self) -> Self {
        Self { mirrored: true, ..self }
    }

    /// The same, also for staff who do something in a patient's place, and for nobody else who acts for another.
    pub(crate) const fn in_place(self) -> Self {
        Self { in_place: true, ..self }
    }

    /// The same for everybody, whatever else fails.
    pub(crate) const fn still(self) -> Self {
        Self { still: true, ..self }
    }

    /// The address for somebody who acts for another person, where there is one.
    pub fn mirror(&self) -> Option<String> {
        (self.mirrored || self.in_place).then(|| format!("{MIRROR}{}", self.path))
    }
}

/// The answer of a page that needs nothing of the record.
pub fn ready<'a>(outcome: Outcome) -> Served<'a> {
    Box::pin(std::future::ready(outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_roles_open_what_they_should() {
        let patient = Role::Patient { patient: "a".into() };
        let ward = Role::WardStaff { break_glass: None };
        let surgery = Role::Surgery { break_glass: None };
        let carer = Role::Carer {
            patient: "a".into(),
            person: "b".into(),
            relationship: "c".into(),
            withheld: care::Withheld::default(),
        };
        let cases = [
            (Who::SignedIn, Some((&Role::Unproven, Level::P0)), Admission::Open),
            (Who::Patient, Some((&Role::Unproven, Level::P9)), Admission::Prove),
            (Who::Staff, Some((&Role::Unproven, Level::P9)), Admission::Closed),
            (Who::SignedIn, Some((&carer, Level::P9)), Admission::Closed),
            (Who::Patient, Some((&carer, Level::P9)), Admission::Closed),
            (Who::Surgery, Some((&surgery, Level::P9)), Admission::Open),
            (Who::WardOrSurgery, Some((&surgery, Level::P9)), Admission::Open),
            (Who::Staff, Some((&surgery, Level::P9)), Admission::Open),
            (Who::Ward, Some((&surgery, Level::P9)), Admission::Closed),
            (Who::Surgery, Some((&ward, Level::P9)), Admission::Closed),
            (Who::Anyone, None, Admission::Open),
            (Who::SignedIn, None, Admission::SignIn),
            (Who::SignedIn, Some((&patient, Level::P0)), Admission::Open),
            (Who::Patient, None, Admission::SignIn),
            (Who::Patient, Some((&patient, Level::P0)), Admission::Prove),
            (Who::Patient, Some((&patient, Level::P5)), Admission::Prove),
            (Who::Patient, Some((&patient, Level::P9)), Admission::Open),
            (Who::Patient, Some((&ward, Level::P9)), Admission::Closed),
            (Who::Staff, Some((&patient, Level::P9)), Admission::Closed),
            (Who::Ward, Some((&ward, Level::P9)), Admission::Open),
            (Who::WardOrReception, Some((&Role::Receptionist, Level::P9)), Admission::Open),
            (Who::Ward, Some((&Role::Receptionist, Level::P9)), Admission::Closed),
            (Who::Helper, Some((&Role::Receptionist, Level::P9)), Admission::Open),
            (Who::Helper, Some((&surgery, Level::P9)), Admission::Open),
            (Who::Helper, Some((&Role::Privacy, Level::P9)), Admission::Closed),
            (Who::Helper, Some((&patient, Level::P9)), Admission::Closed),
            (Who::Operator, Some((&ward, Level::P9)), Admission::Closed),
            (Who::WardOrOperator, Some((&ward, Level::P9)), Admission::Open),
            (Who::WardOrOperator, Some((&Role::Operator, Level::P9)), Admission::Open),
            (Who::WardOrOperator, Some((&Role::Receptionist, Level::P9)), Admission::Closed),
            (Who::WardOrOperator, Some((&surgery, Level::P9)), Admission::Closed),
            (Who::Privacy, Some((&Role::Privacy, Level::P9)), Admission::Open),
            (Who::Privacy, Some((&Role::Operator, Level::P9)), Admission::Closed),
            (Who::Ward, Some((&Role::Privacy, Level::P9)), Admission::Closed),
            (Who::SignedIn, Some((&Role::System, Level::P9)), Admission::Closed),
        ];
        for (who, person, expected) in cases {
            assert_eq!(who.admits(person), expected, "{who:?} {person:?}");
        }
    }
}
