//! The access rules as a table: role × class of resource × interaction → whose resources.
//!
//! Anything without a row is refused. Backend clients are ruled by their scopes and the system's own workers by
//! nothing; both stand outside the table. What each word means in SQL is in [`super::predicate`].

use super::class::Class;
use crate::{Actor, Interaction, Role};

/// Whose resources of a class an interaction reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// None: the type is closed.
    Nothing,
    /// All.
    Everything,
    /// Those in the compartment of the actor's own Patient.
    Own,
    /// Those in the compartment of a patient with an open relationship to the actor's organisation, and of the
    /// patient named by break-glass.
    Related,
    /// Those in the compartment of a patient with any relationship, past ones included, to the actor's organisation.
    Registered,
    /// Those in no patient's compartment.
    WithoutPatient,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// [`Role::code`], break-glass apart.
    pub role: &'static str,
    /// The types.
    pub class: Class,
    /// Read, version read, history and search.
    pub read: Grant,
    /// Create and update.
    pub write: Grant,
}

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
    rule("patient", Class::Audit, Grant::Own, Grant::Nothing),
    rule("ward-staff", Class::Reference, Grant::Everything, Grant::Nothing),
    rule("ward-staff", Class::Administrative, Grant::Related, Grant::Related),
    rule("ward-staff", Class::Clinical, Grant::Related, Grant::Related),
    rule("ward-staff", Class::Diary, Grant::Everything, Grant::Nothing),
    rule("receptionist", Class::Reference, Grant::Everything, Grant::Nothing),
    rule("receptionist", Class::Administrative, Grant::Registered, Grant::Nothing),
    rule("receptionist", Class::Diary, Grant::Everything, Grant::Nothing),
    rule("operator", Class::Reference, Grant::Everything, Grant::Nothing),
    rule("operator", Class::Audit, Grant::WithoutPatient, Grant::Nothing),
];

/// What the actor may reach of a type by an interaction.
#[must_use]
pub fn grant(actor: &Actor, interaction: Interaction, resource_type: &str) -> Grant {
    let whole = |granted: bool| if granted { Grant::Everything } else { Grant::Nothing };
    let role = match &actor.role {
        Role::System => return Grant::Everything,
        Role::Backend { scopes } => return whole(scopes.grant(interaction, resource_type)),
        Role::Patient { .. } => "patient",
        Role::WardStaff { .. } => "ward-staff",
        Role::Receptionist => "receptionist",
        Role::Operator => "operator",
    };
    let class = Class::of(resource_type);
    let Some(rule) = TABLE.iter().find(|rule| rule.role == role && rule.class == class) else {
        return Grant::Nothing;
    };
    match interaction {
        Interaction::Read | Interaction::Search => rule.read,
        Interaction::Create | Interaction::Update => rule.write,
        Interaction::Delete => Grant::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Purpose, Scopes};

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
