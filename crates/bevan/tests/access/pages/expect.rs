//! What every page must answer to whom, written by hand from the rules and from nothing in the program.
//!
//! A new page needs a row here: who may open it, what its address names, and what of the record it must show.

use super::visitors::{Post, Visitor};
use Post::{Desk, Operator, Out, Patient, Privacy, Surgery, Unproven, Ward};

/// One address.
pub struct Row {
    pub verb: &'static str,
    pub path: &'static str,
    /// Who may open it; nobody else ever does.
    pub opens: &'static [Post],
    pub about: About,
    /// What it answers to those when everything is in reach.
    pub status: u16,
    /// Whether it also stands under `/as/{relationship}`.
    pub mirrored: bool,
    /// How the form is filled in, of a page that takes one.
    pub form: Option<Form>,
}

/// What an address is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// No record.
    Nothing,
    /// The record of whoever is signed in; the resource type whose texts it must show, if any.
    Own(&'static str),
    /// The resource of that type that `{id}` names, of the record of whoever is signed in.
    Part(&'static str),
    /// The patient whom `{id}` names, and the resource type whose texts it must show.
    Patient(&'static str),
    /// A file of a document of Ann's, below the patient whom `{id}` names.
    File,
    /// The patient whom `{id}` names, on their own word: emergency access does not count.
    Asked,
    /// Emergency access to the patient whom `{id}` names: the same for everybody's id, and for nobody's.
    Unsaid,
    /// The ward that `{id}` names: only one's own hospital's has a board.
    Ward,
    /// The message that `{id}` names.
    Letter,
    /// The relationship that `{id}` names: the practice sees those of people registered there.
    Bond,
    /// The request for medicines that `{id}` names.
    Request,
    /// Something public that `{id}` names: no id of a record is one, and none may make a difference.
    Listed,
}

/// A form that is filled in properly.
pub struct Form {
    /// Its fields; `{ann}` and `{cas}` stand for NHS numbers, `{word}` for Ann's name, `{person}` for another to sign in as.
    pub fields: &'static str,
    /// Where its effect shows.
    pub effect: &'static str,
    /// Who may send it.
    pub by: Post,
}

impl Row {
    /// Whether it stands under `/as/…` for staff in a patient's place, and for nobody else who acts for another: who acts for
    /// whom, and how somebody is reached, is a person's own affair.
    pub fn in_place(&self) -> bool {
        let own = ["/family", "/profile/contact", "/profile/format", "/profile/language"];
        own.contains(&self.path) || self.path.starts_with("/family/")
    }

    /// Whether it stands under the address by which a visitor acts.
    pub fn stands_for(&self, visitor: Visitor) -> bool {
        self.mirrored || (visitor.in_place_of().is_some() && self.in_place())
    }

    /// The address of an id.
    pub fn at(&self, id: &str) -> String {
        ["{id}", "{topic}", "{step}"]
            .iter()
            .fold(self.path.replace("{number}", "1"), |path, part| path.replace(part, id))
            .replace("{document}", &crate::records::id(crate::files::OWN))
    }
}

const ALL: &[Post] = &[Out, Unproven, Patient, Ward, Desk, Surgery, Operator, Privacy];
const SIGNED_IN: &[Post] = &[Unproven, Patient, Ward, Desk, Surgery, Operator, Privacy];
const STAFF: &[Post] = &[Ward, Desk, Surgery, Operator, Privacy];
const WARD: &[Post] = &[Ward];
const WARD_AND_SURGERY: &[Post] = &[Ward, Surgery];
const WARD_AND_DESK: &[Post] = &[Ward, Desk];
const HELPERS: &[Post] = &[Ward, Desk, Surgery];

const fn row(verb: &'static str, path: &'static str, opens: &'static [Post], about: About) -> Row {
    Row { verb, path, opens, about, status: 200, mirrored: false, form: None }
}

/// A page that shows something public; `status` is what it answers to an id that it does not know.
const fn listed(path: &'static str, status: u16) -> Row {
    Row { status, ..row("GET", path, ALL, About::Listed) }
}

const fn own(path: &'static str, shows: &'static str) -> Row {
    Row { mirrored: true, ..row("GET", path, &[Patient], About::Own(shows)) }
}

/// A step of a longer form: that it is guarded is shown here, what it does by the journeys of its area.
const fn step(path: &'static str, opens: &'static [Post], about: About) -> Row {
    Row {
        status: ANY,
        form: Some(Form { fields: "", effect: "", by: Patient }),
        ..row("POST", path, opens, about)
    }
}

/// A step of a patient's own form, which also stands under `/as/{relationship}`.
const fn own_step(path: &'static str, about: About) -> Row {
    Row { mirrored: true, ..step(path, PATIENT, about) }
}

/// A step of a form of ward staff.
const fn ward_step(path: &'static str, about: About) -> Row {
    Row {
        form: Some(Form { fields: "", effect: "/staff/home", by: Ward }),
        ..step(path, WARD_AND_SURGERY, about)
    }
}

/// A page that needs something before it: the answers of earlier steps, a repeat medicine, a referral. None of the records here
/// has one, so it leads back or is not there, for everybody's ids alike.
const fn later(path: &'static str, status: u16) -> Row {
    Row { status, ..own(path, "") }
}

const fn form(row: Row, by: Post, fields: &'static str, effect: &'static str) -> Row {
    Row { status: 303, form: Some(Form { fields, effect, by }), ..row }
}

/// Any answer of the page itself: done, refused with its reason, or not there; never a fault, never a lack of right.
pub const ANY: u16 = 0;
const PATIENT: &[Post] = &[Patient];
const SURGERY: &[Post] = &[Surgery];
const PRIVACY: &[Post] = &[Privacy];

/// The same step, sent by somebody else than a patient.
const fn step_of(row: Row, by: Post) -> Row {
    Row { form: Some(Form { fields: "", effect: "", by }), ..row }
}

/// What a row answers to somebody who acts for Eve where that is another answer than to Eve herself: the categories that were
/// approved open no results, no messages and no access log.
const CARERS: &[(&str, u16)] = &[
    ("/results/{id}", 403),
    ("/results/trend/{id}", 403),
    ("/record/scans/{id}", 403),
    ("/messages/{id}", 403),
    ("/messages/{id}/check", 403),
    ("/messages/{id}/sent", 403),
    ("/messages/{id}/letter", 403),
    ("/profile/who-looked", 403),
];

/// What staff in somebody's place are never shown: who looked is for the patient alone.
const IN_PLACE: &[(&str, u16)] = &[("/profile/who-looked", 403)];

/// What the row answers to somebody who acts for Eve, or in Ann's place, where it is another answer than to themselves.
pub fn to_others(row: &Row, visitor: Visitor) -> Option<u16> {
    let table = match visitor {
        // What the patient alone may have done is not done because somebody else asks.
        Visitor::PracticeForHal if row.in_place() => return Some(403),
        Visitor::Carer | Visitor::PracticeForHal => CARERS,
        Visitor::PracticeForAnn | Visitor::WardForAnn | Visitor::DeskForAnn => IN_PLACE,
        _ => &[],
    };
    table.iter().find(|(path, _)| *path == row.path).map(|(_, status)| *status)
}

/// Every address of the people's door.
pub const ROWS: &[Row] = &[
    row("GET", "/", ALL, About::Nothing),
    row("GET", "/urgent", ALL, About::Nothing),
    row("GET", "/sign-in", ALL, About::Nothing),
    form(row("POST", "/sign-in", ALL, About::Nothing), Ward, "person={person}", "/staff/home"),
    // Without a national login nobody gets on its way.
    Row { status: 404, ..row("GET", "/sign-in/start", ALL, About::Nothing) },
    Row { status: 404, ..row("GET", "/sign-in/return", ALL, About::Nothing) },
    // Those who have proved who they are, and those who need not, are led on.
    Row { status: 303, ..row("GET", "/sign-in/prove-who-you-are", SIGNED_IN, About::Nothing) },
    form(row("POST", "/sign-in/prove-who-you-are", SIGNED_IN, About::Nothing), Unproven, "", "/home"),
    row("GET", "/session-ended", ALL, About::Nothing),
    form(row("POST", "/sign-out", ALL, About::Nothing), Ward, "", "/staff/home"),
    row("GET", "/help", ALL, About::Nothing),
    row("GET", "/accessibility", ALL, About::Nothing),
    row("GET", "/privacy", ALL, About::Nothing),
    row("GET", "/cookies", ALL, About::Nothing),
    row("GET", "/check", ALL, About::Nothing),
    row("GET", "/check/emergency", ALL, About::Nothing),
    // Nothing is asked before the first screen was answered.
    Row { status: 303, ..row("GET", "/check/who", ALL, About::Nothing) },
    Row { status: 303, ..row("GET", "/check/topic", ALL, About::Nothing) },
    step("/check/topic", ALL, About::Nothing),
    listed("/check/outcome/{id}", 303),
    listed("/check/{topic}/{step}", 303),
    row("GET", "/services", ALL, About::Nothing),
    Row { status: 303, ..row("GET", "/services/results", ALL, About::Nothing) },
    listed("/services/{id}", 404),
    listed("/neighbourhood/{id}", 404),
    row("GET", "/self-care", ALL, About::Nothing),
    listed("/self-care/{id}", 303),
    row("GET", "/conditions", ALL, About::Nothing),
    listed("/conditions/{id}", 303),
    row("GET", "/staff/home", STAFF, About::Nothing),
    row("GET", "/staff/wards", WARD, About::Nothing),
    row("GET", "/staff/wards/events", WARD, About::Nothing),
    row("GET", "/staff/wards/{id}", WARD, About::Ward),
    row("GET", "/staff/wards/{id}/events", WARD, About::Ward),
    row("GET", "/staff/patients", WARD_AND_DESK, About::Nothing),
    form(row("POST", "/staff/patients", WARD_AND_DESK, About::Nothing), Ward, "q={word}", "/staff/patients"),
    row("GET", "/staff/patients/{id}", WARD_AND_DESK, About::Patient("Patient")),
    row("GET", "/staff/patients/{id}/problems", WARD, About::Patient("Condition")),
    row("GET", "/staff/patients/{id}/medicines", WARD, About::Patient("MedicationRequest")),
    row("GET", "/staff/patients/{id}/allergies", WARD, About::Patient("AllergyIntolerance")),
    row("GET", "/staff/patients/{id}/results", WARD, About::Patient("DiagnosticReport")),
    row("GET", "/staff/patients/{id}/scans", WARD, About::Patient("ImagingStudy")),
    row("GET", "/staff/patients/{id}/observations", WARD, About::Patient("Observation")),
    row("GET", "/staff/patients/{id}/vaccinations", WARD, About::Patient("Immunization")),
    row("GET", "/staff/patients/{id}/documents", WARD, About::Patient("DocumentReference")),
    row("GET", "/staff/patients/{id}/documents/{document}/{number}", WARD, About::File),
    row("GET", "/staff/patients/{id}/encounters", WARD_AND_DESK, About::Patient("Encounter")),
    row("GET", "/staff/patients/{id}/break-glass", WARD, About::Unsaid),
    form(
        row("POST", "/staff/patients/{id}/break-glass", WARD, About::Unsaid),
        Ward,
        "reason=found+unconscious+in+the+street",
        "/staff/patients/{id}",
    ),
    row("GET", "/staff/emergency", WARD, About::Nothing),
    form(
        row("POST", "/staff/emergency", WARD, About::Nothing),
        Ward,
        "number={cas}&reason=found+unconscious+in+the+street",
        "/staff/patients/{id}",
    ),
    row("GET", "/staff/on-behalf", HELPERS, About::Nothing),
    step_of(step("/staff/on-behalf", HELPERS, About::Nothing), Ward),
    step_of(step("/staff/on-behalf/end", HELPERS, About::Nothing), Ward),
    row("GET", "/staff/patients/{id}/on-behalf", HELPERS, About::Asked),
    step_of(step("/staff/patients/{id}/on-behalf", HELPERS, About::Asked), Ward),
    row("GET", "/staff/imaging", WARD, About::Nothing),
    row("GET", "/staff/imaging/slots", &[Ward, Operator], About::Nothing),
    row("GET", "/staff/imaging/waiting", &[Ward, Operator], About::Nothing),
    row("GET", "/staff/operations", &[Operator], About::Nothing),
    form(
        row("POST", "/staff/operations/{id}/replay", &[Operator], About::Letter),
        Operator,
        "",
        "/staff/operations",
    ),
    own("/profile", "Patient"),
    row("GET", "/profile/contact", &[Patient], About::Own("")),
    form(
        row("POST", "/profile/contact", &[Patient], About::Own("")),
        Patient,
        "choice=letter&once=a1",
        "/profile",
    ),
    row("GET", "/profile/format", &[Patient], About::Own("")),
    form(
        row("POST", "/profile/format", &[Patient], About::Own("")),
        Patient,
        "choice=braille&once=a2",
        "/profile",
    ),
    row("GET", "/profile/language", &[Patient], About::Own("")),
    form(
        row("POST", "/profile/language", &[Patient], About::Own("")),
        Patient,
        "language=Welsh&interpreter=yes&once=a3",
        "/profile",
    ),
    Row {
        status: ANY,
        ..form(
            row("POST", "/staff/operations/matters/{id}/close", &[Operator], About::Letter),
            Operator,
            "once=close-1",
            "/staff/operations",
        )
    },
    own("/home", ""),
    own("/record", ""),
    own("/record/allergies", "AllergyIntolerance"),
    Row { about: About::Part("AllergyIntolerance"), ..own("/record/allergies/{id}", "") },
    own("/record/conditions", "Condition"),
    Row { about: About::Part("Condition"), ..own("/record/conditions/{id}", "") },
    own("/record/medicines", "MedicationRequest"),
    Row { about: About::Part("MedicationRequest"), ..own("/record/medicines/{id}", "") },
    Row { status: 303, ..own("/record/results", "") },
    own("/results", "DiagnosticReport"),
    Row { about: About::Part("DiagnosticReport"), ..own("/results/{id}", "") },
    Row { about: About::Part("Observation"), ..own("/results/trend/{id}", "") },
    own("/record/visits", "Encounter"),
    Row { about: About::Part("Encounter"), ..own("/record/visits/{id}", "") },
    own("/record/vaccinations", "Immunization"),
    Row { about: About::Part("Immunization"), ..own("/record/vaccinations/{id}", "") },
    own("/record/documents", "DocumentReference"),
    Row { about: About::Part("DocumentReference"), ..own("/record/documents/{id}", "") },
    Row { about: About::Part("DocumentReference"), ..own("/record/documents/{id}/{number}", "") },
    own("/record/scans", "ImagingStudy"),
    Row { about: About::Part("ImagingStudy"), ..own("/record/scans/{id}", "") },
    own("/record/timeline", ""),
    own("/record/download", ""),
    own("/record/download/page", "Condition"),
    own("/record/download/fhir", "Condition"),
    own("/profile/who-looked", ""),
    own("/appointments", ""),
    own("/appointments/book", ""),
    own("/appointments/book/type", ""),
    own_step("/appointments/book/type", About::Own("")),
    later("/appointments/book/when", 303),
    later("/appointments/book/slot", 303),
    later("/appointments/book/details", 303),
    own_step("/appointments/book/details", About::Own("")),
    later("/appointments/book/check", 303),
    own_step("/appointments/book/check", About::Own("")),
    later("/appointments/book/done", 303),
    own("/appointments/ask-gp", ""),
    own_step("/appointments/ask-gp", About::Own("")),
    later("/appointments/ask-gp/check", 303),
    own_step("/appointments/ask-gp/check", About::Own("")),
    own("/appointments/ask-gp/done", ""),
    Row { about: About::Part("Appointment"), ..own("/appointments/{id}", "") },
    Row { about: About::Part("Appointment"), ..own("/appointments/{id}/calendar.ics", "") },
    Row { about: About::Part("Appointment"), ..own("/appointments/{id}/change", "") },
    own_step("/appointments/{id}/change", About::Part("Appointment")),
    Row { about: About::Part("Appointment"), ..own("/appointments/{id}/cancel", "") },
    own_step("/appointments/{id}/cancel", About::Part("Appointment")),
    Row { about: About::Listed, ..later("/referrals/{id}", 404) },
    Row { about: About::Listed, ..later("/waiting-lists/{id}", 404) },
    own("/messages", "Communication"),
    own("/messages/new", ""),
    own_step("/messages/new", About::Own("")),
    later("/messages/new/write", 303),
    own_step("/messages/new/write", About::Own("")),
    later("/messages/new/check", 303),
    own_step("/messages/new/check", About::Own("")),
    Row { about: About::Part("Communication"), ..own("/messages/{id}", "") },
    own_step("/messages/{id}", About::Part("Communication")),
    // Nothing was written that could be checked.
    Row { about: About::Part("Communication"), ..later("/messages/{id}/check", 303) },
    own_step("/messages/{id}/check", About::Part("Communication")),
    Row { about: About::Part("Communication"), ..own("/messages/{id}/sent", "") },
    Row { about: About::Part("Communication"), ..own("/messages/{id}/letter", "") },
    // Neither the hospital nor the practice takes part in any conversation here, and no referral goes to them.
    row("GET", "/staff/messages", WARD_AND_SURGERY, About::Nothing),
    row("GET", "/staff/messages/{id}", WARD_AND_SURGERY, About::Part("Communication")),
    ward_step("/staff/messages/{id}", About::Part("Communication")),
    ward_step("/staff/messages/{id}/close", About::Part("Communication")),
    row("GET", "/staff/patients/{id}/message", WARD_AND_SURGERY, About::Patient("")),
    ward_step("/staff/patients/{id}/message", About::Part("Communication")),
    own("/prescriptions", ""),
    own("/prescriptions/request", ""),
    own("/prescriptions/request/medicines", ""),
    own_step("/prescriptions/request/medicines", About::Own("")),
    own("/prescriptions/request/note", ""),
    own_step("/prescriptions/request/note", About::Own("")),
    own("/prescriptions/request/pharmacy", ""),
    later("/prescriptions/request/check", 303),
    own_step("/prescriptions/request/check", About::Own("")),
    later("/prescriptions/request/done", 404),
    Row { about: About::Listed, ..later("/prescriptions/{id}", 404) },
    own("/pharmacy", ""),
    own_step("/pharmacy", About::Own("")),
    row("GET", "/family", PATIENT, About::Own("")),
    row("GET", "/family/apply", PATIENT, About::Own("")),
    step("/family/apply", PATIENT, About::Own("")),
    row("GET", "/family/apply/right", PATIENT, About::Own("")),
    step("/family/apply/right", PATIENT, About::Own("")),
    row("GET", "/family/apply/access", PATIENT, About::Own("")),
    step("/family/apply/access", PATIENT, About::Own("")),
    Row { status: 303, ..row("GET", "/family/apply/check", PATIENT, About::Own("")) },
    step("/family/apply/check", PATIENT, About::Own("")),
    row("GET", "/family/apply/done", PATIENT, About::Own("")),
    // Nobody acts for anybody here: whatever it names, there is none, and the list says so.
    Row { status: 303, ..row("GET", "/family/{id}", PATIENT, About::Listed) },
    step("/family/{id}/hide", PATIENT, About::Part("RelatedPerson")),
    step("/family/{id}/show", PATIENT, About::Part("RelatedPerson")),
    step("/family/{id}/end", PATIENT, About::Part("RelatedPerson")),
    step("/family/{id}/stop", PATIENT, About::Part("RelatedPerson")),
    row("GET", "/staff/family", SURGERY, About::Nothing),
    row("GET", "/staff/family/{id}", SURGERY, About::Bond),
    step_of(step("/staff/family/{id}/approve", SURGERY, About::Bond), Surgery),
    step_of(step("/staff/family/{id}/refuse", SURGERY, About::Bond), Surgery),
    step_of(step("/staff/family/{id}/review", SURGERY, About::Bond), Surgery),
    step_of(step("/staff/family/{id}/end", SURGERY, About::Bond), Surgery),
    step_of(step("/staff/family/{id}/hide", SURGERY, About::Bond), Surgery),
    step_of(step("/staff/family/{id}/show", SURGERY, About::Bond), Surgery),
    row("GET", "/staff/prescriptions", SURGERY, About::Nothing),
    row("GET", "/staff/prescriptions/{id}", SURGERY, About::Request),
    step_of(step("/staff/prescriptions/{id}", SURGERY, About::Request), Surgery),
    row("GET", "/staff/reviews", PRIVACY, About::Nothing),
    Row { status: 404, ..row("GET", "/staff/reviews/{id}", PRIVACY, About::Listed) },
    step_of(step("/staff/reviews/{id}", PRIVACY, About::Listed), Privacy),
];

/// What is wrong between this table and the door's own: addresses without a row, rows without an address.
pub fn gaps() -> Vec<String> {
    let served: Vec<(&str, &str, bool, bool)> = web::routes()
        .map(|route| {
            let verb = if route.verb == web::Verb::Get { "GET" } else { "POST" };
            (verb, route.path, route.mirrored, route.in_place)
        })
        .collect();
    let written: Vec<_> = ROWS.iter().map(|row| (row.verb, row.path, row.mirrored, row.in_place())).collect();
    let missing = served.iter().filter(|one| !written.contains(one));
    let stale = written.iter().filter(|one| !served.contains(one));
    let named = |(verb, path, mirrored, in_place): &(&str, &str, bool, bool)| {
        format!("{verb} {path} (mirrored: {mirrored}, in place: {in_place})")
    };
    let missing = missing.map(|one| format!("{} is served without a row here", named(one)));
    let stale = stale.map(|one| format!("{} has a row and is not served", named(one)));
    missing.chain(stale).collect()
}

#[test]
fn every_address_has_a_row_and_every_row_an_address() {
    assert_eq!(gaps(), Vec::<String>::new());
}

#[test]
fn every_form_is_filled_in() {
    for row in ROWS {
        assert_eq!(row.verb == "POST", row.form.is_some(), "{}", row.path);
    }
}
