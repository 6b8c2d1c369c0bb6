//! The access rules as a table: role × class of resource × interaction → whose resources.
//!
//! Anything without a row is refused. Backend clients are ruled by their scopes and the system's own workers by
//! nothing; both stand outside the table. A [`Capability`] adds the types that it writes. What each word means in SQL is
//! in [`super::predicate`].

use super::class::Class;
use crate::{Actor, Capability, Interaction, Role};

/// Whose resources of a class an interaction reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// None: the type is closed.
    Nothing,
    /// All.
    Everything,
    /// Those in the compartment of the actor's own Patient; for a carer, of the person cared for, less what is withheld.
    Own,
    /// Those in the compartment of a patient with an open relationship to the actor's organisation, and of the
    /// patient named by break-glass.
    Related,
    /// Those in the compartment of a patient with any relationship, past ones included, to the actor's organisation.
    Registered,
    /// Those in no patient's compartment.
    WithoutPatient,
    /// Those in the compartment of the one patient who asked staff to act in their place, while that patient has an open
    /// relationship to the actor's organisation; less what is withheld.
    Asked,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// [`Role::kind`], or [`ON_BEHALF`].
    pub role: &'static str,
    /// The types.
    pub class: Class,
    /// Read, version read, history and search.
    pub read: Grant,
    /// Create and update.
    pub write: Grant,
}

/// Staff in a patient's place, whatever their role: they read what the patient reads and write by capabilities alone.
pub const ON_BEHALF: &str = "on-behalf";

const fn rule(role: &'static str, class: Class, read: Grant, write: Grant) -> Rule {
    Rule { role, class, read, write }
}

/// The table. Deletion is for backend clients and the system only.
///
/// A receptionist finds patients that the organisation has or had in its care and no others: registering somebody
/// new is done by the registration feed. The search over all names of a region is not part of this slice.
pub const TABLE: &[Rule] = &[
    rule("patient", Class::Reference, Grant::Everything, Grant::Nothing),
    rule("patient", Class::Administrative, Grant::Own, Grant::Nothing),
    rule("patient", Class::Clinical, Grant::Own, Grant::Nothing),
    rule("patient", Class::Diary, Grant::WithoutPatient, Grant::Nothing),
    rule("patient", Class::Audit, Grant::Own, Grant::Nothing),
    rule("carer", Class::Reference, Grant::Everything, Grant::Nothing),
    rule("carer", Class::Administrative, Grant::Own, Grant::Nothing),
    rule("carer", Class::Clinical, Grant::Own, Grant::Nothing),
    rule("carer", Class::Diary, Grant::WithoutPatient, Grant::Nothing),
    rule("unproven", Class::Reference, Grant::Everything, Grant::Nothing),
    rule("ward-staff", Class::Reference, Grant::Everything, Grant::Nothing),
    rule("ward-staff", Class::Administrative, Grant::Related, Grant::Related),
    rule("ward-staff", Class::Clinical, Grant::Related, Grant::Related),
    rule("ward-staff", Class::Diary, Grant::Everything, Grant::Nothing),
    rule("surgery", Class::Reference, Grant::Everything, Grant::Nothing),
    rule("surgery", Class::Administrative, Grant::Related, Grant::Related),
    rule("surgery", Class::Clinical, Grant::Related, Grant::Related),
    rule("surgery", Class::Diary, Grant::Everything, Grant::Nothing),
    rule("receptionist", Class::Reference, Grant::Everything, Grant::Nothing),
    rule("receptionist", Class::Administrative, Grant::Registered, Grant::Nothing),
    rule("receptionist", Class::Diary, Grant::Everything, Grant::Nothing),
    rule(ON_BEHALF, Class::Reference, Grant::Everything, Grant::Nothing),
    rule(ON_BEHALF, Class::Administrative, Grant::Asked, Grant::Nothing),
    rule(ON_BEHALF, Class::Clinical, Grant::Asked, Grant::Nothing),
    rule(ON_BEHALF, Class::Diary, Grant::WithoutPatient, Grant::Nothing),
    rule("operator", Class::Reference, Grant::Everything, Grant::Nothing),
    rule("operator", Class::Audit, Grant::WithoutPatient, Grant::Nothing),
    rule("privacy-officer", Class::Reference, Grant::Everything, Grant::Nothing),
];

