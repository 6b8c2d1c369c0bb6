//! Who asks, in which role, for which organisation and why. No function of the store works without one.
//!
//! An actor is decided once, by whoever authenticated the request; nothing here looks at tokens or sessions.

use fhir::json::Text;

/// The subject of every access decision and every audit row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Reference to the person or client: `Practitioner/123`, `Patient/…`, `client/demo`.
    pub id: Text,
    /// Display name, written to the audit log.
    pub name: String,
    /// What the actor may do, and to whom.
    pub role: Role,
    /// ODS code of the organisation the actor works for; empty for patients.
    pub organisation: Text,
    /// Why the access happens.
    pub purpose: Purpose,
    /// Id of the request, the same in the audit row, the log and the OperationOutcome.
    pub trace: Text,
    /// The capability the actor works through. Only a slice of `care` sets it, after it decided; doors never do.
    pub via: Option<&'static Capability>,
    /// For whom staff do this because that person asked; `None` for everything that is done in one's own right.
    pub behalf: Option<Behalf>,
}

impl Actor {
    /// The same actor at work through a capability, which opens the types that capability writes.
    #[must_use]
    pub fn within(&self, capability: &'static Capability) -> Self {
        Self { via: Some(capability), ..self.clone() }
    }

    /// Staff who do what a patient asked them to do in the patient's place: for that purpose, without emergency access.
    #[must_use]
    pub fn asked_by(&self, behalf: Behalf) -> Self {
        let role = match &self.role {
            Role::WardStaff { .. } => Role::WardStaff { break_glass: None },
            Role::Surgery { .. } => Role::Surgery { break_glass: None },
            other => other.clone(),
        };
        Self { role, purpose: Purpose::PatientRequest, behalf: Some(behalf), ..self.clone() }
    }

    /// Whether this is done in a patient's place because they asked. What is written is attested so.
    #[must_use]
    pub fn is_on_behalf(&self) -> bool {
        self.behalf.is_some()
    }

    /// The system itself: the feed worker, the importer, the doctor. Not a recipient of anything.
    #[must_use]
    pub fn system(trace: impl Into<Text>) -> Self {
        Self {
            id: Text::const_new("Device/bevan"),
            name: String::from("Bevan"),
            role: Role::System,
            organisation: Text::default(),
            purpose: Purpose::Treat,
            trace: trace.into(),
            via: None,
            behalf: None,
        }
    }
}

/// Somebody who asked staff to do for them what they would do themselves. It takes away and never adds: the actor reaches
/// this one person, as long as the organisation cares for them, and writes only through a [`Capability`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behalf {
    /// Logical id of the Patient.
    pub patient: Text,
    /// How it was asked.
    pub asked: Asked,
    /// Whether a letter may be sent to where they live.
    pub post: bool,
    /// What is kept back because somebody else asked for them.
    pub withheld: Withheld,
}

/// How somebody asked staff to do something in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// On the phone, by text relay or through an interpreter.
    Phone,
    /// Face to face.
    InPerson,
    /// In writing.
    Writing,
    /// Somebody who may act for them asked: logical id of the RelatedPerson.
    Carer(Text),
}

impl Asked {
    /// A stable word for the audit log.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::InPerson => "in-person",
            Self::Writing => "writing",
            Self::Carer(_) => "carer",
        }
    }

    /// By whose right somebody else asked.
    #[must_use]
    pub fn relationship(&self) -> Option<&Text> {
        match self {
            Self::Carer(relationship) => Some(relationship),
            _ => None,
        }
    }
}

/// Something the house does for people, and the types it writes in their name. A constant of each slice of `care`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capability {
    /// Its name in the audit log.
    pub name: &'static str,
    /// Types that the actor may create and update through it, as far as the actor reaches: every patient whose
    /// compartment holds the resource, before and after, must be within reach.
    pub writes: &'static [&'static str],
    /// Types in no patient's compartment, such as `Slot`, that the actor may update through it.
    pub shared: &'static [&'static str],
}

/// What is kept from a carer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withheld {
    /// Resource types that are closed.
    pub types: Vec<Text>,
    /// Codes of `meta.security`, of whatever system: what carries one does not exist for the carer.
    pub labels: Vec<Text>,
}

/// What an actor may do, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Signed in, and nobody has proven who they are: sees no patient, not even an own record.
    Unproven,
    /// A patient: their own compartment.
    Patient {
        /// Logical id of the Patient resource.
        patient: Text,
    },
    /// Somebody who acts for a patient: that patient's compartment, without what is withheld, as it is now.
    Carer {
        /// Logical id of the Patient who is cared for.
        patient: Text,
        /// Logical id of the carer's own Patient.
        person: Text,
        /// Logical id of the RelatedPerson that says so.
        relationship: Text,
        /// What is kept from this carer.
        withheld: Withheld,
    },
    /// Ward staff: patients with an open relationship to their organisation, or one patient by break-glass.
    WardStaff {
        /// The access beyond the relationship, when the actor asked for it.
        break_glass: Option<BreakGlass>,
    },
    /// Staff of a GP practice: patients registered there, or one patient by break-glass.
    Surgery {
        /// The access beyond the relationship, when the actor asked for it.
        break_glass: Option<BreakGlass>,
    },
    /// Receptionist: demographics and encounters of patients who are or were in the care of their organisation; in a
    /// patient's place what the patient reads, while the organisation cares for them.
    Receptionist,
    /// Runs the platform: feeds, inbox, backups. Sees no patient.
    Operator,
    /// Privacy officer of an organisation: reads no record, only who opened one in an emergency.
    Privacy,
    /// A program acting for itself with granted scopes.
    Backend {
        /// What was granted.
        scopes: Scopes,
    },
    /// The system's own workers. Everything they write is audited; what they read goes to nobody.
    System,
}

