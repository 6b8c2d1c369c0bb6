//! The people of the demo sign-in page and behind the demo tokens: they come from the seeded world and nowhere else.

use crate::world::Written;
use store::{Actor, Purpose, Role};
use synth::{DemoPerson, DemoRole};
use web::session::Person;

/// The demo people of a world.
#[derive(Clone)]
pub struct Demo(Vec<DemoPerson>);

impl Demo {
    /// The people of a world.
    pub fn of(written: &Written) -> Self {
        Self(synth::demo_people(&written.world()))
    }

    /// The people as the sign-in page lists them.
    pub fn people(&self) -> Vec<Person> {
        self.0
            .iter()
            .zip(1..)
            .map(|(one, number)| Person {
                key: format!("{}-{number}", word(one.role)),
                name: one.name.clone(),
                title: one.about.clone(),
                organisation: String::new(),
                ods_code: organisation_of(one),
                id: one.reference.as_str().into(),
                role: role(one),
            })
            .collect()
    }

    /// ODS code of the trust that the demo is about.
    pub fn organisation(&self) -> fhir::json::Text {
        self.0.first().map(|one| one.organisation.as_str().into()).unwrap_or_default()
    }

    /// The actor of `demo-ward`.
    pub fn ward_manager(&self) -> Option<Actor> {
        self.actor(DemoRole::WardManager)
    }

    /// The actor of `demo-patient`.
    pub fn patient(&self) -> Option<Actor> {
        self.actor(DemoRole::Patient)
    }

    fn actor(&self, role_wanted: DemoRole) -> Option<Actor> {
        let one = self.0.iter().find(|one| one.role == role_wanted)?;
        let purpose = if role_wanted == DemoRole::Patient { Purpose::PatientRequest } else { Purpose::Treat };
        Some(Actor {
            id: one.reference.as_str().into(),
            name: one.name.clone(),
            role: role(one),
            organisation: organisation_of(one),
            purpose,
            trace: "".into(),
            via: None,
            behalf: None,
        })
    }
}

fn organisation_of(one: &DemoPerson) -> fhir::json::Text {
    if matches!(one.role, DemoRole::Patient | DemoRole::Carer) {
        "".into()
    } else {
        one.organisation.as_str().into()
    }
}

fn role(one: &DemoPerson) -> Role {
    match one.role {
        DemoRole::WardManager => Role::WardStaff { break_glass: None },
        DemoRole::Receptionist => Role::Receptionist,
        DemoRole::Operator => Role::Operator,
        DemoRole::Privacy => Role::Privacy,
        DemoRole::Surgery => Role::Surgery { break_glass: None },
        DemoRole::Patient | DemoRole::Carer => {
            Role::Patient { patient: one.reference.strip_prefix("Patient/").unwrap_or(&one.reference).into() }
        }
    }
}

fn word(role: DemoRole) -> &'static str {
    match role {
        DemoRole::WardManager => "ward-manager",
        DemoRole::Receptionist => "receptionist",
        DemoRole::Operator => "operator",
        DemoRole::Privacy => "privacy",
        DemoRole::Surgery => "surgery",
        DemoRole::Patient => "patient",
        DemoRole::Carer => "carer",
    }
}