/// What the actor may reach of a type by an interaction.
#[must_use]
pub fn grant(actor: &Actor, interaction: Interaction, resource_type: &str) -> Grant {
    match &actor.role {
        Role::System => return Grant::Everything,
        Role::Backend { scopes } if scopes.grant(interaction, resource_type) => return Grant::Everything,
        Role::Backend { .. } => return Grant::Nothing,
        Role::Carer { withheld, .. } if withheld.types.iter().any(|closed| closed == resource_type) => {
            return Grant::Nothing;
        }
        _ => {}
    }
    let kind = match (&actor.behalf, &actor.role) {
        (None, role) => role.kind(),
        (Some(behalf), Role::WardStaff { .. } | Role::Surgery { .. } | Role::Receptionist) => {
            if behalf.withheld.types.iter().any(|closed| closed == resource_type) {
                return Grant::Nothing;
            }
            ON_BEHALF
        }
        // Nobody else stands in for a patient.
        (Some(_), _) => return Grant::Nothing,
    };
    let class = Class::of(resource_type);
    let by_role = || {
        let rule = TABLE.iter().find(|rule| rule.role == kind && rule.class == class);
        rule.map_or((Grant::Nothing, Grant::Nothing), |rule| (rule.read, rule.write))
    };
    match interaction {
        Interaction::Read | Interaction::Search => by_role().0,
        Interaction::Delete => Grant::Nothing,
        Interaction::Create | Interaction::Update => {
            let opened = actor.via.filter(|_| class != Class::Audit);
            opened
                .and_then(|via| by_capability(via, (actor, interaction), resource_type))
                .unwrap_or(by_role().1)
        }
    }
}