impl Role {
    /// A stable word for the audit log.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WardStaff { break_glass: Some(_) } => "ward-staff-break-glass",
            Self::Surgery { break_glass: Some(_) } => "surgery-break-glass",
            other => other.kind(),
        }
    }

    /// [`Role::code`], break-glass apart.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unproven => "unproven",
            Self::Patient { .. } => "patient",
            Self::Carer { .. } => "carer",
            Self::WardStaff { .. } => "ward-staff",
            Self::Surgery { .. } => "surgery",
            Self::Receptionist => "receptionist",
            Self::Operator => "operator",
            Self::Privacy => "privacy-officer",
            Self::Backend { .. } => "backend",
            Self::System => "system",
        }
    }

    /// The one patient whose compartment the role reaches: the patient's own, or that of the person cared for.
    #[must_use]
    pub fn patient(&self) -> Option<&Text> {
        match self {
            Self::Patient { patient } | Self::Carer { patient, .. } => Some(patient),
            _ => None,
        }
    }

    /// The access beyond the relationship.
    #[must_use]
    pub fn break_glass(&self) -> Option<&BreakGlass> {
        match self {
            Self::WardStaff { break_glass } | Self::Surgery { break_glass } => break_glass.as_ref(),
            _ => None,
        }
    }
}

/// Emergency access to one patient without a relationship.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakGlass {
    /// Logical id of the Patient resource.
    pub patient: Text,
    /// The reason the person gave; it is written to the audit log and shown to the patient.
    pub reason: String,
}

/// Why an access happens: codes of v3-ActReason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Treatment.
    Treat,
    /// Emergency treatment (break-glass).
    EmergencyTreat,
    /// Health-care operations.
    Operations,
    /// Payment.
    Payment,
    /// Research.
    Research,
    /// The patient asked.
    PatientRequest,
    /// Public health.
    PublicHealth,
}

impl Purpose {
    /// The code of v3-ActReason.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Treat => "TREAT",
            Self::EmergencyTreat => "ETREAT",
            Self::Operations => "HOPERAT",
            Self::Payment => "HPAYMT",
            Self::Research => "HRESCH",
            Self::PatientRequest => "PATRQT",
            Self::PublicHealth => "PUBHLTH",
        }
    }

    /// The purpose of that v3-ActReason code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [
            Self::Treat,
            Self::EmergencyTreat,
            Self::Operations,
            Self::Payment,
            Self::Research,
            Self::PatientRequest,
            Self::PublicHealth,
        ]
        .into_iter()
        .find(|purpose| purpose.code() == code)
    }
}

/// What an actor does to a resource type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interaction {
    /// Make a new resource.
    Create,
    /// Read, version read and history.
    Read,
    /// Change a resource.
    Update,
    /// Delete a resource.
    Delete,
    /// Search.
    Search,
}

/// System-level scopes of a backend client (SMART App Launch 2.2, `system/Type.cruds`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Scope {
    /// `None` is `*`.
    resource_type: Option<Text>,
    /// In the order of `cruds`.
    granted: [bool; 5],
}

impl Scopes {
    /// Every type, every interaction: `system/*.cruds`.
    #[must_use]
    pub fn everything() -> Self {
        Self(vec![Scope { resource_type: None, granted: [true; 5] }])
    }

    /// Reads scopes separated by spaces. A scope that is not `system/(Type|*).[c][r][u][d][s]`, or that carries
    /// a query suffix, grants nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(text.split_ascii_whitespace().filter_map(Scope::parse).collect())
    }

    /// Whether the interaction is granted on the type.
    #[must_use]
    pub fn grant(&self, interaction: Interaction, resource_type: &str) -> bool {
        let letter = match interaction {
            Interaction::Create => 0,
            Interaction::Read => 1,
            Interaction::Update => 2,
            Interaction::Delete => 3,
            Interaction::Search => 4,
        };
        self.0.iter().any(|scope| {
            scope.granted.get(letter) == Some(&true)
                && scope.resource_type.as_ref().is_none_or(|granted| granted == resource_type)
        })
    }
}

impl Scope {
    fn parse(text: &str) -> Option<Self> {
        let (resource_type, letters) = text.strip_prefix("system/")?.split_once('.')?;
        let mut granted = [false; 5];
        let mut order = "cruds".chars();
        for letter in letters.chars() {
            order.by_ref().find(|known| *known == letter)?;
            let at = "cruds".find(letter)?;
            *granted.get_mut(at)? = true;
        }
        if letters.is_empty() || resource_type.is_empty() {
            return None;
        }
        Some(Self { resource_type: (resource_type != "*").then(|| Text::from(resource_type)), granted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_grant_what_they_say() {
        let scopes = Scopes::parse("system/Patient.rs system/Observation.c patient/*.cruds system/Basic.sr");
        assert!(scopes.grant(Interaction::Read, "Patient"));
        assert!(scopes.grant(Interaction::Search, "Patient"));
        assert!(!scopes.grant(Interaction::Update, "Patient"));
        assert!(scopes.grant(Interaction::Create, "Observation"));
        assert!(!scopes.grant(Interaction::Read, "Observation"));
        assert!(!scopes.grant(Interaction::Read, "Basic"), "letters out of order grant nothing");
        assert!(!scopes.grant(Interaction::Read, "Encounter"));
        assert!(Scopes::everything().grant(Interaction::Delete, "Encounter"));
    }
}
