//! Made-up answers, so that pages can be tested and looked at without a record.

use super::view::{Asker, Finished, InPlace, Letter, Person, Started};
use super::{Asked, Behalf, Deed, PREFIX};
use crate::family::{Acting, Category, Kin};
use crate::view::When;
use jiff::civil::date;
use store::{Role, Withheld};

impl Person {
    /// Somebody of whom everything is recorded, with two who may ask for them.
    pub fn sample() -> Self {
        let asker = |id: &str, name: &str, kin| Asker { relationship: id.into(), name: name.into(), kin };
        Self {
            patient: "sample-1".into(),
            name: "Robin Example".into(),
            born: Some(When::Day(date(1958, 3, 7))),
            age: Some(68),
            nhs_number: Some("9990079196".into()),
            address: ["1 <b>High</b> Street", "Exampleton", "ZZ1 1ZZ"].map(String::from).to_vec(),
            phone: Some("01632 960001".into()),
            askers: vec![
                asker("sample-4", "Pat <script>alert(1)</script>", Kin::Partner),
                asker("sample-5", "Lee Example", Kin::Child),
            ],
            closed: false,
        }
    }

    /// Somebody of whom too little is recorded to tell who they are.
    pub fn sample_bare() -> Self {
        Self {
            born: Some(When::Year(1958)),
            nhs_number: None,
            address: Vec::new(),
            phone: None,
            askers: Vec::new(),
            ..Self::sample()
        }
    }
}

impl Acting {
    /// Surgery staff in the place of whoever is named.
    pub fn sample_in_place(started: &Started) -> Self {
        let person = Person::sample();
        Self {
            relationship: format!("{PREFIX}{}", started.patient),
            patient: started.patient.clone(),
            name: person.name,
            role: Role::Surgery { break_glass: None },
            categories: Category::ALL.to_vec(),
            in_place: Some(InPlace {
                behalf: Behalf {
                    patient: started.patient.as_str().into(),
                    asked: started.asked.clone(),
                    post: started.post,
                    withheld: Withheld::default(),
                },
                born: person.born,
                nhs_number: person.nhs_number,
                asker: matches!(started.asked, Asked::Carer(_)).then(|| "Lee Example".into()),
                address: Some(person.address.join(", ")),
            }),
        }
    }
}

impl Finished {
    /// Two things were done, and a letter goes out.
    pub fn sample() -> Self {
        Self {
            name: "Robin Example".into(),
            deeds: vec![
                Deed::Asked("Amlodipine 5mg <b>tablets</b>".into()),
                Deed::Booked("Monday 23 November 2026 at 9:10am".into()),
            ],
            letter: Letter::Sent(Some("1 High Street, Exampleton, ZZ1 1ZZ".into())),
        }
    }

    /// Nothing was done.
    pub fn sample_empty() -> Self {
        Self { name: "Robin Example".into(), deeds: Vec::new(), letter: Letter::Nothing }
    }
}