/// What a capability adds to the table. It never reaches further than the actor who works through it.
fn by_capability(
    via: &Capability,
    (actor, interaction): (&Actor, Interaction),
    resource_type: &str,
) -> Option<Grant> {
    let own = match actor.role {
        Role::Patient { .. } | Role::Carer { .. } => Grant::Own,
        Role::WardStaff { .. } | Role::Surgery { .. } | Role::Receptionist if actor.behalf.is_some() => {
            Grant::Asked
        }
        Role::WardStaff { .. } | Role::Surgery { .. } => Grant::Related,
        _ => return None,
    };
    if via.writes.contains(&resource_type) {
        return Some(own);
    }
    let shared = interaction == Interaction::Update && via.shared.contains(&resource_type);
    shared.then_some(Grant::WithoutPatient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Asked, Behalf, Purpose, Scopes, Withheld};
    use fhir::json::Text;

    fn actor(role: Role) -> Actor {
        Actor { role, purpose: Purpose::Treat, organisation: "RAA".into(), ..Actor::system("t") }
    }

    #[test]
    fn one_row_for_each_pair() {
        for (at, rule) in TABLE.iter().enumerate() {
            let again =
                TABLE.iter().skip(at + 1).any(|other| other.role == rule.role && other.class == rule.class);
            assert!(!again, "{} {:?}", rule.role, rule.class);
        }
    }

    const BOOKING: Capability =
        Capability { name: "booking", writes: &["Appointment", "AuditEvent"], shared: &["Slot"] };

    #[test]
    fn a_capability_opens_what_it_writes_and_reaches_no_further() {
        let patient = actor(Role::Patient { patient: "p".into() }).within(&BOOKING);
        let carer = |types: &[&str]| {
            let withheld = Withheld { types: types.iter().map(|t| Text::from(*t)).collect(), labels: vec![] };
            let (patient, person, relationship) = ("p".into(), "q".into(), "r".into());
            actor(Role::Carer { patient, person, relationship, withheld }).within(&BOOKING)
        };
        let surgery = actor(Role::Surgery { break_glass: None }).within(&BOOKING);
        let table = [
            (&patient, Interaction::Create, "Appointment", Grant::Own),
            (&patient, Interaction::Update, "Appointment", Grant::Own),
            (&patient, Interaction::Delete, "Appointment", Grant::Nothing),
            (&patient, Interaction::Update, "Slot", Grant::WithoutPatient),
            (&patient, Interaction::Create, "Slot", Grant::Nothing),
            (&patient, Interaction::Update, "Observation", Grant::Nothing),
            (&patient, Interaction::Create, "AuditEvent", Grant::Nothing),
            (&patient, Interaction::Read, "Slot", Grant::WithoutPatient),
            (&carer(&[]), Interaction::Create, "Appointment", Grant::Own),
            (&carer(&["Appointment"]), Interaction::Create, "Appointment", Grant::Nothing),
            (&carer(&["Appointment"]), Interaction::Read, "Appointment", Grant::Nothing),
            (&carer(&[]), Interaction::Read, "AuditEvent", Grant::Nothing),
            (&surgery, Interaction::Update, "Slot", Grant::WithoutPatient),
            (&surgery, Interaction::Update, "Appointment", Grant::Related),
            (&actor(Role::Unproven).within(&BOOKING), Interaction::Create, "Appointment", Grant::Nothing),
            (&actor(Role::Unproven), Interaction::Read, "Organization", Grant::Everything),
            (&actor(Role::Unproven), Interaction::Read, "Slot", Grant::Nothing),
            (&actor(Role::Operator).within(&BOOKING), Interaction::Update, "Slot", Grant::Nothing),
            (&actor(Role::Receptionist).within(&BOOKING), Interaction::Create, "Appointment", Grant::Nothing),
        ];
        for (actor, interaction, name, expected) in table {
            let said = grant(actor, interaction, name);
            assert_eq!(said, expected, "{} {interaction:?} {name}", actor.role.code());
        }
    }

    #[test]
    fn staff_in_a_patients_place_have_the_patients_rights_and_no_more() {
        let asked = |types: &[&str]| Behalf {
            patient: "p".into(),
            asked: Asked::Phone,
            post: true,
            withheld: Withheld { types: types.iter().map(|t| Text::from(*t)).collect(), labels: vec![] },
        };
        let glass = Some(crate::BreakGlass { patient: "p".into(), reason: String::from("collapsed") });
        let surgery = actor(Role::Surgery { break_glass: glass }).asked_by(asked(&[]));
        assert_eq!((surgery.role.break_glass(), surgery.purpose), (None, Purpose::PatientRequest));
        let ward = actor(Role::WardStaff { break_glass: None }).asked_by(asked(&[]));
        let desk = actor(Role::Receptionist).asked_by(asked(&[]));
        let booking = surgery.within(&BOOKING);
        let for_carer =
            actor(Role::Surgery { break_glass: None }).asked_by(asked(&["Appointment"])).within(&BOOKING);
        let table = [
            (&surgery, Interaction::Read, "Observation", Grant::Asked),
            (&surgery, Interaction::Search, "Patient", Grant::Asked),
            (&surgery, Interaction::Read, "AuditEvent", Grant::Nothing),
            (&surgery, Interaction::Read, "Slot", Grant::WithoutPatient),
            (&surgery, Interaction::Update, "Observation", Grant::Nothing),
            (&surgery, Interaction::Create, "Appointment", Grant::Nothing),
            (&ward, Interaction::Create, "Encounter", Grant::Nothing),
            (&ward, Interaction::Read, "Encounter", Grant::Asked),
            (&booking, Interaction::Create, "Appointment", Grant::Asked),
            (&booking, Interaction::Update, "Slot", Grant::WithoutPatient),
            (&booking, Interaction::Create, "Observation", Grant::Nothing),
            (&booking, Interaction::Delete, "Appointment", Grant::Nothing),
            (&for_carer, Interaction::Read, "Appointment", Grant::Nothing),
            (&for_carer, Interaction::Create, "Appointment", Grant::Nothing),
            (&desk, Interaction::Read, "Observation", Grant::Asked),
            (&desk, Interaction::Read, "AuditEvent", Grant::Nothing),
            (&desk, Interaction::Create, "Appointment", Grant::Nothing),
            (&desk.within(&BOOKING), Interaction::Create, "Appointment", Grant::Asked),
            (&actor(Role::Privacy).asked_by(asked(&[])), Interaction::Read, "Patient", Grant::Nothing),
            (&actor(Role::Operator).asked_by(asked(&[])), Interaction::Read, "Location", Grant::Nothing),
        ];
        for (actor, interaction, name, expected) in table {
            assert_eq!(
                grant(actor, interaction, name),
                expected,
                "{} {interaction:?} {name}",
                actor.role.code()
            );
        }
    }

    #[test]
    fn grants_what_the_table_says_and_nothing_else() {
        let patient = actor(Role::Patient { patient: "p".into() });
        let staff = actor(Role::WardStaff { break_glass: None });
        let desk = actor(Role::Receptionist);
        let operator = actor(Role::Operator);
        let backend = actor(Role::Backend { scopes: Scopes::parse("system/Patient.rs") });
        let table = [
            (&patient, Interaction::Read, "Observation", Grant::Own),
            (&patient, Interaction::Update, "Patient", Grant::Nothing),
            (&patient, Interaction::Search, "Organization", Grant::Everything),
            (&patient, Interaction::Search, "Group", Grant::Nothing),
            (&staff, Interaction::Search, "Observation", Grant::Related),
            (&staff, Interaction::Create, "Encounter", Grant::Related),
            (&staff, Interaction::Delete, "Encounter", Grant::Nothing),
            (&staff, Interaction::Update, "Location", Grant::Nothing),
            (&staff, Interaction::Read, "AuditEvent", Grant::Nothing),
            (&desk, Interaction::Search, "Patient", Grant::Registered),
            (&desk, Interaction::Search, "Observation", Grant::Nothing),
            (&operator, Interaction::Search, "Patient", Grant::Nothing),
            (&operator, Interaction::Search, "Location", Grant::Everything),
            (&operator, Interaction::Search, "AuditEvent", Grant::WithoutPatient),
            (&backend, Interaction::Read, "Patient", Grant::Everything),
            (&backend, Interaction::Create, "Patient", Grant::Nothing),
            (&backend, Interaction::Read, "Observation", Grant::Nothing),
        ];
        for (actor, interaction, name, expected) in table {
            assert_eq!(
                grant(actor, interaction, name),
                expected,
                "{} {interaction:?} {name}",
                actor.role.code()
            );
        }
    }
}
